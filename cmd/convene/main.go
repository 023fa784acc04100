// Convene runs a small company's interviews in Slack and Google Calendar, from
// the first slot to the decision that the candidate hears.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // a container has no zone data of its own

	"github.com/alecthomas/kong"
)

func main() {
	restrictNewFiles()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr))
}

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitWrong  = 2 // the call or the settings
)

// A program is what every command gets: where it is called from.
type program struct {
	ctx            context.Context
	getenv         func(name string) (string, bool)
	stdout, stderr io.Writer
	stdin          io.Reader // nil: nobody is there to answer questions
}

// commands are the words after "convene".
type commands struct {
	Sandbox     sandboxCommand     `cmd:"" help:"Run the whole bot with nothing set up: its own Slack workspace and Google Calendar on this machine, and a page to click through."`
	Run         runCommand         `cmd:"" help:"Run the bot. Its settings are environment variables; .env.example lists them."`
	Check       checkCommand       `cmd:"" help:"Look at the settings, the roles, the database, Slack, Google and the mail server, and say what to mend."`
	Manifest    manifestCommand    `cmd:"" help:"Print the Slack app manifest, to paste at api.slack.com/apps: Create New App, From a manifest."`
	GoogleLogin googleLoginCommand `cmd:"" help:"Let one Google user, such as an interviews@ account, consent in the browser, and write the file for GOOGLE_CREDENTIALS."`
	Role        roleCommands       `cmd:"" help:"Look at roles and check role files."`
	Backup      backupCommand      `cmd:"" help:"Copy the database, also while the bot runs."`
	Audit       auditCommands      `cmd:"" help:"Print the audit trail (\"convene audit\" alone does), or verify it."`
	Export      exportCommand      `cmd:"" help:"Write a candidate's whole record as JSON and as a page to read, also while the bot runs."`
	Erase       eraseCommand       `cmd:"" help:"Erase a candidate: their data, the bot's messages and files about them, and their events; also while the bot runs."`
	Version     versionCommand     `cmd:"" help:"Print the version, the commit and Go's version."`
}

// A callError lists every problem of a command's flags and arguments that only
// the command itself could find.
type callError []SettingProblem

func (e callError) Error() string {
	var b strings.Builder
	b.WriteString("the call has problems:")
	for _, p := range e {
		fmt.Fprintf(&b, "\n  %s: %s", p.Name, p.Problem)
	}
	return b.String()
}

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) (string, bool), stdout, stderr io.Writer) int {
	p := &program{ctx, getenv, stdout, stderr, terminal(os.Stdin)}
	command, code := parse(args, p)
	if command == nil {
		return code
	}
	err := command.Run(p)
	var settings SettingsError
	var call callError
	var files filesError
	switch {
	case err == nil, ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return exitDone
	case errors.As(err, &settings), errors.As(err, &call), errors.As(err, &files):
		code = exitWrong
	default:
		code = exitFailed
	}
	fmt.Fprintf(stderr, "convene: %v\n", err)
	return code
}

// parse returns the command that args call, or nil and the exit code when there
// is nothing left to do: help was printed, or the call is wrong.
func parse(args []string, p *program) (command *kong.Context, code int) {
	// After printing help the library exits; here that is a panic which ends
	// parse and nothing else.
	type exit struct{ code int }
	defer func() {
		switch v := recover().(type) {
		case nil:
		case exit:
			command, code = nil, v.code
		default:
			panic(v)
		}
	}()
	parser, err := kong.New(new(commands),
		kong.Name("convene"),
		kong.Description("A Slack bot that runs a small company's interviews, from the first slot to the decision the candidate hears. Begin with \"convene sandbox\", which needs nothing set up. Exit codes: 0 done, 1 it failed, 2 the call or the settings are wrong."),
		kong.Writers(p.stdout, p.stderr),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(func(code int) { panic(exit{code}) }))
	if err != nil {
		fmt.Fprintf(p.stderr, "convene: %v\n", err)
		return nil, exitFailed
	}
	command, err = parser.Parse(args)
	if err != nil {
		fmt.Fprintf(p.stderr, "convene: %v\nRun \"convene --help\" for the commands and their flags.\n", err)
		return nil, exitWrong
	}
	return command, exitDone
}

type runCommand struct{}

// Help is shown by the command line's parser.
func (runCommand) Help() string {
	return "SIGTERM or Ctrl-C stops it within 5 seconds. Before the first start, \"convene check\" says what is still to be mended."
}

func (runCommand) Run(p *program) error {
	config, _, err := loadSettings(p.getenv)
	if err != nil {
		return err
	}
	return runBot(p.ctx, config, p.stdout, p.stderr)
}
