package candidate

import (
	"context"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
)

// A HistoryLine is one line of the audit trail about a candidate.
type HistoryLine struct {
	hiring.Entry
	At      time.Time
	Dissent string // beside a decision: who was of another mind, and why
	Stage   string // id of the stage that the subject belongs to; empty: the candidate as a whole
}

// maxHistory is how many lines a history holds.
const maxHistory = 60

// History returns who did what about a candidate and when, newest first: for
// coordinators and deciders. It holds no ratings.
func (s *Service) History(ctx context.Context, id, viewer string) (*Card, []HistoryLine, error) {
	card, err := s.Show(ctx, id, viewer)
	if err != nil {
		return nil, nil, err
	}
	if !mayCheck(card.Role, viewer) {
		return nil, nil, hiring.Refuse("Only coordinators and deciders of %s can read a candidate's history.", card.Role.Title)
	}
	lines, err := s.Store.History(ctx, id, maxHistory)
	for i, l := range lines {
		if l.Dissent != "" && owesCard(card, l.Subject, viewer) {
			lines[i].Dissent = "" // it can tell what the scorecards say
		}
	}
	lines = slices.DeleteFunc(lines, func(l HistoryLine) bool { // so can that there is something to talk about
		return strings.HasPrefix(l.Action, "debrief.") && owesCard(card, l.Subject, viewer)
	})
	return card, lines, err
}

// owesCard reports whether the viewer is on the interview's panel and has yet to
// hand in their scorecard.
func owesCard(card *Card, interview, viewer string) bool {
	return slices.ContainsFunc(card.Cases, func(k *hiring.Case) bool {
		return k.Interview.ID == interview && slices.Contains(k.Panelboard().Unscored(), viewer)
	})
}

// already answers a second click with who did it and when, from the newest line
// of the history that is meant.
func (s *Service) already(ctx context.Context, candidate, what string, meant func(HistoryLine) bool) error {
	lines, err := s.Store.History(ctx, candidate, 1000)
	if err != nil {
		return err
	}
	done := &hiring.AlreadyDone{What: what}
	if i := slices.IndexFunc(lines, meant); i >= 0 {
		done.By, done.At = lines[i].Actor, lines[i].At
	}
	return done
}
