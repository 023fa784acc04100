package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/schedule"
)

// What an interview's repair says.

// whichInterview names a case's interview with its time.
func whichInterview(k *hiring.Case, zone *time.Location) string {
	return fmt.Sprintf("%s's interview (%s), %s", k.Candidate.Name, k.Stage().Name, span(k.Interview.Start, k.Interview.End, zone))
}

// troubleWords say who and what keeps the interview from being held.
func (b *Bot) troubleWords(k *hiring.Case, r *schedule.Repair, zone *time.Location) string {
	var out []string
	what := whichInterview(k, zone)
	said := map[string]bool{}
	for _, t := range r.Trouble {
		text := oneTrouble(k, t, what, zone)
		if t.Why == schedule.WhyHours || t.Why == schedule.WhyDay { // one sentence for all of them
			text = hoursTrouble(r.Trouble, t)
		}
		if !said[text] {
			out = append(out, text)
		}
		said[text], what = true, "it"
	}
	text := strings.Join(out, " ")
	if slices.ContainsFunc(r.Trouble, func(t schedule.Trouble) bool { return t.Why == schedule.WhyOff }) {
		text += " Are they still on the panel?"
	}
	if until := k.Interview.Start.Sub(b.Now()); until > 0 && until < 2*time.Hour {
		text += " It begins in " + howLong(until) + "."
	} else if until <= 0 {
		text += " It began at " + clockTime(k.Interview.Start, zone) + "."
	}
	return text
}

// hoursTrouble says whose working hours or days a time is outside of: of all who
// have the same trouble.
func hoursTrouble(all []schedule.Trouble, like schedule.Trouble) string {
	var names []string
	for _, t := range all {
		if t.Why == like.Why && t.Day == like.Day {
			names = append(names, t.Name)
		}
	}
	if like.Why == schedule.WhyDay {
		return "It is on a " + like.Day + ", which isn't a working day of " + inSeries(names) + "."
	}
	return "It is outside the working hours of " + inSeries(names) + "."
}

func oneTrouble(k *hiring.Case, t schedule.Trouble, what string, zone *time.Location) string {
	name := t.Name
	if t.Part == hiring.Optional || t.Part == hiring.Shadow {
		name += " (" + string(t.Part) + ")"
	}
	busy := clockTime(t.Busy.Start, zone)
	if t.Busy.Start.In(zone).YearDay() == t.Busy.End.In(zone).YearDay() {
		busy = span(t.Busy.Start, t.Busy.End, zone)
	}
	switch t.Why {
	case schedule.WhyDeclined:
		return name + " has declined " + what + "."
	case schedule.WhyTentative:
		return name + " isn't sure to come to " + what + ": the answer is “maybe”."
	case schedule.WhyOff:
		return name + " was taken off the event of " + what + ", in Google Calendar."
	case schedule.WhyLeft:
		return name + "'s Slack account is deactivated, and they are on the panel of " + what + "."
	case schedule.WhyBusy, schedule.WhyInterview:
		if !t.Busy.Overlaps(hiring.Interval{Start: k.Interview.Start, End: k.Interview.End}) {
			return name + " has something else then or right beside it (" + busy + ")."
		}
		if t.Why == schedule.WhyInterview {
			return name + " is in another interview then (" + busy + ")."
		}
		return name + " is busy then (" + busy + ")."
	case schedule.WhyCandidate:
		c := k.Candidate
		return fmt.Sprintf("It is outside %s's hours (%s–%s, %s).", c.FirstName(), hiring.ClockWords(c.EarliestHour), hiring.ClockWords(c.LatestHour), c.TimeZone())
	default:
		return "That day is a holiday."
	}
}

// repairWords describe a way out.
func repairWords(w schedule.WayOut, zone *time.Location) string {
	switch w.Kind {
	case schedule.WayStandIn:
		var in []string
		for _, s := range w.Swaps {
			in = append(in, s.InName+" in "+s.OutName+"'s place")
		}
		return "Same time, with " + strings.Join(in, " and ")
	case schedule.WayWithout:
		return "Same time, without " + swappedOut(w)
	case schedule.WayLater:
		return "Later that day: " + span(w.Start, w.End, zone)
	default:
		return span(w.Start, w.End, zone)
	}
}

