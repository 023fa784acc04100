//go:build unix && !aix && !solaris

package sqlite

import (
	"errors"
	"syscall"
)

// readable and writable ask without opening the file: closing it again would end
// SQLite's locks on it in this process. https://www.sqlite.org/howtocorrupt.html, 2.2
func readable(path string) error {
	const read = 4 // R_OK
	return syscall.Access(path, read)
}

func writable(path string) error {
	const write = 2 // W_OK
	return syscall.Access(path, write)
}

// running reports whether there is such a process.
func running(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || errors.Is(err, syscall.EPERM))
}
