package outbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestArrows goes every way that an effect can take.
func TestArrows(t *testing.T) {
	reset, timeout := errors.New("connection reset"), errors.New("deadline exceeded")
	type doing = func(*farEnd, Effect) (string, error)
	type looking = func(*farEnd, Effect) (string, bool, error)
	for _, tt := range []struct {
		name     string
		do       []doing
		look     []looking
		unwanted bool
		state    State
		happened int
		calls    string
		result   string
		problem  string
	}{
		{name: "done at once", state: Done, happened: 1, calls: "do", result: "ts-a"},
		{name: "later, then done", do: []doing{answers(Later(errors.New("busy"), 0)), works}, state: Done, happened: 1, calls: "do do", result: "ts-a"},
		{name: "never", do: []doing{answers(Never(errors.New("no such user")))}, state: Failed, calls: "do failed", problem: "no such user"},
		{name: "no longer wanted", unwanted: true, state: Dropped},
		{name: "answer lost, it happened", do: []doing{happensBut(Lost(reset))}, state: Done, happened: 1, calls: "do look", result: "found-a"},
		{name: "answer lost, it didn't happen: sent once more", do: []doing{answers(Lost(reset)), works}, state: Done, happened: 1, calls: "do look look do", result: "ts-a"},
		{name: "an error that nobody classed is an unknown outcome", do: []doing{happensBut(reset)}, state: Done, happened: 1, calls: "do look", result: "found-a"},
		{name: "found at the second look only", do: []doing{answers(Lost(reset))}, look: []looking{func(*farEnd, Effect) (string, bool, error) { return "", false, nil }, func(*farEnd, Effect) (string, bool, error) { return "late", true, nil }}, state: Done, calls: "do look look", result: "late"},
		{name: "lost twice, happened at the second", do: []doing{answers(Lost(reset)), happensBut(Lost(reset))}, state: Done, happened: 1, calls: "do look look do look", result: "found-a"},
		{name: "nobody can look", do: []doing{happensBut(Lost(reset))}, look: []looking{cannotLook}, state: Person, happened: 1, calls: "do look failed", problem: "connection reset"},
		{name: "slow, nobody can look", do: []doing{happensBut(TimedOut(timeout))}, look: []looking{cannotLook}, state: Person, happened: 1, calls: "do look failed", problem: slowProblem},
		{name: "the look is refused for good", do: []doing{happensBut(Lost(reset))}, look: []looking{lookFails(Never(errors.New("conversation deleted")))}, state: Person, happened: 1, calls: "do look failed", problem: "conversation deleted"},
		{name: "the look fails for a while", do: []doing{happensBut(Lost(reset))}, look: []looking{lookFails(reset), lookFails(Later(reset, 0)), ledger}, state: Done, happened: 1, calls: "do look look look", result: "found-a"},
		{name: "a panic before it happened", do: []doing{panics, works}, state: Done, happened: 1, calls: "do look look do", result: "ts-a"},
		{name: "a panic in the look", do: []doing{happensBut(Lost(reset))}, look: []looking{func(*farEnd, Effect) (string, bool, error) { panic("bug") }, ledger}, state: Done, happened: 1, calls: "do look look", result: "found-a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			far := &farEnd{do: tt.do, look: tt.look}
			if tt.unwanted {
				far.unwanted = func(Effect) bool { return true }
			}
			r := newRig(far, owed("a", "dm"))
			r.settle(t, 20)
			e := r.store.effects[0]
			if e.State != tt.state || e.Result != tt.result || e.Problem != tt.problem {
				t.Errorf("ended %s with result %q, problem %q", e.State, e.Result, e.Problem)
			}
			if len(far.happened) != tt.happened {
				t.Errorf("it happened %d times, want %d", len(far.happened), tt.happened)
			}
			var calls []string
			for _, c := range far.calls {
				word, _, _ := strings.Cut(c, " ")
				calls = append(calls, word)
			}
			if got := strings.Join(calls, " "); got != tt.calls {
				t.Errorf("calls: %s, want %s", got, tt.calls)
			}
		})
	}
}

