package sqlite

import (
	"context"
	"errors"
	"fmt"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Scrub leaves no copy of an erased candidate's data in the database's files.
// secure_delete overwrites what is deleted, but not the gaps that SQLite leaves
// when it moves rows about, and the write-ahead log keeps older pages until it
// is used again. So the file is written anew and the log is emptied.
// https://www.sqlite.org/pragma.html#pragma_secure_delete
// https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
//
// It may be repeated. ErrConflict: another process was reading, or an effect
// that began before the erasure is still under way and may write down what a
// far end said; then it has to be repeated.
func (db *DB) Scrub(ctx context.Context, candidate string) error {
	underWay := false
	err := db.write(ctx, func(c *conn) error {
		_, err := one(c, scanString, `SELECT key FROM outbox WHERE state IN ('sending', 'unknown') AND kind NOT IN ('scrub', 'calendar:erase', 'file:delete') AND `+effectsOf+` LIMIT 1`, candidate)
		if err != nil && !errors.Is(err, hiring.ErrNotFound) {
			return err
		}
		underWay = err == nil
		return c.do(forgetProblems, candidate)
	})
	if err != nil {
		return err
	}
	if err := db.tidy(ctx); err != nil {
		return err
	}
	if underWay {
		return fmt.Errorf("an effect of before is under way: %w", hiring.ErrConflict)
	}
	return nil
}

// tidy writes the file anew and empties the write-ahead log.
func (db *DB) tidy(ctx context.Context) error {
	c, err := db.take(ctx, db.writer)
	if err != nil {
		return err
	}
	defer func() { db.writer.put(c) }()
	for _, s := range []string{"PRAGMA temp_store = MEMORY", "VACUUM"} {
		if err := c.do(s); err != nil {
			return err
		}
	}
	busy, err := one(c, func(r row) (busy bool, err error) {
		var pages, moved int
		return busy, r.Scan(&busy, &pages, &moved)
	}, "PRAGMA wal_checkpoint(TRUNCATE)")
	if err == nil && busy {
		err = fmt.Errorf("the write-ahead log is being read: %w", hiring.ErrConflict)
	}
	return err
}

// A Scrubber carries out the outbox's scrubs.
type Scrubber struct{ *DB }

// Wanted is always: it may be repeated.
func (s Scrubber) Wanted(context.Context, outbox.Effect) (bool, error) { return true, nil }

// Do scrubs.
func (s Scrubber) Do(ctx context.Context, e outbox.Effect) (string, error) {
	if err := s.Scrub(ctx, e.About); err != nil {
		return "", outbox.Later(err, 0)
	}
	return "", nil
}

// Look says no: it is simply repeated.
func (s Scrubber) Look(context.Context, outbox.Effect) (string, bool, error) { return "", false, nil }

// Failed has nobody to tell: a scrub is repeated until it works.
func (s Scrubber) Failed(context.Context, outbox.Effect) error { return nil }
