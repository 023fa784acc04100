package scorecard

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
)

// slowGoogle answers when it is too late, and looks what was owed when it was
// asked.
type slowGoogle struct {
	w    *world
	seen []string
}

func (g *slowGoogle) Busy(ctx context.Context, emails []string, _, _ time.Time) (map[string]hiring.Calendar, error) {
	if _, limited := ctx.Deadline(); !limited {
		g.w.t.Error("nothing bounds the question")
	}
	for key := range g.w.posts {
		g.seen = append(g.seen, key)
	}
	g.seen = append(g.seen, strings.Join(emails, "+"))
	return nil, context.DeadlineExceeded
}

// Google is slow: what else is due is on its way before it is asked, it is asked
// once for everybody, and reminders come at 16:45 without another question.
func TestSlowGoogleDelaysNobodyElse(t *testing.T) {
	w := newWorld(t)
	google := &slowGoogle{w: w}
	w.Calendar = google
	p := w.who[seb]
	p.Zone = "America/Chicago"
	w.who[seb] = p
	w.interviewDue("ana")
	w.tick("2026-11-18 14:45")
	w.also("ben", "2026-11-19 09:00")
	w.interviewDue("ben")
	if got := w.tick("2026-11-19 09:00"); got != "score:ben:karly score:ben:mark score:ben:seb" {
		t.Errorf("owed %s", got)
	}
	if got := strings.Join(google.seen, " "); !strings.Contains(got, "score:ben:karly") || !strings.HasSuffix(got, "karly+seb") || strings.Count(got, "karly+seb") != 1 {
		t.Errorf("when Google was asked: %s", got)
	}
	if w.nagAt(karly) != "Thu 16:45" || w.nagAt(seb) != "Thu 16:45" {
		t.Errorf("reminders: Karly %s, Seb %s", w.nagAt(karly), w.nagAt(seb))
	}
	n := len(google.seen)
	if got := w.tick("2026-11-19 16:45"); got != "nag:karly:2026-11-19 nag:seb:2026-11-19" || len(google.seen) != n {
		t.Errorf("owed %s, asked again: %v", got, google.seen[n:])
	}
}

// A person's nudge counts neither as the day's reminder nor for the escalation;
// who comes second learns of the first, and the next day there may be another.
func TestNudgeIsNoNag(t *testing.T) {
	w := newWorld(t)
	w.interviewDue("ana")
	w.tick("2026-11-18 14:45")
	nudge := func(clock, by string) error {
		w.now = w.at(clock)
		_, err := w.Nudge(t.Context(), "ana", karly, by)
		return err
	}
	if err := nudge("2026-11-19 08:00", carla); err != nil {
		t.Fatal(err)
	}
	var already *hiring.AlreadyDone
	if err := nudge("2026-11-19 08:30", dana); !errors.As(err, &already) || already.By != carla || !already.At.Equal(w.at("2026-11-19 08:00")) {
		t.Errorf("a second click: %v", err)
	}
	if got := w.tick("2026-11-19 09:00"); got != "nag:karly:2026-11-19" {
		t.Errorf("on Thursday: %s", got)
	}
	if err := nudge("2026-11-20 08:00", dana); err != nil {
		t.Errorf("the next day: %v", err)
	}
	if got := w.tick("2026-11-20 09:00"); got != "nag:karly:2026-11-20" {
		t.Errorf("on Friday: %s", got)
	}
}

// A scorecard that is reopened is missing anew: its author is reminded before
// anybody else hears.
func TestEscalationOfAReopenedScorecard(t *testing.T) {
	w := newWorld(t)
	w.cases["ana"].Interview.Panel = w.cases["ana"].Interview.Panel[:1]
	w.interviewDue("ana")
	w.tick("2026-11-18 14:45")
	w.tick("2026-11-19 09:00")
	w.now = w.at("2026-11-19 10:00")
	if err := w.Submit(t.Context(), "ana", karly, good("")); err != nil {
		t.Fatal(err)
	}
	w.now = w.at("2026-11-24 09:00")
	if err := w.Reopen(t.Context(), "ana", karly, "A level was wrong", w.now); err != nil {
		t.Fatal(err)
	}
	if got := w.tick("2026-11-24 13:00"); got != "nag:karly:2026-11-24" {
		t.Errorf("on the first day: %s", got)
	}
	if got := w.tick("2026-11-25 09:00"); got != "nag:karly:2026-11-25" {
		t.Errorf("on the second: %s", got)
	}
	if got := w.tick("2026-11-27 09:00"); got != "escalation:ana:karly:3:carla nag:karly:2026-11-27" {
		t.Errorf("on the third, after the holiday: %s", got)
	}
}

// Who has said why they owe no scorecard isn't asked for it.
func TestNobodyAsksTheExcused(t *testing.T) {
	w := newWorld(t)
	w.interviewDue("ana")
	w.cases["ana"].Interview.Panel[0].Excused = hiring.Excuse{Kind: hiring.Absent, Reason: "ill", At: w.now}
	if got := w.tick("2026-11-18 14:45"); got != "score:ana:mark score:ana:seb" || w.nagAt(karly) != "never" {
		t.Errorf("asked: %s; Karly's reminder: %s", got, w.nagAt(karly))
	}
	if _, err := w.Nudge(t.Context(), "ana", karly, carla); err == nil {
		t.Error("and would be nudged")
	}
}

// Reminders that were put off come as usual once that is taken back, today's too.
func TestSnoozeTakenBack(t *testing.T) {
	w := newWorld(t)
	w.interviewDue("ana")
	w.busyFrom(karly, "2026-11-20 09:00", "2026-11-20 10:00")
	w.tick("2026-11-18 14:45")
	w.tick("2026-11-19 09:00")
	w.tick("2026-11-20 09:00")
	w.putOff(karly, w.at("2026-11-23 09:00"))
	if got := w.tick("2026-11-20 11:00"); strings.Contains(got, "karly") {
		t.Errorf("put off, and yet: %s", got)
	}
	if err := w.Unsnooze(t.Context(), karly); err != nil {
		t.Fatal(err)
	}
	if got := w.tick("2026-11-20 11:01"); got != "nag:karly:2026-11-20" {
		t.Errorf("taken back: %s", got)
	}
	if err := w.Unsnooze(t.Context(), karly); err == nil {
		t.Error("it is taken back twice")
	}
	if err := w.Service.Snooze(t.Context(), karly, w.at("2026-11-24 09:00")); err == nil {
		t.Error("it may be put off beyond the next working day")
	}
}

// A store in which somebody reopens their scorecard just after it was read that
// they owe none.
type reopening struct {
	*world
	then func()
}

func (r *reopening) Owed(ctx context.Context, person string, now time.Time) ([]*hiring.Case, error) {
	owed, err := r.world.Owed(ctx, person, now)
	if then := r.then; len(owed) == 0 && then != nil {
		r.then = nil
		then()
	}
	return owed, err
}

func TestReopenedWhileItsReminderEnds(t *testing.T) {
	w := newWorld(t)
	w.interviewDue("ana")
	w.tick("2026-11-18 14:45")
	if err := w.Submit(t.Context(), "ana", karly, good("")); err != nil {
		t.Fatal(err)
	}
	w.now = w.at("2026-11-19 09:00")
	w.Store = &reopening{w, func() {
		if err := w.Reopen(t.Context(), "ana", karly, "A level was wrong", w.now); err != nil {
			t.Error(err)
		}
	}}
	if got := w.tick(""); got != "nag:karly:2026-11-19" {
		t.Errorf("owed %q; the next reminder: %s", got, w.nagAt(karly))
	}
}
