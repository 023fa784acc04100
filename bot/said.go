package bot

import (
	"strings"

	"github.com/slack-go/slack"

	"convene/internal/outbox"
)

// said is what the message says of each of its candidates, for their records:
// the words of the very blocks that are posted, without the buttons.
func (v *mondayMessage) said() []outbox.Said {
	var out []outbox.Said
	for _, e := range v.mine {
		out = append(out, outbox.Said{
			Candidate: e.Case.Candidate.ID, Interview: e.Case.Interview.ID, Text: v.words(v.entry(e, v.detail)),
		})
	}
	for _, k := range v.leftNamed() {
		out = append(out, outbox.Said{Candidate: k.Candidate.ID, Interview: k.Interview.ID, Text: "Withdrawn: " + v.whoLeft(k) + "."})
	}
	return out
}

// words writes blocks as text: people by their names, times with their zone, a
// line per paragraph.
func (v *mondayMessage) words(blocks []slack.Block) string {
	var lines []string
	for _, block := range blocks {
		switch b := block.(type) {
		case *slack.SectionBlock:
			lines = append(lines, b.Text.Text)
		case *slack.ContextBlock:
			for _, el := range b.ContextElements.Elements {
				if text, ok := el.(*slack.TextBlockObject); ok {
					lines = append(lines, text.Text)
				}
			}
		case *slack.RichTextBlock:
			for _, part := range b.Elements {
				lines = append(lines, v.phrase(part)...)
			}
		}
	}
	return strings.Join(lines, "\n")
}

// phrase writes a paragraph or list of a rich text.
func (v *mondayMessage) phrase(part slack.RichTextElement) []string {
	switch p := part.(type) {
	case *slack.RichTextSection:
		return []string{v.line(p.Elements)}
	case *slack.RichTextList:
		var out []string
		for _, item := range p.Elements {
			for _, line := range v.phrase(item) {
				out = append(out, "• "+line)
			}
		}
		return out
	}
	return nil
}

func (v *mondayMessage) line(elements []slack.RichTextSectionElement) string {
	var text strings.Builder
	var date string // as it was just written; the zone's time that follows says the same
	for _, el := range elements {
		repeated := date
		date = ""
		switch el := el.(type) {
		case *slack.RichTextSectionTextElement:
			if repeated == "" || el.Text != " ("+repeated+")" {
				text.WriteString(el.Text)
			}
		case *slack.RichTextSectionUserElement:
			text.WriteString(v.names(v.ctx, []string{el.UserID}))
		case *slack.RichTextSectionDateElement:
			if el.Fallback != nil {
				date = *el.Fallback
			}
			text.WriteString(date)
		}
	}
	return text.String()
}
