package schedule

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// ChangeInterviewCase puts a case around the interview: its scorecards and
// decision are those of the world's case of it, if there is one.
func (w *world) ChangeInterviewCase(ctx context.Context, id string, change func(*hiring.Case) (outbox.Batch, error)) error {
	return w.ChangeInterview(ctx, id, func(iv *hiring.Interview) (outbox.Batch, error) {
		k := hiring.Case{Role: w.role, Rubric: w.was, Candidate: w.cands[iv.CandidateID]}
		for _, c := range w.cases {
			if c.Interview.ID == id {
				k = *c
			}
		}
		k.Interview = iv
		return change(&k)
	})
}

// over is an interview whose time is over, and whose scorecards were asked for.
func over(t *testing.T) (*world, *hiring.Interview, *hiring.Case) {
	w, iv := followed(t)
	w.now = iv.End.Add(time.Minute)
	for _, p := range iv.Panel {
		w.posted["score:"+iv.ID+":"+p.Person] = true
	}
	k := &hiring.Case{Role: w.role, Candidate: w.cands["ana"], Interview: iv}
	w.cases = append(w.cases, k)
	return w, iv, k
}

func (w *world) notHeld(id string, cause hiring.Cause, words, by string) error {
	for _, k := range w.cases { // what MayNotHold looks at
		if k.Interview.ID == id {
			k.Interview = w.iv(id)
		}
	}
	return w.NotHeld(w.t.Context(), NotHeld{Interview: id, Cause: cause, Words: words, By: by})
}

func TestItDidNotTakePlace(t *testing.T) {
	w, iv, _ := over(t)
	refused(t, w.notHeld(iv.ID, "", "", karly), "cause", "Choose why")
	refused(t, w.notHeld(iv.ID, hiring.CauseOther, " ", karly), "words", "what happened")
	refused(t, w.notHeld(iv.ID, hiring.CauseOther, strings.Repeat("x", hiring.MaxExcuse+1), karly), "words", "longer than 300")
	refused(t, w.notHeld(iv.ID, hiring.CauseNoShow, "", dana), "", "Only the coordinators")
	calls := len(w.cal.calls)
	if err := w.notHeld(iv.ID, hiring.CauseNoShow, "We waited 20 minutes", karly); err != nil {
		t.Fatal(err)
	}
	got := w.iv(iv.ID)
	if got.State != hiring.NotHeld || got.Cause != hiring.CauseNoShow || got.Reason != "We waited 20 minutes" || !w.due["ask:"+iv.ID].IsZero() {
		t.Errorf("%+v, due %v", got, w.due)
	}
	if said := w.said(); !strings.HasPrefix(said, "not-held:"+iv.ID+":karly:") || strings.Contains(said, " ") {
		t.Errorf("told: %s", said)
	}
	w.dispatch()
	if len(w.cal.calls) != calls {
		t.Errorf("Google was asked for %v: the past stays", w.cal.calls[calls:])
	}
	var done *hiring.AlreadyDone
	if err := w.notHeld(iv.ID, hiring.CauseMoved, "", carla); !errors.As(err, &done) || done.By != karly || done.At.IsZero() {
		t.Errorf("twice: %v", err)
	}
	// It did: asked for again, and only once more.
	if err := w.Held(t.Context(), iv.ID, seb); err != nil {
		t.Fatal(err)
	}
	if got := w.iv(iv.ID); got.State != hiring.Booked || got.Cause != "" || got.Reason != "" || !w.due["ask:"+iv.ID].Equal(iv.End) {
		t.Errorf("%+v, due %v", got, w.due)
	}
	if err := w.Held(t.Context(), iv.ID, carla); !errors.As(err, &done) || done.By != seb {
		t.Errorf("twice: %v", err)
	}
	if err := w.notHeld(iv.ID, hiring.CauseOther, "Fire alarm", carla); err != nil {
		t.Fatal(err)
	}
	if said := w.said(); said != "" {
		t.Errorf("who says it herself is told: %s", said)
	}
}

func TestWhenItCannotBeSaid(t *testing.T) {
	w, iv, k := over(t)
	try := func(words string) {
		t.Helper()
		refused(t, w.notHeld(iv.ID, hiring.CauseNoShow, "", carla), "", words)
	}
	k.Cards = []*hiring.Scorecard{{Panelist: karly, Version: 1, SubmittedAt: w.now}}
	try("its author reopens it first")
	k.Decision = &hiring.Decision{}
	try("counts as held")
	k.Cards, k.Decision = nil, nil
	w.now = iv.Start.Add(-time.Minute)
	try("hasn't begun")
	w.now = iv.End
	for state, words := range map[hiring.InterviewState]string{hiring.Booking: "just being booked", hiring.Removed: "was deleted", hiring.Cancelled: "isn't booked any more"} {
		stored := w.interviews[iv.ID]
		stored.State = state
		w.interviews[iv.ID] = stored
		try(words)
		if state == hiring.Cancelled {
			refused(t, w.Held(t.Context(), iv.ID, carla), "", "isn't booked any more")
		}
	}
	refused(t, w.Held(t.Context(), iv.ID, dana), "", "Only the coordinators")
}

