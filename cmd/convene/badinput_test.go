package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/sandbox/fakeslack"
	"convene/internal/sqlite/sqlitetest"
)

// TestRunSaysWhatOnlyAPersonCanMend starts `convene run` on settings, a
// workspace or a database that it can't work with: it ends with 1 and a sentence
// that says what to do, and the database is as it was.
func TestRunSaysWhatOnlyAPersonCanMend(t *testing.T) {
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

// TestOutsidersAreRefused lets people who have no part in the role use every
// command, shortcut, button and tab there is, at two moments of a week, with the
// role's channel before them. They learn nothing, and nothing happens.
func TestOutsidersAreRefused(t *testing.T) {
	t.Parallel()
	w := weekWorld(t)
	s := &story{world: w, seen: map[string]bool{}}
	must := func(out string, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	outsiders := w.outsiders(t)
	must("", w.openRole())
	must(s.addCmd([]string{"Ana Nováková", "ana@example.com", "America/New_York"}))
	must(s.bookCmd([]string{"Ana"}))
	must(s.closeCmd([]string{"karly"}))
	must("", w.letIn(outsiders))
	tryEverything(t, s, outsiders)

	must("", w.letOut(outsiders)) // the summary waits for that
	must("", w.jump(time.Date(2026, 12, 3, 16, 0, 0, 0, time.UTC)))
	must(s.slashCmd([]string{"karly", "/scorecard"}))
	must(s.scoreCmd([]string{"karly"}))
	must(s.closeCmd([]string{"karly"}))
	must("", w.jump(time.Date(2026, 12, 7, 22, 1, 0, 0, time.UTC)))
	must("", w.letIn(outsiders))
	tryEverything(t, s, outsiders)
	for _, v := range w.slack.Violations() {
		t.Errorf("the bot broke Slack's protocol: %s", v)
	}
}

// An outsider is somebody who must be refused, and how.
type outsider struct {
	id      string
	refusal *regexp.Regexp
}

// outsiders are a colleague without a part in the role, a guest, somebody of
// another workspace, and one whose account was deactivated a moment ago.
func (w *world) outsiders(t *testing.T) map[string]outsider {
	t.Helper()
	w.slack.PutUser(fakeslack.User{ID: "U0UMA", Name: "uma", RealName: "Uma Elsewhere", TZ: "Europe/Paris", IsStranger: true})
	w.slack.PutUser(fakeslack.User{ID: "U0DEX", Name: "dex", RealName: "Dex Gone", TZ: "America/Chicago"})
	if err := w.settle(); err != nil {
		t.Fatal(err)
	}
	if err := w.app.db.SavePeople(t.Context(), []hiring.Person{{ID: "U0DEX", Name: "Dex Gone", Deleted: true}}); err != nil {
		t.Fatal(err)
	}
	never := regexp.MustCompile(`Sorry, I only work with members of this workspace`)
	return map[string]outsider{
		"rob": {rob, regexp.MustCompile(`Only |You are not |You don't coordinate|You have no scorecards|I don't find|Nobody (awaits|whose name)|There are no candidates yet that you may see|Here is what I do|Type /|/scorecard shows|/decide shows|None of your`)},
		"gus": {gus, never}, "uma": {"U0UMA", never}, "dex": {"U0DEX", never},
	}
}

// letIn invites the outsiders into the role's channel, letOut removes them.
func (w *world) letIn(people map[string]outsider) error {
	return w.slack.UpdateChannel(channelAC, func(c *fakeslack.Channel) {
		for _, p := range people {
			c.Members = append(c.Members, p.id)
		}
	})
}

func (w *world) letOut(people map[string]outsider) error {
	return w.slack.UpdateChannel(channelAC, func(c *fakeslack.Channel) {
		c.Members = slices.DeleteFunc(c.Members, func(m string) bool {
			for _, p := range people {
				if p.id == m {
					return true
				}
			}
			return false
		})
	})
}

// tryEverything lets each outsider use all that there is. What the bot answers
// must be a refusal without a word about the candidate; whatever left the bot
// before is all that has left it after.
func tryEverything(t *testing.T, s *story, outsiders map[string]outsider) {
	t.Helper()
	before, writes := s.ledger(), len(s.google.Requests("events.insert", "events.patch", "events.delete"))
	app := s.slack.App()
	for name, who := range outsiders {
		check := func(what string, r fakeslack.Result, err error) {
			t.Helper()
			out, err := s.after(who.id, r, err)
			if err != nil {
				t.Errorf("%s, %s: %v", name, what, err)
				return
			}
			if !who.refusal.MatchString(out) {
				t.Errorf("%s, %s: no refusal:\n%s", name, what, out)
			}
			if strings.Contains(out, "Nováková") || strings.Contains(out, "ana@example.com") {
				t.Errorf("%s, %s: it tells of the candidate:\n%s", name, what, out)
			}
			for range 3 {
				if _, err := s.dismiss(t.Context(), who.id); err != nil {
					t.Errorf("%s, %s: %v", name, what, err)
				}
			}
		}
		for _, command := range app.Commands {
			for _, words := range []string{"", "add", "Ana", "setup", "help", "summary"} {
				r, err := s.slack.Slash(t.Context(), who.id, channelAC, command.Command, words)
				check(command.Command+" "+words, r, err)
			}
		}
		for _, shortcut := range app.Shortcuts {
			r, err := s.slack.Shortcut(t.Context(), who.id, shortcut.CallbackID)
			check("shortcut "+shortcut.CallbackID, r, err)
		}
		messages, err := s.slack.In(who.id, channelAC)
		if err != nil {
			t.Fatal(err)
		}
		clicks := 0
		for _, m := range messages {
			for _, b := range buttons(m) {
				r, err := s.slack.Click(t.Context(), who.id, fakeslack.InMessage(m.Channel, m.TS), b.block, b.action)
				check("button "+b.label, r, err)
				clicks++
			}
		}
		if clicks < 2 {
			t.Errorf("the channel has only %d buttons for %s to click", clicks, name)
		}
		home, err := s.slack.OpenHome(t.Context(), who.id)
		if _, err = s.after(who.id, home, err); err != nil {
			t.Error(err)
		}
		if v, ok := s.slack.Home(who.id); !ok || strings.Contains(s.slack.ViewText(who.id, v), "Nováková") {
			t.Errorf("%s, Home: %t, and it must not tell of the candidate", name, ok)
		}
	}
	if after := s.ledger(); after != before {
		t.Errorf("it had consequences:\n%s\nbefore:\n%s", after, before)
	}
	if n := len(s.google.Requests("events.insert", "events.patch", "events.delete")); n != writes {
		t.Errorf("Google was told something")
	}
}

// A messageButton is a button of a message, by its ids.
type messageButton struct{ block, action, label string }

func buttons(m fakeslack.Message) []messageButton {
	var out []messageButton
	if m.EphemeralTo != "" {
		return nil
	}
	for _, b := range m.Blocks {
		block, _ := b["block_id"].(string)
		elements, _ := b["elements"].([]any)
		for _, e := range append(elements, b["accessory"]) {
			el, _ := e.(map[string]any)
			if el["type"] != "button" || el["url"] != nil {
				continue
			}
			text, _ := el["text"].(map[string]any)
			action, _ := el["action_id"].(string)
			label, _ := text["text"].(string)
			out = append(out, messageButton{block, action, label})
		}
	}
	return out
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
