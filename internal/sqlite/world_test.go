package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"convene/internal/candidate"
	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
	"convene/internal/scorecard"
	"convene/internal/setup"
	"convene/internal/sqlite"
	"convene/internal/sqlite/sqlitetest"
)

var (
	_ candidate.Store = (*sqlite.DB)(nil)
	_ schedule.Store  = (*sqlite.DB)(nil)
	_ scorecard.Store = (*sqlite.DB)(nil)
	_ decision.Store  = (*sqlite.DB)(nil)
	_ setup.Store     = (*sqlite.DB)(nil)
	_ outbox.Store    = (*sqlite.DB)(nil)
)

// noon is when the tests take place: a Wednesday.
var noon = time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)

// A world is a database with the role "coord", whose team is Cora
// (coordinator), Dee (decider) and Pia and Quin (panelists).
type world struct {
	testing.TB
	*sqlite.DB
	path string

	mu  sync.Mutex
	now time.Time
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{TB: tb, path: filepath.Join(tb.TempDir(), "convene.db"), now: noon}
	w.check(sqlitetest.Put(w.path))
	w.reopen()
	tb.Cleanup(func() { w.check(w.DB.Close()) })
	w.check(w.PutRoles(w.ctx(), []*hiring.Role{testRole("coord", "rev1")}))
	w.check(w.saveSetup(testSetup(), outbox.Batch{}))
	return w
}

// saveSetup makes s the setup of its role.
func (w *world) saveSetup(s hiring.Setup, b outbox.Batch) error {
	return w.ChangeSetup(w.ctx(), s.RoleKey, func(_ *hiring.Role, to *hiring.Setup) (outbox.Batch, error) {
		*to = s
		return b, nil
	})
}

// reopen closes the database, if it is open, and opens it again.
func (w *world) reopen() {
	w.Helper()
	if w.DB != nil {
		w.check(w.DB.Close())
	}
	db, err := sqlite.Open(context.Background(), w.path, sqlite.Options{Now: w.clock})
	w.check(err)
	w.DB = db
}

