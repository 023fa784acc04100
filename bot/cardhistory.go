package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/candidate"
	"convene/internal/hiring"
)

func (b *Bot) openHistory(ctx context.Context, c *click) error {
	card, lines, err := b.Candidates.History(ctx, c.Value, c.Person.ID)
	if err != nil {
		return err
	}
	return b.show(ctx, c, historyView(card, lines, c.Person))
}

// historyView says who did what when, newest first. Of the audit trail's ids
// and codes only their meaning in words is shown.
func historyView(card *candidate.Card, lines []candidate.HistoryLine, p hiring.Person) slack.ModalViewRequest {
	zone := p.TimeZone(card.Role.TimeZone())
	var items []*rich
	for _, l := range lines {
		items = append(items, historyLine(l, card, zone))
	}
	blocks := []slack.Block{header(card.Candidate.Name), note("Newest first. Ratings are not part of it.")}
	if len(items) == 0 {
		items = append(items, say("Nothing has happened yet."))
	}
	return modal("", "History", "", "Close", append(blocks, list(items...))...)
}

func historyLine(l candidate.HistoryLine, card *candidate.Card, zone *time.Location) *rich {
	r := say("").b(clockTime(l.At, zone)).t(" · ")
	if stage, ok := card.Role.Stage(l.Stage); ok {
		r.t(stage.Name + ": ")
	}
	words := historyWords(l) + historyReason(l, card)
	if l.Dissent != "" {
		words += ". Of another mind: “" + l.Dissent + "”"
	}
	switch l.Actor {
	case "convene":
		return r.t(capital(words))
	case "google":
		return r.t("Somebody, in Google Calendar, " + words)
	default:
		return r.user(l.Actor).t(" " + words)
	}
}

// historyWords says what an entry of the audit trail means.
func historyWords(l candidate.HistoryLine) string {
	bot := l.Actor == "convene"
	switch l.Action {
	case "candidate.added":
		return "added the candidate"
	case "candidate.edited":
		return "edited the candidate"
	case "candidate.withdrawn":
		return "recorded that the candidate withdrew"
	case "candidate.back":
		return "took the candidate back"
	case "candidate.exported":
		return "exported the candidate's record"
	case "candidate.told":
		if bot {
			return "the candidate was told by e-mail"
		}
		return "marked the candidate as told"
	case "check.done":
		return "did the check (" + candidate.OutcomeWords(hiring.CheckOutcome(l.Detail)) + ")"
	case "check.undone":
		return "took the check back"
	case "interview.booking":
		return "picked a time for the interview"
	case "interview.booked":
		return "booked in Google Calendar"
	case "interview.taken":
		return "could not be booked: the time was gone"
	case "interview.moved":
		return "moved the interview"
	case "interview.kept":
		return "could not be moved; it stayed where it was"
	case "interview.removed":
		return "deleted the interview's event"
	case "interview.cancelled":
		return "cancelled the interview"
	case "interview.restored":
		return "booked the interview again"
	case "interview.panel":
		return "changed the panel"
	case "interview.invited":
		return "invited a panelist again"
	case "interview.confirmed":
		return "booked all the same, with something before it open"
	case "interview.once":
		return "booked it with something otherwise this once"
	case "interview.anyway":
		return "booked it anyway, though the rules speak against the time"
	case "interview.carries":
		return "let the invitation say the notice"
	case "interview.not_held":
		return "recorded that the interview didn't take place"
	case "interview.held":
		return "took that back: the interview took place"
	case "debrief.offered":
		return "offered a debrief"
	case "debrief.booking":
		return "picked a time for a debrief"
	case "debrief.booked":
		return "booked the debrief in Google Calendar"
	case "debrief.taken":
		return "could not book the debrief"
	case "debrief.posted":
		return "put the contested points into the role's channel"
	case "debrief.unposted":
		return "took the contested points back"
	case "debrief.moved":
		return "moved the debrief"
	case "debrief.removed":
		return "deleted the debrief's event"
	case "debrief.cancelled":
		return "cancelled the debrief"
	case "scorecard.absent":
		return "said that they weren't there"
	case "scorecard.handed":
		return "handed their scorecard over"
	case "scorecard.back":
		return "changed that back: the scorecard is asked for"
	case "scorecard.submitted":
		if l.Detail != "1" && l.Detail != "" {
			return "submitted a scorecard anew"
		}
		return "submitted a scorecard"
	case "scorecard.reopened":
		return "reopened a scorecard"
	case "scorecard.nudged":
		return "nudged a panelist for their scorecard"
	case "scorecards.revealed":
		return "opened the scorecards early"
	case "notice.approved":
		return "approved the notice to the candidate"
	case "notice.worded":
		return "changed the notice's text"
	case "time.held":
		return "held a time for the interview"
	case "time.confirmed":
		return "confirmed the time that was held"
	case "time.let_go":
		return "let the held time go"
	case "time.expired":
		return "the held time expired"
	case "time.moved":
		return "moved the event that holds a time"
	case "time.removed":
		return "deleted the event that held a time"
	case "time.taken":
		return "could not hold the time"
	case "time.stuck":
		return "could not remove the event that held a time"
	case "times.offered":
		return "approved times for the candidate to choose from"
	case "times.sent":
		if bot {
			return "e-mailed the candidate times to choose from"
		}
		return "sent the candidate times to choose from"
	case "times.again":
		return "had the times e-mailed again"
	case "times.chosen":
		return "recorded that the candidate chose number " + l.Detail
	case "times.none":
		return "recorded that none of the times suited"
	case "times.over":
		return "ended the waiting for an answer to the times"
	case "notice.again":
		return "had the notice e-mailed again"
	}
	switch l.Action {
	case "decision.corrects":
		return "decided anew, to correct what the candidate was told"
	case "decision.restored":
		return "took the correction back: what the candidate was told stands"
	}
	if outcome, ok := strings.CutPrefix(l.Action, "decision."); ok {
		return "decided: " + outcome
	}
	return "recorded: " + strings.NewReplacer(".", " ", "_", " ").Replace(l.Action)
}

// historyReason adds why an interview wasn't held, or why somebody owes no
// scorecard: in their words while it stands, else as the code that is kept.
func historyReason(l candidate.HistoryLine, card *candidate.Card) string {
	var iv hiring.Interview
	if i := slices.IndexFunc(card.Cases, func(k *hiring.Case) bool { return k.Interview.ID == l.Subject }); i >= 0 {
		iv = *card.Cases[i].Interview
	}
	e := iv.Excuse(l.Actor)
	switch {
	case l.Action == "interview.not_held" && iv.State == hiring.NotHeld && string(iv.Cause) == l.Detail:
		return ": " + whyNotHeld(&iv)
	case l.Action == "interview.not_held":
		return ": " + hiring.Cause(l.Detail).String()
	case l.Action == "scorecard.absent" && e.Kind == hiring.Absent, l.Action == "scorecard.handed" && e.Kind == hiring.HandedOver:
		return ": “" + e.Reason + "”"
	}
	return ""
}
