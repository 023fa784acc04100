package scorecard

import (
	"slices"
	"testing"
	"time"

	"convene/internal/hiring"
)

// The heads-up comes on the person's own last working day before the deadline's
// day, whatever zone they are in.
func TestDayOfTheHeadsUp(t *testing.T) {
	w := newWorld(t)
	role := w.cases["ana"].Role
	for _, tt := range []struct{ why, zone, holiday, days, deadline, want string }{
		{"a usual Monday", "America/Chicago", "", "", "2026-11-23 17:00", "2026-11-20 09:00"},
		{"Monday is a holiday", "America/Chicago", "2026-11-23", "", "2026-11-24 17:00", "2026-11-20 09:00"},
		{"Friday is a holiday", "America/Chicago", "2026-11-20", "", "2026-11-23 17:00", "2026-11-19 09:00"},
		{"on Friday they don't work", "America/Chicago", "", "Mon-Thu", "2026-11-23 17:00", "2026-11-19 09:00"},
		{"ahead of the role", "Pacific/Auckland", "", "", "2026-11-23 17:00", "2026-11-20 09:00"},
		{"clocks go back in between", "America/Chicago", "", "", "2026-11-02 17:00", "2026-10-30 09:00"},
		{"clocks go forward in between", "America/Chicago", "", "", "2027-03-15 17:00", "2027-03-12 09:00"},
	} {
		p := w.who[karly]
		p.Zone = tt.zone
		if tt.days != "" {
			p.Hours = hiring.Hours{Days: nineFive.Days[:4], Start: nineFive.Start, End: nineFive.End}
		}
		w.Holidays = func(hiring.Holidays) func(time.Time) bool {
			return func(day time.Time) bool { return slices.Contains([]string{tt.holiday}, day.Format(time.DateOnly)) }
		}
		k := &hiring.Case{Role: role, Interview: &hiring.Interview{Deadline: w.at(tt.deadline).UTC()}}
		if got := w.HeadsUp(p, k).Format("2006-01-02 15:04"); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.why, got, tt.want)
		}
	}
}

// A role that reminds late still gives the heads-up; one whose reminder comes by
// then gives none besides it, and nobody hears before their interview is over.
func TestFirstNagIsTheHeadsUpAtTheLatest(t *testing.T) {
	for _, tt := range []struct {
		after time.Duration
		end   string
		want  string
	}{
		{16 * time.Hour, "2026-11-18 14:45", "2026-11-19 09:00"},
		{72 * time.Hour, "2026-11-18 14:45", "2026-11-20 09:00"},
		{24 * time.Hour, "2026-11-19 14:45", "2026-11-20 14:45"},
		{16 * time.Hour, "2026-11-20 14:45", "2026-11-23 09:00"},
	} {
		w := newWorld(t)
		k := w.cases["ana"]
		k.Role.NagAfter.V = tt.after
		if got := w.firstNag(w.who[karly], k, w.at(tt.end)); !got.Equal(w.at(tt.want)) {
			t.Errorf("%s after %s: %s, want %s", tt.after, tt.end, got, tt.want)
		}
	}
}
