package fakegoogle

import (
	"slices"
	"time"
)

// maxFreeBusyCalendars is Google's calendarExpansionMax.
// https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query
const maxFreeBusyCalendars = 50

// interval is busy time.
type interval struct{ start, end time.Time }

func (s *Server) queryFreeBusy(c *call) (any, error) {
	var q freeBusyRequest
	if err := s.decode(c.body, &q); err != nil {
		return nil, err
	}
	if q.TimeMin == "" {
		return nil, errRequired("Missing timeMin parameter.")
	}
	if q.TimeMax == "" {
		return nil, errRequired("Missing timeMax parameter.")
	}
	from, err := time.Parse(time.RFC3339, q.TimeMin)
	if err != nil {
		return nil, errBadRequest("Bad Request")
	}
	to, err := time.Parse(time.RFC3339, q.TimeMax)
	if err != nil {
		return nil, errBadRequest("Bad Request")
	}
	zone := utc
	if q.TimeZone != "" {
		if zone, err = loadZone(q.TimeZone); err != nil {
			return nil, errInvalid("Invalid time zone.")
		}
	}
	switch {
	case !to.After(from):
		return nil, errRangeEmpty()
	case to.Sub(from) > s.opt.MaxFreeBusyRange:
		return nil, errRangeTooLong()
	case q.CalendarExpansionMax > maxFreeBusyCalendars || q.GroupExpansionMax > 100:
		return nil, errInvalid("The expansion maximum is too large.")
	case len(q.Items) > maxFreeBusyCalendars && s.opt.FreeBusyOverflow == "refuse":
		return nil, errInvalid("Too many calendars requested.")
	}
	answer := freeBusyAnswer{
		Kind: "calendar#freeBusy", TimeMin: from.UTC().Format("2006-01-02T15:04:05.000Z"), TimeMax: to.UTC().Format("2006-01-02T15:04:05.000Z"),
		Calendars: map[string]freeBusyInfo{},
	}
	for i, item := range q.Items {
		if i >= maxFreeBusyCalendars && s.opt.FreeBusyOverflow == "omit" {
			break
		}
		if slices.Contains(s.opt.FreeBusyMissing, item.ID) {
			continue
		}
		if i >= maxFreeBusyCalendars && s.opt.FreeBusyOverflow == "errors" {
			answer.Calendars[item.ID] = unreadable("tooManyCalendarsRequested")
			continue
		}
		cal, err := s.calendarFor(c, item.ID, "freeBusyReader")
		if err != nil {
			answer.Calendars[item.ID] = unreadable("notFound")
			continue
		}
		info := freeBusyInfo{Busy: []freeBusyTime{}}
		for _, b := range s.busy(cal, from, to) {
			info.Busy = append(info.Busy, freeBusyTime{b.start.In(zone).Format(time.RFC3339), b.end.In(zone).Format(time.RFC3339)})
		}
		answer.Calendars[item.ID] = info
	}
	return answer, nil
}

// unreadable is the row of a calendar that could not be read. Google answers it with status 200 and an empty busy list.
func unreadable(reason string) freeBusyInfo {
	return freeBusyInfo{Errors: []freeBusyError{{"global", reason}}, Busy: []freeBusyTime{}}
}

// busy is a calendar's busy time within a range: clipped to it, sorted, and merged unless switched off.
func (s *Server) busy(cal *calendar, from, to time.Time) []interval {
	var all []interval
	for _, e := range cal.Events {
		if !s.blocks(cal, e) {
			continue
		}
		for _, i := range expand(cal, e, to) {
			start, end := i.Event.span(cal.zone())
			if overlap(start, end, from, to) {
				all = append(all, interval{latest(start, from), earliest(end, to)})
			}
		}
	}
	slices.SortFunc(all, func(a, b interval) int { return a.start.Compare(b.start) })
	if s.opt.UnmergedBusy {
		return all
	}
	var merged []interval
	for _, b := range all {
		if n := len(merged); n > 0 && !b.start.After(merged[n-1].end) {
			merged[n-1].end = latest(merged[n-1].end, b.end)
			continue
		}
		merged = append(merged, b)
	}
	return merged
}

// blocks says whether a copy makes its calendar busy.
func (s *Server) blocks(cal *calendar, e *entry) bool {
	ev := &e.Event
	if ev.Status == "cancelled" || e.Hidden || ev.Transparency == "transparent" || ev.EventType == "workingLocation" || ev.EventType == "birthday" {
		return false
	}
	if i := find(ev.Attendees, cal.ID); i >= 0 {
		switch ev.Attendees[i].ResponseStatus {
		case "declined":
			return s.opt.DeclinedBusy
		case "needsAction":
			return !s.opt.NeedsActionFree
		}
	}
	return true
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
