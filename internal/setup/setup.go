// Package setup keeps who fills a role's titles, who coordinates and decides,
// where its messages go, and what people set over the role's file: what a role
// needs and its document can't know. Each section is saved by itself, so that a
// set-up can be left half-way and gone on with by somebody else. It also keeps
// each person's own calendar address and working hours.
//
// It must not know Slack, SQLite or Google: it declares what it needs of them.
package setup

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Store is what the feature needs of the database.
type Store interface {
	Role(ctx context.Context, key string) (*hiring.Role, error)
	Roles(ctx context.Context) ([]*hiring.Role, error)
	// ChangeSetup changes a role's setup in one transaction. An error of change
	// leaves everything as it was.
	ChangeSetup(ctx context.Context, key string, change func(*hiring.Role, *hiring.Setup) (outbox.Batch, error)) error
	// ChangePerson does the same for what was set in Slack of a person, and for
	// the revision of their live interviews that aren't over.
	ChangePerson(ctx context.Context, id string, change func(*hiring.Person, []*hiring.Interview) (outbox.Batch, error)) error
}

// People knows the members of the workspace.
type People interface {
	Person(ctx context.Context, id string) (hiring.Person, error)
}

// Calendar is asked whether calendars can be read.
type Calendar interface {
	Busy(ctx context.Context, emails []string, from, to time.Time) (map[string]hiring.Calendar, error)
}

// Service is the feature.
type Service struct {
	Store     Store
	People    People
	Calendar  Calendar
	Workspace func(ctx context.Context) ([]string, error) // who may set up roles: COORDINATORS, else admins and owners
	// Check returns what can't work of a role's settings that the role alone
	// can't tell, with the setting's path as field; nil: nothing.
	Check     func(*hiring.Role) []*hiring.UserError
	Countries []string // codes of the known holiday calendars
	// Placeholders are the words in braces that a notice's text may hold.
	Placeholders []string
	Now          func() time.Time

	mu    sync.Mutex
	tried map[string]Trial // by calendar address
}

// May reports whether the person may set up the role: the workspace's
// coordinators, and the role's own.
func (s *Service) May(ctx context.Context, role *hiring.Role, person string) (bool, error) {
	if role.IsCoordinator(person) {
		return true, nil
	}
	ids, err := s.Workspace(ctx)
	return slices.Contains(ids, person), err
}

// Fillers returns who may set up the role, those nearest to it first: its own
// coordinators, or else the workspace's.
func (s *Service) Fillers(ctx context.Context, role *hiring.Role) ([]string, error) {
	var own []string
	for _, id := range role.Setup.Coordinators {
		if p, err := s.People.Person(ctx, id); err == nil && p.Employee() {
			own = append(own, id)
		}
	}
	if len(own) > 0 {
		return own, nil
	}
	return s.Workspace(ctx)
}

// Roles returns the roles that the person may set up or has a part in.
func (s *Service) Roles(ctx context.Context, person string) ([]*hiring.Role, error) {
	roles, err := s.Store.Roles(ctx)
	if err != nil {
		return nil, err
	}
	var out []*hiring.Role
	for _, r := range roles {
		may, err := s.May(ctx, r, person)
		if err != nil {
			return nil, err
		}
		if may || r.OnTeam(person) {
			out = append(out, r)
		}
	}
	return out, nil
}

// Role returns a role that the person may set up.
func (s *Service) Role(ctx context.Context, key, person string) (*hiring.Role, error) {
	role, err := s.Store.Role(ctx, key)
	if err != nil {
		return nil, err
	}
	may, err := s.May(ctx, role, person)
	if err != nil {
		return nil, err
	}
	if !may {
		return nil, hiring.Refuse("Only a coordinator can set up %s. Nothing was changed.", role.Title)
	}
	return role, nil
}

// Problems are several UserErrors at once, one per field.
type Problems struct{ List []*hiring.UserError }

