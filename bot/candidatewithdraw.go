package bot

import (
	"context"
	"errors"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

func (b *Bot) openWithdraw(ctx context.Context, c *click) error {
	view, err := b.withdrawView(ctx, c.Person, c.Value)
	if err != nil {
		return err
	}
	return b.show(ctx, c, view)
}

// withdrawView says what happens when a candidate withdraws, and asks why.
func (b *Bot) withdrawView(ctx context.Context, p hiring.Person, id string) (slack.ModalViewRequest, error) {
	card, err := b.Candidates.MayWithdraw(ctx, id, p.ID)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	c, zone := card.Candidate, p.TimeZone(card.Role.TimeZone())
	var what []*rich
	for i, k := range card.Coming(b.Now()) {
		if i < 10 {
			what = append(what, say("“"+k.Stage().Name+"”, "+span(k.Interview.Start, k.Interview.End, zone)+", is cancelled. Google tells the candidate and the panel."))
		}
	}
	if len(what) == 0 {
		what = append(what, say("No interview is coming, so none is cancelled."))
	}
	what = append(what,
		say("Nobody is asked or reminded for a scorecard any more, and nobody waits for a decision."),
		say("I tell the candidate nothing."),
		say("What was written about them is kept. You can take them back on the card; cancelled interviews are then to be scheduled anew."))
	v := modal(viewWithdraw, "Withdraw a candidate", "Withdraw", "Close",
		say("").b(c.Name).t(" · "+standing(c, card.Role)+"\nThis happens when you record that they withdrew:").block(),
		list(what...),
		optional(field("reason", "Why?", "Only the role's coordinators and deciders see this.", textInput("reason", hiring.MaxEndReason, "", true))))
	v.PrivateMetadata = meta{Candidate: c.ID}.String()
	return v, nil
}

func (b *Bot) submitWithdraw(ctx context.Context, s *submission) (any, error) {
	if err := b.Candidates.Withdraw(ctx, s.Meta.Candidate, s.State["reason"].Value, s.Person.ID); err != nil {
		return nil, err
	}
	return b.backToCard(ctx, s, s.Meta.Candidate)
}

// takeBack is the button on the card of a candidate who had withdrawn.
func (b *Bot) takeBack(ctx context.Context, c *click) error {
	return b.freshCard(ctx, c, c.Value, b.Candidates.TakeBack(ctx, c.Value, c.Person.ID))
}

// freshCard shows the card anew after a click on it, also after one that
// somebody else had done before.
func (b *Bot) freshCard(ctx context.Context, c *click, candidate string, err error) error {
	var already *hiring.AlreadyDone
	if err != nil && !errors.As(err, &already) {
		return err
	}
	if c.View == nil || c.View.CallbackID != viewCard {
		return err
	}
	if err == nil {
		c.ack()
	}
	b.refreshCard(ctx, c.Person, c.View.ID, candidate)
	return err
}
