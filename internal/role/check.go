package role

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"convene/internal/hiring"
)

// check reports what each part allows by itself but the role as a whole does
// not: what would embarrass somebody later, in front of a candidate.
func check(role *hiring.Role, r *reader) {
	checkIDs(role, r)
	checkReferences(role, r)
	checkQuestions(role, r)
	checkGates(role, r)
	checkStages(role, r)
	checkTitles(role, r)
	checkTimes(role, r)
	checkFit(role, r)
	checkNotices(role, r)
}

// checkIDs finds ids that are used twice.
func checkIDs(role *hiring.Role, r *reader) {
	unique(r, "application", "id", role.Application, func(a hiring.ApplicationItem) string { return a.ID })
	unique(r, "competencies", "id", role.Competencies, func(c hiring.Competency) string { return c.ID })
	unique(r, "competencies", "name", role.Competencies, func(c hiring.Competency) string { return c.Name })
	unique(r, "questions", "id", role.Questions, func(q hiring.Question) string { return q.ID })
	unique(r, "questions", "text", role.Questions, func(q hiring.Question) string { return q.Text })
	unique(r, "gates", "id", role.Gates, func(g hiring.Gate) string { return g.ID })
	unique(r, "signals", "id", role.Signals, func(s hiring.Signal) string { return s.ID })
	unique(r, "titles", "key", role.Titles, func(t hiring.Title) string { return t.Key })
	unique(r, "stages", "id", role.Stages, func(s hiring.Stage) string { return s.ID })
	for i, c := range role.Competencies {
		unique(r, fmt.Sprintf("competencies[%d].red_flags", i), "id", c.RedFlags, func(f hiring.RedFlag) string { return f.ID })
	}
	for i, s := range role.Stages {
		unique(r, fmt.Sprintf("stages[%d].panelists", i), "title", s.Panelists, func(p hiring.StagePanelist) string { return p.Title })
	}
}

func unique[T any](r *reader, list, key string, items []T, value func(T) string) {
	first := map[string]place{}
	for i, item := range items {
		v, at := value(item), r.at(fmt.Sprintf("%s[%d].%s", list, i, key))
		if v == "" {
			continue // reported where it was read
		}
		if earlier, twice := first[v]; twice {
			r.report(at, fmt.Sprintf("the %s “%s” is used twice in %s", key, v, lastKey(list)), fmt.Sprintf("change one; the first is in line %d", earlier.line))
			continue
		}
		first[v] = at
	}
}

// checkReferences finds ids that nothing has.
func checkReferences(role *hiring.Role, r *reader) {
	competencies := names(role.Competencies, func(c hiring.Competency) string { return c.ID })
	stages := names(role.Stages, func(s hiring.Stage) string { return s.ID })
	titles := names(role.Titles, func(t hiring.Title) string { return t.Key })
	for i, q := range role.Questions {
		known(r, fmt.Sprintf("questions[%d].competencies", i), "competency", q.Competencies, competencies)
	}
	for i, g := range role.Gates {
		known(r, fmt.Sprintf("gates[%d].stages", i), "stage", g.Stages, stages)
	}
	for i, s := range role.Stages {
		known(r, fmt.Sprintf("stages[%d].competencies", i), "competency", s.Competencies, competencies)
		for j, p := range s.Panelists {
			refer(r, fmt.Sprintf("stages[%d].panelists[%d].title", i, j), "title", p.Title, titles)
		}
	}
}

func known(r *reader, list, noun string, refs, ids []string) {
	for i, ref := range refs {
		path := fmt.Sprintf("%s[%d]", list, i)
		refer(r, path, noun, ref, ids)
		if slices.Contains(refs[:i], ref) {
			r.report(r.at(path), fmt.Sprintf("“%s” is named twice here", ref), "keep one")
		}
	}
}

func refer(r *reader, path, noun, ref string, ids []string) {
	if ref != "" && !slices.Contains(ids, ref) {
		r.report(r.at(path), fmt.Sprintf("no %s is called “%s”", noun, ref), didYouMean(ref, ids))
	}
}

func names[T any](items []T, name func(T) string) []string {
	var out []string
	for _, item := range items {
		if n := name(item); n != "" {
			out = append(out, n)
		}
	}
	return out
}

func checkQuestions(role *hiring.Role, r *reader) {
	for i, q := range role.Questions {
		if path := fmt.Sprintf("questions[%d]", i); len(q.Competencies) == 0 && !r.has(path+".competencies") {
			r.report(r.at(path), fmt.Sprintf("the question “%s” is for no competency", q.ID), "name the competencies that it serves, or remove it")
		}
	}
}

