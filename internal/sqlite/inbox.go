package sqlite

import (
	"context"
	"errors"
	"time"

	"convene/internal/hiring"
)

// remember is how long event ids are kept. Slack repeats an event up to about
// an hour later; a day is ample.
const remember = 26 * time.Hour

// FirstTime reports whether the key (an event id) is new, and remembers it.
func (db *DB) FirstTime(ctx context.Context, key string, at time.Time) (first bool, err error) {
	err = db.write(ctx, func(c *conn) error {
		n, err := c.exec("INSERT INTO inbox (key, seen_at) VALUES (?, ?) ON CONFLICT (key) DO NOTHING", key, at.UnixMilli())
		if err != nil || n == 0 {
			return err
		}
		first = true
		// A few at a time, so that no event waits for a large clean-up.
		return c.do("DELETE FROM inbox WHERE key IN (SELECT key FROM inbox WHERE seen_at < ? ORDER BY seen_at LIMIT 4)", at.Add(-remember).UnixMilli())
	})
	return first && err == nil, err
}

// Seen reports whether FirstTime has remembered the key.
func (db *DB) Seen(ctx context.Context, key string) (bool, error) {
	return readOne(ctx, db, func(r row) (seen bool, err error) {
		err = r.Scan(&seen)
		return seen, err
	}, "SELECT EXISTS (SELECT 1 FROM inbox WHERE key = ?)", key)
}

// SyncToken returns Google's token for the changes since the calendar was last
// read; "" when it never was.
func (db *DB) SyncToken(ctx context.Context) (string, error) {
	token, err := readOne(ctx, db, scanString, "SELECT token FROM sync WHERE name = 'calendar'")
	if errors.Is(err, hiring.ErrNotFound) {
		return "", nil
	}
	return token, err
}

// SetSyncToken keeps the token. It writes nothing when it is the same.
func (db *DB) SetSyncToken(ctx context.Context, token string) error {
	if known, err := db.SyncToken(ctx); err != nil || known == token {
		return err
	}
	return db.write(ctx, func(c *conn) error {
		return c.do("INSERT INTO sync (name, token) VALUES ('calendar', ?) ON CONFLICT (name) DO UPDATE SET token = excluded.token", token)
	})
}
