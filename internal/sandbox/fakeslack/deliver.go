package fakeslack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// delivery is one envelope on its way to the app, until it is acknowledged or too late.
type delivery struct {
	id      string
	kind    string // slash_commands, interactive or events_api
	payload Block
	accepts bool // accepts_response_payload
	attempt int  // events: 0, then 1..3
	conn    *conn
	done    chan struct{} // closed when acknowledged or given up
	stop    func()
	view    string        // whose submission it is
	then    func(*Result) // what Slack does once it knows, before anything else that the app does; may be nil
	result  Result        // set when done is closed

	acked   bool
	expired bool
	noConn  bool
	mark    int // 1 + index in violations of its no_ack
	ack     json.RawMessage
}

// deliver deals an envelope to one of the connections. Slack doesn't queue: without a connection an interaction fails
// at once, and an event only comes back as a retry. The caller holds mu.
func (s *Server) deliver(kind string, payload Block, accepts bool, attempt int) *delivery {
	s.nextID["envelope"]++
	d := &delivery{id: fmt.Sprintf("%08x-0000-4000-8000-%012x", s.nextID["envelope"], s.nextID["envelope"]*7919), kind: kind,
		payload: payload, accepts: accepts, attempt: attempt, done: make(chan struct{}), stop: func() {}}
	s.deliveries[d.id] = d
	d.conn = s.nextConn()
	if d.conn == nil {
		d.noConn = true
		s.giveUp(d)
		return d
	}
	frame := Block{"envelope_id": d.id, "type": kind, "accepts_response_payload": accepts, "payload": payload}
	if kind == "events_api" {
		frame["retry_attempt"], frame["retry_reason"] = attempt, ""
		if attempt > 0 {
			frame["retry_reason"] = "timeout"
		}
	}
	// Before the frame is out: who reads it may move the clock at once.
	d.stop = s.timers.after(s.patience(s.limits.AckSeconds), func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.expire(d)
	})
	d.conn.delivered++
	d.conn.send(frame)
	s.bump()
	return d
}

// nextConn deals round robin. A silent connection takes its turn: Slack doesn't know that it is dead.
func (s *Server) nextConn() *conn {
	for range s.conns {
		s.turn = (s.turn + 1) % len(s.conns)
		if c := s.conns[s.turn]; !c.draining && !c.gone {
			return c
		}
	}
	return nil
}

// expire is what happens 3 s after an envelope that was not acknowledged.
func (s *Server) expire(d *delivery) {
	if d.acked || d.expired || s.closed {
		return
	}
	if !d.conn.gone && !d.conn.silent && !d.conn.draining {
		s.violate("no_ack", d.id, fmt.Sprintf("%s was not acknowledged within %d s", d.kind, s.limits.AckSeconds))
		d.mark = len(s.violations)
	}
	s.giveUp(d)
}

// giveUp ends a delivery that got no ack. An event will be sent again.
func (s *Server) giveUp(d *delivery) {
	d.expired = true
	s.finish(d)
	s.bump()
	if d.kind != "events_api" || d.attempt >= len(s.opts.EventRetries) {
		return
	}
	s.timers.after(s.opts.EventRetries[d.attempt], func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.closed {
			s.deliver(d.kind, d.payload, d.accepts, d.attempt+1)
		}
	})
}

// finish says what became of a delivery, once.
func (s *Server) finish(d *delivery) {
	d.stop()
	select {
	case <-d.done:
		return
	default:
	}
	d.result = Result{Sent: true, EnvelopeID: d.id, Acked: d.acked, Ack: d.ack}
	switch {
	case d.noConn:
		d.result.Failure = DispatchFailed
	case !d.acked:
		d.result.Failure = OperationTimeout
	}
	if d.then != nil {
		d.then(&d.result)
	}
	delete(s.submitting, d)
	close(d.done)
}

// then has Slack do something as soon as it knows what became of a delivery: whatever the app does next comes after it.
// The caller has held mu since the delivery began.
func (s *Server) then(d *delivery, do func(*Result)) {
	select {
	case <-d.done: // there was no connection
		do(&d.result)
	default:
		d.then = do
	}
}

// Pending counts the envelopes on their way: the app has neither acknowledged them nor missed its time, and the
// connection that they were dealt to works.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, d := range s.deliveries {
		if !d.acked && !d.expired && !d.conn.gone && !d.conn.silent && !d.conn.draining {
			n++
		}
	}
	return n
}

