package schedule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"convene/internal/hiring"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// at reads a wall clock in the zone.
func at(t testing.TB, z *time.Location, text string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", text, z)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var (
	weekdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	nineFive = hiring.Hours{Days: weekdays, Start: 9 * time.Hour, End: 17 * time.Hour}
)

// question is about an hour with one panelist, from Wednesday morning to Friday
// evening, in Chicago.
func question(t testing.TB) Question {
	chicago := zone(t, "America/Chicago")
	return Question{
		Now: at(t, chicago, "2026-11-18 08:00"), Until: at(t, chicago, "2026-11-20 18:00"),
		Duration: time.Hour, CandidateZone: chicago, Earliest: 8 * time.Hour, Latest: 18 * time.Hour, RoleZone: chicago,
		Panel:  []Attendee{{ID: "karly", Name: "Karly", Part: hiring.Required, Zone: chicago, Hours: nineFive}},
		Offers: 1000,
	}
}

func starts(ans Answer, z *time.Location) []string {
	var out []string
	for _, s := range ans.Slots {
		out = append(out, s.Start.In(z).Format("Mon 15:04"))
	}
	slices.Sort(out)
	return out
}

// A small day that can be checked by eye.
func TestFindOneDay(t *testing.T) {
	chicago := zone(t, "America/Chicago")
	busy := func(from, to string) hiring.Interval {
		return hiring.Interval{Start: at(t, chicago, "2026-11-18 "+from), End: at(t, chicago, "2026-11-18 "+to)}
	}
	for _, tt := range []struct {
		why    string
		change func(*Question)
		want   string
	}{
		{"a free day", func(*Question) {}, "09:00 09:30 10:00 10:30 11:00 11:30 12:00 12:30 13:00 13:30 14:00 14:30 15:00 15:30 16:00"},
		{"a meeting", func(q *Question) { q.Panel[0].Calendar.Busy = []hiring.Interval{busy("10:00", "15:00")} }, "09:00 15:00 15:30 16:00"},
		{"a meeting, with a buffer", func(q *Question) {
			q.Buffer = 15 * time.Minute
			q.Panel[0].Calendar.Busy = []hiring.Interval{busy("10:00", "15:00")}
		}, "15:30 16:00"},
		{"a meeting of no length is none", func(q *Question) {
			q.Panel[0].Calendar.Busy = []hiring.Interval{busy("10:00", "10:00")}
			q.Earliest = 15 * time.Hour
		}, "15:00 15:30 16:00"},
		{"an interview that Google doesn't show yet", func(q *Question) { q.Panel[0].Interviews = []hiring.Interval{busy("09:00", "15:30")} }, "15:30 16:00"},
		{"one interview a day, and there is one", func(q *Question) { q.PerDay = 1; q.Panel[0].Interviews = []hiring.Interval{busy("09:00", "10:00")} }, ""},
		{"one interview a week, and there is one on Friday", func(q *Question) {
			q.PerWeek = 1
			q.Panel[0].Interviews = []hiring.Interval{{Start: at(t, chicago, "2026-11-20 09:00"), End: at(t, chicago, "2026-11-20 10:00")}}
		}, ""},
		{"last week's interview doesn't count", func(q *Question) {
			q.PerWeek, q.Earliest = 1, 15*time.Hour
			q.Panel[0].Interviews = []hiring.Interval{{Start: at(t, chicago, "2026-11-15 09:00"), End: at(t, chicago, "2026-11-15 10:00")}}
		}, "15:00 15:30 16:00"},
		{"a candidate further east", func(q *Question) { q.CandidateZone = zone(t, "Europe/Berlin") }, "09:00 09:30 10:00"},
		{"a candidate further west", func(q *Question) { q.CandidateZone = zone(t, "Pacific/Honolulu") }, "12:00 12:30 13:00 13:30 14:00 14:30 15:00 15:30 16:00"},
		{"short notice", func(q *Question) { q.Notice = 6*time.Hour + time.Minute }, "14:30 15:00 15:30 16:00"},
		{"from later that day", func(q *Question) { q.From = at(t, chicago, "2026-11-18 15:10") }, "15:30 16:00"},
		{"a holiday", func(q *Question) { q.Holiday = func(d time.Time) bool { return d.Day() == 18 } }, ""},
		{"a day off", func(q *Question) { q.Panel[0].Hours.Days = []time.Weekday{time.Thursday} }, ""},
	} {
		q := question(t)
		q.Until = at(t, chicago, "2026-11-18 23:00")
		tt.change(&q)
		var got []string
		for _, s := range starts(Find(q), chicago) {
			got = append(got, strings.TrimPrefix(s, "Wed "))
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: offered %s, want %s", tt.why, s, tt.want)
		}
	}
}

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

