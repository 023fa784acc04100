package main

import (
	"fmt"
	"testing"

	"convene/internal/hiring"
)

// TestDeathAtATimeHold holds two times, confirms one and lets the other go, and
// kills the bot at each call to Google that this takes: after it was carried out,
// when the answer never arrives, and at the first also before.
func TestDeathAtATimeHold(t *testing.T) {
	t.Parallel()
	hold := func(t *testing.T, w *world, at *moment, applied bool) string {
		s := &story{world: w, seen: map[string]bool{}}
		s.do(t, "", w.openRole())
		settings := map[string]string{hiring.StageSection("round1") + ".hold": "24h"}
		s.do(t, "", w.app.setup.SaveSettings(t.Context(), mainRole, hiring.StageSection("round1"), settings, 0, karly))
		for _, name := range []string{"Ana", "Bo"} {
			s.run(t, s.addCmd, name+" Lind", name+"@example.com", "America/New_York")
		}
		if at != nil {
			w.dieAt(*at, applied)
			died := w.crash
			defer func() {
				select {
				case <-died.reached:
				default:
					t.Error("the bot never made that call, so it was not killed")
				}
			}()
		}
		for _, of := range [][2]string{{"Ana", "Confirm and invite"}, {"Bo", "Let it go"}} {
			name, button := of[0], of[1]
			s.run(t, s.closeCmd, "karly")
			s.run(t, s.slashCmd, "karly", "/schedule-round1", name)
			s.run(t, s.fillCmd, "karly", "When?", "0")
			s.run(t, s.fillCmd, "karly", "Book the time, or hold it?", "hold")
			s.run(t, s.submitCmd, "karly")
			s.run(t, s.pressCmd, "karly", "dm", button)
		}
		s.do(t, "", w.everybodyQuiet())
		events, err := s.eventsCmd(nil)
		s.do(t, events, err)
		return w.ledger() + events
	}
	want := hold(t, weekWorld(t), nil, false)
	for _, method := range []string{"events.insert", "events.patch", "events.delete"} {
		for _, applied := range []bool{false, true} {
			if !applied && method != "events.insert" {
				continue
			}
			t.Run(fmt.Sprintf("%s-%t", method, applied), func(t *testing.T) {
				t.Parallel()
				got := hold(t, weekWorld(t), &moment{method, 1, true}, applied)
				if got != want {
					t.Errorf("killed there, it came out differently:\n%s\nwant:\n%s", got, want)
				}
			})
		}
	}
}
