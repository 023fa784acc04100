package schedule

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"convene/internal/hiring"
)

// BenchmarkFind looks for an hour, in parts of one run: the floor touches every
// busy interval once, which no search can do without; prepare computes who works
// when; search finds all starts that suit; find is all of it and also ranks them
// and says why.
//
//	go test ./internal/schedule -run - -bench Find -benchmem
func BenchmarkFind(b *testing.B) {
	for _, size := range []struct{ people, weeks, blocks, pool int }{
		{3, 2, 30, 0}, {8, 8, 60, 0}, {10, 8, 400, 0}, {2, 8, 60, 12},
	} {
		name := fmt.Sprintf("%dx%dweeks,%dblocks,pool=%d", size.people, size.weeks, size.blocks, size.pool)
		inParts(b, name, busyPanel(b, size.people, size.weeks, size.blocks, size.pool))
	}
}

// BenchmarkBlocks shows how the parts grow with the number of blocks: from line
// to line they double.
func BenchmarkBlocks(b *testing.B) {
	for _, blocks := range []int{100, 200, 400, 800, 1600, 3200} {
		inParts(b, fmt.Sprintf("blocks=%d", blocks), busyPanel(b, 8, 8, blocks, 0))
	}
}

func inParts(b *testing.B, name string, q Question) {
	b.Run(name+"/floor", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if touch(q) == 0 {
				b.Fatal("nothing is busy")
			}
		}
	})
	b.Run(name+"/prepare", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			q.sweep()
		}
	})
	b.Run(name+"/search", func(b *testing.B) {
		b.ReportAllocs()
		s := q.sweep()
		for b.Loop() {
			if s.search(); s.open.next(0) < 0 {
				b.Fatal("nothing found")
			}
		}
	})
	b.Run(name+"/find", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if len(Find(q).Slots) == 0 {
				b.Fatal("nothing found")
			}
		}
	})
}

// touch reads where each busy interval starts and ends.
func touch(q Question) (sum int64) {
	for _, list := range append([][]Attendee{q.Panel}, poolsOf(q)...) {
		for i := range list {
			for _, b := range [...][]hiring.Interval{list[i].Calendar.Busy, list[i].Interviews} {
				for j := range b {
					sum += b[j].Start.Unix() ^ b[j].End.Unix()
				}
			}
		}
	}
	return sum
}

func poolsOf(q Question) (out [][]Attendee) {
	for _, p := range q.Pools {
		out = append(out, p.From)
	}
	return out
}

// busyPanel has people in four zones, busy at all hours of the week, but on the
// role's afternoons now and then. They have a few interviews and limits.
func busyPanel(t testing.TB, people, weeks, blocks, pool int) Question {
	q := question(t)
	q.Until = q.Now.AddDate(0, 0, 7*weeks)
	q.Buffer, q.PerDay, q.PerWeek, q.Offers, q.OffersDay = 10*time.Minute, 3, 8, 10, 3
	q.Panel = nil
	zones := []*time.Location{q.RoleZone, zone(t, "America/Denver"), zone(t, "America/New_York"), q.RoleZone, zone(t, "America/Los_Angeles")}
	var all []Attendee
	for i := range people + pool {
		a := Attendee{ID: fmt.Sprint(i), Name: fmt.Sprint(i), Part: hiring.Required, Zone: zones[i%len(zones)], Hours: nineFive}
		every := time.Duration(weeks) * 7 * 24 * time.Hour / time.Duration(blocks)
		for j := range blocks {
			start := q.Now.Add(time.Duration(j)*every + time.Duration((i*17+j*29)%60)*every/60)
			if h := start.Hour(); h >= 14 && h < 17 && start.Day()%2 == 0 {
				start = start.Add(-10 * time.Hour)
			}
			a.Calendar.Busy = append(a.Calendar.Busy, hiring.Interval{Start: start, End: start.Add(min(45*time.Minute, every/4))})
		}
		slices.SortFunc(a.Calendar.Busy, func(x, y hiring.Interval) int { return x.Start.Compare(y.Start) }) // as Google says it
		for week := range weeks {
			start := q.Now.AddDate(0, 0, 7*week).Add(time.Duration(i) * 24 * time.Hour)
			a.Interviews = append(a.Interviews, hiring.Interval{Start: start, End: start.Add(time.Hour)})
		}
		all = append(all, a)
	}
	q.Panel = slices.Clip(all[:people])
	if pool > 0 {
		q.Pools = []Pool{{Need: 4, From: all[people:]}}
	}
	return q
}
