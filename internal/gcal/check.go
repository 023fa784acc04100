package gcal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"convene/internal/hiring"
	"convene/internal/outbox"

	"google.golang.org/api/calendar/v3"
	"google.golang.org/api/googleapi"
)

// LookScope lets `convene check` see whether a calendar makes Meet links. The bot itself doesn't need it, so it is
// asked for apart from Scopes, and may be missing.
// https://developers.google.com/workspace/calendar/api/v3/reference/calendars/get
const LookScope = calendar.CalendarCalendarsReadonlyScope

// ErrNoLook says that the credentials weren't given LookScope.
var ErrNoLook = errors.New("the credentials were not given the scope " + LookScope)

// SignIn gets an access token, or one that is still good. Without credentials, which only a server on a loopback
// address allows, there is nothing to do and signed is false.
func (c *Client) SignIn(ctx context.Context) (signed bool, err error) {
	if c.tokens == nil {
		return false, nil
	}
	return true, c.try(ctx, reads, func(ctx context.Context) error {
		done := make(chan error, 1) // the library's source of tokens takes no context
		go func() {
			_, err := c.tokens.Token()
			done <- err
		}()
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}

// Access is what the bot's Google user may do with the interviews' calendar.
type Access struct {
	Name    string // the calendar's, e.g. the user's address
	Role    string // e.g. owner; "" when the calendar can't be seen
	Trouble error  // what keeps the bot from writing to this calendar, with its mend; nil: nothing
}

// Access looks at the interviews' calendar. Its error has nothing to do with which calendar it is.
// https://developers.google.com/workspace/calendar/api/v3/reference/events/list
func (c *Client) Access(ctx context.Context) (Access, error) {
	var page *calendar.Events
	var reason string
	err := c.try(ctx, reads, func(ctx context.Context) (err error) {
		page, err = c.service.Events.List(c.calendarID).MaxResults(1).Fields("summary", "accessRole").Context(ctx).Do()
		reason = reasonOf(err)
		return err
	})
	switch {
	case errors.Is(err, hiring.ErrNotFound):
		return Access{Trouble: c.noCalendar()}, nil
	case reason == "requiredAccessLevel":
		return Access{Role: "freeBusyReader", Trouble: err}, nil
	case err != nil:
		return Access{}, err
	}
	a := Access{Name: page.Summary, Role: page.AccessRole}
	if a.Role != "owner" && a.Role != "writer" {
		a.Trouble = outbox.Never(fmt.Errorf("%s (its role is %s)", c.readOnly(), a.Role))
	}
	return a, nil
}

// MeetTrouble returns an error with the mend when the interviews' calendar makes no Meet links, and nil when it does.
// An error that wraps ErrNoLook says that nobody knows. The client must have been made with LookScope.
// https://developers.google.com/workspace/calendar/api/v3/reference/calendars#conferenceProperties
func (c *Client) MeetTrouble(ctx context.Context) error {
	var cal *calendar.Calendar
	var reason string
	err := c.try(ctx, reads, func(ctx context.Context) (err error) {
		cal, err = c.service.Calendars.Get(c.calendarID).Fields("conferenceProperties").Context(ctx).Do()
		reason = reasonOf(err)
		return err
	})
	switch {
	case reason == "insufficientPermissions", reason == unauthorizedClient:
		return ErrNoLook
	case errors.Is(err, hiring.ErrNotFound):
		return c.noCalendar()
	case err != nil:
		return err
	case cal.ConferenceProperties == nil || !slices.Contains(cal.ConferenceProperties.AllowedConferenceSolutionTypes, "hangoutsMeet"):
		return outbox.Never(errors.New(c.noMeet()))
	}
	return nil
}

// reasonOf returns Google's word for a refusal, of a call or of a token; "" for all else.
func reasonOf(err error) string {
	var answer *googleapi.Error
	if errors.As(err, &answer) && len(answer.Errors) > 0 {
		return answer.Errors[0].Reason
	}
	return tokenReason(err)
}

// transport is what carries calls: o's, or one of our own.
func (o Options) transport() http.RoundTripper {
	if o.Transport != nil {
		return o.Transport
	}
	return http.DefaultTransport.(*http.Transport).Clone()
}
