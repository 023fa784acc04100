package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"convene/internal/sandbox"
)

var withNode = flag.Bool("node", false, "run Slack's and Google's libraries for Node against the sandbox; npm installs them into a temporary directory")

// TestNodeClients runs @slack/bolt, @slack/web-api and googleapis as they come
// from npm. They know nothing of the sandbox, so what works with them is what
// Slack and Google promise.
func TestNodeClients(t *testing.T) {
	if !*withNode {
		t.Skip("needs Node and a network: go test ./internal/sandbox -run NodeClients -node")
	}
	node, err := exec.LookPath("node")
	npm, noNPM := exec.LookPath("npm")
	if err := errors.Join(err, noNPM); err != nil {
		t.Skipf("there is no Node here: %v", err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "node"))); err != nil {
		t.Fatal(err)
	}
	in := func(t *testing.T, program string, args ...string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, program, args...)
		cmd.Dir = dir
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v: %v\n%s", cmd, err, &out)
		}
		t.Logf("%s", bytes.TrimSpace(out.Bytes()))
	}
	in(t, npm, "install", "--no-audit", "--no-fund", "--ignore-scripts")
	t.Run("slack", func(t *testing.T) {
		w := newWorld(t, func(o *sandbox.Options) {
			o.Strict = false // their libraries may send more than the documents name
			o.Scopes = append(o.Scopes, "chat:write", "groups:history")
		})
		in(t, node, "slack.cjs", w.url, sandbox.BotToken, sandbox.AppToken)
		if wrong := w.Slack.Violations(); len(wrong) > 0 {
			t.Errorf("the fake found fault with Slack's own library: %v", wrong)
		}
	})
	t.Run("google", func(t *testing.T) {
		// Their library takes another host, but no path before its own.
		calendar := newWorld(t).Google.Handler()
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.URL.Path = "/google" + r.URL.Path
			calendar.ServeHTTP(w, r)
		}))
		defer server.Close()
		in(t, node, "google.cjs", server.URL)
	})
}
