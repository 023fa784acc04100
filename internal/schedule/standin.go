package schedule

import (
	"slices"
	"time"

	"convene/internal/hiring"
)

// A Miss is a slot that one person keeps from being offered.
type Miss struct {
	Start    time.Time
	Who      string    // name
	WhoID    string    // Slack user id
	Why      string    // in words that follow the name, e.g. "is busy"
	StandIns []StandIn // who could take their place, best first
}

// A StandIn is somebody of the role's team who could sit on the panel then.
type StandIn struct{ ID, Name string }

// maxMisses is how many near misses are shown.
const maxMisses = 3

// nearest returns the soonest misses, one for each person and day first: the
// next half hour of the same day is hardly another way out.
func (q *Question) nearest(misses []Miss) []Miss {
	var out, alike []Miss
	seen := map[string]bool{}
	for _, m := range misses {
		key := m.WhoID + m.Start.In(q.RoleZone).Format(time.DateOnly)
		if seen[key] {
			alike = append(alike, m)
			continue
		}
		seen[key] = true
		out = append(out, m)
	}
	out = append(out, alike...)
	out = out[:min(len(out), maxMisses)]
	slices.SortFunc(out, func(a, b Miss) int { return a.Start.Compare(b.Start) })
	return out
}

// maxStandIns is how many people are offered in the place of one.
const maxStandIns = 3

// standIns returns, for each miss, who of the others could sit on the panel in
// the place of the one who can't: free then, inside their hours and within their
// limits; the least loaded that week first. Others who sit on the panel already,
// or whose calendar can't be read, are never offered.
func standIns(q Question, misses []Miss, others []Attendee) []Miss {
	out := slices.Clone(misses)
	for i, m := range out {
		slot := hiring.Interval{Start: m.Start, End: m.Start.Add(q.Duration)}
		free := slices.DeleteFunc(slices.Clone(others), func(a Attendee) bool {
			sits := slices.ContainsFunc(q.Panel, func(p Attendee) bool { return p.ID == a.ID })
			return sits || q.blocked(a, slot) != ""
		})
		slices.SortStableFunc(free, func(a, b Attendee) int {
			return weekLoad(a, slot.Start.In(a.Zone)) - weekLoad(b, slot.Start.In(b.Zone))
		})
		out[i].StandIns = nil
		for _, a := range free[:min(len(free), maxStandIns)] {
			out[i].StandIns = append(out[i].StandIns, StandIn{ID: a.ID, Name: a.Name})
		}
	}
	return out
}

// Again asks the same question once more, of an interview that moves with the
// panel that it has by now.
func (s *Search) Again(by string) Request {
	if s.InterviewID != "" {
		return Request{CandidateID: s.CandidateID, Stage: s.Stage, InterviewID: s.InterviewID, Duration: s.Duration, From: s.From, Wanted: s.Wanted, By: by}
	}
	return Request{
		CandidateID: s.CandidateID, Stage: s.Stage, Panel: s.Panel, Pools: s.Pools, Duration: s.Duration, From: s.From,
		Wanted: s.Wanted, Confirmed: s.Confirmed, Carries: s.Carries, By: by,
	}
}

// Instead asks for the time of a near miss with a stand-in, who is then
// required, in the place of the person who can't.
func (s *Search) Instead(miss int, in, by string) (Request, error) {
	if miss < 0 || miss >= len(s.Misses) {
		return Request{}, hiring.Invalid("", "That time isn't offered any more. Look for times again.")
	}
	m, req := s.Misses[miss], s.Again(by)
	req.Panel, req.Wanted = slices.Clone(req.Panel), m.Start
	for i := range req.Panel {
		if req.Panel[i].Person == m.WhoID {
			req.Panel[i] = hiring.Panelist{Person: in, Part: hiring.Required}
		}
	}
	return req, nil
}
