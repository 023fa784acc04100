package schedule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
)

// An Attendee is a panelist as the slot search sees them.
type Attendee struct {
	ID         string
	Name       string
	Part       hiring.Part
	Zone       *time.Location
	Hours      hiring.Hours // in Zone
	Calendar   hiring.Calendar
	Interviews []hiring.Interval // held or booked through us, which Google may not show yet
}

// A Pool is people of whom a certain number takes part, all of them required.
type Pool struct {
	Need int
	From []Attendee
}

// A Question is what the slot search is asked.
type Question struct {
	Now      time.Time
	From     time.Time // not before; Now plus the minimum notice also counts
	Until    time.Time // the horizon
	Duration time.Duration
	Buffer   time.Duration
	Notice   time.Duration
	Panel    []Attendee
	Pools    []Pool // of each, so many must be free besides the panel

	CandidateZone     *time.Location
	Earliest, Latest  time.Duration // the candidate's acceptable hours, wall clock
	RoleZone          *time.Location
	Holiday           func(day time.Time) bool // nil: none
	PerDay, PerWeek   int                      // interviews per panelist; 0: no limit
	Wanted            time.Time                // a start that is offered before all others, where it suits; zero: none
	Offers, OffersDay int                      // how many to return, and how many of one day
}

// A Slot is a time at which the interview can take place.
type Slot struct {
	Start, End time.Time
	Cost       int
	Reasons    []string // in words, best first
	Without    []string // optional people who aren't free then
	Seats      []string // ids of who of the pools would take part
}

// An Answer is the slots found, best first, and what is in the way.
type Answer struct {
	Slots  []Slot
	InWay  []string // in words; always set when there are no slots
	Misses []Miss   // slots that fail for one person only, soonest first
}

// step is the grid on which slots start.
const step = 30 * time.Minute

// The cost of a slot. Lower is better; slots of equal cost are offered by time.
// A working day later costs about as much as cutting somebody's lunch short.
const (
	costPerDay      = 10 // per day until the slot
	costLunch       = 12 // per person whose 12:00–13:00 is touched
	costEdge        = 5  // per person for whom it touches the first or last half hour of work
	costCandidate   = 6  // before 9:00 or after 17:00 for the candidate
	costBreaksUp    = 6  // per person whose free stretch of three hours or more is split
	costLoad        = 4  // per interview that a panelist has that week beyond the least loaded one
	costNoOptional  = 15 // per optional person who isn't free
	longFreeStretch = 3 * time.Hour
)

// Find returns the slots for q, best first. The same question always has the
// same answer.
func Find(q Question) Answer {
	var ans Answer
	for _, a := range q.Panel {
		if a.Part == hiring.Required && a.Calendar.Unreadable != "" {
			ans.InWay = append(ans.InWay, fmt.Sprintf("%s's calendar can't be read (%s). Unknown is never taken for free.", a.Name, a.Calendar.Unreadable))
		}
	}
	unreadable := len(ans.InWay) > 0
	blockedBy := map[string]int{}
	possible := 0
	var misses []Miss
	first := ceil(latest(q.From, q.Now.Add(q.Notice)), step)
	for start := first; start.Before(q.Until); start = start.Add(step) {
		slot := hiring.Interval{Start: start, End: start.Add(q.Duration)}
		if !q.candidateCan(slot) || q.holiday(start) {
			continue
		}
		var blockers []Attendee
		var without []string
		inHours, why := true, ""
		for _, a := range q.Panel {
			w := q.blocked(a, slot)
			if w == "" {
				continue
			}
			if a.Part != hiring.Required {
				without = append(without, a.Name)
				continue
			}
			if w == outsideHours {
				inHours = false
				break
			}
			blockers, why = append(blockers, a), w
		}
		if !inHours {
			continue
		}
		possible++
		switch {
		case len(blockers) == 0:
			ans.Slots = append(ans.Slots, q.score(slot, without))
		case len(blockers) == 1:
			misses = append(misses, Miss{Start: start, Who: blockers[0].Name, WhoID: blockers[0].ID, Why: why})
		}
		for _, b := range blockers {
			blockedBy[b.ID]++
		}
	}
	if len(ans.Slots) == 0 {
		if !unreadable {
			ans.InWay = q.explain(possible, blockedBy)
		}
		ans.Misses = q.nearest(misses)
		return ans
	}
	q.reasons(ans.Slots)
	ans.Slots = q.pick(ans.Slots)
	return ans
}

const outsideHours = "works at other hours"

