package sqlite

import (
	"context"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
)

const selectRepair = `SELECT interview, number, candidate, kind, message, state, revision, body, chosen_by, chosen_at, computed_at FROM repairs`

func scanRepair(r row) (*schedule.Repair, error) {
	p := &schedule.Repair{}
	err := r.Scan(&p.Interview, &p.Number, &p.Candidate, &p.Kind, &p.Message, &p.State, &p.Revision, fromJSON(&p.RepairBody),
		&p.ChosenBy, toInstant(&p.ChosenAt), toInstant(&p.ComputedAt))
	return p, err
}

// Repairs returns the interview's repairs, oldest first.
func (db *DB) Repairs(ctx context.Context, interview string) ([]*schedule.Repair, error) {
	return readAll(ctx, db, scanRepair, selectRepair+" WHERE interview = ? ORDER BY number", interview)
}

// ChangeRepairs saves the repairs that change returns, in one transaction with
// its batch; the interview and its repairs are there to be looked at. An error
// of change leaves everything as it was and is returned as it is. ErrNotFound:
// there is no such interview, or its candidate was erased.
func (db *DB) ChangeRepairs(ctx context.Context, id string, change func(*hiring.Interview, []*schedule.Repair) ([]*schedule.Repair, outbox.Batch, error)) error {
	return db.write(ctx, func(c *conn) error {
		iv, err := interview(c, selectInterview+" WHERE id = ?", id)
		if err != nil {
			return err
		}
		if err := notErasedYet(c, iv.CandidateID); err != nil {
			return err
		}
		list, err := all(c, scanRepair, selectRepair+" WHERE interview = ? ORDER BY number", id)
		if err != nil {
			return err
		}
		save, b, err := change(iv, list)
		if err != nil {
			return err
		}
		for _, r := range save {
			err := c.do(`INSERT OR REPLACE INTO repairs (interview, number, candidate, kind, message, state, revision, body, chosen_by, chosen_at, computed_at)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, r.Interview, r.Number, r.Candidate, string(r.Kind), r.Message, string(r.State), r.Revision,
				toJSON(r.RepairBody), r.ChosenBy, instant(r.ChosenAt), instant(r.ComputedAt))
			if err != nil {
				return err
			}
		}
		return db.apply(c, b)
	})
}
