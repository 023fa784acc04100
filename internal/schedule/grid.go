package schedule

import (
	"cmp"
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

	role      wall
	candidate wall
	zones     []zoneWall
	hours     []*zoneHours
	accepts   set // the starts inside the candidate's hours
	people    []*person
	pools     []int // how many of each are needed

	open    set // the answer
	blocked set // the starts that somebody required can't, for what is in their calendar

	seating seating
	week    int64 // the first that person.weekly counts
}

// A person is an attendee in one search, once, whether on the panel, in pools or
// both.
type person struct {
	*Attendee
	called string // in reasons: see sweep.call
	panel  bool   // is on the panel
	pools  []int  // those they are in
	wall   wall
	hours  set     // the starts inside their hours
	dates  []int64 // on which their interviews start, local, each interview once, in order
	full   []span  // days and weeks with as many interviews as they may have
	can    set     // the starts that suit them; of the required: nil, see sweep.open

	free   []span // what their hours have besides busy time and interviews: see sweep.ready
	near   int    // index of the free stretch that was looked at last
	weekly []int  // interviews by week, from sweep.week on: see sweep.ready
}

// required reports whether the search ends where the person can't.
func (p *person) required() bool { return p.panel && p.Part == hiring.Required }

// zoneHours is what working hours leave of the grid, once for all who share them.
type zoneHours struct {
	zone   *time.Location
	of     hiring.Hours
	starts set
}

type zoneWall struct {
	zone *time.Location
	wall wall
}

// sweep prepares a search: the grid, and who works when. It doesn't look into
// calendars yet.
func (q *Question) sweep() *sweep {
	s := &sweep{q: q, length: int64(q.Duration / time.Second), buffer: int64(q.Buffer / time.Second)}
	s.first = q.onGrid(latest(q.From, q.Now.Add(q.Notice))).Unix()
	s.count = max(0, ceilDiv(unixUp(q.Until)-s.first, stepSeconds))
	const week = 8 * oneDay
	s.around = span{min(s.first, q.Now.Unix()) - week, s.at(s.count) + s.length + week}
	s.role, s.candidate = s.wallOf(q.RoleZone), s.wallOf(q.CandidateZone)
	s.enlist()
	everyDay := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	s.accepts = s.within(q.CandidateZone, hiring.Hours{Days: everyDay, Start: q.Earliest, End: q.Latest})
	s.open, s.blocked = s.newSet(), s.newSet()
	for _, p := range s.people {
		p.wall = s.wallOf(p.Zone)
		p.hours = s.within(p.Zone, p.Hours)
		p.dates = s.interviewDates(p)
		p.limit(q.PerDay, 1)
		p.limit(q.PerWeek, 7)
		if !p.required() {
			p.can = s.newSet()
		}
	}
	return s
}

// onGrid returns the first time of the grid, as it is shifted, at or after t.
func (q *Question) onGrid(t time.Time) time.Time {
	// Offsets differ by whole half hours over the year, so that of t's day aligns
	// the grid on all days.
	_, offset := t.In(q.RoleZone).Zone()
	u := unixUp(t)
	return time.Unix(u+floorMod(int64(q.Shift/time.Second)-u-int64(offset), stepSeconds), 0).UTC()
}

// search finds the starts at which the question's rules allow an interview.
func (s *sweep) search() {
	if s.count == 0 {
		return
	}
	copy(s.open, s.accepts)
	clear(s.blocked)
	s.role.repeated(func(twice span) { s.mark(s.blocked, span{twice.from - s.length, twice.to}) })
	for _, taken := range spans(nil, s.q.Taken) {
		s.mark(s.blocked, span{taken.from - s.length, taken.to})
	}
	for _, p := range s.people {
		switch {
		case p.Calendar.Unreadable != "" && p.required():
			clear(s.open) // unknown is never free
		case p.Calendar.Unreadable != "":
			clear(p.can)
		case p.required():
			s.block(p, s.blocked)
			for i := range s.open {
				s.open[i] &= p.hours[i]
			}
		default:
			clear(p.can)
			s.block(p, p.can)
			for i := range p.can {
				p.can[i] = p.hours[i] &^ p.can[i]
			}
		}
	}
	for i := range s.open {
		s.open[i] &^= s.blocked[i]
	}
	s.fillable()
	s.holidays()
}

