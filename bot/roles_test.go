package bot

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/role"
)

func (w *reportWorld) rolesOf(person, words string) string {
	w.t.Helper()
	v, err := w.bot.rolesView(w.t.Context(), w.people[person], words)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(marshalView(w.t, v))
}

func TestRoles(t *testing.T) {
	w := newReportWorld(t)
	golden(t, "roles", []byte(w.rolesOf(carla, "")))
	if got := w.rolesOf(karly, ""); strings.Contains(got, "Designer") || strings.Contains(got, actSetup) || !strings.Contains(got, actRoleLook) {
		t.Errorf("a panelist sees %s", got)
	}
	if got := w.rolesOf(mark, ""); !strings.Contains(got, "Designer") || strings.Count(got, actSetup) != 2 {
		t.Errorf("who may set up every role sees %s", got)
	}
	if got := w.rolesOf(carla, "desi"); strings.Contains(got, "Account Coordinator") {
		t.Errorf("asked for one role, the list shows %s", got)
	}
	if _, err := w.bot.rolesView(t.Context(), w.people[nia], ""); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("somebody off every team: %v", err)
	}
	if _, err := w.bot.rolesView(t.Context(), w.people[karly], "designer"); err == nil || strings.Contains(err.Error(), "Yours are: coordinator, designer") {
		t.Errorf("a role of others: %v", err)
	}
}

func TestLookAtRole(t *testing.T) {
	w := newReportWorld(t)
	if err := w.bot.lookAtRole(t.Context(), w.click(karly, "coordinator")); err != nil {
		t.Fatal(err)
	}
	for person, key := range map[string]string{karly: "designer", nia: "coordinator"} {
		if err := w.bot.lookAtRole(t.Context(), w.click(person, key)); !errors.Is(err, hiring.ErrNotAllowed) {
			t.Errorf("%s looks at %s: %v", person, key, err)
		}
	}
	builtin, err := role.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range builtin {
		got := marshalView(t, roleFileView(r))
		if strings.Contains(string(got), "Long texts are cut") {
			t.Errorf("%s is cut", r.Key)
		}
		if r.Key == "account-coordinator" {
			golden(t, "role_look", got)
		}
	}
	golden(t, "role_look_empty", marshalView(t, roleFileView(&hiring.Role{Key: "bare", Title: "Bare"})))
}

// A role file as long as internal/role lets it be, in letters of several bytes.
func TestLargestRoleFits(t *testing.T) {
	repeat := func(n int, add func(i int)) {
		for i := range n {
			add(i)
		}
	}
	for name, text := range map[string]func(int) string{"hostile": longText, "escaped": func(n int) string { return strings.Repeat("<", n) }} {
		r := &hiring.Role{Key: strings.Repeat("k", 40), Title: text(75), Company: text(75), Zone: hiring.Value[string]{V: "America/Argentina/Buenos_Aires", Chosen: true}}
		repeat(40, func(int) { r.Context = append(r.Context, text(2500)) })
		repeat(40, func(int) { r.Terms = append(r.Terms, hiring.Term{Name: text(75), Text: text(2500)}) })
		repeat(12, func(i int) {
			r.Titles = append(r.Titles, hiring.Title{Key: fmt.Sprint(i), Text: text(75), Name: text(75), Chosen: true})
		})
		repeat(12, func(i int) {
			st := hiring.Stage{ID: fmt.Sprint(i), Name: text(75), Kind: hiring.StageInterview, When: text(500), Duration: hiring.Value[time.Duration]{V: 90 * time.Minute, Chosen: true}}
			st.Deadline.V = hiring.DeadlineRule{Kind: hiring.BusinessDays, Days: 3, RuleText: text(500)}
			repeat(12, func(j int) {
				st.Panelists = append(st.Panelists, hiring.StagePanelist{Title: fmt.Sprint(j), Part: hiring.Optional})
			})
			r.Stages = append(r.Stages, st)
			r.Competencies = append(r.Competencies, hiring.Competency{ID: fmt.Sprint(i), Name: text(75), Strong: text(1500)})
		})
		repeat(10, func(int) { r.Gates = append(r.Gates, hiring.Gate{Text: text(300), Ask: text(300)}) })
		repeat(100, func(i int) {
			r.Choices = append(r.Choices, hiring.Choice{Path: fmt.Sprint(i), Name: "Length of “" + text(75) + "”", Text: text(2500)})
		})
		got := string(marshalView(t, roleFileView(r)))
		for _, part := range []string{"Context", "Stages", "Competencies", "Gates", "Terms", "Everything that was chosen", "Long texts are cut here"} {
			if !strings.Contains(got, part) {
				t.Errorf("%s: the largest role lacks %q", name, part)
			}
		}
	}
}

func TestManyRolesFit(t *testing.T) {
	w := newReportWorld(t)
	w.roles = nil
	for i := range 60 {
		r := testRole()
		r.Key, r.Title, r.Company = fmt.Sprintf("role%d", i), longText(75), longText(75)
		r.Setup.Channel = ""
		w.roles = append(w.roles, r)
	}
	if got := w.rolesOf(carla, ""); !strings.Contains(got, "28 more: type /hiring roles") {
		t.Errorf("it doesn't say how many are left out: %.1000s", got)
	}
}

func (w *world) typed(person, text string) string {
	w.t.Helper()
	w.acks = nil
	r := w.reply()
	r.isCommand = true
	if err := w.bot.hiringCommand(w.t.Context(), &call{reply: r, Person: w.people[person], Text: text}); err != nil {
		w.t.Fatal(err)
	}
	if len(w.acks) == 0 || w.acks[0] == nil {
		return ""
	}
	return w.acks[0].(ephemeral).Text
}

func TestHelp(t *testing.T) {
	w := newReportWorld(t)
	help := w.typed(karly, "help")
	for _, c := range w.bot.routes.commands {
		if !strings.Contains(help, c.Name) {
			t.Errorf("help doesn't name %s", c.Name)
		}
	}
	for typed, answer := range map[string]string{
		"reprot":       "I don't know “reprot”. Did you mean /hiring report?",
		"Rolles now":   "I don't know “rolles”. Did you mean /hiring roles?",
		"setpu":        "I don't know “setpu”. Did you mean /hiring setup?",
		"xyz":          "I don't know “xyz”. Here is what I do:",
		"<!channel>":   "I don't know “&lt;!channel&gt;”.",
		longText(4000): "I don't know “",
		"?":            "Here is what I do:",
	} {
		if got := w.typed(karly, typed); !strings.HasPrefix(got, answer) || !strings.Contains(got, "/hiring roles — ") {
			t.Errorf("%.40q is answered by %s", typed, got)
		}
	}
}

// Every word that a command's usage offers is explained in the help; /hiring
// understands no other words than those that it offers.
func TestHelpExplainsEveryWord(t *testing.T) {
	b := &Bot{}
	for _, c := range b.table().commands {
		var explained, offered []string
		for _, w := range b.words()[c.Name] {
			explained = append(explained, w.Name)
		}
		for _, w := range regexp.MustCompile(`[\[|] ?([a-z]+) ?[\]|]`).FindAllStringSubmatch(strings.ReplaceAll(c.Usage, "|", "||"), -1) {
			offered = append(offered, w[1])
			if !slices.Contains(explained, w[1]) {
				t.Errorf("%s: the help doesn't say what %q does: add it to words", c.Name, w[1])
			}
		}
		if c.Name == "/hiring" && !slices.Equal(explained[1:], offered) { // the dashboard is /hiring alone
			t.Errorf("/hiring offers %v and understands %v", offered, explained)
		}
	}
}
