package scorecard

import (
	"time"

	"convene/internal/hiring"
)

// HeadsUp returns when the person's last working day before the day of a case's
// deadline begins; usually the Friday before a Monday. The nag of that day is the
// heads-up for whose scorecard is late: there is no second message.
func (s *Service) HeadsUp(p hiring.Person, c *hiring.Case) time.Time {
	return s.week(p, c.Role).before(c.Interview.Deadline.In(c.Role.TimeZone()))
}

// before returns when the last working day before a day, which is meant by its
// date alone, begins; zero where there is none to be found.
func (w Week) before(day time.Time) time.Time {
	for n := 1; n <= 60; n++ { // the longest run of days off that we plan for
		last := time.Date(day.Year(), day.Month(), day.Day()-n, 12, 0, 0, 0, w.Zone)
		if w.works(last) {
			return hiring.AtClock(last, w.Hours.Start)
		}
	}
	return time.Time{}
}

// firstNag returns when a scorecard that could be filled in since a time is first
// reminded of: after the role's time for it, but not on a later day than that of
// the heads-up, where that is still to come.
func (s *Service) firstNag(p hiring.Person, c *hiring.Case, since time.Time) time.Time {
	week := s.week(p, c.Role)
	at, headsUp := week.Next(since.Add(c.Role.NagAfter.V)), s.HeadsUp(p, c)
	if headsUp.After(since) && headsUp.Format(time.DateOnly) < at.In(week.Zone).Format(time.DateOnly) {
		return headsUp
	}
	return at
}
