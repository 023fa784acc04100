package sqlite

import (
	"context"
	"time"

	"convene/internal/outbox"
)

const messageColumns = `key, kind, about, person, role, channel, ts, posted_at, gone, want, hash`

func messageFields(m *outbox.Message) []any {
	return []any{&m.Key, &m.Kind, &m.About, &m.Person, &m.Role, &m.Channel, &m.TS, toInstant(&m.Posted), &m.Gone, &m.Want, &m.Hash}
}

// Message returns a message by its key, or ErrNotFound.
func (db *DB) Message(ctx context.Context, key string) (*outbox.Message, error) {
	return readOne(ctx, db, func(r row) (*outbox.Message, error) {
		var m outbox.Message
		return &m, r.Scan(messageFields(&m)...)
	}, "SELECT "+messageColumns+" FROM messages WHERE key = ?", key)
}

// MessageAt returns the message that stands at a place in Slack, or ErrNotFound.
func (db *DB) MessageAt(ctx context.Context, channel, ts string) (*outbox.Message, error) {
	return readOne(ctx, db, func(r row) (*outbox.Message, error) {
		var m outbox.Message
		return &m, r.Scan(messageFields(&m)...)
	}, "SELECT "+messageColumns+" FROM messages"+messagePlace, channel, ts)
}

const messagePlace = " WHERE channel = ? AND ts = ? AND ts <> ''"

// Posted records that a message stands in Slack, that it shows version Want,
// of what, and what it says of candidates. It may happen twice. Without a Hash nobody knows what it shows
// (it was found there after a lost answer), so it is to be rendered anew.
func (db *DB) Posted(ctx context.Context, m outbox.Message, subjects []string) error {
	shown := m.Want
	if m.Hash == "" {
		shown--
	}
	return db.write(ctx, func(c *conn) error {
		err := c.do("UPDATE messages SET channel = ?, ts = ?, posted_at = ?, hash = ?, shown = ? WHERE key = ?",
			m.Channel, m.TS, instant(m.Posted), m.Hash, shown, m.Key)
		if err != nil {
			return err
		}
		if err := addSaid(c, m, m.Posted); err != nil {
			return err
		}
		return replaceSubjects(c, m.Key, subjects)
	})
}

// MarkSecret returns what keys the marks of our messages in Slack. It lives and
// is restored with the database, so that what was posted is still found.
func (db *DB) MarkSecret(ctx context.Context) ([]byte, error) {
	return readOne(ctx, db, func(r row) (b []byte, err error) { return b, r.Scan(&b) }, "SELECT value FROM secrets WHERE name = 'message mark'")
}

// Placed records where a message is about to be posted, for a look-up, and what
// it is about to say of candidates: should the answer be lost, this is what they
// read until it is rendered anew. What an attempt before didn't come to say goes.
func (db *DB) Placed(ctx context.Context, m outbox.Message) error {
	return db.write(ctx, func(c *conn) error {
		n, err := c.exec("UPDATE messages SET channel = ? WHERE key = ? AND ts = ''", m.Channel, m.Key)
		if err != nil || n == 0 || len(m.Said) == 0 {
			return err
		}
		if err := c.do("DELETE FROM summary_entries WHERE message = ?", m.Key); err != nil {
			return err
		}
		return addSaid(c, m, db.now())
	})
}

// stale is the condition of the index of messages m to be rendered anew or
// removed, narrowed to those that stand in Slack. Home views always do.
const stale = "m.gone = 0 AND (m.want > m.shown OR m.unwanted = 1) AND (m.ts <> '' OR m.kind = 'home')"

// Stale returns posted messages and Home views that something they show has
// changed since they were shown, and posted messages to be removed, oldest first.
func (db *DB) Stale(ctx context.Context, limit int) ([]outbox.StaleMessage, error) {
	return readAll(ctx, db, func(r row) (outbox.StaleMessage, error) {
		var m outbox.StaleMessage
		return m, r.Scan(append(messageFields(&m.Message), &m.Delete)...)
	}, "SELECT "+messageColumns+", unwanted FROM messages m WHERE "+stale+" ORDER BY m.id "+limited, limit)
}

// Shown records that the message or Home view shows version Want, what that
// looks like (Hash), of what it is, and what it says of candidates. A touch since then leaves it stale.
func (db *DB) Shown(ctx context.Context, m outbox.Message, subjects []string) error {
	return db.write(ctx, func(c *conn) error {
		if err := c.do("UPDATE messages SET shown = ?, hash = ? WHERE key = ?", m.Want, m.Hash, m.Key); err != nil {
			return err
		}
		if err := addSaid(c, m, db.now()); err != nil {
			return err
		}
		return replaceSubjects(c, m.Key, subjects)
	})
}

// Gone records that a message was removed or can't be edited any more. Nothing
// touches it any more.
func (db *DB) Gone(ctx context.Context, key string) error {
	return db.write(ctx, func(c *conn) error {
		if err := c.do("UPDATE messages SET gone = 1 WHERE key = ?", key); err != nil {
			return err
		}
		return replaceSubjects(c, key, nil)
	})
}

// WantHome makes the person's Home view one to be published.
func (db *DB) WantHome(ctx context.Context, person string) error {
	return db.write(ctx, func(c *conn) error {
		return c.do(`INSERT INTO messages (key, kind, about, person, role, channel, ts, hash, want, shown, unwanted, gone, owed_at)
			VALUES (?1, 'home', ?2, ?2, '', '', '', '', 1, 0, 0, 0, ?3)
			ON CONFLICT (key) DO UPDATE SET want = want + 1, gone = 0`, "home:"+person, person, db.now().UnixMilli())
	})
}

// FirstNag returns when the person was first sent a nag since a time; zero: they
// weren't. One that is about to be posted counts, and so does one that couldn't be
// delivered; one that was dropped before doesn't.
func (db *DB) FirstNag(ctx context.Context, person string, since time.Time) (time.Time, error) {
	return readOne(ctx, db, func(r row) (first time.Time, err error) {
		err = r.Scan(toInstant(&first))
		return first, err
	}, `SELECT min(m.owed_at) FROM messages m WHERE m.kind = 'nag' AND m.person = ? AND m.owed_at >= ?
		AND (m.posted_at IS NOT NULL OR EXISTS (SELECT 1 FROM outbox o WHERE o.key = 'message:' || m.key AND o.state <> 'dropped'))`,
		person, since.UnixMilli())
}

func replaceSubjects(c *conn, key string, subjects []string) error {
	if err := c.do("DELETE FROM message_subjects WHERE message = (SELECT id FROM messages WHERE key = ?)", key); err != nil {
		return err
	}
	return addSubjects(c, key, subjects)
}

func addSubjects(c *conn, key string, subjects []string) error {
	for _, s := range subjects {
		err := c.do("INSERT INTO message_subjects (message, subject) SELECT id, ? FROM messages WHERE key = ? ON CONFLICT DO NOTHING", s, key)
		if err != nil {
			return err
		}
	}
	return nil
}
