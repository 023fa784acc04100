package fakeslack

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// PutUser adds a person, or replaces the one with the same ID. It returns the user with the ID it has.
func (s *Server) PutUser(u User) User {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.ID == "" {
		u.ID = s.id("U")
	}
	if u.Name == "" {
		u.Name = strings.ToLower(strings.ReplaceAll(u.RealName, " ", "."))
	}
	_, known := s.users[u.ID]
	s.users[u.ID] = &u
	if !known {
		s.userIDs = append(s.userIDs, u.ID)
		s.event("team_join", Block{"type": "team_join", "user": s.userJSON(&u, s.granted("users:read.email"), false), "event_ts": s.ts()})
	}
	s.bump()
	return u
}

// UpdateUser changes a person: deactivates them, moves them to another zone, makes them an admin. Slack tells the app
// (user_change) when it has asked for that.
func (s *Server) UpdateUser(id string, change func(*User)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[id]
	if u == nil {
		return fmt.Errorf("fakeslack: there is no user %s", id)
	}
	changed := *u
	change(&changed)
	changed.ID = id
	s.users[id] = &changed
	s.event("user_change", Block{"type": "user_change", "user": s.userJSON(&changed, s.granted("users:read.email"), false), "event_ts": s.ts()})
	s.bump()
	return nil
}

// Users lists everyone, the bot too, in the order in which they came.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []User
	for _, id := range s.userIDs {
		out = append(out, *s.users[id])
	}
	return out
}

// PutChannel adds a channel, or replaces the one with the same ID. Members get no join events.
func (s *Server) PutChannel(c Channel) Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.ID == "" {
		c.ID = s.id("C")
	}
	c.Name = strings.TrimPrefix(c.Name, "#")
	c.Members = slices.Clone(c.Members)
	if _, known := s.channels[c.ID]; !known {
		s.chanIDs = append(s.chanIDs, c.ID)
	}
	s.channels[c.ID] = &c
	s.bump()
	return c
}

// UpdateChannel changes a channel: invites or removes people, archives it, shares it, makes it private. Slack tells the
// app about members who came or went when it has asked for that and is itself in the channel.
func (s *Server) UpdateChannel(id string, change func(*Channel)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[id]
	if c == nil {
		return fmt.Errorf("fakeslack: there is no channel %s", id)
	}
	changed := *c
	changed.Members = slices.Clone(c.Members)
	change(&changed)
	changed.ID = id
	s.channels[id] = &changed
	for _, u := range changed.Members {
		if !slices.Contains(c.Members, u) {
			s.membership("member_joined_channel", &changed, u)
		}
	}
	for _, u := range c.Members {
		if !slices.Contains(changed.Members, u) {
			s.membership("member_left_channel", &changed, u)
		}
	}
	s.bump()
	return nil
}

func (s *Server) membership(event string, c *Channel, user string) {
	if !s.inChannel(c, s.app.BotUserID) && user != s.app.BotUserID {
		return
	}
	s.event(event, Block{"type": event, "user": user, "channel": c.ID, "channel_type": c.kindLetter(),
		"team": s.opts.TeamID, "event_ts": s.ts()})
}

// Channels lists all channels and DMs.
func (s *Server) Channels() []Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Channel
	for _, id := range s.chanIDs {
		c := *s.channels[id]
		c.Members = slices.Clone(c.Members)
		out = append(out, c)
	}
	return out
}

// PutToken adds or replaces a token.
func (s *Server) PutToken(t Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.Scopes = slices.Clone(t.Scopes)
	s.tokens[t.Value] = &t
}

// UpdateToken changes a token: revokes it, takes a scope away.
func (s *Server) UpdateToken(value string, change func(*Token)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tokens[value]
	if t == nil {
		return fmt.Errorf("fakeslack: there is no such token")
	}
	changed := *t
	changed.Scopes = slices.Clone(t.Scopes)
	change(&changed)
	changed.Value = value
	s.tokens[value] = &changed
	if changed.Revoked && !t.Revoked && t.Kind == BotToken {
		s.event("tokens_revoked", Block{"type": "tokens_revoked", "tokens": Block{"oauth": []any{}, "bot": []any{s.app.BotUserID}}, "event_ts": s.ts()})
	}
	return nil
}

