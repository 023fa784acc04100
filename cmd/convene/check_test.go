package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/gcal"
	"convene/internal/hiring"
	"convene/internal/sandbox/fakeslack"
)

// TestCheckOfAWholeSetUp looks at a set-up in which nothing is wrong, before the
// bot was ever started, between two runs and while it runs.
func TestCheckOfAWholeSetUp(t *testing.T) {
	s := newSetUp(t)
	code, out := s.check(t)
	if code != exitDone || len(marked(out, markFault)) > 0 {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	for _, want := range []string{
		"✓ settings:", "✓ roles:", "✓ database ", "✓ role account-coordinator: is set up and open",
		"– not set up yet: account-coordinator-general, pixelspoke-account-coordinator: a coordinator does that",
		"✓ bot token: of the bot convene in the workspace Asymmetric", "✓ scopes of the bot token: all 10",
		"✓ clock: this machine's agrees with Slack's", "✓ app token and socket: Slack opens one and says hello\n",
		"✓ coordinators: found in the workspace: Karly Oykhman\n", "✓ team of account-coordinator: found in the workspace: Dana Reyes, Karly Oykhman, Mark, Sebastian Gant",
		"✓ channel #hiring-ac of account-coordinator: private",
		"✓ sign-in as interviews@asymmetric.example", "✓ clock: this machine's agrees with Google's",
		"✓ calendar primary (interviews@asymmetric.example): the bot may write to it", "✓ Meet on calendar primary: it makes links",
		"✓ calendars of the team: when they are busy can be read: Dana Reyes, Karly Oykhman, Mark, Sebastian Gant",
		"✓ mail server 127.0.0.1:", "nothing was sent", "All that was looked at is in order.",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("it doesn't say %q:\n%s", want, out)
		}
	}
	if len(marked(out, markUnseen)) != 1 {
		t.Errorf("only the two roles without a setup were not looked at:\n%s", out)
	}
	if last := s.slack.Connections(); len(last) > 0 {
		t.Errorf("it left %d sockets open", len(last))
	}
	for _, call := range s.slack.Calls() {
		if strings.HasPrefix(call.Method, "chat.") || strings.HasPrefix(call.Method, "views.") {
			t.Errorf("it called %s", call.Method)
		}
	}
	for _, r := range s.google.Requests() {
		if r.HTTPMethod != http.MethodGet && r.Method != "freebusy.query" && r.Method != "token" {
			t.Errorf("it called %s", r.Method)
		}
	}
	if len(s.mail.mails()) > 0 {
		t.Error("it sent mail")
	}

	if err := os.Remove(s.env["DATABASE_PATH"]); err != nil {
		t.Fatal(err)
	}
	code, out = s.check(t)
	if code != exitDone || !strings.Contains(out, "will be made when the bot starts") || !strings.Contains(out, "– teams and channels: not looked at: no role is set up") {
		t.Errorf("before the first start: exit code %d:\n%s", code, out)
	}
}

func TestCheckWhileTheBotRuns(t *testing.T) {
	w := weekWorld(t)
	if err := w.openRole(); err != nil {
		t.Fatal(err)
	}
	s := &setUp{world: w, env: w.env()}
	before := w.ledger()
	code, out := s.check(t)
	if code != exitDone || len(marked(out, markFault)) > 0 {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	for _, want := range []string{
		fmt.Sprintf("(in use by process %d, the running bot)", os.Getpid()), "(others that are open: 2, so the bot is running)",
		"✓ role account-coordinator: is set up and open", "– sign-in: not looked at",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("it doesn't say %q:\n%s", want, out)
		}
	}
	if err := w.settle(); err != nil {
		t.Errorf("afterwards the bot doesn't work: %v", err)
	}
	if w.ledger() != before {
		t.Error("the check made the bot say something")
	}
}

func TestCheckOffline(t *testing.T) {
	s := newSetUp(t)
	code, out := s.check(t, "--offline")
	if code != exitDone || !strings.Contains(out, "✓ database") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	if !strings.Contains(out, "– Slack, Google and the mail server: not looked at: --offline") {
		t.Errorf("it doesn't say what was not looked at:\n%s", out)
	}
	if n := len(s.slack.Calls()) + len(s.google.Requests()); n > 0 {
		t.Errorf("it made %d calls", n)
	}
}

