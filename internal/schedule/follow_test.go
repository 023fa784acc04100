package schedule

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
)

// followed is a booked interview whose event a person then changes.
func followed(t *testing.T) (*world, *hiring.Interview) {
	w := newWorld(t)
	iv := w.book("2026-11-19 10:00")
	w.follow()
	w.said()
	w.log = nil
	return w, iv
}

func TestPersonMovesTheEvent(t *testing.T) {
	w, iv := followed(t)
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = w.at("2026-11-25 14:00"), w.at("2026-11-25 15:00") })
	calls := len(w.cal.calls)
	w.follow()
	got := w.iv(iv.ID)
	if !got.Start.Equal(w.at("2026-11-25 14:00")) || !got.End.Equal(w.at("2026-11-25 15:00")) || !got.Deadline.Equal(w.at("2026-11-30 17:00")) || got.Revision != 2 {
		t.Errorf("%+v", got)
	}
	if !w.due["ask:"+iv.ID].Equal(got.End) || !w.due["kit:"+iv.ID].Equal(w.at("2026-11-25 13:00")) {
		t.Errorf("due %v", w.due)
	}
	if owed := w.said(); owed != "channel-moved:iv2:2 google:iv2:moved:2" {
		t.Errorf("owed: %s", owed)
	}
	w.follow()
	if owed := w.said(); owed != "" {
		t.Errorf("told twice: %s", owed)
	}
	for _, call := range w.cal.calls[calls:] {
		if call != "changes" && call != "busy" { // whether the time suits is looked up
			t.Errorf("a person's edit was answered with %q", call)
		}
	}
	// And back again: told again.
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = iv.Start, iv.End })
	w.follow()
	if owed := w.said("google"); owed != "google:iv2:moved:3" || !w.iv(iv.ID).Deadline.Equal(iv.Deadline) {
		t.Errorf("moved back: %s", owed)
	}
}

func TestPersonDeletesTheEvent(t *testing.T) {
	w, iv := followed(t)
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Cancelled = true })
	for range 2 {
		w.follow()
	}
	if got := w.iv(iv.ID); got.State != hiring.Removed || !w.due["ask:"+iv.ID].IsZero() || !w.due["kit:"+iv.ID].IsZero() {
		t.Errorf("%s, due %v", got.State, w.due)
	}
	if owed := w.said(); owed != "google:iv2:removed:1" {
		t.Errorf("owed: %s", owed)
	}
	// Tidying up after the interview changes nothing.
	w, iv = followed(t)
	w.now = iv.End
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Cancelled = true })
	w.follow()
	if owed := w.said(); owed != "" || w.iv(iv.ID).State != hiring.Booked {
		t.Errorf("after it was held: %s, %s", w.iv(iv.ID).State, owed)
	}
}

func TestAnswersOfGuests(t *testing.T) {
	w, iv := followed(t)
	step := func(email, rsvp, want string) {
		t.Helper()
		w.cal.answer(iv.EventID, email, rsvp)
		w.follow()
		if owed := w.said(); owed != want {
			t.Errorf("%s answers %s: told %q, want %q", email, rsvp, owed, want)
		}
	}
	step("KARLY@example.com", "accepted", "")
	step("ana@EXAMPLE.org", "declined", "google:iv2:declined:1")
	step("seb@example.com", "declined", "repair:iv2:2")
	step("seb@example.com", "tentative", "")
	got := w.iv(iv.ID)
	if got.CandidateRSVP != "declined" || got.Panel[0].RSVP != "accepted" || got.Panel[1].RSVP != "tentative" {
		t.Errorf("%+v", got)
	}
	if got.Revision != 1 || !got.Start.Equal(iv.Start) {
		t.Error("an answer moved the interview")
	}
	// A guest whom a person added is none of ours.
	w.cal.person(iv.EventID, func(ev *hiring.Event) {
		ev.Guests = append(ev.Guests, hiring.Guest{Email: "friend@example.net", RSVP: "declined"})
	})
	w.follow()
	if owed := w.said(); owed != "" {
		t.Errorf("a stranger's answer: %s", owed)
	}
	w.now = iv.End
	step("karly@example.com", "declined", "") // when it is over nobody needs to hear it
}

// The link that Google was still making comes later.
func TestLinkComesLater(t *testing.T) {
	w, iv := followed(t)
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Link = "https://meet.example/new" })
	w.follow()
	if w.iv(iv.ID).Link != "https://meet.example/new" {
		t.Error("the link was not taken over")
	}
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Link = "" })
	w.follow()
	if w.iv(iv.ID).Link == "" {
		t.Error("a missing link erased the one we know")
	}
}

func TestEventsThatAreNotOurs(t *testing.T) {
	w, iv := followed(t)
	w.cal.put(hiring.Event{ID: "lunch", Start: iv.Start, End: iv.End})
	w.cal.put(hiring.Event{ID: "copy", Key: iv.ID, Start: iv.Start.Add(time.Hour), End: iv.End.Add(time.Hour)}) // somebody duplicated ours
	w.follow()
	if owed := w.said(); owed != "" || w.iv(iv.ID).Revision != 1 {
		t.Errorf("owed: %s", owed)
	}
}

