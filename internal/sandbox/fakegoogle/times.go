package fakegoogle

import (
	"time"
)

const day = "2006-01-02"

// normalizeTime checks a start or end ("which") and writes its dateTime with an offset.
func normalizeTime(t *EventTime, which string) error {
	if t == nil || t.Date == "" && t.DateTime == "" {
		return errRequired("Missing " + which + " time.")
	}
	if t.Date != "" && t.DateTime != "" {
		return errInvalid("Invalid " + which + " time: both date and dateTime are set.")
	}
	zone := time.UTC
	if t.TimeZone != "" {
		var err error
		if zone, err = loadZone(t.TimeZone); err != nil {
			return errInvalid("Invalid time zone definition for " + which + " time.")
		}
	}
	if t.Date != "" {
		if _, err := time.Parse(day, t.Date); err != nil {
			return errInvalid("Invalid value for: " + which + ".date")
		}
		return nil
	}
	if at, err := time.Parse(time.RFC3339, t.DateTime); err == nil {
		if t.TimeZone == "" { // keep the offset that was sent
			t.DateTime = at.Format(time.RFC3339)
		} else {
			t.DateTime = at.In(zone).Format(time.RFC3339)
		}
		return nil
	}
	at, err := time.ParseInLocation("2006-01-02T15:04:05", t.DateTime, zone)
	if err != nil {
		return errInvalid("Invalid value for: " + which + ".dateTime")
	}
	if t.TimeZone == "" {
		return errRequired("Missing time zone definition for " + which + " time.")
	}
	t.DateTime = at.Format(time.RFC3339)
	return nil
}

// instant is the moment an event time stands for; a day begins at midnight in the calendar's zone.
func (t *EventTime) instant(calendarZone *time.Location) time.Time {
	if t == nil {
		return time.Time{}
	}
	if t.Date != "" {
		at, _ := time.ParseInLocation(day, t.Date, calendarZone) // checked when it was stored
		return at
	}
	at, _ := time.Parse(time.RFC3339, t.DateTime) // checked when it was stored
	return at
}

// span is when an event starts and ends.
func (e *Event) span(calendarZone *time.Location) (start, end time.Time) {
	return e.Start.instant(calendarZone), e.End.instant(calendarZone)
}

func (c *calendar) zone() *time.Location {
	zone, err := loadZone(c.TimeZone)
	if err != nil {
		return time.UTC // unreachable: checked when the calendar was added
	}
	return zone
}

// in shows an event time in a zone, as answers do; the strings differ from what was sent, the moments don't.
func (t *EventTime) in(zone *time.Location) *EventTime {
	if t == nil || t.DateTime == "" {
		return t
	}
	shown := *t
	shown.DateTime = t.instant(zone).In(zone).Format(time.RFC3339)
	if shown.TimeZone == "" {
		shown.TimeZone = zone.String()
	}
	return &shown
}

func overlap(start, end, from, to time.Time) bool { return start.Before(to) && end.After(from) }
