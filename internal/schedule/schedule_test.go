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

func TestPrepareRefusesInWords(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*world, *Request)
		field  string
		words  string
	}{
		{"not a coordinator", func(_ *world, r *Request) { r.By = dana }, "", "Only a coordinator of Account Coordinator"},
		{"a stranger", func(_ *world, r *Request) { r.By = "nobody" }, "", "Only a coordinator"},
		{"withdrawn", func(w *world, _ *Request) { w.cands["ana"].State = hiring.Withdrawn }, "candidate", "no longer in the process"},
		{"at a check", func(w *world, _ *Request) { w.cands["ana"].Stage = "letter" }, "candidate", "isn't an interview"},
		{"an unknown stage", func(_ *world, r *Request) { r.Stage = "round9" }, "candidate", "isn't an interview"},
		{"a past day", func(w *world, r *Request) { r.From = w.now.AddDate(0, 0, -2) }, "from", "That day has passed"},
		{"beyond the horizon", func(w *world, r *Request) { r.From = w.now.AddDate(0, 0, 15) }, "from", "horizon of 14 days"},
		{"nobody is set up", func(w *world, _ *Request) { w.role.Setup.People = nil }, "", "/hiring setup"},
		{"has one already", func(w *world, _ *Request) { w.book("2026-11-19 10:00") }, "candidate", "already has a “Screening” interview"},
		{"a move of what is cancelled", func(w *world, r *Request) {
			r.InterviewID = w.book("2026-11-19 10:00").ID
			if err := w.Cancel(w.t.Context(), r.InterviewID, carla, ""); err != nil {
				w.t.Fatal(err)
			}
		}, "", "can't be moved: it is cancelled"},
		{"a move of what is over", func(w *world, r *Request) {
			r.InterviewID = w.book("2026-11-19 10:00").ID
			w.now = w.at("2026-11-19 10:45")
		}, "", "is over"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			w := newWorld(t)
			req := Request{CandidateID: "ana", By: carla}
			tt.change(w, &req)
			searches := len(w.searches)
			_, err := w.Prepare(t.Context(), req)
			refused(t, err, tt.field, tt.words)
			if len(w.searches) != searches {
				t.Error("a refused search was kept")
			}
		})
	}
	if _, err := newWorld(t).Prepare(t.Context(), Request{CandidateID: "gone", By: carla}); !errors.Is(err, hiring.ErrNotFound) {
		t.Errorf("an unknown candidate: %v", err)
	}
}

func TestFindAsksForEverybody(t *testing.T) {
	w := newWorld(t)
	w.cal.busy["karly@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-18 00:00"), End: w.at("2026-11-20 10:00")}}}
	w.cal.busy["mark@example.com"] = hiring.Calendar{Unreadable: "not shared"}
	s := w.search(Request{CandidateID: "ana", By: carla})
	if len(s.Offers) == 0 {
		t.Fatal(s.InWay)
	}
	for _, o := range s.Offers {
		if o.Start.Before(w.at("2026-11-20 10:00")) || fmt.Sprint(o.Without) != "[Mark]" || o.End.Sub(o.Start) != 45*time.Minute {
			t.Errorf("offered %+v", o)
		}
	}
	kept, err := w.Search(t.Context(), s.ID)
	if err != nil || len(kept.Offers) != len(s.Offers) {
		t.Errorf("kept %d offers, %v", len(kept.Offers), err)
	}

	w.cal.busy["seb@example.com"] = hiring.Calendar{Unreadable: "not shared"}
	if s = w.search(Request{CandidateID: "ana", By: carla}); len(s.Offers) != 0 || !strings.Contains(strings.Join(s.InWay, " "), "Seb's calendar can't be read") {
		t.Errorf("an unreadable calendar is taken for free: %d offers, %v", len(s.Offers), s.InWay)
	}
	delete(w.cal.busy, "seb@example.com")
	gone := w.who[seb]
	gone.Email = ""
	w.who[seb] = gone
	if s = w.search(Request{CandidateID: "ana", By: carla}); len(s.Offers) != 0 || !strings.Contains(strings.Join(s.InWay, " "), "no calendar is known") {
		t.Errorf("somebody without an address is taken for free: %v", s.InWay)
	}
	gone.Deleted = true
	w.who[seb] = gone
	s, err = w.Prepare(t.Context(), Request{CandidateID: "ana", By: carla})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Find(t.Context(), s.ID)
	refused(t, err, "", "Seb's Slack account is deactivated")

	w = newWorld(t)
	w.cal.fail["busy"] = []error{outbox.Later(errors.New("503"), 0)}
	s, _ = w.Prepare(t.Context(), Request{CandidateID: "ana", By: carla})
	if _, err := w.Find(t.Context(), s.ID); err == nil {
		t.Error("Google didn't answer, and that went unnoticed")
	}
}

