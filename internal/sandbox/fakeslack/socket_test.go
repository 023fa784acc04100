package fakeslack_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"convene/internal/sandbox/fakeslack"
)

// raw is a client that speaks the protocol by hand, to make mistakes that slack-go does not make.
type raw struct {
	t  *testing.T
	ws *websocket.Conn
}

type envelope struct {
	EnvelopeID   string         `json:"envelope_id"`
	Type         string         `json:"type"`
	Reason       string         `json:"reason"`
	Connections  int            `json:"num_connections"`
	Info         map[string]any `json:"connection_info"`
	RetryAttempt int            `json:"retry_attempt"`
	RetryReason  string         `json:"retry_reason"`
	Payload      map[string]any `json:"payload"`
}

func (w *workspace) dial() *raw {
	w.t.Helper()
	_, url, err := w.api.StartSocketModeContext(w.ctx())
	must(w.t, err)
	ws, _, err := websocket.Dial(w.ctx(), url, &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {"https://api.slack.com"}}})
	must(w.t, err)
	w.t.Cleanup(func() { _ = ws.CloseNow() })
	return &raw{w.t, ws}
}

func (r *raw) read() envelope {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var e envelope
	must(r.t, wsjson.Read(ctx, r.ws, &e))
	return e
}

func (r *raw) send(v any) {
	r.t.Helper()
	must(r.t, wsjson.Write(context.Background(), r.ws, v))
}

func (w *workspace) violation(kind string) {
	w.t.Helper()
	w.wait(func() bool {
		return slices.ContainsFunc(w.Violations(), func(v fakeslack.Violation) bool { return v.Kind == kind })
	})
}

func TestAddressesOfSocketsWorkOnceAndTenAreTheMost(t *testing.T) {
	w := newWorkspace(t)
	_, url, err := w.api.StartSocketModeContext(w.ctx())
	must(t, err)
	first, _, err := websocket.Dial(w.ctx(), url, nil)
	must(t, err)
	defer first.CloseNow()
	w.wait(func() bool { return len(w.Connections()) == 1 })
	if _, resp, err := websocket.Dial(w.ctx(), url, nil); err == nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("the address worked twice: %v", err)
	}
	for i := 2; i <= 10; i++ {
		if hello := w.dial().read(); hello.Type != "hello" || hello.Connections != i {
			t.Fatalf("hello: %+v", hello)
		}
	}
	if last := w.dial().read(); last.Type != "disconnect" || last.Reason != "too_many_websockets" {
		t.Errorf("the eleventh: %+v", last)
	}
	if n := len(w.Connections()); n != 10 {
		t.Errorf("%d connections", n)
	}
}

func TestHelloNamesTheAppOfTheToken(t *testing.T) {
	w := newWorkspace(t)
	if app := w.dial().read().Info["app_id"]; app != w.app.ID {
		t.Errorf("the app's own token: %v", app)
	}
	must(t, w.UpdateToken("xapp-1", func(k *fakeslack.Token) { k.AppID = "A0OTHER" }))
	if app := w.dial().read().Info["app_id"]; app != "A0OTHER" {
		t.Errorf("another app's token: %v", app)
	}
}

func TestAnswersShowSlacksClock(t *testing.T) {
	w := newWorkspace(t)
	w.SetSkew(5 * time.Minute)
	answer, err := http.Get(w.http.URL + "/slack/api/api.test")
	must(t, err)
	must(t, answer.Body.Close())
	if want := w.protocol.Now().Add(5 * time.Minute).UTC().Format(http.TimeFormat); answer.Header.Get("Date") != want {
		t.Errorf("Date: %s, want %s", answer.Header.Get("Date"), want)
	}
}

func TestAnEventWithoutAnAckComesBackThreeTimes(t *testing.T) {
	w := newWorkspace(t)
	c := w.dial()
	c.read() // hello
	answered := make(chan fakeslack.Result, 1)
	go func() {
		r, err := w.Say(context.Background(), w.ana.ID, "", "hello?", "")
		if err != nil {
			t.Error(err)
		}
		answered <- r
	}()
	first := c.read()
	if first.Type != "events_api" || first.RetryAttempt != 0 {
		t.Fatalf("event: %+v", first)
	}
	w.protocol.Move(2 * time.Second)
	w.RunTimers()
	if len(w.Violations()) != 0 {
		t.Fatal("given up too early")
	}
	w.protocol.Move(2 * time.Second)
	w.RunTimers()
	if r := <-answered; r.Acked || r.Failure != fakeslack.OperationTimeout {
		t.Errorf("result: %+v", r)
	}
	for i, wait := range []time.Duration{time.Second, time.Minute, 5 * time.Minute} {
		w.protocol.Move(wait)
		w.RunTimers()
		again := c.read()
		if again.RetryAttempt != i+1 || again.RetryReason != "timeout" || again.EnvelopeID == first.EnvelopeID ||
			again.Payload["event_id"] != first.Payload["event_id"] {
			t.Errorf("retry %d: %+v", i+1, again)
		}
		w.protocol.Move(4 * time.Second)
		w.RunTimers()
	}
	w.protocol.Move(24 * time.Hour)
	w.RunTimers()
	if d := w.Connections()[0].Delivered; d != 4 {
		t.Errorf("%d deliveries, want 4", d)
	}
	w.violation("no_ack")
	c.send(map[string]any{"envelope_id": first.EnvelopeID})
	w.violation("late_ack")
}

