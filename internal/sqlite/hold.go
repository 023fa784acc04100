package sqlite

import (
	"context"
	"errors"
	"slices"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
)

const holdColumns = `id, candidate, role, stage, state, start_at, end_at, panel, revision, event_id, etag, set_by, set_at, until_at,
	confirmed, carries, interview, ended_by, ended_at, reason`

const selectHold = "SELECT " + holdColumns + " FROM time_holds"

func scanHold(r row) (*hiring.TimeHold, error) {
	var h hiring.TimeHold
	err := r.Scan(&h.ID, &h.CandidateID, &h.RoleKey, &h.Stage, &h.State, toInstant(&h.Start), toInstant(&h.End), fromJSON(&h.Panel), &h.Revision,
		&h.EventID, &h.Etag, &h.By, toInstant(&h.At), toInstant(&h.Until),
		fromJSON(&h.Confirmed), &h.Carries, &h.InterviewID, &h.EndedBy, toInstant(&h.EndedAt), &h.Reason)
	return &h, err
}

// TimeHold returns a time hold, or ErrNotFound.
func (db *DB) TimeHold(ctx context.Context, id string) (*hiring.TimeHold, error) {
	return readOne(ctx, db, scanHold, selectHold+" WHERE id = ?", id)
}

// TimeHoldByEvent returns the time hold whose Google event has that id, or
// ErrNotFound.
func (db *DB) TimeHoldByEvent(ctx context.Context, event string) (*hiring.TimeHold, error) {
	return readOne(ctx, db, scanHold, selectHold+" WHERE event_id = ?", event)
}

// TimeHolds returns the candidate's time holds, ended ones too, newest first.
func (db *DB) TimeHolds(ctx context.Context, candidate string) ([]*hiring.TimeHold, error) {
	return readAll(ctx, db, scanHold, selectHold+" WHERE candidate = ? ORDER BY set_at DESC, id", candidate)
}

// LiveHolds returns the times that are held.
func (db *DB) LiveHolds(ctx context.Context) ([]*hiring.TimeHold, error) {
	return readAll(ctx, db, scanHold, selectHold+" WHERE state IN ('placing', 'held') ORDER BY start_at, id")
}

// PlaceHold marks the search used and inserts the time hold. It returns
// ErrConflict when the search was used before, or a time is held for that stage
// already, and a *schedule.Clash as BookSearch does.
func (db *DB) PlaceHold(ctx context.Context, search string, h *hiring.TimeHold, b outbox.Batch) error {
	return db.write(ctx, func(c *conn) error {
		if err := notErasedYet(c, h.CandidateID); err != nil {
			return err
		}
		if err := useSearch(c, search); err != nil {
			return err
		}
		if err := clash(c, &hiring.Interview{CandidateID: h.CandidateID, Stage: h.Stage, Start: h.Start, End: h.End, Panel: h.Panel}, ""); err != nil {
			return err
		}
		err := c.do(`INSERT INTO time_holds (`+holdColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			h.ID, h.CandidateID, h.RoleKey, h.Stage, string(h.State), instant(h.Start), instant(h.End), toJSON(h.Panel), h.Revision,
			h.EventID, h.Etag, h.By, instant(h.At), instant(h.Until),
			toJSON(h.Confirmed), h.Carries, h.InterviewID, h.EndedBy, instant(h.EndedAt), h.Reason)
		if isDuplicate(err) {
			return errors.Join(hiring.ErrConflict, err)
		}
		if err != nil {
			return err
		}
		return db.apply(c, b)
	})
}

func updateHold(c *conn, h *hiring.TimeHold) error {
	return c.do(`UPDATE time_holds SET state = ?, start_at = ?, end_at = ?, panel = ?, revision = ?, etag = ?, carries = ?,
		interview = ?, ended_by = ?, ended_at = ?, reason = ? WHERE id = ?`,
		string(h.State), instant(h.Start), instant(h.End), toJSON(h.Panel), h.Revision, h.Etag, h.Carries,
		h.InterviewID, h.EndedBy, instant(h.EndedAt), h.Reason, h.ID)
}

// ChangeTimeHold changes a time hold in one transaction with what change
// returns. An error of change leaves everything as it was.
func (db *DB) ChangeTimeHold(ctx context.Context, id string, change func(*hiring.TimeHold) (outbox.Batch, error)) error {
	return db.write(ctx, func(c *conn) error {
		h, err := one(c, scanHold, selectHold+" WHERE id = ?", id)
		if err != nil {
			return err
		}
		b, err := change(h)
		if err != nil {
			return err
		}
		if err := updateHold(c, h); err != nil {
			return err
		}
		return db.apply(c, b)
	})
}

