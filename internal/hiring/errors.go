package hiring

import (
	"errors"
	"fmt"
	"time"
)

// Errors that callers tell apart.
var (
	ErrNotFound   = errors.New("not found")
	ErrConflict   = errors.New("changed meanwhile")
	ErrNotAllowed = errors.New("not allowed")
	// ErrResync says that a calendar's changes can't be told any more: read it all.
	ErrResync = errors.New("sync token is no longer valid")
)

// A UserError is a sentence for the person who asked: what was wrong and what
// to do. Field names the input it belongs to; empty means the whole request.
type UserError struct {
	Field string
	Text  string
	Err   error // what callers may test for, e.g. ErrNotAllowed; may be nil
}

func (e *UserError) Error() string { return e.Text }
func (e *UserError) Unwrap() error { return e.Err }

// Invalid returns a UserError about one field.
func Invalid(field, format string, args ...any) *UserError {
	return &UserError{Field: field, Text: fmt.Sprintf(format, args...)}
}

// Refuse returns a UserError for something that this person may not do.
func Refuse(format string, args ...any) *UserError {
	return &UserError{Text: fmt.Sprintf(format, args...), Err: ErrNotAllowed}
}

// AlreadyDone answers a second click: somebody did this before. It is not a
// failure; the person is told who it was and when.
type AlreadyDone struct {
	What string    // e.g. "decided: advance"
	By   string    // Slack user id; empty when it was the bot
	At   time.Time // zero when unknown
}

func (e *AlreadyDone) Error() string { return "already " + e.What }
