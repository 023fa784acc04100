package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/report"
	"convene/internal/setup"
)

// A reportWorld has two roles: Carla coordinates the first and is a panelist of
// the second, Dana decides in the first, Karly and Sebastian are on its panel.
type reportWorld struct {
	*world
	roles      []*hiring.Role
	interviews []report.Interview
	active     map[string]map[string]int
}

func newReportWorld(t *testing.T) *reportWorld {
	k := testCase(t)
	w := &reportWorld{world: newWorld(t, "Tue 12:00", k)}
	first := k.Role
	first.Hours.V = hiring.Hours{Days: []time.Weekday{1, 2, 3, 4, 5}, Start: 9 * time.Hour, End: 17 * time.Hour}
	second := testRole()
	second.Key, second.Title, second.Setup = "designer", "Designer", hiring.Setup{RoleKey: "designer", People: map[string][]string{"owner": {carla}}}
	second.Zone, second.Hours = hiring.Value[string]{V: "Europe/Berlin", Chosen: true}, first.Hours
	w.roles = []*hiring.Role{first, second}
	w.active = map[string]map[string]int{"coordinator": {"round1": 3, "panel": 1}, "designer": {"gone": 2}}
	w.bot.Store = rolesStore{w.bot.Store, w}
	w.bot.Directory.Store = w.bot.Store
	w.bot.Setup = &setup.Service{Store: setupStore{w: w}, People: w, Now: w.bot.Now, Workspace: func(context.Context) ([]string, error) { return []string{mark}, nil }}
	w.bot.Directory.Coordinators = []string{mark}
	w.bot.Reports = &report.Service{Store: w, Holidays: func(hiring.Holidays) func(time.Time) bool { return nil }, Now: w.bot.Now}
	return w
}

func (w *reportWorld) role(key string) (*hiring.Role, error) {
	for _, r := range w.roles {
		if r.Key == key {
			return r, nil
		}
	}
	return nil, hiring.ErrNotFound
}

func (w *reportWorld) ReportInterviews(_ context.Context, roles []string) ([]report.Interview, error) {
	var out []report.Interview
	for _, iv := range w.interviews {
		if strings.Contains(strings.Join(roles, " ")+" ", iv.Role+" ") {
			out = append(out, iv)
		}
	}
	return out, nil
}

func (w *reportWorld) ActiveByStage(context.Context) (map[string]map[string]int, error) {
	return w.active, nil
}

type rolesStore struct {
	Store
	w *reportWorld
}

func (s rolesStore) Role(_ context.Context, key string) (*hiring.Role, error) { return s.w.role(key) }

func (s rolesStore) People(context.Context) ([]hiring.Person, error) {
	var out []hiring.Person
	for _, p := range s.w.people {
		out = append(out, p)
	}
	return out, nil
}

type setupStore struct {
	setup.Store
	w *reportWorld
}

func (s setupStore) Role(_ context.Context, key string) (*hiring.Role, error) { return s.w.role(key) }
func (s setupStore) Roles(context.Context) ([]*hiring.Role, error)            { return s.w.roles, nil }

// interview adds one on a Wednesday: told after some days (0: not yet), its
// scorecard in after some hours (0: not yet).
func (w *reportWorld) interview(role, id string, told time.Duration, card time.Duration, o hiring.Outcome) {
	end := at(w.t, "Wed 14:45")
	iv := report.Interview{
		ID: role + id, Candidate: "c" + role + id, Role: role, Stage: "round1", State: hiring.Booked, Start: end.Add(-45 * time.Minute), End: end,
		Deadline: at(w.t, "Mon 17:00"), Outcome: o, AddedAt: end.AddDate(0, 0, -3),
		Panel: []report.Seat{{Person: karly, Part: hiring.Required}, {Person: seb, Part: hiring.Required}, {Person: carla, Part: hiring.Shadow}},
	}
	if told > 0 {
		iv.ToldAt = end.Add(told)
	}
	if card > 0 {
		iv.Panel[0].Submitted = end.Add(card)
	}
	w.interviews = append(w.interviews, iv)
}

