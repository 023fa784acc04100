package schedule

import (
	"context"
	"errors"
	"fmt"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// mailTries is after how many tries in a row, about ten minutes, a person is told
// that the mail server doesn't take a mail.
const mailTries = 12

// A Mailer sends one e-mail, once. Its errors are classed for the outbox.
type Mailer interface {
	Send(ctx context.Context, to, name, subject, body, messageID string) error
}

// TimesHandler e-mails times to choose from: at most once, because a mail server
// can't be asked whether it took a mail.
type TimesHandler struct {
	*Service
	Mailer Mailer
}

// Wanted reports whether the offering still waits for this attempt.
func (h TimesHandler) Wanted(ctx context.Context, e outbox.Effect) (bool, error) {
	o, err := h.Store.Offering(ctx, e.About)
	if err != nil {
		return false, err
	}
	return o.Mailing() && e.Key == outbox.MailTimesEffect(o.ID, o.Attempt).Key, nil
}

// Do sends the mail.
func (h TimesHandler) Do(ctx context.Context, e outbox.Effect) (string, error) {
	o, err := h.Store.Offering(ctx, e.About)
	if err != nil {
		return "", outbox.Later(err, 0)
	}
	c, err := h.Store.Candidate(ctx, o.CandidateID)
	if err != nil {
		return "", outbox.Later(err, 0)
	}
	if !o.Mailing() || c.Erased() {
		return "not wanted", nil // what nobody approved is never e-mailed
	}
	// Stable, so that a mail server or client can recognise a repeat.
	if err := h.Mailer.Send(ctx, c.Email, c.Name, o.Subject, o.Body, o.ID+"@convene.invalid"); err != nil {
		if e.Attempt >= mailTries && outbox.Classify(err).Class == outbox.ClassLater {
			return "", outbox.Never(fmt.Errorf("%w (I tried %d times)", err, e.Attempt))
		}
		return "", err
	}
	return "sent", h.settle(ctx, e, func(o *hiring.Offering) []hiring.Entry {
		o.State, o.SentAt, o.Problem = hiring.OfferingSent, h.Now(), ""
		return []hiring.Entry{{Actor: "convene", Action: "times.sent", Subject: o.ID}}
	})
}

// Look says that nobody can: the outcome goes to a person.
func (h TimesHandler) Look(context.Context, outbox.Effect) (string, bool, error) {
	return "", false, outbox.ErrCannotLook
}

// Failed gives the text to the person who approved it.
func (h TimesHandler) Failed(ctx context.Context, e outbox.Effect) error {
	return h.settle(ctx, e, func(o *hiring.Offering) []hiring.Entry {
		o.State, o.Problem = hiring.OfferingFailed, e.Problem
		if e.State == outbox.Person {
			o.State = hiring.OfferingUnsure
		}
		return nil
	})
}

// settle records what became of the mail, and tells who approved it, unless the
// offering came to an end meanwhile.
func (h TimesHandler) settle(ctx context.Context, e outbox.Effect, change func(*hiring.Offering) []hiring.Entry) error {
	err := h.Store.ChangeOffering(ctx, e.About, func(o *hiring.Offering) (outbox.Batch, error) {
		if !o.Mailing() {
			return outbox.Batch{}, nil
		}
		return outbox.Batch{Log: change(o), Messages: []outbox.Message{offeringMessage(o)}, Touch: []string{o.ID, o.CandidateID}}, nil
	})
	if errors.Is(err, hiring.ErrNotFound) {
		return nil // its candidate was erased meanwhile
	}
	return err
}
