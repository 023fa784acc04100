package consent

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"convene/internal/gcal"
)

// Limit is how long a login waits for the user.
const Limit = 5 * time.Minute

// exchangeTimeout bounds the one call that turns the code into tokens.
const exchangeTimeout = 15 * time.Second

// A Login is one user's consent, under way: Google's flow for programs on the
// user's computer, with PKCE and a state.
// https://developers.google.com/identity/protocols/oauth2/native-app
type Login struct {
	// Limit is how long Run waits; Listen sets it to the constant.
	Limit time.Duration
	// Waiting, when set, is called each minute with the time that is left.
	Waiting func(left time.Duration)

	config   oauth2.Config
	redirect *url.URL
	listener net.Listener
	state    string
	verifier string

	taken    atomic.Bool   // an answer with the right state was taken
	answers  chan callback // takes one
	finished chan struct{} // closed when Run ends
}

// A callback is Google's answer, and how to tell the browser what came of it.
type callback struct {
	query   url.Values
	outcome chan<- error
}

// Listen begins a login: it listens on the loopback address for Google's
// answer, on the given port, or any when it is 0. Run must follow.
func Listen(c *Client, port int) (*Login, error) {
	redirect, err := c.redirect(port)
	if err != nil {
		return nil, err
	}
	// Never on another address: the answer holds the code.
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", redirect.Port()))
	if err != nil {
		return nil, fmt.Errorf("port %s of this machine can't be listened on: choose another with --port: %w", redirect.Port(), errors.Unwrap(err))
	}
	redirect.Host = net.JoinHostPort(redirect.Hostname(), fmt.Sprint(listener.Addr().(*net.TCPAddr).Port))
	return &Login{
		Limit: Limit,
		config: oauth2.Config{
			ClientID: c.id, ClientSecret: c.secret, Scopes: append(slices.Clone(gcal.Scopes), gcal.LookScope), RedirectURL: redirect.String(),
			// The code works once: the library must not try it in two ways.
			Endpoint: oauth2.Endpoint{AuthURL: c.authURI, TokenURL: c.tokenURI, AuthStyle: oauth2.AuthStyleInParams},
		},
		redirect: redirect, listener: listener,
		state: rand.Text(), verifier: oauth2.GenerateVerifier(),
		answers: make(chan callback, 1), finished: make(chan struct{}),
	}, nil
}

// URL is the address of Google's consent page for this login.
func (l *Login) URL() string {
	return l.config.AuthCodeURL(l.state, oauth2.AccessTypeOffline, oauth2.SetAuthURLParam("prompt", "consent"), oauth2.S256ChallengeOption(l.verifier))
}

// Port is the one that is listened on.
func (l *Login) Port() string { return l.redirect.Port() }

// Run waits for the user's consent and gives save the authorized-user file. The
// browser is told what came of it, also of saving. Its errors are sentences for
// the user; none is ctx's own, because a login that was stopped isn't done.
func (l *Login) Run(ctx context.Context, save func(file []byte) error) error {
	server := &http.Server{Handler: l, ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 32 << 10}
	server.SetKeepAlivesEnabled(false)
	served := make(chan error, 1)
	go func() { served <- server.Serve(l.listener) }()
	defer func() {
		close(l.finished)
		// The browser's answer may be on its way still.
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		_ = server.Shutdown(grace)
		_ = server.Close()
	}()
	limit := time.NewTimer(l.Limit)
	defer limit.Stop()
	minutes := time.NewTicker(time.Minute)
	defer minutes.Stop()
	until := time.Now().Add(l.Limit)
	for {
		select {
		case <-ctx.Done():
			return errStopped
		case <-limit.C:
			return fmt.Errorf("nobody consented within %s: run it again, and open the address that it prints", inMinutes(l.Limit))
		case err := <-served:
			return fmt.Errorf("wait for Google's answer: %w", err)
		case <-minutes.C:
			if l.Waiting != nil {
				l.Waiting(time.Until(until).Round(time.Minute))
			}
		case answer := <-l.answers:
			err := l.finish(ctx, answer.query, save)
			answer.outcome <- err
			return err
		}
	}
}

var errStopped = errors.New("the login was stopped: nothing was written")

func inMinutes(d time.Duration) string {
	if d%time.Minute == 0 && d > time.Minute {
		return fmt.Sprintf("%d minutes", d/time.Minute)
	}
	return d.String()
}

// ServeHTTP takes Google's answer from the user's browser.
func (l *Login) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	switch {
	case r.URL.Path != l.redirect.Path || r.Host != l.redirect.Host: // another name for this machine is not Google's doing
		http.NotFound(w, r)
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
	case subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(l.state)) != 1:
		showPage(w, http.StatusBadRequest, "This is not the answer that is waited for", "It doesn't belong to the login that is under way, so nothing was done with it. Open the newest address that convene has printed.")
	case !l.taken.CompareAndSwap(false, true):
		showPage(w, http.StatusConflict, "This login was answered already", "The first answer counts; this one was not used.")
	default:
		outcome := make(chan error, 1)
		l.answers <- callback{q, outcome}
		showOutcome(w, l.wait(outcome))
	}
}

// wait returns what came of an answer, also when Run has ended without taking it.
func (l *Login) wait(outcome <-chan error) error {
	select {
	case err := <-outcome:
		return err
	case <-l.finished:
	}
	select {
	case err := <-outcome:
		return err
	default:
		return errStopped
	}
}

// finish turns Google's answer into a file that is saved.
func (l *Login) finish(ctx context.Context, q url.Values, save func([]byte) error) error {
	if code := q.Get("error"); code != "" {
		return refusal(code)
	}
	client := &http.Client{Timeout: exchangeTimeout, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // the code and the secret go to one address
	}}
	token, err := l.config.Exchange(context.WithValue(ctx, oauth2.HTTPClient, client), q.Get("code"), oauth2.VerifierOption(l.verifier))
	if err != nil {
		return exchangeError(ctx, err)
	}
	if missing := missingScopes(token); len(missing) > 0 {
		return fmt.Errorf("the consent doesn't cover all that is needed; missing: %s. Run it again and leave every box on Google's page ticked", strings.Join(missing, ", "))
	}
	if token.RefreshToken == "" {
		return errors.New("Google gave no lasting consent (no refresh token): take the app's access away on https://myaccount.google.com/connections, and run it again")
	}
	file, err := authorizedUser(&l.config, token.RefreshToken)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return errStopped
	}
	return save(file)
}

// missingScopes returns the scopes that the user did not grant and the bot needs
// (gcal.LookScope is only for `convene check`). An answer that names none grants what was asked for.
// https://datatracker.ietf.org/doc/html/rfc6749#section-5.1
func missingScopes(token *oauth2.Token) []string {
	granted, _ := token.Extra("scope").(string)
	if granted == "" {
		return nil
	}
	has := map[string]bool{}
	for _, scope := range strings.Fields(granted) {
		has[scope] = true
	}
	var missing []string
	for _, scope := range gcal.Scopes {
		if !has[scope] {
			missing = append(missing, scope)
		}
	}
	return missing
}
