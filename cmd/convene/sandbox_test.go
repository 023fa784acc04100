package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// startSandbox runs `convene sandbox` and returns what it prints, line by line,
// and how to stop it.
func startSandbox(t *testing.T, c sandboxCommand) (lines *bufio.Scanner, stop func()) {
	t.Helper()
	c.Listen = "127.0.0.1:0"
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	var stderr bytes.Buffer
	ended := make(chan error, 1)
	go func() {
		err := runSandbox(ctx, c, in, &stderr)
		_ = in.Close()
		ended <- err
	}()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		go func() { _, _ = io.Copy(io.Discard, out) }()
		if err := <-ended; err != nil {
			t.Errorf("the sandbox ended with %v\n%s", err, &stderr)
		}
	}
	t.Cleanup(stop)
	return bufio.NewScanner(out), stop
}

func ask(t testing.TB, url, body string, into any) {
	t.Helper()
	var res *http.Response
	var err error
	if body == "" {
		res, err = http.Get(url)
	} else {
		res, err = http.Post(url, "application/json", strings.NewReader(body))
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v\n%s", url, res.StatusCode, err, answer)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(answer, into); err != nil {
		t.Fatal(err)
	}
}

func TestSandboxRunsTheBotAndKeepsItsState(t *testing.T) {
	c := sandboxCommand{Rate: 1, At: time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC), Data: filepath.Join(t.TempDir(), "state")}
	open := func() (api string, stop func()) {
		lines, stop := startSandbox(t, c)
		if !lines.Scan() {
			t.Fatal("it prints nothing")
		}
		_, url, ok := strings.Cut(lines.Text(), "ready: ")
		if !ok {
			t.Fatalf("it prints %q", lines.Text())
		}
		go func() {
			for lines.Scan() {
			}
		}()
		return url + "sandbox/api/", stop
	}
	api, stop := open()
	var got struct {
		Modal struct{ Title, Text string }
	}
	ask(t, api+"command", `{"as":"karly","text":"/candidate add"}`, &got)
	if got.Modal.Title != "Add a candidate" {
		t.Fatalf("/candidate add shows %+v", got.Modal)
	}
	ask(t, api+"submit", `{"as":"karly","fields":{"Name":"Jordan Ellis","E-mail":"jordan@mail.example"}}`, &got)
	if !strings.Contains(got.Modal.Text, "Jordan Ellis is in.") {
		t.Fatalf("adding shows\n%s", got.Modal.Text)
	}
	ask(t, api+"clock/jump", `{"by":"30m"}`, nil)
	stop()

	c.At = time.Time{}
	api, _ = open()
	ask(t, api+"command", `{"as":"karly","text":"/candidate Jordan"}`, &got)
	if !strings.Contains(got.Modal.Text, "jordan@mail.example") {
		t.Errorf("started again, /candidate Jordan shows\n%s", got.Modal.Text)
	}
	var clock struct{ Now time.Time }
	ask(t, api+"clock", "", &clock)
	if at := clock.Now.UTC().Format("15:04"); at != "14:30" {
		t.Errorf("started again, the clock shows %s", at)
	}
}

func TestSandboxWithoutBotPrintsAnEnvironmentForRun(t *testing.T) {
	start := time.Date(2026, 11, 25, 15, 0, 0, 0, time.UTC)
	lines, _ := startSandbox(t, sandboxCommand{Rate: 1200, At: start, NoBot: true})
	env := map[string]string{}
	for env["CLOCK_RATE"] == "" && lines.Scan() {
		name, value, ok := strings.Cut(lines.Text(), "=")
		if !ok || strings.ContainsAny(value, " \"'$") {
			t.Errorf("not a KEY=value line that a shell takes as it is: %q", lines.Text())
		}
		env[name] = value
	}
	cfg, err := LoadConfig(lookup(env))
	if err != nil {
		t.Fatalf("run refuses it: %v", err)
	}
	if !cfg.ClockStart.Equal(start) || cfg.ClockRate != 1200 || cfg.CandidateEmail != EmailSend {
		t.Errorf("run understands %+v", cfg)
	}

	// The clock waits for the other program.
	base := strings.TrimSuffix(cfg.SlackAPIURL, "slack/api/")
	var clock struct {
		Now    time.Time
		Paused bool
	}
	ask(t, base+"sandbox/api/clock", "", &clock)
	if !clock.Paused || clock.Now.Sub(start) > time.Second {
		t.Errorf("before the first call the clock is %+v", clock)
	}
	ask(t, cfg.SlackAPIURL+"auth.test", "{}", nil)
	ask(t, base+"sandbox/api/clock", "", &clock)
	if clock.Paused {
		t.Error("after the first call the clock still stands")
	}
}

func TestSandboxStartsOnAWednesdayMorning(t *testing.T) {
	start, err := sandboxStart(sandboxCommand{}, t.TempDir())
	if err != nil || start.Format("Mon 15:04 MST")[:9] != "Wed 08:00" || start.Before(time.Now()) {
		t.Errorf("it starts at %v (%v)", start, err)
	}
}
