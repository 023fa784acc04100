package bot

import (
	"context"
	"sync"

	"github.com/slack-go/slack"
)

// A reply is how a handler answers its payload. The acknowledgement is sent
// once; later ones are ignored.
type reply struct {
	bot         *Bot
	envelope    string
	trigger     string
	responseURL string
	send        func(payload any)
	once        sync.Once
	acked       bool
	isCommand   bool
}

// ack acknowledges without words.
func (r *reply) ack() { r.ackWith(nil) }

func (r *reply) ackWith(payload any) {
	r.once.Do(func() {
		r.acked = true
		r.send(payload)
	})
}

// ephemeral is an answer that only the person sees. Slack's own type can't be
// used: it always writes fields that mean something here.
type ephemeral struct {
	ResponseType string        `json:"response_type"`
	Text         string        `json:"text"`
	Blocks       []slack.Block `json:"blocks,omitempty"`
}

// say answers the person alone: with the acknowledgement of a slash command
// where that is still to come, else through the response URL. Nothing owed is
// said this way: it is gone with a reload.
func (r *reply) say(ctx context.Context, text string, blocks ...slack.Block) {
	if !r.acked && r.slash() {
		r.ackWith(ephemeral{ResponseType: slack.ResponseTypeEphemeral, Text: text, Blocks: blocks})
		return
	}
	r.ack()
	if r.responseURL == "" {
		return
	}
	msg := &slack.WebhookMessage{ResponseType: slack.ResponseTypeEphemeral, Text: text}
	if len(blocks) > 0 {
		msg.Blocks = &slack.Blocks{BlockSet: blocks}
	}
	if err := slack.PostWebhookCustomHTTPContext(ctx, r.responseURL, r.bot.Slack.http, msg); err != nil {
		r.bot.Log.Warn("answer not delivered", "envelope", r.envelope, "err", err)
	}
}

func (r *reply) slash() bool { return r.isCommand }

// open acknowledges and opens a modal. Nothing slow may come before it: the
// trigger dies after three seconds.
// https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
func (r *reply) open(ctx context.Context, view slack.ModalViewRequest) (*slack.View, error) {
	r.ack()
	resp, err := r.bot.Slack.OpenViewContext(ctx, r.trigger, view)
	if err != nil {
		return nil, err
	}
	return &resp.View, nil
}

// push acknowledges and lays a modal over the open one.
func (r *reply) push(ctx context.Context, view slack.ModalViewRequest) error {
	r.ack()
	_, err := r.bot.Slack.PushViewContext(ctx, r.trigger, view)
	return err
}

// update replaces a modal's content; a view that the person has closed
// meanwhile is no error.
func (b *Bot) update(ctx context.Context, viewID string, view slack.ModalViewRequest) error {
	_, err := b.Slack.UpdateViewContext(ctx, view, "", "", viewID)
	if isSlackError(err, "not_found") {
		return nil
	}
	return err
}
