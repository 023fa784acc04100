package bot

import (
	"fmt"

	"github.com/slack-go/slack"

	"convene/internal/candidate"
	"convene/internal/hiring"
)

// A gateSaid is one panelist's answer to a gate.
type gateSaid struct {
	k     *hiring.Case
	by    string
	entry hiring.GateEntry
}

// gatesSaid returns the answers to a gate, newest interview first: only from
// scorecards that the viewer may read now.
func gatesSaid(card *candidate.Card, gate, viewer string) []gateSaid {
	var out []gateSaid
	for _, k := range card.Cases {
		for _, s := range k.Readable(viewer) {
			if e := s.Answers.Gates[gate]; e.Answer != "" {
				out = append(out, gateSaid{k, s.Panelist, e})
			}
		}
	}
	return out
}

// gateBlocksOf are the role's gates with what is known.
func gateBlocksOf(card *candidate.Card, p hiring.Person, limit int) []slack.Block {
	if len(card.Role.Gates) == 0 {
		return nil
	}
	blocks := []slack.Block{header("Gates")}
	for _, g := range card.Role.Gates {
		said := gatesSaid(card, g.ID, p.ID)
		yes, no := false, false
		var lines []slack.RichTextElement
		for _, a := range said[:min(len(said), 10)] {
			if a.k.Interview.Part(a.by) != hiring.Shadow {
				yes, no = yes || a.entry.Answer == hiring.GateYes, no || a.entry.Answer == hiring.GateNo
			}
			lines = append(lines, say(gateWord(a.entry.Answer)+", by ").author(a.k, a.by).t(" after “"+a.k.Stage().Name+"”").para())
			if a.entry.Evidence != "" {
				lines = append(lines, quote(hiring.Clip(a.entry.Evidence, limit)))
			}
		}
		word := "Unknown"
		switch {
		case no:
			word = "No"
		case yes:
			word = "Yes"
		}
		blocks = append(blocks, richText(append([]slack.RichTextElement{say("").b(word).t(" · " + g.Text).para()}, lines...)...))
	}
	return blocks
}

// documentBlocks link the candidate's documents.
func documentBlocks(card *candidate.Card) []slack.Block {
	if len(card.Candidate.Links) == 0 {
		return nil
	}
	var lines []*rich
	for _, l := range card.Candidate.Links[:min(len(card.Candidate.Links), hiring.MaxLinks)] {
		lines = append(lines, say("").link(l.URL, l.Name))
	}
	return []slack.Block{header("Documents"), list(lines...)}
}

// answerBlocks are the application's questions with the answers.
func answerBlocks(card *candidate.Card, limit int) []slack.Block {
	var blocks []slack.Block
	for _, item := range questions(card.Role) {
		parts := []slack.RichTextElement{say("").b(hiring.Clip(item.Text, limit)).para()}
		switch a := card.Candidate.Answers[item.ID]; {
		case a != "":
			parts = append(parts, quote(hiring.Clip(a, limit)))
		case item.Required:
			parts = append(parts, say("").i("Missing; the application requires it.").para())
		default:
			parts = append(parts, say("").i("No answer.").para())
		}
		blocks = append(blocks, richText(parts...))
	}
	if len(blocks) == 0 {
		return nil
	}
	return append([]slack.Block{header("Application")}, blocks...)
}

// cardFacts are how the candidate is reached, and who added them.
func cardFacts(card *candidate.Card, p hiring.Person) slack.Block {
	c := card.Candidate
	facts := []*rich{say("E-mail: " + c.Email)}
	if c.Phone != "" {
		facts = append(facts, say("Phone: "+c.Phone))
	}
	facts = append(facts, say(fmt.Sprintf("Zone: %s, between %s and %s there", c.Zone, clockWords(c.EarliestHour), clockWords(c.LatestHour))))
	added := say("Added by ").user(c.AddedBy)
	if !c.AddedAt.IsZero() {
		added.t(", " + clockTime(c.AddedAt, p.TimeZone(card.Role.TimeZone())))
	}
	return list(append(facts, added)...)
}
