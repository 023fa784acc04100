package schedule

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// booking is an interview whose event isn't made yet.
func booking(w *world) *hiring.Interview {
	w.t.Helper()
	iv, err := w.Book(w.t.Context(), w.search(Request{CandidateID: "ana", By: carla}).ID, w.offer("2026-11-19 10:00"), carla)
	if err != nil {
		w.t.Fatal(err)
	}
	return iv
}

// What is taken between the offer and the pick is said, and nobody is invited.
func TestSlotIsTaken(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*world)
		want   string // "": booked
	}{
		{"a meeting of Karly's", func(w *world) {
			w.cal.busy["karly@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-19 10:30"), End: w.at("2026-11-19 10:40")}}}
		}, "Karly is no longer free then."},
		{"a meeting right after", func(w *world) {
			w.cal.busy["karly@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-19 10:45"), End: w.at("2026-11-19 11:00")}}}
		}, ""},
		{"a meeting of an optional person", func(w *world) {
			w.cal.busy["mark@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-19 10:00"), End: w.at("2026-11-19 11:00")}}}
		}, ""},
		{"a calendar that can't be read any more", func(w *world) { w.cal.busy["seb@example.com"] = hiring.Calendar{Unreadable: "not shared"} }, "Seb's calendar can't be read (not shared)."},
		{"a panelist has left", func(w *world) {
			p := w.who[seb]
			p.Deleted = true
			w.who[seb] = p
		}, "Seb's Slack account is deactivated"},
		{"the candidate has withdrawn", func(w *world) { w.cands["ana"].State = hiring.Withdrawn }, "Ana Diaz is no longer in the process (withdrawn)."},
		{"Google was down until it was too late", func(w *world) { w.now = w.at("2026-11-19 10:00") }, "Google Calendar could not be reached before that time had passed."},
		{"Google refuses", func(w *world) { w.cal.fail["insert"] = []error{outbox.Never(errors.New("no permission"))} }, "Google Calendar refused the event: no permission."},
	} {
		t.Run(tt.why, func(t *testing.T) {
			w := newWorld(t)
			iv := booking(w)
			tt.change(w)
			w.dispatch()
			got := w.iv(iv.ID)
			if tt.want == "" {
				if got.State != hiring.Booked {
					t.Errorf("%s: %s", got.State, got.Reason)
				}
				return
			}
			if got.State != hiring.Taken || !strings.HasPrefix(got.Reason, tt.want) || w.cal.lives() != 0 {
				t.Errorf("%s: %q, %d events", got.State, got.Reason, w.cal.lives())
			}
			if owed := w.said(); owed != "taken:iv2" || len(w.due) != 0 {
				t.Errorf("owed: %s, due %v", owed, w.due)
			}
			if got.State == hiring.Taken {
				already(t, w.Cancel(t.Context(), iv.ID, carla, ""), "not booked")
			}
		})
	}
}

// An answer of Google's is lost: there is one event in the end, and everybody
// hears of it once.
func TestLostAnswers(t *testing.T) {
	reset := outbox.Lost(errors.New("connection reset"))
	for _, tt := range []struct {
		why  string
		fail map[string][]error
	}{
		{"of free/busy", map[string][]error{"busy": {reset}}},
		{"of the insert, before it happened", map[string][]error{"insert": {reset}}},
		{"of the insert, after it happened", map[string][]error{"after:insert": {reset}}},
		{"of the insert and of the look", map[string][]error{"after:insert": {reset}, "get": {reset}}},
		{"a 5xx to everything, once", map[string][]error{"busy": {outbox.Later(errors.New("503"), 0)}, "insert": {outbox.Lost(errors.New("503"))}}},
		{"a rate limit", map[string][]error{"insert": {outbox.Later(&outbox.Limited{After: time.Second}, time.Second)}}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			w := newWorld(t)
			iv := booking(w)
			w.cal.fail = tt.fail
			w.dispatch()
			if got := w.iv(iv.ID); got.State != hiring.Booked || w.cal.lives() != 1 || got.Etag != w.cal.events[got.EventID].Etag {
				t.Errorf("%s, %d events", got.State, w.cal.lives())
			}
			if got := w.said("channel-booked", "panelist"); len(strings.Fields(got)) != 4 {
				t.Errorf("owed: %s", got)
			}
		})
	}
}

