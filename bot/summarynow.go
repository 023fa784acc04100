package bot

import (
	"context"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
)

// summaryNow is a role's summary for one reader at this moment: what /hiring
// summary shows. It says what Monday's message says, with the evidence that this
// reader may read and the buttons that are theirs. first: the page begins with
// the role's first candidate.
func (b *Bot) summaryNow(ctx context.Context, p hiring.Person, s decision.Summary, mine []decision.Entry, first bool, d detail) []slack.Block {
	v := mondayMessage{Bot: b, ctx: ctx, kind: "summary", role: s.Role, planned: b.Now(), posted: b.Now(), part: 1, all: s.Entries, mine: mine, reader: &p}
	if first {
		v.left = s.Left
	}
	blocks := []slack.Block{header(roleName(s.Role)), section(v.lead())}
	if len(mine) > 1 {
		blocks = append(blocks, v.picture(d)...)
	}
	for _, e := range mine {
		blocks = append(append(blocks, divider()), v.entry(e, d)...)
	}
	if left := v.withdrawn(); left != "" {
		blocks = append(blocks, note(left))
	}
	return blocks
}

// picture is the table of a message as a list: a modal takes no table.
// https://docs.slack.dev/reference/block-kit/blocks/table-block
func (v *mondayMessage) picture(d detail) []slack.Block {
	how := notations[0]
	var rows []*rich
	for _, e := range v.mine {
		waits, levels, flags := v.cells(e, how)
		rows = append(rows, say("").b(hiring.Clip(e.Case.Candidate.Name, 60)).t(": "+waits+" | "+levels+" | "+flags))
	}
	return append([]slack.Block{list(rows...)}, v.legendNote(how, d)...)
}
