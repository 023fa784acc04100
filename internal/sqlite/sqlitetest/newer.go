package sqlitetest

import (
	"database/sql"
	"testing"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Newer makes the database at path, which nobody has open, one that a newer
// version of the program has written.
func Newer(tb testing.TB, path string) {
	tb.Helper()
	Exec(tb, path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, 1)")
}

// Exec changes the database at path the way somebody with a SQLite shell would.
func Exec(tb testing.TB, path string, statements ...string) {
	tb.Helper()
	h, err := sql.Open("sqlite", path)
	if err != nil {
		tb.Fatal(err)
	}
	for _, statement := range statements {
		if _, err := h.Exec(statement); err != nil {
			tb.Fatal(err)
		}
	}
	if err := h.Close(); err != nil {
		tb.Fatal(err)
	}
}
