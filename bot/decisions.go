package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// maxDecisions is how many of an interview's decisions Evidence shows: the
// newest. The candidate's record holds them all.
const maxDecisions = 5

// decisionsFor returns the interview's decisions, replaced ones too, for those
// who read their reasons: coordinators and deciders.
func (b *Bot) decisionsFor(ctx context.Context, k *hiring.Case, viewer string) []*hiring.Decision {
	if k.Decision == nil || !k.Role.IsCoordinator(viewer) && !k.Role.IsDecider(viewer) {
		return nil
	}
	list, err := b.Decisions.Store.DecisionsOf(ctx, k.Interview.ID)
	if err != nil { // the one that stands is there all the same
		b.Log.Warn("decisions not read", "interview", k.Interview.ID, "err", err)
		return []*hiring.Decision{k.Decision}
	}
	return list[max(0, len(list)-maxDecisions):]
}

// decisionBlocks show decisions with their reasons, and who was of another mind.
// Texts are cut to limit characters.
func decisionBlocks(list []*hiring.Decision, zone *time.Location, limit int) []slack.Block {
	if len(list) == 0 {
		return nil
	}
	limit = min(limit, 1000)
	var parts []slack.RichTextElement
	for _, d := range list {
		r := say("").b(outcomeWord(d)).t(", by ").user(d.By).t(", " + clockTime(d.At, zone) + ".")
		if line := corrects(d, zone); line != "" {
			r.t(" " + line)
		}
		if d.Replaced {
			r.t(" Replaced by a later decision.")
		}
		parts = append(parts, r.para(), quote(hiring.Clip(d.Reason, limit)))
		if d.Dissent != "" {
			parts = append(parts, say("Of another mind:").para(), quote(hiring.Clip(d.Dissent, limit)))
		}
	}
	return []slack.Block{header("Decisions"), richText(parts...)}
}
