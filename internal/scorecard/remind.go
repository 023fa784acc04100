package scorecard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Calendar is what reminders need of Google Calendar: when people are busy.
type Calendar interface {
	Busy(ctx context.Context, emails []string, from, to time.Time) (map[string]hiring.Calendar, error)
}

// busyTime bounds the question for people's calendars. Who waits for its answer
// are reminders only; without one they come at the end of the afternoon.
const busyTime = 5 * time.Second

// A reminder is a nag that is due, with what is known of the person.
type reminder struct {
	due    hiring.Due
	person hiring.Person
	owed   []*hiring.Case
	week   Week
	next   time.Time // now, or when they are at work again
	snooze hiring.Snooze
	today  time.Time // when today's nag was sent; zero: it wasn't
}

// remind settles the nags that are due. Google is asked once for all of them,
// outside any transaction; no nag is lost or held up because of it.
func (s *Service) remind(ctx context.Context, now time.Time) (int, error) {
	due, err := s.Store.Due(ctx, []string{hiring.DueNag}, now, 50)
	if err != nil {
		return 0, err
	}
	var problems []error
	var list []*reminder
	for _, d := range due {
		r, err := s.reminder(ctx, d, now)
		if err != nil {
			problems = append(problems, fmt.Errorf("due %s: %w", d.Key, err))
			continue
		}
		list = append(list, r)
	}
	calendars := s.calendars(ctx, list, now)
	for _, r := range list {
		if err := s.settleNag(ctx, r, calendars, now); err != nil {
			problems = append(problems, fmt.Errorf("due %s: %w", r.due.Key, err))
		}
	}
	return len(due) - len(problems), errors.Join(problems...)
}

func (s *Service) settleNag(ctx context.Context, r *reminder, calendars map[string]hiring.Calendar, now time.Time) error {
	if len(r.owed) == 0 { // when it was looked at
		return s.Store.EndNags(ctx, r.due, now)
	}
	b, err := s.nag(ctx, r, calendars, now)
	if err != nil {
		return err
	}
	return s.Store.SettleDue(ctx, r.due, b)
}

func (s *Service) reminder(ctx context.Context, d hiring.Due, now time.Time) (*reminder, error) {
	r := &reminder{due: d}
	var err error
	if r.owed, err = s.Store.Owed(ctx, d.About, now); err != nil || len(r.owed) == 0 {
		return r, err
	}
	if r.person, err = s.People.Person(ctx, d.About); err != nil {
		return nil, err
	}
	r.week = s.week(r.person, r.owed[0].Role)
	r.next = later(r.week.Next(now.Truncate(quarter)), now)
	if r.snooze, err = s.Store.Snooze(ctx, d.About); err != nil {
		return nil, err
	}
	r.today, err = s.Store.FirstNag(ctx, d.About, hiring.AtClock(now.In(r.week.Zone), 0))
	return r, err
}

// again reports whether the person put off what today's nag said until a time
// that has come: then they are reminded once more, as they asked for it.
func (r *reminder) again(now time.Time) bool {
	return !r.today.IsZero() && !r.snooze.Set.Before(r.today) && !r.snooze.Until.After(now)
}

// wanted reports whether the person is to be reminded now, unless they are busy.
func (r *reminder) wanted(now time.Time) bool {
	return len(r.owed) > 0 && !r.next.After(now) && !r.snooze.Until.After(now) && (r.today.IsZero() || r.again(now))
}

// calendars returns when those who are to be reminded are busy in the rest of
// their day's hours; who isn't in it is unknown.
func (s *Service) calendars(ctx context.Context, list []*reminder, now time.Time) map[string]hiring.Calendar {
	var emails []string
	to := now
	for _, r := range list {
		if r.wanted(now) && now.Before(r.week.Last(now)) && r.person.CalendarID() != "" {
			emails, to = append(emails, r.person.CalendarID()), later(to, r.week.Last(now))
		}
	}
	if len(emails) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, busyTime)
	defer cancel()
	calendars, err := s.Calendar.Busy(ctx, emails, now.Truncate(quarter), to)
	if err != nil {
		return nil
	}
	return calendars
}

