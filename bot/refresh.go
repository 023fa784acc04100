package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

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
		return m.remove(ctx, s.Message)
	}
	c, err := m.render(ctx, s.Message)
	if err != nil {
		return err
	}
	left, err := m.hasLeft(ctx, s.Message)
	if err != nil {
		return err
	}
	if left {
		c = farewell()
	}
	if c == nil || c.hash() == s.Hash {
		subjects := []string{s.About}
		if c != nil {
			subjects = append(subjects, c.Subjects...)
		}
		return m.Store.Shown(ctx, s.Message, subjects)
	}
	if s.Role != "" { // the edit says more of a candidate than stands there
		fit, err := m.stillFit(ctx, s.Message)
		if err != nil {
			return err
		}
		switch {
		case !fit && mustChange(s.Message):
			c = withheld(s.Role)
		case !fit: // the next change, or the next post that goes out, shows it
			return m.Store.Shown(ctx, s.Message, append(c.Subjects, s.About, channelSubject(s.Role)))
		}
	}
	_, _, _, err = m.Slack.UpdateMessageContext(ctx, s.Channel, s.TS, slack.MsgOptionText(c.Text, false), slack.MsgOptionBlocks(c.Blocks...))
	switch {
	case isSlackError(err, "message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_inactive", "is_archived"):
		if mustChange(s.Message) { // what can't be edited, and may name somebody who was erased, goes
			return m.remove(ctx, s.Message)
		}
		return m.Store.Gone(ctx, s.Key)
	case err != nil:
		return err
	}
	s.Hash, s.Said = c.hash(), c.Said
	if c.Withheld {
		s.Hash = ""
	}
	return m.Store.Shown(ctx, s.Message, append(c.Subjects, s.About))
}

// remove deletes a message from Slack.
func (m *Messenger) remove(ctx context.Context, msg outbox.Message) error {
	_, _, err := m.Slack.DeleteMessageContext(ctx, msg.Channel, msg.TS)
	if err != nil && !isSlackError(err, "message_not_found", "channel_not_found", "cant_delete_message") {
		return err
	}
	return m.Store.Gone(ctx, msg.Key)
}

// hasLeft reports whether a DM is to somebody who no longer has a part in what
// it is about: it must not go on telling them of the candidate.
func (m *Messenger) hasLeft(ctx context.Context, msg outbox.Message) (bool, error) {
	if msg.Person == "" {
		return false, nil
	}
	p, err := m.Directory.Person(ctx, msg.Person)
	if err != nil || !p.Employee() {
		return err == nil, err
	}
	role, err := m.roleOf(ctx, msg)
	if errors.Is(err, hiring.ErrNotFound) || err == nil && role == nil {
		return false, nil
	}
	if err != nil || role.OnTeam(p.ID) {
		return false, err
	}
	id, _ := split(msg.About)
	iv, err := m.Store.Interview(ctx, id)
	if err == nil && iv.Part(p.ID) != "" {
		return false, nil
	}
	if err != nil && !errors.Is(err, hiring.ErrNotFound) {
		return false, err
	}
	workspace, err := m.Directory.Workspace(ctx)
	return !slices.Contains(workspace, p.ID), err
}

// farewell takes the place of what somebody may no longer read.
func farewell() *content {
	const text = "You no longer have a part in this, so there is nothing to show here any more. Thank you for your help."
	return &content{Text: text, Blocks: []slack.Block{section(text)}}
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
