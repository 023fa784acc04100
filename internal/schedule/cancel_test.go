package schedule

import (
	"fmt"
	"testing"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// kept are the moves as the store would keep them: revision, cause, who.
func kept(moves []hiring.Move) string {
	undone := map[int]bool{}
	for _, m := range moves {
		if m.Undone {
			undone[m.Revision] = true
		}
	}
	text := ""
	for _, m := range moves {
		if !m.Undone && !undone[m.Revision] {
			text += fmt.Sprintf("%d:%s:%s:%s;", m.Revision, string(m.Cause), m.By, m.Words)
		}
	}
	return text
}

// Every move is kept with who asked for it, whoever made it; one that couldn't
// be made is no move.
func TestMovesAreKeptWithTheirCause(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	iv := w.book("2026-11-19 10:00")
	move := func(start string, cause hiring.MoveCause, words string) {
		t.Helper()
		s := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, By: carla})
		if err := w.Because(ctx, s.ID, cause, words); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Book(ctx, s.ID, w.offer(start), carla); err != nil {
			t.Fatal(err)
		}
	}
	move("2026-11-19 14:30", hiring.MoveCandidate, " She has \nan exam ")
	w.dispatch()
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = w.at("2026-11-20 10:00"), w.at("2026-11-20 10:45") })
	w.follow()
	move("2026-11-19 10:00", "", "")
	w.cal.busy["karly@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-19 10:00"), End: w.at("2026-11-19 11:00")}}}
	w.dispatch() // the slot is gone: it stays
	if got := kept(w.moves); got != "2:candidate:carla:She has\nan exam;3:google::;" {
		t.Errorf("kept %q", got)
	}
	s := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, By: carla})
	refused(t, w.Because(ctx, s.ID, hiring.MoveGoogle, ""), "asked", "Choose who")
}

// A cancellation is counted by its cause, and can be taken back; the new event
// never goes with the old one.
func TestACancellationIsTakenBack(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	iv := w.book("2026-11-19 10:00")
	refused(t, w.CancelFor(ctx, iv.ID, carla, hiring.CancelGoogle, ""), "cause", "Choose one")
	if err := w.CancelFor(ctx, iv.ID, carla, hiring.CancelPanelist, "Flu"); err != nil {
		t.Fatal(err)
	}
	if got := w.iv(iv.ID); got.CancelCause != hiring.CancelPanelist || got.Reason != "Flu" {
		t.Errorf("%+v", got)
	}
	// The deletion is still on its way when it is booked again.
	if err := w.Restore(ctx, iv.ID, carla); err != nil {
		t.Fatal(err)
	}
	w.dispatch()
	got := w.iv(iv.ID)
	if got.State != hiring.Booked || got.Generation != 2 || got.Reason != "" || got.CancelCause != "" || w.cal.lives() != 1 {
		t.Errorf("%+v, %d events", got, w.cal.lives())
	}
	if wanted, err := w.handler().Wanted(ctx, outbox.CalendarEffect(outbox.CalendarDelete, iv.ID, 2)); err != nil || wanted {
		t.Errorf("the event that stands is to be deleted: %v, %v", wanted, err)
	}

	// Deleted by a person, then given up: counted as theirs.
	w.cal.person(got.EventID, func(ev *hiring.Event) { ev.Cancelled = true })
	w.follow()
	if err := w.Cancel(ctx, iv.ID, carla, ""); err != nil {
		t.Fatal(err)
	}
	if got := w.iv(iv.ID); got.CancelCause != hiring.CancelGoogle {
		t.Errorf("%+v", got)
	}
	w.cands["ana"].State = hiring.Withdrawn
	refused(t, w.Restore(ctx, iv.ID, carla), "", "no longer in the process")
}
