package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"convene/internal/sandbox/fakeslack"
)

var update = flag.Bool("update", false, "write expected outputs anew")

// TestStories runs the scripts in testdata. Each is a story on the real wiring,
// told in the commands below. With -update a
// script's expected ledger is written anew: read the difference.
func TestStories(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Files:               scripts,
		UpdateScripts:       *update,
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			s := &story{dir: env.WorkDir, seen: map[string]bool{}}
			env.Values[storyKey{}] = s
			env.Defer(func() { s.end(t) })
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"world":   storyCommand((*story).worldCmd),
			"open":    storyCommand((*story).openCmd),
			"slash":   storyCommand((*story).slashCmd),
			"short":   storyCommand((*story).shortcutCmd),
			"click":   storyCommand((*story).clickCmd),
			"fill":    storyCommand((*story).fillCmd),
			"near":    storyCommand((*story).nearCmd),
			"submit":  storyCommand((*story).submitCmd),
			"close":   storyCommand((*story).closeCmd),
			"modal":   storyCommand((*story).modalCmd),
			"dm":      storyCommand((*story).dmCmd),
			"channel": storyCommand((*story).channelCmd),
			"home":    storyCommand((*story).homeCmd),
			"press":   storyCommand((*story).pressCmd),
			"at":      storyCommand((*story).atCmd),
			"restart": storyCommand((*story).restartCmd),
			"down":    storyCommand((*story).downCmd),
			"up":      storyCommand((*story).upCmd),
			"google":  storyCommand((*story).googleCmd),
			"people":  storyCommand((*story).peopleCmd),
			"fault":   storyCommand((*story).faultCmd),
			"add":     storyCommand((*story).addCmd),
			"book":    storyCommand((*story).bookCmd),
			"score":   storyCommand((*story).scoreCmd),
			"decide":  storyCommand((*story).decideCmd),
			"twice":   storyCommand((*story).twiceCmd),
			"settle":  storyCommand((*story).settleCmd),
			"events":  storyCommand((*story).eventsCmd),
			"ledger":  storyCommand((*story).ledgerCmd),
			"logs":    storyCommand((*story).logsCmd),

			"convene": storyCommand((*story).conveneCmd),
			"holds":   storyCommand((*story).holdsCmd),
			"files":   storyCommand((*story).filesCmd),

			"race":       storyCommand((*story).raceCmd),
			"back":       storyCommand((*story).backCmd),
			"room":       storyCommand((*story).roomCmd),
			"say":        storyCommand((*story).sayCmd),
			"reply":      storyCommand((*story).replyCmd),
			"reword":     storyCommand((*story).rewordCmd),
			"unsay":      storyCommand((*story).unsayCmd),
			"pass":       storyCommand((*story).passCmd),
			"slow":       storyCommand((*story).slowCmd),
			"before":     storyCommand((*story).beforeCmd),
			"mail":       storyCommand((*story).mailCmd),
			"invitation": storyCommand((*story).invitationCmd),
			"busy":       storyCommand((*story).busyCmd),
			"guests":     storyCommand((*story).guestsCmd),
			"role":       storyCommand((*story).roleCmd),
			"posts":      storyCommand((*story).postsCmd),
		},
	})
}

type storyKey struct{}

// A story is one script's world and what its last command showed.
type story struct {
	*world
	dir     string
	seen    map[string]bool // ephemeral messages, by ts
	pending atomic.Int64    // faults of Slack that have not happened yet
	acks    []json.RawMessage
}

// storyCommand adapts a command. "! command" expects its error, whose words
// then are the output.
func storyCommand(run func(*story, []string) (string, error)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		s := ts.Value(storyKey{}).(*story)
		out, err := run(s, args)
		switch {
		case err != nil && !neg:
			ts.Fatalf("%v", err)
		case err == nil && neg:
			ts.Fatalf("it went well, but should not have:\n%s", out)
		case err != nil:
			out = err.Error() + "\n"
		}
		fmt.Fprint(ts.Stdout(), out)
	}
}