// acknowledge takes a frame from the app. The caller holds mu.
func (s *Server) acknowledge(c *conn, data []byte) {
	if len(data) >= s.limits.AckBytes {
		s.violate("ack_too_large", "", fmt.Sprintf("a frame of %d bytes: Slack drops %d and more without a word", len(data), s.limits.AckBytes))
		return
	}
	var frame struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(data, &frame); err != nil || frame.EnvelopeID == "" {
		s.violate("bad_frame", "", "a frame that is no acknowledgement")
		return
	}
	d := s.deliveries[frame.EnvelopeID]
	switch {
	case d == nil:
		s.violate("unknown_envelope", frame.EnvelopeID, "acknowledged an envelope that was never sent")
	case d.acked:
		s.violate("double_ack", d.id, d.kind+" was acknowledged twice")
	case d.conn != c:
		// Assumed not to count (unconfirmed). After its own connection has gone the client is not to blame.
		if d.conn != nil && !d.conn.gone {
			s.violate("wrong_connection", d.id, "acknowledged on another connection than it came on")
		}
	case d.expired:
		late := Violation{Kind: "late_ack", EnvelopeID: d.id, Detail: fmt.Sprintf("%s was acknowledged after more than %d s", d.kind, s.limits.AckSeconds)}
		if d.mark > 0 {
			s.violations[d.mark-1] = late
		} else {
			s.violations = append(s.violations, late)
		}
		s.bump()
	default:
		d.acked = true
		c.acked++
		if text := string(frame.Payload); text != "null" && text != "" {
			d.ack = frame.Payload
		}
		s.finish(d)
		s.bump()
	}
}

// Redeliver sends an envelope's payload once more, under a new envelope id: events with their retry count, interactions
// as they were (delivery is at least once). It returns the new envelope id.
func (s *Server) Redeliver(envelopeID string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.deliveries[envelopeID]
	if d == nil {
		return "", fmt.Errorf("fakeslack: there was no envelope %s", envelopeID)
	}
	attempt := 0
	if d.kind == "events_api" {
		attempt = d.attempt + 1
	}
	return s.deliver(d.kind, d.payload, d.accepts, attempt).id, nil
}

// event tells the app about something, when it has asked for that in its manifest. The caller holds mu. Without an
// envelope the result is nil.
func (s *Server) event(subscription string, inner Block) *delivery {
	if !s.app.SocketMode || !slices.Contains(s.app.BotEvents, subscription) {
		return nil
	}
	payload := Block{"token": "fakeslack", "team_id": s.opts.TeamID, "context_team_id": s.opts.TeamID, "context_enterprise_id": nil,
		"api_app_id": s.app.ID, "type": "event_callback", "event_id": s.id("Ev"), "event_time": s.now().Unix(), "event": inner,
		"authorizations": []any{Block{"enterprise_id": nil, "team_id": s.opts.TeamID, "user_id": s.app.BotUserID, "is_bot": true,
			"is_enterprise_install": false}},
		"is_ext_shared_channel": false, "event_context": "4-fakeslack"}
	return s.deliver("events_api", payload, false, 0)
}

// granted says whether the app's installation has a scope.
func (s *Server) granted(scope string) bool {
	for _, t := range s.tokens {
		if t.Kind == BotToken && !t.Revoked && slices.Contains(t.Scopes, scope) {
			return true
		}
	}
	return false
}

// messageEvent tells the app about a message in a conversation that it is in: message.im, message.channels ... and
// app_mention. extra is empty for a new message, or has the subtype of a change. The app's own messages come too.
func (s *Server) messageEvent(m *Message, extra Block) *delivery {
	ch := s.channels[m.Channel]
	if ch == nil || !s.inChannel(ch, s.app.BotUserID) {
		return nil
	}
	kinds := map[string][2]string{"im": {"message.im", "im"}, "mpim": {"message.mpim", "mpim"},
		"private_channel": {"message.groups", "group"}, "public_channel": {"message.channels", "channel"}}
	names := kinds[ch.kind()]
	body := s.messageJSON(m, true)
	event := Block{"type": "message", "channel": ch.ID, "channel_type": names[1], "event_ts": m.TS}
	if sub, changed := extra["subtype"]; changed {
		event["ts"], event["hidden"], event["event_ts"] = s.ts(), true, m.TS
		for k, v := range extra {
			event[k] = v
		}
		if sub == "message_changed" {
			event["message"] = body
		}
	} else {
		for k, v := range body {
			event[k] = v
		}
		if m.User != s.app.BotUserID && ch.kind() != "im" && strings.Contains(m.Text, "<@"+s.app.BotUserID+">") && s.granted("app_mentions:read") {
			mention := Block{"type": "app_mention", "user": m.User, "text": m.Text, "ts": m.TS, "channel": ch.ID, "event_ts": m.TS}
			if m.ThreadTS != "" {
				mention["thread_ts"] = m.ThreadTS
			}
			s.event("app_mention", mention)
		}
	}
	if !s.granted(ch.scopePrefix() + ":history") {
		return nil
	}
	return s.event(names[0], event)
}
