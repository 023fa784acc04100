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

// Follow reads what has changed in the calendar since the last time and takes
// over what people did there; then it looks for ways out of what that troubles.
// It returns how many events had changed.
func (s *Service) Follow(ctx context.Context) (int, error) {
	n, err := s.changes(ctx)
	_, rerr := s.Repair(ctx, s.Now())
	return n, errors.Join(err, rerr)
}

func (s *Service) changes(ctx context.Context) (int, error) {
	s.calendar.Lock()
	defer s.calendar.Unlock()
	token, err := s.Store.SyncToken(ctx)
	if err != nil {
		return 0, err
	}
	events, next, err := s.Calendar.Changes(ctx, token)
	if errors.Is(err, hiring.ErrResync) {
		token = ""
		events, next, err = s.Calendar.Changes(ctx, token)
	}
	if err != nil {
		return 0, fmt.Errorf("read changes of the calendar: %w", err)
	}
	if token == "" {
		missing, err := s.forgotten(ctx, events)
		if err != nil {
			return 0, err
		}
		events = append(events, missing...)
	}
	var problems []error
	for _, ev := range events {
		if err := s.adopt(ctx, ev); err != nil { // the others are followed all the same
			problems = append(problems, fmt.Errorf("follow event %s: %w", ev.ID, err))
		}
	}
	if len(problems) > 0 {
		return len(events) - len(problems), errors.Join(problems...)
	}
	// Only now: a crash before this line reads the same changes again, which is harmless.
	return len(events), s.Store.SetSyncToken(ctx, next)
}