// Auckland and Denver in the weeks in which one or both change their clocks:
// the hours that suit both move, and nobody meets at night.
func TestTwoZonesOverTheChangesOfClocks(t *testing.T) {
	auckland, denver := zone(t, "Pacific/Auckland"), zone(t, "America/Denver")
	for _, tt := range []struct{ monday, denver string }{
		{"2026-03-02", "Mon 13:00 13:30 14:00 14:30 15:00 15:30 16:00"}, // NZDT, MST: 20 hours apart
		{"2026-03-09", "Mon 14:00 14:30 15:00 15:30 16:00"},             // NZDT, MDT: 19
		{"2026-04-06", "Mon 15:00 15:30 16:00"},                         // NZST, MDT: 18
		{"2026-09-28", "Mon 14:00 14:30 15:00 15:30 16:00"},             // NZDT, MDT: 19
		{"2026-11-02", "Mon 13:00 13:30 14:00 14:30 15:00 15:30 16:00"}, // NZDT, MST: 20
	} {
		q := question(t)
		q.Now = at(t, denver, tt.monday+" 00:00")
		q.Until = at(t, denver, tt.monday+" 23:59")
		q.RoleZone, q.CandidateZone, q.Earliest, q.Latest = denver, auckland, 9*time.Hour, 17*time.Hour
		q.Panel = []Attendee{
			{ID: "d", Name: "Dee", Part: hiring.Required, Zone: denver, Hours: nineFive},
			{ID: "a", Name: "Ari", Part: hiring.Required, Zone: auckland, Hours: nineFive},
		}
		var got []string
		for _, s := range starts(Find(q), denver) {
			got = append(got, strings.TrimPrefix(s, "Mon "))
		}
		if s := "Mon " + strings.Join(got, " "); s != tt.denver {
			t.Errorf("week of %s: %s in Denver, want %s", tt.monday, s, tt.denver)
		}
	}
}

// A week is the panelist's: Monday morning in Auckland is still Sunday in UTC.
func TestWeekOfThePanelist(t *testing.T) {
	auckland := zone(t, "Pacific/Auckland")
	q := question(t)
	q.Now, q.Until = at(t, auckland, "2026-11-16 08:00"), at(t, auckland, "2026-11-16 11:00")
	q.CandidateZone, q.RoleZone, q.PerWeek = auckland, auckland, 1
	q.Panel[0].Zone = auckland
	for day, offered := range map[string]bool{"2026-11-13": true, "2026-11-18": false} {
		q.Panel[0].Interviews = []hiring.Interval{{Start: at(t, auckland, day+" 09:00"), End: at(t, auckland, day+" 10:00")}}
		if got := len(Find(q).Slots) > 0; got != offered {
			t.Errorf("with an interview on %s Monday is offered: %t", day, got)
		}
	}
}

// What a slot costs is written down; this is the figure for each reason.
func TestWhatASlotCosts(t *testing.T) {
	chicago := zone(t, "America/Chicago")
	cost := func(q Question, start string) int {
		t.Helper()
		for _, s := range Find(q).Slots {
			if s.Start.Equal(at(t, chicago, start)) {
				return s.Cost
			}
		}
		t.Fatalf("%s isn't offered", start)
		return 0
	}
	meeting := func(from, to string) hiring.Interval {
		return hiring.Interval{Start: at(t, chicago, "2026-11-18 "+from), End: at(t, chicago, "2026-11-18 "+to)}
	}
	full := question(t)
	full.Panel[0].Calendar.Busy = []hiring.Interval{meeting("09:00", "10:00"), meeting("11:00", "14:00"), meeting("15:00", "16:00")}
	for _, tt := range []struct {
		why, start string
		q          func() Question
		want       int
	}{
		{"between two meetings", "2026-11-18 10:00", func() Question { return full }, 0},
		{"two days later, in the morning", "2026-11-20 10:00", func() Question { return full }, 2*costPerDay + costBreaksUp},
		{"at the edge of the day", "2026-11-19 09:00", func() Question { return full }, costPerDay + costEdge},
		{"over lunch", "2026-11-19 12:00", func() Question { return full }, costPerDay + costLunch + costBreaksUp},
		{"early for the candidate", "2026-11-18 10:00", func() Question {
			q := full
			q.CandidateZone = zone(t, "America/Los_Angeles")
			return q
		}, costCandidate},
		{"an optional person can't", "2026-11-18 10:00", func() Question {
			q := full
			busy := full.Panel[0]
			busy.ID, busy.Name, busy.Part = "seb", "Sebastian", hiring.Optional
			busy.Calendar.Busy = []hiring.Interval{meeting("09:00", "16:00")}
			q.Panel = append(slices.Clone(q.Panel), busy)
			return q
		}, costNoOptional},
		{"somebody has more interviews that week", "2026-11-18 10:00", func() Question {
			q := full
			loaded := full.Panel[0]
			loaded.ID, loaded.Name = "seb", "Sebastian"
			loaded.Interviews = []hiring.Interval{meeting("11:00", "12:00"), meeting("12:00", "13:00")}
			q.Panel = append(slices.Clone(q.Panel), loaded)
			return q
		}, 2 * costLoad},
		{"everybody has as many", "2026-11-18 10:00", func() Question {
			q := full
			q.Panel = slices.Clone(q.Panel)
			q.Panel[0].Interviews = []hiring.Interval{meeting("11:00", "12:00")}
			return q
		}, 0},
	} {
		if got := cost(tt.q(), tt.start); got != tt.want {
			t.Errorf("%s: costs %d, want %d", tt.why, got, tt.want)
		}
	}
}

