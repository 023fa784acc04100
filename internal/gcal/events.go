package gcal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"

	"google.golang.org/api/calendar/v3"
)

// Insert makes an event under the id in ev, and Google invites its guests. An event that is there already under the
// id is returned when it is ours and lives: an earlier attempt made it. Otherwise the error wraps hiring.ErrConflict:
// the id is used up, and another generation is needed.
func (c *Client) Insert(ctx context.Context, ev hiring.Event) (hiring.Event, error) {
	wanted, err := toGoogle(ev)
	if err != nil {
		return hiring.Event{}, outbox.Never(err)
	}
	var made *calendar.Event
	taken := false
	err = c.try(ctx, writes, func(ctx context.Context) (err error) {
		made, err = c.service.Events.Insert(c.calendarID, wanted).ConferenceDataVersion(1).SendUpdates("all").Context(ctx).Do()
		taken = answered(err, http.StatusConflict)
		return err
	})
	switch {
	case taken:
		return c.adopt(ctx, ev)
	case errors.Is(err, hiring.ErrNotFound):
		return hiring.Event{}, c.noCalendar()
	case err != nil:
		return hiring.Event{}, err
	case made.Id == "": // Google answered without a body
		return hiring.Event{}, outbox.Lost(errors.New("Google Calendar's answer to the booking was empty"))
	}
	return understood(made)
}

// adopt takes over the event that an earlier attempt made.
func (c *Client) adopt(ctx context.Context, ev hiring.Event) (hiring.Event, error) {
	there, err := c.Get(ctx, ev.ID)
	switch {
	case err != nil: // it exists, and can't be read just now: whose it is must be looked up
		return hiring.Event{}, outbox.Lost(fmt.Errorf("look up the event that is there already: %w", errors.Unwrap(err)))
	case there.Key != ev.Key:
		return hiring.Event{}, outbox.Never(fmt.Errorf("another event in Google Calendar has this id: %w", hiring.ErrConflict))
	case there.Cancelled:
		return hiring.Event{}, outbox.Never(fmt.Errorf("the event was deleted in Google Calendar meanwhile: %w", hiring.ErrConflict))
	}
	return there, nil
}

// Get returns an event, also a deleted one while Google remembers it. An event that Google doesn't have is
// hiring.ErrNotFound; a calendar that can't be seen any more is another error.
func (c *Client) Get(ctx context.Context, id string) (hiring.Event, error) {
	g, err := c.get(ctx, id)
	if err != nil {
		return hiring.Event{}, err
	}
	return understood(g)
}

func (c *Client) get(ctx context.Context, id string) (*calendar.Event, error) {
	var g *calendar.Event
	err := c.try(ctx, reads, func(ctx context.Context) (err error) {
		g, err = c.service.Events.Get(c.calendarID, id).Context(ctx).Do()
		return err
	})
	if errors.Is(err, hiring.ErrNotFound) {
		return nil, c.whyNotFound(ctx, err)
	}
	return g, err
}

// whyNotFound tells a missing event from a calendar that can't be seen any more, for both of which Google answers
// 404. Mistaking the second for the first would take every interview for deleted.
func (c *Client) whyNotFound(ctx context.Context, notFound error) error {
	err := c.try(ctx, reads, func(ctx context.Context) error {
		_, err := c.service.Events.List(c.calendarID).MaxResults(1).Fields("kind").Context(ctx).Do()
		return err
	})
	switch {
	case err == nil:
		return notFound
	case errors.Is(err, hiring.ErrNotFound):
		return c.noCalendar()
	default:
		return err
	}
}

func (c *Client) noCalendar() error {
	return outbox.Never(fmt.Errorf("Google Calendar has no calendar %s that the bot's Google user may see: "+
		"correct GOOGLE_CALENDAR_ID, or share the calendar with permission to make changes to events", c.calendarID))
}

// Patch changes an event, tells its guests, and returns it as it is then. Guests who stay keep their answers. The etag
// is that of the event the change was decided on: when Google has a newer one, nothing is changed and the error wraps
// hiring.ErrConflict. An empty etag changes whatever is there. An event that is as wanted already is left alone, so
// that a repetition sends no second mail.
func (c *Client) Patch(ctx context.Context, id, etag string, change hiring.EventChange) (hiring.Event, error) {
	now, err := c.get(ctx, id)
	if err != nil {
		return hiring.Event{}, err
	}
	if etag != "" && now.Etag != etag {
		return hiring.Event{}, outbox.Later(fmt.Errorf("somebody changed the event meanwhile: %w", hiring.ErrConflict), 0)
	}
	patch, err := patchOf(now, change)
	if err != nil {
		return hiring.Event{}, outbox.Never(err)
	}
	if patch == nil {
		return understood(now)
	}
	tell := "all"
	if patch.Start == nil && patch.Summary == "" && (patch.Attendees == nil || change.Quiet && colleagues(now, patch.Attendees)) {
		tell = "none" // only our own note of whom we invited, or only colleagues come or go
	}
	call := c.service.Events.Patch(c.calendarID, id, patch).ConferenceDataVersion(1).SendUpdates(tell)
	call.Header().Set("If-Match", now.Etag)
	var changed *calendar.Event
	err = c.try(ctx, writes, func(ctx context.Context) (err error) {
		changed, err = call.Context(ctx).Do()
		return err
	})
	if err != nil {
		return hiring.Event{}, err
	}
	if changed.Id == "" { // Google answered without a body
		return hiring.Event{}, outbox.Lost(errors.New("Google Calendar's answer to the change was empty"))
	}
	return understood(changed)
}

