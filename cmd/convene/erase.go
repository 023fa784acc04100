package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"convene/internal/candidate"
	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/sqlite"
)

type eraseCommand struct {
	ID          string        `arg:"" help:"The candidate's id, such as cand_4k2m…: /candidate export shows it."`
	Yes         bool          `help:"Don't ask whether to erase."`
	BeforeAYear bool          `name:"before-a-year" help:"With --yes: don't ask again when the record should be kept for longer, a year from the decision."`
	Wait        time.Duration `default:"1m" help:"How long to wait at most until all is removed outside the database. Default 1m."`
}

// Validate is called by the command line's parser.
func (c eraseCommand) Validate() error {
	if c.BeforeAYear && !c.Yes {
		return errors.New("--before-a-year answers the second question: give --yes for the first one, too")
	}
	return nil
}

// Run erases a candidate. While the bot runs, the bot carries out what is owed
// outside the database; while it doesn't, this does.
func (c eraseCommand) Run(p *program) error {
	cfg, err := LoadConfig(p.getenv)
	if err != nil {
		return err
	}
	clk := cfg.Clock()
	m, err := readMaterial(p, cfg.DatabasePath, c.ID)
	if err != nil {
		return err
	}
	if !m.Candidate.Erased() {
		if err := c.confirm(p, candidate.NewErasePreview(m, clk.Now())); err != nil {
			return err
		}
	}
	a, err := newApp(p.ctx, cfg, clk, newLogger(cfg, p.stderr))
	if errors.Is(err, sqlite.ErrInUse) {
		db, err := sqlite.OpenBeside(p.ctx, cfg.DatabasePath, sqlite.Options{Now: clk.Now})
		if err != nil {
			return err
		}
		return errors.Join(c.erase(p, &candidate.Records{Store: db, Now: clk.Now}, db, nil), db.Close())
	}
	if err != nil {
		return err
	}
	return errors.Join(c.erase(p, a.records, a.db, a), a.Close())
}

// errKept says that the person answered no.
var errKept = errors.New("nothing was erased")

// confirm asks whether to erase, and within a year of the decision once more.
func (c eraseCommand) confirm(p *program, e *candidate.ErasePreview) error {
	ask := func(question string, unasked callError) error {
		if p.stdin == nil {
			return unasked
		}
		fmt.Fprintf(p.stdout, "%s Type yes: ", question)
		answer, err := bufio.NewReader(oneByte{p.stdin}).ReadString('\n')
		switch {
		case errors.Is(err, io.EOF) && answer == "":
			fmt.Fprintln(p.stdout)
			return unasked
		case err != nil && !errors.Is(err, io.EOF):
			return err
		}
		if !strings.EqualFold(strings.TrimSpace(answer), "yes") {
			return errKept
		}
		return nil
	}
	if !c.Yes {
		what := fmt.Sprintf("Erase the candidate %s (%s, %s)? This can't be taken back.", e.Candidate.ID, e.Candidate.Name, e.Role.Title)
		if e.Coming > 0 {
			what += " An interview lies ahead: it is cancelled by that."
		}
		if err := ask(what, callError{{"--yes", "is missing, and nobody is there to ask: give it to erase without being asked"}}); err != nil {
			return err
		}
	}
	if e.KeepUntil.IsZero() || c.Yes && c.BeforeAYear {
		return nil
	}
	until := e.KeepUntil.In(e.Role.TimeZone()).Format("2 January 2006")
	unasked := callError{{"--before-a-year", fmt.Sprintf("is missing, and the record should be kept until %s: employers in the United States have to keep an applicant's record for a year from the decision. Erase it after that day, or give the flag", until)}}
	return ask(fmt.Sprintf("The record should be kept until %s: employers in the United States have to keep an applicant's record for a year from the decision, and for longer while a charge is open. Erase it now all the same?", until), unasked)
}

// oneByte reads no more than it must, so that a second question finds its answer.
type oneByte struct{ io.Reader }

func (r oneByte) Read(b []byte) (int, error) { return r.Reader.Read(b[:min(1, len(b))]) }

