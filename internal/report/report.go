// Package report counts how hiring for a role goes: promises kept, days until
// candidates are told, how far they come, scorecards in time, interviews held
// and cancelled. It names no candidate, ranks nobody and gives no advice.
//
// It must not know Slack or SQLite: it declares what it needs of them.
package report

import (
	"slices"
	"time"

	"convene/internal/hiring"
)

// A Span is the time that a report looks back on, until now.
type Span string

// The spans, in the order in which they are offered.
const (
	Last90   Span = "90d" // the last 90 days and today
	ThisYear Span = "year"
	All      Span = "all"
)

// From returns when the span begins: a midnight in zone, or the zero time for
// All and for a span that isn't known.
func (s Span) From(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	switch s {
	case Last90:
		local = local.AddDate(0, 0, -90)
	case ThisYear:
		local = time.Date(local.Year(), time.January, 1, 12, 0, 0, 0, zone)
	default:
		return time.Time{}
	}
	return hiring.AtClock(time.Date(local.Year(), local.Month(), local.Day(), 12, 0, 0, 0, zone), 0)
}

// Few is the number of cases below which there are only counts: a percentage or
// a median of so few would mislead.
const Few = 10

// Percent returns n of all as a rounded percentage; false: too few for one.
func Percent(n, all int) (int, bool) {
	if all < Few {
		return 0, false
	}
	return (200*n + all) / (2 * all), true
}

// An Interview is what is counted of one: ids and times, nothing of what was said.
type Interview struct {
	ID, Candidate, Role, Stage string

	State      hiring.InterviewState
	Start, End time.Time
	Deadline   time.Time
	ToldAt     time.Time      // zero: not yet
	Outcome    hiring.Outcome // of the decision that stands; "": none yet
	AddedAt    time.Time      // when the candidate was added; zero: unknown
	Withdrawn  bool           // the candidate withdrew
	Cause      hiring.Cause   // of one that was not held
	Panel      []Seat
}

// A Seat is one panelist's part in an interview.
type Seat struct {
	Person    string
	Part      hiring.Part
	Submitted time.Time // when the scorecard was first in; zero: it never was
	Excused   bool      // they said that they weren't there, or handed it over
}

// Sight says how much of a role's numbers somebody may see.
type Sight int

// The sights, from the least to the most.
const (
	Nothing    Sight = iota
	Own              // a panelist: the line of their own scorecards
	Numbers          // a decider: all but the lines of other people's scorecards
	Everything       // a coordinator
)

// SightOf returns how much of the role's numbers the person may see.
func SightOf(role *hiring.Role, person string) Sight {
	switch {
	case role.IsCoordinator(person):
		return Everything
	case role.IsDecider(person):
		return Numbers
	case role.OnTeam(person):
		return Own
	default:
		return Nothing
	}
}

// A Source is one role with all of its interviews, in whatever state.
type Source struct {
	Role       *hiring.Role
	Sight      Sight // of the reader
	IsHoliday  func(day time.Time) bool
	Interviews []Interview
}

// A Report is the numbers of one role or several for one reader.
type Report struct {
	Sight Sight // the most that the reader has in any of the roles

	Ended        int // interviews of the span that took place
	Promises     Promises
	Waits        Waits
	Stages       []Stage
	Cards        Cards // of all panelists
	CardsBy      []PersonCards
	InterviewsBy []PersonInterviews

	Cancelled int                  // by a person in Slack
	Removed   int                  // the event was deleted in Google Calendar, and nobody put it back
	NotHeld   int                  // it did not take place
	Causes    map[hiring.Cause]int // why not
}

// Promises counts whether candidates were told in time.
type Promises struct{ Kept, Missed, Open int }

// Waits counts the candidates who were told a decision for the first time, and
// the days from when they were added.
type Waits struct {
	Count int
	days  []int // sorted
}

// Median returns the middle of the days; false: there are too few for one.
func (w Waits) Median() (float64, bool) {
	n := len(w.days)
	if n < Few {
		return 0, false
	}
	return float64(w.days[(n-1)/2]+w.days[n/2]) / 2, true
}

