package hiring

import (
	"fmt"
	"slices"
	"time"
)

// A Person is a member of the Slack workspace.
type Person struct {
	ID      string // Slack user id
	Name    string
	Email   string
	Zone    string // IANA name from their Slack profile; may be empty
	Admin   bool   // admin or owner of the workspace
	Guest   bool   // single- or multi-channel guest
	Foreign bool   // belongs to another workspace (Slack Connect)
	Bot     bool
	Deleted bool // deactivated

	// Set in Slack, by the person or in a role's setup:
	Calendar   string    // address of their Google calendar, where it isn't Email
	CalendarBy string    // who set Calendar
	CalendarAt time.Time // and when
	Hours      Hours     // own working hours and days, in their zone; no days: the role's
}

// CalendarID returns the address of the person's Google calendar; "" when none
// is known.
func (p Person) CalendarID() string {
	if p.Calendar != "" {
		return p.Calendar
	}
	return p.Email
}

// WorkingHours returns the person's own working hours, or the role's.
func (p Person) WorkingHours(role *Role) Hours {
	if len(p.Hours.Days) > 0 {
		return p.Hours
	}
	return role.Hours.V
}

// TimeZone returns the person's zone, or the fallback when none is known.
func (p Person) TimeZone(fallback *time.Location) *time.Location {
	if loc, ok := loadZone(p.Zone); ok && p.Zone != "" {
		return loc
	}
	return fallback
}

// Employee reports whether the person can be on a role's team: not a guest,
// not from another workspace, not a bot, not deactivated.
func (p Person) Employee() bool { return !p.Guest && !p.Foreign && !p.Bot && !p.Deleted }

// A Setup is what a role needs and its document can't know: who fills its
// titles, who coordinates and decides, and where the summary goes.
type Setup struct {
	RoleKey      string
	People       map[string][]string // title key -> Slack user ids
	Coordinators []string
	Deciders     []string
	Channel      string             // the role's private channel
	Settings     map[string]Setting // by path: what stands over the role's file
	Sections     map[string]Mark    // who saved which section last
	Confirmed    string             // what was confirmed: see Confirmation
	SavedBy      string
	SavedAt      time.Time
}

// A Mark says who saved a section of a setup last, and when. N counts the saves.
type Mark struct {
	N  int
	By string // Slack user id
	At time.Time
}

// The sections of a setup besides those with settings.
const (
	TeamSection      = "team"
	CalendarsSection = "calendars"
	ChannelSection   = "channel"
	ConfirmSection   = "confirm"
)

// A Lack is something that a role's setup still needs before the role opens.
type Lack struct {
	Section string // where it is filled in; empty: in the role's file
	Text    string // e.g. "a decider"
}

// Steps is how many things a setup needs: a panel for the first interview,
// coordinators, deciders, a channel, and a yes to what was chosen.
const Steps = 5

// Lacks returns what the setup still needs; nothing means that the role is
// open. done is how many of the Steps are.
func (r *Role) Lacks() (lacks []Lack, done int) {
	first, ok := r.FirstInterview()
	if !ok {
		return []Lack{{"", "a stage that is an interview (in the role's file)"}}, 0
	}
	need := func(missing bool, section string, what ...string) {
		if !missing {
			done++
			return
		}
		for _, w := range what {
			lacks = append(lacks, Lack{section, w})
		}
	}
	need(len(r.Setup.Coordinators) == 0, TeamSection, "a coordinator")
	need(len(r.Setup.Deciders) == 0, TeamSection, "a decider")
	need(r.Setup.Channel == "", ChannelSection, "the private channel")
	empty := r.Unstaffed(first)
	need(len(empty) > 0, TeamSection, empty...)
	need(len(r.Unconfirmed()) > 0, ConfirmSection, "a yes to the values that were chosen for you")
	return lacks, done
}

