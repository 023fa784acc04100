package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// world is the service with a store, a calendar and people in memory. It is
// Wednesday, 18 November 2026, 9:00 in Chicago.
type world struct {
	*Service
	HoldStore     // what no test of this package needs
	OfferingStore // nor this
	t             *testing.T
	now           time.Time
	role          *hiring.Role
	was           *hiring.Role // at the booking; nil: as it is
	cands         map[string]*hiring.Candidate

	searches   map[string]Search
	interviews map[string]hiring.Interview
	effects    []outbox.Effect
	messages   []string // keys, in the order in which they became owed
	posted     map[string]bool
	lanes      map[string]string // of messages that have one
	audit      []hiring.Entry
	moves      []hiring.Move
	debriefs   map[string]hiring.Debrief
	due        map[string]time.Time
	log        []string
	repairs    []*Repair
	token      string
	cases      []*hiring.Case            // of every candidate
	checks     []*hiring.Check           // of every candidate
	notices    map[string]*hiring.Notice // of every candidate
	told       []string                  // "notice interview", as often as it was said
	tellFails  int                       // how often that goes wrong first
	broken     func(call string) error   // the store's trouble

	cal *googleFake
	ids int
	who map[string]hiring.Person
}

const (
	carla = "carla" // coordinator
	dana  = "dana"  // decider
	karly = "karly" // required panelist
	seb   = "seb"   // required panelist
	mark  = "mark"  // optional panelist
)

func newWorld(t *testing.T) *world {
	chicago := zone(t, "America/Chicago")
	w := &world{
		t: t, now: at(t, chicago, "2026-11-18 09:00"), searches: map[string]Search{}, interviews: map[string]hiring.Interview{}, due: map[string]time.Time{}, posted: map[string]bool{}, lanes: map[string]string{},
		cands: map[string]*hiring.Candidate{"ana": {
			ID: "ana", RoleKey: "coord", Name: "Ana Diaz", Email: "Ana@example.org", Zone: "America/Denver",
			EarliestHour: 8 * time.Hour, LatestHour: 18 * time.Hour, Stage: "round1", State: hiring.Active, Arrangements: "Captions, please",
		}},
		who: map[string]hiring.Person{}, notices: map[string]*hiring.Notice{},
		checks: []*hiring.Check{{CandidateID: "ana", Stage: "letter", Outcome: hiring.CheckFine}},
	}
	for _, id := range []string{carla, dana, karly, seb, mark} {
		w.who[id] = hiring.Person{ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Email: id + "@example.com", Zone: "America/Chicago"}
	}
	duration := hiring.Value[time.Duration]{V: 45 * time.Minute}
	rule := hiring.DeadlineRule{Kind: hiring.WeekdayAfterWeek, Weekday: time.Monday, EOD: 17 * time.Hour, Holiday: hiring.HolidaySame}
	w.role = &hiring.Role{
		Key: "coord", Revision: "r1", Title: "Account Coordinator", Company: "Example",
		Zone: hiring.Value[string]{V: "America/Chicago"}, Hours: hiring.Value[hiring.Hours]{V: nineFive},
		Horizon: hiring.Value[time.Duration]{V: 14 * 24 * time.Hour}, MinNotice: hiring.Value[time.Duration]{V: 4 * time.Hour},
		Competencies: []hiring.Competency{{ID: "triage", Name: "SECRET RUBRIC"}},
		Stages: []hiring.Stage{
			{ID: "letter", Kind: hiring.StageCheck, Name: "Cover letter"},
			{ID: "round1", Kind: hiring.StageInterview, Name: "Screening", Duration: duration, KitLead: hiring.Value[time.Duration]{V: time.Hour},
				Deadline: hiring.Value[hiring.DeadlineRule]{V: rule}, Location: hiring.Value[hiring.Location]{V: hiring.Location{Kind: "meet"}},
				Panelists: []hiring.StagePanelist{{Title: "strategist", Part: hiring.Required}, {Title: "ops", Part: hiring.Required}, {Title: "owner", Part: hiring.Optional}}},
		},
		Setup: hiring.Setup{
			Coordinators: []string{carla}, Deciders: []string{dana}, Channel: "C1",
			People: map[string][]string{"strategist": {karly}, "ops": {seb}, "owner": {mark}},
		},
	}
	w.cal = &googleFake{w: w, events: map[string]hiring.Event{}, busy: map[string]hiring.Calendar{}, fail: map[string][]error{}}
	w.Service = &Service{
		Store: w, Calendar: w.cal, People: w,
		Holidays: func(hiring.Holidays) func(time.Time) bool { return nil },
		Now:      func() time.Time { return w.now },
		NewID:    func(prefix string) string { w.ids++; return fmt.Sprintf("%s%d", prefix, w.ids) },
		Told:     w.tell,
	}
	return w
}