// A Stage counts what became of the interviews of one stage.
type Stage struct {
	Role     *hiring.Role
	ID, Name string // the name is the id where the role no longer has the stage

	Held, Advanced, OnHold, Declined int
	Undecided                        int
	Withdrew                         int // before a decision
}

// Cards counts required scorecards.
type Cards struct {
	OnTime, Late, Missing int
	NotDue                int // not in, and still time
}

// Due returns how many should be in.
func (c Cards) Due() int { return c.OnTime + c.Late + c.Missing }

// PersonCards are one panelist's scorecards.
type PersonCards struct {
	Person string
	Cards
}

// PersonInterviews counts the interviews that a panelist sat in.
type PersonInterviews struct {
	Person string
	Count  int
	Shadow int // of them, as a shadow
}

// Build counts. An interview belongs to the span by the day on which it ended,
// a cancelled one by the day it was planned for, and a candidate's wait by the
// day on which it ended. The reader gets what each role's sight allows.
func Build(sources []Source, reader string, span Span, now time.Time) Report {
	b := builder{Report: Report{Causes: map[hiring.Cause]int{}}, reader: reader, now: now, cards: map[string]*PersonCards{}, sat: map[string]*PersonInterviews{}}
	for _, s := range sources {
		b.Sight = max(b.Sight, s.Sight)
		zone := s.Role.TimeZone()
		b.source(s, zone, span.From(now, zone))
	}
	slices.Sort(b.Waits.days)
	for _, person := range sortedKeys(b.cards) {
		b.CardsBy = append(b.CardsBy, *b.cards[person])
	}
	for _, person := range sortedKeys(b.sat) {
		b.InterviewsBy = append(b.InterviewsBy, *b.sat[person])
	}
	return b.Report
}

type builder struct {
	Report
	reader string
	now    time.Time
	cards  map[string]*PersonCards
	sat    map[string]*PersonInterviews
}

func (b *builder) source(s Source, zone *time.Location, from time.Time) {
	stages := rows(s.Role)
	for _, iv := range s.Interviews {
		if iv.End.Before(from) || s.Sight == Nothing {
			continue
		}
		held := iv.State == hiring.Booked && !b.now.Before(iv.End)
		if held {
			b.scorecards(s, iv, zone)
		}
		switch {
		case s.Sight < Numbers:
		case held:
			b.Ended++
			b.promise(iv)
			b.panel(iv)
			stages = passThrough(stages, s.Role, iv)
		case iv.State == hiring.Cancelled:
			b.Cancelled++
		case iv.State == hiring.Removed:
			b.Removed++
		case iv.State == hiring.NotHeld:
			b.NotHeld++
			b.Causes[iv.Cause]++
		}
	}
	if s.Sight >= Numbers {
		b.Stages = append(b.Stages, slices.DeleteFunc(stages, func(st Stage) bool { return st.Held == 0 })...)
		b.waits(s, zone, from)
	}
}

// promise counts the interview's deadline. Nobody is promised anything after
// they withdrew.
func (b *builder) promise(iv Interview) {
	p := hiring.Promise{InterviewID: iv.ID, Deadline: iv.Deadline, ToldAt: iv.ToldAt}
	switch {
	case iv.Deadline.IsZero() || iv.ToldAt.IsZero() && iv.Withdrawn:
	case p.Kept():
		b.Promises.Kept++
	case p.Missed(b.now):
		b.Promises.Missed++
	default:
		b.Promises.Open++
	}
}

func (b *builder) panel(iv Interview) {
	for _, seat := range iv.Panel {
		if seat.Excused {
			continue // somebody else sat there, or nobody
		}
		p := entry(b.sat, seat.Person, func() *PersonInterviews { return &PersonInterviews{Person: seat.Person} })
		p.Count++
		if seat.Part == hiring.Shadow {
			p.Shadow++
		}
	}
}

