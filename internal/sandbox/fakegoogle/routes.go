package fakegoogle

// methods lists the API: path, query parameters and scopes are those of Google's discovery document, revision 20260925.
// https://developers.google.com/workspace/calendar/api/v3/reference
func methods() []method {
	var (
		writeEvents = []string{"calendar", "calendar.events", "calendar.events.owned", "calendar.app.created"}
		readEvents  = append([]string{"calendar.readonly", "calendar.events.readonly", "calendar.events.freebusy",
			"calendar.events.owned.readonly", "calendar.events.public.readonly"}, writeEvents...)
		moveEvents    = []string{"calendar", "calendar.events", "calendar.events.owned"}
		freeBusy      = []string{"calendar", "calendar.readonly", "calendar.freebusy", "calendar.events.freebusy"}
		calendarList  = []string{"calendar", "calendar.readonly", "calendar.calendarlist", "calendar.calendarlist.readonly"}
		readCalendars = []string{"calendar", "calendar.readonly", "calendar.calendars", "calendar.calendars.readonly", "calendar.app.created"}
		settings      = []string{"calendar", "calendar.readonly", "calendar.settings", "calendar.settings.readonly"}
		colors        = []string{"calendar", "calendar.readonly", "calendar.calendarlist", "calendar.calendarlist.readonly",
			"calendar.events.owned", "calendar.events.owned.readonly", "calendar.events.public.readonly", "calendar.events.freebusy", "calendar.app.created"}
		readACL  = []string{"calendar", "calendar.acls", "calendar.acls.readonly"}
		writeACL = []string{"calendar", "calendar.acls"}

		change = []string{"alwaysIncludeEmail", "conferenceDataVersion", "eventLabelVersion", "maxAttendees",
			"sendNotifications", "sendUpdates", "supportsAttachments"}
		paging = []string{"maxResults", "pageToken", "syncToken"}
	)
	const events = "calendars/{calendarId}/events"
	return []method{
		{"freebusy.query", "POST freeBusy", freeBusy, nil, (*Server).queryFreeBusy},

		{"events.list", "GET " + events, readEvents, []string{"alwaysIncludeEmail", "eventTypes", "iCalUID", "maxAttendees", "maxResults",
			"orderBy", "pageToken", "privateExtendedProperty", "q", "sharedExtendedProperty", "showDeleted", "showHiddenInvitations",
			"singleEvents", "syncToken", "timeMax", "timeMin", "timeZone", "updatedMin"}, (*Server).listEvents},
		{"events.get", "GET " + events + "/{eventId}", readEvents, []string{"alwaysIncludeEmail", "maxAttendees", "timeZone"}, (*Server).getEvent},
		{"events.instances", "GET " + events + "/{eventId}/instances", readEvents, []string{"alwaysIncludeEmail", "maxAttendees", "maxResults",
			"originalStart", "pageToken", "showDeleted", "timeMax", "timeMin", "timeZone"}, (*Server).listInstances},
		{"events.insert", "POST " + events, writeEvents, change, (*Server).insertEvent},
		{"events.import", "POST " + events + "/import", writeEvents, []string{"conferenceDataVersion", "eventLabelVersion", "supportsAttachments"}, (*Server).importEvent},
		{"events.patch", "PATCH " + events + "/{eventId}", writeEvents, change, (*Server).patchEvent},
		{"events.update", "PUT " + events + "/{eventId}", writeEvents, change, (*Server).updateEvent},
		{"events.delete", "DELETE " + events + "/{eventId}", writeEvents, []string{"sendNotifications", "sendUpdates"}, (*Server).deleteEvent},
		{"events.move", "POST " + events + "/{eventId}/move", moveEvents, []string{"destination", "sendNotifications", "sendUpdates"}, (*Server).moveEvent},

		{"calendarList.list", "GET users/me/calendarList", calendarList, append([]string{"minAccessRole", "showDeleted", "showHidden",
			"showOwnOrganizationOnly"}, paging...), (*Server).listCalendars},
		{"calendarList.get", "GET users/me/calendarList/{calendarId}", append([]string{"calendar.app.created"}, calendarList...), nil, (*Server).getListedCalendar},
		{"calendars.get", "GET calendars/{calendarId}", readCalendars, nil, (*Server).getCalendar},
		{"settings.list", "GET users/me/settings", settings, paging, (*Server).listSettings},
		{"settings.get", "GET users/me/settings/{setting}", settings, nil, (*Server).getSetting},
		{"colors.get", "GET colors", colors, nil, (*Server).getColors},

		{"acl.list", "GET calendars/{calendarId}/acl", readACL, append([]string{"showDeleted"}, paging...), (*Server).listACL},
		{"acl.get", "GET calendars/{calendarId}/acl/{ruleId}", append([]string{"calendar.readonly"}, readACL...), nil, (*Server).getACL},
		{"acl.insert", "POST calendars/{calendarId}/acl", writeACL, []string{"sendNotifications"}, (*Server).insertACL},
		{"acl.patch", "PATCH calendars/{calendarId}/acl/{ruleId}", writeACL, []string{"sendNotifications"}, (*Server).changeACL},
		{"acl.update", "PUT calendars/{calendarId}/acl/{ruleId}", writeACL, []string{"sendNotifications"}, (*Server).changeACL},
		{"acl.delete", "DELETE calendars/{calendarId}/acl/{ruleId}", writeACL, nil, (*Server).deleteACL},
	}
}
