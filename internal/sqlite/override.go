package sqlite

import (
	"context"
	"errors"

	"convene/internal/hiring"
)

// Override returns what a person confirmed when the interview was booked or
// moved; nil: nothing.
func (db *DB) Override(ctx context.Context, interview string) (*hiring.Override, error) {
	o, err := readOne(ctx, db, func(r row) (*hiring.Override, error) {
		var o hiring.Override
		err := r.Scan(&o.By, toInstant(&o.At), fromJSON(&o.Busy), fromJSON(&o.Unknown))
		return &o, err
	}, "SELECT made_by, made_at, busy, unknown FROM overrides WHERE interview = ?", interview)
	if errors.Is(err, hiring.ErrNotFound) {
		return nil, nil
	}
	return o, err
}

// saveOverride writes what was confirmed with the change at hand, if anything.
func saveOverride(c *conn, iv *hiring.Interview) error {
	o := iv.Anyway
	if o == nil {
		return nil
	}
	return c.do(`INSERT INTO overrides (interview, made_by, made_at, busy, unknown) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (interview) DO UPDATE SET made_by = excluded.made_by, made_at = excluded.made_at, busy = excluded.busy, unknown = excluded.unknown`,
		iv.ID, o.By, instant(o.At), toJSON(o.Busy), toJSON(o.Unknown))
}
