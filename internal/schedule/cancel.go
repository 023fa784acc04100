package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// MaxCancelReason limits the reason for a cancellation, in runes.
const MaxCancelReason = 300

// Cancel cancels an interview; its event goes from everybody's calendar.
func (s *Service) Cancel(ctx context.Context, id, by, reason string) error {
	return s.CancelFor(ctx, id, by, "", reason)
}

// CancelFor does the same for a cause that is counted. Fields of errors: "cause".
func (s *Service) CancelFor(ctx context.Context, id, by string, cause hiring.CancelCause, reason string) error {
	if cause != "" && !slices.Contains(hiring.CancelCauses, cause) {
		return hiring.Invalid("cause", "Choose one of the reasons.")
	}
	if _, err := s.coordinated(ctx, id, by, "cancel its interviews"); err != nil {
		return err
	}
	return s.Store.ChangeInterview(ctx, id, func(iv *hiring.Interview) (outbox.Batch, error) {
		switch {
		case iv.State == hiring.Cancelled:
			return outbox.Batch{}, &hiring.AlreadyDone{What: "cancelled"}
		case iv.State == hiring.Taken:
			return outbox.Batch{}, &hiring.AlreadyDone{What: "not booked"}
		case iv.Ended(s.Now()):
			return outbox.Batch{}, hiring.Invalid("", "This interview is over, so it can't be cancelled.")
		}
		b := Cancelled(iv, by, reason)
		if cause != "" {
			iv.CancelCause = cause
		}
		return b, nil
	})
}

// Cancelled marks an interview cancelled and returns what follows from that.
func Cancelled(iv *hiring.Interview, by, reason string) outbox.Batch {
	wasKnown := iv.State != hiring.Booking // else nobody has heard of it
	iv.CancelCause = ""
	if iv.State == hiring.Removed { // unless somebody says more
		iv.CancelCause = hiring.CancelGoogle
	}
	iv.State, iv.Reason = hiring.Cancelled, hiring.Clip(hiring.CleanText(reason), MaxCancelReason)
	b := outbox.Batch{
		Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarDelete, iv.ID, iv.Generation)},
		NotDue:  hiring.InterviewNotDue(iv.ID),
		Touch:   []string{iv.ID, iv.CandidateID, iv.RoleKey},
		Log:     []hiring.Entry{{Actor: by, Action: "interview.cancelled", Subject: iv.ID}},
	}
	if wasKnown {
		b.Messages = append(b.Messages, outbox.Message{
			Key: fmt.Sprintf("channel-cancelled:%s:%d", iv.ID, iv.Generation), Kind: "channel-cancelled", About: iv.ID, Role: iv.RoleKey,
		})
	}
	return b
}

// Restore makes the event anew, at the interview's time, after a person
// deleted it in Google Calendar, or takes a cancellation back. Whether everybody
// is still free is asked before the event is made.
func (s *Service) Restore(ctx context.Context, id, by string) error {
	role, err := s.coordinated(ctx, id, by, "book its interviews")
	if err != nil {
		return err
	}
	err = s.Store.ChangeInterview(ctx, id, func(iv *hiring.Interview) (outbox.Batch, error) {
		switch {
		case iv.State == hiring.Booking || iv.State == hiring.Booked:
			return outbox.Batch{}, &hiring.AlreadyDone{What: "booked again"}
		case iv.State != hiring.Removed && iv.State != hiring.Cancelled:
			return outbox.Batch{}, hiring.Invalid("", "This interview was %s meanwhile.", iv.State)
		case !iv.Start.After(s.Now()):
			return outbox.Batch{}, hiring.Invalid("", "Its time has passed. Schedule a new interview instead.")
		}
		if iv.State == hiring.Cancelled && iv.EventID != EventID(iv.ID, iv.Generation) { // its removal may be on its way, and is known by no other name
			return outbox.Batch{}, hiring.Invalid("", "This interview was booked from a time that was held, so it can't simply be booked again. Use “Find another time”: the same time is offered while all are free.")
		}
		if gone, err := s.outOfProcess(ctx, iv.CandidateID); err != nil {
			return outbox.Batch{}, err
		} else if gone != "" {
			return outbox.Batch{}, hiring.Invalid("", "%s", gone)
		}
		iv.State, iv.Reason, iv.CancelCause = hiring.Booking, "", ""
		iv.Generation++
		iv.Revision++ // what happens to the new event is told anew
		iv.EventID, iv.Etag, iv.Link = EventID(iv.ID, iv.Generation), "", ""
		iv.EventStart, iv.EventEnd, iv.CandidateRSVP, iv.CandidateComment = time.Time{}, time.Time{}, "", ""
		for i := range iv.Panel {
			iv.Panel[i].RSVP = ""
		}
		return outbox.Batch{
			Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarInsert, iv.ID, iv.Generation)},
			Touch:   []string{iv.ID, iv.CandidateID, role.Key},
			Log:     []hiring.Entry{{Actor: by, Action: "interview.restored", Subject: iv.ID, Detail: fmt.Sprint(iv.Generation)}},
		}, nil
	})
	if errors.Is(err, hiring.ErrConflict) {
		return hiring.Invalid("", "Another interview of this stage was booked for the candidate meanwhile, so this one can't be booked again.")
	}
	return err
}
