package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// A Client speaks to Slack with the app's two tokens.
type Client struct {
	*slack.Client
	http   *http.Client
	scopes scopeHeader
}

// callTimeout bounds one call of Slack's Web API; the library has no bound of
// its own.
const callTimeout = 10 * time.Second

// NewClient returns a client for the Web API at url, which ends in a slash. It
// retries nothing: what may be repeated is for the outbox to say.
func NewClient(botToken, appToken, url string) *Client {
	c := &Client{http: &http.Client{Timeout: callTimeout}}
	c.Client = slack.New(botToken, slack.OptionAppLevelToken(appToken), slack.OptionAPIURL(url),
		slack.OptionHTTPClient(c.http), slack.OptionOnResponseHeaders(c.scopes.read))
	return c
}

// ErrRefused says that Slack doesn't accept the app as it is; the error that
// wraps it says what to do.
var ErrRefused = errors.New("refused by Slack")

// A refusal is an ErrRefused with what was refused and the mend.
type refusal struct{ sentence string }

func refuse(format string, args ...any) error { return &refusal{fmt.Sprintf(format, args...)} }

func (r *refusal) Error() string { return ErrRefused.Error() + ": " + r.sentence }
func (r *refusal) Unwrap() error { return ErrRefused }

// Greet learns who we are: the bot's id. It returns an error that wraps
// ErrRefused when only a person can mend it.
func (c *Client) Greet(ctx context.Context) (botID string, err error) {
	who, err := c.WhoAmI(ctx)
	if err != nil {
		return "", err
	}
	return who.BotID, c.lacking()
}

// An Identity is who the bot token belongs to.
type Identity struct {
	Workspace string // its name
	Bot       string // the bot user's name
	BotID     string
}

// WhoAmI asks whose the bot token is.
// https://docs.slack.dev/reference/methods/auth.test
func (c *Client) WhoAmI(ctx context.Context) (Identity, error) {
	who, err := c.AuthTestContext(ctx)
	if isSlackError(err, "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type", "team_access_not_granted") {
		return Identity{}, refuse("SLACK_BOT_TOKEN is not accepted (%s). Copy the \"Bot User OAuth Token\" anew from the Slack app's page \"OAuth & Permissions\"", slackCode(err))
	}
	if err != nil {
		return Identity{}, err
	}
	return Identity{Workspace: who.Team, Bot: who.User, BotID: who.BotID}, nil
}

// lacking returns an error with the mend when the bot token lacks scopes.
func (c *Client) lacking() error {
	missing := c.scopes.missing(Scopes())
	if len(missing) == 0 {
		return nil
	}
	return refuse("SLACK_BOT_TOKEN lacks the scope %s. Add it on the Slack app's page \"OAuth & Permissions\" (or paste `convene manifest` anew), then reinstall the app", strings.Join(missing, ", "))
}

// A scopeHeader remembers which scopes Slack says the bot token has.
// https://docs.slack.dev/authentication/installing-with-oauth
type scopeHeader struct {
	mu     sync.Mutex
	scopes []string
}

func (s *scopeHeader) read(method string, h http.Header) {
	list := h.Get("X-OAuth-Scopes")
	if list == "" || method == "apps.connections.open" { // which the app-level token calls
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scopes = strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

func (s *scopeHeader) known() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.scopes != nil
}

// missing returns the wanted scopes that the token lacks; none while Slack
// hasn't told.
func (s *scopeHeader) missing(wanted []string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.scopes == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(wanted), func(w string) bool { return slices.Contains(s.scopes, w) })
}