func (s *story) end(t *testing.T) {
	if s.world == nil {
		return
	}
	if err := s.halt(); err != nil {
		t.Errorf("the bot did not stop cleanly: %v", err)
	}
	s.slack.Close()
	for _, v := range s.slack.Violations() {
		t.Errorf("the bot broke Slack's protocol: %s", v)
	}
	if n := s.pending.Load() + int64(s.google.PendingFaults()); n != 0 {
		t.Errorf("%d faults of the story never happened", n)
	}
	for _, found := range leaks(s.logs.String()) {
		t.Errorf("the logs tell %q", found)
	}
}

func isDirectory(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// world [time] [ask|send|off] starts the workspace and the bot; with send, a
// mail server too. Role files that the script has under roles/ are configured.
func (s *story) worldCmd(args []string) (string, error) {
	at, mode := "2026-12-02T08:00:00-06:00", ""
	if len(args) > 0 {
		at = args[0]
	}
	if len(args) > 1 {
		mode = args[1]
	}
	start, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return "", err
	}
	smtp, mailServer := "", (*smtpServer)(nil)
	if mode == "send" {
		if mailServer, err = listenSMTP(); err != nil {
			return "", err
		}
		smtp = mailServer.url()
	}
	if s.world, err = newWorld(s.dir, start, mode, smtp); err != nil {
		return "", err
	}
	s.mailServer = mailServer
	if roles := filepath.Join(s.dir, "roles"); isDirectory(roles) {
		s.roles = roles
	}
	return "", s.start()
}

// open [people…] sets up the role account-coordinator; the people, by default
// Karly, hold the first interview.
func (s *story) openCmd(args []string) (string, error) {
	var panel []string
	for _, name := range args {
		id, err := person(name)
		if err != nil {
			return "", err
		}
		panel = append(panel, id)
	}
	return "", s.openRole(panel...)
}

// after lets the bot finish and returns what the person has before them.
func (s *story) after(who string, r fakeslack.Result, err error) (string, error) {
	if err != nil {
		return "", err
	}
	if err := s.settle(); err != nil {
		return "", err
	}
	return s.before(who, r), nil
}

// before returns what the person has before them at this moment.
func (s *story) before(who string, r fakeslack.Result) string {
	if len(r.Ack) > 0 {
		s.acks = append(s.acks, r.Ack)
	}
	var b strings.Builder
	if r.Failure != "" {
		fmt.Fprintf(&b, "Slack says: %s\n", r.Failure)
	}
	for block, text := range r.Errors {
		fmt.Fprintf(&b, "! %s: %s\n", block, text)
	}
	for _, m := range s.ephemerals(who) {
		fmt.Fprintf(&b, "only you: %s\n", s.slack.MessageText(who, m))
	}
	if v, ok := s.slack.TopModal(who); ok {
		b.WriteString(s.slack.ViewText(who, v) + "\n")
	}
	return b.String()
}

// ephemerals returns what only this person was shown since the last time.
func (s *story) ephemerals(who string) []fakeslack.Message {
	screen, err := s.slack.See(who)
	if err != nil {
		return nil
	}
	var out []fakeslack.Message
	for _, c := range screen.Conversations {
		for _, m := range c.Messages {
			if m.EphemeralTo != "" && !s.seen[m.TS] {
				s.seen[m.TS] = true
				out = append(out, m)
			}
		}
	}
	return out
}

// filled lets the bot finish; "modal" shows what came of it.
func (s *story) filled(r fakeslack.Result, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return r.Failure, s.settle()
}

// slash person command [words…]
func (s *story) slashCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	r, err := s.slack.Slash(context.Background(), who, channelGe, args[1], strings.Join(args[2:], " "))
	return s.after(who, r, err)
}

// short person callback uses a global shortcut.
func (s *story) shortcutCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	r, err := s.slack.Shortcut(context.Background(), who, args[1])
	return s.after(who, r, err)
}

// click person label [words] clicks in the person's top modal: the first such
// button below the words.
func (s *story) clickCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	near := ""
	if len(args) > 2 {
		near = args[2]
	}
	r, err := s.slack.ClickNear(context.Background(), who, fakeslack.Place{}, near, args[1])
	return s.after(who, r, err)
}