func (w *reportWorld) view(person, choice string, span report.Span) string {
	w.t.Helper()
	roles, err := w.bot.reportRoles(w.t.Context(), w.people[person])
	if err != nil {
		w.t.Fatal(err)
	}
	q, err := askReport(roles, choice, span)
	if err != nil {
		w.t.Fatal(err)
	}
	v, err := w.bot.reportView(w.t.Context(), w.people[person], q, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return string(marshalView(w.t, v))
}

// twelve interviews: enough for percentages.
func (w *reportWorld) twelve() {
	day := 24 * time.Hour
	for i := range 12 {
		switch {
		case i < 8:
			w.interview("coordinator", fmt.Sprint(i), 4*day, 3*time.Hour, hiring.Decline)
		case i < 10:
			w.interview("coordinator", fmt.Sprint(i), 6*day, 40*time.Hour, hiring.Advance)
		default:
			w.interview("coordinator", fmt.Sprint(i), 0, 0, "")
		}
	}
	w.interviews[11].State = hiring.Cancelled
}

func TestReport(t *testing.T) {
	w := newReportWorld(t)
	golden(t, "report_empty", []byte(w.view(carla, "coordinator", report.Last90)))
	w.interview("coordinator", "few", 4*24*time.Hour, 3*time.Hour, hiring.Advance)
	golden(t, "report_few", []byte(w.view(carla, "coordinator", report.Last90)))
	w.interviews = nil
	w.twelve()
	golden(t, "report", []byte(w.view(carla, "coordinator", report.Last90)))
	golden(t, "report_decider", []byte(w.view(dana, "coordinator", report.All)))
	golden(t, "report_panelist", []byte(w.view(karly, "coordinator", report.ThisYear)))
	w.interview("designer", "x", 0, 0, "")
	golden(t, "report_all", []byte(w.view(carla, everyRole, report.ThisYear)))
}

func TestReportBelowTenCasesHasCountsOnly(t *testing.T) {
	w := newReportWorld(t)
	for i := range 9 {
		w.interview("coordinator", fmt.Sprint(i), 4*24*time.Hour, time.Hour, hiring.Advance)
	}
	w.interviews = w.interviews[:9]
	for i := range w.interviews { // so that each panelist has nine, and all together ten and more
		w.interviews[i].Panel = w.interviews[i].Panel[:1]
	}
	if got := w.view(carla, "coordinator", report.All); strings.Contains(got, "%") || strings.Contains(got, ", median") {
		t.Errorf("nine cases have a percentage or a median: %s", got)
	}
	w.interview("coordinator", "tenth", 4*24*time.Hour, time.Hour, hiring.Advance)
	got := w.view(carla, "coordinator", report.All)
	for _, want := range []string{"(kept: 100% of 10)", ", median ", "10 held → 10 advanced (100%)"} {
		if !strings.Contains(got, want) {
			t.Errorf("ten cases lack %q: %s", want, got)
		}
	}
}

// What each person reads of other people's scorecards.
func TestReportShowsEachWhatIsTheirs(t *testing.T) {
	w := newReportWorld(t)
	w.twelve()
	for _, c := range []struct {
		person       string
		reads, never []string
	}{
		{carla, []string{"Told by the deadline", `"user_id": "UKARLY"`, "8 on time, 2 late", "0 on time, 0 late, 11 missing"}, []string{"Yours:"}},
		{dana, []string{"Told by the deadline", "Interviews per panelist", "Of so few panelists only coordinators see"}, []string{"Yours:", "0 on time, 0 late, 11 missing", "All: "}},
		{karly, []string{"Yours: 8 on time, 2 late, 1 missing"}, []string{"user_id", "Told by", "advanced", "All: "}},
		{seb, []string{"Yours: 0 on time, 0 late, 11 missing"}, []string{"8 on time"}},
	} {
		got := w.view(c.person, "coordinator", report.Last90)
		for _, want := range c.reads {
			if !strings.Contains(got, want) {
				t.Errorf("%s doesn't read %q: %s", c.person, want, got)
			}
		}
		for _, not := range c.never {
			if strings.Contains(got, not) {
				t.Errorf("%s reads %q: %s", c.person, not, got)
			}
		}
		if strings.Contains(got, "Ana") {
			t.Errorf("%s reads a candidate's name: %s", c.person, got)
		}
	}
	if _, err := w.bot.reportRoles(t.Context(), w.people[nia]); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("somebody off every team: %v", err)
	}
}

