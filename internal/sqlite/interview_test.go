package sqlite_test

import (
	"errors"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
)

func required(people ...string) []hiring.Panelist {
	var out []hiring.Panelist
	for _, p := range people {
		out = append(out, hiring.Panelist{Person: p, Part: hiring.Required})
	}
	return out
}

func TestInterviewsComeBackAsTheyWereBooked(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	want := testInterview("iv", "ana", noon.Add(time.Hour))
	want.Etag, want.Link, want.CandidateRSVP, want.Reason, want.Problem = "e", "https://meet.example", "accepted", "why", "trouble"
	want.EventStart, want.EventEnd = want.Start, want.End
	want.Panel[0].RSVP = "declined"
	w.check(w.book(want))
	w.reopen()
	got, err := w.Interview(w.ctx(), "iv")
	w.check(err)
	same(t, "interview", got, want)
	got, err = w.InterviewByEvent(w.ctx(), "eventiv")
	w.check(err)
	same(t, "by event", got, want)
	for _, id := range []string{"", "none"} {
		_, err = w.InterviewByEvent(w.ctx(), id)
		isErr(t, err, hiring.ErrNotFound)
		_, err = w.Interview(w.ctx(), id)
		isErr(t, err, hiring.ErrNotFound)
	}
}

func TestChangeInterviewWritesEverythingThatChanged(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.interview("iv", "ana", noon)
	var want hiring.Interview
	w.check(w.ChangeInterview(w.ctx(), "iv", func(iv *hiring.Interview) (outbox.Batch, error) {
		iv.State, iv.Start, iv.End = hiring.Removed, iv.Start.Add(time.Hour), iv.End.Add(time.Hour)
		iv.Revision, iv.Generation, iv.EventID, iv.Etag, iv.Link = 2, 3, "other", "etag", "link"
		iv.EventStart, iv.EventEnd, iv.Deadline = iv.Start, iv.End, time.Time{}
		iv.CandidateRSVP, iv.BookedBy, iv.BookedAt, iv.Reason, iv.Problem = "tentative", "Dee", noon.Add(time.Minute), "r", "p"
		iv.Panel = []hiring.Panelist{{Person: "Zed", Part: hiring.Shadow, RSVP: "accepted"}, {Person: "Pia", Part: hiring.Optional}}
		want = *iv
		return outbox.Batch{Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarMove, "iv", 2)}}, nil
	}))
	got, err := w.Interview(w.ctx(), "iv")
	w.check(err)
	same(t, "interview", got, &want)
	same(t, "effects", w.effects(), map[string]string{"calendar:move:iv:2": "pending"})
	isErr(t, w.ChangeInterview(w.ctx(), "none", nil), hiring.ErrNotFound)
}

func TestLiveAndComingInterviews(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.candidate("ben")
	w.interview("held", "ana", noon.Add(-48*time.Hour))
	panel := testInterview("panel", "ana", noon.Add(time.Hour))
	panel.Stage, panel.State = "panel", hiring.Booking
	w.check(w.book(panel))
	w.interview("now", "ben", noon.Add(-10*time.Minute), required("Zed")...)
	live, err := w.LiveInterviews(w.ctx(), "ana")
	w.check(err)
	ids := func(list []*hiring.Interview) string {
		return keys(list, func(iv *hiring.Interview) string { return iv.ID })
	}
	same(t, "live", ids(live), "held panel ")
	same(t, "with panels", len(live[1].Panel), 2)
	coming, err := w.Coming(w.ctx(), noon)
	w.check(err)
	same(t, "coming", ids(coming), "now ") // the other isn't booked yet
	w.check(w.ChangeInterview(w.ctx(), "held", func(iv *hiring.Interview) (outbox.Batch, error) {
		iv.State = hiring.NotHeld
		return outbox.Batch{}, nil
	}))
	live, err = w.LiveInterviews(w.ctx(), "ana")
	w.check(err)
	same(t, "live", ids(live), "panel ")
}

