package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"convene/internal/hiring"
	"convene/internal/sqlite"
)

// lookAtSettings has nothing left to find: what is wrong with a setting or a
// role file ended the command before.
func (c *checkup) lookAtSettings(s *section) {
	s.fine("settings: every one can be read")
	from := "built in"
	if c.cfg.RolesDir != "" {
		from = "built in and from " + c.cfg.RolesDir
	}
	s.fine("roles: every file can be read (%s): %s", from, strings.Join(keys(c.roles), ", "))
}

func (c *checkup) lookAtDatabase(ctx context.Context, s *section) {
	what := "database " + c.cfg.DatabasePath
	var err error
	c.database, err = sqlite.LookAt(ctx, c.cfg.DatabasePath)
	switch {
	case err != nil:
		s.fault("database", err.Error())
		s.unseen("setup of the roles", "the database must be mended first")
		return
	case c.database.Missing:
		s.fine("%s: will be made when the bot starts; its folder can be written", what)
	case c.database.Behind:
		s.fine("%s: is undamaged and can be written%s", what, c.usedBy())
		s.unseen("setup of the roles", "the bot brings the tables up to date when it starts; check again then")
		return
	default:
		s.fine("%s: is undamaged and can be written%s", what, c.usedBy())
	}
	c.lookAtSetups(s)
	c.setupsRead = true
}

func (c *checkup) usedBy() string {
	if c.database.Process == 0 {
		return ""
	}
	return fmt.Sprintf(" (in use by process %d, the running bot)", c.database.Process)
}

// lookAtSetups says which roles are open, and keeps those that somebody has
// begun to set up.
func (c *checkup) lookAtSetups(s *section) {
	var templates []string
	for _, file := range c.roles {
		i := slices.IndexFunc(c.database.Roles, func(r *hiring.Role) bool { return r.Key == file.Key })
		if i < 0 || c.database.Roles[i].Setup.SavedBy == "" {
			templates = append(templates, file.Key)
			continue
		}
		setup := c.database.Roles[i].Setup
		role := file.With(setup.Settings) // the file may have changed since the bot last started
		role.Setup = setup
		c.setUp = append(c.setUp, role)
		if missing := role.Missing(); len(missing) > 0 {
			s.note("role %s: not open yet: a coordinator completes it with /hiring setup; it lacks %s", role.Key, strings.Join(missing, ", "))
			continue
		}
		s.fine("role %s: is set up and open", role.Key)
	}
	if len(templates) > 0 {
		s.note("not set up yet: %s: a coordinator does that in Slack, with /hiring setup", strings.Join(templates, ", "))
	}
}

func keys(roles []*hiring.Role) []string {
	var out []string
	for _, r := range roles {
		out = append(out, r.Key)
	}
	return out
}
