package schedule

import (
	"errors"
	"slices"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// erase does to the world what an erasure does in the database.
func (w *world) erase(iv *hiring.Interview) {
	w.cands["ana"].ErasedAt, w.cands["ana"].Email = w.now, ""
	got := w.interviews[iv.ID]
	if got.State == hiring.Booking || got.End.After(w.now) {
		got.State = hiring.Cancelled
	}
	w.interviews[iv.ID] = got
	w.apply(outbox.Batch{Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarErase, iv.ID, iv.Generation)}})
}

// The events of an erased candidate go. Guests hear of it while it lies ahead.
func TestEventsOfTheErasedGo(t *testing.T) {
	for _, tt := range []struct {
		name, now, call string
	}{
		{"it lies ahead", "2026-11-18 12:00", "delete"},
		{"it is over", "2026-11-19 18:00", "delete quietly"},
	} {
		w := newWorld(t)
		iv := w.book("2026-11-19 10:00")
		w.now = w.at(tt.now)
		w.erase(iv)
		w.cal.calls = nil
		w.cal.fail[tt.call] = []error{outbox.Lost(errors.New("reset"))} // it is simply repeated
		w.dispatch()
		if w.cal.lives() != 0 || !slices.Equal(w.cal.calls, []string{tt.call, tt.call}) {
			t.Errorf("%s: %d events are left after %v", tt.name, w.cal.lives(), w.cal.calls)
		}
	}
}

// An event whose making was under way when its candidate was erased is looked
// for, and goes as well. Nobody hears of it.
func TestErasedWhileItIsBooked(t *testing.T) {
	for name, made := range map[string]bool{"it was made": true, "it wasn't": false} {
		w := newWorld(t)
		w.said()
		iv := booking(w)
		trouble := "insert"
		if made {
			trouble = "after:insert"
		}
		w.cal.fail[trouble] = []error{outbox.Lost(errors.New("reset"))}
		w.cal.before = func(call string) {
			if call == "insert" && !w.cands["ana"].Erased() {
				w.erase(iv)
			}
		}
		insert := &w.effects[0]
		_, err := w.handler().Do(t.Context(), *insert)
		if err == nil {
			t.Fatalf("%s: the answer wasn't lost", name)
		}
		_, found, err := w.handler().Look(t.Context(), *insert)
		if err != nil || found != made {
			t.Errorf("%s: found %t, %v", name, found, err)
		}
		w.dispatch()
		if w.cal.lives() != 0 || w.iv(iv.ID).State != hiring.Cancelled || w.said() != "" {
			t.Errorf("%s: %d events, interview %s", name, w.cal.lives(), w.iv(iv.ID).State)
		}
	}
}

// What people still do to the event of an erased candidate is nobody's business.
func TestNothingIsFollowedOfTheErased(t *testing.T) {
	w := newWorld(t)
	iv := w.book("2026-11-19 10:00")
	w.follow()
	w.now = w.at("2026-11-19 18:00")
	w.erase(iv)
	w.said()
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = w.at("2026-11-20 10:00"), w.at("2026-11-20 10:45") })
	w.follow()
	if got := w.iv(iv.ID); !got.Start.Equal(iv.Start) || w.said() != "" {
		t.Errorf("the interview follows to %s", got.Start.Format(time.RFC3339))
	}
	failed := outbox.CalendarEffect(outbox.CalendarInsert, iv.ID, iv.Generation)
	failed.Problem = "Invalid attendee email: ana@example.org"
	if err := w.handler().Failed(t.Context(), failed); err != nil {
		t.Fatal(err)
	}
	if got := w.iv(iv.ID); got.Problem != "" {
		t.Errorf("what Google said is kept: %s", got.Problem)
	}
	failed.Kind = outbox.CalendarErase
	if err := w.handler().Failed(t.Context(), failed); err != nil || w.said("unerased") == "" {
		t.Errorf("nobody hears of an event that stays: %v", err)
	}
}
