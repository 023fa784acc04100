package gcal

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"

	"google.golang.org/api/calendar/v3"
	"google.golang.org/api/googleapi"
)

// keyProperty is the private property that marks an event as ours; its value is the interview's id. Only the
// organizer's copy has it: guests don't see it.
// https://developers.google.com/workspace/calendar/api/guides/extended-properties
const keyProperty = "conveneInterview"

// invitedProperty is the private property with the marks of the guests that we invited, apart by spaces. It changes in
// the same call as the guests, so that whom a person added is known whatever happens in between.
const invitedProperty = "conveneInvited"

func properties(ev hiring.Event) *calendar.EventExtendedProperties {
	return &calendar.EventExtendedProperties{Private: map[string]string{keyProperty: ev.Key, invitedProperty: strings.Join(ev.Invited, " ")}}
}

// toGoogle is the event to insert. What the candidate, a guest, may see is in ev; what the role doesn't show is
// hidden by the flags.
func toGoogle(ev hiring.Event) (*calendar.Event, error) {
	zone, err := time.LoadLocation(ev.Zone)
	if err != nil || ev.Zone == "" || ev.Zone == "Local" {
		return nil, fmt.Errorf("%q is no time zone: choose one such as America/Chicago", ev.Zone)
	}
	g := &calendar.Event{
		Id:                      ev.ID,
		Status:                  statusOf(ev),
		Summary:                 ev.Summary,
		Description:             escape(ev.Description),
		Location:                ev.Location,
		Start:                   eventTime(ev.Start, zone),
		End:                     eventTime(ev.End, zone),
		Visibility:              "private",
		Transparency:            "opaque",
		GuestsCanModify:         false,
		GuestsCanInviteOthers:   googleapi.Bool(false),
		GuestsCanSeeOtherGuests: googleapi.Bool(ev.ShowGuests),
		ExtendedProperties:      properties(ev),
	}
	for _, guest := range ev.Guests {
		g.Attendees = append(g.Attendees, attendee(guest))
	}
	if ev.Meet {
		g.ConferenceData = meetFor(ev.ID)
	}
	return g, nil
}

// statusOf is the event's status. A tentative event makes its guests' calendars busy like any other, as long as it
// isn't transparent. https://developers.google.com/workspace/calendar/api/v3/reference/events#resource
func statusOf(ev hiring.Event) string {
	if ev.Tentative {
		return "tentative"
	}
	return "confirmed"
}

// meetFor asks for a Meet link for the event with that id.
func meetFor(id string) *calendar.ConferenceData {
	return &calendar.ConferenceData{CreateRequest: &calendar.CreateConferenceRequest{
		RequestId:             id, // new with every generation, as Google ignores an id it has seen
		ConferenceSolutionKey: &calendar.ConferenceSolutionKey{Type: "hangoutsMeet"},
	}}
}

// escape makes text safe in a description, which Google renders as HTML.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

func eventTime(at time.Time, zone *time.Location) *calendar.EventDateTime {
	return &calendar.EventDateTime{DateTime: at.In(zone).Format(time.RFC3339), TimeZone: zone.String()}
}

func attendee(g hiring.Guest) *calendar.EventAttendee {
	return &calendar.EventAttendee{Email: g.Email, DisplayName: g.Name, Optional: g.Optional, ResponseStatus: "needsAction"}
}

// fromGoogle reads an event. Of a cancelled one Google may leave only the id.
func fromGoogle(g *calendar.Event) (hiring.Event, error) {
	ev := hiring.Event{
		ID:          g.Id,
		Etag:        g.Etag,
		Cancelled:   g.Status == "cancelled",
		Tentative:   g.Status == "tentative",
		Summary:     g.Summary,
		Description: html.UnescapeString(g.Description),
		Location:    g.Location,
		ShowGuests:  g.GuestsCanSeeOtherGuests == nil || *g.GuestsCanSeeOtherGuests,
		Link:        meetLink(g),
	}
	if g.ExtendedProperties != nil {
		ev.Key = g.ExtendedProperties.Private[keyProperty]
		if marks := g.ExtendedProperties.Private[invitedProperty]; marks != "" {
			ev.Invited = strings.Fields(marks)
		}
	}
	if c := g.ConferenceData; c != nil {
		ev.Meet = true
		ev.LinkPending = ev.Link == "" && c.CreateRequest != nil && c.CreateRequest.Status != nil && c.CreateRequest.Status.StatusCode == "pending"
	}
	for _, a := range g.Attendees {
		ev.Guests = append(ev.Guests, hiring.Guest{Email: a.Email, Name: a.DisplayName, Optional: a.Optional, RSVP: a.ResponseStatus, Comment: a.Comment})
	}
	if ev.Cancelled && (g.Start == nil || g.End == nil) {
		return ev, nil
	}
	var err error
	if ev.Start, err = readTime(g.Start); err != nil {
		return ev, err
	}
	if ev.End, err = readTime(g.End); err != nil {
		return ev, err
	}
	ev.Zone = g.Start.TimeZone
	return ev, nil
}

// readTime reads a start or end in UTC. A person can make an interview all-day; then its days are those of its zone.
func readTime(t *calendar.EventDateTime) (time.Time, error) {
	if t == nil {
		return time.Time{}, fmt.Errorf("Google's event has no start or end")
	}
	if t.DateTime != "" {
		at, err := time.Parse(time.RFC3339, t.DateTime)
		return at.UTC(), err
	}
	at, err := time.ParseInLocation(time.DateOnly, t.Date, hiring.LoadZone(t.TimeZone))
	return at.UTC(), err
}

func meetLink(g *calendar.Event) string {
	if g.ConferenceData != nil {
		i := slices.IndexFunc(g.ConferenceData.EntryPoints, func(e *calendar.EntryPoint) bool { return e.EntryPointType == "video" })
		if i >= 0 {
			return g.ConferenceData.EntryPoints[i].Uri
		}
	}
	return g.HangoutLink
}

// guestsAfter are the attendees that make the wanted guests come true, and whether that changes anything. Those who
// stay keep their answer and comment: Google replaces the list whole.
// https://developers.google.com/workspace/calendar/api/guides/performance#patch
func guestsAfter(have []*calendar.EventAttendee, want []hiring.Guest) (rows []*calendar.EventAttendee, changed bool) {
	kept := 0
	for _, guest := range want {
		i := slices.IndexFunc(have, func(a *calendar.EventAttendee) bool { return strings.EqualFold(a.Email, guest.Email) })
		if i < 0 {
			rows, changed = append(rows, attendee(guest)), true
			continue
		}
		kept++
		row := *have[i]
		if row.Optional != guest.Optional {
			row.Optional, changed = guest.Optional, true
		}
		rows = append(rows, &row)
	}
	return rows, changed || kept != len(have)
}
