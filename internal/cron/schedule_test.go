package cron

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

func TestParseSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"", "is empty"},
		{"   ", "is empty"},
		{"TZ=0", "names a zone"}, // panics in the library
		{"TZ=America/Chicago 0 16 * * MON", "names a zone"},
		{"CRON_TZ=UTC 0 16 * * MON", "names a zone"},
		{"@weekly", "@-words"},
		{"@every 1h", "@-words"},
		{"0 16 * *", "4 fields instead of five"},
		{"0 0 16 * * MON", "6 fields instead of five"},
		{"60 16 * * MON", "above maximum"},
		{"0 24 * * *", "above maximum"},
		{"0 16 * * 7", "above maximum"},
		{"0 16 * * MOON", "MOON"},
		{"-1 16 * * *", "16"},
		{"0 , * * *", "without a value"},
		{"*/0 16 * * *", "positive"},
		{"0 16 31 2 *", "never happens"},
		{"0 16 30 FEB *", "never happens"},
	} {
		_, err := Parse(c.line)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Parse(%q): got error %v, want one that contains %q", c.line, err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{"0 16 * * MON", "TZ=0", "TZ=", "@every 0s", "*/5 1-3,7 29 2 ?", "\x00 , , , ,"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		s, err := Parse(line)
		if err != nil {
			return
		}
		again, err := Parse(s.String())
		if err != nil || again.String() != s.String() {
			t.Errorf("%q parses, but its own String %q gives %v, %v", line, s, again, err)
		}
	})
}

func TestOccurrences(t *testing.T) {
	for _, c := range []struct {
		name, line, zone, from, next, prev string
	}{
		{"an ordinary Monday", "0 16 * * MON", "America/Chicago",
			"2026-11-18T09:00:00-06:00", "2026-11-23T16:00:00-06:00", "2026-11-16T16:00:00-06:00"},
		{"exactly on it", "0 16 * * MON", "America/Chicago",
			"2026-11-23T16:00:00-06:00", "2026-11-30T16:00:00-06:00", "2026-11-23T16:00:00-06:00"},
		{"a second before", "0 16 * * MON", "America/Chicago",
			"2026-11-23T15:59:59-06:00", "2026-11-23T16:00:00-06:00", "2026-11-16T16:00:00-06:00"},
		{"a fraction of a second after", "0 16 * * MON", "America/Chicago",
			"2026-11-23T16:00:00.5-06:00", "2026-11-30T16:00:00-06:00", "2026-11-23T16:00:00-06:00"},
		{"from winter into summer time", "0 9 * * MON", "America/Chicago",
			"2026-03-07T12:00:00-06:00", "2026-03-09T09:00:00-05:00", "2026-03-02T09:00:00-06:00"},
		{"a time that is skipped is the moment after the gap", "30 2 * * *", "America/New_York",
			"2026-03-08T01:00:00-05:00", "2026-03-08T03:00:00-04:00", "2026-03-07T02:30:00-05:00"},
		{"a time that is repeated is its first", "30 1 * * *", "America/New_York",
			"2026-11-01T00:00:00-04:00", "2026-11-01T01:30:00-04:00", "2026-10-31T01:30:00-04:00"},
		{"and only its first", "30 1 * * *", "America/New_York",
			"2026-11-01T01:15:00-05:00", "2026-11-02T01:30:00-05:00", "2026-11-01T01:30:00-04:00"},
		{"a midnight that is skipped", "0 0 * * *", "Africa/Cairo",
			"2026-04-23T12:00:00+02:00", "2026-04-24T01:00:00+03:00", "2026-04-23T00:00:00+02:00"},
		{"a shift of half an hour", "15 2 * * *", "Australia/Lord_Howe",
			"2026-10-03T12:00:00+10:30", "2026-10-04T02:30:00+11:00", "2026-10-03T02:15:00+10:30"},
		{"a day that a zone left out", "0 9 * * FRI", "Pacific/Apia",
			"2011-12-29T12:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-23T09:00:00-10:00"},
		{"a zone of three quarters of an hour", "0 16 * * MON", "Asia/Kathmandu",
			"2026-11-18T09:00:00+05:45", "2026-11-23T16:00:00+05:45", "2026-11-16T16:00:00+05:45"},
		{"only in leap years", "0 16 29 2 *", "UTC",
			"2026-11-18T09:00:00Z", "2028-02-29T16:00:00Z", "2024-02-29T16:00:00Z"},
		{"on one day of the month or of the week", "0 16 1 * MON", "UTC",
			"2026-11-24T09:00:00Z", "2026-11-30T16:00:00Z", "2026-11-23T16:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			zone, from := load(t, c.zone), moment(t, c.from)
			next, err := Next(c.line, zone, from)
			if err != nil {
				t.Fatal(err)
			}
			prev, err := Prev(c.line, zone, from)
			if err != nil {
				t.Fatal(err)
			}
			if want := moment(t, c.next); !next.Equal(want) {
				t.Errorf("after %s comes %s, want %s", c.from, next.In(zone), want)
			}
			if want := moment(t, c.prev); !prev.Equal(want) {
				t.Errorf("at or before %s is %s, want %s", c.from, prev.In(zone), want)
			}
		})
	}
}