// blocked says why the slot doesn't suit the person; "" when it does.
func (q *Question) blocked(a Attendee, slot hiring.Interval) string {
	if a.Calendar.Unreadable != "" {
		return "has a calendar that can't be read"
	}
	day := slot.Start.In(a.Zone)
	if !a.Hours.On(day.Weekday()) ||
		slot.Start.Before(hiring.AtClock(day, a.Hours.Start)) || slot.End.After(hiring.AtClock(day, a.Hours.End)) {
		return outsideHours
	}
	padded := hiring.Interval{Start: slot.Start.Add(-q.Buffer), End: slot.End.Add(q.Buffer)}
	for _, b := range a.Calendar.Busy {
		if b.Overlaps(padded) {
			return "is busy"
		}
	}
	for _, b := range a.Interviews {
		if b.Overlaps(padded) {
			return "is in another interview"
		}
	}
	if q.PerDay > 0 && count(a.Interviews, func(t time.Time) bool { return sameDay(t, day) }, a.Zone) >= q.PerDay {
		return fmt.Sprintf("already has %s that day", interviews(q.PerDay))
	}
	if q.PerWeek > 0 && weekLoad(a, day) >= q.PerWeek {
		return fmt.Sprintf("already has %s that week", interviews(q.PerWeek))
	}
	return ""
}

func interviews(n int) string {
	if n == 1 {
		return "an interview"
	}
	return fmt.Sprintf("%d interviews", n)
}

func (q *Question) candidateCan(slot hiring.Interval) bool {
	day := slot.Start.In(q.CandidateZone)
	return !slot.Start.Before(hiring.AtClock(day, q.Earliest)) && !slot.End.After(hiring.AtClock(day, q.Latest))
}

func (q *Question) holiday(start time.Time) bool {
	return q.Holiday != nil && q.Holiday(start.In(q.RoleZone))
}

// score computes a slot's cost.
func (q *Question) score(slot hiring.Interval, without []string) Slot {
	s := Slot{Start: slot.Start, End: slot.End, Without: without}
	s.Cost = costPerDay * days(q.Now.In(q.RoleZone), slot.Start.In(q.RoleZone))
	s.Cost += costNoOptional * len(without)
	least := -1
	for _, a := range q.Panel {
		if load := weekLoad(a, slot.Start.In(a.Zone)); s.takes(a) && (least < 0 || load < least) {
			least = load
		}
	}
	for _, a := range q.Panel {
		if !s.takes(a) {
			continue
		}
		day := slot.Start.In(a.Zone)
		if touchesLunch(slot, day) {
			s.Cost += costLunch
		}
		if q.atEdge(a, slot, day) {
			s.Cost += costEdge
		}
		if breaksUp(a, slot, day) {
			s.Cost += costBreaksUp
		}
		s.Cost += costLoad * (weekLoad(a, day) - least)
	}
	if q.earlyOrLate(slot) {
		s.Cost += costCandidate
	}
	return s
}

// takes reports whether the person would be there: others aren't disturbed.
func (s *Slot) takes(a Attendee) bool {
	return a.Part == hiring.Required || !slices.Contains(s.Without, a.Name)
}

func touchesLunch(slot hiring.Interval, day time.Time) bool {
	return slot.Overlaps(hiring.Interval{Start: hiring.AtClock(day, 12*time.Hour), End: hiring.AtClock(day, 13*time.Hour)})
}

func (q *Question) atEdge(a Attendee, slot hiring.Interval, day time.Time) bool {
	return slot.Start.Before(hiring.AtClock(day, a.Hours.Start+step)) || slot.End.After(hiring.AtClock(day, a.Hours.End-step))
}

func (q *Question) earlyOrLate(slot hiring.Interval) bool {
	day := slot.Start.In(q.CandidateZone)
	return slot.Start.Before(hiring.AtClock(day, 9*time.Hour)) || slot.End.After(hiring.AtClock(day, 17*time.Hour))
}

// breaksUp reports whether the slot splits a long free stretch instead of
// touching its end.
func breaksUp(a Attendee, slot hiring.Interval, day time.Time) bool {
	from, to := hiring.AtClock(day, a.Hours.Start), hiring.AtClock(day, a.Hours.End)
	for _, list := range [...][]hiring.Interval{a.Calendar.Busy, a.Interviews} {
		for _, b := range list {
			if !b.End.After(slot.Start) && b.End.After(from) {
				from = b.End
			}
			if !b.Start.Before(slot.End) && b.Start.Before(to) {
				to = b.Start
			}
		}
	}
	return to.Sub(from) >= longFreeStretch && slot.Start.Sub(from) >= time.Hour && to.Sub(slot.End) >= time.Hour
}

