package fakegoogle

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// idAlphabet is base32hex in lower case, the alphabet of ids that clients choose; their length is checked apart.
// https://developers.google.com/workspace/calendar/api/v3/reference/events/insert
var idAlphabet = regexp.MustCompile(`^[a-v0-9]+$`)

func validID(id string) bool { return len(id) >= 5 && len(id) <= 1024 && idAlphabet.MatchString(id) }

// writeOptions are the query parameters of calls that change an event.
type writeOptions struct {
	sendUpdates  string // all, externalOnly or none
	conference   bool   // conferenceDataVersion=1
	maxAttendees int    // 0: no limit
}

func (c *call) writeOptions() (writeOptions, error) {
	o := writeOptions{sendUpdates: "none"}
	if c.query.Get("sendNotifications") == "true" {
		o.sendUpdates = "all"
	}
	if v := c.query.Get("sendUpdates"); v != "" {
		if !slices.Contains([]string{"all", "externalOnly", "none"}, v) {
			return o, errParameter("sendUpdates", v)
		}
		o.sendUpdates = v
	}
	switch v := c.query.Get("conferenceDataVersion"); v {
	case "", "0":
	case "1":
		o.conference = true
	default:
		return o, errParameter("conferenceDataVersion", v)
	}
	switch v := c.query.Get("eventLabelVersion"); v {
	case "", "0", "1":
	default:
		return o, errParameter("eventLabelVersion", v)
	}
	var err error
	o.maxAttendees, err = positive(c.query, "maxAttendees")
	return o, err
}

// positive reads a whole number of at least 1, or 0 when the parameter is absent.
func positive(q url.Values, name string) (int, error) {
	v := q.Get(name)
	if v == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		return 0, errParameter(name, v)
	}
	return n, nil
}

func boolean(q url.Values, name string) (bool, error) {
	switch v := q.Get(name); v {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	default:
		return false, errParameter(name, v)
	}
}

// normalize checks an event that a client wants stored, fills in Google's defaults and drops what Google drops.
func normalize(ev *Event) error {
	if err := normalizeTime(ev.Start, "start"); err != nil {
		return err
	}
	if err := normalizeTime(ev.End, "end"); err != nil {
		return err
	}
	if (ev.Start.Date == "") != (ev.End.Date == "") {
		return errInvalid("Start and end times must either both be date or both be dateTime.")
	}
	start, end := ev.span(utc)
	if end.Before(start) || ev.Start.Date != "" && !end.After(start) {
		return errRangeEmpty()
	}
	if len(ev.Recurrence) > 0 && ev.Start.DateTime != "" && ev.Start.TimeZone == "" {
		return errRequired("Missing time zone definition for start time.")
	}
	if ev.Status == "" {
		ev.Status = "confirmed"
	}
	if ev.EventType == "" {
		ev.EventType = "default"
	}
	if ev.Reminders == nil {
		ev.Reminders = &Reminders{UseDefault: true}
	}
	for _, choice := range []struct{ name, value, allowed string }{
		{"status", ev.Status, "confirmed tentative cancelled"},
		{"transparency", ev.Transparency, " opaque transparent"},
		{"visibility", ev.Visibility, " default public private confidential"},
		{"eventType", ev.EventType, "default outOfOffice focusTime workingLocation birthday fromGmail"},
	} {
		if !slices.Contains(strings.Split(choice.allowed, " "), choice.value) {
			return errInvalid("Invalid value for: " + choice.name)
		}
	}
	if ev.Transparency == "opaque" {
		ev.Transparency = "" // Google leaves default values out
	}
	if ev.Visibility == "default" {
		ev.Visibility = ""
	}
	if err := normalizeReminders(ev.Reminders); err != nil {
		return err
	}
	if ev.ExtendedProperties != nil {
		cutProperties(ev.ExtendedProperties.Private)
		cutProperties(ev.ExtendedProperties.Shared)
	}
	return normalizeAttendees(ev)
}

func normalizeReminders(r *Reminders) error {
	if len(r.Overrides) > 5 {
		return errInvalid("Too many override reminders specified for event.")
	}
	if r.UseDefault && len(r.Overrides) > 0 {
		return errInvalid("Cannot specify both default reminders and overrides at the same time.")
	}
	for _, o := range r.Overrides {
		if o.Method != "email" && o.Method != "popup" || o.Minutes < 0 || o.Minutes > 40320 {
			return errInvalid("Invalid reminder: method " + o.Method + fmt.Sprintf(", %d minutes.", o.Minutes))
		}
	}
	return nil
}

// cutProperties drops keys of more than 44 characters and cuts values to 1024, silently, as Google does.
// https://developers.google.com/workspace/calendar/api/guides/extended-properties
func cutProperties(properties map[string]string) {
	for key, value := range properties {
		if len([]rune(key)) > 44 {
			delete(properties, key)
		} else if r := []rune(value); len(r) > 1024 {
			properties[key] = string(r[:1024])
		}
	}
}

func normalizeAttendees(ev *Event) error {
	seen := map[string]bool{}
	var rows []Attendee
	for _, row := range ev.Attendees {
		row.Email = strings.TrimSpace(row.Email)
		if row.Email == "" {
			return errRequired("Missing attendee email.")
		}
		if !validEmail(row.Email) {
			return errInvalid("Invalid attendee email.")
		}
		if row.ResponseStatus == "" {
			row.ResponseStatus = "needsAction"
		}
		if !slices.Contains([]string{"needsAction", "declined", "tentative", "accepted"}, row.ResponseStatus) {
			return errInvalid("Invalid value for: responseStatus")
		}
		if seen[fold(row.Email)] {
			continue
		}
		seen[fold(row.Email)] = true
		row.Self, row.Organizer = false, false // worked out for each reader
		rows = append(rows, row)
	}
	ev.Attendees = rows
	return nil
}
