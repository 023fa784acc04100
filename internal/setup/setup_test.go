package setup

import (
	"context"
	"errors"
	"maps"
	"slices"
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

// A shelf holds one role and the people, as the database would.
type shelf struct {
	role   *hiring.Role
	people map[string]hiring.Person
	ahead  []*hiring.Interview // of whoever is changed
	owed   []outbox.Effect     // of the last change
	log    []hiring.Entry
	notDue []string // of the last change
	saves  int
	full   error
}

func (s *shelf) Role(context.Context, string) (*hiring.Role, error) { return s.role, nil }
func (s *shelf) Roles(context.Context) ([]*hiring.Role, error) {
	return []*hiring.Role{s.role}, nil
}

func (s *shelf) ChangeSetup(_ context.Context, _ string, change func(*hiring.Role, *hiring.Setup) (outbox.Batch, error)) error {
	next := s.role.Setup
	next.People, next.Settings, next.Sections = maps.Clone(next.People), maps.Clone(next.Settings), maps.Clone(next.Sections)
	b, err := change(s.role, &next)
	if err != nil {
		return err
	}
	if s.full != nil {
		return s.full
	}
	s.role = s.role.AsStated().With(next.Settings)
	s.role.Setup = next
	s.log = append(s.log, b.Log...)
	s.notDue = b.NotDue
	s.saves++
	return nil
}

func (s *shelf) ChangePerson(_ context.Context, id string, change func(*hiring.Person, []*hiring.Interview) (outbox.Batch, error)) error {
	p := s.people[id]
	b, err := change(&p, s.ahead)
	if err != nil {
		return err
	}
	s.people[id] = p
	s.owed = b.Effects
	s.log = append(s.log, b.Log...)
	s.saves++
	return nil
}

func (s *shelf) Person(_ context.Context, id string) (hiring.Person, error) {
	person, ok := s.people[id]
	if !ok {
		return person, hiring.ErrNotFound
	}
	return person, nil
}

// calendars answers free/busy: an address that isn't there can't be read.
type calendars map[string]string

func (c calendars) Busy(_ context.Context, emails []string, _, _ time.Time) (map[string]hiring.Calendar, error) {
	if c == nil {
		return nil, errors.New("google is down")
	}
	out := map[string]hiring.Calendar{}
	for _, e := range emails {
		if why, ok := c[e]; ok {
			out[e] = hiring.Calendar{Unreadable: why}
		}
	}
	return out, nil
}

func service() (*Service, *shelf) {
	week := hiring.Hours{Days: []time.Weekday{1, 2, 3, 4, 5}, Start: 9 * time.Hour, End: 17 * time.Hour}
	s := &shelf{role: &hiring.Role{
		Key: "coord", Revision: "r7", Title: "Coordinator", Zone: hiring.Value[string]{V: "America/Chicago"}, Hours: hiring.Value[hiring.Hours]{V: week},
		MinNotice: hiring.Value[time.Duration]{V: 24 * time.Hour}, Horizon: hiring.Value[time.Duration]{V: 14 * 24 * time.Hour},
		PerDay: hiring.Value[int]{V: 3}, PerWeek: hiring.Value[int]{V: 10},
		Titles: []hiring.Title{{Key: "s", Text: "Strategist"}},
		Stages: []hiring.Stage{{ID: "round1", Name: "Screening", Kind: hiring.StageInterview, Panelists: []hiring.StagePanelist{{Title: "s", Part: hiring.Required}},
			Duration: hiring.Value[time.Duration]{V: 45 * time.Minute}, Deadline: hiring.Value[hiring.DeadlineRule]{V: hiring.DeadlineRule{Kind: hiring.WeekdayAfterWeek, EOD: 17 * time.Hour}}}},
		Choices: []hiring.Choice{{Path: "buffer", Name: "Buffer", Text: "none"}},
		Setup:   hiring.Setup{RoleKey: "coord", Coordinators: []string{carla}, People: map[string][]string{"s": {karly}}},
	}, people: map[string]hiring.Person{"guest": {Name: "Gus", Guest: true}, "foreign": {Name: "Fay", Foreign: true}, "bot": {Name: "Botty", Bot: true}, "left": {ID: "left", Name: "Lee", Deleted: true}}}
	for _, id := range []string{carla, wanda, karly} {
		s.people[id] = hiring.Person{ID: id, Name: id, Email: id + "@example.com"}
	}
	now := time.Date(2026, 11, 18, 15, 0, 0, 0, time.UTC)
	return &Service{
		Store: s, People: s, Calendar: calendars{"karly@example.com": "", "other@example.com": "not shared"},
		Now:       func() time.Time { now = now.Add(time.Minute); return now },
		Workspace: func(context.Context) ([]string, error) { return []string{wanda}, nil },
		Check: func(r *hiring.Role) []*hiring.UserError {
			if r.Stages[0].Deadline.V.EOD < 17*time.Hour {
				return []*hiring.UserError{hiring.Invalid("stages.round1.deadline.eod", "This leaves less than 60 minutes after the summary.")}
			}
			return nil
		},
	}, s
}

func team() Team {
	return Team{Coordinators: []string{carla}, Deciders: []string{wanda}, People: map[string][]string{"s": {karly}}}
}

// One begins, another goes on: each section is kept by itself, and the role
// opens by itself once nothing is missing.
func TestHalfWayAndOn(t *testing.T) {
	s, shelf := service()
	ctx := t.Context()
	steps := []struct {
		do   func() error
		left string
	}{
		{func() error { return s.SaveTeam(ctx, "coord", team(), 0, carla) }, "the private channel|a yes to the values that were chosen for you"},
		{func() error {
			return s.SaveSettings(ctx, "coord", "limits", map[string]string{"buffer": "10m"}, 0, carla)
		}, "the private channel"},
		{func() error { return s.ResetSettings(ctx, "coord", "limits", 1, wanda) }, "the private channel|a yes to the values that were chosen for you"},
		{func() error { return s.Confirm(ctx, "coord", hiring.Confirmation(shelf.role.Unconfirmed()), wanda) }, "the private channel"},
		{func() error { return s.SaveChannel(ctx, "coord", "C1", 0, wanda) }, ""},
	}
	for i, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if got := strings.Join(shelf.role.Missing(), "|"); got != step.left {
			t.Errorf("step %d: missing %q, want %q", i, got, step.left)
		}
	}
	m := shelf.role.Setup.Sections
	if m["team"].By != carla || m["channel"].By != wanda || m["limits"].N != 2 || m["team"].At.IsZero() || shelf.role.Setup.SavedBy != wanda {
		t.Errorf("who saved what: %+v", m)
	}
	if len(shelf.log) != 5 || shelf.log[0].Actor != carla || shelf.log[0].Detail != "team" {
		t.Errorf("the audit trail has %+v", shelf.log)
	}
	saves := shelf.saves
	for _, again := range []error{s.SaveTeam(ctx, "coord", team(), 0, carla), s.SaveChannel(ctx, "coord", "C1", 0, carla), s.Confirm(ctx, "coord", "old", wanda)} {
		if again != nil {
			t.Errorf("a second click: %v", again)
		}
	}
	if shelf.saves != saves {
		t.Error("a second click saved something")
	}
	if shelf.full = errors.New("disk full"); !errors.Is(s.SaveChannel(ctx, "coord", "C2", 1, carla), shelf.full) {
		t.Error("a setup that wasn't saved was reported as saved")
	}
}