// enlist takes each person once. Who is on the panel twice has the stronger
// part; who is required anyway is in no pool besides.
func (s *sweep) enlist() {
	most := len(s.q.Panel)
	for _, pool := range s.q.Pools {
		most += len(pool.From)
	}
	all := make([]person, 0, most)
	find := func(a *Attendee) *person {
		for i := range all {
			if all[i].ID == a.ID {
				return &all[i]
			}
		}
		all = append(all, person{Attendee: a})
		return &all[len(all)-1]
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
	s.people = make([]*person, len(all))
	for i := range all {
		s.people[i] = &all[i]
	}
}

func strength(p hiring.Part) int {
	switch p {
	case hiring.Required:
		return 2
	case hiring.Optional:
		return 1
	}
	return 0
}

// interviewDates returns the local dates of the person's interviews, each
// interview once, in order, as far as they are in the weeks that are looked at.
func (s *sweep) interviewDates(p *person) []int64 {
	once := spans(nil, p.Interviews)
	slices.SortFunc(once, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var out []int64
	for i, iv := range once {
		if (i == 0 || iv != once[i-1]) && iv.from >= s.around.from && iv.from < s.around.to {
			out = append(out, p.wall.day(iv.from))
		}
	}
	return out
}

// spans adds intervals to a list.
func spans(to []span, all []hiring.Interval) []span {
	to = slices.Grow(to, len(all))
	for i := range all {
		to = append(to, span{all[i].Start.Unix(), unixUp(all[i].End)})
	}
	return to
}

// block marks the starts that the person's time and limits rule out: an
// interview, with the buffer on both sides, overlaps what is busy if it starts
// later than that starts, less length and buffer, and before its end and the
// buffer. Its loop touches all that is busy, so the usual case, a few starts of
// the grid, is written out: they are gathered while they fall into the same word
// of the set, as those of one day do.
func (s *sweep) block(p *person, into set) {
	before, after, end := s.first+s.length+s.buffer, s.first-s.buffer, s.count*stepSeconds
	var word uint32
	var low, high uint64 // what goes into that word and the next
	for _, list := range [...][]hiring.Interval{p.Calendar.Busy, p.Interviews} {
		for i := range list {
			start, over := list[i].Start.Unix(), unixUp(list[i].End)
			from, to := start-before, over-after
			switch {
			case start >= over: // of no length: it takes nobody's time
			case from >= 0 && to > 0 && to < end:
				first, last := uint32(from)/uint32(stepSeconds)+1, uint32(to-1)/uint32(stepSeconds)
				if more := last - first; more < 64 {
					if first>>6 != word {
						into.put(word, low, high)
						word, low, high = first>>6, 0, 0
					}
					starts := ^uint64(0) >> (63 - more)
					low |= starts << (first & 63)
					high |= starts >> (64 - first&63)
					continue
				}
				fallthrough
			default:
				s.mark(into, span{start - before + s.first, over - after + s.first})
			}
		}
	}
	into.put(word, low, high)
	for _, full := range p.full {
		s.mark(into, span{full.from - 1, full.to})
	}
}

// mark adds the starts that lie in a stretch of time, its ends not included.
func (s *sweep) mark(into set, in span) {
	first := max(0, floor(in.from-s.first, stepSeconds)+1)
	last := min(s.count-1, floor(in.to-1-s.first, stepSeconds))
	if first <= last {
		into.add(uint32(first), uint32(last))
	}
}

// limit adds each day, or week, that has as many interviews as the person may
// have.
func (p *person) limit(most int, days int64) {
	if most <= 0 || len(p.dates) < most {
		return
	}
	run, last := 0, int64(-1<<63)
	for _, date := range p.dates {
		if days == 7 {
			date = mondayOf(date)
		}
		if run++; date != last {
			run, last = 1, date
		}
		if run == most {
			p.wall.days(date, date+days-1, func(s span) { p.full = append(p.full, s) })
		}
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

// within returns the starts inside hours in a zone.
func (s *sweep) within(zone *time.Location, h hiring.Hours) set {
	for _, k := range s.hours {
		if sameZone(k.zone, zone) && k.of.Start == h.Start && k.of.End == h.End && slices.Equal(k.of.Days, h.Days) {
			return k.starts
		}
	}
	k := &zoneHours{zone: zone, of: h, starts: s.newSet()}
	for _, w := range s.wallOf(zone).windows(h) {
		s.mark(k.starts, span{w.from - 1, w.to - s.length + 1})
	}
	s.hours = append(s.hours, k)
	return k.starts
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

// newSet returns an empty set.
func (s *sweep) newSet() set { return make(set, s.count/64+2) }

// at returns the instant of a start, in Unix seconds.
func (s *sweep) at(start int64) int64 { return s.first + start*stepSeconds }

// ceilDiv divides and rounds up, also below zero.
func ceilDiv(a, b int64) int64 { return -floor(-a, b) }
