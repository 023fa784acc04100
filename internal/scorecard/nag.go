package scorecard

import (
	"time"

	"convene/internal/hiring"
)

// A Week is when somebody works, as far as reminders need to know: the wall
// clock of their zone, and the days that are off.
type Week struct {
	Zone    *time.Location
	Hours   hiring.Hours
	Holiday func(day time.Time) bool // nil: there are none
}

// Next returns when somebody may next be reminded: the first quarter hour at or
// after the given time that lies in their working hours, on a working day that
// isn't a holiday.
func (w Week) Next(after time.Time) time.Time {
	local := after.In(w.Zone)
	for range 60 { // the longest run of days off that we plan for
		from, to := hiring.AtClock(local, w.Hours.Start), hiring.AtClock(local, w.Hours.End)
		if w.works(local) {
			at := from
			if after.After(from) {
				at = ceilQuarter(after)
			}
			if at.Before(to) {
				return at
			}
		}
		local = nextDay(local)
		after = hiring.AtClock(local, 0)
	}
	return after
}

// Tomorrow returns the first quarter hour of the working day after the one of
// the given time.
func (w Week) Tomorrow(now time.Time) time.Time {
	return w.Next(hiring.AtClock(nextDay(now.In(w.Zone)), 0))
}

// endOfDay is when a reminder that found no free quarter hour is sent.
const endOfDay = 16*time.Hour + 45*time.Minute

// Last returns by when a reminder of that day is sent, whatever else the person
// has to do: at 16:45, or in the last quarter hour of the day where it ends
// before 17:00, begins after 16:45, or 16:45 is over. now lies in their hours.
func (w Week) Last(now time.Time) time.Time {
	local := now.In(w.Zone)
	from, to := hiring.AtClock(local, w.Hours.Start), hiring.AtClock(local, w.Hours.End)
	end := to.Add(-quarter).Truncate(quarter)
	if end.Before(from) {
		return from
	}
	if at := hiring.AtClock(local, endOfDay); at.Before(end) && !at.Before(from) && !at.Before(now.Truncate(quarter)) {
		return at
	}
	return end
}

// Days counts the working days from the one of first to that of now, both
// included; it is 1 at least.
func (w Week) Days(first, now time.Time) int {
	n, end := 1, now.In(w.Zone).Format(time.DateOnly)
	for day := first.In(w.Zone); day.Format(time.DateOnly) < end; {
		if day = nextDay(day); w.works(day) {
			n++
		}
	}
	return n
}

func (w Week) works(day time.Time) bool {
	return w.Hours.On(day.Weekday()) && (w.Holiday == nil || !w.Holiday(day))
}

// nextDay returns noon of the day after, in the same zone.
func nextDay(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day()+1, 12, 0, 0, 0, day.Location())
}

// FreeQuarter returns when a reminder that may be sent now is sent: in the first
// quarter hour, of those that aren't over, in which the calendar has nothing; at
// the latest at last. That may be now. A calendar that can't be read is never
// free.
func FreeQuarter(now, last time.Time, cal hiring.Calendar) time.Time {
	if cal.Unreadable != "" && now.Before(last) {
		return last
	}
	for at := now.Truncate(quarter); at.Before(last); at = at.Add(quarter) {
		if free(cal.Busy, hiring.Interval{Start: at, End: at.Add(quarter)}) {
			return later(at, now)
		}
	}
	return later(last, now)
}

func free(busy []hiring.Interval, at hiring.Interval) bool {
	for _, b := range busy {
		if b.Overlaps(at) {
			return false
		}
	}
	return true
}

// quarter is the grid of reminders.
const quarter = 15 * time.Minute

func ceilQuarter(t time.Time) time.Time {
	if r := t.Truncate(quarter); r.Before(t) {
		return r.Add(quarter)
	}
	return t
}

// Escalation returns to whom the reminder on the n-th working day of one
// missing scorecard is also told (n counts from 1, the day of its first
// reminder), or "" while it is only between us and the panelist. It climbs the
// ladder one step with each further day and stays at the top.
func Escalation(n, daysBefore int, ladder []string) string {
	step := n - daysBefore - 1
	if step < 0 || len(ladder) == 0 {
		return ""
	}
	return ladder[min(step, len(ladder)-1)]
}
