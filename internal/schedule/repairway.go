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

// TakeWay records that a person wants one of the ways out. It asks nobody, so it
// is quick; CarryOut does it.
func (s *Service) TakeWay(ctx context.Context, interview string, number int, way, by string) error {
	if _, err := s.coordinated(ctx, interview, by, "repair its interviews"); err != nil {
		return err
	}
	return s.Store.ChangeRepairs(ctx, interview, func(iv *hiring.Interview, list []*Repair) ([]*Repair, outbox.Batch, error) {
		i := slices.IndexFunc(list, func(r *Repair) bool { return r.Number == number })
		if i < 0 {
			return nil, outbox.Batch{}, hiring.Invalid("", "This isn't offered any more.")
		}
		r := list[i]
		switch j := slices.IndexFunc(r.Ways, func(w WayOut) bool { return w.Key == way }); {
		case r.State == RepairDone || r.State == RepairChosen:
			return nil, outbox.Batch{}, &hiring.AlreadyDone{What: "settled with a way out", By: r.ChosenBy, At: r.ChosenAt}
		case r.State == RepairSettled:
			return nil, outbox.Batch{}, hiring.Invalid("", "Nothing is left to do here: the message says how it was settled.")
		case iv.State != hiring.Booked || iv.Ended(s.Now()):
			return nil, outbox.Batch{}, hiring.Invalid("", "This interview isn't booked any more, or is over.")
		case j < 0 || r.Revision != iv.Revision:
			b := outbox.Batch{Due: []hiring.Due{hiring.LookAt(iv.ID, s.Now())}}
			return nil, b, nil // told by CarryOut
		default:
			r.State, r.Chosen, r.ChosenBy, r.ChosenAt = RepairChosen, r.Ways[j], by, s.Now()
			return []*Repair{r}, outbox.Batch{
				Due:   []hiring.Due{hiring.LookAt(iv.ID, s.Now())}, // should the program stop before it is done
				Touch: []string{iv.ID},
			}, nil
		}
	})
}

// CarryOut does what was chosen, after asking Google once more, which is slow.
// It returns the repair as it is then, with Gone set where what was chosen isn't
// possible any more.
func (s *Service) CarryOut(ctx context.Context, interview string, number int, way string) (*Repair, error) {
	s.repairing.Lock()
	defer s.repairing.Unlock()
	r, err := s.repair(ctx, interview, number)
	if err == nil && r.State == RepairChosen {
		_, err = s.carryOutWay(ctx, r)
	}
	if err != nil {
		return nil, err
	}
	look := s.lookAt(ctx, hiring.LookAt(interview, s.Now())) // what is possible now
	if r, err = s.repair(ctx, interview, number); err != nil {
		return nil, err
	}
	if look != nil && r.State != RepairDone { // else it is due still, and nothing that was asked for failed
		return nil, look
	}
	if r.State == RepairOpen && r.Gone == "" && r.Chosen.Key != way {
		r.Gone = "This isn't offered any more: something has changed meanwhile."
	}
	return r, nil
}

func (s *Service) repair(ctx context.Context, interview string, number int) (*Repair, error) {
	list, err := s.Store.Repairs(ctx, interview)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(r *Repair) bool { return r.Number == number })
	if i < 0 {
		return nil, hiring.ErrNotFound
	}
	return list[i], nil
}

// carryOutWay does what was chosen. It may happen twice: the program may have
// stopped before it was recorded. Gone, in words: why it isn't possible.
func (s *Service) carryOutWay(ctx context.Context, r *Repair) (gone string, err error) {
	if r.Chosen.Panel != nil {
		err = s.swap(ctx, r)
	} else {
		err = s.moveTo(ctx, r)
	}
	var done *hiring.AlreadyDone
	var overbooked *Overbooking
	var user *hiring.UserError
	var classed *outbox.Error
	switch {
	case err == nil, errors.As(err, &done):
	case errors.As(err, &overbooked):
		gone = unfree(overbooked.Conflicts[0])
	case errors.As(err, &user):
		gone = user.Text
	case errors.As(err, &classed):
		gone = "Google Calendar didn't answer, so nothing was changed."
	default:
		return "", err
	}
	err = s.Store.ChangeRepairs(ctx, r.Interview, func(iv *hiring.Interview, list []*Repair) ([]*Repair, outbox.Batch, error) {
		i := slices.IndexFunc(list, func(o *Repair) bool { return o.Number == r.Number })
		if i < 0 || list[i].State != RepairChosen {
			return nil, outbox.Batch{}, nil
		}
		now := list[i]
		b := outbox.Batch{Touch: []string{iv.ID}, Due: []hiring.Due{hiring.LookAt(iv.ID, s.Now())}}
		if now.State, now.Gone = RepairDone, ""; gone != "" {
			now.State, now.Gone = RepairOpen, gone
			now.Ways = slices.DeleteFunc(now.Ways, func(w WayOut) bool { return w.Key == now.Chosen.Key })
		}
		return []*Repair{now}, b, nil
	})
	return gone, err
}

