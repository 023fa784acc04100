package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// actionNotHeld names in the audit trail that an interview didn't take place.
const actionNotHeld = "interview.not_held"

// A NotHeld says that an interview didn't take place, and why.
type NotHeld struct {
	Interview string
	Cause     hiring.Cause
	Words     string // more about it; required for CauseOther
	By        string // Slack user id
}

// MayNotHold returns the case if the person may say now that its interview
// didn't take place.
func (s *Service) MayNotHold(ctx context.Context, interview, by string) (*hiring.Case, error) {
	var found *hiring.Case
	iv, err := s.Store.Interview(ctx, interview)
	if err != nil {
		return nil, err
	}
	cases, err := s.Store.CasesOf(ctx, iv.CandidateID)
	if err != nil {
		return nil, err
	}
	for _, c := range cases {
		if c.Interview.ID == interview {
			found = c
		}
	}
	if found == nil {
		return nil, hiring.ErrNotFound
	}
	return found, s.mayNotHold(ctx, found, by)
}

// knowsOfIt reports whether the person may say whether the interview took
// place: its role's coordinators, and who was to be there.
func knowsOfIt(c *hiring.Case, person string) error {
	if c.Role.IsCoordinator(person) || c.Interview.Part(person) != "" {
		return nil
	}
	return hiring.Refuse("Only the coordinators of %s and this interview's panelists can say whether it took place.", c.Role.Title)
}

func (s *Service) mayNotHold(ctx context.Context, c *hiring.Case, by string) error {
	if err := knowsOfIt(c, by); err != nil {
		return err
	}
	switch iv := c.Interview; {
	case iv.State == hiring.NotHeld:
		return s.saidBefore(ctx, iv, "recorded as not held")
	case iv.State == hiring.Booking:
		return hiring.Invalid("", "This interview is just being booked in Google Calendar. To call it off, cancel it.")
	case iv.State == hiring.Removed:
		return hiring.Invalid("", "The event of this interview was deleted in Google Calendar. A coordinator books it again or cancels it.")
	case iv.State != hiring.Booked:
		return hiring.Invalid("", "This interview isn't booked any more, so there is nothing to record.")
	case s.Now().Before(iv.Start):
		return hiring.Invalid("", "This interview hasn't begun yet. To call it off, a coordinator moves or cancels it.")
	case c.Decision != nil:
		return hiring.Invalid("", "A decision has been recorded on this interview, so it counts as held. If the decision is wrong, change it: /decide.")
	case len(c.Panelboard().Submitted) > 0:
		return hiring.Invalid("", "A scorecard has been submitted for this interview, so somebody says that it took place. If that is a mistake, its author reopens it first (/scorecard), then say it again.")
	}
	return nil
}

// saidBefore answers a second click with who said it and when.
func (s *Service) saidBefore(ctx context.Context, iv *hiring.Interview, what string) error {
	done := &hiring.AlreadyDone{What: what}
	last, at, err := s.Store.LastChange(ctx, iv.ID)
	if err != nil && !errors.Is(err, hiring.ErrNotFound) {
		return err
	}
	if last.Action == actionNotHeld || last.Action == "interview.held" {
		done.By, done.At = last.Actor, at
	}
	return done
}

// NotHeld records that an interview didn't take place: nobody is asked for a
// scorecard or a decision any more. The event in Google Calendar stays, as the
// past that it is. One that a person moved there to a later time is booked at
// that time, if that is the cause. Fields of errors: "cause", "words".
func (s *Service) NotHeld(ctx context.Context, n NotHeld) error {
	n.Words = hiring.CleanText(n.Words)
	switch {
	case !slices.Contains(hiring.Causes, n.Cause):
		return hiring.Invalid("cause", "Choose why it didn't take place.")
	case n.Cause == hiring.CauseOther && n.Words == "":
		return hiring.Invalid("words", "Say in a few words what happened.")
	case len([]rune(n.Words)) > hiring.MaxExcuse:
		return hiring.Invalid("words", "This is longer than %d characters. Shorten it.", hiring.MaxExcuse)
	}
	seen, err := s.MayNotHold(ctx, n.Interview, n.By)
	if err != nil {
		return err
	}
	to, err := s.whoIsThere(ctx, seen.Role, seen.Interview)
	if err != nil {
		return err
	}
	return s.Store.ChangeInterviewCase(ctx, n.Interview, func(c *hiring.Case) (outbox.Batch, error) {
		if err := s.mayNotHold(ctx, c, n.By); err != nil {
			return outbox.Batch{}, err
		}
		iv, now := c.Interview, s.Now()
		b := outbox.Batch{Log: []hiring.Entry{{Actor: n.By, Action: actionNotHeld, Subject: iv.ID, Detail: string(n.Cause)}}}
		if n.Cause == hiring.CauseMoved && iv.EventStart.After(now) {
			b.Add(s.heldLater(c, iv.EventStart, iv.EventEnd))
			return b, nil
		}
		iv.State, iv.Cause, iv.Reason = hiring.NotHeld, n.Cause, n.Words
		b.NotDue = hiring.InterviewNotDue(iv.ID)
		b.Touch = concerned(c)
		if to != n.By {
			b.Messages = []outbox.Message{{
				Key: fmt.Sprintf("not-held:%s:%s:%d", iv.ID, n.By, now.UnixMilli()), Kind: "not-held", About: iv.ID, Person: to,
			}}
		}
		return b, nil
	})
}

