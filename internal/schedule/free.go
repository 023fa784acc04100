package schedule

import (
	"context"
	"fmt"
	"slices"
	"time"

	"convene/internal/hiring"
)

// goneOf asks Google who of those needed isn't free any more: by number, why the
// time is gone.
func (s *Service) goneOf(ctx context.Context, role *hiring.Role, o *hiring.Offering) (map[int]string, error) {
	var all []hiring.Panelist
	stage, _ := role.Stage(o.Stage)
	span := hiring.Interval{Start: o.Times[0].Start, End: o.Times[0].End}
	for _, t := range o.Times {
		span.End = later(span.End, t.End)
		for _, p := range required(t.Panel) {
			if !slices.ContainsFunc(all, func(q hiring.Panelist) bool { return q.Person == p.Person }) {
				all = append(all, p)
			}
		}
	}
	people, err := s.attendees(ctx, role, all, padded(span, role, stage), "")
	if err != nil {
		return nil, err
	}
	gone := map[int]string{}
	for i, t := range o.Times {
		if !t.Start.After(s.Now()) {
			gone[i+1] = "That time has passed."
			continue
		}
		for _, a := range people {
			if !slices.ContainsFunc(required(t.Panel), func(p hiring.Panelist) bool { return p.Person == a.ID }) {
				continue
			}
			at := hiring.Interval{Start: t.Start, End: t.End}
			if why := notFree(a, at, padded(at, role, stage)); why != "" {
				gone[i+1] = why
			}
		}
	}
	return gone, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// notFree says why somebody can't be in an interview at that time, with the free
// time around it; "" when they can.
func notFree(a Attendee, at, around hiring.Interval) string {
	if a.Calendar.Unreadable != "" {
		return fmt.Sprintf("%s's calendar can't be read (%s).", a.Name, a.Calendar.Unreadable)
	}
	for _, b := range a.Interviews {
		if b.Overlaps(at) {
			return fmt.Sprintf("%s is in another interview then.", a.Name)
		}
	}
	for _, b := range slices.Concat(a.Interviews, a.Calendar.Busy) {
		if b.Overlaps(around) {
			return a.Name + notFreeFor(b, at)
		}
	}
	return ""
}

// padded is an interview with what must be free on both sides of it, for travel
// too.
func padded(at hiring.Interval, role *hiring.Role, stage hiring.Stage) hiring.Interval {
	pad := role.Buffer.V + stage.Location.V.TravelTime()
	return hiring.Interval{Start: at.Start.Add(-pad), End: at.End.Add(pad)}
}

// notFreeFor says what somebody's busy time means for an interview, after their
// name.
func notFreeFor(busy, at hiring.Interval) string {
	if busy.Overlaps(at) {
		return " is no longer free then."
	}
	return " has something too close to that time now."
}
