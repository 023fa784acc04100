package fakegoogle

import (
	"reflect"
	"slices"
	"time"
)

// changeMain stores a new version of a main copy; guests' copies and the mail follow.
func (s *Server) changeMain(cal *calendar, e *entry, next Event, sendUpdates string, now time.Time) {
	old := e.Event
	if s.opt.NoopPatchKeepsEtag && reflect.DeepEqual(clone(old), clone(next)) {
		return
	}
	if next.Status == "cancelled" && old.Status != "cancelled" {
		s.cancelMain(cal, e, sendUpdates, now)
		return
	}
	start, end := old.span(cal.zone())
	nextStart, nextEnd := next.span(cal.zone())
	moved := !start.Equal(nextStart) || !end.Equal(nextEnd)
	if moved || old.Location != next.Location {
		next.Sequence++
	}
	if moved && !s.opt.KeepAnswersOnMove {
		next.Attendees = slices.Clone(next.Attendees)
		for i, row := range next.Attendees {
			if fold(row.Email) != fold(next.Organizer.Email) {
				next.Attendees[i].ResponseStatus, next.Attendees[i].Comment = "needsAction", ""
			}
		}
	}
	added, removed := newGuests(old, next), newGuests(next, old)
	kept := slices.DeleteFunc(slices.Clone(next.Attendees), func(row Attendee) bool { return find(added, row.Email) >= 0 })
	revived := old.Status == "cancelled"

	e.Previous, e.Event = &old, next
	s.touch(cal, e, now)
	for _, row := range removed {
		s.cancelGuestCopy(row.Email, e, now)
	}
	s.mailGuests(e, removed, "cancel", sendUpdates, now)
	s.share(e, now)
	if revived {
		s.mailGuests(e, kept, "invite", sendUpdates, now)
	} else if moved || material(old, next) {
		s.mailGuests(e, kept, "update", sendUpdates, now)
	}
	s.invite(e, added, sendUpdates, now)
}

// material says whether guests are told of a change.
func material(old, next Event) bool {
	return old.Summary != next.Summary || old.Description != next.Description || old.Location != next.Location ||
		old.HangoutLink != next.HangoutLink || old.Status != next.Status
}

// newGuests are those of next who are not in old.
func newGuests(old, next Event) []Attendee {
	var added []Attendee
	for _, row := range next.Attendees {
		if find(old.Attendees, row.Email) < 0 {
			added = append(added, row)
		}
	}
	return added
}

func find(rows []Attendee, email string) int {
	return slices.IndexFunc(rows, func(row Attendee) bool { return fold(row.Email) == fold(email) })
}

// inviteAll invites every guest of a new event.
func (s *Server) inviteAll(cal *calendar, e *entry, sendUpdates string, now time.Time) {
	s.invite(e, e.Event.Attendees, sendUpdates, now)
}

// invite mails guests and puts the event on the calendars of those who let it.
func (s *Server) invite(e *entry, guests []Attendee, sendUpdates string, now time.Time) {
	s.mailGuests(e, guests, "invite", sendUpdates, now)
	for _, row := range guests {
		user := s.state.Users[fold(row.Email)]
		if user == nil || user.Email == e.Home {
			continue
		}
		if user.showsInvitationsOf(e.Event.Organizer.Email) {
			s.addGuestCopy(user, e, now)
		}
		s.queueAutoDecline(user, e, now)
	}
}

func (u *User) showsInvitationsOf(organizer string) bool {
	switch u.InvitePolicy {
	case "known":
		return domainOf(organizer) == domainOf(u.Email) || slices.Contains(u.KnownSenders, organizer)
	case "onRespond":
		return false
	default:
		return true
	}
}

func (s *Server) addGuestCopy(user *User, main *entry, now time.Time) {
	cal := s.state.Calendars[user.Email]
	e := cal.Events[main.Event.ID]
	if e == nil {
		e = &entry{Event: Event{ID: main.Event.ID, Reminders: &Reminders{UseDefault: true}, Transparency: main.Event.Transparency}}
		cal.Events[main.Event.ID] = e
	}
	e.Home, e.Hidden = main.Home, false
	e.follow(main)
	s.touch(cal, e, now)
}

