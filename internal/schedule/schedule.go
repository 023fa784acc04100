// Package schedule finds times for interviews, books them as Google Calendar
// events, moves and cancels them, and follows what people do to those events in
// Google.
//
// It must not know Slack, SQLite or Google's client: it declares what it needs
// of them.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Store is what scheduling needs of the database.
type Store interface {
	Role(ctx context.Context, key string) (*hiring.Role, error)
	Candidate(ctx context.Context, id string) (*hiring.Candidate, error)
	Interview(ctx context.Context, id string) (*hiring.Interview, error)
	// InterviewByEvent finds the interview whose Google event has that id.
	InterviewByEvent(ctx context.Context, eventID string) (*hiring.Interview, error)
	// LiveInterviews returns the candidate's booking and booked interviews.
	LiveInterviews(ctx context.Context, candidate string) ([]*hiring.Interview, error)
	// Bookings returns the live interviews of each person between two times,
	// except the one with the given id.
	Bookings(ctx context.Context, people []string, from, to time.Time, except string) (map[string][]hiring.Interval, error)
	SaveSearch(ctx context.Context, s *Search) error
	Search(ctx context.Context, id string) (*Search, error)
	// BookSearch marks the search used and inserts the interview. It returns
	// ErrConflict when the search was used before, and a *Clash when a panelist
	// or the candidate got another interview at that time meanwhile.
	BookSearch(ctx context.Context, search string, iv *hiring.Interview, b outbox.Batch) error
	// ChangeInterview changes an interview in one transaction with what change
	// returns. An error of change leaves everything as it was.
	ChangeInterview(ctx context.Context, id string, change func(*hiring.Interview) (outbox.Batch, error)) error
	// Coming returns the booked interviews that end after a time.
	Coming(ctx context.Context, after time.Time) ([]*hiring.Interview, error)
	SyncToken(ctx context.Context) (string, error)
	SetSyncToken(ctx context.Context, token string) error
}

// A Clash says that somebody was given another interview at that time.
type Clash struct{ Person string } // Slack user id; empty: the candidate

func (c *Clash) Error() string { return "booked meanwhile" }

// Calendar is what scheduling needs of Google Calendar. Errors are classed for
// the outbox; besides: ErrConflict when an event changed since its etag,
// ErrNotFound when it isn't there, ErrResync when the sync token is too old.
type Calendar interface {
	Busy(ctx context.Context, emails []string, from, to time.Time) (map[string]hiring.Calendar, error)
	Insert(ctx context.Context, ev hiring.Event) (hiring.Event, error)
	Get(ctx context.Context, id string) (hiring.Event, error)
	Patch(ctx context.Context, id, etag string, change hiring.EventChange) (hiring.Event, error)
	Delete(ctx context.Context, id string) error
	Changes(ctx context.Context, syncToken string) (events []hiring.Event, next string, err error)
}

// People knows the members of the workspace.
type People interface {
	Person(ctx context.Context, id string) (hiring.Person, error)
}

// Service finds, books and follows interviews.
type Service struct {
	Store    Store
	Calendar Calendar
	People   People
	// Holidays returns which days are holidays; nil result: none.
	Holidays func(hiring.Holidays) func(day time.Time) bool
	Now      func() time.Time
	NewID    func(prefix string) string

	// Held while an event is changed and recorded, and while changes are read
	// and followed: an event as it was before our own change must not be taken
	// for a person's change after it.
	calendar sync.Mutex
}

// A Search is one question for free slots with the offers that answered it.
type Search struct {
	ID          string
	CandidateID string
	RoleKey     string
	Stage       string
	InterviewID string // set when an interview is to be moved
	By          string
	Panel       []hiring.Panelist
	Duration    time.Duration
	From        time.Time
	Offers      []Slot
	InWay       []string
	Misses      []Miss
	Used        bool
}

// A Request asks for slots.
type Request struct {
	CandidateID string
	Stage       string            // empty: the candidate's
	InterviewID string            // to move this one
	Panel       []hiring.Panelist // empty: from the setup
	Duration    time.Duration     // 0: the stage's
	From        time.Time         // zero: as soon as the role allows
	By          string
}

