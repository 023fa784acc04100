package sandbox

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"convene/internal/sandbox/fakeslack"
)

// maxWait bounds GET wait, in real time.
const maxWait = 10 * time.Minute

// condition is what GET wait waits for. All that is given must hold.
type condition struct {
	since  int64 // the version must be greater; -1: any
	as     *fakeslack.User
	in     string // a conversation, "home" or "modal"; "": anywhere
	text   string // which the person reads
	gone   bool   // the text is nowhere any more
	modal  string // "open" or "closed"
	mailed string // somebody was mailed with this address or subject
}

// wait answers when a condition holds, or when its time is over; met says which.
func (s *Sandbox) wait(r *http.Request) (any, error) {
	c, timeout, err := s.readCondition(r)
	if err != nil {
		return nil, err
	}
	over := time.After(timeout)
	for {
		version, changed := s.news()
		met, err := s.holds(c, version)
		if err != nil {
			return nil, err
		}
		if !met {
			select {
			case <-changed:
				continue
			case <-over:
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
		}
		answer := map[string]any{"ok": true, "met": met, "version": version}
		if c.as != nil {
			seen, err := s.see(*c.as, "")
			if err != nil {
				return nil, err
			}
			answer["seen"] = seen
		}
		return answer, nil
	}
}

func (s *Sandbox) readCondition(r *http.Request) (c condition, timeout time.Duration, err error) {
	q := r.URL.Query()
	c.since, timeout = -1, 30*time.Second
	if t := q.Get("timeout"); t != "" {
		if timeout, err = time.ParseDuration(t); err != nil || timeout < 0 || timeout > maxWait {
			return c, 0, fmt.Errorf("timeout must be a duration such as 30s, of %s at most", maxWait)
		}
	}
	if v := q.Get("since"); v != "" {
		if c.since, err = strconv.ParseInt(v, 10, 64); err != nil {
			return c, 0, fmt.Errorf("since must be a version from an earlier answer: %w", err)
		}
	}
	c.in, c.text, c.modal, c.mailed = q.Get("in"), q.Get("text"), q.Get("modal"), q.Get("mailed")
	c.gone = q.Get("gone") == "true" || q.Get("gone") == "1"
	if c.modal != "" && c.modal != "open" && c.modal != "closed" {
		return c, 0, fmt.Errorf("modal is open or closed, not %q", c.modal)
	}
	if name := q.Get("as"); name != "" || c.text != "" || c.modal != "" {
		u, err := s.person(name)
		if err != nil {
			return c, 0, err
		}
		c.as = &u
	}
	return c, timeout, nil
}

func (s *Sandbox) holds(c condition, version uint64) (bool, error) {
	if int64(version) <= c.since {
		return false, nil
	}
	if c.mailed != "" && !s.wasMailed(c.mailed) {
		return false, nil
	}
	if c.as == nil {
		return true, nil
	}
	open := len(s.Slack.Modals(c.as.ID)) > 0
	if c.modal != "" && open != (c.modal == "open") {
		return false, nil
	}
	if c.text == "" {
		return true, nil
	}
	seen, err := s.see(*c.as, "")
	if err != nil {
		return false, err
	}
	return strings.Contains(seen.part(c.in), c.text) != c.gone, nil
}

// part is the text of one place, or of everything.
func (s Seen) part(in string) string {
	var out []string
	for _, c := range s.Conversations {
		if in == "" || in == c.ID || in == c.Name || "#"+in == c.Name || in == "dm" && c.DM {
			for _, m := range c.Messages {
				out = append(out, m.Text)
			}
		}
	}
	if s.Home != nil && (in == "" || in == "home") {
		out = append(out, s.Home.Text)
	}
	if in == "" || in == "modal" {
		for _, m := range s.Modals {
			out = append(out, m.Text)
		}
	}
	return strings.Join(out, "\n")
}

func (s *Sandbox) wasMailed(words string) bool {
	for _, m := range s.mail.all() {
		if strings.Contains(strings.Join(m.To, " ")+"\n"+m.Subject, words) {
			return true
		}
	}
	for _, m := range s.Google.Mail() {
		if strings.Contains(m.To+"\n"+m.Subject, words) {
			return true
		}
	}
	return false
}

// beat is how often a quiet stream shows that it lives, in real time.
const beat = 15 * time.Second

// stream tells the version after each change, as server-sent events.
// https://html.spec.whatwg.org/multipage/server-sent-events.html
func (s *Sandbox) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	alive := time.NewTicker(beat)
	defer alive.Stop()
	for {
		version, changed := s.news()
		if _, err := fmt.Fprintf(w, "data: %d\n\n", version); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-alive.C:
		case <-r.Context().Done():
			return
		}
	}
}
