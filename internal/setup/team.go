package setup

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"

	"convene/internal/hiring"
)

// A Team is who has a part in a role.
type Team struct {
	People       map[string][]string // as in hiring.Setup
	Coordinators []string
	Deciders     []string
}

// TeamOf returns a setup's team.
func TeamOf(s hiring.Setup) Team { return Team{s.People, s.Coordinators, s.Deciders} }

// SaveTeam records who has which part. It may be partial. Fields of errors:
// "title:<key>", "coordinators", "deciders".
func (s *Service) SaveTeam(ctx context.Context, key string, team Team, seen int, by string) error {
	if problems := s.checkTeam(ctx, team); len(problems) > 0 {
		return &Problems{problems}
	}
	return s.change(ctx, key, hiring.TeamSection, seen, by, func(role *hiring.Role, setup *hiring.Setup) (bool, error) {
		if had := setup.Coordinators; len(team.Coordinators) == 0 && len(had) > 0 {
			if slices.Equal(had, []string{by}) {
				return false, hiring.Invalid("coordinators", "You are the last coordinator of %s. Name another one first, then leave.", role.Title)
			}
			return false, hiring.Invalid("coordinators", "Somebody has to add candidates and schedule: name at least one coordinator.")
		}
		if same(TeamOf(*setup), team) {
			return false, nil
		}
		setup.People, setup.Coordinators, setup.Deciders = team.People, team.Coordinators, team.Deciders
		return true, nil
	})
}

func same(a, b Team) bool {
	list := func(t Team) map[string]string {
		out := map[string]string{"c": strings.Join(t.Coordinators, " "), "d": strings.Join(t.Deciders, " ")}
		for k, ids := range t.People {
			if len(ids) > 0 {
				out["title:"+k] = strings.Join(ids, " ")
			}
		}
		return out
	}
	return reflect.DeepEqual(list(a), list(b))
}

// checkTeam refuses who can't be on a team.
func (s *Service) checkTeam(ctx context.Context, team Team) []*hiring.UserError {
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
	for _, key := range slices.Sorted(maps.Keys(team.People)) {
		check("title:"+key, team.People[key])
	}
	check("coordinators", team.Coordinators)
	check("deciders", team.Deciders)
	return problems
}

// Gone returns who is on the role's team and can't be any more, e.g. because
// they left.
func (s *Service) Gone(ctx context.Context, role *hiring.Role) ([]hiring.Person, error) {
	var out []hiring.Person
	for _, id := range role.Team() {
		p, err := s.People.Person(ctx, id)
		if err != nil {
			return nil, err
		}
		if !p.Employee() {
			out = append(out, p)
		}
	}
	return out, nil
}

// SaveChannel records the role's private channel.
func (s *Service) SaveChannel(ctx context.Context, key, channel string, seen int, by string) error {
	return s.change(ctx, key, hiring.ChannelSection, seen, by, func(_ *hiring.Role, setup *hiring.Setup) (bool, error) {
		differs := setup.Channel != channel
		setup.Channel = channel
		return differs, nil
	})
}

// Confirm records a yes to the chosen values that the person was shown, as
// hiring.Confirmation of them. When they are others now, it is a Changed error.
func (s *Service) Confirm(ctx context.Context, key, shown, by string) error {
	role, err := s.Role(ctx, key, by)
	if err != nil {
		return err
	}
	return s.change(ctx, key, hiring.ConfirmSection, role.Setup.Sections[hiring.ConfirmSection].N, by, func(role *hiring.Role, setup *hiring.Setup) (bool, error) {
		open := role.Unconfirmed()
		if len(open) == 0 {
			return false, nil // somebody was faster
		}
		if hiring.Confirmation(open) != shown {
			return false, &Changed{By: setup.SavedBy, At: setup.SavedAt}
		}
		setup.Confirmed = hiring.Confirmation(append(role.Confirmed(), open...))
		return true, nil
	})
}
