package sqlite

import (
	"context"
	"time"

	"convene/internal/hiring"
)

// Upcoming returns due work of all kinds that comes after now, soonest first.
func (db *DB) Upcoming(ctx context.Context, now time.Time, limit int) ([]hiring.Due, error) {
	return readAll(ctx, db, scanDue, `SELECT key, kind, about, at FROM due WHERE at > ? ORDER BY at, key `+limited, now.UnixMilli(), limit)
}
