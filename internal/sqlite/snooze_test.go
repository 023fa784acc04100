package sqlite_test

import (
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// A snooze is one per person, survives a restart, and can be taken back.
func TestSnooze(t *testing.T) {
	w := newWorld(t)
	is := func(want hiring.Snooze) {
		t.Helper()
		got, err := w.Snooze(w.ctx(), "Pia")
		w.check(err)
		same(t, "snooze", got, want)
	}
	is(hiring.Snooze{})
	for _, until := range []time.Time{noon.Add(time.Hour), noon.Add(2 * time.Hour)} {
		s := hiring.Snooze{Until: until, Set: noon}
		w.check(w.SetSnooze(w.ctx(), "Pia", s, outbox.Batch{Due: []hiring.Due{{Key: "nag:Pia", Kind: hiring.DueNag, About: "Pia", At: until}}}))
		w.reopen()
		is(s)
	}
	due, err := w.Due(w.ctx(), []string{hiring.DueNag}, noon.Add(time.Hour), 9)
	w.check(err)
	same(t, "due with it", len(due), 1)
	w.check(w.SetSnooze(w.ctx(), "Pia", hiring.Snooze{}, outbox.Batch{}))
	is(hiring.Snooze{})
}

// Who comes second learns of the first; one that was dropped doesn't count.
func TestOweFirst(t *testing.T) {
	w := newWorld(t)
	owe := func(about, want string) {
		t.Helper()
		m := outbox.Message{Key: "nudge:Pia:1", Kind: "nudge", About: about, Person: "Pia"}
		got, at, err := w.OweFirst(w.ctx(), m, outbox.Batch{Log: []hiring.Entry{{Actor: "Cora", Action: "scorecard.nudged", Subject: about}}})
		w.check(err)
		same(t, about+" comes after", got, want)
		same(t, "it is told when", at.IsZero(), want == "")
	}
	owe("iv|Cora", "")
	owe("iv|Dan", "iv|Cora")
	w.check(w.Owe(w.ctx(), outbox.Batch{Drop: []string{"message:nudge:Pia:1"}}))
	owe("iv|Dan", "")
	m, err := w.Message(w.ctx(), "nudge:Pia:1")
	w.check(err)
	same(t, "it is Dan's now", m.About, "iv|Dan")
}
