package sqlite

import "os"

func readable(path string) error { return opens(path, os.O_RDONLY) }

func writable(path string) error { return opens(path, os.O_RDWR) }

func opens(path string, how int) error {
	f, err := os.OpenFile(path, how, 0)
	if err != nil {
		return reason(err)
	}
	return f.Close()
}

// running reports whether there is such a process.
func running(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	_ = p.Release()
	return true
}
