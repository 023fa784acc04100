package hiring

import (
	"slices"
	"time"
)

// An Override is what a person confirmed when they booked an interview at a time
// that speaks against the rules.
type Override struct {
	By      string // Slack user id
	At      time.Time
	Busy    []Occupied // collisions that they were shown
	Unknown []string   // Slack user ids of those whose calendars couldn't be read
}

// Occupied is a time at which a panelist has something else.
type Occupied struct {
	Person string // Slack user id
	Interval
}

// Covers reports whether all of the person's busy time was confirmed. What came
// up since wasn't. It takes a nil Override, which covers nothing.
func (o *Override) Covers(person string, busy Interval) bool {
	if o == nil {
		return false
	}
	left := []Interval{busy}
	for _, known := range o.Busy {
		if known.Person != person {
			continue
		}
		var rest []Interval
		for _, iv := range left {
			if !iv.Overlaps(known.Interval) {
				rest = append(rest, iv)
				continue
			}
			if iv.Start.Before(known.Start) {
				rest = append(rest, Interval{iv.Start, known.Start})
			}
			if iv.End.After(known.End) {
				rest = append(rest, Interval{known.End, iv.End})
			}
		}
		left = rest
	}
	return len(left) == 0
}

// CoversUnknown reports whether it was confirmed that nobody can tell whether
// the person is free.
func (o *Override) CoversUnknown(person string) bool {
	return o != nil && slices.Contains(o.Unknown, person)
}
