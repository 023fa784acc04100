package schedule

import (
	"context"
	"fmt"
	"slices"
	"time"

	"convene/internal/hiring"
)

// A Search is one question for free slots with the offers that answered it.
type Search struct {
	ID          string
	CandidateID string
	RoleKey     string
	Stage       string
	InterviewID string // set when an interview is to be moved
	By          string
	Panel       []hiring.Panelist
	Pools       []hiring.Pool     // of each, so many take part besides the panel; a slot says who
	Seated      []hiring.Panelist // of an interview to be moved: its panel; another Panel changes it
	Duration    time.Duration
	From        time.Time
	Offers      []Slot
	InWay       []string
	Misses      []Miss
	Used        bool
	Wanted      time.Time // a start to be offered before all others
	Confirmed   []string  // ids of stages before this one whose lack By has confirmed; see Before
	Carries     string    // id of the notice that the invitation is to say

	MovedFor   hiring.MoveCause // of an interview to be moved: who asked for it
	MovedWords string           // and why
}

// A Request asks for slots.
type Request struct {
	CandidateID string
	Stage       string            // empty: the candidate's
	InterviewID string            // to move this one
	Panel       []hiring.Panelist // with Pools empty: both from the setup
	Pools       []hiring.Pool
	Duration    time.Duration // 0: the stage's
	From        time.Time     // zero: as soon as the role allows
	Wanted      time.Time     // a start to be offered before all others, where it suits
	Confirmed   []string      // what Before.Confirm named, where By has confirmed it
	Carries     string        // id of the notice that the invitation is to say
	By          string
}

