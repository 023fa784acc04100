package fakeslack

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Errors of the methods in this file, field.go and modal.go say that a person cannot do that: there is no such button,
// the channel is not theirs, they are deactivated. How the app behaved is in the Result.

// Slash types a command. channel is where it is typed; "" is the DM with the app.
func (s *Server) Slash(ctx context.Context, user, channel, command, text string) (Result, error) {
	s.mu.Lock()
	u, ch, err := s.person(user, channel)
	if err != nil {
		s.mu.Unlock()
		return Result{}, err
	}
	i := slices.IndexFunc(s.app.Commands, func(c Command) bool { return c.Command == command })
	if i < 0 || s.app.Uninstalled {
		s.mu.Unlock()
		return Result{Failure: fmt.Sprintf("%s is not a valid command.", command)}, nil
	}
	if s.app.Commands[i].ShouldEscape {
		text = s.escapeMentions(text)
	}
	name := map[string]string{"im": "directmessage", "private_channel": "privategroup"}[ch.kind()]
	if name == "" {
		name = ch.Name
	}
	trigger := s.newTrigger(user, ch.ID, "")
	payload := Block{"token": "fakeslack", "team_id": s.opts.TeamID, "team_domain": s.opts.TeamDomain, "channel_id": ch.ID,
		"channel_name": name, "user_id": user, "user_name": u.Name, "command": command, "text": strings.TrimSpace(text),
		"api_app_id": s.app.ID, "is_enterprise_install": "false", "response_url": s.newHook(user, ch.ID, ""), "trigger_id": trigger}
	d, began := s.deliver("slash_commands", payload, true, 0), len(s.posted)
	s.then(d, func(r *Result) {
		if !r.Acked {
			r.Failure = fmt.Sprintf("%s failed with the error \"%s\"", command, r.Failure)
		} else if len(d.ack) > 0 {
			s.answerCommand(d, u, ch, command+" "+text, r)
		}
	})
	s.mu.Unlock()
	return s.outcome(ctx, d, user, trigger, began)
}

// answerCommand shows the message that came with a slash command's ack.
func (s *Server) answerCommand(d *delivery, u *User, ch *Channel, typed string, r *Result) {
	a, bad := ackArgs(d)
	var body content
	if bad == nil {
		body, bad = s.readContent(a)
	}
	if bad != nil {
		s.violate("bad_payload", d.id, fmt.Sprintf("the command's answer: %s %v", bad.code, bad.errors))
		r.Failure = "the app's answer could not be shown"
		return
	}
	if a.str("response_type") == "in_channel" { // the typed command becomes visible
		s.post(&Message{Channel: ch.ID, User: u.ID, Text: strings.TrimSpace(typed)})
	}
	if body.empty() {
		return
	}
	m := s.botMessage(ch, body)
	if a.str("response_type") != "in_channel" {
		m.EphemeralTo = u.ID
	}
	s.post(m)
}

var mention = regexp.MustCompile(`[@#][\pL\pN._-]+`)

// escapeMentions turns @ana and #hiring into <@U1|ana> and <#C1|hiring>.
func (s *Server) escapeMentions(text string) string {
	return mention.ReplaceAllStringFunc(text, func(word string) string {
		for _, u := range s.users {
			if word == "@"+u.Name {
				return fmt.Sprintf("<@%s|%s>", u.ID, u.Name)
			}
		}
		for _, c := range s.channels {
			if word == "#"+c.Name && c.Name != "" {
				return fmt.Sprintf("<#%s|%s>", c.ID, c.Name)
			}
		}
		return word
	})
}

// Shortcut uses a global shortcut of the app.
func (s *Server) Shortcut(ctx context.Context, user, callbackID string) (Result, error) {
	s.mu.Lock()
	if _, err := s.active(user); err != nil {
		s.mu.Unlock()
		return Result{}, err
	}
	if !s.hasShortcut("global", callbackID) {
		s.mu.Unlock()
		return Result{}, fmt.Errorf("fakeslack: the app has no global shortcut %q", callbackID)
	}
	trigger := s.newTrigger(user, "", "")
	payload := s.interaction("shortcut", user)
	payload["callback_id"], payload["trigger_id"], payload["action_ts"] = callbackID, trigger, s.ts()
	d, began := s.deliver("interactive", payload, false, 0), len(s.posted)
	s.mu.Unlock()
	return s.outcome(ctx, d, user, trigger, began)
}

