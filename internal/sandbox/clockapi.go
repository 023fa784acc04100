package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// ClockState is what the clock shows and how it runs.
type ClockState struct {
	OK      bool      `json:"ok"`
	Now     time.Time `json:"now"` // in the company's zone
	Rate    float64   `json:"rate"`
	Paused  bool      `json:"paused"`
	Jumps   []Jump    `json:"jumps"` // moments with names
	Due     []Due     `json:"due"`   // what happens next by itself
	Version uint64    `json:"version"`
}

// Jump is a moment that a person may want to see.
type Jump struct {
	Name string    `json:"name"`
	To   time.Time `json:"to"`
}

func (s *Sandbox) clockState() ClockState {
	version, _ := s.news()
	rate, paused := s.clock.Rate()
	now := s.clock.Now().In(companyLocation())
	return ClockState{OK: true, Now: now, Rate: rate, Paused: paused, Jumps: s.jumps(now), Version: version}
}

// jumps are the moments that matter next.
func (s *Sandbox) jumps(now time.Time) []Jump {
	var jumps []Jump
	var end time.Time
	for _, e := range s.interviews() {
		if e.Status != "cancelled" && e.EndsAt.After(now) && (end.IsZero() || e.EndsAt.Before(end)) {
			end = e.EndsAt
		}
	}
	if !end.IsZero() {
		jumps = append(jumps, Jump{"To the interview's end", end})
	}
	jumps = append(jumps,
		Jump{"+1 hour", now.Add(time.Hour)},
		Jump{"To tomorrow 8:00", next(now, 8, func(time.Time) bool { return true })},
		Jump{"To Monday 9:00", next(now, 9, isMonday)},
		Jump{"To Monday 16:00", next(now, 16, isMonday)})
	return jumps
}

func isMonday(t time.Time) bool { return t.Weekday() == time.Monday }

// next is the first such hour after now on a day that is wanted.
func next(now time.Time, hour int, wanted func(time.Time) bool) time.Time {
	for day := 0; ; day++ {
		t := time.Date(now.Year(), now.Month(), now.Day()+day, hour, 0, 0, 0, now.Location())
		if t.After(now) && wanted(t) && (hour != 8 || day > 0) {
			return t
		}
	}
}

func (s *Sandbox) getClock(r *http.Request) (any, error) {
	state := s.clockState()
	state.Due = s.dueNext(r.Context(), state.Now)
	return state, nil
}

// A jump stops on the way when the sandbox's own bot runs, so that everything
// happens at its time and not late: at whatever is due, and at every longStride;
// when nobody says what is due, at every stride.
const (
	stride     = 5 * time.Minute
	longStride = time.Hour
)

func (s *Sandbox) jump(r *http.Request) (any, error) {
	var in struct {
		To     string `json:"to"`
		By     string `json:"by"`
		AtOnce bool   `json:"at_once"` // without stopping on the way, as if the bot had been asleep
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	to, err := s.jumpTarget(in.To, in.By)
	if err != nil {
		return nil, err
	}
	if to.Before(s.clock.Now()) {
		return nil, s.clock.Jump(to) // says why not
	}
	if err := s.travel(r.Context(), to, in.AtOnce); err != nil {
		return nil, err
	}
	return s.clockState(), nil
}

func (s *Sandbox) jumpTarget(to, by string) (time.Time, error) {
	switch {
	case to != "" && by != "", to == "" && by == "":
		return time.Time{}, errors.New(`give "to" (2026-11-23T09:00:00-06:00, or the name of a jump) or "by" (90m)`)
	case by != "":
		d, err := time.ParseDuration(by)
		if err != nil {
			return time.Time{}, fmt.Errorf(`"by" must be a duration such as 90m or 48h: %w`, err)
		}
		return s.clock.Now().Add(d), nil
	}
	for _, j := range s.clockState().Jumps {
		if j.Name == to {
			return j.To, nil
		}
	}
	t, err := time.Parse(time.RFC3339, to)
	if err != nil {
		return time.Time{}, fmt.Errorf(`"to" must be a time such as 2026-11-23T09:00:00-06:00: %w`, err)
	}
	return t, nil
}

// travel moves the clock. With the sandbox's own bot it stops at each stride
// until all that is due is done; another program's clock is not ours to move.
func (s *Sandbox) travel(ctx context.Context, to time.Time, atOnce bool) error {
	s.mu.Lock()
	own := s.settle != nil
	s.mu.Unlock()
	for {
		now := s.clock.Now()
		if !now.Before(to) {
			return nil
		}
		stop := to
		if own && !atOnce {
			stop = s.nextStop(ctx, now, to)
		}
		if err := s.clock.Jump(stop); err != nil && s.clock.Now().Before(stop) {
			return err
		}
		if err := s.settled(ctx, settleAtMost); err != nil {
			return err
		}
	}
}

func (s *Sandbox) nextStop(ctx context.Context, now, to time.Time) time.Time {
	s.mu.Lock()
	known := s.due != nil
	s.mu.Unlock()
	if !known {
		return earlier(now.Truncate(stride).Add(stride), to)
	}
	stop := earlier(now.Truncate(longStride).Add(longStride), to)
	if due := s.dueNext(ctx, now); len(due) > 0 {
		stop = earlier(due[0].At, stop)
	}
	return stop
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (s *Sandbox) setRate(r *http.Request) (any, error) {
	var in struct {
		Rate float64 `json:"rate"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if err := s.clock.SetRate(in.Rate); err != nil {
		return nil, err
	}
	return s.clockState(), nil
}

func (s *Sandbox) pause(*http.Request) (any, error) {
	if err := s.clock.Pause(); err != nil {
		return nil, err
	}
	return s.clockState(), nil
}

func (s *Sandbox) resume(*http.Request) (any, error) {
	if err := s.clock.Resume(); err != nil {
		return nil, err
	}
	return s.clockState(), nil
}
