package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// moveEvent brings the event to the interview's time and guests. A person's
// edit of the time since we last looked wins, guests whom a person added stay,
// and whom a person took off stays off.
func (h CalendarHandler) moveEvent(ctx context.Context, iv *hiring.Interview) (string, error) {
	want, err := h.event(ctx, iv)
	if err != nil {
		return "", err
	}
	now, err := h.Calendar.Get(ctx, iv.EventID)
	switch {
	case errors.Is(err, hiring.ErrNotFound):
		return "removed", h.adopt(ctx, hiring.Event{ID: iv.EventID, Key: iv.ID, Cancelled: true})
	case err != nil:
		return "", safeToRepeat(err)
	case now.Cancelled, !sameTime(now, iv.EventStart, iv.EventEnd) && !sameTime(now, iv.Start, iv.End):
		return "a person's change was kept", h.adopt(ctx, now)
	case !sameTime(now, iv.Start, iv.End):
		why, err := h.inTheWay(ctx, iv, false)
		if err != nil {
			return "", safeToRepeat(err)
		}
		if why != "" {
			if guests := guestsAfter(now, want); !sameGuests(now, guests) {
				why += " The new panel stands all the same: please see whether everybody is free at the time that stays."
			}
			return "kept", h.stay(ctx, iv, why, true)
		}
	}
	ev := now
	if guests := guestsAfter(now, want); !sameTime(now, iv.Start, iv.End) || !sameGuests(now, guests) || !slices.Equal(now.Invited, want.Invited) {
		ev, err = h.Calendar.Patch(ctx, iv.EventID, now.Etag, hiring.EventChange{
			Start: &want.Start, End: &want.End, Zone: want.Zone, Guests: guests, Invited: want.Invited,
			Quiet: hasGuest(now.Guests, want.Guests[0]), // the candidate, who stays
		})
	}
	if errors.Is(err, hiring.ErrConflict) {
		return "", outbox.Later(err, 0) // somebody was faster: look at the event again
	}
	if err != nil {
		return "", safeToRepeat(err)
	}
	return ev.ID, h.Store.ChangeInterview(ctx, iv.ID, func(iv *hiring.Interview) (outbox.Batch, error) {
		iv.Etag, iv.EventStart, iv.EventEnd = ev.Etag, ev.Start, ev.End
		if ev.Link != "" {
			iv.Link = ev.Link
		}
		return outbox.Batch{}, nil
	})
}

// guestsAfter returns who is to be on the event: ours, as the interview has
// them now, and whoever a person added. Who is ours no more goes: the event's
// marks tell whom we invited, whatever their address was. One of ours who was
// seen there and is missing was taken off by a person, and stays off, also when
// their address has changed since.
func guestsAfter(now, want hiring.Event) []hiring.Guest {
	invited := func(g hiring.Guest) bool { return slices.Contains(now.Invited, hiring.GuestMark(g.Email)) }
	var out []hiring.Guest
	for _, g := range want.Guests {
		if hasGuest(now.Guests, g) || !invited(g) && g.RSVP != hiring.TakenOff || g.RSVP == "" {
			out = append(out, g)
		}
	}
	for _, g := range now.Guests {
		if !hasGuest(want.Guests, g) && !invited(g) {
			out = append(out, g)
		}
	}
	return out
}

func hasGuest(list []hiring.Guest, g hiring.Guest) bool {
	return slices.ContainsFunc(list, func(o hiring.Guest) bool { return strings.EqualFold(o.Email, g.Email) })
}

// sameGuests reports whether the event has exactly these guests.
func sameGuests(ev hiring.Event, guests []hiring.Guest) bool {
	return len(ev.Guests) == len(guests) && !slices.ContainsFunc(guests, func(g hiring.Guest) bool {
		i := slices.IndexFunc(ev.Guests, func(o hiring.Guest) bool { return strings.EqualFold(o.Email, g.Email) })
		return i < 0 || ev.Guests[i].Optional != g.Optional
	})
}

// stay gives up a move whose slot is gone: the interview stays when its event
// is. Who coordinates it is told. With guests, those of a new panel are brought
// to the event all the same.
func (h CalendarHandler) stay(ctx context.Context, moved *hiring.Interview, why string, guests bool) error {
	role, err := h.Store.Role(ctx, moved.RoleKey)
	if err != nil {
		return err
	}
	return h.Store.ChangeInterview(ctx, moved.ID, func(iv *hiring.Interview) (outbox.Batch, error) {
		if iv.State != hiring.Booked || iv.Revision != moved.Revision {
			return outbox.Batch{}, nil
		}
		stage, err := h.stage(ctx, role, iv)
		if err != nil {
			return outbox.Batch{}, err
		}
		b := h.reschedule(role, stage, iv, iv.EventStart, iv.EventEnd)
		iv.Problem = why
		b.Moves = []hiring.Move{{Interview: iv.ID, Revision: moved.Revision, Undone: true}} // to stay isn't a move
		b.Messages = append(b.Messages, h.tellCoordinator(role, iv, "kept"))
		if guests {
			b.Effects = append(b.Effects, outbox.CalendarEffect(outbox.CalendarMove, iv.ID, iv.Revision))
		}
		b.Log = []hiring.Entry{{Actor: "convene", Action: "interview.kept", Subject: iv.ID, Detail: fmt.Sprint(iv.Revision)}}
		return b, nil
	})
}
