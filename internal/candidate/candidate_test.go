package candidate

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

const (
	carla = "carla" // coordinator
	dana  = "dana"  // decider
	karly = "karly" // panelist of Ana's interview
	nia   = "nia"   // nobody
)

// noon is when the tests take place: a Wednesday.
var noon = time.Date(2026, 11, 18, 15, 0, 0, 0, time.UTC)

// shelf is a store in memory.
type shelf struct {
	roles []*hiring.Role
	cands map[string]*hiring.Candidate
	cases []*hiring.Case
	asked []string // roles that were searched
	log   []string
	full  error

	checks   []*hiring.Check
	history  []HistoryLine
	touched  []string
	effects  []string
	messages []string
	due      []string
	notDue   []string
}

func (s *shelf) apply(b outbox.Batch) {
	for _, e := range b.Log {
		s.log = append(s.log, strings.TrimSpace(e.Actor+" "+e.Action+" "+e.Subject+" "+e.Detail))
		s.history = append([]HistoryLine{{Entry: e, At: noon}}, s.history...)
	}
	for _, e := range b.Effects {
		s.effects = append(s.effects, e.Key)
	}
	for _, m := range b.Messages {
		s.messages = append(s.messages, m.Key)
	}
	for _, d := range b.Due {
		s.due = append(s.due, d.Key)
	}
	s.touched, s.notDue = append(s.touched, b.Touch...), append(s.notDue, b.NotDue...)
}

func (s *shelf) Checks(context.Context, string) ([]*hiring.Check, error) { return s.checks, nil }

func (s *shelf) TimeHolds(context.Context, string) ([]*hiring.TimeHold, error) { return nil, nil }
func (s *shelf) Offerings(context.Context, string) ([]*hiring.Offering, error) { return nil, nil }

func (s *shelf) History(context.Context, string, int) ([]HistoryLine, error) { return s.history, nil }

func (s *shelf) ChangeCandidate(_ context.Context, id string, change func(*hiring.Candidate, []*hiring.Case) (outbox.Batch, error)) error {
	c, cases := *s.cands[id], []*hiring.Case{}
	for _, k := range s.cases {
		iv, with := *k.Interview, *k
		with.Interview, with.Candidate = &iv, &c
		cases = append(cases, &with)
	}
	b, err := change(&c, cases)
	if err != nil {
		return err
	}
	for _, other := range s.cands {
		if other.ID != id && strings.EqualFold(other.Email, c.Email) {
			return &Duplicate{ID: other.ID, Name: other.Name}
		}
	}
	if s.full != nil {
		return s.full
	}
	s.cands[id], s.cases = &c, cases
	s.apply(b)
	return nil
}

func (s *shelf) ChangeChecks(_ context.Context, id string, change func(*hiring.Candidate, []*hiring.Check) (*hiring.Check, string, outbox.Batch, error)) error {
	c := *s.cands[id]
	done, undone, b, err := change(&c, s.checks)
	if err != nil {
		return err
	}
	if done != nil {
		s.checks = append(s.checks, done)
	}
	s.checks = slices.DeleteFunc(s.checks, func(ch *hiring.Check) bool { return ch.Stage == undone })
	s.cands[id] = &c
	s.apply(b)
	return nil
}

func (s *shelf) Role(_ context.Context, key string) (*hiring.Role, error) {
	for _, r := range s.roles {
		if r.Key == key {
			return r, nil
		}
	}
	return nil, hiring.ErrNotFound
}

func (s *shelf) Roles(context.Context) ([]*hiring.Role, error) { return s.roles, nil }

func (s *shelf) AddCandidate(_ context.Context, c *hiring.Candidate, b outbox.Batch) error {
	for _, other := range s.cands {
		if other.RoleKey == c.RoleKey && strings.EqualFold(other.Email, c.Email) {
			return &Duplicate{ID: other.ID, Name: other.Name}
		}
	}
	if s.full != nil {
		return s.full
	}
	s.cands[c.ID] = c
	s.apply(b)
	return nil
}

func (s *shelf) Candidate(_ context.Context, id string) (*hiring.Candidate, error) {
	if c, ok := s.cands[id]; ok {
		return c, nil
	}
	return nil, hiring.ErrNotFound
}

