package role

import (
	"fmt"
	"strings"
	"time"

	"convene/internal/hiring"
)

// A shown setting is one that the bot runs on, with its value in words.
type shown struct {
	path string // as in hiring.Choice
	name string
	text string
}

// choices lists the settings that were chosen, in the order of settings.
func choices(role *hiring.Role, chosen map[string]bool) []hiring.Choice {
	var out []hiring.Choice
	for _, t := range role.Titles {
		if t.Chosen {
			out = append(out, hiring.Choice{Path: "titles." + t.Key, Name: "Title that the document doesn't name", Text: t.Text})
		}
	}
	for _, s := range settings(role, chosen) {
		if chosen[s.path] {
			out = append(out, hiring.Choice{Path: s.path, Name: s.name, Text: s.text})
		}
	}
	return out
}

// settings lists everything that the bot runs on, as people are shown it. A
// chosen part of a stated setting stands by itself, and not in the whole.
func settings(role *hiring.Role, chosen map[string]bool) []shown {
	out := []shown{{"zone", "Time zone", role.Zone.V}}
	out = append(out, hoursShown(role.Hours.V, chosen)...)
	out = append(out,
		shown{"holidays", "Holidays", role.Holidays.V.Words()},
		shown{"min_notice", "Shortest notice for an interview", spanWords(role.MinNotice.V)},
		shown{"horizon", "How far ahead slots are offered", spanWords(role.Horizon.V)},
		shown{"buffer", "Free time on both sides of an interview", spanWords(role.Buffer.V)},
		shown{"per_day", "Interviews per panelist and day", fmt.Sprintf("at most %d", role.PerDay.V)},
		shown{"per_week", "Interviews per panelist and week", fmt.Sprintf("at most %d", role.PerWeek.V)},
		shown{"nag_after", "First reminder of a missing scorecard", spanWords(role.NagAfter.V) + " after the interview"},
		shown{"escalate_after", "Somebody else is told of it", "after " + hiring.Counted(role.Escalate.V, "reminder")},
		shown{"sealed", "Evidence in the summary", sealedWords(role.Sealed.V)},
	)
	for _, s := range role.Stages {
		if s.Kind == hiring.StageInterview {
			out = append(out, stageShown(s, chosen)...)
		}
	}
	for _, o := range hiring.Outcomes() {
		out = append(out, shown{"notices." + string(o), fmt.Sprintf("Draft of the notice, %s", o), "“" + role.Notices[o].Subject + "” …"})
	}
	return out
}

func hoursShown(h hiring.Hours, chosen map[string]bool) []shown {
	var stated []string
	if !chosen["hours.days"] {
		stated = append(stated, h.DayWords())
	}
	if !chosen["hours.start"] {
		stated = append(stated, "from "+ClockWords(h.Start))
	}
	if !chosen["hours.end"] {
		stated = append(stated, "to "+ClockWords(h.End))
	}
	out := []shown{{"hours", "Working hours", strings.Join(stated, " ")}}
	for _, p := range []shown{
		{"hours.days", "Working days", h.DayWords()},
		{"hours.start", "Start of the working day", ClockWords(h.Start)},
		{"hours.end", "End of the working day", ClockWords(h.End)},
	} {
		if chosen[p.path] {
			out = append(out, p)
		}
	}
	return out
}

func stageShown(s hiring.Stage, chosen map[string]bool) []shown {
	path, name, d := "stages."+s.ID+".", "“"+s.Name+"”", s.Deadline.V
	out := []shown{
		{path + "duration", "Length of " + name, spanWords(s.Duration.V)},
		{path + "kit_lead", "Kit for " + name, "sent " + spanWords(s.KitLead.V) + " before"},
		{path + "location", "Where " + name + " happens", s.Location.V.Words()},
	}
	told := d.DayWords()
	eod, holiday := path+"deadline.eod", path+"deadline.holiday"
	if !chosen[eod] {
		told += ", " + ClockWords(d.EOD)
	}
	if !chosen[holiday] {
		told += "; on a holiday " + d.HolidayWords()
	}
	out = append(out, shown{path + "deadline", "Candidate told after " + name, told})
	if chosen[eod] {
		out = append(out, shown{eod, "End of that day, after " + name, ClockWords(d.EOD)})
	}
	if chosen[holiday] {
		out = append(out, shown{holiday, "When that day is a holiday, after " + name, d.HolidayWords()})
	}
	return out
}

// ClockWords writes a wall clock time, e.g. "17:00".
func ClockWords(sinceMidnight time.Duration) string { return hiring.ClockWords(sinceMidnight) }

func spanWords(d time.Duration) string { return hiring.SpanWords(d) }

func sealedWords(sealed bool) string {
	if sealed {
		return "behind a button"
	}
	return "shown"
}
