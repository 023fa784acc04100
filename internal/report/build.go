package report

import (
	"slices"
	"time"

	"convene/internal/hiring"
)

// Build counts. An interview, with its promise, its scorecards and its
// candidate's wait, belongs to the span by the day on which it ended, a
// cancelled one by the day it was planned for. A move belongs to it by the day on
// which it was made. The reader gets what each role's
// sight allows.
func Build(sources []Source, reader string, span Span, now time.Time) Report {
	b := builder{
		Report: Report{Causes: map[hiring.Cause]int{}, Moves: map[hiring.MoveCause]int{}, Cancels: map[hiring.CancelCause]int{}}, reader: reader, now: now,
		cards: map[string]*PersonCards{}, sat: map[string]*PersonInterviews{}, unseen: map[string]bool{},
	}
	for _, s := range sources {
		b.Sight = max(b.Sight, s.Sight)
	}
	if len(sources) > 0 {
		b.Months = lastMonths(now.In(sources[0].Role.TimeZone()))
	}
	for _, s := range sources {
		if s.Sight > Nothing {
			b.source(s, span.From(now, s.Role.TimeZone()))
		}
	}
	if n := len(b.unseen); n > 0 && n < hidesAmong {
		b.withholdCards()
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
	unseen map[string]bool // the people whose lines the reader may not see, and who are in the sums
}

// hidesAmong is how many people a sum must hold, beside those whose lines the
// reader sees: of fewer it would be one's line, or one's to whoever knows the
// other's.
const hidesAmong = 3

// withholdCards takes the sums away.
func (b *builder) withholdCards() {
	b.Cards, b.CardsWithheld = Cards{}, true
	for i := range b.Months {
		b.Months[i].Cards = Cards{}
	}
}

func (b *builder) source(s Source, from time.Time) {
	stages, zone, first := rows(s.Role), s.Role.TimeZone(), firstTold(s.Interviews, b.now)
	for i := range s.Interviews {
		iv := &s.Interviews[i]
		counts := !iv.End.Before(from)
		held, seesAll := iv.Held(b.now), s.Sight >= Numbers
		var month *Month
		if held {
			month = b.month(iv.End.In(zone))
		}
		if held && seesAll {
			p := iv.Promise(b.now)
			b.Ever.add(p)
			if month != nil {
				month.Promises.add(p)
			}
			if counts {
				b.Promises.add(p)
			}
		}
		if held && (counts || month != nil) {
			b.scorecards(s, iv, zone, counts, month)
		}
		if seesAll {
			for cause, n := range iv.moved(from) {
				b.Moves[cause] += n
			}
			if cause, off := iv.CancelCause(); off && counts {
				b.Cancels[cause]++
			}
		}
		switch {
		case !counts || !seesAll:
		case held:
			b.Ended++
			b.panel(iv)
			stages = passThrough(stages, s.Role, iv)
			if first[iv.Candidate] == iv {
				b.Waits.Count++
				b.Waits.days = append(b.Waits.days, iv.days(zone))
			}
		case iv.State == hiring.Cancelled:
			b.Cancelled++
		case iv.State == hiring.Removed:
			b.Removed++
		case iv.State == hiring.NotHeld:
			b.NotHeld++
			b.Causes[iv.Cause]++
		}
	}
	b.Stages = append(b.Stages, slices.DeleteFunc(stages, func(st Stage) bool { return st.Held == 0 })...)
}

func (b *builder) panel(iv *Interview) {
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

// scorecards counts the required ones, each in its month and, where the
// interview counts, in all and for its author.
func (b *builder) scorecards(s Source, iv *Interview, zone *time.Location, counts bool, month *Month) {
	due := cardDue(iv.End.In(zone), s.Role.Hours.V, s.IsHoliday)
	for _, seat := range iv.Panel {
		c, owed := iv.card(seat, due, b.now)
		mine := seat.Person == b.reader
		if !owed {
			continue
		}
		if month != nil && (s.Sight >= Numbers || mine && b.Sight == Own) {
			month.Cards.add(c)
		}
		if counts && s.Sight >= Numbers {
			b.Cards.add(c)
		}
		if s.Sight == Numbers && !mine && (counts || month != nil) {
			b.unseen[seat.Person] = true
		}
		if counts && (mine || s.Sight == Everything) {
			entry(b.cards, seat.Person, func() *PersonCards { return &PersonCards{Person: seat.Person} }).add(c)
		}
	}
}

// months is how many months are shown one by one.
const months = 6

// lastMonths are the month of now and those before it, first to last.
func lastMonths(now time.Time) []Month {
	var out []Month
	for i := months - 1; i >= 0; i-- {
		t := time.Date(now.Year(), now.Month()-time.Month(i), 1, 0, 0, 0, 0, time.UTC)
		out = append(out, Month{Year: t.Year(), Month: t.Month()})
	}
	return out
}

// month returns the one that t is in, or nil.
func (b *builder) month(t time.Time) *Month {
	last := b.Months[months-1]
	back := 12*(last.Year-t.Year()) + int(last.Month-t.Month())
	if back < 0 || back >= months {
		return nil
	}
	return &b.Months[months-1-back]
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

func passThrough(stages []Stage, role *hiring.Role, iv *Interview) []Stage {
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
	case !iv.Gone.IsZero():
		st.Withdrew++
	default:
		st.Undecided++
	}
	return stages
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
