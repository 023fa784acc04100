package fakegoogle

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// CalendarDump is a calendar with the events on it.
type CalendarDump struct {
	ID       string      `json:"id"`
	Summary  string      `json:"summary"`
	TimeZone string      `json:"timeZone"`
	Owner    string      `json:"owner"`
	Primary  bool        `json:"primary"`
	Events   []EventDump `json:"events"` // by start
}

// EventDump is one copy of an event, as the calendar's owner sees it.
type EventDump struct {
	Event
	StartsAt time.Time `json:"startsAt"`
	EndsAt   time.Time `json:"endsAt"`
	Main     bool      `json:"main"` // the organizer's copy
	Hidden   bool      `json:"hidden,omitempty"`
	Busy     bool      `json:"busy"` // takes the owner's time
}

// Dump returns all calendars with all their events, deleted ones included, by calendar id.
func (s *Server) Dump() []CalendarDump {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.opt.Now())
	var all []CalendarDump
	for _, id := range slices.Sorted(maps.Keys(s.state.Calendars)) {
		all = append(all, s.dump(s.state.Calendars[id]))
	}
	return all
}

func (s *Server) dump(cal *calendar) CalendarDump {
	d := CalendarDump{ID: cal.ID, Summary: cal.Summary, TimeZone: cal.TimeZone, Owner: cal.DataOwner, Primary: cal.Primary, Events: []EventDump{}}
	for _, e := range cal.Events {
		start, end := e.Event.span(cal.zone())
		d.Events = append(d.Events, EventDump{
			Event: s.shown(cal.DataOwner, cal, e, cal.zone(), 0), StartsAt: start, EndsAt: end,
			Main: e.Main, Hidden: e.Hidden, Busy: s.blocks(cal, e),
		})
	}
	slices.SortFunc(d.Events, func(a, b EventDump) int {
		if c := a.StartsAt.Compare(b.StartsAt); c != 0 {
			return c
		}
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return d
}

// Calendar returns one calendar with its events; ok is false when there is none with the id.
func (s *Server) Calendar(id string) (d CalendarDump, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.opt.Now())
	cal := s.state.Calendars[fold(id)]
	if cal == nil {
		return d, false
	}
	return s.dump(cal), true
}

// Event returns the organizer's copy of an event, deleted or not; ok is false when there is none with the id.
func (s *Server) Event(id string) (ev EventDump, ok bool) {
	for _, cal := range s.Dump() {
		for _, e := range cal.Events {
			if e.ID == id && e.Main {
				return e, true
			}
		}
	}
	return ev, false
}

// Users returns all users by e-mail address.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []User
	for _, email := range slices.Sorted(maps.Keys(s.state.Users)) {
		all = append(all, clone(*s.state.Users[email]))
	}
	return all
}

// Save returns everything that outlives a restart, as JSON: users, calendars, events, tokens and mail.
func (s *Server) Save() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return json.Marshal(s.state)
}

// Load replaces the state by one that [Server.Save] returned. Faults, ledger and page tokens start empty.
func (s *Server) Load(data []byte) error {
	loaded := newState()
	if err := json.Unmarshal(data, &loaded); err != nil {
		return fmt.Errorf("fakegoogle: the saved state can't be read: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = loaded
	s.faults, s.requests = nil, nil
	s.listings = listings{byToken: map[string]*listing{}}
	s.changed()
	return nil
}