// MessageShortcut uses a message shortcut of the app on a message.
func (s *Server) MessageShortcut(ctx context.Context, user, channel, ts, callbackID string) (Result, error) {
	s.mu.Lock()
	_, ch, err := s.person(user, channel)
	var m *Message
	if err == nil {
		if m = s.message(ch.ID, ts); m == nil || m.EphemeralTo != "" || !s.hasShortcut("message", callbackID) {
			err = fmt.Errorf("fakeslack: there is no message shortcut %q on message %s", callbackID, ts)
		}
	}
	if err != nil {
		s.mu.Unlock()
		return Result{}, err
	}
	trigger := s.newTrigger(user, ch.ID, "")
	payload := s.interaction("message_action", user)
	maps.Copy(payload, Block{"callback_id": callbackID, "trigger_id": trigger, "action_ts": s.ts(), "message_ts": ts,
		"response_url": s.newHook(user, ch.ID, ts), "channel": Block{"id": ch.ID, "name": s.payloadName(ch)}, "message": s.messageJSON(m, true)})
	d, began := s.deliver("interactive", payload, false, 0), len(s.posted)
	s.mu.Unlock()
	return s.outcome(ctx, d, user, trigger, began)
}

func (s *Server) hasShortcut(kind, callbackID string) bool {
	return slices.ContainsFunc(s.app.Shortcuts, func(x Shortcut) bool { return x.Type == kind && x.CallbackID == callbackID })
}

// OpenHome opens the app's Home tab: Slack sends app_home_opened.
func (s *Server) OpenHome(ctx context.Context, user string) (Result, error) {
	return s.openTab(ctx, user, "home")
}

// OpenMessages opens the app's Messages tab, which is the DM with it.
func (s *Server) OpenMessages(ctx context.Context, user string) (Result, error) {
	return s.openTab(ctx, user, "messages")
}

func (s *Server) openTab(ctx context.Context, user, tab string) (Result, error) {
	s.mu.Lock()
	_, err := s.active(user)
	if err == nil && (tab == "home" && !s.app.HomeTab || tab == "messages" && !s.app.MessagesTab) {
		err = fmt.Errorf("fakeslack: the app's %s tab is switched off", tab)
	}
	if err != nil {
		s.mu.Unlock()
		return Result{}, err
	}
	ch, _ := s.openDM(user)
	event := Block{"type": "app_home_opened", "user": user, "channel": ch.ID, "tab": tab, "event_ts": s.ts()}
	if home := s.homes[user]; home != nil && tab == "home" {
		event["view"] = s.viewJSON(home, home.Values)
	}
	d, began := s.event("app_home_opened", event), len(s.posted)
	s.mu.Unlock()
	return s.outcome(ctx, d, user, "", began)
}

// Say writes a message. channel "" is the DM with the app; threadTS "" is not a reply.
func (s *Server) Say(ctx context.Context, user, channel, text, threadTS string) (Result, error) {
	s.mu.Lock()
	_, ch, err := s.person(user, channel)
	switch {
	case err != nil:
	case ch.IsArchived:
		err = fmt.Errorf("fakeslack: %s is archived", ch.ID)
	case ch.IsIM && s.inChannel(ch, s.app.BotUserID) && (!s.app.MessagesTab || s.app.MessagesTabReadOnly):
		err = fmt.Errorf("fakeslack: sending messages to this app has been turned off")
	case threadTS != "" && s.message(ch.ID, threadTS) == nil:
		err = fmt.Errorf("fakeslack: there is no message %s in %s", threadTS, ch.ID)
	}
	if err != nil {
		s.mu.Unlock()
		return Result{}, err
	}
	block := richText(text)
	block["block_id"] = s.id("b")
	m := &Message{Channel: ch.ID, User: user, Text: escapeText(text), ThreadTS: threadTS, Blocks: []Block{block}, clientMsgID: s.id("client-")}
	began := len(s.posted)
	d := s.post(m)
	said := *m
	s.mu.Unlock()
	r, err := s.outcome(ctx, d, user, "", began)
	if err == nil {
		r.Message = &said
	}
	return r, err
}

// Edit changes one's own message. channel "" is the DM with the app.
func (s *Server) Edit(ctx context.Context, user, channel, ts, text string) (Result, error) {
	s.mu.Lock()
	_, m, err := s.written(user, channel, ts)
	if err == nil && m.User != user {
		err = fmt.Errorf("fakeslack: %s did not write %s", user, ts)
	}
	if err != nil {
		s.mu.Unlock()
		return Result{}, err
	}
	changed := *m
	changed.Text, changed.Blocks = escapeText(text), []Block{richText(text)}
	began := len(s.posted)
	d := s.replace(m, changed)
	s.mu.Unlock()
	return s.outcome(ctx, d, user, "", began)
}

