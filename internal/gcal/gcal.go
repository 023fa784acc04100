// Package gcal speaks to Google Calendar. It is the only package that imports Google's client.
//
// It makes one attempt per call, each with a deadline, and never repeats one by itself: the client library does not
// retry Calendar calls either. Every error has a class of package outbox, so that the caller knows whether the call
// may have happened, and a sentence that says what to do. No error names a candidate or repeats what Google said
// about an event.
package gcal

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"google.golang.org/api/calendar/v3"
	"google.golang.org/api/option"
)

// DefaultTimeout is the deadline of one call, unless Options has another.
const DefaultTimeout = 15 * time.Second

// Scopes are what Convene asks for: to write interviews, and to read busy time of colleagues' calendars. A service
// account must be delegated at least these.
// https://developers.google.com/workspace/calendar/api/auth
var Scopes = []string{calendar.CalendarEventsScope, calendar.CalendarEventsFreebusyScope}

// Options say which calendar to use, and as whom.
type Options struct {
	// CredentialsJSON is a service-account key or an authorized-user file (GOOGLE_CREDENTIALS). It may be empty when
	// BaseURL is on a loopback address.
	CredentialsJSON []byte
	// Impersonate is the user as whom a service account acts (GOOGLE_IMPERSONATE).
	Impersonate string
	// CalendarID is the calendar of the interviews (GOOGLE_CALENDAR_ID); empty means primary.
	CalendarID string
	// BaseURL replaces Google's address (GOOGLE_CALENDAR_URL); it ends in /calendar/v3/.
	BaseURL string
	// HTTPTimeout is the deadline of one call; 0 means DefaultTimeout.
	HTTPTimeout time.Duration
	UserAgent   string
	// Scopes are asked for in place of the package's Scopes, when there are any.
	Scopes []string
	// Transport carries all calls, those for tokens too; nil means one of the client's own.
	Transport http.RoundTripper
}

// Client reads and writes the interviews' calendar. Its methods may be called from several goroutines.
type Client struct {
	service    *calendar.Service
	tokens     oauth2.TokenSource // nil: calls carry none
	calendarID string
	timeout    time.Duration
}

// New checks the settings and returns a client; it asks Google nothing yet. Its error lists every setting that is
// wrong, with what to do.
func New(ctx context.Context, o Options) (*Client, error) {
	if o.HTTPTimeout == 0 {
		o.HTTPTimeout = DefaultTimeout
	}
	if o.CalendarID == "" {
		o.CalendarID = "primary"
	}
	if len(o.Scopes) == 0 {
		o.Scopes = Scopes
	}
	transport := o.transport()
	base, loopback, urlErr := checkBaseURL(o.BaseURL)
	var tokens oauth2.TokenSource
	var credentialsErr error
	if len(o.CredentialsJSON) > 0 || urlErr == nil && !loopback {
		// Tokens are refreshed for as long as the client lives, also while the program finishes what it has begun.
		tokenCtx := context.WithValue(context.WithoutCancel(ctx), oauth2.HTTPClient, &http.Client{Timeout: o.HTTPTimeout, Transport: transport})
		tokens, credentialsErr = tokenSource(tokenCtx, o)
	}
	if err := errors.Join(urlErr, credentialsErr); err != nil {
		return nil, err
	}
	client := &http.Client{Transport: transport}
	if tokens != nil {
		client.Transport = &oauth2.Transport{Source: tokens, Base: client.Transport}
	}
	options := []option.ClientOption{option.WithHTTPClient(client)}
	if base != "" {
		options = append(options, option.WithEndpoint(base))
	}
	service, err := calendar.NewService(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("set up the Google Calendar client: %w", err)
	}
	service.UserAgent = o.UserAgent
	return &Client{service: service, tokens: tokens, calendarID: o.CalendarID, timeout: o.HTTPTimeout}, nil
}

// checkBaseURL returns the address with the slash that Google's client needs at its end; empty stays empty.
func checkBaseURL(text string) (base string, loopback bool, err error) {
	if text == "" {
		return "", false, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", false, errors.New("GOOGLE_CALENDAR_URL is not a full URL: give one such as https://www.googleapis.com/calendar/v3/")
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
	}
	if !strings.HasSuffix(u.Path, "/calendar/v3/") {
		return "", false, fmt.Errorf("GOOGLE_CALENDAR_URL ends in %q: it must end in /calendar/v3/", u.Path)
	}
	ip := net.ParseIP(u.Hostname())
	loopback = u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if u.Scheme == "http" && !loopback {
		return "", false, errors.New("GOOGLE_CALENDAR_URL begins with http: credentials would travel unencrypted; use https, or a loopback address")
	}
	return u.String(), loopback, nil
}
