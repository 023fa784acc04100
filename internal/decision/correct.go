package decision

import (
	"context"
	"slices"
	"time"

	"convene/internal/hiring"
)

// What a candidate was told is never unsaid: a decision made anew corrects it.
// Both are kept, the candidate gets a notice of its own, and the promise goes on
// counting by the first telling.

// MayCorrect says why what a candidate was told can't be corrected now,
// whatever the new decision is; nil: it can.
func (s *Service) MayCorrect(ctx context.Context, c *hiring.Case) error {
	return s.mayCorrect(ctx, c, "", s.Now())
}

// mayCorrect says why what a candidate was told can't be corrected here. It is
// asked within the case's change, so nothing is booked in between.
func (s *Service) mayCorrect(ctx context.Context, c *hiring.Case, outcome hiring.Outcome, now time.Time) error {
	name := c.Candidate.FirstName()
	if outcome == c.Decision.Outcome {
		return hiring.Invalid("outcome", "%s was told exactly this, so there is nothing to correct. Choose another decision, or close this.", name)
	}
	live, err := s.Store.LiveInterviews(ctx, c.Candidate.ID)
	if err != nil {
		return err
	}
	for _, iv := range live {
		if !isLater(c, iv) {
			continue
		}
		stage, _ := c.Role.Stage(iv.Stage)
		switch {
		case iv.Ended(now):
			return hiring.Invalid("", "%s has had the interview after this one (“%s”). Decide there: /decide lists it.", name, stage.Name)
		case c.Decision.Outcome == hiring.Advance:
			return hiring.Invalid("", "%s is invited to “%s”, which follows from this decision. Have that interview cancelled first, on the candidate's card; or let it take place, and decide after it.", name, stage.Name)
		}
	}
	return nil
}

// isLater reports whether the interview is of a later stage than the case's; of
// one that the role no longer has, whether it comes later in time.
func isLater(c *hiring.Case, iv *hiring.Interview) bool {
	at := func(id string) int {
		return slices.IndexFunc(c.Role.Stages, func(s hiring.Stage) bool { return s.ID == id })
	}
	here, there := at(c.Interview.Stage), at(iv.Stage)
	if here < 0 || there < 0 {
		return iv.Start.After(c.Interview.Start)
	}
	return there > here
}

// anewBy is by when a correction is to be told: the end of the next working day.
func (s *Service) anewBy(c *hiring.Case, now time.Time) time.Time {
	rule := c.Stage().Deadline.V
	rule.Kind, rule.Days = hiring.BusinessDays, 1
	return rule.Due(now, c.Role.TimeZone(), s.Holidays(c.Role.Holidays.V))
}

// correctsLine is how the notice of a correction begins.
func correctsLine(c *hiring.Case, told *hiring.Told) string {
	return "This corrects what we wrote to you on " + told.At.In(c.Candidate.TimeZone()).Format("Monday, 2 January 2006") + ".\n\n"
}
