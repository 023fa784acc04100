package hiring

import (
	"testing"
	"time"
)

const minute = "2006-01-02 15:04"

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// clockIn reads a wall clock that exists once, in the zone.
func clockIn(t testing.TB, z *time.Location, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(minute, text, z)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func days(list ...string) func(time.Time) bool {
	set := map[string]bool{}
	for _, d := range list {
		set[d] = true
	}
	return func(day time.Time) bool { return set[day.Format(time.DateOnly)] }
}

var firstRound = DeadlineRule{Kind: WeekdayAfterWeek, Weekday: time.Monday, EOD: 17 * time.Hour, Holiday: HolidaySame}

// The promise: by the end of the Monday after the week of the interview,
// whatever its day, and whatever the clocks did in between.
func TestFirstRoundIsDueTheMondayAfterItsWeek(t *testing.T) {
	for _, tt := range []struct {
		why, zone, monday, due, utc string
	}{
		{"an ordinary week", "America/Chicago", "2026-11-09", "2026-11-16 17:00", "2026-11-16 23:00"},
		{"US clocks go back on its Sunday", "America/Chicago", "2026-10-26", "2026-11-02 17:00", "2026-11-02 23:00"},
		{"the week before that", "America/Chicago", "2026-10-19", "2026-10-26 17:00", "2026-10-26 22:00"},
		{"US clocks go forward on its Sunday", "America/Chicago", "2026-03-02", "2026-03-09 17:00", "2026-03-09 22:00"},
		{"EU clocks go back on its Sunday", "Europe/Berlin", "2026-10-19", "2026-10-26 17:00", "2026-10-26 16:00"},
		{"EU clocks go forward on its Sunday", "Europe/Berlin", "2026-03-23", "2026-03-30 17:00", "2026-03-30 15:00"},
		{"the end of a year", "America/Chicago", "2026-12-28", "2027-01-04 17:00", "2027-01-04 23:00"},
		{"a leap day's week", "Europe/London", "2028-02-28", "2028-03-06 17:00", "2028-03-06 17:00"},
		{"the southern hemisphere", "Pacific/Auckland", "2026-09-21", "2026-09-28 17:00", "2026-09-28 04:00"},
	} {
		z := zone(t, tt.zone)
		for day := range 7 {
			for _, hour := range []string{"00:00", "09:30", "23:59"} {
				interview := clockIn(t, z, tt.monday+" "+hour).AddDate(0, 0, day)
				got := firstRound.Due(interview.UTC(), z, nil)
				if s := got.In(z).Format(minute); s != tt.due {
					t.Errorf("%s: interview %s: due %s, want %s", tt.why, interview, s, tt.due)
				}
				if s := got.UTC().Format(minute); s != tt.utc {
					t.Errorf("%s: interview %s: due %s UTC, want %s UTC", tt.why, interview, s, tt.utc)
				}
			}
		}
	}
}

func TestAHolidayOnTheMonday(t *testing.T) {
	chicago := zone(t, "America/Chicago")
	next := firstRound
	next.Holiday = HolidayNext
	interview := clockIn(t, chicago, "2026-09-02 14:00") // Labor Day follows
	for _, tt := range []struct {
		why      string
		rule     DeadlineRule
		holidays []string
		want     string
	}{
		{"same: the promise stays", firstRound, []string{"2026-09-07"}, "2026-09-07 17:00"},
		{"next business day: Tuesday", next, []string{"2026-09-07"}, "2026-09-08 17:00"},
		{"two days off", next, []string{"2026-09-07", "2026-09-08"}, "2026-09-09 17:00"},
		{"the whole week off: over the weekend", next, []string{"2026-09-07", "2026-09-08", "2026-09-09", "2026-09-10", "2026-09-11"}, "2026-09-14 17:00"},
		{"a holiday in the interview's own week is nothing", next, []string{"2026-09-03"}, "2026-09-07 17:00"},
		{"an unnamed policy moves nothing", DeadlineRule{Kind: WeekdayAfterWeek, Weekday: time.Monday, EOD: 17 * time.Hour}, []string{"2026-09-07"}, "2026-09-07 17:00"},
	} {
		if got := tt.rule.Due(interview, chicago, days(tt.holidays...)).In(chicago).Format(minute); got != tt.want {
			t.Errorf("%s: due %s, want %s", tt.why, got, tt.want)
		}
	}
}

// The week is the role's: near midnight the same instant can be another week
// for whoever was interviewed.
func TestTheWeekIsTheRolesWeek(t *testing.T) {
	for _, tt := range []struct{ role, interview, in, want string }{
		{"America/Chicago", "2026-11-16 10:00", "Asia/Tokyo", "2026-11-16 17:00"},           // still Sunday in Chicago
		{"America/Chicago", "2026-11-16 15:30", "Asia/Tokyo", "2026-11-23 17:00"},           // 00:30 on Monday in Chicago
		{"Pacific/Auckland", "2026-11-15 06:30", "America/Los_Angeles", "2026-11-23 17:00"}, // 03:30 on Monday there
		{"Pacific/Auckland", "2026-11-15 02:30", "America/Los_Angeles", "2026-11-16 17:00"}, // 23:30 on Sunday there
	} {
		z := zone(t, tt.role)
		got := firstRound.Due(clockIn(t, zone(t, tt.in), tt.interview), z, nil).In(z).Format(minute)
		if got != tt.want {
			t.Errorf("role in %s, interview %s in %s: due %s, want %s", tt.role, tt.interview, tt.in, got, tt.want)
		}
	}
}

func TestOtherDeadlines(t *testing.T) {
	chicago := zone(t, "America/Chicago")
	business := func(n int, holiday string) DeadlineRule {
		return DeadlineRule{Kind: BusinessDays, Days: n, EOD: 12 * time.Hour, Holiday: holiday}
	}
	thanksgiving := days("2026-11-26", "2026-11-27")
	for _, tt := range []struct {
		why, interview, want string
		rule                 DeadlineRule
	}{
		{"two days after a Tuesday", "2026-11-17 10:00", "2026-11-19 12:00", business(2, HolidaySame)},
		{"over a weekend", "2026-11-20 10:00", "2026-11-24 12:00", business(2, HolidaySame)},
		{"a Saturday doesn't count as the first", "2026-11-21 10:00", "2026-11-23 12:00", business(1, HolidaySame)},
		{"over a holiday, whatever the policy", "2026-11-25 10:00", "2026-11-30 12:00", business(1, HolidaySame)},
		{"ten days", "2026-11-16 10:00", "2026-12-02 12:00", business(10, HolidayNext)},
		{"none: the same day", "2026-11-17 10:00", "2026-11-17 12:00", business(0, HolidaySame)},
		{"none, on a holiday that moves", "2026-11-26 10:00", "2026-11-30 12:00", business(0, HolidayNext)},
		{"the Friday after the week", "2026-11-16 10:00", "2026-11-27 17:00", DeadlineRule{Kind: WeekdayAfterWeek, Weekday: time.Friday, EOD: 17 * time.Hour, Holiday: HolidaySame}},
		{"the same Friday, moved", "2026-11-16 10:00", "2026-11-30 17:00", DeadlineRule{Kind: WeekdayAfterWeek, Weekday: time.Friday, EOD: 17 * time.Hour, Holiday: HolidayNext}},
		{"the Sunday after is the end of the next week", "2026-11-16 10:00", "2026-11-29 17:00", DeadlineRule{Kind: WeekdayAfterWeek, Weekday: time.Sunday, EOD: 17 * time.Hour, Holiday: HolidaySame}},
		{"an hour and a half", "2026-11-16 10:00", "2026-11-23 16:30", DeadlineRule{Kind: WeekdayAfterWeek, Weekday: time.Monday, EOD: 16*time.Hour + 30*time.Minute}},
	} {
		got := tt.rule.Due(clockIn(t, chicago, tt.interview), chicago, thanksgiving).In(chicago).Format(minute)
		if got != tt.want {
			t.Errorf("%s: due %s, want %s", tt.why, got, tt.want)
		}
	}
}

// Santiago skips the hour after midnight on Sunday, 6 September: the day that is
// meant doesn't change with the hour of the interview.
func TestDeadlineOnADayWithoutMidnight(t *testing.T) {
	santiago := zone(t, "America/Santiago")
	rule := DeadlineRule{Kind: WeekdayAfterWeek, Weekday: time.Sunday, EOD: 17 * time.Hour}
	for _, interview := range []string{"2026-08-24 00:30", "2026-08-29 14:00"} {
		if got := rule.Due(clockIn(t, santiago, interview), santiago, nil).In(santiago).Format(minute); got != "2026-09-06 17:00" {
			t.Errorf("interview %s: due %s", interview, got)
		}
	}
}

// A wall clock time may not exist on a day, or twice.
func TestAtClock(t *testing.T) {
	for _, tt := range []struct{ zone, day, clock, want, why string }{
		{"America/Chicago", "2026-03-07", "02:30", "2026-03-07 08:30", "the day before"},
		{"America/Chicago", "2026-03-08", "01:30", "2026-03-08 07:30", "before the gap"},
		{"America/Chicago", "2026-03-08", "02:30", "2026-03-08 08:30", "in the gap: 03:30"},
		{"America/Chicago", "2026-03-08", "03:00", "2026-03-08 08:00", "its end"},
		{"America/Chicago", "2026-03-08", "17:00", "2026-03-08 22:00", "the same day's evening"},
		{"America/Chicago", "2026-03-09", "09:00", "2026-03-09 14:00", "the day after"},
		{"America/Chicago", "2026-11-01", "00:30", "2026-11-01 05:30", "before the repetition"},
		{"America/Chicago", "2026-11-01", "01:30", "2026-11-01 06:30", "the first of two"},
		{"America/Chicago", "2026-11-01", "02:00", "2026-11-01 08:00", "after both"},
		{"Europe/Berlin", "2026-03-29", "02:30", "2026-03-29 01:30", "in the gap: 03:30"},
		{"Europe/Berlin", "2026-03-29", "03:00", "2026-03-29 01:00", "its end"},
		{"Europe/Berlin", "2026-10-25", "02:30", "2026-10-25 00:30", "the first of two"},
		{"Europe/Berlin", "2026-10-25", "03:00", "2026-10-25 02:00", "after both"},
		{"Pacific/Auckland", "2026-09-27", "02:30", "2026-09-26 14:30", "in the gap: 03:30"},
		{"Pacific/Auckland", "2026-04-05", "02:30", "2026-04-04 13:30", "the first of two"},
		{"America/Santiago", "2026-09-06", "00:00", "2026-09-06 04:00", "no midnight: 01:00"},
		{"Australia/Lord_Howe", "2026-10-04", "02:10", "2026-10-03 15:40", "a gap of half an hour: 02:40"},
		{"Asia/Kathmandu", "2026-03-08", "09:00", "2026-03-08 03:15", "an odd offset"},
		{"Pacific/Kiritimati", "2026-03-08", "09:00", "2026-03-07 19:00", "far in the east"},
		{"Pacific/Pago_Pago", "2026-03-08", "09:00", "2026-03-08 20:00", "far in the west"},
		{"America/Chicago", "2026-03-08", "24:00", "2026-03-09 05:00", "the end of a day"},
		{"UTC", "2026-03-08", "02:30", "2026-03-08 02:30", "no changes at all"},
	} {
		z := zone(t, tt.zone)
		var h, m int
		if tt.clock == "24:00" {
			h = 24
		} else {
			c, _ := time.Parse("15:04", tt.clock)
			h, m = c.Hour(), c.Minute()
		}
		day := clockIn(t, z, tt.day+" 12:00")
		got := AtClock(day, time.Duration(h)*time.Hour+time.Duration(m)*time.Minute)
		if s := got.UTC().Format(minute); s != tt.want || got.Location() != z {
			t.Errorf("%s on %s in %s (%s): %s UTC, want %s UTC", tt.clock, tt.day, tt.zone, tt.why, s, tt.want)
		}
	}
}

// On every quarter hour of two years in zones east and west, AtClock shows the
// time that was asked for, or one behind a gap, and never goes back.
func TestAtClockIsMonotone(t *testing.T) {
	for _, name := range []string{"America/Chicago", "Europe/Berlin", "Pacific/Auckland", "America/Santiago", "Africa/Casablanca"} {
		z := zone(t, name)
		day := clockIn(t, z, "2026-01-01 12:00")
		last := time.Time{}
		for range 730 {
			for q := range 96 {
				clock := time.Duration(q) * 15 * time.Minute
				at := AtClock(day, clock)
				shown := time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
				if at.Day() != day.Day() || shown != clock && shown-clock != time.Hour {
					t.Fatalf("%s: asked for %s on %s, got %s", name, clock, day.Format(time.DateOnly), at)
				}
				if clock == 0 && at.Before(last) {
					t.Fatalf("%s: midnight %s comes before the day before ended, %s", name, at, last)
				}
				last = at
			}
			day = day.AddDate(0, 0, 1)
		}
	}
}

func TestPromiseIsKeptUpToTheDeadline(t *testing.T) {
	due := time.Date(2026, 11, 23, 23, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		told time.Time
		want bool
	}{{time.Time{}, false}, {due.Add(-time.Hour), true}, {due, true}, {due.Add(time.Second), false}} {
		if got := (Promise{Deadline: due, ToldAt: tt.told}).Kept(); got != tt.want {
			t.Errorf("told %s: kept %t, want %t", tt.told, got, tt.want)
		}
	}
}
