package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"convene/internal/clock"
	"convene/internal/sandbox"
	"convene/internal/sandbox/fakeslack"
)

var start = time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC) // a Wednesday, 8:00 in Chicago

// world is a sandbox that is served, with a client of its addresses.
type world struct {
	*sandbox.Sandbox
	t     *testing.T
	clock *clock.Clock
	url   string
}

func options(clk *clock.Clock, addr string) sandbox.Options {
	return sandbox.Options{
		Clock: clk, Addr: addr, Strict: true,
		App: fakeslack.App{
			Name: "Tea", HomeTab: true, MessagesTab: true, SocketMode: true, Interactivity: true,
			Commands:  []fakeslack.Command{{Command: "/tea", Description: "order tea", UsageHint: "[help]"}},
			Shortcuts: []fakeslack.Shortcut{{Type: "global", Name: "Order tea", CallbackID: "order"}},
			BotEvents: []string{"app_home_opened", "message.im"},
		},
		Scopes: []string{"commands", "chat:write", "im:write", "im:history", "users:read", "users:read.email", "groups:read", "groups:history"},
	}
}

func newWorld(t *testing.T, change ...func(*sandbox.Options)) *world {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	w := &world{t: t, clock: clock.Controlled(start), url: "http://" + server.Listener.Addr().String()}
	opts := options(w.clock, server.Listener.Addr().String())
	for _, c := range change {
		c(&opts)
	}
	var err error
	if w.Sandbox, err = sandbox.New(opts); err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = w.Handler()
	server.Start()
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	return w
}

// call asks an address and decodes its answer; it returns the status.
func (w *world) call(method, path string, body, into any) int {
	w.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, w.url+path, bytes.NewReader(raw))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			w.t.Fatalf("%s %s: %v in\n%s", method, path, err, answer)
		}
	}
	return res.StatusCode
}

type fields map[string]any

// act acts as a person and fails the test when that is impossible.
func (w *world) act(what string, body fields) sandbox.Outcome {
	w.t.Helper()
	var got struct {
		sandbox.Outcome
		Error string `json:"error"`
	}
	if status := w.call("POST", "/sandbox/api/"+what, body, &got); status != http.StatusOK {
		w.t.Fatalf("%s %v: %d %s", what, body, status, got.Error)
	}
	return got.Outcome
}

// refused is act for what must not work; it returns the error's words.
func (w *world) refused(what string, body fields) string {
	w.t.Helper()
	var got struct {
		Error string `json:"error"`
	}
	if status := w.call("POST", "/sandbox/api/"+what, body, &got); status == http.StatusOK {
		w.t.Fatalf("%s %v worked", what, body)
	}
	return got.Error
}

func (w *world) see(as string) sandbox.Seen {
	w.t.Helper()
	var seen sandbox.Seen
	if status := w.call("GET", "/sandbox/api/see?as="+as, nil, &seen); status != http.StatusOK {
		w.t.Fatalf("see %s: %d", as, status)
	}
	return seen
}

// until waits for words that a person reads.
func (w *world) until(as, text string) sandbox.Seen {
	w.t.Helper()
	var got struct {
		Met  bool         `json:"met"`
		Seen sandbox.Seen `json:"seen"`
	}
	path := "/sandbox/api/wait?timeout=20s&as=" + as + "&text=" + text
	if w.call("GET", path, nil, &got); !got.Met {
		w.t.Fatalf("%s never read %q", as, text)
	}
	return got.Seen
}

