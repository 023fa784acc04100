package hiring

import (
	"slices"
	"sync"
	"time"
)

// A Value is a setting of a role together with where it came from: stated by
// the role's document, or chosen by us because the bot cannot run without it.
// Setup shows every chosen value until a person has confirmed it.
type Value[T any] struct {
	V      T
	Chosen bool
}

// A Role is an opening to hire for, as its YAML file describes it. What the
// role's document doesn't state is empty here; nothing is invented.
type Role struct {
	Key      string // stable name in commands and keys, e.g. "asymmetric-account-coordinator"
	Revision string // hash of the file's content; scorecards keep the one they were asked with
	Title    string
	Company  string

	Context      []string // why the role exists, what it is and is not
	Duties       []string
	Terms        []Term // classification, salary, location … as stated
	Travel       []string
	WorkModel    []string
	Values       []string
	Culture      []string // how the company works together, as stated
	Process      []string // what the document tells candidates about the hiring process
	Success      []string // success measures
	Wanted       []string // experience and qualifications that are wishes, not gates
	Background   []Term   // what the document says around the role: market figures, career path, advice
	Notes        []string // what setup should know: contradictions in the document, links that were not part of it
	Application  []ApplicationItem
	Tools        []ToolGroup
	Signals      []Signal // culture signals, as the stated behaviours
	Questions    []Question
	Competencies []Competency
	Gates        []Gate
	Titles       []Title
	Stages       []Stage

	Zone       Value[string] // IANA name
	Hours      Value[Hours]  // working hours and days of the role, in Zone
	Holidays   Value[Holidays]
	MinNotice  Value[time.Duration] // between booking and the interview's start
	Horizon    Value[time.Duration] // how far ahead slots are offered
	Buffer     Value[time.Duration] // free time kept on both sides of an interview
	PerDay     Value[int]           // interviews per panelist and day
	PerWeek    Value[int]           // interviews per panelist and week
	NagAfter   Value[time.Duration] // from the interview's end to the first nag
	Escalate   Value[int]           // nags before it goes to somebody else
	ShowGuests bool                 // let the event's guests see each other; off unless the role says so
	Sealed     Value[bool]          // summary: evidence behind a button
	Notices    map[Outcome]NoticeText

	Choices []Choice // every setting of the role, its titles and its stages that was chosen, not stated

	Setup Setup // who and where, filled in in Slack; empty in a role file

	FileGone bool `json:"-"` // its file is no longer among the role files: what has begun goes on, nobody is added

	File *Role `json:"-"` // the role as its file says, where settings stand over it; nil: this is it
}

// A Choice is one setting that the role's document doesn't state, with the
// value that the bot uses until a person has confirmed or changed it. It can be
// part of a Value whose rest is stated, e.g. the hour of a stated deadline.
type Choice struct {
	Path string // stable, e.g. "zone" or "stages.round1.deadline.eod"
	Name string // for people, e.g. "Screening: length"
	Text string // the value in words, e.g. "45 minutes"
}

// A Term is one stated condition of the role, e.g. "Salary range".
type Term struct{ Name, Text string }

// An ApplicationItem is something that an application must hold or answer.
type ApplicationItem struct {
	ID       string
	Text     string
	Kind     string // "question", "document" or "instruction"
	Required bool
}

// A ToolGroup is a list of tools with how the document speaks of them.
type ToolGroup struct {
	Name  string // e.g. "Project management"
	Need  string // "expected", "nice to have" or "not required", as stated
	Tools []string
	Note  string
}

// A Signal is a behaviour that the document names as a sign of fit.
type Signal struct {
	ID, Text string
	About    string // what it is a sign of, e.g. "tools" or "culture"
}

// A Question is asked in interviews; it may serve several competencies.
type Question struct {
	ID           string
	Text         string
	Competencies []string
	Ideal        string // ideal answer, where the document states one
}

// A Competency is what panelists rate, on the four Levels or "not assessed".
type Competency struct {
	ID        string
	Name      string
	Primary   bool     // the document calls it the primary qualification
	Assesses  []string // what is looked at
	Strong    string   // the strong response or signal, as stated
	RedFlags  []RedFlag
	AnswerKey []AnswerKeyRow // e.g. the triage table
}

// A RedFlag is a named warning sign that a panelist can tick.
type RedFlag struct {
	ID, Text string
}

// An AnswerKeyRow says what the expected handling of one case is.
type AnswerKeyRow struct{ Case, Expected string }

// A Gate is a must-have: answered yes, no or unknown, never rated.
type Gate struct {
	ID, Text string
	Ask      string   // how to ask it
	Stages   []string // stages whose scorecards ask it; empty: all interviews
}

// A Title is a position on the role's team, filled by people in setup.
type Title struct {
	Key  string // e.g. "strategist"
	Text string // e.g. "Strategist"
	Name string // the person that the document names, if any

	Chosen bool // the document names no such title, but a stage needs somebody
}

// StageKind says whether a stage is an interview or a check.
type StageKind string

// The two kinds of stages.
const (
	StageInterview StageKind = "interview"
	StageCheck     StageKind = "check"
)

