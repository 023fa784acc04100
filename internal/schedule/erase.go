package schedule

import (
	"context"
	"errors"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// erased reports whether the interview's candidate was erased: nothing that
// happens to its event is followed any more.
func (s *Service) erased(ctx context.Context, iv *hiring.Interview) (bool, error) {
	c, err := s.Store.Candidate(ctx, iv.CandidateID)
	return err == nil && c.Erased(), err
}

// eraseEvent removes the event of an erased candidate's interview, whatever
// became of the interview. Guests of one that lies ahead are told that it is
// off. Nobody gets mail about one that is over; without mail Google leaves it in
// its guests' own calendars, which people are told (candidate.Unreachable).
func (h CalendarHandler) eraseEvent(ctx context.Context, iv *hiring.Interview) error {
	d, err := h.Store.Debrief(ctx, iv.ID)
	if err != nil && !errors.Is(err, hiring.ErrNotFound) {
		return err
	}
	if err == nil && d.EventID != "" { // it names nobody, but is about them
		remove := h.Calendar.DeleteQuietly
		if d.End.After(h.Now()) {
			remove = h.Calendar.Delete
		}
		if err := remove(ctx, d.EventID); err != nil {
			return safeToRepeat(err)
		}
	}
	if iv.End.After(h.Now()) {
		return safeToRepeat(h.Calendar.Delete(ctx, iv.EventID))
	}
	return safeToRepeat(h.Calendar.DeleteQuietly(ctx, iv.EventID))
}

// eraseFailed tells of an event that Google keeps.
func (h CalendarHandler) eraseFailed(ctx context.Context, e outbox.Effect) error {
	iv, err := h.Store.Interview(ctx, e.About)
	if err != nil {
		return err
	}
	role, err := h.Store.Role(ctx, iv.RoleKey)
	if err != nil {
		return err
	}
	return h.Store.Owe(ctx, outbox.Batch{Messages: []outbox.Message{outbox.NotErased(e, coordinatorOf(role, iv))}})
}

// findErased is find for a candidate who was erased meanwhile: the event is only
// looked for, since the effect after this one removes it.
func (h CalendarHandler) findErased(ctx context.Context, iv *hiring.Interview) (string, bool, error) {
	ev, err := h.Calendar.Get(ctx, iv.EventID)
	if errors.Is(err, hiring.ErrNotFound) || err == nil && ev.Cancelled {
		return "", false, nil
	}
	return ev.ID, err == nil, err
}