// Delete deletes one's own message. Admins may delete anybody's.
func (s *Server) Delete(ctx context.Context, user, channel, ts string) (Result, error) {
	s.mu.Lock()
	u, m, err := s.written(user, channel, ts)
	if err == nil && m.User != user && !u.IsAdmin && !u.IsOwner {
		err = fmt.Errorf("fakeslack: %s cannot delete %s", user, ts)
	}
	if err != nil {
		s.mu.Unlock()
		return Result{}, err
	}
	began := len(s.posted)
	d := s.remove(m)
	s.mu.Unlock()
	return s.outcome(ctx, d, user, "", began)
}

// written finds a message in a channel that a person who can act is in.
func (s *Server) written(user, channel, ts string) (*User, *Message, error) {
	u, ch, err := s.person(user, channel)
	if err != nil {
		return nil, nil, err
	}
	m := s.message(ch.ID, ts)
	if m == nil {
		return nil, nil, fmt.Errorf("fakeslack: there is no message %s in %s", ts, ch.ID)
	}
	return u, m, nil
}

func escapeText(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// active finds a person who can act.
func (s *Server) active(user string) (*User, error) {
	u := s.users[user]
	switch {
	case u == nil:
		return nil, fmt.Errorf("fakeslack: there is no user %q", user)
	case u.Deleted:
		return nil, fmt.Errorf("fakeslack: %s is deactivated", user)
	case u.IsBot:
		return nil, fmt.Errorf("fakeslack: %s is a bot", user)
	}
	return u, nil
}

// person finds a person who can act, in a channel that they are in. "" is the DM with the app; a name works too.
func (s *Server) person(user, channel string) (*User, *Channel, error) {
	u, err := s.active(user)
	if err != nil {
		return nil, nil, err
	}
	if channel == "" {
		ch, _ := s.openDM(user)
		return u, ch, nil
	}
	for _, id := range s.chanIDs {
		c := s.channels[id]
		if id == channel || (c.Name != "" && c.Name == strings.TrimPrefix(channel, "#")) {
			if !s.inChannel(c, user) {
				return nil, nil, fmt.Errorf("fakeslack: %s is not in %s", user, channel)
			}
			return u, c, nil
		}
	}
	return nil, nil, fmt.Errorf("fakeslack: there is no channel %q", channel)
}

// interaction is what all interactive payloads have in common.
func (s *Server) interaction(kind, user string) Block {
	u := s.users[user]
	return Block{"type": kind, "api_app_id": s.app.ID, "token": "fakeslack", "team": Block{"id": s.opts.TeamID, "domain": s.opts.TeamDomain},
		"user":       Block{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": s.opts.TeamID},
		"enterprise": nil, "is_enterprise_install": false}
}

func (s *Server) payloadName(ch *Channel) string {
	if ch.IsIM {
		return "directmessage"
	}
	return ch.Name
}

// outcome waits for the ack and says what the person saw. A nil delivery means that Slack had nothing to send.
func (s *Server) outcome(ctx context.Context, d *delivery, user, trigger string, began int) (Result, error) {
	if d != nil {
		select {
		case <-d.done:
		case <-ctx.Done():
			return Result{}, fmt.Errorf("fakeslack: waiting for the app's ack: %w", ctx.Err())
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var r Result
	if d != nil {
		r = d.result
	}
	r.TriggerID = trigger
	if t := s.triggers[trigger]; t != nil && t.opened != "" {
		r.OpenedView = t.opened
	}
	for _, m := range s.posted[min(began, len(s.posted)):] {
		if m.EphemeralTo == user {
			r.Shown = append(r.Shown, m)
		}
	}
	return r, nil
}

// AwaitView waits until the app has opened a view with the trigger of a result, and returns it.
func (s *Server) AwaitView(ctx context.Context, r Result) (View, error) {
	var v View
	err := s.WaitFor(ctx, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		id := r.OpenedView
		if t := s.triggers[r.TriggerID]; t != nil && t.opened != "" {
			id = t.opened
		}
		found := s.viewByID(id)
		if found != nil {
			v = *found
		}
		return found != nil
	})
	if err != nil {
		return View{}, fmt.Errorf("fakeslack: no view was opened: %w", err)
	}
	return v, nil
}

// ackArgs reads an ack's payload as the arguments of a message.
func ackArgs(d *delivery) (args, *apiError) {
	v, _, ok := args{"p": string(d.ack)}.json("p")
	m, isObject := v.(map[string]any)
	if !ok || !isObject {
		return nil, fail("invalid_payload")
	}
	return m, nil
}
