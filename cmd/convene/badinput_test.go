package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/sandbox/fakeslack"
	"convene/internal/sqlite/sqlitetest"
)

// TestRunSaysWhatOnlyAPersonCanMend starts `convene run` on settings, a
// workspace or a database that it can't work with: it ends with 1 and a sentence
// that says what to do, and the database is as it was.
func TestRunSaysWhatOnlyAPersonCanMend(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		prepare func(*testing.T, *world, map[string]string)
		want    []string
	}{
		{"wrong bot token", func(_ *testing.T, _ *world, env map[string]string) { env["SLACK_BOT_TOKEN"] = "xoxb-wrong" },
			[]string{"SLACK_BOT_TOKEN is not accepted (invalid_auth)", "OAuth & Permissions"}},
		{"revoked bot token", func(_ *testing.T, w *world, _ map[string]string) {
			_ = w.slack.UpdateToken(botToken, func(t *fakeslack.Token) { t.Revoked = true })
		}, []string{"SLACK_BOT_TOKEN is not accepted (token_revoked)"}},
		{"wrong app token", func(_ *testing.T, _ *world, env map[string]string) { env["SLACK_APP_TOKEN"] = "xapp-wrong" },
			[]string{"SLACK_APP_TOKEN is not accepted (invalid_auth)", "connections:write"}},
		{"tokens swapped", func(_ *testing.T, _ *world, env map[string]string) {
			env["SLACK_BOT_TOKEN"], env["SLACK_APP_TOKEN"] = appToken, botToken
		}, []string{"SLACK_BOT_TOKEN", "xoxb-", "SLACK_APP_TOKEN", "xapp-"}},
		{"missing scope", func(_ *testing.T, w *world, _ map[string]string) {
			_ = w.slack.UpdateToken(botToken, func(t *fakeslack.Token) {
				t.Scopes = slices.DeleteFunc(t.Scopes, func(s string) bool { return s == "groups:read" || s == "im:history" })
			})
		}, []string{"SLACK_BOT_TOKEN lacks the scope im:history, groups:read", "reinstall the app"}},
		{"database of a newer version", func(t *testing.T, _ *world, env map[string]string) {
			sqlitetest.Newer(t, env["DATABASE_PATH"])
		}, []string{"was written by a newer version of convene (schema 9000", "run that version, or put back a backup"}},
		{"not a database", func(t *testing.T, _ *world, env map[string]string) {
			if err := os.WriteFile(env["DATABASE_PATH"], []byte(strings.Repeat("Dear diary, ", 1000)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, []string{"is not a Convene database: set DATABASE_PATH to another file"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := weekWorld(t) // makes the database
			if err := w.halt(); err != nil {
				t.Fatal(err)
			}
			w.serve()
			defer w.server.Close()
			env := w.env()
			c.prepare(t, w, env)
			before := readFile(t, env["DATABASE_PATH"])
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			var stdout, stderr bytes.Buffer
			code := run(ctx, []string{"run"}, lookup(env), &stdout, &stderr)
			if want := map[bool]int{true: exitWrong, false: exitFailed}[c.name == "tokens swapped"]; code != want {
				t.Errorf("exit code %d, want %d", code, want)
			}
			for _, want := range c.want {
				if !strings.Contains(stderr.String(), want) {
					t.Errorf("it doesn't say %q:\n%s", want, &stderr)
				}
			}
			for _, token := range []string{botToken, appToken, "xoxb-wrong", "xapp-wrong"} {
				if strings.Contains(stderr.String(), token) {
					t.Errorf("it tells a token:\n%s", &stderr)
				}
			}
			if strings.HasSuffix(c.name, "database") && !bytes.Equal(before, readFile(t, env["DATABASE_PATH"])) {
				t.Error("the file was changed")
			}
			for _, call := range w.slack.Calls() {
				if strings.HasPrefix(call.Method, "chat.") {
					t.Errorf("it called %s", call.Method)
				}
			}
		})
	}
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestSecondProcessLeavesTheFirstAlone starts the program twice on one database.
func TestSecondProcessLeavesTheFirstAlone(t *testing.T) {
	t.Parallel()
	w := weekWorld(t)
	if err := w.openRole(); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"run"}, lookup(w.env()), &stdout, &stderr)
	if want := fmt.Sprintf("process %d", os.Getpid()); code != exitFailed || !strings.Contains(stderr.String(), want) {
		t.Errorf("exit code %d, want 1 and %q:\n%s", code, want, &stderr)
	}
	if a, err := newApp(t.Context(), w.config(), w.clock, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a second one was wired on the same database")
		_ = a.Close()
	}
	s := &story{world: w, seen: map[string]bool{}}
	out, err := s.addCmd([]string{"Ana Nováková", "ana@example.com", "America/New_York"})
	if err != nil || !strings.Contains(out, "Ana Nováková is in") {
		t.Errorf("the first doesn't go on: %v\n%s", err, out)
	}
}

// TestLongTextsAreKeptOrRefused types 5,000 characters where Slack takes 3,000.
// Slack's own client stops there; nothing of a draft is lost.
func TestLongTextsAreKeptOrRefused(t *testing.T) {
	t.Parallel()
	w := weekWorld(t)
	s := &story{world: w, seen: map[string]bool{}}
	must := func(out string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	must("", w.openRole())
	must(s.addCmd([]string{"Ana Nováková", "ana@example.com", "America/New_York"}))
	must(s.bookCmd([]string{"Ana"}))
	must(s.closeCmd([]string{"karly"}))
	must("", w.jump(time.Date(2026, 12, 3, 16, 0, 0, 0, time.UTC)))
	must(s.slashCmd([]string{"karly", "/scorecard"}))
	const note, evidence = "Private note to the coordinator", "Evidence: Communication Triage Judgment"
	long := strings.Repeat("é", 5000)
	must(s.fillCmd([]string{"karly", note, long}))
	must(s.fillCmd([]string{"karly", evidence, "Named three tiers"}))
	out := must(s.scoreCmd([]string{"karly"}))
	if !strings.Contains(out, "Please enter no more than 3000 characters") {
		t.Errorf("a note of 5,000 characters was taken:\n%s", out)
	}
	must(s.closeCmd([]string{"karly"}))
	out = must(s.slashCmd([]string{"karly", "/scorecard"}))
	if !strings.Contains(out, "Named three tiers") || strings.Count(out, "é") < 2900 {
		t.Errorf("the draft lost something: %d characters of the note are left\n%s", strings.Count(out, "é"), out)
	}
	must(s.fillCmd([]string{"karly", note, strings.Repeat("é", 3000)}))
	must(s.fillCmd([]string{"karly", evidence, strings.Repeat("😀", 3000)}))
	if out = must(s.submitCmd([]string{"karly"})); !strings.Contains(out, "Thank you, it is in") {
		t.Errorf("3,000 characters were not taken:\n%s", out)
	}
	must(s.closeCmd([]string{"karly"}))
	must("", w.jump(time.Date(2026, 12, 7, 22, 1, 0, 0, time.UTC)))
	if out = must(s.pressCmd([]string{"mark", "channel", "Evidence"})); strings.Count(out, "😀") != 3000 {
		t.Errorf("Mark reads %d of 3,000 characters of evidence", strings.Count(out, "😀"))
	}
}
