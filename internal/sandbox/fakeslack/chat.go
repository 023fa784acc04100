package fakeslack

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

func chatMethods() map[string]method {
	content := []string{"text", "blocks", "attachments", "markdown_text", "thread_ts", "link_names", "parse", "username",
		"icon_emoji", "icon_url", "as_user", "mrkdwn"}
	post := append([]string{"metadata", "reply_broadcast", "unfurl_links", "unfurl_media"}, content...)
	update := append([]string{"metadata", "reply_broadcast", "file_ids", "unfurl_links", "unfurl_media"}, content...)
	return map[string]method{
		"chat.postMessage":            {scope: "chat:write", required: []string{"channel"}, args: post, do: (*call).postMessage},
		"chat.postEphemeral":          {scope: "chat:write", perMin: 100, required: []string{"channel", "user"}, args: content, do: (*call).postEphemeral},
		"chat.update":                 {scope: "chat:write", perMin: 50, required: []string{"channel", "ts"}, args: update, do: (*call).updateMessage},
		"chat.delete":                 {scope: "chat:write", perMin: 50, required: []string{"channel", "ts"}, args: []string{"as_user"}, do: (*call).deleteMessage},
		"chat.getPermalink":           {required: []string{"channel", "message_ts"}, do: (*call).getPermalink},
		"chat.scheduleMessage":        {scope: "chat:write", perMin: 50, required: []string{"channel", "post_at"}, args: post, do: (*call).scheduleMessage},
		"chat.scheduledMessages.list": {perMin: 50, args: []string{"channel", "cursor", "latest", "limit", "oldest", "team_id"}, do: (*call).scheduledMessages},
		"chat.deleteScheduledMessage": {scope: "chat:write", perMin: 50, required: []string{"channel", "scheduled_message_id"}, args: []string{"as_user"}, do: (*call).deleteScheduled},
		"reactions.add":               {scope: "reactions:write", perMin: 50, required: []string{"channel", "timestamp", "name"}, do: (*call).addReaction},
	}
}

// target finds the conversation to post to. A person's id means the DM with them, which opens.
func (c *call) target(id string) (*Channel, *apiError) {
	s := c.s
	if u := s.users[id]; u != nil {
		if u.Deleted || u.IsBot {
			return nil, fail("channel_not_found")
		}
		if !s.app.MessagesTab {
			return nil, fail("messages_tab_disabled")
		}
		ch, _ := s.openDM(id)
		return ch, nil
	}
	if name, ok := strings.CutPrefix(id, "#"); ok {
		for _, other := range s.chanIDs {
			if s.channels[other].Name == name {
				id = other
			}
		}
	}
	ch, bad := c.visible(id)
	switch {
	case bad != nil:
		return nil, bad
	case ch.IsArchived:
		return nil, fail("is_archived")
	case ch.IsIM && !s.app.MessagesTab:
		return nil, fail("messages_tab_disabled")
	case ch.IsIM && s.gone(ch.partner(s.app.BotUserID)):
		return nil, fail("channel_not_found")
	case !s.inChannel(ch, s.app.BotUserID) && !c.may("chat:write.public"):
		return nil, fail("not_in_channel")
	}
	return ch, nil
}

// gone says whether a person has left.
func (s *Server) gone(user string) bool { u := s.users[user]; return u == nil || u.Deleted }

func (c *call) postMessage() (Block, *apiError) {
	s := c.s
	ch, bad := c.target(c.args.str("channel"))
	if bad != nil {
		return nil, bad
	}
	body, bad := s.readContent(c.args)
	if bad != nil {
		return nil, bad
	}
	meta, _, bad := s.readMetadata(c.args)
	if bad != nil {
		return nil, bad
	}
	if body.empty() {
		return nil, fail("no_text")
	}
	if c.args.str("username")+c.args.str("icon_emoji")+c.args.str("icon_url") != "" {
		if bad := c.need("chat:write.customize"); bad != nil {
			return nil, bad
		}
	}
	if bad := c.checkThread(ch); bad != nil {
		return nil, bad
	}
	m := s.botMessage(ch, body)
	m.ThreadTS = c.args.str("thread_ts")
	m.Broadcast = m.ThreadTS != "" && c.args.flag("reply_broadcast")
	m.Metadata = meta
	m.Username = c.args.str("username")
	m.Unfurl = c.args.flag("unfurl_links") || !c.args.has("unfurl_media") || c.args.flag("unfurl_media")
	s.post(m)
	out := Block{"channel": ch.ID, "ts": m.TS, "message": s.messageJSON(m, true)}
	if body.warning != "" {
		out["warning"] = body.warning
		out["response_metadata"] = Block{"warnings": []any{body.warning}}
	}
	return out, nil
}

