package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
)

const notHeldTitle = "It didn't take place"

// canBeNotHeld reports whether it may still be said that the interview didn't
// take place.
func canBeNotHeld(k *hiring.Case, now time.Time) bool {
	return k.Interview.State == hiring.Booked && !now.Before(k.Interview.Start) && k.Decision == nil && len(k.Panelboard().Submitted) == 0
}

func notHeldButton(iv *hiring.Interview) *slack.ButtonBlockElement {
	return button(actNotHeld, iv.ID, notHeldTitle)
}

// notHeldButtons hold that button for a person who may press it.
func notHeldButtons(k *hiring.Case, person string, now time.Time) []slack.BlockElement {
	if !canBeNotHeld(k, now) || !k.Role.IsCoordinator(person) && k.Interview.Part(person) == "" {
		return nil
	}
	return []slack.BlockElement{notHeldButton(k.Interview)}
}

func heldButton(iv *hiring.Interview) *slack.ButtonBlockElement {
	return button(actHeld, iv.ID, "It did take place")
}

// whyNotHeld says why an interview didn't take place, with a full stop.
func whyNotHeld(iv *hiring.Interview) string {
	switch {
	case iv.Reason == "":
		return iv.Cause.String() + "."
	case iv.Cause == hiring.CauseOther:
		return quoted(iv.Reason)
	default:
		return iv.Cause.String() + ". " + quoted(iv.Reason)
	}
}

// openNotHeld asks why an interview didn't take place.
func (b *Bot) openNotHeld(ctx context.Context, c *click) error {
	k, err := b.Schedule.MayNotHold(ctx, c.Value, c.Person.ID)
	if err != nil {
		return err
	}
	return b.show(ctx, c, notHeldView(k, c.Person))
}

func notHeldView(k *hiring.Case, p hiring.Person) slack.ModalViewRequest {
	iv := k.Interview
	causes := []*slack.OptionBlockObject{
		option(string(hiring.CauseNoShow), "The candidate didn't come", ""),
		option(string(hiring.CauseWithdrew), "The candidate withdrew", ""),
		option(string(hiring.CauseMoved), "It is held at another time", ""),
		option(string(hiring.CauseOther), "Something else", ""),
	}
	v := modal(viewNotHeld, notHeldTitle, "Record it", "Close",
		say("").b(k.Candidate.Name).tf(" · %s · %s", k.Stage().Name, span(iv.Start, iv.End, p.TimeZone(k.Role.TimeZone()))).block(),
		section("Nobody is asked for a scorecard of it then, and nobody waits for a decision on it. What was written is kept. I tell the candidate nothing, and the event in Google Calendar stays as it is. You can take it back."),
		field("cause", "Why not?", "", slack.NewRadioButtonsBlockElement("cause", causes...)),
		optional(field("words", "What happened?", "Needed for “Something else”. Only the role's team reads it.", textInput("words", hiring.MaxExcuse, "", true))))
	v.PrivateMetadata = meta{Interview: iv.ID}.String()
	return v
}

func (b *Bot) submitNotHeld(ctx context.Context, s *submission) (any, error) {
	err := b.Schedule.NotHeld(ctx, schedule.NotHeld{
		Interview: s.Meta.Interview, Cause: hiring.Cause(s.State["cause"].SelectedOption.Value), Words: s.State["words"].Value, By: s.Person.ID,
	})
	if err != nil {
		return nil, err
	}
	k, err := b.Store.Case(ctx, s.Meta.Interview)
	if err != nil {
		b.Log.Warn("interview that wasn't held not read back", "interview", s.Meta.Interview, "err", err)
		return nil, nil // it is recorded; the modal closes
	}
	view := notHeldDoneView(k, s.Person)
	return slack.NewUpdateViewSubmissionResponse(&view), nil
}

// notHeldDoneView says what was recorded, and leads to what comes next.
func notHeldDoneView(k *hiring.Case, p hiring.Person) slack.ModalViewRequest {
	iv := k.Interview
	if iv.State == hiring.Booked {
		text := fmt.Sprintf("Its event was moved in Google Calendar, and I follow: the interview with %s is booked for %s. I ask for scorecards afterwards.",
			k.Candidate.Name, span(iv.Start, iv.End, p.TimeZone(k.Role.TimeZone())))
		return *told(notHeldTitle, text)
	}
	text := "Recorded: the interview with " + k.Candidate.Name + " didn't take place, as " + iv.Cause.String() + ". Nobody is asked for a scorecard of it."
	if iv.Cause == hiring.CauseOther {
		text = "Recorded: the interview with " + k.Candidate.Name + " didn't take place. Nobody is asked for a scorecard of it."
	}
	if !k.Role.IsCoordinator(p.ID) {
		text += " A coordinator hears it from me and sees to what comes next."
	}
	return modal("", notHeldTitle, "", "Close", section(text), actions("", afterNotHeld(k, p.ID)...))
}