// The process dies between Google's answer and our commit: the event is found.
func TestCrashAfterTheInsert(t *testing.T) {
	w := newWorld(t)
	iv := booking(w)
	w.broken = func(string) error { return errors.New("killed") }
	e := w.effects[0]
	e.Attempt = 1
	if _, err := w.handler().Do(t.Context(), e); err == nil || outbox.Classify(err).Class != outbox.ClassUnknown {
		t.Fatalf("the outcome is %v", err)
	}
	w.broken = nil
	w.follow() // reads the event of an interview that isn't booked yet
	id, found, err := w.handler().Look(t.Context(), e)
	if err != nil || !found || id != iv.EventID || w.iv(iv.ID).State != hiring.Booked {
		t.Errorf("looked up: %q %t %v, %s", id, found, err, w.iv(iv.ID).State)
	}
	if got := w.said("channel-booked"); got != "channel-booked:iv2:1" {
		t.Errorf("owed: %s", got)
	}
}

// Before a lost insert was found, somebody had moved the event and declined:
// Follow had passed over both.
func TestEventWasChangedBeforeItWasFound(t *testing.T) {
	w := newWorld(t)
	iv := booking(w)
	w.cal.fail["after:insert"] = []error{outbox.Lost(errors.New("reset"))}
	w.cal.before = func(call string) {
		if call != "get" || w.iv(iv.ID).State != hiring.Booking {
			return
		}
		w.cal.before = nil
		w.cal.person(iv.EventID, func(ev *hiring.Event) {
			ev.Start, ev.End = w.at("2026-11-24 13:00"), w.at("2026-11-24 13:45")
		})
		w.cal.answer(iv.EventID, "Ana@example.org", "declined")
		w.token = fmt.Sprint(len(w.cal.changed)) // Follow has been here
	}
	w.dispatch()
	got := w.iv(iv.ID)
	if got.State != hiring.Booked || !got.Start.Equal(w.at("2026-11-24 13:00")) || got.CandidateRSVP != "declined" || !w.due["ask:"+iv.ID].Equal(got.End) {
		t.Errorf("%+v, due %v", got, w.due)
	}
	if owed := w.said("google"); owed != "google:iv2:moved:2 google:iv2:declined:2" {
		t.Errorf("told: %s", owed)
	}
}

// Given up after an attempt without an answer: the event that may exist after
// all is removed.
func TestGivenUpAfterALostAnswer(t *testing.T) {
	w := newWorld(t)
	iv := booking(w)
	w.cal.fail["after:insert"] = []error{outbox.Lost(errors.New("reset"))}
	w.cal.fail["get"] = []error{hiring.ErrNotFound} // the look doesn't show it yet
	w.cal.before = func(call string) {              // Seb's meeting comes between the attempts
		if call == "get" {
			w.cal.busy["seb@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-19 10:30"), End: w.at("2026-11-19 11:30")}}}
		}
	}
	w.dispatch()
	w.dispatch()
	if got := w.iv(iv.ID); got.State != hiring.Taken || w.cal.lives() != 0 {
		t.Errorf("%s, %d events stay", got.State, w.cal.lives())
	}
}

// Our move meets a person's: theirs stands.
func TestPersonMovesDuringOurMove(t *testing.T) {
	theirs := "2026-11-25 14:00"
	for _, when := range []string{"before we look", "between look and change"} {
		w := newWorld(t)
		iv := w.book("2026-11-19 10:00")
		w.said()
		s := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, By: carla})
		if _, err := w.Book(t.Context(), s.ID, w.offer("2026-11-24 10:30"), carla); err != nil {
			t.Fatal(err)
		}
		move := func() {
			w.cal.before = nil
			w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = w.at(theirs), w.at(theirs).Add(time.Hour) })
		}
		if when == "before we look" {
			move()
		} else {
			w.cal.before = func(call string) {
				if call == "patch" {
					move()
				}
			}
		}
		w.dispatch()
		got := w.iv(iv.ID)
		if !got.Start.Equal(w.at(theirs)) || !got.EventStart.Equal(got.Start) || !got.End.Equal(got.Start.Add(time.Hour)) || !w.cal.events[iv.EventID].Start.Equal(got.Start) {
			t.Errorf("%s: we say %s, Google %s", when, got.Start, w.cal.events[iv.EventID].Start)
		}
		w.follow()
		if owed := w.said("google"); owed != "google:iv2:moved:3" {
			t.Errorf("%s: told %s", when, owed)
		}
	}
}

