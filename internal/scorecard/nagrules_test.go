package scorecard

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"convene/internal/hiring"
)

// Whatever people's days look like, a nag comes in working hours, once a day, not
// before a snooze ends, and not while the person is busy unless it is the last
// quarter hour for it. And it does come.
func TestNagRules(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		z := zone(t, rapid.SampledFrom([]string{"America/Chicago", "Pacific/Auckland", "Asia/Kathmandu"}).Draw(rt, "zone"))
		p := w.who[karly]
		p.Zone = z.String()
		p.Hours = hiring.Hours{
			Days:  rapid.SampledFrom([][]time.Weekday{nineFive.Days, {time.Monday, time.Thursday}}).Draw(rt, "days"),
			Start: time.Duration(rapid.IntRange(0, 12*4).Draw(rt, "start")) * quarter,
		}
		p.Hours.End = p.Hours.Start + time.Duration(rapid.IntRange(2, 11*4).Draw(rt, "length"))*quarter
		w.who[karly] = p
		first := w.cases["ana"].Interview
		first.Panel, first.Deadline = first.Panel[:1], w.at("2026-12-18 17:00")
		w.also("ben", "2026-11-18 16:30")
		w.interviewDue("ana")
		w.interviewDue("ben")
		w.busy[karly] = hiring.Calendar{Busy: drawBusy(rt, first.End)}
		if rapid.Bool().Draw(rt, "unreadable") {
			w.busy[karly] = hiring.Calendar{Unreadable: "not shared"}
		}
		if rapid.IntRange(0, 9).Draw(rt, "google") == 0 {
			w.google = errors.New("google is down")
		}
		snoozeAt := rapid.IntRange(0, 9).Draw(rt, "snooze at")
		week, days := w.week(p, w.cases["ana"].Role), map[string]int{}
		w.now = first.End
		for step := 0; w.now.Before(first.End.Add(9 * 24 * time.Hour)); step++ {
			for key := range strings.FieldsSeq(w.tick("")) {
				if strings.HasPrefix(key, "nag:") || strings.HasPrefix(key, "again:") {
					checkNag(rt, w, week, key)
				}
				if strings.HasPrefix(key, "nag:") {
					days[w.now.In(z).Format(time.DateOnly)]++
				}
			}
			if len(days) > 0 && step >= snoozeAt { // it is offered from the first reminder on
				snoozeAt = 1000
				if choices, _, err := w.Snoozable(t.Context(), karly); err == nil {
					w.putOff(karly, rapid.SampledFrom(choices).Draw(rt, "until"))
				}
			}
			next := w.now.Add(24 * time.Hour)
			for _, d := range w.due {
				if d.At.Before(next) {
					next = later(d.At, w.now.Add(time.Second))
				}
			}
			w.now = next
		}
		for day, n := range days {
			if n > 1 {
				rt.Fatalf("%d nags on %s", n, day)
			}
		}
		if len(days) == 0 {
			rt.Fatal("no nag ever came")
		}
	})
}

func drawBusy(t *rapid.T, from time.Time) []hiring.Interval {
	var out []hiring.Interval
	at := from
	for i := range rapid.IntRange(0, 12).Draw(t, "meetings") {
		at = at.Add(time.Duration(rapid.IntRange(1, 60*24).Draw(t, fmt.Sprint("gap ", i))) * time.Minute)
		end := at.Add(time.Duration(rapid.IntRange(5, 60*9).Draw(t, fmt.Sprint("length ", i))) * time.Minute)
		out = append(out, hiring.Interval{Start: at, End: end})
		at = end
	}
	return out
}

// checkNag holds one reminder to the rules, written down anew.
func checkNag(t *rapid.T, w *world, week Week, key string) {
	local := w.now.In(week.Zone)
	from, to := hiring.AtClock(local, week.Hours.Start), hiring.AtClock(local, week.Hours.End)
	if !week.Hours.On(local.Weekday()) || local.Format(time.DateOnly) == "2026-11-26" || local.Before(from) || !local.Before(to) {
		t.Fatalf("%s at %s, outside %s", key, local, week.Hours.Words())
	}
	if s := w.snoozes[karly]; s.Until.After(w.now) {
		t.Fatalf("%s at %s, put off until %s", key, local, s.Until)
	}
	start := w.now.Truncate(quarter)
	busy := w.google != nil || w.busy[karly].Unreadable != ""
	for _, b := range w.busy[karly].Busy {
		busy = busy || b.Overlaps(hiring.Interval{Start: start, End: start.Add(quarter)})
	}
	last := local.Hour() == 16 && local.Minute()/15 == 3 || !start.Add(2*quarter).Before(to)
	if busy && !last {
		t.Fatalf("%s at %s, while busy or unknown", key, local)
	}
}
