package bot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/scorecard"
)

// content is what a message shows.
type content struct {
	Text     string // the whole meaning, for notifications and screen readers
	Blocks   []slack.Block
	Subjects []string      // ids whose change may change the message
	Withheld bool          // it stands for something that can't be shown now and must be later
	Said     []outbox.Said // what it says of candidates, for their records
}

// A renderer makes a message's content from the database. nil says that the
// message isn't wanted (any more): it isn't posted, and stays as it is where it
// was. now is the message's own: when it was posted, or will be.
type renderer func(ctx context.Context, m outbox.Message) (*content, error)

// A Messenger posts messages and keeps them current. It is the outbox's handler
// of posts.
type Messenger struct {
	*Bot
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
	msg.Channel, msg.Said = channel, c.Said
	if err := m.Store.Placed(ctx, *msg); err != nil {
		return "", outbox.Later(err, 0)
	}
	_, ts, err := m.Slack.PostMessageContext(ctx, channel,
		slack.MsgOptionText(c.Text, false), slack.MsgOptionBlocks(c.Blocks...),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{"k": m.mark(msg.Key)}}),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	)
	if msg.Person != "" && isSlackError(err, "channel_not_found") {
		return "", outbox.Never(err) // how Slack answers for somebody who has left
	}
	if err != nil {
		return "", classify(err)
	}
	msg.TS, msg.Posted, msg.Hash = ts, m.Now(), c.hash()
	err = m.Store.Posted(ctx, *msg, append(c.Subjects, msg.About))
	if err == nil && msg.Role != "" { // the channel is fit: who was told of its trouble is told
		err = m.Store.Owe(ctx, outbox.Batch{Touch: []string{channelSubject(msg.Role)}})
	}
	return ts, err
}

// channelSubject stands for the fitness of a role's channel.
func channelSubject(role string) string { return "channel:" + role }

// Look searches the newest messages of the conversation for the message's mark.
// It doesn't ask by time: the clocks of Slack and ours may differ.
func (m *Messenger) Look(ctx context.Context, e outbox.Effect) (string, bool, error) {
	msg, err := m.Store.Message(ctx, e.About)
	if err != nil {
		return "", false, err
	}
	channel := msg.Channel // where it was to be posted; the setup may have changed since
	if channel == "" {
		if channel, err = m.where(ctx, *msg); err != nil {
			return "", false, err
		}
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
			if found.Metadata.EventType == metadataType && found.Metadata.EventPayload["k"] == mark {
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
	if err != nil {
		return err
	}
	if told, err := m.toldWhoLeft(ctx, *msg); err != nil || told {
		return err
	}
	lost := msg
	if msg.Kind == "undelivered" { // who was to hear of it can't be reached either: the next one hears
		if lost, err = m.Store.Message(ctx, msg.About); err != nil {
			return err
		}
	}
	role, err := m.roleOf(ctx, *lost)
	if err != nil || role == nil {
		return err
	}
	workspace, err := m.Directory.Workspace(ctx)
	if err != nil {
		return err
	}
	ladder := role.Ladder([]string{lost.Person}, workspace)
	if msg != lost {
		ladder = ladder[slices.Index(ladder, msg.Person)+1:]
	}
	if len(ladder) == 0 {
		return nil
	}
	what := lost.Key
	if lost.Person != "" { // once for all that somebody misses of an interview
		what = lost.About + ":" + lost.Person
		if lost.Kind == "nudge" {
			id, _ := scorecard.ReadNudge(lost.About)
			what = id + ":" + lost.Person
		}
	}
	return m.Store.Owe(ctx, outbox.Batch{Messages: []outbox.Message{{
		Key: "undelivered:" + what + ":" + ladder[0], Kind: "undelivered", About: lost.Key, Person: ladder[0],
	}}})
}

// toldWhoLeft reports whether a coordinator has heard already that whom the
// message is for has left the panel's interview behind.
func (m *Messenger) toldWhoLeft(ctx context.Context, msg outbox.Message) (bool, error) {
	id, _ := split(msg.About)
	_, err := m.Store.Message(ctx, "left:"+id+":"+msg.Person)
	if errors.Is(err, hiring.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
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
// coordinator is told, of each trouble once a day.
func (m *Messenger) channel(ctx context.Context, msg outbox.Message) (string, error) {
	if msg.Role == "" {
		if p, err := m.Directory.Person(ctx, msg.Person); err == nil && !p.Employee() {
			return "", outbox.Never(errors.New("they are not a member of the workspace any more"))
		}
		return m.where(ctx, msg)
	}
	role, err := m.Store.Role(ctx, msg.Role)
	if err != nil {
		return "", outbox.Later(err, 0)
	}
	trouble, err := m.Directory.ChannelTrouble(ctx, role)
	if err != nil { // nothing was posted
		err = classify(err)
		return "", outbox.Later(err, outbox.Classify(err).After)
	}
	if trouble == "" {
		return role.Setup.Channel, nil
	}
	if err := m.tellTrouble(ctx, role, trouble); err != nil {
		return "", outbox.Later(err, 0)
	}
	return "", outbox.Later(errors.New("the channel isn't fit for candidate data"), checkFor+time.Second)
}

// stillFit reports whether the channel in which a message stands may show
// candidate data. It may have changed since, and may not be the role's any more.
func (m *Messenger) stillFit(ctx context.Context, msg outbox.Message) (bool, error) {
	role, err := m.Store.Role(ctx, msg.Role)
	if err != nil {
		return false, err
	}
	there := *role
	there.Setup.Channel = msg.Channel
	trouble, err := m.Directory.ChannelTrouble(ctx, &there)
	if err != nil || trouble == "" || msg.Channel != role.Setup.Channel {
		return trouble == "", err
	}
	return false, m.tellTrouble(ctx, role, trouble)
}

// tellTrouble tells a coordinator what is wrong with the role's channel.
func (m *Messenger) tellTrouble(ctx context.Context, role *hiring.Role, trouble string) error {
	if ladder := role.Ladder(nil, nil); len(ladder) > 0 {
		to, about := ladder[0], role.Key+"|"+troubleID(trouble)
		date := m.Now().In(role.TimeZone()).Format(time.DateOnly)
		return m.Store.Owe(ctx, outbox.Batch{Messages: []outbox.Message{{
			Key: "channel-trouble:" + about + ":" + date + ":" + to, Kind: "channel-trouble", About: about, Person: to,
		}}})
	}
	return nil
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

// roleOf returns the role that a message is about, or nil.
func (b *Bot) roleOf(ctx context.Context, msg outbox.Message) (*hiring.Role, error) {
	key := msg.Role
	switch msg.Kind {
	case "deadline", "channel-trouble":
		key, _ = split(msg.About)
	case "nag", "again": // of several roles; what it reminds of is escalated
		return nil, nil
	case "notice":
		k, err := b.Store.CaseOfNotice(ctx, msg.About)
		if errors.Is(err, hiring.ErrNotFound) { // its candidate was erased
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return k.Role, nil
	}
	if key == "" {
		id, _ := split(msg.About)
		iv, err := b.Store.Interview(ctx, id)
		if errors.Is(err, hiring.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		key = iv.RoleKey
	}
	return b.Store.Role(ctx, key)
}
