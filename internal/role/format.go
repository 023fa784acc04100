package role

import (
	"time"

	"github.com/goccy/go-yaml/ast"

	"convene/internal/hiring"
)

// Limits of a role, so that everything made of it fits in Slack. Texts are
// counted in runes.
const (
	MaxCompetencies = 12 // with MaxGates, what fits one scorecard with its evidence fields
	MaxGates        = 10

	maxEntries  = 40
	maxStages   = 12
	maxTitles   = 12
	maxSignals  = 10
	maxRedFlags = 10 // options of one checkbox group: https://docs.slack.dev/reference/block-kit/block-elements/checkboxes-element/

	maxOption  = 75   // an option's text: https://docs.slack.dev/reference/block-kit/composition-objects/option-object/
	maxLabel   = 300  // of a gate or an application question; Slack allows an input's label 2,000
	maxText    = 500  // a question, a note
	maxAnswer  = 1500 // a strong response, an ideal answer
	maxPassage = 2500 // a paragraph of the document; a section holds 3,000: https://docs.slack.dev/reference/block-kit/blocks/section-block/
)

const day = 24 * time.Hour

// roleFormat is the format of a role file: every key, what it means and where
// it goes. The parser, the JSON Schema and the hints are all made from it.
func roleFormat(r *hiring.Role) object {
	r.Notices = map[hiring.Outcome]hiring.NoticeText{}
	return object{what: "a role", never: notKeys(), fields: []field{
		{"key", true, id{&r.Key}, "stable name of the role in commands, e.g. account-coordinator"},
		{"title", true, text{to: &r.Title, max: maxOption}, "the opening, e.g. Account Coordinator"},
		{"company", false, text{to: &r.Company, max: maxOption}, "the company, as the document names it"},

		{"context", false, texts(&r.Context, maxPassage), "why the role exists, what it is and what it is not"},
		{"duties", false, texts(&r.Duties, maxPassage), "what the person does"},
		{"terms", false, terms(&r.Terms), "stated conditions: classification, salary, location"},
		{"travel", false, texts(&r.Travel, maxPassage), "stated travel"},
		{"work_model", false, texts(&r.WorkModel, maxPassage), "remote, office, hours"},
		{"values", false, texts(&r.Values, maxPassage), "the company's values"},
		{"culture", false, texts(&r.Culture, maxPassage), "how the company works together, and why people join it"},
		{"process", false, texts(&r.Process, maxPassage), "what the document tells candidates about the hiring process"},
		{"success", false, texts(&r.Success, maxPassage), "stated measures of success"},
		{"wanted", false, texts(&r.Wanted, maxPassage), "wishes: experience and qualifications that are no must-haves"},
		{"background", false, terms(&r.Background), "what stands around the role: market figures, career path, advice"},
		{"notes", false, texts(&r.Notes, maxPassage), "what setup should know: contradictions, missing pages, questions"},
		{"application", false, list[hiring.ApplicationItem]{&r.Application, applicationFormat, maxEntries}, "what an application holds or answers"},
		{"tools", false, list[hiring.ToolGroup]{&r.Tools, toolsFormat, maxEntries}, "tools, and how the document speaks of them"},

		{"competencies", false, list[hiring.Competency]{&r.Competencies, competencyFormat, MaxCompetencies}, "what panelists rate"},
		{"questions", false, list[hiring.Question]{&r.Questions, questionFormat, maxEntries}, "what panelists ask"},
		{"gates", false, list[hiring.Gate]{&r.Gates, gateFormat, MaxGates}, "must-haves, answered yes, no or unknown"},
		{"signals", false, list[hiring.Signal]{&r.Signals, signalFormat, maxSignals}, "behaviours that the document names as signs of fit"},
		{"titles", false, list[hiring.Title]{&r.Titles, titleFormat, maxTitles}, "positions on the role's team; setup says who holds them"},
		{"stages", true, list[hiring.Stage]{&r.Stages, stageFormat, maxStages}, "the steps of the pipeline, in order"},

		{"zone", false, setting(&r.Zone, func(v *string) value { return zone{v} }), "the role's time zone, an IANA name"},
		{"hours", false, setting(&r.Hours, hoursFormat), "working hours, in the role's zone"},
		{"holidays", false, setting(&r.Holidays, holidaysFormat), "days on which nothing is scheduled and nobody is reminded"},
		{"min_notice", false, setting(&r.MinNotice, spanFrom(0, 14*day)), "from a booking to the interview's start, at least"},
		{"horizon", false, setting(&r.Horizon, spanFrom(day, 90*day)), "how far ahead slots are offered"},
		{"buffer", false, setting(&r.Buffer, spanFrom(0, 2*time.Hour)), "free time kept on both sides of an interview"},
		{"per_day", false, setting(&r.PerDay, numberFrom(1, 12)), "interviews per panelist and day, at most"},
		{"per_week", false, setting(&r.PerWeek, numberFrom(1, 40)), "interviews per panelist and week, at most"},
		{"nag_after", false, setting(&r.NagAfter, spanFrom(time.Hour, 7*day)), "from an interview's end to the first reminder of a missing scorecard"},
		{"escalate_after", false, setting(&r.Escalate, numberFrom(1, 10)), "reminders before somebody else is told"},
		{"show_guests", false, yesNo{&r.ShowGuests}, "true: the guests of an interview's event see each other, the candidate included"},
		{"sealed", false, setting(&r.Sealed, func(v *bool) value { return yesNo{v} }), "true: the summary shows evidence behind a button only"},
		{"notices", false, noticesFormat(r.Notices), "the drafts that tell a candidate a decision"},
	}}
}

