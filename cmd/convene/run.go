package main

import (
	"context"
	"io"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// runBot is `convene run`.
func runBot(ctx context.Context, cfg Config, stdout, stderr io.Writer) error {
	log := newLogger(cfg, stderr)
	a, err := newApp(ctx, cfg, cfg.Clock(), log)
	if err != nil {
		return err
	}
	a.started = func() {
		if err := releaseStartup(); err != nil {
			log.Debug("memory not given back", "err", err)
		}
	}
	err = a.Run(ctx)
	if cerr := a.Close(); err == nil {
		err = cerr
	}
	return err
}

// metrics are the program's own numbers, without anybody's data.
func (a *app) metrics() []metric {
	out := []metric{
		{name: "convene_slack_connections", help: "Open Socket Mode connections.", value: func() float64 { return float64(a.bot.Connected()) }},
		{name: "convene_payloads_in_flight", help: "Slack payloads being worked on.", value: func() float64 { return float64(a.bot.InFlight()) }},
	}
	for _, state := range []string{"pending", "sending", "unknown", "failed", "person"} {
		out = append(out, metric{
			name: "convene_effects", help: "Effects of the outbox by state.", labels: prometheus.Labels{"state": state},
			value: func() float64 {
				ctx, cancel := context.WithTimeout(context.Background(), time.Second)
				defer cancel()
				counts, err := a.db.Counts(ctx)
				if err != nil {
					return -1
				}
				return float64(counts[outbox.State(state)])
			},
		})
	}
	return out
}

// OpenSampleRole saves a role's setup as that person would in Slack.
func (a *app) OpenSampleRole(ctx context.Context, s hiring.Setup, by string) error {
	return a.setup.Save(ctx, s, true, by)
}

// soon is how near a retry must be for Settle to wait for it: a rate limit's
// second is.
const soon = 2 * time.Second

// Settle does all that is due now and returns once nothing is left to do: for
// stories and the sandbox, which move the clock and then look.
func (a *app) Settle(ctx context.Context) error {
	pause := time.NewTicker(2 * time.Millisecond)
	defer pause.Stop()
	quiet := 0
	for quiet < 2 { // twice, because what happened beside the first round may have made new work
		busy, before := a.bot.InFlight() > 0, a.db.Writes()
		worked, smooth, err := a.round(ctx)
		if err != nil {
			return err
		}
		idle, err := a.db.Idle(ctx, a.outboxes[0].Wall().Add(soon))
		if err != nil {
			return err
		}
		if worked == 0 && idle && a.bot.InFlight() == 0 {
			if smooth && !busy && a.db.Writes() == before {
				return nil // nothing happened at all: a second round would find the same
			}
			quiet++
			continue
		}
		quiet = 0
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-pause.C:
		}
	}
	return nil
}

// A stateAndTime is all that scorecards' and decisions' due work depends on: what
// the database holds, and the time. What interviews need depends on Google too.
type stateAndTime struct {
	writes int64 // of the database until then
	at     time.Time
}

// round does what is due once. It returns how much that was, and whether
// everything could be asked for it. Scorecards and decisions in which nothing was
// due are not asked again before something is written or the clock moves.
func (a *app) round(ctx context.Context) (worked int, smooth bool, err error) {
	smooth = true
	now := stateAndTime{writes: a.db.Writes(), at: a.clock.Now()}
	steps := []func(context.Context, time.Time) (int, error){a.scores.Tick, a.decisions.Tick, a.schedule.Tick}
	if last := a.nothingDue.Load(); last != nil && *last == now {
		steps = steps[2:]
	}
	for _, step := range steps {
		n, err := step(ctx, now.at)
		if err != nil {
			return worked, false, err
		}
		worked += n
	}
	if worked == 0 {
		a.nothingDue.Store(&now)
	}
	if _, err := a.schedule.Follow(ctx); err != nil {
		a.log.Warn("calendar not read", "err", err)
		smooth = false
	}
	for _, d := range a.outboxes {
		n, err := d.Step(ctx)
		if err != nil {
			a.log.Warn("outbox", "err", err)
			smooth = false
		}
		worked += n
	}
	return worked, smooth, nil
}
