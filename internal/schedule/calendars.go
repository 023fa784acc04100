package schedule

import (
	"context"
	"fmt"
	"slices"
	"time"

	"convene/internal/hiring"
)

// poolSeats are all who may be seated from pools, and would be required.
func poolSeats(pools []hiring.Pool) []hiring.Panelist {
	var out []hiring.Panelist
	for _, p := range pools {
		for _, id := range p.People {
			out = append(out, hiring.Panelist{Person: id, Part: hiring.Required})
		}
	}
	return out
}

// stillEmployed leaves out of pools whose account was deactivated: the others
// can take their place.
func (s *Service) stillEmployed(ctx context.Context, pools []hiring.Pool) ([]hiring.Pool, error) {
	out := slices.Clone(pools)
	for i := range out {
		out[i].People = nil
		for _, id := range pools[i].People {
			p, err := s.People.Person(ctx, id)
			if err != nil {
				return nil, fmt.Errorf("look up who is in a pool: %w", err)
			}
			if !p.Deleted {
				out[i].People = append(out[i].People, id)
			}
		}
	}
	return out, nil
}

func (q *Question) unreadable() []Unreadable {
	var out []Unreadable
	for _, list := range append([][]Attendee{q.Panel}, poolLists(q.Pools)...) {
		for _, a := range list {
			if u := (Unreadable{a.Name, a.Calendar.Unreadable}); u.Why != "" && !slices.Contains(out, u) {
				out = append(out, u)
			}
		}
	}
	return out
}

// attendees loads the panelists with their calendars over the span.
func (s *Service) attendees(ctx context.Context, role *hiring.Role, panel []hiring.Panelist, span hiring.Interval, except string) ([]Attendee, error) {
	return s.attendeesBut(ctx, role, panel, span, except, "")
}

// attendeesBut does the same without the debrief of one interview.
func (s *Service) attendeesBut(ctx context.Context, role *hiring.Role, panel []hiring.Panelist, span hiring.Interval, except, debrief string) ([]Attendee, error) {
	var ids, emails []string
	people := map[string]hiring.Person{}
	for _, p := range panel {
		person, err := s.People.Person(ctx, p.Person)
		if err != nil {
			return nil, fmt.Errorf("look up panelist: %w", err)
		}
		if person.Deleted {
			return nil, hiring.Invalid("", "%s's Slack account is deactivated. Use /hiring setup to name somebody else. For an interview that is booked with them already, use “Change panel” on the candidate's card.", person.Name)
		}
		people[p.Person] = person
		ids = append(ids, p.Person)
		if person.CalendarID() != "" {
			emails = append(emails, person.CalendarID())
		}
	}
	calendars, err := s.Calendar.Busy(ctx, emails, span.Start, span.End)
	if err != nil {
		return nil, err
	}
	booked, err := s.Store.Bookings(ctx, ids, span.Start.Add(-7*24*time.Hour), span.End.Add(7*24*time.Hour), except) // whole weeks, for the limits
	if err != nil {
		return nil, err
	}
	debriefs, err := s.Store.DebriefTimes(ctx, ids, span.Start, span.End, debrief)
	if err != nil {
		return nil, err
	}
	var own *hiring.Interview // its own event doesn't stand in the way of moving it
	if except != "" {
		if own, err = s.Store.Interview(ctx, except); err != nil {
			return nil, err
		}
	}
	var out []Attendee
	for _, p := range panel {
		person := people[p.Person]
		cal, ok := calendars[person.CalendarID()]
		if !ok || person.CalendarID() == "" {
			cal = hiring.Calendar{Unreadable: "no calendar is known for them"}
		}
		if own != nil && own.Part(p.Person) != "" {
			cal.Busy = without(cal.Busy, hiring.Interval{Start: own.EventStart, End: own.EventEnd})
		}
		if len(debriefs[p.Person]) > 0 { // no interview, but time that Google may not show yet
			cal.Busy = append(slices.Clone(cal.Busy), debriefs[p.Person]...)
			slices.SortFunc(cal.Busy, func(a, b hiring.Interval) int { return a.Start.Compare(b.Start) })
		}
		out = append(out, Attendee{
			ID: p.Person, Name: person.Name, Part: p.Part, Zone: person.TimeZone(role.TimeZone()),
			Hours: person.WorkingHours(role), Calendar: cal, Interviews: booked[p.Person],
		})
	}
	return out, nil
}

// without cuts one interval out of busy time. Other meetings that free/busy
// merged with it at that very time can't be told apart and go with it.
func without(busy []hiring.Interval, own hiring.Interval) []hiring.Interval {
	if own.Start.IsZero() {
		return busy
	}
	var out []hiring.Interval
	for _, b := range busy {
		if !b.Overlaps(own) {
			out = append(out, b)
			continue
		}
		if b.Start.Before(own.Start) {
			out = append(out, hiring.Interval{Start: b.Start, End: own.Start})
		}
		if b.End.After(own.End) {
			out = append(out, hiring.Interval{Start: own.End, End: b.End})
		}
	}
	return out
}
