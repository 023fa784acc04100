package schedule

import (
	"time"

	"convene/internal/hiring"
)

// The rules for one slot, one after the other: the search (grid.go) keeps the
// same for all slots at once.

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

func (q *Question) candidateCan(slot hiring.Interval) bool {
	return within(slot, q.CandidateZone, q.Earliest, q.Latest)
}

func (q *Question) holiday(start time.Time) bool {
	return q.Holiday != nil && q.Holiday(start.In(q.RoleZone))
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
