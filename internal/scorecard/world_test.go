package scorecard

import (
	"context"
	"encoding/json"
	"errors"
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
	karly = "karly" // required panelist
	seb   = "seb"   // required panelist, in Auckland
	mark  = "mark"  // shadow
	wanda = "wanda" // the workspace's coordinator
)

// world is the service with a store in memory. Its case is Ana's: interviewed
// on Wednesday, 18 November 2026, 14:00 to 14:45 in Chicago.
type world struct {
	*Service
	t     *testing.T
	now   time.Time
	cases map[string]*hiring.Case
	who   map[string]hiring.Person
	due   map[string]hiring.Due
	posts map[string]time.Time // by message key: when it became owed
	gone  []string
	touch []string
	hist  map[string][]*hiring.Scorecard // submitted versions, by interview and panelist
	about map[string]string              // by message key, of nudges

	snoozes map[string]hiring.Snooze
	busy    map[string]hiring.Calendar // by e-mail address
	google  error                      // of Busy
	asked   int                        // how often Google was
	poor    error                      // of People
	full    error                      // of ChangeScorecard
	old     *hiring.Role
}

func newWorld(t *testing.T) *world {
	chicago := zone(t, "America/Chicago")
	w := &world{
		t: t, now: at(t, chicago, "2026-11-18 14:45"), cases: map[string]*hiring.Case{}, who: map[string]hiring.Person{}, due: map[string]hiring.Due{},
		posts: map[string]time.Time{}, hist: map[string][]*hiring.Scorecard{},
		about: map[string]string{}, snoozes: map[string]hiring.Snooze{}, busy: map[string]hiring.Calendar{},
	}
	for _, id := range []string{carla, dana, karly, seb, mark, wanda} {
		w.who[id] = hiring.Person{ID: id, Name: id, Email: id, Zone: "America/Chicago"}
	}
	w.who[seb] = hiring.Person{ID: seb, Name: seb, Email: seb, Zone: "Pacific/Auckland"}
	role := &hiring.Role{
		Key: "coord", Revision: "r2", Zone: hiring.Value[string]{V: "America/Chicago"}, Hours: hiring.Value[hiring.Hours]{V: nineFive},
		NagAfter: hiring.Value[time.Duration]{V: 4 * time.Hour}, Escalate: hiring.Value[int]{V: 2},
		Competencies: []hiring.Competency{{ID: "new", Name: "New"}},
		Stages:       []hiring.Stage{{ID: "round1", Kind: hiring.StageInterview}},
		Setup:        hiring.Setup{Coordinators: []string{carla, karly}, Deciders: []string{dana}},
	}
	pinned := *role
	pinned.Revision, pinned.Competencies = "r1", []hiring.Competency{{ID: "triage", Name: "Triage"}}
	w.old = &pinned
	w.cases["ana"] = &hiring.Case{
		Role: role, Rubric: w.old, Candidate: &hiring.Candidate{ID: "cand", State: hiring.Active},
		Interview: &hiring.Interview{
			ID: "ana", RoleKey: "coord", RoleRevision: "r1", Stage: "round1", State: hiring.Booked, Generation: 1,
			Start: w.at("2026-11-18 14:00"), End: w.at("2026-11-18 14:45"), Deadline: w.at("2026-11-23 17:00"),
			Panel: []hiring.Panelist{{Person: karly, Part: hiring.Required}, {Person: seb, Part: hiring.Required}, {Person: mark, Part: hiring.Shadow}},
		},
	}
	w.Service = &Service{
		Store: w, People: w, Calendar: w, Now: func() time.Time { return w.now },
		Workspace: func(context.Context) ([]string, error) { return []string{wanda}, nil },
		Holidays: func(hiring.Holidays) func(time.Time) bool {
			return func(d time.Time) bool { return d.Format(time.DateOnly) == "2026-11-26" }
		},
	}
	return w
}

func (w *world) at(text string) time.Time { return at(w.t, zone(w.t, "America/Chicago"), text) }

