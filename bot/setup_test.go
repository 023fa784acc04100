package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/role"
	"convene/internal/setup"
)

type setUpStore struct{ *world }

func (s setUpStore) ChangeSetup(ctx context.Context, key string, change func(*hiring.Role, *hiring.Setup) (outbox.Batch, error)) error {
	r, err := s.Role(ctx, key)
	if err != nil {
		return err
	}
	next := r.Setup
	if _, err := change(r, &next); err != nil {
		return err
	}
	for _, k := range s.cases {
		if k.Role.Key == key {
			k.Role = r.AsStated().With(next.Settings)
			k.Role.Setup = next
		}
	}
	return nil
}

func (s setUpStore) ChangePerson(_ context.Context, id string, change func(*hiring.Person, []*hiring.Interview) (outbox.Batch, error)) error {
	p := s.people[id]
	_, err := change(&p, nil)
	if err == nil {
		s.people[id] = p
	}
	return err
}

// Busy says that Sebastian's calendar isn't shared.
func (w *world) Busy(_ context.Context, emails []string, _, _ time.Time) (map[string]hiring.Calendar, error) {
	out := map[string]hiring.Calendar{}
	for _, e := range emails {
		if e == "sebastian@example.com" {
			out[e] = hiring.Calendar{Unreadable: "there is no such calendar, or its free/busy is not shared with the bot's Google user"}
		} else {
			out[e] = hiring.Calendar{}
		}
	}
	return out, nil
}

// builtin returns the built-in roles.
func builtin(t *testing.T) []*hiring.Role {
	t.Helper()
	roles, err := role.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return roles
}

// setUpWorld is the bot with one role to set up.
func setUpWorld(t *testing.T, r *hiring.Role) *world {
	k := testCase(t)
	k.Role = r
	return newWorld(t, "Wed 09:00", k)
}

// halfway is a setup that was left in the middle: a team without deciders, one
// limit set by hand, no channel, nothing confirmed.
func halfway(t *testing.T, r *hiring.Role) *hiring.Role {
	s := hiring.Setup{
		RoleKey: r.Key, Coordinators: []string{carla}, People: map[string][]string{},
		Settings: map[string]hiring.Setting{"buffer": {Value: "30m", By: carla, At: at(t, "Wed 08:10")}, "stages.gone.duration": {Value: "1h", By: carla, At: at(t, "Wed 08:10")}},
		Sections: map[string]hiring.Mark{"team": {N: 1, By: carla, At: at(t, "Wed 08:05")}, "limits": {N: 1, By: carla, At: at(t, "Wed 08:10")}},
		SavedBy:  carla, SavedAt: at(t, "Wed 08:10"),
	}
	for i, title := range r.Titles {
		if i == 0 {
			s.People[title.Key] = []string{karly, seb}
		}
	}
	out := r.With(s.Settings)
	out.Setup = s
	return out
}

func completed(t *testing.T, r *hiring.Role) *hiring.Role {
	out := halfway(t, r)
	for _, title := range r.Titles {
		out.Setup.People[title.Key] = []string{karly, seb}
	}
	for _, st := range r.Stages {
		if len(st.Panelists) == 0 {
			out.Setup.People["stage:"+st.ID] = []string{mark}
		}
	}
	out.Setup.Deciders, out.Setup.Channel = []string{dana}, "C1"
	out.Setup.Confirmed = hiring.Confirmation(out.Standing())
	out.Setup.Sections["channel"] = hiring.Mark{N: 1, By: dana, At: at(t, "Wed 08:20")}
	out.Setup.Sections["confirm"] = hiring.Mark{N: 1, By: dana, At: at(t, "Wed 08:30")}
	return out
}

// The hub of each built-in role: untouched, left half-way, complete.
func TestSetupHub(t *testing.T) {
	roles := builtin(t)
	for _, r := range roles {
		for _, tt := range []struct {
			state   string
			role    *hiring.Role
			channel string
		}{{"untouched", r, unknownChannel}, {"half-way", halfway(t, r), unknownChannel}, {"complete", completed(t, r), ""}} {
			w := setUpWorld(t, tt.role)
			if _, err := w.bot.Setup.Try(t.Context(), setup.Readers(tt.role)); err != nil {
				t.Fatal(err)
			}
			view, err := w.bot.hubView(t.Context(), w.people[carla], roles, tt.role, tt.channel)
			if err != nil {
				t.Fatal(err)
			}
			raw := marshalView(t, view)
			goldenText(t, "setup_"+r.Key+"_"+tt.state, viewText(t, raw))
			if r == roles[0] && tt.state == "half-way" {
				golden(t, "setup_hub", raw)
			}
			if open := tt.role.Open(); open != (tt.state == "complete") {
				t.Errorf("%s, %s: open is %t, missing %v", r.Key, tt.state, open, tt.role.Missing())
			}
		}
	}
}

