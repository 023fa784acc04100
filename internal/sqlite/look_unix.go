//go:build unix && !aix && !solaris

package sqlite

import (
	"errors"
	"syscall"
)

// writable asks without opening the file: closing it again would end SQLite's
// locks on it in this process. https://www.sqlite.org/howtocorrupt.html, 2.2
func writable(path string) error {
	const write = 2 // W_OK
	return syscall.Access(path, write)
}

// running reports whether there is such a process.
func running(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || errors.Is(err, syscall.EPERM))
}
