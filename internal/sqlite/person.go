package sqlite

import (
	"context"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

const personColumns = `id, name, email, zone, is_admin, is_guest, is_foreign, is_bot, is_deleted`

const selectPerson = `SELECT ` + personColumns + `, coalesce(s.calendar, ''), coalesce(s.hours, '{}'),
	CASE WHEN s.calendar <> '' THEN s.set_by ELSE '' END, CASE WHEN s.calendar <> '' THEN s.set_at END
	FROM people LEFT JOIN person_settings s ON s.person = people.id`

func scanPerson(r row) (p hiring.Person, err error) {
	err = r.Scan(&p.ID, &p.Name, &p.Email, &p.Zone, &p.Admin, &p.Guest, &p.Foreign, &p.Bot, &p.Deleted,
		&p.Calendar, fromJSON(&p.Hours), &p.CalendarBy, toInstant(&p.CalendarAt))
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

// ChangePerson changes what was set in Slack of a person, their calendar and
// hours, in one transaction with what change returns. change gets the person's
// live interviews that aren't over, too, and may change their revision. An error
// of change leaves everything as it was.
func (db *DB) ChangePerson(ctx context.Context, id string, change func(*hiring.Person, []*hiring.Interview) (outbox.Batch, error)) error {
	return db.write(ctx, func(c *conn) error {
		p, err := one(c, scanPerson, selectPerson+" WHERE id = ?", id)
		if err != nil {
			return err
		}
		stored, err := interviews(c, selectInterview+` WHERE state IN ('booking', 'booked') AND end_at > ?
			AND id IN (SELECT interview FROM panelists WHERE person = ?) ORDER BY start_at, id`, db.now().UnixMilli(), id)
		if err != nil {
			return err
		}
		var ahead []*hiring.Interview
		before := map[string]int{}
		for _, iv := range stored {
			ahead, before[iv.ID] = append(ahead, iv.Interview), iv.Revision
		}
		b, err := change(&p, ahead)
		if err != nil {
			return err
		}
		err = c.do(`INSERT INTO person_settings (person, calendar, hours, set_by, set_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (person) DO UPDATE SET calendar = excluded.calendar, hours = excluded.hours, set_by = excluded.set_by, set_at = excluded.set_at`,
			p.ID, p.Calendar, toJSON(p.Hours), p.CalendarBy, instant(p.CalendarAt))
		if err != nil {
			return err
		}
		for _, iv := range ahead {
			if iv.Revision == before[iv.ID] {
				continue
			}
			if err := updateInterview(c, iv); err != nil {
				return err
			}
		}
		return db.apply(c, b)
	})
}
