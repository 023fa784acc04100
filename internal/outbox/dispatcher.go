package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// A Handler carries out one kind of effect. Do and Look record what they
// learned (an event's id, a message's ts) before they return, in a way that
// may safely happen twice.
type Handler interface {
	// Wanted is asked just before: things change between the commit and the act.
	Wanted(ctx context.Context, e Effect) (bool, error)
	// Do acts once. It doesn't retry, and classes its error.
	Do(ctx context.Context, e Effect) (result string, err error)
	// Look learns whether an earlier attempt happened.
	Look(ctx context.Context, e Effect) (result string, found bool, err error)
	// Failed is told of an effect that won't happen or whose outcome a person
	// must settle, before that is recorded; it may happen twice.
	Failed(ctx context.Context, e Effect) error
}

// Store is what the dispatcher needs of the database.
type Store interface {
	// ReadyEffects returns the oldest unfinished effect of each lane, among
	// those of the given kinds that may be tried at the wall-clock time, oldest first.
	ReadyEffects(ctx context.Context, kinds []string, wall time.Time, limit int) ([]Effect, error)
	// NextRetry returns when the next waiting effect of the kinds may be tried; zero: none waits.
	NextRetry(ctx context.Context, kinds []string) (time.Time, error)
	// StartEffect moves a pending effect to sending; false when it no longer is pending.
	StartEffect(ctx context.Context, key string, wall time.Time) (bool, error)
	// FinishEffect records an attempt's outcome: State, RetryAt, Looks, Result, Problem.
	FinishEffect(ctx context.Context, e Effect) error
	// RecoverEffects moves every sending effect to unknown and returns how many.
	RecoverEffects(ctx context.Context) (int, error)
}

// Timing holds the waits of the dispatcher, in wall-clock time.
type Timing struct {
	FirstLook  time.Duration // after an unknown outcome
	SecondLook time.Duration // before an effect that was not found is repeated
	SlowLook   time.Duration // the same when the far end may still be working
	Backoff    time.Duration // after the first failure; doubles
	MaxBackoff time.Duration
	Call       time.Duration // for one call of a handler
	Grace      time.Duration // for the same once the program is stopping
}

// DefaultTiming suits Slack and Google.
var DefaultTiming = Timing{
	FirstLook:  1 * time.Second,
	SecondLook: 8 * time.Second,
	SlowLook:   40 * time.Second,
	Backoff:    1 * time.Second,
	MaxBackoff: 2 * time.Minute,
	Call:       30 * time.Second,
	Grace:      3 * time.Second,
}

// A Dispatcher carries out the effects of some kinds, one at a time.
type Dispatcher struct {
	Store    Store
	Handlers map[string]Handler // by kind
	Kinds    []string
	Wall     func() time.Time
	Timing   Timing
	Log      *slog.Logger
	// Then, where set, runs after every look for work, in the same goroutine. It
	// returns how much it did.
	Then func(ctx context.Context) (int, error)

	wakeOnce   sync.Once
	wake       chan struct{}
	stepping   sync.Mutex // guards what follows
	paused     time.Time  // until then, by a rate limit
	unrecorded []Effect   // outcomes that could not be written down yet
}

// Wake makes Run look for work now. It never blocks.
func (d *Dispatcher) Wake() {
	select {
	case d.wakeChan() <- struct{}{}:
	default:
	}
}

func (d *Dispatcher) wakeChan() chan struct{} {
	d.wakeOnce.Do(func() { d.wake = make(chan struct{}, 1) })
	return d.wake
}

// Run carries out effects until ctx ends; the effect in hand is finished.
func (d *Dispatcher) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if _, err := d.Step(ctx); err != nil && ctx.Err() == nil {
			d.Log.Error("outbox", "err", err)
		}
		timer := time.NewTimer(d.idle(ctx))
		select {
		case <-ctx.Done():
		case <-d.wakeChan():
		case <-timer.C:
		}
		timer.Stop()
	}
	return nil
}

// idle is how long Run may wait when nobody wakes it.
func (d *Dispatcher) idle(ctx context.Context) time.Duration {
	const longest = 5 * time.Second
	d.stepping.Lock()
	paused := d.paused
	d.stepping.Unlock()
	next, err := d.Store.NextRetry(ctx, d.Kinds)
	if err != nil || next.IsZero() {
		return longest
	}
	if next.Before(paused) {
		next = paused
	}
	return max(5*time.Millisecond, min(longest, next.Sub(d.Wall())))
}

