package bot

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// A kitReader is who a kit is for, and which questions are whose in the
// interview.
type kitReader struct {
	person string
	panel  []hiring.Panelist
	dealt  map[string][]string // question ids by person; nil: all are everybody's
}

// asker returns who asks a question; "" when it isn't dealt.
func (r kitReader) asker(question string) string {
	for _, p := range r.panel {
		if slices.Contains(r.dealt[p.Person], question) {
			return p.Person
		}
	}
	return ""
}

// mine returns the questions that are the reader's to ask, in the order in which
// they were dealt.
func (r kitReader) mine(rubric *hiring.Role) []hiring.Question {
	return dealtTo(rubric, r.dealt[r.person])
}

func dealtTo(rubric *hiring.Role, ids []string) []hiring.Question {
	var out []hiring.Question
	for _, id := range ids {
		if i := slices.IndexFunc(rubric.Questions, func(q hiring.Question) bool { return q.ID == id }); i >= 0 {
			out = append(out, rubric.Questions[i])
		}
	}
	return out
}

// words are the reader's own questions for whoever has the message read to them.
func (r kitReader) words(rubric *hiring.Role) string {
	text := ""
	for _, q := range r.mine(rubric) {
		text += "\n- " + hiring.Clip(q.Text, 250)
	}
	if text == "" {
		return ""
	}
	return "Your questions:" + text + "\n"
}

// kitAsk is what to have at hand in the interview: the reader's own questions,
// who asks about what else, and the gates.
func kitAsk(rubric *hiring.Role, stage hiring.Stage, r kitReader, d detail) []slack.Block {
	var parts []slack.RichTextElement
	var mine []*rich
	for _, q := range r.mine(rubric) {
		mine = append(mine, questionLine(q, d))
	}
	if len(mine) > 0 {
		parts = append(parts, say("").b("Your questions").para(), bullets(mine...))
	}
	if others := r.others(rubric, stage, d); others != nil {
		parts = append(parts, others.para())
	}
	if gates := rubric.Asked(stage); len(gates) > 0 {
		var items []*rich
		for _, g := range gates {
			it := say(cut(g.Text, d, 300, 160, 100, 60))
			if g.Ask != "" && d == full {
				it.i("\nAsk: " + g.Ask)
			}
			items = append(items, it)
		}
		parts = append(parts, say("").b("Gates: ask, and answer yes, no or unknown").para(), bullets(items...))
	}
	if len(parts) == 0 {
		return nil
	}
	return []slack.Block{richText(parts...)}
}

// others says what the rest of the panel asks about, so that nobody repeats it;
// nil when nothing is dealt to them.
func (r kitReader) others(rubric *hiring.Role, stage hiring.Stage, d detail) *rich {
	out := &rich{}
	for _, p := range r.panel {
		about := askedAbout(rubric, stage, r.dealt[p.Person], d)
		if p.Person == r.person || len(about) == 0 {
			continue
		}
		if len(out.elements) > 0 {
			out.t(" ")
		}
		out.user(p.Person).t(" asks about " + inSeries(about) + ".")
	}
	if len(out.elements) == 0 {
		return nil
	}
	return out
}

// askedAbout names the stage's competencies that questions serve.
func askedAbout(rubric *hiring.Role, stage hiring.Stage, questions []string, d detail) []string {
	var out []string
	for _, c := range rubric.Rated(stage) {
		if slices.ContainsFunc(dealtTo(rubric, questions), func(q hiring.Question) bool { return slices.Contains(q.Competencies, c.ID) }) {
			out = append(out, cut(c.Name, d, 75, 75, 50, 30))
		}
	}
	return out
}

