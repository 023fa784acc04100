package decision

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
)

func (w *world) deadlineDue() {
	for _, k := range w.cases {
		for _, d := range hiring.DeadlineDue("coord", k.Interview.Deadline) {
			w.due[d.Key] = d
		}
	}
}

func (w *world) reminder(k *hiring.Case, step, to string) string {
	return fmt.Sprintf("deadline:coord:%d:%s:%s", k.Interview.Deadline.Unix(), step, to)
}

// The bot runs all the time, and nobody does anything.
func TestMonday(t *testing.T) {
	w := newWorld(t)
	w.deadlineDue()
	ana := w.ana()
	for _, step := range []struct{ clock, owed string }{
		{"2026-11-20 12:00", ""},
		{"2026-11-23 08:59", ""},
		{"2026-11-23 09:00", "preview:coord:2026-11-23"},
		{"2026-11-23 15:59", ""},
		{"2026-11-23 16:00", "summary:coord:2026-11-23"},
		{"2026-11-23 16:29", ""},
		{"2026-11-23 16:30", w.reminder(ana, "warn", drew) + " " + w.reminder(ana, "warn", karly)},
		{"2026-11-23 17:00", w.reminder(ana, "late", carla)},
		{"2026-11-24 09:00", ""},
		{"2026-11-30 09:00", "preview:coord:2026-11-30"},
		{"2026-11-30 16:00", "summary:coord:2026-11-30"},
	} {
		if got := w.tick(step.clock); got != step.owed {
			t.Errorf("%s: owed %q, want %q", step.clock, got, step.owed)
		}
	}
	for _, m := range w.posts {
		if (m.Role != "") != (m.Kind == "preview" || m.Kind == "summary") {
			t.Errorf("%s goes to role %q, person %q", m.Key, m.Role, m.Person)
		}
	}
}

// Nobody waits: nothing is said.
func TestNothingToSay(t *testing.T) {
	w := newWorld(t)
	w.deadlineDue()
	w.tick("2026-11-20 12:00")
	w.ana().ToldAt = w.at("2026-11-23 08:30")
	for _, clock := range []string{"2026-11-23 09:00", "2026-11-23 16:00", "2026-11-23 16:30", "2026-11-23 17:00"} {
		if got := w.tick(clock); got != "" {
			t.Errorf("%s: owed %s", clock, got)
		}
	}
	w = newWorld(t)
	w.tick("2026-11-20 12:00")
	w.role.Setup.Channel = "" // the role is closed meanwhile
	if got := w.tick("2026-11-23 16:00"); got != "" {
		t.Errorf("a role without a channel: %s", got)
	}
}

// A role that has come to lack something takes no new candidates, but those who
// wait are still in the summary.
func TestARoleThatIsNoLongerOpenStillSpeaks(t *testing.T) {
	w := newWorld(t)
	w.tick("2026-11-20 12:00")
	w.role.Setup.Deciders = nil
	if w.role.Open() {
		t.Fatal("it is open")
	}
	if got := w.tick("2026-11-23 16:00"); !strings.Contains(got, "summary:coord:2026-11-23") {
		t.Errorf("owed %q", got)
	}
}

// Whose turn it is hears 30 minutes before; after the deadline, who comes next.
func TestWhoIsReminded(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*world)
		warn   []string
		late   []string
	}{
		{"scorecards", func(w *world) { submit(w.ana(), karly, hiring.Yes, 3, 3) }, []string{drew}, []string{carla}},
		{"a decision", func(w *world) { complete(w.ana()) }, []string{dana, drew}, []string{carla}},
		{"a notice nobody approved", func(w *world) { complete(w.ana()); w.decide(hiring.Advance) }, []string{dana}, []string{carla}},
		{"a notice that the coordinator sends", func(w *world) {
			n := w.decide(hiring.Advance)
			if err := w.Approve(w.t.Context(), "ana", n.ID, "s", "b", "", carla); err != nil {
				w.t.Fatal(err)
			}
		}, []string{carla}, []string{dana}},
		{"everybody of the role is late", func(w *world) {
			w.role.Setup.Coordinators = []string{dana}
			complete(w.ana())
		}, []string{dana, drew}, []string{wanda}},
		{"two candidates, one message each", func(w *world) {
			complete(w.ana())
			submit(w.add("ben", "2026-11-19 10:00"), karly, hiring.Yes, 3, 3)
		}, []string{dana, drew}, []string{carla}},
	} {
		w := newWorld(t)
		w.now = w.at("2026-11-23 16:10")
		tt.change(w)
		for _, d := range hiring.DeadlineDue("coord", w.ana().Interview.Deadline) {
			w.due[d.Key] = d
		}
		var warn, late []string
		for _, to := range tt.warn {
			warn = append(warn, w.reminder(w.ana(), "warn", to))
		}
		for _, to := range tt.late {
			late = append(late, w.reminder(w.ana(), "late", to))
		}
		if got := w.tick("2026-11-23 16:30"); got != strings.Join(warn, " ") {
			t.Errorf("%s: warned %s, want %v", tt.why, got, tt.warn)
		}
		if got := w.tick("2026-11-23 17:00"); got != strings.Join(late, " ") {
			t.Errorf("%s: late %s, want %v", tt.why, got, tt.late)
		}
	}
}

