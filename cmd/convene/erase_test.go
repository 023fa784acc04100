package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/candidate"
	"convene/internal/hiring"
	"convene/internal/sqlite"
)

// convene command…: the program, beside the bot or, when it is down, alone. ID
// stands for the id of the candidate who was added last, ID1 of the first.
func (s *story) conveneCmd(args []string) (string, error) {
	if s.app == nil {
		s.serve()
		defer func() {
			s.server.CloseClientConnections()
			s.server.Close()
		}()
	}
	env := s.env()
	env["CLOCK_START"] = s.clock.Now().Format(time.RFC3339)
	ids := s.candidateIDs()
	args = slices.Clone(args)
	for i, a := range args {
		switch {
		case a == "ID" && len(ids) > 0:
			args[i] = ids[len(ids)-1]
		case a == "ID1" && len(ids) > 0:
			args[i] = ids[0]
		case strings.HasPrefix(a, "out"):
			args[i] = filepath.Join(s.dir, a)
		}
	}
	var stdout, stderr bytes.Buffer
	code := run(context.Background(), args, lookup(env), &stdout, &stderr)
	out := fmt.Sprintf("%s%sexit %d\n", &stdout, &stderr, code)
	for i, id := range ids {
		out = strings.ReplaceAll(out, id, fmt.Sprintf("<candidate %d>", i+1))
	}
	return strings.ReplaceAll(out, s.dir, "<dir>"), s.settle()
}

// candidateIDs returns the candidates' ids in the order in which they were
// added, from the audit trail.
func (s *story) candidateIDs() []string {
	db, err := sqlite.OpenBeside(context.Background(), s.databasePath(), sqlite.Options{})
	if err != nil {
		return nil
	}
	defer db.Close()
	lines, err := db.Audit(context.Background(), 0, 100_000)
	if err != nil {
		return nil
	}
	var ids []string
	for _, line := range lines {
		if line.Action == "candidate.added" {
			ids = append(ids, line.Subject)
		}
	}
	return ids
}

func (w *world) databasePath() string {
	return filepath.Join(w.dir, fmt.Sprintf("convene-%d.db", w.db))
}

// holds words…: says of each whether the database's files hold it.
func (s *story) holdsCmd(args []string) (string, error) {
	raw, err := s.databaseBytes()
	var out strings.Builder
	for _, word := range args {
		fmt.Fprintf(&out, "%s: %t\n", word, bytes.Contains(raw, []byte(word)))
	}
	return out.String(), err
}

func (w *world) databaseBytes() ([]byte, error) {
	var all []byte
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(w.databasePath() + suffix)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		all = append(all, raw...)
	}
	return all, nil
}

// files lists what the bot sent as files: title, where, and what is in a CSV.
func (s *story) filesCmd([]string) (string, error) {
	var out strings.Builder
	for _, f := range s.slack.Files() {
		where := "nowhere"
		for name, id := range everybody {
			if slices.Contains(f.Channels, s.slack.DMChannel(id)) {
				where = "dm " + name
			}
		}
		fmt.Fprintf(&out, "%s in %s, holds Ana: %t\n", f.Title, where, bytes.Contains(f.Content, []byte("Ana Nov")))
		if strings.HasSuffix(f.Name, ".csv") {
			out.WriteString(regexp.MustCompile(`(iv|cand)_[a-z0-9]+`).ReplaceAllString(strings.ReplaceAll(string(f.Content), "\r\n", "⏎\n"), "${1}_x"))
		}
	}
	return out.String() + ".\n", nil
}

