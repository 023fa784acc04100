package fakegoogle

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

func conferenceProperties(cal *calendar) map[string]any {
	allowed := []string{}
	if !cal.NoMeet {
		allowed = append(allowed, "hangoutsMeet")
	}
	return map[string]any{"allowedConferenceSolutionTypes": allowed}
}

func (s *Server) getCalendar(c *call) (any, error) {
	cal, err := s.calendarFor(c, c.PathValue("calendarId"), "reader")
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"kind": "calendar#calendar", "etag": calendarEtag(cal), "id": cal.ID, "summary": cal.Summary, "timeZone": cal.TimeZone,
		"dataOwner": cal.DataOwner, "conferenceProperties": conferenceProperties(cal),
	}, nil
}

func calendarEtag(cal *calendar) string {
	return fmt.Sprintf("%q", fmt.Sprint("c", cal.SyncGeneration))
}

// listed says whether a calendar is on somebody's list: their own, and those shared with them by name.
func (s *Server) listed(who string, cal *calendar) bool {
	return cal.DataOwner == who || slices.ContainsFunc(cal.ACL, func(r ACLRule) bool {
		return r.ScopeType == "user" && r.ScopeValue == who && r.Role != "none"
	})
}

func (s *Server) listEntry(who string, cal *calendar) map[string]any {
	entry := map[string]any{
		"kind": "calendar#calendarListEntry", "etag": calendarEtag(cal), "id": cal.ID, "summary": cal.Summary, "timeZone": cal.TimeZone,
		"accessRole": s.role(who, cal), "selected": true, "colorId": "14", "backgroundColor": "#9fe1e7", "foregroundColor": "#000000",
		"dataOwner": cal.DataOwner, "defaultReminders": []Reminder{{Method: "popup", Minutes: 10}}, "conferenceProperties": conferenceProperties(cal),
	}
	if cal.ID == who {
		entry["primary"] = true
	}
	return entry
}

func (s *Server) listCalendars(c *call) (any, error) {
	needed := cmp.Or(c.query.Get("minAccessRole"), "freeBusyReader")
	if !slices.Contains(roles, needed) {
		return nil, errParameter("minAccessRole", needed)
	}
	items := []any{}
	for _, id := range slices.Sorted(maps.Keys(s.state.Calendars)) {
		cal := s.state.Calendars[id]
		if s.listed(c.who.Email, cal) && atLeast(s.role(c.who.Email, cal), needed) {
			items = append(items, s.listEntry(c.who.Email, cal))
		}
	}
	return map[string]any{"kind": "calendar#calendarList", "etag": `"l1"`, "nextSyncToken": "calendars", "items": items}, nil
}

func (s *Server) getListedCalendar(c *call) (any, error) {
	cal, err := s.calendarFor(c, c.PathValue("calendarId"), "freeBusyReader")
	if err != nil {
		return nil, err
	}
	if !s.listed(c.who.Email, cal) {
		return nil, errNotFound()
	}
	return s.listEntry(c.who.Email, cal), nil
}

// userSettings are the settings of the caller; a service account has only a zone.
func (s *Server) userSettings(who string) map[string]string {
	settings := map[string]string{"timezone": "UTC", "locale": "en"}
	if u := s.state.Users[who]; u != nil {
		maps.Copy(settings, u.Settings)
		settings["timezone"] = u.TimeZone
	}
	return settings
}

func setting(id, value string) map[string]any {
	return map[string]any{"kind": "calendar#setting", "etag": `"0"`, "id": id, "value": value}
}

func (s *Server) listSettings(c *call) (any, error) {
	settings := s.userSettings(c.who.Email)
	items := []any{}
	for _, id := range slices.Sorted(maps.Keys(settings)) {
		items = append(items, setting(id, settings[id]))
	}
	return map[string]any{"kind": "calendar#settings", "etag": `"0"`, "nextSyncToken": "settings", "items": items}, nil
}

func (s *Server) getSetting(c *call) (any, error) {
	value, ok := s.userSettings(c.who.Email)[c.PathValue("setting")]
	if !ok {
		return nil, errNotFound()
	}
	return setting(c.PathValue("setting"), value), nil
}

func (s *Server) getColors(*call) (any, error) {
	palette := func(backgrounds ...string) map[string]any {
		m := map[string]any{}
		for i, background := range backgrounds {
			m[fmt.Sprint(i+1)] = map[string]string{"background": background, "foreground": "#1d1d1d"}
		}
		return m
	}
	return map[string]any{
		"kind": "calendar#colors", "updated": "2012-02-14T00:00:00.000Z",
		"calendar": palette("#ac725e", "#d06b64", "#f83a22", "#fa573c", "#ff7537", "#ffad46"),
		"event": palette("#a4bdfc", "#7ae7bf", "#dbadff", "#ff887c", "#fbd75b", "#ffb878", "#46d6db", "#e1e1e1", "#5484ed", "#51b749",
			"#dc2127"),
	}, nil
}
