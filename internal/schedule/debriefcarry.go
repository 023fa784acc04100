package schedule

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// DebriefHandler carries out the effects of debriefs: their events are made and
// removed by the bot; moved they are by people only.
type DebriefHandler struct{ *Service }

// debriefEvent derives the id of a debrief's event, as EventID.
func debriefEvent(interview string, generation int) string {
	return EventID("debrief/"+interview, generation)
}

// debriefKey marks a debrief's event as ours.
func debriefKey(interview string) string { return "debrief:" + interview }

// Wanted reports whether the debrief still is what the effect was made for.
func (h DebriefHandler) Wanted(ctx context.Context, e outbox.Effect) (bool, error) {
	d, err := h.Store.Debrief(ctx, e.About)
	if err != nil {
		return false, err
	}
	if e.Kind == outbox.DebriefInsert {
		return d.State == hiring.DebriefBooking && e.Key == outbox.CalendarKey(e.Kind, d.Interview, d.Generation), nil
	}
	return !d.Live() || e.Key != outbox.CalendarKey(e.Kind, d.Interview, d.Generation), nil
}

// Do makes one attempt.
func (h DebriefHandler) Do(ctx context.Context, e outbox.Effect) (string, error) {
	h.calendar.Lock()
	defer h.calendar.Unlock()
	d, err := h.Store.Debrief(ctx, e.About)
	if err != nil {
		return "", err
	}
	if e.Kind == outbox.DebriefDelete {
		event := d.EventID
		for g := 1; g < d.Generation; g++ { // booked again since, as another event
			if e.Key == outbox.CalendarKey(e.Kind, d.Interview, g) {
				event = debriefEvent(d.Interview, g)
			}
		}
		return "", safeToRepeat(h.Calendar.Delete(ctx, event))
	}
	k, err := h.caseOf(ctx, d.Interview)
	if errors.Is(err, hiring.ErrNotFound) {
		return "erased", nil // meanwhile; the effect after this one removes what there may be
	}
	if err != nil {
		return "", outbox.Later(err, 0)
	}
	if e.Attempt > 1 {
		if result, found, err := h.find(ctx, d); err != nil || found {
			return result, safeToRepeat(err)
		}
	}
	why, err := h.inTheWay(ctx, k, d, e.Attempt > 1)
	if err != nil {
		return "", safeToRepeat(err)
	}
	if why != "" {
		return "taken", h.taken(ctx, d, why, e.Attempt > 1)
	}
	want, err := h.event(ctx, k, d)
	if err != nil {
		return "", err
	}
	ev, err := h.Calendar.Insert(ctx, want)
	if err != nil {
		return "", safeToRepeat(err)
	}
	return ev.ID, h.booked(ctx, d, ev)
}

// Look learns whether an earlier attempt happened.
func (h DebriefHandler) Look(ctx context.Context, e outbox.Effect) (string, bool, error) {
	d, err := h.Store.Debrief(ctx, e.About)
	if err != nil || e.Kind != outbox.DebriefInsert {
		return "", false, err
	}
	h.calendar.Lock()
	defer h.calendar.Unlock()
	result, found, err := h.find(ctx, d)
	if err != nil { // looking can be repeated until it works
		err = outbox.Later(err, outbox.Classify(err).After)
	}
	return result, found, err
}

// find looks for the event that an earlier attempt may have made, and takes it
// over.
func (h DebriefHandler) find(ctx context.Context, d *hiring.Debrief) (string, bool, error) {
	ev, err := h.Calendar.Get(ctx, d.EventID)
	switch {
	case errors.Is(err, hiring.ErrNotFound):
		return "", false, nil
	case err != nil:
		return "", false, err
	case ev.Cancelled || ev.Key != debriefKey(d.Interview):
		return "", false, nil
	}
	return ev.ID, true, h.booked(ctx, d, ev)
}

// Failed tells the coordinator what Google refused.
func (h DebriefHandler) Failed(ctx context.Context, e outbox.Effect) error {
	d, err := h.Store.Debrief(ctx, e.About)
	if err != nil {
		return err
	}
	if e.Kind == outbox.DebriefDelete {
		return h.stuck(ctx, d)
	}
	return h.taken(ctx, d, "Google Calendar refused the event: "+strings.TrimSuffix(e.Problem, ".")+".", true)
}

// inTheWay asks Google again whether all are free; "" when they are. After an
// attempt whose answer was lost, busy time of exactly the debrief's length is
// taken for its own event.
func (h DebriefHandler) inTheWay(ctx context.Context, k *hiring.Case, d *hiring.Debrief, again bool) (string, error) {
	if !d.Start.After(h.Now()) {
		return "That time had passed before it could be booked.", nil
	}
	if err := h.wanted(k); err != nil {
		return err.Error(), nil
	}
	panel, err := h.debriefPanel(ctx, k)
	if err != nil {
		return "", err
	}
	span := hiring.Interval{Start: d.Start, End: d.End}
	people, err := h.attendeesBut(ctx, k.Role, required(panel), span, "", d.Interview)
	if err != nil {
		return "", err
	}
	for _, a := range people {
		if a.Calendar.Unreadable != "" {
			return a.Name + "'s calendar can't be read.", nil
		}
		for _, busy := range append(a.Calendar.Busy, a.Interviews...) {
			if busy.Overlaps(span) && !(again && busy == span) {
				return a.Name + " is no longer free then.", nil
			}
		}
	}
	return "", nil
}

