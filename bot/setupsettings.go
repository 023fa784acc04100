package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// settingsView asks for the settings of a section, as they are now.
func (b *Bot) settingsView(role *hiring.Role, section string) (slack.ModalViewRequest, error) {
	f := settingsForm{role: role, version: strconv.Itoa(role.Setup.Sections[section].N)}
	title := "Limits"
	switch section {
	case hiring.TimesSection:
		title = "Working time"
		f.times(b.Setup.Countries)
	case hiring.LimitsSection:
		f.limits()
	case hiring.NoticesSection:
		title = "Notices"
		f.notices(b.Setup.Placeholders)
	default:
		stage, ok := stageOf(role, section)
		if !ok {
			return slack.ModalViewRequest{}, hiring.Invalid("", "The role's document no longer has this stage. Open the setup anew with /hiring setup.")
		}
		title = stage.Name
		f.stage(stage)
	}
	for _, path := range role.SettingPaths(section) {
		if _, set := role.Setup.Settings[path]; set {
			f.blocks = append(f.blocks, divider(), actions("", button(actSetupReset, join(role.Key, section), "Back to what the document says")))
			break
		}
	}
	return modal(viewSetup, title, "Save", "Back", f.blocks...), nil
}

func stageOf(role *hiring.Role, section string) (hiring.Stage, bool) {
	for _, s := range role.Stages {
		if s.Kind == hiring.StageInterview && hiring.StageSection(s.ID) == section {
			return s, true
		}
	}
	return hiring.Stage{}, false
}

// A settingsForm is a section's modal being written. Its blocks are named by
// the settings' paths and the section's version, so that nothing typed for an
// older version stays.
type settingsForm struct {
	role    *hiring.Role
	version string
	blocks  []slack.Block
}

func (f *settingsForm) id(path string) string { return path + "#" + f.version }

func (f *settingsForm) add(path, label, hint string, el slack.BlockElement) *slack.InputBlock {
	in := field(f.id(path), label, hint, el)
	f.blocks = append(f.blocks, in)
	return in
}

// text is a field for something that people write, e.g. a length of time.
func (f *settingsForm) text(path, label, hint, value string) {
	f.add(path, label, hint, textInput("text", hiring.MaxSettingText, value, false))
}

func (f *settingsForm) choice(path, label, hint string, value string, options ...*slack.OptionBlockObject) {
	in := menu(f.id(path), "choice", label, options, value, false)
	if hint != "" {
		in.Hint = plain(hint)
	}
	f.blocks = append(f.blocks, in)
}

func (f *settingsForm) number(path, label string, value, low, high int) *slack.InputBlock {
	el := slack.NewNumberInputBlockElement(nil, "number", false)
	el.MinValue, el.MaxValue = strconv.Itoa(low), strconv.Itoa(high)
	if value >= low && value <= high {
		el.InitialValue = strconv.Itoa(value)
	}
	return f.add(path, label, "", el)
}

