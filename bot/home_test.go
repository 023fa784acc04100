package bot

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// homeWorld is a role with three candidates: Ana waits for a decision, Ben's
// interview is ahead, Zoë has none yet.
func homeWorld(t *testing.T) *cardWorld {
	k := complete(t)
	staffed(k.Role)
	ben := another(k, "ben", "Ben Okafor")
	ben.Interview.Start, ben.Interview.End = at(t, "Tue 09:00"), at(t, "Tue 09:45")
	ben.Interview.Deadline = at(t, "Mon 17:00").AddDate(0, 0, 7)
	w := newCardWorld(t, "Mon 10:00", k, ben)
	w.alone = &hiring.Candidate{ID: "cand_zoe", RoleKey: k.Role.Key, Name: "Zoë Adler", Stage: "round1", State: hiring.Active, Zone: "America/Denver"}
	admin := w.people[carla]
	admin.Admin = true
	w.people[carla] = admin
	w.people["UGUEST"] = hiring.Person{ID: "UGUEST", Name: "Gwen", Guest: true}
	return w
}

func (w *cardWorld) homeOf(person string) []byte {
	w.t.Helper()
	c, err := w.bot.home(w.t.Context(), person)
	if err != nil {
		w.t.Fatal(err)
	}
	raw, err := json.Marshal(slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: c.Blocks}})
	if err != nil {
		w.t.Fatal(err)
	}
	return checkHome(w.t, raw)
}

func TestHome(t *testing.T) {
	w := homeWorld(t)
	for name, person := range map[string]string{"coordinator": carla, "decider": dana, "panelist": karly, "stranger": nia, "guest": "UGUEST"} {
		golden(t, "home_"+name, w.homeOf(person))
	}
	if got := string(w.homeOf(carla)); strings.Count(got, "Ana Diaz") != 1 {
		t.Errorf("Ana, who waits, is named more than once: %s", got)
	}
	if got := string(w.homeOf(karly)); strings.Contains(got, "Ana Diaz") || strings.Contains(got, "Zoë") {
		t.Errorf("a panelist reads of candidates who aren't theirs: %s", got)
	}
}

// How the promise stands is said in words: to who owes a scorecard, and to who
// coordinates.
func TestHomeSaysHowThePromiseStands(t *testing.T) {
	k := testCase(t)
	staffed(k.Role)
	w := newCardWorld(t, "Fri 09:00", k)
	for _, step := range []struct{ now, karly, carla string }{
		{"Fri 09:00", "On track ✓", "On track ✓"},
		{"Mon 08:00", "At risk ⚠", "little working time is left for the scorecards"},
		{"Mon 09:30", "the planned time for the scorecards has passed", "At risk ⚠"},
		{"Mon 16:30", "Act now ⏰", "at most half an hour is left"},
		{"Mon 17:00", "Late ⏰", "The answer was promised by Mon 23 Nov, 6:00 pm EST"},
	} {
		w.now = at(t, step.now)
		if got := string(w.homeOf(karly)); !strings.Contains(got, step.karly) {
			t.Errorf("%s: Karly doesn't read %q: %s", step.now, step.karly, got)
		}
		if got := string(w.homeOf(carla)); !strings.Contains(got, step.carla) {
			t.Errorf("%s: Carla doesn't read %q: %s", step.now, step.carla, got)
		}
	}
	k.Interview.Deadline, w.now = at(t, "Wed 16:30"), at(t, "Wed 09:00")
	if got := string(w.homeOf(karly)); !strings.Contains(got, "the interview ends shortly before the deadline") {
		t.Errorf("before a tight interview Karly reads %s", got)
	}
	k.Interview.Deadline = at(t, "Mon 17:00")
	w.now = at(t, "Mon 09:30")
	golden(t, "home_at_risk", w.homeOf(karly))
}

func TestDashboard(t *testing.T) {
	w := homeWorld(t)
	w.troubles = []outbox.Effect{{Kind: outbox.Mail, State: outbox.Failed, Problem: "550 no such user"}, {Kind: outbox.CalendarMove, Problem: "503"}}
	for name, person := range map[string]string{"dashboard": carla, "dashboard_decider": dana, "dashboard_panelist": karly} {
		v, err := w.bot.dashboardView(t.Context(), w.people[person])
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, marshalView(t, v))
	}
	if _, err := w.bot.dashboardView(t.Context(), w.people[nia]); err == nil {
		t.Error("somebody off every team has a dashboard")
	}
}

func TestHelpText(t *testing.T) {
	goldenText(t, "help", newWorld(t, "Mon 10:00", testCase(t)).bot.helpText()+"\n")
}

// What stands in a modal while it is waited for, when somebody is refused, and
// when something is missing that they can mend.
func TestModalsThatOnlySay(t *testing.T) {
	k := testCase(t)
	staffed(k.Role).Setup.Channel = ""
	w := newWorld(t, "Mon 10:00", k)
	golden(t, "loading", marshalView(t, loading("Schedule", looking)))
	golden(t, "told", marshalView(t, *told("Convene", "Only a decider of Account Coordinator can record decisions.")))
	golden(t, "told_setup", marshalView(t, w.bot.toldError(t.Context(), w.people[carla], notOpen(k.Role))))
}
