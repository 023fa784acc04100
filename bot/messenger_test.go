package bot

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// posts is what a Messenger needs of the database, in memory.
type posts struct {
	botStore
	messages map[string]*outbox.Message
	stale    []outbox.StaleMessage
	owed     []string
	shown    map[string][]string // the subjects, by key
}

func (p *posts) Message(_ context.Context, key string) (*outbox.Message, error) {
	if m := p.messages[key]; m != nil {
		return m, nil
	}
	return nil, hiring.ErrNotFound
}

func (p *posts) Stale(context.Context, int) ([]outbox.StaleMessage, error) { return p.stale, nil }

func (p *posts) Shown(_ context.Context, m outbox.Message, subjects []string) error {
	p.shown[m.Key] = subjects
	return nil
}

func (p *posts) Owe(_ context.Context, b outbox.Batch) error {
	for _, m := range b.Messages {
		p.messages[m.Key] = &m
		p.owed = append(p.owed, m.Key+" to "+m.Person)
	}
	return nil
}

func (p *posts) People(context.Context) ([]hiring.Person, error) {
	owner := p.people[mark]
	owner.Admin = true
	return []hiring.Person{owner}, nil
}

// newMessenger returns a Messenger whose Slack answers as the map says, by
// method, with "ok" for the others; calls lists what was asked.
func newMessenger(t *testing.T, w *world, answers map[string]string) (m *Messenger, store *posts, calls *[]string) {
	calls = new([]string)
	api := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		method := strings.TrimPrefix(r.URL.Path, "/")
		*calls = append(*calls, method)
		answer := answers[method]
		if answer == "" {
			answer = `{"ok":true}`
		}
		fmt.Fprint(rw, answer)
	}))
	t.Cleanup(api.Close)
	store = &posts{botStore: botStore{w, unusedBotStore{}}, messages: map[string]*outbox.Message{}, shown: map[string][]string{}}
	w.bot.Slack, w.bot.Store = NewClient("xoxb-test", "xapp-test", api.URL+"/"), store
	w.bot.Directory = &Directory{Slack: w.bot.Slack, Store: store}
	return &Messenger{Bot: w.bot, Secret: []byte("secret")}, store, calls
}

// Nothing more of a candidate is shown in a channel that isn't fit any more,
// neither by a post nor by an edit. A coordinator is told.
func TestChannelIsCheckedBeforeAnEdit(t *testing.T) {
	for _, tt := range []struct {
		why, info, members string
		edits              bool
	}{
		{"fit", `{"ok":true,"channel":{"id":"C1","is_private":true}}`, `{"ok":true,"members":["UCARLA","UDANA","UKARLY"]}`, true},
		{"public", `{"ok":true,"channel":{"id":"C1"}}`, "", false},
		{"a stranger in it", `{"ok":true,"channel":{"id":"C1","is_private":true}}`, `{"ok":true,"members":["UCARLA","UNIA"]}`, false},
		{"the bot was removed", `{"ok":false,"error":"channel_not_found"}`, "", false},
	} {
		k := testCase(t)
		m, store, calls := newMessenger(t, newWorld(t, "Wed 09:00", k), map[string]string{
			"conversations.info": tt.info, "conversations.members": tt.members, "chat.update": `{"ok":true,"channel":"C1","ts":"1.1"}`,
		})
		store.stale = []outbox.StaleMessage{{Message: outbox.Message{
			Key: "channel-booked:iv_ana:1", Kind: "channel-booked", About: "iv_ana", Role: k.Role.Key, Channel: "C1", TS: "1.1", Posted: at(t, "Wed 08:00"), Want: 2, Hash: "old",
		}}}
		if _, err := m.Refresh(t.Context()); err != nil {
			t.Errorf("%s: %v", tt.why, err)
		}
		if edited := strings.Contains(fmt.Sprint(*calls), "chat.update"); edited != tt.edits {
			t.Errorf("%s: edited %t; %v", tt.why, edited, *calls)
		}
		subjects := fmt.Sprint(store.shown["channel-booked:iv_ana:1"])
		if !strings.Contains(subjects, "iv_ana") || !tt.edits && !strings.Contains(subjects, "channel:coordinator") {
			t.Errorf("%s: what brings the message up to date later: %s", tt.why, subjects)
		}
		if told := fmt.Sprint(store.owed); strings.Contains(told, "to UCARLA") == tt.edits {
			t.Errorf("%s: told %s", tt.why, told)
		}
	}
}

