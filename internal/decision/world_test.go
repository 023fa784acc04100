package decision

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

const (
	carla = "carla" // coordinator
	dana  = "dana"  // decider
	drew  = "drew"  // decider and required panelist
	karly = "karly" // required panelist
	mark  = "mark"  // shadow
	olga  = "olga"  // optional panelist
	wanda = "wanda" // the workspace's coordinator
)

// world is the service with a store in memory. It is Monday, 23 November 2026,
// in Chicago; Ana was interviewed on the Wednesday before.
type world struct {
	*Service
	t     *testing.T
	now   time.Time
	role  *hiring.Role
	cases []*hiring.Case
	due   map[string]hiring.Due
	done  map[string]bool // due rows that were settled
	posts []outbox.Message
	mails []string // keys of mail effects
	log   []string
	poor  error
	ids   int

	decided map[string][]*hiring.Decision // by interview
	live    []*hiring.Interview           // the candidate's others
}

func newWorld(t *testing.T) *world {
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, due: map[string]hiring.Due{}, done: map[string]bool{}, decided: map[string][]*hiring.Decision{}}
	rule := hiring.DeadlineRule{Kind: hiring.WeekdayAfterWeek, Weekday: time.Monday, EOD: 17 * time.Hour, Holiday: hiring.HolidaySame}
	w.role = &hiring.Role{
		Key: "coord", Revision: "r1", Title: "Account Coordinator", Company: "Example", Zone: hiring.Value[string]{V: zone.String()},
		Competencies: []hiring.Competency{
			{ID: "triage", RedFlags: []hiring.RedFlag{{ID: "panic", Text: "Panics"}, {ID: "hides", Text: "Hides"}}}, {ID: "gaps"},
		},
		Gates: []hiring.Gate{{ID: "visits"}},
		Stages: []hiring.Stage{
			{ID: "round1", Name: "Screening", Kind: hiring.StageInterview, Deadline: hiring.Value[hiring.DeadlineRule]{V: rule}, Panelists: []hiring.StagePanelist{{Title: "s", Part: hiring.Required}}},
			{ID: "references", Kind: hiring.StageCheck},
			{ID: "panel", Name: "Panel", Kind: hiring.StageInterview},
		},
		Notices: map[hiring.Outcome]hiring.NoticeText{
			hiring.Advance: {Subject: "Next: {role}", Body: "Hello {first_name}"}, hiring.Decline: {Subject: "No: {role}", Body: "Hello {first_name}"},
			hiring.Hold: {Subject: "Wait", Body: "You hear by {new_date}"},
		},
		Setup: hiring.Setup{
			Coordinators: []string{carla}, Deciders: []string{dana, drew}, Channel: "C1", Confirmed: "r1", SavedBy: carla,
			People: map[string][]string{"s": {karly}},
		},
	}
	w.now = w.at("2026-11-23 10:00")
	w.add("ana", "2026-11-18 14:00")
	w.Service = &Service{
		Store: w, People: w, Mode: MailAsk, Now: func() time.Time { return w.now },
		Workspace: func(context.Context) ([]string, error) { return []string{wanda}, nil },
		Holidays:  func(hiring.Holidays) func(time.Time) bool { return nil },
		NewID:     func(prefix string) string { w.ids++; return fmt.Sprintf("%s%d", prefix, w.ids) },
		Schedules: Schedules{NextPreview: mondays(9), NextSummary: mondays(16)},
	}
	return w
}

// mondays is a schedule of every Monday at an hour.
func mondays(hour int) func(time.Time, *time.Location) time.Time {
	return func(after time.Time, zone *time.Location) time.Time {
		day := after.In(zone)
		for {
			at := time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, zone)
			if at.Weekday() == time.Monday && at.After(after) {
				return at
			}
			day = day.AddDate(0, 0, 1)
		}
	}
}

// at reads a wall clock in Chicago.
func (w *world) at(text string) time.Time {
	w.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, w.role.TimeZone())
	if err != nil {
		w.t.Fatal(err)
	}
	return at
}

// add adds a candidate's interview, which took an hour.
func (w *world) add(id, start string) *hiring.Case {
	from := w.at(start)
	k := &hiring.Case{
		Role:      w.role,
		Candidate: &hiring.Candidate{ID: "c-" + id, RoleKey: "coord", Name: strings.ToUpper(id[:1]) + id[1:] + " Diaz", Email: id + "@example.org", Zone: "America/Denver", Stage: "round1", State: hiring.Active},
		Interview: &hiring.Interview{
			ID: id, CandidateID: "c-" + id, RoleKey: "coord", RoleRevision: "r1", Stage: "round1", State: hiring.Booked, Start: from, End: from.Add(time.Hour),
			Panel: []hiring.Panelist{{Person: karly, Part: hiring.Required}, {Person: drew, Part: hiring.Required}, {Person: olga, Part: hiring.Optional}, {Person: mark, Part: hiring.Shadow}},
		},
	}
	k.Interview.Deadline = w.role.Stages[0].Deadline.V.Due(from, w.role.TimeZone(), nil)
	w.cases = append(w.cases, k)
	return k
}

