package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// HoldStore is what time holds need of the database.
type HoldStore interface {
	TimeHold(ctx context.Context, id string) (*hiring.TimeHold, error)
	TimeHoldByEvent(ctx context.Context, event string) (*hiring.TimeHold, error)
	// PlaceHold marks the search used and inserts the hold. Its errors are those
	// of BookSearch; ErrConflict also means that a time is held for that stage.
	PlaceHold(ctx context.Context, search string, h *hiring.TimeHold, b outbox.Batch) error
	ChangeTimeHold(ctx context.Context, id string, change func(*hiring.TimeHold) (outbox.Batch, error)) error
	// ConfirmHold changes a hold into the interview that change returns.
	ConfirmHold(ctx context.Context, id string, change func(*hiring.TimeHold) (*hiring.Interview, outbox.Batch, error)) error
	// LiveHolds returns the times that are held; LapsedHolds those whose time is over.
	LiveHolds(ctx context.Context) ([]*hiring.TimeHold, error)
	LapsedHolds(ctx context.Context, now time.Time) ([]*hiring.TimeHold, error)
}

// HoldTime holds one of the search's offers for as long as the stage says: the
// panel gets a tentative event, and the candidate hears nothing.
func (s *Service) HoldTime(ctx context.Context, searchID string, offer int, by string) (*hiring.TimeHold, error) {
	search, err := s.Store.Search(ctx, searchID)
	if err != nil {
		return nil, err
	}
	if offer < 0 || offer >= len(search.Offers) || search.InterviewID != "" {
		return nil, hiring.Invalid("slot", "Choose one of the offered times.")
	}
	slot := search.Offers[offer]
	if !slot.Start.After(s.Now()) {
		return nil, hiring.Invalid("slot", "That time has passed meanwhile. Choose a later one.")
	}
	role, stage, err := s.stageOf(ctx, search.RoleKey, search.Stage, by)
	if err != nil {
		return nil, err
	}
	if stage.Hold.V == 0 {
		return nil, hiring.Invalid("hold", "Holding a time is off for “%s” now. Book it, or turn it on with /hiring setup.", stage.Name)
	}
	panel := search.panelAt(slot)
	if err := s.stillFree(ctx, role, stage, search, panel); err != nil {
		return nil, err
	}
	h := &hiring.TimeHold{
		ID: s.NewID("hold"), CandidateID: search.CandidateID, RoleKey: role.Key, Stage: stage.ID, State: hiring.TimePlacing,
		Start: slot.Start, End: slot.End, Panel: panel, Revision: 1,
		By: by, At: s.Now(), Until: s.Now().Add(stage.Hold.V), Confirmed: search.Confirmed, Carries: search.Carries,
	}
	h.EventID = EventID(h.ID, 1) // a hold has one event; another time is another hold
	err = s.Store.PlaceHold(ctx, search.ID, h, outbox.Batch{
		Effects: []outbox.Effect{outbox.HoldEffect(outbox.CalendarHold, h.ID)},
		Touch:   []string{h.CandidateID, role.Key},
		Log:     []hiring.Entry{{Actor: by, Action: "time.held", Subject: h.ID, Detail: h.CandidateID}},
	})
	if errors.Is(err, hiring.ErrConflict) {
		return nil, hiring.Invalid("slot", "A time is held for this interview already, or this list was used. It is on the candidate's card: let it go there, to hold another.")
	}
	return h, s.bookError(ctx, err)
}

// stageOf returns a role and its stage for a coordinator.
func (s *Service) stageOf(ctx context.Context, roleKey, stageID, by string) (*hiring.Role, hiring.Stage, error) {
	role, err := s.Store.Role(ctx, roleKey)
	if err != nil {
		return nil, hiring.Stage{}, err
	}
	if !role.IsCoordinator(by) {
		return nil, hiring.Stage{}, hiring.Refuse("Only a coordinator of %s can schedule its interviews.", role.Title)
	}
	stage, ok := role.Stage(stageID)
	if !ok {
		return nil, stage, hiring.Invalid("", "%s no longer has that stage.", role.Title)
	}
	return role, stage, nil
}

// Released is what follows from ending a time hold: its event goes.
func Released(hold, by string) outbox.Batch {
	return outbox.Batch{
		Effects: []outbox.Effect{outbox.HoldEffect(outbox.CalendarRelease, hold)},
		Touch:   []string{hold},
		Log:     []hiring.Entry{{Actor: by, Action: "time.let_go", Subject: hold}},
	}
}

// LetGo ends a time hold.
func (s *Service) LetGo(ctx context.Context, id, by string) error {
	if _, err := s.heldTime(ctx, id, by); err != nil {
		return err
	}
	return s.Store.ChangeTimeHold(ctx, id, func(h *hiring.TimeHold) (outbox.Batch, error) {
		if !h.Live() {
			return outbox.Batch{}, endedHold(h)
		}
		h.State, h.EndedBy, h.EndedAt = hiring.TimeLetGo, by, s.Now()
		return Released(h.ID, by), nil
	})
}