// Once another time is booked for the stage, it can't have taken place.
func TestHeldAfterAnotherWasBooked(t *testing.T) {
	w, iv, _ := over(t)
	if err := w.notHeld(iv.ID, hiring.CauseNoShow, "", carla); err != nil {
		t.Fatal(err)
	}
	another := w.book("2026-11-24 10:00")
	refused(t, w.Held(t.Context(), iv.ID, carla), "", "Another interview of this stage")
	// Nor does its event bring it back, and the calendar is followed on.
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = w.at("2026-11-25 14:00"), w.at("2026-11-25 15:00") })
	w.follow()
	if w.iv(iv.ID).State != hiring.NotHeld || w.iv(another.ID).State != hiring.Booked {
		t.Errorf("%s and %s", w.iv(iv.ID).State, w.iv(another.ID).State)
	}
}

// A person drags the event of an interview that wasn't held to another day.
func TestNotHeldIsMovedInGoogle(t *testing.T) {
	later := func(w *world) (time.Time, time.Time) { return w.at("2026-11-25 14:00"), w.at("2026-11-25 15:00") }
	w, iv, _ := over(t)
	if err := w.notHeld(iv.ID, hiring.CauseNoShow, "", carla); err != nil {
		t.Fatal(err)
	}
	w.follow()
	if w.iv(iv.ID).State != hiring.NotHeld {
		t.Error("it came back by itself")
	}
	start, end := later(w)
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = start, end })
	w.follow()
	got := w.iv(iv.ID)
	if got.State != hiring.Booked || !got.Start.Equal(start) || got.Cause != "" || !w.due["ask:"+iv.ID].Equal(end) || !got.Deadline.Equal(w.at("2026-11-30 17:00")) {
		t.Errorf("%+v, due %v", got, w.due)
	}
	if said := w.said("google"); said != "google:iv2:moved:2" {
		t.Errorf("told: %s", said)
	}

	// The other way round: moved first, which isn't followed as scorecards were
	// asked for, and then said.
	w, iv, _ = over(t)
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = start, end })
	for range 2 {
		w.follow()
	}
	if got := w.iv(iv.ID); !got.Start.Equal(iv.Start) || got.Revision != 1 {
		t.Errorf("an interview that was held is in the future: %+v", got)
	}
	if said := w.said(); said != "google:iv2:held:1" {
		t.Errorf("told: %s", said)
	}
	if err := w.notHeld(iv.ID, hiring.CauseMoved, "", karly); err != nil {
		t.Fatal(err)
	}
	if got := w.iv(iv.ID); got.State != hiring.Booked || !got.Start.Equal(start) || !w.due["ask:"+iv.ID].Equal(end) {
		t.Errorf("%+v, due %v", got, w.due)
	}
}

// What took place isn't undone by tidying up the calendar.
func TestMoveOfAHeldEventWithinThePast(t *testing.T) {
	w, iv, k := over(t)
	w.posted = map[string]bool{} // nobody was asked: the bot was down
	w.now = iv.End.Add(24 * time.Hour)
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = ev.Start.Add(time.Hour), ev.End.Add(time.Hour) })
	w.follow()
	if got := w.iv(iv.ID); !got.Start.Equal(iv.Start) || !got.Deadline.Equal(iv.Deadline) || got.Revision != 1 || w.said() != "" {
		t.Errorf("%+v", got)
	}
	// A scorecard is in: not into the future either.
	k.Cards = []*hiring.Scorecard{{Panelist: karly, Version: 1, SubmittedAt: w.now}}
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = w.now.Add(time.Hour), w.now.Add(2*time.Hour) })
	w.follow()
	if got := w.iv(iv.ID); !got.Start.Equal(iv.Start) || w.said() != "google:iv2:held:1" {
		t.Errorf("%+v", got)
	}
	// Nobody was asked and nothing is in: it is followed.
	k.Cards = nil
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = w.now.Add(3*time.Hour), w.now.Add(4*time.Hour) })
	w.follow()
	if got := w.iv(iv.ID); !got.Start.Equal(w.now.Add(3 * time.Hour)) {
		t.Errorf("%+v", got)
	}
}

// Who said during an interview that they aren't there is needed when it is moved.
func TestMoveVoidsExcuses(t *testing.T) {
	w, iv := followed(t)
	w.now = iv.Start.Add(5 * time.Minute)
	stored := w.interviews[iv.ID]
	stored.Panel[0].Excused = hiring.Excuse{Kind: hiring.Absent, Reason: "Ill", At: w.now}
	stored.Panel[1].Excused = hiring.Excuse{Kind: hiring.HandedOver, Reason: "Ill", StandIn: dana, At: w.now}
	stored.Panel = append(stored.Panel, hiring.Panelist{Person: dana, Part: hiring.Required})
	w.interviews[iv.ID] = stored
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = w.at("2026-11-25 14:00"), w.at("2026-11-25 15:00") })
	w.follow()
	got := w.iv(iv.ID)
	if !got.Owes(karly) || !got.Owes(seb) || got.Part(dana) != "" || len(got.Panel) != 3 {
		t.Errorf("%+v", got.Panel)
	}
}
