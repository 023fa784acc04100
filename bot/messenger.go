package bot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// content is what a message shows.
type content struct {
	Text     string // the whole meaning, for notifications and screen readers
	Blocks   []slack.Block
	Subjects []string // ids whose change may change the message
}

// A renderer makes a message's content from the database. nil says that the
// message isn't wanted (any more): it isn't posted, and stays as it is where it
// was. now is the message's own: when it was posted, or will be.
type renderer func(ctx context.Context, m outbox.Message) (*content, error)

// A Messenger posts messages and keeps them current. It is the outbox's handler
// of posts.
type Messenger struct {
	*Bot
	BotID  string // our own, from auth.test
	Secret []byte // keys the HMAC that marks messages
}

// metadataType marks our messages; Slack wants lower case and underscores.
const metadataType = "convene_message"

// mark derives a message's mark from its key. Every app in the channel can read
// it, so it tells nothing; it is the same after a restore from a backup, so that
// what was posted is still found.
func (m *Messenger) mark(key string) string {
	h := hmac.New(sha256.New, m.Secret)
	h.Write([]byte(key))
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// Wanted reports whether the message still has something to say.
func (m *Messenger) Wanted(ctx context.Context, e outbox.Effect) (bool, error) {
	msg, err := m.Store.Message(ctx, e.About)
	if err != nil {
		return false, err
	}
	if msg.TS != "" {
		return true, nil // posted; Do has nothing left to do but to say so
	}
	c, err := m.render(ctx, *msg)
	return c != nil, err
}

// Do posts the message.
func (m *Messenger) Do(ctx context.Context, e outbox.Effect) (string, error) {
	msg, err := m.Store.Message(ctx, e.About)
	if err != nil {
		return "", outbox.Later(err, 0)
	}
	if msg.TS != "" {
		return msg.TS, nil
	}
	c, err := m.render(ctx, *msg)
	if err != nil {
		return "", outbox.Later(err, 0)
	}
	if c == nil {
		return "not wanted", nil
	}
	channel, err := m.channel(ctx, *msg)
	if err != nil {
		return "", err
	}
	_, ts, err := m.Slack.PostMessageContext(ctx, channel,
		slack.MsgOptionText(c.Text, false), slack.MsgOptionBlocks(c.Blocks...),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{"k": m.mark(msg.Key)}}),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	)
	if err != nil {
		return "", classify(err)
	}
	msg.Channel, msg.TS, msg.Posted, msg.Hash = channel, ts, m.Now(), c.hash()
	return ts, m.Store.Posted(ctx, *msg, append(c.Subjects, msg.About))
}

// Look searches the newest messages of the conversation for the message's mark.
// It doesn't ask by time: the clocks of Slack and ours may differ.
func (m *Messenger) Look(ctx context.Context, e outbox.Effect) (string, bool, error) {
	msg, err := m.Store.Message(ctx, e.About)
	if err != nil {
		return "", false, err
	}
	channel, err := m.where(ctx, *msg)
	if err != nil {
		return "", false, err
	}
	mark, cursor := m.mark(msg.Key), ""
	for range 5 { // 1,000 messages
		page, err := m.Slack.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: channel, Cursor: cursor, Limit: 200, IncludeAllMetadata: true,
		})
		if err != nil {
			return "", false, classify(err)
		}
		for _, found := range page.Messages {
			if found.BotID == m.BotID && found.Metadata.EventType == metadataType && found.Metadata.EventPayload["k"] == mark {
				msg.Channel, msg.TS, msg.Posted = channel, found.Timestamp, m.Now()
				return found.Timestamp, true, m.Store.Posted(ctx, *msg, []string{msg.About})
			}
		}
		if cursor = page.ResponseMetaData.NextCursor; cursor == "" {
			break
		}
	}
	return "", false, nil
}

// Failed tells a coordinator about a message that can't be delivered, e.g. to
// somebody whose account was deactivated.
func (m *Messenger) Failed(ctx context.Context, e outbox.Effect) error {
	msg, err := m.Store.Message(ctx, e.About)
	if err != nil || msg.Kind == "undelivered" {
		return err
	}
	role, err := m.roleOf(ctx, *msg)
	if err != nil || role == nil {
		return err
	}
	for _, to := range role.Ladder([]string{msg.Person}, nil) {
		return m.Store.Owe(ctx, outbox.Batch{Messages: []outbox.Message{{
			Key: "undelivered:" + msg.Key + ":" + to, Kind: "undelivered", About: msg.Key, Person: to,
		}}})
	}
	return nil
}

// where returns the conversation that the message belongs to.
func (m *Messenger) where(ctx context.Context, msg outbox.Message) (string, error) {
	if msg.Person != "" {
		channel, err := m.Directory.DM(ctx, msg.Person)
		return channel, classify(err)
	}
	role, err := m.Store.Role(ctx, msg.Role)
	if err != nil {
		return "", outbox.Later(err, 0)
	}
	if role.Setup.Channel == "" {
		return "", outbox.Later(errors.New("the role has no channel"), time.Minute)
	}
	return role.Setup.Channel, nil
}

