package schedule

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"convene/internal/hiring"
)

// naive is the rules of PRODUCT.md, minute by minute.
type naive struct{ q Question }

func (n naive) minutes(iv hiring.Interval, ok func(time.Time) bool) bool {
	for m := iv.Start; m.Before(iv.End); m = m.Add(time.Minute) {
		if !ok(m) {
			return false
		}
	}
	return true
}

func within(m time.Time, z *time.Location, from, to time.Duration) bool {
	l := m.In(z)
	clock := time.Duration(l.Hour())*time.Hour + time.Duration(l.Minute())*time.Minute
	return clock >= from && clock < to
}

func monday(t time.Time) string {
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7).Format(time.DateOnly)
}

func (n naive) free(a Attendee, slot hiring.Interval) bool {
	if a.Calendar.Unreadable != "" {
		return false
	}
	if !n.minutes(slot, func(m time.Time) bool {
		return slices.Contains(a.Hours.Days, m.In(a.Zone).Weekday()) && within(m, a.Zone, a.Hours.Start, a.Hours.End) &&
			m.In(a.Zone).Day() == slot.Start.In(a.Zone).Day()
	}) {
		return false
	}
	padded := hiring.Interval{Start: slot.Start.Add(-n.q.Buffer), End: slot.End.Add(n.q.Buffer)}
	if !n.minutes(padded, func(m time.Time) bool {
		return !slices.ContainsFunc(slices.Concat(a.Calendar.Busy, a.Interviews), func(b hiring.Interval) bool { return !m.Before(b.Start) && m.Before(b.End) })
	}) {
		return false
	}
	day, week := 0, 0
	for _, iv := range a.Interviews {
		s := iv.Start.In(a.Zone)
		if s.Format(time.DateOnly) == slot.Start.In(a.Zone).Format(time.DateOnly) {
			day++
		}
		if monday(s) == monday(slot.Start.In(a.Zone)) {
			week++
		}
	}
	return (n.q.PerDay == 0 || day < n.q.PerDay) && (n.q.PerWeek == 0 || week < n.q.PerWeek)
}

func (n naive) possible(slot hiring.Interval) bool {
	q := n.q
	return !slot.Start.Before(q.Now.Add(q.Notice)) && !slot.Start.Before(q.From) && slot.Start.Before(q.Until) &&
		(q.Holiday == nil || !q.Holiday(slot.Start.In(q.RoleZone))) &&
		n.minutes(slot, func(m time.Time) bool {
			return within(m, q.CandidateZone, q.Earliest, q.Latest) && m.In(q.CandidateZone).Day() == slot.Start.In(q.CandidateZone).Day()
		})
}

// slots maps each slot's start to the names of the optional people who can't.
func (n naive) slots() map[int64][]string {
	out := map[int64][]string{}
	for start := n.q.Now.Truncate(time.Minute); start.Before(n.q.Until); start = start.Add(time.Minute) {
		if start.Unix()%1800 != 0 {
			continue
		}
		slot := hiring.Interval{Start: start, End: start.Add(n.q.Duration)}
		ok, without := n.possible(slot), []string(nil)
		for _, a := range n.q.Panel {
			if ok && !n.free(a, slot) {
				if a.Part == hiring.Required {
					ok = false
				}
				without = append(without, a.Name)
			}
		}
		if ok {
			out[start.Unix()] = without
		}
	}
	return out
}

// drawQuestion makes a question around the changes of clocks, in zones east and
// west, with odd offsets among them.
func drawQuestion(t *rapid.T) Question {
	zones := []string{"America/Chicago", "America/Denver", "Pacific/Auckland", "Europe/Berlin", "Asia/Kathmandu", "UTC"}
	drawZone := func(label string) *time.Location {
		loc, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, label))
		if err != nil {
			t.Fatal(err)
		}
		return loc
	}
	day := rapid.SampledFrom([]string{
		"2026-03-06", "2026-04-03", "2026-09-25", "2026-10-23", "2026-10-30", "2026-11-18", "2026-12-30",
	}).Draw(t, "day")
	base, _ := time.Parse(time.DateOnly, day)
	now := base.Add(time.Duration(rapid.IntRange(0, 24*60).Draw(t, "minute")) * time.Minute)
	span := rapid.IntRange(1, 4).Draw(t, "days")
	stretch := func(label string) hiring.Interval {
		start := base.Add(time.Duration(rapid.IntRange(-24*4, 24*4*5).Draw(t, label+" start")) * 15 * time.Minute)
		return hiring.Interval{Start: start, End: start.Add(time.Duration(rapid.IntRange(1, 12).Draw(t, label+" length")) * 15 * time.Minute)}
	}
	q := Question{
		Now: now, From: now.Add(time.Duration(rapid.IntRange(-24, 24).Draw(t, "from")) * time.Hour), Until: now.AddDate(0, 0, span),
		Duration:      time.Duration(rapid.SampledFrom([]int{15, 30, 45, 60, 90}).Draw(t, "duration")) * time.Minute,
		Buffer:        time.Duration(rapid.SampledFrom([]int{0, 10, 15, 30}).Draw(t, "buffer")) * time.Minute,
		Notice:        time.Duration(rapid.IntRange(0, 30).Draw(t, "notice")) * time.Hour,
		CandidateZone: drawZone("candidate's zone"), RoleZone: drawZone("role's zone"),
		Earliest: time.Duration(rapid.IntRange(6, 10).Draw(t, "earliest")) * time.Hour,
		Latest:   time.Duration(rapid.IntRange(14, 23).Draw(t, "latest")) * time.Hour,
		PerDay:   rapid.IntRange(0, 2).Draw(t, "per day"), PerWeek: rapid.IntRange(0, 3).Draw(t, "per week"),
		Offers: 10000,
	}
	if off := rapid.IntRange(-1, span).Draw(t, "holiday"); off >= 0 {
		date := base.AddDate(0, 0, off).Format(time.DateOnly)
		q.Holiday = func(d time.Time) bool { return d.Format(time.DateOnly) == date }
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "panel") {
		who := fmt.Sprintf("panelist %d", i)
		a := Attendee{
			ID: fmt.Sprint(i), Name: fmt.Sprintf("P%d", i), Zone: drawZone(who + "'s zone"),
			Part: rapid.SampledFrom([]hiring.Part{hiring.Required, hiring.Required, hiring.Optional, hiring.Shadow}).Draw(t, who+"'s part"),
			Hours: hiring.Hours{
				Days:  rapid.SampledFrom([][]time.Weekday{weekdays, {time.Monday, time.Saturday, time.Sunday}, {0, 1, 2, 3, 4, 5, 6}}).Draw(t, who+"'s days"),
				Start: time.Duration(rapid.IntRange(7*2, 11*2).Draw(t, who+"'s start")) * 30 * time.Minute,
				End:   time.Duration(rapid.IntRange(13*2, 22*2).Draw(t, who+"'s end")) * 30 * time.Minute,
			},
		}
		for j := range rapid.IntRange(0, 4).Draw(t, who+"'s meetings") {
			a.Calendar.Busy = append(a.Calendar.Busy, stretch(fmt.Sprintf("%s's meeting %d", who, j)))
		}
		for j := range rapid.IntRange(0, 3).Draw(t, who+"'s interviews") {
			a.Interviews = append(a.Interviews, stretch(fmt.Sprintf("%s's interview %d", who, j)))
		}
		if rapid.IntRange(0, 9).Draw(t, who+" unreadable") == 0 {
			a.Calendar.Unreadable = "not shared"
		}
		q.Panel = append(q.Panel, a)
	}
	return q
}

