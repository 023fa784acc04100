package main

import (
	"strings"
	"testing"
	"time"
)

// TestDeathAroundADebrief kills the bot at each call by which a debrief is
// offered, posted, booked and cancelled: before the call was made, and after it,
// with its answer lost. There is one of each in the end.
func TestDeathAroundADebrief(t *testing.T) {
	t.Parallel()
	want := debriefStory(t, "", moment{}, false)
	for text, times := range map[string]int{"dm karly: Ana Nováková's interview (Screening): the scorecards are in": 1, "#hiring-ac: Debrief: Ana": 1, "invite to mark@": 1, "cancel to mark@": 1} {
		if got := strings.Count(want, text); got != times {
			t.Fatalf("undisturbed it goes wrong: %q is there %d times\n%s", text, got, want)
		}
	}
	for name, c := range map[string]struct {
		step string
		at   moment
	}{
		"the offer's calendars": {"offer", moment{"freebusy.query", 1, true}},
		"the offer":             {"offer", moment{"chat.postMessage", 1, false}},
		"the points":            {"book", moment{"chat.postMessage", 1, false}},
		"the link":              {"book", moment{"chat.getPermalink", 1, false}},
		"the event":             {"book", moment{"events.insert", 1, true}},
		"the event's removal":   {"cancel", moment{"events.delete", 1, true}},
	} {
		for when, applied := range map[string]bool{" before": false, " after": true} {
			t.Run(name+when, func(t *testing.T) {
				t.Parallel()
				if got := debriefStory(t, c.step, c.at, applied); got != want {
					t.Errorf("killed there, it came out differently:\n%s\nwant:\n%s", got, want)
				}
			})
		}
	}
}

// debriefStory offers, books and cancels a debrief, with a death at a moment of
// one of the steps, and returns what left the bot.
func debriefStory(t *testing.T, step string, die moment, applied bool) string {
	t.Helper()
	w := weekWorld(t)
	s := &story{world: w, seen: map[string]bool{}}
	must := func(out string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%v\n%s", err, w.logs.String())
		}
	}
	at := func(day, hour, minute int) {
		t.Helper()
		must("", w.jump(time.Date(2026, 12, day, hour+6, minute, 0, 0, time.UTC)))
	}
	var died *crash
	arm := func(now string) {
		if now == step {
			w.dieAt(die, applied)
			died = w.crash
		}
	}
	must("", w.openRole(karly, sebastian))
	must(s.addCmd([]string{"Ana Nováková", "ana@example.com", "America/New_York"}))
	must(s.bookCmd([]string{"Ana"}))
	must(s.closeCmd([]string{"karly"}))
	at(7, 9, 1)
	for _, c := range [...]struct{ who, level string }{{"karly", "4 · Beyond"}, {"sebastian", "2 · Partly"}} {
		must(s.slashCmd([]string{c.who, "/scorecard", "Ana"}))
		must(s.fillCmd([]string{c.who, "Evidence: Communication Triage Judgment", "What they said"}))
		must(s.fillCmd([]string{c.who, "Level: Communication Triage Judgment", c.level}))
		for _, other := range [...]string{"Client Communication & Relationship Management", "Expectation Setting & Deadline Management", "Multi-Client Prioritization", "Handling Knowledge Gaps on Live Calls"} {
			must(s.fillCmd([]string{c.who, "Level: " + other, "Not assessed"}))
		}
		for _, yes := range [...]string{"Quarterly in-person client visits in the greater Madison, WI area — non-negotiable for this role", "Candidate must be within reasonable driving distance of Madison (≤ ~1.5 hrs)", "Your recommendation"} {
			must(s.fillCmd([]string{c.who, yes, "Yes"}))
		}
		if c.who == "sebastian" {
			arm("offer")
		}
		must(s.submitCmd([]string{c.who}))
		must(s.closeCmd([]string{c.who}))
	}
	at(7, 9, 10)
	arm("book")
	must(s.pressCmd([]string{"karly", "dm", "Book Mon 7 Dec, 11:00 am CST"}))
	at(7, 9, 20)
	arm("cancel")
	must(s.pressCmd([]string{"karly", "dm", "Cancel debrief"}))
	at(7, 9, 30)
	must("", w.everybodyQuiet())
	if died != nil {
		select {
		case <-died.reached:
		default:
			t.Fatal("the bot was not killed")
		}
	}
	return w.ledger()
}