// repairLabel is the same for a button.
func repairLabel(w schedule.WayOut, zone *time.Location) string {
	switch w.Kind {
	case schedule.WayStandIn:
		var in []string
		for _, s := range w.Swaps {
			in = append(in, s.InName)
		}
		return "Same time with " + strings.Join(in, " and ")
	case schedule.WayWithout:
		return "Take off " + swappedOut(w)
	default:
		return "Move to " + clockTime(w.Start, zone)
	}
}

func swappedOut(w schedule.WayOut) string {
	var out []string
	for _, s := range w.Swaps {
		out = append(out, s.OutName)
	}
	return strings.Join(out, " and ")
}

// repaired says how it ended, with the buttons that take it back.
func (b *Bot) repaired(ctx context.Context, k *hiring.Case, r *schedule.Repair, zone *time.Location) (string, []slack.BlockElement) {
	iv, what := k.Interview, whichInterview(k, zone)
	if list, err := b.Store.Repairs(ctx, iv.ID); err == nil && r.State != schedule.RepairDone && slices.ContainsFunc(list, func(o *schedule.Repair) bool { return o.Number > r.Number }) {
		return "This isn't current any more. My newer message about " + what + ", says how it stands.", nil
	}
	ahead := iv.State == hiring.Booked && !iv.Ended(b.Now())
	if r.State != schedule.RepairDone {
		return "Settled: " + b.settledBy(k, r, what) + " Nothing is left to do here.", nil
	}
	chose := b.names(ctx, []string{r.ChosenBy}) + ", " + clockTime(r.ChosenAt, zone)
	if r.Chosen.SameTime() {
		done := swappedOut(r.Chosen) + " is no longer on the panel of " + what + "."
		if r.Chosen.Kind == schedule.WayStandIn {
			done = what + ", stays: " + strings.TrimPrefix(repairWords(r.Chosen, zone), "Same time, with ") + "."
		}
		text := "Done: " + done + " " + k.Candidate.FirstName() + " hears nothing of it: the time stays. Chosen by " + chose + "."
		if !ahead {
			return text, nil
		}
		return text, []slack.BlockElement{changePanelButton(iv, "")}
	}
	text := fmt.Sprintf("Done: %s's interview (%s) was moved to %s. Google tells %s by e-mail. Chosen by %s.",
		k.Candidate.Name, k.Stage().Name, span(r.Chosen.Start, r.Chosen.End, zone), k.Candidate.FirstName(), chose)
	switch {
	case !ahead:
		return text, nil
	case !iv.Start.Equal(r.Chosen.Start):
		text += " It is now " + span(iv.Start, iv.End, zone) + "."
	}
	return text, []slack.BlockElement{button(actReschedule, iv.ID, "Move it again")}
}

// settledBy says what settled a problem that nobody chose a way out of.
func (b *Bot) settledBy(k *hiring.Case, r *schedule.Repair, what string) string {
	iv := k.Interview
	switch {
	case iv.State != hiring.Booked:
		return fmt.Sprintf("%s's interview (%s) isn't booked any more.", k.Candidate.Name, k.Stage().Name)
	case iv.Ended(b.Now()):
		return what + ", is over."
	case r.Kind == schedule.RepairCandidate && iv.CandidateRSVP == "accepted":
		return k.Candidate.Name + " has accepted the invitation again: " + what + "."
	}
	var out []string
	for _, t := range r.Trouble {
		name := t.Name
		i := slices.IndexFunc(iv.Panel, func(p hiring.Panelist) bool { return p.Person == t.Person })
		switch {
		case t.Person == "":
		case i < 0 && t.Why == schedule.WhyDeclined:
			out = append(out, name+" had declined "+what+", and is no longer on its panel.")
		case i < 0:
			out = append(out, name+" is no longer on the panel of "+what+".")
		case t.Why == schedule.WhyOff && iv.Panel[i].RSVP != hiring.TakenOff:
			out = append(out, name+" is invited again to "+what+".")
		case iv.Panel[i].RSVP == "accepted":
			out = append(out, name+" has accepted "+what+", after all.")
		}
	}
	if len(out) == 0 {
		return what + ", can be held as it is."
	}
	return strings.Join(out, " ")
}
