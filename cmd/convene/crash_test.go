package main

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"convene/internal/sandbox/fakegoogle"
	"convene/internal/sandbox/fakeslack"
)

// TestDeathAtEveryArrow lives the week once for each call that the bot makes to
// Slack and Google, and kills the bot at that call: before it is carried out,
// and after, when the answer never arrives. Whatever the moment, everything
// that was owed has happened exactly once in the end.
func TestDeathAtEveryArrow(t *testing.T) {
	t.Parallel()
	want, calls := uneventfulWeek(t)
	for _, at := range calls {
		// Edits are alike, and there are many: every fourth stands for its neighbours.
		if at.method == "chat.update" && at.n%4 != 1 && !*rehearse {
			continue
		}
		for _, applied := range []bool{false, true} {
			if at.method == "chat.update" && applied != (at.n%8 == 1) && !*rehearse {
				continue // one of the two, in turn: edits may be repeated
			}
			name := fmt.Sprintf("%s-%d", at.method, at.n)
			if applied {
				name += "-applied"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := weekWorld(t)
				w.dieAt(at, applied)
				died := w.crash
				week(t, w)
				select {
				case <-died.reached:
				default:
					t.Fatal("the bot never made that call, so it was not killed")
				}
				if got := w.ledger(); got != want {
					t.Errorf("killed there, the week came out differently:\n%s\nwant:\n%s", got, want)
				}
			})
		}
	}
}

// TestDeathAtAChangeOfPanel does the same for a panelist who is swapped: for
// each call that the change brings.
func TestDeathAtAChangeOfPanel(t *testing.T) {
	t.Parallel()
	start := func(t *testing.T) (*world, *story) {
		w := weekWorld(t)
		s := &story{world: w, seen: map[string]bool{}}
		s.do(t, "", w.openRole(karly, sebastian))
		s.run(t, s.addCmd, "Ana Nováková", "ana@example.com", "America/New_York")
		s.run(t, s.bookCmd, "Ana")
		s.run(t, s.closeCmd, "karly")
		s.run(t, s.pressCmd, "karly", "channel", "Change panel")
		s.run(t, s.fillCmd, "karly", "Who is required?", "Karly Oykhman", "Mark")
		return w, s
	}
	finish := func(t *testing.T, w *world, s *story) string {
		s.run(t, s.submitCmd, "karly")
		s.do(t, "", w.jump(time.Date(2026, 12, 3, 18, 0, 0, 0, time.UTC)))
		s.do(t, "", w.everybodyQuiet())
		out := w.ledger()
		for _, who := range []string{"sebastian", "mark"} {
			dms, err := s.dmCmd([]string{who})
			s.do(t, dms, err)
			out += dms
		}
		guests, err := s.guestsCmd(nil)
		s.do(t, guests, err)
		return out + guests
	}
	w, s := start(t)
	before := slackCalls(w)
	want := finish(t, w, s)
	moments := []moment{{"events.patch", 1, true}}
	for method, n := range slackCalls(w) {
		for i := before[method] + 1; i <= min(n, before[method]+3); i++ { // what comes later is the week's
			moments = append(moments, moment{method: method, n: i - before[method]})
		}
	}
	if len(moments) < 6 {
		t.Fatalf("the change took only %d calls", len(moments))
	}
	for _, at := range moments {
		for _, applied := range []bool{false, true} {
			if at.method == "chat.update" && at.n > 1 && !*rehearse {
				continue // edits may be repeated
			}
			t.Run(fmt.Sprintf("%s-%d-%t", at.method, at.n, applied), func(t *testing.T) {
				t.Parallel()
				w, s := start(t)
				w.dieAt(at, applied)
				died := w.crash
				if got := finish(t, w, s); got != want {
					t.Errorf("killed there, the change came out differently:\n%s\nwant:\n%s", got, want)
				}
				select {
				case <-died.reached:
				default:
					t.Fatal("the bot never made that call, so it was not killed")
				}
			})
		}
	}
}

