package sqlite_test

import (
	"fmt"
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
	w.check(w.says("summary:coord:2026-11-23", "ana", "iv", "1 of 2 in"))
	said := func() (out string) {
		m, err := w.Material(w.ctx(), "ana")
		w.check(err)
		for _, s := range m.Said {
			out += fmt.Sprintf("%s of %s at +%d: %s\n", s.Message[:7], s.InterviewID, int(s.At.Sub(noon).Minutes()), s.Text)
		}
		return out
	}
	same(t, "said", said(), "preview of iv at +0: 1 of 2 in\npreview of iv at +2: 2 of 2 in\npreview of iv at +4: 1 of 2 in\nsummary of iv at +4: 1 of 2 in\n")

	// An erasure takes it all, and an edit that was under way adds nothing.
	s := candidate.Records{Store: w, Now: w.clock}
	w.check(s.Erase(w.ctx(), "ana", "Cora"))
	w.check(w.says("summary:coord:2026-11-23", "ana", "iv", "Ana waits"))
	same(t, "said of who was erased", said(), "")
}
