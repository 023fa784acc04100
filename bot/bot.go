package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
	"golang.org/x/sync/errgroup"

	"convene/internal/candidate"
	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/report"
	"convene/internal/schedule"
	"convene/internal/scorecard"
	"convene/internal/setup"
)

// Options are the parts that a Bot is made from; all are required.
type Options struct {
	Slack       *Client
	Store       Store
	Directory   *Directory
	Candidates  *candidate.Service
	Records     *candidate.Records
	Schedule    *schedule.Service
	Scorecards  *scorecard.Service
	Decisions   *decision.Service
	Setup       *setup.Service
	Reports     *report.Service
	Now         func() time.Time // the bot's clock; protocol time is real
	Changed     func()           // called after something may have been committed: wakes the dispatchers
	Log         *slog.Logger
	Connections int           // Socket Mode connections; 0: two
	Decide      time.Duration // how long a submission may take before its acknowledgement; 0: 2.5 s, as Slack waits for three
}

// Bot serves what people do in Slack.
type Bot struct {
	Options
	routes    routes
	work      sync.WaitGroup
	inFlight  atomic.Int64
	connected atomic.Int64
	replacing overrides // setup modals that were told that somebody saved first
}

// New returns a bot that isn't connected yet.
func New(o Options) *Bot {
	if o.Connections == 0 {
		o.Connections = 2
	}
	if o.Decide == 0 {
		o.Decide = acknowledgeTime
	}
	b := &Bot{Options: o}
	b.routes = b.table()
	return b
}

// Connected returns how many sockets are open.
func (b *Bot) Connected() int { return int(b.connected.Load()) }

// InFlight returns how many payloads are being worked on.
func (b *Bot) InFlight() int { return int(b.inFlight.Load()) }

// Run serves Slack until ctx ends, and returns once the handlers in flight are
// done and acknowledged. An error means that Slack won't have us, e.g. because
// the app-level token was revoked.
func (b *Bot) Run(ctx context.Context) error {
	// The sockets outlive ctx until the handlers' acknowledgements are written.
	sockets, closeSockets := context.WithCancel(context.WithoutCancel(ctx))
	defer closeSockets()
	group, reading := errgroup.WithContext(ctx)
	var readers sync.WaitGroup
	for range b.Connections {
		client := socketmode.New(b.Slack.Client, socketmode.OptionPingInterval(30*time.Second))
		group.Go(func() error {
			err := client.RunContext(sockets)
			if sockets.Err() != nil {
				return nil
			}
			return notConnected(err)
		})
		readers.Add(1)
		group.Go(func() error {
			defer readers.Done()
			return b.read(reading, client)
		})
	}
	<-reading.Done()
	readers.Wait() // from here on no payload is taken in
	done := make(chan struct{})
	go func() { b.work.Wait(); close(done) }()
	select {
	case <-done:
		time.AfterFunc(100*time.Millisecond, closeSockets) // let the queued acknowledgements out
	case <-time.After(3 * time.Second):
		closeSockets()
	}
	return group.Wait()
}

// notConnected says what to do about a socket that Slack won't open.
func notConnected(err error) error {
	if code := slackCode(err); code != "" {
		return refuse("SLACK_APP_TOKEN is not accepted (%s). On the Slack app's page \"Basic Information\" make an app-level token with the scope connections:write, and see that Socket Mode is on", code)
	}
	return fmt.Errorf("connect to Slack: %w", err)
}

// hopeless reports whether opening a socket will fail until a person mends the
// token; the library would try for ever.
func hopeless(err error) bool {
	return isSlackError(err, "not_allowed_token_type", "missing_scope", "forbidden_team", "team_disabled", "user_removed_from_team", "token_expired")
}

