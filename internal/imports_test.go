// Package internal_test holds the import rules of the whole module: who may
// import whom, and which package alone knows a technology.
package internal_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// features are the packages that hold behaviour. They never import each other.
var features = []string{"internal/candidate", "internal/schedule", "internal/scorecard", "internal/decision", "internal/setup", "internal/report"}

// mayImport says which of our packages a package and those below it may import,
// besides those of its own folder.
var mayImport = map[string][]string{
	"cmd":                         {"*"},
	"bot":                         append([]string{"internal/hiring", "internal/outbox", "internal/clock"}, features...),
	"internal/candidate":          {"internal/hiring", "internal/outbox", "internal/cron"},
	"internal/schedule":           {"internal/hiring", "internal/outbox", "internal/cron"},
	"internal/scorecard":          {"internal/hiring", "internal/outbox", "internal/cron"},
	"internal/decision":           {"internal/hiring", "internal/outbox", "internal/cron"},
	"internal/setup":              {"internal/hiring", "internal/outbox", "internal/cron"},
	"internal/report":             {"internal/hiring"},
	"internal/hiring":             {},
	"internal/outbox":             {"internal/hiring"},
	"internal/role":               {"internal/hiring"},
	"internal/clock":              {},
	"internal/cron":               {"internal/clock"},
	"internal/sqlite":             append([]string{"internal/hiring", "internal/outbox", "migrations"}, features...), // it implements their stores
	"internal/gcal":               {"internal/hiring", "internal/outbox"},
	"internal/mail":               {"internal/hiring", "internal/outbox"},
	"internal/sandbox":            {"internal/clock"},
	"internal/sandbox/fakeslack":  {}, // they stand for the real services, which know nothing of us
	"internal/sandbox/fakegoogle": {},
	"migrations":                  {},
}

// belongsIn says where alone a technology is known.
var belongsIn = []struct{ path, name, home string }{
	{"github.com/slack-go/slack", "Slack's library", "bot"},
	{"database/sql", "SQL", "internal/sqlite"},
	{"modernc.org/sqlite", "the SQLite driver", "internal/sqlite"},
	{"google.golang.org/api", "Google's library", "internal/gcal"},
	{"golang.org/x/oauth2", "OAuth", "internal/gcal"},
	{"github.com/wneessen/go-mail", "SMTP", "internal/mail"},
	{"net/smtp", "SMTP", "internal/mail"},
	{"github.com/robfig/cron", "the cron parser", "internal/cron"},
	{"github.com/alecthomas/kong", "the command line", "cmd"},
	{"github.com/prometheus", "the metrics library", "cmd"},
	{"github.com/coder/websocket", "WebSocket", "internal/sandbox"},
	{"github.com/gorilla/websocket", "Slack's library's WebSocket", "bot"},
}

// pure packages do no input or output and take no context: their rules can be
// read and tested by themselves.
var pure = []string{"internal/hiring"}

// impure is what a pure package may not import of the standard library; other
// modules it may not import at all. harmless names what only parses.
var (
	impure   = []string{"context", "database", "embed", "io/fs", "io/ioutil", "log", "net", "os", "syscall"}
	harmless = []string{"net/mail", "net/netip", "net/url"}
)

func TestImportRules(t *testing.T) {
	packages := listPackages(t)
	if len(packages) < len(mayImport)/2 {
		t.Fatalf("go list found only %d packages", len(packages))
	}
	for _, p := range packages {
		for _, sentence := range broken(p) {
			t.Error(sentence)
		}
	}
}

