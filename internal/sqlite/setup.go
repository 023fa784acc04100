package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// sectionPrefix marks the rows of role_settings that say who saved a section of
// the setup last; the value counts the saves. No path of a role's file has a
// colon.
const sectionPrefix = "section:"

// settingsScanner reads a role's rows of role_settings from one JSON list.
type settingsScanner struct{ setup *hiring.Setup }

func (s settingsScanner) Scan(src any) error {
	var rows [][4]any
	if err := fromJSON(&rows).Scan(src); err != nil {
		return err
	}
	for _, r := range rows {
		path, _ := r[0].(string)
		value, _ := r[1].(string)
		by, _ := r[2].(string)
		var at time.Time
		if ms, ok := r[3].(float64); ok {
			at = time.UnixMilli(int64(ms)).UTC()
		}
		if section, ok := strings.CutPrefix(path, sectionPrefix); ok {
			var n int
			if err := json.Unmarshal([]byte(value), &n); err != nil {
				return fmt.Errorf("section %s: %w", section, err)
			}
			if s.setup.Sections == nil {
				s.setup.Sections = map[string]hiring.Mark{}
			}
			s.setup.Sections[section] = hiring.Mark{N: n, By: by, At: at}
			continue
		}
		if s.setup.Settings == nil {
			s.setup.Settings = map[string]hiring.Setting{}
		}
		s.setup.Settings[path] = hiring.Setting{Value: value, By: by, At: at}
	}
	return nil
}

// ChangeSetup changes a role's setup in one transaction with what change
// returns; change gets the role as it is, and changes the copy of its setup. An
// error of change leaves everything as it was. What is replaced stays in the
// audit trail.
func (db *DB) ChangeSetup(ctx context.Context, key string, change func(*hiring.Role, *hiring.Setup) (outbox.Batch, error)) error {
	return db.write(ctx, func(c *conn) error {
		role, err := db.role(c, key)
		if err != nil {
			return err
		}
		s := role.Setup
		s.People, s.Settings, s.Sections = maps.Clone(s.People), maps.Clone(s.Settings), maps.Clone(s.Sections)
		b, err := change(role, &s)
		if err != nil {
			return err
		}
		if err := putSetup(c, key, s); err != nil {
			return err
		}
		b.Log = append(slices.Clone(b.Log), setupEntry(key, s))
		return db.apply(c, b)
	})
}

func putSetup(c *conn, key string, s hiring.Setup) error {
	err := c.do(`INSERT INTO setups (role, people, coordinators, deciders, channel, confirmed, saved_by, saved_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (role) DO UPDATE SET people = excluded.people, coordinators = excluded.coordinators, deciders = excluded.deciders,
			channel = excluded.channel, confirmed = excluded.confirmed, saved_by = excluded.saved_by, saved_at = excluded.saved_at`,
		key, toJSON(s.People), toJSON(s.Coordinators), toJSON(s.Deciders), s.Channel, s.Confirmed, s.SavedBy, instant(s.SavedAt))
	if err != nil {
		return err
	}
	if err := c.do("DELETE FROM role_settings WHERE role = ?", key); err != nil {
		return err
	}
	const insert = "INSERT INTO role_settings (role, path, value, set_by, set_at) VALUES (?, ?, ?, ?, ?)"
	for path, v := range s.Settings {
		if err := c.do(insert, key, path, v.Value, v.By, instant(v.At)); err != nil {
			return err
		}
	}
	for section, m := range s.Sections {
		if err := c.do(insert, key, sectionPrefix+section, fmt.Sprint(m.N), m.By, instant(m.At)); err != nil {
			return err
		}
	}
	return nil
}

// setupEntry keeps a setup in the audit trail: ids and the values of settings
// only.
func setupEntry(key string, s hiring.Setup) hiring.Entry {
	values := map[string]string{}
	for path, v := range s.Settings {
		values[path] = v.Value
	}
	return hiring.Entry{Actor: s.SavedBy, Action: "setup.saved", Subject: key, Detail: toJSON(map[string]any{
		"people": s.People, "coordinators": s.Coordinators, "deciders": s.Deciders, "channel": s.Channel, "confirmed": s.Confirmed, "settings": values,
	})}
}