func checkGates(role *hiring.Role, r *reader) {
	for i, g := range role.Gates {
		path := fmt.Sprintf("gates[%d]", i)
		asked := slices.ContainsFunc(role.Stages, func(s hiring.Stage) bool {
			return s.Kind == hiring.StageInterview && (len(g.Stages) == 0 || slices.Contains(g.Stages, s.ID))
		})
		if !asked {
			r.report(r.at(path), fmt.Sprintf("nobody asks the gate “%s”", g.ID), "name a stage that is an interview, or leave “stages” out so that all of them ask")
		}
	}
}

func checkStages(role *hiring.Role, r *reader) {
	interviews, panel := 0, ""
	for i, s := range role.Stages {
		path := fmt.Sprintf("stages[%d]", i)
		switch s.Kind {
		case hiring.StageInterview:
			interviews++
			checkInterview(s, path, r)
		case hiring.StageCheck:
			checkCheck(s, path, r)
		}
		if s.Panel && panel != "" {
			r.report(r.at(path+".panel"), "this is the second stage with “panel: true”", fmt.Sprintf("/schedule-panel books one: “%s” or this", panel))
		}
		if s.Panel {
			panel = s.ID
		}
	}
	if interviews == 0 && len(role.Stages) > 0 {
		r.report(r.at("stages"), "no stage is an interview", "add one with “kind: interview”")
	}
	for i, c := range role.Competencies {
		rated := slices.ContainsFunc(role.Stages, func(s hiring.Stage) bool {
			return s.Kind == hiring.StageInterview && (len(s.Competencies) == 0 || slices.Contains(s.Competencies, c.ID))
		})
		if interviews > 0 && !rated {
			r.report(r.at(fmt.Sprintf("competencies[%d]", i)), fmt.Sprintf("no stage rates the competency “%s”", c.ID), "name it in a stage's “competencies”, or leave those out so that all are rated")
		}
	}
	if len(role.Competencies) == 0 {
		r.warn(r.at(""), "the role has no competencies", "its scorecards will hold nothing to rate")
	}
}

func checkInterview(s hiring.Stage, path string, r *reader) {
	if len(s.Panelists) == 0 {
		r.report(r.at(path), fmt.Sprintf("the stage “%s” has no panelists", s.ID), "name a title; if the document names none, add one to “titles” with “chosen: true”")
	} else if !slices.ContainsFunc(s.Panelists, func(p hiring.StagePanelist) bool { return p.Part == hiring.Required }) {
		r.report(r.at(path+".panelists"), fmt.Sprintf("nobody is required in the stage “%s”", s.ID), "an interview needs somebody whose score counts: give one “part: required”")
	}

	l := s.Location.V
	switch {
	case l.Kind == "link" && !isLink(l.Text):
		r.report(r.at(path+".location"), "the location's text is not a web address", "write the whole link as “text”, e.g. https://example.com/room")
	case l.Kind == "place" && l.Text == "":
		r.report(r.at(path+".location"), "the location is a place without an address", "write it as “text”")
	case l.Kind == "meet" && l.Text != "":
		r.report(r.at(path+".location.text"), "a Meet link is made for every interview", "leave “text” out, or use “kind: link” for a fixed one")
	}

	d, rule := s.Deadline.V, path+".deadline"
	switch {
	case !r.has(rule):
	case d.Kind == hiring.WeekdayAfterWeek && !r.has(rule+".weekday"):
		r.report(r.at(rule), "the deadline has no weekday", "add e.g. “weekday: Monday”")
	case d.Kind == hiring.BusinessDays && !r.has(rule+".days"):
		r.report(r.at(rule), "the deadline has no number of days", "add e.g. “days: 3”")
	case d.Kind == hiring.WeekdayAfterWeek && r.has(rule+".days"):
		r.report(r.at(rule+".days"), "“days” belongs to the kind business_days", "remove it, or change the kind")
	case d.Kind == hiring.BusinessDays && r.has(rule+".weekday"):
		r.report(r.at(rule+".weekday"), "“weekday” belongs to the kind weekday_after_week", "remove it, or change the kind")
	case s.Deadline.Chosen && d.RuleText != "":
		r.report(r.at(rule+".rule"), "a chosen deadline has the document's words", "what the document states is not chosen: remove “chosen”, or “rule”")
	}
}

// checkCheck refuses what only an interview has.
func checkCheck(s hiring.Stage, path string, r *reader) {
	for _, key := range []string{"panel", "panelists", "competencies", "duration", "kit_lead", "location", "deadline"} {
		if sub := path + "." + key; r.has(sub) {
			r.report(r.at(sub), fmt.Sprintf("“%s” is a check and needs no “%s”", s.ID, key), "remove it, or make the stage an interview")
		}
	}
}

