package schedule

import (
	"fmt"
	"slices"
	"time"

	"convene/internal/hiring"
)

// The rules for one slot and one person, one after the other, so that what keeps
// somebody can be said. The search (grid.go) keeps the same rules for all slots
// at once.

const outsideHours = "works at other hours"

// blocked says why the slot doesn't suit the person; "" when it does.
func (q *Question) blocked(a Attendee, slot hiring.Interval) string {
	if a.Calendar.Unreadable != "" {
		return "has a calendar that can't be read"
	}
	day := slot.Start.In(a.Zone)
	if !a.Hours.On(day.Weekday()) || !within(slot, a.Zone, a.Hours.Start, a.Hours.End) {
		return outsideHours
	}
	padded := hiring.Interval{Start: slot.Start.Add(-q.Buffer), End: slot.End.Add(q.Buffer)}
	for _, b := range a.Calendar.Busy {
		if b.Start.Before(b.End) && b.Overlaps(padded) {
			return "is busy"
		}
	}
	for _, b := range a.Interviews {
		if b.Start.Before(b.End) && b.Overlaps(padded) {
			return "is in another interview"
		}
	}
	if q.PerDay > 0 && count(a, func(t time.Time) bool { return sameDay(t, day) }) >= q.PerDay {
		return fmt.Sprintf("already has %s that day", interviews(q.PerDay))
	}
	if q.PerWeek > 0 && weekLoad(a, day) >= q.PerWeek {
		return fmt.Sprintf("already has %s that week", interviews(q.PerWeek))
	}
	return ""
}

// within reports whether the slot lies between two times of one day's wall
// clock, and on no time that the clock shows twice.
func within(slot hiring.Interval, zone *time.Location, from, to time.Duration) bool {
	start, end := slot.Start.In(zone), slot.End.In(zone)
	midnight := time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, time.UTC)
	shown := func(t time.Time) time.Duration { // since that midnight
		_, offset := t.Zone()
		return t.Add(time.Duration(offset) * time.Second).Sub(midnight)
	}
	return shown(start) >= from && shown(end) <= to && !shownTwice(slot, zone)
}

// shownTwice reports whether the slot touches a time that the zone's clock shows
// twice, the first time or the second.
func shownTwice(slot hiring.Interval, zone *time.Location) bool {
	before, after := slot.Start.Add(-12*time.Hour).In(zone), slot.End.Add(12*time.Hour).In(zone)
	_, change := before.ZoneBounds()
	if change.IsZero() || !change.Before(after) {
		return false
	}
	_, was := before.Zone()
	_, is := change.Zone()
	back := time.Duration(was-is) * time.Second
	return back > 0 && slot.Overlaps(hiring.Interval{Start: change.Add(-back), End: change.Add(back)})
}

func interviews(n int) string {
	if n == 1 {
		return "an interview"
	}
	return fmt.Sprintf("%d interviews", n)
}

func (q *Question) candidateCan(slot hiring.Interval) bool {
	return within(slot, q.CandidateZone, q.Earliest, q.Latest)
}

func (q *Question) holiday(start time.Time) bool {
	return q.Holiday != nil && q.Holiday(start.In(q.RoleZone))
}

// count counts a person's interviews by when they start, each once.
func count(a Attendee, in func(time.Time) bool) int {
	n := 0
	for i, iv := range a.Interviews {
		same := func(o hiring.Interval) bool { return o.Start.Equal(iv.Start) && o.End.Equal(iv.End) }
		if in(iv.Start.In(a.Zone)) && !slices.ContainsFunc(a.Interviews[:i], same) {
			n++
		}
	}
	return n
}

func weekLoad(a Attendee, day time.Time) int {
	y, w := day.ISOWeek()
	return count(a, func(t time.Time) bool {
		ty, tw := t.ISOWeek()
		return ty == y && tw == w
	})
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
