package fakegoogle

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrNoEvent is returned when no living event has the id.
var ErrNoEvent = errors.New("fakegoogle: no such event")

// main finds the organizer's copy of a living event.
func (s *Server) main(eventID string) (*calendar, *entry, error) {
	for _, cal := range s.state.Calendars {
		if e := cal.Events[eventID]; e != nil && e.Main && e.Event.Status != "cancelled" {
			return cal, e, nil
		}
	}
	return nil, nil, fmt.Errorf("%w: %s", ErrNoEvent, eventID)
}

// act runs something a person does, with the lock held.
func (s *Server) act(eventID string, do func(cal *calendar, main *entry, now time.Time) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opt.Now()
	s.settle(now)
	cal, main, err := s.main(eventID)
	if err != nil {
		return err
	}
	return do(cal, main, now)
}

// RSVP answers an invitation: status is accepted, declined, tentative or needsAction. A guest without an account
// answers from the mail.
func (s *Server) RSVP(email, eventID, status, comment string) error {
	return s.act(eventID, func(cal *calendar, main *entry, now time.Time) error {
		if !slices.Contains([]string{"needsAction", "declined", "tentative", "accepted"}, status) {
			return fmt.Errorf("fakegoogle: %q is no answer; use accepted, declined, tentative or needsAction", status)
		}
		if find(main.Event.Attendees, email) < 0 {
			return fmt.Errorf("fakegoogle: %s is no guest of event %s", email, eventID)
		}
		if user := s.state.Users[fold(email)]; user != nil && user.Email != cal.ID && s.guestCopy(email, main) == nil {
			s.addGuestCopy(user, main, now)
		}
		s.answer(cal, main, email, status, comment, now)
		return nil
	})
}

// HumanMove drags an event to another time on its organizer's calendar; guests are told.
func (s *Server) HumanMove(eventID string, start, end time.Time) error {
	return s.act(eventID, func(cal *calendar, main *entry, now time.Time) error {
		next := clone(main.Event)
		zone := next.Start.TimeZone
		next.Start = &EventTime{DateTime: start.Format(time.RFC3339), TimeZone: zone}
		next.End = &EventTime{DateTime: end.Format(time.RFC3339), TimeZone: zone}
		if err := normalize(&next); err != nil {
			return err
		}
		s.changeMain(cal, main, next, "all", now)
		return nil
	})
}

// HumanDelete deletes an event on its organizer's calendar; notify says whether guests are told.
func (s *Server) HumanDelete(eventID string, notify bool) error {
	return s.act(eventID, func(cal *calendar, main *entry, now time.Time) error {
		s.cancelMain(cal, main, updates(notify), now)
		return nil
	})
}

func updates(notify bool) string {
	if notify {
		return "all"
	}
	return "none"
}

// HumanEdit changes an event on its organizer's calendar. The patch is JSON as for events.patch; guests are told.
func (s *Server) HumanEdit(eventID string, patch json.RawMessage) error {
	return s.act(eventID, func(cal *calendar, main *entry, now time.Time) error {
		var fields map[string]any
		if err := json.Unmarshal(patch, &fields); err != nil {
			return fmt.Errorf("fakegoogle: the patch is no JSON object: %w", err)
		}
		next, err := merged(main.Event, fields)
		if err != nil {
			return err
		}
		keepReadOnly(&next, main.Event)
		if err := normalize(&next); err != nil {
			return err
		}
		if next.ConferenceData == nil {
			next.HangoutLink = ""
		}
		s.changeMain(cal, main, next, "all", now)
		return nil
	})
}

// HumanMoveToCalendar gives an event to another calendar, which leaves a stub on the first.
func (s *Server) HumanMoveToCalendar(eventID, calendarID string) error {
	return s.act(eventID, func(cal *calendar, main *entry, now time.Time) error {
		to := s.state.Calendars[fold(calendarID)]
		if to == nil || to == cal {
			return fmt.Errorf("fakegoogle: cannot move event %s to calendar %s", eventID, calendarID)
		}
		s.moveMain(cal, main, to, "all", now)
		return nil
	})
}

// RemoveFromOwnCalendar is a guest deleting an event from their own calendar, which declines it.
func (s *Server) RemoveFromOwnCalendar(email, eventID string) error {
	return s.act(eventID, func(_ *calendar, main *entry, now time.Time) error {
		e := s.guestCopy(email, main)
		if e == nil {
			return fmt.Errorf("%w: %s on the calendar of %s", ErrNoEvent, eventID, email)
		}
		s.removeGuestCopy(s.state.Calendars[fold(email)], e, now)
		return nil
	})
}

// ProposeTime is a guest proposing another time. Google mails it to the organizer; the API shows an answer at most.
func (s *Server) ProposeTime(email, eventID string, start, end time.Time) error {
	return s.act(eventID, func(cal *calendar, main *entry, now time.Time) error {
		if find(main.Event.Attendees, email) < 0 {
			return fmt.Errorf("fakegoogle: %s is no guest of event %s", email, eventID)
		}
		s.mailOrganizer(main, email, "counter", now)
		m := &s.state.Mail[len(s.state.Mail)-1]
		m.Start, m.End = start, end
		m.Text = "Proposed: " + start.Format(time.RFC3339) + " to " + end.Format(time.RFC3339)
		if s.opt.ProposeSetsStatus != "" {
			s.answer(cal, main, email, s.opt.ProposeSetsStatus, "", now)
		}
		return nil
	})
}

// AddEvent puts an event on a calendar as its owner would, and invites its guests. Start and End are required.
func (s *Server) AddEvent(calendarID string, ev Event) (id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	cal := s.state.Calendars[fold(calendarID)]
	if cal == nil {
		return "", fmt.Errorf("fakegoogle: no calendar %s", calendarID)
	}
	ev = clone(ev)
	if ev.ID != "" && (!validID(ev.ID) || cal.Events[ev.ID] != nil) {
		return "", fmt.Errorf("fakegoogle: event id %q is taken or not made of a-v and 0-9", ev.ID)
	}
	if err := normalize(&ev); err != nil {
		return "", err
	}
	now := s.opt.Now()
	e := s.create(cal, ev, cal.DataOwner, now)
	s.inviteAll(cal, e, "all", now)
	return e.Event.ID, nil
}

// AddBusy puts a meeting on somebody's calendar that takes their time; transparent ones ("show as available") don't.
func (s *Server) AddBusy(email, summary string, start, end time.Time, transparent bool) (id string, err error) {
	ev := Event{Summary: summary, Start: &EventTime{DateTime: start.Format(time.RFC3339)}, End: &EventTime{DateTime: end.Format(time.RFC3339)}}
	if transparent {
		ev.Transparency = "transparent"
	}
	return s.AddEvent(email, ev)
}

// AddOOO makes somebody out of office. Mode is declineNone, declineAllConflictingInvitations or
// declineOnlyNewConflictingInvitations; message goes with the declined answers.
func (s *Server) AddOOO(email string, start, end time.Time, mode, message string) (id string, err error) {
	return s.AddEvent(email, Event{
		Summary: "Out of office", EventType: "outOfOffice",
		Start:                 &EventTime{DateTime: start.Format(time.RFC3339)},
		End:                   &EventTime{DateTime: end.Format(time.RFC3339)},
		OutOfOfficeProperties: &OutOfOffice{AutoDeclineMode: mode, DeclineMessage: message},
	})
}
