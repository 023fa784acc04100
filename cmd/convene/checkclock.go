package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// maxSkew is how far this machine's clock may be off. Slack refuses a trigger
// after 3 seconds and Google a sign-in that is minutes off, and every deadline
// is off by as much.
const maxSkew = time.Minute

// A clockReader carries calls, and reads from the answers' Date headers how far
// the far end's clock is ahead of this machine's.
type clockReader struct {
	next http.RoundTripper

	mu    sync.Mutex
	ahead time.Duration
	known bool
}

func readClock() *clockReader {
	return &clockReader{next: http.DefaultTransport.(*http.Transport).Clone()}
}

func (r *clockReader) RoundTrip(call *http.Request) (*http.Response, error) {
	sent := time.Now()
	answer, err := r.next.RoundTrip(call)
	if err != nil {
		return answer, err
	}
	date, bad := http.ParseTime(answer.Header.Get("Date"))
	if bad != nil {
		return answer, nil
	}
	middle := sent.Add(time.Since(sent) / 2)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ahead, r.known = date.Add(time.Second/2).Sub(middle), true // the header has whole seconds
	return answer, nil
}

// report says how far this machine's clock is off the far end's.
func (r *clockReader) report(s *section, farEnd string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	off, direction := r.ahead, "behind"
	if off < 0 {
		off, direction = -off, "ahead of"
	}
	switch {
	case !r.known:
		s.unseen("clock", farEnd+" did not tell the time")
	case off > maxSkew:
		s.fault("clock", fmt.Sprintf("this machine's clock is %s %s %s's: set it right and keep it so (NTP); tokens, triggers and deadlines go wrong by as much", inWords(off), direction, farEnd))
	default:
		s.fine("clock: this machine's agrees with %s's", farEnd)
	}
}

// inWords is a duration as a person says it, e.g. "1m30s" or "5m".
func inWords(d time.Duration) string {
	text := d.Round(time.Second).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	return text
}