// The program asks before it erases, and within a year of the decision twice.
func TestErasingAsks(t *testing.T) {
	role := &hiring.Role{Title: "Coordinator", Zone: hiring.Value[string]{V: "America/Chicago"}}
	cand := &hiring.Candidate{ID: "cand_1", Name: "Ana Diaz"}
	soon := &candidate.ErasePreview{Candidate: cand, Role: role, KeepUntil: time.Date(2027, 12, 7, 18, 0, 0, 0, time.UTC)}
	old := &candidate.ErasePreview{Candidate: cand, Role: role}
	var usage callError
	for _, tt := range []struct {
		name    string
		command eraseCommand
		preview *candidate.ErasePreview
		typed   string
		goes    bool
		says    string // in the question or the error
		usage   bool
	}{
		{"yes", eraseCommand{}, old, "yes\n", true, "Erase the candidate cand_1 (Ana Diaz, Coordinator)?", false},
		{"no", eraseCommand{}, old, "no\n", false, "nothing was erased", false},
		{"nothing typed", eraseCommand{}, old, "\n", false, "nothing was erased", false},
		{"nobody there", eraseCommand{}, old, "", false, "--yes: is missing", true},
		{"nobody there, --yes", eraseCommand{Yes: true}, old, "", true, "", false},
		{"within a year, both", eraseCommand{}, soon, "yes\nYES\n", true, "should be kept until 7 December 2027", false},
		{"within a year, one", eraseCommand{}, soon, "yes\nno\n", false, "nothing was erased", false},
		{"within a year, --yes answers the first only", eraseCommand{Yes: true}, soon, "yes\n", true, "7 December 2027", false},
		{"within a year, --yes, nobody there", eraseCommand{Yes: true}, soon, "", false, "--before-a-year: is missing", true},
		{"within a year, both flags", eraseCommand{Yes: true, BeforeAYear: true}, soon, "", true, "", false},
	} {
		var out bytes.Buffer
		err := tt.command.confirm(&program{stdout: &out, stdin: strings.NewReader(tt.typed)}, tt.preview)
		if (err == nil) != tt.goes || errors.As(err, &usage) != tt.usage || !strings.Contains(out.String()+fmt.Sprint(err), tt.says) {
			t.Errorf("%s: %v, %s", tt.name, err, &out)
		}
	}
}

// TestDeathWhileErasing kills the bot at each call by which it removes what is
// outside the database, before it is carried out and after, when the answer is
// lost. In the end everything is gone all the same, and nothing else.
func TestDeathWhileErasing(t *testing.T) {
	t.Parallel()
	want := eraseWeek(t, nil, false)
	for _, at := range []moment{
		{method: "chat.delete", n: 2}, {method: "files.delete", n: 1}, {method: "chat.update", n: 1}, {method: "events.delete", n: 1, google: true},
	} {
		for _, applied := range []bool{false, true} {
			if !*rehearse && applied != (at.method == "files.delete" || at.google) {
				continue // the others are alike
			}
			t.Run(fmt.Sprintf("%s-%d-%t", at.method, at.n, applied), func(t *testing.T) {
				t.Parallel()
				if got := eraseWeek(t, &at, applied); got != want {
					t.Errorf("killed there, it came out differently:\n%s\nwant:\n%s", got, want)
				}
			})
		}
	}
}

// eraseWeek takes one candidate to told and another to booked, exports the
// first and erases them, and returns what is left everywhere.
func eraseWeek(t *testing.T, at *moment, applied bool) string {
	t.Helper()
	w := weekWorld(t)
	week(t, w)
	s := &story{world: w, seen: map[string]bool{}, dir: w.dir}
	must := func(out string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatalf("%v\n%s", err, w.logs.String())
		}
		return out
	}
	must(s.slashCmd([]string{"karly", "/candidate", "export Ana"}))
	must(s.submitCmd([]string{"karly"}))
	must(s.closeCmd([]string{"karly"}))
	must(s.addCmd([]string{"Ben Okafor", "ben@example.com", "America/New_York"}))
	must(s.bookCmd([]string{"Ben"}))
	must(s.closeCmd([]string{"karly"}))
	must(s.slashCmd([]string{"karly", "/candidate", "erase Ana"}))
	must(s.submitCmd([]string{"karly"}))
	must(s.fillCmd([]string{"karly", "Erase it now all the same?", "Yes, before 7 December 2027"}))
	var died *crash
	if at != nil {
		w.dieAt(*at, applied)
		died = w.crash
	}
	must(s.submitCmd([]string{"karly"}))
	must("", w.settle())
	if died != nil {
		select {
		case <-died.reached:
		default:
			t.Fatal("the bot never made that call, so it was not killed")
		}
	}
	must("", w.everybodyQuiet())
	raw, err := w.databaseBytes()
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"Nov\u00e1kov\u00e1", "ana@example.com", "Strong on triage"} {
		if bytes.Contains(raw, []byte(word)) {
			t.Errorf("%q is still in the database's files", word)
		}
	}
	return must(s.channelCmd(nil)) + must(s.dmCmd([]string{"karly"})) + must(s.dmCmd([]string{"mark"})) + must(s.eventsCmd(nil)) + must(s.filesCmd(nil))
}
