//go:build !linux

package main

import "runtime/debug"

// releaseStartup gives back the garbage of the start.
func releaseStartup() error {
	debug.FreeOSMemory()
	return nil
}
