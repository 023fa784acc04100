package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test binary is also the program, so that processes of their own can be
// started without building it again.
const beTheProgram = "CONVENE_TEST_IS_THE_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(beTheProgram) != "" {
		main()
		return
	}
	debug.SetGCPercent(800) // dozens of small worlds: memory is there, and two processors are few
	// They wait for their disk more than they compute.
	flag.Parse()
	if flag.Lookup("test.parallel").Value.String() == fmt.Sprint(runtime.GOMAXPROCS(0)) {
		if err := flag.Set("test.parallel", "6"); err != nil {
			panic(err)
		}
	}
	tidy := inMemory()
	code := m.Run()
	endChromium()
	tidy()
	os.Exit(code)
}

// inMemory puts the tests' files into memory, where the system has a place for
// that: each world waits for its disk at every commit, and no test here is about
// what outlives a power cut. It returns what removes them.
func inMemory() func() {
	if os.Getenv("TMPDIR") != "" || flag.Lookup("test.bench").Value.String() != "" { // a benchmark waits for a real disk
		return func() {}
	}
	dir, err := os.MkdirTemp("/dev/shm", "convene-test-")
	if err != nil {
		return func() {}
	}
	if err := os.Setenv("TMPDIR", dir); err != nil {
		panic(err)
	}
	return func() { _ = os.RemoveAll(dir) }
}

var rehearse = flag.Bool("rehearse", false, "live the week at 1,200 times the speed in two processes, which takes seven minutes")

// TestRehearsal runs `convene sandbox --no-bot` and, beside it, `convene run`
// with nothing but the environment that the sandbox prints, from Wednesday 9:00
// to Monday 17:00 at 1,200 times the speed. A person acts through the sandbox's
// HTTP address. What has left the bot in the end is testdata/rehearsal.txt, each
// line once.
func TestRehearsal(t *testing.T) {
	if !*rehearse {
		t.Skip("takes seven minutes; go test ./cmd/convene -run Rehearsal -rehearse -timeout 15m")
	}
	r := startRehearsal(t, "2026-12-02T09:00:00-06:00", "1200")
	r.act("command", `{"as":"karly","command":"/hiring","text":"setup"}`)
	r.act("click", `{"as":"karly","label":"Change team"}`)
	r.act("submit", `{"as":"karly","fields":{"Strategist":["Karly Oykhman"],"Director of Ops":["Sebastian Gant"],"Owner":["Mark"],
		"Coordinators":["Karly Oykhman"],"Deciders":["Mark"]}}`)
	r.act("click", `{"as":"karly","label":"Change channel"}`)
	r.act("submit", `{"as":"karly","fields":{"The role's private channel":["#hiring-ac"]}}`)
	r.act("click", `{"as":"karly","label":"Confirm what was chosen"}`)
	r.act("submit", `{"as":"karly"}`)
	r.act("close", `{"as":"karly","all":true}`)
	r.act("command", `{"as":"karly","command":"/candidate","text":"add"}`)
	r.act("submit", `{"as":"karly","fields":{"Name":"Ana Nováková","E-mail":"ana@example.com","The candidate's time zone":"America/New_York"}}`)
	r.act("close", `{"as":"karly","all":true}`)
	r.act("command", `{"as":"karly","command":"/schedule-round1","text":"Ana"}`)
	r.wait("as=karly&in=modal&text=" + url.QueryEscape("Everybody required is free"))
	r.act("submit", `{"as":"karly","fields":{"When?":"0"}}`)
	r.wait("as=karly&in=dm&text=" + url.QueryEscape("is over. Please fill in"))
	r.act("command", `{"as":"karly","command":"/scorecard"}`)
	r.act("submit", `{"as":"karly","fields":{
		"rating:client-communication":"3","rating:triage":"4","rating:expectation-setting":"3","rating:prioritization":"3","rating:knowledge-gaps":"3",
		"gate:quarterly-visits":"yes","gate:driving-distance":"yes","recommendation":"yes"}}`)
	r.act("close", `{"as":"karly","all":true}`)
	r.wait("as=mark&in=hiring-ac&text=" + url.QueryEscape("Decision summary"))
	r.act("click", `{"as":"mark","in":"hiring-ac","message":"Decision summary","label":"Decide"}`)
	r.act("submit", `{"as":"mark","fields":{"Decision":"Advance to Panel","Reason":"Strong on triage"}}`)
	r.act("submit", `{"as":"mark"}`)
	r.wait("mailed=ana@example.com")
	r.wait("as=mark&in=hiring-ac&text=" + url.QueryEscape("Promise kept"))
	r.untilClock(time.Date(2026, 12, 7, 23, 0, 0, 0, time.UTC))

	golden := filepath.Join("testdata", "rehearsal.txt")
	got := r.ledger()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the week left behind\n%s\nwant\n%s", got, want)
	}
}

// A rehearsedWeek is a sandbox and a bot, each a process.
type rehearsedWeek struct {
	t    *testing.T
	base string
}

func startRehearsal(t *testing.T, at, rate string) *rehearsedWeek {
	t.Helper()
	dir := t.TempDir()
	r := &rehearsedWeek{t: t}
	env, out := process(t, dir, nil, "sandbox", "--no-bot", "--listen", "127.0.0.1:0", "--at", at, "--rate", rate), []string{}
	lines := bufio.NewScanner(env)
	for lines.Scan() {
		out = append(out, lines.Text())
		if api, ok := strings.CutPrefix(lines.Text(), "SLACK_API_URL="); ok {
			r.base = strings.TrimSuffix(api, "/slack/api/") + "/sandbox/api/"
		}
		if strings.HasPrefix(lines.Text(), "CLOCK_RATE=") {
			break
		}
	}
	go io.Copy(io.Discard, env)
	bot := process(t, dir, append(out, "DATABASE_PATH="+filepath.Join(dir, "convene.db"), "LISTEN_ADDR="), "run")
	go io.Copy(io.Discard, bot)
	r.connected(2)
	return r
}

