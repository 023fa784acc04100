package hiring

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Source says where a value of a role's setup comes from.
type Source string

// The sources of a value.
const (
	Stated    Source = "stated"    // by the role's document
	Chosen    Source = "chosen"    // by us, not yet confirmed
	Confirmed Source = "confirmed" // chosen by us, and confirmed
	SetOver   Source = "set"       // by a person
	Off       Source = "off"       // by nobody: what the role can do without
)

// A Line is one value of a role's setup as people are shown it.
type Line struct {
	Name   string
	Words  string
	Source Source
	By     string // who set it
	At     time.Time
}

// Lines returns what a section's settings are now, and where each comes from.
func (r *Role) Lines(section string) []Line {
	standing := r.Standing()
	line := func(name, words string, paths ...string) Line {
		l := Line{Name: name, Words: words, Source: Stated}
		for _, c := range r.Choices {
			if slices.ContainsFunc(paths, func(p string) bool { return covers(c.Path, p) }) {
				l.Source = Chosen
				if r.isConfirmed(c) || !slices.Contains(standing, c) {
					l.Source = Confirmed
				}
			}
		}
		for _, p := range paths {
			if s, ok := r.Setup.Settings[p]; ok && !s.At.Before(l.At) {
				l.Source, l.By, l.At = SetOver, s.By, s.At
			}
		}
		return l
	}
	const ownZone = ", in each person's own zone"
	switch section {
	case TimesSection:
		country := r.Holidays.V.Country
		if country == "" {
			country = "none"
		}
		return []Line{
			line("Time zone", r.Zone.V, "zone"),
			line("Working days", r.Hours.V.DayWords(), "hours.days"),
			line("Start of the working day", ClockWords(r.Hours.V.Start)+ownZone, "hours.start"),
			line("End of the working day", ClockWords(r.Hours.V.End)+ownZone, "hours.end"),
			line("Public holidays", country, "holidays.country"),
			line("Further days off", datesValue{&r.Holidays.V.Extra}.notation(), "holidays.extra"),
		}
	case LimitsSection:
		sealed := "shown in the summary"
		if r.Sealed.V {
			sealed = "sealed: behind a button"
		}
		return []Line{
			line("Shortest notice for an interview", SpanWords(r.MinNotice.V), "min_notice"),
			line("How far ahead slots are offered", SpanWords(r.Horizon.V), "horizon"),
			line("Free time on both sides", SpanWords(r.Buffer.V), "buffer"),
			line("Interviews per panelist", fmt.Sprintf("at most %d a day and %d a week", r.PerDay.V, r.PerWeek.V), "per_day", "per_week"),
			line("First reminder of a missing scorecard", SpanWords(r.NagAfter.V)+" after the interview", "nag_after"),
			line("Somebody else is told of it", "after "+Counted(r.Escalate.V, "reminder"), "escalate_after"),
			line("Evidence", sealed, "sealed"),
		}
	}
	if section == NoticesSection {
		var out []Line
		for _, o := range Outcomes() {
			out = append(out, line(o.Word(), "“"+r.Notices[o].Subject+"” …", NoticePath(o, "subject"), NoticePath(o, "body")))
		}
		return out
	}
	for _, s := range r.Stages {
		if path, d := StageSection(s.ID), s.Deadline.V; path == section && s.Kind == StageInterview {
			return []Line{
				line("Length", SpanWords(s.Duration.V), path+".duration"),
				line("Kit", "sent "+SpanWords(s.KitLead.V)+" before", path+".kit_lead"),
				line("Where", s.Location.V.Words(), path+".location.kind", path+".location.text", path+".location.travel"),
				line("Candidate told", d.DayWords(), path+".deadline.kind", path+".deadline.weekday", path+".deadline.days"),
				line("End of that day", ClockWords(d.EOD)+", "+r.Zone.V, path+".deadline.eod"),
				line("When it is a holiday", d.HolidayWords(), path+".deadline.holiday"),
				unlessSet(line("Holding a time", s.HoldWords(), path+".hold"), s.Hold.V != 0),
				unlessSet(line("Candidate chooses", s.ChoosesWords(), path+".candidate_chooses"), s.Chooses.V),
			}
		}
	}
	return nil
}

// unlessSet marks a line as off that says what nobody turned on.
func unlessSet(l Line, on bool) Line {
	if !on && l.Source == Stated {
		l.Source = Off
	}
	return l
}

// HoldWords says whether a time can be held for the stage, and for how long.
func (s Stage) HoldWords() string {
	if s.Hold.V == 0 {
		return "off"
	}
	return "a tentative event for the panel, for " + SpanWords(s.Hold.V)
}

// ChoosesWords says whether the candidate can choose the stage's time.
func (s Stage) ChoosesWords() string {
	if !s.Chooses.V {
		return "off"
	}
	return fmt.Sprintf("among %d to %d times, sent in one e-mail", MinOffered, MaxOffered)
}

// covers reports whether a choice's path is that of the setting or of the whole
// that it is a part of.
func covers(choice, setting string) bool {
	return choice == setting || strings.HasPrefix(setting, choice+".")
}

// Standing returns the chosen values that no person has set: who sets a part of
// one has the rest before their eyes.
func (r *Role) Standing() []Choice {
	return slices.DeleteFunc(slices.Clone(r.Choices), func(c Choice) bool {
		for path := range r.Setup.Settings {
			if covers(c.Path, path) {
				return true
			}
		}
		return false
	})
}

// Unconfirmed returns the chosen values that stand and that nobody has
// confirmed.
func (r *Role) Unconfirmed() []Choice {
	return slices.DeleteFunc(r.Standing(), r.isConfirmed)
}

// Confirmation is what Setup.Confirmed holds once the person has confirmed
// these values: a digest of each, so that a new role file asks again only for
// what it changes.
func Confirmation(choices []Choice) string {
	var out []string
	for _, c := range choices {
		out = append(out, c.digest())
	}
	return strings.Join(out, " ")
}

func (c Choice) digest() string {
	sum := sha256.Sum256([]byte(c.Path + "=" + c.Text))
	return hex.EncodeToString(sum[:5])
}

// isConfirmed reports whether somebody has confirmed the chosen value. Setups
// of earlier versions hold the role's revision instead.
func (r *Role) isConfirmed(c Choice) bool {
	if r.Setup.Confirmed == r.Revision && r.Revision != "" {
		return true
	}
	return slices.Contains(strings.Fields(r.Setup.Confirmed), c.digest())
}

// Confirmed returns the chosen values that somebody has confirmed, also those
// that a person has set since: they stand again when that is taken back.
func (r *Role) Confirmed() []Choice {
	return slices.DeleteFunc(slices.Clone(r.Choices), func(c Choice) bool { return !r.isConfirmed(c) })
}
