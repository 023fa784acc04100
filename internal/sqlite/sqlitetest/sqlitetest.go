// Package sqlitetest gives tests a database.
package sqlitetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"convene/internal/sqlite"
)

// New returns an empty database in a file that goes with the test.
func New(tb testing.TB) *sqlite.DB { return With(tb, sqlite.Options{}) }

// With does the same with options, e.g. a clock.
func With(tb testing.TB, o sqlite.Options) *sqlite.DB {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "convene.db")
	if err := Put(path); err != nil {
		tb.Fatal(err)
	}
	db, err := sqlite.Open(tb.Context(), path, o)
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

// Put makes an empty database at path with all its tables, closed, for whoever
// opens it next. The migrations are applied once for each test program, the way
// they always are; every database is a copy of the file that they made.
func Put(path string) error {
	raw, err := empty()
	if err != nil {
		return err
	}
	return os.WriteFile(path, raw, 0o600)
}

// empty is the file of a database that was opened for the first time and closed.
var empty = sync.OnceValues(func() (raw []byte, err error) {
	dir, err := os.MkdirTemp("", "convene-empty-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "convene.db")
	db, err := sqlite.Open(context.Background(), path, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})