func (w *world) handler() CalendarHandler { return CalendarHandler{w.Service} }

// at reads a wall clock in Chicago.
func (w *world) at(text string) time.Time { return at(w.t, w.role.TimeZone(), text) }

func (w *world) Person(_ context.Context, id string) (hiring.Person, error) {
	p, ok := w.who[id]
	if !ok {
		return p, hiring.ErrNotFound
	}
	return p, nil
}

func (w *world) Owe(_ context.Context, b outbox.Batch) error {
	w.apply(b)
	return nil
}

func (w *world) Role(context.Context, string) (*hiring.Role, error) { return w.role, nil }

// RoleRevision returns the role as it was, where a test has changed it since.
func (w *world) RoleRevision(context.Context, string, string) (*hiring.Role, error) {
	if w.was != nil {
		return w.was, nil
	}
	return w.role, nil
}

func (w *world) Candidate(_ context.Context, id string) (*hiring.Candidate, error) {
	c, ok := w.cands[id]
	if !ok {
		return nil, hiring.ErrNotFound
	}
	return c, nil
}

func (w *world) Interview(_ context.Context, id string) (*hiring.Interview, error) {
	iv, ok := w.interviews[id]
	if !ok {
		return nil, hiring.ErrNotFound
	}
	iv.Panel = slices.Clone(iv.Panel)
	return &iv, nil
}

func (w *world) InterviewByEvent(ctx context.Context, event string) (*hiring.Interview, error) {
	for id, iv := range w.interviews {
		if iv.EventID == event {
			return w.Interview(ctx, id)
		}
	}
	return nil, hiring.ErrNotFound
}

func (w *world) LiveInterviews(ctx context.Context, candidate string) ([]*hiring.Interview, error) {
	var out []*hiring.Interview
	for id, iv := range w.interviews {
		if iv.CandidateID == candidate && iv.Live() {
			live, _ := w.Interview(ctx, id)
			out = append(out, live)
		}
	}
	return out, nil
}

func (w *world) CasesOf(_ context.Context, candidate string) ([]*hiring.Case, error) {
	return slices.DeleteFunc(slices.Clone(w.cases), func(k *hiring.Case) bool { return k.Interview.CandidateID != candidate }), nil
}

func (w *world) Checks(context.Context, string) ([]*hiring.Check, error) {
	return w.checks, nil
}

func (w *world) Notice(_ context.Context, id string) (*hiring.Notice, error) {
	n, ok := w.notices[id]
	if !ok {
		return nil, hiring.ErrNotFound
	}
	return n, nil
}

// tell is Service.Told.
func (w *world) tell(_ context.Context, notice, interview string) error {
	if w.tellFails > 0 {
		w.tellFails--
		return errors.New("the database is busy")
	}
	w.told = append(w.told, notice+" "+interview)
	w.notices[notice].State = hiring.NoticeTold
	return nil
}

func (w *world) Bookings(_ context.Context, people []string, from, to time.Time, except string) (map[string][]hiring.Interval, error) {
	out := map[string][]hiring.Interval{}
	for _, iv := range w.interviews {
		span := hiring.Interval{Start: iv.Start, End: iv.End}
		for _, p := range iv.Panel {
			if iv.Live() && iv.ID != except && slices.Contains(people, p.Person) && span.Overlaps(hiring.Interval{Start: from, End: to}) {
				out[p.Person] = append(out[p.Person], span)
			}
		}
	}
	return out, nil
}

func (w *world) SaveSearch(_ context.Context, s *Search) error {
	w.searches[s.ID] = *s
	return nil
}

func (w *world) Search(_ context.Context, id string) (*Search, error) {
	s, ok := w.searches[id]
	if !ok {
		return nil, hiring.ErrNotFound
	}
	return &s, nil
}

func (w *world) BookSearch(ctx context.Context, id string, iv *hiring.Interview, b outbox.Batch) error {
	s := w.searches[id]
	if s.Used {
		return hiring.ErrConflict
	}
	var people []string
	for _, p := range iv.Panel {
		if p.Part == hiring.Required {
			people = append(people, p.Person)
		}
	}
	booked, _ := w.Bookings(ctx, people, iv.Start, iv.End, iv.ID)
	for _, p := range people {
		if slices.ContainsFunc(booked[p], func(b hiring.Interval) bool { return !iv.Anyway.Covers(p, b) }) {
			return &Clash{Person: p}
		}
	}
	if n := w.notices[iv.Carries]; iv.Carries != "" && n.State != hiring.NoticeDraft {
		return ErrNotCarried
	}
	s.Used = true
	w.searches[id], w.interviews[iv.ID] = s, *iv
	w.apply(b)
	return nil
}

