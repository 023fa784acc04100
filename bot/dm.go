package bot

import (
	"context"
	"errors"
	"slices"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"convene/internal/hiring"
	"convene/internal/scorecard"
)

// directMessage answers somebody who writes to the bot, in no thread. The
// answer is only help: what matters is done with commands and buttons.
func (b *Bot) directMessage(ctx context.Context, in *slackevents.MessageEvent) error {
	if in.ChannelType != "im" || in.BotID != "" || in.SubType != "" || in.User == "" || in.ThreadTimeStamp != "" {
		return nil
	}
	p, err := b.person(ctx, in.User)
	text := b.helpText()
	if err != nil {
		text = b.explain(p, err)
	}
	_, _, err = b.Slack.PostMessageContext(ctx, in.Channel, slack.MsgOptionText(text, false), slack.MsgOptionDisableLinkUnfurl())
	return err
}

// A threadReply is what somebody wrote in a thread of their DM with the bot,
// changed there, or deleted.
type threadReply struct {
	Channel, Thread, User string
	Text                  string // as Slack writes it
	ID, Edited            string
	Deleted, File         bool
}

// readReply returns the reply that an event is about; false: the event is about
// something else, such as the bot's own answers or the preview of a link.
func readReply(e slackevents.EventsAPIInnerEvent) (threadReply, bool) {
	in, ok := e.Data.(*slackevents.MessageEvent)
	if !ok {
		return threadReply{}, false
	}
	r, msg := threadReply{Channel: in.Channel}, in.Message
	switch in.SubType {
	case "", "thread_broadcast", "file_share":
		r.File = in.SubType == "file_share"
	case "message_changed":
		if msg == nil || msg.Edited == nil {
			return r, false
		}
		r.Edited = msg.Edited.Timestamp
	case "message_deleted":
		msg, r.Deleted = in.PreviousMessage, true
	default:
		return r, false
	}
	if in.ChannelType != "im" || msg == nil || msg.User == "" || msg.BotID != "" || msg.ThreadTimestamp == "" || msg.ThreadTimestamp == msg.Timestamp {
		return r, false
	}
	r.Thread, r.User, r.Text, r.ID = msg.ThreadTimestamp, msg.User, msg.Text, msg.Timestamp
	return r, true
}

// threadMessage files a reply as evidence, and reports whether the event was
// one. Evidence is committed and confirmed before Slack is told that the event
// has come: should the bot die in between, Slack sends it again, and it is
// found filed and confirmed then. Nobody waits for this acknowledgement.
func (b *Bot) threadMessage(ctx context.Context, e slackevents.EventsAPIEvent, r *reply) bool {
	event := eventID(e)
	said, ok := readReply(e.InnerEvent)
	if !ok {
		return false
	}
	soon, cancel := context.WithTimeout(ctx, acknowledgeTime)
	defer cancel()
	seen, err := b.Store.Seen(soon, event)
	answer := ""
	if err == nil && !seen {
		answer, err = b.fileReply(soon, said)
	}
	if err != nil {
		b.Log.Error("reply not taken", "event", event, "user", said.User, "err", err)
		return true // not acknowledged: Slack sends it again
	}
	if answer != "" {
		if err := b.answerInThread(soon, said, answer); err != nil {
			b.Log.Warn("reply not confirmed", "event", event, "user", said.User, "err", err)
		}
	}
	if _, err := b.Store.FirstTime(ctx, event, b.Now()); err != nil {
		b.Log.Warn("event not remembered", "event", event, "err", err)
	}
	r.ack()
	return true
}

// answerInThread is a line below the person's. It isn't owed: the scorecard
// says the same.
func (b *Bot) answerInThread(ctx context.Context, to threadReply, text string) error {
	_, _, err := b.Slack.PostMessageContext(ctx, to.Channel, slack.MsgOptionTS(to.Thread), slack.MsgOptionText(fallback("%s", text), false),
		slack.MsgOptionBlocks(section(text)), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
	return err
}

const (
	notHere   = "Here I can't file anything. In the thread of a message about one of your interviews (booked, kit or scorecard), a reply is kept as evidence."
	fileAside = " A file isn't kept with it: say in words what it shows."
)

// evidenceKinds are the messages about one interview of a panelist's.
var evidenceKinds = []string{"panelist", "kit", "score"}

// fileReply files the reply, and returns the line that says what became of it;
// "" when there is nothing to say.
func (b *Bot) fileReply(ctx context.Context, said threadReply) (string, error) {
	p, err := b.person(ctx, said.User)
	switch {
	case errors.Is(err, hiring.ErrNotAllowed):
		return b.explain(p, err), nil
	case err != nil:
		return "", err
	}
	m, err := b.Store.MessageAt(ctx, said.Channel, said.Thread)
	switch about := err == nil && m.Person == p.ID && slices.Contains(evidenceKinds, m.Kind); {
	case err != nil && !errors.Is(err, hiring.ErrNotFound):
		return "", err
	case !about && (said.Deleted || said.Edited != ""):
		return "", nil
	case !about:
		return notHere, nil
	case said.Deleted:
		return unfiledWords(b.Scorecards.Unfile(ctx, m.About, p.ID, said.ID))
	}
	filed, err := b.Scorecards.File(ctx, m.About, p.ID, scorecard.Message{
		ID: said.ID, At: slackTime(said.ID), Edited: said.Edited, Text: b.asTyped(ctx, said.Text),
	})
	text, err := filedWords(filed, err)
	if said.File && text != "" {
		text += fileAside
	}
	return text, err
}

// filedWords says what became of a message; the error is one that another
// delivery may not meet.
func filedWords(filed *scorecard.Filed, err error) (string, error) {
	var why *hiring.UserError
	switch {
	case errors.As(err, &why):
		return why.Text, nil
	case errors.Is(err, hiring.ErrNotFound):
		return "Nothing was filed: the candidate's record has been erased.", nil
	case err != nil:
		return "", err
	case len(filed.Under) == 0: // deleted before it came
		return "", nil
	case filed.Edited:
		return "Changed: it is filed under " + scorecard.Names(filed.Under) + ".", nil
	default:
		return "Filed under " + scorecard.Names(filed.Under) + ". To change that, edit or delete your message.", nil
	}
}

func unfiledWords(filed *scorecard.Filed, err error) (string, error) {
	switch {
	case errors.Is(err, hiring.ErrNotFound):
		return "", nil
	case err != nil, len(filed.Under) == 0:
		return "", err
	case filed.Kept:
		return "Your scorecard is in, so what you deleted stays in it, under " + scorecard.Names(filed.Under) + ". When you reopen it, it goes.", nil
	default:
		return "Removed from " + scorecard.Names(filed.Under) + ".", nil
	}
}

// replyHint says that a reply is kept as evidence; "" where nothing is rated.
func replyHint(k *hiring.Case) string {
	role, stage := k.Scored()
	rated := role.Rated(stage)
	if len(rated) == 0 {
		return ""
	}
	return "A reply in this message's thread is kept as evidence: “" + scorecard.ShortName(rated[0]) + " + what they said or did”."
}
