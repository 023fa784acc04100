package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// A lock keeps the database for one process: the one that talks to Slack and
// Google, carries out effects and changes tables. Two of those would send
// everything twice, and would take each other's work for cut short. It doesn't
// keep others from single transactions, which SQLite itself orders: a view
// reads beside the owner, and an erasure commits beside it and leaves its
// effects to the owner (see OpenBeside).
//
// The file stays when the lock is released: removing it could let two processes
// lock two files of that name.
type lock struct{ file *os.File }

// ErrInUse says that another process owns the database.
var ErrInUse = errors.New("the database is in use")

// errLocked says that another process holds the lock.
var errLocked = errors.New("locked")

// takeLock locks the file and writes this process's id in it. The lock ends
// with the process, however it ends.
func takeLock(path string) (*lock, error) {
	f, err := openLocked(path)
	if errors.Is(err, errLocked) {
		return nil, inUse(path)
	}
	if err != nil {
		return nil, fmt.Errorf("lock the database: %w", err)
	}
	l := &lock{f}
	if err := errors.Join(f.Chmod(0o600), f.Truncate(0)); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the database: %w", err), l.release())
	}
	if _, err := fmt.Fprintf(f, "%d\n", os.Getpid()); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the database: %w", err), l.release())
	}
	return l, nil
}

func inUse(path string) error {
	who := "another process"
	if f, err := os.Open(path); err == nil {
		raw, _ := io.ReadAll(io.LimitReader(f, 20))
		f.Close()
		if pid := strings.TrimSpace(string(raw)); pid != "" {
			who = "process " + pid
		}
	}
	return fmt.Errorf("%w by %s (%s is locked): stop that one first, or set DATABASE_PATH to another file", ErrInUse, who, path)
}

func (l *lock) release() error {
	return errors.Join(l.file.Truncate(0), l.file.Close()) // closing unlocks
}
