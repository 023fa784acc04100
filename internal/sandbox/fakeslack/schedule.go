package fakeslack

import (
	"slices"
	"strconv"
	"time"
)

// scheduledMessage waits for its time, on the product clock. It is posted when somebody next looks at or calls the
// server after that (see postDue).
type scheduledMessage struct {
	ID      string
	PostAt  time.Time
	Created time.Time
	Message Message
}

// scheduleMessage takes a message for later. Slack doesn't post scheduled messages that carry metadata: they are
// accepted, and dropped when their time comes. https://docs.slack.dev/reference/methods/chat.scheduleMessage
func (c *call) scheduleMessage() (Block, *apiError) {
	s := c.s
	ch, bad := c.target(c.args.str("channel"))
	if bad != nil {
		return nil, bad
	}
	seconds, err := strconv.ParseInt(c.args.str("post_at"), 10, 64)
	if err != nil {
		return nil, fail("invalid_time")
	}
	at := time.Unix(seconds, 0)
	switch {
	case !at.After(s.now()):
		return nil, fail("time_in_past")
	case at.After(s.now().AddDate(0, 0, s.limits.ScheduleDaysAhead)):
		return nil, fail("time_too_far")
	}
	near := 0
	for _, other := range s.scheduled {
		if other.Message.Channel == ch.ID && other.PostAt.Sub(at).Abs() < 5*time.Minute {
			near++
		}
	}
	if near >= s.limits.SchedulePerChannelPer5Min {
		return nil, fail("restricted_too_many")
	}
	body, bad := s.readContent(c.args)
	if bad != nil {
		return nil, bad
	}
	if body.empty() {
		return nil, fail("no_text")
	}
	meta, _, bad := s.readMetadata(c.args)
	if bad != nil {
		return nil, bad
	}
	m := s.botMessage(ch, body)
	m.ThreadTS, m.Metadata = c.args.str("thread_ts"), meta
	x := &scheduledMessage{ID: s.id("Q"), PostAt: at, Created: s.now(), Message: *m}
	s.scheduled = append(s.scheduled, x)
	return Block{"channel": ch.ID, "scheduled_message_id": x.ID, "post_at": strconv.FormatInt(seconds, 10), "message": s.messageJSON(m, true)}, nil
}

func (c *call) scheduledMessages() (Block, *apiError) {
	list := []any{}
	for _, x := range c.s.scheduled {
		if id := c.args.str("channel"); id == "" || id == x.Message.Channel {
			list = append(list, Block{"id": x.ID, "channel_id": x.Message.Channel, "post_at": x.PostAt.Unix(),
				"date_created": x.Created.Unix(), "text": x.Message.Text})
		}
	}
	return Block{"scheduled_messages": list, "response_metadata": Block{"next_cursor": ""}}, nil
}

func (c *call) deleteScheduled() (Block, *apiError) {
	id := c.args.str("scheduled_message_id")
	for i, x := range c.s.scheduled {
		if x.ID == id && x.Message.Channel == c.args.str("channel") {
			c.s.scheduled = slices.Delete(c.s.scheduled, i, i+1)
			return Block{}, nil
		}
	}
	return nil, fail("invalid_scheduled_message_id")
}

// postDue posts the scheduled messages whose time has come. The caller holds mu.
func (s *Server) postDue() {
	for i := 0; i < len(s.scheduled); {
		x := s.scheduled[i]
		if x.PostAt.After(s.now()) {
			i++
			continue
		}
		s.scheduled = slices.Delete(s.scheduled, i, i+1)
		if x.Message.Metadata == nil {
			m := x.Message
			s.post(&m)
		}
	}
}
