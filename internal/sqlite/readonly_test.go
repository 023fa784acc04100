package sqlite_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convene/internal/sqlite"
)

func TestAViewSeesWhatIsCommittedWhileAnotherOwnsTheDatabase(t *testing.T) {
	w := newWorld(t)
	v := w.view()
	before, err := v.Audit(w.ctx(), sqlite.AuditQuery{Limit: 100})
	w.check(err)
	w.log("interview.booked")
	after, err := v.Audit(w.ctx(), sqlite.AuditQuery{Limit: 100})
	w.check(err)
	same(t, "lines", len(after), len(before)+1)
	w.reopen() // a view is no reason not to start or stop
	w.log("interview.moved")
	after, err = v.Audit(w.ctx(), sqlite.AuditQuery{Limit: 100})
	w.check(err)
	same(t, "lines", len(after), len(before)+2)
}

// What a process that was killed had committed is in the file beside the database.
func TestAViewReadsWhatAKilledProcessLeft(t *testing.T) {
	w := newWorld(t)
	w.log("interview.booked")
	dir := t.TempDir()
	for _, side := range []string{"", "-wal"} {
		raw, err := os.ReadFile(w.path + side)
		w.check(err)
		w.check(os.WriteFile(filepath.Join(dir, "killed.db"+side), raw, 0o600))
	}
	v, err := sqlite.OpenView(w.ctx(), filepath.Join(dir, "killed.db"))
	w.check(err)
	defer v.Close()
	head, _, err := v.VerifyAudit(w.ctx(), "")
	w.check(err)
	want, _, err := w.view().VerifyAudit(w.ctx(), "")
	w.check(err)
	same(t, "head", head, want)
}

func TestAViewCannotWriteAndTakesNoLock(t *testing.T) {
	w := newWorld(t)
	w.check(w.Close())
	v := w.view()
	w.check(os.Remove(w.path + ".lock"))
	_, _, err := v.VerifyAudit(w.ctx(), "")
	w.check(err)
	if _, err := os.Stat(w.path + ".lock"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a view made a lock: %v", err)
	}
	w.DB = nil
	w.reopen()
}

func TestAViewRefusesWhatItCouldMisread(t *testing.T) {
	for _, c := range []struct{ name, statement, want string }{
		{"newer", "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, 1)", "newer version of convene (schema 9000"},
		{"older", "DELETE FROM goose_db_version WHERE version_id > 0", "older version of convene (schema 0"},
		{"of another program", "DROP TABLE goose_db_version", "no tables of Convene"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.check(w.Close())
			withRaw(t, w.path, c.statement)
			_, err := sqlite.OpenView(t.Context(), w.path)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), w.path) {
				t.Errorf("got %v, want %q and the path", err, c.want)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "convene.db")
	_, err := sqlite.OpenView(t.Context(), path)
	isErr(t, err, fs.ErrNotExist)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("looking for a database made one")
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("Dear diary. ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.OpenView(t.Context(), path); err == nil || !strings.Contains(err.Error(), "not a Convene database") {
		t.Errorf("a diary: %v", err)
	}
}