func TestWithoutAConnection(t *testing.T) {
	w := newWorkspace(t)
	r, err := w.Slash(w.ctx(), w.ana.ID, "", "/candidate", "")
	must(t, err)
	if r.Acked || !strings.Contains(r.Failure, fakeslack.DispatchFailed) {
		t.Errorf("command: %+v", r)
	}
	_, err = w.Say(w.ctx(), w.ana.ID, "", "anyone?", "")
	must(t, err)
	c := w.dial()
	c.read() // hello
	w.protocol.Move(time.Second)
	w.RunTimers()
	if e := c.read(); e.Type != "events_api" || e.RetryAttempt != 1 {
		t.Errorf("the event comes as a retry, the command never: %+v", e)
	}
}

func TestMistakesInTheProtocolAreNoticed(t *testing.T) {
	w := newWorkspace(t)
	a := w.dial()
	a.read()
	a.send(map[string]any{"envelope_id": "nobody"})
	w.violation("unknown_envelope")
	a.send(map[string]any{"type": "hello"})
	w.violation("bad_frame")
	a.send(map[string]any{"envelope_id": "x", "payload": strings.Repeat("x", 20480)})
	w.violation("ack_too_large")

	go func() { _, _ = w.Shortcut(context.Background(), w.ana.ID, "add") }()
	e := a.read()
	b := w.dial()
	b.read()
	b.send(map[string]any{"envelope_id": e.EnvelopeID})
	w.violation("wrong_connection")
	a.send(map[string]any{"envelope_id": e.EnvelopeID})
	a.send(map[string]any{"envelope_id": e.EnvelopeID})
	w.violation("double_ack")
}

func TestEnvelopesAreDealtOut(t *testing.T) {
	w := newWorkspace(t)
	w.connect(acks(nil))
	w.connect(acks(nil))
	for range 6 {
		r, err := w.Shortcut(w.ctx(), w.ana.ID, "add")
		must(t, err)
		if !r.Acked {
			t.Fatalf("%+v", r)
		}
	}
	for _, c := range w.Connections() {
		if c.Delivered != 3 || c.Acked != 3 {
			t.Errorf("connection %+v", c)
		}
	}
	w.noViolations()
}

func TestRefreshAndLossReconnect(t *testing.T) {
	w := newWorkspace(t)
	w.connect(acks(nil))
	id := w.Connections()[0].ID
	newer := func() bool {
		c := w.Connections()
		return len(c) == 1 && c[0].ID > id
	}
	for _, end := range []func(){
		func() { w.SendDisconnect(id, "refresh_requested") },
		func() { w.SendDisconnect(0, "warning") },
		func() { w.DropConnection(id) },
	} {
		end()
		w.wait(newer)
		id = w.Connections()[0].ID
		r, err := w.Shortcut(w.ctx(), w.ana.ID, "add")
		must(t, err)
		if !r.Acked {
			t.Fatalf("after a new connection: %+v", r)
		}
	}
	w.UpdateApp(func(a *fakeslack.App) { a.SocketMode = false })
	w.wait(func() bool { return len(w.Connections()) == 0 })
	if _, _, err := w.api.StartSocketModeContext(w.ctx()); code(err) != "forbidden_team" {
		t.Errorf("socket mode off: %v", err)
	}
}

func TestASilentConnectionSwallowsPayloads(t *testing.T) {
	w := newWorkspace(t)
	w.connect(acks(nil))
	w.Silence(0, true)
	lost := make(chan fakeslack.Result, 1)
	go func() {
		r, _ := w.Shortcut(context.Background(), w.ana.ID, "add")
		lost <- r
	}()
	w.wait(func() bool { return w.Connections()[0].Delivered == 1 })
	w.protocol.Move(4 * time.Second)
	w.RunTimers()
	if r := <-lost; r.Acked || r.Failure != fakeslack.OperationTimeout {
		t.Errorf("%+v", r)
	}
	w.Silence(0, false)
	r, err := w.Shortcut(w.ctx(), w.ana.ID, "add")
	must(t, err)
	if !r.Acked {
		t.Errorf("awake again: %+v", r)
	}
	w.noViolations()
}

func TestRedeliveryOfAnInteraction(t *testing.T) {
	w := newWorkspace(t)
	got := make(chan string, 4)
	w.connect(acks(func(sm *socketmode.Client, evt socketmode.Event) {
		if ic, ok := evt.Data.(slack.InteractionCallback); ok {
			got <- ic.TriggerID
		}
	}))
	r, err := w.Shortcut(w.ctx(), w.ana.ID, "add")
	must(t, err)
	_, err = w.Redeliver(r.EnvelopeID)
	must(t, err)
	if a, b := <-got, <-got; a != b {
		t.Errorf("%s, then %s", a, b)
	}
}

