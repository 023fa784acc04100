package fakegoogle

import (
	"net/http"
	"slices"
	"time"
)

// FaultAction is what goes wrong.
type FaultAction string

// What can go wrong. "Before" means that nothing was stored; "commit" that the call was carried out first.
const (
	FaultNone             FaultAction = ""                 // only Latency and Before
	FaultStatus           FaultAction = "status"           // Status and Reason, nothing stored
	FaultDropBefore       FaultAction = "dropBefore"       // the connection is closed, nothing stored
	FaultHang             FaultAction = "hang"             // no answer until the client gives up, nothing stored
	FaultCommitThenDrop   FaultAction = "commitThenDrop"   // stored, then the connection is closed
	FaultCommitThenStatus FaultAction = "commitThenStatus" // stored, then Status and Reason (default 503 backendError)
	FaultCommitThenHang   FaultAction = "commitThenHang"   // stored, then no answer until the client gives up
	FaultTruncatedJSON    FaultAction = "truncatedJSON"    // stored, then half an answer
	FaultHTML502          FaultAction = "html502"          // a proxy's page, nothing stored
	FaultEmpty500         FaultAction = "empty500"         // an empty answer, nothing stored
	FaultStaleRead        FaultAction = "staleRead"        // events.get answers the event as it was before its last change
)

// Fault makes calls fail.
type Fault struct {
	Method   string `json:"method,omitempty"`   // e.g. events.insert, or token; empty: every method
	Calendar string `json:"calendar,omitempty"` // empty: every calendar
	Skip     int    `json:"skip,omitempty"`     // so many matching calls pass first
	Times    int    `json:"times,omitempty"`    // so many fail then; 0 means one, negative means all

	Action     FaultAction   `json:"action"`
	Status     int           `json:"status,omitempty"`
	Reason     string        `json:"reason,omitempty"`     // Google's, e.g. rateLimitExceeded
	RetryAfter int           `json:"retryAfter,omitempty"` // seconds; 0: no such header
	Latency    time.Duration `json:"latency,omitempty"`    // real time, before the call is carried out

	// Before runs before a matching call, without the lock: to move an event between a read and a write, for example.
	Before func(*Server) `json:"-"`

	left    int
	request *http.Request
}

// AddFault sets a fault. Several may be set; the oldest that matches a call is used.
func (s *Server) AddFault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.left = f.Times
	if f.left == 0 {
		f.left = 1
	}
	s.faults = append(s.faults, &f)
}

// ClearFaults ends all faults.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// PendingFaults counts the faults that have not happened to their end; a test ends with none.
func (s *Server) PendingFaults() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.faults)
}

// takeFault returns the fault for a call, or nil. The lock is held.
func (s *Server) takeFault(method string, r *http.Request) *Fault {
	for i, f := range s.faults {
		if f.Method != "" && f.Method != method || f.Calendar != "" && fold(f.Calendar) != fold(r.PathValue("calendarId")) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		taken := *f
		taken.request = r
		if f.left > 0 {
			f.left--
		}
		if f.left == 0 {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
		return &taken
	}
	return nil
}

// before does what a fault does before a call is carried out; an error is the answer. A nil fault does nothing.
func (f *Fault) before(s *Server) error {
	if f == nil {
		return nil
	}
	if f.Before != nil {
		f.Before(s)
	}
	if f.Latency > 0 {
		timer := time.NewTimer(f.Latency)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-f.request.Context().Done():
		}
	}
	switch f.Action {
	case FaultStatus:
		return f.refusal()
	case FaultDropBefore:
		panic(http.ErrAbortHandler) // closes the connection without an answer
	case FaultHang:
		<-f.request.Context().Done()
		panic(http.ErrAbortHandler)
	case FaultHTML502:
		return &apiError{Code: http.StatusBadGateway, RawType: "text/html; charset=UTF-8",
			Raw: "<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title><p>That's an error.</html>"}
	case FaultEmpty500:
		return &apiError{Code: http.StatusInternalServerError, RawType: "text/plain"}
	}
	return nil
}

// after spoils the answer of a call that was carried out, and says whether it did.
func (f *Fault) after(w http.ResponseWriter) bool {
	if f == nil {
		return false
	}
	switch f.Action {
	case FaultCommitThenDrop:
		panic(http.ErrAbortHandler)
	case FaultCommitThenHang:
		<-f.request.Context().Done()
		panic(http.ErrAbortHandler)
	case FaultCommitThenStatus:
		f.refusal().write(w)
		return true
	case FaultTruncatedJSON:
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		_, _ = w.Write([]byte(`{"kind":"calendar#event","id":"`))
		return true
	}
	return false
}

func (f *Fault) refusal() *apiError {
	status, reason := f.Status, f.Reason
	if status == 0 {
		status = http.StatusServiceUnavailable
	}
	if reason == "" {
		reason = "backendError"
	}
	e := standardError(status, reason)
	e.Code, e.RetryAfter = status, f.RetryAfter
	return e
}
