package sqlite

import (
	"context"
	"errors"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Snooze returns the person's newest snooze, past ones too; zero when there is
// none.
func (db *DB) Snooze(ctx context.Context, person string) (hiring.Snooze, error) {
	s, err := readOne(ctx, db, func(r row) (s hiring.Snooze, err error) {
		return s, r.Scan(toInstant(&s.Until), toInstant(&s.Set))
	}, "SELECT until_at, set_at FROM snoozes WHERE person = ?", person)
	if errors.Is(err, hiring.ErrNotFound) {
		return hiring.Snooze{}, nil
	}
	return s, err
}

// SetSnooze replaces the person's snooze together with what follows from it; the
// zero one takes it away.
func (db *DB) SetSnooze(ctx context.Context, person string, s hiring.Snooze, b outbox.Batch) error {
	return db.write(ctx, func(c *conn) error {
		err := c.do("DELETE FROM snoozes WHERE person = ?", person)
		if err == nil && !s.Until.IsZero() {
			err = c.do("INSERT INTO snoozes (person, until_at, set_at) VALUES (?, ?, ?)", person, instant(s.Until), instant(s.Set))
		}
		if err != nil {
			return err
		}
		return db.apply(c, b)
	})
}

// OweFirst commits a message with a batch, unless one with its key is owed or was
// posted already: then nothing is written, and it returns what that one is about
// and since when it is owed. One that was dropped before it was posted doesn't
// count.
func (db *DB) OweFirst(ctx context.Context, m outbox.Message, b outbox.Batch) (about string, at time.Time, err error) {
	err = db.write(ctx, func(c *conn) error {
		about, at, err = owed(c, m.Key)
		if err != nil || about != "" {
			return err
		}
		if err := c.do("UPDATE messages SET about = ?, owed_at = ? WHERE key = ?", m.About, db.now().UnixMilli(), m.Key); err != nil {
			return err
		}
		b.Messages = append(b.Messages, m)
		return db.apply(c, b)
	})
	return about, at, err
}

// owed returns what a message is about and since when it is owed; "" when it
// isn't.
func owed(c *conn, key string) (about string, at time.Time, err error) {
	_, err = all(c, func(r row) (struct{}, error) { return struct{}{}, r.Scan(&about, toInstant(&at)) },
		`SELECT about, owed_at FROM messages m WHERE key = ?1
			AND (posted_at IS NOT NULL OR EXISTS (SELECT 1 FROM outbox o WHERE o.key = 'message:' || m.key AND o.state <> 'dropped'))`, key)
	return about, at, err
}