// That somebody can't be reached is told to the next person, whatever they were
// to hear, and to the one after when that person can't be reached either.
func TestUndeliveredClimbs(t *testing.T) {
	k := testCase(t)
	decided(k, hiring.Advance, at(t, "Mon 10:00"))
	w := newWorld(t, "Mon 10:00", k)
	for _, tt := range []struct {
		message outbox.Message
		want    string
	}{
		{outbox.Message{Key: "score:iv_ana:UKARLY", Kind: "score", About: "iv_ana", Person: karly}, "undelivered:iv_ana:UKARLY:UCARLA to UCARLA"},
		{outbox.Message{Key: "nudge:UKARLY:2026-11-20", Kind: "nudge", About: "iv_ana|" + carla, Person: karly}, "undelivered:iv_ana:UKARLY:UCARLA to UCARLA"},
		{outbox.Message{Key: "google:iv_ana:moved:2", Kind: "google", About: "iv_ana", Person: carla}, "undelivered:iv_ana:UCARLA:UDANA to UDANA"},
		{outbox.Message{Key: "notice:note_iv_ana", Kind: "notice", About: "note_iv_ana", Person: dana}, "undelivered:note_iv_ana:UDANA:UCARLA to UCARLA"},
		{outbox.Message{Key: "deadline:x", Kind: "deadline", About: "coordinator|2026-11-23T23:00:00Z|warn", Person: dana}, "undelivered:coordinator|2026-11-23T23:00:00Z|warn:UDANA:UCARLA to UCARLA"},
		{outbox.Message{Key: "nag:UKARLY:2026-11-20", Kind: "nag", About: karly, Person: karly}, ""},
		{outbox.Message{Key: "channel-trouble:x", Kind: "channel-trouble", About: "coordinator|abc", Person: carla}, "undelivered:coordinator|abc:UCARLA:UDANA to UDANA"},
		{outbox.Message{Key: "summary:coordinator:2026-11-23", Kind: "summary", About: "summary|coordinator|x", Role: "coordinator"}, "undelivered:summary:coordinator:2026-11-23:UCARLA to UCARLA"},
	} {
		m, store, _ := newMessenger(t, w, nil)
		store.messages[tt.message.Key] = &tt.message
		if err := m.Failed(t.Context(), outbox.Effect{About: tt.message.Key}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(store.owed, ", "); got != tt.want {
			t.Errorf("%s: told %q, want %q", tt.message.Key, got, tt.want)
		}
	}

	m, store, _ := newMessenger(t, w, nil)
	first := outbox.Message{Key: "score:iv_ana:UKARLY", Kind: "score", About: "iv_ana", Person: karly}
	store.messages[first.Key] = &first
	next := first.Key
	for range 4 { // coordinator, decider, the workspace's owner, and then there is nobody
		if err := m.Failed(t.Context(), outbox.Effect{About: next}); err != nil {
			t.Fatal(err)
		}
		next, _, _ = strings.Cut(store.owed[len(store.owed)-1], " ")
	}
	if got, want := fmt.Sprint(store.owed), "[undelivered:iv_ana:UKARLY:UCARLA to UCARLA undelivered:iv_ana:UKARLY:UDANA to UDANA undelivered:iv_ana:UKARLY:UMARK to UMARK]"; got != want {
		t.Errorf("told %s, want %s", got, want)
	}
}
