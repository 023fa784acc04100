package hiring

import (
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
	Calendar string // address of their Google calendar, where it isn't Email
	Hours    Hours  // own working hours and days, in their zone; no days: the role's
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
	if p.Zone == "" {
		return fallback
	}
	if loc, err := time.LoadLocation(p.Zone); err == nil {
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
	Confirmed    string             // revision of the role whose chosen values were confirmed
	SavedBy      string
	SavedAt      time.Time
}

// A Setting is one value that a person set over the role's file.
type Setting struct {
	Value string // in the notation of the role's file, e.g. "45m"
	By    string // Slack user id
	At    time.Time
}

// Missing says, in words, what the setup still lacks; nothing means that the
// role is open.
func (r *Role) Missing() []string {
	var out []string
	first, ok := r.FirstInterview()
	if !ok {
		return []string{"a stage that is an interview (in the role's file)"}
	}
	if len(r.Setup.Coordinators) == 0 {
		out = append(out, "a coordinator")
	}
	if len(r.Setup.Deciders) == 0 {
		out = append(out, "a decider")
	}
	if r.Setup.Channel == "" {
		out = append(out, "the private channel")
	}
	for _, p := range first.Panelists {
		if p.Part == Required && len(r.Setup.People[p.Title]) == 0 {
			t, _ := r.TitleFor(p.Title)
			out = append(out, "who is "+t.Text)
		}
	}
	if len(first.Panelists) == 0 && len(r.StagePanel(first)) == 0 {
		out = append(out, "who holds “"+first.Name+"”")
	}
	if r.Setup.SavedBy == "" || r.Setup.Confirmed != r.Revision {
		out = append(out, "a yes to the values that were chosen for you")
	}
	return out
}

// Open reports whether the role's setup is complete.
func (r *Role) Open() bool { return len(r.Missing()) == 0 }

// StagePanel returns the panelists that the setup gives a stage. A person with
// two titles appears once, with the stronger part. A stage whose document names
// nobody is filled under its own id.
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