// TestRulesNoticeWhatTheyForbid is the proof that the rules can fail.
func TestRulesNoticeWhatTheyForbid(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"internal/schedule", "github.com/slack-go/slack", "internal/schedule imports github.com/slack-go/slack: Slack's library belongs in bot/"},
		{"internal/schedule", "convene/internal/scorecard", "internal/schedule imports internal/scorecard: features never import each other"},
		{"internal/decision", "convene/internal/sqlite", "internal/decision imports internal/sqlite: it may import internal/hiring, internal/outbox and internal/cron"},
		{"internal/decision", "convene/internal/role", "may import"},
		{"internal/hiring", "convene/internal/outbox", "may import none of our packages"},
		{"internal/hiring", "context", "internal/hiring imports context: it does no input or output and takes no context"},
		{"internal/hiring", "net/http", "input or output"},
		{"internal/hiring", "github.com/goccy/go-yaml", "standard library only"},
		{"bot", "convene/internal/sandbox/fakeslack", "the sandbox is for cmd and tests"},
		{"internal/sqlite", "convene/internal/sandbox", "the sandbox is for cmd and tests"},
		{"internal/sandbox/fakeslack", "convene/internal/hiring", "none of our packages"},
		{"internal/sandbox/fakeslack", "convene/internal/sandbox/fakegoogle", "none of our packages"},
		{"bot", "database/sql", "SQL belongs in internal/sqlite/"},
		{"internal/brandnew", "fmt", "internal/brandnew has no import rule"},

		{"bot", "github.com/slack-go/slack/socketmode", ""},
		{"bot", "convene/internal/schedule", ""},
		{"cmd/convene", "convene/internal/sandbox/fakeslack", ""},
		{"internal/sandbox", "convene/internal/sandbox/fakeslack", ""},
		{"internal/sandbox/fakeslack", "convene/internal/sandbox/fakeslack/blockkit", ""},
		{"internal/sqlite/sqlitetest", "convene/internal/sqlite", ""},
		{"internal/hiring", "slices", ""},
		{"internal/hiring", "net/mail", ""},
	} {
		got := strings.Join(broken(goPackage{ImportPath: "convene/" + c.from, Imports: []string{c.to}}), "\n")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s importing %s: got %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

// A goPackage is what `go list` says of a package.
type goPackage struct {
	ImportPath string
	Imports    []string
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Imports", "convene/...")
	out, err := list.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("%v: %v\n%s", list, err, exit.Stderr)
		}
		t.Fatalf("%v: %v", list, err)
	}
	var packages []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		switch err := decoder.Decode(&p); {
		case err == io.EOF:
			return packages
		case err != nil:
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// broken returns a sentence for each rule that p breaks.
func broken(p goPackage) []string {
	name := strings.TrimPrefix(p.ImportPath, "convene/")
	if name == "internal" {
		return nil // these tests
	}
	folder, allowed, ok := ruleFor(name)
	if !ok {
		return []string{fmt.Sprintf("%s has no import rule: say in internal/imports_test.go what it may import", name)}
	}
	var sentences []string
	for _, path := range p.Imports {
		if why := forbids(folder, allowed, path); why != "" {
			sentences = append(sentences, fmt.Sprintf("%s imports %s: %s", name, strings.TrimPrefix(path, "convene/"), why))
		}
	}
	return sentences
}

// forbids returns why a package of a folder may not import path, or "".
func forbids(folder string, allowed []string, path string) string {
	for _, tech := range belongsIn {
		if within(path, tech.path) && !within(folder, tech.home) {
			return fmt.Sprintf("%s belongs in %s/", tech.name, tech.home)
		}
	}
	if slices.Contains(pure, folder) {
		switch {
		case slices.Contains(harmless, path):
			return ""
		case slices.ContainsFunc(impure, func(i string) bool { return within(path, i) }):
			return "it does no input or output and takes no context"
		case strings.Contains(path, "."):
			return "it imports the standard library only"
		}
	}
	ours, isOurs := strings.CutPrefix(path, "convene/")
	switch {
	case !isOurs || within(ours, folder) && !hasOwnRule(ours, folder) || slices.Contains(allowed, "*"):
		return ""
	case within(folder, "internal/sandbox") && hasOwnRule(ours, folder):
		return "" // the sandbox puts its own servers together
	case within(ours, "internal/sandbox") && !within(folder, "internal/sandbox"):
		return "the sandbox is for cmd and tests"
	case slices.Contains(features, folder) && slices.ContainsFunc(features, func(f string) bool { return within(ours, f) }):
		return "features never import each other; cmd brings them together"
	case slices.ContainsFunc(allowed, func(a string) bool { return within(ours, a) }):
		return ""
	case len(allowed) == 0:
		return "it may import none of our packages"
	}
	return "it may import " + inWords(allowed)
}

// ruleFor returns the most precise rule for a package.
func ruleFor(name string) (folder string, allowed []string, ok bool) {
	for f, a := range mayImport {
		if within(name, f) && len(f) > len(folder) {
			folder, allowed, ok = f, a, true
		}
	}
	return folder, allowed, ok
}

// hasOwnRule reports whether a package below a folder has a rule of its own.
func hasOwnRule(name, folder string) bool {
	f, _, ok := ruleFor(name)
	return ok && f != folder && within(f, folder)
}

func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

func inWords(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}
