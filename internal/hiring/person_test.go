package hiring

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func chosenValues() []Choice {
	return []Choice{{"buffer", "Buffer", "15 minutes"}, {"stages.round1.deadline", "Candidate told", "Monday, 17:00"}}
}

func setupRole() *Role {
	return &Role{
		Key: "r", Revision: "v2",
		Titles: []Title{{Key: "strategist", Text: "Strategist"}, {Key: "ops", Text: "Operations"}, {Key: "owner", Text: "Owner"}},
		Stages: []Stage{
			{ID: "letter", Kind: StageCheck},
			{ID: "round1", Name: "Screening", Kind: StageInterview, Panelists: []StagePanelist{{Title: "strategist", Part: Required}, {Title: "ops", Part: Optional}}},
			{ID: "references", Kind: StageCheck},
			{ID: "panel", Name: "Panel", Kind: StageInterview},
		},
		Setup: Setup{
			RoleKey: "r", People: map[string][]string{"strategist": {"karly"}}, Coordinators: []string{"cai"}, Deciders: []string{"dee"},
			Channel: "C1", Confirmed: Confirmation(chosenValues()), SavedBy: "cai",
		},
		Choices: chosenValues(),
	}
}

func TestWhatARoleStillLacks(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*Role)
		want   string // "" : open
	}{
		{"complete", func(*Role) {}, ""},
		{"an empty optional title is fine", func(r *Role) { r.Setup.People["ops"] = nil }, ""},
		{"no coordinator", func(r *Role) { r.Setup.Coordinators = nil }, "a coordinator"},
		{"no decider", func(r *Role) { r.Setup.Deciders = nil }, "a decider"},
		{"no channel", func(r *Role) { r.Setup.Channel = "" }, "the private channel"},
		{"nobody fills a required title", func(r *Role) { r.Setup.People["strategist"] = nil }, "somebody as Strategist"},
		{"a new revision with the same chosen values", func(r *Role) { r.Revision = "v3" }, ""},
		{"a new revision that states one of them", func(r *Role) { r.Choices = r.Choices[1:] }, ""},
		{"a new revision that chooses another value", func(r *Role) { r.Choices[0].Text = "30 minutes" }, "a yes to the values that were chosen for you"},
		{"a person set that one", func(r *Role) {
			r.Choices[0].Text = "30 minutes"
			r.Setup.Settings = map[string]Setting{"buffer": {Value: "20m", By: "cai"}}
		}, ""},
		{"a person set a part of one", func(r *Role) {
			r.Choices[1].Text = "Tuesday, 17:00"
			r.Setup.Settings = map[string]Setting{"stages.round1.deadline.eod": {Value: "16:00", By: "cai"}}
		}, ""},
		{"confirmed as earlier versions did", func(r *Role) { r.Setup.Confirmed = "v2" }, ""},
		{"and then a new revision", func(r *Role) { r.Setup.Confirmed = "v1" }, "a yes to the values that were chosen for you"},
		{"never saved", func(r *Role) { r.Setup = Setup{} },
			"a coordinator|a decider|the private channel|somebody as Strategist|a yes to the values that were chosen for you"},
		{"a stage that names nobody", func(r *Role) { r.Stages[1].Panelists = nil }, "somebody to hold “Screening”"},
		{"filled under its own id", func(r *Role) {
			r.Stages[1].Panelists = nil
			r.Setup.People["stage:round1"] = []string{"karly"}
		}, ""},
		{"no interview at all", func(r *Role) { r.Stages = r.Stages[:1] }, "a stage that is an interview (in the role's file)"},
	} {
		r := setupRole()
		tt.change(r)
		if got := strings.Join(r.Missing(), "|"); got != tt.want || r.Open() != (tt.want == "") {
			t.Errorf("%s: missing %q (open %t), want %q", tt.why, got, r.Open(), tt.want)
		}
	}
}

// A person with two titles sits on a panel once, with the stronger part.
func TestStagePanel(t *testing.T) {
	three := []StagePanelist{{Title: "a", Part: Shadow}, {Title: "b", Part: Optional}, {Title: "c", Part: Required}}
	for _, tt := range []struct {
		titles []StagePanelist
		people map[string][]string
		want   string
	}{
		{three, map[string][]string{"a": {"x"}, "b": {"y"}, "c": {"z"}}, "x shadow, y optional, z required"},
		{three, map[string][]string{"a": {"x"}, "b": {"x"}, "c": {"x"}}, "x required"},
		{three, map[string][]string{"a": {"x"}, "b": {"x"}}, "x optional"},
		{[]StagePanelist{{Title: "b", Part: Optional}, {Title: "a", Part: Shadow}}, map[string][]string{"a": {"x"}, "b": {"x"}}, "x optional"},
		{[]StagePanelist{{Title: "c", Part: Required}, {Title: "b", Part: Optional}, {Title: "a", Part: Shadow}}, map[string][]string{"a": {"x"}, "b": {"x"}, "c": {"x", "y"}}, "x required, y required"},
		{three, nil, ""},
		{nil, map[string][]string{"stage:panel": {"p", "q"}, "c": {"z"}}, "p required, q required"},
		{three, map[string][]string{"stage:panel": {"p"}, "c": {"z"}}, "z required"},
	} {
		r := &Role{Setup: Setup{People: tt.people}}
		var got []string
		for _, p := range r.StagePanel(Stage{ID: "panel", Panelists: tt.titles}) {
			got = append(got, p.Person+" "+string(p.Part))
		}
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("%v filled by %v: %s, want %s", tt.titles, tt.people, s, tt.want)
		}
	}
}

func TestStagesOfARole(t *testing.T) {
	r := setupRole()
	first, ok := r.FirstInterview()
	if !ok || first.ID != "round1" {
		t.Errorf("the first interview is %q", first.ID)
	}
	for from, want := range map[string]string{"letter": "round1", "round1": "panel", "references": "panel", "panel": "", "gone": ""} {
		next, ok := r.StageAfter(from)
		if next.ID != want || ok != (want != "") {
			t.Errorf("after %q comes %q, want %q", from, next.ID, want)
		}
	}
}

func TestTeam(t *testing.T) {
	r := setupRole()
	r.Setup.Deciders = append(r.Setup.Deciders, "cai")
	if got := fmt.Sprint(r.Team()); got != "[cai dee karly]" {
		t.Errorf("the team is %s", got)
	}
	for person, want := range map[string]bool{"cai": true, "dee": true, "karly": true, "nia": false, "": false} {
		if r.OnTeam(person) != want {
			t.Errorf("%q is on the team: %t", person, !want)
		}
	}
}

func TestPeopleOutsideAndZones(t *testing.T) {
	for _, tt := range []struct {
		p    Person
		want bool
	}{{Person{}, true}, {Person{Admin: true}, true}, {Person{Guest: true}, false}, {Person{Foreign: true}, false}, {Person{Bot: true}, false}, {Person{Deleted: true}, false}} {
		if tt.p.Employee() != tt.want {
			t.Errorf("%+v can be on a team: %t", tt.p, !tt.want)
		}
	}
	chicago := zone(t, "America/Chicago")
	for name, want := range map[string]string{"": "America/Chicago", "Nowhere/Land": "America/Chicago", "Europe/Berlin": "Europe/Berlin"} {
		if got := (Person{Zone: name}).TimeZone(chicago).String(); got != want {
			t.Errorf("zone %q: %s, want %s", name, got, want)
		}
	}
	if LoadZone("Nowhere/Land") != time.UTC || LoadZone("") != time.UTC {
		t.Error("an unknown zone isn't UTC")
	}
}