// TestCheckSaysWhatItCouldNotSee: what the bot doesn't need is no fault.
func TestCheckSaysWhatItCouldNotSee(t *testing.T) {
	for name, prepare := range map[string]func(*testing.T, *setUp){
		"delegation": func(_ *testing.T, s *setUp) { s.delegate(gcal.Scopes...) },
		"consent":    func(t *testing.T, s *setUp) { s.consent(t, gcal.Scopes...) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSetUp(t)
			prepare(t, s)
			s.env["CANDIDATE_EMAIL"] = EmailAsk
			code, out := s.check(t)
			if code != exitDone || !strings.Contains(out, "– Meet on calendar primary: not looked at: the credentials were not given the scope "+gcal.LookScope) ||
				!strings.Contains(out, "– mail server: not looked at: CANDIDATE_EMAIL=ask sends nothing") {
				t.Errorf("exit code %d:\n%s", code, out)
			}
		})
	}
	s := newSetUp(t)
	s.roleSetup(t, func(setup *hiring.Setup) { setup.Deciders, setup.Channel = nil, "" })
	code, out := s.check(t)
	if code != exitDone || !strings.Contains(out, "– role account-coordinator: not open yet: a coordinator completes it with /hiring setup; it lacks a decider, the private channel") {
		t.Errorf("a setup that is half done: exit code %d:\n%s", code, out)
	}
}

func TestCheckCanBeInterrupted(t *testing.T) {
	s := newSetUp(t)
	hold := make(chan struct{})
	defer close(hold)
	s.slack.SetFault("auth.test", fakeslack.Fault{Hold: hold})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var stdout, stderr lockedBuffer
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, []string{"check"}, lookup(s.env), &stdout, &stderr) }()
	if err := s.slack.WaitFor(ctx, func() bool { return len(s.slack.CallsOf("apps.connections.open")) > 0 }); err != nil {
		t.Fatal(err)
	}
	cancel()
	if code := <-ended; code != exitFailed || !strings.Contains(stderr.String(), "interrupted: not everything was looked at") || strings.Contains(stdout.String(), markFault) {
		t.Errorf("exit code %d:\n%s%s", code, stdout.String(), stderr.String())
	}
}

// TestTenMistakesTenLines is a .env by somebody in a hurry: run and check both
// list every mistake at once, each with its name and what to do.
func TestTenMistakesTenLines(t *testing.T) {
	env := map[string]string{
		"SLACK_BOT_TOKEN":     "xapp-canary",
		"GOOGLE_CREDENTIALS":  "canary-key.json",
		"GOOGLE_IMPERSONATE":  "interviews",
		"GOOGLE_CALENDAR_URL": "https://www.googleapis.com/calendar/",
		"DATABASE_PATH":       filepath.Join(t.TempDir(), "none", "convene.db"),
		"COORDINATORS":        "karly",
		"SUMMARY_CRON":        "30 16 * * MON", // half an hour before the built-in roles' end of day
		"CANDIDATE_EMAIL":     "yes",
		"LISTEN_ADDR":         "8081",
		// SLACK_APP_TOKEN is forgotten
	}
	want := map[string]string{
		"SLACK_BOT_TOKEN": "begins with xoxb-", "SLACK_APP_TOKEN": "is not set: make an app-level token", "GOOGLE_CREDENTIALS": "the path of a file",
		"GOOGLE_IMPERSONATE": "not an e-mail address", "GOOGLE_CALENDAR_URL": "must end in /calendar/v3/", "DATABASE_PATH": "make ",
		"COORDINATORS": "a Slack user id", "SUMMARY_CRON": "set it earlier", "CANDIDATE_EMAIL": "ask, send, off", "LISTEN_ADDR": "127.0.0.1:8081",
	}
	for _, args := range [][]string{{"check"}, {"check", "--offline"}, {"run"}} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), args, lookup(env), &stdout, &stderr); code != exitWrong || stdout.Len() > 0 {
			t.Errorf("%q: exit code %d, want %d\n%s", args, code, exitWrong, &stdout)
		}
		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")[1:]
		if len(lines) != len(want) {
			t.Errorf("%q: %d lines, want %d:\n%s", args, len(lines), len(want), &stderr)
		}
		for name, hint := range want {
			if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "  "+name+": ") && strings.Contains(l, hint) }) {
				t.Errorf("%q: no line names %s and says %q:\n%s", args, name, hint, &stderr)
			}
		}
		if strings.Contains(stderr.String(), "canary") {
			t.Errorf("%q: a value is repeated:\n%s", args, &stderr)
		}
	}
}
