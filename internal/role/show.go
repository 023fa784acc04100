package role

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"convene/internal/hiring"
)

// Show prints a role for a person, in the order in which they would ask: what
// it is, how candidates go through it, what is rated and asked. It says where
// the role's document is silent, and marks what was chosen because the bot
// can't run without it; all of that stands together once more, to be confirmed.
func Show(r *hiring.Role, w io.Writer) error {
	p := &page{w: bufio.NewWriter(w)}
	chosen := map[string]bool{}
	for _, c := range r.Choices {
		chosen[c.Path] = true
	}
	name := r.Title
	if r.Company != "" {
		name += " at " + r.Company
	}
	p.wrap("", "", name)
	p.wrap("", "", fmt.Sprintf("key %s, revision %s", r.Key, r.Revision))
	fmt.Fprintln(p.w)
	p.wrap("", "", "These are the words of the role's document. Where it says nothing, this says “not stated”. What is marked (chosen) it doesn't state either, but the bot can't run without it.")

	showWhat(p, r)
	showStages(p, r, chosen)
	showRated(p, r)
	showQuestions(p, r)
	showTools(p, r)
	showTerms(p, r)
	showNotices(p, r)
	showSettings(p, r, chosen)
	if len(r.Choices) > 0 {
		p.part("ALL THAT WAS CHOSEN, for a person to confirm or change in setup")
		for _, c := range r.Choices {
			p.item(c.Name + ": " + c.Text)
		}
	}
	if len(r.Notes) > 0 {
		p.part("NOTES FOR SETUP, ours and not the document's")
		for _, n := range r.Notes {
			p.item(n)
		}
	}
	return p.w.Flush()
}

func showWhat(p *page, r *hiring.Role) {
	p.part("THE ROLE")
	p.list("Context", r.Context)
	p.list("Duties", r.Duties)
	p.list("Measures of success", r.Success)
	p.list("Wanted, but no must-have", r.Wanted)
	p.list("Values", r.Values)
	p.list("Culture", r.Culture)
}

func showStages(p *page, r *hiring.Role, chosen map[string]bool) {
	p.part("STAGES, in this order")
	for i, s := range r.Stages {
		kind := string(s.Kind)
		if s.Panel {
			kind = "panel interview, booked with /schedule-panel"
		}
		p.entry(fmt.Sprintf("%d. %s [%s], %s", i+1, s.Name, s.ID, kind))
		p.fact("When", s.When)
		if s.Kind == hiring.StageInterview {
			showInterview(p, r, s, chosen)
		}
		p.facts("Covers", s.Covers)
		if s.Note != "" {
			p.fact("Note for setup", s.Note)
		}
	}
	fmt.Fprintln(p.w)
	var titles []string
	for _, t := range r.Titles {
		holds := ": who holds it is " + notStated
		if t.Name != "" {
			holds = ": " + t.Name
		}
		if t.Chosen {
			holds = " (chosen)"
		}
		titles = append(titles, t.Text+holds)
	}
	p.list("The team's titles", titles)
	p.list("What candidates are told about the process", r.Process)
	var items []string
	for _, a := range r.Application {
		kind := a.Kind
		if a.Required {
			kind += ", required"
		}
		items = append(items, fmt.Sprintf("%s (%s)", a.Text, kind))
	}
	p.list("What an application holds", items)
}

func showInterview(p *page, r *hiring.Role, s hiring.Stage, chosen map[string]bool) {
	mark := func(key, words string) string {
		if chosen["stages."+s.ID+"."+key] {
			return words + " (chosen)"
		}
		return words
	}
	p.fact("Who", who(r, s))
	p.fact("How long", mark("duration", spanWords(s.Duration.V)))
	p.fact("Where", mark("location", s.Location.V.Words()))
	d := s.Deadline.V
	told := d.DayWords() + ", " + mark("deadline.eod", ClockWords(d.EOD)+" "+r.Zone.V) + "; on a holiday " + mark("deadline.holiday", d.HolidayWords())
	if s.Deadline.Chosen {
		told += " (all of it chosen)"
	}
	p.fact("Candidate told by", told)
	if d.RuleText != "" {
		p.fact("In the document's words", "“"+d.RuleText+"”")
	}
	p.fact("Kit", mark("kit_lead", "sent "+spanWords(s.KitLead.V)+" before"))
	if s.Hold.V > 0 {
		p.fact("A time can be held", "for "+spanWords(s.Hold.V))
	}
	if s.Chooses.V {
		p.fact("The candidate can choose", "among 3 to 5 times, sent in one e-mail")
	}
	if len(s.Competencies) > 0 {
		p.fact("Rates", strings.Join(s.Competencies, ", "))
	} else {
		p.fact("Rates", "everything")
	}
}