// Prepare checks who asks for what, without a slow call, and returns the search
// to be filled by Find. Errors are for the person.
func (s *Service) Prepare(ctx context.Context, req Request) (*Search, error) {
	c, err := s.Store.Candidate(ctx, req.CandidateID)
	if err != nil {
		return nil, err
	}
	role, err := s.Store.Role(ctx, c.RoleKey)
	if err != nil {
		return nil, err
	}
	if !role.IsCoordinator(req.By) {
		return nil, hiring.Refuse("Only a coordinator of %s can schedule its interviews.", role.Title)
	}
	if c.State != hiring.Active {
		return nil, hiring.Invalid("candidate", "%s is no longer in the process (%s).", c.Name, c.State)
	}
	stage, ok := role.Stage(req.Stage)
	if req.Stage == "" {
		stage, ok = role.Stage(c.Stage)
	}
	if !ok || stage.Kind != hiring.StageInterview {
		return nil, hiring.Invalid("candidate", "%s is at a stage that isn't an interview. Look at the candidate's card.", c.Name)
	}
	search := &Search{
		ID: s.NewID("search"), CandidateID: c.ID, RoleKey: role.Key, Stage: stage.ID, InterviewID: req.InterviewID,
		By: req.By, Panel: req.Panel, Duration: req.Duration, From: req.From,
	}
	if search.Duration == 0 {
		search.Duration = stage.Duration.V
	}
	if err := s.panelFor(ctx, role, stage, req, search); err != nil {
		return nil, err
	}
	now := s.Now()
	if !req.From.IsZero() && req.From.Before(now.Add(-24*time.Hour)) {
		return nil, hiring.Invalid("from", "That day has passed. Choose today or a later day.")
	}
	if req.From.After(now.Add(role.Horizon.V)) {
		return nil, hiring.Invalid("from", "That is beyond this role's horizon of %d days.", int(role.Horizon.V.Hours()/24))
	}
	return search, s.Store.SaveSearch(ctx, search)
}

func (s *Service) panelFor(ctx context.Context, role *hiring.Role, stage hiring.Stage, req Request, search *Search) error {
	if req.InterviewID != "" {
		iv, err := s.Store.Interview(ctx, req.InterviewID)
		if err != nil {
			return err
		}
		if iv.State != hiring.Booked {
			return hiring.Invalid("", "This interview can't be moved: it is %s.", iv.State)
		}
		if iv.Ended(s.Now()) {
			return hiring.Invalid("", "This interview is over, so it can't be moved.")
		}
		if len(search.Panel) == 0 {
			search.Panel = iv.Panel
		}
	} else {
		live, err := s.Store.LiveInterviews(ctx, search.CandidateID)
		if err != nil {
			return err
		}
		for _, iv := range live {
			if iv.Stage == stage.ID {
				return hiring.Invalid("candidate", "This candidate already has a “%s” interview. Move or cancel it on the candidate's card.", stage.Name)
			}
		}
	}
	if len(search.Panel) == 0 {
		search.Panel = role.StagePanel(stage)
	}
	if len(search.Panel) == 0 {
		return hiring.Invalid("", "Nobody is set up for “%s”. Use /hiring setup to say who holds it.", stage.Name)
	}
	return nil
}

// Find asks Google and fills the search with offers. It is slow: it belongs
// after the acknowledgement.
func (s *Service) Find(ctx context.Context, id string) (*Search, error) {
	search, err := s.Store.Search(ctx, id)
	if err != nil {
		return nil, err
	}
	q, err := s.question(ctx, search)
	if err != nil {
		return nil, err
	}
	ans := Find(*q)
	search.Offers, search.InWay, search.Misses = ans.Slots, ans.InWay, ans.Misses
	return search, s.Store.SaveSearch(ctx, search)
}

func (s *Service) question(ctx context.Context, search *Search) (*Question, error) {
	c, err := s.Store.Candidate(ctx, search.CandidateID)
	if err != nil {
		return nil, err
	}
	role, err := s.Store.Role(ctx, search.RoleKey)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	q := &Question{
		Now: now, From: search.From, Until: now.Add(role.Horizon.V),
		Duration: search.Duration, Buffer: role.Buffer.V, Notice: role.MinNotice.V,
		CandidateZone: c.TimeZone(), Earliest: c.EarliestHour, Latest: c.LatestHour,
		RoleZone: role.TimeZone(), Holiday: s.Holidays(role.Holidays.V),
		PerDay: role.PerDay.V, PerWeek: role.PerWeek.V, Offers: 10, OffersDay: 3,
	}
	q.Panel, err = s.attendees(ctx, role, search.Panel, hiring.Interval{Start: now.Add(-7 * 24 * time.Hour), End: q.Until.Add(24 * time.Hour)}, search.InterviewID)
	return q, err
}