// fill person label values… fills a field of the top modal.
func (s *story) fillCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	r, err := s.slack.Fill(context.Background(), who, fakeslack.Place{}, args[1], args[2:]...)
	return s.filled(r, err)
}

// near person words label values… fills the first such field below the words.
func (s *story) nearCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	r, err := s.slack.FillNear(context.Background(), who, fakeslack.Place{}, args[1], args[2], args[3:]...)
	return s.filled(r, err)
}

func (s *story) submitCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	r, err := s.slack.Submit(context.Background(), who)
	return s.after(who, r, err)
}

// back closes the top modal; the one below it is there again.
func (s *story) backCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	r, err := s.slack.Cancel(context.Background(), who)
	return s.after(who, r, err)
}

func (s *story) closeCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	r, err := s.slack.Dismiss(context.Background(), who)
	return s.after(who, r, err)
}

func (s *story) modalCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	v, ok := s.slack.TopModal(who)
	if !ok {
		return "no modal\n", nil
	}
	return s.slack.ViewText(who, v) + "\n", nil
}

// dm person shows their messages with the bot, the newest last.
func (s *story) dmCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	return s.texts(who, s.slack.DM(who)), nil
}

// channel shows the role's channel as Karly sees it.
func (s *story) channelCmd([]string) (string, error) {
	list, err := s.slack.In(karly, channelAC)
	return s.texts(karly, list), err
}

func (s *story) texts(who string, list []fakeslack.Message) string {
	var b strings.Builder
	for _, m := range list {
		fmt.Fprintf(&b, "--- %s\n", s.slack.MessageText(who, m))
	}
	return b.String()
}

func (s *story) homeCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	if _, err := s.slack.OpenHome(context.Background(), who); err != nil {
		return "", err
	}
	if err := s.settle(); err != nil {
		return "", err
	}
	v, _ := s.slack.Home(who)
	return s.slack.ViewText(who, v) + "\n", nil
}

// press person dm|channel|home label clicks a button in the newest message that
// has it.
func (s *story) pressCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	ctx := context.Background()
	if args[1] == "home" {
		v, _ := s.slack.Home(who)
		r, err := s.slack.ClickLabel(ctx, who, fakeslack.InView(v.ID), args[2])
		return s.after(who, r, err)
	}
	list := s.slack.DM(who)
	if args[1] == "channel" {
		if list, err = s.slack.In(who, channelAC); err != nil {
			return "", err
		}
	}
	for i := len(list) - 1; i >= 0; i-- {
		if strings.Contains(s.slack.MessageText(who, list[i]), "["+args[2]+"]") {
			r, err := s.slack.ClickLabel(ctx, who, fakeslack.InMessage(list[i].Channel, list[i].TS), args[2])
			return s.after(who, r, err)
		}
	}
	return "", fmt.Errorf("no message with the button %q:\n%s", args[2], s.texts(who, list))
}

// at time moves the clock there: RFC 3339, or a duration such as 45m.
func (s *story) atCmd(args []string) (string, error) {
	if d, err := time.ParseDuration(args[0]); err == nil {
		return "", s.jump(s.clock.Now().Add(d))
	}
	to, err := time.Parse(time.RFC3339, args[0])
	if err != nil {
		return "", err
	}
	return "", s.jump(to)
}

// restart [mode]: stops the bot and starts it, with another CANDIDATE_EMAIL.
func (s *story) restartCmd(args []string) (string, error) {
	if len(args) > 0 {
		s.mode = args[0]
	}
	return "", s.restart()
}

func (s *story) downCmd([]string) (string, error)   { return "", s.halt() }
func (s *story) upCmd([]string) (string, error)     { return "", s.start() }
func (s *story) settleCmd([]string) (string, error) { return "", s.settle() }
func (s *story) logsCmd([]string) (string, error)   { return s.logs.String(), nil }
func (s *story) ledgerCmd([]string) (string, error) { return s.ledger(), nil }

