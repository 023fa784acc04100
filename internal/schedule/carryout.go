package schedule

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// EventID derives the Google event's id from the interview and its generation,
// so that repeating an insert can't make a second event. Google takes 5 to 1024
// characters of base32hex in lower case.
// https://developers.google.com/workspace/calendar/api/v3/reference/events/insert
func EventID(interview string, generation int) string {
	h := sha256.Sum256(fmt.Appendf(nil, "convene/%s/%d", interview, generation))
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(h[:20]))
}

// CalendarHandler carries out the calendar effects of the outbox.
type CalendarHandler struct{ *Service }

// Wanted reports whether the interview still is what the effect was made for.
func (h CalendarHandler) Wanted(ctx context.Context, e outbox.Effect) (bool, error) {
	iv, err := h.Store.Interview(ctx, e.About)
	if err != nil {
		return false, err
	}
	switch e.Kind {
	case outbox.CalendarInsert:
		if owesTold(iv) {
			return true, nil
		}
		return iv.State == hiring.Booking && e.Key == outbox.CalendarKey(e.Kind, iv.ID, iv.Generation), nil
	case outbox.CalendarMove:
		return iv.State == hiring.Booked && e.Key == outbox.CalendarKey(e.Kind, iv.ID, iv.Revision), nil
	case outbox.CalendarErase:
		return iv.EventID != "", nil
	default: // of one that was given up, an attempt without an answer may have made the event
		again := e.Key != outbox.CalendarKey(e.Kind, iv.ID, iv.Generation) // booked again since, as another event
		return again || iv.State == hiring.Cancelled || iv.State == hiring.Taken, nil
	}
}

// Do makes one attempt.
func (h CalendarHandler) Do(ctx context.Context, e outbox.Effect) (string, error) {
	h.calendar.Lock()
	defer h.calendar.Unlock()
	iv, err := h.Store.Interview(ctx, e.About)
	if err != nil {
		return "", err
	}
	switch gone, err := h.erased(ctx, iv); {
	case err != nil:
		return "", outbox.Later(err, 0)
	case e.Kind == outbox.CalendarErase:
		return "", h.eraseEvent(ctx, iv)
	case gone && e.Kind != outbox.CalendarDelete:
		return "erased", nil // meanwhile; the effect after this one removes what there may be
	}
	switch e.Kind {
	case outbox.CalendarInsert:
		if owesTold(iv) {
			return iv.EventID, h.told(ctx, iv)
		}
		return h.insert(ctx, iv, e.Attempt > 1)
	case outbox.CalendarMove:
		return h.moveEvent(ctx, iv)
	default:
		return "", safeToRepeat(h.Calendar.Delete(ctx, eventOf(e, iv)))
	}
}

// eventOf returns the id of the event that a deletion was made for: the
// interview may have been booked again since, as another event.
func eventOf(e outbox.Effect, iv *hiring.Interview) string {
	for g := 1; g < iv.Generation; g++ {
		if e.Key == outbox.CalendarKey(e.Kind, iv.ID, g) {
			return EventID(iv.ID, g)
		}
	}
	return iv.EventID
}

// Look learns whether an earlier attempt happened. Moves and deletions may
// simply be repeated, so they are "not found" until they are done.
func (h CalendarHandler) Look(ctx context.Context, e outbox.Effect) (string, bool, error) {
	iv, err := h.Store.Interview(ctx, e.About)
	if err != nil || e.Kind != outbox.CalendarInsert {
		return "", false, err
	}
	h.calendar.Lock()
	defer h.calendar.Unlock()
	find := h.find
	switch gone, err := h.erased(ctx, iv); {
	case err != nil:
		return "", false, outbox.Later(err, 0)
	case gone:
		find = h.findErased
	case owesTold(iv):
		return iv.EventID, true, h.told(ctx, iv)
	}
	result, found, err := find(ctx, iv)
	if err != nil { // looking can be repeated until it works
		err = outbox.Later(err, outbox.Classify(err).After)
	}
	return result, found, err
}

