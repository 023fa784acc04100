package sqlite_test

import (
	"errors"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
)

var panelOfPia = []hiring.Panelist{{Person: "Pia", Part: hiring.Required}}

func (w *world) tryHold(id, candidate, stage string, start time.Time) error {
	w.Helper()
	w.check(w.SaveSearch(w.ctx(), &schedule.Search{ID: "s-" + id, CandidateID: candidate, RoleKey: "coord"}))
	return w.PlaceHold(w.ctx(), "s-"+id, &hiring.TimeHold{
		ID: id, CandidateID: candidate, RoleKey: "coord", Stage: stage, State: hiring.TimePlacing, Start: start, End: start.Add(time.Hour),
		Panel: panelOfPia, Revision: 1, EventID: "event" + id, By: "Cora", At: noon, Until: noon.Add(24 * time.Hour),
	}, outbox.Batch{Effects: []outbox.Effect{outbox.HoldEffect(outbox.CalendarHold, id)}})
}

func (w *world) holdTime(id, candidate, stage string, start time.Time) {
	w.Helper()
	w.check(w.tryHold(id, candidate, stage, start))
}

func (w *world) offerTimes(id, candidate, stage string, start time.Time, subject, body string) {
	w.Helper()
	w.check(w.SaveSearch(w.ctx(), &schedule.Search{ID: "s-" + id, CandidateID: candidate, RoleKey: "coord"}))
	w.check(w.AddOffering(w.ctx(), "s-"+id, &hiring.Offering{
		ID: id, CandidateID: candidate, RoleKey: "coord", Stage: stage, State: hiring.OfferingApproved, Subject: subject, Body: body,
		Times: []hiring.OfferedTime{{Start: start, End: start.Add(time.Hour), Panel: panelOfPia}}, By: "Cora", At: noon, Attempt: 1, RemindAt: start.Add(-24 * time.Hour),
	}, outbox.Batch{}))
}

// A time that is held is busy for everybody else, until it is let go.
func TestAHeldTimeIsBusy(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.candidate("bo")
	start := noon.Add(48 * time.Hour)
	w.holdTime("h1", "ana", "round1", start)
	busy := func() int {
		booked, err := w.Bookings(w.ctx(), []string{"Pia", "Quin"}, noon, noon.Add(100*time.Hour), "")
		w.check(err)
		return len(booked["Pia"])
	}
	if busy() != 1 {
		t.Error("it isn't busy for the search")
	}
	var clash *schedule.Clash
	other := testInterview("iv-bo", "bo", start)
	other.Panel = panelOfPia
	if err := w.book(other); !errors.As(err, &clash) || clash.Person != "Pia" {
		t.Errorf("another interview was booked over it: %v", err)
	}
	if err := w.tryHold("h2", "bo", "round1", start.Add(30*time.Minute)); !errors.As(err, &clash) {
		t.Errorf("another hold was set over it: %v", err)
	}
	if err := w.tryHold("h3", "ana", "round1", start.Add(5*time.Hour)); !errors.Is(err, hiring.ErrConflict) {
		t.Errorf("two times are held for one interview: %v", err)
	}

	// Another time is booked for that interview: the hold is let go with it.
	mine := testInterview("iv-ana", "ana", start.Add(30*time.Minute))
	mine.Panel = panelOfPia
	w.check(w.book(mine))
	h, err := w.TimeHold(w.ctx(), "h1")
	w.check(err)
	if h.State != hiring.TimeLetGo || w.effects()["calendar:release:h1"] != "pending" || busy() != 1 {
		t.Errorf("the hold is %s, its event %q, %d bookings", h.State, w.effects()["calendar:release:h1"], busy())
	}
}

// Two people who confirm at once, or one after the other: one interview.
func TestAHoldIsConfirmedOnce(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.holdTime("h1", "ana", "round1", noon.Add(48*time.Hour))
	confirm := func() error {
		return w.ConfirmHold(w.ctx(), "h1", func(h *hiring.TimeHold) (*hiring.Interview, outbox.Batch, error) {
			if !h.Live() {
				return nil, outbox.Batch{}, &hiring.AlreadyDone{What: "confirmed", By: h.EndedBy}
			}
			iv := testInterview("iv-ana", "ana", h.Start)
			iv.Panel, iv.EventID = h.Panel, h.EventID
			h.State, h.InterviewID, h.EndedBy = hiring.TimeConfirmed, iv.ID, "Cora"
			return iv, outbox.Batch{}, nil
		})
	}
	w.check(confirm())
	var already *hiring.AlreadyDone
	if err := confirm(); !errors.As(err, &already) || already.By != "Cora" {
		t.Errorf("the second time it says %v", err)
	}
	iv, err := w.InterviewByEvent(w.ctx(), "eventh1")
	w.check(err)
	h, err := w.TimeHoldByEvent(w.ctx(), "eventh1")
	w.check(err)
	if iv.ID != "iv-ana" || h.InterviewID != iv.ID || w.effects()["calendar:release:h1"] != "" {
		t.Errorf("the event is %s's, the hold became %s, its removal is %q", iv.ID, h.InterviewID, w.effects()["calendar:release:h1"])
	}
}

func TestHoldsLapse(t *testing.T) {
	w := newWorld(t)
	for id, after := range map[string]time.Duration{"soon": 2 * time.Hour, "later": 48 * time.Hour} {
		w.candidate(id)
		w.holdTime("h-"+id, id, "round1", noon.Add(after))
	}
	for after, want := range map[time.Duration]int{time.Hour: 0, 2 * time.Hour: 1, 24 * time.Hour: 2} {
		list, err := w.LapsedHolds(w.ctx(), noon.Add(after))
		w.check(err)
		if len(list) != want {
			t.Errorf("after %s %d have lapsed, want %d", after, len(list), want)
		}
	}
}

// Newer times take the place of older ones; who withdraws waits for nothing.
func TestOfferingsEnd(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	start := noon.Add(48 * time.Hour)
	state := func(id string) hiring.OfferingState {
		o, err := w.Offering(w.ctx(), id)
		w.check(err)
		return o.State
	}
	w.offerTimes("t1", "ana", "round1", start, "s", "b")
	w.offerTimes("t2", "ana", "round1", start, "s", "b")
	if state("t1") != hiring.OfferingOver || state("t2") != hiring.OfferingApproved {
		t.Errorf("the first is %s, the second %s", state("t1"), state("t2"))
	}
	if list, err := w.Unanswered(w.ctx(), start.Add(-24*time.Hour)); err != nil || len(list) != 1 {
		t.Errorf("%d are unanswered, %v", len(list), err)
	}
	w.check(w.ChangeCandidate(w.ctx(), "ana", func(c *hiring.Candidate, _ []*hiring.Case) (outbox.Batch, error) {
		c.State = hiring.Withdrawn
		return outbox.Batch{}, nil
	}))
	if state("t2") != hiring.OfferingOver {
		t.Errorf("after the withdrawal it is %s", state("t2"))
	}
}
