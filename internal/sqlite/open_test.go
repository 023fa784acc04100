package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/sqlite"
	"convene/internal/sqlite/sqlitetest"
)

func TestFilesAreTheOwnersOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "convene.db")
	if err := os.WriteFile(path, nil, 0o644); err != nil { // e.g. copied from a backup
		t.Fatal(err)
	}
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.WantHome(t.Context(), "Pia"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal", path + "-shm", path + ".lock"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o, want 600", filepath.Base(name), mode)
		}
	}
}

func TestOneProcessOwnsTheDatabase(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "convene.db")
	first, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, link} {
		_, err = sqlite.Open(t.Context(), p, sqlite.Options{})
		if err == nil {
			t.Fatal("a second process got the database")
		}
		for _, want := range []string{fmt.Sprintf("process %d", os.Getpid()), "DATABASE_PATH"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("the error doesn't say %q: %v", want, err)
			}
		}
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatalf("the lock outlives its owner: %v", err)
	}
	second.Close()
}

func TestRefusesWhatItCannotUse(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(t *testing.T, path string)
		want    string
	}{
		{"newer version", func(t *testing.T, path string) {
			withRaw(t, path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, 1)")
		}, "newer version of convene (schema 9000"},
		{"not a database", func(t *testing.T, path string) {
			if err := os.WriteFile(path, bytes.Repeat([]byte("Dear diary. "), 1000), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "is not a Convene database"},
		{"damaged", func(t *testing.T, path string) {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for page := 2; page < 12; page++ { // page 1 holds the schema
				copy(raw[page*4096:], bytes.Repeat([]byte{0xA5}, 512))
			}
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}, "is damaged"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "convene.db")
			db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			tt.prepare(t, path)
			before, _ := os.ReadFile(path)
			db, err = sqlite.Open(t.Context(), path, sqlite.Options{})
			if err == nil {
				db.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("error %q, want %q and the path", err, tt.want)
			}
			if after, _ := os.ReadFile(path); tt.name != "newer version" && !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

func withRaw(t *testing.T, path, statement string) {
	t.Helper()
	w := &world{TB: t, path: path}
	if _, err := w.raw().Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func TestOpenSaysWhatIsWrongWithThePath(t *testing.T) {
	if _, err := sqlite.Open(t.Context(), "", sqlite.Options{}); err == nil || !strings.Contains(err.Error(), "DATABASE_PATH") {
		t.Errorf("no path: %v", err)
	}
	_, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "nowhere", "convene.db"), sqlite.Options{})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "create it first") {
		t.Errorf("no folder: %v", err)
	}
}

// A path is a name, not a piece of the DSN.
func TestOddPaths(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?_pragma=foreign_keys(0)&x=%41#é.db")
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestClose(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.check(w.Close())
	w.check(w.Close())
	if _, err := w.Candidate(w.ctx(), "ana"); err == nil {
		t.Error("a closed database answers")
	}
	if err := w.WantHome(w.ctx(), "Pia"); err == nil {
		t.Error("a closed database takes a write")
	}
	if _, err := os.Stat(w.path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was written isn't all in the main file: %v", err)
	}
}

func TestTablesAreStrict(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.interview("iv", "ana", noon)
	rows, err := w.raw().Query("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'")
	w.check(err)
	defer rows.Close()
	for rows.Next() {
		var name string
		w.check(rows.Scan(&name))
		t.Errorf("table %s is not STRICT", name)
	}
	for _, bad := range []string{
		"UPDATE interviews SET start_at = 'tomorrow'",
		"UPDATE interviews SET state = 'maybe'",
		"UPDATE interviews SET end_at = start_at",
		"UPDATE panelists SET part = 'audience'",
		"UPDATE candidates SET state = 'lost'",
	} {
		if _, err := w.raw().Exec(bad); err == nil {
			t.Errorf("accepted: %s", bad)
		}
	}
}

func TestAWriteIsAllOrNothing(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.interview("iv", "ana", noon)
	refusal := hiring.Refuse("No.")
	err := w.ChangeInterview(w.ctx(), "iv", func(iv *hiring.Interview) (outbox.Batch, error) {
		iv.State = hiring.Cancelled
		return outbox.Batch{Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarDelete, "iv", 1)}}, refusal
	})
	if err != error(refusal) {
		t.Errorf("error %v, want the one that change returned", err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = w.ChangeInterview(w.ctx(), "iv", func(iv *hiring.Interview) (outbox.Batch, error) {
			panic("a bug")
		})
	}()
	// The batch fails after the interview and the effect were written.
	err = w.ChangeInterview(w.ctx(), "iv", func(iv *hiring.Interview) (outbox.Batch, error) {
		iv.State = hiring.Cancelled
		iv.Panel = append(iv.Panel, iv.Panel[0]) // nobody sits twice on a panel
		return outbox.Batch{Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarDelete, "iv", 1)}}, nil
	})
	if err == nil {
		t.Error("a panel with somebody twice was accepted")
	}
	iv, err := w.Interview(w.ctx(), "iv")
	w.check(err)
	if iv.State != hiring.Booked || len(iv.Panel) != 2 || len(w.effects()) != 0 {
		t.Errorf("state %s, panel %v, effects %v", iv.State, iv.Panel, w.effects())
	}
	w.check(w.WantHome(w.ctx(), "Pia")) // and the writer is free
}

// A change may read meanwhile; what it reads is what was committed before.
func TestReadersDontWaitForTheWriter(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.interview("iv", "ana", noon)
	w.check(w.ChangeInterview(w.ctx(), "iv", func(iv *hiring.Interview) (outbox.Batch, error) {
		iv.Reason = "changed"
		stored, err := w.Interview(w.ctx(), "iv")
		if err != nil || stored.Reason != "" {
			t.Errorf("read %v, %v", stored, err)
		}
		_, err = w.Case(w.ctx(), "iv")
		return outbox.Batch{}, err
	}))
}

func TestCancelledContext(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(w.ctx())
	cancel()
	isErr(t, w.WantHome(ctx, "Pia"), context.Canceled)
	_, err := w.Roles(ctx)
	isErr(t, err, context.Canceled)
}

func TestPing(t *testing.T) {
	db := sqlitetest.New(t)
	if err := db.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}