// connected waits until the bot has its sockets open.
func (r *rehearsedWeek) connected(n int) {
	r.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; {
		var l struct {
			Slack struct {
				Connections []any `json:"connections"`
			} `json:"slack"`
		}
		r.call("GET", "ledger", "", &l)
		if len(l.Slack.Connections) >= n {
			return
		}
		if time.Now().After(end) {
			r.t.Fatal("the bot did not connect")
		}
		var ignored any
		r.call("GET", "wait?timeout=20ms&mailed=nobody", "", &ignored)
	}
}

// process starts the program and stops it at the test's end: it must stop
// cleanly within 5 s.
func process(t *testing.T, dir string, env []string, args ...string) io.Reader {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Dir = dir
	cmd.Env = append([]string{beTheProgram + "=1", "TMPDIR=" + dir, "PATH=" + os.Getenv("PATH")}, env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		begin := time.Now()
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Errorf("%v ended before it was told to: %v\n%s", args, err, stderr.String())
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %v\n%s", args, err, stderr.String())
		}
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("%v took %s to stop", args, took)
		}
	})
	return stdout
}

// call asks the sandbox.
func (r *rehearsedWeek) call(method, path, body string, into any) {
	r.t.Helper()
	req, err := http.NewRequest(method, r.base+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		r.t.Fatalf("%s %s: %s\n%s", method, path, res.Status, raw)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		r.t.Fatalf("%s %s: %v\n%s", method, path, err, raw)
	}
}

// act lets a person do something, which must go well.
func (r *rehearsedWeek) act(what, body string) {
	r.t.Helper()
	var out struct {
		OK      bool              `json:"ok"`
		Failure string            `json:"failure"`
		Errors  map[string]string `json:"errors"`
	}
	r.call("POST", what, body, &out)
	if !out.OK || out.Failure != "" || len(out.Errors) > 0 {
		r.t.Fatalf("%s %s: %+v", what, body, out)
	}
}

// wait waits for what a person sees, at most the week's length.
func (r *rehearsedWeek) wait(condition string) {
	r.t.Helper()
	var out struct {
		Met  bool            `json:"met"`
		Seen json.RawMessage `json:"seen"`
	}
	r.call("GET", "wait?timeout=9m&"+condition, "", &out)
	if !out.Met {
		r.t.Fatalf("waited in vain for %s; seen:\n%s", condition, out.Seen)
	}
}

// untilClock waits until the sandbox's clock shows a time.
func (r *rehearsedWeek) untilClock(at time.Time) {
	r.t.Helper()
	for r.now().Before(at) {
		var ignored any
		r.call("GET", "wait?timeout=500ms&mailed=nobody", "", &ignored)
	}
}

func (r *rehearsedWeek) now() time.Time {
	var c struct {
		Now time.Time `json:"now"`
	}
	r.call("GET", "clock", "", &c)
	return c.Now
}

// ledger lists all that left the bot, without times and links, which differ.
func (r *rehearsedWeek) ledger() string {
	var l struct {
		Slack struct {
			Messages []struct {
				To        string `json:"to"`
				Text      string `json:"text"`
				From      string `json:"from"`
				Ephemeral bool   `json:"ephemeral"`
			} `json:"messages"`
			Violations []any `json:"violations"`
		} `json:"slack"`
		Google struct {
			Events []struct {
				Summary   string `json:"summary"`
				Status    string `json:"status"`
				Organizer struct {
					Email string `json:"email"`
				} `json:"organizer"`
			} `json:"events"`
			Invitations []struct {
				Kind string `json:"kind"`
				To   string `json:"to"`
			} `json:"invitations"`
		} `json:"google"`
		Mails []struct {
			To      []string `json:"to"`
			Subject string   `json:"subject"`
		} `json:"mails"`
	}
	r.call("GET", "ledger", "", &l)
	if len(l.Slack.Violations) > 0 {
		r.t.Errorf("the bot broke Slack's protocol: %v", l.Slack.Violations)
	}
	var lines []string
	for _, m := range l.Slack.Messages {
		if m.From == "Convene" && !m.Ephemeral {
			first, _, _ := strings.Cut(m.Text, "\n")
			lines = append(lines, fmt.Sprintf("message to %s: %s", m.To, varying.ReplaceAllString(first, "…")))
		}
	}
	for _, e := range l.Google.Events {
		if strings.HasPrefix(e.Organizer.Email, "interviews@") {
			lines = append(lines, fmt.Sprintf("event %s: %s", e.Status, e.Summary))
		}
	}
	for _, m := range l.Google.Invitations {
		lines = append(lines, fmt.Sprintf("Google's %s to %s", m.Kind, m.To))
	}
	for _, m := range l.Mails {
		lines = append(lines, fmt.Sprintf("mail to %s: %s", strings.Join(m.To, ", "), m.Subject))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// varying matches a time as a channel reads it: "Dec 4 at 1:30 PM (Fri 4 Dec,
// 1:30 pm CST)".
var varying = regexp.MustCompile(`(?:\w{3} \d{1,2}|today|tomorrow|yesterday) at [^)]*\)`)