// clock24 writes a time for a time picker.
func clock24(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

// dayBoxes are boxes for the days of the week.
func dayBoxes(ticked []time.Weekday) *slack.CheckboxGroupsBlockElement {
	el := slack.NewCheckboxGroupsBlockElement("days")
	h := hiring.Hours{Days: ticked}
	for i := range 7 {
		d := time.Weekday((i + 1) % 7)
		o := option(d.String(), d.String(), "")
		el.Options = append(el.Options, o)
		if h.On(d) {
			el.InitialOptions = append(el.InitialOptions, o)
		}
	}
	return el
}

func (f *settingsForm) times(countries []string) {
	r := f.role
	f.blocks = append(f.blocks, section("When interviews may be, and when people are reminded. Whoever has set hours of their own in App Home keeps those."))
	f.choice("zone", "Time zone", "The role's deadlines and the Monday summary are in it.", r.Zone.V, zoneOptions(r.Zone.V)...)
	f.add("hours.days", "Working days", "", dayBoxes(r.Hours.V.Days))
	f.add("hours.start", "Start of the working day", "In each person's own zone", timePicker("time", clock24(r.Hours.V.Start)))
	f.add("hours.end", "End of the working day", "In each person's own zone", timePicker("time", clock24(r.Hours.V.End)))
	known := []*slack.OptionBlockObject{option("none", "none", "")}
	for _, c := range countries {
		known = append(known, option(c, c, ""))
	}
	country := r.Holidays.V.Country
	if country == "" {
		country = "none"
	}
	f.choice("holidays.country", "Public holidays", "Of this country or state. Nothing is scheduled on them, and nobody is reminded.", country, known...)
	extra := ""
	if len(r.Holidays.V.Extra) > 0 {
		extra = r.SettingValue("holidays.extra")
	}
	optional(f.add("holidays.extra", "Further days off", "As year-month-day, with commas between, e.g. 2026-12-24, 2026-12-31", textInput("text", 600, extra, false)))
}

func (f *settingsForm) limits() {
	r := f.role
	f.text("min_notice", "Shortest notice for an interview", "From the booking to its start, e.g. 24 hours", hiring.SpanWords(r.MinNotice.V))
	f.text("horizon", "How far ahead slots are offered", "e.g. 14 days", hiring.SpanWords(r.Horizon.V))
	f.text("buffer", "Free time on both sides of an interview", "e.g. 15 minutes, or none", hiring.SpanWords(r.Buffer.V))
	f.number("per_day", "Interviews per panelist and day, at most", r.PerDay.V, 1, 12)
	f.number("per_week", "Interviews per panelist and week, at most", r.PerWeek.V, 1, 40)
	f.text("nag_after", "First reminder of a missing scorecard", "After the interview's end, and only in the panelist's working hours, e.g. 16 hours", hiring.SpanWords(r.NagAfter.V))
	f.number("escalate_after", "After how many reminders is somebody else told?", r.Escalate.V, 1, 10)
	f.choice("sealed", "Evidence in the summary", "Sealed keeps it from channel members who sit on a later panel.", strconv.FormatBool(r.Sealed.V),
		option("false", "Shown", ""), option("true", "Sealed: behind a button", ""))
}

func (f *settingsForm) notices(placeholders []string) {
	f.blocks = append(f.blocks, section("What candidates are told, as a draft that somebody edits and approves each time. This counts for decisions from now on: drafts that exist stay as they are."),
		note("Filled in: {"+strings.Join(placeholders, "}, {")+"}. {new_date} is a hold's only. Where the next interview is booked already, its time is added to the draft."))
	for _, o := range hiring.Outcomes() {
		name := o.Word()
		f.add(hiring.NoticePath(o, "subject"), name+": subject", "", textInput("text", hiring.MaxSubject, f.role.SettingValue(hiring.NoticePath(o, "subject")), false))
		f.add(hiring.NoticePath(o, "body"), name+": text", "", textInput("text", hiring.MaxBody, f.role.SettingValue(hiring.NoticePath(o, "body")), true))
	}
}

func (f *settingsForm) stage(s hiring.Stage) {
	path, d := hiring.StageSection(s.ID), s.Deadline.V
	f.blocks = append(f.blocks, section("This counts for interviews that are booked from now on. Those already booked keep their length, and their deadline until they are moved."))
	f.text(path+".duration", "Length", "From 10 minutes to 8 hours, e.g. 1 hour 30 minutes", hiring.SpanWords(s.Duration.V))
	f.text(path+".kit_lead", "How long before the start is the kit sent?", "e.g. 2 hours, or 2 days", hiring.SpanWords(s.KitLead.V))
	f.choice(path+".location.kind", "Where?", "", s.Location.V.Kind,
		option("meet", "Google Meet", "A link is made for each interview"), option("link", "A fixed link", ""), option("phone", "By phone", ""), option("place", "In person", ""))
	optional(f.add(path+".location.text", "Link, number or address", "Not for Google Meet. The candidate sees it in the invitation.",
		textInput("text", hiring.MaxSettingText, s.Location.V.Text, false)))
	f.text(path+".location.travel", "Travel time", "In person only: kept free on both sides for the panelists, e.g. 30 minutes, or none", hiring.SpanWords(s.Location.V.TravelTime()))
	if d.RuleText != "" {
		f.blocks = append(f.blocks, say("The document says of the deadline: ").i("“"+hiring.Clip(d.RuleText, 500)+"”").block())
	}
	f.choice(path+".deadline.kind", "The candidate is told by", "", d.Kind,
		option(hiring.WeekdayAfterWeek, "A day after the interview's week", ""), option(hiring.BusinessDays, "Some working days after the interview", ""))
	var days []*slack.OptionBlockObject
	for i := range 7 {
		name := time.Weekday((i + 1) % 7).String()
		days = append(days, option(name, name, ""))
	}
	weekday := d.Weekday
	if d.Kind == hiring.BusinessDays {
		weekday = time.Monday
	}
	f.choice(path+".deadline.weekday", "Which day after the week?", "The interview's week runs Monday to Sunday.", weekday.String(), days...)
	optional(f.number(path+".deadline.days", "Or after how many working days?", d.Days, 1, 30))
	f.add(path+".deadline.eod", "End of that day", "In the role's zone, "+f.role.Zone.V, timePicker("time", clock24(d.EOD)))
	f.choice(path+".deadline.holiday", "When that day is a holiday", "", d.Holiday,
		option(hiring.HolidaySame, "It stays the same day", ""), option(hiring.HolidayNext, "It moves to the next working day", ""))
	f.text(path+".hold", "How long can a time be held?", "With a tentative event for the panel, until the candidate agrees: e.g. 24 hours, or none", hiring.SpanWords(s.Hold.V))
	f.choice(path+".candidate_chooses", "Can the candidate choose a time?", "You approve the text with 3 to 5 times, it goes out as one e-mail, and you click the one that comes back.", strconv.FormatBool(s.Chooses.V),
		option("false", "No: you agree on one", ""), option("true", "Yes: by e-mail, among 3 to 5", ""))
}

// saveSettings saves what was filled in for a section.
func (b *Bot) saveSettings(ctx context.Context, s *submission, seen int) error {
	role, err := b.Setup.Role(ctx, s.Meta.Role, s.Person.ID)
	if err != nil {
		return err
	}
	typed := map[string]string{}
	for _, path := range role.SettingPaths(s.Meta.Section) {
		if in, ok := s.State[path]; ok {
			typed[path] = typedValue(in)
		}
	}
	rule := s.Meta.Section + ".deadline."
	if typed[rule+"kind"] == hiring.BusinessDays {
		delete(typed, rule+"weekday")
	} else {
		delete(typed, rule+"days")
	}
	if typed[s.Meta.Section+".location.kind"] != "place" {
		delete(typed, s.Meta.Section+".location.travel")
	}
	if typed[s.Meta.Section+".location.kind"] == "meet" {
		delete(typed, s.Meta.Section+".location.text")
	}
	return b.Setup.SaveSettings(ctx, role.Key, s.Meta.Section, typed, seen, s.Person.ID)
}

// typedValue returns what a field holds, in the notation of settings.
func typedValue(in input) string {
	switch {
	case in.SelectedTime != "":
		return in.SelectedTime
	case in.SelectedOption.Value != "":
		return in.SelectedOption.Value
	case len(in.SelectedOptions) > 0:
		out := ""
		for i, o := range in.SelectedOptions {
			if i > 0 {
				out += ","
			}
			out += o.Value
		}
		return out
	default:
		return in.Value
	}
}
