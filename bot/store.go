package bot

import (
	"context"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
)

// Store is what the bot itself needs of the database: the messages it keeps
// current, the people it knows, and the events it has seen.
type Store interface {
	Role(ctx context.Context, key string) (*hiring.Role, error)
	Roles(ctx context.Context) ([]*hiring.Role, error)
	Candidate(ctx context.Context, id string) (*hiring.Candidate, error)
	Interview(ctx context.Context, id string) (*hiring.Interview, error)
	Case(ctx context.Context, interview string) (*hiring.Case, error)
	CaseOfNotice(ctx context.Context, notice string) (*hiring.Case, error)
	// Repairs returns what kept the interview from being held as it is, oldest first.
	Repairs(ctx context.Context, interview string) ([]*schedule.Repair, error)
	LiveInterviews(ctx context.Context, candidate string) ([]*hiring.Interview, error)
	// Debrief returns an interview's debrief, or ErrNotFound.
	Debrief(ctx context.Context, interview string) (*hiring.Debrief, error)

	// Message returns a message by its key, or ErrNotFound.
	Message(ctx context.Context, key string) (*outbox.Message, error)
	// MessageAt returns the message that stands at a place in Slack, or ErrNotFound.
	MessageAt(ctx context.Context, channel, ts string) (*outbox.Message, error)
	// Posted records that a message stands in Slack: Channel, TS, Posted, Hash,
	// that it shows version Want, and of what. It may happen twice.
	Posted(ctx context.Context, m outbox.Message, subjects []string) error
	// Placed records where a message is about to be posted, for a look-up, and
	// what it is about to say of candidates.
	Placed(ctx context.Context, m outbox.Message) error
	// Stale returns posted messages and Home views whose subjects were touched
	// since they were shown, and posted messages to be deleted, oldest first.
	Stale(ctx context.Context, limit int) ([]outbox.StaleMessage, error)
	// Shown records that the message or Home view shows version Want, and its Hash.
	Shown(ctx context.Context, m outbox.Message, subjects []string) error
	// Gone records that a message was deleted or can't be edited any more.
	Gone(ctx context.Context, key string) error
	// WantHome makes the person's Home view one to be published.
	WantHome(ctx context.Context, person string) error
	// Owe commits messages that the bot itself owes, e.g. about its troubles.
	Owe(ctx context.Context, b outbox.Batch) error
	// Troubles returns effects that failed, that a person must settle, or that
	// are being tried again, newest first.
	Troubles(ctx context.Context, limit int) ([]outbox.Effect, error)

	// FirstTime reports whether the key (an event id) is new, and remembers it.
	FirstTime(ctx context.Context, key string, at time.Time) (bool, error)
	// Seen reports whether FirstTime has remembered the key.
	Seen(ctx context.Context, key string) (bool, error)

	Members
}
