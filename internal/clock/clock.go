// Package clock is the time that the program lives by. In production that is
// the machine's own; in rehearsals, the sandbox and the stories it starts at
// another moment, runs faster, stands still or is moved.
//
// Only what the product decides by the calendar uses it (slots, asks, nags,
// summaries, deadlines). Protocol time stays real: HTTP timeouts, acks,
// triggers, tokens and back-off.
package clock

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"
)

// ErrReal is returned when somebody tries to move the machine's own clock.
var ErrReal = errors.New("this is the real clock, which cannot be moved: start with a rehearsal clock instead")

// A Clock tells the time and waits for it. It is safe for concurrent use.
// Its times are in UTC.
type Clock struct {
	real bool

	mu      sync.Mutex
	base    time.Time     // what the clock showed at anchor
	anchor  time.Time     // the machine's time when base was set
	rate    float64       // how many times as fast as the machine's clock; 0 stands still
	paused  bool          // stands still, whatever the rate
	changed chan struct{} // closed, and replaced, when any of the above changes
}

// Real returns the machine's clock: Now is time.Now.
func Real() *Clock {
	return &Clock{real: true, changed: make(chan struct{})}
}

// Scaled returns a clock that shows start now and runs rate times as fast as
// the machine's. A rate that is not a positive number makes it stand still.
func Scaled(start time.Time, rate float64) *Clock {
	if checkRate(rate) != nil {
		rate = 0
	}
	return &Clock{
		base:    start.Round(0).UTC(),
		anchor:  time.Now(),
		rate:    rate,
		changed: make(chan struct{}),
	}
}

// Controlled returns a clock that stands still at start until it is moved by
// Jump or set running by SetRate.
func Controlled(start time.Time) *Clock {
	return Scaled(start, 0)
}

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	if c.real {
		return time.Now().UTC()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if c.rate == 0 || c.paused {
		return c.base
	}
	return c.base.Add(time.Duration(float64(time.Since(c.anchor)) * c.rate))
}

// longestWait bounds one wait of the machine's timers, which do not notice
// that the wall clock was set or that the machine slept.
const longestWait = time.Minute

// Wait returns nil when the clock has reached t, or ctx's error when ctx ends
// first. It follows every change of the clock while it waits.
func (c *Clock) Wait(ctx context.Context, t time.Time) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		left, moving, changed := c.left(t)
		if left <= 0 {
			return nil
		}
		var alarm <-chan time.Time
		if moving {
			alarm = time.After(min(left, longestWait))
		}
		select {
		case <-ctx.Done():
		case <-changed:
		case <-alarm:
		}
	}
}

// left returns how long, in the machine's time, the clock needs to reach t as
// it runs now; whether it runs at all; and what tells of a change.
func (c *Clock) left(t time.Time) (left time.Duration, moving bool, changed <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.real {
		// Round(0) compares wall clocks: a deadline is a wall-clock time.
		return t.Sub(time.Now().Round(0)), true, c.changed
	}
	left = t.Sub(c.now())
	if c.rate == 0 || c.paused {
		return left, false, c.changed
	}
	real := float64(left) / c.rate
	if real >= float64(longestWait) {
		return longestWait, true, c.changed
	}
	if left > 0 {
		real = max(real, float64(time.Microsecond)) // a fast clock must not spin on a rounded-off zero
	}
	return time.Duration(real), true, c.changed
}

// Jump moves the clock forward to t at once. What waits for a time up to t
// wakes. Moving it backward is an error: what is done cannot become due again.
func (c *Clock) Jump(t time.Time) error {
	return c.change(func(now time.Time) error {
		if t.Before(now) {
			return fmt.Errorf("the clock shows %s and only moves forward: %s is past", now.Format(time.RFC3339), t.UTC().Format(time.RFC3339))
		}
		c.base = t.Round(0).UTC()
		return nil
	})
}

// SetRate makes the clock run rate times as fast as the machine's from now on.
// A rate of 0 makes it stand still.
func (c *Clock) SetRate(rate float64) error {
	return c.change(func(time.Time) error {
		if rate != 0 {
			if err := checkRate(rate); err != nil {
				return err
			}
		}
		c.rate = rate
		return nil
	})
}

// Pause stops the clock until Resume, which gives it its rate back.
func (c *Clock) Pause() error {
	return c.change(func(time.Time) error {
		c.paused = true
		return nil
	})
}

// Resume ends a Pause.
func (c *Clock) Resume() error {
	return c.change(func(time.Time) error {
		c.paused = false
		return nil
	})
}

// Rate returns how many times as fast as the machine's clock it runs, and
// whether it is paused.
func (c *Clock) Rate() (rate float64, paused bool) {
	if c.real {
		return 1, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rate, c.paused
}

// Changed returns a channel that is closed at the next Jump, SetRate, Pause or
// Resume. On the real clock it is never closed.
func (c *Clock) Changed() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changed
}

// change rebases the clock on its present time, applies edit and wakes those
// who wait. A failed edit changes nothing.
func (c *Clock) change(edit func(now time.Time) error) error {
	if c.real {
		return ErrReal
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	machine := time.Now()
	now := c.now()
	if err := edit(now); err != nil {
		return err
	}
	if c.base.Before(now) {
		c.base = now
	}
	c.anchor = machine
	close(c.changed)
	c.changed = make(chan struct{})
	return nil
}

func checkRate(rate float64) error {
	if !(rate > 0) || math.IsInf(rate, 0) {
		return fmt.Errorf("a clock cannot run at rate %v: give a number above 0, such as 1 or 1200", rate)
	}
	return nil
}
