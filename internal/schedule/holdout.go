package schedule

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// HoldHandler carries out the calendar effects of time holds.
type HoldHandler struct{ *Service }

// Wanted reports whether the hold still is what the effect was made for.
func (h HoldHandler) Wanted(ctx context.Context, e outbox.Effect) (bool, error) {
	hold, err := h.Store.TimeHold(ctx, e.About)
	if err != nil {
		return false, err
	}
	if e.Kind == outbox.CalendarHold {
		return hold.State == hiring.TimePlacing, nil
	}
	return !hold.Live() && hold.State != hiring.TimeConfirmed, nil
}

// Do makes one attempt.
func (h HoldHandler) Do(ctx context.Context, e outbox.Effect) (string, error) {
	h.calendar.Lock()
	defer h.calendar.Unlock()
	hold, err := h.Store.TimeHold(ctx, e.About)
	if err != nil {
		return "", err
	}
	if e.Kind == outbox.CalendarRelease {
		return "", safeToRepeat(h.Calendar.Delete(ctx, hold.EventID))
	}
	return h.place(ctx, hold, e.Attempt > 1)
}

// Look learns whether an earlier attempt made the event. A removal may simply be
// repeated, so it is "not found" until it is done.
func (h HoldHandler) Look(ctx context.Context, e outbox.Effect) (string, bool, error) {
	hold, err := h.Store.TimeHold(ctx, e.About)
	if err != nil || e.Kind != outbox.CalendarHold {
		return "", false, err
	}
	h.calendar.Lock()
	defer h.calendar.Unlock()
	result, found, err := h.find(ctx, hold)
	if err != nil { // looking can be repeated until it works
		err = outbox.Later(err, outbox.Classify(err).After)
	}
	return result, found, err
}

// find looks for the event that an earlier attempt may have made, and takes it over.
func (h HoldHandler) find(ctx context.Context, hold *hiring.TimeHold) (string, bool, error) {
	ev, err := h.Calendar.Get(ctx, hold.EventID)
	switch {
	case errors.Is(err, hiring.ErrNotFound):
		return "", false, nil
	case err != nil:
		return "", false, err
	case ev.Cancelled || ev.Key != hold.ID:
		return "", false, nil
	}
	return ev.ID, true, h.stands(ctx, hold, ev)
}

// place makes the event, after asking once more whether everybody is free.
func (h HoldHandler) place(ctx context.Context, hold *hiring.TimeHold, again bool) (string, error) {
	if again {
		if result, found, err := h.find(ctx, hold); err != nil || found {
			return result, safeToRepeat(err)
		}
	}
	why, err := h.outOfProcess(ctx, hold.CandidateID)
	if err == nil && why == "" {
		why, err = h.inTheWay(ctx, hold, again)
	}
	if err != nil {
		return "", safeToRepeat(err)
	}
	if why == "" && !hold.Expires().After(h.Now()) {
		why = "Google Calendar could not be reached before the hold expired."
	}
	if why != "" {
		return "taken", h.taken(ctx, hold, why, again)
	}
	want, err := h.event(ctx, hold)
	if err != nil {
		return "", err
	}
	ev, err := h.Calendar.Insert(ctx, want)
	if err != nil {
		return "", safeToRepeat(err)
	}
	return ev.ID, h.stands(ctx, hold, ev)
}