func (w *world) ana() *hiring.Case { return w.cases[0] }

// submit hands a scorecard in, with levels in the order of the competencies.
func submit(k *hiring.Case, person string, word hiring.Recommendation, levels ...hiring.Level) *hiring.Scorecard {
	s := &hiring.Scorecard{Panelist: person, Version: 1, SubmittedAt: k.Interview.End, Answers: hiring.Answers{
		Ratings: map[string]hiring.Rating{}, Gates: map[string]hiring.GateEntry{"visits": {Answer: hiring.GateYes}}, Recommendation: word,
	}}
	for i, l := range levels {
		s.Answers.Ratings[k.Role.Competencies[i].ID] = hiring.Rating{Level: l, Rated: true}
	}
	k.Cards = append(k.Cards, s)
	return s
}

func complete(k *hiring.Case) {
	submit(k, karly, hiring.Yes, 3, 2)
	submit(k, drew, hiring.StrongYes, 4, 3)
}

func (w *world) Person(_ context.Context, id string) (hiring.Person, error) {
	return hiring.Person{ID: id, Name: strings.ToUpper(id[:1]) + id[1:]}, nil
}

func (w *world) Role(_ context.Context, key string) (*hiring.Role, error) {
	if key != w.role.Key {
		return nil, hiring.ErrNotFound
	}
	return w.role, nil
}
func (w *world) Roles(context.Context) ([]*hiring.Role, error) { return []*hiring.Role{w.role}, nil }

func (w *world) Case(_ context.Context, id string) (*hiring.Case, error) {
	i := slices.IndexFunc(w.cases, func(k *hiring.Case) bool { return k.Interview.ID == id })
	if i < 0 {
		return nil, hiring.ErrNotFound
	}
	return w.cases[i], nil
}

func (w *world) CasesAhead(_ context.Context, _ string, now time.Time) ([]*hiring.Case, error) {
	return slices.DeleteFunc(slices.Clone(w.cases), func(k *hiring.Case) bool { return k.Interview.Ended(now) }), nil
}

func (w *world) OpenCases(_ context.Context, _ string, now time.Time) ([]*hiring.Case, error) {
	var out []*hiring.Case
	for _, k := range w.cases {
		if k.Interview.Ended(now) && (!k.Told() || k.ToldAt.After(now.Add(-48*time.Hour))) && k.Candidate.State != hiring.Withdrawn {
			out = append(out, k)
		}
	}
	return out, nil
}

// ChangeCase changes a copy and takes it over only when change succeeds.
func (w *world) ChangeCase(ctx context.Context, id string, change func(*hiring.Case) (Change, error)) error {
	k, err := w.Case(ctx, id)
	if err != nil {
		return err
	}
	work, candidate := *k, *k.Candidate
	work.Candidate = &candidate
	if k.Notice != nil {
		n := *k.Notice
		work.Notice = &n
	}
	ch, err := change(&work)
	if err = errors.Join(err, w.poor); err != nil {
		return err
	}
	if ch.Decision != nil {
		if ch.Decision.Corrects != nil && k.Told() {
			k.ToldAt, k.FirstToldAt, k.PromisedAt = time.Time{}, k.ToldAt, k.Interview.Deadline
		}
		w.decided[id] = append(w.decided[id], ch.Decision)
		k.Decision = ch.Decision
	}
	if ch.Restore != nil {
		i := slices.IndexFunc(w.decided[id], func(d *hiring.Decision) bool { return d.ID == ch.Restore.ID })
		k.Decision, k.ToldAt = w.decided[id][i], ch.Restore.At
	}
	if ch.Notice != nil {
		k.Notice = ch.Notice
	}
	if ch.Candidate != nil {
		k.Candidate = ch.Candidate
	}
	if !ch.Deadline.IsZero() {
		k.Interview.Deadline = ch.Deadline
	}
	if !ch.ToldAt.IsZero() {
		k.ToldAt = ch.ToldAt
	}
	w.apply(ch.Batch)
	return nil
}