func TestSaveTeamRefusesInWords(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*Team)
		field  string
		words  string
	}{
		{"a guest", func(s *Team) { s.Deciders = []string{"guest"} }, "deciders", "Gus is a guest"},
		{"somebody of another workspace", func(s *Team) { s.People["s"] = []string{"foreign"} }, "title:s", "Fay is a guest"},
		{"an app", func(s *Team) { s.People["s"] = []string{"bot"} }, "title:s", "Botty is an app"},
		{"a deactivated panelist", func(s *Team) { s.People["s"] = []string{karly, "left"} }, "title:s", "Lee's account is deactivated"},
		{"somebody unknown", func(s *Team) { s.Coordinators = []string{carla, "ghost"} }, "coordinators", "can't find"},
	} {
		s, shelf := service()
		typed := team()
		tt.change(&typed)
		err := s.SaveTeam(t.Context(), "coord", typed, 0, carla)
		var problems *Problems
		if !errors.As(err, &problems) || len(problems.List) != 1 || problems.List[0].Field != tt.field || !strings.Contains(problems.List[0].Text, tt.words) {
			t.Errorf("%s: %v", tt.why, err)
		}
		if shelf.saves != 0 {
			t.Errorf("%s: it was saved", tt.why)
		}
	}
	s, shelf := service()
	for by, words := range map[string]string{carla: "You are the last coordinator of Coordinator. Name another one first", wanda: "name at least one coordinator"} {
		if err := s.SaveTeam(t.Context(), "coord", Team{}, 0, by); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s takes the last coordinator away: %v", by, err)
		}
	}
	shelf.role.Setup.Coordinators = nil
	if err := s.SaveTeam(t.Context(), "coord", Team{People: map[string][]string{"s": {karly}}}, 0, wanda); err != nil {
		t.Errorf("a first, partial team: %v", err)
	}
}