func TestRetryAfterIsKept(t *testing.T) {
	far := &farEnd{do: []func(*farEnd, Effect) (string, error){answers(Later(errors.New("busy"), 90*time.Second)), works}}
	r := newRig(far, owed("a", "dm"))
	r.settle(t, 5)
	if len(r.took) != 1 || r.took[0] != 90*time.Second {
		t.Errorf("waited %v, want 1m30s", r.took)
	}
}

// The pauses grow, up to a limit, so that a far end that is down is left alone.
func TestBackoffGrows(t *testing.T) {
	far := &farEnd{do: []func(*farEnd, Effect) (string, error){answers(Later(errors.New("down"), 0))}}
	r := newRig(far, owed("a", "dm"))
	r.settle(t, 15)
	last := time.Duration(0)
	for i, at := range r.took {
		pause := at - last
		last = at
		least := min(DefaultTiming.MaxBackoff, time.Second<<i)
		if pause < least || pause > least+least/4 {
			t.Errorf("pause %d is %s, want %s to a quarter more", i+1, pause, least)
		}
	}
	if r.store.effects[0].State != Pending {
		t.Errorf("given up: %s", r.store.effects[0].State)
	}
}

// A repeat needs two looks, and time for a slow far end to finish.
func TestHowLongAnUnknownOutcomeIsLookedFor(t *testing.T) {
	reset := errors.New("connection reset")
	for _, tt := range []struct {
		name  string
		err   error
		look  []func(*farEnd, Effect) (string, bool, error)
		least time.Duration
	}{
		{"lost", Lost(reset), nil, DefaultTiming.SecondLook},
		{"slow", TimedOut(reset), nil, DefaultTiming.SlowLook},
		{"slow, and the look fails as well", TimedOut(reset), []func(*farEnd, Effect) (string, bool, error){lookFails(reset), lookFails(reset), ledger}, DefaultTiming.SlowLook},
	} {
		var again time.Time
		r := newRig(nil)
		far := &farEnd{look: tt.look}
		far.do = []func(*farEnd, Effect) (string, error){answers(tt.err), func(f *farEnd, e Effect) (string, error) {
			again = r.wall
			return works(f, e)
		}}
		r.far, r.store.effects = far, []Effect{owed("a", "dm")}
		r.Dispatcher = r.start()
		r.settle(t, 20)
		if waited := again.Sub(midnight); waited < tt.least || waited > tt.least+5*time.Second {
			t.Errorf("%s: sent again after %s, want %s", tt.name, waited, tt.least)
		}
	}
}

// While the far end doesn't answer looks, it is asked ever more rarely.
func TestLooksThatFailBecomeRare(t *testing.T) {
	far := &farEnd{
		do:   []func(*farEnd, Effect) (string, error){answers(Lost(errors.New("reset")))},
		look: []func(*farEnd, Effect) (string, bool, error){lookFails(errors.New("503"))},
	}
	r := newRig(far, owed("a", "dm"))
	r.settle(t, 30)
	if hour := r.took[len(r.took)-1]; hour < 20*time.Minute {
		t.Errorf("30 looks within %s", hour)
	}
}

