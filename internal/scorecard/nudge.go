package scorecard

import (
	"context"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Nudge has a person ask a panelist for their scorecard: one message in their
// name, at once. A panelist is nudged once a day at most, whoever asks; it counts
// neither as the day's reminder nor for the escalation. It returns when the
// panelist works next, where that isn't now.
func (s *Service) Nudge(ctx context.Context, interview, panelist, by string) (next time.Time, err error) {
	c, err := s.Store.Case(ctx, interview)
	if err != nil {
		return next, err
	}
	p, err := s.People.Person(ctx, panelist)
	if err != nil {
		return next, err
	}
	now, card := s.Now(), c.Card(panelist)
	switch {
	case !c.Role.IsCoordinator(by) && !c.Role.IsDecider(by):
		return next, hiring.Refuse("Only a coordinator or decider of this role can ask for a missing scorecard.")
	case !c.Open(now) || !c.Interview.Owes(panelist) || card != nil && card.Submitted():
		return next, hiring.Invalid("", "%s owes no scorecard of this interview (any more), so nothing was sent.", p.Name)
	case panelist == by:
		return next, hiring.Invalid("", "This scorecard is your own: /scorecard opens it.")
	case p.Deleted:
		return next, hiring.Invalid("", "%s's Slack account is deactivated, so no message can reach them.", p.Name)
	}
	week := s.week(p, c.Role)
	first, at, err := s.Store.OweFirst(ctx, outbox.Message{
		Key: "nudge:" + panelist + ":" + now.In(week.Zone).Format(time.DateOnly), Kind: "nudge", About: NudgeAbout(interview, by), Person: panelist,
	}, outbox.Batch{Log: []hiring.Entry{{Actor: by, Action: "scorecard.nudged", Subject: interview, Detail: panelist}}})
	if err != nil {
		return next, err
	}
	if first != "" {
		_, who := ReadNudge(first)
		return next, &hiring.AlreadyDone{What: "nudged today", By: who, At: at}
	}
	if next = week.Next(now.Truncate(quarter)); !next.After(now) {
		next = time.Time{}
	}
	return next, nil
}

// NudgeAbout is what a nudge's message is about: the interview, and who asks.
func NudgeAbout(interview, by string) string { return interview + "|" + by }

// ReadNudge reads what NudgeAbout wrote.
func ReadNudge(about string) (interview, by string) {
	interview, by, _ = strings.Cut(about, "|")
	return interview, by
}
