package scorecard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// MayExcuse returns the case if the person may say now that they owe no
// scorecard of it, because of that. Of somebody who said so before, the error is
// an AlreadyDone.
func (s *Service) MayExcuse(ctx context.Context, interview, person string, why hiring.ExcuseKind) (*hiring.Case, error) {
	c, err := s.Store.Case(ctx, interview)
	if err != nil {
		return nil, err
	}
	return c, mayExcuse(c, person, why, s.Now())
}

func mayExcuse(c *hiring.Case, person string, why hiring.ExcuseKind, now time.Time) error {
	iv := c.Interview
	if iv.Part(person) == "" {
		return hiring.Refuse("You are not on the panel of this interview, so no scorecard of yours is asked for.")
	}
	switch e := iv.Excuse(person); {
	case e.Kind == hiring.Absent && why == hiring.HandedOver:
		return hiring.Invalid("", "You said that you weren't there. Press “I was there after all” first, then hand it over.")
	case e.Kind == hiring.Absent:
		return &hiring.AlreadyDone{What: "recorded as absent", By: person, At: e.At}
	case e.Kind == hiring.HandedOver:
		return &hiring.AlreadyDone{What: "handed over", By: person, At: e.At}
	}
	card := c.Card(person)
	switch {
	case iv.State != hiring.Booked:
		return hiring.Invalid("", "This interview is %s, so no scorecard is asked for. You need not do anything.", words(iv.State))
	case c.Candidate.State == hiring.Withdrawn:
		return hiring.Invalid("", "The candidate has withdrawn, so no scorecard is asked for. You need not do anything.")
	case now.Before(iv.Start):
		return hiring.Invalid("", "This interview hasn't begun yet. If you can't come, tell a coordinator: they can change its panel.")
	case card != nil && card.Version > 0:
		return hiring.Invalid("", "You have submitted a scorecard for this interview. If something in it is wrong, reopen and correct it: /scorecard.")
	case c.Decided():
		return hiring.Invalid("", "A decision has been recorded, so nobody waits for your scorecard any more.")
	case why == hiring.Absent:
		return nil
	case !iv.Ended(now):
		return hiring.Invalid("", "This interview isn't over yet. If somebody else is to hold it, tell a coordinator: they can change its panel.")
	case iv.Part(person) != hiring.Required:
		return hiring.Invalid("", "Your scorecard is optional and nobody waits for it, so there is nothing to hand over.")
	case c.Revealed != "":
		return hiring.Invalid("", "The scorecards that are in were opened already, so another person's would not be independent. If you weren't there, say that instead.")
	}
	return nil
}

// Absent records that a panelist wasn't at the interview: their scorecard isn't
// owed. What they wrote is kept.
func (s *Service) Absent(ctx context.Context, interview, person, reason string) error {
	reason, err := excuseWords(reason)
	if err != nil {
		return err
	}
	c, err := s.MayExcuse(ctx, interview, person, hiring.Absent)
	if err != nil {
		return err
	}
	to, err := s.whoHears(ctx, c, person)
	if err != nil {
		return err
	}
	return s.Store.ChangeInterviewCase(ctx, interview, func(c *hiring.Case) (outbox.Batch, error) {
		now := s.Now()
		if err := mayExcuse(c, person, hiring.Absent, now); err != nil {
			return outbox.Batch{}, err
		}
		excuse(c.Interview, person, hiring.Excuse{Kind: hiring.Absent, Reason: reason, At: now})
		b := excused(c, person, to, now)
		if c.Interview.Part(person) != hiring.Required {
			b.Messages = nil // nobody waited for it
		}
		b.Log = []hiring.Entry{{Actor: person, Action: "scorecard.absent", Subject: interview}}
		return b, nil
	})
}

