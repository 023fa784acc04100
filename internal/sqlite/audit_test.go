package sqlite_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/sqlite"
)

func (w *world) log(actions ...string) {
	w.Helper()
	for _, a := range actions {
		w.check(w.Owe(w.ctx(), outbox.Batch{Log: []hiring.Entry{{Actor: "Cora", Action: a, Subject: "iv", Detail: "2"}}}))
	}
}

func TestTheAuditTrailIsAChain(t *testing.T) {
	w := newWorld(t)
	before, _, err := w.VerifyAudit(w.ctx())
	w.check(err)
	w.log("interview.booked")
	w.reopen()
	w.log("interview.moved")
	lines, head, err := w.VerifyAudit(w.ctx())
	w.check(err)
	list, err := w.Audit(w.ctx(), before, 10)
	w.check(err)
	same(t, "lines", lines, before+2)
	same(t, "head", head, list[1].Hash)
	same(t, "time", list[0].At, noon)
	same(t, "line", list[0].Entry, hiring.Entry{Actor: "Cora", Action: "interview.booked", Subject: "iv", Detail: "2"})
	same(t, "consecutive", list[1].ID, list[0].ID+1)
}

func TestTheAuditTrailIsAppendOnly(t *testing.T) {
	w := newWorld(t)
	w.log("a", "b", "c")
	for _, s := range []string{"UPDATE audit SET detail = ''", "DELETE FROM audit"} {
		if _, err := w.raw().Exec(s); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", s, err)
		}
	}
}

// Somebody with the file and a SQLite shell can do anything, but not unseen.
func TestTamperingShows(t *testing.T) {
	original := newWorld(t)
	original.log("a", "b", "c")
	path := filepath.Join(t.TempDir(), "copy.db")
	made, err := original.view().Backup(original.ctx(), path, false)
	original.check(err)
	file, err := os.ReadFile(path)
	original.check(err)
	noted := made.Head
	same(t, "lines", noted.Line, int64(5))
	const swap = "UPDATE audit SET id = -1 WHERE action = 'b'; UPDATE audit SET id = id - 1 WHERE action = 'c'; UPDATE audit SET id = 5 WHERE id = -1"
	for _, c := range []struct{ name, tamper, want string }{
		// The trail is 1 role.revision, 2 setup.saved, 3 a, 4 b, 5 c.
		{"changed", "UPDATE audit SET detail = 'x' WHERE action = 'b'", "line 4 was changed"},
		{"fields shifted", "UPDATE audit SET actor = 'Cor', action = 'ab' WHERE action = 'b'", "line 4 was changed"},
		{"time", "UPDATE audit SET at = at + 1 WHERE action = 'a'", "line 3 was changed"},
		{"hash", "UPDATE audit SET hash = x'00' WHERE action = 'a'", "line 3 was changed"},
		{"removed", "DELETE FROM audit WHERE action = 'b'", "line 4 is missing: line 5 comes after line 3"},
		{"two removed", "DELETE FROM audit WHERE action IN ('a', 'b')", "lines 3 to 4 are missing"},
		{"removed and renumbered", "DELETE FROM audit WHERE action = 'b'; UPDATE audit SET id = 4 WHERE action = 'c'", "line 4 was changed"},
		{"first", "DELETE FROM audit WHERE id = 1", "line 1 is missing"},
		{"inserted at the end", "INSERT INTO audit SELECT max(id) + 1, max(at), 'x', 'd', '', '', x'00' FROM audit", "line 6 was changed, inserted"},
		{"inserted far", "INSERT INTO audit SELECT max(id) + 5, max(at), 'x', 'd', '', '', x'00' FROM audit", "lines 6 to 9 are missing"},
		{"inserted before", "INSERT INTO audit SELECT 0, min(at), 'x', 'd', '', '', x'00' FROM audit", "line 0 was inserted"},
		{"inserted between", "UPDATE audit SET id = 6 WHERE id = 5; INSERT INTO audit SELECT 5, at, actor, 'd', subject, detail, hash FROM audit WHERE id = 4", "line 5 was changed, inserted"},
		{"reordered", swap, "line 4 was changed, inserted or moved"},
		{"nothing", "SELECT 1", ""},
		{"removed at the end", "DELETE FROM audit WHERE action = 'c'", "lines are missing after line 4"},
		{"all removed", "DELETE FROM audit", "lines are missing after line 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &world{TB: t, path: filepath.Join(t.TempDir(), "copy.db")}
			w.check(os.WriteFile(w.path, file, 0o600))
			raw := w.raw()
			for s := range strings.SplitSeq("DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; "+c.tamper, ";") {
				_, err := raw.Exec(s)
				w.check(err)
			}
			v := w.view()
			head, known, err := v.VerifyAudit(w.ctx(), noted.Hash)
			if c.want == "" {
				w.check(err)
				same(t, "head", head, noted)
				same(t, "noted line", known, int64(5))
				return
			}
			var wrong *sqlite.AuditError
			if !errors.As(err, &wrong) || !strings.Contains(wrong.Problem, c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			_, _, err = v.VerifyAudit(w.ctx(), "")
			if atTheEnd := strings.Contains(c.want, "missing after"); (err == nil) != atTheEnd {
				t.Errorf("without the head: %v", err)
			}
		})
	}
}

// The head that was noted stays good while the trail grows.
func TestAnEarlierHeadIsKnown(t *testing.T) {
	w := newWorld(t)
	v := w.view()
	noted, _, err := v.VerifyAudit(w.ctx(), "")
	w.check(err)
	w.log("a", "b")
	head, known, err := v.VerifyAudit(w.ctx(), noted.Hash)
	w.check(err)
	same(t, "noted line", known, noted.Line)
	same(t, "head", head.Line, noted.Line+2)

	// Somebody who can compute hashes writes the trail anew, shorter: only the head tells.
	raw := w.raw()
	for _, s := range []string{"DROP TRIGGER audit_no_delete", "DELETE FROM audit WHERE action = 'b'"} {
		_, err := raw.Exec(s)
		w.check(err)
	}
	w.reopen()
	w.log("c", "d")
	if _, _, err := w.view().VerifyAudit(w.ctx(), ""); err != nil {
		t.Errorf("the chain is whole: %v", err)
	}
	if _, _, err := w.view().VerifyAudit(w.ctx(), head.Hash); err == nil {
		t.Error("a line that was replaced doesn't show")
	}
}

func TestTheAuditTrailCanBeSearched(t *testing.T) {
	w := newWorld(t)
	w.log("a")
	w.wait(time.Hour)
	w.check(w.Owe(w.ctx(), outbox.Batch{Log: []hiring.Entry{{Actor: "Cora", Action: "b", Subject: "iv2", Detail: "cand9"}}}))
	v := w.view()
	for _, c := range []struct {
		q    sqlite.AuditQuery
		want string
	}{
		{sqlite.AuditQuery{Limit: 2}, "role.revision setup.saved"},
		{sqlite.AuditQuery{After: 2, Limit: 9}, "a b"},
		{sqlite.AuditQuery{Since: noon.Add(time.Minute), Limit: 9}, "b"},
		{sqlite.AuditQuery{About: "iv", Limit: 9}, "a"},
		{sqlite.AuditQuery{About: "cand9", Limit: 9}, "b"},
		{sqlite.AuditQuery{About: "nobody", Limit: 9}, ""},
	} {
		lines, err := v.Audit(w.ctx(), c.q)
		w.check(err)
		var got []string
		for _, l := range lines {
			got = append(got, l.Action)
		}
		same(t, "lines", strings.Join(got, " "), c.want)
	}
}