// erase erases and sees to what is owed outside. a is nil while the bot runs.
func (c eraseCommand) erase(p *program, records *candidate.Records, db *sqlite.DB, a *app) error {
	err := records.Erase(p.ctx, c.ID, candidate.Operator)
	var already *hiring.AlreadyDone
	switch {
	case errors.As(err, &already):
		who := ""
		if already.By != "" {
			who = " by " + already.By
			if person, err := db.Person(p.ctx, already.By); err == nil {
				who = " by " + person.Name
			}
		}
		fmt.Fprintf(p.stdout, "%s was already %s%s, on %s.\n", c.ID, already.What, who, already.At.Format("2 January 2006, 15:04 UTC"))
	case err != nil:
		return err
	default:
		fmt.Fprintf(p.stdout, "Erased %s from the database.\n", c.ID)
	}
	left, err := c.carryOut(p.ctx, db, a)
	if err != nil {
		return fmt.Errorf("it is erased, but what is outside the database isn't removed yet (run this once more): %w", err)
	}
	return c.report(p, left, a == nil)
}

// carryOut sees to what is owed outside the database until all of it is done or
// the time is over.
func (c eraseCommand) carryOut(ctx context.Context, db *sqlite.DB, a *app) (sqlite.ErasureLeft, error) {
	if a != nil {
		if err := a.onlyErase(ctx, c.ID); err != nil {
			return sqlite.ErasureLeft{}, err
		}
	}
	const pause = 200 * time.Millisecond
	for deadline := time.Now().Add(c.Wait); ; {
		if a != nil {
			for _, d := range a.outboxes {
				if _, err := d.Step(ctx); err != nil {
					a.log.Warn("not removed yet", "err", err)
				}
			}
		}
		left, err := db.ErasureLeft(ctx, c.ID)
		if err != nil || left.None() || !time.Now().Before(deadline) {
			return left, err
		}
		select {
		case <-ctx.Done():
			return left, nil
		case <-time.After(min(pause, time.Until(deadline))):
		}
	}
}

// onlyErase makes the dispatchers carry out what concerns the candidate and
// nothing else: whoever stopped the bot didn't ask for the rest.
func (a *app) onlyErase(ctx context.Context, id string) error {
	if _, err := a.db.RecoverEffects(ctx); err != nil {
		return err
	}
	for _, d := range a.outboxes {
		d.Store = erasureStore{a.db, id}
	}
	return nil
}

// An erasureStore shows a dispatcher only the effects that concern one
// candidate.
type erasureStore struct {
	*sqlite.DB
	candidate string
}

// ReadyEffects returns the ready effects that concern the candidate.
func (s erasureStore) ReadyEffects(ctx context.Context, kinds []string, wall time.Time, _ int) ([]outbox.Effect, error) {
	mine, err := s.EffectsOf(ctx, s.candidate)
	if err != nil || len(mine) == 0 {
		return nil, err
	}
	const all = 100_000
	ready, err := s.DB.ReadyEffects(ctx, kinds, wall, all)
	var out []outbox.Effect
	for _, e := range ready {
		if mine[e.Key] {
			out = append(out, e)
		}
	}
	return out, err
}

// report says what is removed, what is left, and what can't be reached.
func (c eraseCommand) report(p *program, left sqlite.ErasureLeft, running bool) error {
	if left.None() {
		fmt.Fprintln(p.stdout, "Removed: the bot's messages and files about them in Slack, and their events in Google Calendar.")
	} else {
		fmt.Fprintf(p.stdout, "Not removed yet: %s. ", leftWords(left))
		if running {
			fmt.Fprintln(p.stdout, "The running bot goes on with it by itself.")
		} else {
			fmt.Fprintln(p.stdout, "The next \"convene run\" goes on with it; you can also run this once more.")
		}
	}
	fmt.Fprintln(p.stdout, "It can't reach:")
	for _, u := range candidate.Unreachable {
		fmt.Fprintln(p.stdout, "  -", u)
	}
	if len(left.Problems) > 0 {
		return fmt.Errorf("refused for good, so please remove it by hand:\n  %s", strings.Join(left.Problems, "\n  "))
	}
	return nil
}

func leftWords(left sqlite.ErasureLeft) string {
	var parts []string
	add := func(n int, one, many string) {
		switch {
		case n == 1:
			parts = append(parts, "1 "+one)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %s", n, many))
		}
	}
	add(left.Events, "event in Google Calendar", "events in Google Calendar")
	add(left.Messages, "message in Slack", "messages in Slack")
	add(left.Files, "file in Slack", "files in Slack")
	add(left.Other, "other thing, such as copies in the database's own files", "other things, such as copies in the database's own files")
	return strings.Join(parts, ", ")
}

// terminal returns the standard input when a person is there to answer.
func terminal(f *os.File) io.Reader {
	if isTerminal(f) {
		return f
	}
	return nil
}
