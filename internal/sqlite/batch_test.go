package sqlite_test

import (
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

func due(key string, at time.Time) hiring.Due {
	return hiring.Due{Key: key, Kind: "ask", About: "iv", At: at}
}

// dueAt returns when each row is due.
func (w *world) dueAt() map[string]string {
	w.Helper()
	list, err := w.Due(w.ctx(), []string{"ask", "kit"}, noon.Add(1000*time.Hour), 100)
	w.check(err)
	out := map[string]string{}
	for _, d := range list {
		out[d.Key] = d.At.Format("15:04")
	}
	return out
}

func TestDueKeepsTheEarlierTimeUnlessItIsMoved(t *testing.T) {
	w := newWorld(t)
	w.check(w.Owe(w.ctx(), outbox.Batch{Due: []hiring.Due{due("a", noon.Add(time.Hour)), due("b", noon.Add(time.Hour))}}))
	w.check(w.Owe(w.ctx(), outbox.Batch{Due: []hiring.Due{due("a", noon.Add(2*time.Hour)), due("b", noon)}}))
	same(t, "earlier times", w.dueAt(), map[string]string{"a": "13:00", "b": "12:00"})
	w.check(w.Owe(w.ctx(), outbox.Batch{NotDue: []string{"a", "b"}, Due: []hiring.Due{due("a", noon.Add(3*time.Hour))}}))
	same(t, "moved", w.dueAt(), map[string]string{"a": "15:00"})
	w.check(w.EnsureDue(w.ctx(), []hiring.Due{due("a", noon), due("c", noon.Add(time.Minute))}))
	same(t, "ensured", w.dueAt(), map[string]string{"a": "15:00", "c": "12:01"})
}

func TestDueIsInOrderAndOfTheKindsAsked(t *testing.T) {
	w := newWorld(t)
	kit := hiring.Due{Key: "kit:x", Kind: "kit", About: "x", At: noon}
	w.check(w.Owe(w.ctx(), outbox.Batch{Due: []hiring.Due{due("late", noon), due("early", noon.Add(-time.Hour)), due("future", noon.Add(time.Millisecond)), kit}}))
	list, err := w.Due(w.ctx(), []string{"ask", "nag"}, noon, 10)
	w.check(err)
	same(t, "due", list, []hiring.Due{due("early", noon.Add(-time.Hour)), due("late", noon)})
	list, err = w.Due(w.ctx(), []string{"ask", "kit"}, noon, 2)
	w.check(err)
	same(t, "limited", keys(list, func(d hiring.Due) string { return d.Key }), "early kit:x ")
}

func TestSettleDue(t *testing.T) {
	w := newWorld(t)
	first := due("ask:iv", noon)
	w.check(w.Owe(w.ctx(), outbox.Batch{Due: []hiring.Due{first}}))
	// The nag that settles itself comes back for tomorrow.
	w.check(w.SettleDue(w.ctx(), first, outbox.Batch{Messages: []outbox.Message{dm("m1", "Pia")}, Due: []hiring.Due{due("ask:iv", noon.Add(time.Hour))}}))
	same(t, "again", w.dueAt(), map[string]string{"ask:iv": "13:00"})
	// What was worked out for the old time comes too late.
	w.check(w.SettleDue(w.ctx(), first, outbox.Batch{Messages: []outbox.Message{dm("m2", "Pia")}}))
	same(t, "kept", w.dueAt(), map[string]string{"ask:iv": "13:00"})
	same(t, "effects", w.effects(), map[string]string{"message:m1": "pending"})
}

func TestMessagesAndEffectsAreOwedOnce(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		w.check(w.Owe(w.ctx(), outbox.Batch{
			Messages: []outbox.Message{dm("m", "Pia")},
			Effects:  []outbox.Effect{outbox.MailEffect("n", 1)},
		}))
	}
	same(t, "effects", w.effects(), map[string]string{"message:m": "pending", "mail:n:1": "pending"})
	same(t, "message", w.message("m"), &outbox.Message{Key: "m", Kind: "test", About: "about-m", Person: "Pia"})
	_, err := w.Message(w.ctx(), "other")
	isErr(t, err, hiring.ErrNotFound)
}

func TestDropTouchesOnlyWhatIsPending(t *testing.T) {
	w := newWorld(t)
	var b outbox.Batch
	for i, key := range []string{"pending", "sending", "done", "unknown"} {
		b.Effects = append(b.Effects, outbox.Effect{Key: key, Kind: "k", Lane: key, About: string(rune('a' + i))})
	}
	w.check(w.Owe(w.ctx(), b))
	w.start("sending", "done", "unknown")
	w.finish("done", outbox.Done)
	w.finish("unknown", outbox.Unknown)
	w.check(w.Owe(w.ctx(), outbox.Batch{Drop: []string{"pending", "sending", "done", "unknown", "none"}}))
	same(t, "effects", w.effects(), map[string]string{"pending": "dropped", "sending": "sending", "done": "done", "unknown": "unknown"})
}

func (w *world) start(keys ...string) {
	w.Helper()
	for _, key := range keys {
		ok, err := w.StartEffect(w.ctx(), key, noon)
		w.check(err)
		if !ok {
			w.Fatalf("%s wasn't started", key)
		}
	}
}

func (w *world) finish(key string, state outbox.State) {
	w.Helper()
	w.check(w.FinishEffect(w.ctx(), outbox.Effect{Key: key, State: state}))
}

func TestTouchRaisesWhatIsWanted(t *testing.T) {
	w := newWorld(t)
	w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{dm("a", "Pia"), dm("b", "Pia")}}))
	w.post("a", "iv1", "coord")
	w.post("b", "iv2", "coord")
	// Two of a's subjects at once: one new version.
	w.check(w.Owe(w.ctx(), outbox.Batch{Touch: []string{"coord", "iv1", "iv1"}}))
	same(t, "a", w.message("a").Want, 1)
	same(t, "b", w.message("b").Want, 1)
	w.check(w.Owe(w.ctx(), outbox.Batch{Touch: []string{"iv2", "about-a"}})) // a no longer shows what it was about
	same(t, "a", w.message("a").Want, 1)
	same(t, "b", w.message("b").Want, 2)
}

// post posts the message as it stands now.
func (w *world) post(key string, subjects ...string) {
	w.Helper()
	m := w.message(key)
	m.Channel, m.TS, m.Posted, m.Hash = "D1", "1."+key, noon, "hash"
	w.check(w.Posted(w.ctx(), *m, subjects))
}
