package hiring

import (
	"fmt"
	"time"
)

// A Due is a piece of work that falls due at a time. It is a row, not a timer:
// what fell due while the bot was down is found at its start. The keys:
//
//	kit:<interview>            send the kit anew, at the role's lead time
//	ask:<interview>            ask for scorecards, at the interview's end
//	nag:<person>               remind of every missing scorecard
//	debrief:<interview>        look whether a debrief is to be offered, once a scorecard is in, or isn't needed any more
//	preview:<role>:<date>      Monday's first message
//	summary:<role>:<date>      Monday's summary
//	warn:<role>:<deadline>     30 minutes before a deadline (unix seconds)
//	late:<role>:<deadline>     a deadline passed
//	repair:<interview>         look at what keeps a booked interview from being held as it is
//	repair:<interview>:moved:<revision>  the same after a person moved its event in Google Calendar
type Due struct {
	Key   string
	Kind  string    // the part before the first colon
	About string    // the interview's id, the person's, or the role's key
	At    time.Time // for preview and summary also the time that is meant; lateness is told from it
}

// The kinds of due work.
const (
	DueKit     = "kit"
	DueAsk     = "ask"
	DueNag     = "nag"
	DueDebrief = "debrief"
	DuePreview = "preview"
	DueSummary = "summary"
	DueWarn    = "warn"
	DueLate    = "late"
	DueRepair  = "repair"
)

// WarnBefore is how long before a deadline whoever holds it up hears of it.
const WarnBefore = 30 * time.Minute

// InterviewDue returns the work that a booked interview brings.
func InterviewDue(stage Stage, iv *Interview, now time.Time) []Due {
	due := []Due{{Key: "ask:" + iv.ID, Kind: DueAsk, About: iv.ID, At: iv.End}}
	if kit := iv.Start.Add(-stage.KitLead.V); kit.After(now) {
		due = append(due, Due{Key: "kit:" + iv.ID, Kind: DueKit, About: iv.ID, At: kit})
	}
	return append(due, DeadlineDue(iv.RoleKey, iv.Deadline)...)
}

// InterviewNotDue returns the keys of the work that ends with an interview.
func InterviewNotDue(id string) []string { return []string{"ask:" + id, "kit:" + id} }

// LookAt returns the work to look at a booked interview: somebody's answer, its
// panel or its time has changed.
func LookAt(interview string, at time.Time) Due {
	return Due{Key: "repair:" + interview, Kind: DueRepair, About: interview, At: at}
}

// LookAtMove is LookAt after a person moved the event.
func LookAtMove(interview string, revision int, at time.Time) Due {
	return Due{Key: fmt.Sprintf("repair:%s:moved:%d", interview, revision), Kind: DueRepair, About: interview, At: at}
}

// DeadlineDue returns the work around a deadline. Several interviews share it;
// work that turns out to have nothing to do does nothing.
func DeadlineDue(role string, deadline time.Time) []Due {
	id := fmt.Sprintf("%s:%d", role, deadline.Unix())
	return []Due{
		{Key: "warn:" + id, Kind: DueWarn, About: role, At: deadline.Add(-WarnBefore)},
		{Key: "late:" + id, Kind: DueLate, About: role, At: deadline},
	}
}

// An Entry is a line of the audit trail: ids only, never a candidate's data.
type Entry struct {
	Actor   string // Slack user id, "convene", "google", or "operator": with the program, on the server
	Action  string // e.g. "interview.booked"
	Subject string // id
	Detail  string // ids and codes
}
