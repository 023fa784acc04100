package bot

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack/slackevents"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// A thread is Karly's DM with the bot, where the message about Ana's interview
// stands at 1.0.
type thread struct {
	*world
	seen    map[string]bool
	answers []string // what the bot wrote into threads
	broken  error    // of the store
	slow    bool     // Slack doesn't take messages
}

// threadStore adds to the bot's store what replies need.
type threadStore struct {
	botStore
	of *thread
}

func (s threadStore) MessageAt(_ context.Context, channel, ts string) (*outbox.Message, error) {
	switch channel + " " + ts {
	case "D1 1.0":
		return &outbox.Message{Kind: "kit", About: "iv_ana", Person: karly}, nil
	case "D1 2.0":
		return &outbox.Message{Kind: "nag", About: karly, Person: karly}, nil
	}
	return nil, hiring.ErrNotFound
}

func (s threadStore) Seen(_ context.Context, key string) (bool, error) {
	return s.of.seen[key], s.of.broken
}

func (s threadStore) FirstTime(_ context.Context, key string, _ time.Time) (bool, error) {
	first := !s.of.seen[key]
	s.of.seen[key] = true
	return first, nil
}

func newThread(t *testing.T) *thread {
	th := &thread{world: newWorld(t, "Wed 14:20", testCase(t)), seen: map[string]bool{}}
	api := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if th.slow {
			http.Error(rw, "busy", http.StatusServiceUnavailable)
			return
		}
		if err := r.ParseForm(); err != nil || r.Form.Get("thread_ts") == "" {
			t.Errorf("%s outside the thread: %v", r.URL.Path, err)
		}
		var blocks []any
		if err := json.Unmarshal([]byte(r.Form.Get("blocks")), &blocks); err != nil {
			t.Error(err)
		}
		noMarkup(t, blocks)
		th.answers = append(th.answers, r.Form.Get("text"))
		_, _ = io.WriteString(rw, `{"ok":true,"ts":"9.9"}`)
	}))
	t.Cleanup(api.Close)
	th.bot.Slack, th.bot.Store = NewClient("xoxb-test", "xapp-test", api.URL+"/"), threadStore{botStore{th.world, unusedBotStore{}}, th}
	return th
}

// deliver delivers an event, and returns whether it was acknowledged and what
// the bot answered to it.
func (th *thread) deliver(id, event string) (acked bool, answer string) {
	th.t.Helper()
	var in slackevents.MessageEvent
	if err := json.Unmarshal([]byte(event), &in); err != nil {
		th.t.Fatal(err)
	}
	before, r := len(th.answers), th.reply()
	e := slackevents.EventsAPIEvent{Data: &slackevents.EventsAPICallbackEvent{EventID: id}, InnerEvent: slackevents.EventsAPIInnerEvent{Data: &in}}
	if !th.bot.threadMessage(th.t.Context(), e, r) {
		return false, "no reply in a thread"
	}
	return r.acked, strings.Join(th.answers[before:], " | ")
}

func (th *thread) notes() string {
	out := ""
	if card := th.cases[0].Card(karly); card != nil {
		for _, n := range card.Answers.Ratings["triage"].Notes {
			out += n.Text + " | "
		}
	}
	return out
}

const firstReply = `{"type":"message","channel":"D1","channel_type":"im","user":"UKARLY","text":"triage + <@USEB> said a &lt; b &amp;amp; c, see <https://x.example|x.example>","ts":"5.000001","thread_ts":"1.0"}`

// Whatever dies or fails on the way, Slack sends the event again until it is
// acknowledged, the note is filed once, and its author hears of it.
func TestAReplyIsFiledOnce(t *testing.T) {
	th := newThread(t)
	th.broken = errors.New("disk full")
	if acked, answer := th.deliver("Ev1", firstReply); acked || answer != "" || th.notes() != "" {
		t.Fatalf("with a broken store: acknowledged %t, %q", acked, answer)
	}
	th.broken = nil
	// The bot dies after the commit, before it answers.
	if _, err := th.bot.fileReply(t.Context(), threadReply{Channel: "D1", Thread: "1.0", User: karly, ID: "5.000001", Text: "triage + <@USEB> said a &lt; b &amp;amp; c, see <https://x.example|x.example>"}); err != nil {
		t.Fatal(err)
	}
	const want = "+ @Sebastian said a < b &amp; c, see x.example | "
	if acked, answer := th.deliver("Ev1", firstReply); !acked || answer != "Filed under “Communication triage”. To change that, edit or delete your message." || th.notes() != want {
		t.Errorf("sent again: acknowledged %t, %q, filed %q", acked, answer, th.notes())
	}
	if acked, answer := th.deliver("Ev1", firstReply); !acked || answer != "" || th.notes() != want {
		t.Errorf("and again: acknowledged %t, %q, filed %q", acked, answer, th.notes())
	}
	th.slow = true
	if acked, _ := th.deliver("Ev2", strings.Replace(firstReply, "5.000001", "5.000002", 1)); !acked || th.notes() != want+want {
		t.Errorf("when Slack takes no answer: acknowledged %t, filed %q", acked, th.notes())
	}
}