// ConfirmHold changes a time hold into the interview that change returns. Its
// errors are those of change and of BookSearch.
func (db *DB) ConfirmHold(ctx context.Context, id string, change func(*hiring.TimeHold) (*hiring.Interview, outbox.Batch, error)) error {
	return db.write(ctx, func(c *conn) error {
		h, err := one(c, scanHold, selectHold+" WHERE id = ?", id)
		if err != nil {
			return err
		}
		iv, b, err := change(h)
		if err != nil {
			return err
		}
		if err := updateHold(c, h); err != nil {
			return err
		}
		return db.book(c, iv, b)
	})
}

// book inserts an interview, unless another is in its way, and ends what else
// waited for it.
func (db *DB) book(c *conn, iv *hiring.Interview, b outbox.Batch) error {
	if err := clash(c, iv, iv.Stage); err != nil {
		return err
	}
	if err := canCarry(c, iv); err != nil {
		return err
	}
	if err := addInterview(c, iv); err != nil {
		return err
	}
	if err := db.endTimes(c, iv.CandidateID, iv.Stage, iv.BookedBy); err != nil {
		return err
	}
	return db.apply(c, b)
}

// endTimes ends the time hold and the offering that wait for the candidate's
// interview of a stage, or of all stages where it is "".
func (db *DB) endTimes(c *conn, candidate, stage, by string) error {
	held, err := all(c, scanString, `UPDATE time_holds SET state = 'let_go', ended_by = ?3, ended_at = ?4
		WHERE candidate = ?1 AND (?2 = '' OR stage = ?2) AND state IN ('placing', 'held') RETURNING id`, candidate, stage, by, db.now().UnixMilli())
	if err != nil {
		return err
	}
	var b outbox.Batch
	for _, id := range held {
		b.Add(schedule.Released(id, actorOf(by)))
	}
	if err := db.apply(c, b); err != nil {
		return err
	}
	return db.endOfferings(c, candidate, stage, by)
}

// actorOf is who is named in the audit trail.
func actorOf(by string) string {
	if by == "" {
		return "convene"
	}
	return by
}

// heldThen selects the people and times that are held for interviews; the
// condition is to follow.
const heldThen = `SELECT p.value ->> 'Person' AS person, h.start_at, h.end_at, h.id FROM time_holds h, json_each(h.panel) p WHERE h.state IN ('placing', 'held')`

// heldBy looks for a time hold in the way: of the candidate for another stage,
// or of a required panelist for anybody else or another stage.
func heldBy(c *conn, iv *hiring.Interview, stage string) error {
	_, err := one(c, scanString, `SELECT id FROM time_holds WHERE candidate = ? AND state IN ('placing', 'held')
		AND stage <> ? AND start_at < ? AND end_at > ? LIMIT 1`, iv.CandidateID, stage, iv.End.UnixMilli(), iv.Start.UnixMilli())
	if !errors.Is(err, hiring.ErrNotFound) {
		return clashOr(err, "")
	}
	for _, p := range iv.Panel {
		if p.Part != hiring.Required {
			continue
		}
		held, err := all(c, func(r row) (hiring.Interval, error) {
			var other hiring.Interval
			err := r.Scan(toInstant(&other.Start), toInstant(&other.End))
			return other, err
		}, `SELECT start_at, end_at FROM (`+heldThen+` AND NOT (h.candidate = ? AND h.stage = ?)) WHERE person = ? AND start_at < ? AND end_at > ?`,
			iv.CandidateID, stage, p.Person, iv.End.UnixMilli(), iv.Start.UnixMilli())
		if err != nil {
			return err
		}
		if slices.ContainsFunc(held, func(other hiring.Interval) bool { return !iv.Anyway.Covers(p.Person, other) }) {
			return &schedule.Clash{Person: p.Person}
		}
	}
	return nil
}

// LapsedHolds returns the time holds whose time is over, oldest first.
func (db *DB) LapsedHolds(ctx context.Context, now time.Time) ([]*hiring.TimeHold, error) {
	return readAll(ctx, db, scanHold, selectHold+" WHERE state IN ('placing', 'held') AND min(until_at, start_at) <= ? ORDER BY until_at, id", now.UnixMilli())
}