// follow copies what belongs to everybody from the main copy; what is the guest's own stays.
func (e *entry) follow(main *entry) {
	own := e.Event
	next := clone(main.Event)
	next.Etag, next.Updated = own.Etag, own.Updated
	next.Reminders, next.ColorID, next.LabelID, next.Transparency, next.Source = own.Reminders, own.ColorID, own.LabelID, own.Transparency, nil
	var shared, private map[string]string
	if next.ExtendedProperties != nil {
		shared = next.ExtendedProperties.Shared
	}
	if own.ExtendedProperties != nil {
		private = own.ExtendedProperties.Private
	}
	next.ExtendedProperties = nil
	if len(shared)+len(private) > 0 {
		next.ExtendedProperties = &ExtendedProperties{Shared: shared, Private: private}
	}
	e.Previous, e.Event = &own, next
}

// guestCopy is a guest's copy of an event, or nil.
func (s *Server) guestCopy(email string, main *entry) *entry {
	cal := s.state.Calendars[fold(email)]
	if cal == nil || cal.ID == main.Home {
		return nil
	}
	e := cal.Events[main.Event.ID]
	if e == nil || e.Main || e.Stub || e.Event.ICalUID != main.Event.ICalUID {
		return nil
	}
	return e
}

// share brings every guest's copy up to date with the main copy.
func (s *Server) share(main *entry, now time.Time) {
	for _, row := range main.Event.Attendees {
		if e := s.guestCopy(row.Email, main); e != nil {
			e.follow(main)
			s.touch(s.state.Calendars[fold(row.Email)], e, now)
		}
	}
}

func (s *Server) cancelGuestCopy(email string, main *entry, now time.Time) {
	if e := s.guestCopy(email, main); e != nil {
		e.Event.Status = "cancelled"
		s.touch(s.state.Calendars[fold(email)], e, now)
	}
}

// cancelMain deletes an event for its organizer, and for those guests whom sendUpdates reaches.
func (s *Server) cancelMain(cal *calendar, e *entry, sendUpdates string, now time.Time) {
	old := e.Event
	e.Previous = &old
	e.Event.Status = "cancelled"
	s.touch(cal, e, now)
	for _, row := range e.Event.Attendees {
		if reaches(sendUpdates, e.Event.Organizer.Email, row.Email) || s.opt.NoneReachesGuestCopies {
			s.cancelGuestCopy(row.Email, e, now)
		}
	}
	s.mailGuests(e, e.Event.Attendees, "cancel", sendUpdates, now)
}

// reaches says whether sendUpdates covers a guest. externalOnly is, as measured, those outside the organizer's domain.
func reaches(sendUpdates, organizer, guest string) bool {
	switch sendUpdates {
	case "all":
		return true
	case "externalOnly":
		return domainOf(fold(organizer)) != domainOf(fold(guest))
	default:
		return false
	}
}

// mainOf finds the main copy that a guest's copy follows.
func (s *Server) mainOf(e *entry) (*calendar, *entry) {
	cal := s.state.Calendars[e.Home]
	if cal == nil {
		return nil, nil
	}
	main := cal.Events[e.Event.ID]
	if main == nil || !main.Main {
		return nil, nil
	}
	return cal, main
}

