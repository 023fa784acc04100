package scorecard

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"convene/internal/hiring"
)

// From the kit to the escalation, with nobody answering.
func TestAWeekWithoutScorecards(t *testing.T) {
	w := newWorld(t)
	w.interviewDue("ana")
	for _, step := range []struct{ clock, owed string }{
		{"2026-11-18 12:59", ""},
		{"2026-11-18 13:00", "kit:ana:1:karly kit:ana:1:mark kit:ana:1:seb"},
		{"2026-11-18 14:44", ""},
		{"2026-11-18 14:45", "score:ana:karly score:ana:mark score:ana:seb"},
		{"2026-11-18 14:46", ""},
		{"2026-11-18 18:45", "nag:seb:2026-11-19"}, // four hours later it is Thursday 13:45 in Auckland, and evening in Chicago
		{"2026-11-19 08:59", ""},
		{"2026-11-19 09:00", "nag:karly:2026-11-19"},
		{"2026-11-19 13:59", ""},
		{"2026-11-19 14:00", "nag:seb:2026-11-20"}, // Friday 9:00 in Auckland
		{"2026-11-20 09:00", "nag:karly:2026-11-20"},
		{"2026-11-22 12:00", ""}, // a weekend in Chicago, and Monday has begun in Auckland
		{"2026-11-22 14:00", "escalation:ana:seb:3:carla nag:seb:2026-11-23"},
		{"2026-11-23 09:00", "escalation:ana:karly:3:carla nag:karly:2026-11-23"},
		{"2026-11-23 14:00", "escalation:ana:seb:4:karly nag:seb:2026-11-24"},
		{"2026-11-24 09:00", "escalation:ana:karly:4:dana nag:karly:2026-11-24"},
	} {
		if got := w.tick(step.clock); got != step.owed {
			t.Errorf("%s: owed %q, want %q", step.clock, got, step.owed)
		}
	}
	// The kit took the place of the message that said "booked".
	if got := fmt.Sprint(w.gone); got != "[panelist:ana:1:karly panelist:ana:1:seb panelist:ana:1:mark]" {
		t.Errorf("removed: %s", got)
	}
}

// It climbs: coordinators, deciders, the workspace's own; never who is late.
func TestEscalationNeverAsksWhoIsLate(t *testing.T) {
	w := newWorld(t)
	w.interviewDue("ana")
	w.cases["ana"].Interview.Panel = w.cases["ana"].Interview.Panel[:1] // Karly, who coordinates too
	var asked []string
	for day := 18; day < 30; day++ {
		for _, key := range strings.Fields(w.tick(fmt.Sprintf("2026-11-%d 16:00", day))) {
			if strings.HasPrefix(key, "escalation:") {
				asked = append(asked, key[strings.LastIndex(key, ":")+1:])
			}
		}
	}
	if got := strings.Join(asked, " "); got != "carla dana wanda wanda" { // Thanksgiving and two weekends are left out
		t.Errorf("asked: %s", got)
	}
}

// Nagging ends the moment the scorecard is in.
func TestNoNagAfterTheSubmit(t *testing.T) {
	w := newWorld(t)
	w.interviewDue("ana")
	w.tick("2026-11-18 14:45")
	if err := w.Submit(t.Context(), "ana", karly, good("")); err != nil {
		t.Fatal(err)
	}
	if got := w.tick("2026-11-18 18:45"); got != "nag:seb:2026-11-19" {
		t.Errorf("owed: %s", got)
	}
	if got := w.tick("2026-11-19 09:00"); got != "" {
		t.Errorf("owed: %s", got)
	}
	if w.nagAt(karly) != "never" {
		t.Errorf("Karly's next reminder: %s", w.nagAt(karly))
	}
}

// Submitted during the interview: nobody asks.
func TestAskOnlyWhoIsMissing(t *testing.T) {
	w := newWorld(t)
	w.interviewDue("ana")
	w.now = w.at("2026-11-18 14:30")
	if err := w.Submit(t.Context(), "ana", karly, good("")); err != nil {
		t.Fatal(err)
	}
	if got := w.tick("2026-11-18 14:45"); got != "score:ana:mark score:ana:seb" {
		t.Errorf("asked: %s", got)
	}
	if w.nagAt(karly) != "never" || w.nagAt(mark) != "never" {
		t.Errorf("reminders: Karly %s, Mark %s", w.nagAt(karly), w.nagAt(mark))
	}
}

// All missing ones in one message a day, however many there are and whenever
// they became missing.
func TestOneNagADay(t *testing.T) {
	w := newWorld(t)
	w.interviewDue("ana")
	w.tick("2026-11-18 14:45")
	w.also("ben", "2026-11-19 10:00")
	w.interviewDue("ben")
	if got := w.tick("2026-11-19 09:00"); !strings.Contains(got, "nag:karly:2026-11-19") {
		t.Errorf("in the morning: %s", got)
	}
	w.tick("2026-11-19 10:00") // asks for Ben's; four hours later would be today
	if got := w.tick("2026-11-19 14:00"); strings.Contains(got, "karly") {
		t.Errorf("a second message for Karly on the same day: %s", got)
	}
	if got := w.nagAt(karly); got != "Fri 09:00" {
		t.Errorf("Karly's next is on %s", got)
	}
	got := w.tick("2026-11-20 09:00")
	if !strings.Contains(got, "nag:karly:2026-11-20") || strings.Contains(got, "escalation") {
		t.Errorf("the second day: %s", got)
	}
}

