package bot

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/candidate"
	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/scorecard"
	"convene/internal/setup"
)

// explain turns an error into words for the person. What a person can't mend is
// logged with a reference that they can quote.
func (b *Bot) explain(to hiring.Person, err error, logged ...any) string {
	var user *hiring.UserError
	var already *hiring.AlreadyDone
	var lacking *hiring.NotSetUp
	switch {
	case errors.As(err, &already):
		return b.alreadyText(already, to.TimeZone(time.UTC))
	case len(problems(err)) > 0:
		return problems(err)[0].Text
	case errors.As(err, &lacking) && errors.As(err, &user):
		return b.whoCan(context.Background(), to, lacking, user.Text)
	case errors.As(err, &user):
		return user.Text
	case isLimited(err):
		return "Slack is busy right now and asks me to wait. Please try again in a few seconds."
	case errors.Is(err, hiring.ErrNotFound):
		return "I can't find that any more. It may have been removed; open it anew from /hiring or the App Home."
	}
	ref := reference()
	b.Log.Error("request failed", append([]any{"ref", ref, "err", err}, logged...)...)
	return "Something went wrong on my side. Please look whether it was done, and if not, try again in a minute. If it happens again, tell whoever looks after me this reference: " + ref
}

func (b *Bot) alreadyText(a *hiring.AlreadyDone, zone *time.Location) string {
	text := "Already " + a.What
	if a.By != "" {
		name := "somebody"
		if p, err := b.Directory.Person(context.Background(), a.By); err == nil {
			name = p.Name
		}
		text += " by " + name
	}
	if !a.At.IsZero() {
		text += ", " + clockTime(a.At, zone)
	}
	return text + ". Nothing was changed."
}

// problems returns the errors that belong to fields.
func problems(err error) []*hiring.UserError {
	var c *candidate.Problems
	var s *scorecard.Problems
	var u *setup.Problems
	var one *hiring.UserError
	switch {
	case errors.As(err, &c):
		return c.List
	case errors.As(err, &s):
		return s.List
	case errors.As(err, &u):
		return u.List
	case errors.As(err, &one) && one.Err == nil:
		return []*hiring.UserError{one}
	}
	return nil
}

func reference() string {
	var buf [4]byte
	rand.Read(buf[:]) // never fails: https://pkg.go.dev/crypto/rand#Read
	return hex.EncodeToString(buf[:])
}

func isSlackError(err error, codes ...string) bool {
	code := slackCode(err)
	for _, c := range codes {
		if code == c {
			return true
		}
	}
	return false
}

// slackCode returns Slack's word for the error, or "".
func slackCode(err error) string {
	var e slack.SlackErrorResponse
	if errors.As(err, &e) {
		return e.Err
	}
	return ""
}

// classify says for the outbox what is known of a call that failed.
// https://docs.slack.dev/apis/web-api/rate-limits and each method's error table.
func classify(err error) error {
	if err == nil {
		return nil
	}
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var op *net.OpError
	var classed *outbox.Error
	switch {
	case errors.As(err, &classed):
		return err
	case errors.As(err, &limited):
		return outbox.Later(&outbox.Limited{After: limited.RetryAfter}, limited.RetryAfter)
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		return outbox.Later(&outbox.Limited{After: 30 * time.Second}, 30*time.Second)
	case errors.As(err, &op) && op.Op == "dial":
		return outbox.Later(err, 0)
	case isTimeout(err):
		return outbox.TimedOut(err)
	}
	switch code := slackCode(err); code {
	case "":
		return outbox.Lost(err) // a reset, an unexpected end, a 5xx
	case "ratelimited", "rate_limited":
		return outbox.Later(&outbox.Limited{After: 30 * time.Second}, 30*time.Second)
	case "internal_error", "fatal_error", "request_timeout", "service_unavailable":
		return outbox.Lost(err)
	case "not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "missing_scope",
		"not_allowed_token_type", "no_permission", "team_access_not_granted", "ekm_access_denied", "accesslimited", "access_denied",
		"restricted_action", "is_archived", "not_in_channel", "channel_not_found", "messages_tab_disabled", "not_enabled":
		return outbox.Later(err, time.Minute) // a person can mend it; it is owed until then
	default:
		return outbox.Never(err)
	}
}

func isLimited(err error) bool {
	var limited *slack.RateLimitedError
	return errors.As(err, &limited)
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &t) && t.Timeout()
}
