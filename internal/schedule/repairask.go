package schedule

import (
	"context"
	"errors"
	"slices"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// What Google and the database are asked for a repair.

// ways asks Google and completes the repair.
func (s *Service) ways(ctx context.Context, role *hiring.Role, iv *hiring.Interview, r *Repair, trouble []Trouble, people map[string]hiring.Person) (bool, error) {
	slot := hiring.Interval{Start: iv.Start, End: iv.End}
	if r.Kind == RepairMoved {
		more, err := s.collisions(ctx, role, iv, trouble, people)
		if err != nil {
			return false, err
		}
		trouble = append(trouble, more...)
	}
	if len(trouble) == 0 { // what there was stays, so that it can be said how it was settled
		return false, nil
	}
	r.Trouble = trouble
	needed := slices.ContainsFunc(trouble, func(t Trouble) bool { return t.Part == hiring.Required })
	var others []Attendee
	var near map[string][]string
	if needed {
		var err error
		if others, near, err = s.standInsFor(ctx, role, iv, trouble, slot); err != nil {
			return false, err
		}
	}
	r.Ways = sameTimeWays(iv, trouble, others, near, seatRulesOf(role))
	r.ComputedAt = s.Now()
	if !movable(trouble) {
		return true, nil
	}
	times, inWay, err := s.otherTimes(ctx, iv)
	r.Ways, r.InWay = append(r.Ways, times...), inWay
	return true, err
}

// collisions says who can't come at the time to which a person moved the
// interview, and what is wrong with the time itself.
func (s *Service) collisions(ctx context.Context, role *hiring.Role, iv *hiring.Interview, answers []Trouble, people map[string]hiring.Person) ([]Trouble, error) {
	panel := slices.DeleteFunc(slices.Clone(iv.Panel), func(p hiring.Panelist) bool {
		return people[p.Person].Deleted || slices.ContainsFunc(answers, func(t Trouble) bool { return t.Person == p.Person })
	})
	slot := hiring.Interval{Start: iv.Start, End: iv.End}
	around := hiring.Interval{Start: iv.Start.Add(-4 * time.Hour), End: iv.End.Add(4 * time.Hour)}
	asked, err := s.attendees(ctx, role, panel, around, iv.ID)
	if err != nil {
		return nil, err
	}
	var out []Trouble
	for _, a := range asked {
		if t, bad := collides(a, slot, role.Buffer.V); bad {
			out = append(out, t)
		}
	}
	c, err := s.Store.Candidate(ctx, iv.CandidateID)
	if err != nil {
		return nil, err
	}
	day := iv.Start.In(c.TimeZone())
	if iv.Start.Before(hiring.AtClock(day, c.EarliestHour)) || iv.End.After(hiring.AtClock(day, c.LatestHour)) {
		out = append(out, Trouble{Why: WhyCandidate})
	}
	if holiday := s.Holidays(role.Holidays.V); holiday != nil && holiday(iv.Start.In(role.TimeZone())) {
		out = append(out, Trouble{Why: WhyHoliday})
	}
	return out, nil
}

// standInsFor returns, with their calendars, who of the role's team could take a
// seat, and who of them has the same title or is of the same pool as whom.
func (s *Service) standInsFor(ctx context.Context, role *hiring.Role, iv *hiring.Interview, trouble []Trouble, slot hiring.Interval) ([]Attendee, map[string][]string, error) {
	stage, err := s.stage(ctx, role, iv)
	if err != nil {
		return nil, nil, err
	}
	near := map[string][]string{}
	for _, people := range role.Setup.People {
		near[""] = append(near[""], people...)
	}
	for _, t := range trouble {
		for _, people := range role.Setup.People {
			if slices.Contains(people, t.Person) {
				near[t.Person] = append(near[t.Person], people...)
			}
		}
		for _, pool := range role.StagePools(stage) {
			if slices.Contains(pool.People, t.Person) {
				near[t.Person] = append(near[t.Person], pool.People...)
			}
		}
	}
	var rest []hiring.Panelist
	for _, id := range role.Team() {
		part := iv.Part(id)
		if part == hiring.Required || part == hiring.Shadow || slices.ContainsFunc(trouble, func(t Trouble) bool { return t.Person == id }) {
			continue
		}
		if p, err := s.People.Person(ctx, id); err == nil && p.Employee() {
			rest = append(rest, hiring.Panelist{Person: id, Part: hiring.Required})
		}
	}
	if len(rest) == 0 {
		return nil, near, nil
	}
	others, err := s.attendees(ctx, role, rest, weekAround(slot), iv.ID)
	return others, near, err
}

// How many times are offered as ways out.
const (
	laterWays = 2
	dayWays   = 2
	wishWays  = 3
)

// otherTimes returns times for the interview with its panel: later that day, and
// on another one. The role's minimum notice doesn't count: what is repaired was
// announced long ago. Where there is none, it says who and what is in the way.
func (s *Service) otherTimes(ctx context.Context, iv *hiring.Interview) ([]WayOut, []string, error) {
	q, err := s.question(ctx, s.sameAgain(iv, iv.Panel))
	if err != nil {
		return nil, nil, err
	}
	q.Notice, q.OffersDay = 0, laterWays
	until := q.Until
	day := iv.Start.In(q.RoleZone)
	midnight := time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, q.RoleZone)

	q.From, q.Until, q.Offers = latest(iv.End, q.Now), midnight, laterWays
	later := Find(*q)
	ways := sayTimes(WayLater, later.Slots, laterWays)
	q.From, q.Until, q.Offers = latest(midnight, q.Now), until, dayWays
	if !q.From.Before(until) {
		return ways, later.InWay, nil
	}
	another := Find(*q)
	ways = append(ways, sayTimes(WayDay, another.Slots, dayWays)...)
	if len(ways) > 0 {
		return ways, nil, nil
	}
	return nil, another.InWay, nil
}

