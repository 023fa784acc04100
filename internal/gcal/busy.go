package gcal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"

	"google.golang.org/api/calendar/v3"
)

// busyCalendars is how many calendars one free/busy question may name. How long its range may be isn't documented:
// two months were refused once, and 90 days were accepted. So the whole is asked for, and halved where Google says that
// it is too long.
// https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query
const busyCalendars = 50

// shortestBusy is a range that is never too long.
const shortestBusy = 7 * 24 * time.Hour

// Busy returns the busy time of each address between two times: clipped to them, sorted and merged. Every address has
// an entry. A calendar that can't be read, or that Google leaves out of its answer, says so in Unreadable: it is
// unknown, never free.
func (c *Client) Busy(ctx context.Context, emails []string, from, to time.Time) (map[string]hiring.Calendar, error) {
	if !from.Before(to) {
		return nil, outbox.Never(errors.New("busy time was asked for a range that is empty"))
	}
	from, to = from.Truncate(time.Second), to.Add(time.Second-1).Truncate(time.Second)
	calendars := map[string]hiring.Calendar{}
	var ask []string
	for _, email := range emails {
		if email == "" {
			calendars[email] = hiring.Calendar{Unreadable: "there is no e-mail address"}
		} else if !slices.Contains(ask, email) {
			ask = append(ask, email)
		}
	}
	for group := range slices.Chunk(ask, busyCalendars) {
		if err := c.busyGroup(ctx, calendars, group, from, to); err != nil {
			return nil, err
		}
	}
	for email, cal := range calendars {
		if cal.Unreadable != "" {
			cal.Busy = nil
		}
		cal.Busy = merge(cal.Busy)
		calendars[email] = cal
	}
	return calendars, nil
}

// busyGroup asks about one group of calendars and adds the answers to calendars.
func (c *Client) busyGroup(ctx context.Context, calendars map[string]hiring.Calendar, emails []string, from, to time.Time) error {
	question := &calendar.FreeBusyRequest{
		TimeMin: from.UTC().Format(time.RFC3339), TimeMax: to.UTC().Format(time.RFC3339),
		CalendarExpansionMax: busyCalendars,
	}
	for _, email := range emails {
		question.Items = append(question.Items, &calendar.FreeBusyRequestItem{Id: email})
	}
	var answer *calendar.FreeBusyResponse
	tooLong := false
	err := c.try(ctx, reads, func(ctx context.Context) (err error) {
		answer, err = c.service.Freebusy.Query(question).Context(ctx).Do()
		tooLong = reasonOf(err) == "timeRangeTooLong"
		return err
	})
	if tooLong && to.Sub(from) > shortestBusy {
		middle := from.Add(to.Sub(from) / 2).Truncate(time.Second)
		if err := c.busyGroup(ctx, calendars, emails, from, middle); err != nil {
			return err
		}
		return c.busyGroup(ctx, calendars, emails, middle, to)
	}
	if err != nil {
		return err
	}
	for _, email := range emails {
		cal := calendars[email]
		row, ok := rowOf(answer, email)
		busy, why := readRow(row, ok, from, to)
		if why != "" {
			cal.Unreadable = why
		}
		cal.Busy = append(cal.Busy, busy...)
		calendars[email] = cal
	}
	return nil
}

// rowOf finds the row of an address. A missing row must not be taken for an empty one.
func rowOf(answer *calendar.FreeBusyResponse, email string) (calendar.FreeBusyCalendar, bool) {
	if row, ok := answer.Calendars[email]; ok {
		return row, true
	}
	for id, row := range answer.Calendars {
		if strings.EqualFold(id, email) {
			return row, true
		}
	}
	return calendar.FreeBusyCalendar{}, false
}

// readRow returns a row's busy time, or why it is unknown.
func readRow(row calendar.FreeBusyCalendar, ok bool, from, to time.Time) (busy []hiring.Interval, unreadable string) {
	if !ok {
		return nil, "Google left it out of its answer"
	}
	if len(row.Errors) > 0 {
		return nil, readProblem(row.Errors[0].Reason)
	}
	for _, period := range row.Busy {
		start, startErr := time.Parse(time.RFC3339, period.Start)
		end, endErr := time.Parse(time.RFC3339, period.End)
		if startErr != nil || endErr != nil {
			return nil, "Google's answer could not be understood"
		}
		if start.Before(from) {
			start = from
		}
		if end.After(to) {
			end = to
		}
		if start.Before(end) {
			busy = append(busy, hiring.Interval{Start: start.UTC(), End: end.UTC()})
		}
	}
	return busy, ""
}

func readProblem(reason string) string {
	switch reason {
	case "notFound":
		return "there is no such calendar, or its free/busy is not shared with the bot's Google user"
	case "internalError":
		return "Google could not read it just now"
	case "tooManyCalendarsRequested", "groupTooBig":
		return "Google was asked for too many at once"
	default:
		return fmt.Sprintf("Google says %q", reason)
	}
}

// merge sorts intervals and joins those that overlap or touch.
func merge(all []hiring.Interval) []hiring.Interval {
	slices.SortFunc(all, func(a, b hiring.Interval) int { return a.Start.Compare(b.Start) })
	var merged []hiring.Interval
	for _, i := range all {
		n := len(merged)
		if n == 0 || i.Start.After(merged[n-1].End) {
			merged = append(merged, i)
		} else if i.End.After(merged[n-1].End) {
			merged[n-1].End = i.End
		}
	}
	return merged
}
