package main

import (
	"errors"
	"time"
)

// sandboxCommand is the command line of `convene sandbox`.
type sandboxCommand struct {
	Listen string    `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to serve; port 0 picks one and prints it. Default 127.0.0.1:8080."`
	At     time.Time `placeholder:"TIME" help:"Start the clock at this time, e.g. 2026-11-23T08:00:00-06:00. Default: the next Wednesday, 8:00 in Chicago."`
	Rate   float64   `default:"1" placeholder:"N" help:"Run the clock N times as fast. Default 1."`
	Data   string    `placeholder:"DIR" help:"Keep the state in this directory. Default: a temporary one."`
	NoBot  bool      `help:"Serve the workspace and the calendar alone, and print the environment for a \"convene run\" beside them as KEY=value lines."`
}

// Validate is called by the command line's parser.
func (c sandboxCommand) Validate() error {
	if !(c.Rate > 0) || c.Rate > maxRate {
		return errors.New("--rate must be a number above 0 and up to 1000000, such as 60")
	}
	return nil
}

func (c sandboxCommand) Run(p *program) error {
	return runSandbox(p.ctx, c, p.stdout, p.stderr)
}
