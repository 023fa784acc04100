package hiring

import "time"

// An Outcome is what a decision says.
type Outcome string

// The outcomes.
const (
	Advance Outcome = "advance"
	Hold    Outcome = "hold"
	Decline Outcome = "decline"
)

// Outcomes returns the outcomes that there are.
func Outcomes() []Outcome { return []Outcome{Advance, Hold, Decline} }

// Word is the outcome as people read it.
func (o Outcome) Word() string {
	switch o {
	case Advance:
		return "Advance"
	case Hold:
		return "Hold"
	default:
		return "Decline"
	}
}

// A Decision is a decider's word on a candidate after a stage.
type Decision struct {
	ID          string
	CandidateID string
	InterviewID string
	RoleKey     string
	Stage       string
	Outcome     Outcome
	Reason      string
	Dissent     string    // who was of another mind, and why; in the decider's words
	HoldUntil   time.Time // for Hold: the new date that the notice names
	By          string
	At          time.Time
	Replaced    bool  // a later decision took its place
	Corrects    *Told // the decision that the candidate had been told before; nil: none
}

// Told is a decision that a candidate was told.
type Told struct {
	ID      string
	Outcome Outcome
	At      time.Time // when they were told
	Mailed  string    // id of the notice, where the bot e-mailed it; empty: it didn't
}

// MaxReason limits a decision's reason, in runes.
const MaxReason = 2000

// MaxDissent limits the words about who was of another mind, in runes.
const MaxDissent = 300

// NoticeState says how far the telling of a candidate is.
type NoticeState string

// The states of a notice. Told is the end of it; Unsure is for a person: the
// mail server's answer was lost.
const (
	NoticeDraft    NoticeState = "draft"
	NoticeApproved NoticeState = "approved" // the text stands; a person (ask) or SMTP (send) is to send it
	NoticeUnsure   NoticeState = "unsure"
	NoticeFailed   NoticeState = "failed" // certainly not sent; a person decides
	NoticeTold     NoticeState = "told"
	NoticeDropped  NoticeState = "dropped" // its decision was changed before it went out
)

// A Notice is the message that tells a candidate a decision.
type Notice struct {
	ID          string
	DecisionID  string
	CandidateID string
	RoleKey     string
	State       NoticeState
	Subject     string
	Body        string
	Attempt     int // of mailing; a person may ask for another
	ApprovedBy  string
	ApprovedAt  time.Time
	ToldBy      string // empty: the bot, by mail
	ToldAt      time.Time
	Problem     string
	Carrier     string // id of the interview, being booked, whose invitation says it; empty: none
	// Worded says that a person wrote or approved the text: the bot doesn't change
	// it any more. Times are those that were booked then.
	Worded bool
	Times  []Meeting
}

// A Meeting is a booked interview that comes after a decision, with its time.
type Meeting struct {
	Interview string    `json:"interview"` // id
	Stage     string    `json:"stage"`     // id
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"`
}

// Is reports whether both are the same interview at the same time.
func (m Meeting) Is(o Meeting) bool {
	return m.Interview == o.Interview && m.Start.Equal(o.Start) && m.End.Equal(o.End)
}

// Limits of a notice, in runes.
const (
	MaxSubject = 150
	MaxBody    = 3000
)

// A Promise counts whether a candidate was told in time.
type Promise struct {
	InterviewID string
	Deadline    time.Time
	ToldAt      time.Time // zero: not yet
}

// Kept reports whether the candidate was told by the deadline.
func (p Promise) Kept() bool { return !p.ToldAt.IsZero() && !p.ToldAt.After(p.Deadline) }

// Missed reports whether the deadline passed before the candidate was told. A
// promise that is neither kept nor missed is open.
func (p Promise) Missed(now time.Time) bool {
	return !p.Kept() && (!p.ToldAt.IsZero() || now.After(p.Deadline))
}