// findKeepsTheRules compares Find with the naive search: the same slots, not
// one more, not one less.
func findKeepsTheRules(t *rapid.T) {
	q := drawQuestion(t)
	ans := Find(q)
	want := naive{q}.slots()
	if slices.ContainsFunc(q.Panel, func(a Attendee) bool { return a.Part == hiring.Required && a.Calendar.Unreadable != "" }) {
		want = nil
	}
	for i, s := range ans.Slots {
		without, ok := want[s.Start.Unix()]
		if !ok {
			t.Fatalf("offered %s, which breaks a rule", s.Start)
		}
		if !slices.Equal(s.Without, without) {
			t.Fatalf("%s is without %v, want %v", s.Start, s.Without, without)
		}
		if s.End.Sub(s.Start) != q.Duration || len(s.Reasons) == 0 || s.Cost < 0 {
			t.Fatalf("malformed %+v", s)
		}
		if i > 0 && better(ans.Slots[i-1], s) >= 0 {
			t.Fatalf("%s (%d) comes before %s (%d)", ans.Slots[i-1].Start, ans.Slots[i-1].Cost, s.Start, s.Cost)
		}
		delete(want, s.Start.Unix())
	}
	for missing := range want {
		t.Fatalf("%s was not offered", time.Unix(missing, 0).UTC())
	}
	if len(ans.Slots) == 0 && len(ans.InWay) == 0 {
		t.Fatal("no slots, and no word why")
	}
	for _, m := range ans.Misses {
		slot, failing := hiring.Interval{Start: m.Start, End: m.Start.Add(q.Duration)}, []string(nil)
		for _, a := range q.Panel {
			if a.Part == hiring.Required && !(naive{q}).free(a, slot) {
				failing = append(failing, a.Name)
			}
		}
		if !slices.Equal(failing, []string{m.Who}) || m.Why == "" {
			t.Fatalf("near miss %+v, but %v can't", m, failing)
		}
	}
	if diff := cmp.Diff(ans, Find(q)); diff != "" {
		t.Fatalf("the same question has another answer: %s", diff)
	}
	few := q
	few.Offers, few.OffersDay = 4, 2
	perDay := map[string]int{}
	chosen := Find(few).Slots
	for i, s := range chosen {
		perDay[s.Start.In(q.RoleZone).Format(time.DateOnly)]++
		if !slices.ContainsFunc(ans.Slots, func(a Slot) bool { return a.Start.Equal(s.Start) && a.Cost == s.Cost }) {
			t.Fatalf("%s is only among the few", s.Start)
		}
		if i > 0 && better(chosen[i-1], s) >= 0 {
			t.Fatal("the few aren't in order")
		}
	}
	for day, n := range perDay {
		if n > 2 {
			t.Fatalf("%d offers on %s", n, day)
		}
	}
	if len(chosen) > 4 || len(chosen) == 0 && len(ans.Slots) > 0 {
		t.Fatalf("%d of %d were chosen", len(chosen), len(ans.Slots))
	}
	if len(ans.Slots) > 0 && !chosen[0].Start.Equal(ans.Slots[0].Start) {
		t.Fatal("the best isn't among the few")
	}
}

func TestFindKeepsTheRules(t *testing.T) { rapid.Check(t, findKeepsTheRules) }

func FuzzFind(f *testing.F) { f.Fuzz(rapid.MakeFuzz(findKeepsTheRules)) }