// read hands over what one connection delivers. Nothing here may block.
func (b *Bot) read(ctx context.Context, client *socketmode.Client) error {
	up := false
	set := func(now bool) {
		if up != now {
			up = now
			b.connected.Add(map[bool]int64{true: 1, false: -1}[now])
		}
	}
	defer set(false)
	for {
		select {
		case <-ctx.Done():
			return nil
		case evt := <-client.Events:
			switch evt.Type {
			case socketmode.EventTypeHello:
				set(true)
				if evt.Request != nil && evt.Request.NumConnections > b.Connections {
					b.Log.Warn("more Socket Mode connections than ours: is the bot running twice with these tokens?", "connections", evt.Request.NumConnections, "ours", b.Connections)
				}
			case socketmode.EventTypeConnecting:
				set(false)
			case socketmode.EventTypeConnectionError:
				set(false)
				if e, ok := evt.Data.(*slack.ConnectionErrorEvent); ok {
					if hopeless(e.ErrorObj) {
						return notConnected(e.ErrorObj)
					}
					b.Log.Warn("cannot connect to Slack", "attempt", e.Attempt, "retry_in", e.Backoff, "err", e.ErrorObj)
				}
			case socketmode.EventTypeErrorBadMessage:
				b.acknowledgeUnread(client, evt)
			case socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive, socketmode.EventTypeEventsAPI:
				b.work.Add(1)
				b.inFlight.Add(1)
				go b.serve(client, evt)
			}
		}
	}
}

// acknowledgeUnread acknowledges an envelope that the library can't read, so
// that Slack doesn't send it again and again.
func (b *Bot) acknowledgeUnread(client *socketmode.Client, evt socketmode.Event) {
	bad, ok := evt.Data.(*socketmode.ErrorBadMessage)
	if !ok {
		return
	}
	var env struct {
		ID   string `json:"envelope_id"`
		Type string `json:"type"`
	}
	if json.Unmarshal(bad.Message, &env) == nil && env.ID != "" {
		b.Log.Warn("envelope not understood", "envelope", env.ID, "type", env.Type)
		go b.ack(client, env.ID, nil)
	}
}

// ack queues an acknowledgement. Slack wants it within three seconds of the
// envelope. https://docs.slack.dev/apis/events-api/using-socket-mode
func (b *Bot) ack(client *socketmode.Client, envelope string, payload any) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := client.AckCtx(ctx, envelope, payload); err != nil {
		b.Log.Warn("acknowledgement not sent", "envelope", envelope, "err", err)
	}
}

// handlerTime bounds a handler; what must happen before the acknowledgement
// has acknowledgeTime, unless Options say otherwise.
const (
	handlerTime     = 45 * time.Second
	acknowledgeTime = 2500 * time.Millisecond
	ackAhead        = 150 * time.Millisecond // of an edit to the modal that it answers
)

// serve works on one payload.
func (b *Bot) serve(client *socketmode.Client, evt socketmode.Event) {
	defer b.work.Done()
	defer b.inFlight.Add(-1)
	ctx, cancel := context.WithTimeout(context.Background(), handlerTime)
	defer cancel()
	start := time.Now()
	var acked time.Duration // after which the acknowledgement was on its way; 0: there is none
	reply := &reply{bot: b, envelope: evt.Request.EnvelopeID, send: func(payload any) {
		b.ack(client, evt.Request.EnvelopeID, payload)
		acked = time.Since(start)
	}}
	defer func() {
		if p := recover(); p != nil {
			b.Log.Error("handler panicked", "envelope", evt.Request.EnvelopeID, "panic", fmt.Sprint(p))
		}
		b.Changed()
		b.Log.Debug("served", "envelope", evt.Request.EnvelopeID, "type", evt.Type, "acked", acked, "dur", time.Since(start))
	}()
	switch data := evt.Data.(type) {
	case slack.SlashCommand:
		b.serveCommand(ctx, data, reply)
	case slack.InteractionCallback:
		b.serveInteraction(ctx, data, reply)
	case slackevents.EventsAPIEvent:
		b.serveEvent(ctx, data, reply)
	}
}

// person returns who acts. Somebody who is deactivated, a guest or from
// another workspace gets a polite refusal.
func (b *Bot) person(ctx context.Context, id string) (hiring.Person, error) {
	p, err := b.Directory.Person(ctx, id)
	unseen := isSlackError(err, "user_not_found", "user_not_visible") // e.g. from another workspace
	if err != nil && !unseen {
		return p, fmt.Errorf("look up who asks: %w", err)
	}
	if unseen || !p.Employee() {
		return p, hiring.Refuse("Sorry, I only work with members of this workspace. If you think that's a mistake, ask whoever invited you.")
	}
	return p, nil
}