// Found after a downtime: now, if they are at work; else when they are.
func TestNagAfterADowntime(t *testing.T) {
	for _, tt := range []struct{ start, owed, next string }{
		{"2026-11-19 11:07", "nag:karly:2026-11-19", "Fri 09:00"},
		{"2026-11-19 08:50", "", "Thu 09:00"}, // ten minutes before work is not at work
		{"2026-11-19 16:59", "nag:karly:2026-11-19", "Fri 09:00"},
		{"2026-11-19 17:00", "", "Fri 09:00"},
		{"2026-11-19 22:00", "", "Fri 09:00"},
		{"2026-11-21 12:00", "", "Mon 09:00"},
		{"2026-11-26 12:00", "", "Fri 09:00"}, // Thanksgiving
	} {
		w := newWorld(t)
		w.cases["ana"].Interview.Panel = w.cases["ana"].Interview.Panel[:1]
		w.due["nag:karly"] = hiring.Due{Key: "nag:karly", Kind: hiring.DueNag, About: karly, At: w.at("2026-11-19 07:00")}
		got := w.tick(tt.start)
		if got != tt.owed || w.nagAt(karly) != tt.next {
			t.Errorf("started %s: owed %q, next %s; want %q, %s", tt.start, got, w.nagAt(karly), tt.owed, tt.next)
		}
	}
}

// Down over the interview: the kit, which comes too late, is left out; the ask
// comes once.
func TestAskAfterADowntime(t *testing.T) {
	w := newWorld(t)
	w.interviewDue("ana")
	if got := w.tick("2026-11-18 16:30"); got != "score:ana:karly score:ana:mark score:ana:seb" {
		t.Errorf("owed: %s", got)
	}
	// Four hours after they were asked, not after the interview.
	if got := w.nagAt(seb); got != "Thu 15:30" {
		t.Errorf("Seb's reminder: %s", got)
	}
	if got := w.tick(""); got != "" || len(w.gone) != 0 {
		t.Errorf("then: %s, removed %v", got, w.gone)
	}
}

func TestDueWorkOfInterviewsThatAreNotHeld(t *testing.T) {
	for _, state := range []hiring.InterviewState{hiring.Cancelled, hiring.Removed, hiring.Taken, hiring.Booking, hiring.NotHeld} {
		w := newWorld(t)
		w.interviewDue("ana")
		w.cases["ana"].Interview.State = state
		if got := w.tick("2026-11-18 13:30") + w.tick("2026-11-18 15:00"); got != "" {
			t.Errorf("%s: owed %s", state, got)
		}
	}
}

// The row of the old time came first, by a race: the ask waits for the new end.
func TestAskOfAMovedInterview(t *testing.T) {
	w := newWorld(t)
	w.interviewDue("ana")
	w.cases["ana"].Interview.End = w.at("2026-11-18 17:00")
	if got := w.tick("2026-11-18 14:45"); strings.Contains(got, "score") || !w.due["ask:ana"].At.Equal(w.at("2026-11-18 17:00")) {
		t.Errorf("owed %s, due %v", got, w.due)
	}
	if got := w.tick("2026-11-18 17:00"); got != "score:ana:karly score:ana:mark score:ana:seb" {
		t.Errorf("owed %s", got)
	}
}

// A row that can't be settled doesn't keep the others waiting, and stays.
func TestOnePoisonedRow(t *testing.T) {
	w := newWorld(t)
	w.interviewDue("ana")
	w.due["kit:gone"] = hiring.Due{Key: "kit:gone", Kind: hiring.DueKit, About: "gone", At: w.at("2026-11-01 09:00")}
	n, err := w.Tick(t.Context(), w.at("2026-11-18 14:45"))
	if !errors.Is(err, hiring.ErrNotFound) || !strings.Contains(err.Error(), "kit:gone") || n != 2 {
		t.Errorf("settled %d, %v", n, err)
	}
	if _, ok := w.posts["score:ana:karly"]; !ok {
		t.Error("the ask waited for the poisoned row")
	}
	if _, ok := w.due["kit:gone"]; !ok {
		t.Error("the poisoned row was lost")
	}
	// Slack can't say who they are: nothing is half done.
	w = newWorld(t)
	w.interviewDue("ana")
	w.poor = errors.New("slack is down")
	if _, err := w.Tick(t.Context(), w.at("2026-11-18 14:45")); err == nil || len(w.posts) != 0 {
		t.Errorf("%v, owed %v", err, w.posts)
	}
	w.poor = nil
	if got := w.tick("2026-11-18 14:50"); got != "score:ana:karly score:ana:mark score:ana:seb" {
		t.Errorf("afterwards: %s", got)
	}
}

// Who was to hear on a day on which the bot was down hears when it is back,
// beside whoever is next; once.
func TestEscalationLeavesNobodyOutAfterADowntime(t *testing.T) {
	w := newWorld(t)
	w.interviewDue("ana")
	w.cases["ana"].Interview.Panel = w.cases["ana"].Interview.Panel[:1]
	for _, step := range []struct{ clock, owed string }{
		{"2026-11-18 14:45", "score:ana:karly"},
		{"2026-11-19 09:00", "nag:karly:2026-11-19"},
		{"2026-11-24 09:00", "escalation:ana:karly:4:carla escalation:ana:karly:4:dana nag:karly:2026-11-24"}, // Friday and Monday it was down
		{"2026-11-25 09:00", "escalation:ana:karly:5:wanda nag:karly:2026-11-25"},
	} {
		if got := w.tick(step.clock); got != step.owed {
			t.Errorf("%s: owed %q, want %q", step.clock, got, step.owed)
		}
	}
}