func (w *world) Override(_ context.Context, id string) (*hiring.Override, error) {
	return w.interviews[id].Anyway, nil
}

func (w *world) ChangeInterview(ctx context.Context, id string, change func(*hiring.Interview) (outbox.Batch, error)) error {
	if w.broken != nil {
		if err := w.broken("change"); err != nil {
			return err
		}
	}
	iv, err := w.Interview(ctx, id)
	if err != nil {
		return err
	}
	b, err := change(iv)
	if err != nil {
		return err
	}
	for other, o := range w.interviews {
		if other != id && iv.Live() && o.Live() && o.CandidateID == iv.CandidateID && o.Stage == iv.Stage {
			return hiring.ErrConflict
		}
	}
	w.interviews[id] = *iv
	w.apply(b)
	return nil
}

func (w *world) Coming(ctx context.Context, after time.Time) ([]*hiring.Interview, error) {
	var out []*hiring.Interview
	for id, iv := range w.interviews {
		if iv.State == hiring.Booked && iv.End.After(after) {
			coming, _ := w.Interview(ctx, id)
			out = append(out, coming)
		}
	}
	return out, nil
}

func (w *world) Vacant(ctx context.Context, after time.Time) ([]*hiring.Interview, error) {
	coming, err := w.Coming(ctx, after)
	return slices.DeleteFunc(coming, func(iv *hiring.Interview) bool {
		return !slices.ContainsFunc(iv.Panel, func(p hiring.Panelist) bool { return w.who[p.Person].Deleted })
	}), err
}

func (w *world) Declined(ctx context.Context, after time.Time) ([]*hiring.Interview, error) {
	coming, err := w.Coming(ctx, after)
	return slices.DeleteFunc(coming, func(iv *hiring.Interview) bool { return w.cands[iv.CandidateID].State != hiring.Declined }), err
}

func (w *world) LastChange(_ context.Context, id string) (hiring.Entry, time.Time, error) {
	for _, e := range slices.Backward(w.audit) {
		if e.Subject == id && strings.HasPrefix(e.Action, "interview.") {
			return e, w.now, nil
		}
	}
	return hiring.Entry{}, time.Time{}, hiring.ErrNotFound
}

// Message knows the messages that were ever owed; those in posted stand in Slack.
func (w *world) Message(_ context.Context, key string) (*outbox.Message, error) {
	posted, ok := w.posted[key]
	if !ok {
		return nil, hiring.ErrNotFound
	}
	m := &outbox.Message{Key: key}
	if posted {
		m.TS = "1.1"
	}
	return m, nil
}

// post is Slack's half: all that is owed stands there.
func (w *world) post() {
	for key := range w.posted {
		w.posted[key] = true
	}
}