func TestBookToBooked(t *testing.T) {
	w := newWorld(t)
	iv := w.book("2026-11-19 10:00")
	if iv.State != hiring.Booked || iv.Link == "" || !iv.Deadline.Equal(w.at("2026-11-23 17:00")) || iv.EventID != EventID(iv.ID, 1) {
		t.Errorf("booked %+v", iv)
	}
	if got := w.said(); got != "channel-booked:iv2:1 panelist:iv2:1:karly panelist:iv2:1:seb panelist:iv2:1:mark" {
		t.Errorf("owed: %s", got)
	}
	for key, want := range map[string]string{
		"ask:iv2": "2026-11-19 10:45", "kit:iv2": "2026-11-19 09:00",
		fmt.Sprintf("warn:coord:%d", iv.Deadline.Unix()): "2026-11-23 16:30", fmt.Sprintf("late:coord:%d", iv.Deadline.Unix()): "2026-11-23 17:00",
	} {
		if !w.due[key].Equal(w.at(want)) {
			t.Errorf("%s is due %s, want %s", key, w.due[key], want)
		}
	}
	// Both calendars and the candidate's are busy then.
	for _, email := range []string{"karly@example.com", "seb@example.com", "Ana@example.org"} {
		if cal, _ := w.cal.Busy(t.Context(), []string{email}, iv.Start, iv.End); len(cal[email].Busy) != 1 {
			t.Errorf("%s is free during the interview", email)
		}
	}
}

// The candidate is a guest of the event: it says nothing internal.
func TestEventHasNothingInternal(t *testing.T) {
	w := newWorld(t)
	ev := w.cal.events[w.book("2026-11-19 10:00").EventID]
	if ev.Zone != "America/Denver" || !ev.Meet || ev.ShowGuests || ev.Summary != "Interview: Account Coordinator at Example" {
		t.Errorf("event %+v", ev)
	}
	text := ev.Summary + ev.Description + ev.Location
	for _, secret := range []string{"SECRET", "Screening", "Captions", "Karly", "Seb", "karly", "ana", "iv2", "slack", "Slack"} {
		if strings.Contains(text, secret) {
			t.Errorf("the candidate reads %q in %q", secret, text)
		}
	}
	for _, g := range ev.Guests {
		if wantOptional := g.Email == "mark@example.com"; g.Optional != wantOptional {
			t.Errorf("guest %+v", g)
		}
	}
	if len(ev.Guests) != 4 {
		t.Errorf("%d guests", len(ev.Guests))
	}
}

func TestBookRefusesInWords(t *testing.T) {
	w := newWorld(t)
	s := w.search(Request{CandidateID: "ana", By: carla})
	ctx := t.Context()
	for _, offer := range []int{-1, len(s.Offers)} {
		_, err := w.Book(ctx, s.ID, offer, carla)
		refused(t, err, "slot", "Choose one of the offered times")
	}
	_, err := w.Book(ctx, s.ID, 0, dana)
	refused(t, err, "", "Only a coordinator")
	if !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("%v is not a refusal", err)
	}
	w.now = s.Offers[0].Start
	_, err = w.Book(ctx, s.ID, 0, carla)
	refused(t, err, "slot", "has passed")
	if len(w.interviews)+len(w.effects)+len(w.messages) != 0 {
		t.Error("a refused booking left something behind")
	}
}

