package candidate

import (
	"context"
	"slices"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// withdrewReason is what the panel and the channel read of a cancelled
// interview; why the candidate withdrew is kept with the candidate.
const withdrewReason = "The candidate has withdrawn"

// Withdraw takes a candidate out of the process: their coming interviews are
// cancelled, and asks and nags end, all in one transaction. The bot tells the
// candidate nothing.
func (s *Service) Withdraw(ctx context.Context, id, reason, by string) error {
	reason = hiring.CleanText(reason)
	if len([]rune(reason)) > hiring.MaxEndReason {
		return hiring.Invalid("reason", "This is longer than %d characters. Shorten it.", hiring.MaxEndReason)
	}
	role, err := s.coordinated(ctx, id, by)
	if err != nil {
		return err
	}
	gone := false
	err = s.Store.ChangeCandidate(ctx, id, func(c *hiring.Candidate, cases []*hiring.Case) (outbox.Batch, error) {
		if err := mayWithdraw(c, cases); err != nil {
			gone = c.State == hiring.Withdrawn
			return outbox.Batch{}, err
		}
		now := s.Now()
		c.State, c.EndReason, c.EndedAt = hiring.Withdrawn, reason, now
		b := outbox.Batch{Touch: []string{c.ID, role.Key}, Log: []hiring.Entry{{Actor: by, Action: "candidate.withdrawn", Subject: c.ID}}}
		for _, k := range cases {
			iv := k.Interview
			if isComing(iv, now) {
				b.Add(s.Cancel(iv, by, withdrewReason))
				iv.CancelCause = hiring.CancelWithdrew
			}
			if iv.Ended(now) {
				b.Due = append(b.Due, hiring.DebriefDue(iv.ID, now)) // one that is booked may not be needed any more
			}
			b.NotDue = append(b.NotDue, hiring.InterviewNotDue(iv.ID)...)
			b.Touch = append(b.Touch, touches(k)...)
		}
		return b, nil
	})
	if gone {
		return s.already(ctx, id, "withdrawn", func(l HistoryLine) bool { return l.Action == "candidate.withdrawn" })
	}
	return err
}

// MayWithdraw says early what Withdraw would be refused for.
func (s *Service) MayWithdraw(ctx context.Context, id, by string) (*Card, error) {
	if _, err := s.coordinated(ctx, id, by); err != nil {
		return nil, err
	}
	card, err := s.Show(ctx, id, by)
	if err != nil {
		return nil, err
	}
	if err := mayWithdraw(card.Candidate, card.Cases); err != nil {
		if card.Candidate.State == hiring.Withdrawn {
			return nil, s.already(ctx, id, "withdrawn", func(l HistoryLine) bool { return l.Action == "candidate.withdrawn" })
		}
		return nil, err
	}
	return card, nil
}

func mayWithdraw(c *hiring.Candidate, cases []*hiring.Case) error {
	if err := stillIn(c); err != nil {
		if c.State == hiring.Declined {
			return hiring.Invalid("", "%s was declined, so there is nothing to withdraw from.", c.Name)
		}
		return err
	}
	if slices.ContainsFunc(cases, beingMailed) { // what is told can't be taken back, and must not be told after the withdrawal
		return hiring.Invalid("", "A notice to %s is being e-mailed right now. Wait until it is settled, then try again.", c.Name)
	}
	return nil
}

func beingMailed(k *hiring.Case) bool {
	return k.Notice != nil && k.Notice.State == hiring.NoticeApproved && k.Notice.Attempt > 0
}

// Coming returns the case's interviews that a withdrawal cancels.
func (c *Card) Coming(now time.Time) []*hiring.Case {
	return slices.DeleteFunc(slices.Clone(c.Cases), func(k *hiring.Case) bool { return !isComing(k.Interview, now) })
}

func isComing(iv *hiring.Interview, now time.Time) bool {
	return (iv.Live() || iv.State == hiring.Removed) && !iv.Ended(now)
}

// TakeBack brings a candidate who had withdrawn back to the stage that they had.
// Cancelled interviews stay cancelled; what waited for scorecards, a decision or
// a notice waits again.
func (s *Service) TakeBack(ctx context.Context, id, by string) error {
	role, err := s.coordinated(ctx, id, by)
	if err != nil {
		return err
	}
	done, err := s.Store.Checks(ctx, id) // nobody changes them while the candidate is withdrawn
	if err != nil {
		return err
	}
	gone := false
	err = s.Store.ChangeCandidate(ctx, id, func(c *hiring.Candidate, cases []*hiring.Case) (outbox.Batch, error) {
		switch {
		case c.Erased():
			return outbox.Batch{}, stillIn(c)
		case c.State != hiring.Withdrawn:
			gone = true
			return outbox.Batch{}, &hiring.AlreadyDone{What: "back"}
		}
		now := s.Now()
		c.State, c.EndReason, c.EndedAt = hiring.Active, "", time.Time{}
		if wasFinished(role, c, cases, done) {
			c.State = hiring.Finished
		}
		c.FollowChecks(role, done)
		b := outbox.Batch{Touch: []string{c.ID, role.Key}, Log: []hiring.Entry{{Actor: by, Action: "candidate.back", Subject: c.ID}}}
		for _, k := range cases {
			b.Touch = append(b.Touch, touches(k)...)
			if k.Candidate = c; !k.Open(now) {
				continue
			}
			if len(k.Panelboard().Owing()) > 0 {
				b.Due = append(b.Due, hiring.Due{Key: "ask:" + k.Interview.ID, Kind: hiring.DueAsk, About: k.Interview.ID, At: now})
			}
			if k.Interview.Deadline.After(now) {
				b.Due = append(b.Due, hiring.DeadlineDue(role.Key, k.Interview.Deadline)...)
			}
		}
		return b, nil
	})
	if gone {
		return s.already(ctx, id, "back in the process", func(l HistoryLine) bool { return l.Action == "candidate.back" })
	}
	return err
}

// wasFinished reports whether the candidate had been through everything: the
// last interview was decided with advance, and no check is open after it.
func wasFinished(role *hiring.Role, c *hiring.Candidate, cases []*hiring.Case, done []*hiring.Check) bool {
	last, ok := role.LastInterview()
	if _, open := role.Next(last.ID, done); !ok || open {
		return false
	}
	return slices.ContainsFunc(cases, func(k *hiring.Case) bool {
		return k.Interview.Stage == last.ID && k.Decision != nil && k.Decision.Outcome == hiring.Advance
	})
}

func touches(k *hiring.Case) []string {
	ids := []string{k.Interview.ID}
	if k.Notice != nil {
		ids = append(ids, k.Notice.ID)
	}
	for _, p := range k.Interview.Panel {
		ids = append(ids, p.Person) // what they owe
	}
	return ids
}

// coordinated returns the candidate's role if the person coordinates it.
func (s *Service) coordinated(ctx context.Context, id, by string) (*hiring.Role, error) {
	c, err := s.Store.Candidate(ctx, id)
	if err != nil {
		return nil, err
	}
	role, err := s.Store.Role(ctx, c.RoleKey)
	if err != nil {
		return nil, err
	}
	if !role.IsCoordinator(by) {
		return nil, hiring.Refuse("Only a coordinator of %s can change its candidates.", role.Title)
	}
	return role, nil
}