// SetApp installs the app and creates its bot user. Ids that are empty are given.
func (s *Server) SetApp(a App) App {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.ID == "" {
		a.ID = s.id("A")
	}
	if a.BotID == "" {
		a.BotID = s.id("B")
	}
	if a.BotUserID == "" {
		a.BotUserID = s.id("U")
	}
	if _, known := s.users[a.BotUserID]; !known {
		s.userIDs = append(s.userIDs, a.BotUserID)
	}
	name := strings.ToLower(strings.ReplaceAll(a.Name, " ", "-"))
	s.users[a.BotUserID] = &User{ID: a.BotUserID, Name: name, RealName: a.Name, IsBot: true}
	s.app = a
	s.bump()
	return a
}

// UpdateApp changes the installed app. Switching Socket Mode off ends its connections (link_disabled); uninstalling it
// makes its tokens useless (account_inactive).
func (s *Server) UpdateApp(change func(*App)) {
	s.mu.Lock()
	was := s.app
	change(&s.app)
	off := was.SocketMode && !s.app.SocketMode
	if s.app.Uninstalled && !was.Uninstalled {
		s.event("app_uninstalled", Block{"type": "app_uninstalled", "event_ts": s.ts()})
	}
	s.bump()
	s.mu.Unlock()
	if off {
		s.SendDisconnect(0, "link_disabled")
	}
}

// App returns the installed app.
func (s *Server) App() App {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.app
}

// dm is the direct message between a person and the app; nil when nobody has opened it yet.
func (s *Server) dm(user string) *Channel {
	for _, id := range s.chanIDs {
		c := s.channels[id]
		if c.IsIM && slices.Contains(c.Members, user) && slices.Contains(c.Members, s.app.BotUserID) {
			return c
		}
	}
	return nil
}

// openDM returns the direct message between a person and the app, opening it when needed. The caller holds mu.
func (s *Server) openDM(user string) (c *Channel, already bool) {
	if c := s.dm(user); c != nil {
		return c, true
	}
	c = &Channel{ID: s.id("D"), IsIM: true, Members: []string{user, s.app.BotUserID}}
	s.channels[c.ID] = c
	s.chanIDs = append(s.chanIDs, c.ID)
	s.bump()
	return c, false
}

func (s *Server) inChannel(c *Channel, user string) bool { return slices.Contains(c.Members, user) }

// kind is the word that conversations.list and scopes use.
func (c *Channel) kind() string {
	switch {
	case c.IsIM:
		return "im"
	case c.IsMPIM:
		return "mpim"
	case c.IsPrivate:
		return "private_channel"
	}
	return "public_channel"
}

// scopePrefix is the family of scopes that a conversation needs: channels:read, groups:history, im:read ...
func (c *Channel) scopePrefix() string {
	switch c.kind() {
	case "im":
		return "im"
	case "mpim":
		return "mpim"
	case "private_channel":
		return "groups"
	}
	return "channels"
}

func (c *Channel) kindLetter() string {
	switch c.kind() {
	case "im":
		return "D"
	case "public_channel":
		return "C"
	}
	return "G"
}

// partner is the other one in a direct message.
func (c *Channel) partner(not string) string {
	for _, m := range c.Members {
		if m != not {
			return m
		}
	}
	return not
}

// zone is a person's time zone, UTC when they have none.
func (u *User) zone() *time.Location {
	if u != nil && u.TZ != "" {
		if loc, err := time.LoadLocation(u.TZ); err == nil {
			return loc
		}
	}
	return time.UTC
}

// shown is the name that Slack shows for a person.
func (u *User) shown() string {
	switch {
	case u == nil:
		return "unknown"
	case u.DisplayName != "":
		return u.DisplayName
	case u.RealName != "":
		return u.RealName
	}
	return u.Name
}
