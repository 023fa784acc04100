package sqlite_test

import (
	"testing"
	"time"

	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
)

// carryWorld has Ana's first interview, with a decision and its notice, and a
// panel that is to say it.
func carryWorld(t *testing.T, outcome hiring.Outcome, state hiring.NoticeState) (*world, *hiring.Interview) {
	w := newWorld(t)
	w.candidate("ana")
	w.interview("iv", "ana", noon)
	w.check(w.ChangeCase(w.ctx(), "iv", func(*hiring.Case) (decision.Change, error) {
		return decision.Change{
			Decision: &hiring.Decision{ID: "dec", CandidateID: "ana", InterviewID: "iv", RoleKey: "coord", Stage: "round1", Outcome: outcome, Reason: "r", By: "Dee", At: noon},
			Notice:   &hiring.Notice{ID: "note", DecisionID: "dec", CandidateID: "ana", RoleKey: "coord", State: state, Subject: "s", Body: "b"},
		}, nil
	}))
	panel := testInterview("panel", "ana", noon.Add(24*time.Hour))
	panel.Stage, panel.Carries, panel.State = "panel", "note", hiring.Booking
	return w, panel
}

func (w *world) carrier() string {
	w.Helper()
	n, err := w.Notice(w.ctx(), "note")
	w.check(err)
	return n.Carrier
}

// A notice is carried from the booking on until the candidate counts as told, or
// until nothing was booked.
func TestWhatCarriesANotice(t *testing.T) {
	w, panel := carryWorld(t, hiring.Advance, hiring.NoticeDraft)
	same(t, "before", w.carrier(), "")
	w.check(w.book(panel))
	same(t, "being booked", w.carrier(), "panel")
	same(t, "in its case", w.loadCase("iv").Notice.Carrier, "panel")
	set := func(state hiring.InterviewState, etag string) {
		w.check(w.ChangeInterview(w.ctx(), "panel", func(iv *hiring.Interview) (outbox.Batch, error) {
			iv.State, iv.Etag = state, etag
			return outbox.Batch{}, nil
		}))
	}
	set(hiring.Taken, "")
	same(t, "taken", w.carrier(), "")
	set(hiring.Booked, "e1")
	same(t, "booked, not recorded as told yet", w.carrier(), "panel")
	w.check(w.ChangeCase(w.ctx(), "iv", func(k *hiring.Case) (decision.Change, error) {
		k.Notice.State = hiring.NoticeTold
		return decision.Change{Notice: k.Notice, ToldAt: noon}, nil
	}))
	same(t, "told", w.carrier(), "")
	w.reopen()
	iv, err := w.Interview(w.ctx(), "panel")
	w.check(err)
	same(t, "kept", iv.Carries, "note")
}

// What isn't the draft of a standing decision to advance isn't carried, and
// nothing is booked then.
func TestWhatCannotBeCarried(t *testing.T) {
	for _, tt := range []struct {
		why     string
		outcome hiring.Outcome
		state   hiring.NoticeState
		change  func(*world, *hiring.Interview)
	}{
		{"declined", hiring.Decline, hiring.NoticeDraft, nil},
		{"approved", hiring.Advance, hiring.NoticeApproved, nil},
		{"told", hiring.Advance, hiring.NoticeTold, nil},
		{"of nobody", hiring.Advance, hiring.NoticeDraft, func(_ *world, iv *hiring.Interview) { iv.Carries = "none" }},
		{"of another candidate", hiring.Advance, hiring.NoticeDraft, func(w *world, iv *hiring.Interview) {
			w.candidate("ben")
			iv.CandidateID = "ben"
		}},
		{"of a decision that was changed", hiring.Advance, hiring.NoticeDraft, func(w *world, _ *hiring.Interview) {
			w.check(w.ChangeCase(w.ctx(), "iv", func(*hiring.Case) (decision.Change, error) {
				return decision.Change{Decision: &hiring.Decision{ID: "dec2", CandidateID: "ana", InterviewID: "iv", RoleKey: "coord", Stage: "round1", Outcome: hiring.Advance, Reason: "r", By: "Dee", At: noon}}, nil
			}))
		}},
		{"carried by another", hiring.Advance, hiring.NoticeDraft, func(w *world, _ *hiring.Interview) {
			other := testInterview("other", "ana", noon.Add(48*time.Hour))
			other.Stage, other.Carries, other.State = "final", "note", hiring.Booking
			w.check(w.book(other))
		}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			w, panel := carryWorld(t, tt.outcome, tt.state)
			if tt.change != nil {
				tt.change(w, panel)
			}
			isErr(t, w.book(panel), schedule.ErrNotCarried)
			_, err := w.Interview(w.ctx(), "panel")
			isErr(t, err, hiring.ErrNotFound)
			panel.Carries = ""
			w.check(w.BookSearch(w.ctx(), "search-panel", panel, outbox.Batch{})) // the search wasn't used up
		})
	}
}
