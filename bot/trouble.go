package bot

import (
	"context"
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
	who := "the role's channel"
	if lost.Person != "" {
		who = b.names(ctx, []string{lost.Person})
	}
	text := fmt.Sprintf("I can't reach %s in Slack, so a message about an interview was not delivered. If they have left, name somebody else with /hiring setup and move the interview to them.", who)
	return &content{Text: fallback("%s", text), Blocks: []slack.Block{section(text), actions("", button(actSetup, "setup", "Open setup"))}}, nil
}

// renderChannelTrouble tells a coordinator why a post to the role's channel
// waits.
func (b *Bot) renderChannelTrouble(ctx context.Context, m outbox.Message) (*content, error) {
	role, err := b.Store.Role(ctx, m.About)
	if err != nil {
		return nil, err
	}
	trouble, err := b.Directory.ChannelTrouble(ctx, role)
	if err != nil {
		return nil, err
	}
	if trouble == "" {
		if m.TS == "" {
			return nil, nil
		}
		trouble = "That is mended."
	}
	text := fmt.Sprintf("A post to the channel of %s waits. %s It goes out by itself once that is done.", role.Title, trouble)
	return &content{Text: fallback("%s", text), Blocks: []slack.Block{section(text), actions("", button(actSetup, role.Key, "Open setup"))}, Subjects: []string{role.Key}}, nil
}
