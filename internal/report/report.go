// Package report counts how hiring for a role goes: promises kept, days until
// candidates are told, how far they come, scorecards in time, interviews held
// and cancelled. It names no candidate, ranks nobody and gives no advice.
//
// It must not know Slack or SQLite: it declares what it needs of them.
package report

import (
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

	Ended    int // interviews of the span that took place
	Promises Promises
	Ever     Promises // whatever the span
	Waits    Waits
	Stages   []Stage
	Cards    Cards // of all panelists
	// CardsWithheld: of so few people whose lines the reader may not see, the sums
	// would be such a line; so there are none.
	CardsWithheld bool
	CardsBy       []PersonCards
	InterviewsBy  []PersonInterviews

	Cancelled int                  // by a person in Slack
	Removed   int                  // the event was deleted in Google Calendar, and nobody put it back
	NotHeld   int                  // it did not take place
	Causes    map[hiring.Cause]int // why not

	Moves   map[hiring.MoveCause]int   // moves made in the span, by who asked for them
	Cancels map[hiring.CancelCause]int // Cancelled and Removed, by why

	Months []Month // the last six, whatever the span
}

// Promises counts whether candidates were told in time.
type Promises struct{ Kept, Missed, Open int }

// Settled returns how many promises were kept or missed.
func (p Promises) Settled() int { return p.Kept + p.Missed }

func (p *Promises) add(s Standing) {
	switch s {
	case Kept:
		p.Kept++
	case Missed:
		p.Missed++
	case Open:
		p.Open++
	}
}

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

// Range returns the fewest and the most days; false: there are too few cases.
func (w Waits) Range() (least, most int, ok bool) {
	n := len(w.days)
	if n < Few {
		return 0, 0, false
	}
	return w.days[0], w.days[n-1], true
}

// A Stage counts what became of the interviews of one stage.
type Stage struct {
	Role     *hiring.Role
	ID, Name string // the name is the id where the role no longer has the stage

	Held, Advanced, OnHold, Declined int
	Undecided                        int
	Withdrew                         int // before a decision, or were erased
}

// Cards counts required scorecards.
type Cards struct {
	OnTime, Late, Missing int
	NotDue                int // not in, and still time
}

// Due returns how many should be in.
func (c Cards) Due() int { return c.OnTime + c.Late + c.Missing }

func (c *Cards) add(o Cards) {
	c.OnTime += o.OnTime
	c.Late += o.Late
	c.Missing += o.Missing
	c.NotDue += o.NotDue
}

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

// A Month counts what took place in one month of the roles' zones.
type Month struct {
	Year     int
	Month    time.Month
	Promises Promises
	Cards    Cards // of all; of the reader alone where they see no more anywhere
}

// Name returns the month as "Nov 2026".
func (m Month) Name() string {
	return time.Date(m.Year, m.Month, 1, 0, 0, 0, 0, time.UTC).Format("Jan 2006")
}
