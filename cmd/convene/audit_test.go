package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/sqlite"
	"convene/internal/sqlite/sqlitetest"
)

// A dbWorld is a database that the bot has open.
type dbWorld struct {
	*testing.T
	db   *sqlite.DB
	path string
}

func newDBWorld(t *testing.T) *dbWorld {
	t.Helper()
	w := &dbWorld{T: t, path: filepath.Join(t.TempDir(), "convene.db")}
	var err error
	w.db, err = sqlite.Open(t.Context(), w.path, sqlite.Options{Now: func() time.Time { return time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.db.Close() })
	return w
}

func (w *dbWorld) log(action, subject, detail string) {
	w.Helper()
	if err := w.db.Owe(w.Context(), outbox.Batch{Log: []hiring.Entry{{Actor: "U1", Action: action, Subject: subject, Detail: detail}}}); err != nil {
		w.Fatal(err)
	}
}

// call runs the program on the database.
func (w *dbWorld) call(args ...string) (code int, stdout, stderr string) {
	w.Helper()
	var out, errs bytes.Buffer
	code = run(w.Context(), args, lookup(map[string]string{"DATABASE_PATH": w.path}), &out, &errs)
	return code, out.String(), errs.String()
}

// want fails unless a call ends so; text is in what it prints.
func (w *dbWorld) want(code int, text string, args ...string) string {
	w.Helper()
	got, stdout, stderr := w.call(args...)
	if got != code || !strings.Contains(stdout+stderr, text) {
		w.Errorf("convene %q: exit code %d, want %d and %q\n%s%s", args, got, code, text, stdout, stderr)
	}
	return stdout
}

func TestAuditPrintsTheTrailWhileTheBotRuns(t *testing.T) {
	w := newDBWorld(t)
	w.log("interview.booking", "iv1", "cand1")
	w.log("interview.booked", "iv1", "")
	w.log("candidate.added", "cand2", "role")
	all := w.want(exitDone, "interview.booked", "audit")
	want := "     1  2026-11-18T12:00:00Z  U1           interview.booking      iv1                          cand1\n"
	if !strings.HasPrefix(all, want) || strings.Count(all, "\n") != 3 {
		t.Errorf("it prints\n%s", all)
	}
	if about := w.want(exitDone, "cand1", "audit", "--about", "cand1"); strings.Count(about, "\n") != 1 {
		t.Errorf("about cand1:\n%s", about)
	}
	if since := w.want(exitDone, "", "audit", "--since", "2026-11-19"); since != "" {
		t.Errorf("since the day after:\n%s", since)
	}
	w.want(exitDone, "candidate.added", "audit", "list", "--since", "2026-11-18T06:00:00-06:00")
	w.want(exitWrong, "neither a date", "audit", "--since", "Monday")
	w.want(exitWrong, "--head", "audit", "verify", "--head", "abc")

	first, _, _ := strings.Cut(w.want(exitDone, `"hash":"`, "audit", "--json"), "\n")
	var line struct{ At, Actor, Action, Subject, Detail, Hash string }
	if err := json.Unmarshal([]byte(first), &line); err != nil || line.Subject != "iv1" || len(line.Hash) != 64 {
		t.Errorf("as JSON it prints %s (%v)", first, err)
	}
}

func TestAuditReadsLongTrails(t *testing.T) {
	w := newDBWorld(t)
	var entries []hiring.Entry
	for i := range 2*auditPage + 1 {
		entries = append(entries, hiring.Entry{Actor: "U1", Action: "a", Subject: fmt.Sprint("s", i)})
	}
	if err := w.db.Owe(t.Context(), outbox.Batch{Log: entries}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(w.want(exitDone, "", "audit"), "\n"); got != len(entries) {
		t.Errorf("%d lines of %d", got, len(entries))
	}
}

func TestAuditVerifyNamesTheFirstBadLine(t *testing.T) {
	w := newDBWorld(t)
	for _, action := range []string{"a", "b", "c"} {
		w.log(action, "iv1", "")
	}
	out := w.want(exitDone, "3 lines in order", "audit", "verify")
	_, head, _ := strings.Cut(out, "\nhead ")
	head, _, _ = strings.Cut(head, " ")
	w.log("d", "iv1", "")
	w.want(exitDone, "The head that you gave is line 3; 1 line came after it.", "audit", "verify", "--head", strings.ToUpper(head))
	w.want(exitFailed, "no line has the hash that was noted", "audit", "verify", "--head", strings.Repeat("0", 64))
	sqlitetest.Exec(t, w.path, "DROP TRIGGER audit_no_update", "UPDATE audit SET actor = 'U2' WHERE id = 2")
	w.want(exitFailed, "line 2 was changed", "audit", "verify", "--head", head)
}

func TestReadingNeedsTheRightDatabase(t *testing.T) {
	w := newDBWorld(t)
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	sqlitetest.Newer(t, w.path)
	for _, args := range [][]string{{"audit"}, {"audit", "verify"}, {"backup", filepath.Join(t.TempDir(), "b.db")}} {
		w.want(exitFailed, "newer version of convene", args...)
	}
	w.path = filepath.Join(t.TempDir(), "nothing.db")
	for _, args := range [][]string{{"audit"}, {"audit", "verify"}, {"backup", filepath.Join(t.TempDir(), "b.db")}} {
		w.want(exitWrong, "DATABASE_PATH: names no file", args...)
	}
	if _, err := os.Stat(w.path); err == nil {
		t.Error("looking for a database made one")
	}
}