func TestBookings(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"a", "b", "c", "d"} {
		w.candidate(id)
	}
	w.interview("first", "a", noon, required("Pia")...)
	w.interview("second", "b", noon.Add(2*time.Hour), hiring.Panelist{Person: "Pia", Part: hiring.Shadow}, hiring.Panelist{Person: "Quin", Part: hiring.Required})
	w.interview("off", "c", noon.Add(4*time.Hour), required("Pia")...)
	w.interview("later", "d", noon.Add(24*time.Hour), required("Pia")...)
	w.check(w.ChangeInterview(w.ctx(), "off", func(iv *hiring.Interview) (outbox.Batch, error) {
		iv.State = hiring.Cancelled
		return outbox.Batch{}, nil
	}))
	at := func(h time.Duration) hiring.Interval {
		return hiring.Interval{Start: noon.Add(h), End: noon.Add(h + 45*time.Minute)}
	}
	got, err := w.Bookings(w.ctx(), []string{"Pia", "Quin", "Nobody"}, noon, noon.Add(12*time.Hour), "")
	w.check(err)
	same(t, "booked", got, map[string][]hiring.Interval{"Pia": {at(0), at(2 * time.Hour)}, "Quin": {at(2 * time.Hour)}})
	got, err = w.Bookings(w.ctx(), []string{"Pia"}, noon.Add(45*time.Minute), noon.Add(2*time.Hour), "")
	w.check(err)
	same(t, "between two", got, map[string][]hiring.Interval{})
	got, err = w.Bookings(w.ctx(), []string{"Pia"}, noon, noon.Add(12*time.Hour), "first")
	w.check(err)
	same(t, "but for the one to be moved", got, map[string][]hiring.Interval{"Pia": {at(2 * time.Hour)}})
}

func TestSearchesAreKept(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	s := &schedule.Search{
		ID: "s", CandidateID: "ana", RoleKey: "coord", Stage: "round1", InterviewID: "iv", By: "Cora", Panel: required("Pia"),
		Duration: 45 * time.Minute, From: noon, Offers: []schedule.Slot{{Start: noon, End: noon.Add(time.Hour), Cost: 3, Reasons: []string{"soon"}}},
		InWay: []string{"Quin"}, Ways: []schedule.Way{{Changes: []schedule.Change{{Kind: schedule.Instead, Who: "Quin", In: "Pia"}}, Opens: []time.Time{noon}}},
		Once: []schedule.Change{{Kind: schedule.Further, Until: noon}}, Any: &schedule.AnyTime{Slot: schedule.Slot{Start: noon}, Against: []schedule.Objection{{Rule: schedule.RuleHoliday}}},
	}
	w.check(w.SaveSearch(w.ctx(), s))
	w.reopen()
	got, err := w.Search(w.ctx(), "s")
	w.check(err)
	if d := cmp.Diff(s, got, cmpopts.IgnoreUnexported(schedule.Search{})); d != "" {
		t.Errorf("search (-want +got):\n%s", d)
	}
	_, err = w.Search(w.ctx(), "none")
	isErr(t, err, hiring.ErrNotFound)
}

// What was confirmed with a booking is kept, and doesn't stand in its way.
func TestAnOverriddenClash(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.candidate("zed")
	other := testInterview("other", "zed", noon.Add(-30*time.Minute), required("Pia")...)
	for _, id := range []string{"s1", "s2"} {
		w.check(w.SaveSearch(w.ctx(), &schedule.Search{ID: id, CandidateID: "ana", RoleKey: "coord", Stage: "round1"}))
	}
	w.check(w.SaveSearch(w.ctx(), &schedule.Search{ID: "s0", CandidateID: "zed", RoleKey: "coord", Stage: "round1"}))
	w.check(w.BookSearch(w.ctx(), "s0", other, outbox.Batch{}))
	iv := testInterview("iv", "ana", noon, required("Pia")...)
	var clash *schedule.Clash
	if err := w.BookSearch(w.ctx(), "s1", iv, outbox.Batch{}); !errors.As(err, &clash) {
		t.Fatalf("booked over another interview: %v", err)
	}
	iv.Anyway = &hiring.Override{By: "Cora", At: noon, Unknown: []string{"Quin"}, Busy: []hiring.Occupied{{Person: "Pia", Interval: hiring.Interval{Start: other.Start, End: other.End}}}}
	w.check(w.BookSearch(w.ctx(), "s2", iv, outbox.Batch{}))
	w.reopen()
	got, err := w.Override(w.ctx(), "iv")
	w.check(err)
	same(t, "override", got, iv.Anyway)
	if got, err = w.Override(w.ctx(), "other"); got != nil || err != nil {
		t.Errorf("nothing was confirmed: %v, %v", got, err)
	}
}

