package schedule

import (
	"slices"
	"testing"
	"time"

	"convene/internal/hiring"
)

// Any time can be picked; who is busy then is said, and booked over once that is
// confirmed. What comes up afterwards still stands in the way.
func TestBookAnyTime(t *testing.T) {
	w := newWorld(t)
	busy := hiring.Interval{Start: w.at("2026-11-24 10:00"), End: w.at("2026-11-24 10:30")}
	w.cal.busy["seb@example.com"] = hiring.Calendar{Busy: []hiring.Interval{busy}}
	s := w.search(Request{CandidateID: "ana", By: carla})
	_, err := w.Pick(t.Context(), s.ID, w.at("2026-11-24 10:00"), dana)
	refused(t, err, "", "Only a coordinator")
	_, err = w.Pick(t.Context(), s.ID, w.at("2026-11-17 10:00"), carla)
	refused(t, err, "any", "has passed")
	for _, more := range []bool{true, false} {
		s = w.search(Request{CandidateID: "ana", By: carla})
		if s, err = w.Pick(t.Context(), s.ID, w.at("2026-11-24 10:00"), carla); err != nil {
			t.Fatal(err)
		}
		if len(s.Any.Against) != 1 || s.Any.Against[0].Rule != RuleBusy || s.Any.Against[0].Who != seb || !s.Any.Possible() {
			t.Fatalf("against it: %v", s.Any.Against)
		}
		iv, err := w.BookAny(t.Context(), s.ID, carla)
		if err != nil {
			t.Fatal(err)
		}
		if more {
			w.cal.busy["karly@example.com"] = hiring.Calendar{Busy: []hiring.Interval{busy}}
		}
		w.dispatch()
		delete(w.cal.busy, "karly@example.com")
		if got := w.iv(iv.ID); (got.State == hiring.Booked) == more {
			t.Errorf("Karly busy meanwhile: %t; the interview is %s (%s)", more, got.State, got.Reason)
		}
	}
	if !slices.ContainsFunc(w.audit, func(e hiring.Entry) bool {
		return e.Action == "interview.anyway" && e.Actor == carla && e.Detail == "busy:seb"
	}) {
		t.Errorf("the audit trail doesn't say who overrode what: %v", w.audit)
	}
}

// Nobody books a candidate into two interviews at once, not even anyway.
func TestAnyTimeOfABusyCandidate(t *testing.T) {
	w := newPanelWorld(t)
	w.interviews["other"] = hiring.Interview{ID: "other", CandidateID: "ana", Stage: "round1", State: hiring.Booked, Start: w.at("2026-11-24 10:00"), End: w.at("2026-11-24 11:00")}
	s := w.search(Request{CandidateID: "ana", Stage: "panel", By: carla, Confirmed: []string{"round1"}})
	s, err := w.Pick(t.Context(), s.ID, w.at("2026-11-24 10:30"), carla)
	if err != nil {
		t.Fatal(err)
	}
	if s.Any.Possible() {
		t.Fatalf("it could be booked: %v", s.Any.Against)
	}
	_, err = w.BookAny(t.Context(), s.ID, carla)
	refused(t, err, "", "in another interview")
}

// The way to a place is kept free beside the buffer.
func TestTravelTime(t *testing.T) {
	w := newWorld(t)
	w.role.Stages[1].Location.V = hiring.Location{Kind: "place", Text: "Main St", Travel: time.Hour}
	w.cal.busy["karly@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-19 09:00"), End: w.at("2026-11-19 12:00")}}}
	s := w.search(Request{CandidateID: "ana", By: carla, From: w.at("2026-11-19 00:00"), Until: w.at("2026-11-20 00:00")})
	if len(s.Offers) == 0 {
		t.Fatal(s.InWay)
	}
	for _, o := range s.Offers {
		if o.Start.Before(w.at("2026-11-19 13:00")) {
			t.Errorf("%s leaves no time for the way", o.Start.In(w.role.TimeZone()))
		}
	}
}

// What is otherwise this once is asked for until it is taken back, and offers
// that were shown aren't offered again.
func TestThisOnce(t *testing.T) {
	w := newWorld(t)
	w.cal.busy["karly@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.now, End: w.at("2026-12-03 09:00")}}}
	none := w.search(Request{CandidateID: "ana", By: carla})
	i := slices.IndexFunc(none.Ways, func(way Way) bool { return way.Changes[0].Kind == Further })
	if i < 0 {
		t.Fatalf("ways out: %v", none.Ways)
	}
	req, err := none.Again(carla).Try(none.Ways[i])
	if err != nil {
		t.Fatal(err)
	}
	s := w.search(req)
	if len(s.Offers) == 0 || len(s.Once) != 1 {
		t.Fatalf("%d offers, this once %v", len(s.Offers), s.Once)
	}
	again := s.Again(carla)
	for _, o := range s.Offers {
		again.Shown = append(again.Shown, o.Start)
	}
	for _, o := range w.search(again).Offers {
		if slices.ContainsFunc(again.Shown, func(at time.Time) bool { return at.Equal(o.Start) }) {
			t.Errorf("%s is offered again", o.Start)
		}
	}
	if req, err = s.Again(carla).TakeBack(s.Once[0].Code()); err != nil {
		t.Fatal(err)
	}
	if back := w.search(req); len(back.Offers) != 0 {
		t.Errorf("taken back, and these are offered: %v", back.Offers)
	}
}
