package hiring

import "time"

// A Snooze is somebody's word that they want no reminder before a time. The zero
// Snooze is none.
type Snooze struct {
	Until time.Time
	Set   time.Time // when they said so
}
