package schedule

import (
	"math/bits"
	"slices"
	"time"

	"convene/internal/hiring"
)

// step is the grid on which slots start: each full and half hour of the role's
// wall clock. One clock must set it, as the :00 of Chicago is :15 in Nepal and
// on Chatham, and the role's is the one that its people and its channel read.
// There, a candidate elsewhere may begin at a quarter past.
const step = 30 * time.Minute

const stepSeconds = int64(step / time.Second)

// A set is starts of the grid, one bit each.
type set []uint64

// add puts the starts from the first to the last, both included, into the set.
func (s set) add(first, last int64) {
	a, b := first>>6, last>>6
	head, tail := ^uint64(0)<<(uint(first)&63), ^uint64(0)>>(63-uint(last)&63)
	if a == b {
		s[a] |= head & tail
		return
	}
	s[a] |= head
	for a++; a < b; a++ {
		s[a] = ^uint64(0)
	}
	s[b] |= tail
}

func (s set) has(i int64) bool { return s[i>>6]&(1<<(uint(i)&63)) != 0 }

func (s set) drop(i int64) { s[i>>6] &^= 1 << (uint(i) & 63) }

// next returns the first start at or after i; below zero when there is none.
func (s set) next(i int64) int64 {
	w := i >> 6
	if w >= int64(len(s)) {
		return -1
	}
	rest := s[w] >> (uint(i) & 63)
	if rest != 0 {
		return i + int64(bits.TrailingZeros64(rest))
	}
	for w++; w < int64(len(s)); w++ {
		if s[w] != 0 {
			return w<<6 + int64(bits.TrailingZeros64(s[w]))
		}
	}
	return -1
}

// A sweep is one search: which starts suit everybody required. Each busy time
// is touched once, in whatever order, and marks the starts that it rules out,
// so that neither order nor repetition of what Google says can matter.
type sweep struct {
	q      *Question
	first  int64 // the first start
	count  int64 // how many starts are looked at
	length int64 // of the interview, seconds
	buffer int64 // seconds
	around span  // what is looked at of the clocks: the starts, and whole weeks beside them

	role   wall
	people []*person
	pools  []int // how many of each are needed
	open   set   // the answer

	zones []zoneWall
	hours []*zoneHours
	spare []uint64 // for sets: one allocation serves them all

	seating seating
	week    int64 // the first that person.weekly counts
}

// A person is an attendee in one search, once, whether on the panel, in pools or
// both.
type person struct {
	*Attendee
	panel bool  // is on the panel
	pools []int // those they are in
	wall  wall
	hours *zoneHours
	held  []int64 // starts of their interviews
	can   set     // the starts that suit them; of the required: nil, see sweep.open

	free   []span // what their hours have besides busy time and interviews: see sweep.ready
	weekly []int  // interviews by week, from sweep.week on: see sweep.ready
}

// required reports whether the search ends where the person can't.
func (p *person) required() bool { return p.panel && p.Part == hiring.Required }

// zoneHours is what working hours leave of the grid, once for all who share them.
type zoneHours struct {
	zone    *time.Location
	of      hiring.Hours
	windows []span
	open    set
}

type zoneWall struct {
	zone *time.Location
	wall wall
}

// search finds the starts at which the question's rules allow an interview.
func (q *Question) search() *sweep {
	s := newSweep(q)
	if s.count == 0 {
		return s
	}
	blocked := s.newSet()
	everyDay := hiring.Hours{Days: []time.Weekday{0, 1, 2, 3, 4, 5, 6}, Start: q.Earliest, End: q.Latest}
	s.open = slices.Clone(s.within(q.CandidateZone, everyDay).open)
	s.role.repeated(func(twice span) { s.block(blocked, twice) })
	for _, p := range s.people {
		switch {
		case p.Calendar.Unreadable != "" && p.required():
			clear(s.open) // unknown is never free
		case p.Calendar.Unreadable != "":
			p.can = s.newSet()
		case p.required():
			s.mark(p, blocked)
			s.open.keep(p.hours.open)
		default:
			busy := s.newSet()
			s.mark(p, busy)
			p.can = busy
			for i := range busy {
				busy[i] = p.hours.open[i] &^ busy[i]
			}
		}
	}
	for i := range blocked {
		s.open[i] &^= blocked[i]
	}
	s.fillable()
	s.holidays()
	return s
}

