package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"convene/internal/hiring"
)

// A Probe looks at how the app is set up in Slack and changes nothing there,
// for `convene check`.
type Probe struct {
	Client    *Client
	Directory *Directory // knows nobody until Members was called
}

// NewProbe returns a probe for the Web API at url, which ends in a slash; its
// calls go through transport. coordinators is COORDINATORS.
func NewProbe(botToken, appToken, url string, coordinators []string, transport http.RoundTripper) *Probe {
	c := NewClient(botToken, appToken, url)
	c.http.Transport = transport
	return &Probe{Client: c, Directory: &Directory{Slack: c, Store: memory{}, Coordinators: coordinators}}
}

// Scopes returns an error with the mend when the bot token lacks scopes. Until
// the client's WhoAmI was answered nothing is known.
func (p *Probe) Scopes() (known bool, err error) { return p.Client.scopes.known(), p.Client.lacking() }

// Lacks reports whether the bot token is known to lack the scope.
func (p *Probe) Lacks(scope string) bool { return len(p.Client.scopes.missing([]string{scope})) > 0 }

// Members reads everybody in the workspace.
func (p *Probe) Members(ctx context.Context) ([]hiring.Person, error) {
	if err := p.Directory.Load(ctx); err != nil {
		return nil, err
	}
	return p.Directory.Store.People(ctx)
}

// ChannelName returns a channel's name with its #, or the id when the bot can't
// see it.
func (p *Probe) ChannelName(ctx context.Context, id string) string {
	ch, err := p.Client.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
	if err != nil || ch.Name == "" {
		return id
	}
	return "#" + ch.Name
}

// AppOf returns the id of the app that a bot belongs to.
// https://docs.slack.dev/reference/methods/bots.info
func (p *Probe) AppOf(ctx context.Context, botID string) (string, error) {
	b, err := p.Client.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: botID})
	if err != nil {
		return "", err
	}
	return b.AppID, nil
}

// A Hello is what Slack says on a new socket.
type Hello struct {
	App         string // id of the app that the app-level token belongs to
	Connections int    // how many the app has open, this one too
}

// Socket opens a Socket Mode connection, waits for Slack's hello and closes it.
// A payload that Slack deals to it in between goes unanswered, so it is open for
// no longer than that. https://docs.slack.dev/apis/events-api/using-socket-mode
func (p *Probe) Socket(ctx context.Context) (Hello, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, address, err := p.Client.StartSocketModeContext(ctx)
	if err != nil {
		return Hello{}, notConnected(err)
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: callTimeout}
	conn, answer, err := dialer.DialContext(ctx, address, http.Header{"Origin": {"https://api.slack.com"}})
	status := ""
	if answer != nil {
		_ = answer.Body.Close()
		status = fmt.Sprintf(" (HTTP %d)", answer.StatusCode)
	}
	if err != nil {
		return Hello{}, fmt.Errorf("Slack's socket can't be opened: %w%s. See that the network lets WebSockets (wss) out", withoutURL(err), status)
	}
	defer func() { _ = conn.Close() }() // it was closed politely, or is broken
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	var first socketmode.Request
	if err := conn.ReadJSON(&first); err != nil {
		return Hello{}, fmt.Errorf("Slack's socket opened, but no hello came: %w. See that the network lets WebSockets (wss) through", err)
	}
	closePolitely(conn)
	if first.Reason == "too_many_websockets" {
		return Hello{}, refuse("the app has too many Socket Mode connections already. See that the bot doesn't run more than once with these tokens")
	}
	if first.Type != socketmode.RequestTypeHello {
		return Hello{}, fmt.Errorf("Slack's socket said %q (%s) in place of hello. Try again in a minute", first.Type, first.Reason)
	}
	return Hello{App: first.ConnectionInfo.AppID, Connections: first.NumConnections}, nil
}

// closePolitely closes a socket as the protocol has it, and waits a moment for the
// other side to do the same.
func closePolitely(conn *websocket.Conn) {
	soon := time.Now().Add(time.Second)
	_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), soon)
	_ = conn.SetReadDeadline(soon)
	for {
		if _, _, err := conn.NextReader(); err != nil {
			return
		}
	}
}

// LacksScope reports whether Slack refused a call for want of a scope.
func LacksScope(err error) bool { return isSlackError(err, "missing_scope") }

// InWords says for whoever operates the bot what is wrong and what to do.
func InWords(err error) string {
	var refused *refusal
	var status slack.StatusCodeError
	var limited *slack.RateLimitedError
	var call *url.Error
	switch {
	case errors.As(err, &refused):
		return refused.sentence
	case errors.As(err, &limited):
		return "Slack wants fewer calls just now. Try again in a minute"
	case slackCode(err) != "":
		return fmt.Sprintf("Slack answers %s. Look it up at https://docs.slack.dev, and see that the app was made from `convene manifest`", slackCode(err))
	case errors.As(err, &status):
		return fmt.Sprintf("Slack answers with HTTP %d. See that SLACK_API_URL is right, or try again in a minute", status.Code)
	case isTimeout(err):
		return fmt.Sprintf("Slack did not answer within %s. Check the network, and SLACK_API_URL", callTimeout)
	case errors.As(err, &call):
		return fmt.Sprintf("Slack can't be reached: %v. Check the network, and SLACK_API_URL", call.Err)
	}
	return err.Error()
}

// withoutURL leaves out the socket's address, which lets whoever has it in.
func withoutURL(err error) error {
	var call *url.Error
	if errors.As(err, &call) {
		return call.Err
	}
	return err
}

// memory keeps the workspace's members for as long as a look takes.
type memory map[string]hiring.Person

func (m memory) SavePeople(_ context.Context, people []hiring.Person) error {
	for _, p := range people {
		m[p.ID] = p
	}
	return nil
}

func (m memory) Person(_ context.Context, id string) (hiring.Person, error) {
	p, ok := m[id]
	if !ok {
		return p, hiring.ErrNotFound
	}
	return p, nil
}

func (m memory) People(context.Context) ([]hiring.Person, error) {
	people := make([]hiring.Person, 0, len(m))
	for _, p := range m {
		people = append(people, p)
	}
	slices.SortFunc(people, func(a, b hiring.Person) int { return strings.Compare(a.Name+a.ID, b.Name+b.ID) })
	return people, nil
}
