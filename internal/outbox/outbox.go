// Package outbox carries out everything the program does to the outside world.
//
// Each obligation is a row with a unique key, written in the same transaction
// as the change that owes it, and carried out by the dispatcher. Two rules
// hold everywhere:
//
//   - A change of state and its effects commit together (Batch).
//   - Every effect has a way to learn whether it happened (Handler.Look), so
//     that after a crash or a lost answer it is looked up, not guessed. What
//     can't be looked up (e-mail) goes to a person.
//
// The keys, which name intents and so are equal whenever the intent is:
//
//	calendar:insert:<interview>:<generation>  make the event
//	calendar:move:<interview>:<revision>      bring the event to the interview's time and guests
//	calendar:delete:<interview>:<generation>  remove the event
//	calendar:erase:<interview>:<generation>   remove the event of an erased candidate
//	debrief:insert:<interview>:<generation>   make the event of a debrief
//	debrief:delete:<interview>:<generation>   remove it
//	calendar:hold:<hold>                      make the tentative event that holds a time
//	calendar:release:<hold>                   remove it
//	times:<offering>:<attempt>                e-mail times to choose from, at most once
//	file:delete:<file>[:<n>]                  remove a file that the bot sent
//	scrub:<candidate>                         leave no copy of an erased candidate's data in the database's files
//	mail:<notice>:<attempt>                   e-mail a notice, at most once
//	message:<message key>                     post a Slack message; its key is one of:
//	  panelist:<interview>:<generation>:<person>    DM "booked", which becomes the kit
//	  kit:<interview>:<generation>:<person>         DM with the kit, at the lead time
//	  score:<interview>:<person>[:<n>]              DM "score now", which becomes thanks; anew when it was moved, or handed over again, since
//	  excused:<interview>:<person>:<when>:<to>      DM to a coordinator: who wasn't there, or handed their scorecard over
//	  owed-again:<interview>:<person>:<when>        DM: a coordinator changed that back
//	  not-held:<interview>:<by>:<when>              DM to a coordinator: it didn't take place
//	  nag:<person>:<date>                           DM with every missing scorecard, once a day in their zone; on the last working day before a deadline it is the heads-up, too
//	  again:<person>:<until>                        the same once more, at the time they put it off to (unix seconds)
//	  nudge:<person>:<date>                         DM: somebody asks for a scorecard; once a day in their zone, whoever asks
//	  escalation:<interview>:<panelist>:<n>:<to>    DM to who comes next
//	  deadline:<interview>:<deadline>:<step>:<to>   DM before and after a deadline
//	  channel-booked:<interview>:<generation>       role channel
//	  channel-moved:<interview>:<revision>          role channel
//	  channel-cancelled:<interview>:<generation>    role channel
//	  google:<interview>:<what>:<revision>          DM to a coordinator: what a person did in Google
//	  unseated:<interview>:<revision>:<person>      DM: you are no longer on the panel
//	  seated:<interview>:<revision>:<person>        DM: you are on the panel again
//	  left:<interview>:<person>                     DM to a coordinator: a panelist's account is deactivated
//	  debrief:<interview>                           DM to a coordinator: a debrief is offered; says how it stands
//	  debrief-news:<interview>:<what>:<revision>    DM to a coordinator: what became of it without a click of theirs
//	  debrief-points:<interview>:<n>                role channel: what the scorecards contest
//	  repair:<interview>:<n>                        DM to a coordinator: what keeps it from being held as it is, and the ways out
//	  time-hold:<hold>                              DM to who holds a time; says how it stands
//	  time-hold-news:<hold>:<what>:<revision>       DM to a coordinator: what became of it without a click of theirs
//	  times:<offering>                              DM to who approved times to choose from: to send, and to click the one that came back
//	  times-late:<offering>                         DM to a coordinator: no answer yet, and the soonest is near
//	  taken:<interview>                             DM to who picked a slot that was gone
//	  preview:<role>:<date>                         role channel, Monday morning
//	  summary:<role>:<date>:<part>                  role channel, Monday afternoon
//	  notice:<notice>:<person>                      DM to who sends it, or who decides on its trouble
//	  unerased:<effect>:<to>                        DM: what of an erased candidate can't be removed
//	  undelivered:<interview>:<person>:<to>         DM: somebody can't be reached; of a channel's message its key
//	  channel-trouble:<role>|<trouble>:<date>:<to>  DM: why a post to the channel waits
package outbox

