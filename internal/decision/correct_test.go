package decision

import (
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
)

// Ana was told that she is declined. Dana decides anew.
func toldDeclined(t *testing.T) (*world, *hiring.Notice) {
	w := newWorld(t)
	complete(w.ana())
	first := w.decide(hiring.Decline)
	if err := w.MarkTold(t.Context(), "ana", first.ID, dana); err != nil {
		t.Fatal(err)
	}
	return w, first
}

// anew decides on what the candidate was told.
func (w *world) anew(o hiring.Outcome) (*hiring.Decision, error) {
	d, _, err := w.Decide(w.t.Context(), Verdict{
		InterviewID: "ana", Outcome: o, Reason: "Read again.", Dissent: " Karly: too few accounts ", By: drew,
		HoldUntil: w.at("2026-12-02 12:00"), Replaces: w.ana().Decision.ID, Corrects: true,
	})
	return d, err
}

func TestWhatWasToldIsCorrected(t *testing.T) {
	w, first := toldDeclined(t)
	promised, told := w.ana().Interview.Deadline, w.now
	_, err := w.anew(hiring.Decline)
	refused(t, err, "outcome", "told exactly this")

	w.now = w.at("2026-11-25 11:00") // the Wednesday before Thanksgiving
	w.Holidays = func(hiring.Holidays) func(time.Time) bool {
		return func(day time.Time) bool { return day.Day() == 26 }
	}
	d, err := w.anew(hiring.Advance)
	if err != nil {
		t.Fatal(err)
	}
	k := w.ana()
	if d.Corrects == nil || d.Corrects.Outcome != hiring.Decline || !d.Corrects.At.Equal(told) || d.Dissent != "Karly: too few accounts" {
		t.Errorf("recorded %+v, which corrects %+v", d, d.Corrects)
	}
	if c := k.Candidate; c.State != hiring.Active || c.Stage != "panel" {
		t.Errorf("the candidate is %s at %s", c.State, c.Stage)
	}
	if due := w.at("2026-11-27 17:00"); k.Told() || !k.Interview.Deadline.Equal(due) {
		t.Errorf("told %t, due %s, want open until %s", k.Told(), k.Interview.Deadline, due)
	}
	if n := k.Notice; n.ID == first.ID || !strings.HasPrefix(n.Body, "This corrects what we wrote to you on Monday, 23 November 2026.\n\nHello Ana") || strings.Contains(n.Body, "accounts") {
		t.Errorf("the notice says %q", n.Body)
	}
	refused(t, w.Word(t.Context(), "ana", k.Notice.ID, "Hello", carla), "", "a message of its own")
	if got := w.tick("2026-11-27 16:30"); got != "summary:coord:2026-11-27 deadline:coord:1795820400:warn:drew" && !strings.Contains(got, ":warn:drew") {
		t.Errorf("half an hour before the end: %s", got)
	}
	if err := w.MarkTold(t.Context(), "ana", k.Notice.ID, drew); err != nil {
		t.Fatal(err)
	}
	if p := k.Promise(); !p.Kept() || !p.Deadline.Equal(promised) || !p.ToldAt.Equal(told) {
		t.Errorf("the promise counts by %+v", p)
	}
	already(t, w.MarkTold(t.Context(), "ana", k.Notice.ID, dana), "told", drew)
}

// Back at what Ana was told, nobody writes to her again.
func TestACorrectionIsTakenBackBeforeItIsTold(t *testing.T) {
	w, first := toldDeclined(t)
	told := w.ana().ToldAt
	if _, err := w.anew(hiring.Advance); err != nil {
		t.Fatal(err)
	}
	v := Verdict{InterviewID: "ana", Outcome: hiring.Hold, HoldUntil: w.at("2026-12-02 12:00"), Reason: "x", By: dana, Replaces: w.ana().Decision.ID}
	d, n, err := w.Decide(t.Context(), v)
	if err != nil || d.Corrects == nil || d.Corrects.ID != first.DecisionID || !strings.HasPrefix(n.Body, "This corrects") {
		t.Fatalf("changed to %+v, %v", d, err)
	}
	v.Outcome, v.Replaces = hiring.Decline, d.ID
	d, n, err = w.Decide(t.Context(), v)
	if k := w.ana(); err != nil || d != nil || n != nil || k.Decision.ID != first.DecisionID || !k.ToldAt.Equal(told) || k.Candidate.State != hiring.Declined {
		t.Errorf("taken back to %+v, told %s, %v", k.Decision, k.ToldAt, err)
	}
}

// Once a hold was told, a new decision is the usual one, whatever was told
// before the hold.
func TestAToldHoldIsNotCorrected(t *testing.T) {
	w, _ := toldDeclined(t)
	if _, err := w.anew(hiring.Hold); err != nil {
		t.Fatal(err)
	}
	if err := w.MarkTold(t.Context(), "ana", w.ana().Notice.ID, dana); err != nil {
		t.Fatal(err)
	}
	n := w.decide(hiring.Decline)
	if w.ana().Decision.Corrects != nil || n.State != hiring.NoticeDraft || strings.Contains(n.Body, "corrects") {
		t.Errorf("%+v, %q", w.ana().Decision, n.Body)
	}
}

func TestWhatFollowedKeepsADecision(t *testing.T) {
	for _, tt := range []struct {
		told, now hiring.Outcome
		start     string
		words     string // of the refusal; empty: it goes through
	}{
		{hiring.Advance, hiring.Decline, "2026-12-01 10:00", "cancelled first"},
		{hiring.Advance, hiring.Decline, "2026-11-20 10:00", "Decide there"},
		{hiring.Decline, hiring.Advance, "2026-12-01 10:00", ""}, // booked ahead of the decision, and wanted now
		{hiring.Decline, hiring.Advance, "2026-11-20 10:00", "Decide there"},
	} {
		w := newWorld(t)
		complete(w.ana())
		if err := w.MarkTold(t.Context(), "ana", w.decide(tt.told).ID, dana); err != nil {
			t.Fatal(err)
		}
		start := w.at(tt.start)
		w.live = []*hiring.Interview{w.ana().Interview, {ID: "next", Stage: "panel", State: hiring.Booked, Start: start, End: start.Add(time.Hour)}}
		_, err := w.anew(tt.now)
		if tt.words == "" && err != nil {
			t.Errorf("%s: %v", tt.told, err)
		} else if tt.words != "" {
			refused(t, err, "", tt.words)
		}
	}
}

func TestDissentHasALimit(t *testing.T) {
	w := newWorld(t)
	complete(w.ana())
	_, _, err := w.Decide(t.Context(), Verdict{InterviewID: "ana", Outcome: hiring.Advance, Reason: "x", By: dana, Dissent: strings.Repeat("ü", hiring.MaxDissent+1)})
	refused(t, err, "dissent", "longer than 300")
}
