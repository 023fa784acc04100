package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/scorecard"
)

// The blocks of a scorecard's modal are named by the fields of its errors:
// "rating:<competency>", "gate:<gate>", "recommendation" and so on. Each input
// reports every change, so that a draft is kept while somebody types.

// Limits of the short answers, in characters. Evidence may be longer
// (hiring.MaxEvidence).
const (
	maxGateEvidence = 1000
	maxSignal       = 500
)

// A layout is how a scorecard's form is set. A role with many competencies
// leaves no room for a heading over each, a very long draft less for the
// rubric's texts: the kit and the guide behind the button hold them too.
type layout struct {
	detail
	tight bool
}

var layouts = [...]layout{{full, false}, {full, true}, {short, true}, {brief, true}, {bare, true}}

// A formWriter writes one form.
type formWriter struct {
	*scorecard.Form
	zone   *time.Location // the panelist's
	guided string         // competency whose guide stands in the form itself; empty: none

	explained map[string]bool // competencies that have a guide
	layout
}

// formView is the scorecard to fill in.
func formView(f *scorecard.Form, p hiring.Person, now time.Time) slack.ModalViewRequest {
	return guidedFormView(f, p, now, "")
}

// guidedFormView is the same with a competency's guide in it, for where nothing
// more can be laid on top.
func guidedFormView(f *scorecard.Form, p hiring.Person, now time.Time, guided string) slack.ModalViewRequest {
	v := modal(viewScorecard, "Scorecard", "Submit", "Close, keep draft")
	v.PrivateMetadata = meta{Interview: f.Case.Interview.ID}.String()
	w := formWriter{Form: f, zone: p.TimeZone(f.Case.Role.TimeZone()), guided: guided, explained: map[string]bool{}}
	for _, c := range w.Competencies() {
		w.explained[c.ID] = len(guide(w.Role, c, full)) > 0
	}
	for _, w.layout = range layouts {
		v.Blocks.BlockSet = w.blocks(now)
		if fitsView(v) {
			break
		}
	}
	return v
}

func (w *formWriter) blocks(now time.Time) []slack.Block {
	k, a := w.Case, w.Card.Answers
	blocks := []slack.Block{
		header(k.Candidate.Name),
		section(k.Stage().Name + " · " + span(k.Interview.Start, k.Interview.End, w.zone)),
		note(draftWords(w.Form, w.zone, now)),
	}
	for _, c := range w.Competencies() {
		blocks = append(blocks, w.competency(c, a.Ratings[c.ID])...)
	}
	if gates := w.Gates(); len(gates) > 0 {
		blocks = append(blocks, header("Gates"))
		for _, g := range gates {
			blocks = append(blocks, gateBlocks(g, a.Gates[g.ID])...)
		}
	}
	if len(w.Role.Signals) > 0 {
		blocks = append(blocks, header("Signs of fit"))
		for _, s := range w.Role.Signals {
			about := ""
			if s.About != "" {
				about = "About " + s.About
			}
			in := typed("signal:"+s.ID, s.Text, about, maxSignal, a.Signals[s.ID])
			in.Element.(*slack.PlainTextInputBlockElement).Placeholder = plain("What you saw or heard, if anything")
			blocks = append(blocks, in)
		}
	}
	return append(blocks,
		typed("note", "Private note to the coordinator", "Only coordinators read it.", hiring.MaxNote, a.Note),
		radio("recommendation", "Your recommendation", recommendationOptions(), string(a.Recommendation)),
	)
}

// draftWords says what happens to what is typed.
func draftWords(f *scorecard.Form, zone *time.Location, now time.Time) string {
	text := "What you type is kept as a draft; only you see it."
	if !f.Card.SavedAt.IsZero() {
		text += " Last kept " + clockTime(f.Card.SavedAt, zone) + "."
	}
	if now.Before(f.Case.Interview.Start) {
		return text + " You can submit it once the interview has begun."
	}
	if f.Card.Version > 0 {
		return text + " You reopened it: it counts again once you submit it."
	}
	return text + " The others' stay closed to you until yours is in."
}