import (
	"errors"
	"fmt"
	"time"

	"convene/internal/hiring"
)

// State is where an effect stands.
type State string

// The states of an effect. A row in Sending when the program starts becomes
// Unknown, never Pending.
const (
	Pending State = "pending"
	Sending State = "sending"
	Unknown State = "unknown"
	Done    State = "done"
	Dropped State = "dropped" // no longer wanted when its turn came
	Failed  State = "failed"  // refused for good; Problem says why
	Person  State = "person"  // outcome can't be known; a person decides
)

// An Effect is one obligation to the outside world.
type Effect struct {
	Key     string
	Kind    string // one of the kinds below
	About   string // id of what it is about
	Lane    string // effects of one lane are carried out in order
	State   State
	Attempt int
	Started time.Time // wall clock of the newest attempt
	RetryAt time.Time // wall clock before which it isn't tried
	Looks   int       // times an unknown one was looked up and not found
	Result  string
	Problem string
}

// The kinds of effects.
const (
	CalendarInsert = "calendar:insert"
	CalendarMove   = "calendar:move"
	CalendarDelete = "calendar:delete"
	CalendarErase  = "calendar:erase"
	DebriefInsert  = "debrief:insert"
	DebriefDelete  = "debrief:delete"

	CalendarHold    = "calendar:hold"
	CalendarRelease = "calendar:release"
	MailTimes       = "times"

	DeleteFile = "file:delete"
	Scrub      = "scrub"
	Mail       = "mail"
	Post       = "message"
)

// CalendarKey returns the key of a calendar effect; n is the generation, or the
// revision for a move.
func CalendarKey(kind, interview string, n int) string {
	return fmt.Sprintf("%s:%s:%d", kind, interview, n)
}

// CalendarEffect returns a calendar effect in the interview's lane.
func CalendarEffect(kind, interview string, n int) Effect {
	return Effect{Key: CalendarKey(kind, interview, n), Kind: kind, About: interview, Lane: CalendarLane(interview)}
}

// CalendarLane returns the lane of an interview's changes in Google Calendar.
func CalendarLane(interview string) string { return "interview:" + interview }

// MailEffect returns the effect that e-mails a notice.
func MailEffect(notice string, attempt int) Effect {
	return Effect{Key: fmt.Sprintf("mail:%s:%d", notice, attempt), Kind: Mail, About: notice, Lane: "notice:" + notice}
}

// HoldEffect returns an effect on the event of a time hold, in the hold's lane.
func HoldEffect(kind, hold string) Effect {
	return Effect{Key: kind + ":" + hold, Kind: kind, About: hold, Lane: "time-hold:" + hold}
}

// MailTimesEffect returns the effect that e-mails times to choose from.
func MailTimesEffect(offering string, attempt int) Effect {
	return Effect{Key: fmt.Sprintf("%s:%s:%d", MailTimes, offering, attempt), Kind: MailTimes, About: offering, Lane: "times:" + offering}
}

// DeleteFileEffect returns the effect that removes a file from Slack.
func DeleteFileEffect(file string) Effect {
	return Effect{Key: DeleteFile + ":" + file, Kind: DeleteFile, About: file, Lane: "file:" + file}
}

// ScrubEffect returns the effect that tidies the database's files after a
// candidate was erased.
func ScrubEffect(candidate string) Effect {
	return Effect{Key: Scrub + ":" + candidate, Kind: Scrub, About: candidate, Lane: Scrub + ":" + candidate}
}

// NotErased returns the DM that tells somebody of an effect by which something
// of an erased candidate was to be removed, and wasn't.
func NotErased(e Effect, to string) Message {
	return Message{Key: "unerased:" + e.Key + ":" + to, Kind: "unerased", About: e.Key, Person: to}
}

