package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/sandbox/fakegoogle"
)

// A loginWorld is Google with interviews@, and a folder with the OAuth client's file.
type loginWorld struct {
	*testing.T
	*fakegoogle.Server
	url, dir string
}

func newLoginWorld(t *testing.T) *loginWorld {
	t.Helper()
	w := &loginWorld{T: t, Server: fakegoogle.New(fakegoogle.Options{Strict: true}), dir: t.TempDir()}
	if err := w.AddUser(fakegoogle.User{Email: "interviews@corp.example", TimeZone: "America/Chicago"}); err != nil {
		t.Fatal(err)
	}
	w.SetConsent(fakegoogle.Consent{Email: "interviews@corp.example"})
	web := httptest.NewServer(w.Handler())
	t.Cleanup(web.Close)
	w.url = web.URL
	client, err := w.ClientFile(fakegoogle.SandboxClient, w.url)
	if err != nil {
		t.Fatal(err)
	}
	w.write("client.json", string(client))
	return w
}

func (w *loginWorld) path(name string) string { return filepath.Join(w.dir, name) }

func (w *loginWorld) write(name, content string) {
	w.Helper()
	if err := os.WriteFile(w.path(name), []byte(content), 0o600); err != nil {
		w.Fatal(err)
	}
}

func (w *loginWorld) files() []string {
	w.Helper()
	entries, err := os.ReadDir(w.dir)
	if err != nil {
		w.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// login runs the command; visit gets the address that it prints.
func (w *loginWorld) login(ctx context.Context, visit func(address string), flags ...string) (code int, stdout, stderr string) {
	w.Helper()
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second) // a visit that failed isn't waited for, for the login's five minutes
	defer cancel()
	out, in := io.Pipe()
	var errs bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		args := append([]string{"google-login", "--no-browser", "--client", w.path("client.json"), "--out", w.path("user.json")}, flags...)
		ended <- run(ctx, args, lookup(nil), in, &errs)
		_ = in.Close()
	}()
	var all strings.Builder
	var address string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		all.WriteString(lines.Text() + "\n")
		if line := strings.TrimSpace(lines.Text()); strings.HasPrefix(line, w.url) {
			address = line
		}
		if strings.HasPrefix(lines.Text(), "Waiting") {
			go visit(address)
		}
	}
	return <-ended, all.String(), errs.String()
}

func (w *loginWorld) visit(address string) {
	r, err := http.Get(address)
	if err != nil {
		w.Error(err)
		return
	}
	_ = r.Body.Close()
}

func TestGoogleLoginWritesAFileForTheSettings(t *testing.T) {
	w := newLoginWorld(t)
	code, stdout, stderr := w.login(t.Context(), w.visit)
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d\n%s%s", code, stdout, stderr)
	}
	info, err := os.Stat(w.path("user.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the file: %v, %v", info, err)
	}
	raw, err := os.ReadFile(w.path("user.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]string
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{file["refresh_token"], file["client_secret"] + `"`, "ya29"} {
		if secret == "" || strings.Contains(stdout, secret) {
			t.Errorf("it prints a secret, or there is none:\n%s", stdout)
		}
	}
	for _, want := range []string{"ssh -L ", "export GOOGLE_CREDENTIALS=" + w.path("user.json"), "unset GOOGLE_IMPERSONATE", "convene check"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("it doesn't say %q:\n%s", want, stdout)
		}
	}
	cfg, err := LoadConfig(lookup(map[string]string{
		"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "GOOGLE_CREDENTIALS": w.path("user.json"),
	}))
	if err != nil || !strings.Contains(cfg.GoogleCredentials.Reveal(), file["refresh_token"]) {
		t.Errorf("the settings don't take it: %v", err)
	}

	// A second login doesn't write over it unless it is told to.
	code, _, stderr = w.login(t.Context(), w.visit)
	if code != exitWrong || !strings.Contains(stderr, "--out: ") || !strings.Contains(stderr, "--force") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if code, _, stderr = w.login(t.Context(), w.visit, "--force"); code != exitDone {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if again, err := os.ReadFile(w.path("user.json")); err != nil || bytes.Equal(again, raw) {
		t.Errorf("--force wrote nothing (%v)", err)
	}
	if got := w.files(); !slices.Equal(got, []string{"client.json", "user.json"}) {
		t.Errorf("files: %v", got)
	}
}

func TestAFailedGoogleLoginLeavesNothing(t *testing.T) {
	w := newLoginWorld(t)
	w.SetConsent(fakegoogle.Consent{Email: "interviews@corp.example", Deny: true})
	code, _, stderr := w.login(t.Context(), w.visit)
	if code != exitFailed || !strings.Contains(stderr, "denied") {
		t.Errorf("denied: exit code %d: %s", code, stderr)
	}
	ctx, cancel := context.WithCancel(t.Context())
	code, _, stderr = w.login(ctx, func(string) { cancel() }) // Ctrl-C
	if code != exitFailed || !strings.Contains(stderr, "nothing was written") {
		t.Errorf("stopped: exit code %d: %s", code, stderr)
	}
	if got := w.files(); !slices.Equal(got, []string{"client.json"}) {
		t.Errorf("files: %v", got)
	}
}

func TestGoogleLoginFindsEveryProblemFirst(t *testing.T) {
	w := newLoginWorld(t)
	w.write("client.json", `{"type":"service_account"}`)
	w.write("user.json", "{}")
	code, stdout, stderr := w.login(t.Context(), func(string) { t.Error("it asks for consent") })
	if code != exitWrong || stdout != "" || !strings.Contains(stderr, "--client: ") || !strings.Contains(stderr, "--out: ") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
}

func TestGoogleLoginOpensTheBrowser(t *testing.T) {
	w := newLoginWorld(t)
	for _, browser := range []error{nil, errors.New("there is no display")} {
		var stdout bytes.Buffer
		c := googleLoginCommand{Client: w.path("client.json"), Out: w.path("user.json"), Force: true}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		err := runGoogleLogin(&program{ctx: ctx, stdout: &stdout}, c, func(url string) error {
			go w.visit(url)
			return browser
		})
		if err != nil {
			t.Fatal(err)
		}
		if shows := strings.Contains(stdout.String(), "Your browser should show it"); shows != (browser == nil) || !strings.Contains(stdout.String(), w.url) {
			t.Errorf("with a browser that says %v:\n%s", browser, &stdout)
		}
	}
}

func TestWordsInAShell(t *testing.T) {
	for word, want := range map[string]string{
		"google-user.json": "google-user.json", "my file.json": "'my file.json'", "it's": `'it'\''s'`, "": "''", "$HOME/x": "'$HOME/x'",
	} {
		if got := inShell(word); got != want {
			t.Errorf("%q is written %s, want %s", word, got, want)
		}
	}
}