// reasons puts into words why each slot is offered. A slot always has one.
func (q *Question) reasons(slots []Slot) {
	soonest := slices.MinFunc(slots, func(a, b Slot) int { return a.Start.Compare(b.Start) })
	for i := range slots {
		s := &slots[i]
		iv := hiring.Interval{Start: s.Start, End: s.End}
		if s.Start.Equal(soonest.Start) {
			soon := "the soonest that suits everyone"
			if len(s.Without) > 0 {
				soon += " required"
			}
			s.Reasons = append(s.Reasons, soon)
		}
		lunch, stretch, edge := false, false, false
		for _, a := range q.Panel {
			if !s.takes(a) {
				continue
			}
			day := s.Start.In(a.Zone)
			lunch = lunch || touchesLunch(iv, day)
			stretch = stretch || breaksUp(a, iv, day)
			edge = edge || q.atEdge(a, iv, day)
		}
		if len(s.Without) > 0 {
			s.Reasons = append(s.Reasons, "without "+strings.Join(s.Without, ", ")+" (optional)")
		}
		if !stretch {
			s.Reasons = append(s.Reasons, "keeps longer free stretches whole")
		}
		if lunch {
			s.Reasons = append(s.Reasons, "cuts into lunch")
		}
		if edge {
			s.Reasons = append(s.Reasons, "at the edge of the day")
		}
		if q.earlyOrLate(iv) {
			s.Reasons = append(s.Reasons, "early or late for the candidate")
		}
		if len(s.Reasons) == 0 {
			s.Reasons = append(s.Reasons, "everyone is free")
		}
	}
}

// apart is how far the starts of two offers lie from each other, so that there
// is something to choose between; packed days are offered more densely.
const apart = 90 * time.Minute

// pick returns the best slots, not too many of one day and not all at once.
func (q *Question) pick(slots []Slot) []Slot {
	slices.SortFunc(slots, better)
	var out []Slot
	if i := slices.IndexFunc(slots, func(s Slot) bool { return s.Start.Equal(q.Wanted) }); i >= 0 {
		out = append(out, slots[i])
	}
	out = q.take(out, slots, apart)
	if len(out) < q.Offers {
		out = q.take(out, slots, 0)
	}
	slices.SortFunc(out, better)
	return out
}

func better(a, b Slot) int {
	return cmp.Or(cmp.Compare(a.Cost, b.Cost), a.Start.Compare(b.Start))
}

// take adds slots, best first, that start at least gap away from all taken ones.
func (q *Question) take(taken, slots []Slot, gap time.Duration) []Slot {
	perDay := map[string]int{}
	for _, s := range taken {
		perDay[s.Start.In(q.RoleZone).Format(time.DateOnly)]++
	}
	for _, s := range slots {
		if len(taken) == q.Offers {
			break
		}
		day := s.Start.In(q.RoleZone).Format(time.DateOnly)
		near := slices.ContainsFunc(taken, func(t Slot) bool {
			d := t.Start.Sub(s.Start).Abs()
			return d == 0 || d < gap
		})
		if near || perDay[day] == q.OffersDay && q.OffersDay > 0 {
			continue
		}
		perDay[day]++
		taken = append(taken, s)
	}
	return taken
}

// explain says what is in the way when there is no slot at all.
func (q *Question) explain(possible int, blockedBy map[string]int) []string {
	if possible == 0 {
		return []string{fmt.Sprintf("No time before %s is inside both the panel's working hours and the candidate's hours (%s–%s, %s).",
			q.Until.In(q.RoleZone).Format("Mon 2 Jan"), clock(q.Earliest), clock(q.Latest), q.CandidateZone)}
	}
	inTheWay := slices.DeleteFunc(slices.Clone(q.Panel), func(a Attendee) bool { return blockedBy[a.ID] == 0 })
	slices.SortStableFunc(inTheWay, func(a, b Attendee) int {
		return cmp.Or(cmp.Compare(blockedBy[b.ID], blockedBy[a.ID]), cmp.Compare(a.Name, b.Name))
	})
	var out []string
	for _, a := range inTheWay {
		out = append(out, fmt.Sprintf("%s isn't free at %d of the %d possible times.", a.Name, blockedBy[a.ID], possible))
	}
	return out
}

func clock(d time.Duration) string {
	return fmt.Sprintf("%d:%02d", d/time.Hour, d%time.Hour/time.Minute)
}

func count(ivs []hiring.Interval, in func(time.Time) bool, zone *time.Location) int {
	n := 0
	for _, iv := range ivs {
		if in(iv.Start.In(zone)) {
			n++
		}
	}
	return n
}

func weekLoad(a Attendee, day time.Time) int {
	y, w := day.ISOWeek()
	return count(a.Interviews, func(t time.Time) bool {
		ty, tw := t.ISOWeek()
		return ty == y && tw == w
	}, a.Zone)
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// days counts the calendar days from one date to a later one.
func days(from, to time.Time) int {
	a := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, time.UTC)
	b := time.Date(to.Year(), to.Month(), to.Day(), 0, 0, 0, 0, time.UTC)
	return int(b.Sub(a) / (24 * time.Hour))
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// ceil rounds up to a multiple of d since the zero time, which is a whole half
// hour on every clock in use but those at :15 and :45 (Nepal, Chatham).
func ceil(t time.Time, d time.Duration) time.Time {
	if r := t.Truncate(d); r.Before(t) {
		return r.Add(d)
	}
	return t
}
