// Package decision puts the evidence in front of the people who decide while
// there is still time, records their decisions, and sees that candidates are
// told: the Monday preview and summary, decisions, notices, and the clock of
// the promise.
//
// It must not know Slack, SQLite or mail: it declares what it needs of them.
package decision

import (
	"context"
	"fmt"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Store is what the feature needs of the database.
type Store interface {
	Role(ctx context.Context, key string) (*hiring.Role, error)
	Roles(ctx context.Context) ([]*hiring.Role, error)
	Case(ctx context.Context, interview string) (*hiring.Case, error)
	CaseOfNotice(ctx context.Context, notice string) (*hiring.Case, error)
	// OpenCases returns the role's cases whose interview has ended and whose
	// candidate hasn't been told, or was or withdrew within the last two days.
	OpenCases(ctx context.Context, role string, now time.Time) ([]*hiring.Case, error)
	// CasesAhead returns the role's cases whose interview is booked and hasn't
	// ended, first to last.
	CasesAhead(ctx context.Context, role string, now time.Time) ([]*hiring.Case, error)
	// ChangeCase loads a case and commits what change returns.
	ChangeCase(ctx context.Context, interview string, change func(*hiring.Case) (Change, error)) error
	// DecisionsOf returns an interview's decisions, replaced ones too, first to last.
	DecisionsOf(ctx context.Context, interview string) ([]*hiring.Decision, error)
	// LiveInterviews returns the candidate's booking and booked interviews; held
	// ones are among them.
	LiveInterviews(ctx context.Context, candidate string) ([]*hiring.Interview, error)
	Notice(ctx context.Context, id string) (*hiring.Notice, error)
	Due(ctx context.Context, kinds []string, now time.Time, limit int) ([]hiring.Due, error)
	SettleDue(ctx context.Context, d hiring.Due, b outbox.Batch) error
	// EnsureDue adds due work whose key isn't there yet; the others stay.
	EnsureDue(ctx context.Context, due []hiring.Due) error
	// OpenDeadlines returns the deadlines after a time of the role's booked
	// interviews whose candidate hasn't been told, each once.
	OpenDeadlines(ctx context.Context, role string, after time.Time) ([]time.Time, error)
}

// A Change is what a decision or notice changes; nil parts stay as they are.
type Change struct {
	Decision  *hiring.Decision  // to insert; the one that stood is marked replaced, and a told case it corrects is open again
	Restore   *hiring.Told      // stands again in place of the one that was to correct it
	Notice    *hiring.Notice    // to insert or update
	Candidate *hiring.Candidate // to update: stage and state
	Deadline  time.Time         // of the interview; zero: unchanged
	ToldAt    time.Time         // of the interview; zero: unchanged
	Batch     outbox.Batch
}

// How notices reach candidates; the setting CANDIDATE_EMAIL.
const (
	MailAsk  = "ask"  // a person gets the text to send, and says when it is sent
	MailSend = "send" // by SMTP, after approval
	MailOff  = "off"  // no draft, only "I told them"
)

// People knows the members of the workspace.
type People interface {
	Person(ctx context.Context, id string) (hiring.Person, error)
}

// Service is the feature.
type Service struct {
	Store     Store
	People    People
	Schedules Schedules
	Workspace func(ctx context.Context) ([]string, error) // the workspace's own coordinators
	Holidays  func(hiring.Holidays) func(day time.Time) bool
	Mode      string // MailAsk, MailSend or MailOff
	Now       func() time.Time
	NewID     func(prefix string) string
}

// A Verdict is what a decider says.
type Verdict struct {
	InterviewID string
	Outcome     hiring.Outcome
	Reason      string
	HoldUntil   time.Time // for Hold
	By          string
	Replaces    string // id of the decision that the decider saw standing; empty: none
	Dissent     string // who was of another mind, and why; may be empty
	Corrects    bool   // the candidate was told what stood, and the decider knows it
}

// Decide records a decision with a draft of its notice. Who comes second hears
// who was first. Back at what the candidate was told, a correction that they
// haven't heard is taken back: then there is neither a decision nor a notice.
func (s *Service) Decide(ctx context.Context, v Verdict) (*hiring.Decision, *hiring.Notice, error) {
	now := s.Now()
	reason, dissent := hiring.CleanText(v.Reason), hiring.CleanText(v.Dissent)
	switch {
	case v.Outcome != hiring.Advance && v.Outcome != hiring.Hold && v.Outcome != hiring.Decline:
		return nil, nil, hiring.Invalid("outcome", "Choose advance, hold or decline.")
	case reason == "":
		return nil, nil, hiring.Invalid("reason", "Say why, in a sentence: the reason is kept with the decision.")
	case len([]rune(reason)) > hiring.MaxReason:
		return nil, nil, hiring.Invalid("reason", "This is longer than %d characters. Shorten it.", hiring.MaxReason)
	case len([]rune(dissent)) > hiring.MaxDissent:
		return nil, nil, hiring.Invalid("dissent", "This is longer than %d characters. Shorten it.", hiring.MaxDissent)
	case v.Outcome == hiring.Hold && v.HoldUntil.IsZero():
		return nil, nil, hiring.Invalid("until", "Say until when: the candidate is told this date.")
	case v.Outcome == hiring.Hold && !v.HoldUntil.After(now):
		return nil, nil, hiring.Invalid("until", "That day has passed. Choose a later one.")
	case v.Outcome != hiring.Hold:
		v.HoldUntil = time.Time{}
	}
	sender, err := s.People.Person(ctx, v.By)
	if err != nil {
		return nil, nil, err
	}
	var d *hiring.Decision
	var n *hiring.Notice
	err = s.Store.ChangeCase(ctx, v.InterviewID, func(c *hiring.Case) (Change, error) {
		d, n = nil, nil
		if err := s.mayDecide(ctx, c, v, now); err != nil {
			return Change{}, err
		}
		told := corrected(c)
		if told != nil && !c.Told() && told.Outcome == v.Outcome {
			return s.restore(c, told, v.By), nil
		}
		d = &hiring.Decision{
			ID: s.NewID("dec"), CandidateID: c.Candidate.ID, InterviewID: c.Interview.ID, RoleKey: c.Role.Key, Stage: c.Interview.Stage,
			Outcome: v.Outcome, Reason: reason, HoldUntil: v.HoldUntil, By: v.By, At: now,
			Dissent: dissent, Corrects: told,
		}
		n = draft(c, d, s.NewID("note"), sender.Name)
		follow(c, d)
		ch := Change{Decision: d, Notice: n, Candidate: c.Candidate, Batch: outbox.Batch{
			Touch: touches(c),
			Due:   []hiring.Due{hiring.DebriefDue(c.Interview.ID, now)}, // one that is booked may not be needed any more
			Log:   []hiring.Entry{{Actor: v.By, Action: "decision." + string(v.Outcome), Subject: c.Interview.ID, Detail: d.ID}},
		}}
		if c.Told() {
			ch.Deadline = s.anewBy(c, now)
			ch.Batch.Due = append(ch.Batch.Due, hiring.DeadlineDue(c.Role.Key, ch.Deadline)...)
			ch.Batch.Touch = append(ch.Batch.Touch, c.Notice.ID)
			ch.Batch.Log = append(ch.Batch.Log, hiring.Entry{Actor: v.By, Action: "decision.corrects", Subject: c.Interview.ID, Detail: told.ID})
		}
		return ch, nil
	})
	if err != nil {
		return nil, nil, err
	}
	return d, n, nil
}

// corrected is what the candidate was told before a decision made now; nil:
// nothing.
func corrected(c *hiring.Case) *hiring.Told {
	switch {
	case c.Decision == nil:
		return nil
	case c.Told():
		return &hiring.Told{ID: c.Decision.ID, Outcome: c.Decision.Outcome, At: c.ToldAt}
	case c.Notice != nil && c.Notice.State == hiring.NoticeTold:
		return nil // a hold: what comes now doesn't correct it
	default:
		return c.Decision.Corrects
	}
}

// restore takes a correction back that the candidate hasn't heard.
func (s *Service) restore(c *hiring.Case, told *hiring.Told, by string) Change {
	follow(c, &hiring.Decision{Outcome: told.Outcome})
	return Change{Restore: told, Candidate: c.Candidate, Batch: outbox.Batch{
		Touch: touches(c),
		Log:   []hiring.Entry{{Actor: by, Action: "decision.restored", Subject: c.Interview.ID, Detail: told.ID}},
	}}
}

func (s *Service) mayDecide(ctx context.Context, c *hiring.Case, v Verdict, now time.Time) error {
	switch standing := c.Decision; {
	case !c.Role.IsDecider(v.By):
		return hiring.Refuse("Only a decider of %s can record decisions. /hiring setup says who that is.", c.Role.Title)
	case c.Interview.Owes(v.By) && !submitted(c, v.By):
		return hiring.Refuse("Submit your own scorecard first: /scorecard opens it.")
	case c.Candidate.State == hiring.Withdrawn:
		return hiring.Invalid("", "%s has withdrawn, so there is nothing to decide.", c.Candidate.Name)
	case !c.Interview.Ended(now):
		return hiring.Invalid("", "This interview hasn't taken place yet.")
	case c.Told() && c.Decision != nil && v.Corrects && standing.ID == v.Replaces && c.Notice != nil:
		return s.mayCorrect(ctx, c, v.Outcome, now)
	case c.Told() && c.Decision != nil:
		return &hiring.AlreadyDone{What: fmt.Sprintf("decided (%s) and told", c.Decision.Outcome), By: c.Decision.By, At: c.Decision.At}
	case standing != nil && standing.ID != v.Replaces:
		return &hiring.AlreadyDone{What: fmt.Sprintf("decided: %s", standing.Outcome), By: standing.By, At: standing.At}
	case c.Notice != nil && (c.Notice.State == hiring.NoticeUnsure || beingMailed(c.Notice)):
		return hiring.Invalid("", "The notice of the earlier decision is on its way. Wait until it is settled, then decide anew.")
	case c.Notice != nil && c.Notice.Carrier != "":
		return carriedError()
	}
	return nil
}

func submitted(c *hiring.Case, person string) bool {
	card := c.Card(person)
	return card != nil && card.Submitted()
}

// follow moves the candidate to where the decision leads.
func follow(c *hiring.Case, d *hiring.Decision) {
	c.Candidate.State, c.Candidate.Stage = hiring.Active, c.Interview.Stage
	switch d.Outcome {
	case hiring.Decline:
		c.Candidate.State = hiring.Declined
	case hiring.Advance:
		if next, ok := c.Role.Next(c.Interview.Stage, c.Checks); ok {
			c.Candidate.Stage = next.ID
		} else {
			c.Candidate.State = hiring.Finished
		}
	}
}

// Awaiting returns, for every role that the person decides or coordinates, what
// awaits a decision or a notice.
func (s *Service) Awaiting(ctx context.Context, person string) ([]Summary, error) {
	roles, err := s.Store.Roles(ctx)
	if err != nil {
		return nil, err
	}
	var out []Summary
	for _, r := range roles {
		if !r.IsDecider(person) && !r.IsCoordinator(person) {
			continue
		}
		sum, err := s.Summary(ctx, r.Key, s.Now())
		if err != nil {
			return nil, err
		}
		if len(sum.Entries) > 0 {
			out = append(out, *sum)
		}
	}
	return out, nil
}

// Summary returns the role's summary for a day.
func (s *Service) Summary(ctx context.Context, role string, day time.Time) (*Summary, error) {
	return s.SummaryAt(ctx, role, day, s.Now())
}

// SummaryAt returns it with the cases that were open at a time, as they stand
// today.
func (s *Service) SummaryAt(ctx context.Context, role string, day, now time.Time) (*Summary, error) {
	r, err := s.Store.Role(ctx, role)
	if err != nil {
		return nil, err
	}
	cases, err := s.Store.OpenCases(ctx, role, now)
	if err != nil {
		return nil, err
	}
	sum := Build(r, cases, day, now)
	rhythm := Rhythm{}
	for i, e := range sum.Entries { // by deadline
		if deadline := e.Case.Interview.Deadline; i == 0 || !deadline.Equal(sum.Entries[i-1].Case.Interview.Deadline) {
			rhythm = s.rhythm(r, deadline)
		}
		sum.Entries[i].Plan = PlanOf(e.Case, rhythm, s.Now())
	}
	return &sum, nil
}

// Ahead returns the role's interviews that are booked and to come, first to last,
// each with how its promise stands.
func (s *Service) Ahead(ctx context.Context, role string) ([]Entry, error) {
	cases, err := s.Store.CasesAhead(ctx, role, s.Now())
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, c := range cases {
		if plan := s.Plan(c); plan.Light != "" {
			out = append(out, Entry{Case: c, Plan: plan})
		}
	}
	return out, nil
}

func touches(c *hiring.Case) []string {
	return []string{c.Interview.ID, c.Candidate.ID, c.Role.Key}
}
