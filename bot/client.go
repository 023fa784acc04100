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

// ErrRefused says that Slack doesn't accept the token as it is; the error that
// wraps it says what to do.
var ErrRefused = errors.New("refused by Slack")

// Greet learns who we are: the bot's id. It returns an error that wraps
// ErrRefused when only a person can mend it.
func (c *Client) Greet(ctx context.Context) (botID string, err error) {
	who, err := c.AuthTestContext(ctx)
	if isSlackError(err, "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type", "team_access_not_granted") {
		return "", fmt.Errorf("%w: SLACK_BOT_TOKEN is not accepted (%s). Copy the \"Bot User OAuth Token\" anew from the Slack app's page \"OAuth & Permissions\"", ErrRefused, slackCode(err))
	}
	if err != nil {
		return "", err
	}
	if missing := c.scopes.missing(Scopes()); len(missing) > 0 {
		return "", fmt.Errorf("%w: SLACK_BOT_TOKEN lacks the scope %s. Add it on the Slack app's page \"OAuth & Permissions\" (or paste `convene manifest` anew), then reinstall the app", ErrRefused, strings.Join(missing, ", "))
	}
	return who.BotID, nil
}

// A scopeHeader remembers which scopes Slack says the bot token has.
// https://docs.slack.dev/authentication/installing-with-oauth
type scopeHeader struct {
	mu     sync.Mutex
	scopes []string
}

func (s *scopeHeader) read(_ string, h http.Header) {
	list := h.Get("X-OAuth-Scopes")
	if list == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scopes = strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
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
