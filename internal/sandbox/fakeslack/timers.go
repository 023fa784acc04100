package fakeslack

import (
	"sync"
	"time"
)

// timers run functions later on the protocol clock: in real time, or, when a test has given the clock, in run.
type timers struct {
	now    func() time.Time
	manual bool

	mu      sync.Mutex
	closed  bool
	pending map[*timer]bool
}

type timer struct {
	at   time.Time
	fn   func()
	real *time.Timer
}

func newTimers(now func() time.Time) *timers {
	t := &timers{now: now, manual: now != nil, pending: map[*timer]bool{}}
	if now == nil {
		t.now = time.Now
	}
	return t
}

// after calls fn once d has passed, in a goroutine of its own or (manual) in run's. The result takes it back.
func (t *timers) after(d time.Duration, fn func()) (stop func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return func() {}
	}
	x := &timer{at: t.now().Add(d), fn: fn}
	t.pending[x] = true
	if !t.manual {
		x.real = time.AfterFunc(d, func() {
			if t.take(x) {
				fn()
			}
		})
	}
	return func() {
		if t.take(x) && x.real != nil {
			x.real.Stop()
		}
	}
}

// take removes a timer and says whether it was still waiting.
func (t *timers) take(x *timer) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	was := t.pending[x]
	delete(t.pending, x)
	return was
}

// run calls what is due, the earliest first, and what that makes due too.
func (t *timers) run() {
	if !t.manual {
		return
	}
	for {
		now := t.now()
		t.mu.Lock()
		var next *timer
		for x := range t.pending {
			if !x.at.After(now) && (next == nil || x.at.Before(next.at)) {
				next = x
			}
		}
		delete(t.pending, next)
		t.mu.Unlock()
		if next == nil {
			return
		}
		next.fn()
	}
}

func (t *timers) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	for x := range t.pending {
		if x.real != nil {
			x.real.Stop()
		}
	}
	clear(t.pending)
}
