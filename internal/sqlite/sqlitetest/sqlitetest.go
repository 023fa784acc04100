// Package sqlitetest gives tests a database.
package sqlitetest

import (
	"path/filepath"
	"testing"

	"convene/internal/sqlite"
)

// New returns an empty database in a file that goes with the test.
func New(tb testing.TB) *sqlite.DB { return With(tb, sqlite.Options{}) }

// With does the same with options, e.g. a clock.
func With(tb testing.TB, o sqlite.Options) *sqlite.DB {
	tb.Helper()
	db, err := sqlite.Open(tb.Context(), filepath.Join(tb.TempDir(), "convene.db"), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return db
}