// event is what Google is to show. It names no candidate and no score: it
// carries a link to the message in the role's channel.
func (h DebriefHandler) event(ctx context.Context, k *hiring.Case, d *hiring.Debrief) (hiring.Event, error) {
	text := "What it is about stands in the role's channel in Slack."
	if link, err := h.LinkTo(ctx, d.PointsKey()); err == nil && link != "" {
		text = link
	}
	place := k.Stage().Location.V.Kind
	ev := hiring.Event{
		ID: d.EventID, Key: debriefKey(d.Interview), Start: d.Start, End: d.End, Zone: k.Role.TimeZone().String(),
		Summary: "Debrief: " + k.Role.Title, Description: text, ShowGuests: k.Role.ShowGuests, Meet: place == "meet" || place == "",
	}
	for _, id := range d.People {
		person, err := h.People.Person(ctx, id)
		if err != nil {
			return hiring.Event{}, err
		}
		if person.CalendarID() != "" {
			optional := k.Interview.Part(id) == hiring.Shadow && !k.Role.IsDecider(id)
			ev.Guests = append(ev.Guests, hiring.Guest{Email: person.CalendarID(), Optional: optional})
			ev.Invited = append(ev.Invited, hiring.GuestMark(person.CalendarID()))
		}
	}
	return ev, nil
}

// booked records the event, as it is by then. It may happen twice.
func (h DebriefHandler) booked(ctx context.Context, booking *hiring.Debrief, ev hiring.Event) error {
	err := h.Store.ChangeDebrief(ctx, booking.Interview, func(_ *hiring.Case, d *hiring.Debrief) (outbox.Batch, error) {
		if d.State != hiring.DebriefBooking || ev.ID != d.EventID {
			return outbox.Batch{}, nil
		}
		d.State, d.Start, d.End = hiring.DebriefBooked, ev.Start, ev.End
		return outbox.Batch{
			Touch: []string{d.Interview},
			Log:   []hiring.Entry{{Actor: "convene", Action: "debrief.booked", Subject: d.Interview, Detail: ev.ID}},
		}, nil
	})
	if errors.Is(err, hiring.ErrNotFound) {
		return nil // erased meanwhile; the effect after this one removes the event
	}
	return err
}

// taken gives up a debrief that couldn't be booked, and says so once. What an
// earlier attempt may have made after all is removed.
func (h DebriefHandler) taken(ctx context.Context, booking *hiring.Debrief, why string, again bool) error {
	err := h.Store.ChangeDebrief(ctx, booking.Interview, func(k *hiring.Case, d *hiring.Debrief) (outbox.Batch, error) {
		if d.State != hiring.DebriefBooking || d.Generation != booking.Generation {
			return outbox.Batch{}, nil
		}
		gone := d.Start
		d.State, d.Problem = hiring.DebriefTaken, why
		var left = d.Offers[:0]
		for _, o := range d.Offers {
			if !o.Equal(gone) {
				left = append(left, o)
			}
		}
		d.Offers = left
		b := outbox.Batch{
			Messages: []outbox.Message{debriefNews(d, "taken", debriefOwner(k, d))},
			Touch:    []string{d.Interview},
			Log:      []hiring.Entry{{Actor: "convene", Action: "debrief.taken", Subject: d.Interview}},
		}
		if again {
			b.Effects = []outbox.Effect{outbox.CalendarEffect(outbox.DebriefDelete, d.Interview, d.Generation)}
		}
		return b, nil
	})
	if errors.Is(err, hiring.ErrNotFound) {
		return nil
	}
	return err
}

// stuck tells a coordinator that a debrief is off, and its event still stands.
func (h DebriefHandler) stuck(ctx context.Context, d *hiring.Debrief) error {
	k, err := h.caseOf(ctx, d.Interview)
	if errors.Is(err, hiring.ErrNotFound) {
		return nil // erased: another effect removes the event, and tells if it can't
	}
	if err != nil {
		return err
	}
	return h.Store.Owe(ctx, outbox.Batch{Messages: []outbox.Message{debriefNews(d, "stuck", debriefOwner(k, d))}})
}

// debriefNews is the DM about what became of a debrief without a click of
// theirs: "taken", "moved", "removed", "stuck" or "needless".
func debriefNews(d *hiring.Debrief, what, to string) outbox.Message {
	return outbox.Message{
		Key: fmt.Sprintf("debrief-news:%s:%s:%d", d.Interview, what, d.Revision), Kind: "debrief-news", About: d.Interview, Person: to,
	}
}

// adoptDebrief brings a debrief in line with its event; a person's edit stands.
// false: the event isn't a debrief's, or that of an earlier generation.
func (s *Service) adoptDebrief(ctx context.Context, ev hiring.Event) (bool, error) {
	seen, err := s.Store.DebriefByEvent(ctx, ev.ID)
	if errors.Is(err, hiring.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	err = s.Store.ChangeDebrief(ctx, seen.Interview, func(k *hiring.Case, d *hiring.Debrief) (outbox.Batch, error) {
		if d.State != hiring.DebriefBooked || d.EventID != ev.ID || sameTime(ev, d.Start, d.End) && !ev.Cancelled {
			return outbox.Batch{}, nil
		}
		over := !d.End.After(s.Now())
		what := "moved"
		if ev.Cancelled {
			what = "removed"
		}
		if over && (ev.Cancelled || !ev.End.After(s.Now())) {
			return outbox.Batch{}, nil // tidying up one that was held
		}
		if ev.Cancelled {
			d.State = hiring.DebriefRemoved
		} else {
			d.Start, d.End = ev.Start, ev.End
			d.Revision++
		}
		return outbox.Batch{
			Messages: []outbox.Message{debriefNews(d, what, debriefOwner(k, d))},
			Touch:    []string{d.Interview},
			Log:      []hiring.Entry{{Actor: "google", Action: "debrief." + what, Subject: d.Interview}},
		}, nil
	})
	if errors.Is(err, hiring.ErrNotFound) {
		return true, nil // erased
	}
	return true, err
}