// competency asks for one rating: the question, what the levels mean, the
// level, the evidence, the red flags. In a tight form its name stands where
// there is room for the questions else.
func (w *formWriter) competency(c hiring.Competency, r hiring.Rating) []slack.Block {
	var button *slack.Accessory
	if w.explained[c.ID] {
		button = slack.NewAccessory(guideButton(w.Case.Interview.ID, c))
	}
	var blocks []slack.Block
	if w.tight {
		parts := append(w.questions(c), w.levels(c)...)
		blocks = append(blocks, slack.NewSectionBlock(plain(c.Name), nil, button), richText(append(parts, w.notes(r)...)...))
	} else {
		blocks = append(blocks, header(c.Name), slack.NewSectionBlock(plain(questionText(w.Role, c)), nil, button), richText(w.levels(c)...))
	}
	level := ""
	if r.Rated {
		level = strconv.Itoa(int(r.Level))
	}
	blocks = append(blocks, radio("rating:"+c.ID, "Level: "+c.Name, levelOptions(), level))
	placeholder := "What they said or did"
	if len(r.Notes) > 0 {
		placeholder = "What else they said or did"
		if !w.tight {
			blocks = append(blocks, richText(w.notes(r)...))
		}
	}
	evidence := typed("evidence:"+c.ID, "Evidence: "+c.Name, "", hiring.MaxEvidence, r.Evidence)
	evidence.Element.(*slack.PlainTextInputBlockElement).Placeholder = plain(placeholder)
	blocks = append(blocks, evidence)
	if len(c.RedFlags) > 0 {
		blocks = append(blocks, flagInput(c, r.RedFlags))
	}
	return blocks
}

// questionText is the questions that serve a competency, as plain text; where
// the role's document has none, what it looks at.
func questionText(role *hiring.Role, c hiring.Competency) string {
	text, items := "Ask", []string(nil)
	for _, q := range role.QuestionsFor(c.ID) {
		items = append(items, q.Text)
	}
	if len(items) == 0 {
		text, items = "The role's document states no question for this. It looks at:", c.Assesses
	}
	if len(items) == 0 {
		return "The role's document states no question for this."
	}
	return hiring.Clip(text+"\n• "+strings.Join(items, "\n• "), 3000)
}

// questions are the same where they share a block with the levels.
func (w *formWriter) questions(c hiring.Competency) []slack.RichTextElement {
	var items []*rich
	for _, q := range w.Role.QuestionsFor(c.ID) {
		if text := cut(q.Text, w.detail, 500, 250, 120, 60); len(items) < atMost(w.detail, 40, 4, 2, 1) {
			items = append(items, say(text))
		}
	}
	if len(items) == 0 {
		return nil
	}
	return []slack.RichTextElement{say("").b("Ask").para(), bullets(items...)}
}

// levels are printed above their choice. Only the role's document gives one of
// them more words than its name.
func (w *formWriter) levels(c hiring.Competency) []slack.RichTextElement {
	var items []*rich
	var names []string
	for _, l := range ratedLevels {
		it := say("").b(levelText(l))
		if strong := cut(c.Strong, w.detail, 1500, 300, 100, 0); l == hiring.Strong && strong != "" {
			it.t(": " + strong)
		}
		items, names = append(items, it), append(names, levelText(l))
	}
	parts := []slack.RichTextElement{say("").b("Levels").para(), bullets(items...)}
	if c.Strong == "" || w.detail == bare { // a list of bare names stands in the choice already
		parts = []slack.RichTextElement{say("").b("Levels: ").t(strings.Join(names, ", ")).para()}
	}
	if w.guided == c.ID {
		parts = append(append(parts, say("").b("What a strong answer shows").para()), guide(w.Role, c, w.detail)...)
	}
	return parts
}

// notes are the evidence that came as messages. They can't be changed here.
func (w *formWriter) notes(r hiring.Rating) []slack.RichTextElement {
	return messageParts("From your messages", r.Notes, w.zone, atMost(w.detail, hiring.MaxEvidence, 600, 200, 40))
}

// ratedLevels are the levels that count.
var ratedLevels = [...]hiring.Level{hiring.NotShown, hiring.Partly, hiring.Strong, hiring.Beyond}

func levelOptions() []*slack.OptionBlockObject {
	var out []*slack.OptionBlockObject
	for _, l := range append(ratedLevels[:], hiring.NotAssessed) {
		out = append(out, option(strconv.Itoa(int(l)), levelText(l), ""))
	}
	return out
}

