package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// A stopwatch tells the bot's own time from slack-go's, the socket's and the
// fake's: it starts when the bot takes an event up that slack-go has parsed. It
// stands in the place of the bot's log, where the bot says how long it took.
type stopwatch struct {
	mu    sync.Mutex
	began []time.Time
	acked []time.Duration
}

// newStopwatch watches a bot that is at rest.
func newStopwatch(w *world) *stopwatch {
	s := &stopwatch{}
	w.app.bot.Log = slog.New(s)
	return s
}

func (s *stopwatch) Enabled(context.Context, slog.Level) bool { return true }
func (s *stopwatch) WithAttrs([]slog.Attr) slog.Handler       { return s }
func (s *stopwatch) WithGroup(string) slog.Handler            { return s }

func (s *stopwatch) Handle(_ context.Context, r slog.Record) error {
	if r.Message != "served" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "acked":
			s.acked = append(s.acked, a.Value.Duration())
		case "dur":
			s.began = append(s.began, r.Time.Add(-a.Value.Duration()))
		}
		return true
	})
	return nil
}

// last is when the bot took the last event up.
func (s *stopwatch) last() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.began[len(s.began)-1]
}

// reportAcks reports the bot's own time up to the acknowledgement, and beside it
// what the disk takes for the one sync that each commit waits for.
func (s *stopwatch) reportAcks(b *testing.B) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b.ReportMetric(typical(s.acked), "own-ms-to-ack")
	b.ReportMetric(undisturbed(s.acked), "own-ms-undisturbed")
	b.ReportMetric(typical(syncs(b)), "floor-ms-sync")
}

// syncs writes a page to the end of a file and syncs it, as a commit does to the
// write-ahead log.
func syncs(b *testing.B) []time.Duration {
	f, err := os.Create(filepath.Join(b.TempDir(), "floor"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	took := make([]time.Duration, 200)
	for i := range took {
		begin := time.Now()
		if _, err := f.Write(make([]byte, 4096)); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
		took[i] = time.Since(begin)
	}
	return took
}

// typical is the median in milliseconds.
func typical(took []time.Duration) float64 { return quantile(took, 2) }

// undisturbed is what a tenth stays under: others use the machine too, and most
// of what a busy machine adds isn't in it.
func undisturbed(took []time.Duration) float64 { return quantile(took, 10) }

// quantile is the time that one in n stays under, in milliseconds.
func quantile(took []time.Duration, n int) float64 {
	took = slices.Sorted(slices.Values(took))
	return float64(took[len(took)/n].Microseconds()) / 1000
}