// notKeys says why some keys that people might try don't exist.
func notKeys() map[string]string {
	levels := "every competency is rated Not shown / Partly / Strong / Beyond; write the document's strong response as “strong” of its competency"
	return map[string]string{
		"levels": levels, "scale": levels, "rating": levels, "ratings": levels,
		"weight":  "competencies have no weights; “primary: true” marks the one that the document calls primary",
		"weights": "competencies have no weights; “primary: true” marks the one that the document calls primary",
		"people":  "people are named in Slack with `/hiring setup`; the file has titles",
		"channel": "the channel is set in Slack with `/hiring setup`",
	}
}

func terms(to *[]hiring.Term) value {
	return list[hiring.Term]{to, func(t *hiring.Term) value {
		return object{what: "an entry", fields: []field{
			{"name", true, text{to: &t.Name, max: maxOption}, "what it is about, e.g. Salary range"},
			{"text", true, text{to: &t.Text, max: maxPassage}, "what the document says"},
		}}
	}, maxEntries}
}

func applicationFormat(a *hiring.ApplicationItem) value {
	return object{what: "an application entry", fields: []field{
		{"id", true, id{&a.ID}, "its name, e.g. salary-expectations"},
		{"text", true, text{to: &a.Text, max: maxLabel}, "the question, document or instruction, as stated"},
		{"kind", true, oneOf[string]{&a.Kind, []string{"question", "document", "instruction"}}, "question, document or instruction"},
		{"required", false, yesNo{&a.Required}, "true: the document does not accept an application without it"},
	}}
}

func toolsFormat(g *hiring.ToolGroup) value {
	return object{what: "a group of tools", fields: []field{
		{"name", true, text{to: &g.Name, max: maxOption}, "what the tools are for, e.g. Project management"},
		{"need", false, text{to: &g.Need, max: maxOption}, "as stated: expected, nice to have, not required"},
		{"tools", false, texts(&g.Tools, maxOption), "the tools' names"},
		{"note", false, text{to: &g.Note, max: maxText}, "what else the document says about them"},
	}}
}

func competencyFormat(c *hiring.Competency) value {
	return object{what: "a competency", never: notKeys(), fields: []field{
		{"id", true, id{&c.ID}, "its name in references, e.g. triage"},
		{"name", true, text{to: &c.Name, max: maxOption}, "what panelists read"},
		{"primary", false, yesNo{&c.Primary}, "true: the document calls it the primary qualification"},
		{"assesses", false, texts(&c.Assesses, maxText), "what is looked at"},
		{"strong", false, text{to: &c.Strong, max: maxAnswer}, "the strong response or signal, as stated; stands at the level Strong"},
		{"red_flags", false, list[hiring.RedFlag]{&c.RedFlags, redFlagFormat, maxRedFlags}, "warning signs that the document names"},
		{"answer_key", false, list[hiring.AnswerKeyRow]{&c.AnswerKey, answerKeyFormat, maxEntries}, "the expected handling, case by case"},
	}}
}

