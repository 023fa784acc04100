package hiring

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const day = 24 * time.Hour

// ClockWords writes a wall clock time, e.g. "17:00".
func ClockWords(sinceMidnight time.Duration) string {
	return fmt.Sprintf("%d:%02d", int(sinceMidnight.Hours()), int(sinceMidnight.Minutes())%60)
}

// SpanWords writes a length of time, e.g. "1 hour 30 minutes". Days are said
// from two on: 24 hours is not the same as the next working day.
func SpanWords(d time.Duration) string {
	if d == 0 {
		return "none"
	}
	if d >= 2*day && d%day == 0 {
		return Counted(int(d/day), "day")
	}
	var parts []string
	if h := int(d / time.Hour); h > 0 {
		parts = append(parts, Counted(h, "hour"))
	}
	if m := int(d % time.Hour / time.Minute); m > 0 {
		parts = append(parts, Counted(m, "minute"))
	}
	return strings.Join(parts, " ")
}

// Counted writes a number of things, e.g. "1 day" or "3 days".
func Counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// DayWords writes the working days from Monday on, e.g. "Monday to Friday".
func (h Hours) DayWords() string {
	sorted := slices.Clone(h.Days)
	slices.SortFunc(sorted, func(a, b time.Weekday) int { return (int(a)+6)%7 - (int(b)+6)%7 })
	if slices.Equal(sorted, []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}) {
		return "Monday to Friday"
	}
	names := make([]string, len(sorted))
	for i, d := range sorted {
		names[i] = d.String()
	}
	return strings.Join(names, ", ")
}

// Words writes the hours, e.g. "Monday to Friday, 9:00 to 17:00".
func (h Hours) Words() string {
	return h.DayWords() + ", " + ClockWords(h.Start) + " to " + ClockWords(h.End)
}

// Words writes the holidays, e.g. "calendar of US, 2026-12-24".
func (h Holidays) Words() string {
	var parts []string
	if h.Country != "" {
		parts = append(parts, "calendar of "+h.Country)
	}
	parts = append(parts, h.Extra...)
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

// Words writes the place, e.g. "link: https://example.com/room".
func (l Location) Words() string {
	words := map[string]string{"meet": "Google Meet", "link": "link", "phone": "by phone", "place": "in person"}[l.Kind]
	if l.Text != "" {
		words += ": " + l.Text
	}
	if l.TravelTime() > 0 {
		words += ", " + SpanWords(l.Travel) + " of travel"
	}
	return words
}

// TravelTime is kept free on both sides of an interview at a place.
func (l Location) TravelTime() time.Duration {
	if l.Kind != "place" {
		return 0
	}
	return l.Travel
}

// DayWords writes the day of the rule, e.g. "Monday after the interview's week".
func (d DeadlineRule) DayWords() string {
	if d.Kind == BusinessDays {
		return Counted(d.Days, "working day") + " after the interview"
	}
	return fmt.Sprintf("%s after the interview's week", d.Weekday)
}

// HolidayWords writes what happens when that day is a holiday.
func (d DeadlineRule) HolidayWords() string {
	if d.Holiday == HolidaySame {
		return "the same day"
	}
	return "the next working day"
}
