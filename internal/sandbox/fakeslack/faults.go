package fakeslack

import (
	"context"
	"time"
)

// Fault makes calls of one method go wrong. Of Error, HTTPStatus, RetryAfter and DropBefore, set one: then the call is
// not applied. Of DropAfter, AfterStatus and AfterError, set one: then it is applied and the caller cannot know.
type Fault struct {
	Times int                            // how many calls it hits; 0: all until ClearFaults
	Match func(args map[string]any) bool // nil: every call

	Delay time.Duration   // on the protocol clock, before anything else
	Hold  <-chan struct{} // wait until it is closed, before anything else; the call is applied though its caller left

	Error      string        // "ok":false with this code
	HTTPStatus int           // e.g. 500, 503
	RetryAfter time.Duration // 429 with this Retry-After
	DropBefore bool          // the connection is lost before Slack did anything

	DropAfter   bool            // done, and then the connection is lost
	AfterStatus int             // done, and then this HTTP status, e.g. 503
	AfterError  string          // done, and then "ok":false, e.g. internal_error
	HoldAnswer  <-chan struct{} // done; the answer waits until this is closed
}

// SetFault makes calls of a method go wrong; "*" means every method. Besides Web API methods the names "upload",
// "response_url" and "socket" (opening the WebSocket) work. Several faults on one method take effect one after the
// other, each for its Times.
func (s *Server) SetFault(method string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[method] = append(s.faults[method], &f)
}

// ClearFaults takes all faults back.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.faults)
}

// takeFault finds the fault for a call and counts it.
func (s *Server) takeFault(method string, a args) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range []string{method, "*"} {
		for i, f := range s.faults[name] {
			if f.Match != nil && !f.Match(redact(a)) {
				continue
			}
			if f.Times > 0 {
				if f.Times--; f.Times == 0 {
					s.faults[name] = append(s.faults[name][:i:i], s.faults[name][i+1:]...)
				}
			}
			return *f
		}
	}
	return Fault{}
}

// before waits as the fault says, and returns false when the connection is to be lost.
func (f Fault) before(ctx context.Context, t *timers) bool {
	if f.Delay > 0 {
		passed := make(chan struct{})
		stop := t.after(f.Delay, func() { close(passed) })
		defer stop()
		select {
		case <-passed:
		case <-ctx.Done(): // the caller left; Slack carries on
		}
	}
	if f.Hold != nil {
		<-f.Hold
	}
	return !f.DropBefore
}

// after holds the answer back.
func (f Fault) after(ctx context.Context) {
	if f.HoldAnswer == nil {
		return
	}
	select {
	case <-f.HoldAnswer:
	case <-ctx.Done():
	}
}

// SetRateLimits switches Slack's rate limits on or off (they start off): per method and minute by its tier, and about
// one chat.postMessage a second in each channel. https://docs.slack.dev/apis/web-api/rate-limits
func (s *Server) SetRateLimits(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limited = on
	clear(s.buckets)
}

// bucket is a token bucket on the protocol clock.
type bucket struct {
	left float64
	at   time.Time
}

// overLimit takes a token, and says how long to wait when there is none.
func (s *Server) overLimit(name string, m method, a args) time.Duration {
	if !s.limited {
		return 0
	}
	if name == "chat.postMessage" {
		// "Generally one message per second per channel, short bursts are tolerated": a burst of 4 is our guess.
		if wait := s.take(name+" "+a.str("channel"), 1, 4); wait > 0 {
			return wait
		}
		return s.take(name, 5, 60) // "several hundred messages per minute" in the workspace
	}
	if m.perMin == 0 {
		return 0
	}
	return s.take(name, float64(m.perMin)/60, float64(m.perMin))
}

func (s *Server) take(key string, perSecond, burst float64) time.Duration {
	now := s.timers.now()
	b := s.buckets[key]
	if b == nil {
		b = &bucket{left: burst, at: now}
		s.buckets[key] = b
	}
	b.left = min(burst, b.left+now.Sub(b.at).Seconds()*perSecond)
	b.at = now
	if b.left < 1 {
		return time.Duration((1 - b.left) / perSecond * float64(time.Second))
	}
	b.left--
	return 0
}
