package schedule

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"convene/internal/hiring"
)

// drawQuestion makes a question around the changes of clocks, in zones east and
// west, with odd offsets among them.
func drawQuestion(t *rapid.T) Question {
	zones := []string{
		"America/Chicago", "Pacific/Auckland", "Europe/Berlin", "Asia/Kathmandu", "UTC", "Pacific/Chatham", "Australia/Adelaide", "Australia/Lord_Howe", "Africa/Cairo",
	}
	var two []*time.Location // most live in the first, so that their hours meet
	for range 2 {
		loc, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		two = append(two, loc)
	}
	drawZone := func(label string) *time.Location {
		return two[rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(t, label)]
	}
	day := rapid.SampledFrom([]string{
		"2026-03-07", "2026-04-04", "2026-04-23", "2026-09-26", "2026-10-03", "2026-10-24", "2026-10-29", "2026-10-31", "2026-11-18",
	}).Draw(t, "day")
	base, _ := time.Parse(time.DateOnly, day)
	now := base.Add(time.Duration(rapid.IntRange(0, 24*60).Draw(t, "minute")) * time.Minute)
	span := rapid.IntRange(1, 2).Draw(t, "days")
	stretch := func(label string) hiring.Interval {
		start := base.Add(time.Duration(rapid.IntRange(-24*4, 24*4*4).Draw(t, label+" start")) * 15 * time.Minute)
		return hiring.Interval{Start: start, End: start.Add(time.Duration(rapid.IntRange(0, 8).Draw(t, label+" length")) * 15 * time.Minute)}
	}
	q := Question{
		Now: now, From: now.Add(time.Duration(rapid.IntRange(-24, 12).Draw(t, "from")) * time.Hour), Until: now.AddDate(0, 0, span),
		Duration:      time.Duration(rapid.SampledFrom([]int{15, 30, 45, 60, 90}).Draw(t, "duration")) * time.Minute,
		Buffer:        time.Duration(rapid.SampledFrom([]int{0, 10, 15, 30}).Draw(t, "buffer")) * time.Minute,
		Notice:        time.Duration(rapid.IntRange(0, 12).Draw(t, "notice")) * time.Hour,
		CandidateZone: drawZone("candidate's zone"), RoleZone: drawZone("role's zone"),
		Earliest: time.Duration(rapid.IntRange(0, 10).Draw(t, "earliest")) * time.Hour,
		Latest:   time.Duration(rapid.IntRange(14, 24).Draw(t, "latest")) * time.Hour,
		PerDay:   rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "per day"), PerWeek: rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "per week"),
		Offers: 10000,
	}
	if off := rapid.IntRange(-1, span).Draw(t, "holiday"); off >= 0 {
		date := base.AddDate(0, 0, off).Format(time.DateOnly)
		q.Holiday = func(d time.Time) bool { return d.Format(time.DateOnly) == date }
	}
	var people []Attendee
	q.Pools = make([]Pool, rapid.IntRange(0, 2).Draw(t, "pools"))
	for i := range rapid.IntRange(1+2*len(q.Pools), 3+2*len(q.Pools)).Draw(t, "people") {
		who := fmt.Sprintf("panelist %d", i)
		a := Attendee{
			ID: fmt.Sprint(i), Name: fmt.Sprintf("P%d", i), Zone: drawZone(who + "'s zone"), Part: hiring.Required,
			Hours: hiring.Hours{
				Days:  rapid.SampledFrom([][]time.Weekday{{0, 1, 2, 3, 4, 5, 6}, {0, 1, 2, 3, 4, 5, 6}, {time.Monday, time.Saturday, time.Sunday}, weekdays}).Draw(t, who+"'s days"),
				Start: time.Duration(rapid.IntRange(0, 9*2).Draw(t, who+"'s start")) * 30 * time.Minute,
				End:   time.Duration(rapid.IntRange(15*2, 24*2).Draw(t, who+"'s end")) * 30 * time.Minute,
			},
		}
		for j := range rapid.IntRange(0, 3).Draw(t, who+"'s meetings") {
			a.Calendar.Busy = append(a.Calendar.Busy, stretch(fmt.Sprintf("%s's meeting %d", who, j)))
		}
		for j := range rapid.IntRange(0, 2).Draw(t, who+"'s interviews") {
			a.Interviews = append(a.Interviews, stretch(fmt.Sprintf("%s's interview %d", who, j)))
		}
		if rapid.IntRange(0, 15).Draw(t, who+" unreadable") == 0 {
			a.Calendar.Unreadable = "not shared"
		}
		people = append(people, a)
	}
	for i := range q.Pools {
		q.Pools[i].Need = rapid.SampledFrom([]int{1, 1, 2}).Draw(t, "need")
	}
	for i, a := range people { // on the panel, in pools, or both
		where := -1
		if i > 0 {
			where = rapid.SampledFrom([]int{-1, 0, 1, 2, 2}).Draw(t, "where "+a.ID)
		}
		for i := range q.Pools {
			if where == i || where == 2 {
				q.Pools[i].From = append(q.Pools[i].From, a)
			}
		}
		if where < 0 || where == 2 && rapid.IntRange(0, 3).Draw(t, "both") == 0 {
			a.Part = rapid.SampledFrom([]hiring.Part{hiring.Required, hiring.Optional, hiring.Shadow}).Draw(t, a.ID+"'s part")
			q.Panel = append(q.Panel, a)
		}
	}
	return q
}