// Each section's modal, of a role that is half set up. All answers to a
// submission stay under what an acknowledgement holds.
func TestSetupSections(t *testing.T) {
	for i, r := range builtin(t) {
		r = halfway(t, r)
		sections := []string{hiring.TeamSection, hiring.CalendarsSection, hiring.ChannelSection, hiring.TimesSection, hiring.LimitsSection, hiring.NoticesSection, hiring.ConfirmSection}
		for _, st := range r.Stages {
			if st.Kind == hiring.StageInterview {
				sections = append(sections, hiring.StageSection(st.ID))
			}
		}
		w := setUpWorld(t, r)
		for _, s := range sections {
			view, err := w.bot.sectionView(t.Context(), w.people[carla], r, s, "V0")
			if err != nil {
				t.Fatal(err)
			}
			raw := marshalView(t, view)
			if i == 0 {
				golden(t, "setup_"+strings.ReplaceAll(s, ".", "_"), raw)
			}
		}
	}
}

// A section that somebody else saved first says who and when; what was typed
// stays, and a second Save goes through. Other sections don't mind.
func TestTwoPeopleInOneSection(t *testing.T) {
	w := setUpWorld(t, halfway(t, builtin(t)[0]))
	key := w.cases[0].Role.Key
	open := func(section string) slack.ModalViewRequest {
		t.Helper()
		view, err := w.bot.sectionView(t.Context(), w.people[carla], w.cases[0].Role, section, "V0")
		if err != nil {
			t.Fatal(err)
		}
		return view
	}
	team, limits := open(hiring.TeamSection), open(hiring.LimitsSection)
	w.now = w.now.Add(time.Minute)
	if err := w.bot.Setup.SaveTeam(t.Context(), key, setup.Team{Coordinators: []string{carla}, Deciders: []string{dana}}, 1, carla); err != nil {
		t.Fatal(err)
	}
	typed := map[string]input{"coordinators": {SelectedUsers: []string{carla}}, "deciders": {SelectedUsers: []string{mark}}}
	_, err := w.bot.submitSetup(t.Context(), w.submit(carla, team, typed))
	if err == nil || !strings.Contains(err.Error(), "Carla changed this meanwhile, Wed 18 Nov, 10:01 am EST. Save again to replace it") {
		t.Fatalf("the first Save: %v", err)
	}
	if got := w.cases[0].Role.Setup.Deciders[0]; got != dana {
		t.Errorf("the decider is %s", got)
	}
	if _, err := w.bot.submitSetup(t.Context(), w.submit(carla, team, typed)); err != nil {
		t.Fatalf("the second Save: %v", err)
	}
	if got := w.cases[0].Role.Setup.Deciders[0]; got != mark {
		t.Errorf("the decider is %s", got)
	}
	values := map[string]input{"buffer": {Value: "20 minutes"}}
	s := w.submit(carla, limits, values)
	s.View.ID = "V2"
	if _, err := w.bot.submitSetup(t.Context(), s); err != nil {
		t.Errorf("another section: %v", err)
	}
	if got := w.cases[0].Role.Buffer.V; got != 20*time.Minute {
		t.Errorf("the buffer is %s", got)
	}
}

// Whoever lost the right while the modal was open is told, and changes nothing.
func TestSetupRightsAreAskedAtSave(t *testing.T) {
	w := setUpWorld(t, completed(t, builtin(t)[0]))
	before := fmt.Sprint(w.cases[0].Role.Setup)
	for _, section := range []string{hiring.TeamSection, hiring.ChannelSection, hiring.CalendarsSection, hiring.LimitsSection, hiring.NoticesSection, hiring.ConfirmSection} {
		view, err := w.bot.sectionView(t.Context(), w.people[carla], w.cases[0].Role, section, "V0")
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.bot.submitSetup(t.Context(), w.submit(karly, view, map[string]input{"deciders": {SelectedUsers: []string{karly}}}))
		if err == nil || !strings.Contains(err.Error(), "Only a coordinator can set up") {
			t.Errorf("%s: %v", section, err)
		}
	}
	if after := fmt.Sprint(w.cases[0].Role.Setup); after != before {
		t.Errorf("something was changed: %s", after)
	}
}