// Two people in one section: the second is told who was first, and may replace
// it knowingly. What they do in other sections doesn't matter.
func TestChangedMeanwhile(t *testing.T) {
	s, shelf := service()
	ctx := t.Context()
	other := team()
	other.Deciders = []string{karly}
	if err := errors.Join(s.SaveTeam(ctx, "coord", team(), 0, wanda), s.SaveChannel(ctx, "coord", "C1", 0, carla)); err != nil {
		t.Fatal(err)
	}
	var changed *Changed
	if err := s.SaveTeam(ctx, "coord", other, 0, carla); !errors.As(err, &changed) || changed.By != wanda || changed.At.IsZero() {
		t.Fatalf("%v", err)
	}
	if shelf.role.Setup.Deciders[0] != wanda {
		t.Error("it was replaced all the same")
	}
	if err := s.SaveTeam(ctx, "coord", other, changed.Seen, carla); err != nil || shelf.role.Setup.Deciders[0] != karly {
		t.Errorf("replaced knowingly: %v", err)
	}
	if err := s.SaveSettings(ctx, "coord", "limits", map[string]string{"buffer": "10m"}, 0, carla); err != nil {
		t.Fatal(err)
	}
	if err := s.Confirm(ctx, "coord", "0123456789", wanda); err != nil {
		t.Errorf("nothing is left to confirm: %v", err)
	}
	if err := s.ResetSettings(ctx, "coord", "limits", 1, carla); err != nil {
		t.Fatal(err)
	}
	if err := s.Confirm(ctx, "coord", "0123456789", wanda); !errors.As(err, &changed) || changed.By != carla {
		t.Errorf("a yes to other values: %v", err)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	for _, tt := range []struct {
		section, path, typed, field, words string
	}{
		{"stages.round1", "stages.round1.duration", "5m", "stages.round1.duration", "between 10 minutes and 8 hours"},
		{"stages.round1", "stages.round1.deadline.eod", "16:30", "stages.round1.deadline.eod", "less than 60 minutes after the summary"},
		{"limits", "min_notice", "14 days", "min_notice", "no slot is ever offered"},
		{"times", "hours.end", "9:30", "", "45 minutes don't fit the working day, 9:00 to 9:30"},
	} {
		s, shelf := service()
		err := s.SaveSettings(t.Context(), "coord", tt.section, map[string]string{tt.path: tt.typed}, 0, carla)
		var problems *Problems
		if !errors.As(err, &problems) || problems.List[0].Field != tt.field || !strings.Contains(problems.List[0].Text, tt.words) {
			t.Errorf("%s: %v", tt.path, err)
		}
		if shelf.saves != 0 {
			t.Errorf("%s was saved", tt.path)
		}
	}
	// What a new file made impossible elsewhere doesn't keep a section closed.
	s, shelf := service()
	shelf.role.PerDay.V = 11
	if err := s.SaveSettings(t.Context(), "coord", "stages.round1", map[string]string{"stages.round1.duration": "1h"}, 0, carla); err != nil {
		t.Errorf("%v", err)
	}
	if err := s.Seal(t.Context(), "coord", carla); err != nil || !shelf.role.Sealed.V || shelf.role.Setup.Settings["sealed"].By != carla {
		t.Errorf("sealing: %v %+v", err, shelf.role.Setup.Settings)
	}
	if got := shelf.role.Stages[0].Duration.V; got != time.Hour {
		t.Errorf("another section's setting is %s", got)
	}
}

// In another zone Monday at 16:00 is another moment: what is due at the old one
// goes, and is added anew by who owns it.
func TestAnotherZoneMovesWhatIsDue(t *testing.T) {
	s, shelf := service()
	if err := s.SaveSettings(t.Context(), "coord", "times", map[string]string{"zone": "Europe/Berlin"}, 0, carla); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"preview:coord:2026-11-23", "summary:coord:2026-11-23", "summary:coord:2026-12-28"} {
		if !slices.Contains(shelf.notDue, key) {
			t.Errorf("%s is still due", key)
		}
	}
	// 16:00 may be over by the new zone, and nobody would add today's anew.
	if slices.Contains(shelf.notDue, "summary:coord:2026-11-18") {
		t.Error("today's summary is lost")
	}
	if err := s.SaveSettings(t.Context(), "coord", "times", map[string]string{"zone": "Europe/Berlin", "hours.start": "8:00"}, 1, carla); err != nil || shelf.notDue != nil {
		t.Errorf("the same zone: %v %v", err, shelf.notDue)
	}
}

