package sqlite_test

import (
	"errors"
	"testing"
	"time"

	"convene/internal/candidate"
	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Everything about a candidate and what belongs to them, and nothing of others.
func TestHistory(t *testing.T) {
	w := newWorld(t)
	log := func(actor, action, subject, detail string) outbox.Batch {
		w.wait(time.Minute)
		return outbox.Batch{Log: []hiring.Entry{{Actor: actor, Action: action, Subject: subject, Detail: detail}}}
	}
	w.candidate("ana")
	w.candidate("bo")
	w.interview("iv", "ana", noon.Add(-time.Hour))
	w.interview("other", "bo", noon.Add(time.Hour))
	w.check(w.Owe(w.ctx(), log("Cora", "candidate.added", "ana", "coord")))
	w.check(w.Owe(w.ctx(), log("Cora", "candidate.added", "bo", "coord")))
	w.check(w.Owe(w.ctx(), log("convene", "interview.booked", "iv", "event")))
	w.check(w.Owe(w.ctx(), log("convene", "interview.booked", "other", "event")))
	for i, id := range []string{"d1", "d2"} { // the second replaces the first, whose notice is dropped
		w.check(w.ChangeCase(w.ctx(), "iv", func(*hiring.Case) (decision.Change, error) {
			return decision.Change{
				Decision: &hiring.Decision{ID: id, CandidateID: "ana", InterviewID: "iv", RoleKey: "coord", Stage: "round1", Outcome: hiring.Advance, By: "Dee", At: noon},
				Notice:   &hiring.Notice{ID: "n" + id, DecisionID: id, CandidateID: "ana", RoleKey: "coord", State: hiring.NoticeDraft},
				Batch:    log("Dee", "notice.approved", []string{"nd1", "nd2"}[i], ""),
			}, nil
		}))
	}
	w.check(w.ChangeChecks(w.ctx(), "ana", func(*hiring.Candidate, []*hiring.Check) (*hiring.Check, string, outbox.Batch, error) {
		return &hiring.Check{ID: "ch", CandidateID: "ana", Stage: "letter", Outcome: hiring.CheckFine, By: "Dee", At: noon}, "", log("Dee", "check.done", "ch", "fine"), nil
	}))
	w.check(w.ChangeChecks(w.ctx(), "ana", func(*hiring.Candidate, []*hiring.Check) (*hiring.Check, string, outbox.Batch, error) {
		return nil, "letter", log("Cora", "check.undone", "ch", "fine"), nil
	}))
	lines, err := w.History(w.ctx(), "ana", 10)
	w.check(err)
	same(t, "history", keys(lines, func(l candidate.HistoryLine) string { return l.Actor + ":" + l.Action + ":" + l.Stage }),
		"Cora:check.undone:letter Dee:check.done:letter Dee:notice.approved:round1 Dee:notice.approved:round1 convene:interview.booked:round1 Cora:candidate.added: ")
	if got := lines[5].At; !got.Equal(noon.Add(time.Minute)) {
		t.Errorf("added at %s", got)
	}
	lines, err = w.History(w.ctx(), "ana", 2)
	w.check(err)
	same(t, "the newest two", len(lines), 2)
}

func TestChangeCandidate(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.candidate("bo")
	w.interview("iv", "ana", noon.Add(time.Hour))
	w.interview("old", "bo", noon.Add(-50*time.Hour))
	withdraw := func(fail error) error {
		return w.ChangeCandidate(w.ctx(), "ana", func(c *hiring.Candidate, cases []*hiring.Case) (outbox.Batch, error) {
			c.State, c.EndReason, c.EndedAt = hiring.Withdrawn, "left", noon
			cases[0].Interview.State, cases[0].Interview.Reason = hiring.Cancelled, "left"
			return outbox.Batch{Effects: []outbox.Effect{effect("a1", "x")}}, fail
		})
	}
	broken := errors.New("broken")
	isErr(t, withdraw(broken), broken)
	iv, err := w.Interview(w.ctx(), "iv")
	w.check(err)
	same(t, "after an error", iv.State, hiring.Booked)
	same(t, "effects", w.effects(), map[string]string{})

	w.check(withdraw(nil))
	w.reopen()
	c, err := w.Candidate(w.ctx(), "ana")
	w.check(err)
	same(t, "candidate", string(c.State)+" "+c.EndReason, "withdrawn left")
	iv, err = w.Interview(w.ctx(), "iv")
	w.check(err)
	same(t, "interview", string(iv.State)+" "+iv.Reason, "cancelled left")
	same(t, "panel", len(iv.Panel), 2)
	same(t, "effects", w.effects(), map[string]string{"a1": "pending"})

	err = w.ChangeCandidate(w.ctx(), "bo", func(c *hiring.Candidate, _ []*hiring.Case) (outbox.Batch, error) {
		c.Email = "ANA@example.com"
		return outbox.Batch{}, nil
	})
	var dup *candidate.Duplicate
	if !errors.As(err, &dup) || dup.ID != "ana" {
		t.Errorf("another's address: %v", err)
	}
	isErr(t, w.ChangeCandidate(w.ctx(), "none", nil), hiring.ErrNotFound)
}

// Who withdrew lately still shows in Monday's messages; who did long ago
// doesn't, and nobody owes anything for either.
func TestWithdrawnLately(t *testing.T) {
	w := newWorld(t)
	for id, ended := range map[string]time.Time{"lately": noon.Add(-time.Hour), "long": noon.Add(-49 * time.Hour)} {
		w.candidate(id)
		start := noon.Add(-50 * time.Hour)
		if id == "long" {
			start = start.Add(2 * time.Hour)
		}
		w.interview(id, id, start)
		w.check(w.ChangeCandidate(w.ctx(), id, func(c *hiring.Candidate, _ []*hiring.Case) (outbox.Batch, error) {
			c.State, c.EndedAt = hiring.Withdrawn, ended
			return outbox.Batch{}, nil
		}))
	}
	open, err := w.OpenCases(w.ctx(), "coord", noon)
	w.check(err)
	same(t, "open", caseIDs(open), "lately ")
	owed, err := w.Owed(w.ctx(), "Pia", noon)
	w.check(err)
	same(t, "owed", caseIDs(owed), "")
}
