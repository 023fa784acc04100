package fakegoogle

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxInstances bounds the expansion of a series that never ends.
const maxInstances = 750

// rule is the part of an RRULE that this server expands: daily and weekly series.
type rule struct {
	weekly   bool
	interval int
	count    int       // 0: no limit
	until    time.Time // zero: no limit
	days     []time.Weekday
}

var weekdays = map[string]time.Weekday{
	"SU": time.Sunday, "MO": time.Monday, "TU": time.Tuesday, "WE": time.Wednesday, "TH": time.Thursday, "FR": time.Friday, "SA": time.Saturday,
}

// parseRule reads an RRULE line; ok is false for rules that are not expanded here (monthly, yearly).
func parseRule(line string) (r rule, ok bool) {
	text, found := strings.CutPrefix(line, "RRULE:")
	if !found {
		return r, false
	}
	r.interval = 1
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		switch name {
		case "FREQ":
			r.weekly = value == "WEEKLY"
			if value != "WEEKLY" && value != "DAILY" {
				return r, false
			}
		case "INTERVAL":
			r.interval, _ = strconv.Atoi(value)
		case "COUNT":
			r.count, _ = strconv.Atoi(value)
		case "UNTIL":
			at, err := time.Parse("20060102T150405Z", value)
			if err != nil {
				if at, err = time.Parse("20060102", value); err != nil {
					return r, false
				}
				at = at.AddDate(0, 0, 1)
			}
			r.until = at
		case "BYDAY":
			for name := range strings.SplitSeq(value, ",") {
				day, known := weekdays[name]
				if !known {
					return r, false
				}
				r.days = append(r.days, day)
			}
		}
	}
	return r, r.interval > 0
}

// starts are the starts of a series, by wall clock in its zone, up to a moment.
func (r rule) starts(first time.Time, before time.Time) []time.Time {
	var all []time.Time
	for n := 0; len(all) < maxInstances; n++ {
		at := first.AddDate(0, 0, n)
		if !at.Before(before) || !r.until.IsZero() && at.After(r.until) || r.count > 0 && len(all) >= r.count {
			break
		}
		if r.has(first, at, n) {
			all = append(all, at)
		}
	}
	return all
}

func (r rule) has(first, at time.Time, days int) bool {
	if !r.weekly {
		return days%r.interval == 0 && (len(r.days) == 0 || slices.Contains(r.days, at.Weekday()))
	}
	// Weeks begin on Monday, as in RFC 5545.
	week := (days + (int(first.Weekday())+6)%7) / 7
	if week%r.interval != 0 {
		return false
	}
	if len(r.days) == 0 {
		return at.Weekday() == first.Weekday()
	}
	return slices.Contains(r.days, at.Weekday())
}

// expand lists the instances of a series that start before a moment.
func expand(cal *calendar, e *entry, before time.Time) []*entry {
	var rules []rule
	for _, line := range e.Event.Recurrence {
		if r, ok := parseRule(line); ok {
			rules = append(rules, r)
		}
	}
	if len(rules) == 0 {
		return []*entry{e}
	}
	zone := cal.zone()
	if e.Event.Start.TimeZone != "" {
		zone, _ = loadZone(e.Event.Start.TimeZone) // checked when it was stored
	}
	first, end := e.Event.span(cal.zone())
	length := end.Sub(first)
	var all []*entry
	for _, start := range rules[0].starts(first.In(zone), before) {
		all = append(all, instance(e, start, start.Add(length)))
	}
	return all
}

func instance(series *entry, start, end time.Time) *entry {
	copied := *series
	ev := &copied.Event
	ev.RecurringEventID = ev.ID
	ev.Recurrence = nil
	if series.Event.Start.Date != "" {
		ev.ID += "_" + start.Format("20060102")
		ev.Start, ev.End = &EventTime{Date: start.Format(day)}, &EventTime{Date: end.Format(day)}
	} else {
		ev.ID += "_" + start.UTC().Format("20060102T150405Z")
		ev.Start = &EventTime{DateTime: start.Format(time.RFC3339), TimeZone: series.Event.Start.TimeZone}
		ev.End = &EventTime{DateTime: end.Format(time.RFC3339), TimeZone: series.Event.End.TimeZone}
	}
	ev.OriginalStartTime = ev.Start
	return &copied
}

// instances are those of a series that a list asks for.
func (f *filter) instances(cal *calendar, e *entry) []*entry {
	before := f.timeMax
	if before.IsZero() {
		start, _ := e.Event.span(cal.zone())
		before = start.AddDate(2, 0, 0)
	}
	return slices.DeleteFunc(expand(cal, e, before), func(i *entry) bool {
		start, end := i.Event.span(cal.zone())
		return !f.inRange(start, end)
	})
}

func (s *Server) listInstances(c *call) (any, error) {
	cal, e, err := s.eventFor(c, s.listRole())
	if err != nil {
		return nil, err
	}
	size, err := s.pageSize(c.query)
	if err != nil {
		return nil, err
	}
	if token := c.query.Get("pageToken"); token != "" {
		return s.nextPage(c, cal, token, size)
	}
	f, err := s.parseFilter(c, cal)
	if err != nil {
		return nil, err
	}
	l := &listing{calendar: cal.ID, generation: cal.SyncGeneration, query: listKey(c.query)}
	if len(e.Event.Recurrence) > 0 {
		for _, i := range f.instances(cal, e) {
			l.items = append(l.items, s.view(c.who.Email, cal, i, f.zone, f.maxAttendees))
		}
	}
	return s.page(c, cal, l, 0, size), nil
}
