package sqlite

import (
	"context"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

const checkColumns = `id, candidate, stage, outcome, note, done_by, done_at, replaced`

const selectCheck = "SELECT " + checkColumns + " FROM checks"

func scanCheck(r row) (*hiring.Check, error) {
	var ch hiring.Check
	err := r.Scan(&ch.ID, &ch.CandidateID, &ch.Stage, &ch.Outcome, &ch.Note, &ch.By, toInstant(&ch.At), &ch.Replaced)
	return &ch, err
}

// Checks returns the candidate's checks as they stand, first to last.
func (db *DB) Checks(ctx context.Context, candidate string) ([]*hiring.Check, error) {
	return readAll(ctx, db, scanCheck, selectCheck+" WHERE candidate = ? AND replaced = 0 ORDER BY done_at, id", candidate)
}

// ChangeChecks changes a candidate's checks in one transaction. change gets the
// candidate and the checks that stand, and returns the check to record (in the
// place of one that stands for its stage), the stage whose check is taken back,
// and what follows; it may change the candidate's stage and state. An error of
// change leaves everything as it was.
func (db *DB) ChangeChecks(ctx context.Context, candidate string, change func(*hiring.Candidate, []*hiring.Check) (done *hiring.Check, undone string, b outbox.Batch, err error)) error {
	return db.write(ctx, func(c *conn) error {
		cand, err := one(c, scanCandidate, "SELECT "+candidateColumns+" FROM candidates WHERE id = ?", candidate)
		if err != nil {
			return err
		}
		standing, err := all(c, scanCheck, selectCheck+" WHERE candidate = ? AND replaced = 0 ORDER BY done_at, id", candidate)
		if err != nil {
			return err
		}
		done, undone, b, err := change(cand, standing)
		if err != nil {
			return err
		}
		if done != nil {
			undone = done.Stage
		}
		if err := c.do("UPDATE checks SET replaced = 1 WHERE candidate = ? AND stage = ? AND replaced = 0", candidate, undone); err != nil {
			return err
		}
		if done != nil {
			err := c.do("INSERT INTO checks ("+checkColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
				done.ID, done.CandidateID, done.Stage, string(done.Outcome), done.Note, done.By, instant(done.At))
			if err != nil {
				return err
			}
		}
		if err := updateCandidate(c, cand); err != nil {
			return err
		}
		return db.apply(c, b)
	})
}
