package bot

import (
	"encoding/json"
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

// maxView is how large a view may be; Slack takes 250 KB.
// https://docs.slack.dev/reference/views/modal-views
const maxView = 240_000

// formView is the scorecard to fill in. A very long draft leaves less room for
// the rubric's texts, which the kit holds too.
func formView(f *scorecard.Form, p hiring.Person, now time.Time) slack.ModalViewRequest {
	v := modal(viewScorecard, "Scorecard", "Submit", "Close, keep draft")
	v.PrivateMetadata = meta{Interview: f.Case.Interview.ID}.String()
	for _, d := range details {
		v.Blocks.BlockSet = formBlocks(f, p, now, d)
		if raw, err := json.Marshal(v); err == nil && len(raw) <= maxView {
			break
		}
	}
	return v
}

func formBlocks(f *scorecard.Form, p hiring.Person, now time.Time, d detail) []slack.Block {
	k, a := f.Case, f.Card.Answers
	zone := p.TimeZone(k.Role.TimeZone())
	blocks := []slack.Block{
		header(k.Candidate.Name),
		section(k.Stage().Name + " · " + span(k.Interview.Start, k.Interview.End, zone)),
		note(draftWords(f, zone, now)),
	}
	for _, c := range f.Competencies() {
		blocks = append(blocks, competencyBlocks(f.Role, c, a.Ratings[c.ID], d)...)
		if lines := noteLines(a.Ratings[c.ID], zone); lines != "" {
			blocks = append(blocks, section(lines))
		}
	}
	if gates := f.Gates(); len(gates) > 0 {
		blocks = append(blocks, header("Gates"))
		for _, g := range gates {
			blocks = append(blocks, gateBlocks(g, a.Gates[g.ID])...)
		}
	}
	if len(f.Role.Signals) > 0 {
		blocks = append(blocks, header("Signs of fit"))
		for _, s := range f.Role.Signals {
			in := typed("signal:"+s.ID, s.Text, "", maxSignal, a.Signals[s.ID])
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

func competencyBlocks(role *hiring.Role, c hiring.Competency, r hiring.Rating, d detail) []slack.Block {
	blocks := []slack.Block{header(c.Name)}
	if g := guide(role, c, d, false); len(g) > 0 {
		blocks = append(blocks, richText(g...))
	}
	level := ""
	if r.Rated {
		level = strconv.Itoa(int(r.Level))
	}
	evidence := typed("evidence:"+c.ID, "Evidence: "+c.Name, "", hiring.MaxEvidence, r.Evidence)
	evidence.Element.(*slack.PlainTextInputBlockElement).Placeholder = plain("What they said or did")
	blocks = append(blocks, radio("rating:"+c.ID, "Level: "+c.Name, levelOptions(), level), evidence)
	if len(c.RedFlags) > 0 {
		blocks = append(blocks, flagInput(c, r.RedFlags))
	}
	return blocks
}

// noteLines are the evidence that came as messages, with when; "" if there is none.
func noteLines(r hiring.Rating, zone *time.Location) string {
	if len(r.Notes) == 0 {
		return ""
	}
	text := "From your messages:"
	for _, n := range r.Notes {
		text += "\n" + n.Text + " (" + clockTime(n.At, zone) + ")"
	}
	return text
}

func levelOptions() []*slack.OptionBlockObject {
	var out []*slack.OptionBlockObject
	for _, l := range []hiring.Level{hiring.NotShown, hiring.Partly, hiring.Strong, hiring.Beyond, hiring.NotAssessed} {
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

// submittedView is what a panelist handed in, to read.
func submittedView(f *scorecard.Form, p hiring.Person) slack.ModalViewRequest {
	k, zone := f.Case, p.TimeZone(f.Case.Role.TimeZone())
	blocks := []slack.Block{
		header(k.Candidate.Name),
		section(k.Stage().Name + " · " + span(k.Interview.Start, k.Interview.End, zone) + "\nSubmitted " + clockTime(f.Card.SubmittedAt, zone) + "."),
	}
	blocks = append(blocks, cardBlocks(f.Role, f.Competencies(), f.Gates(), f.Card, true)...)
	if k.Decision == nil {
		blocks = append(blocks, actions("", button(actScoreReopen, k.Interview.ID, "Reopen scorecard")), note("To change something, reopen it. What you submitted is kept."))
	} else {
		blocks = append(blocks, note("A decision has been recorded, so it stays as it is."))
	}
	return modal("", "Scorecard", "", "Close", blocks...)
}
