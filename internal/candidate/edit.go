package candidate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Changed says that somebody else edited the candidate since the form was
// opened.
type Changed struct {
	hiring.AlreadyDone
	Now  *hiring.Candidate // as it is kept
	Mine *hiring.Candidate // as the refused edit would have made it
}

func (c *Changed) Error() string { return "edited meanwhile" }

// Version names what a form shows of a candidate, so that an edit made from an
// older one is noticed. It tells nothing of what it is made from.
func Version(c *hiring.Candidate) string {
	raw, err := json.Marshal([]any{c.ID, c.Name, c.Email, c.Phone, c.Zone, c.EarliestHour, c.LatestHour, c.Links, c.Answers, c.Arrangements})
	if err != nil {
		return "" // texts and numbers always marshal
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8])
}

// MayEdit returns the candidate's card for a coordinator who is about to edit
// them.
func (s *Service) MayEdit(ctx context.Context, id, by string) (*Card, error) {
	if _, err := s.coordinated(ctx, id, by); err != nil {
		return nil, err
	}
	card, err := s.Show(ctx, id, by)
	if err == nil && card.Candidate.Erased() {
		err = stillIn(card.Candidate)
	}
	return card, err
}

// Edit replaces what people entered of a candidate; answers to other questions
// than those of typed stay. seen is the Version that the form showed: a *Changed
// says that it isn't that any more, and nothing was recorded. On a UserError or
// Problems nothing was either. A changed e-mail address follows into the booked
// interviews' invitations.
func (s *Service) Edit(ctx context.Context, typed hiring.Candidate, seen, by string) error {
	role, err := s.coordinated(ctx, typed.ID, by)
	if err != nil {
		return err
	}
	normalize(&typed)
	var changed *Changed
	err = s.Store.ChangeCandidate(ctx, typed.ID, func(c *hiring.Candidate, cases []*hiring.Case) (outbox.Batch, error) {
		if c.Erased() {
			return outbox.Batch{}, stillIn(c)
		}
		if Version(c) != seen {
			now, mine := *c, withTyped(*c, typed)
			changed = &Changed{Now: &now, Mine: &mine}
			return outbox.Batch{}, changed
		}
		next := withTyped(*c, typed)
		if problems := next.Check(); len(problems) > 0 {
			return outbox.Batch{}, &Problems{problems}
		}
		b := outbox.Batch{Touch: []string{c.ID, role.Key}, Log: []hiring.Entry{{Actor: by, Action: "candidate.edited", Subject: c.ID}}}
		if next.Email != c.Email {
			effects, err := s.inviteAnew(cases)
			if err != nil {
				return outbox.Batch{}, err
			}
			b.Effects = effects
		}
		for _, k := range cases {
			b.Touch = append(b.Touch, touches(k)...)
		}
		*c = next
		return b, nil
	})
	var dup *Duplicate
	switch {
	case changed != nil:
		return s.whoChanged(ctx, changed)
	case errors.As(err, &dup):
		return hiring.Invalid("email", "%s is already a candidate for %s with this address.", dup.Name, role.Title)
	}
	return err
}

// withTyped returns the candidate with what was typed.
func withTyped(c, typed hiring.Candidate) hiring.Candidate {
	answers := map[string]string{}
	for id, a := range c.Answers {
		answers[id] = a
	}
	for id, a := range typed.Answers {
		if answers[id] = a; a == "" {
			delete(answers, id)
		}
	}
	c.Name, c.Email, c.Phone, c.Zone = typed.Name, typed.Email, typed.Phone, typed.Zone
	c.EarliestHour, c.LatestHour = typed.EarliestHour, typed.LatestHour
	c.Links, c.Answers, c.Arrangements = typed.Links, answers, typed.Arrangements
	return c
}

// inviteAnew brings the guests of the booked interviews' events in line with a
// new e-mail address.
func (s *Service) inviteAnew(cases []*hiring.Case) ([]outbox.Effect, error) {
	var effects []outbox.Effect
	for _, k := range cases {
		iv := k.Interview
		switch {
		case iv.State == hiring.Booking:
			return nil, hiring.Invalid("email", "“%s” is being booked with the old address right now. Change it in a minute, when the booking is settled.", k.Stage().Name)
		case iv.State == hiring.Booked && !iv.Ended(s.Now()):
			iv.Revision++
			effects = append(effects, outbox.CalendarEffect(outbox.CalendarMove, iv.ID, iv.Revision))
		}
	}
	return effects, nil
}

func (s *Service) whoChanged(ctx context.Context, changed *Changed) error {
	err := s.already(ctx, changed.Now.ID, "edited", func(l HistoryLine) bool { return l.Action == "candidate.edited" })
	var done *hiring.AlreadyDone
	if !errors.As(err, &done) {
		return err
	}
	changed.AlreadyDone = *done
	return changed
}