// HandOver records that another person of the role's team held the interview in
// the panelist's place: that person owes the scorecard, and is asked at once.
// Fields of errors: "to", "reason".
func (s *Service) HandOver(ctx context.Context, interview, person, to, reason string) error {
	reason, err := excuseWords(reason)
	if err != nil {
		return err
	}
	c, err := s.MayExcuse(ctx, interview, person, hiring.HandedOver)
	if err != nil {
		return err
	}
	names, err := s.canStandIn(ctx, c)
	if err != nil {
		return err
	}
	if err := s.checkStandIn(ctx, c, person, to, names); err != nil {
		return err
	}
	tell, err := s.whoHears(ctx, c, person, to)
	if err != nil {
		return err
	}
	ask, nag, err := s.askAgain(ctx, c, to)
	if err != nil {
		return err
	}
	handedBefore := true // and changed back: their old message is right again, but an edit notifies nobody
	if _, err := s.Store.Message(ctx, ask.Key); errors.Is(err, hiring.ErrNotFound) {
		handedBefore = false
	} else if err != nil {
		return err
	}
	return s.Store.ChangeInterviewCase(ctx, interview, func(c *hiring.Case) (outbox.Batch, error) {
		now := s.Now()
		if err := mayExcuse(c, person, hiring.HandedOver, now); err != nil {
			return outbox.Batch{}, err
		}
		if err := s.checkStandIn(ctx, c, person, to, names); err != nil {
			return outbox.Batch{}, err
		}
		excuse(c.Interview, person, hiring.Excuse{Kind: hiring.HandedOver, Reason: reason, StandIn: to, At: now})
		c.Interview.Panel = append(c.Interview.Panel, hiring.Panelist{Person: to, Part: hiring.Required})
		if handedBefore {
			ask.Key = fmt.Sprintf("%s:%d", ask.Key, now.Unix())
		}
		b := excused(c, person, tell, now)
		b.Messages, b.Due = append(b.Messages, ask), append(b.Due, nag)
		b.Touch = append(b.Touch, to)
		b.Log = []hiring.Entry{{Actor: person, Action: "scorecard.handed", Subject: interview, Detail: to}}
		return b, nil
	})
}

// checkStandIn says why the scorecard can't be handed to somebody. names are
// those who can be chosen.
func (s *Service) checkStandIn(ctx context.Context, c *hiring.Case, from, to, names string) error {
	if to == "" {
		return hiring.Invalid("to", "Choose who held the interview in your place.")
	}
	if to == from {
		return hiring.Invalid("to", "That is you. Choose who held the interview in your place. %s", names)
	}
	p, err := s.People.Person(ctx, to)
	if err != nil {
		return hiring.Invalid("to", "I can't find this person in Slack. Choose them again.")
	}
	board := c.Panelboard()
	reads := func(author string) bool { return hiring.MayRead(to, author, c.Role, board) && author != to }
	switch part := c.Interview.Part(to); {
	case p.Deleted:
		return hiring.Invalid("to", "%s's account is deactivated. %s", p.Name, names)
	case p.Bot:
		return hiring.Invalid("to", "%s is an app. Choose a person. %s", p.Name, names)
	case !p.Employee():
		return hiring.Invalid("to", "%s is a guest. Candidate data stays with members of the workspace. %s", p.Name, names)
	case part == hiring.Required:
		return hiring.Invalid("to", "%s is on the panel of this interview and writes a scorecard of their own. If you weren't there, say that instead.", p.Name)
	case part != "":
		return hiring.Invalid("to", "%s is on the panel of this interview already, as %s. If you weren't there, say that instead; their own scorecard is welcome.", p.Name, part)
	case !c.Role.OnTeam(to):
		return hiring.Invalid("to", "%s is not on the team of %s, and only its team sees its candidates. %s", p.Name, c.Role.Title, names)
	case slices.ContainsFunc(board.Submitted, reads):
		return hiring.Invalid("to", "%s can read scorecards of this interview already, so theirs would not be independent. %s", p.Name, names)
	}
	return nil
}

// maxStandIns is how many people a sentence about them names.
const maxStandIns = 8

// canStandIn names, in a sentence, who can be handed a scorecard of the case.
func (s *Service) canStandIn(ctx context.Context, c *hiring.Case) (string, error) {
	var names []string
	for _, id := range c.Role.Team() {
		p, err := s.People.Person(ctx, id)
		if err != nil {
			return "", err
		}
		if c.Interview.Part(id) == "" && p.Employee() {
			names = append(names, p.Name)
		}
	}
	if len(names) == 0 {
		return "Everybody on the team is on this panel; a coordinator can add people with /hiring setup.", nil
	}
	if len(names) > maxStandIns {
		names = append(names[:maxStandIns], "…")
	}
	return "You can choose: " + strings.Join(names, ", ") + ".", nil
}