// The sync token is too old: everything is read, and what Google has forgotten
// meanwhile was deleted.
func TestResync(t *testing.T) {
	w, iv := followed(t)
	w.cal.resync = true
	delete(w.cal.events, iv.EventID)
	w.follow()
	if w.iv(iv.ID).State != hiring.Removed || w.said() != "google:iv2:removed:1" {
		t.Errorf("a forgotten event: %s", w.iv(iv.ID).State)
	}

	w, iv = followed(t)
	w.cal.resync = true
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = ev.Start.Add(time.Hour), ev.End.Add(time.Hour) })
	w.follow()
	if w.said("google") != "google:iv2:moved:2" {
		t.Error("what was moved meanwhile was overlooked")
	}

	w, iv = followed(t)
	w.cal.resync = true
	w.cal.changed = nil // the full read doesn't list it, yet it is there
	w.follow()
	if w.iv(iv.ID).State != hiring.Booked || w.said() != "" {
		t.Error("an event that is there was taken for deleted")
	}

	w, iv = followed(t)
	w.cal.resync = true
	w.now = iv.End // of the past nothing is asked
	delete(w.cal.events, iv.EventID)
	w.follow()
	if w.iv(iv.ID).State != hiring.Booked {
		t.Error("an interview that was held was removed")
	}
}

// Trouble in the middle loses no change: the same ones are read again.
func TestFollowAfterTrouble(t *testing.T) {
	w, iv := followed(t)
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Cancelled = true })
	token := w.token
	w.cal.fail["changes"] = []error{errors.New("503")}
	if _, err := w.Follow(t.Context()); err == nil || w.token != token {
		t.Errorf("%v, token %s", err, w.token)
	}
	full := errors.New("disk full")
	w.broken = func(string) error { return full }
	if _, err := w.Follow(t.Context()); !errors.Is(err, full) || w.token != token {
		t.Errorf("%v, token %s", err, w.token)
	}
	w.broken = nil
	w.follow()
	if w.iv(iv.ID).State != hiring.Removed {
		t.Error("the deletion was lost")
	}
}

// One event that can't be followed doesn't keep the others waiting.
func TestOneEventThatCannotBeFollowed(t *testing.T) {
	w, iv := followed(t)
	w.interviews["bad"] = hiring.Interview{ID: "bad", EventID: "bad", State: hiring.Booked, CandidateID: "ana", Stage: "other", Panel: []hiring.Panelist{{Person: "unknown to Slack"}}, End: iv.End}
	w.cal.put(hiring.Event{ID: "bad"})
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Cancelled = true })
	if _, err := w.Follow(t.Context()); err == nil || !strings.Contains(err.Error(), "event bad") {
		t.Errorf("%v", err)
	}
	if w.iv(iv.ID).State != hiring.Removed {
		t.Error("the deletion waited for the other event")
	}
}

// While our move is under way, changes that were read before it aren't taken
// for a person's move back: reading and moving take turns.
func TestFollowAndMoveTakeTurns(t *testing.T) {
	w, iv := followed(t)
	s := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, By: carla})
	if _, err := w.Book(t.Context(), s.ID, w.offer("2026-11-24 10:30"), carla); err != nil {
		t.Fatal(err)
	}
	w.cal.answer(iv.EventID, "karly@example.com", "accepted") // so that there is something to read
	w.said()
	moved := false
	w.Calendar = &slowChanges{googleFake: w.cal, between: func() { // Follow has the old event in its hands
		if w.calendar.TryLock() {
			w.calendar.Unlock()
			moved = true
			w.dispatch()
		}
	}}
	w.follow()
	w.Calendar = w.cal
	w.dispatch()
	w.follow()
	if owed := w.said("google"); moved || owed != "" || !w.iv(iv.ID).Start.Equal(w.at("2026-11-24 10:30")) || w.iv(iv.ID).Revision != 2 {
		t.Errorf("moved in between: %t; the interview is on %s, told %s", moved, w.iv(iv.ID).Start, owed)
	}
}

type slowChanges struct {
	*googleFake
	between func()
}

func (s *slowChanges) Changes(ctx context.Context, token string) ([]hiring.Event, string, error) {
	events, next, err := s.googleFake.Changes(ctx, token)
	s.between()
	return events, next, err
}

// The role's file no longer has the stage: what was booked keeps its rule, its
// kit's lead and its meeting place, whoever moves it.
func TestMovedWhenItsStageIsGone(t *testing.T) {
	w, iv := followed(t)
	was := *w.role
	w.was, w.role.Stages = &was, w.role.Stages[:1]
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = w.at("2026-11-25 14:00"), w.at("2026-11-25 14:45") })
	w.follow()
	if got := w.iv(iv.ID); !got.Deadline.Equal(w.at("2026-11-30 17:00")) || !w.due["kit:"+iv.ID].Equal(w.at("2026-11-25 13:00")) {
		t.Errorf("deadline %s, due %v", got.Deadline, w.due)
	}
	err := w.handler().stay(t.Context(), w.iv(iv.ID), "taken", false)
	if got := w.iv(iv.ID); err != nil || !got.Deadline.Equal(w.at("2026-11-30 17:00")) {
		t.Errorf("%v: after a move that wasn't made the deadline is %s", err, got.Deadline)
	}
	was.Stages[1].Location.V = hiring.Location{Kind: "phone", Text: "We call you"}
	if ev, err := w.handler().event(t.Context(), w.iv(iv.ID)); err != nil || ev.Meet || ev.Location != "We call you" {
		t.Errorf("%v: the event would be at %q, Meet %v", err, ev.Location, ev.Meet)
	}
}
