package bot

import (
	"context"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// Karly types, closes her scorecard and opens it again while the typing isn't
// kept yet: opening waits for it. What Sebastian does waits for nothing, nor do
// more typing and what she did before.
func TestWhatWasTypedIsKeptBeforeTheNextClick(t *testing.T) {
	w := newWorld(t, "Wed 14:00")
	opened, typing, keep := make(chan string), make(chan bool, 2), make(chan bool)
	w.bot.routes.actions[actScoreType] = func(context.Context, *click) error {
		typing <- true
		<-keep
		return nil
	}
	w.bot.routes.actions[actScoreOpen] = func(_ context.Context, c *click) error {
		opened <- c.Person.ID
		return nil
	}
	client := socketmode.New(slack.New("xoxb-test"))
	arrive := func(person, action string) { // as Bot.read does
		evt := socketmode.Event{Type: socketmode.EventTypeInteractive, Request: &socketmode.Request{EnvelopeID: action}, Data: slack.InteractionCallback{
			Type: slack.InteractionTypeBlockActions, User: slack.User{ID: person},
			ActionCallback: slack.ActionCallbacks{BlockActions: []*slack.BlockAction{{ActionID: action, ActionTs: "1.000001"}}},
		}}
		w.bot.work.Add(1)
		go w.bot.serve(client, evt, w.bot.turnOf(evt))
	}
	arrive(karly, actScoreType+":evidence")
	arrive(karly, actScoreType+":rating")
	<-typing
	<-typing // both are being kept
	arrive(karly, actScoreOpen)
	for range 10 { // long enough for Karly's to have come
		arrive(seb, actScoreOpen)
		if who := <-opened; who != seb {
			t.Fatalf("%s's scorecard was opened before what they typed was kept", who)
		}
	}
	keep <- true
	keep <- true
	if who := <-opened; who != karly {
		t.Fatalf("opened for %s", who)
	}
	w.bot.work.Wait()
	if n := len(w.bot.turns.typing); n != 0 {
		t.Errorf("%d turns are kept for ever", n)
	}
}
