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

// Book takes one of the search's offers: a new interview is being booked, or an
// existing one moved. Google is told through the outbox.
func (s *Service) Book(ctx context.Context, searchID string, offer int, by string) (*hiring.Interview, error) {
	search, err := s.Store.Search(ctx, searchID)
	if err != nil {
		return nil, err
	}
	if offer < 0 || offer >= len(search.Offers) {
		return nil, hiring.Invalid("slot", "Choose one of the offered times.")
	}
	return s.take(ctx, search, search.Offers[offer], nil, by)
}

// take books a slot of a search, or moves its interview there. anyway says what
// a person confirmed that speaks against it; nil: nothing does.
func (s *Service) take(ctx context.Context, search *Search, slot Slot, anyway *hiring.Override, by string) (*hiring.Interview, error) {
	if !slot.Start.After(s.Now()) {
		return nil, hiring.Invalid("slot", "That time has passed meanwhile. Choose a later one.")
	}
	role, err := s.Store.Role(ctx, search.RoleKey)
	if err != nil {
		return nil, err
	}
	if !role.IsCoordinator(by) {
		return nil, hiring.Refuse("Only a coordinator of %s can schedule its interviews.", role.Title)
	}
	if search.InterviewID != "" {
		return s.move(ctx, role, search, slot, anyway, by)
	}
	return s.bookNew(ctx, role, search, slot, anyway, by)
}

func (s *Service) bookNew(ctx context.Context, role *hiring.Role, search *Search, slot Slot, anyway *hiring.Override, by string) (*hiring.Interview, error) {
	stage, _ := role.Stage(search.Stage)
	panel := search.panelAt(slot)
	if err := s.stillFree(ctx, role, stage, search, panel); err != nil {
		return nil, err
	}
	iv := &hiring.Interview{
		ID: s.NewID("iv"), CandidateID: search.CandidateID, RoleKey: role.Key, RoleRevision: role.Revision, Stage: search.Stage,
		State: hiring.Booking, Start: slot.Start, End: slot.End, Revision: 1, Generation: 1,
		Panel: panel, BookedBy: by, BookedAt: s.Now(), Carries: search.Carries, Anyway: anyway,
	}
	iv.EventID = EventID(iv.ID, iv.Generation)
	iv.Deadline = s.deadline(role, stage, iv)
	b := outbox.Batch{
		Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarInsert, iv.ID, iv.Generation)},
		Touch:   []string{iv.CandidateID, role.Key},
		Log:     []hiring.Entry{{Actor: by, Action: "interview.booking", Subject: iv.ID, Detail: iv.CandidateID}},
	}
	if len(search.Confirmed) > 0 {
		b.Log = append(b.Log, hiring.Entry{Actor: search.By, Action: "interview.confirmed", Subject: iv.ID, Detail: strings.Join(search.Confirmed, " ")})
	}
	b.Log = append(b.Log, unusual(search, iv, by)...)
	if iv.Carries != "" {
		b.Touch = append(b.Touch, iv.Carries)
		b.Log = append(b.Log, hiring.Entry{Actor: by, Action: "interview.carries", Subject: iv.ID, Detail: iv.Carries})
	}
	return iv, s.bookError(ctx, s.Store.BookSearch(ctx, search.ID, iv, b))
}

// panelAt returns who holds the interview at one of the search's offers: its
// panel and who is seated from the pools, who is required.
func (s *Search) panelAt(slot Slot) []hiring.Panelist {
	panel := slices.Clone(s.Panel)
	for _, id := range slot.Seats {
		if i := slices.IndexFunc(panel, func(p hiring.Panelist) bool { return p.Person == id }); i >= 0 {
			panel[i].Part = hiring.Required
			continue
		}
		panel = append(panel, hiring.Panelist{Person: id, Part: hiring.Required})
	}
	return panel
}