// also adds another candidate's case, which ended at the wall clock.
func (w *world) also(id, end string) {
	k, iv := *w.cases["ana"], *w.cases["ana"].Interview
	iv.ID, iv.End, iv.Start = id, w.at(end), w.at(end).Add(-45*time.Minute)
	k.Interview, k.Cards = &iv, nil
	w.cases[id] = &k
}

func (w *world) Person(_ context.Context, id string) (hiring.Person, error) {
	return w.who[id], w.poor
}

func (w *world) Case(_ context.Context, id string) (*hiring.Case, error) {
	if k, ok := w.cases[id]; ok {
		return k, nil
	}
	return nil, hiring.ErrNotFound
}

func (w *world) CasesOf(_ context.Context, candidate string) ([]*hiring.Case, error) {
	var out []*hiring.Case
	for _, k := range w.cases {
		if k.Candidate.ID == candidate {
			out = append(out, k)
		}
	}
	return out, nil
}

func (w *world) Role(context.Context, string) (*hiring.Role, error) { return w.cases["ana"].Role, nil }

func (w *world) RoleRevision(_ context.Context, _, revision string) (*hiring.Role, error) {
	if revision != w.old.Revision {
		return nil, hiring.ErrNotFound
	}
	return w.old, nil
}

func (w *world) ChangeScorecard(_ context.Context, interview, person string, change func(*hiring.Case, *hiring.Scorecard) (outbox.Batch, error)) error {
	k := w.cases[interview]
	card := hiring.Scorecard{InterviewID: interview, Panelist: person}
	if old := k.Card(person); old != nil { // a copy, as one that is read from a file
		raw, err := json.Marshal(old)
		if err := errors.Join(err, json.Unmarshal(raw, &card)); err != nil {
			return err
		}
	}
	version := card.Version
	b, err := change(k, &card)
	if err = errors.Join(err, w.full); err != nil {
		return err
	}
	if card.Version > version {
		kept := card
		w.hist[interview+person] = append(w.hist[interview+person], &kept)
	}
	k.Cards = append(slices.DeleteFunc(k.Cards, func(s *hiring.Scorecard) bool { return s.Panelist == person }), &card)
	w.apply(b)
	return nil
}

func (w *world) ChangeDraft(ctx context.Context, interview, person string, change func(*hiring.Interview, *hiring.Scorecard) error) error {
	return w.ChangeScorecard(ctx, interview, person, func(k *hiring.Case, card *hiring.Scorecard) (outbox.Batch, error) {
		return outbox.Batch{}, change(k.Interview, card)
	})
}

func (w *world) ScorecardVersions(_ context.Context, interview, person string) ([]*hiring.Scorecard, error) {
	return w.hist[interview+person], nil
}

func (w *world) Reveal(_ context.Context, interview, by string, _ time.Time, b outbox.Batch) error {
	w.cases[interview].Revealed = by
	w.apply(b)
	return nil
}

func (w *world) Owed(_ context.Context, person string, now time.Time) ([]*hiring.Case, error) {
	var out []*hiring.Case
	for _, k := range w.cases {
		if card := k.Card(person); k.Open(now) && k.Interview.Owes(person) && (card == nil || !card.Submitted()) {
			out = append(out, k)
		}
	}
	slices.SortFunc(out, func(a, b *hiring.Case) int { return a.Interview.End.Compare(b.Interview.End) })
	return out, nil
}

func (w *world) CasesFor(context.Context, string, int) ([]*hiring.Case, error) { return nil, nil }

func (w *world) Due(_ context.Context, kinds []string, now time.Time, limit int) ([]hiring.Due, error) {
	var out []hiring.Due
	for _, d := range w.due {
		if slices.Contains(kinds, d.Kind) && !d.At.After(now) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b hiring.Due) int { return a.At.Compare(b.At)*2 + strings.Compare(a.Key, b.Key) })
	return out[:min(limit, len(out))], nil
}

