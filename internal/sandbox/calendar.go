package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"convene/internal/sandbox/fakegoogle"
)

func (s *Sandbox) getCalendars(*http.Request) (any, error) {
	return map[string]any{"ok": true, "calendars": s.Google.Dump()}, nil
}

func (s *Sandbox) getCalendar(r *http.Request) (any, error) {
	email := s.email(r.PathValue("email"))
	c, ok := s.Google.Calendar(email)
	if !ok {
		return nil, notThere("there is no calendar %q", email)
	}
	return map[string]any{"ok": true, "calendar": c}, nil
}

// events are the organizers' copies of all events, deleted ones too, by start.
func (s *Sandbox) events() []fakegoogle.EventDump {
	events := []fakegoogle.EventDump{}
	for _, c := range s.Google.Dump() {
		for _, e := range c.Events {
			if e.Main {
				events = append(events, e)
			}
		}
	}
	slices.SortStableFunc(events, func(a, b fakegoogle.EventDump) int { return a.StartsAt.Compare(b.StartsAt) })
	return events
}

// interviews are the bot's own events, deleted ones too, by start.
func (s *Sandbox) interviews() []fakegoogle.EventDump {
	c, _ := s.Google.Calendar(InterviewsAccount) // it is always there
	return slices.DeleteFunc(c.Events, func(e fakegoogle.EventDump) bool { return !e.Main })
}

// getEvents lists events; organizer=… only one account's, by default the
// bot's; "*" for all.
func (s *Sandbox) getEvents(r *http.Request) (any, error) {
	organizer := r.URL.Query().Get("organizer")
	if organizer == "" {
		organizer = InterviewsAccount
	}
	organizer = s.email(organizer)
	events := slices.DeleteFunc(s.events(), func(e fakegoogle.EventDump) bool {
		return organizer != "*" && (e.Organizer == nil || e.Organizer.Email != organizer)
	})
	return map[string]any{"ok": true, "events": events}, nil
}

// email is the address of a person of the workspace, or what was given.
func (s *Sandbox) email(name string) string {
	if u, err := s.person(name); err == nil && u.Email != "" {
		return u.Email
	}
	return name
}

// eventAction is the body of the addresses that change events as a person does
// in Google Calendar.
type eventAction struct {
	As        string `json:"as"` // whose calendar, or who answers; a name, or any e-mail address
	Summary   string `json:"summary"`
	Start     string `json:"start"` // RFC 3339, or 2026-11-23T14:00 in the person's zone
	End       string `json:"end"`   // default: as long as before; an hour for a new one
	Zone      string `json:"zone"`  // of the times instead of the person's, e.g. America/Chicago
	Available bool   `json:"available"`
	Silent    bool   `json:"silent"` // delete without telling the guests
	Answer    string `json:"answer"` // accepted, declined, tentative, needsAction
	Comment   string `json:"comment"`
}

func (s *Sandbox) createEvent(r *http.Request) (any, error) {
	var in eventAction
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	start, end, err := s.span(in, time.Hour)
	if err != nil {
		return nil, err
	}
	if in.Summary == "" {
		in.Summary = "Busy"
	}
	id, err := s.Google.AddBusy(s.email(in.As), in.Summary, start, end, in.Available)
	if err != nil {
		return nil, err
	}
	return map[string]any{"ok": true, "id": id}, nil
}

// span reads start and end; an end that is left out is long after the start.
func (s *Sandbox) span(in eventAction, long time.Duration) (start, end time.Time, err error) {
	zone, err := s.zoneFor(in)
	if err != nil {
		return start, end, err
	}
	if start, err = moment(in.Start, zone); err != nil {
		return start, end, fmt.Errorf(`"start": %w`, err)
	}
	end = start.Add(long)
	if in.End != "" {
		if end, err = moment(in.End, zone); err != nil {
			return start, end, fmt.Errorf(`"end": %w`, err)
		}
	}
	if !end.After(start) {
		return start, end, errors.New("the end must be after the start")
	}
	return start, end, nil
}

// zoneFor is the zone of the wall clock times of an action.
func (s *Sandbox) zoneFor(in eventAction) (*time.Location, error) {
	if in.Zone != "" {
		zone, err := time.LoadLocation(in.Zone)
		if err != nil {
			return nil, fmt.Errorf(`"zone" must be a name such as America/Chicago: %w`, err)
		}
		return zone, nil
	}
	if u, err := s.person(in.As); err == nil && u.TZ != "" {
		return zoneOf(u), nil
	}
	return companyLocation(), nil
}

// moment reads RFC 3339, or a wall clock time in a zone.
func moment(text string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time: give 2026-11-23T14:00:00-06:00, or 2026-11-23T14:00 in the person's zone", text)
}

func companyLocation() *time.Location {
	if zone, err := time.LoadLocation(companyZone); err == nil {
		return zone
	}
	return time.UTC // a machine without zone data
}

func (s *Sandbox) moveEvent(r *http.Request) (any, error) {
	var in eventAction
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	e, err := s.event(r)
	if err != nil {
		return nil, err
	}
	start, end, err := s.span(in, e.EndsAt.Sub(e.StartsAt))
	if err != nil {
		return nil, err
	}
	if err := s.Google.HumanMove(e.ID, start, end); err != nil {
		return nil, err
	}
	return s.done(), nil
}

func (s *Sandbox) deleteEvent(r *http.Request) (any, error) {
	var in eventAction
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	e, err := s.event(r)
	if err != nil {
		return nil, err
	}
	// A guest who deletes an event removes their copy, which declines it.
	if email := s.email(in.As); in.As != "" && e.Organizer != nil && e.Organizer.Email != email {
		err = s.Google.RemoveFromOwnCalendar(email, e.ID)
	} else {
		err = s.Google.HumanDelete(e.ID, !in.Silent)
	}
	if err != nil {
		return nil, err
	}
	return s.done(), nil
}

func (s *Sandbox) answerEvent(r *http.Request) (any, error) {
	var in eventAction
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	e, err := s.event(r)
	if err != nil {
		return nil, err
	}
	if err := s.Google.RSVP(s.email(in.As), e.ID, in.Answer, in.Comment); err != nil {
		return nil, err
	}
	return s.done(), nil
}

func (s *Sandbox) event(r *http.Request) (fakegoogle.EventDump, error) {
	id := r.PathValue("event")
	e, ok := s.Google.Event(id)
	if !ok || e.Status == "cancelled" {
		return e, notThere("there is no event %q", id)
	}
	return e, nil
}

// getMails lists what was e-mailed: by the bot, and by Google for its events.
func (s *Sandbox) getMails(r *http.Request) (any, error) {
	to := r.URL.Query().Get("to")
	sent := slices.DeleteFunc(s.mail.all(), func(m Mail) bool { return to != "" && !slices.Contains(m.To, to) })
	invitations := slices.DeleteFunc(s.Google.Mail(), func(m fakegoogle.Mail) bool { return to != "" && m.To != to })
	if invitations == nil {
		invitations = []fakegoogle.Mail{}
	}
	return map[string]any{"ok": true, "sent": sent, "invitations": invitations}, nil
}