// Unstaffed says, in words, whom a stage's panel still needs.
func (r *Role) Unstaffed(stage Stage) []string {
	var out []string
	for _, p := range stage.Panelists {
		t, ok := r.TitleFor(p.Title)
		if !ok {
			t.Text = p.Title
		}
		switch have := len(r.Setup.People[p.Title]); {
		case p.Any > 1 && have < p.Any:
			out = append(out, fmt.Sprintf("at least %d people as %s", p.Any, t.Text))
		case p.Part == Required && have == 0:
			out = append(out, "somebody as "+t.Text)
		}
	}
	if len(out) == 0 && len(r.StagePanel(stage)) == 0 && len(r.StagePools(stage)) == 0 {
		out = append(out, "somebody to hold “"+stage.Name+"”")
	}
	return out
}

// Missing says, in words, what the setup still lacks; nothing means that the
// role is open.
func (r *Role) Missing() []string {
	lacks, _ := r.Lacks()
	var out []string
	for _, l := range lacks {
		out = append(out, l.Text)
	}
	return out
}

// NotSetUp is what a UserError wraps when a role's setup lacks what the request
// needs.
type NotSetUp struct{ RoleKey string }

func (e *NotSetUp) Error() string { return "the setup of " + e.RoleKey + " is not complete" }

// NeedsSetup returns a UserError that wraps NotSetUp.
func NeedsSetup(role, format string, args ...any) *UserError {
	return &UserError{Text: fmt.Sprintf(format, args...), Err: &NotSetUp{role}}
}

// Open reports whether the role's setup is complete.
func (r *Role) Open() bool { return len(r.Missing()) == 0 }

// A Pool is people of whom a certain number takes part in an interview, all of
// them required: "any two of these four".
type Pool struct {
	Need   int
	People []string // Slack user ids
}

// StagePanel returns the panelists who always sit in a stage, by the setup; who
// does so out of several is in StagePools. A person with two titles appears
// once, with the stronger part. A stage whose document names nobody is filled
// under its own id.
func (r *Role) StagePanel(stage Stage) []Panelist {
	var out []Panelist
	add := func(id string, part Part) {
		i := slices.IndexFunc(out, func(p Panelist) bool { return p.Person == id })
		switch {
		case i < 0:
			out = append(out, Panelist{Person: id, Part: part})
		case part == Required, part == Optional && out[i].Part == Shadow:
			out[i].Part = part
		}
	}
	for _, sp := range stage.Panelists {
		if sp.Any > 0 {
			continue
		}
		for _, id := range r.Setup.People[sp.Title] {
			add(id, sp.Part)
		}
	}
	if len(stage.Panelists) == 0 {
		for _, id := range r.Setup.People["stage:"+stage.ID] {
			add(id, Required)
		}
	}
	return out
}

// StagePools returns the pools that the setup gives a stage. Who is required in
// it anyway can't be the one of a pool as well, and isn't in any.
func (r *Role) StagePools(stage Stage) []Pool {
	sits := r.StagePanel(stage)
	var out []Pool
	for _, sp := range stage.Panelists {
		if sp.Any == 0 {
			continue
		}
		out = append(out, Pool{Need: sp.Any, People: slices.DeleteFunc(slices.Clone(r.Setup.People[sp.Title]), func(id string) bool {
			return slices.ContainsFunc(sits, func(p Panelist) bool { return p.Person == id && p.Part == Required })
		})})
	}
	return out
}

// IsCoordinator reports whether the person coordinates the role.
func (r *Role) IsCoordinator(person string) bool {
	return slices.Contains(r.Setup.Coordinators, person)
}

// IsDecider reports whether the person may record decisions for the role.
func (r *Role) IsDecider(person string) bool { return slices.Contains(r.Setup.Deciders, person) }

// OnTeam reports whether the person has any part in the role.
func (r *Role) OnTeam(person string) bool {
	if r.IsCoordinator(person) || r.IsDecider(person) {
		return true
	}
	for _, ids := range r.Setup.People {
		if slices.Contains(ids, person) {
			return true
		}
	}
	return false
}

// Team returns everyone with a part in the role, each once, in a stable order.
func (r *Role) Team() []string {
	ids := append(slices.Clone(r.Setup.Coordinators), r.Setup.Deciders...)
	for _, people := range r.Setup.People {
		ids = append(ids, people...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
