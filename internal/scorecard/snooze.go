package scorecard

import (
	"context"
	"slices"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// SnoozeChoices returns until when somebody may put their reminders off, soonest
// first: two hours, the end of the afternoon, the next working day's start. Never
// beyond that, nor past limit, when whoever holds up a deadline is warned.
func SnoozeChoices(now, limit time.Time, week Week) []time.Time {
	morning := week.Tomorrow(now)
	today := week.Next(now.Truncate(quarter))
	if today.After(now) { // not at work: the next start is all there is to wait for
		morning = today
	}
	out := []time.Time{ceilQuarter(now.Add(2 * time.Hour)), morning}
	if !today.After(now) {
		out = append(out, week.Last(now))
	}
	slices.SortFunc(out, time.Time.Compare)
	out = slices.CompactFunc(out, time.Time.Equal)
	return slices.DeleteFunc(out, func(at time.Time) bool {
		return !at.After(now) || at.After(morning) || at.After(limit) || !week.Next(at).Equal(at)
	})
}

// Snoozable returns until when the person may put their reminders off, and the
// zone in which they read it.
func (s *Service) Snoozable(ctx context.Context, person string) ([]time.Time, *time.Location, error) {
	now := s.Now()
	owed, err := s.Store.Owed(ctx, person, now)
	if err != nil {
		return nil, nil, err
	}
	if len(owed) == 0 {
		return nil, nil, hiring.Invalid("", "You have no scorecards to be reminded of.")
	}
	p, err := s.People.Person(ctx, person)
	if err != nil {
		return nil, nil, err
	}
	limit := owed[0].Interview.Deadline
	for _, c := range owed {
		if d := c.Interview.Deadline; d.Before(limit) {
			limit = d
		}
	}
	week := s.week(p, owed[0].Role)
	choices := SnoozeChoices(now, limit.Add(-hiring.WarnBefore), week)
	if len(choices) == 0 {
		return nil, nil, hiring.Invalid("", "A candidate is to be told too soon for that, so reminders can't wait any longer. A scorecard takes a few minutes: /scorecard opens it.")
	}
	return choices, week.Zone, nil
}

// Snooze puts the person's reminders off until one of the times they may choose.
// Escalation goes on by working days.
func (s *Service) Snooze(ctx context.Context, person string, until time.Time) error {
	choices, _, err := s.Snoozable(ctx, person)
	if err != nil {
		return err
	}
	// The times were offered a while ago: later ones may have come since, so
	// whatever lies ahead and isn't beyond the last is as good.
	if now := s.Now(); !until.After(now) || until.After(choices[len(choices)-1]) {
		return hiring.Invalid("until", "This time can't be chosen any more. Close this and choose anew.")
	}
	return s.Store.SetSnooze(ctx, person, hiring.Snooze{Until: until, Set: s.Now()}, outbox.Batch{
		Due:   []hiring.Due{s.nagDue(person, until)},
		Touch: []string{person},
		Log:   []hiring.Entry{{Actor: person, Action: "reminders.snoozed", Subject: person, Detail: until.UTC().Format(time.RFC3339)}},
	})
}

// Unsnooze takes a snooze back: reminders come as usual.
func (s *Service) Unsnooze(ctx context.Context, person string) error {
	snooze, err := s.Store.Snooze(ctx, person)
	if err != nil {
		return err
	}
	if !snooze.Until.After(s.Now()) {
		return &hiring.AlreadyDone{What: "as usual"}
	}
	return s.Store.SetSnooze(ctx, person, hiring.Snooze{}, outbox.Batch{
		Due:   []hiring.Due{s.nagDue(person, s.Now())}, // today's, if it hasn't come
		Touch: []string{person},
		Log:   []hiring.Entry{{Actor: person, Action: "reminders.resumed", Subject: person}},
	})
}

// Snoozed returns the person's snooze, past ones too.
func (s *Service) Snoozed(ctx context.Context, person string) (hiring.Snooze, error) {
	return s.Store.Snooze(ctx, person)
}

// Reminded reports whether the person was reminded since a time.
func (s *Service) Reminded(ctx context.Context, person string, since time.Time) (bool, error) {
	first, err := s.Store.FirstNag(ctx, person, since)
	return !first.IsZero(), err
}
