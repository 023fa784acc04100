package role

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"convene/internal/hiring"
)

// showWidth is the longest line that Show prints, in runes.
const showWidth = 100

// Show prints a role for a person: what its document states, what was chosen
// because the bot can't run without it, and what is still empty.
func Show(r *hiring.Role, w io.Writer) error {
	p := &page{w: bufio.NewWriter(w)}
	name := r.Title
	if r.Company != "" {
		name += " at " + r.Company
	}
	p.line("", name)
	p.line("", fmt.Sprintf("key %s, revision %s", r.Key, r.Revision))

	p.part("STATED by the role's document")
	showTexts(p, r)
	showEvidence(p, r)
	showPipeline(p, r)
	showSettings(p, r)
	p.terms("Background", r.Background)

	if len(r.Choices) > 0 {
		p.part("CHOSEN, because the bot can't run without it; setup asks a person to confirm")
		for _, c := range r.Choices {
			p.item(c.Name + ": " + c.Text)
		}
	}
	if empty := empties(r); len(empty) > 0 {
		p.part("NOT STATED, and left empty")
		for _, e := range empty {
			p.item(e)
		}
	}
	if len(r.Notes) > 0 {
		p.part("NOTES for setup")
		for _, n := range r.Notes {
			p.item(n)
		}
	}
	return p.w.Flush()
}

// showTexts prints the passages of the document.
func showTexts(p *page, r *hiring.Role) {
	p.list("Context", r.Context)
	p.list("Duties", r.Duties)
	p.terms("Terms", r.Terms)
	p.list("Travel", r.Travel)
	p.list("Work model", r.WorkModel)
	p.list("Values", r.Values)
	p.list("Culture", r.Culture)
	p.list("What candidates are told about the process", r.Process)
	p.list("Measures of success", r.Success)
	p.list("Wanted, but no must-have", r.Wanted)
	if len(r.Application) > 0 {
		p.heading("Application")
		for _, a := range r.Application {
			kind := a.Kind
			if a.Required {
				kind += ", required"
			}
			p.item(fmt.Sprintf("%s (%s)", a.Text, kind))
		}
	}
	if len(r.Tools) > 0 {
		p.heading("Tools")
		for _, g := range r.Tools {
			p.item(joined("; ", withNeed(g), strings.Join(g.Tools, ", "), g.Note))
		}
	}
}

func withNeed(g hiring.ToolGroup) string {
	if g.Need == "" {
		return g.Name
	}
	return fmt.Sprintf("%s (%s)", g.Name, g.Need)
}

// showEvidence prints what scorecards and kits are made of.
func showEvidence(p *page, r *hiring.Role) {
	for i, c := range r.Competencies {
		p.heading(fmt.Sprintf("Competency %d: %s [%s]", i+1, c.Name, c.ID))
		if c.Primary {
			p.item("The primary qualification")
		}
		for _, a := range c.Assesses {
			p.item(a)
		}
		for _, q := range r.QuestionsFor(c.ID) {
			p.item("Question: " + q.Text)
			if q.Ideal != "" {
				p.item("Ideal answer: " + q.Ideal)
			}
		}
		if c.Strong != "" {
			p.item("Strong: " + c.Strong)
		}
		for _, f := range c.RedFlags {
			p.item("Red flag: " + f.Text)
		}
		for _, row := range c.AnswerKey {
			p.item(fmt.Sprintf("Answer key: %s → %s", row.Case, row.Expected))
		}
	}
	if len(r.Gates) > 0 {
		p.heading("Gates, answered yes, no or unknown")
		for _, g := range r.Gates {
			p.item(fmt.Sprintf("%s [%s]", g.Text, g.ID))
			if g.Ask != "" {
				p.item("Ask: " + g.Ask)
			}
		}
	}
	if len(r.Signals) > 0 {
		p.heading("Signals")
		for _, s := range r.Signals {
			about := ""
			if s.About != "" {
				about = s.About + ": "
			}
			p.item(about + s.Text)
		}
	}
}

// showPipeline prints the stages and who takes part in them.
func showPipeline(p *page, r *hiring.Role) {
	p.heading("Stages")
	for _, s := range r.Stages {
		kind := string(s.Kind)
		if s.Panel {
			kind = "panel interview"
		}
		p.item(joined("; ", fmt.Sprintf("%s [%s], %s", s.Name, s.ID, kind), s.When))
		if who := panelists(r, s); who != "" {
			p.sub("with " + who)
		}
		if len(s.Covers) > 0 {
			p.sub("covers " + strings.Join(s.Covers, ", "))
		}
		if len(s.Competencies) > 0 {
			p.sub("rates " + strings.Join(s.Competencies, ", "))
		}
		if s.Deadline.V.RuleText != "" {
			p.sub("“" + s.Deadline.V.RuleText + "”")
		}
		if s.Note != "" {
			p.sub(s.Note)
		}
	}
}

