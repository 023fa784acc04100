package setup

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

const (
	carla = "carla" // the role's coordinator
	wanda = "wanda" // the workspace's
	karly = "karly"
)

type shelf struct {
	role  hiring.Role
	saved []hiring.Setup
	full  error
}

func (s *shelf) Role(context.Context, string) (*hiring.Role, error) {
	r := s.role
	return &r, nil
}
func (s *shelf) Roles(context.Context) ([]*hiring.Role, error) { return []*hiring.Role{&s.role}, nil }
func (s *shelf) SaveSetup(_ context.Context, setup hiring.Setup, _ outbox.Batch) error {
	if s.full == nil {
		s.saved = append(s.saved, setup)
	}
	return s.full
}

type people map[string]hiring.Person

func (p people) Person(_ context.Context, id string) (hiring.Person, error) {
	person, ok := p[id]
	if !ok {
		return person, hiring.ErrNotFound
	}
	return person, nil
}

func service() (*Service, *shelf) {
	s := &shelf{role: hiring.Role{Key: "coord", Revision: "r7", Title: "Coordinator", Setup: hiring.Setup{Coordinators: []string{carla}, People: map[string][]string{"s": {karly}}}}}
	who := people{"guest": {Name: "Gus", Guest: true}, "foreign": {Name: "Fay", Foreign: true}, "bot": {Name: "Botty", Bot: true}, "left": {Name: "Lee", Deleted: true}}
	for _, id := range []string{carla, wanda, karly} {
		who[id] = hiring.Person{ID: id, Name: id}
	}
	return &Service{
		Store: s, People: who, Now: func() time.Time { return time.Date(2026, 11, 18, 15, 0, 0, 0, time.UTC) },
		Workspace: func(context.Context) ([]string, error) { return []string{wanda}, nil },
	}, s
}

func good() hiring.Setup {
	return hiring.Setup{RoleKey: "coord", Coordinators: []string{carla}, Deciders: []string{wanda}, Channel: "C1", People: map[string][]string{"s": {karly}}}
}

func TestSave(t *testing.T) {
	for _, by := range []string{carla, wanda} {
		s, shelf := service()
		if err := s.Save(t.Context(), good(), true, by); err != nil {
			t.Fatal(err)
		}
		if got := shelf.saved[0]; got.Confirmed != "r7" || got.SavedBy != by || got.SavedAt.IsZero() || got.Channel != "C1" {
			t.Errorf("%+v", got)
		}
	}
	s, shelf := service()
	if shelf.full = errors.New("disk full"); !errors.Is(s.Save(t.Context(), good(), true, carla), shelf.full) {
		t.Error("a setup that wasn't saved was reported as saved")
	}
}

func TestSaveRefusesInWords(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*hiring.Setup)
		field  string
		words  string
	}{
		{"no coordinator", func(s *hiring.Setup) { s.Coordinators = nil }, "coordinators", "at least one coordinator"},
		{"no decider", func(s *hiring.Setup) { s.Deciders = nil }, "deciders", "at least one decider"},
		{"a guest", func(s *hiring.Setup) { s.Deciders = []string{"guest"} }, "deciders", "Gus is a guest"},
		{"somebody of another workspace", func(s *hiring.Setup) { s.People["s"] = []string{"foreign"} }, "title:s", "Fay is a guest"},
		{"an app", func(s *hiring.Setup) { s.People["s"] = []string{"bot"} }, "title:s", "Botty is an app"},
		{"a deactivated panelist", func(s *hiring.Setup) { s.People["s"] = []string{karly, "left"} }, "title:s", "Lee's account is deactivated"},
		{"somebody unknown", func(s *hiring.Setup) { s.Coordinators = []string{carla, "ghost"} }, "coordinators", "can't find"},
	} {
		s, shelf := service()
		setup := good()
		tt.change(&setup)
		err := s.Save(t.Context(), setup, true, carla)
		var problems *Problems
		if !errors.As(err, &problems) || len(problems.List) != 1 || problems.List[0].Field != tt.field || !strings.Contains(problems.List[0].Text, tt.words) {
			t.Errorf("%s: %v", tt.why, err)
		}
		if len(shelf.saved) != 0 {
			t.Errorf("%s: it was saved", tt.why)
		}
	}
	s, shelf := service()
	var problems *Problems
	if err := s.Save(t.Context(), good(), false, carla); !errors.As(err, &problems) || problems.List[0].Field != "confirm" {
		t.Errorf("without the yes: %v", err)
	}
	if err := s.Save(t.Context(), good(), true, karly); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("a panelist: %v", err)
	}
	if len(shelf.saved) != 0 {
		t.Error("it was saved")
	}
}

func TestWhoSeesARole(t *testing.T) {
	s, _ := service()
	for person, want := range map[string]int{carla: 1, wanda: 1, karly: 1, "nobody": 0} {
		roles, err := s.Roles(t.Context(), person)
		if err != nil || len(roles) != want {
			t.Errorf("%s sees %d roles, %v", person, len(roles), err)
		}
	}
	broken := errors.New("slack is down")
	s.Workspace = func(context.Context) ([]string, error) { return nil, broken }
	if _, err := s.Roles(t.Context(), "nobody"); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if may, err := s.May(t.Context(), &hiring.Role{Setup: hiring.Setup{Coordinators: []string{carla}}}, carla); !may || err != nil {
		t.Errorf("the role's own coordinator needs nobody else: %t %v", may, err)
	}
}
