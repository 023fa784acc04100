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
	"time.held":           "Held a time for an interview",
	"time.confirmed":      "Confirmed the time that was held",
	"time.let_go":         "Let the held time go",
	"time.expired":        "The held time expired",
	"time.moved":          "The event that holds a time was moved",
	"time.removed":        "The event that held a time was deleted",
	"time.taken":          "Could not hold the time",
	"time.stuck":          "Could not remove the event that held a time",
	"times.offered":       "Approved times for the candidate to choose from",
	"times.sent":          "Sent the candidate times to choose from",
	"times.again":         "Had the times e-mailed again",
	"times.chosen":        "Recorded which of the times the candidate chose",
	"times.none":          "Recorded that none of the times suited",
	"times.over":          "Ended the waiting for an answer to the times",
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

// offered lists the times that the candidate was sent to choose from.
func (w *recordWriter) offered() []RecordOffered {
	out := []RecordOffered{}
	someone := func(id string) *Someone {
		if id == "" {
			return nil
		}
		who := w.who(id)
		return &who
	}
	for _, o := range w.Offerings {
		r := RecordOffered{
			ID: o.ID, Stage: o.Stage, StageName: w.stage(o.Stage), State: string(o.State), Subject: o.Subject, Body: o.Body,
			OfferedBy: w.who(o.By), OfferedAt: w.at(o.At), SentBy: someone(o.SentBy), SentAt: w.at(o.SentAt),
			Answer: o.Answer, AnsweredBy: someone(o.AnsweredBy), AnsweredAt: w.at(o.AnsweredAt), Interview: o.InterviewID, Problem: o.Problem,
		}
		for _, t := range o.Times {
			r.Times = append(r.Times, RecordTimes{w.at(t.Start), w.at(t.End)})
		}
		out = append(out, r)
	}
	return out
}