// forgotten returns, as deleted events, those of coming interviews and of time
// holds that a full read didn't list: Google forgets deleted events after a while.
func (s *Service) forgotten(ctx context.Context, listed []hiring.Event) ([]hiring.Event, error) {
	coming, err := s.Store.Coming(ctx, s.Now())
	if err != nil {
		return nil, err
	}
	debriefs, err := s.Store.ComingDebriefs(ctx, s.Now())
	if err != nil {
		return nil, err
	}
	held, err := s.Store.LiveHolds(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, iv := range coming {
		ids = append(ids, iv.EventID)
	}
	for _, d := range debriefs {
		ids = append(ids, d.EventID)
	}
	for _, h := range held {
		if h.State == hiring.TimeHeld {
			ids = append(ids, h.EventID)
		}
	}
	var out []hiring.Event
	for _, id := range ids {
		if slices.ContainsFunc(listed, func(ev hiring.Event) bool { return ev.ID == id }) {
			continue
		}
		ev, err := s.Calendar.Get(ctx, id)
		switch {
		case errors.Is(err, hiring.ErrNotFound):
			out = append(out, hiring.Event{ID: id, Cancelled: true})
		case err != nil:
			return nil, err
		default:
			out = append(out, ev)
		}
	}
	return out, nil
}

// adopt brings an interview in line with its event. It never writes to Google:
// a person's edit stands.
func (s *Service) adopt(ctx context.Context, ev hiring.Event) error {
	found, err := s.Store.InterviewByEvent(ctx, ev.ID)
	if errors.Is(err, hiring.ErrNotFound) {
		if ours, err := s.adoptDebrief(ctx, ev); err != nil || ours {
			return err
		}
		return s.adoptHold(ctx, ev)
	}
	if err != nil {
		return err
	}
	if gone, err := s.erased(ctx, found); err != nil || gone {
		return err
	}
	role, err := s.Store.Role(ctx, found.RoleKey)
	if err != nil {
		return err
	}
	emails, err := s.emails(ctx, found)
	if err != nil {
		return err
	}
	return s.Store.ChangeInterviewCase(ctx, found.ID, func(c *hiring.Case) (outbox.Batch, error) {
		iv := c.Interview
		if iv.State == hiring.NotHeld && iv.EventID == ev.ID {
			return s.notHeldMoved(ctx, c, ev)
		}
		if iv.State != hiring.Booked || iv.EventID != ev.ID {
			return outbox.Batch{}, nil
		}
		if ev.Cancelled {
			return s.removed(role, iv), nil
		}
		was := *iv
		was.Panel = slices.Clone(iv.Panel)
		b := s.answers(iv, ev, emails)
		if ev.Link != "" && ev.Link != iv.Link {
			iv.Link = ev.Link
			b.Touch = append(b.Touch, iv.ID)
		}
		switch {
		case sameTime(ev, iv.EventStart, iv.EventEnd): // nobody moved it; a move of ours may be under way
		case sameTime(ev, iv.Start, iv.End): // our own move, seen before its answer was recorded
			iv.EventStart, iv.EventEnd = ev.Start, ev.End
		default:
			after, over, err := s.movedAfter(ctx, c, ev)
			if err != nil {
				return outbox.Batch{}, err
			}
			if over {
				b.Add(after)
				break
			}
			answered := *iv
			answered.Panel = slices.Clone(iv.Panel)
			moved := s.reschedule(role, c.Stage(), iv, ev.Start, ev.End)
			because(moved.Moves, "", hiring.MoveGoogle, "")
			b.Add(moved)
			keepNew(iv, &was, &answered)
			iv.EventStart, iv.EventEnd = ev.Start, ev.End
			b.Due = append(b.Due, hiring.LookAtMove(iv.ID, iv.Revision, s.Now()))
			// A change of guests may have been on its way, for the revision before.
			b.Effects = append(b.Effects, outbox.CalendarEffect(outbox.CalendarMove, iv.ID, iv.Revision))
			b.Log = append(b.Log, hiring.Entry{Actor: "google", Action: "interview.moved", Subject: iv.ID, Detail: fmt.Sprint(iv.Revision)})
		}
		iv.Etag = ev.Etag
		return b, nil
	})
}

// removed stops everything around an interview whose event a person deleted,
// and asks the coordinator what to do.
func (s *Service) removed(role *hiring.Role, iv *hiring.Interview) outbox.Batch {
	if iv.Ended(s.Now()) {
		return outbox.Batch{} // tidying up an interview that was held changes nothing
	}
	iv.State = hiring.Removed
	return outbox.Batch{
		Messages: []outbox.Message{s.tellCoordinator(role, iv, "removed")},
		NotDue:   hiring.InterviewNotDue(iv.ID),
		Touch:    []string{iv.ID, iv.CandidateID, role.Key},
		Log:      []hiring.Entry{{Actor: "google", Action: "interview.removed", Subject: iv.ID}},
	}
}

// answers takes over the guests' answers. One that keeps the interview from being
// held as it is, or doesn't any more, is looked at, unless the interview is over.
func (s *Service) answers(iv *hiring.Interview, ev hiring.Event, emails map[string]string) outbox.Batch {
	var b outbox.Batch
	take := func(known *string, answer string) {
		if *known == answer || *known == hiring.BeforeMove(answer) {
			return
		}
		if !iv.Ended(s.Now()) && (troubles(answer) || troubles(*known)) {
			b.Due = []hiring.Due{hiring.LookAt(iv.ID, s.Now())}
		}
		*known = answer
		b.Touch = append(b.Touch, iv.ID)
	}
	for _, g := range ev.Guests {
		person, known := emails[strings.ToLower(g.Email)]
		if known && person == "" {
			s.commented(iv, g, &b)
			take(&iv.CandidateRSVP, g.RSVP)
			continue
		}
		for i := range iv.Panel {
			if known && iv.Panel[i].Person == person {
				take(&iv.Panel[i].RSVP, g.RSVP)
				if wrote := hiring.Clip(hiring.CleanText(g.Comment), maxComment); wrote != iv.Panel[i].Wrote {
					iv.Panel[i].Wrote = wrote
					b.Touch = append(b.Touch, iv.ID)
				}
			}
		}
	}
	for email, person := range emails { // of ours, whom a person took off the event
		i := slices.IndexFunc(iv.Panel, func(p hiring.Panelist) bool { return p.Person == person })
		if i < 0 || iv.Panel[i].RSVP == "" || !slices.Contains(ev.Invited, hiring.GuestMark(email)) ||
			slices.ContainsFunc(ev.Guests, func(g hiring.Guest) bool { return strings.EqualFold(g.Email, email) }) {
			continue
		}
		take(&iv.Panel[i].RSVP, hiring.TakenOff)
	}
	return b
}

// keepNew puts back the answers that came with a person's move: they are about
// the new time.
func keepNew(iv, before, answered *hiring.Interview) {
	if answered.CandidateRSVP != before.CandidateRSVP {
		iv.CandidateRSVP, iv.CandidateComment = answered.CandidateRSVP, answered.CandidateComment
	}
	for i, p := range answered.Panel {
		if p.RSVP != before.Panel[i].RSVP {
			iv.Panel[i].RSVP, iv.Panel[i].Wrote = p.RSVP, p.Wrote
		}
	}
}

// troubles reports whether an answer can keep an interview from being held as it is.
func troubles(answer string) bool {
	return answer == "declined" || answer == "tentative" || answer == hiring.TakenOff
}

// commented takes over what the candidate wrote with their answer.
func (s *Service) commented(iv *hiring.Interview, g hiring.Guest, b *outbox.Batch) {
	comment := hiring.Clip(hiring.CleanText(g.Comment), maxComment)
	if comment == iv.CandidateComment {
		return
	}
	iv.CandidateComment = comment
	b.Touch = append(b.Touch, iv.ID)
	if g.RSVP == "declined" && !iv.Ended(s.Now()) {
		b.Due = []hiring.Due{hiring.LookAt(iv.ID, s.Now())}
	}
}

// maxComment is how much is kept of a guest's comment, in runes.
const maxComment = 500

// tellCoordinator returns the DM about something that happened in Google:
// "held" (moved after its scorecards were asked for, and so not followed),
// "removed", "refused" or "kept" (a move of ours wasn't made). A look at the
// interview tells the others: "moved" and "declined" (the candidate).
func (s *Service) tellCoordinator(role *hiring.Role, iv *hiring.Interview, what string) outbox.Message {
	return outbox.Message{
		Key:  fmt.Sprintf("google:%s:%s:%d", iv.ID, what, iv.Revision),
		Kind: "google", About: iv.ID, Person: coordinatorOf(role, iv),
	}
}

// emails maps the guests' addresses, in lower case, to the panelists' ids; the
// candidate's to "".
func (s *Service) emails(ctx context.Context, iv *hiring.Interview) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range iv.Panel {
		person, err := s.People.Person(ctx, p.Person)
		if err != nil {
			return nil, err
		}
		out[strings.ToLower(person.CalendarID())] = person.ID
	}
	c, err := s.Store.Candidate(ctx, iv.CandidateID)
	if err != nil {
		return nil, err
	}
	out[strings.ToLower(c.Email)] = ""
	return out, nil
}

// FollowEvery is how often the calendar is asked for changes, before jitter.
const FollowEvery = 60 * time.Second
