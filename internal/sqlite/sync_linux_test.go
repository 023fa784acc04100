package sqlite_test

import (
	"os"
	"syscall"
)

// syncData waits until the file's content is on disk, as SQLite does.
func syncData(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }
