package role

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"convene/internal/hiring"
)

// smallest is the least that a role file can say.
const smallest = `key: sales
title: Sales Representative
competencies: [{id: pitch, name: The pitch}]
titles: [{key: lead, text: Sales Lead}]
stages:
  - {id: round1, name: Screening, kind: interview, panelists: [{title: lead}]}
`

func parsed(t *testing.T, src string) *hiring.Role {
	t.Helper()
	role, problems := Parse("sales.yaml", []byte(src))
	for _, p := range problems {
		t.Error(p)
	}
	if role == nil {
		t.FailNow()
	}
	return role
}

// The first built-in role, as its document states it.
func TestTheAsymmetricRole(t *testing.T) {
	roles, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	r := roles[0]
	if r.Key != "account-coordinator" || r.Company != "Asymmetric" {
		t.Fatalf("the first role is %s of %s", r.Key, r.Company)
	}

	var ids []string
	for _, c := range r.Competencies {
		ids = append(ids, c.ID)
	}
	if diff := cmp.Diff([]string{"client-communication", "triage", "expectation-setting", "prioritization", "knowledge-gaps"}, ids); diff != "" {
		t.Error("competencies (-want +got):\n" + diff)
	}
	for _, c := range r.Competencies {
		if got, want := len(c.RedFlags) > 0, c.ID == "knowledge-gaps"; got != want {
			t.Errorf("%s has red flags: %v; the document names one, for the last", c.ID, got)
		}
		if got, want := len(r.QuestionsFor(c.ID)), slices.Index(ids, c.ID)/2; (got > 0) != (want > 0) {
			t.Errorf("%s has %d questions", c.ID, got)
		}
		if got, want := c.Primary, c.ID == ids[0]; got != want {
			t.Errorf("%s is primary: %v", c.ID, got)
		}
	}
	if key := r.Competencies[1].AnswerKey; len(key) != 3 || key[0].Expected != "AC handles directly" {
		t.Errorf("the triage table is %v", key)
	}

	first, _ := r.FirstInterview()
	if first.ID != "round1" || len(first.Panelists) != 1 || first.Panelists[0] != (hiring.StagePanelist{Title: "strategist", Part: hiring.Required}) {
		t.Errorf("round 1 is %+v", first)
	}
	strategist, _ := r.TitleFor("strategist")
	if strategist.Name != "Karly Oykhman" {
		t.Errorf("the strategist is %s", strategist.Name)
	}
	panel, _ := r.StageAfter("round1")
	if !panel.Panel || len(panel.Panelists) != 3 {
		t.Errorf("the panel is %+v", panel)
	}

	rule := hiring.DeadlineRule{
		Kind: hiring.WeekdayAfterWeek, Weekday: time.Monday, EOD: 17 * time.Hour, Holiday: hiring.HolidayNext,
		RuleText: "Candidates notified by EOD Monday following first-round week",
	}
	if diff := cmp.Diff(hiring.Value[hiring.DeadlineRule]{V: rule}, first.Deadline); diff != "" {
		t.Error("round 1's deadline (-want +got):\n" + diff)
	}
	if !panel.Deadline.Chosen {
		t.Error("the panel's deadline is not stated, so it is chosen")
	}
	if r.Zone != (hiring.Value[string]{V: "America/Chicago"}) {
		t.Errorf("the zone is %v; Central Time is stated", r.Zone)
	}
	if r.Hours.Chosen || r.Hours.V.Start != 8*time.Hour || r.Hours.V.End != 17*time.Hour || len(r.Hours.V.Days) != 5 {
		t.Errorf("the hours are %v", r.Hours)
	}
	for _, path := range []string{"hours.days", "stages.round1.deadline.eod", "stages.round1.deadline.holiday", "stages.panel.deadline", "notices.decline"} {
		if !slices.ContainsFunc(r.Choices, func(c hiring.Choice) bool { return c.Path == path }) {
			t.Errorf("%s is chosen and not among the choices", path)
		}
	}
}