func TestDoubleClickBooksOnce(t *testing.T) {
	w := newWorld(t)
	s := w.search(Request{CandidateID: "ana", By: carla})
	if _, err := w.Book(t.Context(), s.ID, 0, carla); err != nil {
		t.Fatal(err)
	}
	for offer := range 2 {
		_, err := w.Book(t.Context(), s.ID, offer, carla)
		already(t, err, "booked")
	}
	w.dispatch()
	if len(w.interviews) != 1 || w.cal.lives() != 1 {
		t.Errorf("%d interviews, %d events", len(w.interviews), w.cal.lives())
	}
}

func TestTwoSearchesTakeTheSamePanelist(t *testing.T) {
	w := newWorld(t)
	w.cands["ben"] = &hiring.Candidate{ID: "ben", RoleKey: "coord", Name: "Ben", Email: "ben@example.org", Zone: "UTC", LatestHour: 24 * time.Hour, Stage: "round1", State: hiring.Active}
	other := w.search(Request{CandidateID: "ben", By: carla})
	offer := w.offer("2026-11-19 10:30")
	w.book("2026-11-19 10:00")
	_, err := w.Book(t.Context(), other.ID, offer, carla)
	refused(t, err, "slot", "Karly was just booked for another interview")
}

func TestReschedule(t *testing.T) {
	w := newWorld(t)
	iv := w.book("2026-11-19 10:00")
	w.said()
	w.cal.answer(iv.EventID, "karly@example.com", "accepted")
	s := w.search(Request{CandidateID: "ana", Stage: "round1", InterviewID: iv.ID, By: carla})
	w.follow() // Karly's answer comes in while the coordinator chooses
	// The interview's own time doesn't stand in the way of moving it by a little.
	if len(s.Offers) == 0 {
		t.Fatal(s.InWay)
	}
	if _, err := w.Book(t.Context(), s.ID, w.offer("2026-11-24 10:30"), carla); err != nil {
		t.Fatal(err)
	}
	_, err := w.Book(t.Context(), s.ID, len(w.searches[s.ID].Offers)-1, carla)
	already(t, err, "at that time")
	w.dispatch()
	iv = w.iv(iv.ID)
	ev := w.cal.events[iv.EventID]
	if !iv.Start.Equal(w.at("2026-11-24 10:30")) || !sameTime(ev, iv.Start, iv.End) || !iv.EventStart.Equal(iv.Start) || iv.Revision != 2 || iv.Generation != 1 {
		t.Errorf("moved to %+v, event %s", iv, ev.Start)
	}
	if iv.Panel[0].RSVP != "accepted" {
		t.Error("Karly's answer was lost")
	}
	if !iv.Deadline.Equal(w.at("2026-11-30 17:00")) || !w.due["ask:"+iv.ID].Equal(iv.End) || !w.due["kit:"+iv.ID].Equal(iv.Start.Add(-time.Hour)) {
		t.Errorf("deadline %s, due %v", iv.Deadline, w.due)
	}
	if got := w.said(); got != "channel-moved:iv2:2" {
		t.Errorf("owed: %s", got)
	}
	w.follow() // our own change comes back from Google
	if got := w.said(); got != "" || w.iv(iv.ID).Revision != 2 {
		t.Errorf("our own move was taken for somebody's: %s", got)
	}
}

