package sqlite

import (
	"context"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

func scanDue(r row) (d hiring.Due, err error) {
	err = r.Scan(&d.Key, &d.Kind, &d.About, toInstant(&d.At))
	return d, err
}

// Due returns due work of the kinds, oldest first.
func (db *DB) Due(ctx context.Context, kinds []string, now time.Time, limit int) ([]hiring.Due, error) {
	return readAll(ctx, db, scanDue, `SELECT key, kind, about, at FROM due
		WHERE at <= ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY at, key `+limited, now.UnixMilli(), toJSON(kinds), limit)
}

// SettleDue removes the due row together with what follows from it. When the
// row was moved or taken away meanwhile, nothing happens: what was worked out
// for its old time no longer holds.
func (db *DB) SettleDue(ctx context.Context, d hiring.Due, b outbox.Batch) error {
	return db.write(ctx, func(c *conn) error {
		removed, err := c.exec("DELETE FROM due WHERE key = ? AND at = ?", d.Key, d.At.UnixMilli())
		if err != nil || removed == 0 {
			return err
		}
		return db.apply(c, b)
	})
}

// EnsureDue adds due work whose key isn't there yet; the others stay. It
// writes nothing when there is nothing to add.
func (db *DB) EnsureDue(ctx context.Context, due []hiring.Due) error {
	var missing []hiring.Due
	err := db.read(ctx, func(c *conn) error {
		for _, d := range due {
			found, err := all(c, scanString, "SELECT key FROM due WHERE key = ?", d.Key)
			if err != nil {
				return err
			}
			if len(found) == 0 {
				missing = append(missing, d)
			}
		}
		return nil
	})
	if err != nil || len(missing) == 0 {
		return err
	}
	return db.write(ctx, func(c *conn) error {
		for _, d := range missing {
			err := c.do("INSERT INTO due (key, kind, about, at) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING", d.Key, d.Kind, d.About, d.At.UnixMilli())
			if err != nil {
				return err
			}
		}
		return nil
	})
}
