package decision

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Schedules says when the Monday messages are due, from the settings
// PREVIEW_CRON and SUMMARY_CRON.
type Schedules struct {
	// NextPreview and NextSummary return the first occurrence after a time, in zone.
	NextPreview func(after time.Time, zone *time.Location) time.Time
	NextSummary func(after time.Time, zone *time.Location) time.Time
}

// Usual returns the next preview and summary of the role after now.
func (s Schedules) Usual(role *hiring.Role, now time.Time) []hiring.Due {
	zone := role.TimeZone()
	return []hiring.Due{
		messageDue(hiring.DuePreview, role, s.NextPreview(now, zone)),
		messageDue(hiring.DueSummary, role, s.NextSummary(now, zone)),
	}
}

// For returns the preview and summary on the day of a deadline, which may be
// another day than the usual one: same hours, that day.
func (s Schedules) For(role *hiring.Role, deadline time.Time) []hiring.Due {
	zone := role.TimeZone()
	day := deadline.In(zone)
	preview, summary := s.clocks(zone, deadline)
	return []hiring.Due{
		messageDue(hiring.DuePreview, role, hiring.AtClock(day, preview)),
		messageDue(hiring.DueSummary, role, hiring.AtClock(day, summary)),
	}
}

// clocks returns at which wall clock, since midnight, the messages come around a
// day.
func (s Schedules) clocks(zone *time.Location, day time.Time) (preview, summary time.Duration) {
	clock := func(next func(time.Time, *time.Location) time.Time) time.Duration {
		usual := next(day.In(zone).AddDate(0, 0, -8), zone).In(zone)
		return time.Duration(usual.Hour())*time.Hour + time.Duration(usual.Minute())*time.Minute
	}
	return clock(s.NextPreview), clock(s.NextSummary)
}

func messageDue(kind string, role *hiring.Role, at time.Time) hiring.Due {
	return hiring.Due{Key: kind + ":" + role.Key + ":" + at.In(role.TimeZone()).Format(time.DateOnly), Kind: kind, About: role.Key, At: at}
}

// Tick does the work that is due: previews, summaries and the clock of the
// promise. A row that can't be settled stays and doesn't keep the others
// waiting. It returns how many rows it settled.
func (s *Service) Tick(ctx context.Context, now time.Time) (int, error) {
	if err := s.ensure(ctx, now); err != nil {
		return 0, err
	}
	due, err := s.Store.Due(ctx, []string{hiring.DuePreview, hiring.DueSummary, hiring.DueWarn, hiring.DueLate}, now, 50)
	if err != nil {
		return 0, err
	}
	var problems []error
	for _, d := range due {
		var b outbox.Batch
		var err error
		if !overtaken(d, due) {
			b, err = s.settle(ctx, d, now)
		}
		if err == nil {
			err = s.Store.SettleDue(ctx, d, b)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("due %s: %w", d.Key, err))
		}
	}
	return len(due) - len(problems), errors.Join(problems...)
}

// overtaken reports whether a preview or summary says nothing that a later
// summary of the role, due as well after a downtime, doesn't say.
func overtaken(d hiring.Due, due []hiring.Due) bool {
	return (d.Kind == hiring.DuePreview || d.Kind == hiring.DueSummary) && slices.ContainsFunc(due, func(o hiring.Due) bool {
		return o.Kind == hiring.DueSummary && o.About == d.About && o.At.After(d.At)
	})
}

