package main

import (
	"os"
	"path/filepath"
	"testing"

	"convene/internal/sqlite"
)

func TestBackupCopiesTheDatabaseWhileTheBotRuns(t *testing.T) {
	w := newDBWorld(t)
	w.log("interview.booked", "iv1", "")
	file := filepath.Join(t.TempDir(), "backup.db")
	w.want(exitDone, "audit 1,", "backup", file)
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the copy: %v, %v", info, err)
	}
	w.want(exitWrong, "FILE: "+file+": the file exists: choose another name, or add --force", "backup", file)
	w.log("interview.moved", "iv1", "")
	w.want(exitDone, "KiB, checked.\n", "backup", "--force", file)
	w.want(exitWrong, "of the database itself", "backup", "--force", w.path)

	// Restored, it runs.
	restored, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	lines, _, err := restored.VerifyAudit(t.Context())
	if err != nil || lines != 2 {
		t.Errorf("the copy's audit trail has %d lines (%v)", lines, err)
	}
}