// A deadline that was moved is nobody's business at its old time.
func TestOldDeadlinesAreSilent(t *testing.T) {
	w := newWorld(t)
	w.deadlineDue()
	w.ana().Interview.Deadline = w.at("2026-11-30 17:00")
	w.tick("2026-11-20 12:00")
	for _, clock := range []string{"2026-11-23 16:30", "2026-11-23 17:00"} {
		if got := w.tick(clock); strings.Contains(got, "deadline:") {
			t.Errorf("%s: %s", clock, got)
		}
	}
}

// Down over Monday: the summary comes once, for its day; the preview, which
// says less, doesn't come any more; the missed deadline is told.
func TestDownOverMonday(t *testing.T) {
	w := newWorld(t)
	w.deadlineDue()
	w.tick("2026-11-22 20:00")
	got := w.tick("2026-11-24 08:00")
	if got != "summary:coord:2026-11-23 "+w.reminder(w.ana(), "late", carla) {
		t.Errorf("owed: %s", got)
	}
	if about := w.posts[0].About; about != "summary|coord|2026-11-23T22:00:00Z" {
		t.Errorf("the summary doesn't know when it was due: %s", about)
	}
	if got := w.tick("2026-11-24 08:01"); got != "" {
		t.Errorf("then: %s", got)
	}
	if d := w.due["summary:coord:2026-11-30"]; !d.At.Equal(w.at("2026-11-30 16:00")) {
		t.Errorf("the next summary: %v", d)
	}
	// Down from Monday 15:00: the preview had come.
	w = newWorld(t)
	w.tick("2026-11-22 20:00")
	w.tick("2026-11-23 09:00")
	if got := w.tick("2026-11-24 08:00"); got != "summary:coord:2026-11-23" {
		t.Errorf("owed: %s", got)
	}
	// Back before the summary is due: the preview comes, late.
	w = newWorld(t)
	w.tick("2026-11-22 20:00")
	if got := w.tick("2026-11-23 11:00"); got != "preview:coord:2026-11-23" {
		t.Errorf("owed: %s", got)
	}
}

// A Monday holiday moved the deadline to Tuesday: the messages come on both
// days, at the same hours.
func TestDeadlineOnAnotherDay(t *testing.T) {
	w := newWorld(t)
	w.ana().Interview.Deadline = w.at("2026-11-24 17:00")
	w.deadlineDue()
	for _, step := range []struct{ clock, owed string }{
		{"2026-11-20 12:00", ""},
		{"2026-11-23 09:00", "preview:coord:2026-11-23"},
		{"2026-11-23 16:00", "summary:coord:2026-11-23"},
		{"2026-11-24 09:00", "preview:coord:2026-11-24"},
		{"2026-11-24 16:00", "summary:coord:2026-11-24"},
		{"2026-11-24 16:30", w.reminder(w.ana(), "warn", drew) + " " + w.reminder(w.ana(), "warn", karly)},
		{"2026-11-24 17:00", w.reminder(w.ana(), "late", carla)},
		{"2026-11-25 09:00", ""},
	} {
		if got := w.tick(step.clock); got != step.owed {
			t.Errorf("%s: owed %q, want %q", step.clock, got, step.owed)
		}
	}
	// Down over both days: one summary, the newest.
	w = newWorld(t)
	w.ana().Interview.Deadline = w.at("2026-11-24 17:00")
	w.tick("2026-11-20 12:00")
	if got := w.tick("2026-11-25 08:00"); got != "summary:coord:2026-11-24" {
		t.Errorf("down over both days: %s", got)
	}
}

