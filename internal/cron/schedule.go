package cron

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	robfig "github.com/robfig/cron/v3"
)

// A Schedule is a parsed cron line of five fields (minute, hour, day of month,
// month, day of week). It means wall-clock times; the zone is given with each
// question, since every role has its own.
//
// A wall-clock time that a zone skips when its clocks go forward means the
// first moment after the gap. One that a zone repeats when its clocks go back
// means the first of the two. So a day never loses or doubles an occurrence.
type Schedule struct {
	line string
	spec *robfig.SpecSchedule
}

// Parse reads a cron line such as "0 16 * * MON". Its errors say what a line
// must look like. Zones (TZ=, CRON_TZ=) and @-words are refused: the zone is
// the role's, and "@every" has no hour.
func Parse(line string) (Schedule, error) {
	fields := strings.Fields(line)
	switch {
	case len(fields) == 0:
		return Schedule{}, errors.New(`the schedule is empty: write five fields, e.g. "0 16 * * MON" for Mondays at 16:00`)
	case strings.Contains(fields[0], "="):
		// The parser would take a zone, and panics on one without a schedule.
		return Schedule{}, fmt.Errorf("schedule %q names a zone: leave it out, the role's zone is used", line)
	case strings.HasPrefix(fields[0], "@"):
		return Schedule{}, fmt.Errorf(`schedule %q: @-words are not understood: write five fields, e.g. "0 16 * * MON" for Mondays at 16:00`, line)
	case len(fields) != 5:
		return Schedule{}, fmt.Errorf("schedule %q has %d fields instead of five: minute, hour, day of month, month, day of week", line, len(fields))
	}
	if slices.ContainsFunc(fields, func(f string) bool { return strings.Trim(f, ",") == "" }) {
		return Schedule{}, fmt.Errorf("schedule %q has a field without a value: write * for any", line)
	}
	parser := robfig.NewParser(robfig.Minute | robfig.Hour | robfig.Dom | robfig.Month | robfig.Dow)
	parsed, err := parser.Parse(strings.Join(fields, " "))
	if err != nil {
		return Schedule{}, fmt.Errorf("schedule %q: %w", line, err)
	}
	spec := *parsed.(*robfig.SpecSchedule) // what this parser returns for five fields
	spec.Location = time.UTC               // wall-clock times are reckoned as if in UTC; see instant
	s := Schedule{line: strings.Join(fields, " "), spec: &spec}
	if spec.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Schedule{}, fmt.Errorf("schedule %q never happens: no month has such a day", line)
	}
	return s, nil
}

// String returns the line that was parsed, with single spaces.
func (s Schedule) String() string { return s.line }

// Next returns the first occurrence after the given time, in UTC. It is the
// zero time for the zero Schedule.
func (s Schedule) Next(zone *time.Location, after time.Time) time.Time {
	if s.spec == nil {
		return time.Time{}
	}
	// instant never falls as the wall clock rises, so nothing before what the
	// wall shows now can come after now.
	for wall := s.spec.Next(wallClock(after.In(zone))); !wall.IsZero(); wall = s.spec.Next(wall) {
		if at := instant(wall, zone); at.After(after) {
			return at.UTC()
		}
	}
	return time.Time{}
}

// Prev returns the last occurrence at or before the given time, in UTC. It is
// the zero time if there was none in eight years, and for the zero Schedule.
func (s Schedule) Prev(zone *time.Location, at time.Time) time.Time {
	if s.spec == nil {
		return time.Time{}
	}
	const day = 24 * time.Hour
	wall := wallClock(at.In(zone))
	for _, back := range []time.Duration{2 * time.Hour, 2 * day, 9 * day, 40 * day, 370 * day, 8 * 366 * day} {
		if last := s.lastFrom(wall.Add(-back), zone, at); !last.IsZero() {
			return last.UTC()
		}
	}
	return time.Time{}
}

// lastFrom returns the last occurrence at or before a time among those whose
// wall-clock time is after from.
func (s Schedule) lastFrom(from time.Time, zone *time.Location, at time.Time) time.Time {
	var last time.Time
	for wall := s.spec.Next(from); !wall.IsZero(); wall = s.spec.Next(wall) {
		occurrence := instant(wall, zone)
		if occurrence.After(at) {
			break
		}
		last = occurrence
	}
	return last
}

// OnDay returns the schedule's first time of day on the date that day has in
// its own zone, whether or not the schedule names that date. A Monday 16:00
// that must run on a Tuesday once is OnDay of that Tuesday.
func (s Schedule) OnDay(day time.Time) time.Time {
	if s.spec == nil {
		return time.Time{}
	}
	daily := *s.spec
	daily.Dom, daily.Month, daily.Dow = anyDay, anyDay, anyDay
	midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	return instant(daily.Next(midnight.Add(-time.Second)), day.Location()).UTC()
}

const anyDay = ^uint64(0) // every bit, and the parser's mark for a star

// Next parses a line and returns its first occurrence after the given time.
func Next(line string, zone *time.Location, after time.Time) (time.Time, error) {
	s, err := Parse(line)
	if err != nil {
		return time.Time{}, err
	}
	return s.Next(zone, after), nil
}

// Prev parses a line and returns its last occurrence at or before the given
// time.
func Prev(line string, zone *time.Location, at time.Time) (time.Time, error) {
	s, err := Parse(line)
	if err != nil {
		return time.Time{}, err
	}
	return s.Prev(zone, at), nil
}

// wallClock returns what a clock in t's zone shows, as a time in UTC.
func wallClock(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// instant returns the moment at which a clock in zone first shows the wall
// time (given as a time in UTC), or, if it skips that time, the first moment
// after the gap.
func instant(wall time.Time, zone *time.Location) time.Time {
	t := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, zone)
	start, end := t.ZoneBounds()
	shown := wallClock(t)
	switch {
	case shown.After(wall):
		return start // skipped, and t lies behind the gap
	case shown.Before(wall):
		return end // skipped, and t lies before the gap
	}
	if !start.IsZero() {
		_, offset := start.Add(-time.Nanosecond).Zone()
		earlier := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if earlier.Before(start) {
			return earlier // repeated: this is the first of the two
		}
	}
	return t
}
