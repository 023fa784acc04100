//go:build !linux

package sqlite_test

import "os"

// syncData waits until the file is on disk.
func syncData(f *os.File) error { return f.Sync() }