// slackCalls counts the calls by which messages reach people.
func slackCalls(w *world) map[string]int {
	counts := map[string]int{}
	for _, c := range w.slack.Calls() {
		switch c.Method {
		case "chat.postMessage", "chat.update", "chat.delete":
			counts[c.Method]++
		}
	}
	return counts
}

// run does one of a story's commands.
func (s *story) run(t *testing.T, command func([]string) (string, error), args ...string) {
	t.Helper()
	out, err := command(args)
	s.do(t, out, err)
}

func (s *story) do(t *testing.T, out string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, s.logs.String())
	}
}

// A moment is the n-th call of a method.
type moment struct {
	method string
	n      int
	google bool
}

// uneventfulWeek returns what an undisturbed week leaves behind, and the calls
// that it took.
func uneventfulWeek(t *testing.T) (ledger string, calls []moment) {
	w := weekWorld(t)
	week(t, w)
	counts := map[string]int{}
	for _, c := range w.slack.Calls() {
		switch c.Method {
		case "chat.postMessage", "chat.update", "chat.delete":
			counts[c.Method]++
			calls = append(calls, moment{method: c.Method, n: counts[c.Method]})
		}
	}
	if len(calls) < 10 {
		t.Fatalf("the week took only %d calls; is it still the whole week?", len(calls))
	}
	return w.ledger(), append(calls, moment{"events.insert", 1, true})
}

func weekWorld(t *testing.T) *world {
	t.Helper()
	w, err := newWorld(t.TempDir(), time.Date(2026, 12, 2, 14, 0, 0, 0, time.UTC), "", "")
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
	return w
}

// dieAt lets the bot die at a moment.
func (w *world) dieAt(at moment, applied bool) {
	c := &crash{reached: make(chan struct{}), release: make(chan struct{})}
	w.crash = c
	if at.google {
		f := fakegoogle.Fault{Method: at.method, Skip: at.n - 1, Action: fakegoogle.FaultDropBefore}
		f.Before = func(*fakegoogle.Server) {
			close(c.reached)
			<-c.release
		}
		if applied {
			f = fakegoogle.Fault{Method: at.method, Skip: at.n - 1, Action: fakegoogle.FaultCommitThenHang}
			f.Before = func(*fakegoogle.Server) { close(c.reached) }
		}
		w.google.AddFault(f)
		return
	}
	var n atomic.Int64
	f := fakeslack.Fault{Times: 1, Match: func(map[string]any) bool {
		if n.Add(1) != int64(at.n) {
			return false
		}
		close(c.reached)
		return true
	}}
	if applied {
		f.HoldAnswer = c.release
	} else {
		f.Hold, f.DropBefore = c.release, true
	}
	w.slack.SetFault(at.method, f)
}

// week takes a candidate from added to told.
func week(t *testing.T, w *world) {
	t.Helper()
	s := &story{world: w, seen: map[string]bool{}}
	must := func(out string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%v\n%s", err, w.logs.String())
		}
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
	at(7, 16, 1)
	must(s.pressCmd([]string{"mark", "channel", "Decide"}))
	must(s.decideCmd([]string{"mark", "Advance to Panel", "Strong on triage"}))
	must(s.submitCmd([]string{"mark"}))
	must(s.pressCmd([]string{"mark", "dm", "I sent it"}))
	at(8, 12, 0)
	if missing := w.slack.Violations(); len(missing) > 0 && w.db == 0 {
		t.Errorf("the bot broke Slack's protocol: %v", missing)
	}
	must("", w.everybodyQuiet())
}

// everybodyQuiet checks that nothing is left undone.
func (w *world) everybodyQuiet() error {
	counts, err := w.app.db.Counts(context.Background())
	if err != nil {
		return err
	}
	for state, n := range counts {
		if n > 0 && !slices.Contains([]string{"done", "dropped"}, string(state)) {
			return fmt.Errorf("%d effects are left %s", n, state)
		}
	}
	return nil
}
