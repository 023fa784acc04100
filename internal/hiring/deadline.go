package hiring

import "time"

// A DeadlineRule says when a candidate must have been told after an interview.
type DeadlineRule struct {
	Kind     string        // "weekday_after_week": the Weekday after the interview's week (Monday to Sunday); "business_days": Days working days after it
	Weekday  time.Weekday  // for "weekday_after_week"
	Days     int           // for "business_days"
	EOD      time.Duration // wall clock since midnight, role's zone
	Holiday  string        // "same": the day stays; "next_business_day": it moves
	RuleText string        // the document's own words, if stated
}

// The kinds and holiday policies of a DeadlineRule.
const (
	WeekdayAfterWeek = "weekday_after_week"
	BusinessDays     = "business_days"

	HolidaySame = "same"
	HolidayNext = "next_business_day"
)

// Due returns the instant by which a candidate interviewed at the given time
// must have been told. The interview's week runs Monday to Sunday in zone.
// isHoliday is asked with a day at noon in zone; nil means no holidays.
func (d DeadlineRule) Due(interview time.Time, zone *time.Location, isHoliday func(time.Time) bool) time.Time {
	day := noon(interview.In(zone))
	switch d.Kind {
	case BusinessDays:
		for left := d.Days; left > 0; {
			day = day.AddDate(0, 0, 1)
			if isBusinessDay(day, isHoliday) {
				left--
			}
		}
	default:
		sinceMonday := (int(day.Weekday()) + 6) % 7
		nextMonday := day.AddDate(0, 0, 7-sinceMonday)
		day = nextMonday.AddDate(0, 0, (int(d.Weekday)+6)%7)
	}
	if d.Holiday == HolidayNext {
		for !isBusinessDay(day, isHoliday) {
			day = day.AddDate(0, 0, 1)
		}
	}
	return AtClock(day, d.EOD)
}

// AtClock returns the instant at which a wall clock in day's zone shows the
// given time since midnight. A time that the zone skips that day is moved
// forward by the length of the gap; of a repeated one the first is meant.
func AtClock(day time.Time, sinceMidnight time.Duration) time.Time {
	h, m := int(sinceMidnight/time.Hour), int(sinceMidnight%time.Hour/time.Minute)
	wall := time.Date(day.Year(), day.Month(), day.Day(), h, m, 0, 0, time.UTC)
	// Which of two possible instants time.Date takes isn't defined, and differs
	// between east and west. Zones are less than a day from UTC, so these are
	// their offsets before and after.
	_, before := wall.Add(-24 * time.Hour).In(day.Location()).Zone()
	_, after := wall.Add(24 * time.Hour).In(day.Location()).Zone()
	first := wall.Add(-time.Duration(before) * time.Second).In(day.Location())
	if before == after || shows(first, wall) {
		return first
	}
	if second := wall.Add(-time.Duration(after) * time.Second).In(day.Location()); shows(second, wall) {
		return second
	}
	return first // skipped: the old offset lands as far behind the gap as the gap is long
}

// shows reports whether t's zone shows the wall clock then, which is given as
// a time in UTC.
func shows(t, wall time.Time) bool {
	return t.Day() == wall.Day() && t.Hour() == wall.Hour() && t.Minute() == wall.Minute()
}

// noon avoids the hours around midnight that some zones skip.
func noon(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, t.Location())
}

func isBusinessDay(day time.Time, isHoliday func(time.Time) bool) bool {
	if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		return false
	}
	return isHoliday == nil || !isHoliday(day)
}
