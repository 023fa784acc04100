// Package schedule finds times for interviews, books them as Google Calendar
// events, moves and cancels them, and follows what people do to those events in
// Google.
//
// It must not know Slack, SQLite or Google's client: it declares what it needs
// of them.
package schedule

import (
	"context"
	"errors"
	"sync"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Store is what scheduling needs of the database.
type Store interface {
	Role(ctx context.Context, key string) (*hiring.Role, error)
	RoleRevision(ctx context.Context, key, revision string) (*hiring.Role, error)
	Candidate(ctx context.Context, id string) (*hiring.Candidate, error)
	Interview(ctx context.Context, id string) (*hiring.Interview, error)
	// InterviewByEvent finds the interview whose Google event has that id.
	InterviewByEvent(ctx context.Context, eventID string) (*hiring.Interview, error)
	// LiveInterviews returns the candidate's booking and booked interviews.
	LiveInterviews(ctx context.Context, candidate string) ([]*hiring.Interview, error)
	// CasesOf returns the candidate's cases; Checks the checks that stand.
	CasesOf(ctx context.Context, candidate string) ([]*hiring.Case, error)
	Checks(ctx context.Context, candidate string) ([]*hiring.Check, error)
	Notice(ctx context.Context, id string) (*hiring.Notice, error)
	// Bookings returns the live interviews of each person between two times,
	// except the one with the given id.
	Bookings(ctx context.Context, people []string, from, to time.Time, except string) (map[string][]hiring.Interval, error)
	SaveSearch(ctx context.Context, s *Search) error
	Search(ctx context.Context, id string) (*Search, error)
	// BookSearch marks the search used and inserts the interview. It returns
	// ErrConflict when the search was used before, a *Clash when a panelist or
	// the candidate got another interview at that time meanwhile, and
	// ErrNotCarried when the notice that it carries can't be said that way.
	BookSearch(ctx context.Context, search string, iv *hiring.Interview, b outbox.Batch) error
	// Override returns what a person confirmed when the interview was booked or
	// moved; nil: nothing.
	Override(ctx context.Context, interview string) (*hiring.Override, error)
	// ChangeInterview changes an interview in one transaction with what change
	// returns. An error of change leaves everything as it was.
	ChangeInterview(ctx context.Context, id string, change func(*hiring.Interview) (outbox.Batch, error)) error
	// ChangeInterviewCase does the same with the interview's case at hand.
	ChangeInterviewCase(ctx context.Context, id string, change func(*hiring.Case) (outbox.Batch, error)) error
	// Coming returns the booked interviews that end after a time.
	Coming(ctx context.Context, after time.Time) ([]*hiring.Interview, error)
	// Vacant returns the booked interviews that end after a time and have a
	// panelist whose Slack account is deactivated.
	Vacant(ctx context.Context, after time.Time) ([]*hiring.Interview, error)
	// Declined returns the booked interviews that start after a time and whose
	// candidate was told that they are declined.
	Declined(ctx context.Context, after time.Time) ([]*hiring.Interview, error)
	// LastChange returns the newest entry of the audit trail about an interview,
	// and its time, or ErrNotFound.
	LastChange(ctx context.Context, interview string) (hiring.Entry, time.Time, error)
	// Message returns a message by its key, or ErrNotFound.
	Message(ctx context.Context, key string) (*outbox.Message, error)
	// Owe commits messages by themselves.
	Owe(ctx context.Context, b outbox.Batch) error
	// Debrief returns an interview's debrief; DebriefByEvent that with a Google
	// event. ErrNotFound: there is none.
	Debrief(ctx context.Context, interview string) (*hiring.Debrief, error)
	DebriefByEvent(ctx context.Context, eventID string) (*hiring.Debrief, error)
	// ComingDebriefs returns the booked debriefs that end after a time.
	ComingDebriefs(ctx context.Context, after time.Time) ([]*hiring.Debrief, error)
	// DebriefTimes returns the live debriefs of each person between two times,
	// except that of the interview with the given id.
	DebriefTimes(ctx context.Context, people []string, from, to time.Time, except string) (map[string][]hiring.Interval, error)
	// ChangeDebrief changes an interview's debrief, an empty one where there is
	// none, in one transaction with what change returns.
	ChangeDebrief(ctx context.Context, interview string, change func(*hiring.Case, *hiring.Debrief) (outbox.Batch, error)) error
	// SettleDue removes the due row, unless it was moved meanwhile, together with
	// what follows from it.
	SettleDue(ctx context.Context, d hiring.Due, b outbox.Batch) error
	RepairStore
	SyncToken(ctx context.Context) (string, error)
	SetSyncToken(ctx context.Context, token string) error

	HoldStore
	OfferingStore
}

// A Clash says that somebody was given another interview at that time.
type Clash struct{ Person string } // Slack user id; empty: the candidate

func (c *Clash) Error() string { return "booked meanwhile" }

// ErrNotCarried says that the notice which an invitation was to say isn't the
// draft of a standing decision to advance any more.
var ErrNotCarried = errors.New("the notice isn't a draft of a standing decision any more")

// Calendar is what scheduling needs of Google Calendar. Errors are classed for
// the outbox; besides: ErrConflict when an event changed since its etag,
// ErrNotFound when it isn't there, ErrResync when the sync token is too old.
type Calendar interface {
	Busy(ctx context.Context, emails []string, from, to time.Time) (map[string]hiring.Calendar, error)
	Insert(ctx context.Context, ev hiring.Event) (hiring.Event, error)
	Get(ctx context.Context, id string) (hiring.Event, error)
	Patch(ctx context.Context, id, etag string, change hiring.EventChange) (hiring.Event, error)
	Delete(ctx context.Context, id string) error
	// DeleteQuietly removes an event without a word to its guests.
	DeleteQuietly(ctx context.Context, id string) error
	Changes(ctx context.Context, syncToken string) (events []hiring.Event, next string, err error)
}

// People knows the members of the workspace.
type People interface {
	Person(ctx context.Context, id string) (hiring.Person, error)
}

// Service finds, books and follows interviews.
type Service struct {
	Store    Store
	Calendar Calendar
	People   People
	// Holidays returns which days are holidays; nil result: none.
	Holidays func(hiring.Holidays) func(day time.Time) bool
	Now      func() time.Time
	NewID    func(prefix string) string
	Mode     string // CANDIDATE_EMAIL: how times to choose from reach a candidate
	// Told records that the invitation to an interview is out, and has said a
	// notice. It may be called twice.
	Told func(ctx context.Context, notice, interview string) error
	// LinkTo returns the address of a message that was posted, by its key.
	LinkTo func(ctx context.Context, message string) (string, error)

	// Held while an event is changed and recorded, and while changes are read
	// and followed: an event as it was before our own change must not be taken
	// for a person's change after it.
	calendar sync.Mutex
	// Held while interviews are looked at and ways out are carried out, each once.
	repairing sync.Mutex
}
