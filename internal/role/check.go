package role

import (
	"fmt"
	"slices"
	"strings"

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

// checkIDs finds ids that are used twice, and texts that stand twice where people
// choose among them.
func checkIDs(role *hiring.Role, r *reader) {
	unique(r, "application", "id", role.Application, func(a hiring.ApplicationItem) string { return a.ID })
	unique(r, "application", "text", role.Application, func(a hiring.ApplicationItem) string { return a.Text })
	unique(r, "competencies", "id", role.Competencies, func(c hiring.Competency) string { return c.ID })
	unique(r, "competencies", "name", role.Competencies, func(c hiring.Competency) string { return c.Name })
	unique(r, "questions", "id", role.Questions, func(q hiring.Question) string { return q.ID })
	unique(r, "questions", "text", role.Questions, func(q hiring.Question) string { return q.Text })
	unique(r, "gates", "id", role.Gates, func(g hiring.Gate) string { return g.ID })
	unique(r, "gates", "text", role.Gates, func(g hiring.Gate) string { return g.Text })
	unique(r, "signals", "id", role.Signals, func(s hiring.Signal) string { return s.ID })
	unique(r, "signals", "text", role.Signals, func(s hiring.Signal) string { return s.Text })
	unique(r, "titles", "key", role.Titles, func(t hiring.Title) string { return t.Key })
	unique(r, "titles", "text", role.Titles, func(t hiring.Title) string { return t.Text })
	unique(r, "stages", "id", role.Stages, func(s hiring.Stage) string { return s.ID })
	unique(r, "stages", "name", role.Stages, func(s hiring.Stage) string { return s.Name })
	for i, c := range role.Competencies {
		flags := fmt.Sprintf("competencies[%d].red_flags", i)
		unique(r, flags, "id", c.RedFlags, func(f hiring.RedFlag) string { return f.ID })
		unique(r, flags, "text", c.RedFlags, func(f hiring.RedFlag) string { return f.Text })
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
		if earlier, twice := first[strings.ToLower(v)]; twice {
			r.report(at, fmt.Sprintf("the %s “%s” is used twice in %s", key, v, lastKey(list)), fmt.Sprintf("change one; the first is in line %d", earlier.line))
			continue
		}
		first[strings.ToLower(v)] = at
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
	if first, ok := role.FirstInterview(); ok && first.Panel && interviews > 1 {
		i := slices.IndexFunc(role.Stages, func(s hiring.Stage) bool { return s.ID == first.ID })
		r.warn(r.at(fmt.Sprintf("stages[%d].panel", i)), "the first interview is the panel", "/schedule-round1 and /schedule-panel book the same stage: mark a later one with “panel: true”")
	}
	for i, st := range role.Stages {
		if called := strings.ToLower(st.ID + " " + st.Name); panel == "" && st.Kind == hiring.StageInterview && strings.Contains(called, "panel") {
			r.warn(r.at(fmt.Sprintf("stages[%d]", i)), fmt.Sprintf("the stage “%s” is called a panel and is not marked as one", st.ID), "/schedule-panel has nothing to book: add “panel: true”")
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
	for i, p := range s.Panelists {
		if p.Any > 0 && p.Part != hiring.Required {
			r.report(r.at(fmt.Sprintf("%s.panelists[%d].any", path, i)), fmt.Sprintf("“any” stands beside “part: %s”", p.Part), "whoever is taken of several is required: leave “part” out, or “any”")
		}
	}

	l := s.Location.V
	switch {
	case l.Kind == "link" && !isLink(l.Text):
		r.report(r.at(path+".location"), "the location's text is not a web address", "write the whole link as “text”, e.g. https://example.com/room")
	case l.Kind == "place" && l.Text == "":
		r.report(r.at(path+".location"), "the location is a place without an address", "write it as “text”")
	case l.Kind != "place" && l.Travel > 0:
		r.report(r.at(path+".location.travel"), "nobody travels to "+l.Words(), "leave “travel” out, or use “kind: place”")
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
	for _, key := range []string{"panel", "panelists", "competencies", "duration", "kit_lead", "location", "deadline", "hold", "candidate_chooses"} {
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
