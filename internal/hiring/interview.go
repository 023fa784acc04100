package hiring

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// InterviewState says where an interview stands.
type InterviewState string

// The states of an interview. That a booked one has ended is a matter of time,
// not of state.
const (
	Booking   InterviewState = "booking" // a slot was picked; Google is being asked
	Booked    InterviewState = "booked"  // the event exists
	Taken     InterviewState = "taken"   // the slot was gone when Google was asked, or Google refused
	Removed   InterviewState = "removed" // a person deleted the event in Google Calendar; a coordinator decides
	Cancelled InterviewState = "cancelled"
	NotHeld   InterviewState = "not_held" // it didn't take place
)

// An Interview is one meeting of a candidate and its panelists for a stage.
type Interview struct {
	ID           string
	CandidateID  string
	RoleKey      string
	RoleRevision string
	Stage        string
	State        InterviewState
	Start, End   time.Time
	Revision     int // goes up with every change of time or panelists
	Generation   int // goes up when the event is made anew
	EventID      string
	Etag         string
	// What Google is known to have; differs from Start and End while a move of
	// ours is under way.
	EventStart, EventEnd time.Time
	Link                 string // of the video call
	Panel                []Panelist
	Deadline             time.Time // when the notice is due
	CandidateRSVP        string    // Google's word: needsAction, accepted, tentative, declined; see BeforeMove
	CandidateComment     string    // what they wrote with it, in their words
	BookedBy             string
	BookedAt             time.Time
	Reason               string      // why it was cancelled, taken or not held
	Cause                Cause       // the same of one that wasn't held, to be counted; empty for the others
	CancelCause          CancelCause // why it was cancelled, to be counted
	Problem              string      // what a coordinator should know, e.g. Google's refusal; in words
	Carries              string      // id of the notice that its invitation says; empty: none

	// Anyway is what a person confirmed with the change at hand. It is written
	// and never read back with the interview: Store.Override returns it.
	Anyway *Override
}

// A Cause says why an interview didn't take place.
type Cause string

// The causes. What they leave open is in Interview.Reason.
const (
	CauseNoShow   Cause = "no_show"  // the candidate didn't come
	CauseWithdrew Cause = "withdrew" // the candidate withdrew
	CauseMoved    Cause = "moved"    // it is held at another time
	CauseOther    Cause = "other"
)

// Causes in the order in which they are offered.
var Causes = []Cause{CauseNoShow, CauseWithdrew, CauseMoved, CauseOther}

// A Panelist is a person's part in one interview.
type Panelist struct {
	Person string // Slack user id
	Part   Part
	RSVP   string // as Interview.CandidateRSVP, or TakenOff; empty: Google hasn't shown them as a guest yet
	Wrote  string // with that answer, in their words

	Excused Excuse // why their scorecard isn't owed; zero: it is as Part says
}

// An Excuse is why a panelist's scorecard isn't owed. They stay on the panel, so
// that the record says who was asked and what they answered.
type Excuse struct {
	Kind    ExcuseKind
	Reason  string    // in their words
	StandIn string    // Slack user id of who was handed the scorecard; empty for an absent panelist
	At      time.Time // when it was said
}

// ExcuseKind says which excuse it is.
type ExcuseKind string

// The excuses.
const (
	Absent     ExcuseKind = "absent"      // they weren't there
	HandedOver ExcuseKind = "handed_over" // somebody else held the interview, and owes the scorecard
)

// MaxExcuse limits the words of an excuse, and those of why an interview wasn't
// held, in runes.
const MaxExcuse = 300

// Owes reports whether the panelist's scorecard is required.
func (p Panelist) Owes() bool { return p.Part == Required && p.Excused.Kind == "" }

// TakenOff stands in place of a panelist's answer when a person took them off
// the event in Google Calendar.
const TakenOff = "takenOff"

// BeforeMove returns what stands in place of a guest's answer once the interview
// was moved: it was about the earlier time. Google may go on showing it, and what
// it shows unchanged is no new answer.
func BeforeMove(answer string) string {
	if answer == "declined" || answer == "tentative" {
		return answer + " before the move"
	}
	return answer
}

// Live reports whether the interview is going to happen or has happened.
func (iv *Interview) Live() bool { return iv.State == Booking || iv.State == Booked }

// Ended reports whether a booked interview is over.
func (iv *Interview) Ended(now time.Time) bool {
	return iv.State == Booked && !now.Before(iv.End)
}

// Part returns the person's part in the interview; "" if none.
func (iv *Interview) Part(person string) Part {
	i := slices.IndexFunc(iv.Panel, func(p Panelist) bool { return p.Person == person })
	if i < 0 {
		return ""
	}
	return iv.Panel[i].Part
}

// Owes reports whether the person's scorecard is required.
func (iv *Interview) Owes(person string) bool {
	return slices.ContainsFunc(iv.Panel, func(p Panelist) bool { return p.Person == person && p.Owes() })
}

// Excused reports whether the person is on the panel and has said why they owe
// no scorecard.
func (iv *Interview) Excused(person string) bool {
	return slices.ContainsFunc(iv.Panel, func(p Panelist) bool { return p.Person == person && p.Excused.Kind != "" })
}

// An Interval is a stretch of time, the end excluded.
type Interval struct{ Start, End time.Time }

// Overlaps reports whether the two share an instant.
func (i Interval) Overlaps(o Interval) bool { return i.Start.Before(o.End) && o.Start.Before(i.End) }

// Within returns the part of the stretch that lies in another, which it overlaps.
func (i Interval) Within(o Interval) Interval {
	if i.Start.Before(o.Start) {
		i.Start = o.Start
	}
	if i.End.After(o.End) {
		i.End = o.End
	}
	return i
}

// A Calendar is what free/busy says of one person. A calendar that can't be
// read is unknown, never free.
type Calendar struct {
	Busy       []Interval // sorted, merged
	Unreadable string     // why, in words; empty when it was read
}

// An Event is an interview's event in Google Calendar.
type Event struct {
	ID          string
	Etag        string
	Cancelled   bool
	Key         string // our private key: the interview's id; empty when the event isn't ours
	Summary     string
	Description string
	Location    string
	Zone        string // shown zone of start and end
	Start, End  time.Time
	Guests      []Guest
	Invited     []string // GuestMarks of those whom we invited; who isn't among them was added by a person
	ShowGuests  bool
	Meet        bool   // ask for a Meet link
	Link        string // the link, once there is one
	LinkPending bool   // Google is still making it
	Tentative   bool   // not agreed on yet; its time is busy all the same
}

// A Guest is an attendee of an event.
type Guest struct {
	Email    string
	Name     string
	Optional bool
	RSVP     string
	Comment  string
}

// An EventChange is a change to an event; nil fields stay as they are.
type EventChange struct {
	Start, End *time.Time
	Zone       string
	Guests     []Guest  // the wanted guests; nil keeps them. Answers of those who stay are kept
	Invited    []string // goes with Guests: as Event.Invited
	Summary    *string
	// Quiet, where set, says that only colleagues come or go, who hear of it
	// otherwise: where that is so and nothing else changes, nobody is mailed.
	Quiet bool
	// Confirm, where set, makes a tentative event a confirmed one with this key,
	// text, place and link; its time and guests are those above.
	Confirm *Event
}

// GuestMark stands for a guest's address where the address itself would take
// too much room: Google keeps 1,024 characters in a private property of an event.
// https://developers.google.com/workspace/calendar/api/guides/extended-properties
func GuestMark(email string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(email))))
	return hex.EncodeToString(sum[:8])
}