func (s *shelf) FindCandidates(_ context.Context, roles []string, words string, _ int) ([]*hiring.Candidate, error) {
	s.asked = roles
	var out []*hiring.Candidate
	for _, c := range s.cands {
		if slices.Contains(roles, c.RoleKey) && strings.Contains(strings.ToLower(c.Name), strings.ToLower(words)) {
			out = append(out, c)
		}
	}
	return out, nil
}

func (s *shelf) CasesOf(context.Context, string) ([]*hiring.Case, error) { return s.cases, nil }

func service() (*Service, *shelf) {
	open := func(key string) *hiring.Role {
		return &hiring.Role{
			Key: key, Revision: "r1", Title: "Title of " + key,
			Stages: []hiring.Stage{{ID: "letter", Kind: hiring.StageCheck}, {ID: "round1", Kind: hiring.StageInterview, Panelists: []hiring.StagePanelist{{Title: "s", Part: hiring.Required}}}},
			Setup: hiring.Setup{Coordinators: []string{carla}, Deciders: []string{dana}, Channel: "C1", Confirmed: "r1", SavedBy: carla,
				People: map[string][]string{"s": {karly}}},
		}
	}
	closed, foreign := open("closed"), open("foreign")
	closed.Setup.Channel = ""
	foreign.Setup.Coordinators, foreign.Setup.Deciders = []string{nia}, []string{nia}
	s := &shelf{roles: []*hiring.Role{open("coord"), closed, foreign}, cands: map[string]*hiring.Candidate{}}
	return &Service{
		Store: s, Now: func() time.Time { return noon }, NewID: func(p string) string { return p + "1" },
		Cancel: func(iv *hiring.Interview, by, reason string) outbox.Batch {
			iv.State, iv.Reason = hiring.Cancelled, reason
			return outbox.Batch{Effects: []outbox.Effect{{Key: "cancel " + iv.ID + " by " + by}}}
		},
	}, s
}

func ana() hiring.Candidate {
	return hiring.Candidate{RoleKey: "coord", Name: "Ana Diaz", Email: "ana@example.com", Zone: "America/Denver"}
}

func TestAdd(t *testing.T) {
	s, shelf := service()
	c := ana()
	c.Name, c.Email, c.Phone = "  Ana\u202E  Diaz\n", " ana@example.com\u200b ", "\t+1 608 " // as it is pasted
	c.Links = []hiring.Link{{Name: "Résumé", URL: " https://example.com/a.pdf\u200b"}}
	c.Answers, c.Arrangements = map[string]string{"why": " I like it.\r\n\r\n "}, "Captions\x00, please "
	got, err := s.Add(t.Context(), c, carla)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "Ana Diaz" || got.Email != "ana@example.com" || got.Phone != "+1 608" || got.Links[0].URL != "https://example.com/a.pdf" ||
		got.Answers["why"] != "I like it." || got.Arrangements != "Captions, please" {
		t.Errorf("%+v", got)
	}
	if got.ID != "cand1" || got.Stage != "round1" || got.State != hiring.Active || got.AddedBy != carla || got.AddedAt.IsZero() || got.EarliestHour != 8*time.Hour || got.LatestHour != 18*time.Hour {
		t.Errorf("%+v", got)
	}
	if log := strings.Join(shelf.log, "|"); log != "carla candidate.added cand1 coord" {
		t.Errorf("the log says %q: ids only", log)
	}
}

func TestAddRefusesInWords(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*hiring.Candidate, *string)
		field  string
		words  string
	}{
		{"unknown role", func(c *hiring.Candidate, _ *string) { c.RoleKey = "sales\u202E" }, "role", "There is no role “sales”"},
		{"not a coordinator", func(_ *hiring.Candidate, by *string) { *by = dana }, "", "Only a coordinator of Title of coord"},
		{"a stranger", func(_ *hiring.Candidate, by *string) { *by = nia }, "", "Only a coordinator"},
		{"a role that isn't set up", func(c *hiring.Candidate, _ *string) { c.RoleKey = "closed" }, "role", "Missing: the private channel. Use /hiring setup."},
		{"no name", func(c *hiring.Candidate, _ *string) { c.Name = " \u200b " }, "name", "Enter the candidate's name"},
		{"malformed e-mail", func(c *hiring.Candidate, _ *string) { c.Email = "ana at example.com" }, "email", "doesn't look like an e-mail address"},
		{"unknown zone", func(c *hiring.Candidate, _ *string) { c.Zone = "Mars/Base" }, "zone", "“Mars/Base” isn't a time zone"},
	} {
		s, shelf := service()
		c, by := ana(), carla
		tt.change(&c, &by)
		_, err := s.Add(t.Context(), c, by)
		var problems *Problems
		var user *hiring.UserError
		if errors.As(err, &problems) {
			user = problems.List[0]
		} else if !errors.As(err, &user) {
			t.Fatalf("%s: %v", tt.why, err)
		}
		if user.Field != tt.field || !strings.Contains(user.Text, tt.words) {
			t.Errorf("%s: field %q, %q", tt.why, user.Field, user.Text)
		}
		if len(shelf.cands)+len(shelf.log) != 0 {
			t.Errorf("%s: something was left behind", tt.why)
		}
	}
}

