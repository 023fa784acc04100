package sqlite

import (
	"context"
	"errors"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

const effectColumns = `key, kind, about, lane, state, attempt, started_at, retry_at, looks, result, problem`

func scanEffect(r row) (e outbox.Effect, err error) {
	err = r.Scan(&e.Key, &e.Kind, &e.About, &e.Lane, &e.State, &e.Attempt, toInstant(&e.Started), toInstant(&e.RetryAt), &e.Looks, &e.Result, &e.Problem)
	return e, err
}

// open is the condition of the index of unfinished effects; queries repeat it
// word for word, so that SQLite uses the index.
// https://www.sqlite.org/partialindex.html
const open = "state IN ('pending', 'sending', 'unknown')"

// ready selects the oldest unfinished effect of each lane that may be tried at
// the wall-clock time ?1. An effect that waits or is under way holds up its
// lane; one that failed doesn't.
const ready = `o.` + open + ` AND o.state <> 'sending' AND (o.retry_at IS NULL OR o.retry_at <= ?1)
	AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.lane = o.lane AND p.id < o.id AND p.` + open + `)`

// ReadyEffects returns the oldest unfinished effect of each lane, among those
// of the given kinds that may be tried at the wall-clock time, oldest first.
func (db *DB) ReadyEffects(ctx context.Context, kinds []string, wall time.Time, limit int) ([]outbox.Effect, error) {
	return readAll(ctx, db, scanEffect, `SELECT `+effectColumns+` FROM outbox o INDEXED BY outbox_open
		WHERE `+ready+` AND o.kind IN (SELECT value FROM json_each(?2)) ORDER BY o.id `+limited, wall.UnixMilli(), toJSON(kinds), limit)
}

// NextRetry returns when the next waiting effect of the kinds may be tried;
// zero: none waits.
func (db *DB) NextRetry(ctx context.Context, kinds []string) (time.Time, error) {
	return readOne(ctx, db, func(r row) (t time.Time, err error) {
		err = r.Scan(toInstant(&t))
		return t, err
	}, `SELECT min(retry_at) FROM outbox INDEXED BY outbox_open WHERE `+open+` AND state <> 'sending'
		AND kind IN (SELECT value FROM json_each(?))`, toJSON(kinds))
}

// StartEffect moves a pending effect to sending; false when it no longer is
// pending.
func (db *DB) StartEffect(ctx context.Context, key string, wall time.Time) (started bool, err error) {
	err = db.write(ctx, func(c *conn) error {
		n, err := c.exec(`UPDATE outbox SET state = 'sending', attempt = attempt + 1, started_at = ?, retry_at = NULL, looks = 0
			WHERE key = ? AND state = 'pending'`, instant(wall), key)
		started = n == 1
		return err
	})
	return started && err == nil, err
}

// FinishEffect records an attempt's outcome: State, RetryAt, Looks, Result and
// Problem. What is done or dropped stays so.
func (db *DB) FinishEffect(ctx context.Context, e outbox.Effect) error {
	return db.write(ctx, func(c *conn) error {
		n, err := c.exec(`UPDATE outbox SET state = ?, retry_at = ?, looks = ?, result = ?, problem = ?
			WHERE key = ? AND state NOT IN ('done', 'dropped')`, string(e.State), instant(e.RetryAt), e.Looks, e.Result, e.Problem, e.Key)
		if err != nil || n == 1 {
			return err
		}
		_, err = one(c, scanString, "SELECT key FROM outbox WHERE key = ?", e.Key)
		return err
	})
}

// RecoverEffects moves every sending effect to unknown and returns how many.
// It is called at the start, when nothing can be under way. In a restored
// backup every open effect becomes unknown: what was still to be done when it
// was made may have been done since. What becomes owed on the next day may have
// been, too (see lookFirst), so the audit trail says when that was.
func (db *DB) RecoverEffects(ctx context.Context) (recovered int, err error) {
	err = db.write(ctx, func(c *conn) error {
		restored, err := c.exec("DELETE FROM secrets WHERE name = ?", copyMark)
		if err != nil {
			return err
		}
		n, err := c.exec("UPDATE outbox SET state = 'unknown', retry_at = NULL WHERE "+open+" AND (state = 'sending' OR state = 'pending' AND ?)", restored > 0)
		recovered = int(n)
		if err != nil || restored == 0 {
			return err
		}
		return db.appendAudit(c, []hiring.Entry{{Actor: "convene", Action: "database.restored", Subject: ofDatabase}})
	})
	return recovered, err
}

// ofDatabase is the subject of the audit trail's lines about the whole database.
const ofDatabase = "database"

// lookFirst reports whether the database was a backup until a day ago. What fell
// due between the backup and then is caught up with, and may stand in Slack
// already; what Google was slow with comes within a day.
func (db *DB) lookFirst(c *conn) (bool, error) {
	at, err := one(c, func(r row) (t time.Time, err error) {
		err = r.Scan(toInstant(&t))
		return t, err
	}, "SELECT at FROM audit WHERE subject = ? AND action = 'database.restored' ORDER BY id DESC LIMIT 1", ofDatabase)
	if errors.Is(err, hiring.ErrNotFound) {
		return false, nil
	}
	return err == nil && db.now().Before(at.Add(24*time.Hour)), err
}

// Troubles returns effects that failed or that a person must settle, newest
// first.
func (db *DB) Troubles(ctx context.Context, limit int) ([]outbox.Effect, error) {
	return readAll(ctx, db, scanEffect, "SELECT "+effectColumns+" FROM outbox WHERE state IN ('failed', 'person') OR "+open+" AND problem <> '' ORDER BY id DESC "+limited, limit)
}

// Counts returns how many effects are in each state, for metrics. Done and
// dropped ones, which only grow in number, are left out.
func (db *DB) Counts(ctx context.Context) (map[outbox.State]int, error) {
	counts := map[outbox.State]int{outbox.Pending: 0, outbox.Sending: 0, outbox.Unknown: 0, outbox.Failed: 0, outbox.Person: 0}
	_, err := readAll(ctx, db, func(r row) (struct{}, error) {
		var state outbox.State
		var n int
		err := r.Scan(&state, &n)
		counts[state] = n
		return struct{}{}, err
	}, `SELECT state, count(*) FROM outbox WHERE `+open+` GROUP BY state
		UNION ALL SELECT state, count(*) FROM outbox WHERE state IN ('failed', 'person') GROUP BY state`)
	return counts, err
}

// Idle reports whether nothing is left to do at the wall-clock time: no effect
// is ready, under way or unknown, and no message or Home view is stale. Effects
// that wait for a later time don't count.
func (db *DB) Idle(ctx context.Context, wall time.Time) (idle bool, err error) {
	err = db.read(ctx, func(c *conn) error {
		_, err := one(c, scanString, `SELECT key FROM outbox o WHERE o.`+open+` AND o.state <> 'pending'
			UNION ALL SELECT o.key FROM outbox o WHERE `+ready+`
			UNION ALL SELECT m.key FROM messages m WHERE `+stale+` LIMIT 1`, wall.UnixMilli())
		if errors.Is(err, hiring.ErrNotFound) {
			idle = true
			return nil
		}
		return err
	})
	return idle, err
}
