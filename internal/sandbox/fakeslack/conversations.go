package fakeslack

import (
	"slices"
	"strings"
)

func conversationMethods() map[string]method {
	history := []string{"cursor", "include_all_metadata", "inclusive", "latest", "limit", "oldest"}
	return map[string]method{
		"conversations.open":    {perMin: 50, args: []string{"users", "channel", "return_im", "prevent_creation"}, do: (*call).conversationsOpen},
		"conversations.info":    {perMin: 50, required: []string{"channel"}, args: []string{"include_locale", "include_num_members"}, do: (*call).conversationsInfo},
		"conversations.members": {perMin: 100, required: []string{"channel"}, args: []string{"cursor", "limit"}, do: (*call).conversationsMembers},
		"conversations.list":    {perMin: 20, args: []string{"cursor", "exclude_archived", "limit", "team_id", "types"}, do: (*call).conversationsList},
		"conversations.join":    {scope: "channels:join", perMin: 50, required: []string{"channel"}, do: (*call).conversationsJoin},
		"conversations.history": {perMin: 50, required: []string{"channel"}, args: history, do: (*call).conversationsHistory},
		"conversations.replies": {perMin: 50, required: []string{"channel", "ts"}, args: history, do: (*call).conversationsReplies},
	}
}

// visible finds a conversation that the app may know of: public ones, and those that it is in. Others are not found.
func (c *call) visible(id string) (*Channel, *apiError) {
	ch := c.s.channels[id]
	if ch == nil || (ch.kind() != "public_channel" && !c.s.inChannel(ch, c.s.app.BotUserID)) {
		return nil, fail("channel_not_found")
	}
	return ch, nil
}

// readable finds a conversation and asks for the scope of its kind, e.g. im:history.
func (c *call) readable(suffix string) (*Channel, *apiError) {
	ch, bad := c.visible(c.args.str("channel"))
	if bad != nil {
		return nil, bad
	}
	return ch, c.need(ch.scopePrefix() + ":" + suffix)
}

// conversationsOpen opens a DM. Group DMs (mpim) work too, but no person can act in them.
func (c *call) conversationsOpen() (Block, *apiError) {
	s := c.s
	if id := c.args.str("channel"); id != "" {
		ch, bad := c.visible(id)
		if bad != nil {
			return nil, bad
		}
		return c.opened(ch, true)
	}
	ids := c.args.list("users")
	switch {
	case len(ids) == 0:
		return nil, fail("users_list_not_supplied")
	case len(ids) > 8:
		return nil, fail("too_many_users")
	}
	for _, id := range ids {
		u := s.users[id]
		switch {
		case u == nil:
			return nil, fail("user_not_found")
		case u.Deleted:
			return nil, fail("user_disabled")
		case u.IsBot:
			return nil, fail("cannot_dm_bot")
		}
	}
	if len(ids) == 1 {
		if bad := c.need("im:write"); bad != nil {
			return nil, bad
		}
		if c.args.flag("prevent_creation") && s.dm(ids[0]) == nil {
			return nil, fail("channel_not_found")
		}
		ch, already := s.openDM(ids[0])
		return c.opened(ch, already)
	}
	if bad := c.need("mpim:write"); bad != nil {
		return nil, bad
	}
	members := append(slices.Clone(ids), s.app.BotUserID)
	slices.Sort(members)
	for _, id := range s.chanIDs {
		if ch := s.channels[id]; ch.IsMPIM && slices.Equal(ch.Members, members) {
			return c.opened(ch, true)
		}
	}
	ch := &Channel{ID: s.id("G"), Name: "mpdm-" + strings.ToLower(strings.Join(ids, "--")), IsMPIM: true, IsPrivate: true, Members: members}
	s.channels[ch.ID] = ch
	s.chanIDs = append(s.chanIDs, ch.ID)
	s.bump()
	return c.opened(ch, false)
}

