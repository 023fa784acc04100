package bot

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// turnTime bounds how long somebody's click waits for what they typed before
// it: with acknowledgeTime, which follows, it stays within the three seconds that
// Slack waits for an answer. In ordinary times typing is kept in a few
// milliseconds.
const turnTime = 300 * time.Millisecond

// turns let what somebody does next find what they typed just before. Payloads
// are worked on at the same time, so a scorecard that is opened again could
// overtake the saving of its draft: it would show the older text, and the next
// typing in it would keep that over the newer. Nobody waits for anybody else.
type turns struct {
	mu     sync.Mutex
	typing map[string]chan struct{} // by person; closed once all they typed so far is kept
}

// A turn is what a payload waits for, and what it calls when it is done.
type turn struct {
	before <-chan struct{} // nil: nothing
	done   func()
}

// take gives out turns in the order in which payloads arrive. It doesn't block.
func (t *turns) take(person string, typing bool) turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := t.typing[person]
	if !typing {
		return turn{before, func() {}}
	}
	kept := make(chan struct{})
	if t.typing == nil {
		t.typing = map[string]chan struct{}{}
	}
	t.typing[person] = kept
	// Typing itself waits for nothing, since the store keeps the newest by Slack's
	// time of it.
	return turn{nil, func() {
		if before != nil {
			<-before
		}
		close(kept)
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.typing[person] == kept {
			delete(t.typing, person)
		}
	}}
}

// wait returns when it is the payload's turn, or has been for too long.
func (t turn) wait(ctx context.Context) {
	if t.before == nil {
		return
	}
	late := time.NewTimer(turnTime)
	defer late.Stop()
	select {
	case <-t.before:
	case <-late.C:
	case <-ctx.Done():
	}
}

// turnOf takes a payload's turn.
func (b *Bot) turnOf(evt socketmode.Event) turn {
	switch data := evt.Data.(type) {
	case slack.SlashCommand:
		return b.turns.take(data.UserID, false)
	case slack.InteractionCallback:
		return b.turns.take(data.User.ID, isTyping(data))
	}
	return turn{done: func() {}}
}

// isTyping reports whether a payload only keeps a scorecard's draft.
func isTyping(ic slack.InteractionCallback) bool {
	actions := ic.ActionCallback.BlockActions
	for _, a := range actions {
		if name, _, _ := strings.Cut(a.ActionID, ":"); name != actScoreType {
			return false
		}
	}
	return len(actions) > 0
}