// attendees loads the panelists with their calendars over the span.
func (s *Service) attendees(ctx context.Context, role *hiring.Role, panel []hiring.Panelist, span hiring.Interval, except string) ([]Attendee, error) {
	var ids, emails []string
	people := map[string]hiring.Person{}
	for _, p := range panel {
		person, err := s.People.Person(ctx, p.Person)
		if err != nil {
			return nil, fmt.Errorf("look up panelist: %w", err)
		}
		if person.Deleted {
			return nil, hiring.Invalid("", "%s's Slack account is deactivated. Use /hiring setup to name somebody else.", person.Name)
		}
		people[p.Person] = person
		ids = append(ids, p.Person)
		if person.Email != "" {
			emails = append(emails, person.Email)
		}
	}
	calendars, err := s.Calendar.Busy(ctx, emails, span.Start, span.End)
	if err != nil {
		return nil, err
	}
	booked, err := s.Store.Bookings(ctx, ids, span.Start, span.End, except)
	if err != nil {
		return nil, err
	}
	var own *hiring.Interview // its own event doesn't stand in the way of moving it
	if except != "" {
		if own, err = s.Store.Interview(ctx, except); err != nil {
			return nil, err
		}
	}
	var out []Attendee
	for _, p := range panel {
		person := people[p.Person]
		cal, ok := calendars[person.Email]
		if !ok || person.Email == "" {
			cal = hiring.Calendar{Unreadable: "no calendar is known for them"}
		}
		if own != nil && own.Part(p.Person) != "" {
			cal.Busy = without(cal.Busy, hiring.Interval{Start: own.EventStart, End: own.EventEnd})
		}
		out = append(out, Attendee{
			ID: p.Person, Name: person.Name, Part: p.Part, Zone: person.TimeZone(role.TimeZone()),
			Hours: role.Hours.V, Calendar: cal, Interviews: booked[p.Person],
		})
	}
	return out, nil
}

// without cuts one interval out of busy time. Other meetings that free/busy
// merged with it at that very time can't be told apart and go with it.
func without(busy []hiring.Interval, own hiring.Interval) []hiring.Interval {
	if own.Start.IsZero() {
		return busy
	}
	var out []hiring.Interval
	for _, b := range busy {
		if !b.Overlaps(own) {
			out = append(out, b)
			continue
		}
		if b.Start.Before(own.Start) {
			out = append(out, hiring.Interval{Start: b.Start, End: own.Start})
		}
		if b.End.After(own.End) {
			out = append(out, hiring.Interval{Start: own.End, End: b.End})
		}
	}
	return out
}

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
	slot := search.Offers[offer]
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
		return s.move(ctx, role, search, slot, by)
	}
	return s.bookNew(ctx, role, search, slot, by)
}

func (s *Service) bookNew(ctx context.Context, role *hiring.Role, search *Search, slot Slot, by string) (*hiring.Interview, error) {
	stage, _ := role.Stage(search.Stage)
	iv := &hiring.Interview{
		ID: s.NewID("iv"), CandidateID: search.CandidateID, RoleKey: role.Key, RoleRevision: role.Revision, Stage: search.Stage,
		State: hiring.Booking, Start: slot.Start, End: slot.End, Revision: 1, Generation: 1,
		Panel: search.Panel, BookedBy: by, BookedAt: s.Now(),
	}
	iv.EventID = EventID(iv.ID, iv.Generation)
	iv.Deadline = s.deadline(role, stage, iv)
	err := s.Store.BookSearch(ctx, search.ID, iv, outbox.Batch{
		Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarInsert, iv.ID, iv.Generation)},
		Touch:   []string{iv.CandidateID, role.Key},
		Log:     []hiring.Entry{{Actor: by, Action: "interview.booking", Subject: iv.ID, Detail: iv.CandidateID}},
	})
	return iv, s.bookError(ctx, err)
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
	case errors.Is(err, hiring.ErrConflict):
		return &hiring.AlreadyDone{What: "booked from this list"}
	}
	return err
}

func (s *Service) move(ctx context.Context, role *hiring.Role, search *Search, slot Slot, by string) (*hiring.Interview, error) {
	var moved *hiring.Interview
	err := s.Store.ChangeInterview(ctx, search.InterviewID, func(iv *hiring.Interview) (outbox.Batch, error) {
		if iv.State != hiring.Booked || iv.Ended(s.Now()) {
			return outbox.Batch{}, hiring.Invalid("", "This interview can't be moved any more: it is over or was cancelled.")
		}
		if iv.Start.Equal(slot.Start) && iv.End.Equal(slot.End) {
			return outbox.Batch{}, &hiring.AlreadyDone{What: "at that time"}
		}
		iv.Panel = withAnswers(search.Panel, iv.Panel)
		b := s.reschedule(role, iv, slot.Start, slot.End)
		b.Effects = append(b.Effects, outbox.CalendarEffect(outbox.CalendarMove, iv.ID, iv.Revision))
		b.Log = []hiring.Entry{{Actor: by, Action: "interview.moved", Subject: iv.ID, Detail: fmt.Sprint(iv.Revision)}}
		moved = iv
		return b, nil
	})
	return moved, s.bookError(ctx, err)
}

