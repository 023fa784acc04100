//go:build !race

package role_test

// raceDetector is whether the race detector is on, under which everything takes
// many times as long.
const raceDetector = false
