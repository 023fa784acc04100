package role

import (
	"strings"
	"sync"
	"testing"
	"time"

	"convene/internal/hiring"
)

func TestIsHoliday(t *testing.T) {
	for _, tt := range []struct {
		country, day string
		want         bool
		why          string
	}{
		{"US", "2026-09-07", true, "Labor Day"},
		{"US", "2026-07-03", true, "Independence Day falls on a Saturday and is observed on Friday"},
		{"US", "2026-07-04", true, "Independence Day itself"},
		{"US", "2026-11-26", true, "Thanksgiving"},
		{"US", "2026-11-23", false, "an ordinary Monday"},
		{"US", "2021-12-31", true, "New Year's Day 2022 is observed in the year before"},
		{"GB", "2026-05-04", true, "Early May bank holiday"},
		{"CA", "2026-10-12", true, "Thanksgiving"},
		{"DE", "2026-10-03", true, "Tag der Deutschen Einheit"},
		{"DE", "2026-06-04", false, "Fronleichnam is not a holiday everywhere"},
		{"DE-BY", "2026-06-04", true, "Fronleichnam in Bavaria"},
		{"FR", "2026-07-14", true, "Fête nationale"},
		{"NL", "2026-04-27", true, "Koningsdag"},
		{"IE", "2026-03-17", true, "St Patrick's Day"},
		{"AU", "2026-01-26", true, "Australia Day"},
		{"AU-VIC", "2026-11-03", true, "Melbourne Cup Day"},
		{"NZ", "2026-02-06", true, "Waitangi Day"},
		{"ES", "2026-10-12", true, "Fiesta Nacional"},
		{"IT", "2026-06-02", true, "Festa della Repubblica"},
		{"", "2026-12-25", false, "no calendar, no holiday"},
	} {
		is, err := IsHoliday(hiring.Holidays{Country: tt.country})
		if err != nil {
			t.Fatal(err)
		}
		if got := is(noonOf(t, tt.day)); got != tt.want {
			t.Errorf("%s, %s: got %v, want %v: %s", tt.country, tt.day, got, tt.want, tt.why)
		}
	}
}

// Extra days count by their date, at any hour and in any zone.
func TestExtraHolidays(t *testing.T) {
	is, err := IsHoliday(hiring.Holidays{Country: "US", Extra: []string{"2026-12-24"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, zone := range []string{"America/Chicago", "Asia/Tokyo", "UTC"} {
		loc := hiring.LoadZone(zone)
		for _, hour := range []int{0, 12, 23} {
			if !is(time.Date(2026, 12, 24, hour, 59, 0, 0, loc)) {
				t.Errorf("Christmas Eve at %d:59 in %s is no holiday", hour, zone)
			}
		}
		if is(time.Date(2026, 12, 23, 23, 59, 0, 0, loc)) {
			t.Errorf("the day before is a holiday in %s", zone)
		}
	}
}

func TestHolidayMistakes(t *testing.T) {
	for _, tt := range []struct {
		holidays hiring.Holidays
		want     string
	}{
		{hiring.Holidays{Country: "UK"}, "did you mean “GB”?"},
		{hiring.Holidays{Country: "us"}, "did you mean “US”?"},
		{hiring.Holidays{Country: "Narnia"}, "use one of AT, AU,"},
		{hiring.Holidays{Extra: []string{"24 Dec"}}, "“24 Dec” is not a date"},
	} {
		if _, err := IsHoliday(tt.holidays); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v says %v, want “%s”", tt.holidays, err, tt.want)
		}
	}
}

// The ticks of several features ask at once.
func TestIsHolidayFromSeveralGoroutines(t *testing.T) {
	is, err := IsHoliday(hiring.Holidays{Country: "US"})
	if err != nil {
		t.Fatal(err)
	}
	start := noonOf(t, "2026-01-01")
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for i := range 365 {
				is(start.AddDate(0, 0, i))
			}
		})
	}
	wait.Wait()
}

func noonOf(t *testing.T, day string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	return d.Add(12 * time.Hour)
}