func TestOwnHoursAndCalendar(t *testing.T) {
	p := hiring.Person{ID: karly, Name: "Karly", Email: "karly@example.com", Zone: "America/Chicago"}
	golden(t, "hours_role", marshalView(t, hoursView(p)))
	golden(t, "calendar_own", marshalView(t, ownCalendarView(p)))
	p.Hours = hiring.Hours{Days: []time.Weekday{time.Tuesday, time.Thursday}, Start: 10 * time.Hour, End: 15 * time.Hour}
	p.Calendar, p.CalendarBy, p.CalendarAt = "k@example.org", carla, at(t, "Wed 08:00")
	golden(t, "hours_own", marshalView(t, hoursView(p)))
	raw, err := json.Marshal(modal("", "Home", "", "Close", homeSettings(p)...))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "home_settings", checkView(t, raw))
	tried := map[string]setup.Trial{karly: {Address: "k@example.org"}, seb: {Address: "seb@example.org", Trouble: "there is no such calendar"}}
	golden(t, "calendars_tried", marshalView(t, modal("", "Calendars", "", "Back", trialBlocks([]string{karly, seb}, tried)...)))
}

// The longest legal role with names of any script fits.
func TestSetupOfTheLongestRole(t *testing.T) {
	r := &hiring.Role{Key: strings.Repeat("k", 60), Revision: "r1", Title: longText(75), Company: longText(75)}
	for i := range 12 {
		key := fmt.Sprintf("%02d%s", i, strings.Repeat("t", 58))
		r.Titles = append(r.Titles, hiring.Title{Key: key, Text: longText(75), Name: longText(75)})
		st := hiring.Stage{ID: key, Name: longText(75), Kind: hiring.StageInterview}
		if i < 6 {
			st.Panelists = []hiring.StagePanelist{{Title: key, Part: hiring.Required}}
		}
		st.Location.V = hiring.Location{Kind: "place", Text: longText(500)}
		st.Deadline.V = hiring.DeadlineRule{Kind: hiring.BusinessDays, Days: 3, RuleText: longText(500), Holiday: hiring.HolidaySame}
		r.Stages = append(r.Stages, st)
		for _, path := range []string{"duration", "kit_lead", "location", "deadline", "deadline.eod", "deadline.holiday"} {
			r.Choices = append(r.Choices, hiring.Choice{Path: "stages." + key + "." + path, Name: longText(120), Text: longText(560)})
		}
	}
	for i := range 40 {
		r.Holidays.V.Extra = append(r.Holidays.V.Extra, time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	}
	w := setUpWorld(t, r)
	for i := range 40 {
		id := fmt.Sprintf("UPERSON%02d", i)
		w.people[id] = hiring.Person{ID: id, Name: longText(80), Deleted: i%2 == 0, Calendar: strings.Repeat("c", 254), CalendarBy: carla}
		for _, title := range r.Titles {
			if r.Setup.People == nil {
				r.Setup.People = map[string][]string{}
			}
			r.Setup.People[title.Key] = append(r.Setup.People[title.Key], id)
		}
	}
	r.Setup.Channel, r.Setup.Coordinators = "C1", []string{"UPERSON01"}
	view, err := w.bot.hubView(t.Context(), w.people[carla], []*hiring.Role{r, {Key: "other", Title: longText(75)}}, r, longText(300))
	if err != nil {
		t.Fatal(err)
	}
	marshalView(t, view)
	for _, s := range []string{hiring.TeamSection, hiring.CalendarsSection, hiring.ChannelSection, hiring.TimesSection, hiring.LimitsSection, hiring.NoticesSection, hiring.ConfirmSection, hiring.StageSection(r.Stages[11].ID)} {
		view, err := w.bot.sectionView(t.Context(), w.people[carla], r, s, "V0")
		if err != nil {
			t.Fatal(err)
		}
		marshalView(t, view)
	}
}

// viewText flattens a view to what people read, a line for each block.
func viewText(t *testing.T, raw []byte) string {
	t.Helper()
	var view struct{ Blocks []map[string]any }
	if err := json.Unmarshal(raw, &view); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, b := range view.Blocks {
		if b["type"] == "divider" {
			out.WriteString("\n")
			continue
		}
		out.WriteString(strings.TrimRight(flatten(b), " \n") + "\n")
	}
	return out.String()
}

func flatten(node any) string {
	switch node := node.(type) {
	case []any:
		out := ""
		for _, n := range node {
			out += flatten(n)
		}
		return out
	case map[string]any:
		switch node["type"] {
		case "user":
			return fmt.Sprint("@", node["user_id"])
		case "channel":
			return fmt.Sprint("#", node["channel_id"])
		case "button":
			return "  [" + flatten(node["text"]) + "]"
		case "static_select":
			return " (menu)"
		case "rich_text_section":
			return flatten(node["elements"]) + "\n"
		}
		if s, ok := node["text"].(string); ok {
			return s
		}
		return flatten(node["text"]) + flatten(node["elements"]) + flatten(node["accessory"])
	}
	return ""
}

// goldenText compares with testdata/name.txt.
func goldenText(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test ./bot -update writes it", err)
	}
	if string(want) != got {
		t.Errorf("%s differs. It is now:\n%s", path, got)
	}
}
