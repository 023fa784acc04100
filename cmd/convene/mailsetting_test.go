package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"convene/internal/outbox"
)

// TestSettingChangesWithAMailOwed kills the bot when it is about to e-mail a
// notice, and starts it with CANDIDATE_EMAIL=off: the notice goes back to who
// approved it, who sends it and says so. Nothing is e-mailed.
func TestSettingChangesWithAMailOwed(t *testing.T) {
	t.Parallel()
	server, err := listenSMTP()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.listener.Close() })
	w, err := newWorld(t.TempDir(), time.Date(2026, 12, 2, 14, 0, 0, 0, time.UTC), "send", server.url())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.halt(); err != nil {
			t.Errorf("the bot did not stop cleanly: %v", err)
		}
		w.slack.Close()
	})
	s := &story{world: w, seen: map[string]bool{}}
	s.do(t, "", w.openRole())
	s.run(t, s.addCmd, "Ana Nováková", "ana@example.com", "America/New_York")
	s.run(t, s.bookCmd, "Ana")
	s.do(t, "", w.jump(time.Date(2026, 12, 3, 15, 30, 0, 0, time.UTC)))
	s.run(t, s.slashCmd, "karly", "/scorecard")
	s.run(t, s.scoreCmd, "karly")
	s.do(t, "", w.jump(time.Date(2026, 12, 7, 22, 1, 0, 0, time.UTC)))
	s.run(t, s.pressCmd, "mark", "channel", "Decide")
	s.run(t, s.decideCmd, "mark", "Decline", "Too few accounts")

	w.dieBeforeTheMail()
	w.mode = "off"
	s.run(t, s.submitCmd, "mark")
	s.run(t, s.closeCmd, "mark")
	dm, err := s.dmCmd([]string{"mark"})
	s.do(t, dm, err)
	if !strings.Contains(dm, "was not sent: the bot no longer sends e-mail (CANDIDATE_EMAIL)") || strings.Contains(dm, "Send again") {
		t.Errorf("Mark reads\n%s", dm)
	}
	s.run(t, s.pressCmd, "mark", "dm", "I sent it")
	if dm, err = s.dmCmd([]string{"mark"}); err != nil || !strings.Contains(dm, "Ana Nováková was told by Mark") {
		t.Errorf("%v; Mark reads\n%s", err, dm)
	}
	if mails := server.mails(); len(mails) > 0 {
		t.Errorf("e-mailed: %v", mails)
	}
}

// dieBeforeTheMail lets the bot die when it is about to e-mail something.
func (w *world) dieBeforeTheMail() {
	c := &crash{reached: make(chan struct{}), release: make(chan struct{})}
	w.crash = c
	for _, d := range w.app.outboxes {
		if h, ok := d.Handlers[outbox.Mail]; ok {
			d.Handlers[outbox.Mail] = dyingMail{h, c}
		}
	}
}

type dyingMail struct {
	outbox.Handler
	crash *crash
}

func (m dyingMail) Wanted(context.Context, outbox.Effect) (bool, error) {
	close(m.crash.reached)
	<-m.crash.release
	return false, context.Canceled
}

// What people write is text in the HTML part, too.
func TestTheHTMLPartHoldsText(t *testing.T) {
	got := paragraphs("Hello <b>Ana</b> & co,\nline two\n\nBye \"x\"")
	if want := "<p>Hello &lt;b&gt;Ana&lt;/b&gt; &amp; co,<br>\nline two</p>\n<p>Bye &#34;x&#34;</p>\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
