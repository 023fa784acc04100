// Package setup keeps who fills a role's titles, who coordinates and decides,
// and where its messages go: what a role needs and its document can't know.
//
// It must not know Slack or SQLite: it declares what it needs of them.
package setup

import (
	"context"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Store is what the feature needs of the database.
type Store interface {
	Role(ctx context.Context, key string) (*hiring.Role, error)
	Roles(ctx context.Context) ([]*hiring.Role, error)
	SaveSetup(ctx context.Context, s hiring.Setup, b outbox.Batch) error
}

// People knows the members of the workspace.
type People interface {
	Person(ctx context.Context, id string) (hiring.Person, error)
}

// Service is the feature.
type Service struct {
	Store     Store
	People    People
	Workspace func(ctx context.Context) ([]string, error) // who may set up roles: COORDINATORS, else admins and owners
	Now       func() time.Time
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

// Problems are several UserErrors at once, one per field.
type Problems struct{ List []*hiring.UserError }

func (p *Problems) Error() string { return p.List[0].Text }

// Save records a role's setup. confirmed says that the person has confirmed the
// values that were chosen for them. Fields of errors: "title:<key>",
// "coordinators", "deciders", "channel", "confirm".
func (s *Service) Save(ctx context.Context, setup hiring.Setup, confirmed bool, by string) error {
	role, err := s.Store.Role(ctx, setup.RoleKey)
	if err != nil {
		return err
	}
	may, err := s.May(ctx, role, by)
	if err != nil {
		return err
	}
	if !may {
		return hiring.Refuse("Only a coordinator can set up %s.", role.Title)
	}
	var problems []*hiring.UserError
	check := func(field string, ids []string) {
		for _, id := range ids {
			p, err := s.People.Person(ctx, id)
			switch {
			case err != nil:
				problems = append(problems, hiring.Invalid(field, "I can't find one of these people in Slack. Choose them again."))
			case p.Deleted:
				problems = append(problems, hiring.Invalid(field, "%s's account is deactivated. Choose somebody else.", p.Name))
			case p.Bot:
				problems = append(problems, hiring.Invalid(field, "%s is an app. Choose a person.", p.Name))
			case !p.Employee():
				problems = append(problems, hiring.Invalid(field, "%s is a guest. Candidate data stays with members of the workspace.", p.Name))
			}
		}
	}
	for key, ids := range setup.People {
		check("title:"+key, ids)
	}
	check("coordinators", setup.Coordinators)
	check("deciders", setup.Deciders)
	if len(setup.Coordinators) == 0 {
		problems = append(problems, hiring.Invalid("coordinators", "Name at least one coordinator: they add candidates and schedule."))
	}
	if len(setup.Deciders) == 0 {
		problems = append(problems, hiring.Invalid("deciders", "Name at least one decider."))
	}
	if !confirmed {
		problems = append(problems, hiring.Invalid("confirm", "Tick this once the values fit, or have them changed in the role's file first."))
	}
	if len(problems) > 0 {
		return &Problems{problems}
	}
	setup.SavedBy, setup.SavedAt, setup.Confirmed = by, s.Now(), role.Revision
	return s.Store.SaveSetup(ctx, setup, outbox.Batch{
		Touch: append([]string{role.Key}, setup.Coordinators...),
		Log:   []hiring.Entry{{Actor: by, Action: "role.setup", Subject: role.Key, Detail: "revision " + strings.TrimSpace(role.Revision)}},
	})
}
