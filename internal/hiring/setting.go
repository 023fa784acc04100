package hiring

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A Setting is one value that a person set over the role's file.
type Setting struct {
	Value string // in the notation of the role's file, e.g. "45m"
	By    string // Slack user id
	At    time.Time
}

// The parts of a role's setup that hold settings; each interview stage is one
// more, see StageSection.
const (
	TimesSection   = "times"
	LimitsSection  = "limits"
	NoticesSection = "notices"
)

// NoticePath is the path of the setting that holds a notice's "subject" or
// "body".
func NoticePath(o Outcome, part string) string { return NoticesSection + "." + string(o) + "." + part }

// StageSection names the part of the setup that holds a stage's settings.
func StageSection(stage string) string { return "stages." + stage }

// With returns the role as it is with what people set in Slack over its file. A
// setting that the file no longer has a place for, or that can't be read, is
// left out: see Unused. The role itself stays as it is.
func (r *Role) With(settings map[string]Setting) *Role {
	out := *r
	if len(settings) == 0 {
		return &out
	}
	out.File = r.AsStated()
	out.own()
	for _, k := range out.knobs() {
		if s, ok := settings[k.path]; ok && k.value.read(s.Value) == "" {
			*k.chosen = false
		}
	}
	return &out
}

// own gives a copied role its own of what settings are written into.
func (r *Role) own() {
	r.Stages = slices.Clone(r.Stages)
	notices := map[Outcome]NoticeText{}
	maps.Copy(notices, r.Notices)
	r.Notices = notices
}

// AsStated returns the role as its file says, without what people set over it.
func (r *Role) AsStated() *Role {
	if r.File == nil {
		return r
	}
	return r.File
}

