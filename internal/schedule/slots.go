package schedule

import (
	"cmp"
	"slices"
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
	Earliest, Latest  time.Duration     // the candidate's acceptable hours, wall clock
	Taken             []hiring.Interval // the candidate's other interviews
	RoleZone          *time.Location
	Holiday           func(day time.Time) bool // nil: none
	PerDay, PerWeek   int                      // interviews per panelist; 0: no limit
	Wanted            time.Time                // a start that is offered before all others, where it suits; zero: none
	Offers, OffersDay int                      // how many to return, and how many of one day
	Shift             time.Duration            // of the grid, to start later than each full and half hour
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
	Slots []Slot
	InWay []string // in words; always set when there are no slots
}

// Find returns the slots for q, best first. The same question always has the
// same answer, in whatever order its people and their busy times stand.
func Find(q Question) Answer {
	s := q.sweep()
	s.search()
	ranked := s.rank()
	if len(ranked) == 0 {
		return q.none()
	}
	return Answer{Slots: s.offers(s.pick(ranked))}
}

// A ranked start is one that suits everybody required, with its cost.
type ranked struct {
	start int64
	cost  int
}

// rank returns the starts that were found, best first.
func (s *sweep) rank() []ranked {
	first := s.open.next(0)
	if first < 0 {
		return nil
	}
	s.ready()
	out := make([]ranked, 0, s.open.size())
	var t team
	for start := first; start >= 0; start = s.open.next(start + 1) {
		t.at(s, start)
		out = append(out, ranked{start, s.cost(&t, start)})
	}
	slices.SortFunc(out, better)
	return out
}

func better(a, b ranked) int {
	return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.start, b.start))
}

// apart is how far the starts of two offers lie from each other, so that there
// is something to choose between; packed days are offered more densely.
const apart = 90 * time.Minute

// pick returns the best starts, not too many of one day and not all at once. A
// start that is wanted is among them.
func (s *sweep) pick(all []ranked) []ranked {
	var out []ranked
	if i := slices.IndexFunc(all, func(r ranked) bool { return s.instant(r.start).Equal(s.q.Wanted) }); i >= 0 {
		out = append(out, all[i])
	}
	out = s.take(out, all, int64(apart/step))
	if len(out) < s.q.Offers {
		out = s.take(out, all, 1)
	}
	slices.SortFunc(out, better)
	return out
}

// take adds starts, best first, that lie at least gap steps away from all taken
// ones.
func (s *sweep) take(taken, all []ranked, gap int64) []ranked {
	perDay := map[int64]int{}
	for _, r := range taken {
		perDay[s.date(r.start)]++
	}
	for _, r := range all {
		if len(taken) >= s.q.Offers {
			break
		}
		date := s.date(r.start)
		near := slices.ContainsFunc(taken, func(t ranked) bool { return max(t.start-r.start, r.start-t.start) < gap })
		if near || perDay[date] == s.q.OffersDay && s.q.OffersDay > 0 {
			continue
		}
		perDay[date]++
		taken = append(taken, r)
	}
	return taken
}

// offers puts the chosen starts into words.
func (s *sweep) offers(chosen []ranked) []Slot {
	out := make([]Slot, len(chosen))
	for i, r := range chosen {
		start := s.instant(r.start)
		out[i] = Slot{Start: start, End: start.Add(s.q.Duration), Cost: r.cost}
		var t team
		t.at(s, r.start)
		for _, p := range t.seated {
			out[i].Seats = append(out[i].Seats, p.ID)
		}
		out[i].Without = namesOf(t.absent)
	}
	for i, why := range s.reasons(chosen) {
		out[i].Reasons = why
	}
	return out
}

// instant returns the time of a start.
func (s *sweep) instant(start int64) time.Time { return time.Unix(s.at(start), 0).UTC() }

// date returns a start's date in the role's zone, as days since 1970.
func (s *sweep) date(start int64) int64 { return s.role.day(s.at(start)) }

// namesOf returns the people's names in order.
func namesOf(people []*person) []string {
	var out []string
	for _, p := range people {
		out = append(out, p.Name)
	}
	slices.Sort(out)
	return out
}
