package fakeslack

import (
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// hook is a response_url: 5 uses within 30 minutes.
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
type hook struct {
	user     string
	channel  string
	original string // ts of the message that the action came from; "" for a slash command
	at       time.Time
	uses     int
}

// newHook gives a response_url. The caller holds mu.
func (s *Server) newHook(user, channel, original string) string {
	id := s.id("hook-")
	s.hooks[id] = &hook{user: user, channel: channel, original: original, at: s.timers.now()}
	return s.base + "/slack/hooks/" + id
}

// serveHook takes what an app posts to a response_url and answers "ok".
func (s *Server) serveHook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	a := args{}
	if err != nil || json.Unmarshal(body, (*map[string]any)(&a)) != nil {
		http.Error(w, "invalid_payload", http.StatusBadRequest)
		return
	}
	f := s.takeFault("response_url", a)
	entry := Call{Method: "response_url", Args: redact(a)}
	if !f.before(r.Context(), s.timers) {
		s.record(entry.outcome("dropped before"))
		hangUp(w)
		return
	}
	if f.HTTPStatus != 0 {
		s.record(entry.failed(f.HTTPStatus, ""))
		http.Error(w, http.StatusText(f.HTTPStatus), f.HTTPStatus)
		return
	}
	status, bad := s.useHook(r.PathValue("id"), a)
	entry.HTTPStatus, entry.OK, entry.Applied = status, bad == nil, bad == nil
	if bad != nil {
		entry.Error = bad.code
		s.record(entry)
		writeJSON(w, status, errorBody(bad))
		return
	}
	if f.DropAfter {
		s.record(entry.outcome("dropped after"))
		hangUp(w)
		return
	}
	s.record(entry)
	_, _ = io.WriteString(w, "ok")
}

func (s *Server) useHook(id string, a args) (int, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hooks[id]
	switch {
	case h == nil:
		return http.StatusNotFound, fail("expired_url")
	case s.timers.now().Sub(h.at) > time.Duration(s.limits.ResponseURLSeconds)*time.Second:
		return http.StatusNotFound, fail("expired_url")
	case h.uses >= s.limits.ResponseURLUses:
		return http.StatusNotFound, fail("used_url")
	}
	ch, original := s.channels[h.channel], s.message(h.channel, h.original)
	if ch == nil {
		return http.StatusNotFound, fail("channel_not_found")
	}
	if a.flag("delete_original") {
		h.uses++
		if original != nil {
			s.remove(original)
		}
		return http.StatusOK, nil
	}
	body, bad := s.readContent(a)
	if bad == nil && body.empty() {
		bad = fail("no_text")
	}
	if bad != nil {
		return http.StatusBadRequest, bad
	}
	h.uses++
	if original != nil && a.flag("replace_original") { // an ephemeral message stays ephemeral, and the reverse
		changed := *original
		changed.Text, changed.Blocks, changed.Attachments = body.text, body.blocks, body.attachments
		s.replace(original, changed)
		return http.StatusOK, nil
	}
	m := s.botMessage(ch, body)
	m.ThreadTS = a.str("thread_ts")
	if a.str("response_type") != "in_channel" {
		m.EphemeralTo = h.user
	}
	s.post(m)
	return http.StatusOK, nil
}
