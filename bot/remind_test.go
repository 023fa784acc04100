package bot

import (
	"strings"
	"testing"

	"convene/internal/hiring"
	"convene/internal/scorecard"
)

func TestScoreNowBecomesThanks(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 14:45", k)
	golden(t, "score_now", checkMessage(t, w.render("score", "iv_ana", karly, "")))
	submitted(k, karly, at(t, "Wed 15:10"), goodAnswers(hiring.Strong, ""))
	golden(t, "score_thanks", checkMessage(t, w.render("score", "iv_ana", karly, "Wed 14:45")))
	k.Interview.State = hiring.Cancelled
	if w.render("score", "iv_ana", seb, "") != nil {
		t.Error("a scorecard would be asked for of a cancelled interview")
	}
}

func TestNagListsAllAndEndsWithThanks(t *testing.T) {
	ana := testCase(t)
	ben := another(ana, "ben", "Ben Okafor")
	w := newWorld(t, "Thu 09:00", ana, ben)
	golden(t, "nag", checkMessage(t, w.render("nag", karly, karly, "")))
	submitted(ana, karly, at(t, "Thu 09:30"), goodAnswers(hiring.Strong, ""))
	w.now = at(t, "Thu 09:31")
	if got := w.render("nag", karly, karly, "Thu 09:00"); !strings.Contains(got.Text, "In since this message: Ana Diaz.") || !strings.Contains(got.Text, "Ben Okafor") {
		t.Errorf("after one: %s", got.Text)
	}
	submitted(ben, karly, at(t, "Thu 09:40"), goodAnswers(hiring.Strong, ""))
	golden(t, "nag_settled", checkMessage(t, w.render("nag", karly, karly, "Thu 09:00")))
	if w.render("nag", karly, karly, "") != nil {
		t.Error("a reminder of nothing would be posted")
	}
}

// Once the deadline has passed, nobody is told that the candidate is still to
// hear in time.
func TestAfterTheDeadline(t *testing.T) {
	w := newWorld(t, "Tue 09:00", testCase(t))
	for _, c := range []struct{ kind, about string }{{"nag", karly}, {"score", "iv_ana"}, {"nudge", scorecard.NudgeAbout("iv_ana", carla)}} {
		if got := w.render(c.kind, c.about, karly, "Tue 08:00"); !strings.Contains(got.Text, "andidate should have heard by Mon 23 Nov, 6:00 pm EST") {
			t.Errorf("%s: %s", c.kind, got.Text)
		}
	}
}

// Nobody says that a decision waits which has been made.
func TestNagAfterTheDecision(t *testing.T) {
	waits, made := &hiring.Case{}, &hiring.Case{Decision: &hiring.Decision{}}
	for _, tt := range []struct {
		owed []*hiring.Case
		want string
	}{
		{[]*hiring.Case{waits}, "the decision waits for it"},
		{[]*hiring.Case{made}, "was made without it"},
		{[]*hiring.Case{waits, waits}, "the decisions wait for them"},
		{[]*hiring.Case{waits, made, waits}, "decisions wait for 2 of them"},
		{[]*hiring.Case{made, made}, "were made without them"},
	} {
		if got := missingLead(tt.owed); !strings.Contains(got, tt.want) {
			t.Errorf("%q doesn't say %q", got, tt.want)
		}
	}
}

// The nag of the last working day before a deadline is the heads-up; edited on a
// later day, it still says which day it meant.
func TestHeadsUpIsInFridaysNag(t *testing.T) {
	w := newWorld(t, "Fri 09:00", testCase(t))
	golden(t, "nag_heads_up", checkMessage(t, w.render("nag", karly, karly, "")))
	w.now = at(t, "Mon 10:00")
	if got := w.render("nag", karly, karly, "Fri 09:00"); !strings.Contains(got.Text, "Heads-up: Friday, 20 November is the last working day") {
		t.Errorf("edited on Monday: %s", got.Text)
	}
	for _, day := range []string{"Thu 09:00", "Mon 09:00"} {
		w.now = at(t, day)
		if got := w.render("nag", karly, karly, ""); strings.Contains(got.Text, "Heads-up") {
			t.Errorf("%s: %s", day, got.Text)
		}
	}
}

func TestEscalationGoesOnUntilTheScorecardIsIn(t *testing.T) {
	k := testCase(t)
	submitted(k, seb, at(t, "Wed 16:00"), goodAnswers(hiring.Strong, ""))
	w := newWorld(t, "Fri 09:00", k)
	golden(t, "escalation", checkMessage(t, w.render("escalation", "iv_ana", carla, "")))
	submitted(k, karly, at(t, "Fri 10:00"), goodAnswers(hiring.Strong, ""))
	if got := w.render("escalation", "iv_ana", carla, "Fri 09:00"); !strings.Contains(got.Text, "Settled") {
		t.Errorf("it still says %s", got.Text)
	}
}

func TestDeadlineGoesToWhoeverHoldsItUp(t *testing.T) {
	const about = "coordinator|2026-11-23T23:00:00Z|"
	k := complete(t)
	w := newWorld(t, "Mon 16:30", k)
	golden(t, "deadline_warn", checkMessage(t, w.render("deadline", about+"warn", dana, "")))
	if w.render("deadline", about+"warn", karly, "") != nil {
		t.Error("somebody who holds up nothing would be warned")
	}
	w.now = at(t, "Tue 08:00")
	golden(t, "deadline_late", checkMessage(t, w.render("deadline", about+"late", carla, "")))
	decided(k, hiring.Advance, at(t, "Tue 08:10"))
	k.ToldAt = at(t, "Tue 08:20")
	if got := w.render("deadline", about+"late", carla, "Tue 08:00"); !strings.Contains(got.Text, "Settled") {
		t.Errorf("it still says %s", got.Text)
	}
}
