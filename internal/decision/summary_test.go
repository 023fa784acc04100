package decision

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
)

func TestGather(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*hiring.Case)
		mean   string
		count  string // people, rated competencies, ratings, spread
		spread string // by competency
		absent string // not assessed, by competency
	}{
		{"nothing is in", func(*hiring.Case) {}, "0.00", "0 0 0 0", "0 0", "0 0"},
		{"one person", func(k *hiring.Case) { submit(k, karly, hiring.Yes, 3, 2) }, "2.50", "1 2 2 0", "0 0", "0 0"},
		{"two people", func(k *hiring.Case) { submit(k, karly, hiring.Yes, 1, 2); submit(k, drew, hiring.Yes, 4, 3) }, "2.50", "2 2 4 3", "3 1", "0 0"},
		{"“not assessed” is never a low score", func(k *hiring.Case) { submit(k, karly, hiring.Yes, 4, 0); submit(k, drew, hiring.Yes, 3, 0) }, "3.50", "2 1 2 1", "1 0", "0 2"},
		{"nothing was assessed", func(k *hiring.Case) { submit(k, karly, hiring.Yes, 0, 0) }, "0.00", "1 0 0 0", "0 0", "1 1"},
		{"a shadow doesn't count", func(k *hiring.Case) { submit(k, karly, hiring.Yes, 3, 3); submit(k, mark, hiring.StrongNo, 1, 1) }, "3.00", "1 2 2 0", "0 0", "0 0"},
		{"an optional one does", func(k *hiring.Case) { submit(k, karly, hiring.Yes, 3, 3); submit(k, olga, hiring.No, 1, 3) }, "2.50", "2 2 4 2", "2 0", "0 0"},
		{"a draft doesn't", func(k *hiring.Case) {
			submit(k, karly, hiring.Yes, 3, 3)
			submit(k, drew, hiring.No, 1, 1).SubmittedAt = time.Time{}
		}, "3.00", "1 2 2 0", "0 0", "0 0"},
		{"nor does somebody who left the panel", func(k *hiring.Case) { submit(k, karly, hiring.Yes, 3, 3); submit(k, "gone", hiring.No, 1, 1) }, "3.00", "1 2 2 0", "0 0", "0 0"},
	} {
		k := newWorld(t).ana()
		tt.change(k)
		f := Gather(k)
		var spread, absent []string
		for _, c := range f.Competencies {
			spread, absent = append(spread, fmt.Sprint(c.Spread)), append(absent, fmt.Sprint(c.NotAssessed))
		}
		got := []string{fmt.Sprintf("%.2f", f.Mean), fmt.Sprint(f.People, f.Rated, f.Ratings, f.Spread), strings.Join(spread, " "), strings.Join(absent, " ")}
		if want := []string{tt.mean, tt.count, tt.spread, tt.absent}; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %q, want %q", tt.why, got, want)
		}
		if len(f.Recommendations) != f.People {
			t.Errorf("%s: %d recommendations of %d people", tt.why, len(f.Recommendations), f.People)
		}
	}
}

func TestGatherFlagsAndGates(t *testing.T) {
	k := newWorld(t).ana()
	first, second := submit(k, karly, hiring.No, 1, 2), submit(k, drew, hiring.Yes, 3, 3)
	r := first.Answers.Ratings["triage"]
	r.RedFlags = []string{"hides", "removed from the rubric"}
	first.Answers.Ratings["triage"] = r
	shadow := submit(k, mark, hiring.StrongNo, 1, 1)
	shadow.Answers.Ratings["triage"] = hiring.Rating{Level: 1, Rated: true, RedFlags: []string{"panic"}}
	f := Gather(k)
	if len(f.RedFlags) != 1 || f.RedFlags[0].Flag.Text != "Hides" || f.RedFlags[0].Person != karly || f.RedFlags[0].Competency.ID != "triage" {
		t.Errorf("red flags %+v", f.RedFlags)
	}
	for _, tt := range []struct {
		a, b        hiring.GateAnswer
		met, failed bool
	}{
		{"yes", "yes", true, false}, {"yes", "unknown", true, false}, {"yes", "no", false, true},
		{"unknown", "unknown", false, false}, {"no", "unknown", false, true},
	} {
		first.Answers.Gates["visits"], second.Answers.Gates["visits"] = hiring.GateEntry{Answer: tt.a}, hiring.GateEntry{Answer: tt.b}
		g := Gather(k).Gates[0]
		if g.Met() != tt.met || g.Failed() != tt.failed || len(g.Answers) != 2 {
			t.Errorf("%s and %s: met %t, failed %t, %d answers", tt.a, tt.b, g.Met(), g.Failed(), len(g.Answers))
		}
	}
}

