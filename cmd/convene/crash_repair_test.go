package main

import (
	"fmt"
	"testing"
)

// TestDeathAtARepair kills the bot at each arrow of the shortest repair: a
// panelist declines, the coordinator is told, clicks the stand-in, and the panel
// changes. In the end the coordinator has one message, the stand-in is on the
// event, and the candidate has heard nothing. What follows a change of the panel
// is TestDeathAtAChangeOfPanel's.
func TestDeathAtARepair(t *testing.T) {
	t.Parallel()
	repair := func(t *testing.T, step string, at moment, applied bool) string {
		w := weekWorld(t)
		s := &story{world: w, seen: map[string]bool{}}
		arm := func(here string) {
			if here == step {
				w.dieAt(at, applied)
			}
		}
		s.do(t, "", w.openRole(karly, sebastian))
		s.run(t, s.addCmd, "Ana Nováková", "ana@example.com", "America/New_York")
		s.run(t, s.bookCmd, "Ana")
		s.run(t, s.closeCmd, "karly")
		arm("decline")
		died := w.crash
		s.run(t, s.googleCmd, "decline", "sebastian")
		s.do(t, "", w.everybodyQuiet())
		arm("click")
		if died == nil {
			died = w.crash
		}
		s.run(t, s.pressCmd, "karly", "dm", "Same time with Mark")
		s.do(t, "", w.everybodyQuiet())
		if died != nil {
			select {
			case <-died.reached:
			default:
				t.Fatal("the bot never made that call, so it was not killed")
			}
		}
		dms, err := s.dmCmd([]string{"karly"})
		s.do(t, dms, err)
		guests, err := s.guestsCmd(nil)
		s.do(t, guests, err)
		return w.ledger() + dms + guests
	}
	want := repair(t, "", moment{}, false)
	for _, tt := range []struct {
		step    string
		at      moment
		applied []bool
	}{
		{"decline", moment{"events.list", 1, true}, []bool{true}},              // it is read
		{"decline", moment{"freebusy.query", 1, true}, []bool{false}},          // ways out are looked for
		{"decline", moment{"chat.postMessage", 1, false}, []bool{false, true}}, // the coordinator is told
		{"click", moment{"freebusy.query", 1, true}, []bool{false}},            // it is recorded, and asked once more
		{"click", moment{"events.patch", 1, true}, []bool{false, true}},        // the panel has changed here
	} {
		for _, applied := range tt.applied {
			t.Run(fmt.Sprintf("%s-%s-%t", tt.step, tt.at.method, applied), func(t *testing.T) {
				t.Parallel()
				if got := repair(t, tt.step, tt.at, applied); got != want {
					t.Errorf("killed there, it came out differently:\n%s\nwant:\n%s", got, want)
				}
			})
		}
	}
}
