package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// snoozeButton offers to put reminders off, or to take that back; waits says
// until when they wait, "" when they don't.
func (b *Bot) snoozeButton(ctx context.Context, person string, zone *time.Location) (later slack.BlockElement, waits string, err error) {
	snooze, err := b.Scorecards.Snoozed(ctx, person)
	if err != nil {
		return nil, "", err
	}
	if !snooze.Until.After(b.Now()) {
		return button(actSnooze, person, "Remind me later"), "", nil
	}
	return button(actUnsnooze, person, "Remind me as usual"), "Reminders wait until " + clockTime(snooze.Until, zone) + ", as you asked.", nil
}

// openSnooze asks until when reminders are to wait.
func (b *Bot) openSnooze(ctx context.Context, c *click) error {
	choices, zone, err := b.Scorecards.Snoozable(ctx, c.Person.ID)
	if err != nil {
		return err
	}
	return b.show(ctx, c, snoozeView(choices, zone, b.Now()))
}

func snoozeView(choices []time.Time, zone *time.Location, now time.Time) slack.ModalViewRequest {
	var options []*slack.OptionBlockObject
	for _, at := range choices {
		options = append(options, option(at.UTC().Format(time.RFC3339), laterWords(at, now, zone)+": "+clockTime(at, zone), ""))
	}
	return modal(viewSnooze, "Remind me later", "Remind me then", "Close",
		field("until", "When?", "Until then I send no reminder by myself; then one with everything that is still missing.", choice("until", options, options[0].Value)),
		note("A colleague can still ask you, and a coordinator still hears of a scorecard that stays missing."))
}

// laterWords calls a time the way people do.
func laterWords(at, now time.Time, zone *time.Location) string {
	day := at.In(zone)
	switch today := now.In(zone); {
	case day.Format(time.DateOnly) != today.Format(time.DateOnly):
		return day.Format("Monday") + ", as you start"
	case at.Sub(now) >= 2*time.Hour && at.Sub(now) < 2*time.Hour+15*time.Minute:
		return "In 2 hours"
	case day.Hour() < 12:
		return "This morning"
	case day.Hour() < 18:
		return "This afternoon"
	default:
		return "This evening"
	}
}

func (b *Bot) submitSnooze(ctx context.Context, s *submission) (any, error) {
	until, err := time.Parse(time.RFC3339, s.State["until"].SelectedOption.Value)
	if err != nil {
		return nil, hiring.Invalid("until", "Choose a time.")
	}
	if err := b.Scorecards.Snooze(ctx, s.Person.ID, until); err != nil {
		return nil, err
	}
	zone := s.Person.TimeZone(time.UTC)
	text := fmt.Sprintf("I remind you again %s, or in your next free quarter hour after it. “Remind me as usual” in my message takes it back.", clockTime(until, zone))
	return slack.NewUpdateViewSubmissionResponse(told("Remind me later", text)), nil
}

// unsnooze takes a snooze back. The message says it itself.
func (b *Bot) unsnooze(ctx context.Context, c *click) error {
	return b.Scorecards.Unsnooze(ctx, c.Person.ID)
}