// heldTime returns a time hold for a coordinator of its role.
func (s *Service) heldTime(ctx context.Context, id, by string) (*hiring.TimeHold, error) {
	h, err := s.Store.TimeHold(ctx, id)
	if err != nil {
		return nil, err
	}
	role, err := s.Store.Role(ctx, h.RoleKey)
	if err == nil && !role.IsCoordinator(by) {
		err = hiring.Refuse("Only a coordinator of %s can schedule its interviews.", role.Title)
	}
	return h, err
}

// endedHold says what became of a hold that isn't live any more.
func endedHold(h *hiring.TimeHold) error {
	switch h.State {
	case hiring.TimeConfirmed:
		return &hiring.AlreadyDone{What: "confirmed", By: h.EndedBy, At: h.EndedAt}
	case hiring.TimeLetGo:
		return &hiring.AlreadyDone{What: "let go", By: h.EndedBy, At: h.EndedAt}
	case hiring.TimeExpired:
		return hiring.Invalid("", "This time isn't held any more: the hold has expired. Look for times again.")
	case hiring.TimeRemoved:
		return hiring.Invalid("", "This time isn't held any more: its event was deleted in Google Calendar. Look for times again.")
	default:
		return hiring.Invalid("", "This time was not held: %s Look for times again.", h.Reason)
	}
}

// ConfirmTime makes the interview of a held time: its event becomes the
// interview's, and the candidate is invited.
func (s *Service) ConfirmTime(ctx context.Context, id, by string) (*hiring.Interview, error) {
	h, err := s.heldTime(ctx, id, by)
	if err != nil {
		return nil, err
	}
	if !h.Live() {
		return nil, endedHold(h)
	}
	role, stage, err := s.stageOf(ctx, h.RoleKey, h.Stage, by)
	if err != nil {
		return nil, err
	}
	as := &Search{CandidateID: h.CandidateID, RoleKey: role.Key, Stage: stage.ID, By: by, Panel: h.Panel, Confirmed: h.Confirmed, Carries: h.Carries}
	if err := s.stillFree(ctx, role, stage, as, h.Panel); err != nil {
		return nil, unaskable(err)
	}
	var iv *hiring.Interview
	err = s.Store.ConfirmHold(ctx, id, func(h *hiring.TimeHold) (*hiring.Interview, outbox.Batch, error) {
		switch {
		case !h.Live():
			return nil, outbox.Batch{}, endedHold(h)
		case h.State == hiring.TimePlacing:
			return nil, outbox.Batch{}, hiring.Invalid("", "Google Calendar hasn't answered yet whether the time is held. Try again in a minute.")
		case !h.Expires().After(s.Now()):
			return nil, outbox.Batch{}, hiring.Invalid("", "This time isn't held any more: the hold has expired. Look for times again.")
		}
		iv = s.interviewAt(role, stage, h.CandidateID, hiring.OfferedTime{Start: h.Start, End: h.End, Panel: h.Panel}, by)
		iv.Carries, iv.EventID = as.Carries, h.EventID
		h.State, h.EndedBy, h.EndedAt, h.InterviewID = hiring.TimeConfirmed, by, s.Now(), iv.ID
		b := bookingOf(iv, by)
		b.Touch = append(b.Touch, h.ID)
		b.Log = append(b.Log, hiring.Entry{Actor: by, Action: "time.confirmed", Subject: h.ID, Detail: iv.ID})
		return iv, b, nil
	})
	return iv, unaskable(s.bookError(ctx, err))
}

// interviewAt is a new interview at a time, for Google to be asked about.
func (s *Service) interviewAt(role *hiring.Role, stage hiring.Stage, candidate string, t hiring.OfferedTime, by string) *hiring.Interview {
	iv := &hiring.Interview{
		ID: s.NewID("iv"), CandidateID: candidate, RoleKey: role.Key, RoleRevision: role.Revision, Stage: stage.ID,
		State: hiring.Booking, Start: t.Start, End: t.End, Revision: 1, Generation: 1, BookedBy: by, BookedAt: s.Now(),
	}
	for _, p := range t.Panel {
		if p.RSVP != hiring.TakenOff {
			p.RSVP = "" // what they answer is told anew, of the interview
		}
		iv.Panel = append(iv.Panel, p)
	}
	iv.EventID = EventID(iv.ID, iv.Generation)
	iv.Deadline = s.deadline(role, stage, iv)
	return iv
}

// bookingOf is what a new interview brings, before Google has its event.
func bookingOf(iv *hiring.Interview, by string) outbox.Batch {
	b := outbox.Batch{
		Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarInsert, iv.ID, iv.Generation)},
		Touch:   []string{iv.CandidateID, iv.RoleKey},
		Log:     []hiring.Entry{{Actor: by, Action: "interview.booking", Subject: iv.ID, Detail: iv.CandidateID}},
	}
	if iv.Carries != "" {
		b.Touch = append(b.Touch, iv.Carries)
		b.Log = append(b.Log, hiring.Entry{Actor: by, Action: "interview.carries", Subject: iv.ID, Detail: iv.Carries})
	}
	return b
}