// Prepare checks who asks for what, without a slow call, and returns the search
// to be filled by Find. Errors are for the person; a *Before asks them something.
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
	if req.Duration != 0 && (req.Duration < MinDuration || req.Duration > MaxDuration) {
		return nil, hiring.Invalid("long", "Choose between %d minutes and %d hours.", int(MinDuration.Minutes()), int(MaxDuration.Hours()))
	}
	search := &Search{
		ID: s.NewID("search"), CandidateID: c.ID, RoleKey: role.Key, Stage: stage.ID, InterviewID: req.InterviewID,
		By: req.By, Panel: req.Panel, Duration: req.Duration, From: req.From, Wanted: req.Wanted, Confirmed: req.Confirmed, Carries: req.Carries,
	}
	if req.InterviewID != "" {
		err = s.toMove(ctx, search)
	} else {
		err = s.toBook(ctx, role, c, stage, req, search)
	}
	if err != nil {
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

// Limits of an interview. An offer is found for a panel of ten as fast as for one.
const (
	MinDuration = 15 * time.Minute
	MaxDuration = 4 * time.Hour
	MaxPanel    = 10
)

// toMove completes the search for a new time of an interview.
func (s *Service) toMove(ctx context.Context, search *Search) error {
	iv, err := s.Store.Interview(ctx, search.InterviewID)
	if err != nil {
		return err
	}
	if iv.State != hiring.Booked {
		return hiring.Invalid("", "This interview can't be moved: it is %s.", iv.State)
	}
	if iv.Ended(s.Now()) {
		return hiring.Invalid("", "This interview is over, so it can't be moved.")
	}
	search.Seated = iv.Panel
	if len(search.Panel) == 0 {
		if search.Panel, err = s.stillThere(ctx, iv.Panel); err != nil {
			return err
		}
	}
	if search.Duration == 0 {
		search.Duration = iv.End.Sub(iv.Start)
	}
	return nil
}

// toBook completes the search for a new interview.
func (s *Service) toBook(ctx context.Context, role *hiring.Role, c *hiring.Candidate, stage hiring.Stage, req Request, search *Search) error {
	live, err := s.Store.LiveInterviews(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, iv := range live {
		if iv.Stage == stage.ID {
			return hiring.Invalid("candidate", "This candidate already has a “%s” interview. Move or cancel it on the candidate's card.", stage.Name)
		}
	}
	first, err := s.before(ctx, role, c, stage, req)
	if err != nil {
		return err
	}
	if first != nil {
		return first
	}
	if search.Duration == 0 {
		search.Duration = stage.Duration.V
	}
	if len(search.Panel) == 0 {
		if search.Panel = role.StagePanel(stage); len(search.Panel) > MaxPanel {
			return hiring.Invalid("", "“%s” has %d people by the setup, and an interview takes at most %d. Use /hiring setup to name fewer.", stage.Name, len(search.Panel), MaxPanel)
		}
	}
	return s.checkPanel(ctx, role, search.Panel)
}

// checkPanel holds a panel to the role's team: nobody else reads of candidates.
func (s *Service) checkPanel(ctx context.Context, role *hiring.Role, panel []hiring.Panelist) error {
	if len(panel) == 0 {
		return hiring.Invalid("who", "Choose who holds the interview.")
	}
	if len(panel) > MaxPanel {
		return hiring.Invalid("who", "Choose at most %d people.", MaxPanel)
	}
	for _, p := range panel {
		if role.OnTeam(p.Person) {
			continue
		}
		name := "Somebody you chose"
		if who, err := s.People.Person(ctx, p.Person); err == nil {
			name = who.Name
		}
		return hiring.Invalid("who", "%s isn't on the team of %s, and only its team may read of its candidates. Add them with /hiring setup, or choose somebody else.", name, role.Title)
	}
	if len(required(panel)) == 0 {
		return hiring.Invalid("who", "Nobody on this panel is required. Choose at least one person who is.")
	}
	return nil
}

// PanelOf returns the panel of the chosen people: each is required, but who has
// another part in the stage by the role's setup keeps it, and a stand-in who sat
// on the panel before stays required.
func PanelOf(role *hiring.Role, stage hiring.Stage, people []string, before []hiring.Panelist) []hiring.Panelist {
	known := append(slices.Clone(before), role.StagePanel(stage)...)
	var out []hiring.Panelist
	for _, id := range people {
		p := hiring.Panelist{Person: id, Part: hiring.Required}
		if i := slices.IndexFunc(known, func(k hiring.Panelist) bool { return k.Person == id }); i >= 0 {
			p.Part = known[i].Part
		}
		if !slices.ContainsFunc(out, func(o hiring.Panelist) bool { return o.Person == id }) {
			out = append(out, p)
		}
	}
	return out
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
	if len(search.Misses) > 0 && search.InterviewID == "" {
		if search.Misses, err = s.findStandIns(ctx, search, *q); err != nil {
			return nil, err
		}
	}
	return search, s.Store.SaveSearch(ctx, search)
}

// findStandIns asks for the calendars of the rest of the team.
func (s *Service) findStandIns(ctx context.Context, search *Search, q Question) ([]Miss, error) {
	role, err := s.Store.Role(ctx, search.RoleKey)
	if err != nil {
		return nil, err
	}
	var rest []hiring.Panelist
	for _, id := range role.Team() {
		p, err := s.People.Person(ctx, id)
		if err != nil || !p.Employee() || slices.ContainsFunc(search.Panel, func(o hiring.Panelist) bool { return o.Person == id }) {
			continue
		}
		rest = append(rest, hiring.Panelist{Person: id, Part: hiring.Required})
	}
	if len(rest) == 0 {
		return search.Misses, nil
	}
	others, err := s.attendees(ctx, role, rest, s.span(q), "")
	if err != nil {
		return nil, err
	}
	return standIns(q, search.Misses, others), nil
}

// span is what is looked at of the calendars: interviews of the whole week count
// for the limits.
func (s *Service) span(q Question) hiring.Interval {
	return hiring.Interval{Start: q.Now.Add(-7 * 24 * time.Hour), End: q.Until.Add(24 * time.Hour)}
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
		PerDay: role.PerDay.V, PerWeek: role.PerWeek.V, Offers: 10, OffersDay: 3, Wanted: search.Wanted,
	}
	q.Panel, err = s.attendees(ctx, role, search.Panel, s.span(*q), search.InterviewID)
	return q, err
}

// attendees loads the panelists with their calendars over the span.
func (s *Service) attendees(ctx context.Context, role *hiring.Role, panel []hiring.Panelist, span hiring.Interval, except string) ([]Attendee, error) {
	return s.attendeesBut(ctx, role, panel, span, except, "")
}

// attendeesBut does the same without the debrief of one interview.
func (s *Service) attendeesBut(ctx context.Context, role *hiring.Role, panel []hiring.Panelist, span hiring.Interval, except, debrief string) ([]Attendee, error) {
	var ids, emails []string
	people := map[string]hiring.Person{}
	for _, p := range panel {
		person, err := s.People.Person(ctx, p.Person)
		if err != nil {
			return nil, fmt.Errorf("look up panelist: %w", err)
		}
		if person.Deleted {
			return nil, hiring.Invalid("", "%s's Slack account is deactivated. Use /hiring setup to name somebody else. For an interview that is booked with them already, use “Change panel” on the candidate's card.", person.Name)
		}
		people[p.Person] = person
		ids = append(ids, p.Person)
		if person.CalendarID() != "" {
			emails = append(emails, person.CalendarID())
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
	debriefs, err := s.Store.DebriefTimes(ctx, ids, span.Start, span.End, debrief)
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
		cal, ok := calendars[person.CalendarID()]
		if !ok || person.CalendarID() == "" {
			cal = hiring.Calendar{Unreadable: "no calendar is known for them"}
		}
		if own != nil && own.Part(p.Person) != "" {
			cal.Busy = without(cal.Busy, hiring.Interval{Start: own.EventStart, End: own.EventEnd})
		}
		if len(debriefs[p.Person]) > 0 { // no interview, but time that Google may not show yet
			cal.Busy = append(slices.Clone(cal.Busy), debriefs[p.Person]...)
			slices.SortFunc(cal.Busy, func(a, b hiring.Interval) int { return a.Start.Compare(b.Start) })
		}
		out = append(out, Attendee{
			ID: p.Person, Name: person.Name, Part: p.Part, Zone: person.TimeZone(role.TimeZone()),
			Hours: person.WorkingHours(role), Calendar: cal, Interviews: booked[p.Person],
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
