package sqlite_test

import (
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

func effect(key, lane string) outbox.Effect {
	return outbox.Effect{Key: key, Kind: strings.TrimRight(key, "0123456789"), About: "about", Lane: lane}
}

func (w *world) ready(kinds ...string) string {
	w.Helper()
	list, err := w.ReadyEffects(w.ctx(), kinds, noon, 10)
	w.check(err)
	return keys(list, func(e outbox.Effect) string { return e.Key })
}

func TestLanesKeepTheirOrder(t *testing.T) {
	w := newWorld(t)
	w.check(w.Owe(w.ctx(), outbox.Batch{Effects: []outbox.Effect{
		effect("a1", "x"), effect("a2", "x"), effect("a3", "y"), effect("b1", "y"), effect("b2", "z"),
	}}))
	same(t, "of each lane the oldest", w.ready("a", "b"), "a1 a3 b2 ")
	same(t, "another kind holds up the lane", w.ready("b"), "b2 ")
	list, err := w.ReadyEffects(w.ctx(), []string{"a", "b"}, noon, 1)
	w.check(err)
	same(t, "first", list, []outbox.Effect{{Key: "a1", Kind: "a", About: "about", Lane: "x", State: outbox.Pending}})

	w.start("a1")
	same(t, "one under way holds up its lane", w.ready("a", "b"), "a3 b2 ")
	w.check(w.FinishEffect(w.ctx(), outbox.Effect{Key: "a1", State: outbox.Pending, RetryAt: noon.Add(time.Second), Problem: "429"}))
	same(t, "so does one that waits", w.ready("a", "b"), "a3 b2 ")
	next, err := w.NextRetry(w.ctx(), []string{"a"})
	w.check(err)
	same(t, "next", next, noon.Add(time.Second))
	next, err = w.NextRetry(w.ctx(), []string{"b"})
	w.check(err)
	same(t, "none waits", next.IsZero(), true)

	list, err = w.ReadyEffects(w.ctx(), []string{"a"}, noon.Add(time.Second), 10)
	w.check(err)
	same(t, "when its time has come", list[0], outbox.Effect{
		Key: "a1", Kind: "a", About: "about", Lane: "x", State: outbox.Pending, Attempt: 1, Started: noon, RetryAt: noon.Add(time.Second), Problem: "429"})
	w.start("a1")
	w.finish("a1", outbox.Failed)
	w.start("a3")
	w.finish("a3", outbox.Person)
	same(t, "what failed holds up nothing", w.ready("a", "b"), "a2 b1 b2 ")
}

func TestStartingIsCompareAndSwap(t *testing.T) {
	w := newWorld(t)
	w.check(w.Owe(w.ctx(), outbox.Batch{Effects: []outbox.Effect{effect("a1", "x")}}))
	w.start("a1")
	again, err := w.StartEffect(w.ctx(), "a1", noon)
	w.check(err)
	same(t, "started twice", again, false)
	none, err := w.StartEffect(w.ctx(), "none", noon)
	w.check(err)
	same(t, "started without being there", none, false)
}

func TestWhatIsDoneStaysDone(t *testing.T) {
	w := newWorld(t)
	w.check(w.Owe(w.ctx(), outbox.Batch{Effects: []outbox.Effect{effect("a1", "x"), effect("a2", "y")}, Drop: []string{"a2"}}))
	w.check(w.Owe(w.ctx(), outbox.Batch{Drop: []string{"a2"}}))
	w.start("a1")
	w.check(w.FinishEffect(w.ctx(), outbox.Effect{Key: "a1", State: outbox.Done, Result: "ts"}))
	w.finish("a1", outbox.Unknown)
	w.finish("a2", outbox.Pending)
	same(t, "effects", w.effects(), map[string]string{"a1": "done", "a2": "dropped"})
	isErr(t, w.FinishEffect(w.ctx(), outbox.Effect{Key: "none", State: outbox.Done}), hiring.ErrNotFound)
}

func TestWhatWasUnderWayIsUnknownAfterARestart(t *testing.T) {
	w := newWorld(t)
	w.check(w.Owe(w.ctx(), outbox.Batch{Effects: []outbox.Effect{effect("a1", "x"), effect("a2", "y"), effect("a3", "z")}}))
	w.start("a1", "a2")
	w.finish("a2", outbox.Done)
	w.reopen()
	n, err := w.RecoverEffects(w.ctx())
	w.check(err)
	same(t, "recovered", n, 1)
	same(t, "effects", w.effects(), map[string]string{"a1": "unknown", "a2": "done", "a3": "pending"})
	same(t, "ready to be looked up", w.ready("a"), "a1 a3 ")
	n, err = w.RecoverEffects(w.ctx())
	w.check(err)
	same(t, "recovered again", n, 0)
}

func TestTroublesAndCounts(t *testing.T) {
	w := newWorld(t)
	w.check(w.Owe(w.ctx(), outbox.Batch{Effects: []outbox.Effect{effect("a1", "1"), effect("a2", "2"), effect("a3", "3"), effect("a4", "4"), effect("a5", "5")}}))
	w.start("a1", "a2", "a3", "a4")
	w.finish("a1", outbox.Failed)
	w.check(w.FinishEffect(w.ctx(), outbox.Effect{Key: "a2", State: outbox.Person, Problem: "who knows"}))
	w.finish("a3", outbox.Done)
	list, err := w.Troubles(w.ctx(), 10)
	w.check(err)
	same(t, "troubles", keys(list, func(e outbox.Effect) string { return e.Key + "=" + e.Problem }), "a2=who knows a1= ")
	list, err = w.Troubles(w.ctx(), 1)
	w.check(err)
	same(t, "newest", len(list), 1)
	counts, err := w.Counts(w.ctx())
	w.check(err)
	same(t, "counts", counts, map[outbox.State]int{"pending": 1, "sending": 1, "unknown": 0, "failed": 1, "person": 1})
}

func TestIdle(t *testing.T) {
	w := newWorld(t)
	idle := func(when string, want bool) {
		t.Helper()
		got, err := w.Idle(w.ctx(), noon)
		w.check(err)
		same(t, "idle "+when, got, want)
	}
	idle("at first", true)
	w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{dm("m", "Pia")}}))
	idle("with a message owed", false)
	w.start("message:m")
	idle("while it is sent", false)
	w.check(w.FinishEffect(w.ctx(), outbox.Effect{Key: "message:m", State: outbox.Pending, RetryAt: noon.Add(time.Second)}))
	idle("while it waits", true)
	w.start("message:m")
	w.finish("message:m", outbox.Unknown)
	idle("while its outcome is unknown", false)
	w.post("m", "iv")
	w.finish("message:m", outbox.Done)
	idle("when it is posted", true)
	w.check(w.Owe(w.ctx(), outbox.Batch{Touch: []string{"iv"}}))
	idle("when it is stale", false)
}