// panelists names a stage's people that the document states.
func panelists(r *hiring.Role, s hiring.Stage) string {
	var who []string
	for _, panelist := range s.Panelists {
		t, ok := r.TitleFor(panelist.Title)
		if !ok || t.Chosen {
			continue
		}
		name := t.Text
		if t.Name != "" {
			name = fmt.Sprintf("%s (%s)", t.Name, t.Text)
		}
		if panelist.Part != hiring.Required {
			name += ", " + string(panelist.Part)
		}
		who = append(who, name)
	}
	return strings.Join(who, "; ")
}

// showSettings prints the settings that are stated.
func showSettings(p *page, r *hiring.Role) {
	chosen := map[string]bool{}
	for _, c := range r.Choices {
		chosen[c.Path] = true
	}
	var stated []shown
	for _, s := range settings(r, chosen) {
		if !chosen[s.path] && s.text != "" {
			stated = append(stated, s)
		}
	}
	if r.ShowGuests {
		stated = append(stated, shown{name: "Guests of an event", text: "see each other"})
	}
	if len(stated) == 0 {
		return
	}
	p.heading("Settings")
	for _, s := range stated {
		p.item(s.name + ": " + s.text)
	}
}

// empties names what the document leaves open and nobody filled in, in the
// words that a person would ask for it.
func empties(r *hiring.Role) []string {
	var out []string
	add := func(empty bool, what string) {
		if empty {
			out = append(out, what)
		}
	}
	add(r.Company == "", "Company")
	add(len(r.Context) == 0, "Context")
	add(len(r.Duties) == 0, "Duties")
	add(len(r.Terms) == 0, "Terms, such as the salary range")
	add(len(r.Travel) == 0, "Travel")
	add(len(r.WorkModel) == 0, "Work model")
	add(len(r.Values) == 0, "Values")
	add(len(r.Success) == 0, "Measures of success")
	add(len(r.Application) == 0, "What an application holds")
	add(len(r.Competencies) == 0, "Competencies")
	add(len(r.Gates) == 0, "Gates")
	add(len(r.Signals) == 0, "Signals")

	out = append(out, emptyIn("A question for", r, func(c hiring.Competency) bool { return len(r.QuestionsFor(c.ID)) == 0 })...)
	out = append(out, emptyIn("A strong response for", r, func(c hiring.Competency) bool { return c.Strong == "" })...)
	out = append(out, emptyIn("Red flags of", r, func(c hiring.Competency) bool { return len(c.RedFlags) == 0 })...)
	for _, g := range r.Gates {
		add(g.Ask == "", fmt.Sprintf("How to ask the gate %s", g.ID))
	}
	for _, t := range r.Titles {
		add(t.Name == "" && !t.Chosen, "Who holds the title “"+t.Text+"”")
	}
	for _, s := range r.Stages {
		add(s.Kind == hiring.StageInterview && len(s.Covers) == 0, "What “"+s.Name+"” covers")
	}
	return out
}

// emptyIn names all competencies that lack something in one entry.
func emptyIn(what string, r *hiring.Role, lacks func(hiring.Competency) bool) []string {
	var ids []string
	for _, c := range r.Competencies {
		if lacks(c) {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return []string{what + " " + strings.Join(ids, ", ")}
}

func joined(sep string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, sep)
}

// A page prints wrapped text; its writer keeps the first error until Flush.
type page struct{ w *bufio.Writer }

func (p *page) part(title string) { fmt.Fprintf(p.w, "\n%s\n", title) }

func (p *page) heading(title string) { fmt.Fprintf(p.w, "\n  %s\n", title) }

func (p *page) item(text string) { p.wrap("    - ", "      ", text) }

func (p *page) sub(text string) { p.wrap("        ", "        ", text) }

func (p *page) line(indent, text string) { p.wrap(indent, indent, text) }

func (p *page) list(title string, items []string) {
	if len(items) == 0 {
		return
	}
	p.heading(title)
	for _, i := range items {
		p.item(i)
	}
}

func (p *page) terms(title string, items []hiring.Term) {
	if len(items) == 0 {
		return
	}
	p.heading(title)
	for _, t := range items {
		p.item(t.Name + ": " + t.Text)
	}
}

// wrap prints text in lines of at most showWidth runes; a longer word gets a
// line of its own.
func (p *page) wrap(first, rest, text string) {
	line := first
	empty := true
	for _, word := range strings.Fields(text) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > showWidth {
			fmt.Fprintln(p.w, line)
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line += word
		empty = false
	}
	fmt.Fprintln(p.w, line)
}
