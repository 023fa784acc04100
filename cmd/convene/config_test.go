package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"convene/internal/cron"
)

const (
	serviceAccount = `{"type":"service_account","client_email":"bot@project.test","private_key":"canary-key"}`
	authorizedUser = `{"type":"authorized_user","client_id":"1","client_secret":"canary-client","refresh_token":"canary-refresh"}`
)

// production is the least that `run` needs against the real services.
func production() map[string]string {
	return map[string]string{
		"SLACK_BOT_TOKEN":    "xoxb-canary-bot",
		"SLACK_APP_TOKEN":    "xapp-canary-app",
		"GOOGLE_CREDENTIALS": serviceAccount,
		"GOOGLE_IMPERSONATE": "interviews@example.com",
	}
}

// rehearsal is the least that it needs against servers on this machine.
func rehearsal() map[string]string {
	return map[string]string{
		"SLACK_BOT_TOKEN":     "xoxb-canary-bot",
		"SLACK_APP_TOKEN":     "xapp-canary-app",
		"SLACK_API_URL":       "http://127.0.0.1:8080/slack/api",
		"GOOGLE_CALENDAR_URL": "http://localhost:8080/google/calendar/v3/",
	}
}

func lookup(env map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := env[name]
		return v, ok
	}
}

func TestDefaults(t *testing.T) {
	got, err := LoadConfig(lookup(production()))
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		SlackBotToken:     NewSecret("xoxb-canary-bot"),
		SlackAppToken:     NewSecret("xapp-canary-app"),
		SlackAPIURL:       "https://slack.com/api/",
		GoogleCredentials: NewSecret(serviceAccount),
		GoogleImpersonate: "interviews@example.com",
		GoogleCalendarID:  "primary",
		GoogleCalendarURL: "https://www.googleapis.com/calendar/v3/",
		DatabasePath:      "convene.db",
		PreviewCron:       mustParse(t, "0 9 * * MON"),
		SummaryCron:       mustParse(t, "0 16 * * MON"),
		CandidateEmail:    EmailAsk,
		ListenAddr:        "127.0.0.1:8081",
		LogLevel:          slog.LevelInfo,
		ClockRate:         1,
	}
	if diff := diffConfig(want, got); diff != "" {
		t.Errorf("defaults differ (-want +got):\n%s", diff)
	}
}

func TestRehearsalNeedsNoGoogleCredentials(t *testing.T) {
	env := rehearsal()
	env["CLOCK_START"] = "2026-11-18T09:00:00-06:00"
	env["CLOCK_RATE"] = "1200"
	c, err := LoadConfig(lookup(env))
	if err != nil {
		t.Fatal(err)
	}
	if want := "http://127.0.0.1:8080/slack/api/"; c.SlackAPIURL != want {
		t.Errorf("SLACK_API_URL = %q, want %q, with its slash", c.SlackAPIURL, want)
	}
	start := time.Date(2026, 11, 18, 15, 0, 0, 0, time.UTC)
	if rate, _ := c.Clock().Rate(); rate != 1200 || c.Clock().Now().Before(start) {
		t.Errorf("the clock shows %v and runs at %v", c.Clock().Now(), rate)
	}
}

func TestEmptyListenAddressTurnsItOff(t *testing.T) {
	env := production()
	env["LISTEN_ADDR"] = ""
	c, err := LoadConfig(lookup(env))
	if err != nil || c.ListenAddr != "" {
		t.Errorf("LISTEN_ADDR set to nothing gives %q (%v), want nothing", c.ListenAddr, err)
	}
}

func TestSecretsCanBeInFiles(t *testing.T) {
	env := production()
	for name, value := range map[string]string{
		"SLACK_BOT_TOKEN": "xoxb-from-file\n", "SLACK_APP_TOKEN": "xapp-from-file\n",
		"GOOGLE_CREDENTIALS": serviceAccount + "\n", "SMTP_URL": "smtp://user:from-file@mail.example.com\n",
	} {
		delete(env, name)
		env[name+"_FILE"] = writeFile(t, value)
	}
	c, err := LoadConfig(lookup(env))
	if err != nil {
		t.Fatal(err)
	}
	for got, want := range map[string]string{
		c.SlackBotToken.Reveal():     "xoxb-from-file",
		c.SlackAppToken.Reveal():     "xapp-from-file",
		c.GoogleCredentials.Reveal(): serviceAccount,
		c.SMTPURL.Reveal():           "smtp://user:from-file@mail.example.com",
	} {
		if got != want {
			t.Errorf("got %q from a file, want %q", got, want)
		}
	}

	env["GOOGLE_CREDENTIALS"] = writeFile(t, serviceAccount)
	delete(env, "GOOGLE_CREDENTIALS_FILE")
	if c, err = LoadConfig(lookup(env)); err != nil || c.GoogleCredentials.Reveal() != serviceAccount {
		t.Errorf("GOOGLE_CREDENTIALS as a path: %v", err)
	}
}

