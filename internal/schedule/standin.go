package schedule

import (
	"slices"
	"time"
)

// A Miss is a slot that one person keeps from being offered.
type Miss struct {
	Start time.Time
	Who   string // name
	WhoID string // Slack user id
	Why   string // in words that follow the name, e.g. "is busy"
}

// maxMisses is how many near misses are shown.
const maxMisses = 3

// nearest returns the soonest misses, one for each person and day first: the
// next half hour of the same day is hardly another way out.
func (q *Question) nearest(misses []Miss) []Miss {
	var out, alike []Miss
	seen := map[string]bool{}
	for _, m := range misses {
		key := m.WhoID + m.Start.In(q.RoleZone).Format(time.DateOnly)
		if seen[key] {
			alike = append(alike, m)
			continue
		}
		seen[key] = true
		out = append(out, m)
	}
	out = append(out, alike...)
	out = out[:min(len(out), maxMisses)]
	slices.SortFunc(out, func(a, b Miss) int { return a.Start.Compare(b.Start) })
	return out
}
