package fakegoogle

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// prefix is where Handler serves everything.
const prefix = "/google/"

// maxBody is the largest request that is read, in bytes.
const maxBody = 1 << 20

// Server is one Google with its users and calendars. Make it with [New].
type Server struct {
	mu       sync.Mutex
	opt      Options
	state    state
	faults   []*Fault
	requests []*Request
	listings listings
	spent    map[string][]spending // quota units by principal
	meet     meetMode

	version     uint64 // counts changes
	subscribers map[chan struct{}]bool
}

// New returns a server without users or calendars.
func New(opt Options) *Server {
	opt.setDefaults()
	return &Server{
		opt:         opt,
		state:       newState(),
		listings:    listings{byToken: map[string]*listing{}},
		spent:       map[string][]spending{},
		subscribers: map[chan struct{}]bool{},
	}
}

// call is one authenticated request.
type call struct {
	*http.Request
	method string // as Google names it, e.g. events.insert
	query  url.Values
	body   []byte
	who    principal
	now    time.Time
	fault  *Fault // nil in most
}

// method is a method of the API and what it needs.
type method struct {
	name    string
	pattern string // HTTP verb and path below /google/calendar/v3/
	scopes  []string
	query   []string
	run     func(*Server, *call) (any, error) // called with the lock held; nil and nil means 204
}

var errNotModified = errors.New("not modified") // 304

// commonQuery are parameters that every method takes.
// https://developers.google.com/workspace/calendar/api/v3/reference
var commonQuery = []string{"alt", "prettyPrint", "fields", "quotaUser", "userIp", "key", "oauth_token", "access_token", "$.xgafv", "callback"}

// Handler serves /google/calendar/v3/…, /google/token and /google/auth.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, m := range methods() {
		verb, path, _ := strings.Cut(m.pattern, " ")
		mux.HandleFunc(verb+" "+prefix+"calendar/v3/"+path, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, m) })
	}
	mux.HandleFunc("POST "+prefix+"token", s.serveToken)
	mux.HandleFunc("GET "+prefix+"auth", s.serveConsent)
	mux.HandleFunc(prefix, s.serveUnknown)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		w.Header().Set("Date", s.opt.ProtocolNow().UTC().Format(http.TimeFormat))
		s.mu.Unlock()
		mux.ServeHTTP(w, r)
	})
}

// serveUnknown answers what no method is registered for, and notes it: a client that asks for it has a mistake.
func (s *Server) serveUnknown(w http.ResponseWriter, r *http.Request) {
	entry := s.note(&Request{Method: "unknown", HTTPMethod: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery})
	s.finish(entry, http.StatusNotFound)
	errNotFound().write(w)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, m method) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		errBadRequest("The request could not be read.").write(w)
		return
	}
	entry := s.note(&Request{
		Method: m.name, HTTPMethod: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Body: string(body),
		IfMatch: r.Header.Get("If-Match"),
	})
	c := &call{Request: r, method: m.name, query: r.URL.Query(), body: body}
	err = s.admit(c, m, entry)
	if err == nil {
		err = c.fault.before(s)
	}
	var answer []byte
	if err == nil {
		answer, err = s.run(c, m)
	}
	status := http.StatusOK
	var refused *apiError
	switch {
	case err == nil && answer == nil:
		status = http.StatusNoContent
	case errors.Is(err, errNotModified):
		status = http.StatusNotModified
	case errors.As(err, &refused):
		status = refused.Code
	case err != nil:
		refused = standardError(http.StatusInternalServerError, "backendError")
		status = refused.Code
	}
	s.finish(entry, status)
	if err == nil && c.fault.after(w) {
		return
	}
	switch {
	case refused != nil:
		refused.write(w)
	case answer == nil:
		w.WriteHeader(status)
	default:
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		_, _ = w.Write(answer) // the client has gone; nothing is left to tell it
	}
}

// admit checks who calls and whether they may use the method at all, and takes the fault that is set for the call.
func (s *Server) admit(c *call, m method, entry *Request) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	who, err := s.authenticate(c.Request)
	if err != nil {
		return err
	}
	c.who = who
	entry.Principal = who.Email
	if !who.holdsAny(m.scopes) {
		return errScopes()
	}
	if err := s.spend(who.Email, c.Request.Method); err != nil {
		return err
	}
	c.fault = s.takeFault(m.name, c.Request)
	if c.fault != nil {
		entry.Fault = c.fault.Action
	}
	return nil
}

// run carries a call out and renders its answer before anything else may change.
func (s *Server) run(c *call, m method) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.opt.Now()
	s.settle(c.now)
	if s.opt.Strict {
		for name := range c.query {
			if !slices.Contains(m.query, name) && !slices.Contains(commonQuery, name) {
				return nil, errBadRequest("Unknown parameter '" + name + "' of " + m.name + ".")
			}
		}
	}
	answer, err := m.run(s, c)
	if err != nil || answer == nil {
		return nil, err
	}
	return json.Marshal(answer)
}

// decode reads a JSON body. Google ignores unknown fields; strict mode refuses them.
func (s *Server) decode(body []byte, into any) error {
	d := json.NewDecoder(strings.NewReader(string(body)))
	if s.opt.Strict {
		d.DisallowUnknownFields()
	}
	if err := d.Decode(into); err != nil {
		return errParse("Parse Error: " + err.Error())
	}
	if d.More() {
		return errParse("Parse Error: there is something after the JSON value.")
	}
	return nil
}

// changed wakes those who watch the state. The lock is held.
func (s *Server) changed() {
	s.version++
	for ch := range s.subscribers {
		select {
		case ch <- struct{}{}:
		default: // it has a wake-up waiting already
		}
	}
}

// Version counts changes of events, mail and calendars; it grows with each.
func (s *Server) Version() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.version
}

// Subscribe returns a channel that receives after changes; several changes may be told once. Call stop when done.
func (s *Server) Subscribe() (changes <-chan struct{}, stop func()) {
	ch := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subscribers[ch] = true
	return ch, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.subscribers, ch)
	}
}
