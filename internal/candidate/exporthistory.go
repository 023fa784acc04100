package candidate

import (
	"strings"

	"convene/internal/hiring"
)

// event puts a line of the audit trail into words.
func (w *recordWriter) event(h HistoryLine) RecordEvent {
	return RecordEvent{At: *w.at(h.At), By: w.actor(h.Actor), Words: w.words(h.Entry), Action: h.Action, About: h.Subject}
}

func (w *recordWriter) actor(id string) string {
	switch id {
	case "convene":
		return "Convene"
	case "google":
		return "Google Calendar"
	case Operator:
		return "the program on the server"
	}
	return w.name(id)
}

// historyWords says what an action of the audit trail means. One that isn't
// here is told by its name.
var historyWords = map[string]string{
	"candidate.added":     "Added the candidate",
	"candidate.edited":    "Changed the candidate's data",
	"candidate.withdrawn": "Recorded that the candidate withdrew",
	"candidate.back":      "Took the withdrawal back",
	"candidate.told":      "Told the candidate the decision",
	"candidate.exported":  "Exported the record",
	"candidate.erased":    "Erased the candidate's data",
	"check.done":          "Did a check",
	"check.undone":        "Took a check back",
	"interview.booking":   "Picked a time for an interview",
	"interview.booked":    "Booked the interview",
	"interview.taken":     "Could not book: the time was gone",
	"interview.moved":     "Moved the interview",
	"interview.kept":      "Left the interview at its time: it could not be moved",
	"interview.cancelled": "Cancelled the interview",
	"interview.removed":   "The interview's event was deleted",
	"interview.restored":  "Booked the interview again",
	"interview.not_held":  "Recorded that the interview didn't take place",
	"interview.held":      "Took that back: the interview took place",
	"debrief.offered":     "Offered a debrief",
	"debrief.booking":     "Picked a time for a debrief",
	"debrief.booked":      "Booked the debrief",
	"debrief.taken":       "Could not book the debrief",
	"debrief.posted":      "Put the contested points into the role's channel",
	"debrief.unposted":    "Took the contested points back",
	"debrief.moved":       "Moved the debrief",
	"debrief.removed":     "The debrief's event was deleted",
	"debrief.cancelled":   "Cancelled the debrief",
	"scorecard.nudged":    "Nudged a panelist for their scorecard",
	"scorecard.absent":    "Said that they weren't there",
	"scorecard.handed":    "Handed their scorecard over",
	"scorecard.back":      "Changed that back: the scorecard is asked for",
	"interview.panel":     "Changed the panel",
	"interview.invited":   "Invited a panelist again",
	"interview.confirmed": "Booked all the same, with something before it open",
	"interview.carries":   "Let the invitation say the notice",
	"scorecard.submitted": "Submitted a scorecard",
	"scorecard.reopened":  "Reopened a scorecard",
	"scorecards.revealed": "Opened the scorecards before all were in",
	"decision.advance":    "Decided: advance",
	"decision.hold":       "Decided: hold",
	"decision.decline":    "Decided: decline",
	"decision.corrects":   "Decided anew, to correct what the candidate was told",
	"decision.restored":   "Took the correction back: what the candidate was told stands",
	"notice.approved":     "Approved the notice",
	"notice.again":        "Had the notice e-mailed again",
	"notice.worded":       "Changed the notice's text",
}

func (w *recordWriter) words(e hiring.Entry) string {
	text, ok := historyWords[e.Action]
	if !ok {
		text = strings.NewReplacer(".", ": ", "_", " ").Replace(e.Action)
	}
	for _, iv := range w.Interviews {
		if iv.ID == e.Subject {
			return text + " (" + w.stage(iv.Stage) + ")"
		}
	}
	return text
}
