package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// A Copy says what a backup holds, without anybody's data.
type Copy struct {
	Bytes  int64
	Tables []TableRows // by name
	Head   AuditHead   // of the audit trail
}

// TableRows is how many rows a table has.
type TableRows struct {
	Table string
	Rows  int64
}

// A TargetError says why a file can't be that of a backup, whatever the
// database holds.
type TargetError struct{ Path, Problem string }

func (e *TargetError) Error() string { return "back up to " + e.Path + ": " + e.Problem }

// Backup writes a consistent copy of the database to a file, also while
// another process writes to the database: the copy holds all that was
// committed when Backup began. It is checked before it gets its name, so the
// file appears complete or not at all. It can be read by its owner only, and
// holds everything that the database holds: guard it in the same way.
//
// A file that exists is replaced only when replace is set. A process that is
// killed meanwhile leaves files with ".partial-" in their names; the next backup
// to the same file removes them once they are an hour old.
func (v *View) Backup(ctx context.Context, path string, replace bool) (Copy, error) {
	path, err := target(v.db.path, path, replace)
	if err != nil {
		return Copy{}, err
	}
	var made Copy
	err = writeCopy(path, func(partial string) error {
		if _, err := v.copier.ExecContext(ctx, "VACUUM INTO ?", partial); err != nil {
			return explainCopy(v.db.path, path, err)
		}
		if err := markCopy(ctx, partial); err != nil {
			return explainCopy(v.db.path, path, err)
		}
		made, err = inspect(ctx, partial)
		if err != nil {
			return fmt.Errorf("back up: the copy is not sound, and was removed: %w", err)
		}
		_, err := target(v.db.path, path, replace) // somebody may have made the file meanwhile
		return err
	})
	if err != nil {
		return Copy{}, err
	}
	return made, nil
}

// Backup does the same from the process that owns the database, without
// checking the copy. A file that exists is not replaced.
func (db *DB) Backup(ctx context.Context, path string) error {
	path, err := target(db.path, path, false)
	if err != nil {
		return err
	}
	return writeCopy(path, func(partial string) error {
		c, err := db.take(ctx, db.writer)
		if err != nil {
			return err
		}
		defer func() { db.writer.put(c) }()
		if err := c.do("VACUUM INTO ?", partial); err != nil {
			return explainCopy(db.path, path, err)
		}
		return nil
	})
}

// copyMark is in a backup and not in the database that it was made of: who
// starts on it starts with the past.
const copyMark = "this is a backup"

func markCopy(ctx context.Context, path string) (err error) {
	h, err := sql.Open("sqlite", uri(path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	_, err = h.ExecContext(ctx, "INSERT OR REPLACE INTO secrets VALUES (?, x'01')", copyMark)
	return err
}

// target returns the absolute path of a backup's file, or why there can be no
// backup of that name.
func target(database, path string, replace bool) (string, error) {
	refuse := func(format string, args ...any) (string, error) {
		return "", &TargetError{path, fmt.Sprintf(format, args...)}
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("back up: %w", err)
	}
	if dir, err := os.Stat(filepath.Dir(abs)); err != nil || !dir.IsDir() {
		return refuse("its folder does not exist: make %s first", filepath.Dir(path))
	}
	if isOf, err := belongsTo(database, abs); err != nil || isOf {
		return refuse("that is a file of the database itself: choose another name")
	}
	info, err := os.Lstat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return refuse("%v", err)
	case info.IsDir():
		return refuse("that is a folder: name a file in it, e.g. %s", filepath.Join(path, "convene-backup.db"))
	case !info.Mode().IsRegular():
		return refuse("that is not a plain file: choose another name")
	case !replace:
		return refuse("the file exists: choose another name, or add --force to replace it")
	}
	// SQLite would take such a file for the newest part of the copy.
	// https://www.sqlite.org/howtocorrupt.html#_mispairing_database_files_and_hot_journals
	for _, side := range []string{"-wal", "-journal"} {
		if _, err := os.Lstat(abs + side); err == nil {
			return refuse("%s is beside it, and would be mistaken for a part of the copy: choose another name, or see who uses that file", filepath.Base(abs)+side)
		}
	}
	return abs, nil
}

// belongsTo reports whether a path is the database or one of the files beside it.
func belongsTo(database, path string) (bool, error) {
	real, err := resolve(path)
	if err != nil {
		return false, err
	}
	if side, ok := strings.CutPrefix(real, database); ok {
		switch side {
		case "", "-wal", "-shm", "-journal", ".lock":
			return true, nil
		}
	}
	a, err := os.Stat(database)
	if err != nil {
		return false, err
	}
	b, err := os.Stat(path)
	return err == nil && os.SameFile(a, b), nil // it may not exist yet
}

// writeCopy lets fill write a file under a passing name, flushes it to the disk
// and gives it its own. SQLite's VACUUM INTO does not flush what it writes.
// https://www.sqlite.org/lang_vacuum.html#vacuuminto
func writeCopy(path string, fill func(partial string) error) (err error) {
	if err := removeKilled(path, time.Now().Add(-time.Hour)); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	// Made beforehand, so that it never is readable for others.
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".partial-*")
	if err != nil {
		return fmt.Errorf("back up to %s: its folder can't be written to: name a file in a folder where this user may make files: %w", path, withoutPath(err))
	}
	partial := f.Name()
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			for _, side := range []string{"", "-journal"} {
				_ = os.Remove(partial + side) // the first error says more
			}
		}
	}()
	if err := fill(partial); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return explainCopy("", path, err)
	}
	if err := os.Rename(partial, path); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	defer dir.Close()
	return dir.Sync()
}