// scorecards counts the required ones, of whoever isn't excused. One that never came in isn't held
// against anybody when nobody waited for it any more: the candidate had
// withdrawn, or was told before it was due.
func (b *builder) scorecards(s Source, iv Interview, zone *time.Location) {
	due := cardDue(iv.End.In(zone), s.Role.Hours.V, s.IsHoliday)
	for _, seat := range iv.Panel {
		if seat.Part != hiring.Required || seat.Excused || s.Sight == Own && seat.Person != b.reader {
			continue
		}
		var c Cards
		switch in := !seat.Submitted.IsZero(); {
		case in && !seat.Submitted.After(due):
			c.OnTime = 1
		case in:
			c.Late = 1
		case iv.Withdrawn, !iv.ToldAt.IsZero() && !iv.ToldAt.After(due):
			continue
		case b.now.After(due):
			c.Missing = 1
		default:
			c.NotDue = 1
		}
		if s.Sight >= Numbers {
			b.Cards.add(c)
		}
		if s.Sight == Everything || seat.Person == b.reader {
			entry(b.cards, seat.Person, func() *PersonCards { return &PersonCards{Person: seat.Person} }).add(c)
		}
	}
}

func (c *Cards) add(o Cards) {
	c.OnTime += o.OnTime
	c.Late += o.Late
	c.Missing += o.Missing
	c.NotDue += o.NotDue
}

// waits counts each candidate by the first decision that they were told.
func (b *builder) waits(s Source, zone *time.Location, from time.Time) {
	first := map[string]Interview{}
	for _, iv := range s.Interviews {
		f, seen := first[iv.Candidate]
		if !iv.ToldAt.IsZero() && (!seen || iv.ToldAt.Before(f.ToldAt)) {
			first[iv.Candidate] = iv
		}
	}
	for _, iv := range first {
		if iv.ToldAt.Before(from) || iv.AddedAt.IsZero() {
			continue
		}
		b.Waits.Count++
		b.Waits.days = append(b.Waits.days, daysBetween(iv.AddedAt, iv.ToldAt, zone))
	}
}

// rows are the role's interview stages, in its order.
func rows(role *hiring.Role) []Stage {
	var out []Stage
	for _, st := range role.Stages {
		if st.Kind == hiring.StageInterview {
			out = append(out, Stage{Role: role, ID: st.ID, Name: st.Name})
		}
	}
	return out
}

func passThrough(stages []Stage, role *hiring.Role, iv Interview) []Stage {
	i := slices.IndexFunc(stages, func(st Stage) bool { return st.ID == iv.Stage })
	if i < 0 {
		i, stages = len(stages), append(stages, Stage{Role: role, ID: iv.Stage, Name: iv.Stage})
	}
	st := &stages[i]
	st.Held++
	switch {
	case iv.Outcome == hiring.Advance:
		st.Advanced++
	case iv.Outcome == hiring.Hold:
		st.OnHold++
	case iv.Outcome == hiring.Decline:
		st.Declined++
	case iv.Withdrawn:
		st.Withdrew++
	default:
		st.Undecided++
	}
	return stages
}

// cardDue is the end of the next working day after the interview's. end is in
// the role's zone.
func cardDue(end time.Time, hours hiring.Hours, isHoliday func(time.Time) bool) time.Time {
	day := time.Date(end.Year(), end.Month(), end.Day(), 12, 0, 0, 0, end.Location())
	for range 366 { // a year without a working day isn't a calendar
		day = day.AddDate(0, 0, 1)
		if hours.On(day.Weekday()) && (isHoliday == nil || !isHoliday(day)) {
			break
		}
	}
	return hiring.AtClock(day, hours.End)
}

// daysBetween counts midnights in zone.
func daysBetween(from, to time.Time, zone *time.Location) int {
	date := func(t time.Time) time.Time {
		y, m, d := t.In(zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(date(to).Sub(date(from)) / (24 * time.Hour))
}

func entry[T any](m map[string]*T, key string, zero func() *T) *T {
	if m[key] == nil {
		m[key] = zero()
	}
	return m[key]
}

func sortedKeys[T any](m map[string]*T) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
