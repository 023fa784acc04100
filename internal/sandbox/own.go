package sandbox

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Due is something that the sandbox's own bot will do.
type Due struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
}

// SetDue gives the sandbox the way to ask its own bot what is due next, soonest
// first.
func (s *Sandbox) SetDue(due func(context.Context) ([]Due, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.due = due
}

// SetSwitch gives the sandbox the switch of its own bot. turn stops or starts
// it, and returns once that is done.
func (s *Sandbox) SetSwitch(turn func(ctx context.Context, on bool) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn = turn
}

// mostDue is how many of the things that are due the page shows.
const mostDue = 4

// dueNext is what happens next by itself: what the bot has to do, and ends of
// interviews.
func (s *Sandbox) dueNext(ctx context.Context, now time.Time) []Due {
	s.mu.Lock()
	ask := s.due
	s.mu.Unlock()
	var all []Due
	if ask != nil {
		due, err := ask(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Warn("what is due is not known", "err", err)
		}
		all = append(all, due...)
	}
	for _, e := range s.interviews() {
		if e.Status != "cancelled" {
			all = append(all, Due{e.StartsAt, "an interview begins"}, Due{e.EndsAt, "an interview ends"})
		}
	}
	all = slices.DeleteFunc(all, func(d Due) bool { return !d.At.After(now) })
	slices.SortStableFunc(all, func(a, b Due) int { return a.At.Compare(b.At) })
	all = slices.CompactFunc(all, func(a, b Due) bool { return a == b })
	return all[:min(len(all), mostDue)]
}

// power starts or stops the sandbox's own bot.
func (s *Sandbox) power(on bool) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		s.mu.Lock()
		turn := s.turn
		s.mu.Unlock()
		if turn == nil {
			return nil, errors.New("the bot is another program here: stop or start that")
		}
		err := turn(r.Context(), on)
		s.bump()
		if err != nil {
			return nil, err
		}
		return s.done(), nil
	}
}

// BotLog takes what the sandbox's own bot logs; the page shows the newest lines.
func (s *Sandbox) BotLog() *BotLog { return &s.botLog }

// A BotLog keeps the newest lines that are written to it.
type BotLog struct {
	mu    sync.Mutex
	lines []string
}

// mostLines is how many lines a BotLog keeps.
const mostLines = 12

func (l *BotLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range bytes.Lines(b) {
		l.lines = append(l.lines, string(bytes.TrimSpace(line)))
	}
	l.lines = slices.Clone(l.lines[max(0, len(l.lines)-mostLines):])
	return len(b), nil
}

func (l *BotLog) newest() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := slices.Clone(l.lines)
	slices.Reverse(out)
	return out
}