func (p *Problems) Error() string { return p.List[0].Text }

// A Changed error says that somebody saved the section after the person opened
// it. Saving it again with Seen replaces what they saved.
type Changed struct {
	By   string // Slack user id
	At   time.Time
	Seen int
}

func (c *Changed) Error() string { return "changed meanwhile" }

// errSame ends a change that changes nothing, e.g. a second click.
var errSame = errors.New("nothing is different")

// unlessSame makes no error of a change that changes nothing.
func unlessSame(err error) error {
	if errors.Is(err, errSame) {
		return nil
	}
	return err
}

// change saves one section. seen is the count of its Mark when the person
// opened it. edit changes the setup, and reports whether that made a difference.
func (s *Service) change(ctx context.Context, key, section string, seen int, by string, edit func(*hiring.Role, *hiring.Setup) (bool, error)) error {
	if _, err := s.Role(ctx, key, by); err != nil {
		return err
	}
	return unlessSame(s.Store.ChangeSetup(ctx, key, func(role *hiring.Role, setup *hiring.Setup) (outbox.Batch, error) {
		before := role.Team()
		differs, err := edit(role, setup)
		if err != nil {
			return outbox.Batch{}, err
		}
		if !differs {
			return outbox.Batch{}, errSame
		}
		if m := setup.Sections[section]; m.N != seen {
			return outbox.Batch{}, &Changed{By: m.By, At: m.At, Seen: m.N}
		}
		s.sign(setup, section, by)
		after := role.AsStated().With(setup.Settings)
		after.Setup = *setup
		return outbox.Batch{
			NotDue: movedAway(role, after, s.Now()),
			Touch:  append(append([]string{role.Key}, before...), after.Team()...),
			Log:    []hiring.Entry{{Actor: by, Action: "role.setup", Subject: role.Key, Detail: section}},
		}, nil
	}))
}

// movedAway returns the keys of coming previews and summaries when the role's
// zone changes: they are due at other times then, and are added anew. Today's
// stay: their hour may have passed in the new zone, and what is in the past isn't
// added.
func movedAway(before, after *hiring.Role, now time.Time) []string {
	if before.Zone.V == after.Zone.V {
		return nil
	}
	var keys []string
	ahead := int(before.Horizon.V.Hours()/24) + 60 // a deadline may be weeks after the last slot
	for i := 1; i < ahead; i++ {
		date := now.In(before.TimeZone()).AddDate(0, 0, i).Format(time.DateOnly)
		for _, kind := range []string{hiring.DuePreview, hiring.DueSummary} {
			keys = append(keys, kind+":"+before.Key+":"+date)
		}
	}
	return keys
}

// sign says who saved a section, and when.
func (s *Service) sign(setup *hiring.Setup, section, by string) {
	setup.SavedBy, setup.SavedAt = by, s.Now()
	if setup.Sections == nil {
		setup.Sections = map[string]hiring.Mark{}
	}
	setup.Sections[section] = hiring.Mark{N: setup.Sections[section].N + 1, By: by, At: setup.SavedAt}
}

// Save records the team, the channel and, with confirmed, a yes to what was
// chosen, all at once: for the sandbox, which starts with a role that is open.
func (s *Service) Save(ctx context.Context, setup hiring.Setup, confirmed bool, by string) error {
	role, err := s.Role(ctx, setup.RoleKey, by)
	if err != nil {
		return err
	}
	now := func(section string) int { return role.Setup.Sections[section].N }
	if err := s.SaveTeam(ctx, role.Key, TeamOf(setup), now(hiring.TeamSection), by); err != nil {
		return err
	}
	if err := s.SaveChannel(ctx, role.Key, setup.Channel, now(hiring.ChannelSection), by); err != nil {
		return err
	}
	if !confirmed {
		return nil
	}
	return s.Confirm(ctx, role.Key, hiring.Confirmation(role.Unconfirmed()), by)
}