func newSweep(q *Question) *sweep {
	s := &sweep{q: q, length: int64(q.Duration / time.Second), buffer: int64(q.Buffer / time.Second)}
	from := max(unixUp(q.From), unixUp(q.Now.Add(q.Notice)))
	// Offsets differ by whole half hours over the year, so one aligns the grid.
	_, offset := time.Unix(from, 0).In(q.RoleZone).Zone()
	s.first = from + floorMod(-from-int64(offset), stepSeconds)
	s.count = max(0, (unixUp(q.Until)-s.first+stepSeconds-1)/stepSeconds)
	const week = 8 * oneDay
	s.around = span{min(s.first, q.Now.Unix()) - week, max(s.first, unixUp(q.Until)) + s.length + week}
	s.role = s.wallOf(q.RoleZone)
	s.enlist()
	s.spare = make([]uint64, s.words()*(3+2*len(s.people)))
	for _, p := range s.people {
		p.wall = s.wallOf(p.Zone)
		p.hours = s.within(p.Zone, p.Hours)
		p.held = held(p.Interviews)
	}
	return s
}

// enlist takes each person once. Who is on the panel twice has the stronger
// part; who is required anyway is in no pool besides.
func (s *sweep) enlist() {
	s.people = make([]*person, 0, len(s.q.Panel))
	find := func(a *Attendee) *person {
		if i := slices.IndexFunc(s.people, func(p *person) bool { return p.ID == a.ID }); i >= 0 {
			return s.people[i]
		}
		s.people = append(s.people, &person{Attendee: a})
		return s.people[len(s.people)-1]
	}
	for i := range s.q.Panel {
		a := &s.q.Panel[i]
		p := find(a)
		if p.panel = true; strength(a.Part) > strength(p.Part) {
			p.Attendee = a
		}
	}
	for _, pool := range s.q.Pools {
		if pool.Need <= 0 {
			continue
		}
		for i := range pool.From {
			if p := find(&pool.From[i]); !p.required() && !slices.Contains(p.pools, len(s.pools)) {
				p.pools = append(p.pools, len(s.pools))
			}
		}
		s.pools = append(s.pools, pool.Need)
	}
}

func strength(p hiring.Part) int {
	return slices.Index([]hiring.Part{hiring.Shadow, hiring.Optional, hiring.Required}, p)
}

// held returns the starts of interviews, each interview once, in order.
func held(all []hiring.Interval) []int64 {
	if len(all) == 0 {
		return nil
	}
	once := slices.Clone(all)
	slices.SortFunc(once, byTime)
	once = slices.CompactFunc(once, func(a, b hiring.Interval) bool { return byTime(a, b) == 0 })
	out := make([]int64, len(once))
	for i, iv := range once {
		out[i] = iv.Start.Unix()
	}
	return out
}

func byTime(a, b hiring.Interval) int {
	if c := a.Start.Compare(b.Start); c != 0 {
		return c
	}
	return a.End.Compare(b.End)
}

// mark adds the starts that the person's time and limits rule out.
func (s *sweep) mark(p *person, into set) {
	for i := range p.Calendar.Busy {
		b := &p.Calendar.Busy[i]
		s.block(into, span{b.Start.Unix(), unixUp(b.End)})
	}
	for i := range p.Interviews {
		b := &p.Interviews[i]
		s.block(into, span{b.Start.Unix(), unixUp(b.End)})
	}
	s.limit(p, into, s.q.PerDay, 1, p.wall.day)
	s.limit(p, into, s.q.PerWeek, 7, p.wall.week)
}

