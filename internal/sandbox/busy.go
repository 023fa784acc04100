package sandbox

import (
	"fmt"
	"strings"
	"time"
)

// A meeting repeats in the two weeks that are filled.
type meeting struct {
	days  string // of M T W R F, in both weeks; "1" or "2" after a letter: in that week only
	start string // wall clock of the company
	long  time.Duration
	title string
	free  bool // shown as available
}

const (
	quarter = 15 * time.Minute
	half    = 30 * time.Minute
	hour    = time.Hour
)

// calendars is what fills people's weeks: enough that not every hour is free,
// little enough that a panel of three finds one.
var calendars = map[string][]meeting{
	"karly@" + domain: {
		{"MTWRF", "09:00", quarter, "Team standup", false},
		{"MTWRF", "12:00", hour, "Lunch", false},
		{"MR", "10:00", hour, "Client: Badger Outdoor", false},
		{"TF", "13:30", hour, "Client: Lakeside Dental", false},
		{"W", "14:00", 3 * half, "Strategy review", false},
		{"W2", "10:00", 2 * hour, "Quarterly planning", false},
		{"T", "16:00", half, "1:1 with Mark", false},
		{"F", "15:00", 2 * hour, "Focus time", true},
	},
	"sebastian@" + domain: {
		{"MTWRF", "09:00", quarter, "Team standup", false},
		{"MTWRF", "11:30", hour, "Lunch", false},
		{"M", "13:00", 3 * half, "Capacity planning", false},
		{"TR", "10:00", hour, "Vendor call", false},
		{"W", "15:00", hour, "Ops review", false},
		{"F2", "08:00", 9 * hour, "Out of office", false},
	},
	"mark@" + domain: {
		{"M", "08:30", 2 * hour, "Finance", false},
		{"MTWRF", "12:30", hour, "Lunch", false},
		{"T", "16:00", half, "1:1 with Karly", false},
		{"WR", "09:30", 3 * half, "New business", false},
		{"R", "14:00", 2 * hour, "Board call", false},
		{"F", "13:00", 4 * hour, "Client visits in Madison", false},
	},
	"dana@" + domain: {
		{"MTWRF", "13:00", hour, "Lunch", false},
		{"TR", "11:00", hour, "Recruiting sync", false},
		{"W", "16:00", half, "Payroll", false},
	},
	"priya@" + domain: {{"MWF", "10:00", half, "IT desk", false}},
	"tom@" + domain:   {{"MTWRF", "13:00", 2 * hour, "Production", false}},
}

var weekdays = map[byte]time.Weekday{'M': time.Monday, 'T': time.Tuesday, 'W': time.Wednesday, 'R': time.Thursday, 'F': time.Friday}

// fillCalendar puts a person's meetings on their calendar, from the Monday of
// the clock's week on.
func (s *Sandbox) fillCalendar(email string) error {
	zone, err := time.LoadLocation(companyZone)
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	now := s.clock.Now().In(zone)
	monday := now.AddDate(0, 0, -(int(now.Weekday())+6)%7)
	for _, m := range calendars[email] {
		for week := range 3 { // the rest of this week and two more, which are two whole weeks at least
			for _, day := range m.on(week) {
				date := monday.AddDate(0, 0, 7*week+int(day)-1)
				start, err := time.ParseInLocation("2006-01-02 15:04", date.Format(time.DateOnly)+" "+m.start, zone)
				if err != nil {
					return fmt.Errorf("sandbox: %w", err)
				}
				if _, err := s.Google.AddBusy(email, m.title, start, start.Add(m.long), m.free); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// on returns the days of a week, counted from 0, on which the meeting is.
func (m meeting) on(week int) []time.Weekday {
	if n := len(m.days) - 1; strings.ContainsAny(m.days[n:], "12") {
		if int(m.days[n]-'1') != week {
			return nil
		}
		return []time.Weekday{weekdays[m.days[0]]}
	}
	var days []time.Weekday
	for i := range len(m.days) {
		days = append(days, weekdays[m.days[i]])
	}
	return days
}