// The menus change the view in place; who has lost their part meanwhile is
// refused.
func TestReportMenus(t *testing.T) {
	w := newReportWorld(t)
	w.twelve()
	pick := func(person, role string, span report.Span) error {
		c := w.click(person, string(span))
		c.View = &slack.View{ID: "V1", Type: slack.VTModal}
		c.State = map[string]input{
			"report-role": {SelectedOption: slack.OptionBlockObject{Value: role}},
			"report-span": {SelectedOption: slack.OptionBlockObject{Value: string(span)}},
		}
		return w.bot.pickReport(t.Context(), c)
	}
	if err := pick(carla, "coordinator", report.All); err != nil {
		t.Fatal(err)
	}
	last := w.views[len(w.views)-1]
	if last.Method != "views.update" || !strings.Contains(string(last.Raw), "Everything until Tue 24 Nov, 12:00 pm CST.") {
		t.Errorf("%s shows %s", last.Method, last.Raw)
	}
	w.roles[0].Setup.Coordinators, w.roles[0].Setup.People = nil, nil
	if err := pick(carla, "coordinator", report.All); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("off the team: %v", err)
	}
	if err := pick(karly, "coordinator", report.All); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("off every team: %v", err)
	}
}

// The largest report: forty roles with twelve stages, a hundred panelists.
func TestLargestReportFits(t *testing.T) {
	w := newReportWorld(t)
	w.roles = nil
	for i := range 120 {
		r := testRole()
		r.Key, r.Title, r.Company, r.Stages = fmt.Sprintf("role%d", i), longText(75), longText(75), nil
		for j := range 12 {
			id := fmt.Sprintf("s%d", j)
			r.Stages = append(r.Stages, hiring.Stage{ID: id, Name: longText(75), Kind: hiring.StageInterview})
			w.interview(r.Key, fmt.Sprint(j), time.Hour, time.Hour, hiring.Decline)
			w.interviews[len(w.interviews)-1].Stage = id
			w.interviews[len(w.interviews)-1].Panel[0].Person = fmt.Sprintf("U%d", i)
		}
		w.roles = append(w.roles, r)
	}
	if got := w.view(carla, everyRole, report.All); !strings.Contains(got, "1380 more: choose one role to see them.") {
		t.Errorf("it doesn't say what is left out: %.2000s", got)
	}
}

// The charts have the numbers beside them in words, and come with ten cases.
func TestReportCharts(t *testing.T) {
	w := newReportWorld(t)
	charts := func(person string) *content {
		t.Helper()
		n, err := w.bot.Reports.Of(t.Context(), w.roles[:1], person, report.Last90)
		if err != nil {
			t.Fatal(err)
		}
		return reportCharts(n)
	}
	for i := range 9 {
		w.interview("coordinator", fmt.Sprint(i), 4*24*time.Hour, time.Hour, hiring.Advance)
		w.interviews[i].Panel = w.interviews[i].Panel[:1]
	}
	if m := charts(carla); m != nil {
		t.Errorf("nine cases are drawn: %s", m.Text)
	}
	w.interviews = nil
	w.twelve()
	w.interviews[0].End, w.interviews[0].Deadline = at(t, "Wed 14:45").AddDate(0, -2, 0), at(t, "Mon 17:00").AddDate(0, -2, 0)
	w.interviews[1].End = at(t, "Wed 14:45").AddDate(0, -6, 0) // before the first of the months
	m := charts(carla)
	golden(t, "report_charts", checkMessage(t, m))
	for _, want := range []string{"Told by the deadline. Jun 2026: 0 kept, 0 missed.", "Sep 2026: 0 kept, 1 missed.", "Nov 2026: 6 kept, 3 missed.", "Nov 2026: 6 on time, 2 late, 10 missing."} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("the words lack %q: %s", want, m.Text)
		}
	}
	if m := charts(karly); strings.Contains(m.Text, "kept") || !strings.Contains(m.Text, "Your scorecards.") || len(m.Blocks) != 3 {
		t.Errorf("a panelist gets %s", m.Text)
	}
}