// channel returns where to post. Before candidate data goes to a role's
// channel, the channel is checked; while something is wrong the post waits and a
// coordinator is told, once a day.
func (m *Messenger) channel(ctx context.Context, msg outbox.Message) (string, error) {
	if msg.Role == "" {
		return m.where(ctx, msg)
	}
	role, err := m.Store.Role(ctx, msg.Role)
	if err != nil {
		return "", outbox.Later(err, 0)
	}
	trouble, err := m.Directory.ChannelTrouble(ctx, role)
	if err != nil {
		return "", outbox.Later(err, 0) // nothing was posted
	}
	if trouble == "" {
		return role.Setup.Channel, nil
	}
	for _, to := range role.Ladder(nil, nil) {
		date := m.Now().In(role.TimeZone()).Format(time.DateOnly)
		err := m.Store.Owe(ctx, outbox.Batch{Messages: []outbox.Message{{
			Key: "channel-trouble:" + role.Key + ":" + date + ":" + to, Kind: "channel-trouble", About: role.Key, Person: to,
		}}})
		if err != nil {
			return "", outbox.Later(err, 0)
		}
		break
	}
	return "", outbox.Later(errors.New("the channel isn't fit for candidate data"), checkFor+time.Second)
}

// Refresh brings posted messages and Home views up to date and removes the ones
// that are to go. It returns how many it worked on. Edits may be repeated
// without harm, so a failed one is simply tried again.
func (m *Messenger) Refresh(ctx context.Context) (int, error) {
	stale, err := m.Store.Stale(ctx, 20)
	if err != nil {
		return 0, err
	}
	done := 0
	var failed error // of the last: one that fails must not keep the others waiting
	for _, s := range stale {
		if err := m.refresh(ctx, s); err != nil {
			failed = fmt.Errorf("refresh %s: %w", s.Key, classify(err))
			var limited *outbox.Limited
			if errors.As(failed, &limited) {
				break
			}
			continue
		}
		done++
	}
	return done, failed
}

func (m *Messenger) refresh(ctx context.Context, s outbox.StaleMessage) error {
	if s.Kind == "home" {
		return m.publishHome(ctx, s.Message)
	}
	if s.Delete {
		_, _, err := m.Slack.DeleteMessageContext(ctx, s.Channel, s.TS)
		if err != nil && !isSlackError(err, "message_not_found", "channel_not_found", "cant_delete_message") {
			return err
		}
		return m.Store.Gone(ctx, s.Key)
	}
	c, err := m.render(ctx, s.Message)
	if err != nil {
		return err
	}
	if c == nil || c.hash() == s.Hash {
		subjects := []string{s.About}
		if c != nil {
			subjects = append(subjects, c.Subjects...)
		}
		return m.Store.Shown(ctx, s.Message, subjects)
	}
	_, _, _, err = m.Slack.UpdateMessageContext(ctx, s.Channel, s.TS, slack.MsgOptionText(c.Text, false), slack.MsgOptionBlocks(c.Blocks...))
	switch {
	case isSlackError(err, "message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_inactive", "is_archived"):
		return m.Store.Gone(ctx, s.Key)
	case err != nil:
		return err
	}
	s.Hash = c.hash()
	return m.Store.Shown(ctx, s.Message, append(c.Subjects, s.About))
}

// render makes the message's content; nil when it isn't wanted.
func (m *Messenger) render(ctx context.Context, msg outbox.Message) (*content, error) {
	r, ok := m.routes.renderers[msg.Kind]
	if !ok {
		return nil, fmt.Errorf("no renderer for messages of kind %q", msg.Kind)
	}
	c, err := r(ctx, msg)
	if errors.Is(err, hiring.ErrNotFound) {
		return nil, nil // what it was about is gone
	}
	return c, err
}

// hash tells contents apart.
func (c *content) hash() string {
	raw, err := json.Marshal(c.Blocks)
	if err != nil {
		return "" // blocks always marshal; "" only costs an edit
	}
	sum := sha256.Sum256(append(raw, c.Text...))
	return hex.EncodeToString(sum[:12])
}

// publishHome shows the person's App Home.
func (m *Messenger) publishHome(ctx context.Context, msg outbox.Message) error {
	c, err := m.home(ctx, msg.Person)
	if err != nil {
		return err
	}
	if c.hash() != msg.Hash {
		_, err = m.Slack.PublishViewContext(ctx, slack.PublishViewContextRequest{
			UserID: msg.Person,
			View:   slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: c.Blocks}},
		})
		if isSlackError(err, "not_enabled", "user_not_found", "user_disabled") {
			return m.Store.Gone(ctx, msg.Key)
		}
		if err != nil {
			return err
		}
	}
	msg.Hash = c.hash()
	return m.Store.Shown(ctx, msg, c.Subjects)
}

// roleOf returns the role that a message is about, or nil.
func (m *Messenger) roleOf(ctx context.Context, msg outbox.Message) (*hiring.Role, error) {
	if msg.Role != "" {
		return m.Store.Role(ctx, msg.Role)
	}
	iv, err := m.Store.Interview(ctx, msg.About)
	if errors.Is(err, hiring.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return m.Store.Role(ctx, iv.RoleKey)
}
