package hiring

import (
	"slices"
	"time"
)

// A TimeHold keeps a time free for an interview that isn't agreed on yet: one
// tentative event in the panelists' calendars, which says nothing of the
// candidate. Confirmed, its event becomes the interview's. It is no decision:
// the outcome that is called Hold has nothing to do with it.
type TimeHold struct {
	ID          string
	CandidateID string
	RoleKey     string
	Stage       string
	State       TimeHoldState
	Start, End  time.Time
	Panel       []Panelist
	Revision    int // goes up when a person moves the event
	EventID     string
	Etag        string
	By          string // Slack user id of who set it
	At          time.Time
	Until       time.Time // it expires by itself then, or at Start, whichever is first
	Confirmed   []string  // ids of stages before this one whose lack By has confirmed
	Carries     string    // id of the notice that the interview's invitation is to say; empty: none
	InterviewID string    // what it became
	EndedBy     string    // Slack user id; empty: nobody in Slack
	EndedAt     time.Time
	Reason      string // why its event couldn't be made; in words
}

// TimeHoldState says where a time hold stands.
type TimeHoldState string

// The states of a time hold.
const (
	TimePlacing   TimeHoldState = "placing"   // Google is being asked for its event
	TimeHeld      TimeHoldState = "held"      // the event exists
	TimeConfirmed TimeHoldState = "confirmed" // the event is the interview's now
	TimeLetGo     TimeHoldState = "let_go"    // a person ended it, or booked another time
	TimeExpired   TimeHoldState = "expired"
	TimeRemoved   TimeHoldState = "removed" // a person deleted the event in Google Calendar
	TimeTaken     TimeHoldState = "taken"   // somebody wasn't free any more, or Google refused
)

// Live reports whether the time is held, or about to be.
func (h *TimeHold) Live() bool { return h.State == TimePlacing || h.State == TimeHeld }

// Expires returns when the hold ends by itself.
func (h *TimeHold) Expires() time.Time {
	if h.Start.Before(h.Until) {
		return h.Start
	}
	return h.Until
}

// An Offering is a choice of times that a candidate is sent as text, in one
// e-mail. They answer by mail, and a coordinator clicks the one that came back.
type Offering struct {
	ID          string
	CandidateID string
	RoleKey     string
	Stage       string
	State       OfferingState
	Times       []OfferedTime // first to last, as they are numbered in the text, from 1
	Subject     string
	Body        string
	Attempt     int    // to e-mail it; 0: a person sends it
	By          string // Slack user id of who approved the text
	At          time.Time
	SentBy      string // Slack user id; empty: the bot, by e-mail
	SentAt      time.Time
	Confirmed   []string // as TimeHold.Confirmed
	Carries     string   // as TimeHold.Carries
	RemindAt    time.Time
	RemindedAt  time.Time
	Answer      int // the number that came back; 0: none yet, or none of them
	AnsweredBy  string
	AnsweredAt  time.Time
	InterviewID string // what was booked by it
	Problem     string // of its e-mail, in words
}

// An OfferedTime is one of an offering's times, with who would hold the
// interview then.
type OfferedTime struct {
	Start, End time.Time
	Panel      []Panelist
}

// OfferingState says where an offering stands.
type OfferingState string

// The states of an offering.
const (
	OfferingApproved OfferingState = "approved" // a person, or the outbox, is to send it
	OfferingSent     OfferingState = "sent"     // the candidate's answer is waited for
	OfferingFailed   OfferingState = "failed"   // its e-mail certainly was not sent
	OfferingUnsure   OfferingState = "unsure"   // nobody knows whether its e-mail was sent
	OfferingChosen   OfferingState = "chosen"
	OfferingNone     OfferingState = "none" // none of the times suited
	OfferingOver     OfferingState = "over" // another time was booked or offered, or the candidate left
)

// Waits reports whether an answer to the offering is still waited for.
func (o *Offering) Waits() bool {
	return slices.Contains([]OfferingState{OfferingApproved, OfferingSent, OfferingFailed, OfferingUnsure}, o.State)
}

// Mailing reports whether the outbox is to e-mail the offering, or is at it.
func (o *Offering) Mailing() bool { return o.State == OfferingApproved && o.Attempt > 0 }

// The least and the most times that are offered.
const (
	MinOffered = 3
	MaxOffered = 5
)
