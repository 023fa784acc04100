package bot

import (
	"strings"
	"testing"

	"convene/internal/hiring"
	"convene/internal/scorecard"
)

// Carla asks Karly for her scorecard; Dana, who clicks too, learns of it.
func TestNudge(t *testing.T) {
	k := testCase(t)
	submitted(k, seb, at(t, "Wed 16:00"), goodAnswers(hiring.Strong, ""))
	w := newWorld(t, "Fri 07:40", k)
	value := join("iv_ana", karly)
	next, err := w.bot.Scorecards.Nudge(t.Context(), "iv_ana", karly, carla)
	if err != nil || !next.Equal(at(t, "Fri 08:00")) { // 9:00 in New York
		t.Fatalf("%v, they work again %s", err, next)
	}
	if got := w.bot.explain(w.people[dana], w.bot.nudge(t.Context(), w.click(dana, value))); got != "Already nudged today by Carla, Fri 20 Nov, 8:40 am EST. Nothing was changed." {
		t.Errorf("a second click: %s", got)
	}
	about := scorecard.NudgeAbout("iv_ana", carla)
	golden(t, "nudge", checkMessage(t, w.renderKey("nudge:"+karly+":2026-11-20", about, karly, "")))
	submitted(k, karly, at(t, "Fri 10:00"), goodAnswers(hiring.Strong, ""))
	golden(t, "nudge_thanks", checkMessage(t, w.renderKey("nudge:"+karly+":2026-11-20", about, karly, "Fri 07:40")))
	if w.renderKey("nudge:"+karly+":2026-11-20", about, karly, "") != nil {
		t.Error("a scorecard that is in would be asked for")
	}
}

// Who may, whom, and for what.
func TestNudgeIsRefused(t *testing.T) {
	w := newWorld(t, "Fri 09:00", testCase(t))
	gone := w.people[seb]
	gone.Deleted = true
	w.people[seb] = gone
	for _, tt := range []struct{ by, whom, want string }{
		{nia, karly, "Only a coordinator or decider"},
		{karly, seb, "Only a coordinator or decider"},
		{carla, seb, "deactivated"},
		{carla, mark, "owes no scorecard"},
		{carla, nia, "owes no scorecard"},
	} {
		if _, err := w.bot.Scorecards.Nudge(t.Context(), "iv_ana", tt.whom, tt.by); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s nudges %s: %v", tt.by, tt.whom, err)
		}
	}
	if got := w.bot.nudgeButtons(t.Context(), w.cases[0], []string{karly, seb}, karly); len(got) != 0 {
		t.Errorf("%d buttons for one's own and for one who is gone", len(got))
	}
	w.now = at(t, "Wed 14:10")
	if _, err := w.bot.Scorecards.Nudge(t.Context(), "iv_ana", karly, carla); err == nil {
		t.Error("a scorecard would be asked for before the interview is over")
	}
}

// Who hears that a deadline was missed for a scorecard can ask for it there.
func TestMissedDeadlineOffersTheNudge(t *testing.T) {
	k := testCase(t)
	submitted(k, karly, at(t, "Wed 16:00"), goodAnswers(hiring.Beyond, "KARLYSAW"))
	w := newWorld(t, "Mon 17:01", k)
	got := string(checkMessage(t, w.render("deadline", "coordinator|2026-11-23T23:00:00Z|late", carla, "")))
	for _, want := range []string{"Nudge Sebastian", actReveal} {
		if !strings.Contains(got, want) {
			t.Errorf("the message lacks %q: %s", want, got)
		}
	}
	if strings.Contains(got, actEvidence) {
		t.Errorf("the message offers scorecards that are closed: %s", got)
	}
}