// Free/busy is asked again right before a move as well.
func TestSlotOfAMoveIsTaken(t *testing.T) {
	w := newWorld(t)
	iv := w.book("2026-11-19 10:00")
	w.said()
	s := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, By: carla})
	w.cal.busy["seb@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-24 11:00"), End: w.at("2026-11-24 12:00")}}}
	if _, err := w.Book(t.Context(), s.ID, w.offer("2026-11-24 10:30"), carla); err != nil {
		t.Fatal(err)
	}
	w.dispatch()
	iv = w.iv(iv.ID)
	if !iv.Start.Equal(w.at("2026-11-19 10:00")) || iv.Problem != "Seb is no longer free then." || !sameTime(w.cal.events[iv.EventID], iv.Start, iv.End) {
		t.Errorf("after the slot was taken: %+v", iv)
	}
	if !iv.Deadline.Equal(w.at("2026-11-23 17:00")) || !w.due["ask:"+iv.ID].Equal(iv.End) {
		t.Errorf("deadline %s, due %v", iv.Deadline, w.due)
	}
	if got := w.said("google"); got != "google:iv2:kept:3" {
		t.Errorf("told: %s", got)
	}
	w.follow()
	if got := w.said(); got != "" {
		t.Errorf("then: %s", got)
	}
	// By a little, its own event isn't in the way.
	s = w.search(Request{CandidateID: "ana", InterviewID: iv.ID, By: carla})
	if _, err := w.Book(t.Context(), s.ID, w.offer("2026-11-19 10:30"), carla); err != nil {
		t.Fatal(err)
	}
	w.dispatch()
	if iv = w.iv(iv.ID); !sameTime(w.cal.events[iv.EventID], w.at("2026-11-19 10:30"), w.at("2026-11-19 11:15")) || iv.Problem != "" {
		t.Errorf("not moved by half an hour: %+v", iv)
	}
}

func TestGoogleRefusesAMove(t *testing.T) {
	w := newWorld(t)
	iv := w.book("2026-11-19 10:00")
	w.said()
	s := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, By: carla})
	w.cal.fail["patch"] = []error{outbox.Never(errors.New("no permission."))}
	if _, err := w.Book(t.Context(), s.ID, w.offer("2026-11-24 10:30"), carla); err != nil {
		t.Fatal(err)
	}
	w.dispatch()
	failed := w.effects[len(w.effects)-1]
	if err := w.handler().Failed(t.Context(), failed); err != nil { // it may happen twice
		t.Fatal(err)
	}
	iv = w.iv(iv.ID)
	if !iv.Start.Equal(w.at("2026-11-19 10:00")) || iv.Problem != "Google Calendar refused the change: no permission." {
		t.Errorf("we and Google disagree: %+v", iv)
	}
	if got := w.said("google"); got != "google:iv2:kept:3" {
		t.Errorf("told: %s", got)
	}
}

func TestCancel(t *testing.T) {
	w := newWorld(t)
	iv := w.book("2026-11-19 10:00")
	w.said()
	ctx := t.Context()
	refused(t, w.Cancel(ctx, iv.ID, karly, ""), "", "Only a coordinator")
	if err := w.Cancel(ctx, iv.ID, carla, "  Ana is ill\u202E "+strings.Repeat("x", 400)); err != nil {
		t.Fatal(err)
	}
	already(t, w.Cancel(ctx, iv.ID, carla, "again"), "cancelled")
	w.dispatch()
	iv = w.iv(iv.ID)
	if iv.State != hiring.Cancelled || len([]rune(iv.Reason)) != MaxCancelReason || !strings.HasPrefix(iv.Reason, "Ana is ill x") || w.cal.lives() != 0 {
		t.Errorf("cancelled %+v, %d events", iv, w.cal.lives())
	}
	if got := w.said(); got != "channel-cancelled:iv2:1" {
		t.Errorf("owed: %s", got)
	}
	if _, ok := w.due["ask:"+iv.ID]; ok {
		t.Error("scorecards are still asked for")
	}
	w.follow() // our own deletion comes back
	if got := w.said(); got != "" || w.iv(iv.ID).State != hiring.Cancelled {
		t.Errorf("our own deletion was taken for somebody's: %s", got)
	}

	w = newWorld(t)
	iv = w.book("2026-11-19 10:00")
	w.now = iv.End
	refused(t, w.Cancel(ctx, iv.ID, carla, ""), "", "is over")
}

