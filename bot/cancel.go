package bot

import (
	"context"

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
		optional(field("reason", "Why?", "Only the role's team sees this.", textInput("reason", schedule.MaxCancelReason, "", true))))
	v.PrivateMetadata = meta{Interview: c.Value}.String()
	return b.show(ctx, c, v)
}

func (b *Bot) submitCancel(ctx context.Context, s *submission) (any, error) {
	if err := b.Schedule.Cancel(ctx, s.Meta.Interview, s.Person.ID, s.State["reason"].Value); err != nil {
		return nil, err
	}
	return slack.NewUpdateViewSubmissionResponse(told("Cancel interview", "Cancelled. The event goes from everybody's calendar, and the panel hears it.")), nil
}

// restoreInterview books a deleted event anew.
func (b *Bot) restoreInterview(ctx context.Context, c *click) error {
	if err := b.Schedule.Restore(ctx, c.Value, c.Person.ID); err != nil {
		return err
	}
	return b.afterClick(ctx, c, "Schedule", "It is being booked again, at the time it had. The panel hears from me when Google Calendar has it.")
}