func TestRateLimitPausesEverything(t *testing.T) {
	limited := &Limited{After: 30 * time.Second}
	far := &farEnd{do: []func(*farEnd, Effect) (string, error){answers(Later(limited, limited.After)), works}}
	r := newRig(far, owed("a", "dm:1"), owed("b", "dm:2"))
	refreshed := 0
	r.Then = func(context.Context) (int, error) { refreshed++; return 0, nil }
	for range 3 {
		if _, err := r.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(far.calls, ", "); got != "do a" || refreshed != 0 {
		t.Errorf("while limited: %s, %d refreshes", got, refreshed)
	}
	r.store.effects[1].RetryAt = midnight.Add(-time.Minute) // long ready
	if idle := r.idle(t.Context()); idle != 5*time.Second {
		t.Errorf("while limited it looks for work again after %s: a busy loop", idle)
	}
	r.wall = midnight.Add(29900 * time.Millisecond)
	if idle := r.idle(t.Context()); idle != 100*time.Millisecond {
		t.Errorf("shortly before the end of the limit it waits %s", idle)
	}
	r.wall = midnight.Add(40 * time.Second)
	r.settle(t, 3)
	if len(far.happened) != 2 || refreshed == 0 {
		t.Errorf("afterwards %v happened, %d refreshes", far.happened, refreshed)
	}
}

// A limit that the refresh of messages runs into pauses posts as well.
func TestRateLimitOfTheRefresh(t *testing.T) {
	far := &farEnd{}
	r := newRig(far)
	r.Then = func(context.Context) (int, error) {
		return 0, fmt.Errorf("refresh: %w", Later(&Limited{After: time.Minute}, time.Minute))
	}
	if _, err := r.Step(t.Context()); err == nil {
		t.Error("the error was swallowed")
	}
	r.store.effects = []Effect{owed("a", "dm")}
	if n, _ := r.Step(t.Context()); n != 0 || len(far.calls) != 0 {
		t.Errorf("posted while limited: %v", far.calls)
	}
}

func TestLanesKeepTheirOrder(t *testing.T) {
	reset := errors.New("reset")
	far := &farEnd{do: []func(*farEnd, Effect) (string, error){
		func(f *farEnd, e Effect) (string, error) { // b2 waits for b1, which is refused for a while
			if e.Key == "b1" && e.Attempt < 3 {
				return "", Later(errors.New("busy"), 0)
			}
			if e.Key == "c1" && e.Attempt == 1 {
				return happensBut(Lost(reset))(f, e)
			}
			if e.Key == "d1" {
				return "", Never(errors.New("refused"))
			}
			return works(f, e)
		},
	}}
	r := newRig(far, owed("a1", "a"), owed("b1", "b"), owed("b2", "b"), owed("a2", "a"), owed("c1", "c"), owed("c2", "c"), owed("d1", "d"), owed("d2", "d"))
	r.settle(t, 20)
	place := map[string]int{}
	for i, key := range far.happened {
		if _, twice := place[key]; twice {
			t.Errorf("%s happened twice", key)
		}
		place[key] = i
	}
	for _, lane := range []string{"a", "b", "c"} {
		if place[lane+"1"] > place[lane+"2"] {
			t.Errorf("lane %s: %v", lane, far.happened)
		}
	}
	if _, ok := place["d2"]; !ok {
		t.Error("an effect that was refused for good holds up its lane")
	}
	if place["a2"] > place["b1"] {
		t.Errorf("a lane waited for another: %v", far.happened)
	}
}

// The process dies after the row says "sending": at the next start nobody
// knows, so it is looked up.
func TestCrashBetweenStartAndFinish(t *testing.T) {
	for _, tt := range []struct {
		name     string
		happened bool
		calls    string
	}{
		{"after it happened", true, "look a"},
		{"before it happened", false, "look a, look a, do a"},
	} {
		far := &farEnd{}
		crashed := owed("a", "dm")
		crashed.State, crashed.Attempt, crashed.Started = Sending, 1, midnight.Add(-time.Hour)
		if tt.happened {
			far.happened = []string{"a"}
		}
		r := newRig(far, crashed, owed("b", "dm"))
		r.settle(t, 3)
		if len(far.calls) != 0 {
			t.Fatalf("%s: an effect that may be under way was touched: %v", tt.name, far.calls)
		}
		if n, err := r.store.RecoverEffects(t.Context()); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		r.settle(t, 5)
		if got := strings.TrimSuffix(strings.Join(far.calls, ", "), ", do b"); got != tt.calls {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.calls)
		}
		if fmt.Sprint(far.happened) != "[a b]" {
			t.Errorf("%s: %v happened", tt.name, far.happened)
		}
	}
}

