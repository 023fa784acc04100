package role

import (
	"fmt"
	"slices"
	"time"

	"convene/internal/hiring"
)

func checkTimes(role *hiring.Role, r *reader) {
	h := role.Hours.V
	for i, d := range role.Holidays.V.Extra {
		if d != "" && slices.Contains(role.Holidays.V.Extra[:i], d) {
			r.report(r.at(fmt.Sprintf("holidays.extra[%d]", i)), fmt.Sprintf("%s is named twice", d), "keep one")
		}
	}
	for i, d := range h.Days {
		if slices.Contains(h.Days[:i], d) {
			r.report(r.at(fmt.Sprintf("hours.days[%d]", i)), fmt.Sprintf("%s is named twice", d), "keep one")
		}
	}
	if r.sound("min_notice") && r.sound("horizon") && role.MinNotice.V >= role.Horizon.V {
		r.report(r.at("min_notice"), fmt.Sprintf("slots are offered %s ahead, with %s of notice", spanWords(role.Horizon.V), spanWords(role.MinNotice.V)), "make “horizon” longer than “min_notice”, or no slot is ever offered")
	}
	if r.sound("per_day") && r.sound("per_week") && role.PerDay.V > role.PerWeek.V {
		r.report(r.at("per_day"), fmt.Sprintf("%d interviews a day are more than the %d a week", role.PerDay.V, role.PerWeek.V), "make “per_week” at least as large as “per_day”")
	}

	if !r.sound("hours") {
		return
	}
	if h.End <= h.Start {
		r.report(r.at("hours"), fmt.Sprintf("the working day ends at %s and starts at %s", ClockWords(h.End), ClockWords(h.Start)), "let it end later than it starts")
		return
	}
	for i, s := range role.Stages {
		if s.Kind == hiring.StageInterview {
			checkStageTimes(s, fmt.Sprintf("stages[%d]", i), h, r)
			checkPromise(role, s, fmt.Sprintf("stages[%d].deadline", i), r)
		}
	}
}

func checkStageTimes(s hiring.Stage, path string, h hiring.Hours, r *reader) {
	if s.Duration.V > h.End-h.Start {
		r.report(r.at(path+".duration"), fmt.Sprintf("an interview of %s does not fit the working day", spanWords(s.Duration.V)), "shorten it, or widen “hours”")
	}
	d := s.Deadline.V
	if r.sound(path+".deadline") && (d.EOD <= h.Start || d.EOD > h.End+2*time.Hour) {
		r.warn(r.at(path+".deadline.eod"), fmt.Sprintf("the deadline's day ends at %s, working hours are %s to %s", ClockWords(d.EOD), ClockWords(h.Start), ClockWords(h.End)), "check “eod”")
	}
	if r.sound(path+".deadline") && d.Kind == hiring.WeekdayAfterWeek && !h.On(d.Weekday) {
		r.warn(r.at(path+".deadline.weekday"), fmt.Sprintf("the deadline is on a %s, which is no working day", d.Weekday), "check “weekday” and the days of “hours”")
	}
}

// checkPromise finds deadlines by which nobody can have scored: it looks at the
// latest interview of each working day, in a week without holidays.
func checkPromise(role *hiring.Role, s hiring.Stage, path string, r *reader) {
	if !r.has(path) || !r.sound(path) || !r.sound("nag_after") {
		return
	}
	h, rule := role.Hours.V, s.Deadline.V
	monday := time.Date(2026, time.November, 16, 0, 0, 0, 0, time.UTC)
	for i := range 7 {
		day := monday.AddDate(0, 0, i)
		if !h.On(day.Weekday()) {
			continue
		}
		end := day.Add(h.End)
		due, morning := rule.Due(end, time.UTC, nil), day.AddDate(0, 0, 1).Add(h.Start)
		what := fmt.Sprintf("after an interview on a %s the candidate must be told by %s, %s", day.Weekday(), due.Weekday(), ClockWords(rule.EOD))
		switch {
		case !due.After(morning):
			r.report(r.at(path), what+", before anybody can have scored it", fmt.Sprintf("the working day starts at %s: let “eod” be later, or give it a day more", ClockWords(h.Start)))
			return
		case due.Sub(end) <= role.NagAfter.V:
			r.warn(r.at(path), fmt.Sprintf("%s, and the first reminder of a missing scorecard comes %s after the interview", what, spanWords(role.NagAfter.V)), "shorten “nag_after”, or choose a later day")
			return
		}
	}
}
