package scorecard

import (
	"context"
	"slices"

	"convene/internal/hiring"
)

// Closed reports whether the scorecard can only be read: it is in, or it was
// reopened and there is nothing left to submit it for.
func Closed(c *hiring.Case, card *hiring.Scorecard) bool {
	return card.Submitted() || card.Version > 0 && !open(c, card.Panelist)
}

// Closed reports the same of a form.
func (f *Form) Closed() bool { return Closed(f.Case, f.Card) }

// open reports whether the person can hand a scorecard in.
func open(c *hiring.Case, person string) bool {
	return c.Interview.State == hiring.Booked && c.Interview.Part(person) != ""
}

// MayReopen says why a scorecard can't be reopened, or nil.
func MayReopen(c *hiring.Case, card *hiring.Scorecard) error {
	switch {
	case !card.Submitted():
		return &hiring.AlreadyDone{What: "open"}
	case c.Decision != nil:
		return hiring.Invalid("", "A decision has been recorded, so this scorecard stays as it is.")
	case c.Interview.Part(card.Panelist) == "":
		return hiring.Invalid("", "You are no longer on this interview's panel, so your scorecard stays as it is. You can read it.")
	case c.Interview.State != hiring.Booked:
		return hiring.Invalid("", "This interview is %s, so your scorecard stays as it is. You can read it.", words(c.Interview.State))
	}
	return nil
}

// couldReadOthers reports whether the person, whose scorecard is in, can read or
// could have read somebody else's of the interview: what they change from here
// on is no longer independent.
func couldReadOthers(c *hiring.Case, person string) bool {
	return c.WasOpen() && slices.ContainsFunc(c.Cards, func(s *hiring.Scorecard) bool { return s.Panelist != person && s.Version > 0 })
}

// Version returns the n-th submitted version of the author's scorecard, for
// whoever may read the one that stands.
func (s *Service) Version(ctx context.Context, interview, author, viewer string, n int) (*Form, error) {
	c, err := s.Store.Case(ctx, interview)
	if err != nil {
		return nil, err
	}
	if c.Card(author) == nil {
		return nil, hiring.ErrNotFound
	}
	readable := slices.ContainsFunc(c.Readable(viewer), func(s *hiring.Scorecard) bool { return s.Panelist == author })
	switch {
	case viewer != author && !readable:
		return nil, hiring.Refuse("Only those who may read this scorecard now can read its earlier versions.")
	case c.Candidate.Erased():
		return nil, hiring.Invalid("", "This candidate's data was erased, and the scorecards with it.")
	}
	return s.version(ctx, c, author, n)
}

// version returns a form of the n-th version with those before it.
func (s *Service) version(ctx context.Context, c *hiring.Case, author string, n int) (*Form, error) {
	role, err := s.Store.RoleRevision(ctx, c.Interview.RoleKey, c.Interview.RoleRevision)
	if err != nil {
		return nil, err
	}
	form := &Form{Case: c, Role: role, Card: c.Card(author)}
	if form.Card.Submitted() && form.Card.Version == n {
		return form, s.AddEarlier(ctx, form)
	}
	versions, err := s.Store.ScorecardVersions(ctx, c.Interview.ID, author)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(versions, func(v *hiring.Scorecard) bool { return v.Version == n })
	if i < 0 {
		return nil, hiring.ErrNotFound
	}
	form.Card = versions[i]
	form.addEarlier(versions)
	return form, nil
}

// AddEarlier adds the versions before the one that the form shows.
func (s *Service) AddEarlier(ctx context.Context, f *Form) error {
	if f.Card.Version < 2 {
		return nil
	}
	versions, err := s.Store.ScorecardVersions(ctx, f.Case.Interview.ID, f.Card.Panelist)
	f.addEarlier(versions)
	return err
}

func (f *Form) addEarlier(versions []*hiring.Scorecard) {
	for _, v := range versions {
		if v.Version < f.Card.Version {
			f.Earlier = append([]*hiring.Scorecard{v}, f.Earlier...)
		}
	}
}