// steps does several things as one person and returns what they see last.
func (s *story) steps(who string, steps ...func(context.Context) (fakeslack.Result, error)) (string, error) {
	out := ""
	for _, step := range steps {
		r, err := step(context.Background())
		if out, err = s.after(who, r, err); err != nil {
			return "", err
		}
	}
	return out, nil
}

func (s *story) fills(who, label string, values ...string) func(context.Context) (fakeslack.Result, error) {
	return func(ctx context.Context) (fakeslack.Result, error) {
		return s.slack.Fill(ctx, who, fakeslack.Place{}, label, values...)
	}
}

func (s *story) submits(who string) func(context.Context) (fakeslack.Result, error) {
	return func(ctx context.Context) (fakeslack.Result, error) { return s.slack.Submit(ctx, who) }
}

// dismiss closes what the person has open, if anything.
func (s *story) dismiss(ctx context.Context, who string) (fakeslack.Result, error) {
	if _, open := s.slack.TopModal(who); !open {
		return fakeslack.Result{}, nil
	}
	return s.slack.Dismiss(ctx, who)
}

// add name email zone: Karly adds a candidate.
func (s *story) addCmd(args []string) (string, error) {
	return s.steps(karly,
		func(ctx context.Context) (fakeslack.Result, error) { return s.dismiss(ctx, karly) },
		func(ctx context.Context) (fakeslack.Result, error) {
			return s.slack.Slash(ctx, karly, channelGe, "/candidate", "add")
		},
		s.fills(karly, "Name", args[0]), s.fills(karly, "E-mail", args[1]), s.fills(karly, "The candidate's time zone", args[2]),
		s.submits(karly))
}

// book name [offer]: Karly books the first interview; offers count from 0, the best.
func (s *story) bookCmd(args []string) (string, error) {
	offer := "0"
	if len(args) > 1 {
		offer = args[1]
	}
	return s.steps(karly,
		func(ctx context.Context) (fakeslack.Result, error) {
			return s.slack.Slash(ctx, karly, channelGe, "/schedule-round1", args[0])
		},
		s.fills(karly, "When?", offer), s.submits(karly))
}

// decide person outcome reason: fills in the decision that is open before them.
func (s *story) decideCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	return s.steps(who, s.fills(who, "Decision", args[1]), s.fills(who, "Reason", args[2]), s.submits(who))
}

// twice person dm|channel label: two clicks on the same button at once.
func (s *story) twiceCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	list := s.slack.DM(who)
	if args[1] == "channel" {
		if list, err = s.slack.In(who, channelAC); err != nil {
			return "", err
		}
	}
	for i := len(list) - 1; i >= 0; i-- {
		if !strings.Contains(s.slack.MessageText(who, list[i]), "["+args[2]+"]") {
			continue
		}
		place := fakeslack.InMessage(list[i].Channel, list[i].TS)
		results := make(chan fakeslack.Result, 2)
		errs := make(chan error, 2)
		for range 2 {
			go func() {
				r, err := s.slack.ClickLabel(context.Background(), who, place, args[2])
				results <- r
				errs <- err
			}()
		}
		if err := errors.Join(<-errs, <-errs); err != nil {
			return "", err
		}
		first, err := s.after(who, <-results, nil)
		if err != nil {
			return "", err
		}
		second, err := s.after(who, <-results, nil)
		return first + second, err
	}
	return "", fmt.Errorf("no message with the button %q", args[2])
}

// race people…: each submits the modal before them, all at once.
func (s *story) raceCmd(args []string) (string, error) {
	results := make([]fakeslack.Result, len(args))
	errs := make([]error, len(args))
	var all sync.WaitGroup
	for i, name := range args {
		who, err := person(name)
		if err != nil {
			return "", err
		}
		all.Go(func() { results[i], errs[i] = s.slack.Submit(context.Background(), who) })
	}
	all.Wait()
	out := ""
	for i, name := range args {
		shown, err := s.after(everybody[name], results[i], errs[i])
		if err != nil {
			return "", err
		}
		out += shown
	}
	return out, nil
}