// On a holiday nobody is bothered with candidates who are due on another day;
// who is due on it all the same, or overdue, is told of.
func TestHolidayIsQuiet(t *testing.T) {
	for _, tt := range []struct{ deadline, monday string }{
		{"2026-11-24 17:00", ""},
		{"2026-11-23 17:00", "preview:coord:2026-11-23"},
		{"2026-11-20 17:00", "preview:coord:2026-11-23"},
	} {
		w := newWorld(t)
		w.Holidays = func(hiring.Holidays) func(time.Time) bool {
			return func(day time.Time) bool { return day.Format(time.DateOnly) == "2026-11-23" }
		}
		w.ana().Interview.Deadline = w.at(tt.deadline)
		w.tick("2026-11-21 12:00")
		if got := w.tick("2026-11-23 09:00"); got != tt.monday {
			t.Errorf("due %s: on the holiday %q, want %q", tt.deadline, got, tt.monday)
		}
		if got := w.tick("2026-11-24 09:00"); strings.HasPrefix(tt.deadline, "2026-11-24") && got != "preview:coord:2026-11-24" {
			t.Errorf("on its own day: %q", got)
		}
	}
}

func TestOvertaken(t *testing.T) {
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	row := func(kind, role string, hours int) hiring.Due {
		return hiring.Due{Kind: kind, About: role, At: now.Add(time.Duration(hours) * time.Hour)}
	}
	due := []hiring.Due{row("preview", "a", -24), row("summary", "a", -17), row("warn", "a", -17), row("preview", "b", -24), row("summary", "a", -2), row("preview", "a", -1)}
	for i, want := range []bool{true, true, false, false, false, false} {
		if got := overtaken(due[i], due); got != want {
			t.Errorf("%+v is overtaken: %t", due[i], got)
		}
	}
}

func TestSchedules(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct{ deadline, preview, summary string }{
		{"2026-11-23 17:00", "2026-11-23 09:00", "2026-11-23 16:00"},
		{"2026-11-24 17:00", "2026-11-24 09:00", "2026-11-24 16:00"},
		{"2026-11-03 17:00", "2026-11-03 09:00", "2026-11-03 16:00"}, // clocks went back two days before
		{"2026-03-09 17:00", "2026-03-09 09:00", "2026-03-09 16:00"}, // and forward the day before
		{"2027-01-01 12:00", "2027-01-01 09:00", "2027-01-01 16:00"},
	} {
		due := w.Schedules.For(w.role, w.at(tt.deadline).UTC())
		day := tt.deadline[:10]
		if len(due) != 2 || due[0].Key != "preview:coord:"+day || due[1].Key != "summary:coord:"+day || !due[0].At.Equal(w.at(tt.preview)) || !due[1].At.Equal(w.at(tt.summary)) {
			t.Errorf("deadline %s: %v", tt.deadline, due)
		}
	}
	// On the usual day both name the same rows.
	usual := w.Schedules.Usual(w.role, w.at("2026-11-20 12:00"))
	if fmt.Sprint(usual) != fmt.Sprint(w.Schedules.For(w.role, w.at("2026-11-23 17:00"))) {
		t.Errorf("usual %v", usual)
	}
}

// Many candidates take several messages.
func TestLongSummary(t *testing.T) {
	w := newWorld(t)
	for i := range PerMessage {
		w.add(fmt.Sprintf("x%d", i), "2026-11-18 10:00")
	}
	w.tick("2026-11-22 12:00")
	if got := w.tick("2026-11-23 16:00"); got != "summary:coord:2026-11-23 summary:coord:2026-11-23:2" {
		t.Errorf("owed: %s", got)
	}
}

func TestOnePoisonedRow(t *testing.T) {
	w := newWorld(t)
	w.tick("2026-11-22 12:00")
	w.due["late:gone:1"] = hiring.Due{Key: "late:gone:1", Kind: hiring.DueLate, About: "gone", At: w.at("2026-11-01 12:00")}
	w.now = w.at("2026-11-23 16:00")
	n, err := w.Tick(t.Context(), w.now)
	if !errors.Is(err, hiring.ErrNotFound) || n != 2 || len(w.posts) != 1 || w.due["late:gone:1"].At.IsZero() {
		t.Errorf("settled %d, %v, owed %s", n, err, keys(w.posts))
	}
}

// The first deadline's end is late for the next person even after a long
// downtime, and the warning, which would come after it, is left out.
func TestRemindersAfterADowntime(t *testing.T) {
	w := newWorld(t)
	w.deadlineDue()
	w.now = w.at("2026-11-27 12:00")
	late := w.reminder(w.ana(), "late", carla)
	if got := w.tick("2026-11-27 12:00"); got != late {
		t.Errorf("owed %s, want %s", got, late)
	}
}
