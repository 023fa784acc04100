package sqlite

import (
	"context"
	"errors"
	"strings"
	"time"

	"convene/internal/candidate"
	"convene/internal/hiring"
	"convene/internal/outbox"
)

const candidateColumns = `id, role, name, email, phone, zone, earliest, latest, links, answers, arrangements, stage, state, added_by, added_at, end_reason, ended_at, erased_at`

func scanCandidate(r row) (*hiring.Candidate, error) {
	var c hiring.Candidate
	var earliest, latest int64
	err := r.Scan(&c.ID, &c.RoleKey, &c.Name, &c.Email, &c.Phone, &c.Zone, &earliest, &latest,
		fromJSON(&c.Links), fromJSON(&c.Answers), &c.Arrangements, &c.Stage, &c.State, &c.AddedBy, toInstant(&c.AddedAt), &c.EndReason, toInstant(&c.EndedAt), toInstant(&c.ErasedAt))
	c.EarliestHour, c.LatestHour = time.Duration(earliest)*time.Second, time.Duration(latest)*time.Second
	return &c, err
}

// AddCandidate adds a candidate. It returns a *candidate.Duplicate when the
// role already has somebody with that e-mail address, whatever its case.
func (db *DB) AddCandidate(ctx context.Context, cand *hiring.Candidate, b outbox.Batch) error {
	return db.write(ctx, func(c *conn) error {
		if err := unique(c, cand); err != nil {
			return err
		}
		if err := insertCandidate(c, cand); err != nil {
			return err
		}
		return db.apply(c, b)
	})
}

// unique returns a *candidate.Duplicate when the role has another candidate
// with that e-mail address.
func unique(c *conn, cand *hiring.Candidate) error {
	dup, err := one(c, func(r row) (*candidate.Duplicate, error) {
		var d candidate.Duplicate
		return &d, r.Scan(&d.ID, &d.Name)
	}, "SELECT id, name FROM candidates WHERE role = ? AND email_folded = ? AND id <> ? AND erased_at IS NULL", cand.RoleKey, strings.ToLower(cand.Email), cand.ID)
	if errors.Is(err, hiring.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return dup
}

// ChangeCandidate changes a candidate and their interviews in one transaction:
// change gets them as they are, newest interview first, and may change what
// updateCandidate and updateInterview write. It returns a *candidate.Duplicate
// as AddCandidate does. An error of change leaves everything as it was.
func (db *DB) ChangeCandidate(ctx context.Context, id string, change func(*hiring.Candidate, []*hiring.Case) (outbox.Batch, error)) error {
	return db.write(ctx, func(c *conn) error {
		cand, err := one(c, scanCandidate, "SELECT "+candidateColumns+" FROM candidates WHERE id = ?", id)
		if err != nil {
			return err
		}
		email := cand.Email
		cases, err := db.cases(c, selectCasesOf, id)
		if err != nil {
			return err
		}
		before := make([]hiring.Interview, len(cases))
		for i, k := range cases {
			before[i] = *k.Interview
		}
		b, err := change(cand, cases)
		if err != nil {
			return err
		}
		if cand.Email != email {
			if err := unique(c, cand); err != nil {
				return err
			}
		}
		if err := updateCandidate(c, cand); err != nil {
			return err
		}
		if cand.State != hiring.Active {
			if err := db.endTimes(c, cand.ID, "", ""); err != nil {
				return err
			}
		}
		for i, k := range cases {
			if iv := k.Interview; iv.State == before[i].State && iv.Revision == before[i].Revision {
				continue
			}
			if err := updateInterview(c, k.Interview); err != nil {
				return err
			}
		}
		return db.apply(c, b)
	})
}

func insertCandidate(c *conn, cand *hiring.Candidate) error {
	return c.do(`INSERT INTO candidates (`+candidateColumns+`, email_folded, words)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		cand.ID, cand.RoleKey, cand.Name, cand.Email, cand.Phone, cand.Zone, seconds(cand.EarliestHour), seconds(cand.LatestHour),
		toJSON(cand.Links), toJSON(cand.Answers), cand.Arrangements, cand.Stage, string(cand.State), cand.AddedBy, instant(cand.AddedAt),
		cand.EndReason, instant(cand.EndedAt), instant(cand.ErasedAt),
		strings.ToLower(cand.Email), searchWords(cand))
}

// updateCandidate writes what may change of a candidate. One who was erased
// isn't found.
func updateCandidate(c *conn, cand *hiring.Candidate) error {
	n, err := c.exec(`UPDATE candidates SET name = ?, email = ?, phone = ?, zone = ?, earliest = ?, latest = ?,
		links = ?, answers = ?, arrangements = ?, stage = ?, state = ?, end_reason = ?, ended_at = ?, email_folded = ?, words = ? WHERE id = ? AND erased_at IS NULL`,
		cand.Name, cand.Email, cand.Phone, cand.Zone, seconds(cand.EarliestHour), seconds(cand.LatestHour),
		toJSON(cand.Links), toJSON(cand.Answers), cand.Arrangements, cand.Stage, string(cand.State), cand.EndReason, instant(cand.EndedAt),
		strings.ToLower(cand.Email), searchWords(cand), cand.ID)
	if err == nil && n == 0 {
		return hiring.ErrNotFound
	}
	return err
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

func searchWords(cand *hiring.Candidate) string {
	return strings.ToLower(cand.Name + "\n" + cand.Email)
}

// Candidate returns a candidate, or ErrNotFound.
func (db *DB) Candidate(ctx context.Context, id string) (*hiring.Candidate, error) {
	return readOne(ctx, db, scanCandidate, "SELECT "+candidateColumns+" FROM candidates WHERE id = ?", id)
}

// FindCandidates returns candidates of the roles whose name or e-mail contains
// every one of the words, in any script and case: active ones first, then
// newest first.
func (db *DB) FindCandidates(ctx context.Context, roles []string, words string, limit int) ([]*hiring.Candidate, error) {
	return readAll(ctx, db, scanCandidate, `SELECT `+candidateColumns+` FROM candidates
		WHERE role IN (SELECT value FROM json_each(?1)) AND erased_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM json_each(?2) w WHERE instr(candidates.words, w.value) = 0)
		ORDER BY state = 'active' DESC, added_at DESC, id `+limited,
		toJSON(roles), toJSON(strings.Fields(strings.ToLower(words))), limit)
}