func TestWhichEventsAreReplies(t *testing.T) {
	for event, want := range map[string]string{
		`{"channel":"D1","channel_type":"im","user":"UKARLY","text":"triage + x","ts":"5.1"}`:                                                                                                 "no reply in a thread",
		`{"channel":"D1","channel_type":"im","user":"UBOT","bot_id":"B1","text":"Filed","ts":"5.1","thread_ts":"1.0"}`:                                                                        "no reply in a thread",
		`{"channel":"C1","channel_type":"group","user":"UKARLY","text":"triage + x","ts":"5.1","thread_ts":"1.0"}`:                                                                            "no reply in a thread",
		`{"channel":"D1","channel_type":"im","subtype":"message_changed","message":{"user":"UKARLY","text":"triage + x","ts":"5.1","thread_ts":"1.0"}}`:                                       "no reply in a thread", // a link's preview
		`{"channel":"D1","channel_type":"im","subtype":"message_deleted","deleted_ts":"5.1"}`:                                                                                                 "no reply in a thread",
		`{"channel":"D1","channel_type":"im","subtype":"message_replied","message":{"user":"UKARLY","ts":"1.0","thread_ts":"1.0"}}`:                                                           "no reply in a thread",
		`{"channel":"D1","channel_type":"im","user":"UKARLY","text":"triage + x","ts":"5.1","thread_ts":"2.0"}`:                                                                               notHere,
		`{"channel":"D1","channel_type":"im","user":"UKARLY","text":"triage + x","ts":"5.1","thread_ts":"3.0"}`:                                                                               notHere,
		`{"channel":"D1","channel_type":"im","subtype":"thread_broadcast","user":"UKARLY","text":"triage + x","ts":"5.1","thread_ts":"1.0"}`:                                                  "Filed under “Communication triage”. To change that, edit or delete your message.",
		`{"channel":"D1","channel_type":"im","subtype":"file_share","user":"UKARLY","text":"triage + x","ts":"5.1","thread_ts":"1.0","files":[{"id":"F1"}]}`:                                  "Filed under “Communication triage”. To change that, edit or delete your message." + fileAside,
		`{"channel":"D1","channel_type":"im","subtype":"message_changed","message":{"user":"UKARLY","text":"triage + x","ts":"5.1","thread_ts":"1.0","edited":{"user":"UKARLY","ts":"6.1"}}}`: "Filed under “Communication triage”. To change that, edit or delete your message.",
		`{"channel":"D1","channel_type":"im","subtype":"message_deleted","deleted_ts":"5.1","previous_message":{"user":"UKARLY","text":"triage","ts":"5.1","thread_ts":"1.0"}}`:               "",
	} {
		if _, answer := newThread(t).deliver("Ev1", event); answer != want {
			t.Errorf("%s\nanswer %q, want %q", event, answer, want)
		}
	}
}

func TestAsTyped(t *testing.T) {
	b := newThread(t).bot
	for text, want := range map[string]string{
		"a &lt; b &amp;lt; c &gt; d":                    "a < b &lt; c > d",
		"<@USEB> and <@UGONE|gone> and <@UGONE2>":       "@Sebastian and @gone and @UGONE2",
		"<#C1|hiring> <!here> <!subteam^S1|@ops>":       "#hiring @here @ops",
		"<http://x.example|x.example> <mailto:a@b|a@b>": "x.example a@b",
		"<https://x.example|the call> <https://y.test>": "the call (https://x.example) https://y.test",
		"<!date^1700000000^{date}|14 Nov>":              "14 Nov",
	} {
		if got := b.asTyped(t.Context(), text); got != want {
			t.Errorf("%q reads %q, want %q", text, got, want)
		}
	}
}

func TestWordsForAnErasedRecord(t *testing.T) {
	if text, err := filedWords(nil, hiring.ErrNotFound); err != nil || !strings.Contains(text, "has been erased") {
		t.Errorf("%q, %v", text, err)
	}
}
