//go:build !unix

package main

// restrictNewFiles does nothing: new files have their directory's permissions.
func restrictNewFiles() {}
