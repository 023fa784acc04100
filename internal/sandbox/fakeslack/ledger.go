package fakeslack

import (
	"maps"
	"slices"
	"time"
)

// Call is one call that the app made: a Web API method, "response_url", "upload" or "socket".
type Call struct {
	N          int            `json:"n"`
	At         time.Time      `json:"at"` // product clock
	Method     string         `json:"method"`
	Args       map[string]any `json:"args,omitempty"` // without the token
	OK         bool           `json:"ok"`
	Error      string         `json:"error,omitempty"`
	HTTPStatus int            `json:"http_status,omitempty"`
	Applied    bool           `json:"applied"`           // it took effect, whatever the caller learned
	Outcome    string         `json:"outcome,omitempty"` // "dropped before", "dropped after", "answer lost"
}

// Violation is a mistake of the app in the protocol, which real Slack would punish in silence.
type Violation struct {
	Kind       string `json:"kind"` // late_ack, no_ack, double_ack, unknown_envelope, wrong_connection, ack_too_large, bad_frame, bad_payload
	EnvelopeID string `json:"envelope_id,omitempty"`
	Detail     string `json:"detail"`
}

func (v Violation) String() string { return v.Kind + ": " + v.Detail }

// Calls lists every call so far, oldest first.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// CallsOf lists the calls of one method.
func (s *Server) CallsOf(method string) []Call {
	var out []Call
	for _, c := range s.Calls() {
		if c.Method == method {
			out = append(out, c)
		}
	}
	return out
}

// Posted lists every message that was ever posted, by anybody, as it was at first: deleted ones, ephemeral ones and
// messages whose answer was lost too.
func (s *Server) Posted() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.posted)
}

// Violations lists the app's mistakes in the protocol. Tests expect none.
func (s *Server) Violations() []Violation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

func (s *Server) record(c Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.N = len(s.calls) + 1
	c.At = s.now()
	s.calls = append(s.calls, c)
	s.opts.Logger.Debug("slack call", "method", c.Method, "ok", c.OK, "error", c.Error, "outcome", c.Outcome)
	s.bump()
}

func (c Call) outcome(what string) Call { c.Outcome = what; return c }

func (c Call) failed(status int, code string) Call {
	c.HTTPStatus, c.Error = status, code
	return c
}

// violate records a mistake. The caller holds mu.
func (s *Server) violate(kind, envelope, detail string) {
	s.violations = append(s.violations, Violation{Kind: kind, EnvelopeID: envelope, Detail: detail})
	s.opts.Logger.Warn("slack protocol mistake", "kind", kind, "envelope", envelope, "detail", detail)
	s.bump()
}

// redact copies arguments without the token.
func redact(a args) map[string]any {
	out := maps.Clone(map[string]any(a))
	delete(out, "token")
	return out
}
