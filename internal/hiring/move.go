package hiring

import "time"

// A Move is one change of a booked interview's time. Each is kept.
type Move struct {
	Interview string // id
	Revision  int    // of the interview, since the move
	From, To  time.Time
	By        string // Slack user id; empty: in Google Calendar, where nobody's name is known
	Cause     MoveCause
	Words     string // more about it, in the words of By
	At        time.Time
	Undone    bool // it couldn't be made, and isn't counted
}

// A MoveCause says who asked for a move.
type MoveCause string

// Who can ask for a move; empty: nobody said.
const (
	MoveCandidate MoveCause = "candidate"
	MovePanelist  MoveCause = "panelist"
	MoveCompany   MoveCause = "company" // or anybody else
	MoveGoogle    MoveCause = "google"  // a person moved the event in Google Calendar
)

// MoveCauses in the order in which they are offered. MoveGoogle is never chosen.
var MoveCauses = []MoveCause{MoveCandidate, MovePanelist, MoveCompany}

// String returns the cause in words that follow "asked for by" in a list.
func (c MoveCause) String() string {
	switch c {
	case MoveCandidate:
		return "candidate"
	case MovePanelist:
		return "panelist"
	case MoveCompany:
		return "company or other"
	case MoveGoogle:
		return "in Google Calendar"
	default:
		return "not said"
	}
}

// A CancelCause says why an interview was cancelled.
type CancelCause string

// Why interviews are cancelled; empty: nobody said.
const (
	CancelWithdrew CancelCause = "withdrew" // the candidate withdrew
	CancelPanelist CancelCause = "panelist" // a panelist is unavailable
	CancelClosed   CancelCause = "closed"   // the role is closed or paused
	CancelOther    CancelCause = "other"
	CancelGoogle   CancelCause = "google" // a person deleted the event in Google Calendar
)

// CancelCauses in the order in which they are offered. CancelGoogle is never chosen.
var CancelCauses = []CancelCause{CancelWithdrew, CancelPanelist, CancelClosed, CancelOther}

// String returns the cause in words.
func (c CancelCause) String() string {
	switch c {
	case CancelWithdrew:
		return "candidate withdrew"
	case CancelPanelist:
		return "panelist unavailable"
	case CancelClosed:
		return "role closed or paused"
	case CancelOther:
		return "other"
	case CancelGoogle:
		return "deleted in Google Calendar"
	default:
		return "not said"
	}
}

// MaxMoveWords limits the words of why an interview moves, in runes.
const MaxMoveWords = 300