// nag reminds the person of everything that is missing, in one message a day,
// and climbs the ladder for what has been missing for long. Where now isn't the
// time, the nag is due again when it is.
func (s *Service) nag(ctx context.Context, r *reminder, calendars map[string]hiring.Calendar, now time.Time) (outbox.Batch, error) {
	wait := func(until time.Time) outbox.Batch {
		return outbox.Batch{Due: []hiring.Due{s.nagDue(r.due.About, until)}}
	}
	switch {
	case r.next.After(now): // found outside their working hours, e.g. after a downtime
		return wait(r.next), nil
	case r.snooze.Until.After(now): // the day counts all the same
		b := wait(r.week.Next(r.snooze.Until))
		err := s.escalate(ctx, r, now, &b)
		return b, err
	case !r.wanted(now): // what became missing since today's is in tomorrow's
		return wait(r.week.Tomorrow(now)), nil
	}
	cal, known := calendars[r.person.CalendarID()]
	if !known {
		cal.Unreadable = "not known"
	}
	if at := FreeQuarter(now, r.week.Last(now), cal); at.After(now) {
		return wait(at), nil
	}
	b := wait(r.week.Tomorrow(now))
	b.Touch = []string{r.due.About} // what can be put off now, or was until now
	if r.again(now) {
		b.Messages = []outbox.Message{{Key: fmt.Sprintf("again:%s:%d", r.due.About, r.snooze.Until.Unix()), Kind: "again", About: r.due.About, Person: r.due.About}}
		return b, nil
	}
	b.Messages = []outbox.Message{{Key: "nag:" + r.due.About + ":" + now.In(r.week.Zone).Format(time.DateOnly), Kind: "nag", About: r.due.About, Person: r.due.About}}
	err := s.escalate(ctx, r, now, &b)
	return b, err
}

// escalate adds who else hears today of the person's missing scorecards. It
// counts working days since the first reminder, so that one who snoozes, or
// whose reminder waits for a free quarter hour, gains nothing by it.
func (s *Service) escalate(ctx context.Context, r *reminder, now time.Time, b *outbox.Batch) error {
	workspace, err := s.Workspace(ctx)
	if err != nil {
		return err
	}
	for _, c := range r.owed {
		since, err := s.missingSince(ctx, c, r.due.About)
		if err != nil {
			return err
		}
		first, err := s.Store.FirstNag(ctx, r.due.About, since)
		if err != nil {
			return err
		}
		if first.IsZero() {
			first = now
		}
		n := r.week.Days(first, now)
		hear, err := s.hear(ctx, c, r.due.About, n, c.Role.Ladder([]string{r.due.About}, workspace))
		if err != nil {
			return err
		}
		for _, to := range hear {
			b.Messages = append(b.Messages, outbox.Message{
				Key: escalationKey(c, r.due.About, n, to), Kind: "escalation", About: c.Interview.ID, Person: to,
			})
		}
	}
	return nil
}

// hear returns who hears on the n-th working day that the scorecard is missing:
// whose day it is, and those below on the ladder who were to hear on a day on
// which the bot was down.
func (s *Service) hear(ctx context.Context, c *hiring.Case, late string, n int, ladder []string) ([]string, error) {
	var out []string
	for day := 1; day <= n; day++ {
		to := Escalation(day, c.Role.Escalate.V, ladder)
		if to == "" || slices.Contains(out, to) {
			continue
		}
		told := false
		for d := day; d < n && !told; d++ {
			_, err := s.Store.Message(ctx, escalationKey(c, late, d, to))
			if err != nil && !errors.Is(err, hiring.ErrNotFound) {
				return nil, err
			}
			told = err == nil
		}
		if !told || day == n {
			out = append(out, to)
		}
	}
	return out, nil
}

func escalationKey(c *hiring.Case, late string, day int, to string) string {
	return fmt.Sprintf("escalation:%s:%s:%d:%s", c.Interview.ID, late, day, to)
}

// missingSince returns since when the person's scorecard may have been asked
// for: the interview's end, when it was handed to them, or the last submit of one
// that was reopened.
func (s *Service) missingSince(ctx context.Context, c *hiring.Case, person string) (time.Time, error) {
	since := c.Interview.End
	for _, p := range c.Interview.Panel {
		if p.Excused.StandIn == person {
			since = later(since, p.Excused.At)
		}
	}
	card := c.Card(person)
	if card == nil || card.Version == 0 {
		return since, nil
	}
	versions, err := s.Store.ScorecardVersions(ctx, c.Interview.ID, person)
	if err != nil || len(versions) == 0 {
		return since, err
	}
	return later(since, versions[len(versions)-1].SubmittedAt), nil
}

// week is when the person works, for what they owe to the role.
func (s *Service) week(p hiring.Person, role *hiring.Role) Week {
	return Week{Zone: p.TimeZone(role.TimeZone()), Hours: p.WorkingHours(role), Holiday: s.Holidays(role.Holidays.V)}
}

func (s *Service) nagDue(person string, at time.Time) hiring.Due {
	return hiring.Due{Key: "nag:" + person, Kind: hiring.DueNag, About: person, At: at}
}