func redFlagFormat(f *hiring.RedFlag) value {
	return object{what: "a red flag", fields: []field{
		{"id", true, id{&f.ID}, "its name, e.g. bluffing"},
		{"text", true, text{to: &f.Text, max: maxOption}, "the warning sign, as stated"},
	}}
}

func answerKeyFormat(row *hiring.AnswerKeyRow) value {
	return object{what: "a row of the answer key", fields: []field{
		{"case", true, text{to: &row.Case, max: maxText}, "the case"},
		{"expected", true, text{to: &row.Expected, max: maxText}, "what is expected"},
	}}
}

func questionFormat(q *hiring.Question) value {
	return object{what: "a question", fields: []field{
		{"id", true, id{&q.ID}, "its name, e.g. landing-page"},
		{"text", true, text{to: &q.Text, max: maxText}, "the question, word by word"},
		{"competencies", false, ids(&q.Competencies), "ids of the competencies that it serves"},
		{"ideal", false, text{to: &q.Ideal, max: maxAnswer}, "the ideal answer, as stated"},
	}}
}

func gateFormat(g *hiring.Gate) value {
	return object{what: "a gate", fields: []field{
		{"id", true, id{&g.ID}, "its name, e.g. driving-distance"},
		{"text", true, text{to: &g.Text, max: maxLabel}, "the must-have, as stated"},
		{"ask", false, text{to: &g.Ask, max: maxLabel}, "how to ask it, as stated"},
		{"stages", false, ids(&g.Stages), "ids of the stages whose scorecards ask it; without it: all interviews"},
	}}
}

func signalFormat(s *hiring.Signal) value {
	return object{what: "a signal", fields: []field{
		{"id", true, id{&s.ID}, "its name, e.g. self-directed-learner"},
		{"text", true, text{to: &s.Text, max: maxLabel}, "the behaviour, as stated"},
		{"about", false, text{to: &s.About, max: maxOption}, "what it is a sign of, e.g. tools or culture"},
	}}
}

func titleFormat(t *hiring.Title) value {
	return object{what: "a title", fields: []field{
		{"key", true, id{&t.Key}, "its name in references, e.g. strategist"},
		{"text", true, text{to: &t.Text, max: maxOption}, "the title, e.g. Strategist"},
		{"name", false, text{to: &t.Name, max: maxOption}, "the person that the document names"},
		{"chosen", false, yesNo{&t.Chosen}, "true: the document names no such title, but a stage needs somebody"},
	}}
}

func stageFormat(s *hiring.Stage) value {
	return object{what: "a stage", fields: []field{
		{"id", true, id{&s.ID}, "its name in references, e.g. round1"},
		{"name", true, text{to: &s.Name, max: maxOption}, "what people read, e.g. Screening"},
		{"kind", true, oneOf[hiring.StageKind]{&s.Kind, []hiring.StageKind{hiring.StageInterview, hiring.StageCheck}}, "interview, or check for a step without a meeting"},
		{"panel", false, yesNo{&s.Panel}, "true: /schedule-panel books this stage"},
		{"when", false, text{to: &s.When, max: maxText}, "the condition or place in the pipeline, as stated"},
		{"covers", false, texts(&s.Covers, maxText), "what it covers"},
		{"panelists", false, list[hiring.StagePanelist]{&s.Panelists, panelistFormat, maxTitles}, "who takes part"},
		{"competencies", false, ids(&s.Competencies), "ids of what its scorecard rates; without it: all"},
		{"duration", false, setting(&s.Duration, spanFrom(10*time.Minute, 8*time.Hour)), "length of the interview"},
		{"kit_lead", false, setting(&s.KitLead, spanFrom(5*time.Minute, 7*day)), "how long before the start the kit is sent"},
		{"location", false, setting(&s.Location, locationFormat), "where it happens"},
		{"deadline", false, setting(&s.Deadline, deadlineFormat), "when the candidate must have been told"},
		{"hold", false, span{&s.Hold.V, time.Hour, 7 * day}, "how long a time can be held with a tentative event for the panel, before it is agreed on; without it: not at all"},
		{"candidate_chooses", false, yesNo{&s.Chooses.V}, "true: the candidate can be sent 3 to 5 times to choose from, as text in one e-mail"},
		{"note", false, text{to: &s.Note, max: maxText}, "what setup should know about it"},
	}}
}

