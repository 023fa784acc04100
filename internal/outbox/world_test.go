package outbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"
)

var midnight = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

// memory is a Store that keeps the rules of the real one: an unfinished effect
// holds up its lane, what is done or dropped stays so.
type memory struct {
	mu      sync.Mutex
	effects []Effect // in the order in which they were owed
	broken  func(call string) error
}

func (m *memory) fail(call string) error {
	if m.broken == nil {
		return nil
	}
	return m.broken(call)
}

func unfinished(e Effect) bool { return e.State == Pending || e.State == Sending || e.State == Unknown }

func (m *memory) ReadyEffects(_ context.Context, kinds []string, wall time.Time, limit int) ([]Effect, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.fail("ready"); err != nil {
		return nil, err
	}
	held := map[string]bool{}
	var out []Effect
	for _, e := range m.effects {
		if !unfinished(e) {
			continue
		}
		first := !held[e.Lane]
		held[e.Lane] = true
		if first && e.State != Sending && !e.RetryAt.After(wall) && slices.Contains(kinds, e.Kind) && len(out) < limit {
			out = append(out, e)
		}
	}
	return out, nil
}

func (m *memory) NextRetry(_ context.Context, kinds []string) (time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var next time.Time
	for _, e := range m.effects {
		if unfinished(e) && e.State != Sending && slices.Contains(kinds, e.Kind) && !e.RetryAt.IsZero() && (next.IsZero() || e.RetryAt.Before(next)) {
			next = e.RetryAt
		}
	}
	return next, m.fail("next")
}

func (m *memory) find(key string) *Effect {
	for i := range m.effects {
		if m.effects[i].Key == key {
			return &m.effects[i]
		}
	}
	panic("no effect " + key)
}

func (m *memory) StartEffect(_ context.Context, key string, wall time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.fail("start"); err != nil {
		return false, err
	}
	e := m.find(key)
	if e.State != Pending {
		return false, nil
	}
	e.State, e.Started, e.RetryAt, e.Looks = Sending, wall, time.Time{}, 0
	e.Attempt++
	return true, nil
}

func (m *memory) FinishEffect(ctx context.Context, f Effect) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := errors.Join(ctx.Err(), m.fail("finish")); err != nil {
		return err
	}
	e := m.find(f.Key)
	if e.State != Done && e.State != Dropped {
		e.State, e.RetryAt, e.Looks, e.Result, e.Problem = f.State, f.RetryAt, f.Looks, f.Result, f.Problem
	}
	return nil
}

func (m *memory) RecoverEffects(context.Context) (int, error) {
	n := 0
	for i := range m.effects {
		if m.effects[i].State == Sending {
			m.effects[i].State = Unknown
			n++
		}
	}
	return n, nil
}

// farEnd is the world outside: a handler whose behaviour is scripted, with a
// ledger of what really happened there.
type farEnd struct {
	do       []func(*farEnd, Effect) (string, error) // one per attempt; the last repeats
	look     []func(*farEnd, Effect) (string, bool, error)
	unwanted func(Effect) bool
	wanted   error
	failed   func(Effect) error

	happened []string // keys, each time that it happened
	calls    []string
}

func script[T any](list *[]T, otherwise T) T {
	if len(*list) == 0 {
		return otherwise
	}
	next := (*list)[0]
	if len(*list) > 1 {
		*list = (*list)[1:]
	}
	return next
}

func (f *farEnd) Wanted(_ context.Context, e Effect) (bool, error) {
	return f.unwanted == nil || !f.unwanted(e), f.wanted
}

func (f *farEnd) Do(ctx context.Context, e Effect) (string, error) {
	f.calls = append(f.calls, "do "+e.Key)
	result, err := script(&f.do, works)(f, e)
	if err == nil && ctx.Err() != nil { // the connection was cut before the answer came
		return "", Lost(ctx.Err())
	}
	return result, err
}

func (f *farEnd) Look(_ context.Context, e Effect) (string, bool, error) {
	f.calls = append(f.calls, "look "+e.Key)
	return script(&f.look, ledger)(f, e)
}

func (f *farEnd) Failed(_ context.Context, e Effect) error {
	f.calls = append(f.calls, fmt.Sprintf("failed %s (%s)", e.Key, e.State))
	if f.failed != nil {
		return f.failed(e)
	}
	return nil
}

// Behaviours of the far end.
func works(f *farEnd, e Effect) (string, error) {
	f.happened = append(f.happened, e.Key)
	return "ts-" + e.Key, nil
}

func answers(err error) func(*farEnd, Effect) (string, error) {
	return func(*farEnd, Effect) (string, error) { return "", err }
}

// happensBut does it, but the caller doesn't hear so.
func happensBut(err error) func(*farEnd, Effect) (string, error) {
	return func(f *farEnd, e Effect) (string, error) {
		f.happened = append(f.happened, e.Key)
		return "", err
	}
}

func panics(*farEnd, Effect) (string, error) { panic("a bug of ours") }

// ledger finds what really happened.
func ledger(f *farEnd, e Effect) (string, bool, error) {
	return "found-" + e.Key, slices.Contains(f.happened, e.Key), nil
}

func cannotLook(*farEnd, Effect) (string, bool, error) { return "", false, ErrCannotLook }

func lookFails(err error) func(*farEnd, Effect) (string, bool, error) {
	return func(*farEnd, Effect) (string, bool, error) { return "", false, err }
}

// A rig is a dispatcher whose wall clock the test moves.
type rig struct {
	*Dispatcher
	store *memory
	far   *farEnd
	wall  time.Time
	took  []time.Duration // of each wait since midnight
}

func newRig(far *farEnd, effects ...Effect) *rig {
	r := &rig{store: &memory{effects: effects}, far: far, wall: midnight}
	r.Dispatcher = r.start()
	return r
}

// start makes a new dispatcher on the same store, as after a restart.
func (r *rig) start() *Dispatcher {
	return &Dispatcher{
		Store: r.store, Handlers: map[string]Handler{"message": r.far}, Kinds: []string{"message"},
		Wall: func() time.Time { return r.wall }, Timing: DefaultTiming, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
}

func owed(key, lane string) Effect {
	return Effect{Key: key, Kind: "message", About: key, Lane: lane, State: Pending}
}

// settle steps, and moves the clock to the next retry, until nothing is left to
// do or max retries were made.
func (r *rig) settle(t *testing.T, max int) {
	t.Helper()
	for range max + 1 {
		if _, err := r.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		next, _ := r.store.NextRetry(t.Context(), r.Kinds)
		if next.IsZero() {
			return
		}
		if next.After(r.wall) {
			r.wall = next
		}
		if r.paused.After(r.wall) {
			r.wall = r.paused
		}
		r.took = append(r.took, r.wall.Sub(midnight))
	}
}