// Unused returns the paths of settings that the role's file has no place for,
// e.g. because it no longer has that stage.
func (r *Role) Unused() []string {
	known := map[string]bool{}
	for _, k := range r.knobs() {
		known[k.path] = true
	}
	var out []string
	for path := range r.Setup.Settings {
		if !known[path] {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

// SettingPaths returns the paths of a section's settings.
func (r *Role) SettingPaths(section string) []string {
	var out []string
	for _, k := range r.knobs() {
		if k.section == section {
			out = append(out, k.path)
		}
	}
	return out
}

// SettingValue returns a setting's value in the notation of the role's file;
// "" when there is no such setting, or when it is empty.
func (r *Role) SettingValue(path string) string {
	for _, k := range r.knobs() {
		if k.path == path {
			return k.value.notation()
		}
	}
	return ""
}

// ReadSettings reads what a person typed for a section, by path, and returns it
// in the notation of the role's file: only what differs from the file. Problems
// have the path as their field.
func (r *Role) ReadSettings(section string, typed map[string]string) (map[string]string, []*UserError) {
	stated := r.AsStated()
	trial := *stated
	trial.own()
	out := map[string]string{}
	var problems []*UserError
	for _, k := range trial.knobs() {
		text, ok := typed[k.path]
		if !ok || k.section != section {
			continue
		}
		if wrong := k.value.read(strings.TrimSpace(text)); wrong != "" {
			problems = append(problems, Invalid(k.path, "%s", wrong))
			continue
		}
		if v := k.value.notation(); v != stated.SettingValue(k.path) {
			out[k.path] = v
		}
	}
	return out, problems
}

// Misfits are settings that don't fit one another, each with its path as field.
// A role's file is checked for the same when it is read.
func (r *Role) Misfits() []*UserError {
	var out []*UserError
	h := r.Hours.V
	if h.End <= h.Start {
		out = append(out, Invalid("hours.end", "The working day ends at %s and starts at %s. Let it end later than it starts.", ClockWords(h.End), ClockWords(h.Start)))
	}
	if r.MinNotice.V >= r.Horizon.V {
		out = append(out, Invalid("min_notice", "With %s of notice and slots offered %s ahead, no slot is ever offered. Shorten the notice.", SpanWords(r.MinNotice.V), SpanWords(r.Horizon.V)))
	}
	if r.PerDay.V > r.PerWeek.V {
		out = append(out, Invalid("per_day", "%d interviews a day are more than the %d a week.", r.PerDay.V, r.PerWeek.V))
	}
	for _, s := range r.Stages {
		if s.Kind != StageInterview {
			continue
		}
		path, d := StageSection(s.ID), s.Deadline.V
		if h.End > h.Start && s.Duration.V > h.End-h.Start {
			out = append(out, Invalid(path+".duration", "%s don't fit the working day, %s to %s.", SpanWords(s.Duration.V), ClockWords(h.Start), ClockWords(h.End)))
		}
		switch l := s.Location.V; {
		case l.Kind == "link" && !isLink(l.Text):
			out = append(out, Invalid(path+".location.text", "This isn't a web address. Write the whole link, e.g. https://example.com/room"))
		case l.Kind == "place" && l.Text == "":
			out = append(out, Invalid(path+".location.text", "Write the address: the invitation shows it."))
		}
		if d.Kind == BusinessDays && d.Days < 1 {
			out = append(out, Invalid(path+".deadline.days", "Say after how many working days, from 1 to 30."))
		}
	}
	return out
}

// isLink reports whether s is a web address that a candidate can open.
func isLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// A knob is one value that can be set over the role's file.
type knob struct {
	section string
	path    string
	value   notation
	chosen  *bool
}

// knobs are all values of the role that can be set, pointing into it.
func (r *Role) knobs() []knob {
	h, o := &r.Hours.V, &r.Holidays.V
	out := []knob{
		{TimesSection, "zone", zoneValue{&r.Zone.V}, &r.Zone.Chosen},
		{TimesSection, "hours.days", daysValue{&h.Days}, &r.Hours.Chosen},
		{TimesSection, "hours.start", clockValue{&h.Start}, &r.Hours.Chosen},
		{TimesSection, "hours.end", clockValue{&h.End}, &r.Hours.Chosen},
		{TimesSection, "holidays.country", countryValue{&o.Country}, &r.Holidays.Chosen},
		{TimesSection, "holidays.extra", datesValue{&o.Extra}, &r.Holidays.Chosen},
		{LimitsSection, "min_notice", spanValue{&r.MinNotice.V, "notice", 0, 14 * day}, &r.MinNotice.Chosen},
		{LimitsSection, "horizon", spanValue{&r.Horizon.V, "horizon", day, 90 * day}, &r.Horizon.Chosen},
		{LimitsSection, "buffer", spanValue{&r.Buffer.V, "free time", 0, 2 * time.Hour}, &r.Buffer.Chosen},
		{LimitsSection, "per_day", numberValue{&r.PerDay.V, 1, 12}, &r.PerDay.Chosen},
		{LimitsSection, "per_week", numberValue{&r.PerWeek.V, 1, 40}, &r.PerWeek.Chosen},
		{LimitsSection, "nag_after", spanValue{&r.NagAfter.V, "time", time.Hour, 7 * day}, &r.NagAfter.Chosen},
		{LimitsSection, "escalate_after", numberValue{&r.Escalate.V, 1, 10}, &r.Escalate.Chosen},
		{LimitsSection, "sealed", switchValue{&r.Sealed.V}, &r.Sealed.Chosen},
	}
	for i := range r.Stages {
		if s := &r.Stages[i]; s.Kind == StageInterview {
			out = append(out, s.knobs()...)
		}
	}
	for _, o := range Outcomes() {
		chosen := r.Notices[o].Chosen // of a value in a map, which has no address
		out = append(out,
			knob{NoticesSection, NoticePath(o, "subject"), noticeSubject(r.Notices, o), &chosen},
			knob{NoticesSection, NoticePath(o, "body"), noticeBody(r.Notices, o), &chosen})
	}
	return out
}

func (s *Stage) knobs() []knob {
	path, l, d := StageSection(s.ID), &s.Location, &s.Deadline
	return []knob{
		{path, path + ".duration", spanValue{&s.Duration.V, "length", 10 * time.Minute, 8 * time.Hour}, &s.Duration.Chosen},
		{path, path + ".kit_lead", spanValue{&s.KitLead.V, "time", 5 * time.Minute, 7 * day}, &s.KitLead.Chosen},
		{path, path + ".location.kind", wordValue{&l.V.Kind, []string{"meet", "link", "phone", "place"}}, &l.Chosen},
		{path, path + ".location.text", textValue{&l.V.Text}, &l.Chosen},
		{path, path + ".location.travel", spanValue{&l.V.Travel, "time", 0, MaxTravel}, &l.Chosen},
		{path, path + ".deadline.kind", wordValue{&d.V.Kind, []string{WeekdayAfterWeek, BusinessDays}}, &d.Chosen},
		{path, path + ".deadline.weekday", weekdayValue{&d.V.Weekday}, &d.Chosen},
		{path, path + ".deadline.days", numberValue{&d.V.Days, 1, 30}, &d.Chosen},
		{path, path + ".deadline.eod", clockValue{&d.V.EOD}, &d.Chosen},
		{path, path + ".deadline.holiday", wordValue{&d.V.Holiday, []string{HolidaySame, HolidayNext}}, &d.Chosen},
		{path, path + ".hold", spanValue{&s.Hold.V, "time", 0, 7 * day}, &s.Hold.Chosen},
		{path, path + ".candidate_chooses", switchValue{&s.Chooses.V}, &s.Chooses.Chosen},
	}
}
