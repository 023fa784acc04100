package decision

import (
	"context"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// carriedError answers who would tell a candidate, or change the decision, while
// an invitation that says the notice is being booked.
func carriedError() error {
	return hiring.Invalid("", "The invitation to the next interview, being booked now, says it. Look again in a minute. If Google takes long, cancel that interview on the candidate's card: the notice is a draft again then.")
}

// Word keeps the text of a draft as a person approved it for the invitation to
// the next interview. It is said once that is booked.
func (s *Service) Word(ctx context.Context, interview, notice, body, by string) error {
	body = hiring.CleanText(body)
	switch {
	case body == "":
		return hiring.Invalid("body", "Enter the text that the candidate will read in the invitation.")
	case len([]rune(body)) > hiring.MaxBody:
		return hiring.Invalid("body", "This is longer than %d characters. Shorten it.", hiring.MaxBody)
	}
	return s.changeNotice(ctx, interview, notice, by, func(c *hiring.Case, n *hiring.Notice) (Change, error) {
		switch {
		case n.State == hiring.NoticeTold:
			return Change{}, &hiring.AlreadyDone{What: "told", By: n.ToldBy, At: n.ToldAt}
		case n.State != hiring.NoticeDraft:
			return Change{}, hiring.Invalid("", "This notice was approved meanwhile and is to be sent by itself. Settle it first, then schedule.")
		case c.Decision.Corrects != nil:
			return Change{}, hiring.Invalid("", "This corrects what %s was told, so it goes out as a message of its own. Send the notice first, then schedule.", c.Candidate.FirstName())
		case c.Decision.Outcome != hiring.Advance:
			return Change{}, hiring.Invalid("", "Only a candidate who advances can be told by an invitation.")
		}
		now, err := s.ahead(ctx, c)
		if err != nil {
			return Change{}, err
		}
		n.Body, n.Worded, n.Times = body, true, now
		return Change{Notice: n, Batch: outbox.Batch{
			Touch: append(touches(c), n.ID),
			Log:   []hiring.Entry{{Actor: by, Action: "notice.worded", Subject: n.ID}},
		}}, nil
	})
}

// ToldByInvitation records that a candidate was told by the invitation to a
// later interview, which is out: by the person who booked it. It may be called
// twice.
func (s *Service) ToldByInvitation(ctx context.Context, notice, interview string) error {
	invitation, err := s.Store.Case(ctx, interview)
	if err != nil {
		return err
	}
	k, err := s.Store.CaseOfNotice(ctx, notice)
	if err != nil {
		return err
	}
	return s.Store.ChangeCase(ctx, k.Interview.ID, func(c *hiring.Case) (Change, error) {
		if c.Notice == nil || c.Notice.ID != notice || c.Notice.State != hiring.NoticeDraft {
			return Change{}, nil
		}
		return s.told(c, c.Notice, invitation.Interview.BookedBy), nil
	})
}
