package decision

import (
	"testing"
	"time"

	"convene/internal/hiring"
)

// After the last interview a decision leads to the checks that are open; while
// they are done nobody waits for anything. A changed decision brings the
// candidate back.
func TestDecisionBeforeChecks(t *testing.T) {
	w := newWorld(t)
	w.role.Stages = append(w.role.Stages, hiring.Stage{ID: "history", Name: "Career history", Kind: hiring.StageCheck}, hiring.Stage{ID: "last", Kind: hiring.StageCheck})
	k := w.ana()
	k.Interview.Stage, k.Candidate.Stage = "panel", "panel"
	complete(k)
	is := func(what, stage string, state hiring.CandidateState) {
		t.Helper()
		if c := k.Candidate; c.Stage != stage || c.State != state {
			t.Errorf("%s: %s at %s, want %s at %s", what, c.State, c.Stage, state, stage)
		}
	}
	w.decide(hiring.Advance)
	is("advanced", "history", hiring.Active)
	again := func(o hiring.Outcome) {
		t.Helper()
		v := Verdict{InterviewID: "ana", Outcome: o, Reason: "x", By: dana, Replaces: k.Decision.ID}
		if o == hiring.Hold {
			v.HoldUntil = w.at("2026-12-02 12:00")
		}
		if _, _, err := w.Decide(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	again(hiring.Hold)
	is("held after all", "panel", hiring.Active)
	k.Checks = []*hiring.Check{{Stage: "history", Outcome: hiring.CheckFine}}
	again(hiring.Advance)
	is("advanced again", "last", hiring.Active)
	if err := w.MarkTold(t.Context(), "ana", k.Notice.ID, carla); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(48 * time.Hour)
	if sum := Build(w.role, w.cases, w.now, w.now); len(sum.Entries) != 0 {
		t.Errorf("%d wait while the checks are done", len(sum.Entries))
	}
}

// Nothing more is told to somebody who has withdrawn; what a person told them
// all the same is recorded.
func TestNoticeOfSomebodyWithdrawn(t *testing.T) {
	w := newWorld(t)
	complete(w.ana())
	n := w.decide(hiring.Decline)
	w.ana().Candidate.State = hiring.Withdrawn
	refused(t, w.Approve(t.Context(), "ana", n.ID, "s", "b", "", dana), "", "has withdrawn")
	w.ana().Notice.State = hiring.NoticeFailed
	refused(t, w.MailAgain(t.Context(), "ana", n.ID, dana), "", "has withdrawn")
	if len(w.posts)+len(w.mails) != 0 {
		t.Errorf("%d posts, %d mails", len(w.posts), len(w.mails))
	}
	if err := w.MarkTold(t.Context(), "ana", n.ID, carla); err != nil || !w.ana().Told() {
		t.Errorf("told by a person: %v", err)
	}
}