func (c *call) opened(ch *Channel, already bool) (Block, *apiError) {
	out := Block{"channel": Block{"id": ch.ID}}
	if c.args.flag("return_im") {
		out["channel"] = c.s.channelJSON(ch)
	}
	if already {
		out["no_op"], out["already_open"] = true, true
	}
	return out, nil
}

func (c *call) conversationsInfo() (Block, *apiError) {
	ch, bad := c.readable("read")
	if bad != nil {
		return nil, bad
	}
	b := c.s.channelJSON(ch)
	if c.args.flag("include_num_members") {
		b["num_members"] = len(ch.Members)
	}
	return Block{"channel": b}, nil
}

func (c *call) conversationsMembers() (Block, *apiError) {
	ch, bad := c.readable("read")
	if bad != nil {
		return nil, bad
	}
	ids, next, bad := page(c, ch.Members, 100, 1000)
	if bad != nil {
		return nil, bad
	}
	return Block{"members": ids, "response_metadata": Block{"next_cursor": next}}, nil
}

func (c *call) conversationsJoin() (Block, *apiError) {
	ch, bad := c.visible(c.args.str("channel"))
	if bad != nil {
		return nil, bad
	}
	switch {
	case ch.kind() != "public_channel":
		return nil, fail("method_not_supported_for_channel_type")
	case ch.IsArchived:
		return nil, fail("is_archived")
	}
	out := Block{}
	if c.s.inChannel(ch, c.s.app.BotUserID) {
		out["warning"] = "already_in_channel"
	} else {
		ch.Members = append(ch.Members, c.s.app.BotUserID)
		c.s.bump()
	}
	out["channel"] = c.s.channelJSON(ch)
	return out, nil
}

func (c *call) conversationsList() (Block, *apiError) {
	return c.listed(func(ch *Channel) bool { return true })
}

func (c *call) usersConversations() (Block, *apiError) {
	user := c.args.str("user")
	if user == "" {
		user = c.s.app.BotUserID
	} else if c.s.users[user] == nil {
		return nil, fail("user_not_found")
	}
	return c.listed(func(ch *Channel) bool { return c.s.inChannel(ch, user) })
}

// listed is a page of the conversations that the app may see, of the kinds asked for.
func (c *call) listed(keep func(*Channel) bool) (Block, *apiError) {
	kinds := c.args.list("types")
	if len(kinds) == 0 {
		kinds = []string{"public_channel"}
	}
	for _, kind := range kinds {
		if !slices.Contains([]string{"public_channel", "private_channel", "im", "mpim"}, kind) {
			return nil, fail("invalid_types")
		}
		sample := &Channel{IsIM: kind == "im", IsMPIM: kind == "mpim", IsPrivate: kind == "private_channel"}
		if bad := c.need(sample.scopePrefix() + ":read"); bad != nil {
			return nil, bad
		}
	}
	var all []*Channel
	for _, id := range c.s.chanIDs {
		ch, bad := c.visible(id)
		if bad == nil && slices.Contains(kinds, ch.kind()) && keep(ch) && !(c.args.flag("exclude_archived") && ch.IsArchived) {
			all = append(all, ch)
		}
	}
	some, next, bad := page(c, all, 100, 1000)
	if bad != nil {
		return nil, bad
	}
	list := []any{}
	for _, ch := range some {
		list = append(list, c.s.channelJSON(ch))
	}
	return Block{"channels": list, "response_metadata": Block{"next_cursor": next}}, nil
}

// conversationsHistory lists a conversation's messages, newest first, without thread replies.
func (c *call) conversationsHistory() (Block, *apiError) {
	ch, bad := c.readable("history")
	if bad != nil {
		return nil, bad
	}
	if !c.s.inChannel(ch, c.s.app.BotUserID) {
		return nil, fail("not_in_channel")
	}
	var all []*Message
	for _, m := range slices.Backward(c.s.messages[ch.ID]) {
		isReply := m.ThreadTS != "" && m.ThreadTS != m.TS
		if m.EphemeralTo == "" && (!isReply || m.Broadcast) {
			all = append(all, m)
		}
	}
	all, bad = c.between(all)
	if bad != nil {
		return nil, bad
	}
	return c.messages(all, 100, 999)
}

