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
// keep the others waiting. It returns how many rows it settled.
func (s *Service) Tick(ctx context.Context, now time.Time) (int, error) {
	due, err := s.Store.Due(ctx, []string{hiring.DueKit, hiring.DueAsk, hiring.DueNag}, now, 50)
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
	return len(due) - len(problems), errors.Join(problems...)
}

func (s *Service) settle(ctx context.Context, d hiring.Due, now time.Time) (outbox.Batch, error) {
	if d.Kind == hiring.DueNag {
		return s.nag(ctx, d.About, now)
	}
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

// ask asks every panelist whose scorecard isn't in.
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
		if p.Part != hiring.Required {
			continue
		}
		at, err := s.nextNag(ctx, c.Role, p.Person, later(iv.End, now).Add(c.Role.NagAfter.V))
		if err != nil {
			return b, err
		}
		b.Due = append(b.Due, s.nagDue(p.Person, at))
	}
	return b, nil
}

// nag reminds the person of everything that is missing, in one message a day,
// and climbs the ladder for what has been missing for long.
func (s *Service) nag(ctx context.Context, person string, now time.Time) (outbox.Batch, error) {
	owed, err := s.Store.Owed(ctx, person, now)
	if err != nil || len(owed) == 0 {
		return outbox.Batch{}, err
	}
	p, err := s.People.Person(ctx, person)
	if err != nil {
		return outbox.Batch{}, err
	}
	role := owed[0].Role
	local := now.In(p.TimeZone(role.TimeZone()))
	at, err := s.nextNag(ctx, role, person, now.Truncate(quarter))
	if err != nil {
		return outbox.Batch{}, err
	}
	if at.After(now) { // found outside their working hours, e.g. after a downtime
		return outbox.Batch{Due: []hiring.Due{s.nagDue(person, at)}}, nil
	}
	noon := time.Date(local.Year(), local.Month(), local.Day(), 12, 0, 0, 0, local.Location())
	next, err := s.nextNag(ctx, role, person, hiring.AtClock(noon.AddDate(0, 0, 1), 0))
	if err != nil {
		return outbox.Batch{}, err
	}
	b := outbox.Batch{Due: []hiring.Due{s.nagDue(person, next)}}
	today, err := s.Store.Nags(ctx, person, hiring.AtClock(noon, 0))
	if err != nil || today > 0 { // what became missing since today's is in tomorrow's
		return b, err
	}
	b.Messages = []outbox.Message{{Key: "nag:" + person + ":" + local.Format(time.DateOnly), Kind: "nag", About: person, Person: person}}
	for _, c := range owed {
		to, n, err := s.escalate(ctx, c, person)
		if err != nil {
			return outbox.Batch{}, err
		}
		if to != "" {
			b.Messages = append(b.Messages, outbox.Message{
				Key: fmt.Sprintf("escalation:%s:%s:%d:%s", c.Interview.ID, person, n, to), Kind: "escalation", About: c.Interview.ID, Person: to,
			})
		}
	}
	return b, nil
}

// escalate returns who else hears of one missing scorecard with this nag.
func (s *Service) escalate(ctx context.Context, c *hiring.Case, person string) (string, int, error) {
	before, err := s.Store.Nags(ctx, person, c.Interview.End)
	if err != nil {
		return "", 0, err
	}
	workspace, err := s.Workspace(ctx)
	if err != nil {
		return "", 0, err
	}
	n := before + 1
	return Escalation(n, c.Role.Escalate.V, c.Role.Ladder([]string{person}, workspace)), n, nil
}

func (s *Service) nextNag(ctx context.Context, role *hiring.Role, person string, after time.Time) (time.Time, error) {
	p, err := s.People.Person(ctx, person)
	if err != nil {
		return time.Time{}, err
	}
	return NextNag(after, p.TimeZone(role.TimeZone()), p.WorkingHours(role), s.Holidays(role.Holidays.V)), nil
}

func (s *Service) nagDue(person string, at time.Time) hiring.Due {
	return hiring.Due{Key: "nag:" + person, Kind: hiring.DueNag, About: person, At: at}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