func (w *world) Due(_ context.Context, kinds []string, now time.Time, _ int) ([]hiring.Due, error) {
	var out []hiring.Due
	for key, at := range w.due {
		kind, rest, _ := strings.Cut(key, ":")
		about, _, _ := strings.Cut(rest, ":")
		if slices.Contains(kinds, kind) && !at.After(now) {
			out = append(out, hiring.Due{Key: key, Kind: kind, About: about, At: at})
		}
	}
	slices.SortFunc(out, func(a, b hiring.Due) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

func (w *world) Repairs(_ context.Context, interview string) ([]*Repair, error) {
	var out []*Repair
	for _, r := range w.repairs {
		if r.Interview == interview {
			known := *r
			out = append(out, &known)
		}
	}
	return out, nil
}

func (w *world) ChangeRepairs(ctx context.Context, id string, change func(*hiring.Interview, []*Repair) ([]*Repair, outbox.Batch, error)) error {
	iv, err := w.Interview(ctx, id)
	if err != nil {
		return err
	}
	list, _ := w.Repairs(ctx, id)
	save, b, err := change(iv, list)
	if err != nil {
		return err
	}
	for _, r := range save {
		w.repairs = slices.DeleteFunc(w.repairs, func(o *Repair) bool { return o.Interview == r.Interview && o.Number == r.Number })
		w.repairs = append(w.repairs, r)
	}
	w.apply(b)
	return nil
}

// look does what is due about interviews that can't be held as they are.
func (w *world) look() {
	w.t.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = w.Repair(w.t.Context(), w.now); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) SyncToken(context.Context) (string, error) { return w.token, nil }
func (w *world) SetSyncToken(_ context.Context, token string) error {
	w.token = token
	return nil
}

// apply keeps the rules of the real store: a key that exists is left as it is,
// due work moves to a later time only when it was taken away before.
func (w *world) apply(b outbox.Batch) {
	for _, key := range b.NotDue {
		delete(w.due, key)
	}
	for _, d := range b.Due {
		if old, ok := w.due[d.Key]; !ok || d.At.Before(old) {
			w.due[d.Key] = d.At
		}
	}
	for _, m := range b.Messages {
		if m.Person == "" && m.Role == "" || !strings.HasPrefix(m.Key, m.Kind+":") {
			w.t.Errorf("malformed message %+v", m)
		}
		if _, known := w.posted[m.Key]; !known {
			w.messages = append(w.messages, m.Key)
			w.posted[m.Key] = false
		}
		if m.Lane != "" {
			w.lanes[m.Key] = m.Lane
		}
	}
	for _, e := range b.Effects {
		if !slices.ContainsFunc(w.effects, func(o outbox.Effect) bool { return o.Key == e.Key }) {
			e.State = outbox.Pending
			w.effects = append(w.effects, e)
		}
	}
	w.moves = append(w.moves, b.Moves...)
	for _, e := range b.Log {
		w.log, w.audit = append(w.log, e.Actor+" "+e.Action), append(w.audit, e)
	}
}

// dispatch carries out the calendar effects the way the outbox does, with up to
// three attempts each.
func (w *world) dispatch() {
	w.t.Helper()
	ctx, h := w.t.Context(), w.handler()
	for i := 0; i < len(w.effects); i++ { // what they bring is carried out too
		e := w.effects[i]
		for e.State == outbox.Pending && e.Attempt < 3 {
			wanted, err := h.Wanted(ctx, e)
			if err != nil {
				w.t.Fatal(err)
			}
			if !wanted {
				e.State = outbox.Dropped
				break
			}
			e.Attempt++
			result, err := h.Do(ctx, e)
			w.outcome(&e, result, err)
		}
		w.effects[i] = e
	}
	w.look()
}

func (w *world) outcome(e *outbox.Effect, result string, err error) {
	if err == nil {
		e.State, e.Result, e.Problem = outbox.Done, result, ""
		return
	}
	c := outbox.Classify(err)
	e.Problem = c.Error()
	switch c.Class {
	case outbox.ClassNever:
		e.State = outbox.Failed
		if err := w.handler().Failed(w.t.Context(), *e); err != nil {
			w.t.Fatal(err)
		}
	case outbox.ClassUnknown:
		e.State = outbox.Unknown
	}
}

// said returns the keys of the messages of the kinds, and forgets them.
func (w *world) said(kinds ...string) string {
	var out []string
	for _, key := range w.messages {
		kind, _, _ := strings.Cut(key, ":")
		if len(kinds) == 0 || slices.Contains(kinds, kind) {
			out = append(out, key)
		}
	}
	w.messages = nil
	return strings.Join(out, " ")
}

// book finds a time and books the offer that starts at the wall clock.
func (w *world) book(start string) *hiring.Interview {
	w.t.Helper()
	iv, err := w.Book(w.t.Context(), w.search(Request{CandidateID: "ana", By: carla}).ID, w.offer(start), carla)
	if err != nil {
		w.t.Fatal(err)
	}
	w.dispatch()
	return w.iv(iv.ID)
}

func (w *world) search(req Request) *Search {
	w.t.Helper()
	s, err := w.Prepare(w.t.Context(), req)
	if err == nil {
		s, err = w.Find(w.t.Context(), s.ID)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// offer puts the wall clock among the newest search's offers.
func (w *world) offer(start string) int {
	s := w.searches[fmt.Sprintf("search%d", w.ids)]
	from := w.at(start)
	s.Offers = append(s.Offers, Slot{Start: from, End: from.Add(s.Duration)})
	w.searches[s.ID] = s
	return len(s.Offers) - 1
}

func (w *world) iv(id string) *hiring.Interview {
	w.t.Helper()
	iv, err := w.Interview(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return iv
}

func (w *world) state(e outbox.Effect) outbox.State {
	i := slices.IndexFunc(w.effects, func(o outbox.Effect) bool { return o.Key == e.Key })
	if i < 0 {
		return ""
	}
	return w.effects[i].State
}

func (w *world) follow() {
	w.t.Helper()
	if _, err := w.Follow(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// refused checks that the error is a sentence for a person, about the field.
func refused(t *testing.T, err error, field, words string) {
	t.Helper()
	var user *hiring.UserError
	if !errors.As(err, &user) || user.Field != field || !strings.Contains(user.Text, words) {
		t.Errorf("got %v, want a sentence about %q with %q", err, field, words)
	}
}

func already(t *testing.T, err error, what string) {
	t.Helper()
	var done *hiring.AlreadyDone
	if !errors.As(err, &done) || !strings.Contains(done.What, what) {
		t.Errorf("got %v, want “already %s”", err, what)
	}
}
