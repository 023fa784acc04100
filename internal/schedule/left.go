package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Tick looks after coming interviews that can't be held as they are, and after
// times that are held or offered for too long; it offers debriefs of those that
// were held. It returns how many things it did.
func (s *Service) Tick(ctx context.Context, now time.Time) (int, error) {
	told, err := s.tellOfVacant(ctx, now)
	cancelled, err2 := s.cancelDeclined(ctx, now)
	looked, err3 := s.Repair(ctx, now)
	expired, err4 := s.expireHolds(ctx, now)
	reminded, err5 := s.remindOfOfferings(ctx, now)
	offered, err6 := s.offerDebriefs(ctx, now) // last: it asks Google, which may be slow
	return told + cancelled + looked + expired + reminded + offered, errors.Join(err, err2, err3, err4, err5, err6)
}

// cancelDeclined cancels the coming interviews of candidates who were told that
// they are declined: one can be booked before the earlier interview is decided.
// Until they were told the decision can be changed, and the interview stands.
func (s *Service) cancelDeclined(ctx context.Context, now time.Time) (int, error) {
	list, err := s.Store.Declined(ctx, now)
	if err != nil {
		return 0, err
	}
	n := 0
	var problems []error
	for _, iv := range list {
		did := 0
		err := s.Store.ChangeInterview(ctx, iv.ID, func(iv *hiring.Interview) (outbox.Batch, error) {
			if iv.State != hiring.Booked || !iv.Start.After(now) {
				return outbox.Batch{}, nil
			}
			did = 1
			return Cancelled(iv, "convene", "The candidate is no longer in the process"), nil
		})
		if err != nil { // the others are cancelled all the same
			problems = append(problems, fmt.Errorf("interview %s: %w", iv.ID, err))
			continue
		}
		n += did
	}
	return n, errors.Join(problems...)
}

// tellOfVacant tells a coordinator of every panelist of a coming interview whose
// Slack account is deactivated, once for each. It asks the database instead of
// waiting for Slack's event, which may have been missed. It returns how many it
// told of.
func (s *Service) tellOfVacant(ctx context.Context, now time.Time) (int, error) {
	vacant, err := s.Store.Vacant(ctx, now)
	if err != nil {
		return 0, err
	}
	told := 0
	var problems []error
	for _, iv := range vacant {
		n, err := s.tellWhoLeft(ctx, iv)
		if err != nil { // the others are told all the same
			problems = append(problems, fmt.Errorf("interview %s: %w", iv.ID, err))
		}
		told += n
	}
	return told, errors.Join(problems...)
}

func (s *Service) tellWhoLeft(ctx context.Context, iv *hiring.Interview) (int, error) {
	role, err := s.Store.Role(ctx, iv.RoleKey)
	if err != nil {
		return 0, err
	}
	var b outbox.Batch
	for _, p := range iv.Panel {
		person, err := s.People.Person(ctx, p.Person)
		if err != nil {
			return 0, err
		}
		if !person.Deleted {
			continue
		}
		to, err := s.whoIsThere(ctx, role, iv)
		if err != nil {
			return 0, err
		}
		m := outbox.Message{Key: leftKey(iv.ID, p.Person), Kind: "left", About: iv.ID, Person: to}
		if _, err := s.Store.Message(ctx, m.Key); !errors.Is(err, hiring.ErrNotFound) {
			if err != nil {
				return 0, err
			}
			continue // told before
		}
		b.Messages = append(b.Messages, m)
		b.Touch = append(b.Touch, iv.ID)
		b.Due = []hiring.Due{hiring.LookAt(iv.ID, s.Now())}
	}
	if len(b.Messages) == 0 {
		return 0, nil
	}
	return len(b.Messages), s.Store.Owe(ctx, b)
}

func leftKey(interview, person string) string { return "left:" + interview + ":" + person }

// whoIsThere is coordinatorOf, unless that is somebody who has left as well.
func (s *Service) whoIsThere(ctx context.Context, role *hiring.Role, iv *hiring.Interview) (string, error) {
	first := coordinatorOf(role, iv)
	for _, id := range append([]string{first}, role.Ladder(nil, nil)...) {
		person, err := s.People.Person(ctx, id)
		if err != nil {
			return "", err
		}
		if !person.Deleted {
			return id, nil
		}
	}
	return first, nil
}

// stillThere returns the panel without those whose account is deactivated; the
// whole of it when nobody required would be left.
func (s *Service) stillThere(ctx context.Context, panel []hiring.Panelist) ([]hiring.Panelist, error) {
	var out []hiring.Panelist
	for _, p := range panel {
		person, err := s.People.Person(ctx, p.Person)
		if err != nil {
			return nil, err
		}
		if !person.Deleted {
			out = append(out, p)
		}
	}
	if len(required(out)) == 0 {
		return panel, nil
	}
	return out, nil
}