// find looks for the event that an earlier attempt may have made, and takes it over.
func (h CalendarHandler) find(ctx context.Context, iv *hiring.Interview) (string, bool, error) {
	ev, err := h.Calendar.Get(ctx, iv.EventID)
	switch {
	case errors.Is(err, hiring.ErrNotFound):
		return "", false, nil
	case err != nil:
		return "", false, err
	case ev.Cancelled || ev.Key != iv.ID:
		return "", false, nil
	}
	return ev.ID, true, h.invited(ctx, iv, ev)
}

// Failed tells the coordinator what Google refused.
func (h CalendarHandler) Failed(ctx context.Context, e outbox.Effect) error {
	if e.Kind == outbox.CalendarErase {
		return h.eraseFailed(ctx, e)
	}
	iv, err := h.Store.Interview(ctx, e.About)
	if err != nil {
		return err
	}
	if gone, err := h.erased(ctx, iv); err != nil || gone {
		return err
	}
	if e.Kind == outbox.CalendarMove {
		if e.Key != outbox.CalendarKey(e.Kind, iv.ID, iv.Revision) {
			return nil // a newer change is on its way
		}
		if !iv.Start.Equal(iv.EventStart) || !iv.End.Equal(iv.EventEnd) {
			return h.stay(ctx, iv, "Google Calendar refused the change: "+strings.TrimSuffix(e.Problem, ".")+".", false)
		}
	}
	return h.Store.ChangeInterview(ctx, e.About, func(iv *hiring.Interview) (outbox.Batch, error) {
		iv.Problem = e.Problem
		if e.Kind == outbox.CalendarInsert {
			return h.taken(iv, "Google Calendar refused the event: "+strings.TrimSuffix(e.Problem, ".")+".", e.Attempt > 1), nil
		}
		role, err := h.Store.Role(ctx, iv.RoleKey)
		if err != nil {
			return outbox.Batch{}, err
		}
		return outbox.Batch{
			Messages: []outbox.Message{h.tellCoordinator(role, iv, "refused")},
			Touch:    []string{iv.ID},
		}, nil
	})
}

// insert books the event, after asking once more whether everybody is free.
func (h CalendarHandler) insert(ctx context.Context, iv *hiring.Interview, again bool) (string, error) {
	if again {
		if result, found, err := h.find(ctx, iv); err != nil || found {
			return result, safeToRepeat(err)
		}
	}
	notice, why, err := h.mayInvite(ctx, iv)
	if err != nil {
		return "", safeToRepeat(err)
	}
	held, err := h.heldFor(ctx, iv)
	if err == nil && why == "" && held == nil { // a time that was held is theirs
		why, err = h.inTheWay(ctx, iv, again)
	}
	if err != nil {
		return "", safeToRepeat(err)
	}
	if why == "" && !iv.Start.After(h.Now()) {
		why = "Google Calendar could not be reached before that time had passed."
	}
	if why != "" {
		return "taken", h.Store.ChangeInterview(ctx, iv.ID, func(iv *hiring.Interview) (outbox.Batch, error) {
			return h.taken(iv, why, again || held != nil), nil
		})
	}
	if held != nil {
		return h.confirm(ctx, iv, held, notice)
	}
	want, err := h.invitation(ctx, iv, notice)
	if err != nil {
		return "", err
	}
	ev, err := h.Calendar.Insert(ctx, want)
	if err != nil {
		return "", safeToRepeat(err)
	}
	return ev.ID, h.invited(ctx, iv, ev)
}

// invitation is the interview's event, with the notice that it says, if any.
func (h CalendarHandler) invitation(ctx context.Context, iv *hiring.Interview, notice *hiring.Notice) (hiring.Event, error) {
	want, err := h.event(ctx, iv)
	if err == nil && notice != nil {
		want.Description, err = h.carrying(ctx, iv, notice)
	}
	return want, err
}