// patchOf is what has to be sent to bring an event to what is wanted; nil when it is there already.
func patchOf(now *calendar.Event, change hiring.EventChange) (*calendar.Event, error) {
	have, err := fromGoogle(now)
	if err != nil {
		return nil, err
	}
	patch, needed := &calendar.Event{}, false
	start, end, zone := have.Start, have.End, have.Zone // a zone alone is no reason to write to guests
	if change.Start != nil {
		start = *change.Start
	}
	if change.End != nil {
		end = *change.End
	}
	if change.Zone != "" {
		zone = change.Zone
	}
	if !start.Equal(have.Start) || !end.Equal(have.End) {
		location, err := time.LoadLocation(zone)
		if err != nil {
			return nil, fmt.Errorf("%q is no time zone: choose one such as America/Chicago", zone)
		}
		patch.Start, patch.End, needed = eventTime(start, location), eventTime(end, location), true
		// A person may have made it all-day: the day must go when there is a time.
		patch.Start.NullFields, patch.End.NullFields = []string{"Date"}, []string{"Date"}
	}
	if change.Guests != nil {
		rows, changed := guestsAfter(now.Attendees, change.Guests)
		if changed {
			patch.Attendees, needed = rows, true
			patch.ForceSendFields = append(patch.ForceSendFields, "Attendees") // also when nobody is left
		}
		if !slices.Equal(have.Invited, change.Invited) {
			have.Invited = change.Invited
			patch.ExtendedProperties, needed = properties(have), true
		}
	}
	if change.Summary != nil && *change.Summary != now.Summary {
		patch.Summary, needed = *change.Summary, true
		patch.ForceSendFields = append(patch.ForceSendFields, "Summary")
	}
	if c := change.Confirm; c != nil && have.Key != c.Key {
		needed = true
		if err := confirmed(patch, now, change, have); err != nil {
			return nil, err
		}
	}
	if !needed {
		return nil, nil
	}
	return patch, nil
}

// colleagues reports whether only people of the calendar's own domain come or go. Google puts an event on their
// calendars, and takes it off, without mail too. With mail it may write to all guests, also to those who stay:
// https://github.com/googleapis/google-api-nodejs-client/issues/3310
func colleagues(now *calendar.Event, rows []*calendar.EventAttendee) bool {
	ours := func(email string) bool {
		domain := domainOf(email)
		return now.Organizer != nil && domain == domainOf(now.Organizer.Email) || now.Creator != nil && domain == domainOf(now.Creator.Email)
	}
	strangers := func(list, without []*calendar.EventAttendee) bool {
		return slices.ContainsFunc(list, func(row *calendar.EventAttendee) bool {
			return !ours(row.Email) && !slices.ContainsFunc(without, func(o *calendar.EventAttendee) bool { return strings.EqualFold(o.Email, row.Email) })
		})
	}
	return !strangers(rows, now.Attendees) && !strangers(now.Attendees, rows)
}

func domainOf(email string) string {
	return strings.ToLower(email[strings.LastIndex(email, "@")+1:])
}

// confirmed completes the patch that makes a tentative event a confirmed one. Its time is written in the zone of the
// one that it becomes: guests without a calendar of Google's read it in their mail.
func confirmed(patch, now *calendar.Event, change hiring.EventChange, have hiring.Event) error {
	c := change.Confirm
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return fmt.Errorf("%q is no time zone: choose one such as America/Chicago", c.Zone)
	}
	patch.Start, patch.End = eventTime(c.Start, zone), eventTime(c.End, zone)
	patch.Status, patch.Description, patch.Location = statusOf(*c), escape(c.Description), c.Location
	have.Key, have.Invited = c.Key, change.Invited
	patch.ExtendedProperties = properties(have)
	if c.Meet && now.ConferenceData == nil {
		patch.ConferenceData = meetFor(now.Id)
	}
	return nil
}

// Delete removes an event and tells its guests. One that is gone already is fine.
func (c *Client) Delete(ctx context.Context, id string) error { return c.remove(ctx, id, "all") }

// DeleteQuietly removes an event and sends nobody mail about it. A guest with a calendar elsewhere may keep a copy.
// https://developers.google.com/workspace/calendar/api/v3/reference/events/delete
func (c *Client) DeleteQuietly(ctx context.Context, id string) error {
	return c.remove(ctx, id, "none")
}

func (c *Client) remove(ctx context.Context, id, tell string) error {
	gone := false
	err := c.try(ctx, writes, func(ctx context.Context) error {
		err := c.service.Events.Delete(c.calendarID, id).SendUpdates(tell).Context(ctx).Do()
		gone = answered(err, http.StatusGone)
		return err
	})
	if gone {
		return nil
	}
	if errors.Is(err, hiring.ErrNotFound) {
		if err = c.whyNotFound(ctx, err); errors.Is(err, hiring.ErrNotFound) {
			return nil
		}
	}
	return err
}

// understood reads an event that Google answered.
func understood(g *calendar.Event) (hiring.Event, error) {
	ev, err := fromGoogle(g)
	if err != nil {
		return ev, outbox.Never(errors.New("Google Calendar's event can't be understood: its start or end is malformed"))
	}
	return ev, nil
}
