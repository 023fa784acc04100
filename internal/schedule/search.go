package schedule

import (
	"cmp"
	"context"
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
	Until       time.Time   // look no further; zero: as far as the role's horizon
	Once        []Change    // what is otherwise this once
	Shown       []time.Time // starts of offers on earlier pages
	Offers      []Slot
	More        bool      // there are further offers
	End         time.Time // until when was looked
	InWay       []string
	Ways        []Way        // out of it, where there are no offers
	Unknown     []Unreadable // whose calendars can't be read
	Any         *AnyTime     // a time that a person picked themselves
	Used        bool
	Wanted      time.Time // a start to be offered before all others
	Confirmed   []string  // ids of stages before this one whose lack By has confirmed; see Before
	Carries     string    // id of the notice that the invitation is to say

	MovedFor   hiring.MoveCause // of an interview to be moved: who asked for it
	MovedWords string           // and why
}

// Unreadable is somebody whose calendar can't be read, and why.
type Unreadable struct{ Name, Why string }

// A Request asks for slots.
type Request struct {
	CandidateID string
	Stage       string            // empty: the candidate's
	InterviewID string            // to move this one
	Panel       []hiring.Panelist // with Pools empty: both from the setup
	Pools       []hiring.Pool
	Duration    time.Duration // 0: the stage's
	From        time.Time     // zero: as soon as the role allows
	Until       time.Time     // look no further; zero: as far as the role's horizon
	Once        []Change      // what is otherwise this once
	Shown       []time.Time   // starts of offers on earlier pages, not to be offered again
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
	search := &Search{
		ID: s.NewID("search"), CandidateID: c.ID, RoleKey: role.Key, Stage: stage.ID, InterviewID: req.InterviewID,
		By: req.By, Panel: req.Panel, Pools: req.Pools, Duration: req.Duration, From: req.From, Until: req.Until, Shown: req.Shown, Wanted: req.Wanted, Confirmed: req.Confirmed, Carries: req.Carries,
	}
	var own time.Duration // the length of the interview to be moved
	if req.InterviewID != "" {
		own, err = s.toMove(ctx, search)
	} else {
		err = s.toBook(ctx, role, c, stage, req, search)
	}
	if err != nil {
		return nil, err
	}
	if usual := cmp.Or(own, stage.Duration.V); search.Duration != usual && (search.Duration < MinDuration || search.Duration > MaxDuration) {
		return nil, hiring.Invalid("long", "Choose between %d minutes and %d hours.", int(MinDuration.Minutes()), int(MaxDuration.Hours()))
	}
	now := s.Now()
	if !req.From.IsZero() && req.From.Before(now.Add(-24*time.Hour)) {
		return nil, hiring.Invalid("from", "That day has passed. Choose today or a later day.")
	}
	search.keepOnce(req)
	if req.From.After(search.lookUntil(now.Add(role.Horizon.V))) {
		return nil, hiring.Invalid("from", "That is beyond this role's horizon of %d days.", int(role.Horizon.V.Hours()/24))
	}
	return search, s.Store.SaveSearch(ctx, search)
}

// Limits of an interview whose length isn't the setup's, nor that of the interview
// that moves. An offer is found for a panel of ten as fast as for one.
const (
	MinDuration = 15 * time.Minute
	MaxDuration = 4 * time.Hour
	MaxPanel    = 10
)