// sameAgain asks for another time of an interview, with the panel.
func (s *Service) sameAgain(iv *hiring.Interview, panel []hiring.Panelist) *Search {
	return &Search{
		CandidateID: iv.CandidateID, RoleKey: iv.RoleKey, Stage: iv.Stage, InterviewID: iv.ID,
		Panel: panel, Duration: iv.End.Sub(iv.Start),
	}
}

// fillCandidate looks at the candidate's answer: times that suit what they wrote
// with it, or the next free ones.
func (s *Service) fillCandidate(ctx context.Context, role *hiring.Role, iv *hiring.Interview, r *Repair) (bool, error) {
	if iv.CandidateRSVP != "declined" {
		return false, nil
	}
	r.Revision, r.Ways, r.InWay, r.Unknown, r.Read = iv.Revision, nil, nil, false, ""
	c, err := s.Store.Candidate(ctx, iv.CandidateID)
	if err != nil {
		return false, err
	}
	wish := ReadWish(iv.CandidateComment, s.Now(), c.TimeZone())
	r.Read = wish.Words()
	panel, err := s.stillThere(ctx, iv.Panel)
	if err != nil {
		return false, err
	}
	q, err := s.question(ctx, s.sameAgain(iv, panel))
	var classed *outbox.Error
	if errors.As(err, &classed) {
		r.Unknown = true
		return true, nil
	}
	if err != nil {
		return false, err
	}
	q.OffersDay = 0
	q.Offers = wishWays
	if wish != nil { // every slot, of which the wish takes some
		q.Notice, q.Offers = 0, int(q.Until.Sub(q.Now)/step)
	}
	ans := Find(*q)
	ans.Slots = slices.DeleteFunc(ans.Slots, func(slot Slot) bool {
		span := hiring.Interval{Start: slot.Start, End: slot.End}
		return slot.Start.Equal(iv.Start) || wish != nil && !wish.Suits(span, c.TimeZone())
	})
	r.Ways, r.InWay, r.ComputedAt = sayTimes(WayDay, ans.Slots, wishWays), ans.InWay, s.Now()
	return true, nil
}