// swap gives the interview the panel that was chosen, if whoever stands in could
// still be offered.
func (s *Service) swap(ctx context.Context, r *Repair) error {
	iv, err := s.Store.Interview(ctx, r.Interview)
	if err != nil {
		return err
	}
	role, err := s.Store.Role(ctx, iv.RoleKey)
	if err != nil {
		return err
	}
	var in []hiring.Panelist
	for _, w := range r.Chosen.Swaps {
		if w.In != "" && iv.Part(w.In) != hiring.Required {
			in = append(in, hiring.Panelist{Person: w.In, Part: hiring.Required})
		}
	}
	if len(in) > 0 {
		slot := hiring.Interval{Start: iv.Start, End: iv.End}
		asked, err := s.attendees(ctx, role, in, weekAround(slot), iv.ID)
		if err != nil {
			return err
		}
		for _, a := range asked {
			if why := noSeat(a, slot, seatRulesOf(role)); why != "" {
				return hiring.Invalid("", "%s", why)
			}
		}
	}
	return s.ChangePanel(ctx, PanelChange{Interview: r.Interview, Panel: r.Chosen.Panel, Seen: r.Revision, By: r.ChosenBy})
}

func unfree(c Conflict) string {
	switch {
	case c.Unreadable != "":
		return fmt.Sprintf("I can't tell whether %s is free then (%s).", c.Name, c.Unreadable)
	case c.Interview:
		return fmt.Sprintf("%s is in another interview then by now.", c.Name)
	default:
		return fmt.Sprintf("%s is no longer free then.", c.Name)
	}
}

// moveTo moves the interview to the time that was chosen, if everybody required
// is still free.
func (s *Service) moveTo(ctx context.Context, r *Repair) error {
	iv, err := s.Store.Interview(ctx, r.Interview)
	if err != nil {
		return err
	}
	role, err := s.Store.Role(ctx, iv.RoleKey)
	if err != nil {
		return err
	}
	if !role.IsCoordinator(r.ChosenBy) { // any more
		return hiring.Refuse("Only a coordinator of %s can move its interviews.", role.Title)
	}
	way := r.Chosen
	if !iv.Start.Equal(way.Start) || !iv.End.Equal(way.End) {
		if err := s.stillSuits(ctx, iv, way.Start); err != nil {
			return err
		}
	}
	return s.Store.ChangeInterview(ctx, r.Interview, func(iv *hiring.Interview) (outbox.Batch, error) {
		switch {
		case iv.State == hiring.Booked && iv.Start.Equal(way.Start) && iv.End.Equal(way.End):
			return outbox.Batch{}, &hiring.AlreadyDone{What: "at that time"}
		case iv.State != hiring.Booked || iv.Ended(s.Now()):
			return outbox.Batch{}, hiring.Invalid("", "This interview can't be moved any more: it is over or was cancelled.")
		case iv.Revision != r.Revision:
			return outbox.Batch{}, hiring.Invalid("", "This interview was changed meanwhile.")
		case !way.Start.After(s.Now()):
			return outbox.Batch{}, hiring.Invalid("", "That time has passed meanwhile.")
		}
		stage, err := s.stage(ctx, role, iv)
		if err != nil {
			return outbox.Batch{}, err
		}
		b := s.reschedule(role, stage, iv, way.Start, way.End)
		b.Effects = append(b.Effects, outbox.CalendarEffect(outbox.CalendarMove, iv.ID, iv.Revision))
		b.Log = []hiring.Entry{{Actor: r.ChosenBy, Action: "interview.moved", Subject: iv.ID, Detail: fmt.Sprint(iv.Revision)}}
		return b, nil
	})
}

// stillSuits asks whether a time that was offered keeps all rules still.
func (s *Service) stillSuits(ctx context.Context, iv *hiring.Interview, start time.Time) error {
	panel, err := s.stillThere(ctx, iv.Panel)
	if err != nil {
		return err
	}
	q, err := s.question(ctx, s.sameAgain(iv, panel))
	if err != nil {
		return err
	}
	q.Notice = 0
	objections, _ := Against(*q, start)
	for _, o := range objections {
		switch {
		case !o.Required(), o.Rule == RuleFrom, o.Rule == RuleHorizon, o.Rule == RuleNotice:
		case o.Rule == RuleUnreadable:
			return hiring.Invalid("", "I can't tell whether %s is free then (%s).", o.Name, o.Why)
		case o.Rule == RuleInterview:
			return hiring.Invalid("", "%s is in another interview then by now.", o.Name)
		case o.Rule == RuleTaken:
			return hiring.Invalid("", "The candidate is in another interview then by now.")
		case o.Rule == RuleBusy:
			return hiring.Invalid("", "%s is no longer free then.", o.Name)
		case o.Name != "":
			return hiring.Invalid("", "That time doesn't keep %s's working hours or limits any more.", o.Name)
		default:
			return hiring.Invalid("", "That time doesn't keep the role's or the candidate's hours and days any more.")
		}
	}
	return nil
}
