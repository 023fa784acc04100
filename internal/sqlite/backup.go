package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Backup writes a consistent copy of the database to a new file, while the
// database is in use. The file appears complete or not at all. It holds
// everything that the database holds: guard it in the same way.
//
// SQLite's VACUUM INTO does not flush the copy to the disk, so this does.
// https://www.sqlite.org/lang_vacuum.html#vacuuminto
func (db *DB) Backup(ctx context.Context, path string) (err error) {
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("back up to %s: the file exists; choose another name or move it away", path)
	}
	partial := path + ".partial"
	if err := os.Remove(partial); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("back up: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(partial))
		}
	}()
	// Made beforehand, so that it never is readable for others.
	f, err := os.OpenFile(partial, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	defer f.Close()
	c, err := db.take(ctx, db.writer)
	if err != nil {
		return err
	}
	err = c.do("VACUUM INTO ?", partial)
	db.writer <- c
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("back up: %w", err)
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
