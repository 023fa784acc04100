package scorecard

import (
	"strings"
	"testing"
	"time"

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

func at(t testing.TB, z *time.Location, text string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", text, z)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var nineFive = hiring.Hours{
	Days:  []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
	Start: 9 * time.Hour, End: 17 * time.Hour,
}

// Two weeks with a weekend, a holiday and a change of clocks in them, seen from
// two zones.
func TestNext(t *testing.T) {
	thanksgiving := func(d time.Time) bool { return d.Format(time.DateOnly) == "2026-11-26" }
	veterans := func(d time.Time) bool { return d.Format(time.DateOnly) == "2026-11-02" }
	for _, tt := range []struct {
		why, zone, after, want string
		holiday                func(time.Time) bool
	}{
		{"in the morning", "America/Chicago", "2026-11-16 10:00", "2026-11-16 10:00", nil},
		{"to the next quarter hour", "America/Chicago", "2026-11-16 10:01", "2026-11-16 10:15", nil},
		{"before work", "America/Chicago", "2026-11-16 06:30", "2026-11-16 09:00", nil},
		{"as work begins", "America/Chicago", "2026-11-16 09:00", "2026-11-16 09:00", nil},
		{"the last quarter hour", "America/Chicago", "2026-11-16 16:45", "2026-11-16 16:45", nil},
		{"as work ends", "America/Chicago", "2026-11-16 16:46", "2026-11-17 09:00", nil},
		{"at night", "America/Chicago", "2026-11-16 23:50", "2026-11-17 09:00", nil},
		{"after midnight", "America/Chicago", "2026-11-17 00:10", "2026-11-17 09:00", nil},
		{"on Friday evening", "America/Chicago", "2026-11-20 17:00", "2026-11-23 09:00", nil},
		{"on Saturday", "America/Chicago", "2026-11-21 12:00", "2026-11-23 09:00", nil},
		{"on Sunday night", "America/Chicago", "2026-11-22 23:59", "2026-11-23 09:00", nil},
		{"on the eve of a holiday", "America/Chicago", "2026-11-25 18:00", "2026-11-27 09:00", thanksgiving},
		{"on a holiday", "America/Chicago", "2026-11-26 10:00", "2026-11-27 09:00", thanksgiving},
		{"US clocks go back over the weekend", "America/Chicago", "2026-10-30 18:00", "2026-11-02 09:00", nil},
		{"the same, with a holiday on Monday", "America/Chicago", "2026-10-30 18:00", "2026-11-03 09:00", veterans},
		{"US clocks go forward over the weekend", "America/Chicago", "2026-03-06 18:00", "2026-03-09 09:00", nil},
		{"EU clocks go back over the weekend", "Europe/Berlin", "2026-10-23 18:00", "2026-10-26 09:00", nil},
		{"Auckland's Monday is UTC's Sunday", "Pacific/Auckland", "2026-11-20 18:00", "2026-11-23 09:00", nil},
		{"an odd offset", "Asia/Kathmandu", "2026-11-16 10:01", "2026-11-16 10:15", nil},
	} {
		z := zone(t, tt.zone)
		got := Week{z, nineFive, tt.holiday}.Next(at(t, z, tt.after).UTC())
		if s := got.In(z).Format("2006-01-02 15:04"); s != tt.want {
			t.Errorf("%s: after %s in %s: %s, want %s", tt.why, tt.after, tt.zone, s, tt.want)
		}
	}
}

// Never outside working hours, never in the past, never later than needed.
func TestNextIsAtWork(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z, err := time.LoadLocation(rapid.SampledFrom([]string{"America/Chicago", "Pacific/Auckland", "Europe/Berlin", "Asia/Kathmandu"}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		base := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		after := base.Add(time.Duration(rapid.IntRange(0, 365*24*3600).Draw(t, "second")) * time.Second)
		off := rapid.IntRange(0, 366).Draw(t, "holiday")
		holiday := func(d time.Time) bool { return d.YearDay() == off }
		hours := hiring.Hours{
			Days:  rapid.SampledFrom([][]time.Weekday{nineFive.Days, {time.Saturday}, {time.Monday, time.Thursday}}).Draw(t, "days"),
			Start: time.Duration(rapid.IntRange(5*4, 11*4).Draw(t, "start")) * quarter,
			End:   time.Duration(rapid.IntRange(12*4, 23*4).Draw(t, "end")) * quarter,
		}
		atWork := func(m time.Time) bool {
			l := m.In(z)
			clock := time.Duration(l.Hour())*time.Hour + time.Duration(l.Minute())*time.Minute
			return hours.On(l.Weekday()) && !holiday(l) && clock >= hours.Start && clock < hours.End
		}
		got := Week{z, hours, holiday}.Next(after)
		if got.Before(after) || !atWork(got) {
			t.Fatalf("after %s: %s", after.In(z), got.In(z))
		}
		for m := ceilQuarter(after); m.Before(got); m = m.Add(quarter) {
			if atWork(m) {
				t.Fatalf("after %s: %s, but %s would do", after.In(z), got.In(z), m.In(z))
			}
		}
	})
}

// Somebody who never works is asked at some time, not never and not in a loop.
func TestNextWithoutWorkingDays(t *testing.T) {
	now := time.Date(2026, 11, 16, 10, 0, 0, 0, time.UTC)
	if got := (Week{Zone: time.UTC}).Next(now); got.Before(now) || got.Sub(now) > 100*24*time.Hour {
		t.Errorf("%s", got)
	}
}

func TestEscalationClimbs(t *testing.T) {
	ladder := []string{"coordinator", "decider", "workspace"}
	for _, tt := range []struct {
		n, before int
		ladder    []string
		want      string
	}{
		{1, 2, ladder, ""}, {2, 2, ladder, ""},
		{3, 2, ladder, "coordinator"}, {4, 2, ladder, "decider"}, {5, 2, ladder, "workspace"}, {6, 2, ladder, "workspace"}, {60, 2, ladder, "workspace"},
		{1, 0, ladder, "coordinator"}, {2, 0, ladder[:1], "coordinator"},
		{9, 2, nil, ""}, {0, 0, ladder, ""},
	} {
		if got := Escalation(tt.n, tt.before, tt.ladder); got != tt.want {
			t.Errorf("nag %d, escalating after %d: %q, want %q", tt.n, tt.before, got, tt.want)
		}
	}
}

// By when a reminder is sent on a busy day.
func TestLast(t *testing.T) {
	for _, tt := range []struct {
		why, now  string
		from, to  time.Duration
		wantClock string
	}{
		{"an office day", "09:00", 9 * time.Hour, 17 * time.Hour, "16:45"},
		{"a long day", "09:00", 8 * time.Hour, 20 * time.Hour, "16:45"},
		{"in that quarter hour", "16:52", 8 * time.Hour, 20 * time.Hour, "16:45"},
		{"after it", "17:00", 8 * time.Hour, 20 * time.Hour, "19:45"},
		{"a short day", "09:00", 9 * time.Hour, 15 * time.Hour, "14:45"},
		{"an evening", "18:00", 18 * time.Hour, 22 * time.Hour, "21:45"},
		{"a day that ends at ten to", "09:00", 9 * time.Hour, 15*time.Hour + 50*time.Minute, "15:30"},
		{"ten minutes", "09:05", 9*time.Hour + 5*time.Minute, 9*time.Hour + 15*time.Minute, "09:05"},
	} {
		z := zone(t, "America/Chicago")
		got := Week{Zone: z, Hours: hiring.Hours{Days: nineFive.Days, Start: tt.from, End: tt.to}}.Last(at(t, z, "2026-11-16 "+tt.now))
		if s := got.In(z).Format("2006-01-02 15:04"); s != "2026-11-16 "+tt.wantClock {
			t.Errorf("%s: %s, want %s", tt.why, s, tt.wantClock)
		}
	}
}

func TestFreeQuarter(t *testing.T) {
	clock := func(text string) time.Time { return at(t, time.UTC, "2026-11-16 "+text) }
	for _, tt := range []struct {
		why, now string
		busy     []string // from and to, in turn
		want     string
	}{
		{"nothing to do", "09:00", nil, "09:00"},
		{"a meeting later", "09:00", []string{"09:15", "10:00"}, "09:00"},
		{"a meeting now", "09:00", []string{"09:00", "10:00"}, "10:00"},
		{"one until five past", "09:00", []string{"08:00", "10:05"}, "10:15"},
		{"one that ended in this quarter hour", "09:10", []string{"08:00", "09:05"}, "09:15"},
		{"gaps that are too short", "09:00", []string{"09:00", "09:50", "10:00", "11:00"}, "11:00"},
		{"a whole day", "09:00", []string{"00:00", "23:00"}, "16:45"},
		{"in the last quarter hour nobody is asked", "16:46", []string{"00:00", "23:00"}, "16:46"},
		{"unknown", "09:00", []string{"?"}, "16:45"},
		{"unknown, in the last quarter hour", "16:46", []string{"?"}, "16:46"},
	} {
		var cal hiring.Calendar
		for i := 0; i+1 < len(tt.busy); i += 2 {
			cal.Busy = append(cal.Busy, hiring.Interval{Start: clock(tt.busy[i]), End: clock(tt.busy[i+1])})
		}
		if len(tt.busy) == 1 {
			cal.Unreadable = "not shared"
		}
		if got := FreeQuarter(clock(tt.now), clock("16:45"), cal); !got.Equal(clock(tt.want)) {
			t.Errorf("%s: %s, want %s", tt.why, got.Format("15:04"), tt.want)
		}
	}
}

// Until when reminders can be put off: never past the next working day's start,
// nor past a deadline's warning.
func TestSnoozeChoices(t *testing.T) {
	for _, tt := range []struct{ why, now, limit, want string }{
		{"in the morning", "16 09:05", "23 16:30", "16 11:15, 16 16:45, 17 09:00"},
		{"after lunch", "16 14:45", "23 16:30", "16 16:45, 17 09:00"},
		{"late", "16 16:50", "23 16:30", "17 09:00"},
		{"in the evening", "16 20:00", "23 16:30", "17 09:00"},
		{"before work", "16 07:30", "23 16:30", "16 09:00"},
		{"on Friday", "20 15:00", "23 16:30", "20 16:45, 23 09:00"},
		{"on the weekend", "21 15:00", "23 16:30", "23 09:00"},
		{"on the deadline's day", "23 09:05", "23 16:30", "23 11:15"},
		{"when whoever holds it up has been warned", "23 16:35", "23 16:30", ""},
	} {
		z := zone(t, "America/Chicago")
		var got []string
		for _, c := range SnoozeChoices(at(t, z, "2026-11-"+tt.now), at(t, z, "2026-11-"+tt.limit), Week{Zone: z, Hours: nineFive}) {
			got = append(got, c.In(z).Format("02 15:04"))
		}
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.why, s, tt.want)
		}
	}
}
