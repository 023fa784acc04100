package gcal

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"convene/internal/hiring"

	"google.golang.org/api/calendar/v3"
	"google.golang.org/api/googleapi"
)

// changedFields are what is read of each event: nothing of other people's meetings that Convene has no use for.
var changedFields = []googleapi.Field{
	"nextPageToken", "nextSyncToken",
	"items(id,etag,status,summary,location,start,end,attendees(email,displayName,optional,responseStatus,comment)," +
		"guestsCanSeeOtherGuests,extendedProperties/private,hangoutLink,conferenceData(entryPoints,createRequest/status))",
}

// Changes returns our events that changed since syncToken was given, deleted ones included, and the next token. An
// empty token reads everything. When the token is no longer valid the error is hiring.ErrResync: start again with an
// empty one. Deleted events may be others' too, as Google leaves only their id.
// https://developers.google.com/workspace/calendar/api/guides/sync
func (c *Client) Changes(ctx context.Context, syncToken string) (events []hiring.Event, next string, err error) {
	pageToken := ""
	for {
		page, err := c.changesPage(ctx, syncToken, pageToken)
		if err != nil {
			return nil, "", err
		}
		for _, item := range page.Items {
			ev, err := fromGoogle(item)
			if err == nil && (ev.Cancelled || ev.Key != "") {
				events = append(events, ev)
			}
		}
		if page.NextPageToken == "" {
			if page.NextSyncToken == "" {
				return nil, "", errors.New("Google Calendar's answer has no sync token")
			}
			return events, page.NextSyncToken, nil
		}
		pageToken = page.NextPageToken
	}
}

func (c *Client) changesPage(ctx context.Context, syncToken, pageToken string) (*calendar.Events, error) {
	// Every page has the same parameters, and so has every sync after it: Google requires that.
	call := c.service.Events.List(c.calendarID).ShowDeleted(true).MaxResults(2500).Fields(changedFields...)
	if syncToken != "" {
		call.SyncToken(syncToken)
	}
	if pageToken != "" {
		call.PageToken(pageToken)
	}
	var page *calendar.Events
	resync := false
	err := c.try(ctx, reads, func(ctx context.Context) (err error) {
		page, err = call.Context(ctx).Do()
		// 410 is documented; 400 is what a token of another calendar, or a damaged one, gets.
		resync = syncToken != "" && (answered(err, http.StatusGone) || answered(err, http.StatusBadRequest))
		return err
	})
	switch {
	case resync:
		return nil, fmt.Errorf("read changes: %w", hiring.ErrResync)
	case errors.Is(err, hiring.ErrNotFound):
		return nil, c.noCalendar()
	}
	return page, err
}