// Step carries out everything that is ready and returns how many effects it
// worked on.
func (d *Dispatcher) Step(ctx context.Context) (int, error) {
	d.stepping.Lock()
	defer d.stepping.Unlock()
	unrecorded := d.recordAgain(ctx)
	worked, err := d.effects(ctx)
	err = errors.Join(unrecorded, err)
	if d.Then == nil || ctx.Err() != nil || d.Wall().Before(d.paused) {
		return worked, err
	}
	more, thenErr := safely(func() (int, error) { return d.Then(ctx) })
	d.pauseIfLimited(thenErr)
	return worked + more, errors.Join(err, thenErr)
}

// effects works until nothing is ready. One that can't be worked on doesn't
// keep the others waiting; it is tried again at the next Step.
func (d *Dispatcher) effects(ctx context.Context) (int, error) {
	worked := 0
	for ctx.Err() == nil && !d.Wall().Before(d.paused) {
		ready, err := d.Store.ReadyEffects(ctx, d.Kinds, d.Wall(), 20)
		if err != nil {
			return worked, fmt.Errorf("find ready effects: %w", err)
		}
		if len(ready) == 0 {
			break
		}
		var problems []error
		for _, e := range ready {
			if ctx.Err() != nil || d.Wall().Before(d.paused) {
				break
			}
			if err := d.carryOut(ctx, e); err != nil {
				problems = append(problems, fmt.Errorf("effect %s: %w", e.Key, err))
				continue
			}
			worked++
		}
		if len(problems) > 0 {
			return worked, errors.Join(problems...)
		}
	}
	return worked, nil
}

// carryOut makes one attempt. A shutdown gives it a little time to finish; what
// was begun is written down in any case.
func (d *Dispatcher) carryOut(stop context.Context, e Effect) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(stop), d.Timing.Call)
	defer cancel()
	defer context.AfterFunc(stop, func() { time.AfterFunc(d.Timing.Grace, cancel) })()
	h, ok := d.Handlers[e.Kind]
	if !ok {
		return fmt.Errorf("no handler for kind %q", e.Kind)
	}
	if e.State == Unknown {
		settled, err := d.look(ctx, h, &e)
		if settled || err != nil {
			return err
		}
	}
	wanted, err := safely(func() (bool, error) { return h.Wanted(ctx, e) })
	if err != nil {
		return d.Store.FinishEffect(d.bookkeeping(ctx), d.outcome(e, Later(err, 0)))
	}
	if !wanted {
		e.State, e.Problem = Dropped, ""
		return d.Store.FinishEffect(d.bookkeeping(ctx), e)
	}
	started, err := d.Store.StartEffect(ctx, e.Key, d.Wall())
	if err != nil || !started {
		return err
	}
	e.State, e.Attempt, e.Started, e.Looks = Sending, e.Attempt+1, d.Wall(), 0
	result, err := safely(func() (string, error) { return h.Do(ctx, e) })
	if err != nil {
		e = d.outcome(e, err)
	} else {
		e.State, e.Result, e.Problem = Done, result, ""
	}
	if err := d.record(ctx, h, e); err != nil {
		d.unrecorded = append(d.unrecorded, e) // else it would stay under way, and its lane with it, until the next start
		return err
	}
	return nil
}

