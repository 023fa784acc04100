package sqlite

import (
	"context"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

const personColumns = `id, name, email, zone, is_admin, is_guest, is_foreign, is_bot, is_deleted`

const selectPerson = `SELECT ` + personColumns + `, coalesce(s.calendar, ''), coalesce(s.hours, '{}')
	FROM people LEFT JOIN person_settings s ON s.person = people.id`

func scanPerson(r row) (p hiring.Person, err error) {
	err = r.Scan(&p.ID, &p.Name, &p.Email, &p.Zone, &p.Admin, &p.Guest, &p.Foreign, &p.Bot, &p.Deleted, &p.Calendar, fromJSON(&p.Hours))
	return p, err
}

// SavePeople adds people, or updates what Slack says of them.
func (db *DB) SavePeople(ctx context.Context, people []hiring.Person) error {
	if len(people) == 0 {
		return nil
	}
	return db.write(ctx, func(c *conn) error {
		for _, p := range people {
			err := c.do(`INSERT INTO people (`+personColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email, zone = excluded.zone, is_admin = excluded.is_admin,
					is_guest = excluded.is_guest, is_foreign = excluded.is_foreign, is_bot = excluded.is_bot, is_deleted = excluded.is_deleted`,
				p.ID, p.Name, p.Email, p.Zone, p.Admin, p.Guest, p.Foreign, p.Bot, p.Deleted)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Person returns a person by their Slack user id, or ErrNotFound.
func (db *DB) Person(ctx context.Context, id string) (hiring.Person, error) {
	return readOne(ctx, db, scanPerson, selectPerson+" WHERE id = ?", id)
}

// People returns everybody known, by name.
func (db *DB) People(ctx context.Context) ([]hiring.Person, error) {
	return readAll(ctx, db, scanPerson, selectPerson+" ORDER BY name, id")
}

// SavePersonSettings records the person's calendar and hours, as they are in p.
func (db *DB) SavePersonSettings(ctx context.Context, p hiring.Person, by string, at time.Time, b outbox.Batch) error {
	return db.write(ctx, func(c *conn) error {
		err := c.do(`INSERT INTO person_settings (person, calendar, hours, set_by, set_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (person) DO UPDATE SET calendar = excluded.calendar, hours = excluded.hours, set_by = excluded.set_by, set_at = excluded.set_at`,
			p.ID, p.Calendar, toJSON(p.Hours), by, instant(at))
		if err != nil {
			return err
		}
		return db.apply(c, b)
	})
}