func TestWhyThereIsNoSlot(t *testing.T) {
	chicago := zone(t, "America/Chicago")
	busyAll := hiring.Interval{Start: at(t, chicago, "2026-11-01 00:00"), End: at(t, chicago, "2026-12-01 00:00")}
	sebastian := Attendee{ID: "seb", Name: "Karly", Part: hiring.Required, Zone: chicago, Hours: nineFive} // of the same name
	for _, tt := range []struct {
		why    string
		change func(*Question)
		want   string
		misses int
	}{
		{"a calendar that can't be read", func(q *Question) { q.Panel[0].Calendar.Unreadable = "not shared" },
			"Karly's calendar can't be read (not shared). Unknown is never taken for free.", 0},
		{"hours that never meet", func(q *Question) { q.CandidateZone = zone(t, "Asia/Tokyo"); q.Latest = 9 * time.Hour },
			"No time before Fri 20 Nov is inside both the panel's working hours and the candidate's hours (8:00–9:00, Asia/Tokyo).", 0},
		{"busy all the time", func(q *Question) { q.Panel[0].Calendar.Busy = []hiring.Interval{busyAll} },
			"Karly isn't free at 45 of the 45 possible times.", 3},
		{"two people of one name, busy all the time", func(q *Question) {
			q.Panel[0].Calendar.Busy = []hiring.Interval{busyAll}
			sebastian.Calendar.Busy = []hiring.Interval{busyAll}
			q.Panel = append(q.Panel, sebastian)
		}, "Karly isn't free at 45 of the 45 possible times.|Karly isn't free at 45 of the 45 possible times.", 0},
		{"a horizon that is over", func(q *Question) { q.Notice = 30 * 24 * time.Hour },
			"No time before Fri 20 Nov is inside both the panel's working hours and the candidate's hours (8:00–18:00, America/Chicago).", 0},
	} {
		q := question(t)
		tt.change(&q)
		ans := Find(q)
		if got := strings.Join(ans.InWay, "|"); got != tt.want || len(ans.Slots) != 0 || len(ans.Misses) != tt.misses {
			t.Errorf("%s: %q, %d slots, %d misses", tt.why, got, len(ans.Slots), len(ans.Misses))
		}
	}
}

func TestReasonsAreTrue(t *testing.T) {
	q := question(t)
	for _, s := range Find(q).Slots {
		local := s.Start.In(q.RoleZone)
		said := strings.Join(s.Reasons, "; ")
		for _, c := range []struct {
			reason string
			true   bool
		}{
			{"cuts into lunch", local.Hour() == 12 || local.Format("15:04") == "11:30"},
			{"at the edge of the day", local.Hour() == 9 && local.Minute() == 0 || local.Hour() == 16},
			{"the soonest", s.Start.Equal(at(t, q.RoleZone, "2026-11-18 09:00"))},
		} {
			if strings.Contains(said, c.reason) != c.true {
				t.Errorf("%s: %s", local, said)
			}
		}
	}
}

// Offers lie apart, so that there is something to choose between.
func TestOffersLieApart(t *testing.T) {
	q := question(t)
	q.Offers, q.OffersDay = 10, 3
	slots := Find(q).Slots
	if len(slots) != 9 {
		t.Fatalf("%d offers on three free days", len(slots))
	}
	for i, a := range slots {
		for _, b := range slots[:i] {
			if a.Start.Sub(b.Start).Abs() < apart {
				t.Errorf("%s and %s", a.Start, b.Start)
			}
		}
	}
}

func TestEventID(t *testing.T) {
	seen := map[string]string{}
	for iv := range 500 {
		for generation := 1; generation <= 3; generation++ {
			name := fmt.Sprintf("iv_%d/%d", iv, generation)
			id := EventID(fmt.Sprintf("iv_%d", iv), generation)
			if len(id) < 5 || len(id) > 1024 || strings.Trim(id, "abcdefghijklmnopqrstuv0123456789") != "" {
				t.Fatalf("%s: Google takes no id like %q", name, id)
			}
			if other, twice := seen[id]; twice {
				t.Fatalf("%s and %s share an id", name, other)
			}
			seen[id] = name
		}
	}
	if EventID("iv_1", 1) != EventID("iv_1", 1) {
		t.Error("the id isn't derived")
	}
}

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
