package fakegoogle

import (
	"net/http"
	"time"
)

// maxRequests is how many requests the ledger keeps; the oldest go first.
const maxRequests = 20_000

// Request is one line of the ledger: what a client asked, without its credentials.
type Request struct {
	At         time.Time   `json:"at"`
	Method     string      `json:"method"` // as Google names it, e.g. events.insert; token; unknown
	HTTPMethod string      `json:"httpMethod"`
	Path       string      `json:"path"`
	Query      string      `json:"query,omitempty"`
	IfMatch    string      `json:"ifMatch,omitempty"`
	Body       string      `json:"body,omitempty"`
	Principal  string      `json:"principal,omitempty"`
	Status     int         `json:"status"` // as the server decided; 0 when the connection was dropped before
	Fault      FaultAction `json:"fault,omitempty"`
}

// note adds a request to the ledger.
func (s *Server) note(r *Request) *Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.At = s.opt.Now()
	if len(s.requests) >= maxRequests {
		s.requests = append([]*Request(nil), s.requests[maxRequests/10:]...)
	}
	s.requests = append(s.requests, r)
	return r
}

func (s *Server) finish(r *Request, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Status = status
}

// Requests returns the ledger, oldest first: all of it, or only the methods named.
func (s *Server) Requests(methods ...string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Request
	for _, r := range s.requests {
		wanted := len(methods) == 0
		for _, m := range methods {
			wanted = wanted || m == r.Method
		}
		if wanted {
			found = append(found, *r)
		}
	}
	return found
}

// spending is what a call cost, and when.
type spending struct {
	at    time.Time
	units int
}

// spend counts a call against the principal's quota over the last minute. The lock is held.
// https://developers.google.com/workspace/calendar/api/guides/quota
func (s *Server) spend(who, httpMethod string) error {
	if s.opt.QuotaPerMinute <= 0 {
		return nil
	}
	now := s.opt.ProtocolNow()
	units := 1
	if httpMethod == http.MethodPatch {
		units = 3
	}
	sum := units
	var recent []spending
	for _, sp := range s.spent[who] {
		if now.Sub(sp.at) < time.Minute {
			recent = append(recent, sp)
			sum += sp.units
		}
	}
	if sum > s.opt.QuotaPerMinute {
		s.spent[who] = recent
		return standardError(http.StatusForbidden, "userRateLimitExceeded")
	}
	s.spent[who] = append(recent, spending{now, units})
	return nil
}
