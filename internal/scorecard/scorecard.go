// Package scorecard gets independent evidence from every panelist: it sends the
// kit, asks when the interview is over, keeps drafts, takes the scorecard in,
// and reminds of missing ones.
//
// It must not know Slack or SQLite: it declares what it needs of them.
package scorecard

import (
	"context"
	"fmt"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Store is what the feature needs of the database.
type Store interface {
	Case(ctx context.Context, interview string) (*hiring.Case, error)
	// CasesOf returns the candidate's cases, in whatever state.
	CasesOf(ctx context.Context, candidate string) ([]*hiring.Case, error)
	Role(ctx context.Context, key string) (*hiring.Role, error)
	RoleRevision(ctx context.Context, key, revision string) (*hiring.Role, error)
	// ChangeScorecard changes a panelist's scorecard, making an empty one where
	// there is none, in one transaction with what change returns. A raised
	// Version keeps the answers as that version for ever.
	ChangeScorecard(ctx context.Context, interview, person string, change func(*hiring.Case, *hiring.Scorecard) (outbox.Batch, error)) error
	// ChangeDraft does the same with what is typed, from which nothing follows.
	ChangeDraft(ctx context.Context, interview, person string, change func(*hiring.Interview, *hiring.Scorecard) error) error
	// ChangeInterviewCase changes a case's interview in one transaction with what
	// change returns.
	ChangeInterviewCase(ctx context.Context, interview string, change func(*hiring.Case) (outbox.Batch, error)) error
	// Message returns a message by its key, or ErrNotFound.
	Message(ctx context.Context, key string) (*outbox.Message, error)
	// Reveal records that a coordinator opened the interview's scorecards.
	Reveal(ctx context.Context, interview, by string, at time.Time, b outbox.Batch) error
	// Owed returns the interviews that are over and for which the person owes a
	// scorecard, oldest first.
	Owed(ctx context.Context, person string, now time.Time) ([]*hiring.Case, error)
	// ScorecardVersions returns the submitted versions of a panelist's scorecard,
	// first to last.
	ScorecardVersions(ctx context.Context, interview, person string) ([]*hiring.Scorecard, error)
	// CasesFor returns the interviews that the person is a panelist of, or once
	// submitted a scorecard for, newest first.
	CasesFor(ctx context.Context, person string, limit int) ([]*hiring.Case, error)
	// Due returns due work of the kinds, oldest first.
	Due(ctx context.Context, kinds []string, now time.Time, limit int) ([]hiring.Due, error)
	// SettleDue removes the due row, unless it was moved meanwhile, together
	// with what follows from it.
	SettleDue(ctx context.Context, d hiring.Due, b outbox.Batch) error
	// EndNags removes the due row of a person's nag, unless it was moved meanwhile,
	// or they owe a scorecard by now.
	EndNags(ctx context.Context, d hiring.Due, now time.Time) error
	// FirstNag returns when the person was first sent a nag since a time; zero:
	// they weren't.
	FirstNag(ctx context.Context, person string, since time.Time) (time.Time, error)
	// Snooze returns the person's newest snooze, past ones too; zero: none.
	Snooze(ctx context.Context, person string) (hiring.Snooze, error)
	// SetSnooze replaces the person's snooze; the zero one takes it away.
	SetSnooze(ctx context.Context, person string, s hiring.Snooze, b outbox.Batch) error
	// OweFirst commits a message with a batch, unless one with its key is owed or
	// was posted already: then it returns what that is about, and since when.
	OweFirst(ctx context.Context, m outbox.Message, b outbox.Batch) (about string, at time.Time, err error)
}

// People knows the members of the workspace.
type People interface {
	Person(ctx context.Context, id string) (hiring.Person, error)
}

// Service is the feature.
type Service struct {
	Store     Store
	People    People
	Calendar  Calendar
	Workspace func(ctx context.Context) ([]string, error) // the workspace's own coordinators
	Holidays  func(hiring.Holidays) func(day time.Time) bool
	Now       func() time.Time
}

// A Form is what a scorecard's modal is made from: the rubric that is pinned to
// the interview, and what was filled in so far.
type Form struct {
	Case *hiring.Case
	Role *hiring.Role // of the interview's revision
	Card *hiring.Scorecard

	Earlier []*hiring.Scorecard // submitted versions before Card, where it can only be read; newest first
}

// Competencies and gates of the form.
func (f *Form) Competencies() []hiring.Competency { return f.Role.Rated(f.stage()) }

// Gates returns the gates that the form asks.
func (f *Form) Gates() []hiring.Gate { return f.Role.Asked(f.stage()) }

func (f *Form) stage() hiring.Stage {
	s, _ := f.Role.Stage(f.Case.Interview.Stage)
	return s
}

// Open returns the person's form for an interview. Once submitted it stays
// theirs to read, whatever becomes of the interview and its panel.
func (s *Service) Open(ctx context.Context, interview, person string) (*Form, error) {
	c, err := s.Store.Case(ctx, interview)
	if err != nil {
		return nil, err
	}
	card := c.Card(person)
	switch {
	case c.Interview.Part(person) == "" && (card == nil || card.Version == 0):
		return nil, hiring.Refuse("You are not a panelist of this interview, so it has no scorecard of yours.")
	case c.Candidate.Erased():
		return nil, hiring.Invalid("", "This candidate's data was erased, and the scorecards with it.")
	}
	if card != nil && Closed(c, card) {
		return s.version(ctx, c, person, card.Version)
	}
	role, err := s.Store.RoleRevision(ctx, c.Interview.RoleKey, c.Interview.RoleRevision)
	if err != nil {
		return nil, err
	}
	if card == nil {
		card = &hiring.Scorecard{InterviewID: interview, Panelist: person, RoleRevision: role.Revision}
	}
	return &Form{Case: c, Role: role, Card: card}, nil
}

// SaveDraft keeps what was typed. Older typing (by Slack's action time) never
// overwrites newer, and typing that arrives after the submit is dropped. A zero
// time stands for a submit, which Slack gives no time: it holds all that was typed.
// Notes stay: the modal doesn't hold them.
func (s *Service) SaveDraft(ctx context.Context, interview, person string, answers hiring.Answers, typed time.Time) error {
	return s.Store.ChangeDraft(ctx, interview, person, func(iv *hiring.Interview, card *hiring.Scorecard) error {
		if iv.Part(person) == "" {
			return hiring.Refuse("You are no longer a panelist of this interview.")
		}
		if card.Submitted() || !typed.IsZero() && typed.Before(card.TypedAt) {
			return nil
		}
		card.Answers, card.SavedAt = answers.WithNotes(card.Answers), s.Now()
		if !typed.IsZero() {
			card.TypedAt = typed
		}
		return nil
	})
}

// Problems are several UserErrors at once, one per field.
type Problems struct{ List []*hiring.UserError }

func (p *Problems) Error() string { return p.List[0].Text }

// Submit takes the scorecard in. A second submit is answered with AlreadyDone.
func (s *Service) Submit(ctx context.Context, interview, person string, answers hiring.Answers) error {
	form, err := s.Open(ctx, interview, person)
	if err != nil {
		return err
	}
	switch now := s.Now(); {
	case form.Case.Interview.State != hiring.Booked:
		return hiring.Invalid("", "This interview is %s, so there is nothing to score. What you typed is kept as a draft.", words(form.Case.Interview.State))
	case now.Before(form.Case.Interview.Start):
		return hiring.Invalid("", "This interview hasn't begun yet. What you typed is kept as a draft; submit it afterwards.")
	case form.Case.Interview.Excused(person):
		return excusedSubmit(form.Case.Interview.Excuse(person))
	}
	answers = answers.WithNotes(form.Card.Answers)
	if problems := answers.Check(form.Competencies(), form.Gates()); len(problems) > 0 {
		return &Problems{problems}
	}
	return s.Store.ChangeScorecard(ctx, interview, person, func(c *hiring.Case, card *hiring.Scorecard) (outbox.Batch, error) {
		if card.Submitted() {
			return outbox.Batch{}, &hiring.AlreadyDone{What: "submitted", By: person, At: card.SubmittedAt}
		}
		if c.Interview.Part(person) == "" {
			return outbox.Batch{}, hiring.Refuse("You are no longer a panelist of this interview.")
		}
		if c.Interview.State != hiring.Booked { // since it was looked at above
			return outbox.Batch{}, hiring.Invalid("", "This interview is %s, so there is nothing to score. What you typed is kept as a draft.", words(c.Interview.State))
		}
		if c.Interview.Excused(person) {
			return outbox.Batch{}, excusedSubmit(c.Interview.Excuse(person))
		}
		card.Answers, card.SavedAt, card.SubmittedAt = answers.WithNotes(card.Answers), s.Now(), s.Now()
		card.Version++
		return outbox.Batch{
			Due:   []hiring.Due{hiring.DebriefDue(c.Interview.ID, s.Now())},
			Touch: []string{c.Interview.ID, c.Candidate.ID, c.Role.Key, person},
			Log:   []hiring.Entry{{Actor: person, Action: "scorecard.submitted", Subject: c.Interview.ID, Detail: fmt.Sprint(card.Version)}},
		}, nil
	})
}

// MaxReopenReason limits the reason for reopening a scorecard, in runes.
const MaxReopenReason = 300

// Reopen makes a submitted scorecard a draft again, until the decision. Its
// versions are kept. asked is Slack's time of the click that asked for it: what
// was typed before is what was submitted, and may still arrive.
func (s *Service) Reopen(ctx context.Context, interview, person, reason string, asked time.Time) error {
	reason = hiring.CleanText(reason)
	switch {
	case reason == "":
		return hiring.Invalid("reason", "Say why, in a few words: the reason is kept with the scorecard.")
	case len([]rune(reason)) > MaxReopenReason:
		return hiring.Invalid("reason", "This is longer than %d characters. Shorten it.", MaxReopenReason)
	}
	return s.Store.ChangeScorecard(ctx, interview, person, func(c *hiring.Case, card *hiring.Scorecard) (outbox.Batch, error) {
		if err := MayReopen(c, card); err != nil {
			return outbox.Batch{}, err
		}
		card.AfterReveal = card.AfterReveal || couldReadOthers(c, person)
		card.SubmittedAt, card.Reason = time.Time{}, reason
		card.Answers = withoutNotes(card.Answers, card.Answers.Unsaid...)
		if asked.After(card.TypedAt) {
			card.TypedAt = asked
		}
		return outbox.Batch{
			Touch: []string{c.Interview.ID, c.Candidate.ID, c.Role.Key, person},
			Due:   []hiring.Due{s.nagDue(person, s.Now().Add(c.Role.NagAfter.V))},
			Log:   []hiring.Entry{{Actor: person, Action: "scorecard.reopened", Subject: c.Interview.ID, Detail: fmt.Sprint(card.Version)}},
		}, nil
	})
}

// Reveal lets a coordinator who owes no scorecard open the ones that are in.
func (s *Service) Reveal(ctx context.Context, interview, by string) error {
	c, err := s.Store.Case(ctx, interview)
	if err != nil {
		return err
	}
	if !hiring.MayReveal(by, c.Role, c.Panelboard()) {
		return hiring.Refuse("Only a coordinator who owes no scorecard of this interview can open the others before all are in.")
	}
	if c.Revealed != "" {
		return &hiring.AlreadyDone{What: "opened", By: c.Revealed}
	}
	return s.Store.Reveal(ctx, interview, by, s.Now(), outbox.Batch{
		Touch: []string{c.Interview.ID, c.Candidate.ID, c.Role.Key},
		Log:   []hiring.Entry{{Actor: by, Action: "scorecards.revealed", Subject: interview}},
	})
}

// Mine returns the person's newest interviews, newest first.
func (s *Service) Mine(ctx context.Context, person string) ([]*hiring.Case, error) {
	return s.Store.CasesFor(ctx, person, 30)
}

// MyScorecards returns as many of the person's interviews as anybody will look
// through, newest first, those included that they only have a submitted
// scorecard of.
func (s *Service) MyScorecards(ctx context.Context, person string) ([]*hiring.Case, error) {
	return s.Store.CasesFor(ctx, person, 400)
}

// Owed returns the interviews for which the person owes a scorecard now.
func (s *Service) Owed(ctx context.Context, person string) ([]*hiring.Case, error) {
	return s.Store.Owed(ctx, person, s.Now())
}

func words(st hiring.InterviewState) string {
	switch st {
	case hiring.Removed:
		return "no longer in the calendar"
	case hiring.NotHeld:
		return "marked as not held"
	default:
		return string(st)
	}
}
