package scorecard

import (
	"time"

	"convene/internal/hiring"
)

// NextNag returns when a person may next be reminded: the first quarter hour at
// or after the given time that lies in their working hours, on a working day
// that isn't a holiday. Working hours are wall clock in zone.
func NextNag(after time.Time, zone *time.Location, hours hiring.Hours, holiday func(day time.Time) bool) time.Time {
	local := after.In(zone)
	for range 60 { // the longest run of days off that we plan for
		from, to := hiring.AtClock(local, hours.Start), hiring.AtClock(local, hours.End)
		if hours.On(local.Weekday()) && (holiday == nil || !holiday(local)) {
			at := from
			if after.After(from) {
				at = ceilQuarter(after)
			}
			if at.Before(to) {
				return at
			}
		}
		next := local.AddDate(0, 0, 1)
		local = time.Date(next.Year(), next.Month(), next.Day(), 12, 0, 0, 0, zone)
		after = hiring.AtClock(local, 0)
	}
	return after
}

// quarter is the grid of reminders.
const quarter = 15 * time.Minute

func ceilQuarter(t time.Time) time.Time {
	if r := t.Truncate(quarter); r.Before(t) {
		return r.Add(quarter)
	}
	return t
}

// Escalation returns to whom the n-th nag of one missing scorecard is also
// told (n counts from 1), or "" while it is only between us and the panelist.
// It climbs the ladder one step with each further nag and stays at the top.
func Escalation(n, nagsBefore int, ladder []string) string {
	step := n - nagsBefore - 1
	if step < 0 || len(ladder) == 0 {
		return ""
	}
	return ladder[min(step, len(ladder)-1)]
}