func TestPersonDeletesDuringOurMove(t *testing.T) {
	for _, forgotten := range []bool{false, true} {
		w := newWorld(t)
		iv := w.book("2026-11-19 10:00")
		w.said()
		s := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, By: carla})
		if _, err := w.Book(t.Context(), s.ID, w.offer("2026-11-24 10:30"), carla); err != nil {
			t.Fatal(err)
		}
		if forgotten {
			delete(w.cal.events, iv.EventID)
		} else {
			w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Cancelled = true })
		}
		w.dispatch()
		if got := w.iv(iv.ID); got.State != hiring.Removed || slices.Contains(w.cal.calls, "patch") {
			t.Errorf("forgotten %t: %s", forgotten, got.State)
		}
		if owed := w.said("google"); owed != "google:iv2:removed:2" {
			t.Errorf("forgotten %t: told %s", forgotten, owed)
		}
	}
}

// The answer to our move is lost: the next attempt sees that it happened.
func TestLostAnswerOfAMove(t *testing.T) {
	w := newWorld(t)
	iv := w.book("2026-11-19 10:00")
	w.said()
	s := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, By: carla})
	if _, err := w.Book(t.Context(), s.ID, w.offer("2026-11-24 10:30"), carla); err != nil {
		t.Fatal(err)
	}
	w.cal.fail["after:patch"] = []error{outbox.Lost(errors.New("reset"))}
	move := w.effects[len(w.effects)-1]
	move.Attempt = 1
	if _, err := w.handler().Do(t.Context(), move); err == nil {
		t.Fatal("the answer wasn't lost")
	}
	w.follow() // sees our move before we know that it was made
	if owed := w.said("google"); owed != "" {
		t.Errorf("our own move was taken for a person's: %s", owed)
	}
	w.dispatch()
	w.follow()
	got := w.iv(iv.ID)
	if ev := w.cal.events[iv.EventID]; !sameTime(ev, got.Start, got.End) || !got.EventStart.Equal(got.Start) || got.Etag != ev.Etag || got.Revision != 2 {
		t.Errorf("%+v", got)
	}
	if owed := w.said(); owed != "" {
		t.Errorf("owed: %s", owed)
	}
}

// Two moves in a row: Google sees the last one, and the first, whose turn comes
// when it is no longer wanted, does nothing.
func TestTwoMovesInARow(t *testing.T) {
	w := newWorld(t)
	iv := w.book("2026-11-19 10:00")
	for _, to := range []string{"2026-11-24 10:30", "2026-11-25 11:00"} {
		s := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, By: carla})
		if _, err := w.Book(t.Context(), s.ID, w.offer(to), carla); err != nil {
			t.Fatal(err)
		}
	}
	w.dispatch()
	if !w.cal.events[iv.EventID].Start.Equal(w.at("2026-11-25 11:00")) {
		t.Errorf("Google has %s", w.cal.events[iv.EventID].Start)
	}
	if a, b := w.state(outbox.CalendarEffect(outbox.CalendarMove, iv.ID, 2)), w.state(outbox.CalendarEffect(outbox.CalendarMove, iv.ID, 3)); a != outbox.Dropped || b != outbox.Done {
		t.Errorf("the moves ended %s and %s", a, b)
	}
}

// Failed tells a coordinator once, however often it is called.
func TestDeletionIsRefused(t *testing.T) {
	w := newWorld(t)
	iv := w.book("2026-11-19 10:00")
	w.said()
	if err := w.Cancel(t.Context(), iv.ID, carla, ""); err != nil {
		t.Fatal(err)
	}
	w.cal.fail["delete"] = []error{outbox.Never(errors.New("no permission"))}
	w.dispatch()
	if err := w.handler().Failed(t.Context(), w.effects[len(w.effects)-1]); err != nil {
		t.Fatal(err)
	}
	if owed := w.said("google"); owed != "google:iv2:refused:1" || w.iv(iv.ID).Problem != "no permission" {
		t.Errorf("told %s, problem %q", owed, w.iv(iv.ID).Problem)
	}
}