// Due first, then by deadline and name; who was told today stays.
func TestBuild(t *testing.T) {
	w := newWorld(t)
	ben := w.add("ben", "2026-11-18 10:00")
	next := w.add("abe", "2026-11-23 08:00") // this week's, due next Monday
	late := w.add("zoe", "2026-11-10 10:00") // due last Monday
	told := w.add("tom", "2026-11-17 10:00")
	told.ToldAt = w.at("2026-11-23 00:30")
	before := w.add("eve", "2026-11-17 10:00")
	before.ToldAt = w.at("2026-11-22 23:59")
	w.add("fay", "2026-11-24 10:00") // not yet held
	gone := w.add("gus", "2026-11-17 10:00")
	gone.Candidate.State, gone.Candidate.EndedAt = hiring.Withdrawn, w.at("2026-11-23 08:00")
	earlier := w.add("hal", "2026-11-17 10:00")
	earlier.Candidate.State, earlier.Candidate.EndedAt = hiring.Withdrawn, w.at("2026-11-22 08:00")
	submit(ben, karly, hiring.Yes, 3, 3)
	sum := Build(w.role, w.cases, w.at("2026-11-23 16:00"), w.now)
	var got []string
	for _, e := range sum.Entries {
		got = append(got, fmt.Sprintf("%s due=%t %s %d/%d", e.Case.Interview.ID, e.Due, e.Need, e.In, e.Owed))
		if e.Facts != nil {
			t.Errorf("%s: facts before all are in", e.Case.Interview.ID)
		}
	}
	want := "zoe due=true scorecards 0/2, ana due=true scorecards 0/2, ben due=true scorecards 1/2, tom due=true  0/2, abe due=false scorecards 0/2"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("entries: %s\nwant     %s", s, want)
	}
	_, _ = late, next
	if len(sum.Left) != 1 || sum.Left[0] != gone {
		t.Errorf("%d withdrew on the day, want Gus alone", len(sum.Left))
	}

	complete(w.ana())
	ben.Revealed = carla
	sum = Build(w.role, w.cases, w.at("2026-11-23 16:00"), w.now)
	for _, e := range sum.Entries {
		open := e.Case == w.ana() || e.Case == ben
		if (e.Facts != nil) != open {
			t.Errorf("%s: facts shown: %t", e.Case.Interview.ID, e.Facts != nil)
		}
	}
}

// "Today" is the role's day, also when clocks change.
func TestDueToday(t *testing.T) {
	w := newWorld(t)
	k := w.ana()
	for _, tt := range []struct {
		deadline, day string
		want          bool
	}{
		{"2026-11-23 17:00", "2026-11-23 09:00", true},
		{"2026-11-23 23:59", "2026-11-23 00:01", true},
		{"2026-11-24 00:00", "2026-11-23 23:59", false},
		{"2026-11-24 09:00", "2026-11-23 16:00", false},
		{"2026-11-20 17:00", "2026-11-23 16:00", true},
		{"2026-11-01 23:30", "2026-11-01 00:30", true}, // a day of 25 hours
		{"2026-03-08 23:30", "2026-03-08 00:30", true}, // and of 23
		{"2026-03-09 00:00", "2026-03-08 00:30", false},
	} {
		k.Interview.Deadline = w.at(tt.deadline)
		if e := Build(w.role, w.cases, w.at(tt.day).UTC(), w.now).Entries[0]; e.Due != tt.want {
			t.Errorf("deadline %s on %s: due %t", tt.deadline, tt.day, e.Due)
		}
	}
}

func TestParts(t *testing.T) {
	for entries, want := range map[int]int{0: 0, 1: 1, PerMessage: 1, PerMessage + 1: 2, 3 * PerMessage: 3} {
		if got := Parts(entries); got != want {
			t.Errorf("%d candidates take %d messages", entries, got)
		}
	}
}

func TestAwaiting(t *testing.T) {
	w := newWorld(t)
	for person, want := range map[string]int{dana: 1, carla: 1, karly: 0, "nobody": 0} {
		got, err := w.Awaiting(t.Context(), person)
		if err != nil || len(got) != want {
			t.Errorf("%s sees %d roles, %v", person, len(got), err)
		}
	}
}
