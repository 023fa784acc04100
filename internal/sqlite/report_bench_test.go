package sqlite_test

import (
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/report"
)

// BenchmarkReport reads and counts 10,000 candidates with 40,000 scorecards, far
// more than a small company ever has. A command's trigger dies after three
// seconds. Target: 300 ms.
func BenchmarkReport(b *testing.B) {
	w := newWorld(b)
	h := w.raw()
	h.SetMaxOpenConns(1) // the table is that connection's own
	w.check2(h.Exec("PRAGMA synchronous = OFF"))
	for _, s := range []string{
		`CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) SELECT i, 1700000000000 + i * 5000000 AS at FROM n`,
		`INSERT INTO candidates (id, role, name, email, email_folded, words, phone, zone, earliest, latest, links, answers, arrangements, stage, state, added_by, added_at)
			SELECT 'cand' || i, 'coord', '', i, i, '', '', 'UTC', 0, 0, '[]', '{}', '', 'round1', 'active', 'Cora', at FROM n`,
		`INSERT INTO interviews (id, candidate, role, role_revision, stage, state, start_at, end_at, revision, generation, event_id, etag, link, deadline_at, candidate_rsvp, booked_by, booked_at, reason, problem, told_at)
			SELECT 'iv' || i, 'cand' || i, 'coord', 'rev1', 'round1', 'booked', at + 80000000, at + 83000000, 1, 1, 'event' || i, '', '', at + 583000000, '', 'Cora', at, '', '', at + 500000000 + i * 20000 FROM n`,
		`INSERT INTO panelists (interview, person, part, rsvp, position) SELECT 'iv' || i, 'P' || p.value, 'required', '', p.value FROM n, json_each('[0,1,2,3]') p`,
		`INSERT INTO scorecards (interview, panelist, role_revision, answers, version, submitted_at, reason)
			SELECT 'iv' || i, 'P' || p.value, 'rev1', hex(zeroblob(1000)), 1, at + 90000000 + i * 10000, '' FROM n, json_each('[0,1,2,3]') p`,
		`INSERT INTO scorecard_versions (interview, panelist, version, answers, submitted_at, reason) SELECT interview, panelist, 1, answers, submitted_at, '' FROM scorecards`,
		`INSERT INTO decisions (id, candidate, interview, role, stage, outcome, reason, decided_by, decided_at, replaced)
			SELECT 'd' || i, 'cand' || i, 'iv' || i, 'coord', 'round1', 'decline', 'r', 'Dee', at + 400000000, 0 FROM n`,
	} {
		w.check2(h.Exec(s))
	}
	role, err := w.Role(w.ctx(), "coord")
	w.check(err)
	now := time.UnixMilli(1_900_000_000_000)
	s := report.Service{Store: w.DB, Holidays: func(hiring.Holidays) func(time.Time) bool { return nil }, Now: func() time.Time { return now }}
	b.Run("report", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			got, err := s.Of(w.ctx(), []*hiring.Role{role}, "Cora", report.All)
			if err != nil || got.Ended != 10_000 || got.Cards.Due() != 40_000 {
				b.Fatalf("%d interviews, %d scorecards, %v", got.Ended, got.Cards.Due(), err)
			}
		}
	})
	b.Run("promises", func(b *testing.B) {
		for b.Loop() {
			if got, err := s.Promises(w.ctx(), "coord"); err != nil || got.Settled() != 10_000 {
				b.Fatalf("%+v, %v", got, err)
			}
		}
	})
}

// check2 checks what a statement returned.
func (w *world) check2(_ any, err error) {
	w.Helper()
	w.check(err)
}
