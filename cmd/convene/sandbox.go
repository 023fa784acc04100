package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/goccy/go-yaml"
	"golang.org/x/sync/errgroup"

	"convene/bot"
	"convene/internal/clock"
	"convene/internal/hiring"
	"convene/internal/sandbox"
	"convene/internal/sandbox/fakeslack"
)

// runSandbox is `convene sandbox`.
func runSandbox(ctx context.Context, c sandboxCommand, stdout, stderr io.Writer) (err error) {
	dir, remove, err := stateDirectory(c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	start, err := sandboxStart(c, dir)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("--listen: %w; --listen 127.0.0.1:0 picks a free port", err)
	}
	defer func() { _ = listener.Close() }() // serveHTTP has closed it, unless something failed first
	if err := checkListen(listener.Addr(), stderr); err != nil {
		return err
	}

	clk := clock.Scaled(start, c.Rate)
	if c.NoBot {
		// The other program's clock starts when that program does: ours waits for it.
		if err := clk.Pause(); err != nil {
			return err
		}
	}
	company, err := newSandbox(c, clk, listener.Addr().String(), stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, company.Close()) }()

	// The servers outlive the bot, so that it can finish what it has in hand.
	serving, stopServing := context.WithCancel(context.WithoutCancel(ctx))
	defer stopServing()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return serveHTTP(serving, listener, company.Handler()) })
	g.Go(func() error {
		defer stopServing()
		if c.NoBot {
			printEnvironment(stdout, company, c, dir, start)
			<-ctx.Done()
			return nil
		}
		return runSandboxBot(ctx, company, clk, dir, stdout, stderr)
	})
	return g.Wait()
}

// stateDirectory makes the directory that holds the state; without a name it is
// a temporary one, which remove removes.
func stateDirectory(name string) (dir string, remove func() error, err error) {
	if name == "" {
		dir, err = os.MkdirTemp("", "convene-sandbox-")
		return dir, func() error { return os.RemoveAll(dir) }, err
	}
	if err := os.MkdirAll(name, 0o700); err != nil {
		return "", nil, fmt.Errorf("--data: %w", err)
	}
	return name, func() error { return nil }, nil
}

// sandboxStart is when the clock starts: as asked for, where the kept state
// ended, or on a Wednesday morning, so that a whole week lies ahead.
func sandboxStart(c sandboxCommand, dir string) (time.Time, error) {
	kept, ok, err := sandbox.KeptTime(dir)
	switch {
	case err != nil:
		return time.Time{}, err
	case ok && !c.At.IsZero() && c.At.Before(kept):
		return time.Time{}, SettingsError{{"--at", fmt.Sprintf("the state in --data ends at %s, and time only moves forward: give a later time, or another directory", kept.UTC().Format(time.RFC3339))}}
	case !c.At.IsZero():
		return c.At, nil
	case ok:
		return kept, nil
	}
	now := time.Now().In(hiring.LoadZone("America/Chicago"))
	days := (int(time.Wednesday-now.Weekday()) + 7) % 7
	morning := time.Date(now.Year(), now.Month(), now.Day()+days, 8, 0, 0, 0, now.Location())
	if morning.Before(now) {
		morning = morning.AddDate(0, 0, 7)
	}
	return morning, nil
}

func newSandbox(c sandboxCommand, clk *clock.Clock, address string, stderr io.Writer) (*sandbox.Sandbox, error) {
	manifest, err := bot.Manifest()
	if err != nil {
		return nil, err
	}
	asJSON, err := yaml.YAMLToJSON(manifest)
	if err != nil {
		return nil, fmt.Errorf("the manifest: %w", err)
	}
	installed, scopes, err := fakeslack.AppFromManifest(asJSON)
	if err != nil {
		return nil, err
	}
	company, err := sandbox.New(sandbox.Options{
		Clock: clk, Addr: address, App: installed, Scopes: scopes, Data: c.Data,
		Logger: slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		return nil, err
	}
	if c.NoBot {
		company.OnFirstCall(func() { _ = clk.Resume() }) // only the real clock refuses
	}
	return company, nil
}

// checkListen says what it means to listen beyond this machine. The bot reaches
// the sandbox on a loopback address, so one outside address alone is refused.
func checkListen(address net.Addr, stderr io.Writer) error {
	tcp, ok := address.(*net.TCPAddr)
	switch {
	case !ok || tcp.IP.IsLoopback():
		return nil
	case tcp.IP.IsUnspecified():
		fmt.Fprintf(stderr, "The sandbox listens beyond this machine, on %s: whoever reaches it can act as anybody in the made-up company. Put no real people into it.\n", address)
		return nil
	}
	return SettingsError{{"--listen", fmt.Sprintf("%s is not on this machine alone: give a loopback address such as 127.0.0.1:8080, or 0.0.0.0:8080 for all addresses", address)}}
}

// printEnvironment prints what a `convene run` beside the sandbox needs.
func printEnvironment(stdout io.Writer, company *sandbox.Sandbox, c sandboxCommand, dir string, start time.Time) {
	for _, s := range company.Settings() {
		fmt.Fprintf(stdout, "%s=%s\n", s.Name, s.Value)
	}
	fmt.Fprintf(stdout, "CLOCK_START=%s\n", start.Format(time.RFC3339))
	fmt.Fprintf(stdout, "CLOCK_RATE=%v\n", c.Rate)
	if c.Data != "" {
		fmt.Fprintf(stdout, "DATABASE_PATH=%s\n", filepath.Join(dir, "convene.db"))
	}
}