// levelText writes a level with its figure: "3 · Strong".
func levelText(l hiring.Level) string {
	if l == hiring.NotAssessed {
		return l.String()
	}
	return strconv.Itoa(int(l)) + " · " + l.String()
}

func recommendationOptions() []*slack.OptionBlockObject {
	var out []*slack.OptionBlockObject
	for _, r := range hiring.Recommendations {
		out = append(out, option(string(r), r.String(), ""))
	}
	return out
}

// flagInput lets a panelist tick a competency's red flags.
func flagInput(c hiring.Competency, ticked []string) *slack.InputBlock {
	el := slack.NewCheckboxGroupsBlockElement(actScoreType + ":flags")
	for _, f := range c.RedFlags {
		o := option(f.ID, f.Text, "")
		el.Options = append(el.Options, o)
		if slices.Contains(ticked, f.ID) {
			el.InitialOptions = append(el.InitialOptions, o)
		}
	}
	in := optional(field("flags:"+c.ID, "Red flags: "+c.Name, "", el))
	in.DispatchAction = true
	return in
}

func gateBlocks(g hiring.Gate, e hiring.GateEntry) []slack.Block {
	answers := []*slack.OptionBlockObject{
		option(string(hiring.GateYes), "Yes", ""), option(string(hiring.GateNo), "No", ""), option(string(hiring.GateUnknown), "Unknown", ""),
	}
	in := radio("gate:"+g.ID, g.Text, answers, string(e.Answer))
	if g.Ask != "" {
		in.Hint = plain(g.Ask)
	}
	evidence := typed("gateev:"+g.ID, "What they said: "+hiring.Clip(g.Text, 120), "", maxGateEvidence, e.Evidence)
	return []slack.Block{in, evidence}
}

// radio is a required choice that reports each change.
func radio(id, label string, options []*slack.OptionBlockObject, chosen string) *slack.InputBlock {
	kind, _, _ := strings.Cut(id, ":")
	in := field(id, label, "", choice(actScoreType+":"+kind, options, chosen))
	in.DispatchAction = true
	return in
}

// typed is an optional text that is reported while it is typed.
func typed(id, label, hint string, limit int, initial string) *slack.InputBlock {
	kind, _, _ := strings.Cut(id, ":")
	el := textInput(actScoreType+":"+kind, limit, hiring.Clip(initial, limit), true)
	el.DispatchActionConfig = &slack.DispatchActionConfig{TriggerActionsOn: []string{"on_character_entered"}}
	in := optional(field(id, label, hint, el))
	in.DispatchAction = true
	return in
}

// readAnswers reads a scorecard out of its modal's state.
func readAnswers(state map[string]input) hiring.Answers {
	a := hiring.Answers{Ratings: map[string]hiring.Rating{}, Gates: map[string]hiring.GateEntry{}, Signals: map[string]string{}}
	for block, in := range state {
		kind, id, _ := strings.Cut(block, ":")
		rating, gate := a.Ratings[id], a.Gates[id]
		text := hiring.CleanText(in.Value)
		switch kind {
		case "rating":
			level, err := strconv.Atoi(in.SelectedOption.Value)
			if err == nil && level >= 0 && level <= int(hiring.Beyond) {
				rating.Level, rating.Rated = hiring.Level(level), true
				a.Ratings[id] = rating
			}
		case "evidence":
			if text != "" {
				rating.Evidence = text
				a.Ratings[id] = rating
			}
		case "flags":
			for _, o := range in.SelectedOptions {
				rating.RedFlags = append(rating.RedFlags, o.Value)
				a.Ratings[id] = rating
			}
		case "gate":
			if in.SelectedOption.Value != "" {
				gate.Answer = hiring.GateAnswer(in.SelectedOption.Value)
				a.Gates[id] = gate
			}
		case "gateev":
			if text != "" {
				gate.Evidence = text
				a.Gates[id] = gate
			}
		case "signal":
			if text != "" {
				a.Signals[id] = text
			}
		case "note":
			a.Note = text
		case "recommendation":
			a.Recommendation = hiring.Recommendation(in.SelectedOption.Value)
		}
	}
	return a
}