// inTheWay asks Google again about the required panelists; "" when all are free.
// After an attempt whose answer was lost, busy time of exactly the interview's
// own length is taken for its own event, which a look-up may not show yet;
// Google refuses a second event of the same id. What a person confirmed when they
// booked it doesn't stand in the way; what came up since does. Free time on both
// sides, and for travel, is kept as it was when the time was offered.
func (h CalendarHandler) inTheWay(ctx context.Context, iv *hiring.Interview, again bool) (string, error) {
	role, err := h.Store.Role(ctx, iv.RoleKey)
	if err != nil {
		return "", err
	}
	stage, err := h.stage(ctx, role, iv)
	if err != nil {
		return "", err
	}
	span := hiring.Interval{Start: iv.Start, End: iv.End}
	padded := padded(span, role, stage)
	panel, err := h.attendees(ctx, role, required(iv.Panel), padded, iv.ID)
	var user *hiring.UserError
	if errors.As(err, &user) {
		return user.Text, nil // e.g. a panelist's account was deactivated meanwhile
	}
	if err != nil {
		return "", err
	}
	anyway, err := h.Store.Override(ctx, iv.ID)
	if err != nil {
		return "", err
	}
	for _, a := range panel {
		if a.Calendar.Unreadable != "" && !anyway.CoversUnknown(a.ID) {
			return fmt.Sprintf("%s's calendar can't be read (%s).", a.Name, a.Calendar.Unreadable), nil
		}
		for _, b := range a.Calendar.Busy {
			if b.Overlaps(padded) && !(again && b.Start.Equal(span.Start) && b.End.Equal(span.End)) && !anyway.Covers(a.ID, b.Within(padded)) {
				return a.Name + notFreeFor(b, span), nil
			}
		}
		for _, b := range a.Interviews {
			if b.Overlaps(span) && !anyway.Covers(a.ID, b.Within(span)) {
				return fmt.Sprintf("%s is in another interview then.", a.Name), nil
			}
		}
	}
	return "", nil
}

// taken gives up a booking whose slot is gone. Who picked it is told. What an
// earlier attempt may have made after all is removed.
func (h CalendarHandler) taken(iv *hiring.Interview, why string, again bool) outbox.Batch {
	if iv.State != hiring.Booking {
		return outbox.Batch{}
	}
	iv.State, iv.Reason = hiring.Taken, why
	b := outbox.Batch{
		Messages: []outbox.Message{{Key: "taken:" + iv.ID, Kind: "taken", About: iv.ID, Person: iv.BookedBy}},
		Touch:    []string{iv.ID, iv.CandidateID, iv.RoleKey},
		Log:      []hiring.Entry{{Actor: "convene", Action: "interview.taken", Subject: iv.ID}},
	}
	if again {
		b.Effects = append(b.Effects, outbox.CalendarEffect(outbox.CalendarDelete, iv.ID, iv.Generation))
	}
	return b
}

// booked records the event and everything that a booked interview brings. It
// may happen twice.
func (h CalendarHandler) booked(ctx context.Context, iv *hiring.Interview, ev hiring.Event) error {
	err := h.Store.ChangeInterview(ctx, iv.ID, func(iv *hiring.Interview) (outbox.Batch, error) {
		if iv.State != hiring.Booking || ev.ID != iv.EventID {
			return outbox.Batch{}, nil
		}
		role, err := h.Store.Role(ctx, iv.RoleKey)
		if err != nil {
			return outbox.Batch{}, err
		}
		stage, err := h.stage(ctx, role, iv)
		if err != nil {
			return outbox.Batch{}, err
		}
		iv.State, iv.Etag, iv.Link = hiring.Booked, ev.Etag, ev.Link
		// What we asked for; what people did to it since is adopted below.
		iv.EventStart, iv.EventEnd = iv.Start, iv.End
		b := outbox.Batch{
			Due:   hiring.InterviewDue(stage, iv, h.Now()),
			Touch: []string{iv.ID, iv.CandidateID, role.Key},
			Log:   []hiring.Entry{{Actor: "convene", Action: "interview.booked", Subject: iv.ID, Detail: ev.ID}},
			Messages: []outbox.Message{{
				Key: fmt.Sprintf("channel-booked:%s:%d", iv.ID, iv.Generation), Kind: "channel-booked", About: iv.ID, Role: role.Key,
			}},
		}
		for _, p := range iv.Panel {
			b.Messages = append(b.Messages, bookedMessage(iv, p.Person))
		}
		return b, nil
	})
	if err != nil || untouched(ev, iv) {
		return err
	}
	return h.adopt(ctx, ev)
}