func TestEveryProblemIsNamedWithAHint(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name     string // the setting that the problem is listed under
		env      map[string]string
		mentions string
	}{
		{"SLACK_BOT_TOKEN", map[string]string{"SLACK_BOT_TOKEN": ""}, "OAuth & Permissions"},
		{"SLACK_BOT_TOKEN", map[string]string{"SLACK_BOT_TOKEN": "xapp-canary"}, "xoxb-"},
		{"SLACK_BOT_TOKEN", map[string]string{"SLACK_BOT_TOKEN": `"xoxb-canary"`}, "xoxb-"},
		{"SLACK_APP_TOKEN", map[string]string{"SLACK_APP_TOKEN": "xoxb-canary"}, "xapp-"},
		{"SLACK_APP_TOKEN", map[string]string{"SLACK_APP_TOKEN": "xapp-"}, "connections:write"},
		{"SLACK_APP_TOKEN", map[string]string{"SLACK_APP_TOKEN_FILE": dir}, "SLACK_APP_TOKEN_FILE"},
		{"SMTP_URL_FILE", map[string]string{"SMTP_URL_FILE": "smtp://user:canary@mail.example.com"}, "path of a file"},
		{"SMTP_URL_FILE", map[string]string{"SMTP_URL_FILE": writeFile(t, " \n")}, "empty file"},
		{"SLACK_API_URL", map[string]string{"SLACK_API_URL": "slack.example.com/api"}, "https://slack.com/api/"},
		{"SLACK_API_URL", map[string]string{"SLACK_API_URL": "https://user:canary@slack.example.com/"}, "https://slack.com/api/"},
		{"GOOGLE_CREDENTIALS", map[string]string{"GOOGLE_CREDENTIALS": ""}, "service-account key"},
		{"GOOGLE_CREDENTIALS", map[string]string{"GOOGLE_CREDENTIALS": "canary.json"}, "no such file"},
		{"GOOGLE_CREDENTIALS", map[string]string{"GOOGLE_CREDENTIALS": `{"canary`}, "not JSON"},
		{"GOOGLE_CREDENTIALS", map[string]string{"GOOGLE_CREDENTIALS": `{"type":"external_account"}`}, `"service_account" or "authorized_user"`},
		{"GOOGLE_CREDENTIALS", map[string]string{"GOOGLE_CREDENTIALS": `{"type":"service_account"}`}, "private_key"},
		{"GOOGLE_CREDENTIALS", map[string]string{"GOOGLE_CREDENTIALS": `{"type":"authorized_user"}`, "GOOGLE_IMPERSONATE": ""}, "refresh_token"},
		{"GOOGLE_IMPERSONATE", map[string]string{"GOOGLE_IMPERSONATE": ""}, "Meet links"},
		{"GOOGLE_IMPERSONATE", map[string]string{"GOOGLE_IMPERSONATE": "interviews"}, "not an e-mail address"},
		{"GOOGLE_IMPERSONATE", map[string]string{"GOOGLE_CREDENTIALS": authorizedUser}, "unset it"},
		{"GOOGLE_CALENDAR_URL", map[string]string{"GOOGLE_CALENDAR_URL": "https://proxy.example.com/calendar/"}, "/calendar/v3/"},
		{"DATABASE_PATH", map[string]string{"DATABASE_PATH": dir}, "is a directory"},
		{"DATABASE_PATH", map[string]string{"DATABASE_PATH": filepath.Join(dir, "none", "convene.db")}, "make"},
		{"ROLES_DIR", map[string]string{"ROLES_DIR": filepath.Join(dir, "none")}, "not a directory"},
		{"COORDINATORS", map[string]string{"COORDINATORS": "U012AB3CD, dana"}, `"dana"`},
		{"PREVIEW_CRON", map[string]string{"PREVIEW_CRON": "TZ=0"}, "zone"},
		{"SUMMARY_CRON", map[string]string{"SUMMARY_CRON": "16 MON"}, "five"},
		{"CANDIDATE_EMAIL", map[string]string{"CANDIDATE_EMAIL": "yes"}, "ask, send, off"},
		{"SMTP_URL", map[string]string{"CANDIDATE_EMAIL": "send", "MAIL_FROM": "hiring@example.com"}, "CANDIDATE_EMAIL=send"},
		{"SMTP_URL", map[string]string{"SMTP_URL": "mail.example.com"}, "smtp://"},
		{"MAIL_FROM", map[string]string{"CANDIDATE_EMAIL": "send", "SMTP_URL": "smtp://mail.example.com"}, "CANDIDATE_EMAIL=send"},
		{"MAIL_FROM", map[string]string{"MAIL_FROM": "hiring"}, "hiring@example.com"},
		{"LISTEN_ADDR", map[string]string{"LISTEN_ADDR": "8081"}, "host:port"},
		{"LISTEN_ADDR", map[string]string{"LISTEN_ADDR": "localhost:http"}, "host:port"},
		{"LOG_LEVEL", map[string]string{"LOG_LEVEL": "loud"}, "debug, info, warn, error"},
		{"LOG_FORMAT", map[string]string{"LOG_FORMAT": "xml"}, "text, json"},
		{"CLOCK_START", map[string]string{"CLOCK_START": "2026-11-18T09:00:00Z"}, "loopback"},
		{"CLOCK_RATE", map[string]string{"CLOCK_RATE": "1"}, "loopback"},
		{"CLOCK_RATE", map[string]string{"CLOCK_RATE": "60", "SLACK_API_URL": "http://127.0.0.1/api/"}, "loopback"},
	} {
		env := production()
		maps.Copy(env, c.env)
		_, err := LoadConfig(lookup(env))
		var settings SettingsError
		if !errors.As(err, &settings) {
			t.Errorf("%v: got error %v, want a SettingsError", c.env, err)
			continue
		}
		if len(settings) != 1 || settings[0].Name != c.name || !strings.Contains(settings[0].Problem, c.mentions) {
			t.Errorf("%v: want one problem of %s that mentions %q, got\n%v", c.env, c.name, c.mentions, err)
		}
		if strings.Contains(err.Error(), "canary") {
			t.Errorf("%v: the error repeats a secret: %v", c.env, err)
		}
	}
}