// inSeries joins names: "A, B and C".
func inSeries(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// kitRubric holds, competency by competency, what isn't asked by the reader
// already and what a strong answer shows.
func kitRubric(rubric *hiring.Role, stage hiring.Stage, r kitReader, d detail) []slack.Block {
	var blocks []slack.Block
	for _, c := range rubric.Rated(stage) {
		parts := []slack.RichTextElement{say("").b(c.Name).para()}
		parts = append(parts, r.asking(rubric, c, d)...)
		if strong := cut(c.Strong, d, 1500, 300, 100, 0); strong != "" {
			parts = append(parts, labelled("Strong looks like", []*rich{say(strong)})...)
		}
		parts = append(parts, labelled("Red flags", redFlags(c, d))...)
		parts = append(parts, labelled("Expected handling", handling(c, d))...)
		parts = append(parts, labelled("What is looked at", lookedAt(c, d))...)
		blocks = append(blocks, richText(parts...))
	}
	if len(blocks) > 0 {
		blocks = append([]slack.Block{header("What to find out")}, blocks...)
	}
	return blocks
}

// labelled is a label with what it is about: one thing beside it, several below.
func labelled(label string, items []*rich) []slack.RichTextElement {
	switch len(items) {
	case 0:
		return nil
	case 1:
		line := say("").i(label + ": ")
		line.elements = append(line.elements, items[0].elements...)
		return []slack.RichTextElement{line.para()}
	}
	return []slack.RichTextElement{say("").i(label).para(), bullets(items...)}
}

// asking is what is asked about a competency by others, or by whoever comes to it.
func (r kitReader) asking(rubric *hiring.Role, c hiring.Competency, d detail) []slack.RichTextElement {
	items := r.toAsk(rubric, c, d)
	switch {
	case r.dealt == nil || len(items) == 0:
		return labelled("Ask", items)
	case len(items) == 1:
		return []slack.RichTextElement{items[0].para()}
	default:
		return []slack.RichTextElement{bullets(items...)}
	}
}

// toAsk are the competency's questions that don't stand above as the reader's
// own, each with whose it is.
func (r kitReader) toAsk(rubric *hiring.Role, c hiring.Competency, d detail) []*rich {
	var out []*rich
	for _, q := range rubric.QuestionsFor(c.ID) {
		who := r.asker(q.ID)
		if who != "" && who == r.person || len(out) == atMost(d, 40, 4, 2, 1) {
			continue
		}
		it := &rich{}
		switch {
		case who != "":
			it.user(who).t(" asks: ")
		case r.dealt != nil:
			it.i("Ask: ")
		}
		it.elements = append(it.elements, questionLine(q, d).elements...)
		out = append(out, it)
	}
	return out
}

// questionLine is a question with its ideal answer.
func questionLine(q hiring.Question, d detail) *rich {
	it := say(cut(q.Text, d, 500, 250, 120, 60))
	if ideal := cut(q.Ideal, d, 1500, 200, 0); ideal != "" {
		it.t("\nIdeal answer: " + ideal)
	}
	return it
}

func lookedAt(c hiring.Competency, d detail) []*rich {
	var out []*rich
	for _, a := range c.Assesses[:min(len(c.Assesses), atMost(d, 40, 3, 0))] {
		out = append(out, say(cut(a, d, 500, 120)))
	}
	return out
}

// handling is the answer key.
func handling(c hiring.Competency, d detail) []*rich {
	var out []*rich
	for _, row := range c.AnswerKey[:min(len(c.AnswerKey), atMost(d, 100, 3, 0))] {
		out = append(out, say("").b(cut(row.Case, d, 500, 80)).t(": "+cut(row.Expected, d, 500, 120)))
	}
	return out
}

func redFlags(c hiring.Competency, d detail) []*rich {
	var out []*rich
	for _, f := range c.RedFlags[:min(len(c.RedFlags), atMost(d, 10, 5, 2, 0))] {
		out = append(out, say(cut(f.Text, d, 75, 75, 60)))
	}
	return out
}

// guide says in a scorecard how to find out about a competency: what to ask,
// what is looked at, what a strong response shows, and the answer key.
func guide(role *hiring.Role, c hiring.Competency, d detail) []slack.RichTextElement {
	var parts []slack.RichTextElement
	add := func(name string, items []*rich) {
		if len(items) > 0 {
			parts = append(parts, say("").i(name).para(), bullets(items...))
		}
	}
	add("Ask", kitReader{}.toAsk(role, c, d))
	add("What is looked at", lookedAt(c, d))
	if strong := cut(c.Strong, d, 1500, 300, 100, 0); strong != "" {
		parts = append(parts, say("").i("Strong looks like: ").t(strong).para())
	}
	add("Expected handling", handling(c, d))
	return parts
}

// documents are what the candidate sent, as links.
func documents(k *hiring.Case) []slack.Block {
	var items []*rich
	for i, l := range k.Candidate.Links {
		if i == 10 {
			items = append(items, say("More documents are on the candidate's card."))
			break
		}
		name := hiring.Clip(l.Name, 75)
		if name == "" {
			name = "Document"
		}
		items = append(items, (&rich{}).link(l.URL, name))
	}
	if len(items) == 0 {
		return nil
	}
	return []slack.Block{richText(say("").b("Documents").para(), bullets(items...))}
}

// application is what the candidate answered when they applied.
func application(k *hiring.Case, d detail) []slack.Block {
	var items []*rich
	for _, it := range k.Role.Application {
		if a := k.Candidate.Answers[it.ID]; a != "" && d == full {
			items = append(items, say("").b(hiring.Clip(it.Text, 120)).t("\n"+hiring.Clip(a, 400)))
		}
	}
	if len(items) == 0 {
		return nil
	}
	return []slack.Block{richText(say("").b("From the application").para(), bullets(items...))}
}

// cut clips a text to the length for each level of detail; 0 drops it.
func cut(s string, d detail, lengths ...int) string {
	n := lengths[min(int(d), len(lengths)-1)]
	if n == 0 {
		return ""
	}
	return hiring.Clip(s, n)
}

// atMost returns the number for the level of detail.
func atMost(d detail, numbers ...int) int { return numbers[min(int(d), len(numbers)-1)] }
