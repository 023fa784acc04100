package schedule

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"convene/internal/hiring"
)

// naive is the rules of PRODUCT.md, five minutes by five minutes, and the cost of
// cost.go's table by what clocks show. All that starts or ends in its questions
// does so on five minutes.
type naive struct{ q Question }

// A naiveSlot is what a slot must be.
type naiveSlot struct {
	without, seats []string
	takes          []Attendee
}

func (n naive) minutes(iv hiring.Interval, ok func(time.Time) bool) bool {
	for m := iv.Start; m.Before(iv.End); m = m.Add(5 * time.Minute) {
		if !ok(m) {
			return false
		}
	}
	return true
}

func clockOf(m time.Time, z *time.Location) time.Duration {
	l := m.In(z)
	return time.Duration(l.Hour())*time.Hour + time.Duration(l.Minute())*time.Minute
}

func clockIn(m time.Time, z *time.Location, from, to time.Duration) bool {
	clock := clockOf(m, z)
	return clock >= from && clock < to
}

func date(t time.Time, z *time.Location) string { return t.In(z).Format(time.DateOnly) }

func sameDate(a, b time.Time, z *time.Location) bool {
	ay, am, ad := a.In(z).Date()
	by, bm, bd := b.In(z).Date()
	return ay == by && am == bm && ad == bd
}

// once reports whether the zone's clock shows what it shows then at no other
// time: clocks are set back by half an hour to two hours.
func once(m time.Time, z *time.Location) bool {
	_, offset := m.In(z).Zone()
	for d := 30; d <= 120; d += 30 { // minutes
		_, before := m.Add(-time.Duration(d) * time.Minute).In(z).Zone()
		_, after := m.Add(time.Duration(d) * time.Minute).In(z).Zone()
		if before-offset == 60*d || offset-after == 60*d {
			return false
		}
	}
	return true
}

func (n naive) onceAll(iv hiring.Interval, z *time.Location) bool {
	for m := iv.Start; m.Before(iv.End); m = m.Add(15 * time.Minute) {
		if !once(m, z) {
			return false
		}
	}
	return once(iv.End.Add(-time.Minute), z)
}

func monday(t time.Time) string {
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7).Format(time.DateOnly)
}

func (n naive) works(a Attendee, m, day time.Time) bool {
	return slices.Contains(a.Hours.Days, m.In(a.Zone).Weekday()) && clockIn(m, a.Zone, a.Hours.Start, a.Hours.End) && sameDate(m, day, a.Zone)
}

func idle(a Attendee, m time.Time) bool {
	return !slices.ContainsFunc(slices.Concat(a.Calendar.Busy, a.Interviews), func(b hiring.Interval) bool { return !m.Before(b.Start) && m.Before(b.End) })
}

func (n naive) free(a Attendee, slot hiring.Interval) bool {
	if a.Calendar.Unreadable != "" {
		return false
	}
	padded := hiring.Interval{Start: slot.Start.Add(-n.q.Buffer), End: slot.End.Add(n.q.Buffer)}
	if !n.minutes(slot, func(m time.Time) bool { return n.works(a, m, slot.Start) }) || !n.onceAll(slot, a.Zone) ||
		!n.minutes(padded, func(m time.Time) bool { return idle(a, m) }) {
		return false
	}
	day := 0
	for _, iv := range distinct(a.Interviews) {
		if sameDate(iv.Start, slot.Start, a.Zone) {
			day++
		}
	}
	return (n.q.PerDay == 0 || day < n.q.PerDay) && (n.q.PerWeek == 0 || n.load(a, slot.Start) < n.q.PerWeek)
}

func distinct(all []hiring.Interval) []hiring.Interval {
	var out []hiring.Interval
	for _, iv := range all {
		if !slices.Contains(out, iv) {
			out = append(out, iv)
		}
	}
	return out
}

func (n naive) load(a Attendee, at time.Time) int {
	week := 0
	for _, iv := range distinct(a.Interviews) {
		if monday(iv.Start.In(a.Zone)) == monday(at.In(a.Zone)) {
			week++
		}
	}
	return week
}

func (n naive) possible(slot hiring.Interval) bool {
	q := n.q
	return !slot.Start.Before(q.Now.Add(q.Notice)) && !slot.Start.Before(q.From) && slot.Start.Before(q.Until) &&
		slot.Start.In(q.RoleZone).Minute()%30 == 0 && n.onceAll(slot, q.RoleZone) && n.onceAll(slot, q.CandidateZone) &&
		(q.Holiday == nil || !q.Holiday(slot.Start.In(q.RoleZone))) &&
		n.minutes(slot, func(m time.Time) bool {
			return clockIn(m, q.CandidateZone, q.Earliest, q.Latest) && sameDate(m, slot.Start, q.CandidateZone)
		})
}