// untouched reports whether the event is as we made it. When an answer was
// lost, people may have moved it or answered before we found it, and Follow has
// passed over what happened to an event of an interview that wasn't booked.
func untouched(ev hiring.Event, iv *hiring.Interview) bool {
	return sameTime(ev, iv.Start, iv.End) && !slices.ContainsFunc(ev.Guests, func(g hiring.Guest) bool {
		return g.RSVP != "" && g.RSVP != "needsAction"
	})
}

// event is what Google is to show, its guests with the answers that we know.
// The candidate is a guest of it, so nothing internal may be in it.
func (h CalendarHandler) event(ctx context.Context, iv *hiring.Interview) (hiring.Event, error) {
	role, err := h.Store.Role(ctx, iv.RoleKey)
	if err != nil {
		return hiring.Event{}, err
	}
	c, err := h.Store.Candidate(ctx, iv.CandidateID)
	if err != nil {
		return hiring.Event{}, err
	}
	stage, err := h.stage(ctx, role, iv)
	if err != nil {
		return hiring.Event{}, err
	}
	ev := hiring.Event{
		ID: iv.EventID, Key: iv.ID, Start: iv.Start, End: iv.End, Zone: c.Zone,
		Summary: eventTitle(role), Description: eventText(role, stage),
		ShowGuests: role.ShowGuests, Meet: stage.Location.V.Kind == "meet" || stage.Location.V.Kind == "",
		Location: stage.Location.V.Text,
		Guests:   []hiring.Guest{{Email: c.Email, Name: c.Name, RSVP: iv.CandidateRSVP}},
	}
	for _, p := range iv.Panel {
		person, err := h.People.Person(ctx, p.Person)
		if err != nil {
			return hiring.Event{}, err
		}
		if person.CalendarID() != "" {
			ev.Guests = append(ev.Guests, hiring.Guest{Email: person.CalendarID(), Optional: p.Part != hiring.Required, RSVP: p.RSVP})
		}
	}
	for _, g := range ev.Guests {
		ev.Invited = append(ev.Invited, hiring.GuestMark(g.Email))
	}
	return ev, nil
}

func eventTitle(role *hiring.Role) string {
	if role.Company == "" {
		return "Interview: " + role.Title
	}
	return fmt.Sprintf("Interview: %s at %s", role.Title, role.Company)
}

func eventText(role *hiring.Role, stage hiring.Stage) string {
	return fmt.Sprintf("Thank you for your interest in the role of %s. We look forward to talking with you.\n\n", role.Title) + eventHints(stage)
}

// eventHints say how to join, and what to do when the time doesn't suit.
func eventHints(stage hiring.Stage) string {
	text := ""
	switch stage.Location.V.Kind {
	case "meet", "":
		text = "Join by video with the link in this invitation.\n\n"
	case "phone":
		text = "This interview is by phone.\n\n"
	}
	return text + "If this time doesn't suit you, please answer this invitation, and we will find another one."
}

func sameTime(ev hiring.Event, start, end time.Time) bool {
	return ev.Start.Equal(start) && ev.End.Equal(end)
}

// safeToRepeat says of an unknown outcome that it may be tried again: ids,
// etags and a look before every repeat make the calendar's effects harmless to
// repeat.
func safeToRepeat(err error) error {
	if err == nil {
		return nil
	}
	if c := outbox.Classify(err); c.Class == outbox.ClassUnknown {
		return outbox.Later(err, 0)
	}
	return err
}
