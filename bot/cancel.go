package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/schedule"
)

// openCancel asks for the reason.
func (b *Bot) openCancel(ctx context.Context, c *click) error {
	k, err := b.Store.Case(ctx, c.Value)
	if err != nil {
		return err
	}
	if !k.Role.IsCoordinator(c.Person.ID) {
		return hiring.Refuse("Only a coordinator of %s can cancel its interviews.", k.Role.Title)
	}
	if k.Interview.State == hiring.Cancelled {
		return &hiring.AlreadyDone{What: "cancelled"}
	}
	what := "Google tells the candidate and the panel that it is cancelled. Drafts of scorecards are kept."
	if k.Interview.State == hiring.Booking {
		what = "It isn't booked in Google Calendar yet. I stop trying."
	}
	zone := c.Person.TimeZone(k.Role.TimeZone())
	v := modal(viewCancel, "Cancel interview", "Cancel interview", "Keep it",
		say("").b(k.Candidate.Name).tf(" · %s · %s", k.Stage().Name, span(k.Interview.Start, k.Interview.End, zone)).block(),
		section(what),
		optional(field("cause", "What is the cause?", "It is counted, so that the report can say why interviews don't take place.", slack.NewRadioButtonsBlockElement("cause", cancelOptions()...))),
		optional(field("reason", "Why?", "More about it, in your words. Only the role's team sees this.", textInput("reason", schedule.MaxCancelReason, "", true))))
	v.PrivateMetadata = meta{Interview: c.Value}.String()
	return b.show(ctx, c, v)
}

func (b *Bot) submitCancel(ctx context.Context, s *submission) (any, error) {
	cause := hiring.CancelCause(s.State["cause"].SelectedOption.Value)
	if err := b.Schedule.CancelFor(ctx, s.Meta.Interview, s.Person.ID, cause, s.State["reason"].Value); err != nil {
		return nil, err
	}
	view := told("Cancel interview", "Cancelled. The event goes from everybody's calendar, and the panel hears it.")
	if k, err := b.Store.Case(ctx, s.Meta.Interview); err == nil && canBeRestored(k, b.Now()) {
		view.Blocks.BlockSet = append(view.Blocks.BlockSet, actions("", restoreButton(k.Interview)))
	}
	return slack.NewUpdateViewSubmissionResponse(view), nil
}

func cancelOptions() []*slack.OptionBlockObject {
	return []*slack.OptionBlockObject{
		option(string(hiring.CancelWithdrew), "The candidate withdrew", ""),
		option(string(hiring.CancelPanelist), "A panelist isn't available", ""),
		option(string(hiring.CancelClosed), "The role is closed or paused", ""),
		option(string(hiring.CancelOther), "Something else", ""),
	}
}

// canBeRestored reports whether an interview that was cancelled, or whose event
// was deleted, can be booked again at its time.
func canBeRestored(k *hiring.Case, now time.Time) bool {
	iv := k.Interview
	if iv.State == hiring.Cancelled && iv.EventID != "" && iv.EventID != schedule.EventID(iv.ID, iv.Generation) {
		return false // it was booked from a held time, see Restore
	}
	return (iv.State == hiring.Cancelled || iv.State == hiring.Removed) && iv.Start.After(now) && k.Candidate.State == hiring.Active
}

func restoreButton(iv *hiring.Interview) *slack.ButtonBlockElement {
	return button(actRestore, iv.ID, "Book it again")
}

// restoreInterview books a deleted event anew.
func (b *Bot) restoreInterview(ctx context.Context, c *click) error {
	if err := b.Schedule.Restore(ctx, c.Value, c.Person.ID); err != nil {
		return err
	}
	return b.afterClick(ctx, c, "Schedule", "It is being booked again, at the time it had. The panel hears from me when Google Calendar has it.")
}
