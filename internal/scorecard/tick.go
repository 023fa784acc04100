package scorecard

import (
	"context"
	"errors"
	"fmt"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Tick does the work that is due: kits, asks and nags. What fell due while the
// bot was down is done now, once. A row that can't be settled stays and doesn't
// keep the others waiting. It returns how many rows it settled. Kits and asks are
// on their way before any calendar is asked for a nag.
func (s *Service) Tick(ctx context.Context, now time.Time) (int, error) {
	due, err := s.Store.Due(ctx, []string{hiring.DueKit, hiring.DueAsk}, now, 50)
	if err != nil {
		return 0, err
	}
	var problems []error
	for _, d := range due {
		b, err := s.settle(ctx, d, now)
		if err == nil {
			err = s.Store.SettleDue(ctx, d, b)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("due %s: %w", d.Key, err))
		}
	}
	if n := len(due) - len(problems); n > 0 {
		return n, errors.Join(problems...) // there is a next time for nags, at once
	}
	n, err := s.remind(ctx, now)
	return n, errors.Join(append(problems, err)...)
}

func (s *Service) settle(ctx context.Context, d hiring.Due, now time.Time) (outbox.Batch, error) {
	c, err := s.Store.Case(ctx, d.About)
	if err != nil {
		return outbox.Batch{}, err
	}
	if c.Interview.State != hiring.Booked {
		return outbox.Batch{}, nil
	}
	if d.Kind == hiring.DueKit {
		return s.kit(c, now), nil
	}
	return s.ask(ctx, c, now)
}

// kit sends the kit anew, so that it is at hand; the "booked" message, which
// held it until now, goes.
func (s *Service) kit(c *hiring.Case, now time.Time) outbox.Batch {
	iv := c.Interview
	if !now.Before(iv.Start) {
		return outbox.Batch{} // too late to prepare; the earlier message still holds it
	}
	var b outbox.Batch
	for _, p := range iv.Panel {
		id := fmt.Sprintf("%s:%d:%s", iv.ID, iv.Generation, p.Person)
		b.Messages = append(b.Messages, outbox.Message{Key: "kit:" + id, Kind: "kit", About: iv.ID, Person: p.Person})
		b.Delete = append(b.Delete, "panelist:"+id)
	}
	return b
}

// ask asks every panelist whose scorecard isn't in, and who hasn't said why they
// owe none.
func (s *Service) ask(ctx context.Context, c *hiring.Case, now time.Time) (outbox.Batch, error) {
	iv := c.Interview
	if now.Before(iv.End) { // it was moved; the row for its new end is on its way
		return outbox.Batch{Due: []hiring.Due{{Key: "ask:" + iv.ID, Kind: hiring.DueAsk, About: iv.ID, At: iv.End}}}, nil
	}
	b := outbox.Batch{Touch: []string{iv.ID, c.Role.Key}}
	for _, p := range iv.Panel {
		if card := c.Card(p.Person); card != nil && card.Submitted() || p.Excused.Kind != "" {
			continue
		}
		ask, err := s.askMessage(ctx, iv, p.Person)
		if err != nil {
			return b, err
		}
		b.Messages = append(b.Messages, ask)
		if !p.Owes() {
			continue
		}
		person, err := s.People.Person(ctx, p.Person)
		if err != nil {
			return b, err
		}
		b.Due = append(b.Due, s.nagDue(p.Person, s.firstNag(person, c, later(iv.End, now))))
	}
	return b, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
