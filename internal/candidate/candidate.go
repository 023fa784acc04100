// Package candidate adds, finds, shows and edits candidates, records the checks
// done for them, and takes them out of the process when they withdraw.
//
// It must not know Slack or SQLite: it declares what it needs of them.
package candidate

import (
	"context"
	"errors"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Store is what the feature needs of the database.
type Store interface {
	Role(ctx context.Context, key string) (*hiring.Role, error)
	Roles(ctx context.Context) ([]*hiring.Role, error)
	// AddCandidate returns a *Duplicate when the role already has somebody with
	// that e-mail address.
	AddCandidate(ctx context.Context, c *hiring.Candidate, b outbox.Batch) error
	Candidate(ctx context.Context, id string) (*hiring.Candidate, error)
	// FindCandidates returns candidates of the roles whose name or e-mail
	// contains the words, active ones first, newest first.
	FindCandidates(ctx context.Context, roles []string, words string, limit int) ([]*hiring.Candidate, error)
	CasesOf(ctx context.Context, candidate string) ([]*hiring.Case, error)
	Checks(ctx context.Context, candidate string) ([]*hiring.Check, error)
	// TimeHolds and Offerings return what waits for an interview, and what did,
	// newest first.
	TimeHolds(ctx context.Context, candidate string) ([]*hiring.TimeHold, error)
	Offerings(ctx context.Context, candidate string) ([]*hiring.Offering, error)
	// ChangeCandidate changes a candidate and the state and revision of their
	// interviews in one transaction with what change returns. An error of change
	// leaves everything as it was. It returns a *Duplicate when the role has
	// somebody else with that e-mail address.
	ChangeCandidate(ctx context.Context, id string, change func(*hiring.Candidate, []*hiring.Case) (outbox.Batch, error)) error
	// ChangeChecks changes a candidate's checks in one transaction: change gets
	// those that stand, and returns the check to record, or the stage whose check
	// is taken back.
	ChangeChecks(ctx context.Context, candidate string, change func(*hiring.Candidate, []*hiring.Check) (done *hiring.Check, undone string, b outbox.Batch, err error)) error
	// History returns the newest lines of the audit trail about the candidate and
	// all that belongs to them.
	History(ctx context.Context, candidate string, limit int) ([]HistoryLine, error)
}

// A Duplicate says that the candidate exists.
type Duplicate struct{ ID, Name string }

func (d *Duplicate) Error() string { return "candidate exists" }

// Service is the feature.
type Service struct {
	Store Store
	Now   func() time.Time
	NewID func(prefix string) string
	// Cancel marks an interview cancelled, for a reason, and returns what follows
	// from that outside the candidate.
	Cancel func(iv *hiring.Interview, by, reason string) outbox.Batch
}

// OpenRoles returns the roles for which the person may add candidates.
func (s *Service) OpenRoles(ctx context.Context, person string) ([]*hiring.Role, error) {
	roles, err := s.Store.Roles(ctx)
	if err != nil {
		return nil, err
	}
	var out []*hiring.Role
	for _, r := range roles {
		if r.IsCoordinator(person) && r.Open() {
			out = append(out, r)
		}
	}
	return out, nil
}

// Add records a candidate. On a UserError or Problems nothing was recorded.
func (s *Service) Add(ctx context.Context, c hiring.Candidate, by string) (*hiring.Candidate, error) {
	role, err := s.Store.Role(ctx, c.RoleKey)
	if errors.Is(err, hiring.ErrNotFound) {
		return nil, hiring.Invalid("role", "There is no role “%s”. /hiring lists the roles.", hiring.Clip(hiring.CleanLine(c.RoleKey), 60))
	}
	if err != nil {
		return nil, err
	}
	if !role.IsCoordinator(by) {
		return nil, hiring.Refuse("Only a coordinator of %s can add candidates.", role.Title)
	}
	if missing := role.Missing(); len(missing) > 0 {
		return nil, hiring.Invalid("role", "%s isn't set up yet. Missing: %s. Use /hiring setup.", role.Title, strings.Join(missing, ", "))
	}
	if role.FileGone {
		return nil, hiring.Invalid("role", "The file of %s is gone from ROLES_DIR, so nobody can be added. Who is in the process goes on.", role.Title)
	}
	first, _ := role.FirstInterview()
	c.ID, c.Stage, c.State, c.AddedBy, c.AddedAt = s.NewID("cand"), first.ID, hiring.Active, by, s.Now()
	normalize(&c)
	if problems := c.Check(); len(problems) > 0 {
		return nil, &Problems{problems}
	}
	err = s.Store.AddCandidate(ctx, &c, outbox.Batch{
		Touch: []string{role.Key},
		Log:   []hiring.Entry{{Actor: by, Action: "candidate.added", Subject: c.ID, Detail: role.Key}},
	})
	var dup *Duplicate
	if errors.As(err, &dup) {
		return nil, hiring.Invalid("email", "%s is already a candidate for %s with this address. Use /candidate %s to see the card.", dup.Name, role.Title, dup.Name)
	}
	if err != nil {
		return nil, err
	}
	return &c, nil
}

func normalize(c *hiring.Candidate) {
	c.Name = hiring.CleanLine(c.Name)
	c.Email = hiring.CleanLine(c.Email)
	c.Phone = hiring.CleanLine(c.Phone)
	c.Arrangements = hiring.CleanText(c.Arrangements)
	for i := range c.Links {
		c.Links[i].Name, c.Links[i].URL = hiring.CleanLine(c.Links[i].Name), hiring.CleanLine(c.Links[i].URL)
	}
	for id, a := range c.Answers {
		c.Answers[id] = hiring.CleanText(a)
	}
	if c.EarliestHour == 0 && c.LatestHour == 0 {
		c.EarliestHour, c.LatestHour = 8*time.Hour, 18*time.Hour
	}
}

// Problems are several UserErrors at once, one per field.
type Problems struct{ List []*hiring.UserError }

func (p *Problems) Error() string { return p.List[0].Text }

// A Card is all there is about a candidate, as far as the viewer may see it.
type Card struct {
	Role      *hiring.Role
	Candidate *hiring.Candidate
	Cases     []*hiring.Case  // newest first
	Checks    []*hiring.Check // as they stand; for panelists without outcome and note

	Holds     []*hiring.TimeHold // newest first; for coordinators
	Offerings []*hiring.Offering // newest first; for coordinators
}

// Stage returns the stage that the candidate is at.
func (c *Card) Stage() hiring.Stage {
	s, _ := c.Role.Stage(c.Candidate.Stage)
	return s
}

// Show returns the candidate's card for the viewer: coordinators and deciders
// of the role, and panelists of one of the candidate's interviews.
func (s *Service) Show(ctx context.Context, id, viewer string) (*Card, error) {
	c, err := s.Store.Candidate(ctx, id)
	if err != nil {
		return nil, err
	}
	if c.Erased() {
		return nil, hiring.ErrNotFound
	}
	role, err := s.Store.Role(ctx, c.RoleKey)
	if err != nil {
		return nil, err
	}
	cases, err := s.Store.CasesOf(ctx, id)
	if err != nil {
		return nil, err
	}
	panelist := false
	for _, k := range cases {
		panelist = panelist || k.Interview.Live() && k.Interview.Part(viewer) != ""
	}
	if !role.IsCoordinator(viewer) && !role.IsDecider(viewer) && !panelist {
		return nil, hiring.Refuse("You are not on the team of this role, so I can't show its candidates.")
	}
	shown := *c
	if !role.IsCoordinator(viewer) && !panelist {
		shown.Arrangements = ""
	}
	card := &Card{Role: role, Candidate: &shown, Cases: cases}
	done, err := s.Store.Checks(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, ch := range done {
		if !mayCheck(role, viewer) { // what somebody else found must not lead a panelist
			bare := *ch
			bare.Outcome, bare.Note = "", ""
			ch = &bare
		}
		card.Checks = append(card.Checks, ch)
	}
	if role.IsCoordinator(viewer) {
		if card.Holds, err = s.Store.TimeHolds(ctx, id); err != nil {
			return nil, err
		}
		if card.Offerings, err = s.Store.Offerings(ctx, id); err != nil {
			return nil, err
		}
	}
	return card, nil
}

// Find returns the candidates whom the person may see and whose name or e-mail
// contains the words.
func (s *Service) Find(ctx context.Context, words, viewer string, limit int) ([]*hiring.Candidate, error) {
	roles, err := s.Store.Roles(ctx)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, r := range roles {
		if r.IsCoordinator(viewer) || r.IsDecider(viewer) {
			keys = append(keys, r.Key)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return s.Store.FindCandidates(ctx, keys, hiring.CleanLine(words), limit)
}
