package schedule

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
)

// Nobody holds or offers times in the tests of this package: the stories and
// the store's tests do.

func (w *world) TimeHoldByEvent(context.Context, string) (*hiring.TimeHold, error) {
	return nil, hiring.ErrNotFound
}
func (w *world) LiveHolds(context.Context) ([]*hiring.TimeHold, error) { return nil, nil }
func (w *world) LapsedHolds(context.Context, time.Time) ([]*hiring.TimeHold, error) {
	return nil, nil
}
func (w *world) Unanswered(context.Context, time.Time) ([]*hiring.Offering, error) { return nil, nil }

// offered is a search with times at these hours of 19 November, in Chicago.
func offered(w *world, hours ...int) *Search {
	s := &Search{ID: "s1", CandidateID: "ana", RoleKey: "coord", Stage: "round1", By: carla, Panel: []hiring.Panelist{{Person: karly, Part: hiring.Required}}}
	for _, h := range hours {
		start := w.at(fmt.Sprintf("2026-11-19 %02d:00", h))
		s.Offers = append(s.Offers, Slot{Start: start, End: start.Add(45 * time.Minute), Seats: []string{seb}})
	}
	w.searches[s.ID] = *s
	return s
}

// The text has the times in the candidate's zone, which it names, numbered from
// the first to the last, however they were offered and ticked.
func TestOfferDraft(t *testing.T) {
	w := newWorld(t)
	w.role.Stages[1].Chooses.V = true
	offered(w, 16, 9, 11, 13)
	subject, body, err := w.OfferDraft(t.Context(), "s1", []int{0, 2, 1}, carla)
	if err != nil {
		t.Fatal(err)
	}
	if subject != "Times for your interview: Account Coordinator at Example" {
		t.Errorf("the subject is %q", subject)
	}
	want := `1. Thursday, 19 November 2026, 8:00 am to 8:45 am MST
2. Thursday, 19 November 2026, 10:00 am to 10:45 am MST
3. Thursday, 19 November 2026, 3:00 pm to 3:45 pm MST

They are in your time zone, America/Denver.`
	for _, words := range []string{"Hello Ana,", want, "for 45 minutes by video", "Kind regards\nCarla"} {
		if !strings.Contains(body, words) {
			t.Errorf("the text lacks %q:\n%s", words, body)
		}
	}
	for what, picks := range map[string][]int{"too few": {0, 1, 1}, "too many": {0, 1, 2, 3, 4, 5}, "not offered": {0, 1, 9}} {
		_, _, err := w.OfferDraft(t.Context(), "s1", picks, carla)
		refused(t, err, "times", "imes")
		if err == nil {
			t.Error(what)
		}
	}
	_, _, err = w.OfferDraft(t.Context(), "s1", []int{0, 1, 2}, dana)
	refused(t, err, "", "Only a coordinator")
	_, err = w.Offer(t.Context(), "s1", []int{0, 1, 2}, subject, body, dana)
	refused(t, err, "", "Only a coordinator")
	_, err = w.Offer(t.Context(), "s1", []int{0, 1, 2}, subject, " ", carla)
	refused(t, err, "body", "Enter the text")
}

// Whoever of a pool was found free at a time is on its panel.
func TestOfferedTimesNameTheirPanel(t *testing.T) {
	w := newWorld(t)
	times, err := picked(offered(w, 9, 11, 13), []int{0, 1, 2})
	if err != nil {
		t.Fatal(err)
	}
	if p := times[0].Panel; len(p) != 2 || p[1].Person != seb || p[1].Part != hiring.Required {
		t.Errorf("the panel is %+v", p)
	}
}

func TestWhatCanBeChosen(t *testing.T) {
	for _, tt := range []struct {
		state  hiring.OfferingState
		before *hiring.Interview
		want   bool
	}{
		{hiring.OfferingApproved, nil, true}, {hiring.OfferingSent, nil, true}, {hiring.OfferingUnsure, nil, true},
		{hiring.OfferingNone, nil, true}, // a number came back after all
		{hiring.OfferingOver, nil, false},
		{hiring.OfferingChosen, &hiring.Interview{State: hiring.Booked}, false},
		{hiring.OfferingChosen, &hiring.Interview{State: hiring.Cancelled}, false},
		{hiring.OfferingChosen, &hiring.Interview{State: hiring.Taken}, true}, // it was gone when Google was asked
	} {
		if got := canChoose(&hiring.Offering{State: tt.state}, tt.before); got != tt.want {
			t.Errorf("%s, %+v: %t", tt.state, tt.before, got)
		}
	}
}

func TestNotFree(t *testing.T) {
	at := func(h int) hiring.Interval {
		start := time.Date(2026, 11, 19, h, 0, 0, 0, time.UTC)
		return hiring.Interval{Start: start, End: start.Add(time.Hour)}
	}
	for want, a := range map[string]Attendee{
		"":                          {Calendar: hiring.Calendar{Busy: []hiring.Interval{at(7), at(12)}}},
		"Seb is no longer free":     {Calendar: hiring.Calendar{Busy: []hiring.Interval{at(9)}}},
		"Seb is in another":         {Interviews: []hiring.Interval{at(9)}},
		"Seb has something too cl":  {Calendar: hiring.Calendar{Busy: []hiring.Interval{at(11)}}},
		"Seb's calendar can't be r": {Calendar: hiring.Calendar{Unreadable: "not shared"}},
	} {
		a.Name = "Seb"
		if got := notFree(a, at(9), hiring.Interval{Start: at(8).Start.Add(time.Minute), End: at(11).Start.Add(time.Minute)}); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