func TestAddTwice(t *testing.T) {
	s, shelf := service()
	if _, err := s.Add(t.Context(), ana(), carla); err != nil {
		t.Fatal(err)
	}
	again := ana()
	again.Name, again.Email = "Ana D.", "ANA@Example.com"
	_, err := s.Add(t.Context(), again, carla)
	var user *hiring.UserError
	if !errors.As(err, &user) || user.Field != "email" || !strings.Contains(user.Text, "Ana Diaz is already a candidate") || len(shelf.cands) != 1 {
		t.Errorf("%v, %d candidates", err, len(shelf.cands))
	}
	shelf.full = errors.New("disk full")
	other := ana()
	other.Email = "other@example.com"
	if _, err := s.Add(t.Context(), other, carla); !errors.Is(err, shelf.full) {
		t.Errorf("%v", err)
	}
}

// Names that look like markup are kept as they are; they are shown as plain text.
func TestAddStrangeNames(t *testing.T) {
	for _, name := range []string{"<!channel>", "*bold*", "👩‍🚀 Lee", "محمد علي", "O'Brien-Smith & Co", "{first_name}"} {
		s, _ := service()
		c := ana()
		c.Name = name
		if got, err := s.Add(t.Context(), c, carla); err != nil || got.Name != name {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Who sees a candidate's card, and who sees what was asked for.
func TestShow(t *testing.T) {
	s, shelf := service()
	c := ana()
	c.Arrangements = "Captions"
	if _, err := s.Add(t.Context(), c, carla); err != nil {
		t.Fatal(err)
	}
	shelf.cases = []*hiring.Case{{Interview: &hiring.Interview{State: hiring.Booked, Panel: []hiring.Panelist{{Person: karly, Part: hiring.Shadow}, {Person: dana + "2", Part: hiring.Required}}}}}
	for viewer, want := range map[string]string{carla: "Captions", karly: "Captions", dana + "2": "Captions", dana: "", nia: "refused"} {
		card, err := s.Show(t.Context(), "cand1", viewer)
		got := "refused"
		if err == nil {
			got = card.Candidate.Arrangements
		} else if !errors.Is(err, hiring.ErrNotAllowed) {
			t.Errorf("%s: %v", viewer, err)
		}
		if got != want {
			t.Errorf("%s sees %q, want %q", viewer, got, want)
		}
	}
	if shelf.cands["cand1"].Arrangements != "Captions" {
		t.Error("showing the card changed the candidate")
	}
	if _, err := s.Show(t.Context(), "gone", carla); !errors.Is(err, hiring.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestFindLooksOnlyInOnesOwnRoles(t *testing.T) {
	s, shelf := service()
	if _, err := s.Add(t.Context(), ana(), carla); err != nil {
		t.Fatal(err)
	}
	for viewer, want := range map[string]string{carla: "coord closed", dana: "coord closed", nia: "foreign", karly: ""} {
		shelf.asked = nil
		found, err := s.Find(t.Context(), " ANA ", viewer, 10)
		if err != nil || strings.Join(shelf.asked, " ") != want || (len(found) == 1) != strings.Contains(want, "coord") {
			t.Errorf("%s searched %v, found %d, %v", viewer, shelf.asked, len(found), err)
		}
	}
}

func TestOpenRoles(t *testing.T) {
	s, _ := service()
	for person, want := range map[string]string{carla: "coord", dana: "", nia: "foreign"} {
		roles, err := s.OpenRoles(t.Context(), person)
		var keys []string
		for _, r := range roles {
			keys = append(keys, r.Key)
		}
		if err != nil || strings.Join(keys, " ") != want {
			t.Errorf("%s adds to %v, %v", person, keys, err)
		}
	}
}
