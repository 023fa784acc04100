package sqlite_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/internal/candidate"
	"convene/internal/outbox"
)

// says records that a message shows a text about a candidate.
func (w *world) says(key, candidate, interview, text string) error {
	m := *w.message(key)
	m.Said = []outbox.Said{{Candidate: candidate, Interview: interview, Text: text}}
	return w.Shown(w.ctx(), m, []string{interview})
}

// What a message says of a candidate is kept whenever it says something else
// than before, however often it is posted or edited.
func TestWhatTheMondayMessagesSaidIsKept(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.interview("iv", "ana", noon.Add(-2*time.Hour))
	w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{
		{Key: "preview:coord:2026-11-23", Kind: "preview", About: "preview|coord", Role: "coord"},
		{Key: "summary:coord:2026-11-23", Kind: "summary", About: "summary|coord", Role: "coord"},
	}}))
	posted := *w.message("preview:coord:2026-11-23")
	posted.Channel, posted.TS, posted.Posted, posted.Hash = "C1", "1.1", w.clock(), "hash"
	posted.Said = []outbox.Said{{Candidate: "ana", Interview: "iv", Text: "1 of 2 in"}}
	for range 2 { // Slack's answer may be learnt twice
		w.check(w.Posted(w.ctx(), posted, []string{"iv"}))
	}
	for _, text := range []string{"1 of 2 in", "2 of 2 in", "2 of 2 in", "1 of 2 in"} {
		w.wait(time.Minute)
		w.check(w.says("preview:coord:2026-11-23", "ana", "iv", text))
	}
	later := *w.message("summary:coord:2026-11-23")
	later.Channel, later.TS, later.Posted, later.Hash = "C1", "1.3", w.clock(), "hash"
	later.Said = []outbox.Said{{Candidate: "ana", Interview: "iv", Text: "1 of 2 in"}}
	w.check(w.Posted(w.ctx(), later, nil))
	said := func() (out string) {
		m, err := w.Material(w.ctx(), "ana")
		w.check(err)
		for _, s := range m.Said {
			out += fmt.Sprintf("%s of %s at +%d: %s\n", s.Message[:7], s.InterviewID, int(s.At.Sub(noon).Minutes()), s.Text)
		}
		return out
	}
	same(t, "said", said(), "preview of iv at +0: 1 of 2 in\npreview of iv at +2: 2 of 2 in\npreview of iv at +4: 1 of 2 in\nsummary of iv at +4: 1 of 2 in\n")

	// The bot dies while Slack answers. What was about to be said counts once the
	// message is found there, and what it says since is another entry; what an
	// attempt that failed was about to say doesn't.
	w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{{Key: "summary:coord:2026-11-30", Kind: "summary", About: "summary|coord", Role: "coord"}}}))
	next := *w.message("summary:coord:2026-11-30")
	next.Channel = "C1"
	for _, text := range []string{"0 of 2 in", "1 of 2 in"} {
		next.Said = []outbox.Said{{Candidate: "ana", Interview: "iv", Text: text}}
		w.check(w.Placed(w.ctx(), next))
	}
	before := said()
	w.wait(time.Minute)
	next.TS, next.Posted, next.Said = "1.2", w.clock(), nil // found there: nobody knows what it shows
	w.check(w.Posted(w.ctx(), next, nil))
	w.check(w.says("summary:coord:2026-11-30", "ana", "iv", "2 of 2 in"))
	same(t, "said since", strings.TrimPrefix(said(), before), "summary of iv at +4: 1 of 2 in\nsummary of iv at +5: 2 of 2 in\n")

	// An erasure takes it all, and an edit that was under way adds nothing.
	s := candidate.Records{Store: w, Now: w.clock}
	w.check(s.Erase(w.ctx(), "ana", "Cora"))
	w.check(w.says("summary:coord:2026-11-23", "ana", "iv", "Ana waits"))
	same(t, "said of who was erased", said(), "")
}
