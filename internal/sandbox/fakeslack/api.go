package fakeslack

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// apiError is an "ok":false answer.
type apiError struct {
	code     string
	errors   []string // Slack's "errors" of invalid_blocks
	messages []string // response_metadata.messages
	needed   string   // missing_scope
	provided string
}

func fail(code string) *apiError { return &apiError{code: code} }

// invalidArguments is the answer to arguments and views that are not well formed.
func invalidArguments(messages ...string) *apiError {
	e := fail("invalid_arguments")
	for _, m := range messages {
		e.messages = append(e.messages, "[ERROR] "+m)
	}
	return e
}

// call is one Web API call on its way through.
type call struct {
	s      *Server
	method string
	args   args
	token  *Token
}

// need refuses a call whose token lacks a scope.
func (c *call) need(scope string) *apiError {
	if slices.Contains(c.token.Scopes, scope) {
		return nil
	}
	return &apiError{code: "missing_scope", needed: scope, provided: strings.Join(c.token.Scopes, ",")}
}

func (c *call) may(scope string) bool { return slices.Contains(c.token.Scopes, scope) }

// method is a Web API method: who may call it, with what, and what it does. do runs with Server.mu held.
type method struct {
	tokens   []string // kinds; nil: bot and user
	scope    string   // "" when none, or when it depends on the conversation
	required []string
	args     []string // optional ones
	public   bool     // no token needed
	perMin   int      // calls a minute: https://docs.slack.dev/apis/web-api/rate-limits; 0: special
	do       func(c *call) (Block, *apiError)
}

// allMethods is every method that the server knows.
func allMethods() map[string]method {
	all := map[string]method{}
	for _, group := range []map[string]method{chatMethods(), viewMethods(), conversationMethods(), userMethods(),
		fileMethods(), teamMethods()} {
		maps.Copy(all, group)
	}
	return all
}

// serveAPI answers one Web API call: fault, method, token, scope, arguments, rate, then the method itself.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	a, bad := readArgs(r)
	f := s.takeFault(name, a)
	entry := Call{Method: name, Args: redact(a)}
	if !f.before(r.Context(), s.timers) {
		s.record(entry.outcome("dropped before"))
		hangUp(w)
		return
	}
	if f.RetryAfter > 0 {
		s.record(entry.failed(http.StatusTooManyRequests, "ratelimited"))
		tooMany(w, f.RetryAfter)
		return
	}
	if f.HTTPStatus != 0 {
		s.record(entry.failed(f.HTTPStatus, ""))
		http.Error(w, http.StatusText(f.HTTPStatus), f.HTTPStatus)
		return
	}
	var body Block
	switch {
	case bad != nil:
		body = errorBody(bad)
	case f.Error != "":
		body = errorBody(fail(f.Error))
	default:
		s.inOrder(r.Context(), name, a)
		var wait time.Duration
		if body, wait = s.call(w.Header(), name, tokenOf(r, a), a); wait > 0 {
			s.record(entry.failed(http.StatusTooManyRequests, "ratelimited"))
			tooMany(w, wait)
			return
		}
	}
	entry.OK, _ = body["ok"].(bool)
	entry.Error, _ = body["error"].(string)
	entry.Applied = entry.OK
	entry.HTTPStatus = http.StatusOK
	switch {
	case f.DropAfter:
		entry.Outcome = "dropped after"
	case f.AfterStatus != 0:
		entry.HTTPStatus, entry.Outcome = f.AfterStatus, "answer lost"
	case f.AfterError != "":
		body = errorBody(fail(f.AfterError))
		entry.Outcome = "answer lost"
	}
	s.record(entry)
	f.after(r.Context())
	switch {
	case f.DropAfter:
		hangUp(w)
	case f.AfterStatus != 0:
		http.Error(w, http.StatusText(f.AfterStatus), f.AfterStatus)
	default:
		writeJSON(w, http.StatusOK, body)
	}
}

// inOrder lets a view's update wait for the acknowledgement of its submission, which came first, on its own way. Slack
// promises no such order, and neither does a server without Patience: an app must leave some time between the two.
func (s *Server) inOrder(ctx context.Context, method string, a args) {
	if s.opts.Patience <= 1 || method != "views.update" {
		return
	}
	_ = s.WaitFor(ctx, func() bool { // a caller that has left is found out later
		s.mu.Lock()
		defer s.mu.Unlock()
		for d := range s.submitting {
			if d.view == a.str("view_id") {
				return false
			}
		}
		return true
	})
}

// call runs a method. A wait greater than 0 says that the caller is over the rate limit.
func (s *Server) call(header http.Header, name, tokenValue string, a args) (body Block, wait time.Duration) {
	m, known := s.methods[name]
	if !known {
		return errorBody(&apiError{code: "unknown_method", messages: []string{name}}), 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.postDue()
	token, bad := s.authorize(m, tokenValue)
	if token != nil {
		header.Set("X-OAuth-Scopes", strings.Join(token.Scopes, ","))
		if m.scope != "" {
			header.Set("X-Accepted-OAuth-Scopes", m.scope)
		}
	}
	if bad == nil {
		bad = s.checkArgs(m, a)
	}
	if bad != nil {
		return errorBody(bad), 0
	}
	if wait := s.overLimit(name, m, a); wait > 0 {
		return nil, wait
	}
	out, bad := m.do(&call{s: s, method: name, args: a, token: token})
	if bad != nil {
		return errorBody(bad), 0
	}
	answer := Block{"ok": true}
	maps.Copy(answer, out)
	return answer, 0
}

func (s *Server) checkArgs(m method, a args) *apiError {
	if s.opts.Strict {
		for _, name := range slices.Sorted(maps.Keys(a)) {
			if name != "token" && !slices.Contains(m.required, name) && !slices.Contains(m.args, name) {
				return &apiError{code: "invalid_arg_name", messages: []string{"[ERROR] unknown argument: " + name}}
			}
		}
	}
	for _, name := range m.required {
		if !a.has(name) || a[name] == "" {
			return invalidArguments("missing required field: " + name)
		}
	}
	return nil
}

// errorBody is the JSON of an error.
func errorBody(e *apiError) Block {
	b := Block{"ok": false, "error": e.code}
	if e.needed != "" {
		b["needed"], b["provided"] = e.needed, e.provided
	}
	if len(e.errors) > 0 {
		b["errors"] = e.errors
	}
	if len(e.messages) > 0 {
		b["response_metadata"] = Block{"messages": e.messages}
	}
	return b
}

// tooMany is the answer to a caller over the rate limit. https://docs.slack.dev/apis/web-api/rate-limits
func tooMany(w http.ResponseWriter, wait time.Duration) {
	seconds := int((wait + time.Second - 1) / time.Second)
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	writeJSON(w, http.StatusTooManyRequests, errorBody(fail("ratelimited")))
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a caller that has gone is no news
}

// hangUp ends the connection without an answer.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_ = conn.Close()
}