// teaBot is a bot that serves tea: small, and nothing of ours. It answers what
// the tests do to it.
func (w *world) teaBot() {
	w.t.Helper()
	api := slack.New(sandbox.BotToken, slack.OptionAPIURL(w.url+"/slack/api/"), slack.OptionAppLevelToken(sandbox.AppToken))
	socket := socketmode.New(api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	ctx, stop := context.WithCancel(context.Background())
	var working sync.WaitGroup
	working.Go(func() {
		if err := socket.RunContext(ctx); err != nil && !errors.Is(err, context.Canceled) {
			w.t.Log(err)
		}
	})
	working.Go(func() {
		for {
			select {
			case evt := <-socket.Events:
				if err := teaAnswers(api, socket, evt); err != nil {
					w.t.Errorf("the tea bot: %v", err)
				}
			case <-ctx.Done():
				return
			}
		}
	})
	w.t.Cleanup(func() { stop(); working.Wait() })
	waiting, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer cancel()
	if err := w.Slack.WaitFor(waiting, func() bool { return len(w.Slack.Connections()) > 0 }); err != nil {
		w.t.Fatal(err)
	}
}

func teaAnswers(api *slack.Client, socket *socketmode.Client, evt socketmode.Event) error {
	switch data := evt.Data.(type) {
	case slack.SlashCommand:
		if data.Text == "help" {
			return socket.Ack(*evt.Request, map[string]any{"text": "Type /tea and nothing else."})
		}
		if err := socket.Ack(*evt.Request); err != nil {
			return err
		}
		_, err := api.OpenView(data.TriggerID, teaModal())
		return err
	case slack.InteractionCallback:
		return teaInteraction(api, socket, evt, data)
	case slackevents.EventsAPIEvent:
		if err := socket.Ack(*evt.Request); err != nil {
			return err
		}
		switch inner := data.InnerEvent.Data.(type) {
		case *slackevents.AppHomeOpenedEvent:
			_, err := api.PublishView(inner.User, slack.HomeTabViewRequest{Type: slack.VTHomeTab,
				Blocks: slack.Blocks{BlockSet: []slack.Block{
					slack.NewSectionBlock(text("Your teas"), nil, nil),
					slack.NewActionBlock("more", slack.NewButtonBlockElement("order", "now", text("Order now"))),
				}}}, "")
			return err
		case *slackevents.MessageEvent:
			if inner.BotID != "" || inner.SubType != "" {
				return nil
			}
			_, _, err := api.PostMessage(inner.Channel, slack.MsgOptionText("You said: "+inner.Text, false))
			return err
		}
	}
	return nil
}

func teaInteraction(api *slack.Client, socket *socketmode.Client, evt socketmode.Event, data slack.InteractionCallback) error {
	switch data.Type {
	case slack.InteractionTypeShortcut:
		if err := socket.Ack(*evt.Request); err != nil {
			return err
		}
		_, err := api.OpenView(data.TriggerID, teaModal())
		return err
	case slack.InteractionTypeBlockActions:
		if err := socket.Ack(*evt.Request); err != nil {
			return err
		}
		if data.ActionCallback.BlockActions[0].ActionID == "drunk" {
			_, _, _, err := api.UpdateMessage(data.Channel.ID, data.Message.Timestamp, slack.MsgOptionText("Thanks for drinking.", false), slack.MsgOptionBlocks())
			return err
		}
		_, err := api.OpenView(data.TriggerID, teaModal())
		return err
	case slack.InteractionTypeViewSubmission:
		values := data.View.State.Values
		if values["name"]["name"].Value == "coffee" {
			return socket.Ack(*evt.Request, slack.NewErrorsViewSubmissionResponse(map[string]string{"name": "That is no tea."}))
		}
		if err := socket.Ack(*evt.Request); err != nil {
			return err
		}
		kind := values["kind"]["kind"].SelectedOption.Text.Text
		_, _, err := api.PostMessage(data.User.ID, slack.MsgOptionText("Your tea", false), slack.MsgOptionBlocks(
			slack.NewSectionBlock(text(values["name"]["name"].Value+" tea, "+kind), nil, nil),
			slack.NewActionBlock("done", slack.NewButtonBlockElement("drunk", "1", text("I drank it")))))
		return err
	}
	return socket.Ack(*evt.Request)
}

func text(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

func teaModal() slack.ModalViewRequest {
	var kinds []*slack.OptionBlockObject
	for _, kind := range []string{"hot", "iced"} {
		kinds = append(kinds, slack.NewOptionBlockObject("k-"+kind, text(kind), nil))
	}
	guests := slack.NewInputBlock("guests", text("Guests"), nil, slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, nil, "guests"))
	guests.Optional = true
	return slack.ModalViewRequest{Type: slack.VTModal, Title: text("Tea"), Submit: text("Order"), Close: text("Not now"), CallbackID: "tea",
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("name", text("Which tea?"), text("A plant."), slack.NewPlainTextInputBlockElement(nil, "name")),
			slack.NewInputBlock("kind", text("How?"), nil, slack.NewRadioButtonsBlockElement("kind", kinds...)),
			guests,
		}}}
}
