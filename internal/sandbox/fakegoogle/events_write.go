package fakegoogle

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"time"
)

var utc = time.UTC

// writer is the role that changes need.
const writer = "writerWithoutPrivateAccess"

func (s *Server) insertEvent(c *call) (any, error) {
	var ev Event
	if err := s.decode(c.body, &ev); err != nil {
		return nil, err
	}
	how, err := c.writeOptions()
	if err != nil {
		return nil, err
	}
	cal, err := s.calendarFor(c, c.PathValue("calendarId"), writer)
	if err != nil {
		return nil, err
	}
	if ev.ID != "" && !validID(ev.ID) {
		return nil, errInvalid("Invalid resource id value.")
	}
	if ev.ID != "" && ev.ICalUID != "" {
		return nil, errInvalid("Either id or iCalUID may be set, not both.")
	}
	if err := normalize(&ev); err != nil {
		return nil, err
	}
	if c.who.Bare && !c.who.MayInvite && len(ev.Attendees) > 0 {
		return nil, errServiceAccountGuests()
	}
	if err := s.setConference(c.who, cal, &ev, nil, how.conference); err != nil {
		return nil, err
	}
	if cal.Events[ev.ID] != nil {
		return nil, errDuplicate() // also when it was deleted: an id is never free again
	}
	e := s.create(cal, ev, c.who.Email, c.now)
	s.inviteAll(cal, e, how.sendUpdates, c.now)
	return s.view(c.who.Email, cal, e, cal.zone(), how.maxAttendees), nil
}

// create stores a checked event as the main copy on a calendar.
func (s *Server) create(cal *calendar, ev Event, creator string, now time.Time) *entry {
	if ev.ID == "" {
		ev.ID = s.newID("event")
	}
	if ev.ICalUID == "" {
		ev.ICalUID = ev.ID + "@google.com"
	}
	ev.Kind = "calendar#event"
	ev.HTMLLink = "https://www.google.com/calendar/event?eid=" + base64.RawURLEncoding.EncodeToString([]byte(ev.ID+" "+cal.ID))
	ev.Created = now.UTC().Format(time.RFC3339)
	ev.Creator = &Person{Email: creator}
	ev.Organizer = &Person{Email: cal.ID}
	if !cal.Primary {
		ev.Organizer.DisplayName = cal.Summary
	}
	if ev.EventType == "outOfOffice" {
		ev.Organizer = &Person{Email: "unknownorganizer@calendar.google.com"}
	}
	ev.Sequence = 0
	e := &entry{Event: ev, Main: true, Home: cal.ID}
	cal.Events[ev.ID] = e
	s.touch(cal, e, now)
	return e
}

// importEvent adds a copy of an event without inviting anybody.
func (s *Server) importEvent(c *call) (any, error) {
	var ev Event
	if err := s.decode(c.body, &ev); err != nil {
		return nil, err
	}
	cal, err := s.calendarFor(c, c.PathValue("calendarId"), writer)
	if err != nil {
		return nil, err
	}
	if ev.ICalUID == "" {
		return nil, errRequired("Missing iCalUID.")
	}
	if err := normalize(&ev); err != nil {
		return nil, err
	}
	for _, e := range cal.Events {
		if e.Event.ICalUID == ev.ICalUID {
			return nil, errDuplicate()
		}
	}
	ev.ID, ev.ConferenceData, ev.HangoutLink = "", nil, ""
	organizer := ev.Organizer
	e := s.create(cal, ev, c.who.Email, c.now)
	if organizer != nil && organizer.Email != "" {
		e.Event.Organizer = &Person{Email: organizer.Email, DisplayName: organizer.DisplayName}
	}
	return s.view(c.who.Email, cal, e, cal.zone(), 0), nil
}

func (s *Server) patchEvent(c *call) (any, error) {
	var typed Event
	if err := s.decode(c.body, &typed); err != nil { // finds unknown fields and wrong types
		return nil, err
	}
	var patch map[string]any
	if err := json.Unmarshal(c.body, &patch); err != nil {
		return nil, errParse("Parse Error")
	}
	return s.changeEvent(c, func(old Event) (Event, error) { return merged(old, patch) })
}

func (s *Server) updateEvent(c *call) (any, error) {
	var ev Event
	if err := s.decode(c.body, &ev); err != nil {
		return nil, err
	}
	return s.changeEvent(c, func(Event) (Event, error) { return ev, nil })
}

// changeEvent is what patch and update share: edit makes the new event of the old.
func (s *Server) changeEvent(c *call, edit func(Event) (Event, error)) (any, error) {
	how, err := c.writeOptions()
	if err != nil {
		return nil, err
	}
	cal, e, err := s.eventFor(c, writer)
	if err != nil {
		return nil, err
	}
	if err := c.checkIfMatch(e); err != nil {
		return nil, err
	}
	old := e.Event
	next, err := edit(old)
	if err != nil {
		return nil, err
	}
	if next.EventType != "" && next.EventType != old.EventType {
		return nil, errInvalid("Event type cannot be changed.")
	}
	keepReadOnly(&next, old)
	if err := normalize(&next); err != nil {
		return nil, err
	}
	if old.Status == "cancelled" && next.Status == "cancelled" && !s.opt.TombstonePatchAllowed || e.Stub {
		return nil, errNotFound()
	}
	if c.who.Bare && !c.who.MayInvite && len(newGuests(old, next)) > 0 {
		return nil, errServiceAccountGuests()
	}
	if !e.Main {
		if err := s.changeGuestCopy(cal, e, next, c.now); err != nil {
			return nil, err
		}
		return s.view(c.who.Email, cal, e, cal.zone(), how.maxAttendees), nil
	}
	if err := s.setConference(c.who, cal, &next, old.ConferenceData, how.conference); err != nil {
		return nil, err
	}
	s.changeMain(cal, e, next, how.sendUpdates, c.now)
	return s.view(c.who.Email, cal, e, cal.zone(), how.maxAttendees), nil
}

