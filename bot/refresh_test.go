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
	"convene/internal/scorecard"
)

// asked answers every call of Slack with "ok" and keeps what was sent.
func asked(t *testing.T, m *Messenger) (sent *[]string) {
	sent = new([]string)
	api := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		*sent = append(*sent, strings.TrimPrefix(r.URL.Path, "/")+" in "+r.FormValue("channel")+": "+r.FormValue("text"))
		fmt.Fprint(rw, `{"ok":true,"channel":"D1","ts":"1.1"}`)
	}))
	t.Cleanup(api.Close)
	m.Slack = NewClient("xoxb-test", "xapp-test", api.URL+"/")
	return sent
}

// A DM goes on telling of a candidate only to those who have a part in it.
func TestWhoHasLeftReadsNoMore(t *testing.T) {
	for person, reads := range map[string]bool{carla: true, karly: true, nia: false} {
		k := testCase(t)
		m, store, _ := newMessenger(t, newWorld(t, "Wed 09:00", k), nil)
		sent := asked(t, m)
		store.stale = []outbox.StaleMessage{{Message: outbox.Message{
			Key: "google:iv_ana:moved:1", Kind: "google", About: "iv_ana", Person: person, Channel: "D1", TS: "1.1", Posted: at(t, "Wed 08:00"), Want: 2, Hash: "old",
		}}}
		if _, err := m.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(*sent, "\n")
		if strings.Contains(got, k.Candidate.Name) != reads || strings.Contains(got, "no longer have a part") == reads {
			t.Errorf("%s reads %q", person, got)
		}
	}
}

// Somebody's request names who asks beside the interview; whoever is on its
// panel still reads it, on the role's team or not.
func TestPanelistReadsTheirNudge(t *testing.T) {
	k := testCase(t)
	k.Interview.Panel = append(k.Interview.Panel, hiring.Panelist{Person: nia, Part: hiring.Required})
	m, store, _ := newMessenger(t, newWorld(t, "Fri 09:00", k), nil)
	sent := asked(t, m)
	store.stale = []outbox.StaleMessage{{Message: outbox.Message{
		Key: "nudge:" + nia + ":2026-11-20", Kind: "nudge", About: scorecard.NudgeAbout("iv_ana", carla), Person: nia, Channel: "D1", TS: "1.1", Posted: at(t, "Fri 08:00"), Want: 2, Hash: "old",
	}}}
	if _, err := m.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(*sent, "\n"); !strings.Contains(got, k.Candidate.Name) {
		t.Errorf("reads %q", got)
	}
}

// A post whose answer was lost is looked for where it was sent, also when the
// role has moved to another channel since.
func TestLookWhereItWasPosted(t *testing.T) {
	k := testCase(t)
	m, store, _ := newMessenger(t, newWorld(t, "Wed 09:00", k), nil)
	sent := asked(t, m)
	store.messages["channel-booked:iv_ana:1"] = &outbox.Message{Key: "channel-booked:iv_ana:1", Kind: "channel-booked", About: "iv_ana", Role: k.Role.Key, Channel: "COLD"}
	if _, _, err := m.Look(context.Background(), outbox.Effect{About: "channel-booked:iv_ana:1"}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(*sent, "\n"); !strings.Contains(got, "conversations.history in COLD") {
		t.Errorf("looked in %q", got)
	}
}
