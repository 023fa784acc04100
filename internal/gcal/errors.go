package gcal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"

	"golang.org/x/oauth2"
	"google.golang.org/api/googleapi"
)

// How long to leave Google alone.
const (
	limitPause = 10 * time.Second // after a rate limit that names no time
	abusePause = time.Hour        // after quotaExceeded, Google's limit against abuse; it lasts for hours
)

// effect says what a call does to Google, and so what is known when no answer comes.
type effect int

const (
	reads  effect = iota // nothing: a lost answer can simply be asked for again
	writes               // a lost answer may hide a change
)

// try makes one attempt with a deadline, and classes its error.
func (c *Client) try(ctx context.Context, e effect, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	var sent atomic.Bool // something of the request may have reached Google
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { sent.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) { sent.Store(true) },
	})
	err := call(ctx)
	if err == nil {
		return nil
	}
	var answer *googleapi.Error
	if errors.As(err, &answer) {
		return c.refusal(e, answer)
	}
	var token *oauth2.RetrieveError
	if errors.As(err, &token) {
		return tokenRefusal(token)
	}
	return c.noAnswer(err, e == writes && sent.Load())
}

// noAnswer classes an attempt that ended without an answer, or with one that can't be read.
func (c *Client) noAnswer(err error, mayHaveHappened bool) error {
	timedOut := errors.Is(err, context.DeadlineExceeded)
	// The URL is left out: it has the calendar's id, and nothing that helps.
	for u := (*url.Error)(nil); errors.As(err, &u); {
		timedOut = timedOut || u.Timeout()
		err = u.Err
	}
	text := fmt.Errorf("Google Calendar could not be reached, or its answer could not be read: %w", err)
	if timedOut {
		text = fmt.Errorf("Google Calendar did not answer within %s: %w", c.timeout, err)
	}
	switch {
	case !mayHaveHappened:
		return outbox.Later(text, 0)
	case timedOut:
		return outbox.TimedOut(text)
	default:
		return outbox.Lost(text)
	}
}

// tokenRefusal is an answer of Google's token endpoint: the call itself was never sent.
func tokenRefusal(e *oauth2.RetrieveError) error {
	status := 0
	if e.Response != nil {
		status = e.Response.StatusCode
	}
	word, description := tokenAnswer(e)
	if status >= 500 || status == http.StatusTooManyRequests {
		return outbox.Later(fmt.Errorf("Google's sign-in is not available (HTTP %d)", status), 0)
	}
	switch word {
	case unauthorizedClient:
		return outbox.Never(fmt.Errorf("Google does not let the service account act as GOOGLE_IMPERSONATE: in the Admin console, under "+
			"Security, API controls, Domain-wide delegation, add its client ID with the scopes %s", strings.Join(Scopes, ",")))
	case "invalid_grant":
		return outbox.Never(errors.New(invalidGrant(strings.ToLower(description))))
	default:
		return outbox.Never(fmt.Errorf("Google refuses the credentials in GOOGLE_CREDENTIALS (HTTP %d %s): renew them", status, word))
	}
}

// unauthorizedClient is what the token endpoint answers without the delegation that is asked for.
const unauthorizedClient = "unauthorized_client"

// invalidGrant says what a person can do about a grant that Google doesn't accept. Google doesn't document the
// descriptions, so one that isn't known gets all that it can be.
func invalidGrant(description string) string {
	has := func(words string) bool { return strings.Contains(description, words) }
	switch {
	case has("invalid email or user id"):
		return "Google knows no user of the address in GOOGLE_IMPERSONATE: correct it, or make that user"
	case has("disabled"), has("suspended"):
		return "the user in GOOGLE_IMPERSONATE is suspended: reactivate the user in the Admin console, or name another"
	case has("reasonable timeframe"):
		return "Google does not accept the time in our sign-in: set this machine's clock right"
	case has("account not found"), has("jwt signature"):
		return "Google no longer knows the service-account key: make a new JSON key and put it into GOOGLE_CREDENTIALS"
	case has("expired or revoked"):
		return "the consent or key was revoked, or has expired: make a new file for GOOGLE_CREDENTIALS (`convene google-login`)"
	}
	return "Google no longer accepts the credentials: the consent or key was revoked, or the user is suspended or unknown; " +
		"renew GOOGLE_CREDENTIALS, and check that GOOGLE_IMPERSONATE is an active user and the machine's clock is right"
}