// A Stage is a step of the role's pipeline.
type Stage struct {
	ID           string
	Name         string
	Kind         StageKind
	Panel        bool // the stage that /schedule-panel books
	When         string
	Covers       []string
	Panelists    []StagePanelist
	Competencies []string // what its scorecard rates; empty: all
	Duration     Value[time.Duration]
	KitLead      Value[time.Duration] // how long before the start the kit is sent anew
	Location     Value[Location]
	Deadline     Value[DeadlineRule]
	Hold         Value[time.Duration] // how long a time can be held before it is agreed on; 0: it can't
	Chooses      Value[bool]          // the candidate can be sent several times to choose from
	Note         string
}

// A StagePanelist says which title takes part in a stage, and how.
type StagePanelist struct {
	Title string // Title.Key
	Part  Part
	Any   int // how many of those who fill the title take part, whoever is free; 0: all of them
}

// A Part is how a panelist takes part in an interview.
type Part string

// The parts a panelist can have. A shadow's score does not count.
const (
	Required Part = "required"
	Optional Part = "optional"
	Shadow   Part = "shadow"
)

// MaxTravel is the longest way to a place.
const MaxTravel = 4 * time.Hour

// A Location is where an interview happens.
type Location struct {
	Kind string // "meet", "link", "phone" or "place"
	Text string // the fixed link, number or address

	Travel time.Duration // of a place: the way there, kept free on both sides of the interview besides the buffer
}

// Hours are working hours on certain days, wall clock in some zone.
type Hours struct {
	Days       []time.Weekday
	Start, End time.Duration // since midnight, wall clock
}

// On reports whether the hours include that day.
func (h Hours) On(d time.Weekday) bool { return slices.Contains(h.Days, d) }

// Holidays are days on which nothing is scheduled and nobody is nagged.
type Holidays struct {
	Country string   // ISO 3166 code of a known calendar, e.g. "US"; empty: none
	Extra   []string // yyyy-mm-dd
}

// A NoticeText is the draft that tells a candidate a decision; the words in
// braces, e.g. {first_name}, are filled in.
type NoticeText struct {
	Subject, Body string
	Chosen        bool
}

// Stage returns the stage with that id.
func (r *Role) Stage(id string) (Stage, bool) {
	i := slices.IndexFunc(r.Stages, func(s Stage) bool { return s.ID == id })
	if i < 0 {
		return Stage{}, false
	}
	return r.Stages[i], true
}

// FirstInterview returns the first stage that is an interview.
func (r *Role) FirstInterview() (Stage, bool) {
	i := slices.IndexFunc(r.Stages, func(s Stage) bool { return s.Kind == StageInterview })
	if i < 0 {
		return Stage{}, false
	}
	return r.Stages[i], true
}

// StageAfter returns the next interview stage after the one with that id.
func (r *Role) StageAfter(id string) (Stage, bool) {
	seen := false
	for _, s := range r.Stages {
		if seen && s.Kind == StageInterview {
			return s, true
		}
		seen = seen || s.ID == id
	}
	return Stage{}, false
}

// TitleFor returns the title with that key.
func (r *Role) TitleFor(key string) (Title, bool) {
	i := slices.IndexFunc(r.Titles, func(t Title) bool { return t.Key == key })
	if i < 0 {
		return Title{}, false
	}
	return r.Titles[i], true
}

// Rated returns the competencies that the stage's scorecard rates.
func (r *Role) Rated(stage Stage) []Competency {
	if len(stage.Competencies) == 0 {
		return r.Competencies
	}
	var out []Competency
	for _, c := range r.Competencies {
		if slices.Contains(stage.Competencies, c.ID) {
			out = append(out, c)
		}
	}
	return out
}

// Asked returns the gates that the stage's scorecard asks.
func (r *Role) Asked(stage Stage) []Gate {
	var out []Gate
	for _, g := range r.Gates {
		if len(g.Stages) == 0 || slices.Contains(g.Stages, stage.ID) {
			out = append(out, g)
		}
	}
	return out
}

// QuestionsFor returns the questions that serve a competency.
func (r *Role) QuestionsFor(competency string) []Question {
	var out []Question
	for _, q := range r.Questions {
		if slices.Contains(q.Competencies, competency) {
			out = append(out, q)
		}
	}
	return out
}

// TimeZone returns the role's zone, or UTC when the name is unknown here.
// Role files are validated, so UTC means that the machine lacks zone data.
func (r *Role) TimeZone() *time.Location { return LoadZone(r.Zone.V) }

// LoadZone returns the named IANA zone, or UTC when it is empty or unknown.
func LoadZone(name string) *time.Location {
	if loc, ok := loadZone(name); ok {
		return loc
	}
	return time.UTC
}

func loadZone(name string) (*time.Location, bool) {
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location), true
	}
	loc, err := time.LoadLocation(name)
	if err == nil {
		zones.Store(name, loc)
	}
	return loc, err == nil
}

// zones are those that were loaded, by name: each is a file that is read and
// parsed, and roles are asked for theirs all the time.
var zones sync.Map
