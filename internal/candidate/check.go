package candidate

import (
	"context"
	"slices"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// mayCheck reports whether the person may do the checks of the role, and read
// what came of them.
func mayCheck(role *hiring.Role, person string) bool {
	return role.IsCoordinator(person) || role.IsDecider(person)
}

// A Finding is what a person found in a check.
type Finding struct {
	CandidateID string
	Stage       string
	Outcome     hiring.CheckOutcome
	Note        string
	By          string
}

// DoCheck records a check. When the candidate stands at it, they move on. Who
// comes second hears who was first.
func (s *Service) DoCheck(ctx context.Context, f Finding) error {
	f.Note = hiring.CleanText(f.Note)
	switch {
	case f.Outcome != hiring.CheckFine && f.Outcome != hiring.CheckConcern && f.Outcome != hiring.CheckSkipped:
		return hiring.Invalid("outcome", "Choose how it went.")
	case f.Outcome == hiring.CheckConcern && f.Note == "":
		return hiring.Invalid("note", "Say what the concern is, in a sentence: whoever decides reads it here.")
	case len([]rune(f.Note)) > hiring.MaxCheckNote:
		return hiring.Invalid("note", "This is longer than %d characters. Shorten it.", hiring.MaxCheckNote)
	}
	role, stage, err := s.checkStage(ctx, f.CandidateID, f.Stage, f.By)
	if err != nil {
		return err
	}
	return s.Store.ChangeChecks(ctx, f.CandidateID, func(c *hiring.Candidate, done []*hiring.Check) (*hiring.Check, string, outbox.Batch, error) {
		if err := stillIn(c); err != nil {
			return nil, "", outbox.Batch{}, err
		}
		if first := hiring.StandingCheck(stage.ID, done); first != nil {
			return nil, "", outbox.Batch{}, &hiring.AlreadyDone{What: "done (" + stage.Name + ": " + OutcomeWords(first.Outcome) + ")", By: first.By, At: first.At}
		}
		ch := &hiring.Check{ID: s.NewID("check"), CandidateID: c.ID, Stage: stage.ID, Outcome: f.Outcome, Note: f.Note, By: f.By, At: s.Now()}
		c.FollowChecks(role, append(slices.Clone(done), ch))
		return ch, "", checkBatch(c, f.By, "check.done", ch), nil
	})
}

// UndoCheck takes a check back. A candidate who is past the last interview goes
// back to it.
func (s *Service) UndoCheck(ctx context.Context, candidate, stageID, check, by string) error {
	role, stage, err := s.checkStage(ctx, candidate, stageID, by)
	if err != nil {
		return err
	}
	gone := false
	err = s.Store.ChangeChecks(ctx, candidate, func(c *hiring.Candidate, done []*hiring.Check) (*hiring.Check, string, outbox.Batch, error) {
		if err := stillIn(c); err != nil {
			return nil, "", outbox.Batch{}, err
		}
		ch := hiring.StandingCheck(stage.ID, done)
		if ch == nil || ch.ID != check {
			gone = true
			return nil, "", outbox.Batch{}, &hiring.AlreadyDone{What: "taken back (" + stage.Name + ")"}
		}
		left := slices.DeleteFunc(slices.Clone(done), func(o *hiring.Check) bool { return o.ID == ch.ID })
		c.FollowChecks(role, left)
		return nil, stage.ID, checkBatch(c, by, "check.undone", ch), nil
	})
	if gone {
		return s.already(ctx, candidate, "taken back ("+stage.Name+")", func(l HistoryLine) bool { return l.Action == "check.undone" && l.Subject == check })
	}
	return err
}

func checkBatch(c *hiring.Candidate, by, action string, ch *hiring.Check) outbox.Batch {
	return outbox.Batch{
		Touch: []string{c.ID, c.RoleKey},
		Log:   []hiring.Entry{{Actor: by, Action: action, Subject: ch.ID, Detail: string(ch.Outcome)}},
	}
}

// CheckStage returns the check that the person is about to do, or why they
// can't.
func (s *Service) CheckStage(ctx context.Context, candidate, stage, by string) (*Card, hiring.Stage, error) {
	_, st, err := s.checkStage(ctx, candidate, stage, by)
	if err != nil {
		return nil, st, err
	}
	card, err := s.Show(ctx, candidate, by)
	if err != nil {
		return nil, st, err
	}
	if err := stillIn(card.Candidate); err != nil {
		return nil, st, err
	}
	if first := hiring.StandingCheck(stage, card.Checks); first != nil {
		return nil, st, &hiring.AlreadyDone{What: "done (" + st.Name + ": " + OutcomeWords(first.Outcome) + ")", By: first.By, At: first.At}
	}
	return card, st, nil
}

func (s *Service) checkStage(ctx context.Context, candidate, stage, by string) (*hiring.Role, hiring.Stage, error) {
	c, err := s.Store.Candidate(ctx, candidate)
	if err != nil {
		return nil, hiring.Stage{}, err
	}
	role, err := s.Store.Role(ctx, c.RoleKey)
	if err != nil {
		return nil, hiring.Stage{}, err
	}
	st, ok := role.Stage(stage)
	switch {
	case !mayCheck(role, by):
		return nil, st, hiring.Refuse("Only coordinators and deciders of %s can do its checks.", role.Title)
	case !ok || st.Kind != hiring.StageCheck:
		return nil, st, hiring.Invalid("", "This check is no longer part of %s. Open the card anew.", role.Title)
	}
	return role, st, nil
}

// stillIn refuses what makes no sense for a candidate who is out of the process.
func stillIn(c *hiring.Candidate) error {
	switch {
	case c.Erased():
		return hiring.Invalid("", "This candidate's data was erased, so there is nothing to change any more.")
	case c.State == hiring.Withdrawn:
		return hiring.Invalid("", "%s has withdrawn. Take them back first, with the button on the card.", c.Name)
	case c.State == hiring.Declined:
		return hiring.Invalid("", "%s was declined, so nothing is left to check.", c.Name)
	}
	return nil
}

// OutcomeWords returns the outcome as people read it.
func OutcomeWords(o hiring.CheckOutcome) string {
	switch o {
	case hiring.CheckFine:
		return "fine"
	case hiring.CheckConcern:
		return "a concern"
	case hiring.CheckSkipped:
		return "not needed"
	default:
		return "done"
	}
}
