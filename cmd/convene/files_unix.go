//go:build unix

package main

import "syscall"

// restrictNewFiles makes every file that the program creates readable by its
// own user only: the database and its journals hold people's data.
func restrictNewFiles() { syscall.Umask(0o077) }
