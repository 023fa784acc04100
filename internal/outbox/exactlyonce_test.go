package outbox

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// storm is a far end and a database in which everything that can go wrong does:
// answers are lost before and after, come too late, panic, the database can't be
// written, and the process is killed.
type storm struct {
	t     *rapid.T
	rig   *rig
	calm  bool
	dead  bool             // the process was killed: it does nothing any more
	later map[string]int64 // what a slow far end will still do, by wall clock
	draws int
}

func (s *storm) pick(what string, names ...string) string {
	if s.calm {
		return names[0]
	}
	s.draws++
	return rapid.SampledFrom(names).Draw(s.t, fmt.Sprintf("%d %s", s.draws, what))
}

func (s *storm) do(f *farEnd, e Effect) (string, error) {
	reset := errors.New("reset")
	switch s.pick("do "+e.Key, "works", "later", "lost before", "lost after", "slow, never", "slow, at once", "slow, in 30 s", "limited", "panic before", "panic after", "killed before", "killed after") {
	case "later":
		return "", Later(reset, 0)
	case "lost before":
		return "", Lost(reset)
	case "lost after":
		return happensBut(Lost(reset))(f, e)
	case "slow, never":
		return "", TimedOut(reset)
	case "slow, at once":
		return happensBut(TimedOut(reset))(f, e)
	case "slow, in 30 s":
		s.later[e.Key] = s.rig.wall.Add(30 * time.Second).Unix()
		return "", TimedOut(reset)
	case "limited":
		return "", Later(&Limited{After: 5 * time.Second}, 5*time.Second)
	case "panic before":
		panic("bug")
	case "panic after":
		f.happened = append(f.happened, e.Key)
		panic("bug")
	case "killed before":
		s.dead = true
		return "", Lost(reset)
	case "killed after":
		s.dead = true
		return happensBut(Lost(reset))(f, e)
	}
	return works(f, e)
}

func (s *storm) look(f *farEnd, e Effect) (string, bool, error) {
	for key, when := range s.later {
		if s.rig.wall.Unix() >= when {
			f.happened = append(f.happened, key)
			delete(s.later, key)
		}
	}
	if s.pick("look "+e.Key, "answers", "answers", "fails") == "fails" {
		return "", false, errors.New("503")
	}
	return ledger(f, e)
}

func (s *storm) broken(call string) error {
	if s.dead {
		return errors.New("killed")
	}
	if s.pick(call, "ok", "ok", "ok", "ok", "full") == "full" {
		return errors.New("disk full")
	}
	return nil
}

// Whatever goes wrong in whatever order: once it is over, everything that was
// owed has happened once, in the order of its lane.
func TestExactlyOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &storm{t: t, later: map[string]int64{}}
		far := &farEnd{
			do:   []func(*farEnd, Effect) (string, error){s.do},
			look: []func(*farEnd, Effect) (string, bool, error){s.look},
		}
		var owe []Effect
		for i := range rapid.IntRange(1, 6).Draw(t, "effects") {
			owe = append(owe, owed(fmt.Sprint(i), fmt.Sprint("lane ", i%2)))
		}
		s.rig = newRig(far, owe...)
		s.rig.store.broken = s.broken
		for step := range 400 {
			s.calm = step >= 60
			_, _ = s.rig.Step(t.Context()) // errors are logged; the next step tries again
			if s.dead {
				s.dead = false
				s.rig.Dispatcher = s.rig.start()
				if _, err := s.rig.store.RecoverEffects(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			s.rig.wall = s.rig.wall.Add(time.Duration(1+step%7) * time.Second)
		}
		for _, e := range s.rig.store.effects {
			if e.State != Done {
				t.Fatalf("%s ended %s (%s)", e.Key, e.State, e.Problem)
			}
		}
		if len(far.happened) != len(owe) {
			t.Fatalf("%d were owed, %v happened", len(owe), far.happened)
		}
		for i := range owe {
			at := slices.Index(far.happened, fmt.Sprint(i))
			if next := slices.Index(far.happened, fmt.Sprint(i+2)); at < 0 || next >= 0 && next < at {
				t.Fatalf("out of order, or missing: %v", far.happened)
			}
		}
	})
}
