package sqlite

import (
	"context"
	"fmt"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// A roleRevision names one content of a role's file.
type roleRevision struct{ key, revision string }

// PutRoles records the roles that the program was started with. Roles that
// aren't among them are no longer listed, but stay for their open cases; every
// revision stays for the scorecards that were asked with it.
func (db *DB) PutRoles(ctx context.Context, roles []*hiring.Role) error {
	bodies := make([]string, len(roles))
	for i, r := range roles {
		body := *r
		body.Setup = hiring.Setup{}
		bodies[i] = toJSON(body)
	}
	err := db.write(ctx, func(c *conn) error {
		if err := c.do("UPDATE roles SET listed = 0"); err != nil {
			return err
		}
		for i, r := range roles {
			// The same file may be read better by a newer program, so the newest reading counts.
			err := c.do(`INSERT INTO role_revisions (role, revision, body, first_seen_at) VALUES (?, ?, ?, ?)
				ON CONFLICT (role, revision) DO UPDATE SET body = excluded.body WHERE body <> excluded.body`,
				r.Key, r.Revision, bodies[i], db.now().UnixMilli())
			if err != nil {
				return err
			}
			same, err := c.exec("UPDATE roles SET listed = 1, position = ? WHERE key = ? AND revision = ?", i, r.Key, r.Revision)
			if err != nil {
				return err
			}
			if same > 0 {
				continue
			}
			err = c.do(`INSERT INTO roles (key, revision, listed, position) VALUES (?, ?, 1, ?)
				ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, listed = 1, position = excluded.position`, r.Key, r.Revision, i)
			if err != nil {
				return err
			}
			err = db.apply(c, outbox.Batch{
				Touch: []string{r.Key},
				Log:   []hiring.Entry{{Actor: "convene", Action: "role.revision", Subject: r.Key, Detail: r.Revision}},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	db.rolesMu.Lock()
	clear(db.roles)
	db.rolesMu.Unlock()
	return err
}

const roleColumns = `r.key, r.revision, r.listed,
	coalesce(s.people, 'null'), coalesce(s.coordinators, 'null'), coalesce(s.deciders, 'null'),
	coalesce(s.channel, ''), coalesce(s.confirmed, ''), coalesce(s.saved_by, ''), s.saved_at,
	(SELECT coalesce(json_group_array(json_array(path, value, set_by, set_at)), '[]') FROM role_settings WHERE role = r.key)`

// A storedRole is a role's row with its setup.
type storedRole struct {
	roleRevision
	listed bool
	setup  hiring.Setup
}

func scanRole(r row) (storedRole, error) {
	var s storedRole
	err := r.Scan(&s.key, &s.revision, &s.listed,
		fromJSON(&s.setup.People), fromJSON(&s.setup.Coordinators), fromJSON(&s.setup.Deciders),
		&s.setup.Channel, &s.setup.Confirmed, &s.setup.SavedBy, toInstant(&s.setup.SavedAt), settingsScanner{&s.setup})
	s.setup.RoleKey = s.key
	return s, err
}

const selectRole = "SELECT " + roleColumns + " FROM roles r LEFT JOIN setups s ON s.role = r.key"

// Role returns the current revision of a role with its setup, or ErrNotFound.
// What the role's file says is shared by all callers: read it only.
func (db *DB) Role(ctx context.Context, key string) (role *hiring.Role, err error) {
	err = db.read(ctx, func(c *conn) error {
		role, err = db.role(c, key)
		return err
	})
	return role, err
}

func (db *DB) role(c *conn, key string) (*hiring.Role, error) {
	s, err := one(c, scanRole, selectRole+" WHERE r.key = ?", key)
	if err != nil {
		return nil, err
	}
	return db.withSetup(c, s.roleRevision, s)
}

// stillNeeded finds roles with somebody in the process, or who is to be told: a
// file that is gone must not make anybody forget them.
const stillNeeded = `EXISTS (SELECT 1 FROM candidates c WHERE c.role = r.key AND c.erased_at IS NULL AND (c.state = 'active' OR c.state <> 'withdrawn'
	AND EXISTS (SELECT 1 FROM interviews i WHERE i.candidate = c.id AND i.state = 'booked' AND i.told_at IS NULL)))`

// Roles returns the listed roles in the order in which they were given, with
// those whose file is gone while their candidates still wait.
func (db *DB) Roles(ctx context.Context) (roles []*hiring.Role, err error) {
	err = db.read(ctx, func(c *conn) error {
		stored, err := all(c, scanRole, selectRole+" WHERE r.listed = 1 OR "+stillNeeded+" ORDER BY r.position, r.key")
		if err != nil {
			return err
		}
		for _, s := range stored {
			role, err := db.withSetup(c, s.roleRevision, s)
			if err != nil {
				return err
			}
			roles = append(roles, role)
		}
		return nil
	})
	return roles, err
}

// RoleRevision returns a role as a revision of its file said, with today's
// setup, or ErrNotFound.
func (db *DB) RoleRevision(ctx context.Context, key, revision string) (role *hiring.Role, err error) {
	err = db.read(ctx, func(c *conn) error {
		s, err := one(c, scanRole, selectRole+" WHERE r.key = ?", key)
		if err != nil {
			return err
		}
		role, err = db.withSetup(c, roleRevision{key, revision}, s)
		return err
	})
	return role, err
}

func (db *DB) withSetup(c *conn, id roleRevision, s storedRole) (*hiring.Role, error) {
	body, err := db.roleBody(c, id)
	if err != nil {
		return nil, err
	}
	role := body.With(s.setup.Settings)
	role.Setup, role.FileGone = s.setup, !s.listed
	return role, nil
}

// roleBody returns what the revision's file said. Revisions don't change, so
// each is read once.
func (db *DB) roleBody(c *conn, id roleRevision) (*hiring.Role, error) {
	db.rolesMu.Lock()
	role := db.roles[id]
	db.rolesMu.Unlock()
	if role != nil {
		return role, nil
	}
	role, err := one(c, func(r row) (*hiring.Role, error) {
		var role hiring.Role
		return &role, r.Scan(fromJSON(&role))
	}, "SELECT body FROM role_revisions WHERE role = ? AND revision = ?", id.key, id.revision)
	if err != nil {
		return nil, fmt.Errorf("role %s, revision %s: %w", id.key, id.revision, err)
	}
	db.rolesMu.Lock()
	db.roles[id] = role
	db.rolesMu.Unlock()
	return role, nil
}
