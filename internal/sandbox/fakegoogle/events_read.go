package fakegoogle

import (
	"slices"
	"time"
)

func (s *Server) getEvent(c *call) (any, error) {
	zone, err := c.zone()
	if err != nil {
		return nil, err
	}
	maxAttendees, err := positive(c.query, "maxAttendees")
	if err != nil {
		return nil, err
	}
	cal, e, err := s.eventFor(c, s.listRole())
	if err != nil {
		return nil, err
	}
	s.countRead(cal, e, c.now)
	if zone == nil {
		zone = cal.zone()
	}
	if c.fault != nil && c.fault.Action == FaultStaleRead {
		if e.Previous == nil {
			return nil, errNotFound()
		}
		stale := *e
		stale.Event = *e.Previous
		return s.view(c.who.Email, cal, &stale, zone, maxAttendees), nil
	}
	if tag := c.Header.Get("If-None-Match"); tag != "" && tag == e.Event.Etag {
		return nil, errNotModified
	}
	return s.view(c.who.Email, cal, e, zone, maxAttendees), nil
}

// listRole is the role that reading events needs.
func (s *Server) listRole() string {
	if s.opt.FreeBusyReaderMayList {
		return "freeBusyReader"
	}
	return "reader"
}

// zone is the timeZone parameter, or nil when it is absent.
func (c *call) zone() (*time.Location, error) {
	name := c.query.Get("timeZone")
	if name == "" {
		return nil, nil
	}
	zone, err := loadZone(name)
	if err != nil {
		return nil, errParameter("timeZone", name)
	}
	return zone, nil
}

// view is a copy as a reader sees it: an Event, or a tombstone where a guest's copy is gone.
func (s *Server) view(who string, cal *calendar, e *entry, zone *time.Location, maxAttendees int) any {
	if e.Event.Status == "cancelled" && !e.Main {
		return tombstone{Kind: "calendar#event", Etag: e.Event.Etag, ID: e.Event.ID, Status: "cancelled"}
	}
	return s.shown(who, cal, e, zone, maxAttendees)
}

func (s *Server) shown(who string, cal *calendar, e *entry, zone *time.Location, maxAttendees int) Event {
	ev := clone(e.Event)
	ev.Start, ev.End = ev.Start.in(zone), ev.End.in(zone)
	role := s.role(who, cal)
	private := ev.Visibility == "private" || ev.Visibility == "confidential"
	if !atLeast(role, "reader") || private && !atLeast(role, "writer") {
		return Event{
			Kind: ev.Kind, Etag: ev.Etag, ID: ev.ID, Status: ev.Status, Start: ev.Start, End: ev.End, Updated: ev.Updated, Created: ev.Created,
			ICalUID: ev.ICalUID, Sequence: ev.Sequence, Visibility: ev.Visibility, Transparency: ev.Transparency, EventType: ev.EventType,
		}
	}
	markSelf(ev.Creator, cal.ID)
	markSelf(ev.Organizer, cal.ID)
	for i, row := range ev.Attendees {
		ev.Attendees[i].Self = fold(row.Email) == cal.ID
		ev.Attendees[i].Organizer = ev.Organizer != nil && fold(row.Email) == fold(ev.Organizer.Email)
	}
	if !e.Main && isFalse(ev.GuestsCanSeeOtherGuests) {
		ev.Attendees = slices.DeleteFunc(ev.Attendees, func(row Attendee) bool { return !row.Self })
		ev.AttendeesOmitted = true
	}
	if maxAttendees > 0 && len(ev.Attendees) > maxAttendees {
		ev.Attendees, ev.AttendeesOmitted = ev.Attendees[:maxAttendees], true
	}
	if ev.Creator == nil || fold(ev.Creator.Email) != who {
		ev.Source = nil // only its creator sees it
	}
	return ev
}

func markSelf(p *Person, calendarID string) {
	if p != nil {
		p.Self = fold(p.Email) == calendarID
	}
}