// eventFor finds the event a call names, deleted ones included.
func (s *Server) eventFor(c *call, needed string) (*calendar, *entry, error) {
	cal, err := s.calendarFor(c, c.PathValue("calendarId"), needed)
	if err != nil {
		return nil, nil, err
	}
	e := cal.Events[c.PathValue("eventId")]
	if e == nil {
		return nil, nil, errNotFound()
	}
	return cal, e, nil
}

func (c *call) checkIfMatch(e *entry) error {
	if tag := c.Header.Get("If-Match"); tag != "" && tag != "*" && tag != e.Event.Etag {
		return errCondition()
	}
	return nil
}

// keepReadOnly puts the old values back into fields that clients can't change.
func keepReadOnly(next *Event, old Event) {
	next.Kind, next.Etag, next.ID, next.HTMLLink = old.Kind, old.Etag, old.ID, old.HTMLLink
	next.Created, next.Updated, next.Creator, next.Organizer = old.Created, old.Updated, old.Creator, old.Organizer
	next.ICalUID, next.Sequence, next.HangoutLink, next.EventType = old.ICalUID, old.Sequence, old.HangoutLink, old.EventType
	next.RecurringEventID, next.OriginalStartTime = old.RecurringEventID, old.OriginalStartTime
	next.Locked, next.PrivateCopy, next.AttendeesOmitted = old.Locked, old.PrivateCopy, false
}

// merged applies a JSON merge patch: objects merge, arrays are replaced whole, null deletes.
// https://developers.google.com/workspace/calendar/api/guides/performance#patch
func merged(old Event, patch map[string]any) (Event, error) {
	data, err := json.Marshal(old)
	if err != nil {
		return Event{}, err
	}
	var base map[string]any
	if err := json.Unmarshal(data, &base); err != nil {
		return Event{}, err
	}
	mergeJSON(base, patch)
	if data, err = json.Marshal(base); err != nil {
		return Event{}, err
	}
	var next Event
	if err := json.Unmarshal(data, &next); err != nil {
		return Event{}, errParse("Parse Error: " + err.Error())
	}
	return next, nil
}

func mergeJSON(base, patch map[string]any) {
	for key, value := range patch {
		if value == nil {
			delete(base, key)
			continue
		}
		object, ok := value.(map[string]any)
		if !ok {
			base[key] = value
			continue
		}
		under, ok := base[key].(map[string]any)
		if !ok {
			under = map[string]any{}
		}
		under = maps.Clone(under)
		mergeJSON(under, object)
		base[key] = under
	}
}

func (s *Server) deleteEvent(c *call) (any, error) {
	how, err := c.writeOptions()
	if err != nil {
		return nil, err
	}
	cal, e, err := s.eventFor(c, writer)
	if err != nil {
		return nil, err
	}
	if e.Event.Status == "cancelled" || e.Hidden {
		return nil, errDeleted()
	}
	if err := c.checkIfMatch(e); err != nil {
		return nil, err
	}
	if e.Main {
		s.cancelMain(cal, e, how.sendUpdates, c.now)
	} else {
		s.removeGuestCopy(cal, e, c.now)
	}
	return nil, nil
}

// moveEvent gives an event another organizer. The answer is the stub that stays behind.
func (s *Server) moveEvent(c *call) (any, error) {
	how, err := c.writeOptions()
	if err != nil {
		return nil, err
	}
	cal, e, err := s.eventFor(c, writer)
	if err != nil {
		return nil, err
	}
	if c.query.Get("destination") == "" {
		return nil, errRequired("Missing destination.")
	}
	to, err := s.calendarFor(c, c.query.Get("destination"), writer)
	if err != nil {
		return nil, err
	}
	if err := c.checkIfMatch(e); err != nil {
		return nil, err
	}
	if e.Event.Status == "cancelled" {
		return nil, errDeleted()
	}
	if !e.Main {
		return nil, errNotOrganizer()
	}
	if e.Event.EventType != "default" {
		return nil, errInvalid("Only events of type default can be moved.")
	}
	s.moveMain(cal, e, to, how.sendUpdates, c.now)
	return s.view(c.who.Email, cal, e, cal.zone(), 0), nil
}

// moveMain carries the main copy to another calendar and leaves a cancelled stub.
func (s *Server) moveMain(cal *calendar, e *entry, to *calendar, sendUpdates string, now time.Time) {
	moved := &entry{Event: clone(e.Event), Main: true, Home: to.ID}
	moved.Event.Organizer = &Person{Email: to.ID}
	if !to.Primary {
		moved.Event.Organizer.DisplayName = to.Summary
	}
	e.Main, e.Stub, e.Home = false, true, ""
	e.Event.Status = "cancelled"
	s.touch(cal, e, now)
	to.Events[moved.Event.ID] = moved
	s.touch(to, moved, now)
	for _, row := range moved.Event.Attendees {
		if guest := s.guestCopy(row.Email, moved); guest != nil {
			guest.Home = to.ID
		}
	}
	s.share(moved, now)
	s.mailGuests(moved, moved.Event.Attendees, "update", sendUpdates, now)
}
