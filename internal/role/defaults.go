package role

import (
	"fmt"
	"time"

	"convene/internal/hiring"
)

// fillDefaults gives every setting that the bot can't run without, and that the
// file doesn't have, a generic value marked as chosen. Nothing else is filled in.
func fillDefaults(role *hiring.Role, r *reader) {
	choose(r, "zone", &role.Zone, "UTC")
	choose(r, "hours", &role.Hours, hiring.Hours{Days: workdays(), Start: 9 * time.Hour, End: 17 * time.Hour})
	if r.has("hours") && !r.has("hours.days") {
		role.Hours.V.Days = workdays()
		r.chosen["hours.days"] = !role.Hours.Chosen
	}
	choose(r, "holidays", &role.Holidays, hiring.Holidays{})
	choose(r, "min_notice", &role.MinNotice, day)
	choose(r, "horizon", &role.Horizon, 14*day)
	choose(r, "buffer", &role.Buffer, 15*time.Minute)
	choose(r, "per_day", &role.PerDay, 3)
	choose(r, "per_week", &role.PerWeek, 10)
	choose(r, "nag_after", &role.NagAfter, 16*time.Hour) // the next morning
	choose(r, "escalate_after", &role.Escalate, 2)
	choose(r, "sealed", &role.Sealed, false)
	for outcome, text := range genericNotices() {
		if !r.has("notices." + string(outcome)) {
			role.Notices[outcome] = text
			r.chosen["notices."+string(outcome)] = true
		}
	}
	for i := range role.Stages {
		if s := &role.Stages[i]; s.Kind == hiring.StageInterview {
			fillStage(s, fmt.Sprintf("stages[%d]", i), role.Hours.V.End, r)
		}
	}
}

func fillStage(s *hiring.Stage, path string, eod time.Duration, r *reader) {
	length := 45 * time.Minute
	if s.Panel {
		length = time.Hour
	}
	choose(r, path+".duration", &s.Duration, length)
	choose(r, path+".kit_lead", &s.KitLead, day)
	choose(r, path+".location", &s.Location, hiring.Location{Kind: "meet"})

	// The rule of the bot's first purpose: told by the end of the Monday after the interview's week.
	rule := path + ".deadline"
	choose(r, rule, &s.Deadline, hiring.DeadlineRule{Kind: hiring.WeekdayAfterWeek, Weekday: time.Monday, EOD: eod, Holiday: hiring.HolidayNext})
	if !r.has(rule) {
		return
	}
	if !r.has(rule + ".eod") {
		s.Deadline.V.EOD = eod
		r.chosen[rule+".eod"] = !s.Deadline.Chosen
	}
	if !r.has(rule + ".holiday") {
		s.Deadline.V.Holiday = hiring.HolidayNext
		r.chosen[rule+".holiday"] = !s.Deadline.Chosen
	}
}

// choose sets a setting that the file doesn't have.
func choose[T any](r *reader, path string, to *hiring.Value[T], v T) {
	if r.has(path) {
		return
	}
	*to = hiring.Value[T]{V: v, Chosen: true}
	r.chosen[path] = true
}

func workdays() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
}

// genericNotices say the decision and nothing more: why is for a person to add.
func genericNotices() map[hiring.Outcome]hiring.NoticeText {
	const subject = "Your application: {role}"
	return map[hiring.Outcome]hiring.NoticeText{
		hiring.Advance: {Chosen: true, Subject: subject, Body: "Hello {first_name},\n\n" +
			"Thank you for talking with us about the {role} role. We would like to take the next step with you, and look forward to talking with you again.\n\n" +
			"Kind regards\n{sender}"},
		hiring.Hold: {Chosen: true, Subject: subject, Body: "Hello {first_name},\n\n" +
			"Thank you for talking with us about the {role} role. We have not decided yet, and are sorry to keep you waiting. You will hear from us by {new_date}.\n\n" +
			"Kind regards\n{sender}"},
		hiring.Decline: {Chosen: true, Subject: subject, Body: "Hello {first_name},\n\n" +
			"Thank you for talking with us about the {role} role, and for the time you gave it. We have decided not to take your application further.\n\n" +
			"We wish you all the best.\n{sender}"},
	}
}

// Placeholders are the words in braces that a notice's text may hold.
func Placeholders() []string {
	return []string{"first_name", "name", "role", "company", "stage", "new_date", "sender"}
}
