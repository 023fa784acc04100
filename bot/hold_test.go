package bot

import (
	"context"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/schedule"
)

// waitingStore holds one time hold and one offering.
type waitingStore struct {
	schedule.Store
	hold     *hiring.TimeHold
	offering *hiring.Offering
}

func (s waitingStore) TimeHold(context.Context, string) (*hiring.TimeHold, error) { return s.hold, nil }
func (s waitingStore) Offering(context.Context, string) (*hiring.Offering, error) {
	return s.offering, nil
}

// waiting is the world of a candidate without an interview for whose first one a
// time is held, and times were offered.
func waiting(t *testing.T) (*cardWorld, *hiring.TimeHold, *hiring.Offering) {
	k := testCase(t)
	k.Interview.State = hiring.Cancelled
	k.Role.Stages[0].Hold.V, k.Role.Stages[0].Chooses.V = 24*time.Hour, true
	k.Role.MinNotice.V = 24 * time.Hour
	k.Candidate.AddedBy, k.Candidate.AddedAt = carla, at(t, "Wed 08:00")
	panel := []hiring.Panelist{{Person: karly, Part: hiring.Required, RSVP: "declined"}, {Person: seb, Part: hiring.Required}}
	h := &hiring.TimeHold{
		ID: "hold_1", CandidateID: "cand_ana", RoleKey: "coordinator", Stage: "round1", State: hiring.TimeHeld, Start: at(t, "Fri 10:00"), End: at(t, "Fri 10:45"),
		Panel: panel, Revision: 1, By: carla, At: at(t, "Wed 09:00"), Until: at(t, "Thu 09:00"),
	}
	o := &hiring.Offering{
		ID: "times_1", CandidateID: "cand_ana", RoleKey: "coordinator", Stage: "round1", State: hiring.OfferingApproved,
		Subject: "Times for your interview", Body: "Hello Ana,\n\n1. Thursday\n2. Friday\n3. Monday", By: carla, At: at(t, "Wed 09:00"), RemindAt: at(t, "Wed 10:00"),
	}
	for _, day := range []string{"Thu 10:00", "Fri 10:00", "Mon 10:00"} {
		o.Times = append(o.Times, hiring.OfferedTime{Start: at(t, day), End: at(t, day).Add(45 * time.Minute), Panel: panel})
	}
	w := newCardWorld(t, "Wed 09:00", k)
	w.holds, w.offerings = []*hiring.TimeHold{h}, []*hiring.Offering{o}
	w.bot.Schedule = &schedule.Service{Store: waitingStore{hold: h, offering: o}, Mode: "ask"}
	return w, h, o
}

func TestHeldTimes(t *testing.T) {
	w, h, _ := waiting(t)
	held := heldTime{h, w.cases[0].Candidate, w.cases[0].Role}
	golden(t, "card_waiting", w.card(carla, "cand_ana"))
	if card := string(w.card(dana, "cand_ana")); strings.Contains(card, "time.confirm") || strings.Contains(card, "times.chosen") {
		t.Error("a decider's card has the coordinator's buttons")
	}
	golden(t, "time_hold", checkMessage(t, w.render("time-hold", h.ID, carla, "")))
	golden(t, "schedule_held", marshalView(t, held.view(w.people[carla])))
	golden(t, "time_hold_moved", checkMessage(t, w.renderKey("time-hold-news:hold_1:moved:2", h.ID, carla, "")))

	h.State, h.EndedBy, h.EndedAt = hiring.TimeConfirmed, dana, at(t, "Wed 12:00")
	golden(t, "time_hold_confirmed", checkMessage(t, w.render("time-hold", h.ID, carla, "Wed 09:00")))
	h.State, h.EndedBy, h.EndedAt = hiring.TimeExpired, "", at(t, "Thu 09:00")
	golden(t, "time_hold_expired", checkMessage(t, w.renderKey("time-hold-news:hold_1:expired:1", h.ID, carla, "")))
	h.State, h.Reason = hiring.TimeTaken, "Karly is no longer free then."
	golden(t, "schedule_not_held", marshalView(t, held.view(w.people[carla])))
}

// The offers say that a time can be held, and that the candidate can choose,
// only where the stage allows it.
func TestOffersToHold(t *testing.T) {
	w, _, _ := waiting(t)
	s := search(w.cases[0], at(t, "Fri 09:00"))
	s.Stage = "round1"
	v, err := w.bot.offersView(t.Context(), w.people[carla], s)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "offers_hold", marshalView(t, v))
	if s.InterviewID = "iv_ana"; len(holdField(s, w.cases[0].Role.Stages[0])) > 0 {
		t.Error("an interview that moves can be held")
	}
}