// What a file leaves out is chosen, and said to be.
func TestDefaultsAreChosen(t *testing.T) {
	role := parsed(t, smallest)
	var got strings.Builder
	for _, c := range role.Choices {
		got.WriteString(c.Path + " = " + c.Text + "\n")
	}
	golden(t, "defaults.txt", []byte(got.String()))
	if stage := role.Stages[0]; !stage.Duration.Chosen || !stage.Deadline.Chosen || !role.Zone.Chosen || !role.Notices[hiring.Hold].Chosen {
		t.Errorf("a default is not marked as chosen: %+v", stage)
	}
	if len(role.Context)+len(role.Gates)+len(role.Signals)+len(role.Questions) > 0 || role.Competencies[0].Strong != "" {
		t.Error("something was invented")
	}
}

// What a file states is not chosen, and the end of the day follows its hours.
func TestStatedValues(t *testing.T) {
	role := parsed(t, strings.Replace(smallest, "[{title: lead}]", "[{title: lead}], duration: 1h30m, deadline: {kind: business_days, days: 3}", 1)+`
hours: {days: [Monday], start: 8:30, end: 16:15}
holidays: {country: US, extra: [2026-12-24]}
horizon: 21d
show_guests: true
sealed: true
notices:
  decline:
    subject: About your application
    body: |
      Hello {first_name},

      we chose somebody else.
`)
	stage := role.Stages[0]
	if stage.Duration != (hiring.Value[time.Duration]{V: 90 * time.Minute}) {
		t.Errorf("the duration is %v", stage.Duration)
	}
	want := hiring.DeadlineRule{Kind: hiring.BusinessDays, Days: 3, EOD: 16*time.Hour + 15*time.Minute, Holiday: hiring.HolidayNext}
	if diff := cmp.Diff(hiring.Value[hiring.DeadlineRule]{V: want}, stage.Deadline); diff != "" {
		t.Error("the deadline (-want +got):\n" + diff)
	}
	if n := role.Notices[hiring.Decline]; n != (hiring.NoticeText{Subject: "About your application", Body: "Hello {first_name},\n\nwe chose somebody else."}) {
		t.Errorf("the notice is %+v", n)
	}
	if !role.Notices[hiring.Hold].Chosen {
		t.Error("the notice of a hold is not stated, so it is chosen")
	}
	if role.Horizon.V != 21*24*time.Hour || !role.ShowGuests || !role.Sealed.V || role.Sealed.Chosen {
		t.Errorf("horizon %v, show guests %v, sealed %v", role.Horizon, role.ShowGuests, role.Sealed)
	}
}

// Editors differ in what they put around and between lines; the role is the same.
func TestLineEndings(t *testing.T) {
	src := smallest + "context:\n  - |\n    One\n\n    two\n"
	for _, variant := range []string{src, "\ufeff" + src, strings.ReplaceAll(src, "\n", "\r\n"), "---\n" + src} {
		if role := parsed(t, variant); role.Title != "Sales Representative" || role.Context[0] != "One two" {
			t.Errorf("%q: the title is %q, the context %q", variant[:10], role.Title, role.Context)
		}
	}
}

func TestSchemaGolden(t *testing.T) { golden(t, "schema.json", Schema()) }