// concerned are the ids of everything that shows how the interview stands.
func concerned(c *hiring.Case) []string {
	ids := []string{c.Interview.ID, c.Interview.CandidateID, c.Role.Key}
	for _, p := range c.Interview.Panel {
		ids = append(ids, p.Person) // what they owe
	}
	return ids
}

// Held takes back that an interview didn't take place: its scorecards are asked
// for again.
func (s *Service) Held(ctx context.Context, interview, by string) error {
	err := s.Store.ChangeInterviewCase(ctx, interview, func(c *hiring.Case) (outbox.Batch, error) {
		if err := knowsOfIt(c, by); err != nil {
			return outbox.Batch{}, err
		}
		iv := c.Interview
		switch {
		case iv.State == hiring.Booked && s.Now().Before(iv.Start):
			return outbox.Batch{}, hiring.Invalid("", "This interview is booked for a later time by now.")
		case iv.State == hiring.Booked:
			return outbox.Batch{}, s.saidBefore(ctx, iv, "recorded as held")
		case iv.State != hiring.NotHeld:
			return outbox.Batch{}, hiring.Invalid("", "This interview isn't booked any more, so there is nothing to record.")
		}
		iv.State, iv.Cause, iv.Reason = hiring.Booked, "", ""
		return outbox.Batch{
			Due:   append(hiring.DeadlineDue(c.Role.Key, iv.Deadline), hiring.Due{Key: "ask:" + iv.ID, Kind: hiring.DueAsk, About: iv.ID, At: iv.End}),
			Touch: concerned(c),
			Log:   []hiring.Entry{{Actor: by, Action: "interview.held", Subject: iv.ID}},
		}, nil
	})
	if errors.Is(err, hiring.ErrConflict) {
		return hiring.Invalid("", "Another interview of this stage has been booked for the candidate since. If this one took place after all, a coordinator cancels that one first.")
	}
	return err
}

// heldLater books an interview that didn't take place at another time, to which
// a person moved its event in Google Calendar.
func (s *Service) heldLater(c *hiring.Case, start, end time.Time) outbox.Batch {
	iv := c.Interview
	iv.State, iv.Cause, iv.Reason = hiring.Booked, "", ""
	iv.EventStart, iv.EventEnd = start, end
	b := s.reschedule(c.Role, c.Stage(), iv, start, end)
	because(b.Moves, "", hiring.MoveGoogle, "")
	b.Due = append(b.Due, hiring.LookAtMove(iv.ID, iv.Revision, s.Now()))
	b.Log = []hiring.Entry{{Actor: "google", Action: "interview.moved", Subject: iv.ID, Detail: fmt.Sprint(iv.Revision)}}
	return b
}

// movedAfter follows a person who moved the event of an interview that is over.
// What took place stays: one whose scorecards were asked for, or are in, isn't
// put into the future again by that, and a correction within the past changes
// nothing. false: it is to be followed like any other move.
func (s *Service) movedAfter(ctx context.Context, c *hiring.Case, ev hiring.Event) (outbox.Batch, bool, error) {
	iv, now := c.Interview, s.Now()
	if !iv.Ended(now) {
		return outbox.Batch{}, false, nil
	}
	asked, err := s.asked(ctx, c)
	if err != nil || !asked && ev.End.After(now) {
		return outbox.Batch{}, false, err
	}
	iv.EventStart, iv.EventEnd = ev.Start, ev.End
	b := outbox.Batch{Touch: []string{iv.ID}}
	if ev.Start.After(now) && !c.Told() {
		b.Messages = append(b.Messages, s.tellCoordinator(c.Role, iv, "held"))
	}
	return b, true, nil
}

// asked reports whether scorecards of the case were asked for or are in.
func (s *Service) asked(ctx context.Context, c *hiring.Case) (bool, error) {
	if c.Decision != nil || slices.ContainsFunc(c.Cards, func(card *hiring.Scorecard) bool { return card.Version > 0 }) {
		return true, nil
	}
	iv := c.Interview
	for _, p := range iv.Panel {
		key := fmt.Sprintf("score:%s:%s", iv.ID, p.Person)
		for _, key := range []string{key, fmt.Sprintf("%s:%d", key, iv.Revision)} {
			m, err := s.Store.Message(ctx, key)
			switch {
			case errors.Is(err, hiring.ErrNotFound):
			case err != nil:
				return false, err
			case m.Posted.IsZero() || !m.Posted.Before(iv.Start): // else it is from before an earlier move
				return true, nil
			}
		}
	}
	return false, nil
}

// notHeldMoved follows a person who moved the event of an interview that didn't
// take place: into the future, it is booked at that time, unless the candidate
// has another one of the stage by now.
func (s *Service) notHeldMoved(ctx context.Context, c *hiring.Case, ev hiring.Event) (outbox.Batch, error) {
	iv := c.Interview
	if ev.Cancelled || sameTime(ev, iv.EventStart, iv.EventEnd) {
		return outbox.Batch{}, nil
	}
	live, err := s.Store.LiveInterviews(ctx, iv.CandidateID)
	if err != nil {
		return outbox.Batch{}, err
	}
	another := slices.ContainsFunc(live, func(o *hiring.Interview) bool { return o.Stage == iv.Stage })
	if another || c.Candidate.State != hiring.Active || c.Decision != nil || !ev.Start.After(s.Now()) {
		iv.EventStart, iv.EventEnd, iv.Etag = ev.Start, ev.End, ev.Etag
		return outbox.Batch{}, nil
	}
	b := s.heldLater(c, ev.Start, ev.End)
	iv.Etag = ev.Etag
	return b, nil
}