// removeKilled removes what backups to the same file left when they were
// killed: their files that nobody has written to since then.
func removeKilled(path string, since time.Time) error {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), filepath.Base(path)+".partial-") {
			continue
		}
		if info, err := e.Info(); err != nil || !info.Mode().IsRegular() || info.ModTime().After(since) {
			continue // it is gone already, or may be in use
		}
		if err := os.Remove(filepath.Join(filepath.Dir(path), e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// inspect checks a finished copy and counts what is in it.
func inspect(ctx context.Context, path string) (Copy, error) {
	v, err := openView(ctx, path)
	if err != nil {
		return Copy{}, err
	}
	defer v.Close()
	made := Copy{}
	err = v.db.read(ctx, func(c *conn) error {
		text := func(r row) (s string, err error) { return s, r.Scan(&s) }
		number := func(r row) (n int64, err error) { return n, r.Scan(&n) }
		verdict, err := one(c, text, "PRAGMA integrity_check(1)")
		if err != nil {
			return err
		}
		if verdict != "ok" {
			return &damaged{verdict}
		}
		tables, err := all(c, text, `SELECT name FROM sqlite_schema WHERE type = 'table'
			AND name NOT GLOB 'sqlite_*' AND name <> 'goose_db_version' ORDER BY name`)
		if err != nil {
			return err
		}
		for _, table := range tables {
			n, err := one(c, number, `SELECT count(*) FROM "`+table+`"`)
			if err != nil {
				return err
			}
			made.Tables = append(made.Tables, TableRows{table, n})
		}
		made.Head, err = auditHead(c)
		return err
	})
	if err != nil {
		return Copy{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return Copy{}, err
	}
	made.Bytes = info.Size()
	return made, nil
}

// explainCopy says what to do about an error of writing a copy.
func explainCopy(database, path string, err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), code(err)&0xff == sqlite3.SQLITE_INTERRUPT:
		return fmt.Errorf("back up to %s: it was stopped; nothing was written", path) // not a ctx error: the caller has no backup
	case code(err)&0xff == sqlite3.SQLITE_FULL, errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("back up to %s: the disk is full; nothing was written: make room, or name a file on another disk: %w", path, err)
	case code(err)&0xff == sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("back up: the database %s is damaged; nothing was written: stop the bot and put an earlier backup in its place: %w", database, err)
	}
	return fmt.Errorf("back up to %s: %w", path, err)
}

// withoutPath returns the reason of a file error without the file's name.
func withoutPath(err error) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		return file.Err
	}
	return err
}
