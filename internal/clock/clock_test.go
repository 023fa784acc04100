package clock

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// The tests run in synctest bubbles: the machine's time is simulated there, so
// that a minute passes at once and only when everybody waits.

var monday = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)

func TestRealClockIsTheMachines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := Real()
		time.Sleep(36 * time.Hour)
		if got, want := c.Now(), time.Now(); !got.Equal(want) {
			t.Errorf("after 36 hours the real clock shows %v; the machine's shows %v", got, want)
		}
		if got := c.Now().Location(); got != time.UTC {
			t.Errorf("Now is in %v, want UTC", got)
		}
		start := time.Now()
		if err := c.Wait(t.Context(), start.Add(3*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(start); got != 3*time.Hour {
			t.Errorf("waited %v for a time 3 hours ahead", got)
		}
	})
}

func TestRealClockCannotBeMoved(t *testing.T) {
	c := Real()
	for name, move := range map[string]func() error{
		"Jump":    func() error { return c.Jump(time.Now().Add(time.Hour)) },
		"SetRate": func() error { return c.SetRate(2) },
		"Pause":   c.Pause,
		"Resume":  c.Resume,
	} {
		if err := move(); !errors.Is(err, ErrReal) {
			t.Errorf("%s on the real clock: got error %v, want ErrReal", name, err)
		}
	}
}

func TestScaledClockRunsAtItsRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := Scaled(monday, 1200)
		if got := c.Now(); !got.Equal(monday) {
			t.Fatalf("it starts at %v, want %v", got, monday)
		}
		time.Sleep(3 * time.Second)
		if got, want := c.Now(), monday.Add(time.Hour); !got.Equal(want) {
			t.Errorf("after 3 seconds at 1200× it shows %v, want %v", got, want)
		}
		began := time.Now()
		if err := c.Wait(t.Context(), monday.Add(3*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(began); got != 6*time.Second {
			t.Errorf("two hours took %v at 1200×, want 6s", got)
		}
	})
}

func TestControlledClockStandsStillUntilMoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := Controlled(monday)
		time.Sleep(time.Hour)
		if got := c.Now(); !got.Equal(monday) {
			t.Fatalf("it moved by itself to %v", got)
		}
		reached := waitInBackground(t, c, monday.Add(2*time.Hour))

		mustMove(t, c.Jump(monday.Add(time.Hour)))
		synctest.Wait()
		if reached() {
			t.Fatal("the wait for 16:00 ended at 15:00")
		}
		mustMove(t, c.Jump(monday.Add(2*time.Hour)))
		synctest.Wait()
		if !reached() {
			t.Error("the wait for 16:00 did not end when the clock jumped there")
		}
	})
}

func TestWaitFollowsANewRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := Scaled(monday, 1)
		reached := waitInBackground(t, c, monday.Add(time.Hour))
		synctest.Wait()
		time.Sleep(30 * time.Minute)
		mustMove(t, c.SetRate(60))
		time.Sleep(30 * time.Second) // the other half hour
		synctest.Wait()
		if !reached() {
			t.Errorf("at %v the wait for %v still lasts", c.Now(), monday.Add(time.Hour))
		}
	})
}

func TestPauseKeepsTheTimeAndResumeTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := Scaled(monday, 60)
		time.Sleep(time.Minute)
		mustMove(t, c.Pause())
		time.Sleep(24 * time.Hour)
		if got, want := c.Now(), monday.Add(time.Hour); !got.Equal(want) {
			t.Fatalf("a paused clock shows %v, want %v", got, want)
		}
		mustMove(t, c.Jump(monday.Add(2*time.Hour)))
		time.Sleep(time.Minute)
		if got, want := c.Now(), monday.Add(2*time.Hour); !got.Equal(want) {
			t.Fatalf("a paused clock ran after a jump: %v, want %v", got, want)
		}
		mustMove(t, c.Resume())
		time.Sleep(time.Minute)
		if got, want := c.Now(), monday.Add(3*time.Hour); !got.Equal(want) {
			t.Errorf("a minute after Resume at 60× it shows %v, want %v", got, want)
		}
		if rate, paused := c.Rate(); rate != 60 || paused {
			t.Errorf("Rate() = %v, paused %v; want 60, running", rate, paused)
		}
	})
}

func TestClockNeverMovesBack(t *testing.T) {
	c := Controlled(monday)
	if err := c.Jump(monday.Add(-time.Second)); err == nil {
		t.Error("a jump into the past was allowed")
	}
	if got := c.Now(); !got.Equal(monday) {
		t.Errorf("a refused jump moved the clock to %v", got)
	}
}

func TestImpossibleRatesAreRefused(t *testing.T) {
	c := Controlled(monday)
	for _, rate := range []float64{-1, math.NaN(), math.Inf(1), math.Inf(-1)} {
		if err := c.SetRate(rate); err == nil {
			t.Errorf("SetRate(%v) was allowed", rate)
		}
		if got := Scaled(monday, rate).Now(); !got.Equal(monday) {
			t.Errorf("a clock with rate %v moves", rate)
		}
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- Controlled(monday).Wait(ctx, monday.Add(time.Hour)) }()
		synctest.Wait()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
		// A loop that only waits for past times must still notice its end.
		if err := Real().Wait(ctx, time.Now().Add(-time.Hour)); !errors.Is(err, context.Canceled) {
			t.Errorf("a wait for the past under an ended context: got %v, want context.Canceled", err)
		}
	})
}

func TestChangedTellsOfEveryChange(t *testing.T) {
	c := Controlled(monday)
	for name, change := range map[string]func() error{
		"Jump":    func() error { return c.Jump(monday.Add(time.Hour)) },
		"SetRate": func() error { return c.SetRate(0) },
		"Pause":   c.Pause,
		"Resume":  c.Resume,
	} {
		changed := c.Changed()
		mustMove(t, change())
		select {
		case <-changed:
		default:
			t.Errorf("%s did not close the channel of Changed", name)
		}
	}
}

func TestClockIsSafeForConcurrentUse(t *testing.T) {
	c := Scaled(monday, 1000)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 100 {
				switch (i + n) % 4 {
				case 0:
					_ = c.Jump(c.Now()) // may lose a race with the running clock
				case 1:
					mustMove(t, c.SetRate(float64(1+n)))
				case 2:
					<-time.After(0)
					_ = c.Wait(t.Context(), c.Now())
				default:
					mustMove(t, c.Pause())
					mustMove(t, c.Resume())
				}
			}
		})
	}
	all.Wait()
	if c.Now().Before(monday) {
		t.Errorf("the clock ran backward to %v", c.Now())
	}
}

// waitInBackground waits for the clock to reach at, and returns a function
// that reports whether it has.
func waitInBackground(t *testing.T, c *Clock, at time.Time) func() bool {
	done := make(chan struct{})
	go func() {
		if c.Wait(t.Context(), at) == nil {
			close(done)
		}
	}()
	return func() bool {
		select {
		case <-done:
			return true
		default:
			return false
		}
	}
}

func mustMove(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}
