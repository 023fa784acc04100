package candidate

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"convene/internal/hiring"
)

//go:embed export.html
var exportPage string

// WriteJSON writes the record as indented JSON.
func (r *Record) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(r)
}

// WriteHTML writes the record as one page that a person can read and print. It
// has no scripts, and its only links out are the candidate's documents. What
// people wrote is escaped for where it stands.
func (r *Record) WriteHTML(w io.Writer) error {
	page, err := template.New("record").Funcs(template.FuncMap{
		"when": whenWords, "day": dayWords, "span": spanWords, "short": shortRevision, "short2": shortWhen, "inc": func(i int) int { return i + 1 },
		"row":    func(name, text string) map[string]string { return map[string]string{"Name": name, "Text": text} },
		"became": became, "isLink": isLink, "answerWords": answerWords, "noticeWords": noticeWords, "offeredWords": offeredWords, "excuseWords": excuseWords, "moveWords": moveWords, "saidWhere": saidWhere,
		"recommendation": func(s string) string { return hiring.Recommendation(s).String() },
	}).Parse(exportPage)
	if err != nil {
		return err
	}
	return page.Execute(w, r)
}

// local returns the moment in its zone.
func (m Moment) local() time.Time { return m.UTC.In(hiring.LoadZone(m.Zone)) }

// whenWords writes "Thursday, 3 December 2026, 8:30 am CST (14:30 UTC)".
func whenWords(v any) string {
	m, ok := v.(Moment)
	if p, isPointer := v.(*Moment); isPointer && p != nil {
		m, ok = *p, true
	}
	if !ok {
		return "at an unknown time"
	}
	return m.local().Format("Monday, 2 January 2006, 3:04 pm ") + zoneWords(m) + " (" + utcWords(m) + ")"
}

// shortWhen is the same for a table.
func shortWhen(m Moment) string {
	return m.local().Format("2 Jan 2006, 3:04 pm ") + zoneWords(m) + " (" + utcWords(m) + ")"
}

// utcWords names the day only where it is another one.
func utcWords(m Moment) string {
	if m.UTC.Day() != m.local().Day() {
		return m.UTC.Format("2 Jan 15:04 UTC")
	}
	return m.UTC.Format("15:04 UTC")
}

func dayWords(m *Moment) string {
	if m == nil {
		return "an unknown day"
	}
	return m.local().Format("2 January 2006")
}

func spanWords(start, end *Moment) string {
	if start == nil || end == nil {
		return "at an unknown time"
	}
	return fmt.Sprintf("%s to %s %s (%s to %s)", start.local().Format("Monday, 2 January 2006, 3:04 pm"), end.local().Format("3:04 pm"), zoneWords(*start),
		start.UTC.Format("15:04"), end.UTC.Format("15:04 UTC"))
}

// zoneWords is what people call the zone then; where it has no letters, its name.
func zoneWords(m Moment) string {
	name, _ := m.local().Zone()
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") {
		return m.Zone
	}
	return name
}

// shortRevision is enough of a revision to tell it from another.
func shortRevision(revision string) string {
	const enough = 12
	return revision[:min(enough, len(revision))]
}

// isLink reports whether an address may be followed from the page.
func isLink(url string) bool {
	return strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://")
}

// became says what became of an interview, as known when it was exported.
func became(iv RecordInterview, exported Moment) string {
	switch hiring.InterviewState(iv.State) {
	case hiring.Booking:
		return "being booked"
	case hiring.Booked:
		if iv.End != nil && iv.End.UTC.Before(exported.UTC) {
			return "booked, and over"
		}
		return "booked"
	case hiring.Taken:
		return "not booked: the time was gone"
	case hiring.Removed:
		return "its event was deleted in Google Calendar"
	case hiring.Cancelled:
		if iv.CancelCause != "" {
			return "cancelled: " + hiring.CancelCause(iv.CancelCause).String()
		}
		return "cancelled"
	case hiring.NotHeld:
		if cause := hiring.Cause(iv.Cause).String(); cause != "" {
			return "it didn't take place: " + cause
		}
		return "it didn't take place"
	default:
		return iv.State
	}
}

// moveWords says why an interview moved, and what became of that.
func moveWords(m RecordMove) string {
	text := "asked for by: " + hiring.MoveCause(m.Cause).String()
	if m.Cause == string(hiring.MoveGoogle) {
		text = "in Google Calendar"
	}
	if m.By != nil {
		text += "; by " + m.By.Name
	}
	if !m.Made {
		text += "; it could not be made"
	}
	return text
}

// excuseWords says why a panelist's scorecard wasn't owed.
func excuseWords(e RecordExcuse) string {
	if e.StandIn != nil {
		return "handed over to " + e.StandIn.Name + ": " + e.Reason
	}
	return "wasn't there: " + e.Reason
}

// saidWhere names a Monday message: "Summary for Monday, 7 December 2026".
func saidWhere(s RecordSaid) string {
	name := "Preview"
	if s.Message == "summary" {
		name = "Summary"
	}
	if day, err := time.Parse(time.DateOnly, s.Day); err == nil {
		return name + " for " + day.Format("Monday, 2 January 2006")
	}
	return name + " for " + s.Day
}

// answerWords puts Google's word for an answer to an invitation.
func answerWords(answer string) string {
	switch answer {
	case "needsAction":
		return "no answer to the invitation"
	case "tentative":
		return "said maybe"
	default:
		return answer
	}
}

func noticeWords(state string) string {
	switch hiring.NoticeState(state) {
	case hiring.NoticeDraft:
		return "a draft; nobody has approved it"
	case hiring.NoticeApproved:
		return "approved, not told yet"
	case hiring.NoticeUnsure:
		return "e-mailed; nobody knows whether it arrived"
	case hiring.NoticeFailed:
		return "the e-mail failed"
	case hiring.NoticeTold:
		return "told"
	case hiring.NoticeDropped:
		return "never told: the decision was changed before"
	default:
		return state
	}
}

// offeredWords says what became of times that were offered.
func offeredWords(o RecordOffered) string {
	switch hiring.OfferingState(o.State) {
	case hiring.OfferingApproved:
		return "approved, not sent yet"
	case hiring.OfferingSent:
		return "sent; no answer yet"
	case hiring.OfferingFailed:
		return "the e-mail failed"
	case hiring.OfferingUnsure:
		return "e-mailed; nobody knows whether it arrived"
	case hiring.OfferingChosen:
		return fmt.Sprintf("number %d was chosen", o.Answer)
	case hiring.OfferingNone:
		return "none of them suited"
	case hiring.OfferingOver:
		return "not waited for any more"
	default:
		return o.State
	}
}