// tokenAnswer reads the token endpoint's word for what is wrong, and its description; "" for an answer that is no JSON.
// https://datatracker.ietf.org/doc/html/rfc6749#section-5.2
func tokenAnswer(e *oauth2.RetrieveError) (word, description string) {
	var body struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(e.Body, &body) != nil {
		return "", ""
	}
	return body.Error, body.Description
}

// tokenReason returns the token endpoint's word in an error, or "".
func tokenReason(err error) string {
	var token *oauth2.RetrieveError
	if !errors.As(err, &token) {
		return ""
	}
	word, _ := tokenAnswer(token)
	return word
}

// refusal classes an answer that is an error.
// https://developers.google.com/workspace/calendar/api/guides/errors
func (c *Client) refusal(e effect, answer *googleapi.Error) error {
	reason := "no reason given"
	if len(answer.Errors) > 0 {
		reason = answer.Errors[0].Reason
	}
	said := func(sentence string) error { return fmt.Errorf("%s (HTTP %d, %s)", sentence, answer.Code, reason) }
	switch {
	case answer.Code >= 500 || answer.Code == http.StatusRequestTimeout:
		if e == writes {
			return outbox.Lost(said("Google Calendar had an error of its own"))
		}
		return outbox.Later(said("Google Calendar had an error of its own"), 0)
	case answer.Code == http.StatusTooManyRequests || reason == "rateLimitExceeded" || reason == "userRateLimitExceeded":
		pause := max(retryAfter(answer.Header), limitPause)
		return outbox.Later(fmt.Errorf("Google Calendar wants fewer calls: %w", &outbox.Limited{After: pause}), pause)
	case reason == "quotaExceeded":
		return outbox.Later(said("Google Calendar's usage limit is reached, which can last for hours: it guards against too many invitations"), max(retryAfter(answer.Header), abusePause))
	case answer.Code == http.StatusPreconditionFailed:
		return outbox.Later(fmt.Errorf("somebody changed the event meanwhile: %w", hiring.ErrConflict), 0)
	case answer.Code == http.StatusNotFound || answer.Code == http.StatusGone:
		return outbox.Never(fmt.Errorf("Google Calendar has no such event: %w", hiring.ErrNotFound))
	}
	return outbox.Never(said(c.mend(answer, reason)))
}

// mend says what a person can do about a refusal that repeating won't change.
func (c *Client) mend(answer *googleapi.Error, reason string) string {
	switch reason {
	case "authError":
		return "Google does not accept the credentials: renew GOOGLE_CREDENTIALS"
	case "insufficientPermissions":
		return "the credentials lack a scope: allow " + strings.Join(Scopes, " and ")
	case "accessNotConfigured":
		return "the Google Calendar API is off: enable it in the Google Cloud project of GOOGLE_CREDENTIALS"
	case "forbiddenForServiceAccounts":
		return "a service account can't invite guests by itself: set GOOGLE_IMPERSONATE, and delegate the scopes to the account"
	case "requiredAccessLevel":
		return c.readOnly()
	case "forbiddenForNonOrganizer":
		return "the event has another organizer now: change it in Google Calendar"
	}
	switch message := strings.ToLower(answer.Message); {
	case strings.Contains(message, "conference"):
		return c.noMeet()
	case strings.Contains(message, "email"):
		return "Google does not accept the e-mail address of a guest: correct the address"
	case strings.Contains(message, "time zone"):
		return "Google does not know the time zone: choose another"
	default:
		return "Google Calendar refused the request"
	}
}

func (c *Client) readOnly() string {
	return "the bot's Google user may not change calendar " + c.calendarID + ": share it with permission to make changes to events, or correct GOOGLE_CALENDAR_ID"
}

func (c *Client) noMeet() string {
	return "calendar " + c.calendarID + " can't make Meet links: use a user with Google Meet (GOOGLE_IMPERSONATE), or another location for the stage"
}

// retryAfter reads a Retry-After header, in seconds or as a date; 0 when there is none.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	sent, err := http.ParseTime(h.Get("Date")) // by Google's clock, not ours
	if err != nil || at.Before(sent) {
		return 0
	}
	return at.Sub(sent)
}

// answered reports whether an error is an answer of Google with this status.
func answered(err error, status int) bool {
	var e *googleapi.Error
	return errors.As(err, &e) && e.Code == status
}