func (w *world) DecisionsOf(_ context.Context, interview string) ([]*hiring.Decision, error) {
	return w.decided[interview], nil
}

func (w *world) LiveInterviews(_ context.Context, _ string) ([]*hiring.Interview, error) {
	return w.live, nil
}

func (w *world) Notice(ctx context.Context, id string) (*hiring.Notice, error) {
	k, err := w.caseOf(ctx, id)
	if err != nil {
		return nil, err
	}
	return k.Notice, nil
}

func (w *world) caseOf(_ context.Context, notice string) (*hiring.Case, error) {
	for _, k := range w.cases {
		if k.Notice != nil && k.Notice.ID == notice {
			return k, nil
		}
	}
	return nil, hiring.ErrNotFound
}

func (w *world) Due(_ context.Context, kinds []string, now time.Time, limit int) ([]hiring.Due, error) {
	var out []hiring.Due
	for _, d := range w.due {
		if slices.Contains(kinds, d.Kind) && !d.At.After(now) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b hiring.Due) int { return 2*a.At.Compare(b.At) + strings.Compare(a.Key, b.Key) })
	return out[:min(limit, len(out))], nil
}

func (w *world) SettleDue(_ context.Context, d hiring.Due, b outbox.Batch) error {
	delete(w.due, d.Key)
	w.done[d.Key] = true
	w.apply(b)
	return nil
}

func (w *world) EnsureDue(_ context.Context, due []hiring.Due) error {
	for _, d := range due {
		if !d.At.After(w.now) {
			w.t.Errorf("%s is added for the past", d.Key)
		}
		if w.done[d.Key] {
			w.t.Errorf("%s is added again", d.Key)
		}
		if _, ok := w.due[d.Key]; !ok {
			w.due[d.Key] = d
		}
	}
	return nil
}

func (w *world) OpenDeadlines(_ context.Context, _ string, after time.Time) ([]time.Time, error) {
	var out []time.Time
	for _, k := range w.cases {
		if k.Interview.State == hiring.Booked && !k.Told() && k.Interview.Deadline.After(after) {
			out = append(out, k.Interview.Deadline)
		}
	}
	return out, nil
}

func (w *world) apply(b outbox.Batch) {
	for _, d := range b.Due {
		w.due[d.Key] = d
	}
	for _, m := range b.Messages {
		if !strings.HasPrefix(m.Key, m.Kind+":") || m.Person == "" && m.Role == "" {
			w.t.Errorf("malformed message %+v", m)
		}
		if !slices.ContainsFunc(w.posts, func(o outbox.Message) bool { return o.Key == m.Key }) {
			w.posts = append(w.posts, m)
		}
	}
	for _, e := range b.Effects {
		if !slices.Contains(w.mails, e.Key) {
			w.mails = append(w.mails, e.Key)
		}
	}
	for _, e := range b.Log {
		w.log = append(w.log, e.Actor+" "+e.Action)
	}
}

// tick moves the clock and returns which messages became owed.
func (w *world) tick(clock string) string {
	w.t.Helper()
	w.now = w.at(clock)
	before := len(w.posts)
	for {
		n, err := w.Tick(w.t.Context(), w.now)
		if err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	return keys(w.posts[before:])
}

func keys(posts []outbox.Message) string {
	var out []string
	for _, m := range posts {
		out = append(out, m.Key)
	}
	return strings.Join(out, " ")
}

// decide records Dana's decision on Ana.
func (w *world) decide(o hiring.Outcome) *hiring.Notice {
	w.t.Helper()
	v := Verdict{InterviewID: "ana", Outcome: o, Reason: "Clear.", By: dana, HoldUntil: w.at("2026-12-02 12:00")} // a date only matters to a hold
	if w.ana().Decision != nil {
		v.Replaces = w.ana().Decision.ID
	}
	if _, _, err := w.Decide(w.t.Context(), v); err != nil {
		w.t.Fatal(err)
	}
	return w.ana().Notice
}

func refused(t *testing.T, err error, field, words string) {
	t.Helper()
	var user *hiring.UserError
	if !errors.As(err, &user) || user.Field != field || !strings.Contains(user.Text, words) {
		t.Errorf("got %v, want a sentence about %q with %q", err, field, words)
	}
}

func already(t *testing.T, err error, what, by string) {
	t.Helper()
	var done *hiring.AlreadyDone
	if !errors.As(err, &done) || done.What != what || done.By != by {
		t.Errorf("got %+v, want “already %s” by %s", err, what, by)
	}
}

func (w *world) CaseOfNotice(ctx context.Context, notice string) (*hiring.Case, error) {
	return w.caseOf(ctx, notice)
}
