package main

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestDeathWhileTheInvitationSaysIt kills the bot while it books a panel whose
// invitation carries the notice: at Google's insert, and between the booking's
// commit and the record that the candidate was told. There is one invitation in
// the end, and the candidate counts as told once, in time.
func TestDeathWhileTheInvitationSaysIt(t *testing.T) {
	t.Parallel()
	want := carriedPanel(t, func(*world) {})
	if !strings.Contains(want, "Promise kept for 1 of 1") || strings.Count(want, "google mail invite to ana@example.com") != 2 {
		t.Fatalf("undisturbed it goes wrong:\n%s", want)
	}
	for name, arm := range map[string]func(*world){
		"before the insert": func(w *world) { w.dieAt(moment{"events.insert", 1, true}, false) },
		"after the insert":  func(w *world) { w.dieAt(moment{"events.insert", 1, true}, true) },
		"before it is told": func(w *world) { w.dieWhenTold(false) },
		"after it was told": func(w *world) { w.dieWhenTold(true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var died *crash
			got := carriedPanel(t, func(w *world) {
				arm(w)
				died = w.crash
			})
			select {
			case <-died.reached:
			default:
				t.Fatal("the bot was not killed")
			}
			if got != want {
				t.Errorf("killed there, it came out differently:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// dieWhenTold lets the bot die when it records that an invitation has told the
// candidate: just before, or just after.
func (w *world) dieWhenTold(recorded bool) {
	c := &crash{reached: make(chan struct{}), release: make(chan struct{})}
	w.crash = c
	tell := w.app.schedule.Told
	w.app.schedule.Told = func(ctx context.Context, notice, interview string) error {
		if recorded {
			if err := tell(ctx, notice, interview); err != nil {
				return err
			}
		}
		close(c.reached)
		<-c.release
		return context.Canceled
	}
}

// carriedPanel takes a candidate to a booked panel whose invitation says the
// notice, and returns what left the bot and how the summary counts. arm is
// called right before the booking.
func carriedPanel(t *testing.T, arm func(*world)) string {
	t.Helper()
	w := weekWorld(t)
	s := &story{world: w, seen: map[string]bool{}}
	must := func(out string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatalf("%v\n%s", err, w.logs.String())
		}
		return out
	}
	at := func(day, hour, minute int) {
		t.Helper()
		must("", w.jump(time.Date(2026, 12, day, hour+6, minute, 0, 0, time.UTC)))
	}
	must("", w.openRole())
	must(s.addCmd([]string{"Ana Nováková", "ana@example.com", "America/New_York"}))
	must(s.bookCmd([]string{"Ana"}))
	at(3, 9, 30)
	must(s.slashCmd([]string{"karly", "/scorecard"}))
	must(s.scoreCmd([]string{"karly"}))
	must(s.closeCmd([]string{"karly"}))
	at(7, 16, 1)
	must(s.pressCmd([]string{"mark", "channel", "Decide"}))
	must(s.decideCmd([]string{"mark", "Advance to Panel", "Strong on triage"}))
	must(s.slashCmd([]string{"karly", "/schedule-panel", "Ana"}))
	must(s.submitCmd([]string{"karly"}))
	must(s.fillCmd([]string{"karly", "When?", "0"}))
	arm(w)
	must(s.submitCmd([]string{"karly"}))
	at(7, 16, 30)
	must("", w.everybodyQuiet())
	summary := must(s.channelCmd(nil))
	return w.ledger() + summary[strings.Index(summary, "Decision summary"):]
}