// stillFree asks again, at the booking, what was asked when the search began. A
// notice that was told meanwhile need not be carried any more.
func (s *Service) stillFree(ctx context.Context, role *hiring.Role, stage hiring.Stage, search *Search, panel []hiring.Panelist) error {
	if gone, err := s.outOfProcess(ctx, search.CandidateID); err != nil {
		return err
	} else if gone != "" {
		return hiring.Invalid("slot", "%s", gone)
	}
	if err := s.checkPanel(ctx, role, panel, nil); err != nil {
		return err
	}
	c, err := s.Store.Candidate(ctx, search.CandidateID)
	if err != nil {
		return err
	}
	first, err := s.before(ctx, role, c, stage, search.Again(search.By))
	if err != nil {
		return err
	}
	if first != nil {
		return first
	}
	if search.Carries != "" {
		n, err := s.Store.Notice(ctx, search.Carries)
		if err != nil {
			return err
		}
		if n.State == hiring.NoticeTold {
			search.Carries = ""
		}
	}
	return nil
}

// outOfProcess says that the candidate is not to be invited any more; "" when
// they are.
func (s *Service) outOfProcess(ctx context.Context, candidate string) (string, error) {
	c, err := s.Store.Candidate(ctx, candidate)
	if err != nil || c.State == hiring.Active {
		return "", err
	}
	return fmt.Sprintf("%s is no longer in the process (%s).", c.Name, c.State), nil
}

// bookError turns a store's refusal into words.
func (s *Service) bookError(ctx context.Context, err error) error {
	var clash *Clash
	switch {
	case errors.As(err, &clash):
		name := "The candidate"
		if clash.Person != "" {
			name = "A panelist"
			if p, perr := s.People.Person(ctx, clash.Person); perr == nil {
				name = p.Name
			}
		}
		return hiring.Invalid("slot", "%s was just booked for another interview at that time. Choose another one.", name)
	case errors.Is(err, ErrNotCarried):
		return hiring.Invalid("slot", "The notice that the invitation was to say was approved, or its decision changed, meanwhile. Click “Look again”: I ask anew how the candidate is told.")
	case errors.Is(err, hiring.ErrConflict):
		return &hiring.AlreadyDone{What: "booked from this list"}
	}
	return err
}

func (s *Service) move(ctx context.Context, role *hiring.Role, search *Search, slot Slot, anyway *hiring.Override, by string) (*hiring.Interview, error) {
	panel := search.panelAt(slot)
	reseats := search.Seated != nil && !samePanel(search.Seated, panel)
	if reseats {
		if err := s.checkPeople(ctx, role, search.Seated, panel); err != nil {
			return nil, err
		}
	}
	var moved *hiring.Interview
	err := s.Store.ChangeInterview(ctx, search.InterviewID, func(iv *hiring.Interview) (outbox.Batch, error) {
		if iv.State != hiring.Booked || iv.Ended(s.Now()) {
			return outbox.Batch{}, hiring.Invalid("", "This interview can't be moved any more: it is over or was cancelled.")
		}
		before := iv.Panel
		if reseats && samePanel(before, search.Seated) {
			iv.Panel = inPlaces(withAnswers(panel, before), before)
		} else if reseats && !samePanel(before, panel) {
			return outbox.Batch{}, hiring.Invalid("slot", "The panel of this interview was changed meanwhile. Click “Look again” for times that suit it.")
		}
		var b outbox.Batch
		switch sameTime := iv.Start.Equal(slot.Start) && iv.End.Equal(slot.End); {
		case sameTime && samePanel(before, iv.Panel):
			return outbox.Batch{}, &hiring.AlreadyDone{What: "at that time"}
		case sameTime:
			b = repanel(iv)
			b.Due = append(b.Due, hiring.LookAt(iv.ID, s.Now()))
		default:
			stage, err := s.stage(ctx, role, iv)
			if err != nil {
				return outbox.Batch{}, err
			}
			b = s.reschedule(role, stage, iv, slot.Start, slot.End)
		}
		more, err := s.seats(ctx, iv, before)
		if err != nil {
			return outbox.Batch{}, err
		}
		b.Add(more)
		b.Effects = append(b.Effects, outbox.CalendarEffect(outbox.CalendarMove, iv.ID, iv.Revision))
		because(b.Moves, by, search.MovedFor, search.MovedWords)
		b.Log = []hiring.Entry{{Actor: by, Action: "interview.moved", Subject: iv.ID, Detail: fmt.Sprint(iv.Revision) + changes(before, iv.Panel)}}
		iv.Anyway = anyway
		b.Log = append(unusual(search, iv, by), b.Log...)
		moved = iv
		return b, nil
	})
	return moved, s.bookError(ctx, err)
}