// inTheWay asks Google again about the required panelists; "" when all are free.
// That no other interview of ours is in the way was seen to when the hold was
// recorded. After an attempt whose answer was lost, busy time of exactly the
// hold's own length is taken for its own event.
func (h HoldHandler) inTheWay(ctx context.Context, hold *hiring.TimeHold, again bool) (string, error) {
	role, err := h.Store.Role(ctx, hold.RoleKey)
	if err != nil {
		return "", err
	}
	span := hiring.Interval{Start: hold.Start, End: hold.End}
	stage, _ := role.Stage(hold.Stage)
	padded := padded(span, role, stage)
	panel, err := h.attendees(ctx, role, required(hold.Panel), padded, "")
	var user *hiring.UserError
	if errors.As(err, &user) {
		return user.Text, nil
	}
	if err != nil {
		return "", err
	}
	for _, a := range panel {
		if a.Calendar.Unreadable != "" {
			return fmt.Sprintf("%s's calendar can't be read (%s).", a.Name, a.Calendar.Unreadable), nil
		}
		for _, b := range a.Calendar.Busy {
			if b.Overlaps(padded) && !(again && b.Start.Equal(span.Start) && b.End.Equal(span.End)) {
				return a.Name + notFreeFor(b, span), nil
			}
		}
	}
	return "", nil
}

// taken gives a hold up before it stood. What an earlier attempt may have made
// after all is removed.
func (h HoldHandler) taken(ctx context.Context, hold *hiring.TimeHold, why string, again bool) error {
	var effects []outbox.Effect
	if again {
		effects = append(effects, outbox.HoldEffect(outbox.CalendarRelease, hold.ID))
	}
	return h.endHold(ctx, hold, "taken", func(hold *hiring.TimeHold) bool {
		if hold.State != hiring.TimePlacing {
			return false
		}
		hold.State, hold.Reason, hold.EndedAt = hiring.TimeTaken, why, h.Now()
		return true
	}, effects...)
}

// stands records the event. It may happen twice.
func (h HoldHandler) stands(ctx context.Context, hold *hiring.TimeHold, ev hiring.Event) error {
	err := h.Store.ChangeTimeHold(ctx, hold.ID, func(hold *hiring.TimeHold) (outbox.Batch, error) {
		if hold.State != hiring.TimePlacing || ev.ID != hold.EventID {
			return outbox.Batch{}, nil // one that was let go meanwhile is removed by the effect after this one
		}
		hold.State, hold.Etag = hiring.TimeHeld, ev.Etag
		return outbox.Batch{
			Messages: []outbox.Message{{Key: "time-hold:" + hold.ID, Kind: "time-hold", About: hold.ID, Person: hold.By}},
			Touch:    []string{hold.ID, hold.CandidateID, hold.RoleKey},
		}, nil
	})
	if err != nil {
		return err
	}
	return h.adoptHold(ctx, ev) // people may have moved it or answered before we found it
}

// event is what Google is to show meanwhile: nothing of the candidate.
func (h HoldHandler) event(ctx context.Context, hold *hiring.TimeHold) (hiring.Event, error) {
	role, err := h.Store.Role(ctx, hold.RoleKey)
	if err != nil {
		return hiring.Event{}, err
	}
	until := hold.Expires().In(role.TimeZone()).Format("Monday, 2 January, 3:04 pm MST")
	ev := hiring.Event{
		ID: hold.EventID, Key: hold.ID, Start: hold.Start, End: hold.End, Zone: role.TimeZone().String(), Tentative: true,
		Summary:     "Hold",
		Description: fmt.Sprintf("Held for an interview that isn't agreed on yet (%s). Until %s it becomes the interview, or it goes by itself.", role.Title, until),
		ShowGuests:  role.ShowGuests,
	}
	for _, p := range hold.Panel {
		person, err := h.People.Person(ctx, p.Person)
		if err != nil {
			return hiring.Event{}, err
		}
		if person.CalendarID() != "" {
			ev.Guests = append(ev.Guests, hiring.Guest{Email: person.CalendarID(), Optional: p.Part != hiring.Required})
			ev.Invited = append(ev.Invited, hiring.GuestMark(person.CalendarID()))
		}
	}
	return ev, nil
}

