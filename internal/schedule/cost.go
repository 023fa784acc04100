package schedule

import (
	"cmp"
	"slices"
	"time"
)

// The cost of a slot. Lower is better; slots of equal cost are offered by time.
// A day later costs about as much as cutting somebody's lunch short.
//
//	what                                                          each    for
//	a calendar day from now, in the role's zone                     10    the slot
//	an optional person or shadow who isn't free                     15    person
//	12:00–13:00 in the person's zone is touched                     12    who takes part
//	the first or last half hour of their working day is touched      5    who takes part
//	a free stretch of 3 hours or more is split, with an hour or
//	more left on both sides                                          6    who takes part
//	an interview that they have that week beyond the least loaded
//	of those who take part or are in a pool                          4    who takes part
//	before 9:00 or after 17:00 in the candidate's zone               6    the slot
//
// Required people take part, optional people and shadows who are free, and who
// is seated from a pool. A week is Monday to Sunday in the person's zone, and an
// interview counts in the one in which it starts.
const (
	costPerDay      = 10
	costNoOptional  = 15
	costLunch       = 12
	costEdge        = 5
	costBreaksUp    = 6
	costLoad        = 4
	costCandidate   = 6
	longFreeStretch = 3 * time.Hour
	shortestLeft    = time.Hour // of a stretch that counts as split
)

// In seconds since midnight.
const (
	noon       = 12 * 60 * 60
	lunchEnd   = 13 * 60 * 60
	candidate9 = 9 * 60 * 60
	candidate5 = 17 * 60 * 60
)

// A sight is a slot as it falls into one person's day.
type sight struct {
	lunch       bool
	early, late bool // touches the first or last half hour of work
	splits      bool
	free        span // the free stretch that it lies in
}

// cost is what a slot costs for one person, but for their load.
func (v sight) cost() int {
	c := 0
	if v.lunch {
		c += costLunch
	}
	if v.early || v.late {
		c += costEdge
	}
	if v.splits {
		c += costBreaksUp
	}
	return c
}

// look says how the slot that starts then falls into the person's day, in which
// they can.
func (s *sweep) look(p *person, at int64) sight {
	from, to := p.wall.local(at), p.wall.local(at+s.length)
	midnight := floor(from, oneDay) * oneDay
	v := sight{
		lunch: from < midnight+lunchEnd && to > midnight+noon,
		early: from < midnight+int64((p.Hours.Start+step)/time.Second),
		late:  to > midnight+int64((p.Hours.End-step)/time.Second),
	}
	if p.free[p.near].from > at {
		p.near = 0
	}
	for p.free[p.near].to <= at {
		p.near++
	}
	v.free = p.free[p.near]
	before, after := at-v.free.from, v.free.to-at-s.length
	v.splits = v.free.to-v.free.from >= int64(longFreeStretch/time.Second) && min(before, after) >= int64(shortestLeft/time.Second)
	return v
}

// ready computes what looking at single slots takes, once for all of them.
func (s *sweep) ready() {
	first := weekOf(floor(s.around.from-oneDay, oneDay))
	weeks := weekOf(floor(s.around.to+oneDay, oneDay)) - first + 1
	s.week = first
	for _, p := range s.people {
		p.free = p.stretches()
		p.weekly = make([]int, weeks)
		for _, date := range p.dates {
			p.weekly[weekOf(date)-first]++
		}
	}
}

// stretches returns the person's working hours without what they have in them.
func (p *person) stretches() []span {
	busy := spans(spans(nil, p.Calendar.Busy), p.Interviews)
	slices.SortFunc(busy, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	windows := p.wall.windows(p.Hours)
	free := make([]span, 0, len(windows)+len(busy))
	i := 0
	for _, w := range windows {
		for ; i < len(busy) && busy[i].from < w.to; i++ {
			b := busy[i]
			if b.from >= b.to || b.to <= w.from {
				continue
			}
			if w.from < b.from {
				free = append(free, span{w.from, b.from})
			}
			if w.from = b.to; b.to > w.to { // it goes on after these hours
				break
			}
		}
		if w.from < w.to {
			free = append(free, w)
		}
	}
	return free
}

// load is how many interviews the person has in the week of that instant.
func (s *sweep) load(p *person, at int64) int { return p.weekly[weekOf(p.wall.day(at))-s.week] }

// A team is who takes part in one slot.
type team struct {
	takes  []*person // required, seated, and optional people who are free
	seated []*person // of the pools, as they are preferred
	could  []choice  // all of the pools who are free, in the same order
	absent []*person // optional people who aren't free
}

// at puts together who takes part at a start of s.open.
func (t *team) at(s *sweep, start int64) {
	t.takes, t.absent = t.takes[:0], t.absent[:0]
	t.seated, t.could = s.seats(start)
	for _, p := range s.people {
		switch {
		case p.required() || slices.Contains(t.seated, p):
			t.takes = append(t.takes, p)
		case !p.panel: // of a pool, and not needed
		case p.can.has(start):
			t.takes = append(t.takes, p)
		default:
			t.absent = append(t.absent, p)
		}
	}
}

// least is the load of the least loaded of those who take part or are in a pool.
func (s *sweep) least(t *team, at int64) int {
	least := -1
	for _, p := range t.takes {
		if load := s.load(p, at); least < 0 || load < least {
			least = load
		}
	}
	for _, p := range s.people {
		if len(p.pools) > 0 {
			least = min(least, s.load(p, at))
		}
	}
	return least
}

// cost is the cost of a start with who takes part in it.
func (s *sweep) cost(t *team, start int64) int {
	at := s.at(start)
	c := costPerDay*int(s.role.day(at)-s.role.day(s.q.Now.Unix())) + costNoOptional*len(t.absent)
	least := s.least(t, at)
	for _, p := range t.takes {
		c += s.look(p, at).cost() + costLoad*(s.load(p, at)-least)
	}
	if early, late := s.candidateSees(at); early || late {
		c += costCandidate
	}
	return c
}

// candidateSees reports whether the slot is early or late in the candidate's day.
func (s *sweep) candidateSees(at int64) (early, late bool) {
	from, to := s.candidate.local(at), s.candidate.local(at+s.length)
	midnight := floor(from, oneDay) * oneDay
	return from < midnight+candidate9, to > midnight+candidate5
}
