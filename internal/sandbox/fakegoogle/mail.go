package fakegoogle

import (
	"fmt"
	"strings"
	"time"
)

// Mail is a message that Google would have sent.
type Mail struct {
	ID       int64     `json:"id"`
	At       time.Time `json:"at"`
	From     string    `json:"from"`
	To       string    `json:"to"`
	Kind     string    `json:"kind"`   // invite, update, cancel, reply or counter
	Method   string    `json:"method"` // iTIP: REQUEST, CANCEL, REPLY or COUNTER
	Calendar string    `json:"calendar"`
	EventID  string    `json:"eventId"`
	ICalUID  string    `json:"iCalUID"`
	Sequence int64     `json:"sequence"`
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Subject  string    `json:"subject"`
	Text     string    `json:"text"`
}

// Mail returns everything that was mailed, oldest first.
func (s *Server) Mail() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.opt.Now())
	return append([]Mail(nil), s.state.Mail...)
}

// mailGuests mails those guests whom sendUpdates reaches; the organizer gets no mail about their own event.
func (s *Server) mailGuests(e *entry, guests []Attendee, kind, sendUpdates string, now time.Time) {
	for _, row := range guests {
		organizer := e.Event.Organizer.Email
		if fold(row.Email) == fold(organizer) || !reaches(sendUpdates, organizer, row.Email) {
			continue
		}
		prefix, method := "Invitation: ", "REQUEST"
		switch kind {
		case "update":
			prefix = "Updated invitation: "
		case "cancel":
			prefix, method = "Canceled event: ", "CANCEL"
		}
		zone := s.mailZone(row.Email, e)
		s.addMail(e, Mail{
			At: now, From: organizer, To: row.Email, Kind: kind, Method: method,
			Subject: prefix + e.Event.Summary + " @ " + when(e, zone) + " (" + row.Email + ")",
			Text:    s.mailText(e, zone),
		})
	}
}

// mailOrganizer tells the organizer what a guest said.
func (s *Server) mailOrganizer(e *entry, guest, kind string, now time.Time) {
	prefix, method, text := "New time proposed: ", "COUNTER", ""
	if kind == "reply" {
		row := e.Event.Attendees[find(e.Event.Attendees, guest)]
		method, text = "REPLY", row.Comment
		prefix = map[string]string{"accepted": "Accepted: ", "declined": "Declined: ", "tentative": "Tentatively accepted: ", "needsAction": "Undecided: "}[row.ResponseStatus]
	}
	zone := s.mailZone(e.Event.Organizer.Email, e)
	s.addMail(e, Mail{
		At: now, From: guest, To: e.Event.Organizer.Email, Kind: kind, Method: method,
		Subject: prefix + e.Event.Summary + " @ " + when(e, zone), Text: text,
	})
}

func (s *Server) addMail(e *entry, m Mail) {
	m.ID, m.Calendar, m.EventID, m.ICalUID, m.Sequence = s.next(), e.Home, e.Event.ID, e.Event.ICalUID, e.Event.Sequence
	m.Start, m.End = e.Event.span(utc)
	s.state.Mail = append(s.state.Mail, m)
	s.changed()
}

// mailZone is the zone a mail shows its times in: the reader's, or the event's for those without an account.
func (s *Server) mailZone(email string, e *entry) *time.Location {
	name := e.Event.Start.TimeZone
	if cal := s.state.Calendars[e.Home]; cal != nil && name == "" {
		name = cal.TimeZone
	}
	if u := s.state.Users[fold(email)]; u != nil {
		name = u.TimeZone
	}
	zone, err := loadZone(name)
	if err != nil {
		return utc
	}
	return zone
}

func when(e *entry, zone *time.Location) string {
	start, end := e.Event.span(zone)
	if e.Event.Start.Date != "" {
		return start.Format("Mon Jan 2, 2006")
	}
	start, end = start.In(zone), end.In(zone)
	return start.Format("Mon Jan 2, 2006 3:04pm") + " - " + end.Format("3:04pm (MST)")
}

func (s *Server) mailText(e *entry, zone *time.Location) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nWhen: %s\n", e.Event.Summary, when(e, zone))
	if e.Event.Location != "" {
		fmt.Fprintf(&b, "Where: %s\n", e.Event.Location)
	}
	if e.Event.HangoutLink != "" {
		fmt.Fprintf(&b, "Join with Google Meet: %s\n", e.Event.HangoutLink)
	}
	fmt.Fprintf(&b, "Organizer: %s\n", e.Event.Organizer.Email)
	if !isFalse(e.Event.GuestsCanSeeOtherGuests) {
		for _, row := range e.Event.Attendees {
			fmt.Fprintf(&b, "Guest: %s\n", row.Email)
		}
	}
	if e.Event.Description != "" {
		fmt.Fprintf(&b, "\n%s\n", e.Event.Description)
	}
	return b.String()
}