func (w *world) SettleDue(_ context.Context, d hiring.Due, b outbox.Batch) error {
	if w.due[d.Key].At.Equal(d.At) {
		delete(w.due, d.Key)
		w.apply(b)
	}
	return nil
}

func (w *world) EndNags(ctx context.Context, d hiring.Due, now time.Time) error {
	if owed, _ := w.Owed(ctx, d.About, now); len(owed) > 0 {
		return nil
	}
	return w.SettleDue(ctx, d, outbox.Batch{})
}

func (w *world) FirstNag(_ context.Context, person string, since time.Time) (first time.Time, _ error) {
	for key, when := range w.posts {
		if strings.HasPrefix(key, "nag:"+person+":") && !when.Before(since) && (first.IsZero() || when.Before(first)) {
			first = when
		}
	}
	return first, nil
}

func (w *world) Snooze(_ context.Context, person string) (hiring.Snooze, error) {
	return w.snoozes[person], nil
}

func (w *world) SetSnooze(_ context.Context, person string, s hiring.Snooze, b outbox.Batch) error {
	w.snoozes[person] = s
	w.apply(b)
	return nil
}

func (w *world) OweFirst(_ context.Context, m outbox.Message, b outbox.Batch) (string, time.Time, error) {
	if when, ok := w.posts[m.Key]; ok {
		return w.about[m.Key], when, nil
	}
	w.about[m.Key] = m.About
	b.Messages = append(b.Messages, m)
	w.apply(b)
	return "", time.Time{}, nil
}

// Busy answers like Google: only for the time that was asked for.
func (w *world) Busy(_ context.Context, emails []string, from, to time.Time) (map[string]hiring.Calendar, error) {
	w.asked++
	if w.google != nil {
		return nil, w.google
	}
	out := map[string]hiring.Calendar{}
	for _, email := range emails {
		cal := w.busy[email]
		cal.Busy = slices.DeleteFunc(slices.Clone(cal.Busy), func(i hiring.Interval) bool { return !i.Overlaps(hiring.Interval{Start: from, End: to}) })
		out[email] = cal
	}
	return out, nil
}

func (w *world) apply(b outbox.Batch) {
	for _, key := range b.NotDue {
		delete(w.due, key)
	}
	for _, d := range b.Due {
		if d.Kind == hiring.DueDebrief {
			continue // scheduling's
		}
		if old, ok := w.due[d.Key]; !ok || d.At.Before(old.At) {
			w.due[d.Key] = d
		}
	}
	for _, m := range b.Messages {
		if _, ok := w.posts[m.Key]; !ok {
			w.posts[m.Key] = w.now
		}
	}
	w.gone = append(w.gone, b.Delete...)
	w.touch = append(w.touch, b.Touch...)
}

// tick moves the clock to the wall clock in Chicago and returns which messages
// became owed then.
func (w *world) tick(clock string) string {
	w.t.Helper()
	if clock != "" {
		w.now = w.at(clock)
	}
	before := map[string]bool{}
	for key := range w.posts {
		before[key] = true
	}
	for {
		n, err := w.Tick(w.t.Context(), w.now)
		if err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	var out []string
	for key := range w.posts {
		if !before[key] {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// nagAt returns when the person's reminder is due, in their own zone.
func (w *world) nagAt(person string) string {
	d, ok := w.due["nag:"+person]
	if !ok {
		return "never"
	}
	return d.At.In(w.who[person].TimeZone(time.UTC)).Format("Mon 15:04")
}

func (w *world) interviewDue(id string) {
	for _, d := range hiring.InterviewDue(hiring.Stage{KitLead: hiring.Value[time.Duration]{V: time.Hour}}, w.cases[id].Interview, w.cases[id].Interview.Start.Add(-24*time.Hour)) {
		if d.Kind == hiring.DueAsk || d.Kind == hiring.DueKit {
			w.due[d.Key] = d
		}
	}
}

func good(note string) hiring.Answers {
	return hiring.Answers{Ratings: map[string]hiring.Rating{"triage": {Level: hiring.Strong, Rated: true}}, Recommendation: hiring.Yes, Note: note}
}