// checkThread refuses a reply to a message that is not there, or to a reply.
func (c *call) checkThread(ch *Channel) *apiError {
	ts := c.args.str("thread_ts")
	if ts == "" {
		return nil
	}
	parent := c.s.message(ch.ID, ts)
	switch {
	case parent == nil || parent.EphemeralTo != "":
		return fail("thread_not_found")
	case parent.ThreadTS != "" && parent.ThreadTS != parent.TS:
		return fail("cannot_reply_to_message")
	}
	return nil
}

// own finds a message that the app may change.
func (c *call) own(code string) (*Channel, *Message, *apiError) {
	ch, bad := c.visible(c.args.str("channel"))
	if bad != nil {
		return nil, nil, bad
	}
	m := c.s.message(ch.ID, c.args.str("ts"))
	switch {
	case m == nil || m.EphemeralTo != "" || m.Deleted:
		return nil, nil, fail("message_not_found")
	case m.BotID != c.s.app.BotID:
		return nil, nil, fail(code)
	case ch.IsArchived:
		return nil, nil, fail("is_inactive")
	}
	return ch, m, nil
}

// updateMessage changes what is given: blocks, attachments and metadata that are absent stay.
// https://docs.slack.dev/reference/methods/chat.update
func (c *call) updateMessage() (Block, *apiError) {
	ch, m, bad := c.own("cant_update_message")
	if bad != nil {
		return nil, bad
	}
	body, bad := c.s.readContent(c.args)
	if bad != nil {
		return nil, bad
	}
	if utf8.RuneCountInString(c.args.str("text")) > c.s.limits.UpdateTextMax {
		return nil, fail("msg_too_long")
	}
	meta, metaGiven, bad := c.s.readMetadata(c.args)
	if bad != nil {
		return nil, bad
	}
	if !body.hasText && !body.hasBlocks && !body.hasAttach {
		return nil, fail("no_text")
	}
	changed := *m
	if body.hasText || body.hasBlocks {
		changed.Text = body.text
	}
	if body.hasBlocks {
		changed.Blocks = body.blocks
	}
	if body.hasAttach {
		changed.Attachments = body.attachments
	}
	if metaGiven {
		changed.Metadata = meta
	}
	if strings.TrimSpace(changed.Text) == "" && len(changed.Blocks) == 0 && len(changed.Attachments) == 0 {
		return nil, fail("no_text")
	}
	c.s.replace(m, changed)
	return Block{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": c.s.messageJSON(m, true)}, nil
}

func (c *call) deleteMessage() (Block, *apiError) {
	ch, m, bad := c.own("cant_delete_message")
	if bad != nil {
		return nil, bad
	}
	c.s.remove(m)
	return Block{"channel": ch.ID, "ts": m.TS}, nil
}

func (c *call) postEphemeral() (Block, *apiError) {
	ch, bad := c.target(c.args.str("channel"))
	if bad != nil {
		return nil, bad
	}
	body, bad := c.s.readContent(c.args)
	if bad != nil {
		return nil, bad
	}
	if body.empty() {
		return nil, fail("no_text")
	}
	user := c.args.str("user")
	if !c.s.inChannel(ch, user) {
		return nil, fail("user_not_in_channel")
	}
	if bad := c.checkThread(ch); bad != nil {
		return nil, bad
	}
	m := c.s.botMessage(ch, body)
	m.EphemeralTo, m.ThreadTS = user, c.args.str("thread_ts")
	c.s.post(m)
	return Block{"message_ts": m.TS}, nil
}

func (c *call) getPermalink() (Block, *apiError) {
	ch, bad := c.visible(c.args.str("channel"))
	if bad != nil {
		return nil, bad
	}
	m := c.s.message(ch.ID, c.args.str("message_ts"))
	if m == nil || m.EphemeralTo != "" {
		return nil, fail("message_not_found")
	}
	link := fmt.Sprintf("https://%s.slack.com/archives/%s/p%s", c.s.opts.TeamDomain, ch.ID, strings.Replace(m.TS, ".", "", 1))
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + ch.ID
	}
	return Block{"channel": ch.ID, "permalink": link}, nil
}

func (c *call) addReaction() (Block, *apiError) {
	ch, bad := c.visible(c.args.str("channel"))
	if bad != nil {
		return nil, bad
	}
	m := c.s.message(ch.ID, c.args.str("timestamp"))
	name := strings.Trim(c.args.str("name"), ":")
	switch {
	case m == nil:
		return nil, fail("message_not_found")
	case name == "":
		return nil, fail("invalid_name")
	case slices.Contains(m.Reactions[name], c.s.app.BotUserID):
		return nil, fail("already_reacted")
	}
	with := map[string][]string{}
	for k, v := range m.Reactions {
		with[k] = v
	}
	with[name] = append(slices.Clone(with[name]), c.s.app.BotUserID)
	m.Reactions = with
	c.s.bump()
	return Block{}, nil
}