// Failed tells who set the hold what Google refused.
func (h HoldHandler) Failed(ctx context.Context, e outbox.Effect) error {
	hold, err := h.Store.TimeHold(ctx, e.About)
	if err != nil {
		return err
	}
	problem := strings.TrimSuffix(e.Problem, ".")
	if e.Kind == outbox.CalendarHold {
		return h.taken(ctx, hold, "Google Calendar refused the event: "+problem+".", e.Attempt > 1)
	}
	c, err := h.Store.Candidate(ctx, hold.CandidateID)
	if err != nil {
		return err
	}
	if c.Erased() {
		return h.Store.Owe(ctx, outbox.Batch{Messages: []outbox.Message{outbox.NotErased(e, hold.By)}})
	}
	return h.endHold(ctx, hold, "stuck", func(hold *hiring.TimeHold) bool {
		hold.Reason = "Google Calendar refused to remove its event: " + problem + "."
		return true
	})
}

// heldFor returns the time hold whose event is to become the interview's; nil:
// the interview has an event of its own.
func (h CalendarHandler) heldFor(ctx context.Context, iv *hiring.Interview) (*hiring.TimeHold, error) {
	if iv.EventID == EventID(iv.ID, iv.Generation) {
		return nil, nil
	}
	return h.Store.TimeHoldByEvent(ctx, iv.EventID)
}

// confirm makes the event of a time hold the interview's. A person's edit of the
// event since the click wins: nobody is invited to a time that wasn't agreed on.
func (h CalendarHandler) confirm(ctx context.Context, iv *hiring.Interview, hold *hiring.TimeHold, notice *hiring.Notice) (string, error) {
	now, err := h.Calendar.Get(ctx, iv.EventID)
	switch {
	case errors.Is(err, hiring.ErrNotFound) || err == nil && now.Cancelled:
		return "removed", h.notConfirmed(ctx, iv, "The event that held the time was deleted in Google Calendar.")
	case err != nil:
		return "", safeToRepeat(err)
	case hold.InterviewID != iv.ID || !sameTime(now, iv.Start, iv.End):
		return "moved", h.heldElsewhere(ctx, iv, hold, now)
	}
	want, err := h.invitation(ctx, iv, notice)
	if err != nil {
		return "", err
	}
	ev, err := h.Calendar.Patch(ctx, iv.EventID, now.Etag, hiring.EventChange{
		Start: &want.Start, End: &want.End, Zone: want.Zone, Guests: guestsAfter(now, want), Invited: want.Invited, Summary: &want.Summary,
		Confirm: &want,
	})
	if errors.Is(err, hiring.ErrConflict) {
		return "", outbox.Later(err, 0) // somebody was faster: look at the event again
	}
	if err != nil {
		return "", safeToRepeat(err)
	}
	return ev.ID, h.invited(ctx, iv, ev)
}

// notConfirmed gives a booking up whose event is gone.
func (h CalendarHandler) notConfirmed(ctx context.Context, iv *hiring.Interview, why string) error {
	return h.Store.ChangeInterview(ctx, iv.ID, func(iv *hiring.Interview) (outbox.Batch, error) {
		if iv.State == hiring.Booking {
			iv.EventID = "" // it is the hold's
		}
		return h.taken(iv, why, false), nil
	})
}

// heldElsewhere gives a booking up whose event a person moved: the time where it
// is now is held, to be confirmed anew.
func (h CalendarHandler) heldElsewhere(ctx context.Context, iv *hiring.Interview, hold *hiring.TimeHold, ev hiring.Event) error {
	err := h.endHold(ctx, hold, "moved", func(hold *hiring.TimeHold) bool {
		if hold.State != hiring.TimeConfirmed || hold.InterviewID != iv.ID {
			return false // done before the program died
		}
		hold.State, hold.InterviewID, hold.EndedBy, hold.EndedAt = hiring.TimeHeld, "", "", time.Time{}
		hold.Start, hold.End, hold.Etag = ev.Start, ev.End, ev.Etag
		hold.Revision++
		return true
	})
	if err != nil {
		return err
	}
	return h.notConfirmed(ctx, iv, "The event that held the time was moved in Google Calendar meanwhile; the time where it is now is held, and on the candidate's card.")
}