func TestOnDayTakesTheHourToAnotherDay(t *testing.T) {
	for _, c := range []struct{ line, day, want string }{
		{"0 16 * * MON", "2026-11-24T23:59:00-06:00", "2026-11-24T16:00:00-06:00"}, // a Tuesday
		{"0 16 1 JAN *", "2026-03-08T00:30:00-06:00", "2026-03-08T16:00:00-05:00"}, // summer time begins
		{"30 2 * * MON", "2026-03-08T12:00:00-05:00", "2026-03-08T03:00:00-05:00"}, // 2:30 is skipped
		{"0 9,12 * * MON", "2026-11-25T12:00:00-06:00", "2026-11-25T09:00:00-06:00"},
	} {
		s, err := Parse(c.line)
		if err != nil {
			t.Fatal(err)
		}
		chicago := load(t, "America/Chicago")
		if got, want := s.OnDay(moment(t, c.day).In(chicago)), moment(t, c.want); !got.Equal(want) {
			t.Errorf("%q on %s: got %s, want %s", c.line, c.day, got.In(chicago), want)
		}
	}
}

func TestZeroScheduleNeverOccurs(t *testing.T) {
	var s Schedule
	now := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)
	if !s.Next(time.UTC, now).IsZero() || !s.Prev(time.UTC, now).IsZero() || !s.OnDay(now).IsZero() {
		t.Error("the zero Schedule occurs")
	}
}

// TestOccurrencesEqualAWalkThroughTheMinutes holds Next and Prev to a reference
// that looks at every minute around a shift in turn, as a person with a clock
// and a calendar would.
func TestOccurrencesEqualAWalkThroughTheMinutes(t *testing.T) {
	// Around each of these moments a clock was or will be moved.
	shifts := []struct{ zone, at string }{
		{"America/Chicago", "2026-03-08T08:00:00Z"},
		{"America/Chicago", "2026-11-01T07:00:00Z"},
		{"Europe/London", "2026-03-29T01:00:00Z"},
		{"Europe/London", "2026-10-25T01:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04T03:00:00Z"},
		{"America/Sao_Paulo", "2019-02-17T02:00:00Z"},
		{"Australia/Lord_Howe", "2026-04-04T15:00:00Z"},
		{"Australia/Lord_Howe", "2026-10-03T15:30:00Z"},
		{"Pacific/Apia", "2011-12-30T10:00:00Z"},
		{"Asia/Kathmandu", "2026-11-23T00:00:00Z"},
	}
	rapid.Check(t, func(r *rapid.T) {
		shift := rapid.SampledFrom(shifts).Draw(r, "shift")
		zone := load(t, shift.zone)
		around := moment(t, shift.at)
		line := fmt.Sprintf("%s %s * * %s",
			rapid.SampledFrom([]string{"*", "0", "30", "*/20", "59"}).Draw(r, "minute"),
			rapid.SampledFrom([]string{"*", "0", "1", "2", "23", "1-3"}).Draw(r, "hour"),
			rapid.SampledFrom([]string{"*", "SAT,SUN", "MON", "FRI"}).Draw(r, "weekday"))
		from := around.Add(time.Duration(rapid.IntRange(-12*3600, 12*3600).Draw(r, "seconds")) * time.Second)
		s, err := Parse(line)
		if err != nil {
			r.Fatal(err)
		}
		occurrences := walk(s, zone, around.Add(-28*time.Hour), around.Add(28*time.Hour))

		var next, prev time.Time
		for _, o := range occurrences {
			if o.After(from) && next.IsZero() {
				next = o
			}
			if !o.After(from) {
				prev = o
			}
		}
		if got := s.Next(zone, from); !next.IsZero() && !got.Equal(next) {
			r.Errorf("%q in %s after %s: got %s, the walk says %s", line, zone, from.In(zone), got.In(zone), next.In(zone))
		}
		if got := s.Prev(zone, from); !prev.IsZero() && !got.Equal(prev) {
			r.Errorf("%q in %s at or before %s: got %s, the walk says %s", line, zone, from.In(zone), got.In(zone), prev.In(zone))
		}
	})
}

// walk looks at every minute in turn. A wall-clock minute counts when the clock
// shows it for the first time, or at the first minute that is shown after it
// was skipped.
func walk(s Schedule, zone *time.Location, from, to time.Time) []time.Time {
	var out []time.Time
	shown := wallClock(from.In(zone)) // the latest wall-clock minute so far
	for t := from; t.Before(to); t = t.Add(time.Minute) {
		wall := wallClock(t.In(zone))
		for shown.Before(wall) {
			shown = shown.Add(time.Minute)
			due := s.spec.Next(shown.Add(-time.Second)).Equal(shown)
			if due && (len(out) == 0 || out[len(out)-1] != t) {
				out = append(out, t)
			}
		}
	}
	return out
}

func load(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