func TestRehearsalSettingsAreCheckedToo(t *testing.T) {
	for name, value := range map[string]string{
		"CLOCK_START": "Monday",
		"CLOCK_RATE":  "0",
	} {
		for _, value := range []string{value, "NaN", "-1", "1e99"} {
			env := rehearsal()
			env[name] = value
			if _, err := LoadConfig(lookup(env)); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s=%s: got error %v, want one that names it", name, value, err)
			}
		}
	}
}

func TestAllProblemsAreListedAtOnce(t *testing.T) {
	_, err := LoadConfig(lookup(map[string]string{"LOG_LEVEL": "loud", "SUMMARY_CRON": "TZ=0", "MAIL_FROM": "x"}))
	if err == nil {
		t.Fatal("no error")
	}
	for _, name := range []string{"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "GOOGLE_CREDENTIALS", "LOG_LEVEL", "SUMMARY_CRON", "MAIL_FROM"} {
		if got := strings.Count(err.Error(), "\n  "+name+": "); got != 1 {
			t.Errorf("%s is listed %d times, want once, in\n%v", name, got, err)
		}
	}
}

func TestCoordinators(t *testing.T) {
	env := production()
	env["COORDINATORS"] = " U012AB3CD,dana@example.com ,, U012AB3CD"
	c, err := LoadConfig(lookup(env))
	if want := []string{"U012AB3CD", "dana@example.com"}; err != nil || !slices.Equal(c.Coordinators, want) {
		t.Errorf("got %q (%v), want %q", c.Coordinators, err, want)
	}
}

