package sqlite

import (
	"context"
	"fmt"
	"slices"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Owe commits a batch by itself.
func (db *DB) Owe(ctx context.Context, b outbox.Batch) error {
	return db.write(ctx, func(c *conn) error { return db.apply(c, b) })
}

// apply writes a batch in the transaction of the change that owes it. Due work
// is removed before it is added, so that a batch can move it; messages are
// added before anything is touched or deleted.
func (db *DB) apply(c *conn, b outbox.Batch) error {
	steps := []struct {
		what string
		run  func() error
	}{
		{"due work", func() error { return cancelDue(c, b.NotDue) }},
		{"dropped effects", func() error { return dropEffects(c, b.Drop) }},
		{"due work", func() error { return addDue(c, b.Due) }},
		{"messages", func() error { return db.addMessages(c, b.Messages) }},
		{"effects", func() error { return addEffects(c, b.Effects) }},
		{"deleted messages", func() error { return deleteMessages(c, b.Delete) }},
		{"touched messages", func() error { return touch(c, b.Touch) }},
		{"moves", func() error { return saveMoves(c, b.Moves) }},
		{"audit trail", func() error { return db.appendAudit(c, b.Log) }},
	}
	for _, s := range steps {
		if err := s.run(); err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
	}
	return nil
}

func cancelDue(c *conn, keys []string) error {
	for _, key := range keys {
		if err := c.do("DELETE FROM due WHERE key = ?", key); err != nil {
			return err
		}
	}
	return nil
}

// addDue adds due work; what is due already keeps the earlier time.
func addDue(c *conn, due []hiring.Due) error {
	for _, d := range due {
		err := c.do(`INSERT INTO due (key, kind, about, at) VALUES (?, ?, ?, ?)
			ON CONFLICT (key) DO UPDATE SET at = min(at, excluded.at)`, d.Key, d.Kind, d.About, d.At.UnixMilli())
		if err != nil {
			return err
		}
	}
	return nil
}

func addEffects(c *conn, effects []outbox.Effect) error {
	for _, e := range effects {
		err := c.do(`INSERT INTO outbox (key, kind, about, lane, state, attempt, looks, result, problem)
			VALUES (?, ?, ?, ?, 'pending', 0, 0, '', '') ON CONFLICT (key) DO NOTHING`, e.Key, e.Kind, e.About, e.Lane)
		if err != nil {
			return err
		}
	}
	return nil
}

func dropEffects(c *conn, keys []string) error {
	for _, key := range keys {
		if err := c.do("UPDATE outbox SET state = 'dropped', retry_at = NULL WHERE key = ? AND state = 'pending'", key); err != nil {
			return err
		}
	}
	return nil
}

// addMessages adds messages with the effects that post them. Until a message
// is posted and says what it shows, it shows what it is about. One that was
// dropped before it was posted, as nobody wanted it then, is owed again. After a
// backup was restored it is looked for before it is posted.
func (db *DB) addMessages(c *conn, messages []outbox.Message) error {
	if len(messages) == 0 {
		return nil
	}
	lookFirst, err := db.lookFirst(c)
	if err != nil {
		return err
	}
	state := outbox.Pending
	if lookFirst {
		state = outbox.Unknown
	}
	for _, m := range messages {
		added, err := c.exec(`INSERT INTO messages (key, kind, about, person, role, channel, ts, hash, want, shown, unwanted, gone, owed_at)
			VALUES (?, ?, ?, ?, ?, '', '', '', 0, 0, 0, 0, ?) ON CONFLICT (key) DO NOTHING`,
			m.Key, m.Kind, m.About, m.Person, m.Role, db.now().UnixMilli())
		if err != nil {
			return err
		}
		if added == 0 {
			if err := oweAgain(c, m, state); err != nil {
				return err
			}
			continue
		}
		if err := addSubjects(c, m.Key, []string{m.About}); err != nil {
			return err
		}
		if err := addEffects(c, []outbox.Effect{m.Effect()}); err != nil {
			return err
		}
		if lookFirst {
			if err := c.do("UPDATE outbox SET state = 'unknown' WHERE key = ?", m.Effect().Key); err != nil {
				return err
			}
		}
	}
	return nil
}

func oweAgain(c *conn, m outbox.Message, state outbox.State) error {
	again, err := c.exec(`UPDATE outbox SET state = ?, retry_at = NULL, problem = '' WHERE key = ? AND state = 'dropped'
		AND EXISTS (SELECT 1 FROM messages WHERE key = ? AND ts = '')`, string(state), m.Effect().Key, m.Key)
	if err != nil || again == 0 {
		return err
	}
	return c.do("UPDATE messages SET gone = 0, unwanted = 0 WHERE key = ?", m.Key)
}

// deleteMessages takes messages back: one that stands in Slack, or whose
// posting is under way, is to be removed there; one that was never tried is
// dropped.
func deleteMessages(c *conn, keys []string) error {
	for _, key := range keys {
		dropped, err := c.exec("UPDATE outbox SET state = 'dropped', retry_at = NULL WHERE key = ? AND state = 'pending'", outbox.Message{Key: key}.Effect().Key)
		if err != nil {
			return err
		}
		if dropped > 0 {
			err = c.do("UPDATE messages SET gone = 1 WHERE key = ?", key)
		} else {
			err = c.do("UPDATE messages SET unwanted = 1 WHERE key = ? AND gone = 0", key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// touch makes every message and Home view that shows one of the subjects one
// to be rendered anew; each once, whatever the number of its subjects.
func touch(c *conn, subjects []string) error {
	if len(subjects) == 0 {
		return nil
	}
	subjects = slices.Clone(subjects)
	slices.Sort(subjects)
	return c.do(`UPDATE messages SET want = want + 1 WHERE gone = 0 AND id IN
		(SELECT message FROM message_subjects WHERE subject IN (SELECT value FROM json_each(?)))`, toJSON(slices.Compact(subjects)))
}