// The database can't be written just after the far end did it. Nothing is
// repeated, and it is written down as soon as it can be.
func TestOutcomeIsWrittenLater(t *testing.T) {
	for _, tt := range []struct {
		name  string
		do    func(*farEnd, Effect) (string, error)
		state State
	}{
		{"done", works, Done},
		{"refused", answers(Never(errors.New("no"))), Failed},
		{"unknown", happensBut(Lost(errors.New("reset"))), Done},
	} {
		far := &farEnd{do: []func(*farEnd, Effect) (string, error){tt.do}}
		r := newRig(far, owed("a", "dm"))
		full := errors.New("disk full")
		r.store.broken = func(call string) error {
			if call == "finish" {
				return full
			}
			return nil
		}
		for range 3 {
			if _, err := r.Step(t.Context()); !errors.Is(err, full) {
				t.Fatalf("%s: error %v", tt.name, err)
			}
		}
		if r.store.effects[0].State != Sending {
			t.Fatalf("%s: state %s", tt.name, r.store.effects[0].State)
		}
		r.store.broken = nil
		r.settle(t, 5)
		if got := r.store.effects[0].State; got != tt.state || len(far.happened) > 1 {
			t.Errorf("%s: ended %s, happened %v", tt.name, got, far.happened)
		}
	}
}

// Whoever must be told of a failure is told, even if that fails at first.
func TestFailureIsToldBeforeItIsRecorded(t *testing.T) {
	tries := 0
	far := &farEnd{do: []func(*farEnd, Effect) (string, error){answers(Never(errors.New("no")))}}
	far.failed = func(Effect) error {
		if tries++; tries == 1 {
			return errors.New("database is busy")
		} else if tries == 2 {
			panic("bug")
		}
		return nil
	}
	r := newRig(far, owed("a", "dm"), owed("b", "dm2"))
	far.unwanted = func(e Effect) bool { return e.Key == "b" }
	for range 2 {
		if _, err := r.Step(t.Context()); err == nil {
			t.Error("the failure to tell was swallowed")
		}
		if r.store.effects[0].State == Failed {
			t.Error("recorded as failed, and nobody was told")
		}
	}
	r.settle(t, 1)
	if tries != 3 || r.store.effects[0].State != Failed {
		t.Errorf("told %d times, state %s", tries, r.store.effects[0].State)
	}
}

// One effect that can't be worked on doesn't keep the others waiting.
func TestOnePoisonedEffect(t *testing.T) {
	far := &farEnd{look: []func(*farEnd, Effect) (string, bool, error){cannotLook}, failed: func(Effect) error { return errors.New("poison") }}
	poison := owed("a", "dm:1")
	poison.State, poison.Started = Unknown, midnight
	other := owed("c", "dm:3")
	other.Kind = "unheard of"
	r := newRig(far, poison, owed("b", "dm:2"), other)
	r.Kinds = append(r.Kinds, "unheard of")
	refreshed := false
	r.Then = func(context.Context) (int, error) { refreshed = true; panic("a bug in the refresh") }
	_, err := r.Step(t.Context())
	for _, want := range []string{"effect a: poison", `no handler for kind "unheard of"`, "a bug in the refresh"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error %v doesn't say %q", err, want)
		}
	}
	if fmt.Sprint(far.happened) != "[b]" || !refreshed {
		t.Errorf("happened %v, refreshed %t", far.happened, refreshed)
	}
}