func TestSecretsNeverShow(t *testing.T) {
	env := production()
	env["SMTP_URL"] = "smtp://user:canary@mail.example.com"
	c, err := LoadConfig(lookup(env))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
		fmt.Fprintf(&out, verb+"\n", c)
		fmt.Fprintf(&out, verb+"\n", c.SlackBotToken)
		fmt.Fprintf(&out, verb+"\n", struct{ hidden Secret }{c.SlackBotToken})
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("started", "config", c, "token", c.SlackBotToken)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("started", "config", c, "token", c.SlackBotToken)
	if err := json.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "canary") || strings.Contains(out.String(), "63616e617279") {
		t.Errorf("a secret shows in\n%s", &out)
	}
	if !strings.Contains(out.String(), redacted) {
		t.Errorf("nothing says %s in\n%s", redacted, &out)
	}
}

// TestSettingsAreTheSameEverywhere holds Config's tags, what LoadConfig reads,
// .env.example and the README's table to each other.
func TestSettingsAreTheSameEverywhere(t *testing.T) {
	var tags, secrets []string
	for f := range reflect.TypeFor[Config]().Fields() {
		tags = append(tags, f.Tag.Get("env"))
		if f.Type == reflect.TypeFor[Secret]() {
			secrets = append(secrets, f.Tag.Get("env")+"_FILE")
		}
	}
	slices.Sort(tags)

	read := map[string]bool{}
	_, _ = LoadConfig(func(name string) (string, bool) {
		read[name] = true
		return "", false
	})
	for _, file := range secrets {
		if !read[file] {
			t.Errorf("the secret %s cannot be read from a file", strings.TrimSuffix(file, "_FILE"))
		}
	}
	var names []string
	for name := range read {
		if !strings.HasSuffix(name, "_FILE") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff(tags, names); diff != "" {
		t.Errorf("Config's tags and what LoadConfig reads differ (-tags +read):\n%s", diff)
	}

	example := readExample(t)
	if diff := cmp.Diff(tags, slices.Sorted(maps.Keys(example))); diff != "" {
		t.Errorf("Config's tags and .env.example differ (-tags +example):\n%s", diff)
	}
	table := readmeSection(t, readReadme(t), "## Settings")
	var rows []string
	for _, match := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\|").FindAllStringSubmatch(table, -1) {
		rows = append(rows, match[1])
	}
	slices.Sort(rows)
	if diff := cmp.Diff(tags, rows); diff != "" {
		t.Errorf("Config's tags and the settings table of README.md differ (-tags +table):\n%s", diff)
	}

	for name, value := range example {
		row := regexp.MustCompile("(?m)^\\| `" + name + "` \\|.*$").FindString(table)
		if value != "" && !strings.Contains(row, "`"+value+"`") {
			t.Errorf("README.md's row for %s doesn't name its default %s", name, value)
		}
	}

	// The example's values are the defaults: setting them changes nothing.
	// Only a clock that is set, even to run as usual, asks for loopback addresses.
	delete(example, "CLOCK_RATE")
	want, err := LoadConfig(lookup(production()))
	if err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(example, func(_, value string) bool { return value == "" })
	maps.Copy(example, production())
	got, err := LoadConfig(lookup(example))
	if err != nil {
		t.Fatal(err)
	}
	if diff := diffConfig(want, got); diff != "" {
		t.Errorf("a value in .env.example is not the default (-default +example):\n%s", diff)
	}
}

// readExample returns the settings of .env.example, commented out or not.
func readExample(t *testing.T) map[string]string {
	t.Helper()
	content, err := os.ReadFile("../../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	example := map[string]string{}
	for line := range strings.Lines(string(content)) {
		name, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "#"), "=")
		if ok && name != "" && strings.ToUpper(name) == name && !strings.ContainsAny(name, " /") {
			example[name] = strings.Trim(value, `"`)
		}
	}
	return example
}

func diffConfig(want, got Config) string {
	return cmp.Diff(want, got,
		cmp.Comparer(func(a, b Secret) bool { return a.Reveal() == b.Reveal() }),
		cmp.Comparer(func(a, b cron.Schedule) bool { return a.String() == b.String() }))
}

func mustParse(t *testing.T, line string) cron.Schedule {
	t.Helper()
	s, err := cron.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func writeFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