// reschedule gives a booked interview a new time and returns what follows from
// that inside the bot: due work, deadline, messages. Its caller says why (because).
func (s *Service) reschedule(role *hiring.Role, stage hiring.Stage, iv *hiring.Interview, start, end time.Time) outbox.Batch {
	move := hiring.Move{Interview: iv.ID, From: iv.Start, To: start, At: s.Now()}
	iv.Start, iv.End, iv.Problem = start, end, ""
	iv.CandidateRSVP, iv.CandidateComment = hiring.BeforeMove(iv.CandidateRSVP), ""
	for i := range iv.Panel {
		iv.Panel[i].RSVP, iv.Panel[i].Wrote = hiring.BeforeMove(iv.Panel[i].RSVP), ""
	}
	if end.After(s.Now()) {
		iv.Panel = hiring.Unexcused(iv.Panel)
	}
	iv.Revision++
	move.Revision = iv.Revision
	iv.Deadline = s.deadline(role, stage, iv)
	return outbox.Batch{
		Moves: []hiring.Move{move},
		Messages: []outbox.Message{{
			Key: fmt.Sprintf("channel-moved:%s:%d", iv.ID, iv.Revision), Kind: "channel-moved", About: iv.ID, Role: role.Key,
		}},
		NotDue: hiring.InterviewNotDue(iv.ID),
		Due:    append(hiring.InterviewDue(stage, iv, s.Now()), hiring.LookAt(iv.ID, s.Now())),
		Touch:  []string{iv.ID, iv.CandidateID, role.Key},
	}
}

// stage returns the interview's stage as the role has it now; where the role no
// longer has it, as it was when the interview was booked.
func (s *Service) stage(ctx context.Context, role *hiring.Role, iv *hiring.Interview) (hiring.Stage, error) {
	if stage, ok := role.Stage(iv.Stage); ok {
		return stage, nil
	}
	booked, err := s.Store.RoleRevision(ctx, iv.RoleKey, iv.RoleRevision)
	if err != nil {
		return hiring.Stage{}, err
	}
	stage, _ := booked.Stage(iv.Stage)
	return stage, nil
}

func (s *Service) deadline(role *hiring.Role, stage hiring.Stage, iv *hiring.Interview) time.Time {
	return stage.Deadline.V.Due(iv.Start, role.TimeZone(), s.Holidays(role.Holidays.V))
}

// coordinated returns the interview's role if the person coordinates it. what
// says, in words, what only a coordinator can.
func (s *Service) coordinated(ctx context.Context, interview, by, what string) (*hiring.Role, error) {
	iv, err := s.Store.Interview(ctx, interview)
	if err != nil {
		return nil, err
	}
	role, err := s.Store.Role(ctx, iv.RoleKey)
	if err != nil {
		return nil, err
	}
	if !role.IsCoordinator(by) {
		return nil, hiring.Refuse("Only a coordinator of %s can %s.", role.Title, what)
	}
	return role, nil
}

// coordinatorOf returns who hears about the interview: who booked it, while
// they coordinate the role, else the role's first coordinator.
func coordinatorOf(role *hiring.Role, iv *hiring.Interview) string {
	if role.IsCoordinator(iv.BookedBy) || len(role.Setup.Coordinators) == 0 {
		return iv.BookedBy
	}
	return role.Setup.Coordinators[0]
}

// required returns the ids of the panelists who must be free.
func required(panel []hiring.Panelist) []hiring.Panelist {
	return slices.DeleteFunc(slices.Clone(panel), func(p hiring.Panelist) bool { return p.Part != hiring.Required })
}
