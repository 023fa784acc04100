package bot

import (
	"context"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

// directMessage answers somebody who writes to the bot. The answer is only
// help: what matters is done with commands and buttons.
func (b *Bot) directMessage(ctx context.Context, in *slackevents.MessageEvent) error {
	if in.ChannelType != "im" || in.BotID != "" || in.SubType != "" || in.User == "" || in.ThreadTimeStamp != "" {
		return nil
	}
	p, err := b.person(ctx, in.User)
	text := b.helpText()
	if err != nil {
		text = b.explain(p, err)
	}
	_, _, err = b.Slack.PostMessageContext(ctx, in.Channel, slack.MsgOptionText(text, false), slack.MsgOptionDisableLinkUnfurl())
	return err
}
