package gcal_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/sandbox/fakegoogle"

	"github.com/google/go-cmp/cmp"
)

func TestChangesFollowWhatPeopleDo(t *testing.T) {
	w := start(t)
	c := w.client()
	w.book(c, "meeting1")
	w.book(c, "meeting2")
	_, err := w.AddBusy(interviews, "Dentist", at("2026-11-19T10:00:00Z"), at("2026-11-19T11:00:00Z"), false)
	must(t, err)
	token := ""
	changes := func() []string {
		t.Helper()
		events, next, err := c.Changes(ctx, token)
		must(t, err)
		token = next
		var got []string
		for _, ev := range events {
			line := ev.ID + " " + ev.Start.Format("Jan 2 15:04")
			if ev.Cancelled {
				line = ev.ID + " cancelled"
			}
			for _, g := range ev.Guests {
				if g.RSVP != "needsAction" {
					line += " " + g.Email + " " + g.RSVP
				}
			}
			got = append(got, line)
		}
		return got
	}
	for _, step := range []struct {
		name string
		do   func() error
		want []string
	}{
		{"the first read is of all our events", func() error { return nil }, []string{"meeting1 Nov 19 16:00", "meeting2 Nov 19 16:00"}},
		{"nothing", func() error { return nil }, nil},
		{"an answer", func() error { return w.RSVP(ann, "meeting1", "declined", "") }, []string{"meeting1 Nov 19 16:00 " + ann + " declined"}},
		{"a move", func() error {
			return w.HumanMove("meeting2", at("2026-11-20T16:00:00Z"), at("2026-11-20T17:00:00Z"))
		}, []string{"meeting2 Nov 20 16:00"}},
		{"a deletion", func() error { return w.HumanDelete("meeting1", false) }, []string{"meeting1 cancelled " + ann + " declined"}},
	} {
		must(t, step.do())
		if diff := cmp.Diff(step.want, changes()); diff != "" {
			t.Errorf("%s: %s", step.name, diff)
		}
	}

	w.ExpireSyncTokens(interviews)
	if _, _, err := c.Changes(ctx, token); !errors.Is(err, hiring.ErrResync) {
		t.Errorf("got %v, want ErrResync", err)
	}
	if _, _, err := c.Changes(ctx, "garbled"); !errors.Is(err, hiring.ErrResync) {
		t.Errorf("got %v, want ErrResync", err)
	}
	token = ""
	if diff := cmp.Diff([]string{"meeting2 Nov 20 16:00", "meeting1 cancelled " + ann + " declined"}, changes()); diff != "" {
		t.Errorf("a full read must tell deletions too: %s", diff)
	}
}

func TestChangesReadEveryPage(t *testing.T) {
	w := start(t)
	w.Configure(func(o *fakegoogle.Options) { o.PageSize, o.EmptyPages = 2, true })
	c := w.client()
	for _, id := range []string{"meeting1", "meeting2", "meeting3", "meeting4", "meeting5"} {
		w.book(c, id)
	}
	events, token, err := c.Changes(ctx, "")
	must(t, err)
	if len(events) != 5 || token == "" {
		t.Errorf("%d events, token %q", len(events), token)
	}
	for _, id := range []string{"meeting1", "meeting2", "meeting3"} {
		must(t, w.HumanEdit(id, json.RawMessage(`{"location":"Room 1"}`)))
	}
	events, token, err = c.Changes(ctx, token)
	must(t, err)
	if len(events) != 3 || token == "" {
		t.Errorf("%d events, token %q", len(events), token)
	}
}

// Another tool's calendar can be large: it is read in pages of the largest size,
// then only what changed, and a quiet minute costs one request.
func TestChangesTakeFewRequests(t *testing.T) {
	w := start(t)
	c := w.client()
	day := at("2026-01-05T10:00:00Z")
	var others []string
	for i := range 5000 {
		start := day.Add(time.Duration(i) * time.Hour)
		id, err := w.AddBusy(interviews, "Somebody's meeting", start, start.Add(30*time.Minute), false)
		must(t, err)
		others = append(others, id)
	}
	w.book(c, "meeting1")
	token := ""
	read := func(what string, wantEvents, wantRequests int) {
		t.Helper()
		before := len(w.Requests("events.list"))
		events, next, err := c.Changes(ctx, token)
		must(t, err)
		token = next
		if n := len(w.Requests("events.list")) - before; len(events) != wantEvents || n > wantRequests {
			t.Errorf("%s: %d of our events in %d requests, want %d in at most %d", what, len(events), n, wantEvents, wantRequests)
		}
	}
	read("5,000 events and one of ours", 1, 3)
	read("nothing new", 0, 1)
	for _, id := range others[:199] {
		must(t, w.HumanEdit(id, json.RawMessage(`{"location":"Room 1"}`)))
	}
	must(t, w.HumanEdit("meeting1", json.RawMessage(`{"location":"Room 1"}`)))
	read("200 changes", 1, 1)
}