func (s *Service) settle(ctx context.Context, d hiring.Due, now time.Time) (outbox.Batch, error) {
	role, err := s.Store.Role(ctx, d.About)
	if err != nil {
		return outbox.Batch{}, err
	}
	switch d.Kind {
	case hiring.DueWarn, hiring.DueLate:
		return s.remind(ctx, role, d, now)
	}
	b := outbox.Batch{}
	// Whoever has candidates hears of them, whatever else the setup has come to
	// lack: a role that isn't open only takes no new ones.
	cases, err := s.Store.OpenCases(ctx, role.Key, now)
	if err != nil || role.Setup.Channel == "" {
		return b, err
	}
	sum := Build(role, cases, d.At, now)
	waits := func(e Entry) bool { return e.Need != hiring.NeedNothing }
	if !slices.ContainsFunc(sum.Entries, waits) {
		return b, nil // nobody waits: nothing to say
	}
	if s.dayOff(role, d.At) && !slices.ContainsFunc(sum.Entries, func(e Entry) bool { return e.Due && waits(e) }) {
		return b, nil // nobody is due on this holiday: those who wait are due on another day, with its own messages
	}
	b.Touch = []string{role.Key} // the day's preview says how the promises stand by now
	date := d.At.In(role.TimeZone()).Format(time.DateOnly)
	b.Messages = append(b.Messages, outbox.Message{Key: d.Kind + ":" + role.Key + ":" + date, Kind: d.Kind, About: d.Kind + "|" + role.Key + "|" + d.At.UTC().Format(time.RFC3339), Role: role.Key})
	for part := 2; part <= Parts(len(sum.Entries)); part++ {
		b.Messages = append(b.Messages, outbox.Message{
			Key: fmt.Sprintf("%s:%s:%s:%d", d.Kind, role.Key, date, part), Kind: d.Kind,
			About: fmt.Sprintf("%s|%s|%s|%d", d.Kind, role.Key, d.At.UTC().Format(time.RFC3339), part), Role: role.Key,
		})
	}
	return b, nil
}

// dayOff reports whether the role has a holiday on that day.
func (s *Service) dayOff(role *hiring.Role, at time.Time) bool {
	holiday := s.Holidays(role.Holidays.V)
	return holiday != nil && holiday(at.In(role.TimeZone()))
}

// PerMessage is how many candidates one message of a summary holds, so that it
// stays within Slack's 50 blocks and about 13,200 characters.
// https://docs.slack.dev/reference/block-kit/blocks
const PerMessage = 6

// Parts returns how many messages a summary of so many candidates takes.
func Parts(entries int) int { return (entries + PerMessage - 1) / PerMessage }

// remind sends one DM to each person who holds up a case of this deadline: to
// whoever's turn it is before the deadline, to the next on the ladder after it.
func (s *Service) remind(ctx context.Context, role *hiring.Role, d hiring.Due, now time.Time) (outbox.Batch, error) {
	deadline := d.At
	step := "late"
	if d.Kind == hiring.DueWarn {
		deadline, step = d.At.Add(hiring.WarnBefore), "warn"
		if !now.Before(deadline) {
			return outbox.Batch{}, nil // down meanwhile: "late" is due as well and says it
		}
	}
	cases, err := s.Store.OpenCases(ctx, role.Key, now)
	if err != nil {
		return outbox.Batch{}, err
	}
	workspace, err := s.Workspace(ctx)
	if err != nil {
		return outbox.Batch{}, err
	}
	var to []string
	touch := []string{role.Key}
	for _, c := range cases {
		if !c.Interview.Deadline.Equal(deadline) {
			continue
		}
		need, holders := c.Waiting(now)
		if need == hiring.NeedNothing {
			continue
		}
		touch = append(touch, c.Interview.ID)
		if step == "warn" {
			to = append(to, holders...)
		} else if ladder := role.Ladder(holders, workspace); len(ladder) > 0 {
			to = append(to, ladder[0])
		}
	}
	slices.Sort(to)
	b := outbox.Batch{Touch: touch}
	for _, person := range slices.Compact(to) {
		b.Messages = append(b.Messages, outbox.Message{
			Key:  fmt.Sprintf("deadline:%s:%d:%s:%s", role.Key, deadline.Unix(), step, person),
			Kind: "deadline", About: fmt.Sprintf("%s|%s|%s", role.Key, deadline.UTC().Format(time.RFC3339), step), Person: person,
		})
	}
	return b, nil
}

// ensure adds the rows for the usual previews and summaries and for the days of
// open deadlines, all in the future: what is settled is never added again.
func (s *Service) ensure(ctx context.Context, now time.Time) error {
	roles, err := s.Store.Roles(ctx)
	if err != nil {
		return err
	}
	var due []hiring.Due
	for _, r := range roles {
		if r.Setup.SavedBy == "" {
			continue // nobody has begun to set it up
		}
		due = append(due, s.Schedules.Usual(r, now)...)
		deadlines, err := s.Store.OpenDeadlines(ctx, r.Key, now)
		if err != nil {
			return err
		}
		for _, d := range deadlines {
			due = append(due, s.Schedules.For(r, d)...)
		}
	}
	due = slices.DeleteFunc(due, func(d hiring.Due) bool { return !d.At.After(now) })
	return s.Store.EnsureDue(ctx, due)
}
