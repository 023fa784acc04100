package fakeslack

import "slices"

// botMessage is a new message by the app.
func (s *Server) botMessage(ch *Channel, body content) *Message {
	return &Message{Channel: ch.ID, User: s.app.BotUserID, BotID: s.app.BotID, AppID: s.app.ID, Text: body.text,
		Blocks: body.blocks, Attachments: body.attachments}
}

// post gives a message its ts, stores it and tells the app about it where it has asked for that.
func (s *Server) post(m *Message) (told *delivery) {
	m.TS = s.ts()
	s.messages[m.Channel] = append(s.messages[m.Channel], m)
	s.posted = append(s.posted, *m)
	if m.ThreadTS != "" && m.EphemeralTo == "" {
		if parent := s.message(m.Channel, m.ThreadTS); parent != nil {
			parent.ReplyCount++
			parent.ThreadTS = parent.TS
		}
	}
	if m.EphemeralTo == "" {
		told = s.messageEvent(m, Block{})
	}
	s.bump()
	return told
}

// message finds a message by its ts; ephemeral ones too.
func (s *Server) message(channel, ts string) *Message {
	for _, m := range slices.Backward(s.messages[channel]) {
		if m.TS == ts {
			return m
		}
	}
	return nil
}

// replace puts an edited message in the place of the old one, and tells the app about it.
func (s *Server) replace(m *Message, changed Message) (told *delivery) {
	old := s.messageJSON(m, true)
	changed.EditedTS = s.ts()
	s.keepChosen(m, changed.Blocks)
	*m = changed
	if m.EphemeralTo == "" {
		told = s.messageEvent(m, Block{"subtype": "message_changed", "previous_message": old})
	}
	s.bump()
	return told
}

// remove deletes a message, and tells the app about it. A parent with replies stays as a tombstone.
func (s *Server) remove(m *Message) (told *delivery) {
	old := s.messageJSON(m, true)
	if m.ReplyCount > 0 {
		m.Deleted, m.Text, m.Blocks, m.Attachments, m.Files, m.Metadata = true, "This message was deleted.", nil, nil, nil, nil
	} else {
		s.messages[m.Channel] = slices.DeleteFunc(s.messages[m.Channel], func(x *Message) bool { return x == m })
		if parent := s.message(m.Channel, m.ThreadTS); parent != nil && m.ThreadTS != m.TS {
			parent.ReplyCount--
		}
	}
	if m.EphemeralTo == "" {
		told = s.messageEvent(m, Block{"subtype": "message_deleted", "previous_message": old, "deleted_ts": m.TS})
	}
	s.bump()
	return told
}

// messageJSON is a message as Slack sends it to apps. Only the app that asks for all metadata gets its payload.
func (s *Server) messageJSON(m *Message, metadata bool) Block {
	b := Block{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": s.opts.TeamID}
	if m.BotID != "" {
		b["bot_id"], b["app_id"] = m.BotID, m.AppID
		b["bot_profile"] = Block{"id": m.BotID, "app_id": m.AppID, "user_id": m.User, "name": s.app.Name, "team_id": s.opts.TeamID, "deleted": false}
	}
	if m.clientMsgID != "" {
		b["client_msg_id"] = m.clientMsgID
	}
	if len(m.Blocks) > 0 {
		b["blocks"] = m.Blocks
	}
	if len(m.Attachments) > 0 {
		b["attachments"] = m.Attachments
	}
	if m.Metadata != nil {
		meta := Block{"event_type": m.Metadata.EventType}
		if metadata {
			meta["event_payload"] = m.Metadata.EventPayload
		}
		b["metadata"] = meta
	}
	if m.EditedTS != "" {
		b["edited"] = Block{"user": m.User, "ts": m.EditedTS}
	}
	if m.ThreadTS != "" {
		b["thread_ts"] = m.ThreadTS
	}
	if m.ReplyCount > 0 {
		b["reply_count"] = m.ReplyCount
	}
	if m.Broadcast {
		b["subtype"] = "thread_broadcast"
	}
	if m.Deleted {
		b["subtype"], b["user"] = "tombstone", "USLACKBOT"
	}
	var files []any
	for _, f := range m.Files {
		files = append(files, s.fileJSON(&f))
	}
	if files != nil {
		b["files"] = files
	}
	var reactions []any
	for name, users := range m.Reactions {
		reactions = append(reactions, Block{"name": name, "users": users, "count": len(users)})
	}
	if reactions != nil {
		b["reactions"] = reactions
	}
	return b
}
