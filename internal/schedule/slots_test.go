package schedule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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

// A time that the clock skips never comes; one that it shows twice is offered
// neither the first time nor the second; an hour over the change is an hour.
func TestTimesThatClocksSkipOrRepeat(t *testing.T) {
	chicago := zone(t, "America/Chicago")
	for day, want := range map[string]string{
		"2026-03-08": "00:00–01:00 00:30–01:30 01:00–03:00 01:30–03:30 03:00–04:00 03:30–04:30 04:00–05:00",
		"2026-11-01": "00:00–01:00 02:00–03:00 02:30–03:30 03:00–04:00 03:30–04:30 04:00–05:00",
		"2026-11-08": "00:00–01:00 00:30–01:30 01:00–02:00 01:30–02:30 02:00–03:00 02:30–03:30 03:00–04:00 03:30–04:30 04:00–05:00",
	} {
		for who := range 3 { // whose clock it is: the candidate's, a panelist's, or only the role's
			q := question(t)
			q.Now, q.Until = at(t, chicago, day+" 00:00").Add(-time.Hour), at(t, chicago, day+" 23:00")
			q.Notice, q.Earliest, q.Latest = time.Hour, 0, 24*time.Hour
			q.CandidateZone, q.Panel[0].Zone = time.UTC, time.UTC
			q.Panel[0].Hours = hiring.Hours{Days: []time.Weekday{time.Sunday}, Start: 0, End: 24 * time.Hour}
			switch who {
			case 0:
				q.RoleZone, q.CandidateZone, q.Latest = time.UTC, chicago, 5*time.Hour
			case 1:
				q.RoleZone, q.Panel[0].Zone, q.Panel[0].Hours.End = time.UTC, chicago, 5*time.Hour
			case 2:
				q.Until = at(t, chicago, day+" 04:01")
			}
			var got []string
			for _, s := range Find(q).Slots {
				if s.End.Sub(s.Start) != time.Hour {
					t.Errorf("%s takes %s", s.Start, s.End.Sub(s.Start))
				}
				got = append(got, s.Start.In(chicago).Format("15:04")+"–"+s.End.In(chicago).Format("15:04"))
			}
			if slices.Sort(got); strings.Join(got, " ") != want {
				t.Errorf("%s, %d: %s, want %s", day, who, strings.Join(got, " "), want)
			}
		}
	}
}

// Slots start on the full and half hours of the role's clock, also where those
// are other zones' quarters.
func TestSlotsStartByTheRolesClock(t *testing.T) {
	for _, name := range []string{"Asia/Kathmandu", "Pacific/Chatham", "Australia/Adelaide", "America/Chicago"} {
		q := question(t)
		q.RoleZone, q.CandidateZone = zone(t, name), zone(t, "Asia/Kathmandu")
		q.Earliest, q.Latest, q.Panel[0].Hours.End = 0, 24*time.Hour, 24*time.Hour
		slots := Find(q).Slots
		if len(slots) == 0 {
			t.Errorf("%s: nothing offered", name)
		}
		for _, s := range slots {
			if m := s.Start.In(q.RoleZone).Minute(); m%30 != 0 || s.Start.Second() != 0 {
				t.Errorf("%s: %s", name, s.Start.In(q.RoleZone))
			}
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
	}{
		{"a calendar that can't be read", func(q *Question) { q.Panel[0].Calendar.Unreadable = "not shared" },
			"Karly's calendar can't be read (not shared). Unknown is never taken for free."},
		{"hours that never meet", func(q *Question) { q.CandidateZone = zone(t, "Asia/Tokyo"); q.Latest = 9 * time.Hour },
			"No time before Fri 20 Nov is inside both the panel's working hours and the candidate's hours (8:00–9:00, Asia/Tokyo)."},
		{"busy all the time", func(q *Question) { q.Panel[0].Calendar.Busy = []hiring.Interval{busyAll} },
			"Karly isn't free at any of the 45 possible times."},
		{"two people of one name, busy all the time", func(q *Question) {
			q.Panel[0].Calendar.Busy = []hiring.Interval{busyAll}
			sebastian.Calendar.Busy = []hiring.Interval{busyAll}
			q.Panel = append(q.Panel, sebastian)
		}, "Karly isn't free at any of the 45 possible times.|Karly isn't free at any of the 45 possible times."},
		{"a horizon that is over", func(q *Question) { q.Notice = 30 * 24 * time.Hour },
			"No time before Fri 20 Nov is inside both the panel's working hours and the candidate's hours (8:00–18:00, America/Chicago)."},
	} {
		q := question(t)
		tt.change(&q)
		ans := Find(q)
		if got := strings.Join(ans.InWay, "|"); got != tt.want || len(ans.Slots) != 0 {
			t.Errorf("%s: %q, %d slots", tt.why, got, len(ans.Slots))
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
			{"cuts into Karly's lunch", local.Hour() == 12 || local.Format("15:04") == "11:30"},
			{"first thing for Karly", local.Hour() == 9 && local.Minute() == 0},
			{"last thing for Karly", local.Hour() == 16},
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
	// What was derived once is found again by every later version.
	if got := EventID("iv_1", 1); got != "ktl40s1lc5n84rsi98a72egnnsqbn9vf" {
		t.Errorf("the id is %s", got)
	}
}

// A candidate can't be in two interviews at once, whoever holds them.
func TestCandidateIsElsewhere(t *testing.T) {
	q := question(t)
	taken := hiring.Interval{Start: at(t, q.RoleZone, "2026-11-18 10:00"), End: at(t, q.RoleZone, "2026-11-18 11:00")}
	before := len(Find(q).Slots)
	q.Taken = []hiring.Interval{taken}
	slots := Find(q).Slots
	for _, s := range slots {
		if taken.Overlaps(hiring.Interval{Start: s.Start, End: s.End}) {
			t.Errorf("%s is offered", s.Start)
		}
	}
	if len(slots) == 0 || len(slots) >= before {
		t.Errorf("%d of %d slots are left", len(slots), before)
	}
	against, _ := Against(q, taken.Start)
	if len(against) != 1 || against[0].Rule != RuleTaken {
		t.Errorf("against it: %+v", against)
	}
	q.Taken[0] = hiring.Interval{Start: q.Now, End: q.Furthest()}
	if ways := Explain(q, nil); len(ways) > 0 || len(Find(q).Slots) > 0 {
		t.Errorf("a way out of what the candidate has: %+v", ways)
	}
}
