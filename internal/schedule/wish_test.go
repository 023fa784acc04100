package schedule

import (
	"testing"
	"time"

	"convene/internal/hiring"
)

// Wednesday, 18 November 2026, 9:00 in Denver.
func TestReadWish(t *testing.T) {
	denver := zone(t, "America/Denver")
	now := at(t, denver, "2026-11-18 09:00")
	for _, tt := range []struct {
		comment, words string
		suits, not     string // starts of 45 minutes
	}{
		{"could do Thursday after 3", "Thursday after 3:00 pm", "2026-11-19 15:00", "2026-11-19 14:30"},
		{"Sorry, I can't make it. Thursday after 3pm would be great!", "Thursday after 3:00 pm", "2026-11-26 16:00", "2026-11-20 15:00"},
		{"I cannot come, could do thursday or friday after 3", "Thursday after 3:00 pm, or Friday after 3:00 pm", "2026-11-20 15:00", "2026-11-19 10:00"},
		{"Thursday after 3 or Friday morning", "Thursday after 3:00 pm, or Friday before 12:00 pm", "2026-11-20 11:00", "2026-11-20 11:30"},
		{"Tuesdays, before noon please", "Tuesday before 12:00 pm", "2026-11-24 09:00", "2026-11-24 12:00"},
		{"Dec 4 in the afternoon", "Friday, 4 December between 12:00 pm and 6:00 pm", "2026-12-04 13:00", "2026-12-04 11:00"},
		{"the 4th of December works", "Friday, 4 December", "2026-12-04 13:00", "2026-12-05 13:00"},
		{"2026-12-01 at 10:30", "Tuesday, 1 December at 10:30 am", "2026-12-01 10:30", "2026-12-01 11:00"},
		{"next week works better", "23 November to 29 November", "2026-11-23 09:00", "2026-11-20 09:00"},
		{"tomorrow between 2 and 4", "Thursday, 19 November between 2:00 pm and 4:00 pm", "2026-11-19 15:00", "2026-11-19 15:30"},
		{"Monday next week from 9 to 11", "Monday 23 November to 29 November between 9:00 am and 11:00 am", "2026-11-23 09:00", "2026-11-30 09:00"},
		{"I would love to talk, I decided on Thursday after 3", "Thursday after 3:00 pm", "2026-11-19 15:00", "2026-11-19 14:30"},
		{"after 4 pm", "after 4:00 pm", "2026-11-23 16:00", "2026-11-23 15:30"},
		{"I can't make it but could do Thursday after 3", "Thursday after 3:00 pm", "2026-11-19 15:00", "2026-11-19 14:30"},
		{"Sorry, only mornings 🌅", "before 12:00 pm", "2026-11-19 09:00", "2026-11-19 12:00"},
		// Nothing is guessed.
		{"any time next week but Monday", "", "", ""},
		{"Anything but Monday", "", "", ""},
		{"Thursday works, but Friday is hard", "", "", ""},
		{"Sorry, I have an exam on Thursday", "", "", ""},
		{"Thursday, I have an exam", "", "", ""},
		{"Monday is tricky for me", "", "", ""},
		{"rather than Monday", "", "", ""},
		{"Monday to Wednesday", "", "", ""},
		{"Thursday after 3 …", "", "", ""},
		{"Me viene bien el jueves después de las 3", "", "", ""},
		{"Donnerstag ab 15 Uhr", "", "", ""},
		{"🙁🙁", "", "", ""},
		{"<!channel>", "", "", ""},
		{"", "", "", ""},
		{"Can we find another time?", "", "", ""},
		{"not Thursday", "", "", ""},
		{"Thursday, but not before 3", "", "", ""},
		{"I can't do Tuesday after 3", "", "", ""},
		{"any day except Friday", "", "", ""},
		{"after Thursday", "", "", ""},
		{"12/4 after 3", "", "", ""},
		{"Thursday after 3 EST", "", "", ""},
		{"Thursday around 3", "", "", ""},
		{"Thursday for 20 minutes", "", "", ""},
		{"in the evening on Thursday", "", "", ""},
		{"half past 3 on Thursday", "", "", ""},
		{"the week after next", "", "", ""},
		{"Thursday after 25", "", "", ""},
		{"31 February", "", "", ""},
		{"I moved to Thursday's team last month", "", "", ""},
	} {
		w := ReadWish(tt.comment, now, denver)
		if got := w.Words(); got != tt.words {
			t.Errorf("%q was read as %q, want %q", tt.comment, got, tt.words)
			continue
		}
		slot := func(start string) hiring.Interval {
			s := at(t, denver, start)
			return hiring.Interval{Start: s, End: s.Add(45 * time.Minute)}
		}
		if tt.suits != "" && (!w.Suits(slot(tt.suits), denver) || w.Suits(slot(tt.not), denver)) {
			t.Errorf("%q: %s must suit, and %s must not", tt.comment, tt.suits, tt.not)
		}
	}
}