// findKeepsTheRules compares Find with the naive search: the same slots, not
// one more, not one less, each with the people and at the cost that it must
// have.
func findKeepsTheRules(t *rapid.T) {
	q := drawQuestion(t)
	if len(q.Pools) > 0 && rapid.IntRange(0, 3).Draw(t, "only pools") == 0 {
		q.Panel = nil
	}
	ans := Find(q)
	n := naive{q}
	want := n.slots()
	for i, s := range ans.Slots {
		must, ok := want[s.Start.Unix()]
		if !ok {
			t.Fatalf("offered %s, which breaks a rule", s.Start)
		}
		if !slices.Equal(s.Without, must.without) || !slices.Equal(s.Seats, must.seats) {
			t.Fatalf("%s is without %v and seats %v, want %v", s.Start, s.Without, s.Seats, must)
		}
		if s.End.Sub(s.Start) != q.Duration || len(s.Reasons) == 0 {
			t.Fatalf("malformed %+v", s)
		}
		if i%7 == 0 && s.Cost != n.cost(s.Start, must) {
			t.Fatalf("%s costs %d, want %d", s.Start, s.Cost, n.cost(s.Start, must))
		}
		if i > 0 && !inOrder(ans.Slots[i-1], s) {
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
	if diff := cmp.Diff(ans.Slots, Find(mixed(t, q)).Slots); diff != "" {
		t.Fatalf("the same question, in another order, has another answer: %s", diff)
	}
	fewAreTheBest(t, q, ans)
}

func inOrder(a, b Slot) bool { return a.Cost < b.Cost || a.Cost == b.Cost && a.Start.Before(b.Start) }

// mixed is the question in another order, and with some of it said twice.
func mixed(t *rapid.T, q Question) Question {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 1))
	person := func(a Attendee) Attendee {
		a.Calendar.Busy, a.Interviews = mix(r, a.Calendar.Busy), mix(r, a.Interviews)
		return a
	}
	people := func(all []Attendee) []Attendee {
		all = mix(r, all)
		for i := range all {
			all[i] = person(all[i])
		}
		return all
	}
	q.Panel, q.Pools = people(q.Panel), slices.Clone(q.Pools)
	for i := range q.Pools {
		q.Pools[i].From = people(q.Pools[i].From)
	}
	r.Shuffle(len(q.Pools), func(i, j int) { q.Pools[i], q.Pools[j] = q.Pools[j], q.Pools[i] })
	return q
}

// mix returns the list in another order, its first entry twice.
func mix[T any](r *rand.Rand, list []T) []T {
	out := slices.Clone(list)
	if len(out) > 0 {
		out = append(out, out[0])
	}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// fewAreTheBest asks for few offers: they are of all, in order, not too many of
// a day, and none reads like another as far as there is room to tell them apart.
func fewAreTheBest(t *rapid.T, q Question, all Answer) {
	few := q
	few.Offers, few.OffersDay = 4, 2
	perDay, said := map[string]int{}, map[string]bool{}
	chosen := Find(few).Slots
	for i, s := range chosen {
		perDay[date(s.Start, q.RoleZone)]++
		if !slices.ContainsFunc(all.Slots, func(a Slot) bool { return a.Start.Equal(s.Start) && a.Cost == s.Cost }) {
			t.Fatalf("%s is only among the few", s.Start)
		}
		if i > 0 && !inOrder(chosen[i-1], s) {
			t.Fatal("the few aren't in order")
		}
		why := strings.Join(s.Reasons, ", ")
		if room := reasonRoom - utf8.RuneCountInString(why); why == "" || said[why] && room > len(", that day's first offer") {
			t.Fatalf("two offers for one reason: %s", why)
		}
		said[why] = true
	}
	for day, n := range perDay {
		if n > 2 {
			t.Fatalf("%d offers on %s", n, day)
		}
	}
	if len(chosen) > 4 || len(chosen) == 0 && len(all.Slots) > 0 {
		t.Fatalf("%d of %d were chosen", len(chosen), len(all.Slots))
	}
	if len(all.Slots) > 0 && !chosen[0].Start.Equal(all.Slots[0].Start) {
		t.Fatal("the best isn't among the few")
	}
}

func TestFindKeepsTheRules(t *testing.T) { rapid.Check(t, findKeepsTheRules) }

func FuzzFind(f *testing.F) { f.Fuzz(rapid.MakeFuzz(findKeepsTheRules)) }