// MayTakeBack returns the case if by may make the person's scorecard owed again.
func (s *Service) MayTakeBack(ctx context.Context, interview, person, by string) (*hiring.Case, error) {
	c, err := s.Store.Case(ctx, interview)
	if err != nil {
		return nil, err
	}
	return c, mayTakeBack(c, person, by)
}

// mayTakeBack keeps Independence: once scorecards can be read beyond their
// authors, one that is written after them isn't asked for any more. A
// coordinator who needs it all the same talks to the person.
func mayTakeBack(c *hiring.Case, person, by string) error {
	iv, e := c.Interview, c.Interview.Excuse(person)
	switch {
	case by != person && !c.Role.IsCoordinator(by):
		return hiring.Refuse("Only the panelist and the coordinators of %s can change this back.", c.Role.Title)
	case iv.Part(person) == "" && by == person:
		return hiring.Refuse("You are not on the panel of this interview, so no scorecard of yours is asked for.")
	case iv.Part(person) == "":
		return hiring.Invalid("", "They are no longer on the panel of this interview.")
	case e.Kind == "":
		return &hiring.AlreadyDone{What: "changed back: the scorecard is asked for"}
	case e.Kind == hiring.Absent && by != person:
		return hiring.Refuse("Only they themselves can say that they were there after all.")
	case iv.State != hiring.Booked:
		return hiring.Invalid("", "This interview is %s, so no scorecard is asked for.", words(iv.State))
	case c.Decision != nil:
		return hiring.Invalid("", "A decision has been recorded, so nobody waits for this scorecard any more.")
	case c.WasOpen():
		return hiring.Invalid("", "The other scorecards could be read by now, so one that is written after them would not be independent, and I can't take it. What was seen in the interview can still be told to the deciders in person.")
	case iv.Excuse(e.StandIn).Kind == hiring.HandedOver:
		return hiring.Invalid("", "It was handed on since. Change that back first.")
	}
	return nil
}

// TakeBack makes a panelist's scorecard owed again. Who was handed it is off the
// panel, unless their scorecard is in.
func (s *Service) TakeBack(ctx context.Context, interview, person, by string) error {
	c, err := s.MayTakeBack(ctx, interview, person, by)
	if err != nil {
		return err
	}
	ask, nag, err := s.askAgain(ctx, c, person)
	if err != nil {
		return err
	}
	return s.Store.ChangeInterviewCase(ctx, interview, func(c *hiring.Case) (outbox.Batch, error) {
		if err := mayTakeBack(c, person, by); err != nil {
			return outbox.Batch{}, err
		}
		iv, now := c.Interview, s.Now()
		standIn := iv.Excuse(person).StandIn
		excuse(iv, person, hiring.Excuse{})
		b := outbox.Batch{
			Touch: []string{iv.ID, iv.CandidateID, c.Role.Key, person},
			Log:   []hiring.Entry{{Actor: by, Action: "scorecard.back", Subject: iv.ID, Detail: person}},
		}
		if card := c.Card(standIn); standIn != "" && (card == nil || card.Version == 0) {
			iv.Panel = slices.DeleteFunc(iv.Panel, func(p hiring.Panelist) bool { return p.Person == standIn })
			b.Touch = append(b.Touch, standIn)
		}
		if !iv.Ended(now) || c.Candidate.State == hiring.Withdrawn {
			return b, nil // it is asked for at the end, or not at all
		}
		b.Messages = []outbox.Message{ask}
		if by != person { // their old message is right again, but an edit notifies nobody
			b.Messages = append(b.Messages, outbox.Message{
				Key: fmt.Sprintf("owed-again:%s:%s:%d", iv.ID, person, now.UnixMilli()), Kind: "owed-again", About: iv.ID, Person: person,
			})
		}
		if iv.Owes(person) {
			b.Due = []hiring.Due{nag}
		}
		return b, nil
	})
}