// toMove completes the search for a new time of an interview, and returns its
// length.
func (s *Service) toMove(ctx context.Context, search *Search) (time.Duration, error) {
	iv, err := s.Store.Interview(ctx, search.InterviewID)
	if err != nil {
		return 0, err
	}
	if iv.State != hiring.Booked {
		return 0, hiring.Invalid("", "This interview can't be moved: it is %s.", iv.State)
	}
	if iv.Ended(s.Now()) {
		return 0, hiring.Invalid("", "This interview is over, so it can't be moved.")
	}
	search.Seated = iv.Panel
	if len(search.Panel) == 0 {
		if search.Panel, err = s.stillThere(ctx, iv.Panel); err != nil {
			return 0, err
		}
	}
	own := iv.End.Sub(iv.Start)
	if search.Duration == 0 {
		search.Duration = own
	}
	return own, nil
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
	if len(search.Panel)+len(search.Pools) == 0 {
		search.Panel, search.Pools = role.StagePanel(stage), role.StagePools(stage)
		if n := places(search.Panel, search.Pools); n > MaxPanel {
			return hiring.Invalid("", "“%s” has %d people by the setup, and an interview takes at most %d. Use /hiring setup to name fewer.", stage.Name, n, MaxPanel)
		}
	}
	return s.checkPanel(ctx, role, search.Panel, search.Pools)
}

// places is how many people an interview takes that is held by a panel and by
// some of each pool.
func places(panel []hiring.Panelist, pools []hiring.Pool) int {
	n := len(panel)
	for _, p := range pools {
		n += p.Need
	}
	return n
}

// checkPanel holds a panel and pools to the role's team: nobody else reads of
// candidates.
func (s *Service) checkPanel(ctx context.Context, role *hiring.Role, panel []hiring.Panelist, pools []hiring.Pool) error {
	if places(panel, pools) == 0 {
		return hiring.Invalid("who", "Choose who holds the interview.")
	}
	if places(panel, pools) > MaxPanel {
		return hiring.Invalid("who", "Choose at most %d people.", MaxPanel)
	}
	for _, p := range slices.Concat(panel, poolSeats(pools)) {
		if role.OnTeam(p.Person) {
			continue
		}
		name := "Somebody you chose"
		if who, err := s.People.Person(ctx, p.Person); err == nil {
			name = who.Name
		}
		return hiring.Invalid("who", "%s isn't on the team of %s, and only its team may read of its candidates. Add them with /hiring setup, or choose somebody else.", name, role.Title)
	}
	if len(required(panel)) == 0 && places(nil, pools) == 0 {
		return hiring.Invalid("who", "Nobody on this panel is required. Choose at least one person who is.")
	}
	return nil
}

