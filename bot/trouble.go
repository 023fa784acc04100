package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/slack-go/slack"

	"convene/internal/outbox"
)

// renderUndelivered tells a coordinator that somebody can't be reached.
func (b *Bot) renderUndelivered(ctx context.Context, m outbox.Message) (*content, error) {
	lost, err := b.Store.Message(ctx, m.About)
	if err != nil {
		return nil, err
	}
	setup, decides := "", false
	if role, err := b.roleOf(ctx, *lost); err == nil && role != nil {
		setup, decides = role.Key, role.IsDecider(lost.Person)
	}
	who := "the role's channel"
	if lost.Person != "" {
		who = b.names(ctx, []string{lost.Person})
	}
	text := fmt.Sprintf("I can't reach %s in Slack, so a message about an interview was not delivered. If they have left, name somebody else with /hiring setup. An interview that lies ahead keeps its panel until you change it on the candidate's card.", who)
	if lost.Kind == "deadline" && decides { // a decision or a notice waits, and somebody else is needed at once
		text = fmt.Sprintf("I can't reach %s in Slack, who was to hear that a candidate's deadline is near or has passed. /decide shows who waits. If they have left, name another decider with /hiring setup, Team: the buttons of the messages that are there then work for them.", who)
	}
	return &content{Text: fallback("%s", text), Blocks: []slack.Block{section(text), actions("", button(actSetup, setup, "Open setup"))}}, nil
}

// troubleID tells one trouble of a channel from the next.
func troubleID(trouble string) string {
	sum := sha256.Sum256([]byte(trouble))
	return hex.EncodeToString(sum[:4])
}

// renderChannelTrouble tells a coordinator why a post to the role's channel
// waits; About is "role|trouble".
func (b *Bot) renderChannelTrouble(ctx context.Context, m outbox.Message) (*content, error) {
	key, id := split(m.About)
	role, err := b.Store.Role(ctx, key)
	if err != nil {
		return nil, err
	}
	trouble, err := b.Directory.ChannelTrouble(ctx, role)
	if err != nil {
		return nil, err
	}
	c := &content{Subjects: []string{role.Key, channelSubject(role.Key)}}
	switch {
	case troubleID(trouble) != id && m.TS == "":
		return nil, nil
	case troubleID(trouble) != id:
		text := fmt.Sprintf("Settled: what was wrong with the channel of %s is mended. Nothing is left to do here.", role.Title)
		c.Text, c.Blocks = fallback("%s", text), []slack.Block{section(text)}
	default:
		text := fmt.Sprintf("A post to the channel of %s waits. %s It goes out by itself once that is done.", role.Title, trouble)
		c.Text, c.Blocks = fallback("%s", text), []slack.Block{section(text), actions("", button(actSetup, role.Key, "Open setup"))}
	}
	return c, nil
}
