package schedule

import (
	"context"
	"fmt"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// An invitation can carry the notice that the candidate goes on, where an
// interview is booked before they were told: what that takes is here.

// owesTold reports whether the interview's invitation is out and carried a
// notice, so that the candidate counts as told. The program may have died before
// that was recorded.
func owesTold(iv *hiring.Interview) bool {
	return iv.Carries != "" && iv.State != hiring.Booking && iv.Etag != ""
}

// told records that the invitation has said the notice. It may happen twice, so
// it is repeated until it is recorded.
func (h CalendarHandler) told(ctx context.Context, iv *hiring.Interview) error {
	if err := h.Told(ctx, iv.Carries, iv.ID); err != nil {
		return outbox.Later(fmt.Errorf("record that the invitation told the candidate: %w", err), 0)
	}
	return nil
}

// invited records that the event is there, and what its invitation has said.
func (h CalendarHandler) invited(ctx context.Context, iv *hiring.Interview, ev hiring.Event) error {
	if err := h.booked(ctx, iv, ev); err != nil || iv.Carries == "" {
		return err
	}
	return h.told(ctx, iv)
}

// mayInvite says why the candidate may not be invited any more, "" when they
// may, and returns the notice that the invitation is to say, if any. Whoever was
// declined meanwhile gets no invitation.
func (h CalendarHandler) mayInvite(ctx context.Context, iv *hiring.Interview) (*hiring.Notice, string, error) {
	gone, err := h.outOfProcess(ctx, iv.CandidateID)
	if err != nil || gone != "" || iv.Carries == "" {
		return nil, gone, err
	}
	n, err := h.Store.Notice(ctx, iv.Carries)
	if err != nil {
		return nil, "", err
	}
	if n.State != hiring.NoticeDraft && n.State != hiring.NoticeTold {
		return nil, "The decision that the invitation was to say was changed.", nil
	}
	return n, "", nil
}

// carrying is the event's text that says a notice, exactly as it was approved.
func (h CalendarHandler) carrying(ctx context.Context, iv *hiring.Interview, n *hiring.Notice) (string, error) {
	role, err := h.Store.Role(ctx, iv.RoleKey)
	if err != nil {
		return "", err
	}
	stage, err := h.stage(ctx, role, iv)
	if err != nil {
		return "", err
	}
	return n.Body + "\n\n" + eventHints(stage), nil
}
