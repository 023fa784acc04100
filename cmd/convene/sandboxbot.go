package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"convene/internal/clock"
	"convene/internal/hiring"
	"convene/internal/sandbox"
)

// A sandboxBot is the bot in the sandbox. It is stopped and started while the
// sandbox goes on, always on the same database.
type sandboxBot struct {
	company *sandbox.Sandbox
	clock   *clock.Clock
	cfg     Config
	log     *slog.Logger
	failed  chan error // why it ended when nobody had stopped it

	mu   sync.Mutex
	stop func() error // nil while it is stopped
}

// runSandboxBot runs the bot in the sandbox until ctx ends.
func runSandboxBot(ctx context.Context, company *sandbox.Sandbox, clk *clock.Clock, dir string, stdout, stderr io.Writer) error {
	env := map[string]string{"DATABASE_PATH": filepath.Join(dir, "convene.db"), "LISTEN_ADDR": "", "LOG_LEVEL": "warn", "LOG_FORMAT": "text"}
	for _, s := range company.Settings() {
		env[s.Name] = s.Value
	}
	cfg, err := LoadConfig(func(name string) (string, bool) { v, ok := env[name]; return v, ok })
	if err != nil {
		return err
	}
	b := &sandboxBot{company: company, clock: clk, cfg: cfg, log: newLogger(cfg, io.MultiWriter(stderr, company.BotLog())), failed: make(chan error, 1)}
	if err := b.turn(ctx, true); err != nil {
		return err
	}
	company.SetSwitch(b.turn)
	defer company.SetSwitch(nil)
	if len(company.Slack.Connections()) > 0 {
		fmt.Fprintf(stdout, "Convene's sandbox is ready: %s\n", company.URL())
		fmt.Fprintln(stdout, "Slack, Google Calendar and the mail server there are made up; the bot is the real one. Ctrl-C ends it.")
	}
	select {
	case err = <-b.failed:
	case <-ctx.Done():
	}
	return errors.Join(err, b.turn(context.WithoutCancel(ctx), false))
}

// patience is how long a start waits for the connection to Slack, in real time.
const patience = 5 * time.Second

// turn starts or stops the bot, and returns once it is connected, or gone.
func (b *sandboxBot) turn(ctx context.Context, on bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case on && b.stop == nil:
		return b.start(ctx)
	case !on && b.stop != nil:
		b.company.SetSettle(nil)
		b.company.SetDue(nil)
		stop := b.stop
		b.stop = nil
		return stop()
	}
	return nil
}

func (b *sandboxBot) start(ctx context.Context) error {
	a, err := newApp(context.WithoutCancel(ctx), b.cfg, b.clock, b.log)
	if err != nil {
		return err
	}
	if err := openSampleRole(ctx, a, b.company); err != nil {
		return errors.Join(err, a.Close())
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() {
		err := a.Run(running)
		if running.Err() == nil {
			b.failed <- err
		}
		ended <- err
	}()
	b.stop = func() error {
		cancel()
		return errors.Join(<-ended, a.Close())
	}
	b.company.SetSettle(a.Settle)
	b.company.SetDue(a.dueNext)
	wait, done := context.WithTimeout(ctx, patience)
	defer done()
	connected := func() bool { return len(b.company.Slack.Connections()) > 0 }
	_ = b.company.Slack.WaitFor(wait, connected) // while Slack is in trouble it goes on trying
	return nil
}

// dueWords say what falls due, for the sandbox's clock.
var dueWords = map[string]string{
	hiring.DueKit:     "a kit for a panelist",
	hiring.DueAsk:     "a scorecard is asked for",
	hiring.DueNag:     "a missing scorecard is asked for again",
	hiring.DuePreview: "the preview of Monday’s decisions",
	hiring.DueSummary: "the decision summary",
	hiring.DueWarn:    "the warning before a deadline",
	hiring.DueLate:    "a deadline",
	hiring.DueRepair:  "a look at an interview that somebody can’t come to",
}

// dueNext lists what the bot will do, soonest first.
func (a *app) dueNext(ctx context.Context) ([]sandbox.Due, error) {
	rows, err := a.db.Upcoming(ctx, a.clock.Now(), 20)
	if err != nil {
		return nil, err
	}
	due := make([]sandbox.Due, 0, len(rows))
	for _, d := range rows {
		words, ok := dueWords[d.Kind]
		if !ok {
			words = d.Kind
		}
		due = append(due, sandbox.Due{At: d.At, What: words})
	}
	return due, nil
}
