package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestExitCodes(t *testing.T) {
	broken := writeFile(t, "key: [\n")
	for _, c := range []struct {
		args           []string
		env            map[string]string
		code           int
		stdout, stderr string // what they contain
	}{
		{args: []string{"version"}, code: 0, stdout: "convene "},
		{args: []string{"--help"}, code: 0, stdout: "sandbox"},
		{args: []string{"sandbox", "--help"}, code: 0, stdout: "--rate"},
		{args: []string{"manifest"}, code: 0, stdout: "display_information"},
		{args: []string{"role", "list"}, code: 0, stdout: "built-in"},
		{args: []string{"role", "schema"}, code: 0, stdout: "$schema"},
		{args: []string{"role", "show", "nobody"}, code: 2, stderr: `no role "nobody": the roles are account-coordinator,`},
		{args: []string{"role", "show", "acount-coordinator"}, code: 2, stderr: "did you mean account-coordinator?"},
		{args: []string{"role", "validate"}, code: 2, stderr: "<file>"},
		{args: []string{"role", "list"}, env: map[string]string{"ROLES_DIR": broken + ".none"}, code: 2, stderr: "ROLES_DIR"},
		{args: nil, code: 2, stderr: "--help"},
		{args: []string{"dance"}, code: 2, stderr: "dance"},
		{args: []string{"version", "--loud"}, code: 2, stderr: "--loud"},
		{args: []string{"sandbox", "--rate", "0"}, code: 2, stderr: "--rate"},
		{args: []string{"sandbox", "--at", "Monday"}, code: 2, stderr: "--at"},
		{args: []string{"export", "cand_1"}, code: 2, stderr: "--out"},
		{args: []string{"export", "cand_1", "--out", t.TempDir()}, env: map[string]string{"DATABASE_PATH": broken + ".none"}, code: 1, stderr: "there is no database"},
		{args: []string{"export", "cand_1", "--out", t.TempDir()}, env: map[string]string{"DATABASE_PATH": broken}, code: 1, stderr: "not a Convene database"},
		{args: []string{"erase", "cand_1", "--yes"}, code: 2, stderr: "SLACK_BOT_TOKEN"},
		{args: []string{"erase", "cand_1", "--before-a-year"}, code: 2, stderr: "--yes"},
		{args: []string{"run"}, code: 2, stderr: "SLACK_BOT_TOKEN"},
		{args: []string{"check"}, code: 2, stderr: "SLACK_BOT_TOKEN"},
		{args: []string{"check", "--offline", "now"}, code: 2, stderr: "now"},
		{args: []string{"google-login", "--help"}, code: 0, stdout: "--no-browser"},
		{args: []string{"google-login"}, code: 2, stderr: "--client"},
		{args: []string{"google-login", "--client", broken, "--out", broken}, code: 2, stderr: "--client: " + broken + " is not JSON"},
		{args: []string{"google-login", "--client", broken, "--port", "99999"}, code: 2, stderr: "--port"},
		{args: []string{"backup", "--help"}, code: 0, stdout: "--force"},
		{args: []string{"backup"}, code: 2, stderr: "<file>"},
		{args: []string{"backup", broken}, env: map[string]string{"DATABASE_PATH": broken + ".none"}, code: 2, stderr: "DATABASE_PATH"},
		{args: []string{"audit", "--help"}, code: 0, stdout: "verify"},
		{args: []string{"audit", "verify", "--help"}, code: 0, stdout: "--head"},
		{args: []string{"audit"}, env: map[string]string{"DATABASE_PATH": broken + ".none"}, code: 2, stderr: "DATABASE_PATH"},
		{args: []string{"audit"}, env: map[string]string{"DATABASE_PATH": broken}, code: 1, stderr: "not a Convene database"},
	} {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), c.args, lookup(c.env), &stdout, &stderr)
		if code != c.code {
			t.Errorf("convene %q: exit code %d, want %d\n%s%s", c.args, code, c.code, &stdout, &stderr)
		}
		if !strings.Contains(stdout.String(), c.stdout) || !strings.Contains(stderr.String(), c.stderr) {
			t.Errorf("convene %q: want %q on stdout and %q on stderr, got\n%s\n---\n%s", c.args, c.stdout, c.stderr, &stdout, &stderr)
		}
		if c.code == 0 && stderr.Len() > 0 {
			t.Errorf("convene %q succeeds, but says on stderr: %s", c.args, &stderr)
		}
	}
}

func TestEveryBuiltInRoleCanBeShown(t *testing.T) {
	var list bytes.Buffer
	if code := run(t.Context(), []string{"role", "list"}, lookup(nil), &list, &list); code != 0 {
		t.Fatalf("role list: exit code %d: %s", code, &list)
	}
	lines := strings.Split(strings.TrimSpace(list.String()), "\n")
	if len(lines) != 3 {
		t.Errorf("want three built-in roles, got\n%s", &list)
	}
	for _, line := range lines {
		key, _, _ := strings.Cut(line, " ")
		var out bytes.Buffer
		if code := run(t.Context(), []string{"role", "show", key}, lookup(nil), &out, &out); code != 0 || out.Len() < 1000 {
			t.Errorf("role show %s: exit code %d, %d bytes", key, code, out.Len())
		}
	}
}