func TestOnlyCoordinatorsSetUp(t *testing.T) {
	s, shelf := service()
	ctx := t.Context()
	for what, err := range map[string]error{
		"team": s.SaveTeam(ctx, "coord", team(), 0, karly), "channel": s.SaveChannel(ctx, "coord", "C1", 0, karly), "confirm": s.Confirm(ctx, "coord", "", karly),
		"settings": s.SaveSettings(ctx, "coord", "limits", nil, 0, karly), "seal": s.Seal(ctx, "coord", karly), "calendars": s.SaveCalendars(ctx, "coord", nil, false, karly),
	} {
		if !errors.Is(err, hiring.ErrNotAllowed) {
			t.Errorf("%s by a panelist: %v", what, err)
		}
	}
	if shelf.saves != 0 {
		t.Error("something was saved")
	}
}

func TestCalendars(t *testing.T) {
	s, shelf := service()
	ctx := t.Context()
	shelf.ahead = []*hiring.Interview{{ID: "iv1", Revision: 3}}
	one := func(typed, shown string) map[string]Address { return map[string]Address{karly: {typed, shown}} }
	if err := s.SaveCalendars(ctx, "coord", one("other@example.com", "karly@example.com"), false, carla); err != nil {
		t.Fatal(err)
	}
	if len(shelf.owed) != 1 || shelf.owed[0].Key != "calendar:move:iv1:4" || shelf.ahead[0].Revision != 4 {
		t.Errorf("the coming interview's event doesn't follow: %+v, %+v", shelf.owed, shelf.ahead[0])
	}
	p := shelf.people[karly]
	if p.CalendarID() != "other@example.com" || p.CalendarBy != carla || p.CalendarAt.IsZero() {
		t.Errorf("%+v", p)
	}
	trials, err := s.Try(ctx, []string{karly})
	if err != nil || trials[karly].Trouble != "not shared" {
		t.Errorf("%v %v", trials, err)
	}
	if got, known := s.Tried("other@example.com"); !known || got.Trouble != "not shared" {
		t.Errorf("remembered: %v %t", got, known)
	}
	var changed *Changed
	if err := s.SaveCalendars(ctx, "coord", one("third@example.com", "karly@example.com"), false, wanda); !errors.As(err, &changed) || changed.By != carla {
		t.Errorf("over somebody else's change: %v", err)
	}
	if err := s.SaveCalendars(ctx, "coord", one("karly@example.com", "karly@example.com"), false, wanda); err != nil || shelf.people[karly].Calendar == "" {
		t.Errorf("what wasn't touched was saved: %v", err)
	}
	if err := s.SaveOwnCalendar(ctx, karly, ""); err != nil || shelf.people[karly].CalendarID() != "karly@example.com" {
		t.Errorf("back to Slack's: %v %+v", err, shelf.people[karly])
	}
	for _, bad := range []string{"karly", "Karly <karly@example.com>", "a@b@c"} {
		var user *hiring.UserError
		if err := s.SaveOwnCalendar(ctx, karly, bad); !errors.As(err, &user) || user.Field != "calendar" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, l := range shelf.log {
		if strings.Contains(l.Detail, "@") {
			t.Errorf("the audit trail holds an address: %+v", l)
		}
	}
	s.Calendar = calendars(nil)
	if trials, err := s.Try(ctx, []string{karly}); err != nil || !strings.Contains(trials[karly].Trouble, "doesn't answer") {
		t.Errorf("while Google is down: %v %v", trials, err)
	}
}

func TestOwnHours(t *testing.T) {
	s, shelf := service()
	own := hiring.Hours{Days: []time.Weekday{2, 4}, Start: 10 * time.Hour, End: 15 * time.Hour}
	if err := s.SaveHours(t.Context(), karly, own); err != nil {
		t.Fatal(err)
	}
	if got := shelf.people[karly].WorkingHours(shelf.role); got.Start != own.Start || len(got.Days) != 2 {
		t.Errorf("%+v", got)
	}
	if err := s.SaveHours(t.Context(), karly, own); err != nil || len(shelf.log) != 1 {
		t.Errorf("saved twice: %v %+v", err, shelf.log)
	}
	for _, end := range []time.Duration{10 * time.Hour, 9 * time.Hour, 10*time.Hour + 30*time.Minute} {
		bad := own
		bad.End = end
		var user *hiring.UserError
		if err := s.SaveHours(t.Context(), karly, bad); !errors.As(err, &user) || user.Field != "end" {
			t.Errorf("until %s: %v", end, err)
		}
	}
	if err := s.SaveHours(t.Context(), karly, hiring.Hours{}); err != nil || len(shelf.people[karly].Hours.Days) != 0 {
		t.Errorf("back to the role's: %v", err)
	}
}

func TestWhoSeesARole(t *testing.T) {
	s, shelf := service()
	for person, want := range map[string]int{carla: 1, wanda: 1, karly: 1, "nobody": 0} {
		roles, err := s.Roles(t.Context(), person)
		if err != nil || len(roles) != want {
			t.Errorf("%s sees %d roles, %v", person, len(roles), err)
		}
	}
	for _, tt := range []struct {
		coordinators []string
		want         string
	}{{[]string{carla}, carla}, {nil, wanda}, {[]string{"left"}, wanda}} {
		shelf.role.Setup.Coordinators = tt.coordinators
		if who, err := s.Fillers(t.Context(), shelf.role); err != nil || strings.Join(who, " ") != tt.want {
			t.Errorf("with coordinators %v, %v can fill it in (%v)", tt.coordinators, who, err)
		}
	}
	if gone, err := s.Gone(t.Context(), shelf.role); err != nil || len(gone) != 1 || gone[0].Name != "Lee" {
		t.Errorf("gone: %v %v", gone, err)
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
