package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// BenchmarkDueScan20of100k finds 20 due rows among 100,000. Target: 100 µs.
func BenchmarkDueScan20of100k(b *testing.B) {
	w := newWorld(b)
	var due []hiring.Due
	for i := range 100_000 {
		at := noon.Add(time.Hour + time.Duration(i)*time.Second)
		if i%5000 == 0 {
			at = noon.Add(-time.Duration(i) * time.Second)
		}
		due = append(due, hiring.Due{Key: fmt.Sprintf("ask:iv%06d", i), Kind: hiring.DueAsk, About: fmt.Sprintf("iv%06d", i), At: at})
	}
	w.check(w.Owe(w.ctx(), outbox.Batch{Due: due}))
	b.ReportAllocs()
	for b.Loop() {
		got, err := w.Due(w.ctx(), []string{hiring.DueKit, hiring.DueAsk, hiring.DueNag}, noon, 50)
		if err != nil || len(got) != 20 {
			b.Fatalf("%d rows, %v", len(got), err)
		}
	}
}

// BenchmarkOutboxTx commits an effect with its audit line, and compares it with
// the time that the disk takes to overwrite 4 KiB durably: a commit can't be
// faster than that. Target: at least 0.33 of the floor's rate.
func BenchmarkOutboxTx(b *testing.B) {
	w := newWorld(b)
	floor := newFloor(b)
	i := 0
	var inFloor time.Duration
	b.ReportAllocs()
	for b.Loop() {
		i++
		err := w.Owe(w.ctx(), outbox.Batch{
			Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarInsert, "iv-bench", i)},
			Log:     []hiring.Entry{{Actor: "Cora", Action: "interview.booking", Subject: "iv-bench", Detail: "cand-bench"}},
		})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		inFloor += floor.write()
		b.StartTimer()
	}
	perFloor := float64(inFloor.Nanoseconds()) / float64(b.N)
	b.ReportMetric(perFloor, "floor-ns/op")
	b.ReportMetric(perFloor/(float64(b.Elapsed().Nanoseconds())/float64(b.N)), "x-floor")
}

// BenchmarkScorecardSubmit hands in one of four scorecards of a panel, with its
// audit line and the messages that it touches.
func BenchmarkScorecardSubmit(b *testing.B) {
	w := newWorld(b)
	w.candidate("ana")
	panel := []hiring.Panelist{{Person: "P0", Part: hiring.Required}, {Person: "P1", Part: hiring.Required}, {Person: "P2", Part: hiring.Required}, {Person: "P3", Part: hiring.Required}}
	w.interview("iv", "ana", noon.Add(-2*time.Hour), panel...)
	var messages []outbox.Message
	for _, p := range panel {
		messages = append(messages, outbox.Message{Key: "score:iv:" + p.Person, Kind: "score", About: "iv", Person: p.Person})
		w.submit("iv", p.Person, hiring.Strong)
	}
	w.check(w.Owe(w.ctx(), outbox.Batch{Messages: messages}))
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		i++
		person := panel[i%4].Person
		err := w.ChangeScorecard(w.ctx(), "iv", person, func(_ *hiring.Case, s *hiring.Scorecard) (outbox.Batch, error) {
			s.Answers, s.SubmittedAt = answers(hiring.Partly), noon
			s.Version++
			return outbox.Batch{
				Touch: []string{"iv", "ana", "coord", person},
				Log:   []hiring.Entry{{Actor: person, Action: "scorecard.submitted", Subject: "iv"}},
			}, nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpenCases loads what a summary of 60 candidates with four panelists
// each is made from.
func BenchmarkOpenCases(b *testing.B) {
	w := newWorld(b)
	for i, id := range ids("c", 60) {
		w.candidate(id)
		var panel []hiring.Panelist
		for p := range 4 {
			panel = append(panel, hiring.Panelist{Person: fmt.Sprintf("P%d", p), Part: hiring.Required})
		}
		w.interview("iv-"+id, id, noon.Add(-time.Duration(i+1)*time.Hour), panel...)
		for _, p := range panel {
			w.submit("iv-"+id, p.Person, hiring.Strong)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		cases, err := w.OpenCases(w.ctx(), "coord", noon)
		if err != nil || len(cases) != 60 || len(cases[0].Cards) != 4 {
			b.Fatalf("%d cases, %v", len(cases), err)
		}
	}
}

// BenchmarkReady looks for work among 50 unfinished effects and 20,000 old ones.
func BenchmarkReady(b *testing.B) {
	w := newWorld(b)
	var old, open outbox.Batch
	for i := range 20_000 {
		e := outbox.CalendarEffect(outbox.CalendarInsert, fmt.Sprintf("iv%d", i), 1)
		old.Effects, old.Drop = append(old.Effects, e), append(old.Drop, e.Key)
	}
	w.check(w.Owe(w.ctx(), outbox.Batch{Effects: old.Effects}))
	w.check(w.Owe(w.ctx(), outbox.Batch{Drop: old.Drop}))
	for i := range 50 {
		open.Effects = append(open.Effects, outbox.MailEffect(fmt.Sprintf("n%d", i%20), i))
	}
	w.check(w.Owe(w.ctx(), open))
	b.ReportAllocs()
	for b.Loop() {
		got, err := w.ReadyEffects(w.ctx(), []string{outbox.Mail}, noon, 20)
		if err != nil || len(got) != 20 {
			b.Fatalf("%d effects, %v", len(got), err)
		}
	}
}

// A floor overwrites the same 4 KiB and waits until they are on disk.
type floor struct {
	tb   testing.TB
	file *os.File
	page [4096]byte
}

func newFloor(tb testing.TB) *floor {
	f, err := os.Create(filepath.Join(tb.TempDir(), "floor"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { f.Close() })
	fl := &floor{tb: tb, file: f}
	fl.write()
	return fl
}

func (f *floor) write() time.Duration {
	f.page[0]++
	start := time.Now()
	if _, err := f.file.WriteAt(f.page[:], 0); err != nil {
		f.tb.Fatal(err)
	}
	if err := syncData(f.file); err != nil {
		f.tb.Fatal(err)
	}
	return time.Since(start)
}