func TestTheServerPings(t *testing.T) {
	w := newWorkspace(t)
	w.connect(acks(nil))
	w.wait(func() bool { // the first ping comes with the hello
		_, _ = w.Shortcut(context.Background(), w.ana.ID, "add")
		return w.Connections()[0].Pongs > 0
	})
}

func TestFaults(t *testing.T) {
	w := newWorkspace(t)
	post := func() error {
		_, _, err := w.api.PostMessage(w.hiring.ID, slack.MsgOptionText("x", false))
		return err
	}
	held, letGo := make(chan struct{}), make(chan struct{})
	for _, c := range []struct {
		name    string
		fault   fakeslack.Fault
		applied bool
	}{
		{"500", fakeslack.Fault{Times: 1, HTTPStatus: 500}, false},
		{"error", fakeslack.Fault{Times: 1, Error: "fatal_error"}, false},
		{"429", fakeslack.Fault{Times: 1, RetryAfter: 30 * time.Second}, false},
		{"lost before", fakeslack.Fault{Times: 1, DropBefore: true}, false},
		{"lost after", fakeslack.Fault{Times: 1, DropAfter: true}, true},
		{"503 after", fakeslack.Fault{Times: 1, AfterStatus: 503}, true},
		{"internal_error after", fakeslack.Fault{Times: 1, AfterError: "internal_error"}, true},
	} {
		before := len(w.Posted())
		w.SetFault("chat.postMessage", c.fault)
		err := post()
		if err == nil {
			t.Errorf("%s: no error", c.name)
		}
		if applied := len(w.Posted()) > before; applied != c.applied {
			t.Errorf("%s: applied %v, want %v", c.name, applied, c.applied)
		}
		calls := w.CallsOf("chat.postMessage")
		if last := calls[len(calls)-1]; last.Applied != c.applied {
			t.Errorf("%s: ledger %+v", c.name, last)
		}
		var limited *slack.RateLimitedError
		if c.name == "429" && !asError(err, &limited) || limited != nil && limited.RetryAfter != 30*time.Second {
			t.Errorf("429: %v", err)
		}
		if err := post(); err != nil {
			t.Errorf("%s: the next call fails too: %v", c.name, err)
		}
	}
	w.SetFault("chat.postMessage", fakeslack.Fault{Times: 1, Hold: letGo, Match: func(a map[string]any) bool { return a["channel"] == w.hiring.ID }})
	before := len(w.Posted())
	go func() { _ = post(); close(held) }()
	must(t, func() error { _, _, err := w.api.PostMessage(w.ana.ID, slack.MsgOptionText("x", false)); return err }())
	close(letGo)
	<-held
	if n := len(w.Posted()) - before; n != 2 {
		t.Errorf("%d messages after a hold", n)
	}
	w.SetFault("*", fakeslack.Fault{HTTPStatus: 503})
	if post() == nil {
		t.Error("a fault for every method has no effect")
	}
	w.ClearFaults()
	must(t, post())
}

func TestRateLimits(t *testing.T) {
	w := newWorkspace(t)
	w.SetRateLimits(true)
	var limited *slack.RateLimitedError
	n := 0
	for ; n < 20; n++ {
		_, _, err := w.api.PostMessage(w.hiring.ID, slack.MsgOptionText("x", false))
		if asError(err, &limited) {
			break
		}
		must(t, err)
	}
	if n != 4 || limited.RetryAfter != time.Second {
		t.Errorf("limited after %d, retry after %v", n, limited)
	}
	if _, err := w.api.AuthTest(); err != nil {
		t.Errorf("another method: %v", err)
	}
	w.protocol.Move(time.Second)
	_, _, err := w.api.PostMessage(w.hiring.ID, slack.MsgOptionText("x", false))
	must(t, err)
}

// Many callers at once: run with -race.
func TestManyAtOnce(t *testing.T) {
	w := newWorkspace(t)
	w.connect(acks(nil))
	w.connect(acks(nil))
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 10 {
				_, _, _ = w.api.PostMessage(w.ana.ID, slack.MsgOptionText("x", false))
				_, _ = w.Say(w.ctx(), w.bob.ID, "", "hi", "")
				_, _ = w.See(w.ana.ID)
			}
		})
	}
	all.Go(func() {
		for range 10 {
			_ = w.UpdateUser(w.bob.ID, func(u *fakeslack.User) { u.TZ = "Asia/Tokyo" })
			_ = w.Posted()
			_ = w.Calls()
		}
	})
	all.Wait()
	seen := map[string]bool{}
	for _, m := range w.Posted() {
		if seen[m.TS] {
			t.Errorf("two messages at %s", m.TS)
		}
		seen[m.TS] = true
	}
	if len(seen) != 80 {
		t.Errorf("%d messages, want 80", len(seen))
	}
}
