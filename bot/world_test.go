package bot

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/report"
	"convene/internal/sandbox/fakeslack/blockkit"
	"convene/internal/schedule"
	"convene/internal/scorecard"
	"convene/internal/setup"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The people of the tests. Nia is not on the role's team.
const (
	carla = "UCARLA" // coordinator
	dana  = "UDANA"  // decider
	karly = "UKARLY" // panelists
	seb   = "USEB"
	mark  = "UMARK"
	nia   = "UNIA"
)

// at reads a time of the tests' week, in Chicago: "Wed 14:00" is that of 18
// November 2026, and Monday is the 23rd.
func at(t testing.TB, s string) time.Time {
	t.Helper()
	day, clock, _ := strings.Cut(s, " ")
	date := map[string]string{"Wed": "2026-11-18", "Thu": "2026-11-19", "Fri": "2026-11-20", "Mon": "2026-11-23", "Tue": "2026-11-24"}[day]
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	out, err := time.ParseInLocation("2006-01-02 15:04", date+" "+clock, zone)
	if err != nil {
		t.Fatal(err)
	}
	return out.UTC()
}

// A world is the bot over a store in memory and a Slack that accepts views and
// checks them.
type world struct {
	debrief *hiring.Debrief
	t       testing.TB
	bot     *Bot
	now     time.Time
	people  map[string]hiring.Person
	cases   []*hiring.Case
	views   []shownView
	acks    []any
	posted  []string                       // keys of messages that stand in Slack
	hist    map[string][]*hiring.Scorecard // submitted versions, by interview and panelist

	decided    []*hiring.Decision // that were replaced
	notice     *hiring.Notice     // of one that was replaced
	troubles   []outbox.Effect
	refusePush string // Slack's error for a modal on top of another; empty: none
	snoozes    map[string]hiring.Snooze
	nudges     map[string]string // about, by key
	repairs    []*schedule.Repair
}

// A shownView is a modal that was opened, pushed or updated.
type shownView struct {
	Method string
	Raw    []byte
}