// excuse sets why the panelist owes no scorecard.
func excuse(iv *hiring.Interview, person string, e hiring.Excuse) {
	iv.Panel = slices.Clone(iv.Panel)
	for i := range iv.Panel {
		if iv.Panel[i].Person == person {
			iv.Panel[i].Excused = e
		}
	}
}

// excused returns what follows from an excuse: everything that asked the person
// says so, and who coordinates hears it.
func excused(c *hiring.Case, person, to string, now time.Time) outbox.Batch {
	iv := c.Interview
	b := outbox.Batch{Touch: []string{iv.ID, iv.CandidateID, c.Role.Key, person}, Due: []hiring.Due{hiring.DebriefDue(iv.ID, now)}}
	if to != "" {
		b.Messages = []outbox.Message{{
			Key: fmt.Sprintf("excused:%s:%s:%d:%s", iv.ID, person, now.UnixMilli(), to), Kind: "excused", About: iv.ID, Person: to,
		}}
	}
	return b
}

// excusedSubmit refuses the scorecard of somebody who said that they owe none.
func excusedSubmit(e hiring.Excuse) error {
	if e.Kind == hiring.HandedOver {
		return hiring.Invalid("", "You have handed this scorecard over. What you typed is kept as a draft; to submit it, change that back first, in my message about the interview or in /scorecard.")
	}
	return hiring.Invalid("", "You said that you weren't there. What you typed is kept as a draft; to submit it, press “I was there after all” first, in my message about the interview or in /scorecard.")
}

// whoHears returns who is told what a panelist did: the coordinator who booked
// the interview, else the next on the role's ladder; never one of the people
// themselves, nor somebody who has left. "": nobody is there.
func (s *Service) whoHears(ctx context.Context, c *hiring.Case, themselves ...string) (string, error) {
	workspace, err := s.Workspace(ctx)
	if err != nil {
		return "", err
	}
	ladder := c.Role.Ladder(themselves, workspace)
	if first := c.Interview.BookedBy; c.Role.IsCoordinator(first) && slices.Contains(ladder, first) {
		ladder = append([]string{first}, ladder...)
	}
	for _, id := range ladder {
		p, err := s.People.Person(ctx, id)
		if err != nil {
			return "", err
		}
		if !p.Deleted {
			return id, nil
		}
	}
	return "", nil
}

// askAgain returns what asks a person for their scorecard now, and reminds them
// later.
func (s *Service) askAgain(ctx context.Context, c *hiring.Case, person string) (outbox.Message, hiring.Due, error) {
	ask, err := s.askMessage(ctx, c.Interview, person)
	if err != nil {
		return ask, hiring.Due{}, err
	}
	p, err := s.People.Person(ctx, person)
	if err != nil {
		return ask, hiring.Due{}, err
	}
	return ask, s.nagDue(person, s.firstNag(p, c, later(c.Interview.End, s.Now()))), nil
}

// askMessage is "score now". Where one stands from before the interview was
// moved, a new one is sent: an edit of the old one notifies nobody.
func (s *Service) askMessage(ctx context.Context, iv *hiring.Interview, person string) (outbox.Message, error) {
	m := outbox.Message{Key: fmt.Sprintf("score:%s:%s", iv.ID, person), Kind: "score", About: iv.ID, Person: person}
	earlier, err := s.Store.Message(ctx, m.Key)
	switch {
	case errors.Is(err, hiring.ErrNotFound):
		return m, nil
	case err != nil:
		return m, err
	case earlier.TS != "" && earlier.Posted.Before(iv.Start):
		m.Key = fmt.Sprintf("%s:%d", m.Key, iv.Revision)
	}
	return m, nil
}

func excuseWords(reason string) (string, error) {
	reason = hiring.CleanText(reason)
	switch {
	case reason == "":
		return "", hiring.Invalid("reason", "Say why, in a few words: it is kept with the interview.")
	case len([]rune(reason)) > hiring.MaxExcuse:
		return "", hiring.Invalid("reason", "This is longer than %d characters. Shorten it.", hiring.MaxExcuse)
	}
	return reason, nil
}
