package schedule

import (
	"fmt"
	"slices"
	"time"

	"convene/internal/hiring"
)

// A Change asks a question otherwise, for one search only.
type Change struct {
	Kind    ChangeKind
	Who     string          // Slack user id of whom it is about; empty: the candidate
	Name    string          // theirs
	In      string          // of who takes their place
	InName  string          // theirs
	Clock   time.Duration   // wall clock in Zone, since midnight
	Zone    string          // IANA name
	Until   time.Time       // not included
	Span    time.Duration   // the notice or the length
	Was     time.Duration   // the length before
	Meeting hiring.Interval // that would have to move
	Pool    int             // index of the pool that In joins
	Seat    hiring.Part     // Who's part before
}

// A ChangeKind says what is changed.
type ChangeKind string

// The kinds of changes.
const (
	Earlier  ChangeKind = "earlier" // Who's hours begin at Clock
	Later    ChangeKind = "later"   // Who's hours end at Clock
	Further  ChangeKind = "further" // look until Until
	Notice   ChangeKind = "notice"  // Span is notice enough
	Instead  ChangeKind = "instead" // In takes Who's place
	Without  ChangeKind = "without" // Who is optional
	Shorter  ChangeKind = "shorter" // it takes Span
	JoinPool ChangeKind = "pool"    // In is one of the pool as well
	Move     ChangeKind = "move"    // Who's Meeting moves: a person has to do that
)

// ByHand reports whether a person has to make the change, outside the bot.
func (c Change) ByHand() bool { return c.Kind == Move }

// Code names the change by ids only, for buttons and the audit trail.
func (c Change) Code() string {
	switch c.Kind {
	case Earlier, Later:
		return fmt.Sprintf("%s:%s:%s", c.Kind, c.Who, hiring.ClockWords(c.Clock))
	case Further:
		return fmt.Sprintf("%s:%s", c.Kind, c.Until.UTC().Format(time.RFC3339))
	case Notice, Shorter:
		return fmt.Sprintf("%s:%dm", c.Kind, int(c.Span.Minutes()))
	case JoinPool:
		return fmt.Sprintf("%s:%d:%s", c.Kind, c.Pool, c.In)
	case Move:
		return fmt.Sprintf("%s:%s:%s", c.Kind, c.Who, c.Meeting.Start.UTC().Format(time.RFC3339))
	default:
		return fmt.Sprintf("%s:%s:%s", c.Kind, c.Who, c.In)
	}
}

// atMost reports whether a is the same change as b, or one of its kind that
// changes less.
func (a Change) atMost(b Change) bool {
	if a.Kind != b.Kind || a.Who != b.Who || a.In != b.In || a.Pool != b.Pool || !among([]hiring.Interval{a.Meeting}, b.Meeting) {
		return false
	}
	switch a.Kind {
	case Earlier:
		return a.Clock >= b.Clock
	case Later:
		return a.Clock <= b.Clock
	case Further:
		return !a.Until.After(b.Until)
	default: // a longer notice, a longer interview
		return a.Span >= b.Span
	}
}

// With returns the question with the change. others are those who may take a
// place in it.
func (q Question) With(c Change, others []Attendee) Question {
	q.Panel, q.Pools = slices.Clone(q.Panel), slices.Clone(q.Pools)
	for i := range q.Pools {
		q.Pools[i].From = slices.Clone(q.Pools[i].From)
	}
	each := func(change func(a *Attendee)) {
		for _, list := range append([][]Attendee{q.Panel}, poolLists(q.Pools)...) {
			for i := range list {
				if list[i].ID == c.Who {
					change(&list[i])
				}
			}
		}
	}
	switch c.Kind {
	case Earlier:
		if c.Who == "" {
			q.Earliest = min(q.Earliest, c.Clock)
		}
		each(func(a *Attendee) { a.Hours.Start = min(a.Hours.Start, c.Clock) })
	case Later:
		if c.Who == "" {
			q.Latest = max(q.Latest, c.Clock)
		}
		each(func(a *Attendee) { a.Hours.End = max(a.Hours.End, c.Clock) })
	case Further:
		q.Until = c.Until
	case Notice:
		q.Notice = c.Span
	case Shorter:
		q.Duration = c.Span
	case Without: // nor does a pool seat them
		each(func(a *Attendee) { a.Part = hiring.Optional })
		for i := range q.Pools {
			q.Pools[i].From = slices.DeleteFunc(q.Pools[i].From, func(a Attendee) bool { return a.ID == c.Who })
		}
	case Instead:
		for _, o := range others {
			if o.ID == c.In {
				o.Part = hiring.Required
				each(func(a *Attendee) { *a = o })
			}
		}
	case JoinPool:
		for _, o := range others {
			if o.ID == c.In {
				q.Pools[c.Pool].From = append(q.Pools[c.Pool].From, o)
			}
		}
	case Move:
		each(func(a *Attendee) {
			a.Calendar.Busy = slices.DeleteFunc(slices.Clone(a.Calendar.Busy), func(b hiring.Interval) bool { return among([]hiring.Interval{c.Meeting}, b) })
		})
	}
	return q
}

func poolLists(pools []Pool) [][]Attendee {
	var out [][]Attendee
	for _, p := range pools {
		out = append(out, p.From)
	}
	return out
}
