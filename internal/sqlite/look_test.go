package sqlite_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"convene/internal/hiring"
	"convene/internal/sqlite"
)

// files returns what is in a folder, but for the shared memory, in which
// readers leave their marks.
func files(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "-shm") {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(e.Name())
		b.Write(raw)
	}
	return b.String()
}

func TestALookChangesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "convene.db")
	look, err := sqlite.LookAt(t.Context(), path)
	if err != nil || !look.Missing || files(t, dir) != "" {
		t.Fatalf("a database that isn't there: %+v, %v, %s", look, err, files(t, dir))
	}
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	role := &hiring.Role{Key: "ops", Revision: "1", Title: "Operations"}
	if err := db.PutRoles(t.Context(), []*hiring.Role{role}); err != nil {
		t.Fatal(err)
	}
	if err := db.SavePeople(t.Context(), []hiring.Person{{ID: "U1", Name: "Pia"}}); err != nil {
		t.Fatal(err)
	}
	same := func(when string, process int) {
		t.Helper()
		before := files(t, dir)
		look, err := sqlite.LookAt(t.Context(), path)
		if err != nil || look.Missing || look.Behind || look.Process != process || len(look.Roles) != 1 || look.Roles[0].Title != "Operations" || len(look.People) != 1 {
			t.Errorf("%s: %+v, %v", when, look, err)
		}
		if files(t, dir) != before {
			t.Errorf("%s: a file was changed", when)
		}
	}
	same("while it is open", os.Getpid())
	if _, err := sqlite.Open(t.Context(), path, sqlite.Options{}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("the look took the lock away: %v", err)
	}
	if err := db.SavePeople(t.Context(), []hiring.Person{{ID: "U1", Name: "Pia Two"}}); err != nil {
		t.Errorf("after a look nothing can be written: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	same("after it was closed", 0)
}

func TestALookSaysWhatToDo(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(t *testing.T, path string)
		want    string // in the error; "": the database is behind
	}{
		{"newer version", func(t *testing.T, path string) {
			withRaw(t, path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, 1)")
		}, "newer version of convene (schema 9000"},
		{"another program's", func(t *testing.T, path string) {
			withRaw(t, path, "DROP TABLE goose_db_version")
		}, "tables of another program: set DATABASE_PATH"},
		{"not a database", func(t *testing.T, path string) { overwrite(t, path, bytes.Repeat([]byte("Dear diary. "), 1000)) }, "is not a Convene database"},
		{"a folder", func(t *testing.T, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "is not a file: set DATABASE_PATH"},
		{"older version", func(t *testing.T, path string) { withRaw(t, path, "DELETE FROM goose_db_version WHERE version_id > 0") }, ""},
		{"empty file", func(t *testing.T, path string) { overwrite(t, path, nil) }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "convene.db")
			db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			c.prepare(t, path)
			look, err := sqlite.LookAt(t.Context(), path)
			switch {
			case c.want == "" && (err != nil || !look.Behind):
				t.Errorf("%+v, %v, want one that is behind", look, err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if runtime.GOOS != "linux" {
		return
	}
	// Nobody, not even root, can make a file there.
	if _, err := sqlite.LookAt(t.Context(), "/proc/self/convene.db"); err == nil || !strings.Contains(err.Error(), "no file can be made in") {
		t.Errorf("a folder that can't be written: %v", err)
	}
}

func overwrite(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