// block adds the starts whose interview, with the buffer on both sides, would
// overlap a busy time.
func (s *sweep) block(into set, busy span) {
	before, after := busy.from-s.length-s.buffer-s.first, busy.to+s.buffer-s.first // both excluded
	if busy.from >= busy.to || after <= 0 || before >= (s.count-1)*stepSeconds {
		return
	}
	first, last := int64(0), min(s.count-1, (after-1)/stepSeconds)
	if before >= 0 {
		first = before/stepSeconds + 1
	}
	if first <= last {
		into.add(first, last)
	}
}

// limit adds the starts of each day, or week, that has as many interviews as
// the person may have.
func (s *sweep) limit(p *person, into set, most int, days int64, period func(int64) int64) {
	if most <= 0 || len(p.held) < most {
		return
	}
	run := 0
	for i, at := range p.held {
		if at < s.around.from || at >= s.around.to {
			continue
		}
		this := period(at)
		if run++; i == 0 || period(p.held[i-1]) != this {
			run = 1
		}
		if run != most {
			continue
		}
		date := this
		if days == 7 {
			date = this*7 - 3
		}
		p.wall.dates(date, date+days-1, func(full span) { s.start(into, full) })
	}
}

// start adds the starts that lie in a stretch of time.
func (s *sweep) start(into set, in span) {
	first, last := max(0, ceilDiv(in.from-s.first, stepSeconds)), min(s.count-1, ceilDiv(in.to-s.first, stepSeconds)-1)
	if first <= last {
		into.add(first, last)
	}
}

// holidays takes out the starts on the role's holidays.
func (s *sweep) holidays() {
	if s.q.Holiday == nil {
		return
	}
	for i := s.open.next(0); i >= 0; {
		at := s.first + i*stepSeconds
		off := s.q.Holiday(time.Unix(at, 0).In(s.q.RoleZone))
		date := s.role.day(at)
		for ; i >= 0 && s.role.day(s.first+i*stepSeconds) == date; i = s.open.next(i + 1) {
			if off {
				s.open.drop(i)
			}
		}
	}
}

// within returns what hours in a zone leave of the grid.
func (s *sweep) within(zone *time.Location, h hiring.Hours) *zoneHours {
	for i := range s.hours {
		if k := s.hours[i]; sameZone(k.zone, zone) && k.of.Start == h.Start && k.of.End == h.End && slices.Equal(k.of.Days, h.Days) {
			return k
		}
	}
	k := &zoneHours{zone: zone, of: h, open: s.newSet(), windows: s.wallOf(zone).windows(h)}
	for _, w := range k.windows {
		s.start(k.open, span{w.from, w.to - s.length + 1})
	}
	s.hours = append(s.hours, k)
	return k
}

func sameZone(a, b *time.Location) bool { return a == b || a.String() == b.String() }

// wallOf returns the zone's wall clock, read once for all who live by it.
func (s *sweep) wallOf(zone *time.Location) wall {
	for _, z := range s.zones {
		if sameZone(z.zone, zone) {
			return z.wall
		}
	}
	z := zoneWall{zone, wallOf(zone, s.around)}
	s.zones = append(s.zones, z)
	return z.wall
}

func (s *sweep) words() int { return int(s.count+63) / 64 }

// newSet returns an empty set.
func (s *sweep) newSet() set {
	n := s.words()
	if len(s.spare) < n {
		return make(set, n)
	}
	out := set(s.spare[:n:n])
	s.spare = s.spare[n:]
	return out
}

// at returns the instant of a start, in Unix seconds.
func (s *sweep) at(start int64) int64 { return s.first + start*stepSeconds }

func (s set) keep(o set) {
	for i := range s {
		s[i] &= o[i]
	}
}

// ceilDiv divides and rounds up, also below zero.
func ceilDiv(a, b int64) int64 { return -floor(-a, b) }

// size returns how many starts are in the set.
func (s set) size() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}
