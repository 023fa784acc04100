package bot

import (
	"context"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// Who reads the decision's modal decides on what they have read: when a
// scorecard comes in, or is reopened, before they save, they hear of it first.
// Saving once more goes through.

// cardsIn are the scorecards that are in, each with its version.
func cardsIn(k *hiring.Case) string {
	var in []string
	for _, s := range k.Cards {
		if s.Submitted() {
			in = append(in, fmt.Sprintf("%s:%d", s.Panelist, s.Version))
		}
	}
	return strings.Join(in, " ")
}

// cameIn says which scorecards came in or were reopened since the modal was
// opened; nil: none, or somebody else has decided meanwhile, which is told first.
func (b *Bot) cameIn(ctx context.Context, k *hiring.Case, s *submission) []slack.Block {
	if cardsIn(k) == s.Meta.Cards || k.Decision != nil && k.Decision.ID != s.Meta.Decision || !k.Role.IsDecider(s.Person.ID) {
		return nil
	}
	seen := map[string]string{}
	for _, card := range strings.Fields(s.Meta.Cards) {
		person, version, _ := strings.Cut(card, ":")
		seen[person] = version
	}
	zone := s.Person.TimeZone(k.Role.TimeZone())
	var news []string
	for _, card := range k.Cards {
		version, was := seen[card.Panelist]
		name := b.names(ctx, []string{card.Panelist})
		switch {
		case card.Submitted() && version != fmt.Sprint(card.Version):
			news = append(news, name+"'s scorecard came in "+clockTime(card.SubmittedAt, zone)+", since you opened this.")
		case !card.Submitted() && was:
			news = append(news, name+" has reopened their scorecard since you opened this.")
		}
	}
	if len(news) == 0 {
		return nil
	}
	blocks := []slack.Block{say("").b("Not saved yet. ").t(strings.Join(news, " ") + " Read it, then decide. What you typed is still here; saving once more goes through.").block()}
	if len(k.Readable(s.Person.ID)) > 0 {
		blocks = append(blocks, actions("", button(actEvidence, k.Interview.ID, "Evidence")))
	}
	return blocks
}