// slots maps each slot's start to what it must be.
func (n naive) slots() map[int64]naiveSlot {
	out := map[int64]naiveSlot{}
	for start := n.q.Now.Truncate(15 * time.Minute); start.Before(n.q.Until); start = start.Add(15 * time.Minute) {
		slot := hiring.Interval{Start: start, End: start.Add(n.q.Duration)}
		if !n.possible(slot) {
			continue
		}
		var s naiveSlot
		ok := true
		for _, a := range n.q.Panel {
			switch free := n.free(a, slot); {
			case a.Part == hiring.Required && !free:
				ok = false
			case a.Part == hiring.Required:
				s.takes = append(s.takes, a)
			}
		}
		seated, filled := n.seat(slot)
		if !ok || !filled {
			continue
		}
		s.takes = append(s.takes, seated...)
		for _, a := range seated {
			s.seats = append(s.seats, a.ID)
		}
		for _, a := range n.q.Panel {
			switch {
			case a.Part == hiring.Required || slices.Contains(s.seats, a.ID):
			case n.free(a, slot):
				s.takes = append(s.takes, a)
			default:
				s.without = append(s.without, a.Name)
			}
		}
		out[start.Unix()] = s
	}
	return out
}

// pooled returns who is in the pools, each once, but for who is required anyway.
func (n naive) pooled() []Attendee {
	var out []Attendee
	for _, p := range n.q.Pools {
		for _, a := range p.From {
			anyway := slices.ContainsFunc(n.q.Panel, func(o Attendee) bool { return o.ID == a.ID && o.Part == hiring.Required })
			if !anyway && !slices.ContainsFunc(out, func(o Attendee) bool { return o.ID == a.ID }) {
				out = append(out, a)
			}
		}
	}
	return out
}

// seat tries every choice of people and returns the one whose people come first:
// the least loaded, then those whose day it costs least, then by id.
func (n naive) seat(slot hiring.Interval) (best []Attendee, filled bool) {
	total := 0
	for _, p := range n.q.Pools {
		total += p.Need
	}
	people := slices.DeleteFunc(n.pooled(), func(a Attendee) bool { return !n.free(a, slot) })
	key := map[string]string{}
	for _, a := range people {
		key[a.ID] = fmt.Sprintf("%03d %03d %s", n.load(a, slot.Start), n.personCost(a, slot), a.ID)
	}
	byKey := func(a, b Attendee) int { return cmp.Compare(key[a.ID], key[b.ID]) }
	slices.SortFunc(people, byKey)
	for mask := range 1 << len(people) {
		var some []Attendee
		for i, a := range people {
			if mask&(1<<i) != 0 {
				some = append(some, a)
			}
		}
		if len(some) == total && n.fills(some, 0, 0) && (!filled || slices.CompareFunc(some, best, byKey) < 0) {
			best, filled = some, true
		}
	}
	return best, filled
}

// fills reports whether the people, all of them, can take the seats from one of
// a pool on.
func (n naive) fills(people []Attendee, pool, seat int) bool {
	if pool == len(n.q.Pools) {
		return true
	}
	if seat >= n.q.Pools[pool].Need {
		return n.fills(people, pool+1, 0)
	}
	for i, a := range people {
		if slices.ContainsFunc(n.q.Pools[pool].From, func(o Attendee) bool { return o.ID == a.ID }) &&
			n.fills(slices.Concat(people[:i], people[i+1:]), pool, seat+1) {
			return true
		}
	}
	return false
}

// personCost is what a slot costs for one who takes part, without their load.
func (n naive) personCost(a Attendee, slot hiring.Interval) int {
	cost := 0
	if !n.minutes(slot, func(m time.Time) bool { return !clockIn(m, a.Zone, 12*time.Hour, 13*time.Hour) }) {
		cost += 12
	}
	if !n.minutes(slot, func(m time.Time) bool {
		return clockIn(m, a.Zone, a.Hours.Start+30*time.Minute, a.Hours.End-30*time.Minute)
	}) {
		cost += 5
	}
	open := func(m time.Time) bool { return n.works(a, m, slot.Start) && once(m, a.Zone) && idle(a, m) }
	before, after := time.Duration(0), time.Duration(0)
	for open(slot.Start.Add(-before - 5*time.Minute)) {
		before += 5 * time.Minute
	}
	for open(slot.End.Add(after)) {
		after += 5 * time.Minute
	}
	if before >= time.Hour && after >= time.Hour && before+after+n.q.Duration >= 3*time.Hour {
		cost += 6
	}
	return cost
}

// cost is what a slot costs.
func (n naive) cost(start time.Time, s naiveSlot) int {
	q := n.q
	slot := hiring.Interval{Start: start, End: start.Add(q.Duration)}
	cost := 15 * len(s.without)
	for day := q.Now; date(day, q.RoleZone) < date(start, q.RoleZone); day = day.Add(time.Hour) {
		if date(day, q.RoleZone) != date(day.Add(time.Hour), q.RoleZone) {
			cost += 10
		}
	}
	least := 1 << 30
	for _, a := range slices.Concat(s.takes, n.pooled()) {
		least = min(least, n.load(a, start))
	}
	for _, a := range s.takes {
		cost += n.personCost(a, slot) + 4*(n.load(a, start)-least)
	}
	if !n.minutes(slot, func(m time.Time) bool { return clockIn(m, q.CandidateZone, 9*time.Hour, 17*time.Hour) }) {
		cost += 6
	}
	return cost
}

func (s naiveSlot) String() string { return fmt.Sprint(s.without, s.seats) }