// look settles an unknown effect, or makes it pending once it is certain
// enough that it did not happen.
func (d *Dispatcher) look(ctx context.Context, h Handler, e *Effect) (settled bool, err error) {
	if e.RetryAt.IsZero() { // the program was killed: the far end may still be working on it
		e.Problem = slowProblem
	}
	var found bool
	result, err := safely(func() (result string, err error) {
		result, found, err = h.Look(ctx, *e)
		return result, err
	})
	switch {
	case errors.Is(err, ErrCannotLook):
		e.State = Person
		return true, d.record(ctx, h, *e)
	case err != nil && Classify(err).Class == ClassNever:
		e.State, e.Problem = Person, err.Error()
		return true, d.record(ctx, h, *e)
	case err != nil:
		if e.Problem != slowProblem {
			e.Problem = err.Error()
		}
		// The longer it has been in doubt, the rarer the looks.
		wait := min(d.Timing.MaxBackoff, d.Wall().Sub(e.Started)/2)
		e.RetryAt = d.Wall().Add(max(wait, d.wait(e.Attempt, Classify(err).After)))
		d.pauseIfLimited(err)
		return true, d.Store.FinishEffect(d.bookkeeping(ctx), *e)
	case found:
		e.State, e.Result, e.Problem = Done, result, ""
		return true, d.Store.FinishEffect(d.bookkeeping(ctx), *e)
	}
	e.Looks++
	again := e.Started.Add(d.Timing.SecondLook)
	if e.Problem == slowProblem {
		again = e.Started.Add(d.Timing.SlowLook)
	}
	if e.Looks < 2 || d.Wall().Before(again) {
		e.RetryAt = again
		return true, d.Store.FinishEffect(d.bookkeeping(ctx), *e)
	}
	e.State, e.RetryAt = Pending, time.Time{}
	return false, d.Store.FinishEffect(d.bookkeeping(ctx), *e)
}

// slowProblem marks an unknown effect that the far end may still be busy with.
const slowProblem = "no answer in time"

// outcome returns the effect as it is after an attempt that did not plainly
// succeed.
func (d *Dispatcher) outcome(e Effect, err error) Effect {
	c := Classify(err)
	e.Problem = c.Error()
	switch c.Class {
	case ClassNever:
		e.State = Failed
	case ClassLater:
		e.State, e.RetryAt = Pending, d.Wall().Add(d.wait(e.Attempt, c.After))
		d.pauseIfLimited(err)
	default:
		e.State, e.RetryAt = Unknown, d.Wall().Add(d.Timing.FirstLook)
		if c.Slow {
			e.Problem = slowProblem
		}
	}
	d.Log.Warn("effect not done", "effect", e.Key, "attempt", e.Attempt, "state", e.State, "err", err)
	return e
}

// record writes down what became of an effect.
func (d *Dispatcher) record(ctx context.Context, h Handler, e Effect) error {
	if e.State == Failed || e.State == Person {
		d.Log.Error("effect needs a person", "effect", e.Key, "state", e.State, "err", e.Problem)
		// Failed first: it may happen twice, whereas a failure that nobody is told of must not.
		_, err := safely(func() (struct{}, error) { return struct{}{}, h.Failed(d.bookkeeping(ctx), e) })
		if err != nil {
			return err
		}
	}
	return d.Store.FinishEffect(d.bookkeeping(ctx), e)
}

// recordAgain writes down the outcomes that could not be written before.
func (d *Dispatcher) recordAgain(ctx context.Context) error {
	var left []Effect
	var problems []error
	for _, e := range d.unrecorded {
		if err := d.record(ctx, d.Handlers[e.Kind], e); err != nil {
			left, problems = append(left, e), append(problems, fmt.Errorf("effect %s: %w", e.Key, err))
		}
	}
	d.unrecorded = left
	return errors.Join(problems...)
}

// A Limited error says that the far end wants no more calls of this kind for a while.
type Limited struct{ After time.Duration }

func (l *Limited) Error() string { return fmt.Sprintf("rate limited for %s", l.After) }

func (d *Dispatcher) pauseIfLimited(err error) {
	var l *Limited
	if errors.As(err, &l) {
		d.paused = d.Wall().Add(l.After)
	}
}

func (d *Dispatcher) wait(attempt int, atLeast time.Duration) time.Duration {
	w := d.Timing.MaxBackoff
	if attempt < 10 {
		w = min(w, d.Timing.Backoff<<max(0, attempt-1))
	}
	if jitter := w / 4; jitter > 0 {
		w += rand.N(jitter)
	}
	return max(w, atLeast)
}

// bookkeeping gives the record of an attempt a little time of its own, whatever
// the attempt has used up.
func (d *Dispatcher) bookkeeping(ctx context.Context) context.Context {
	return context.WithoutCancel(ctx)
}

// safely turns a handler's panic into an unknown outcome.
func safely[T any](do func() (T, error)) (result T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = Lost(fmt.Errorf("panic: %v", p))
		}
	}()
	return do()
}