// conversationsReplies lists a thread: the parent, then the replies, oldest first.
func (c *call) conversationsReplies() (Block, *apiError) {
	ch, bad := c.readable("history")
	if bad != nil {
		return nil, bad
	}
	if !c.s.inChannel(ch, c.s.app.BotUserID) {
		return nil, fail("not_in_channel")
	}
	m := c.s.message(ch.ID, c.args.str("ts"))
	if m == nil {
		return nil, fail("thread_not_found")
	}
	parent := m.TS
	if m.ThreadTS != "" {
		parent = m.ThreadTS
	}
	var replies []*Message
	var all []*Message
	for _, m := range c.s.messages[ch.ID] {
		switch {
		case m.EphemeralTo != "":
		case m.TS == parent:
			all = append(all, m)
		case m.ThreadTS == parent:
			replies = append(replies, m)
		}
	}
	replies, bad = c.between(replies)
	if bad != nil {
		return nil, bad
	}
	return c.messages(append(all, replies...), 1000, 1000)
}

// between keeps the messages after oldest and before latest; inclusive keeps those at the ends too.
func (c *call) between(all []*Message) ([]*Message, *apiError) {
	var out []*Message
	oldest, latest, inclusive := c.args.str("oldest"), c.args.str("latest"), c.args.flag("inclusive")
	from, okFrom := tsTime(oldest)
	to, okTo := tsTime(latest)
	if oldest != "" && !okFrom {
		return nil, fail("invalid_ts_oldest")
	}
	if latest != "" && !okTo {
		return nil, fail("invalid_ts_latest")
	}
	for _, m := range all {
		at, _ := tsTime(m.TS)
		if oldest != "" && oldest != "0" && (at.Before(from) || (at.Equal(from) && !inclusive)) {
			continue
		}
		if latest != "" && (at.After(to) || (at.Equal(to) && !inclusive)) {
			continue
		}
		out = append(out, m)
	}
	return out, nil
}

func (c *call) messages(all []*Message, def, max int) (Block, *apiError) {
	some, next, bad := page(c, all, def, max)
	if bad != nil {
		return nil, bad
	}
	list := []any{}
	for _, m := range some {
		list = append(list, c.s.messageJSON(m, c.args.flag("include_all_metadata")))
	}
	return Block{"messages": list, "has_more": next != "", "pin_count": 0, "response_metadata": Block{"next_cursor": next}}, nil
}

// channelJSON is a conversation as Slack sends it to the app.
func (s *Server) channelJSON(ch *Channel) Block {
	if ch.IsIM {
		partner := s.users[ch.partner(s.app.BotUserID)]
		return Block{"id": ch.ID, "is_im": true, "is_org_shared": false, "is_archived": ch.IsArchived, "is_open": true, "created": 1,
			"user": ch.partner(s.app.BotUserID), "is_user_deleted": partner != nil && partner.Deleted, "priority": 0}
	}
	return Block{"id": ch.ID, "name": ch.Name, "name_normalized": ch.Name, "is_channel": !ch.IsPrivate, "is_group": ch.IsPrivate,
		"is_im": false, "is_mpim": ch.IsMPIM, "is_private": ch.IsPrivate, "is_archived": ch.IsArchived, "is_general": ch.IsGeneral,
		"is_shared": ch.IsExtShared, "is_ext_shared": ch.IsExtShared, "is_org_shared": false, "is_pending_ext_shared": false,
		"is_member": s.inChannel(ch, s.app.BotUserID), "created": 1, "creator": "", "unlinked": 0,
		"topic": Block{"value": ch.Topic, "creator": "", "last_set": 0}, "purpose": Block{"value": "", "creator": "", "last_set": 0}}
}