// changeGuestCopy is what a guest may do to their own copy: the answer travels, all else stays there.
func (s *Server) changeGuestCopy(cal *calendar, e *entry, next Event, now time.Time) error {
	old := e.Event
	if isFalse(old.GuestsCanInviteOthers) != isFalse(next.GuestsCanInviteOthers) ||
		isFalse(old.GuestsCanSeeOtherGuests) != isFalse(next.GuestsCanSeeOtherGuests) ||
		old.GuestsCanModify != next.GuestsCanModify || old.AnyoneCanAddSelf != next.AnyoneCanAddSelf {
		return errNotOrganizer()
	}
	answer := Attendee{}
	if i := find(next.Attendees, cal.ID); i >= 0 {
		answer = next.Attendees[i]
	}
	next.Attendees = old.Attendees
	next.ConferenceData, next.HangoutLink = old.ConferenceData, old.HangoutLink
	e.Previous, e.Event = &old, next
	s.touch(cal, e, now)
	i := find(old.Attendees, cal.ID)
	if answer.Email == "" || i < 0 || old.Attendees[i].ResponseStatus == answer.ResponseStatus && old.Attendees[i].Comment == answer.Comment {
		return nil
	}
	if home, main := s.mainOf(e); main != nil {
		s.answer(home, main, cal.ID, answer.ResponseStatus, answer.Comment, now)
	}
	return nil
}

// isFalse reads a flag whose default is true.
func isFalse(flag *bool) bool { return flag != nil && !*flag }

// answer records a guest's answer on the main copy, shows it on the others and mails the organizer.
func (s *Server) answer(cal *calendar, main *entry, email, status, comment string, now time.Time) {
	i := find(main.Event.Attendees, email)
	if i < 0 {
		return
	}
	old := clone(main.Event)
	main.Previous = &old
	main.Event.Attendees = slices.Clone(main.Event.Attendees)
	main.Event.Attendees[i].ResponseStatus = status
	main.Event.Attendees[i].Comment = comment
	s.touch(cal, main, now)
	s.share(main, now)
	s.mailOrganizer(main, email, "reply", now)
}

// removeGuestCopy is a guest deleting the event from their own calendar, which declines it.
func (s *Server) removeGuestCopy(cal *calendar, e *entry, now time.Time) {
	home, main := s.mainOf(e)
	if main != nil && main.Event.Status != "cancelled" {
		s.answer(home, main, cal.ID, "declined", "", now)
	}
	e.Hidden = true
	e.Event.Status = "cancelled"
	s.touch(cal, e, now)
}

// autoDecline is an answer that an absence will give.
type autoDecline struct {
	Due     time.Time `json:"due"`
	Home    string    `json:"home"`
	EventID string    `json:"eventId"`
	Email   string    `json:"email"`
	Comment string    `json:"comment"`
}

// queueAutoDecline lets an out-of-office entry of the guest decline a new invitation.
// https://developers.google.com/workspace/calendar/api/guides/calendar-status
func (s *Server) queueAutoDecline(user *User, main *entry, now time.Time) {
	cal := s.state.Calendars[user.Email]
	from, to := main.Event.span(cal.zone())
	for _, e := range cal.Events {
		p := e.Event.OutOfOfficeProperties
		if e.Event.EventType != "outOfOffice" || e.Event.Status == "cancelled" || p == nil || p.AutoDeclineMode == "" || p.AutoDeclineMode == "declineNone" {
			continue
		}
		if start, end := e.Event.span(cal.zone()); !overlap(start, end, from, to) {
			continue
		}
		comment := p.DeclineMessage
		if s.opt.AutoDeclineWithoutComment {
			comment = ""
		}
		s.state.Declines = append(s.state.Declines, autoDecline{
			Due: now.Add(s.opt.AutoDeclineDelay), Home: main.Home, EventID: main.Event.ID, Email: user.Email, Comment: comment,
		})
		return
	}
}

// settle gives the automatic answers that are due.
func (s *Server) settle(now time.Time) {
	var later []autoDecline
	for _, d := range s.state.Declines {
		if d.Due.After(now) {
			later = append(later, d)
			continue
		}
		cal := s.state.Calendars[d.Home]
		if cal == nil || cal.Events[d.EventID] == nil {
			continue
		}
		main := cal.Events[d.EventID]
		i := find(main.Event.Attendees, d.Email)
		if main.Main && main.Event.Status != "cancelled" && i >= 0 && main.Event.Attendees[i].ResponseStatus == "needsAction" {
			s.answer(cal, main, d.Email, "declined", d.Comment, d.Due)
		}
	}
	s.state.Declines = later
}