// Cancelled before Google was asked, or while it is being asked: no event
// stays, and the channel, which never heard of it, hears nothing.
func TestCancelWhileBooking(t *testing.T) {
	for _, when := range []string{"before", "insert", "after lost answer"} {
		w := newWorld(t)
		s := w.search(Request{CandidateID: "ana", By: carla})
		iv, err := w.Book(t.Context(), s.ID, 0, carla)
		if err != nil {
			t.Fatal(err)
		}
		cancel := func() {
			if err := w.Cancel(t.Context(), iv.ID, carla, ""); err != nil {
				t.Fatal(err)
			}
		}
		switch when {
		case "before":
			cancel()
		case "insert":
			w.cal.before = func(call string) {
				if call == "insert" {
					cancel()
				}
			}
		default:
			w.cal.fail["after:insert"] = []error{outbox.Lost(errors.New("reset"))}
			w.cal.before = func(call string) {
				if call == "get" && w.iv(iv.ID).State == hiring.Booking {
					cancel()
				}
			}
		}
		w.dispatch()
		w.dispatch()
		if when == "before" && slices.Contains(w.cal.calls, "insert") {
			t.Error("the event of a cancelled interview was made, and its guests invited")
		}
		if got := w.said(); w.cal.lives() != 0 || w.iv(iv.ID).State != hiring.Cancelled || got != "" {
			t.Errorf("%s: %d events, %s, owed %q", when, w.cal.lives(), w.iv(iv.ID).State, got)
		}
	}
}

func TestRestoreAfterADeletion(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	iv := w.book("2026-11-19 10:00")
	already(t, w.Restore(ctx, iv.ID, carla), "booked again")
	w.cal.answer(iv.EventID, "karly@example.com", "accepted")
	w.follow()
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Cancelled = true })
	w.follow()
	w.said()
	refused(t, w.Restore(ctx, iv.ID, dana), "", "Only a coordinator")
	if err := w.Restore(ctx, iv.ID, carla); err != nil {
		t.Fatal(err)
	}
	w.dispatch()
	iv = w.iv(iv.ID)
	if iv.State != hiring.Booked || iv.Generation != 2 || w.cal.lives() != 1 || iv.EventID != EventID(iv.ID, 2) || iv.Panel[0].RSVP != "" {
		t.Errorf("restored %+v, %d events", iv, w.cal.lives())
	}
	if got := w.said(); got != "channel-booked:iv2:2 panelist:iv2:2:karly panelist:iv2:2:seb panelist:iv2:2:mark" {
		t.Errorf("owed: %s", got)
	}
	if !w.due["ask:"+iv.ID].Equal(iv.End) {
		t.Error("nobody asks for scorecards")
	}
	// Deleted once more: the coordinator hears it once more.
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Cancelled = true })
	w.follow()
	if got := w.said(); got != "google:iv2:removed:2" {
		t.Errorf("the second deletion is told as %q", got)
	}
	w.now = iv.Start
	refused(t, w.Restore(ctx, iv.ID, carla), "", "Its time has passed")
}

func TestRestoreIsTooLate(t *testing.T) {
	w := newWorld(t)
	iv := w.book("2026-11-19 10:00")
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Cancelled = true })
	w.follow()
	w.cal.busy["karly@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: iv.Start, End: iv.End}}}
	if err := w.Restore(t.Context(), iv.ID, carla); err != nil {
		t.Fatal(err)
	}
	w.dispatch()
	if got := w.iv(iv.ID); got.State != hiring.Taken || got.Reason != "Karly is no longer free then." {
		t.Errorf("Karly's new meeting was overlooked: %s %s", got.State, got.Reason)
	}
	w = newWorld(t)
	iv = w.book("2026-11-19 10:00")
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Cancelled = true })
	w.follow()
	w.book("2026-11-20 10:00") // another interview took its place
	refused(t, w.Restore(t.Context(), iv.ID, carla), "", "Another interview of this stage")
}