func panelistFormat(p *hiring.StagePanelist) value {
	p.Part = hiring.Required
	return object{what: "a panelist", fields: []field{
		{"title", true, id{&p.Title}, "key of one of the titles"},
		{"part", false, oneOf[hiring.Part]{&p.Part, []hiring.Part{hiring.Required, hiring.Optional, hiring.Shadow}}, "required (if left out), optional, or shadow, whose score does not count"},
		{"any", false, number{&p.Any, 1, 10}, "how many of those who fill the title take part, whoever is free; without it: all of them"},
	}}
}

func locationFormat(l *hiring.Location) value {
	return object{what: "a location", fields: []field{
		{"kind", true, oneOf[string]{&l.Kind, []string{"meet", "link", "phone", "place"}}, "meet for a new Google Meet link, link for a fixed one, phone, or place"},
		{"text", false, text{to: &l.Text, max: maxText}, "the link, number or address"},
		{"travel", false, spanFrom(0, hiring.MaxTravel)(&l.Travel), "of a place: time to get there, kept free on both sides of the interview besides the buffer"},
	}}
}

func deadlineFormat(d *hiring.DeadlineRule) value {
	return object{what: "a deadline", fields: []field{
		{"kind", true, oneOf[string]{&d.Kind, []string{hiring.WeekdayAfterWeek, hiring.BusinessDays}}, "weekday_after_week: a day of the week after the interview's; business_days: a number of working days after it"},
		{"weekday", false, weekday{&d.Weekday}, "for weekday_after_week"},
		{"days", false, number{&d.Days, 1, 30}, "for business_days"},
		{"eod", false, part(clock{&d.EOD}), "the end of the day, in the role's zone"},
		{"holiday", false, part(oneOf[string]{&d.Holiday, []string{hiring.HolidaySame, hiring.HolidayNext}}), "when the day is a holiday: same keeps it, next_business_day moves it"},
		{"rule", false, text{to: &d.RuleText, max: maxText}, "the document's own words"},
	}}
}

func hoursFormat(h *hiring.Hours) value {
	return object{what: "working hours", fields: []field{
		{"days", false, part(list[time.Weekday]{&h.Days, func(d *time.Weekday) value { return weekday{d} }, 7}), "working days"},
		{"start", true, part(clock{&h.Start}), "from"},
		{"end", true, part(clock{&h.End}), "to"},
	}}
}

func holidaysFormat(h *hiring.Holidays) value {
	return object{what: "holidays", fields: []field{
		{"country", false, country{&h.Country}, "code of a country's holiday calendar"},
		{"extra", false, list[string]{&h.Extra, func(d *string) value { return date{d} }, maxEntries}, "further days off"},
	}}
}

func spanFrom(min, max time.Duration) func(*time.Duration) value {
	return func(to *time.Duration) value { return span{to, min, max} }
}

func numberFrom(min, max int) func(*int) value {
	return func(to *int) value { return number{to, min, max} }
}

func noticesFormat(to map[hiring.Outcome]hiring.NoticeText) object {
	return object{what: "the notices", fields: []field{
		{"advance", false, notice{to, hiring.Advance}, "to a candidate who goes on"},
		{"hold", false, notice{to, hiring.Hold}, "to a candidate who has to wait, with the new date"},
		{"decline", false, notice{to, hiring.Decline}, "to a candidate who is not taken further"},
	}}
}

// A notice is the draft for one outcome.
type notice struct {
	to      map[hiring.Outcome]hiring.NoticeText
	outcome hiring.Outcome
}

func (v notice) read(r *reader, n ast.Node, path string) {
	var t hiring.NoticeText
	noticeSetting(&t).read(r, n, path)
	v.to[v.outcome] = t
}

func (v notice) schema() map[string]any { return noticeSetting(new(hiring.NoticeText)).schema() }

func noticeSetting(t *hiring.NoticeText) value {
	return choosable{object{what: "a notice", fields: []field{
		{"subject", true, text{to: &t.Subject, max: hiring.MaxSubject}, "the e-mail's subject"},
		{"body", true, text{to: &t.Body, max: hiring.MaxBody, lines: true}, "the e-mail's text"},
	}}, &t.Chosen}
}