func checkTitles(role *hiring.Role, r *reader) {
	for i, t := range role.Titles {
		path := fmt.Sprintf("titles[%d]", i)
		used := slices.ContainsFunc(role.Stages, func(s hiring.Stage) bool {
			return slices.ContainsFunc(s.Panelists, func(p hiring.StagePanelist) bool { return p.Title == t.Key })
		})
		switch {
		case t.Chosen && !used:
			r.report(r.at(path), fmt.Sprintf("the title “%s” is chosen, but no stage needs it", t.Key), "remove it: nothing is chosen without need")
		case !used && t.Key != "":
			r.warn(r.at(path), fmt.Sprintf("no stage has the title “%s”", t.Key), "add it to a stage's panelists, or remove it")
		}
		if t.Chosen && t.Name != "" {
			r.report(r.at(path+".chosen"), fmt.Sprintf("the title “%s” is chosen and names a person", t.Key), "whom the document names is not chosen: remove “chosen”, or “name”")
		}
	}
}

func checkTimes(role *hiring.Role, r *reader) {
	h := role.Hours.V
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

// Slack's limits that a role's parts have to fit together, and not only one by
// one. https://docs.slack.dev/reference/views/modal-views says 100 blocks,
// https://docs.slack.dev/reference/block-kit/blocks/section-block says 3,000 characters of text.
const (
	viewBlocks  = 100
	sectionText = 3000
	markup      = 100 // room for headings and marks around a role's texts
)

// checkFit finds competencies that are too long for one section of a kit, and
// stages whose scorecard has more blocks than a modal.
func checkFit(role *hiring.Role, r *reader) {
	for i, c := range role.Competencies {
		at := r.at(fmt.Sprintf("competencies[%d]", i))
		kit := runes(c.Name, c.Strong) + runes(c.Assesses...)
		for _, q := range role.QuestionsFor(c.ID) {
			kit += runes(q.Text)
		}
		for _, f := range c.RedFlags {
			kit += runes(f.Text)
		}
		if kit > sectionText-markup {
			r.report(at, fmt.Sprintf("the competency “%s” with its questions has %d characters", c.ID, kit), fmt.Sprintf("shorten it to %d so that it fits one section of a kit", sectionText-markup))
		}
		key := 0
		for _, row := range c.AnswerKey {
			key += runes(row.Case, row.Expected)
		}
		if key > sectionText-markup-10*len(c.AnswerKey) {
			r.report(at, fmt.Sprintf("the answer key of “%s” has %d characters", c.ID, key), fmt.Sprintf("shorten it to %d so that it fits one section", sectionText-markup-10*len(c.AnswerKey)))
		}
	}
	for i, s := range role.Stages {
		if n := ScorecardBlocks(role, s); s.Kind == hiring.StageInterview && n > viewBlocks {
			r.report(r.at(fmt.Sprintf("stages[%d]", i)), fmt.Sprintf("the scorecard of “%s” needs %d blocks", s.ID, n), fmt.Sprintf("Slack shows %d: remove signals, gates or competencies", viewBlocks))
		}
	}
}

// ScorecardBlocks returns how many blocks the scorecard of a stage may use, at
// most: the largest role that validates has to fit one modal of 100.
func ScorecardBlocks(role *hiring.Role, s hiring.Stage) int {
	const (
		frame         = 8 // who and when, what is kept, headings, the recommendation, the note
		perCompetency = 5 // heading, levels with the questions, rating, evidence, red flags
		perGate       = 2 // answer, evidence
	)
	return frame + perCompetency*len(role.Rated(s)) + perGate*len(role.Asked(s)) + len(role.Signals)
}

func runes(texts ...string) int {
	n := 0
	for _, t := range texts {
		n += utf8.RuneCountInString(t)
	}
	return n
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

func checkNotices(role *hiring.Role, r *reader) {
	for _, outcome := range []hiring.Outcome{hiring.Advance, hiring.Hold, hiring.Decline} {
		path, n := "notices."+string(outcome), role.Notices[outcome]
		if !r.has(path) {
			continue
		}
		for key, text := range map[string]string{"subject": n.Subject, "body": n.Body} {
			at := r.at(path + "." + key)
			for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
				switch {
				case !slices.Contains(Placeholders(), m[1]):
					r.report(at, fmt.Sprintf("nothing fills in {%s}", m[1]), didYouMean(m[1], Placeholders()))
				case m[1] == "new_date" && outcome != hiring.Hold:
					r.report(at, "only the notice of a hold has a {new_date}", "remove it")
				case m[1] == "company" && role.Company == "":
					r.report(at, "{company} stays empty: the role has no company", "add “company”, or remove it here")
				}
			}
			if strings.Count(text, "{") != strings.Count(text, "}") {
				r.report(at, "a brace is not closed", "write placeholders as {first_name}")
			}
		}
		if outcome == hiring.Hold && n.Body != "" && !strings.Contains(n.Body, "{new_date}") {
			r.report(r.at(path+".body"), "the notice of a hold has no {new_date}", "a hold's notice names the day by which the candidate will hear from you")
		}
	}
}
