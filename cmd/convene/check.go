package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"convene/internal/hiring"
	"convene/internal/sqlite"
)

// checkCommand is the command line of `convene check`.
type checkCommand struct {
	Offline bool `help:"Stop before the network: look at the settings, the roles and the database only."`
}

// Help is shown by the command line's parser.
func (checkCommand) Help() string {
	return "It needs the settings of \"convene run\", changes nothing, and can run while the bot does. It exits with 1 when it finds a fault."
}

// Run prints a line for each thing that it looked at, as soon as it is known:
// ✓, ✗ with the mend, or – for what was not looked at, and why.
func (c checkCommand) Run(p *program) error {
	cfg, roles, err := loadSettings(p.getenv)
	if err != nil {
		return err
	}
	return (&checkup{cfg: cfg, roles: roles, offline: c.Offline, team: make(chan colleagues, 1), out: p.stdout}).run(p.ctx)
}

// A checkup is one run of `convene check`.
type checkup struct {
	cfg     Config
	roles   []*hiring.Role // as their files describe them
	offline bool
	out     io.Writer
	faults  int
	printed int // sections

	database   sqlite.Look
	setUp      []*hiring.Role // those whose setup was saved
	setupsRead bool
	team       chan colleagues // from Slack to Google: whose calendars are looked at
}

// run looks at everything, whatever failed before. The far ends are looked at
// side by side, and printed one after the other.
func (c *checkup) run(ctx context.Context) error {
	c.print(ctx, begin("Settings", func(s *section) { c.lookAtSettings(s) }))
	c.print(ctx, begin("Database", func(s *section) { c.lookAtDatabase(ctx, s) }))
	var far []*section
	if c.offline {
		far = append(far, begin("Network", func(s *section) { s.unseen("Slack, Google and the mail server", "--offline") }))
	} else {
		far = append(far,
			begin("Slack", func(s *section) { c.lookAtSlack(ctx, s) }),
			begin("Google", func(s *section) { c.lookAtGoogle(ctx, s) }),
			begin("Mail", func(s *section) { c.lookAtMail(ctx, s) }))
	}
	for _, s := range far {
		c.print(ctx, s)
	}
	switch {
	case ctx.Err() != nil:
		return errors.New("check was interrupted: not everything was looked at")
	case c.faults == 1:
		return errors.New("1 fault was found: mend it as its line says, then check again")
	case c.faults > 1:
		return fmt.Errorf("%d faults were found: mend them as their lines say, then check again", c.faults)
	}
	_, err := fmt.Fprintln(c.out, "\nAll that was looked at is in order.")
	return err
}

// A section is what was found about one part of the set-up.
type section struct {
	name  string
	found chan finding
}

type finding struct {
	mark string
	text string
}

const (
	markFine   = "✓"
	markFault  = "✗"
	markUnseen = "–"
)

// begin looks at a part of the set-up in the background.
func begin(name string, look func(*section)) *section {
	s := &section{name, make(chan finding, 100)} // so that nobody waits for the printing of another section
	go func() {
		defer close(s.found)
		look(s)
	}()
	return s
}

// fine says what was looked at and is as it should be.
func (s *section) fine(format string, args ...any) {
	s.say(markFine, fmt.Sprintf(format, args...))
}

// fault says what was looked at, what is wrong with it and what to do.
func (s *section) fault(what, mend string) { s.say(markFault, what+" — "+mend) }

// unseen says what was not looked at, and why.
func (s *section) unseen(what, why string) {
	s.say(markUnseen, what+": not looked at: "+why)
}

// note says what is neither right nor wrong, such as a role that nobody has set
// up yet.
func (s *section) note(format string, args ...any) {
	s.say(markUnseen, fmt.Sprintf(format, args...))
}

// say keeps to one line, whatever the far end wrote.
func (s *section) say(mark, text string) {
	s.found <- finding{mark, strings.Join(strings.Fields(text), " ")}
}

// print writes a section's lines as they become known, until ctx ends.
func (c *checkup) print(ctx context.Context, s *section) {
	heading := s.name
	if c.printed > 0 {
		heading = "\n" + heading
	}
	c.printed++
	for {
		select {
		case <-ctx.Done():
			return
		case f, more := <-s.found:
			if !more || ctx.Err() != nil { // what ends because of ctx is no fault
				return
			}
			if heading != "" {
				fmt.Fprintln(c.out, heading)
				heading = ""
			}
			fmt.Fprintln(c.out, f.mark, f.text)
			if f.mark == markFault {
				c.faults++
			}
		}
	}
}