func TestASearchIsBookedOnce(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	s := &schedule.Search{ID: "s", CandidateID: "ana", RoleKey: "coord", Stage: "round1"}
	w.check(w.SaveSearch(w.ctx(), s))
	iv := testInterview("iv", "ana", noon)
	isErr(t, w.BookSearch(w.ctx(), "none", iv, outbox.Batch{}), hiring.ErrNotFound)
	w.check(w.BookSearch(w.ctx(), "s", iv, outbox.Batch{Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarInsert, "iv", 1)}}))
	isErr(t, w.BookSearch(w.ctx(), "s", testInterview("iv2", "ana", noon.Add(5*time.Hour)), outbox.Batch{}), hiring.ErrConflict)
	w.check(w.SaveSearch(w.ctx(), s)) // Google answers a second time
	got, err := w.Search(w.ctx(), "s")
	w.check(err)
	same(t, "used", got.Used, true)
	same(t, "effects", w.effects(), map[string]string{"calendar:insert:iv:1": "pending"})
}

func TestClashes(t *testing.T) {
	tests := []struct {
		name string
		iv   func(*hiring.Interview)
		want *schedule.Clash
	}{
		{"same panelist, overlapping", func(iv *hiring.Interview) {}, &schedule.Clash{Person: "Pia"}},
		{"optional panelist", func(iv *hiring.Interview) { iv.Panel[0].Part = hiring.Optional }, nil},
		{"right after", func(iv *hiring.Interview) { iv.Start, iv.End = iv.Start.Add(30*time.Minute), iv.End.Add(time.Hour) }, nil},
		{"the candidate, other stage", func(iv *hiring.Interview) { iv.CandidateID, iv.Stage, iv.Panel = "ana", "panel", required("Zed") }, &schedule.Clash{}},
		{"the candidate, same stage another day", func(iv *hiring.Interview) {
			iv.CandidateID, iv.Start, iv.End = "ana", iv.Start.Add(24*time.Hour), iv.End.Add(24*time.Hour)
		}, &schedule.Clash{}},
		{"the candidate, other stage another day", func(iv *hiring.Interview) {
			iv.CandidateID, iv.Stage, iv.Start, iv.End = "ana", "panel", iv.Start.Add(24*time.Hour), iv.End.Add(24*time.Hour)
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.candidate("ana")
			w.candidate("ben")
			w.interview("iv", "ana", noon, required("Pia")...)
			iv := testInterview("iv2", "ben", noon.Add(15*time.Minute), required("Pia")...)
			tt.iv(iv)
			err := w.book(iv)
			var clash *schedule.Clash
			if !errors.As(err, &clash) {
				w.check(err)
			}
			same(t, "clash", clash, tt.want)
			if tt.want == nil {
				return
			}
			// Nothing is left behind: the search can be used once the way is free.
			w.check(w.ChangeInterview(w.ctx(), "iv", func(iv *hiring.Interview) (outbox.Batch, error) {
				iv.State = hiring.Cancelled
				return outbox.Batch{}, nil
			}))
			w.check(w.BookSearch(w.ctx(), "search-iv2", iv, outbox.Batch{}))
		})
	}
}

// A cancelled interview can't come back when its place was taken.
func TestRestoringIntoAnotherInterview(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.interview("old", "ana", noon)
	set := func(state hiring.InterviewState) error {
		return w.ChangeInterview(w.ctx(), "old", func(iv *hiring.Interview) (outbox.Batch, error) {
			iv.State = state
			return outbox.Batch{}, nil
		})
	}
	w.check(set(hiring.Removed))
	w.interview("new", "ana", noon.Add(24*time.Hour))
	isErr(t, set(hiring.Booking), hiring.ErrConflict)
}