// PanelOf returns the panel of the chosen people. Who shadows by the setup, or did
// before, shadows when they are optional.
func PanelOf(role *hiring.Role, stage hiring.Stage, needed, optional []string, before []hiring.Panelist) []hiring.Panelist {
	known := append(slices.Clone(before), role.StagePanel(stage)...)
	var out []hiring.Panelist
	for _, id := range needed {
		if partIn(out, id) == "" {
			out = append(out, hiring.Panelist{Person: id, Part: hiring.Required})
		}
	}
	for _, id := range optional {
		part := hiring.Optional
		if partIn(known, id) == hiring.Shadow {
			part = hiring.Shadow
		}
		if partIn(out, id) == "" {
			out = append(out, hiring.Panelist{Person: id, Part: part})
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
	q.Offers, q.OffersDay = len(search.Shown)+perPage+1, perDay*(len(search.Shown)/perPage+1)
	ans := Find(*q)
	if len(ans.Slots) == 0 {
		if q, ans, search.Ways, err = s.explain(ctx, search); err != nil {
			return nil, err
		}
	}
	ans.Slots = slices.DeleteFunc(ans.Slots, func(o Slot) bool {
		return slices.ContainsFunc(search.Shown, func(t time.Time) bool { return t.Equal(o.Start) })
	})
	search.More = len(ans.Slots) > perPage
	search.Offers, search.InWay = ans.Slots[:min(len(ans.Slots), perPage)], ans.InWay
	search.Unknown, search.End = q.unreadable(), q.Until
	return search, s.Store.SaveSearch(ctx, search)
}

// How many offers there are on a page, which is how many a menu of radio buttons
// takes, and of one day.
const (
	perPage = 10
	perDay  = 3
)

// explain looks for the ways out of a search without offers. Everybody's
// calendar is asked once more, now further ahead and with the rest of the team's.
func (s *Service) explain(ctx context.Context, search *Search) (*Question, Answer, []Way, error) {
	role, err := s.Store.Role(ctx, search.RoleKey)
	if err != nil {
		return nil, Answer{}, nil, err
	}
	q, others, err := s.ask(ctx, search, s.restOfTeam(ctx, role, search), func(q *Question) hiring.Interval { return hiring.Interval{Start: q.Now, End: q.Furthest()} })
	if err != nil {
		return nil, Answer{}, nil, err
	}
	ans := Find(*q)
	if len(ans.Slots) > 0 { // somebody's meeting went meanwhile
		return q, ans, nil, nil
	}
	return q, ans, Explain(*q, others), nil
}

// restOfTeam are those of the role's team who could take a place.
func (s *Service) restOfTeam(ctx context.Context, role *hiring.Role, search *Search) []hiring.Panelist {
	var rest []hiring.Panelist
	for _, id := range role.Team() {
		if p, err := s.People.Person(ctx, id); err == nil && p.Employee() && !search.asks(id) {
			rest = append(rest, hiring.Panelist{Person: id, Part: hiring.Required})
		}
	}
	return rest
}

// asks reports whether the person has a part in what is searched for.
func (s *Search) asks(person string) bool {
	return partIn(s.Panel, person) != "" || slices.ContainsFunc(s.Pools, func(p hiring.Pool) bool { return slices.Contains(p.People, person) })
}

func (s *Service) question(ctx context.Context, search *Search) (*Question, error) {
	q, _, err := s.ask(ctx, search, nil, func(q *Question) hiring.Interval { return hiring.Interval{Start: q.Now, End: q.Until} })
	return q, err
}

// ask makes the question of a search, with everybody's calendars around what is
// looked at; others are people who could take a place.
func (s *Service) ask(ctx context.Context, search *Search, others []hiring.Panelist, look func(*Question) hiring.Interval) (*Question, []Attendee, error) {
	c, err := s.Store.Candidate(ctx, search.CandidateID)
	if err != nil {
		return nil, nil, err
	}
	role, err := s.Store.Role(ctx, search.RoleKey)
	if err != nil {
		return nil, nil, err
	}
	stage, _ := role.Stage(search.Stage)
	now := s.Now()
	q := &Question{
		Now: now, From: search.From, Until: search.lookUntil(now.Add(role.Horizon.V)),
		Duration: search.Duration, Buffer: role.Buffer.V + stage.Location.V.TravelTime(), Notice: role.MinNotice.V,
		CandidateZone: c.TimeZone(), Earliest: c.EarliestHour, Latest: c.LatestHour,
		RoleZone: role.TimeZone(), Holiday: s.Holidays(role.Holidays.V),
		PerDay: role.PerDay.V, PerWeek: role.PerWeek.V, Wanted: search.Wanted,
	}
	live, err := s.Store.LiveInterviews(ctx, c.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, iv := range live {
		if iv.ID != search.InterviewID {
			q.Taken = append(q.Taken, hiring.Interval{Start: iv.Start, End: iv.End})
		}
	}
	around := look(q)
	span := hiring.Interval{Start: around.Start.Add(-24 * time.Hour), End: around.End.Add(24 * time.Hour)}
	pools, err := s.stillEmployed(ctx, search.Pools)
	if err != nil {
		return nil, nil, err
	}
	// All calendars are asked for at once: Google answers for 50 in one call.
	people := slices.Concat(search.Panel, poolSeats(pools), others)
	found, err := s.attendees(ctx, role, people, span, search.InterviewID)
	if err != nil {
		return nil, nil, err
	}
	q.Panel, found = found[:len(search.Panel)], found[len(search.Panel):]
	for _, p := range pools {
		q.Pools = append(q.Pools, Pool{Need: p.Need, From: found[:len(p.People):len(p.People)]})
		found = found[len(p.People):]
	}
	for _, once := range search.Once {
		*q = q.once(once)
	}
	return q, found, nil
}