func TestShow(t *testing.T) {
	roles, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range roles {
		var out bytes.Buffer
		if err := Show(r, &out); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(out.String(), "\n") {
			if len([]rune(line)) > showWidth {
				t.Errorf("a line is wider than %d: %s", showWidth, line)
			}
		}
		golden(t, "show-"+r.Key+".txt", out.Bytes())
	}
	if err := Show(roles[0], brokenPipe{}); err == nil {
		t.Error("a reader that went away is not noticed")
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// A directory adds roles to the built-in ones, and can replace them.
func TestLoad(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("z.yaml", strings.Replace(smallest, "key: sales", "key: a-first", 1))
	write("ours.yml", strings.Replace(smallest, "key: sales", "key: account-coordinator-general", 1))
	write("sales.yaml", smallest)
	write("readme.md", "not a role")
	write("broken.yaml", "key: broken\n")
	write("twice.yaml", smallest)

	roles, problems := Load(dir)
	var got []string
	for _, r := range roles {
		got = append(got, r.Key+": "+r.Title)
	}
	want := []string{
		"account-coordinator: Account Coordinator", "account-coordinator-general: Sales Representative",
		"pixelspoke-account-coordinator: Account Coordinator", "a-first: Sales Representative", "sales: Sales Representative",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("roles (-want +got):\n" + diff)
	}
	var said []string
	for _, p := range problems {
		said = append(said, strings.TrimPrefix(p.String(), dir+"/"))
	}
	wantSaid := []string{
		"broken.yaml:1:1: “title” is missing in a role, add it: the opening, e.g. Account Coordinator",
		"broken.yaml:1:1: “stages” is missing in a role, add it: the steps of the pipeline, in order",
		"broken.yaml:1:1: warning: the role has no competencies, its scorecards will hold nothing to rate",
		"twice.yaml:1:6: the key “sales” is also in sales.yaml, give one of them another key",
	}
	if diff := cmp.Diff(wantSaid, said); diff != "" {
		t.Error("problems (-want +got):\n" + diff)
	}

	if roles, problems := Load(""); len(roles) != 3 || len(problems) != 0 {
		t.Errorf("without a directory there are %d roles and %v", len(roles), problems)
	}
	if _, problems := Load(filepath.Join(dir, "none")); len(problems) != 1 || !strings.Contains(problems[0].String(), "there is no such file") {
		t.Errorf("a missing directory says %v", problems)
	}
}

// Files that are no role files at all get one sentence each.
func TestNoRoleFile(t *testing.T) {
	for what, src := range map[string]string{
		"the file is empty":                    " \n",
		"the file holds nothing but comments":  "# soon\n",
		"the file is not UTF-8 text":           "key: \xff\xfe",
		"the file has 131073 bytes":            strings.Repeat("#", maxFile+1),
		"the file is a list here":              "- key: sales\n",
		"the file is a text here":              "a role\n",
		"a tab stands where YAML wants spaces": "key: sales\n\ttitle: Sales\n",
	} {
		role, problems := Parse("x.yaml", []byte(src))
		if role != nil || len(problems) != 1 || !strings.Contains(problems[0].String(), what) || problems[0].Hint == "" {
			t.Errorf("want “%s”, got %v", what, problems)
		}
	}
}

// Whatever is in a file, Parse answers; and a role that it returns holds what
// the rest of the program relies on.
func FuzzParse(f *testing.F) {
	f.Add([]byte(smallest))
	for _, odd := range []string{ // each of them was interesting to the fuzzer, or to somebody with a keyboard
		"", "-", "? a\n: b", "<<: *x", "key: !!binary x", "&a *a", "{", "key: [", "[]: {}", "\ufeffkey: a", "key: a\r\rtitle: b", "stages: [{}, ~, *a, [[]]]",
		"stages: [{deadline: {value: {value: 1, chosen: true}, chosen: true}}]", "hours: {chosen: true, value: {start: {value: '1:00', chosen: true}}}",
		"notices: {hold: {body: '{{}}'}}", "1: 2\n1.5: 3\ntrue: x", "key: |\n a\n---\nb", "%YAML 1.2\n---\nkey: a", "key: a # \x00", "holidays: {extra: [2026-02-30]}",
	} {
		f.Add([]byte(odd))
	}
	for _, pattern := range []string{"roles/*.yaml", "testdata/problems/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(src)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		role, problems := Parse("fuzz.yaml", src)
		if (role == nil) != Broken(problems) {
			t.Fatalf("role: %v, problems: %v", role, problems)
		}
		for _, p := range problems {
			if p.What == "" || p.Hint == "" {
				t.Errorf("a problem without words: %+v", p)
			}
			if (p.Line > 0) != (p.Column > 0) || p.Line > 1+bytes.Count(src, []byte("\n"))+bytes.Count(src, []byte("\r")) {
				t.Errorf("a problem outside of the file's %d bytes: %+v", len(src), p)
			}
		}
		if role == nil {
			return
		}
		if err := Show(role, &bytes.Buffer{}); err != nil {
			t.Error(err)
		}
		if _, err := IsHoliday(role.Holidays.V); err != nil {
			t.Error(err)
		}
		if _, ok := role.FirstInterview(); !ok {
			t.Error("no interview")
		}
		for _, s := range role.Stages {
			if s.Kind == hiring.StageInterview && (s.Duration.V <= 0 || len(s.Panelists) == 0 || ScorecardBlocks(role, s) > viewBlocks) {
				t.Errorf("a stage that can't run: %+v", s)
			}
			for _, p := range s.Panelists {
				if _, ok := role.TitleFor(p.Title); !ok {
					t.Errorf("the title %s is unknown", p.Title)
				}
			}
		}
		if loc, err := time.LoadLocation(role.Zone.V); err != nil || loc == nil {
			t.Error(err)
		}
	})
}
