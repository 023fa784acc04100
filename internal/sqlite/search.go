package sqlite

import (
	"context"
	"errors"
	"slices"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
)

// SaveSearch adds a search, or updates its question and offers. A used search
// stays used. ErrNotFound: the candidate was erased.
func (db *DB) SaveSearch(ctx context.Context, s *schedule.Search) error {
	return db.write(ctx, func(c *conn) error {
		if err := notErasedYet(c, s.CandidateID); err != nil {
			return err
		}
		return c.do(`INSERT INTO searches (id, candidate, body, used, created_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET body = excluded.body, used = max(used, excluded.used)`,
			s.ID, s.CandidateID, toJSON(s), s.Used, db.now().UnixMilli())
	})
}

// Search returns a search, or ErrNotFound.
func (db *DB) Search(ctx context.Context, id string) (*schedule.Search, error) {
	return readOne(ctx, db, func(r row) (*schedule.Search, error) {
		var s schedule.Search
		var used bool
		err := r.Scan(fromJSON(&s), &used)
		s.Used = used
		return &s, err
	}, "SELECT body, used FROM searches WHERE id = ?", id)
}

// BookSearch marks the search used and inserts the interview. It returns
// ErrConflict when the search was used before, a *schedule.Clash when a
// required panelist or the candidate got another interview at that time
// meanwhile that wasn't confirmed, or the candidate one of that stage, and ErrNotCarried when the
// notice that it carries can't be said that way.
func (db *DB) BookSearch(ctx context.Context, search string, iv *hiring.Interview, b outbox.Batch) error {
	return db.write(ctx, func(c *conn) error {
		if err := useSearch(c, search); err != nil {
			return err
		}
		return db.book(c, iv, b)
	})
}

// canCarry checks that the notice which the interview is to carry is the draft
// of a standing decision that the candidate advances, and carried by no other.
func canCarry(c *conn, iv *hiring.Interview) error {
	if iv.Carries == "" {
		return nil
	}
	_, err := one(c, scanString, `SELECT notices.id FROM notices JOIN decisions d ON d.id = notices.decision
		WHERE notices.id = ? AND notices.candidate = ? AND notices.state = 'draft' AND d.outcome = 'advance' AND d.replaced = 0 AND `+carrier+` = ''`,
		iv.Carries, iv.CandidateID)
	if errors.Is(err, hiring.ErrNotFound) {
		return schedule.ErrNotCarried
	}
	return err
}

// useSearch marks the search used, unless it was.
func useSearch(c *conn, id string) error {
	n, err := c.exec("UPDATE searches SET used = 1 WHERE id = ? AND used = 0", id)
	if err != nil || n == 1 {
		return err
	}
	if _, err := one(c, scanString, "SELECT id FROM searches WHERE id = ?", id); err != nil {
		return err
	}
	return hiring.ErrConflict
}

// clash looks for another live interview in the way of this one: of the
// candidate at that time or for that stage, or of a required panelist at that
// time. Times that are held are in the way too, except the candidate's own for
// the stage instead of which this one is booked.
func clash(c *conn, iv *hiring.Interview, instead string) error {
	_, err := one(c, scanString, `SELECT id FROM interviews WHERE candidate = ? AND state IN ('booking', 'booked')
		AND (stage = ? OR start_at < ? AND end_at > ?) LIMIT 1`, iv.CandidateID, iv.Stage, iv.End.UnixMilli(), iv.Start.UnixMilli())
	if !errors.Is(err, hiring.ErrNotFound) {
		return clashOr(err, "")
	}
	for _, p := range iv.Panel {
		if p.Part != hiring.Required {
			continue
		}
		others, err := all(c, func(r row) (hiring.Interval, error) {
			var other hiring.Interval
			err := r.Scan(toInstant(&other.Start), toInstant(&other.End))
			return other, err
		}, `SELECT i.start_at, i.end_at FROM panelists p JOIN interviews i ON i.id = p.interview
			WHERE p.person = ? AND i.state IN ('booking', 'booked') AND i.start_at < ? AND i.end_at > ?`,
			p.Person, iv.End.UnixMilli(), iv.Start.UnixMilli())
		if err != nil {
			return err
		}
		if slices.ContainsFunc(others, func(other hiring.Interval) bool { return !iv.Anyway.Covers(p.Person, other) }) {
			return &schedule.Clash{Person: p.Person}
		}
	}
	return heldBy(c, iv, instead)
}

func clashOr(err error, person string) error {
	if err != nil {
		return err
	}
	return &schedule.Clash{Person: person}
}