// unaskable turns what Book would ask about into a sentence: a click on a time
// that was agreed on has no place for a question.
func unaskable(err error) error {
	var first *Before
	if errors.As(err, &first) {
		return first.Unwrap()
	}
	var user *hiring.UserError
	if errors.As(err, &user) && user.Field != "" {
		return hiring.Invalid("", "%s", user.Text)
	}
	return err
}

// expireHolds ends the time holds whose time is over. Who set one hears it once.
func (s *Service) expireHolds(ctx context.Context, now time.Time) (int, error) {
	list, err := s.Store.LapsedHolds(ctx, now)
	if err != nil {
		return 0, err
	}
	n := 0
	var problems []error
	for _, h := range list {
		err := s.endHold(ctx, h, "expired", func(h *hiring.TimeHold) bool {
			if !h.Live() || h.Expires().After(now) {
				return false
			}
			h.State, h.EndedAt = hiring.TimeExpired, now
			n++
			return true
		}, outbox.HoldEffect(outbox.CalendarRelease, h.ID))
		if err != nil { // the others expire all the same
			problems = append(problems, fmt.Errorf("time hold %s: %w", h.ID, err))
		}
	}
	return n, errors.Join(problems...)
}

// endHold changes a hold by what happened to it without a click, and tells who
// set it, or who coordinates the role now.
func (s *Service) endHold(ctx context.Context, h *hiring.TimeHold, what string, change func(*hiring.TimeHold) bool, effects ...outbox.Effect) error {
	role, err := s.Store.Role(ctx, h.RoleKey)
	if err != nil {
		return err
	}
	actor := "convene"
	if what == "moved" || what == "removed" {
		actor = "google"
	}
	return s.Store.ChangeTimeHold(ctx, h.ID, func(h *hiring.TimeHold) (outbox.Batch, error) {
		if !change(h) {
			return outbox.Batch{}, nil
		}
		return outbox.Batch{
			Effects: effects,
			Messages: []outbox.Message{{
				Key:  fmt.Sprintf("time-hold-news:%s:%s:%d", h.ID, what, h.Revision),
				Kind: "time-hold-news", About: h.ID, Person: coordinatorOf(role, &hiring.Interview{BookedBy: h.By}),
			}},
			Touch: []string{h.ID},
			Log:   []hiring.Entry{{Actor: actor, Action: "time." + what, Subject: h.ID}},
		}, nil
	})
}

// adoptHold brings a time hold in line with its event: it is held where a person
// moved it, and no longer when they deleted it.
func (s *Service) adoptHold(ctx context.Context, ev hiring.Event) error {
	h, err := s.Store.TimeHoldByEvent(ctx, ev.ID)
	if errors.Is(err, hiring.ErrNotFound) {
		return nil // not ours, or of an earlier generation
	}
	if err != nil || h.State != hiring.TimeHeld {
		return err
	}
	if ev.Cancelled {
		return s.endHold(ctx, h, "removed", func(h *hiring.TimeHold) bool {
			if h.State != hiring.TimeHeld {
				return false
			}
			h.State, h.EndedAt = hiring.TimeRemoved, s.Now()
			return true
		})
	}
	if !sameTime(ev, h.Start, h.End) {
		err = s.endHold(ctx, h, "moved", func(h *hiring.TimeHold) bool {
			if h.State != hiring.TimeHeld || sameTime(ev, h.Start, h.End) {
				return false
			}
			h.Start, h.End, h.Etag = ev.Start, ev.End, ev.Etag
			h.Revision++
			return true
		})
		if err != nil {
			return err
		}
	}
	return s.answersToHold(ctx, h.ID, ev)
}

// answersToHold takes over what the panel answered, to be shown. Who isn't on
// the event any more, and was, is kept off it.
func (s *Service) answersToHold(ctx context.Context, id string, ev hiring.Event) error {
	h, err := s.Store.TimeHold(ctx, id)
	if err != nil {
		return err
	}
	answers := map[string]string{}
	for _, p := range h.Panel {
		person, err := s.People.Person(ctx, p.Person)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(ev.Guests, func(g hiring.Guest) bool { return strings.EqualFold(g.Email, person.CalendarID()) })
		switch {
		case i >= 0:
			answers[p.Person] = ev.Guests[i].RSVP
		case slices.Contains(ev.Invited, hiring.GuestMark(person.CalendarID())):
			answers[p.Person] = hiring.TakenOff
		}
	}
	if !slices.ContainsFunc(h.Panel, func(p hiring.Panelist) bool { return p.RSVP != answers[p.Person] }) {
		return nil
	}
	return s.Store.ChangeTimeHold(ctx, id, func(h *hiring.TimeHold) (outbox.Batch, error) {
		for i, p := range h.Panel {
			h.Panel[i].RSVP = answers[p.Person]
		}
		return outbox.Batch{Touch: []string{h.ID}}, nil
	})
}