// withAnswers returns the panel with the answers that are known by now.
func withAnswers(panel, known []hiring.Panelist) []hiring.Panelist {
	out := slices.Clone(panel)
	for i := range out {
		if j := slices.IndexFunc(known, func(p hiring.Panelist) bool { return p.Person == out[i].Person }); j >= 0 {
			out[i].RSVP = known[j].RSVP
		}
	}
	return out
}

// reschedule gives a booked interview a new time and returns what follows from
// that inside the bot: due work, deadline, messages.
func (s *Service) reschedule(role *hiring.Role, iv *hiring.Interview, start, end time.Time) outbox.Batch {
	stage, _ := role.Stage(iv.Stage)
	iv.Start, iv.End, iv.Problem = start, end, ""
	iv.Revision++
	iv.Deadline = s.deadline(role, stage, iv)
	return outbox.Batch{
		Messages: []outbox.Message{{
			Key: fmt.Sprintf("channel-moved:%s:%d", iv.ID, iv.Revision), Kind: "channel-moved", About: iv.ID, Role: role.Key,
		}},
		NotDue: hiring.InterviewNotDue(iv.ID),
		Due:    hiring.InterviewDue(stage, iv, s.Now()),
		Touch:  []string{iv.ID, iv.CandidateID, role.Key},
	}
}

func (s *Service) deadline(role *hiring.Role, stage hiring.Stage, iv *hiring.Interview) time.Time {
	return stage.Deadline.V.Due(iv.Start, role.TimeZone(), s.Holidays(role.Holidays.V))
}

// MaxCancelReason limits the reason for a cancellation, in runes.
const MaxCancelReason = 300

// Cancel cancels an interview; its event goes from everybody's calendar.
func (s *Service) Cancel(ctx context.Context, id, by, reason string) error {
	iv, err := s.Store.Interview(ctx, id)
	if err != nil {
		return err
	}
	role, err := s.Store.Role(ctx, iv.RoleKey)
	if err != nil {
		return err
	}
	if !role.IsCoordinator(by) {
		return hiring.Refuse("Only a coordinator of %s can cancel its interviews.", role.Title)
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
		wasKnown := iv.State != hiring.Booking // else nobody has heard of it
		iv.State, iv.Reason = hiring.Cancelled, hiring.Clip(hiring.CleanText(reason), MaxCancelReason)
		b := outbox.Batch{
			Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarDelete, iv.ID, iv.Generation)},
			NotDue:  hiring.InterviewNotDue(iv.ID),
			Touch:   []string{iv.ID, iv.CandidateID, role.Key},
			Log:     []hiring.Entry{{Actor: by, Action: "interview.cancelled", Subject: iv.ID}},
		}
		if wasKnown {
			b.Messages = append(b.Messages, outbox.Message{
				Key: fmt.Sprintf("channel-cancelled:%s:%d", iv.ID, iv.Generation), Kind: "channel-cancelled", About: iv.ID, Role: role.Key,
			})
		}
		return b, nil
	})
}

// Restore makes the event anew, at the interview's time, after a person
// deleted it in Google Calendar.
func (s *Service) Restore(ctx context.Context, id, by string) error {
	iv, err := s.Store.Interview(ctx, id)
	if err != nil {
		return err
	}
	role, err := s.Store.Role(ctx, iv.RoleKey)
	if err != nil {
		return err
	}
	if !role.IsCoordinator(by) {
		return hiring.Refuse("Only a coordinator of %s can book its interviews.", role.Title)
	}
	err = s.Store.ChangeInterview(ctx, id, func(iv *hiring.Interview) (outbox.Batch, error) {
		switch {
		case iv.State == hiring.Booking || iv.State == hiring.Booked:
			return outbox.Batch{}, &hiring.AlreadyDone{What: "booked again"}
		case iv.State != hiring.Removed:
			return outbox.Batch{}, hiring.Invalid("", "This interview was %s meanwhile.", iv.State)
		case !iv.Start.After(s.Now()):
			return outbox.Batch{}, hiring.Invalid("", "Its time has passed. Schedule a new interview instead.")
		}
		iv.State = hiring.Booking
		iv.Generation++
		iv.Revision++ // what happens to the new event is told anew
		iv.EventID, iv.Etag, iv.Link = EventID(iv.ID, iv.Generation), "", ""
		iv.EventStart, iv.EventEnd, iv.CandidateRSVP = time.Time{}, time.Time{}, ""
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
