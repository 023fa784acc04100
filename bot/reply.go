package bot

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/outbox"
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
// said this way: it is gone with a reload. Names in the text are data, so that
// nothing in it is markup.
func (r *reply) say(ctx context.Context, text string, blocks ...slack.Block) {
	text = escape(text)
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
		var call *url.Error
		if errors.As(err, &call) { // the address lets anybody answer
			err = call.Err
		}
		r.bot.Log.Warn("answer not delivered", "envelope", r.envelope, "err", err)
	}
}

func (r *reply) slash() bool { return r.isCommand }

// open acknowledges and opens a modal. Nothing slow may come before it: the
// trigger dies after three seconds.
// The view that is returned has no id if Slack's answer was lost: one that is to
// be filled later needs an ExternalID.
// https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
func (r *reply) open(ctx context.Context, view slack.ModalViewRequest) (*slack.View, error) {
	r.ack()
	resp, err := r.bot.Slack.OpenViewContext(ctx, r.trigger, view)
	if isLost(err) {
		resp, err = r.bot.Slack.OpenViewContext(ctx, r.trigger, view)
		if isOpenAlready(err) {
			return &slack.View{ExternalID: view.ExternalID}, nil
		}
	}
	if err != nil {
		return nil, err
	}
	return &resp.View, nil
}

// push acknowledges and lays a modal over the open one.
func (r *reply) push(ctx context.Context, view slack.ModalViewRequest) error {
	r.ack()
	_, err := r.bot.Slack.PushViewContext(ctx, r.trigger, view)
	if isLost(err) {
		_, err = r.bot.Slack.PushViewContext(ctx, r.trigger, view)
		if isOpenAlready(err) {
			return nil
		}
	}
	return err
}

// isLost reports whether nobody knows what became of a call.
func isLost(err error) bool {
	return err != nil && outbox.Classify(classify(err)).Class == outbox.ClassUnknown
}

// isOpenAlready reports that an earlier attempt opened the modal: a trigger
// opens one only. https://docs.slack.dev/reference/methods/views.open#errors
func isOpenAlready(err error) bool {
	return isSlackError(err, "exchanged_trigger_id", "trigger_exchanged", "duplicate_external_id")
}

// update replaces a modal's content; a view that the person has closed
// meanwhile is no error.
func (b *Bot) update(ctx context.Context, viewID string, view slack.ModalViewRequest) error {
	return b.refill(ctx, &slack.View{ID: viewID}, view)
}

// refillAttempts is how often a modal's content is sent at most.
const refillAttempts = 4

// refill is update for a modal whose id may have been lost. It repeats itself,
// which does no harm: without it the person would look at "one moment" for ever.
func (b *Bot) refill(ctx context.Context, open *slack.View, view slack.ModalViewRequest) error {
	external := open.ExternalID
	if open.ID != "" {
		external = ""
	}
	for attempt := 1; ; attempt++ {
		_, err := b.Slack.UpdateViewContext(ctx, view, external, "", open.ID)
		if isSlackError(err, "not_found") {
			return nil
		}
		if err == nil || attempt == refillAttempts {
			return err
		}
		outcome := outbox.Classify(classify(err))
		if outcome.Class == outbox.ClassNever {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(max(outcome.After, time.Duration(attempt)*100*time.Millisecond)):
		}
	}
}
