package schedule

import (
	"fmt"
	"testing"
	"time"

	"convene/internal/hiring"
)

// BenchmarkFind looks for an hour with a panel of five who have five meetings a
// day each.
func BenchmarkFind(b *testing.B) {
	for _, weeks := range []int{2, 8} {
		b.Run(fmt.Sprintf("panel=5/weeks=%d", weeks), func(b *testing.B) {
			q := busyPanel(b, weeks)
			b.ReportAllocs()
			for b.Loop() {
				if ans := Find(q); len(ans.Slots) == 0 {
					b.Fatal(ans.InWay)
				}
			}
		})
	}
}

func busyPanel(t testing.TB, weeks int) Question {
	q := question(t)
	q.Until = q.Now.AddDate(0, 0, 7*weeks)
	q.Buffer, q.PerDay, q.PerWeek, q.Offers, q.OffersDay = 10*time.Minute, 3, 8, 10, 3
	q.Panel = nil
	for i, name := range []string{"America/Chicago", "America/Denver", "America/New_York", "America/Chicago", "America/Los_Angeles"} {
		a := Attendee{ID: fmt.Sprint(i), Name: fmt.Sprint(i), Part: hiring.Required, Zone: zone(t, name), Hours: nineFive}
		for day := range 7 * weeks {
			date := q.Now.AddDate(0, 0, day)
			for m := range 5 {
				start := date.Add(time.Duration(1+2*m)*time.Hour + time.Duration(30*((i+day)%2))*time.Minute)
				if (day+m)%4 != 0 {
					a.Calendar.Busy = append(a.Calendar.Busy, hiring.Interval{Start: start, End: start.Add(30 * time.Minute)})
				}
			}
			if (day+i)%3 == 0 {
				a.Interviews = append(a.Interviews, hiring.Interval{Start: date.Add(9 * time.Hour), End: date.Add(10 * time.Hour)})
			}
		}
		q.Panel = append(q.Panel, a)
	}
	return q
}