// Whether it is still wanted can't be found out: it is asked again later, and
// nothing is sent meanwhile.
func TestWantedCannotBeAsked(t *testing.T) {
	far := &farEnd{wanted: errors.New("database is busy")}
	r := newRig(far, owed("a", "dm"))
	r.settle(t, 3)
	if len(far.calls) != 0 || r.store.effects[0].State != Pending {
		t.Errorf("calls %v, state %s", far.calls, r.store.effects[0].State)
	}
	far.wanted = nil
	r.settle(t, 1)
	if len(far.happened) != 1 {
		t.Errorf("afterwards %v happened", far.happened)
	}
	far = &farEnd{unwanted: func(Effect) bool { panic("bug") }}
	r = newRig(far, owed("a", "dm"))
	r.settle(t, 1)
	if len(far.calls) != 0 || r.store.effects[0].State != Pending {
		t.Errorf("after a panic: calls %v, state %s", far.calls, r.store.effects[0].State)
	}
}

// An effect that is no longer wanted is looked up first when it is in doubt: it
// may stand there, and then whoever takes it back must know.
func TestUnknownIsLookedUpBeforeItIsDropped(t *testing.T) {
	far := &farEnd{unwanted: func(Effect) bool { return true }, happened: []string{"a"}}
	a, b := owed("a", "1"), owed("b", "2")
	a.State, b.State = Unknown, Unknown
	r := newRig(far, a, b)
	r.settle(t, 5)
	if r.store.effects[0].State != Done || r.store.effects[1].State != Dropped {
		t.Errorf("ended %s and %s", r.store.effects[0].State, r.store.effects[1].State)
	}
}

// A stop lets the effect in hand finish, records it, and begins nothing new.
func TestStopFinishesTheEffectInHand(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	far := &farEnd{do: []func(*farEnd, Effect) (string, error){func(f *farEnd, e Effect) (string, error) {
		stop()
		return works(f, e)
	}}}
	r := newRig(far, owed("a", "1"), owed("b", "2"))
	if err := r.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if r.store.effects[0].State != Done || r.store.effects[1].State != Pending {
		t.Errorf("ended %s and %s", r.store.effects[0].State, r.store.effects[1].State)
	}
}

func TestWakeNeverBlocks(t *testing.T) {
	d := &Dispatcher{}
	for range 10 {
		d.Wake()
	}
}

// A transaction took the effect away between the look for work and its start.
func TestEffectIsTakenAway(t *testing.T) {
	far := &farEnd{}
	r := newRig(far, owed("a", "1"))
	far.unwanted = func(Effect) bool {
		r.store.effects[0].State = Dropped
		return false
	}
	r.settle(t, 1)
	if len(far.calls) != 0 || r.store.effects[0].State != Dropped {
		t.Errorf("calls %v, state %s", far.calls, r.store.effects[0].State)
	}
}

// What an attempt has learned is written down even when its time is used up.
func TestOutcomeIsWrittenWhenTimeIsUp(t *testing.T) {
	far := &farEnd{do: []func(*farEnd, Effect) (string, error){works}}
	r := newRig(far, owed("a", "dm"))
	r.Timing.Call = time.Nanosecond
	if _, err := r.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	if e := r.store.effects[0]; e.State != Unknown || e.RetryAt.IsZero() {
		t.Errorf("ended %s, looked for at %s", e.State, e.RetryAt)
	}
}

// The process was killed a moment ago: the far end may still be busy with it,
// even if the first look fails.
func TestCrashIsTakenForASlowAnswer(t *testing.T) {
	crashed := owed("a", "dm")
	crashed.State, crashed.Attempt, crashed.Started = Unknown, 1, midnight
	r := newRig(nil, crashed)
	var again time.Time
	r.far = &farEnd{
		look: []func(*farEnd, Effect) (string, bool, error){lookFails(errors.New("503")), ledger},
		do: []func(*farEnd, Effect) (string, error){func(f *farEnd, e Effect) (string, error) {
			again = r.wall
			return works(f, e)
		}},
	}
	r.Dispatcher = r.start()
	r.settle(t, 10)
	if waited := again.Sub(midnight); waited < DefaultTiming.SlowLook {
		t.Errorf("sent again after %s", waited)
	}
}