// afterNotHeld are the next steps of an interview that wasn't held.
func afterNotHeld(k *hiring.Case, person string) []slack.BlockElement {
	iv := k.Interview
	var out []slack.BlockElement
	if k.Role.IsCoordinator(person) && k.Candidate.State == hiring.Active {
		find := button(actSchedule, join(iv.CandidateID, iv.Stage), "Find another time")
		withdraw := button(actWithdraw, iv.CandidateID, "Withdraw candidate")
		switch iv.Cause {
		case hiring.CauseWithdrew:
			out = append(out, primary(withdraw), find)
		case hiring.CauseMoved:
			out = append(out, primary(find))
		default:
			out = append(out, primary(find), withdraw)
		}
	}
	return append(out, heldButton(iv))
}

// recordHeld takes back that an interview didn't take place.
func (b *Bot) recordHeld(ctx context.Context, c *click) error {
	if err := b.Schedule.Held(ctx, c.Value, c.Person.ID); err != nil {
		return err
	}
	return b.afterClick(ctx, c, notHeldTitle, "Taken back: it took place. Its scorecards are asked for, and a decision is due.")
}

// renderNotHeld tells a coordinator that an interview didn't take place, with
// the next step.
func (b *Bot) renderNotHeld(ctx context.Context, m outbox.Message) (*content, error) {
	k, p, err := b.caseFor(ctx, m)
	if err != nil {
		return nil, err
	}
	iv, zone := k.Interview, p.TimeZone(k.Role.TimeZone())
	if m.TS == "" && iv.State != hiring.NotHeld {
		return nil, nil
	}
	by, _, _ := strings.Cut(strings.TrimPrefix(m.Key, "not-held:"+iv.ID+":"), ":")
	who := k.Candidate.Name + "'s interview (" + k.Stage().Name + ")"
	var text string
	var buttons []slack.BlockElement
	next, err := b.liveInterview(ctx, iv.CandidateID, iv.Stage)
	switch {
	case err != nil:
		return nil, err
	case iv.State == hiring.Booked && iv.Ended(b.Now()):
		text = who + ", " + span(iv.Start, iv.End, zone) + ", was recorded as not held. That was taken back: it took place, and its scorecards are asked for."
	case iv.State != hiring.NotHeld:
		text = who + " was recorded as not held at first. It is now " + span(iv.Start, iv.End, zone) + ". Nothing is left to do here."
	case next != nil:
		text = fmt.Sprintf("%s didn't take place: %s Another one is booked for %s. Nothing is left to do here.", who, whyNotHeld(iv), span(next.Start, next.End, zone))
	case k.Candidate.State != hiring.Active:
		text = fmt.Sprintf("%s didn't take place: %s %s is no longer in the process. Nothing is left to do here.", who, whyNotHeld(iv), k.Candidate.Name)
	default:
		text = fmt.Sprintf("%s says that %s, %s, didn't take place: %s I ask nobody for a scorecard of it. What should happen next?", b.names(ctx, []string{by}), who, span(iv.Start, iv.End, zone), whyNotHeld(iv))
		buttons = afterNotHeld(k, p.ID)
	}
	c := &content{Text: fallback("%s", text), Blocks: []slack.Block{section(text)}, Subjects: []string{iv.ID, iv.CandidateID}}
	if len(buttons) > 0 {
		c.Blocks = append(c.Blocks, actions("", buttons...))
	}
	return c, nil
}

// heldMoved tells a coordinator that the event of an interview was moved after
// its scorecards were asked for.
func heldMoved(k *hiring.Case, who string, zone *time.Location, now time.Time) (string, []slack.BlockElement) {
	iv := k.Interview
	switch {
	case iv.State == hiring.NotHeld:
		return fmt.Sprintf("The event of %s was moved in Google Calendar. The interview didn't take place: %s", who, whyNotHeld(iv)), nil
	case !iv.Ended(now):
		return fmt.Sprintf("The event of %s was moved in Google Calendar. It is now booked for %s.", who, span(iv.Start, iv.End, zone)), nil
	}
	text := fmt.Sprintf("The event of %s, which was %s, was moved in Google Calendar to %s. Its scorecards have been asked for, so I changed nothing.",
		who, span(iv.Start, iv.End, zone), span(iv.EventStart, iv.EventEnd, zone))
	if !canBeNotHeld(k, now) {
		return text + " If another interview is meant, schedule it from the candidate's card.", nil
	}
	return text + " If it didn't take place and is held then instead, say so with the button in this message: I follow.", []slack.BlockElement{notHeldButton(iv)}
}
