package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"convene/internal/outbox"
	"convene/internal/sqlite"
)

// view opens the world's database beside the process that owns it.
func (w *world) view() *sqlite.View {
	w.Helper()
	v, err := sqlite.OpenView(w.ctx(), w.path)
	w.check(err)
	w.Cleanup(func() { w.check(v.Close()) })
	return v
}

func TestABackupHoldsAllThatWasCommittedBefore(t *testing.T) {
	w := newWorld(t)
	v := w.view()
	var committed atomic.Int64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for i := 1; ; i++ {
			w.candidate(fmt.Sprintf("c%d", i))
			committed.Store(int64(i))
			select {
			case <-stop:
				return
			default:
			}
		}
	}()
	file := filepath.Join(t.TempDir(), "backup.db")
	for range 3 {
		before := committed.Load()
		made, err := v.Backup(w.ctx(), file, true)
		w.check(err)
		copied := &world{TB: t, path: file, now: noon}
		copied.reopen()
		rows := int64(0)
		for _, table := range made.Tables {
			if table.Table == "candidates" {
				rows = table.Rows
			}
		}
		if rows < before {
			t.Errorf("%d candidates of %d are in the copy", rows, before)
		}
		if rows > 0 {
			_, err = copied.Candidate(w.ctx(), fmt.Sprintf("c%d", rows))
			w.check(err)
		}
		lines, head, err := copied.VerifyAudit(w.ctx())
		w.check(err)
		same(t, "head", made.Head, sqlite.AuditHead{Line: lines, Hash: head})
		copied.candidate("later") // it takes writes
		w.check(copied.Close())
	}
	close(stop)
	<-stopped
	w.wantFiles(filepath.Dir(file), "backup.db", "backup.db.lock")
}

// wantFiles holds a folder to the files that should be in it.
func (w *world) wantFiles(dir string, want ...string) {
	w.Helper()
	entries, err := os.ReadDir(dir)
	w.check(err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	same(w, "files", strings.Join(names, " "), strings.Join(want, " "))
}

func TestABackupIsTheOwnersOnlyAndWholeOrNotThere(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	v := w.view()
	dir := t.TempDir()
	file := filepath.Join(dir, "backup.db")
	made, err := v.Backup(w.ctx(), file, false)
	w.check(err)
	info, err := os.Stat(file)
	w.check(err)
	if info.Mode().Perm() != 0o600 || info.Size() != made.Bytes {
		t.Errorf("mode %o, %d bytes, want 600 and %d", info.Mode().Perm(), info.Size(), made.Bytes)
	}
	before, err := os.ReadFile(file)
	w.check(err)
	w.candidate("bob")

	_, err = v.Backup(w.ctx(), file, false)
	var refused *sqlite.TargetError
	if !errors.As(err, &refused) || !strings.Contains(refused.Problem, "--force") {
		t.Errorf("a file that exists: %v", err)
	}
	stopped, cancel := context.WithCancel(w.ctx())
	cancel()
	if _, err = v.Backup(stopped, file, true); err == nil || errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "nothing was written") {
		t.Errorf("stopped: %v", err)
	}
	after, err := os.ReadFile(file)
	w.check(err)
	if !bytes.Equal(before, after) {
		t.Error("a backup that failed changed the file")
	}
	w.wantFiles(dir, "backup.db")

	_, err = v.Backup(w.ctx(), file, true)
	w.check(err)
	copied, err := sqlite.OpenView(w.ctx(), file)
	w.check(err)
	w.check(copied.Close())
	w.wantFiles(dir, "backup.db") // and looking at it leaves nothing beside it
}

func TestABackupNeedsAFileOfItsOwn(t *testing.T) {
	w := newWorld(t)
	v := w.view()
	dir := t.TempDir()
	link := filepath.Join(dir, "link.db")
	w.check(os.Symlink(w.path, link))
	hard := filepath.Join(filepath.Dir(w.path), "hard.db")
	w.check(os.Link(w.path, hard))
	w.check(os.WriteFile(filepath.Join(dir, "old.db-wal"), []byte("x"), 0o600))
	for _, c := range []struct{ path, want string }{
		{w.path, "of the database itself"},
		{w.path + "-wal", "of the database itself"},
		{w.path + ".lock", "of the database itself"},
		{link, "of the database itself"},
		{hard, "of the database itself"},
		{dir, "that is a folder"},
		{filepath.Join(dir, "nowhere", "backup.db"), "does not exist: make"},
		{filepath.Join(dir, "old.db"), "old.db-wal is beside it"},
		{os.DevNull, "not a plain file"},
	} {
		_, err := v.Backup(w.ctx(), c.path, true)
		var refused *sqlite.TargetError
		if !errors.As(err, &refused) || !strings.Contains(refused.Problem, c.want) {
			t.Errorf("%s: %v, want %q", c.path, err, c.want)
		}
	}
	w.candidate("ana") // and the database is well
}