// A Message is a Slack message that is owed and then kept current: its text is
// rendered from the database when it is posted and whenever something that it
// shows has changed.
type Message struct {
	Key   string
	Kind  string // which renderer; the first part of the key
	About string // id of what it is about
	// One of the two:
	Person string // Slack user id, for a DM
	Role   string // role key, for the role's channel
	// Lane, where set, is the lane in which it waits to be posted, when that must
	// happen before something else. It is read when the message becomes owed.
	Lane string

	// After it was posted:
	Channel string
	TS      string
	Posted  time.Time
	Gone    bool // deleted, or can't be edited any more

	Want int    // the version that is wanted; goes up when something it shows is touched
	Hash string // of what it shows, to leave alone what would look the same
	Said []Said // what it says of candidates, kept for their records; not read back
}

// Said is what a message says of a candidate, in words.
type Said struct {
	Candidate string // id
	Interview string // id
	Text      string
}

// Effect returns the effect that posts the message.
func (m Message) Effect() Effect {
	lane := "dm:" + m.Person
	if m.Role != "" {
		lane = "channel:" + m.Role
	}
	if m.Lane != "" {
		lane = m.Lane
	}
	return Effect{Key: "message:" + m.Key, Kind: Post, About: m.Key, Lane: lane}
}

// A StaleMessage is one to be rendered anew, or deleted.
type StaleMessage struct {
	Message
	Delete bool
}

// A Batch is what commits together with a change of state.
type Batch struct {
	Effects  []Effect
	Messages []Message // with their effects; a key that exists is left as it is, unless it was dropped before it was posted
	Delete   []string  // keys of posted messages to remove from Slack (not yet posted ones are dropped)
	Drop     []string  // keys of effects that are no longer wanted, if still pending
	Due      []hiring.Due
	NotDue   []string // keys of due work that is no longer wanted
	Touch    []string // ids whose messages and Home views must be rendered anew
	Log      []hiring.Entry
	Moves    []hiring.Move // of interviews; one that is Undone takes an earlier one back
}

// Add appends everything in o.
func (b *Batch) Add(o Batch) {
	b.Effects = append(b.Effects, o.Effects...)
	b.Messages = append(b.Messages, o.Messages...)
	b.Delete = append(b.Delete, o.Delete...)
	b.Drop = append(b.Drop, o.Drop...)
	b.Due = append(b.Due, o.Due...)
	b.NotDue = append(b.NotDue, o.NotDue...)
	b.Touch = append(b.Touch, o.Touch...)
	b.Log = append(b.Log, o.Log...)
	b.Moves = append(b.Moves, o.Moves...)
}

// Class says what is known of an attempt that did not plainly succeed.
type Class int

// The classes of outcomes.
const (
	ClassUnknown Class = iota // it may have happened; look before repeating
	ClassLater                // it certainly did not happen; try again
	ClassNever                // it certainly did not and will not happen
)

// An Error is an attempt's outcome with its class.
type Error struct {
	Class Class
	After time.Duration // for ClassLater: how long to wait at least; 0: the usual back-off
	Slow  bool          // for ClassUnknown: the far end may still be working on it (a timeout)
	Err   error
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// Later says that it did not happen and may be tried again after d.
func Later(err error, d time.Duration) error { return &Error{Class: ClassLater, After: d, Err: err} }

// Never says that it did not happen and won't; err is for people.
func Never(err error) error { return &Error{Class: ClassNever, Err: err} }

// Lost says that nobody knows whether it happened.
func Lost(err error) error { return &Error{Class: ClassUnknown, Err: err} }

// TimedOut says the same of an attempt that the far end may still be busy with.
func TimedOut(err error) error { return &Error{Class: ClassUnknown, Slow: true, Err: err} }

// ErrCannotLook is returned by Handler.Look when the outcome can't be looked
// up: the effect goes to a person.
var ErrCannotLook = errors.New("outcome cannot be looked up")

// Classify returns the class of err; an error without one is unknown.
func Classify(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Class: ClassUnknown, Err: err}
}