// who names a stage's people; a title without a name is for setup to fill.
func who(r *hiring.Role, s hiring.Stage) string {
	var out []string
	for _, panelist := range s.Panelists {
		t, ok := r.TitleFor(panelist.Title)
		if !ok {
			continue
		}
		name := t.Text
		if t.Name != "" {
			name = fmt.Sprintf("%s (%s)", t.Name, t.Text)
		}
		switch {
		case panelist.Any > 0:
			name += fmt.Sprintf(", any %d of them", panelist.Any)
		case panelist.Part != hiring.Required:
			name += ", " + string(panelist.Part)
		}
		if t.Chosen {
			name += " (chosen)"
		}
		out = append(out, name)
	}
	return strings.Join(out, "; ")
}

// showRated prints what scorecards are made of.
func showRated(p *page, r *hiring.Role) {
	p.part("WHAT IS RATED: Not shown, Partly, Strong or Beyond")
	if len(r.Competencies) == 0 {
		p.line(notStated)
	}
	for i, c := range r.Competencies {
		title := fmt.Sprintf("%d. %s [%s]", i+1, c.Name, c.ID)
		if c.Primary {
			title += ", the primary qualification"
		}
		p.entry(title)
		p.facts("Looked at", c.Assesses)
		p.fact("Strong", c.Strong)
		var flags, rows []string
		for _, f := range c.RedFlags {
			flags = append(flags, f.Text)
		}
		p.facts("Red flags", flags)
		for _, row := range c.AnswerKey {
			rows = append(rows, row.Case+" → "+row.Expected)
		}
		if len(rows) > 0 {
			p.facts("Answer key", rows)
		}
	}

	p.part("GATES: yes, no or unknown")
	if len(r.Gates) == 0 {
		p.line(notStated)
	}
	for i, g := range r.Gates {
		p.entry(fmt.Sprintf("%d. %s [%s]", i+1, g.Text, g.ID))
		p.fact("How to ask", g.Ask)
		if len(g.Stages) > 0 {
			p.fact("Asked in", strings.Join(g.Stages, ", "))
		} else {
			p.fact("Asked in", "every interview")
		}
	}
}

func showQuestions(p *page, r *hiring.Role) {
	p.part("QUESTIONS")
	if len(r.Questions) == 0 {
		p.line(notStated)
	}
	for i, q := range r.Questions {
		p.entry(fmt.Sprintf("%d. %s [%s]", i+1, q.Text, q.ID))
		p.fact("For", strings.Join(q.Competencies, ", "))
		p.fact("Ideal answer", q.Ideal)
	}
	var without []string
	for _, c := range r.Competencies {
		if len(r.QuestionsFor(c.ID)) == 0 {
			without = append(without, c.ID)
		}
	}
	if len(without) > 0 && len(r.Questions) > 0 {
		fmt.Fprintln(p.w)
		p.line("No question is stated for " + strings.Join(without, ", "))
	}
}

func showTools(p *page, r *hiring.Role) {
	p.part("TOOLS AND SIGNALS")
	var tools, signals []string
	for _, g := range r.Tools {
		name := g.Name
		if g.Need != "" {
			name += " (" + g.Need + ")"
		}
		tools = append(tools, joined(": ", name, joined("; ", strings.Join(g.Tools, ", "), g.Note)))
	}
	for _, s := range r.Signals {
		signals = append(signals, joined(": ", s.About, s.Text))
	}
	p.list("Tools", tools)
	p.list("Signs of fit", signals)
}

func showTerms(p *page, r *hiring.Role) {
	p.part("TERMS, WORK MODEL, TRAVEL")
	p.terms("Salary, contract and the like", r.Terms)
	p.list("Work model", r.WorkModel)
	p.list("Travel", r.Travel)
	if len(r.Background) > 0 {
		p.part("BACKGROUND")
		p.terms("What the document says around the role", r.Background)
	}
}

// showNotices prints the drafts as a candidate would read them.
func showNotices(p *page, r *hiring.Role) {
	p.part("NOTICES: drafts, for a person to edit and approve")
	for _, o := range hiring.Outcomes() {
		n := r.Notices[o]
		title := string(o)
		if n.Chosen {
			title += " (chosen)"
		}
		p.entry(title)
		p.fact("Subject", n.Subject)
		for line := range strings.SplitSeq(n.Body, "\n") {
			if line != "" {
				p.wrap("      ", "      ", line)
			}
		}
	}
}

// showSettings prints the settings that are stated and stand nowhere above.
func showSettings(p *page, r *hiring.Role, chosen map[string]bool) {
	p.part("SETTINGS that the document states")
	var stated []string
	for _, s := range settings(r, chosen) {
		above := strings.HasPrefix(s.path, "stages.") || strings.HasPrefix(s.path, "notices.")
		if !above && !chosen[s.path] && s.text != "" {
			stated = append(stated, s.name+": "+s.text)
		}
	}
	if r.ShowGuests {
		stated = append(stated, "Guests of an event: see each other, the candidate included")
	}
	if len(stated) == 0 {
		p.line("none")
	}
	for _, s := range stated {
		p.item(s)
	}
}