func TestABackupNeedsAFolderToWriteTo(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	w.check(os.Chmod(dir, 0o500))
	if os.Geteuid() == 0 {
		if dir = "/proc/self"; runtime.GOOS != "linux" {
			t.Skip("root may write anywhere")
		}
	}
	_, err := w.view().Backup(w.ctx(), filepath.Join(dir, "backup.db"), false)
	if err == nil || !strings.Contains(err.Error(), "can't be written to") {
		t.Errorf("got %v", err)
	}
}

// A backup that was killed leaves candidates' data under a passing name.
func TestABackupRemovesWhatAKilledOneLeft(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	for name, age := range map[string]time.Duration{
		"backup.db.partial-1": 2 * time.Hour, "backup.db.partial-1-journal": 2 * time.Hour,
		"backup.db.partial-2": 0, // under way
		"other.db.partial-3":  2 * time.Hour,
	} {
		w.check(os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600))
		at := time.Now().Add(-age)
		w.check(os.Chtimes(filepath.Join(dir, name), at, at))
	}
	_, err := w.view().Backup(w.ctx(), filepath.Join(dir, "backup.db"), false)
	w.check(err)
	w.wantFiles(dir, "backup.db", "backup.db.partial-2", "other.db.partial-3")
}

// What a backup holds as still to be done may have been done after it: who
// starts on a restored one looks first, once. The database itself is not
// marked.
func TestWhatWasOwedIsLookedUpInARestoredBackup(t *testing.T) {
	w := newWorld(t)
	w.check(w.Owe(w.ctx(), outbox.Batch{Effects: []outbox.Effect{effect("a1", "x"), effect("a2", "y"), effect("a3", "z")}}))
	w.start("a1", "a2")
	w.finish("a2", outbox.Done)
	file := filepath.Join(t.TempDir(), "backup.db")
	_, err := w.view().Backup(w.ctx(), file, false)
	w.check(err)

	restored := &world{TB: t, path: file, now: noon}
	restored.reopen()
	n, err := restored.RecoverEffects(w.ctx())
	w.check(err)
	same(t, "to be looked up", n, 2)
	same(t, "effects", restored.effects(), map[string]string{"a1": "unknown", "a2": "done", "a3": "unknown"})
	w.check(restored.Owe(w.ctx(), outbox.Batch{Effects: []outbox.Effect{effect("a4", "z")}}))
	n, err = restored.RecoverEffects(w.ctx())
	w.check(err)
	same(t, "to be looked up at the next start", n, 0)

	n, err = w.RecoverEffects(w.ctx())
	w.check(err)
	same(t, "under way in the database itself", n, 1)
}

// What fell due between a backup and the start on it was sent then, perhaps: it
// is looked for before it is sent again.
func TestWhatFellDueSinceABackupIsLookedUpToo(t *testing.T) {
	w := newWorld(t)
	w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{{Key: "nudge:U1", Kind: "nudge", About: "iv1|U2", Person: "U1"}}}))
	w.check(w.Owe(w.ctx(), outbox.Batch{Delete: []string{"nudge:U1"}})) // dropped before it was posted
	file := filepath.Join(t.TempDir(), "backup.db")
	_, err := w.view().Backup(w.ctx(), file, false)
	w.check(err)
	dm := func(key string) outbox.Batch {
		return outbox.Batch{Messages: []outbox.Message{{Key: key, Kind: "score", About: "iv1", Person: "U1"}}}
	}
	w.check(w.Owe(w.ctx(), dm("score:iv1:U1")))
	same(t, "where nothing was restored", w.effects()["message:score:iv1:U1"], "pending")

	restored := &world{TB: t, path: file, now: noon}
	restored.reopen()
	_, err = restored.RecoverEffects(w.ctx())
	w.check(err)
	w.check(restored.Owe(w.ctx(), dm("score:iv1:U1")))
	w.check(restored.Owe(w.ctx(), dm("nudge:U1"))) // as it was, perhaps
	restored.now = noon.Add(24 * time.Hour)
	w.check(restored.Owe(w.ctx(), dm("score:iv1:U2")))
	same(t, "effects", restored.effects(), map[string]string{"message:nudge:U1": "unknown", "message:score:iv1:U1": "unknown", "message:score:iv1:U2": "pending"})
	lines, err := restored.Audit(w.ctx(), 0, 10)
	w.check(err)
	same(t, "audit trail", lines[len(lines)-1].Action, "database.restored")
}