func newWorld(t testing.TB, now string, cases ...*hiring.Case) *world {
	w := &world{t: t, now: at(t, now), cases: cases, people: map[string]hiring.Person{}, hist: map[string][]*hiring.Scorecard{}, snoozes: map[string]hiring.Snooze{}, nudges: map[string]string{}}
	for id, name := range map[string]string{carla: "Carla", dana: "Dana", karly: "Karly", seb: "Sebastian", mark: "Mark", nia: "Nia"} {
		w.people[id] = hiring.Person{ID: id, Name: name, Email: strings.ToLower(name) + "@example.com", Zone: "America/New_York"}
	}
	slackAPI := httptest.NewServer(http.HandlerFunc(w.serveSlack))
	t.Cleanup(slackAPI.Close)
	people := func(context.Context) ([]string, error) { return []string{carla}, nil }
	store := botStore{w, unusedBotStore{}}
	clock := func() time.Time { return w.now }
	w.bot = New(Options{
		Slack: NewClient("xoxb-test", "xapp-test", slackAPI.URL+"/"), Store: store, Directory: &Directory{Store: store}, Now: clock,
		Scorecards: &scorecard.Service{
			Store: scoreStore{w, unusedScoreStore{}}, People: w, Workspace: people, Now: clock,
			Holidays: func(hiring.Holidays) func(time.Time) bool { return nil },
		},
		Decisions: &decision.Service{
			Store: decisionStore{w, unusedDecisionStore{}}, People: w, Workspace: people, Mode: decision.MailAsk, Now: clock,
			Holidays:  func(hiring.Holidays) func(time.Time) bool { return nil },
			Schedules: decision.Schedules{NextPreview: hourly(9), NextSummary: hourly(16)},
			NewID:     func(prefix string) string { return prefix + "_new" },
		},
		Reports: &report.Service{Store: reportStore{w, unusedReportStore{}}, Now: clock},
		Setup:   &setup.Service{Store: setUpStore{w}, People: w, Calendar: w, Workspace: people, Countries: []string{"CA", "US"}, Placeholders: []string{"first_name", "new_date"}, Now: clock},
		Changed: func() {}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	return w
}

// hourly is a schedule of every day at an hour.
func hourly(hour int) func(time.Time, *time.Location) time.Time {
	return func(after time.Time, zone *time.Location) time.Time {
		return hiring.AtClock(after.In(zone).AddDate(0, 0, 1), time.Duration(hour)*time.Hour)
	}
}

// The stores answer what the tests need; whatever else is called panics.
type (
	unusedBotStore      struct{ Store }
	unusedScoreStore    struct{ scorecard.Store }
	unusedDecisionStore struct{ decision.Store }
	unusedReportStore   struct{ report.Store }
	reportStore         struct {
		*world
		unusedReportStore
	}
	botStore struct {
		*world
		unusedBotStore
	}
	scoreStore struct {
		*world
		unusedScoreStore
	}
	decisionStore struct {
		*world
		unusedDecisionStore
	}
)

func (w *world) Person(_ context.Context, id string) (hiring.Person, error) {
	p, ok := w.people[id]
	if !ok {
		return p, hiring.ErrNotFound
	}
	return p, nil
}

func (w *world) Role(_ context.Context, key string) (*hiring.Role, error) {
	for _, k := range w.cases {
		if k.Role.Key == key {
			return k.Role, nil
		}
	}
	return nil, hiring.ErrNotFound
}

func (w *world) Roles(ctx context.Context) ([]*hiring.Role, error) {
	r, err := w.Role(ctx, w.cases[0].Role.Key)
	return []*hiring.Role{r}, err
}

func (w *world) RoleRevision(ctx context.Context, key, _ string) (*hiring.Role, error) {
	return w.Role(ctx, key)
}

func (w *world) Case(_ context.Context, interview string) (*hiring.Case, error) {
	for _, k := range w.cases {
		if k.Interview.ID == interview {
			return k, nil
		}
	}
	return nil, hiring.ErrNotFound
}

func (w *world) CaseOfNotice(_ context.Context, notice string) (*hiring.Case, error) {
	for _, k := range w.cases {
		if k.Notice != nil && k.Notice.ID == notice {
			return k, nil
		}
	}
	if w.notice != nil && w.notice.ID == notice {
		return w.cases[0], nil
	}
	return nil, hiring.ErrNotFound
}

func (w *world) Interview(ctx context.Context, id string) (*hiring.Interview, error) {
	k, err := w.Case(ctx, id)
	if err != nil {
		return nil, err
	}
	return k.Interview, nil
}

func (w *world) People(context.Context) ([]hiring.Person, error) {
	return slices.Collect(maps.Values(w.people)), nil
}

// ReportPromises says that one was kept, one missed, and one is open.
func (w *world) ReportPromises(context.Context, []string) ([]report.Interview, error) {
	due := at(w.t, "Mon 17:00").AddDate(0, 0, -7)
	one := report.Interview{State: hiring.Booked, End: due.AddDate(0, 0, -3), Deadline: due}
	told, ahead := one, one
	told.ToldAt, ahead.Deadline = due.Add(-time.Hour), w.now.AddDate(0, 0, 7)
	return []report.Interview{told, one, ahead}, nil
}

func (w *world) Troubles(context.Context, int) ([]outbox.Effect, error) { return w.troubles, nil }

func (w *world) Message(_ context.Context, key string) (*outbox.Message, error) {
	if slices.Contains(w.posted, key) {
		return &outbox.Message{Key: key, TS: "1.1"}, nil
	}
	return nil, hiring.ErrNotFound
}

func (w *world) Candidate(_ context.Context, id string) (*hiring.Candidate, error) {
	for _, k := range w.cases {
		if k.Candidate.ID == id {
			return k.Candidate, nil
		}
	}
	return nil, hiring.ErrNotFound
}

func (w *world) Repairs(context.Context, string) ([]*schedule.Repair, error) { return w.repairs, nil }

func (w *world) LiveInterviews(_ context.Context, candidate string) ([]*hiring.Interview, error) {
	var out []*hiring.Interview
	for _, k := range w.cases {
		if k.Interview.CandidateID == candidate && k.Interview.Live() {
			out = append(out, k.Interview)
		}
	}
	return out, nil
}

func (w *world) CasesOf(_ context.Context, candidate string) ([]*hiring.Case, error) {
	return slices.DeleteFunc(slices.Clone(w.cases), func(k *hiring.Case) bool { return k.Candidate.ID != candidate }), nil
}

func (w *world) CasesFor(_ context.Context, person string, _ int) ([]*hiring.Case, error) {
	return slices.DeleteFunc(slices.Clone(w.cases), func(k *hiring.Case) bool {
		card := k.Card(person)
		return k.Interview.Part(person) == "" && (card == nil || card.Version == 0)
	}), nil
}

func (w *world) Owed(_ context.Context, person string, now time.Time) ([]*hiring.Case, error) {
	return slices.DeleteFunc(slices.Clone(w.cases), func(k *hiring.Case) bool {
		card := k.Card(person)
		return !k.Interview.Ended(now) || !k.Interview.Owes(person) || card != nil && card.Submitted()
	}), nil
}

// FirstNag says that they were reminded on Thursday morning, if at all.
func (w *world) FirstNag(_ context.Context, _ string, since time.Time) (time.Time, error) {
	if nag := at(w.t, "Thu 09:00"); nag.Before(w.now) && !nag.Before(since) {
		return nag, nil
	}
	return time.Time{}, nil
}

func (w *world) Snooze(_ context.Context, person string) (hiring.Snooze, error) {
	return w.snoozes[person], nil
}

func (w *world) SetSnooze(_ context.Context, person string, s hiring.Snooze, _ outbox.Batch) error {
	w.snoozes[person] = s
	return nil
}

func (w *world) OweFirst(_ context.Context, m outbox.Message, _ outbox.Batch) (string, time.Time, error) {
	first := w.nudges[m.Key]
	if first == "" {
		w.nudges[m.Key] = m.About
	}
	return first, w.now, nil
}

func (w *world) CasesAhead(_ context.Context, _ string, now time.Time) ([]*hiring.Case, error) {
	return slices.DeleteFunc(slices.Clone(w.cases), func(k *hiring.Case) bool { return k.Interview.Ended(now) }), nil
}

func (w *world) OpenCases(_ context.Context, _ string, now time.Time) ([]*hiring.Case, error) {
	return slices.DeleteFunc(slices.Clone(w.cases), func(k *hiring.Case) bool { return !k.Interview.Ended(now) }), nil
}

func (w *world) ChangeScorecard(ctx context.Context, interview, person string, change func(*hiring.Case, *hiring.Scorecard) (outbox.Batch, error)) error {
	k, err := w.Case(ctx, interview)
	if err != nil {
		return err
	}
	changed := hiring.Scorecard{ID: "card_" + person, InterviewID: interview, Panelist: person}
	if card := k.Card(person); card != nil {
		changed = *card
	}
	if _, err := change(k, &changed); err != nil {
		return err
	}
	if card := k.Card(person); card != nil && changed.Version > card.Version || card == nil && changed.Version > 0 {
		kept := changed
		w.hist[interview+person] = append(w.hist[interview+person], &kept)
	}
	k.Cards = append(slices.DeleteFunc(k.Cards, func(s *hiring.Scorecard) bool { return s.Panelist == person }), &changed)
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

func (w *world) Reveal(ctx context.Context, interview, by string, _ time.Time, _ outbox.Batch) error {
	k, err := w.Case(ctx, interview)
	if err == nil {
		k.Revealed = by
	}
	return err
}

func (w *world) DecisionsOf(ctx context.Context, interview string) ([]*hiring.Decision, error) {
	k, err := w.Case(ctx, interview)
	if err != nil {
		return nil, err
	}
	return append(slices.Clone(w.decided), k.Decision), nil
}

func (w *world) Notice(_ context.Context, id string) (*hiring.Notice, error) {
	for _, k := range w.cases {
		if k.Notice != nil && k.Notice.ID == id {
			return k.Notice, nil
		}
	}
	return w.notice, nil
}

func (w *world) ChangeCase(ctx context.Context, interview string, change func(*hiring.Case) (decision.Change, error)) error {
	k, err := w.Case(ctx, interview)
	if err != nil {
		return err
	}
	ch, err := change(k)
	if err != nil {
		return err
	}
	if ch.Decision != nil {
		k.Decision = ch.Decision
	}
	if ch.Notice != nil {
		k.Notice = ch.Notice
	}
	if !ch.ToldAt.IsZero() {
		k.ToldAt = ch.ToldAt
	}
	return nil
}

// serveSlack plays Slack's views.* and holds every view to Block Kit's rules.
func (w *world) serveSlack(rw http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Error(err)
	}
	var call struct{ View json.RawMessage }
	if err := json.Unmarshal(raw, &call); err != nil {
		w.t.Errorf("%s: %v", r.URL.Path, err)
	}
	checkView(w.t, call.View)
	if w.refusePush != "" && strings.HasSuffix(r.URL.Path, "views.push") {
		if _, err := io.WriteString(rw, `{"ok":false,"error":"`+w.refusePush+`"}`); err != nil {
			w.t.Error(err)
		}
		return
	}
	w.views = append(w.views, shownView{strings.TrimPrefix(r.URL.Path, "/"), call.View})
	if _, err := io.WriteString(rw, `{"ok":true,"view":{"id":"V1","type":"modal"}}`); err != nil {
		w.t.Error(err)
	}
}

func (w *world) reply() *reply {
	return &reply{bot: w.bot, trigger: "trigger", send: func(p any) { w.acks = append(w.acks, p) }}
}

// click presses a button of a message.
func (w *world) click(person, value string) *click {
	return &click{reply: w.reply(), Person: w.people[person], Value: value, Action: &slack.BlockAction{}, At: w.now}
}

// submit fills in a modal and submits it.
func (w *world) submit(person string, view slack.ModalViewRequest, state map[string]input) *submission {
	return &submission{
		reply: w.reply(), Person: w.people[person], Meta: readMeta(view.PrivateMetadata), State: state,
		View: &slack.View{ID: "V1", CallbackID: view.CallbackID, Blocks: view.Blocks, PrivateMetadata: view.PrivateMetadata},
	}
}

// render makes a message by its kind's renderer. posted is when it was posted;
// "" when it wasn't yet.
func (w *world) render(kind, about, person, posted string) *content {
	w.t.Helper()
	key := kind + ":" + about + ":" + person
	switch kind {
	case "panelist", "kit":
		key = kind + ":" + about + ":1:" + person
	case "escalation":
		key = kind + ":" + about + ":" + karly + ":3:" + person
	}
	return w.renderKey(key, about, person, posted)
}

// renderKey does the same for a message whose key says more.
func (w *world) renderKey(key, about, person, posted string) *content {
	w.t.Helper()
	kind, _, _ := strings.Cut(key, ":")
	m := outbox.Message{Key: key, Kind: kind, About: about, Person: person}
	if posted != "" {
		m.TS, m.Posted = "1.1", at(w.t, posted)
	}
	c, err := w.bot.routes.renderers[kind](w.t.Context(), m)
	if err != nil {
		w.t.Fatalf("render %s: %v", m.Key, err)
	}
	return c
}

// checkMessage holds a message to Slack's rules and to ours.
func checkMessage(t testing.TB, c *content) []byte {
	t.Helper()
	if c == nil {
		t.Fatal("there is no message")
	}
	raw, err := json.MarshalIndent(map[string]any{"text": c.Text, "blocks": c.Blocks}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	var msg struct{ Blocks []any }
	if err := json.Unmarshal(raw, &msg); err != nil {
		t.Fatal(err)
	}
	if r := blockkit.Message(msg.Blocks, true); !r.OK() {
		t.Errorf("Slack would refuse the message: %q, too much text: %t", r.Messages(), r.TextTooLong)
	}
	if n := len([]rune(c.Text)); n == 0 || n > 4000 {
		t.Errorf("the message's text has %d characters, want 1 to 4,000", n)
	}
	if strings.ContainsAny(c.Text, "<>") {
		t.Errorf("the message's text holds live markup: %s", c.Text)
	}
	noMarkup(t, msg.Blocks)
	return raw
}

// checkView does the same for a modal.
func checkView(t testing.TB, raw []byte) []byte {
	t.Helper()
	var view map[string]any
	if err := json.Unmarshal(raw, &view); err != nil {
		t.Fatal(err)
	}
	if r := blockkit.View(view, "modal", true); !r.OK() {
		t.Errorf("Slack would refuse the view: %q, too large: %t (%d bytes)", r.Messages(), r.TooLarge, len(raw))
	}
	noMarkup(t, view)
	pretty, err := json.MarshalIndent(view, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return pretty
}

// checkHome does the same for an App Home.
func checkHome(t testing.TB, raw []byte) []byte {
	t.Helper()
	var view map[string]any
	if err := json.Unmarshal(raw, &view); err != nil {
		t.Fatal(err)
	}
	if r := blockkit.View(view, "home", true); !r.OK() {
		t.Errorf("Slack would refuse the App Home: %q, too large: %t (%d bytes)", r.Messages(), r.TooLarge, len(raw))
	}
	noMarkup(t, view)
	pretty, err := json.MarshalIndent(view, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return pretty
}

// noMarkup fails for any text that Slack would read as markup: people's texts
// are in all of ours.
func noMarkup(t testing.TB, node any) {
	t.Helper()
	switch node := node.(type) {
	case map[string]any:
		if node["type"] == "mrkdwn" || node["type"] == "broadcast" {
			t.Errorf("live markup: %v", node)
		}
		for _, v := range node {
			noMarkup(t, v)
		}
	case []any:
		for _, v := range node {
			noMarkup(t, v)
		}
	}
}

// golden compares with testdata/name.json.
func golden(t testing.TB, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".json")
	got = append(got, '\n')
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test ./bot -update writes it", err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs; go test ./bot -update writes it anew, git diff shows how it differs. It is now:\n%s", path, got)
	}
}

func marshalView(t testing.TB, v slack.ModalViewRequest) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return checkView(t, raw)
}