// Who booked it hears of trouble; if they no longer coordinate, whoever does.
func TestWhoHears(t *testing.T) {
	role := &hiring.Role{Setup: hiring.Setup{Coordinators: []string{"first", "second"}}}
	for by, want := range map[string]string{"second": "second", "left": "first"} {
		if got := coordinatorOf(role, &hiring.Interview{BookedBy: by}); got != want {
			t.Errorf("booked by %s: %s hears", by, got)
		}
	}
	if got := coordinatorOf(&hiring.Role{}, &hiring.Interview{BookedBy: "left"}); got != "left" {
		t.Errorf("without a coordinator %q hears", got)
	}
}

// A look that fails is repeated; it never gives up on what may exist.
func TestLookIsRepeated(t *testing.T) {
	w := newWorld(t)
	booking(w)
	w.cal.fail["get"] = []error{outbox.Never(errors.New("credentials revoked"))}
	_, _, err := w.handler().Look(t.Context(), w.effects[0])
	if err == nil || outbox.Classify(err).Class != outbox.ClassLater {
		t.Errorf("look: %v", err)
	}
	// Moves and deletions may simply be done again.
	for _, kind := range []string{outbox.CalendarMove, outbox.CalendarDelete} {
		e := w.effects[0]
		e.Kind = kind
		if _, found, err := w.handler().Look(t.Context(), e); found || err != nil {
			t.Errorf("%s: %t %v", kind, found, err)
		}
	}
}

// The slot of a move was given to another interview, whose event isn't made yet.
func TestAnotherInterviewIsInTheWayOfAMove(t *testing.T) {
	w := newWorld(t)
	iv := w.book("2026-11-19 10:00")
	w.said()
	s := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, By: carla})
	other := *iv
	other.ID, other.CandidateID, other.State, other.EventID = "other", "ben", hiring.Booking, "other"
	other.Start, other.End = w.at("2026-11-24 10:00"), w.at("2026-11-24 10:45")
	w.interviews["other"] = other
	if _, err := w.Book(t.Context(), s.ID, w.offer("2026-11-24 10:30"), carla); err != nil {
		t.Fatal(err)
	}
	w.dispatch()
	if got := w.iv(iv.ID); !got.Start.Equal(iv.Start) || got.Problem != "Karly is in another interview then." {
		t.Errorf("%s, %q", got.Start, got.Problem)
	}
}

// While Google is asked about a first move, the coordinator moves it again: the
// first one's trouble is nobody's any more.
func TestMovedAgainWhileTheFirstMoveFails(t *testing.T) {
	w := newWorld(t)
	iv := w.book("2026-11-19 10:00")
	w.said()
	first := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, By: carla})
	if _, err := w.Book(t.Context(), first.ID, w.offer("2026-11-24 10:30"), carla); err != nil {
		t.Fatal(err)
	}
	second := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, By: carla})
	offer := w.offer("2026-11-25 10:30")
	w.cal.busy["seb@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-24 11:00"), End: w.at("2026-11-24 12:00")}}}
	w.cal.before = func(call string) {
		if call == "busy" {
			w.cal.before = nil
			if _, err := w.Book(t.Context(), second.ID, offer, carla); err != nil {
				t.Error(err)
			}
		}
	}
	w.dispatch()
	w.dispatch()
	got := w.iv(iv.ID)
	if ev := w.cal.events[iv.EventID]; !got.Start.Equal(w.at("2026-11-25 10:30")) || !sameTime(ev, got.Start, got.End) || got.Problem != "" {
		t.Errorf("%s, Google %s, %q", got.Start, ev.Start, got.Problem)
	}
	if owed := w.said("google"); owed != "" {
		t.Errorf("told: %s", owed)
	}
}

// The event of a lost insert doesn't show yet when it is looked for, but its
// time is busy already: that is its own.
func TestOwnEventShowsInFreeBusyFirst(t *testing.T) {
	w := newWorld(t)
	iv := booking(w)
	w.cal.fail["after:insert"] = []error{outbox.Lost(errors.New("reset"))}
	w.cal.fail["get"] = []error{hiring.ErrNotFound}
	w.dispatch()
	if got := w.iv(iv.ID); got.State != hiring.Booked || w.cal.lives() != 1 {
		t.Errorf("%s (%s), %d events", got.State, got.Reason, w.cal.lives())
	}
}