func (w *world) ctx() context.Context { return context.Background() }

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) check(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// candidate adds a candidate of the role.
func (w *world) candidate(id string) *hiring.Candidate {
	w.Helper()
	c := &hiring.Candidate{
		ID: id, RoleKey: "coord", Name: "Ana " + id, Email: id + "@example.com", Phone: "+1 608 555 0100", Zone: "America/Chicago",
		EarliestHour: 8 * time.Hour, LatestHour: 18*time.Hour + 30*time.Minute,
		Links: []hiring.Link{{Name: "Résumé", URL: "https://example.com/" + id}}, Answers: map[string]string{"why": "because"},
		Arrangements: "captions", Stage: "round1", State: hiring.Active, AddedBy: "Cora", AddedAt: w.clock(),
	}
	w.check(w.AddCandidate(w.ctx(), c, outbox.Batch{}))
	return c
}

// interview books an interview of the candidate through a search.
func (w *world) interview(id, candidate string, start time.Time, panel ...hiring.Panelist) *hiring.Interview {
	w.Helper()
	iv := testInterview(id, candidate, start, panel...)
	w.check(w.book(iv))
	return iv
}

func (w *world) book(iv *hiring.Interview) error {
	s := &schedule.Search{ID: "search-" + iv.ID, CandidateID: iv.CandidateID, RoleKey: "coord", Stage: iv.Stage}
	w.check(w.SaveSearch(w.ctx(), s))
	return w.BookSearch(w.ctx(), s.ID, iv, outbox.Batch{})
}

func testInterview(id, candidate string, start time.Time, panel ...hiring.Panelist) *hiring.Interview {
	if len(panel) == 0 {
		panel = []hiring.Panelist{{Person: "Pia", Part: hiring.Required}, {Person: "Quin", Part: hiring.Optional}}
	}
	return &hiring.Interview{
		ID: id, CandidateID: candidate, RoleKey: "coord", RoleRevision: "rev1", Stage: "round1", State: hiring.Booked,
		Start: start, End: start.Add(45 * time.Minute), Revision: 1, Generation: 1, EventID: "event" + id, Panel: panel,
		Deadline: start.Add(5 * 24 * time.Hour), BookedBy: "Cora", BookedAt: noon,
	}
}

func testRole(key, revision string) *hiring.Role {
	return &hiring.Role{
		Key: key, Revision: revision, Title: "Coordinator", Company: "Asymmetric",
		Zone: hiring.Value[string]{V: "America/Chicago"}, NagAfter: hiring.Value[time.Duration]{V: 3 * time.Hour, Chosen: true},
		Hours:   hiring.Value[hiring.Hours]{V: hiring.Hours{Days: []time.Weekday{1, 2, 3, 4, 5}, Start: 9 * time.Hour, End: 17 * time.Hour}},
		Notices: map[hiring.Outcome]hiring.NoticeText{hiring.Advance: {Subject: "Next", Body: "Hello {first_name}"}},
		Stages: []hiring.Stage{
			{ID: "round1", Name: "Round 1", Kind: hiring.StageInterview, Duration: hiring.Value[time.Duration]{V: 45 * time.Minute}},
			{ID: "panel", Name: "Panel", Kind: hiring.StageInterview, Panel: true},
		},
	}
}

func testSetup() hiring.Setup {
	return hiring.Setup{
		RoleKey: "coord", People: map[string][]string{"strategist": {"Pia"}}, Coordinators: []string{"Cora"}, Deciders: []string{"Dee"},
		Channel: "C1", Confirmed: "rev1", SavedBy: "Cora", SavedAt: noon,
	}
}

// submit hands in the person's scorecard.
func (w *world) submit(interview, person string, level hiring.Level) {
	w.Helper()
	w.check(w.ChangeScorecard(w.ctx(), interview, person, func(_ *hiring.Case, s *hiring.Scorecard) (outbox.Batch, error) {
		s.Answers = answers(level)
		s.SavedAt, s.SubmittedAt = w.clock(), w.clock()
		s.Version++
		return outbox.Batch{}, nil
	}))
}

func answers(level hiring.Level) hiring.Answers {
	return hiring.Answers{
		Ratings:        map[string]hiring.Rating{"care": {Level: level, Rated: true, Evidence: "said so", RedFlags: []string{"late"}}},
		Gates:          map[string]hiring.GateEntry{"visits": {Answer: hiring.GateYes}},
		Recommendation: hiring.Yes,
	}
}

// raw opens the file beside the store, as a person with a SQLite shell would.
func (w *world) raw() *sql.DB {
	w.Helper()
	h, err := sql.Open("sqlite", w.path)
	w.check(err)
	w.Cleanup(func() { h.Close() })
	return h
}

func (w *world) message(key string) *outbox.Message {
	w.Helper()
	m, err := w.Message(w.ctx(), key)
	w.check(err)
	return m
}

// effects returns the state of every effect, by key.
func (w *world) effects() map[string]string {
	w.Helper()
	rows, err := w.raw().Query("SELECT key, state FROM outbox")
	w.check(err)
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var key, state string
		w.check(rows.Scan(&key, &state))
		out[key] = state
	}
	w.check(rows.Err())
	return out
}

func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func isErr(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("error %v, want %v", got, want)
	}
}

func keys[T any](list []T, key func(T) string) string {
	s := ""
	for _, v := range list {
		s += key(v) + " "
	}
	return s
}

func caseIDs(list []*hiring.Case) string {
	return keys(list, func(k *hiring.Case) string { return k.Interview.ID })
}

func dm(key, person string) outbox.Message {
	return outbox.Message{Key: key, Kind: "test", About: "about-" + key, Person: person}
}

func ids(prefix string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%s%03d", prefix, i)
	}
	return out
}
