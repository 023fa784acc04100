package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
)

// releaseStartup gives back the memory that only the start needed: garbage, and
// the pages of the program's own file that package initialisation, migrations
// and role files touched once (the Google client alone brings some 200
// packages). They are the file's unchanged pages, so a page that is needed after
// all is simply mapped again. It halves what a small machine must hold for a
// bot that mostly waits.
func releaseStartup() error {
	debug.FreeOSMemory()
	self, err := os.Executable()
	if err != nil {
		return err
	}
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return err
	}
	defer maps.Close()
	lines := bufio.NewScanner(maps)
	for lines.Scan() {
		var start, end uintptr
		var mode string
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x %s", &start, &end, &mode); err != nil || !strings.HasSuffix(lines.Text(), self) {
			continue
		}
		if strings.Contains(mode, "w") {
			continue // data that may have changed
		}
		if _, _, errno := syscall.Syscall(syscall.SYS_MADVISE, start, end-start, syscall.MADV_DONTNEED); errno != 0 {
			return fmt.Errorf("madvise: %w", errno)
		}
	}
	return lines.Err()
}
