package sqlite

import (
	"context"

	"convene/internal/hiring"
)

const personColumns = `id, name, email, zone, is_admin, is_guest, is_foreign, is_bot, is_deleted`

func scanPerson(r row) (p hiring.Person, err error) {
	err = r.Scan(&p.ID, &p.Name, &p.Email, &p.Zone, &p.Admin, &p.Guest, &p.Foreign, &p.Bot, &p.Deleted)
	return p, err
}

// SavePeople adds people, or updates them.
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
	return readOne(ctx, db, scanPerson, "SELECT "+personColumns+" FROM people WHERE id = ?", id)
}

// People returns everybody known, by name.
func (db *DB) People(ctx context.Context) ([]hiring.Person, error) {
	return readAll(ctx, db, scanPerson, "SELECT "+personColumns+" FROM people ORDER BY name, id")
}
