package schedule

import (
	"cmp"
	"slices"
)

// Who of the pools takes part is decided for each slot: of those who can, the
// least loaded that week first, then those whose day it costs least (cost.go),
// then by id, so that the same question always seats the same people. Nobody
// fills two seats: where pools share people, the seats go by the same order as
// long as the rest can still be filled.

// fillable keeps the starts at which all pools can be filled.
func (s *sweep) fillable() {
	for pool, need := range s.pools {
		enough := make([]set, need) // starts that suit at least 1, 2, ... of the pool
		for i := range enough {
			enough[i] = s.newSet()
		}
		for _, p := range s.people {
			if !slices.Contains(p.pools, pool) {
				continue
			}
			for i := range s.open {
				for n := need - 1; n > 0; n-- {
					enough[n][i] |= enough[n-1][i] & p.can[i]
				}
				enough[0][i] |= p.can[i]
			}
		}
		for i := range s.open {
			s.open[i] &= enough[need-1][i]
		}
	}
	if !slices.ContainsFunc(s.people, func(p *person) bool { return len(p.pools) > 1 }) {
		return
	}
	for i := s.open.next(0); i >= 0; i = s.open.next(i + 1) {
		if !s.fill(s.able(i)) {
			s.open.drop(i)
		}
	}
}

// A seating is who takes which pool's seats. Its memory serves slot after slot.
type seating struct {
	able  []choice
	pools [][]*person // who sits for which pool
	tried []bool
	taken []*person
}

// A choice is somebody who could be seated, with what decides it.
type choice struct {
	*person
	load, cost int
}

// able returns who of the pools can at a start, in the order of the question.
func (s *sweep) able(start int64) []choice {
	able := s.seating.able[:0]
	for _, p := range s.people {
		if len(p.pools) > 0 && p.can.has(start) {
			able = append(able, choice{person: p})
		}
	}
	s.seating.able = able
	return able
}

// seats returns who of the pools takes part at a start of s.open, as they are
// preferred, and in the same order all who could. Both hold until the next call.
func (s *sweep) seats(start int64) (seated []*person, able []choice) {
	if len(s.pools) == 0 {
		return nil, nil
	}
	at := s.at(start)
	able = s.able(start)
	for i := range able {
		able[i].load, able[i].cost = s.load(able[i].person, at), s.look(able[i].person, at).cost()
	}
	slices.SortFunc(able, func(a, b choice) int {
		return cmp.Or(cmp.Compare(a.load, b.load), cmp.Compare(a.cost, b.cost), cmp.Compare(a.ID, b.ID))
	})
	s.fill(able)
	return s.seating.taken, able
}

// fill seats the people in their order, and reports whether that fills all
// pools. Whoever can't be seated together with those before them is passed over.
func (s *sweep) fill(able []choice) bool {
	t := &s.seating
	if t.pools == nil {
		t.pools, t.tried = make([][]*person, len(s.pools)), make([]bool, len(s.pools))
	}
	total := 0
	for i, need := range s.pools {
		t.pools[i], total = t.pools[i][:0], total+need
	}
	t.taken = t.taken[:0]
	for _, c := range able {
		clear(t.tried)
		if len(t.taken) < total && s.seat(c.person) {
			t.taken = append(t.taken, c.person)
		}
	}
	return len(t.taken) == total
}

// seat finds the person a seat; whoever sits may be given one of another pool.
func (s *sweep) seat(p *person) bool {
	t := &s.seating
	for _, pool := range p.pools {
		if t.tried[pool] {
			continue
		}
		t.tried[pool] = true
		if len(t.pools[pool]) < s.pools[pool] {
			t.pools[pool] = append(t.pools[pool], p)
			return true
		}
		for i, other := range t.pools[pool] {
			if s.seat(other) {
				t.pools[pool][i] = p
				return true
			}
		}
	}
	return false
}
