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
	h, err := sql.Open("sqlite", path)
	if err != nil {
		tb.Fatal(err)
	}
	_, err = h.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, 1)")
	if err != nil {
		tb.Fatal(err)
	}
	if err := h.Close(); err != nil {
		tb.Fatal(err)
	}
}
