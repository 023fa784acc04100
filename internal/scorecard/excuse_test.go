package scorecard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

func (w *world) ChangeInterviewCase(_ context.Context, interview string, change func(*hiring.Case) (outbox.Batch, error)) error {
	k, iv := *w.cases[interview], *w.cases[interview].Interview
	k.Interview = &iv
	b, err := change(&k)
	if err == nil {
		w.cases[interview].Interview = &iv
		w.apply(b)
	}
	return err
}

// Message knows what was owed, and takes it for posted then.
func (w *world) Message(_ context.Context, key string) (*outbox.Message, error) {
	when, ok := w.posts[key]
	if !ok {
		return nil, hiring.ErrNotFound
	}
	return &outbox.Message{Key: key, TS: "1.1", Posted: when}, nil
}

// panel writes who owes a scorecard and who doesn't.
func (w *world) panel() string {
	var out []string
	for _, p := range w.cases["ana"].Interview.Panel {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", p.Person, p.Part, p.Excused.Kind)))
	}
	return strings.Join(out, ", ")
}

// excusedWorld is the hour after Ana's interview: everybody was asked. Dana, who
// decides, may stand in.
func excusedWorld(t *testing.T) *world {
	w := newWorld(t)
	w.cases["ana"].Interview.BookedBy = karly
	w.interviewDue("ana")
	w.tick("2026-11-18 15:00")
	return w
}

func sentence(t *testing.T, err error, field, words string) {
	t.Helper()
	var user *hiring.UserError
	if !errors.As(err, &user) || user.Field != field || !strings.Contains(user.Text, words) {
		t.Errorf("got %v, want a sentence about %q with %q", err, field, words)
	}
}

// newPosts returns which messages became owed by what was done.
func (w *world) newPosts(do func()) string {
	before := map[string]bool{}
	for key := range w.posts {
		before[key] = true
	}
	do()
	var out []string
	for key := range w.posts {
		if !before[key] {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestWhoWasNotThere(t *testing.T) {
	w := excusedWorld(t)
	sentence(t, w.Absent(t.Context(), "ana", karly, " \n"), "reason", "Say why")
	sentence(t, w.Absent(t.Context(), "ana", karly, strings.Repeat("x", hiring.MaxExcuse+1)), "reason", "longer than 300")
	// Karly booked it herself: the other coordinator hears it.
	at := w.now.UnixMilli()
	if got := w.newPosts(func() { w.must(w.Absent(t.Context(), "ana", karly, "My train was late")) }); got != fmt.Sprintf("excused:ana:karly:%d:carla", at) {
		t.Errorf("told %q", got)
	}
	if got := w.panel(); got != "karly required absent, seb required, mark shadow" {
		t.Error(got)
	}
	if e := w.cases["ana"].Interview.Excuse(karly); e.Reason != "My train was late" || !e.At.Equal(w.now) {
		t.Errorf("%+v", e)
	}
	var done *hiring.AlreadyDone
	if err := w.Absent(t.Context(), "ana", karly, "Again"); !errors.As(err, &done) || done.By != karly || !done.At.Equal(w.now) {
		t.Errorf("twice: %v", err)
	}
	// No reminder comes, and a submit is refused in words.
	if got := w.tick("2026-11-19 12:00"); strings.Contains(got, "karly") {
		t.Errorf("reminded: %s", got)
	}
	sentence(t, w.Submit(t.Context(), "ana", karly, good("")), "", "there after all")
	// Taken back while nothing can be read: asked, reminded, and theirs counts.
	w.must(w.TakeBack(t.Context(), "ana", karly, karly))
	if w.nagAt(karly) == "never" || !w.cases["ana"].Interview.Owes(karly) {
		t.Error("nothing is asked for after all")
	}
	w.must(w.Submit(t.Context(), "ana", karly, good("")))
	sentence(t, w.Absent(t.Context(), "ana", karly, "Late"), "", "reopen and correct")
	if err := w.TakeBack(t.Context(), "ana", karly, karly); !errors.As(err, &done) {
		t.Errorf("twice: %v", err)
	}
}

// Whose word completes the others' scorecards can't come back: theirs would not
// be independent any more.
func TestAbsentCannotComeBackToOpenScorecards(t *testing.T) {
	w := excusedWorld(t)
	w.must(w.Absent(t.Context(), "ana", seb, "Ill"))
	w.must(w.Submit(t.Context(), "ana", karly, good("")))
	sentence(t, w.TakeBack(t.Context(), "ana", seb, seb), "", "not be independent")
	if k := w.cases["ana"]; len(k.Readable(seb)) > 0 || len(k.Readable(dana)) != 1 {
		t.Error("who wasn't there reads nothing; who decides reads what is in")
	}
	w.must(w.Reopen(t.Context(), "ana", karly, "A level was wrong", w.now)) // Dana has read it meanwhile
	sentence(t, w.TakeBack(t.Context(), "ana", seb, seb), "", "not be independent")

	w = excusedWorld(t) // nobody is left, and nothing can be read: they may
	w.must(w.Absent(t.Context(), "ana", karly, "Ill"))
	w.must(w.Absent(t.Context(), "ana", seb, "Ill"))
	w.must(w.TakeBack(t.Context(), "ana", seb, seb))

	w = excusedWorld(t)
	w.must(w.Absent(t.Context(), "ana", karly, "Ill"))
	sentence(t, w.TakeBack(t.Context(), "ana", karly, carla), "", "Only they themselves")
	sentence(t, w.TakeBack(t.Context(), "ana", karly, dana), "", "Only the panelist")
}

func TestWhenNobodyIsExcused(t *testing.T) {
	w := excusedWorld(t)
	if got := w.newPosts(func() { w.must(w.Absent(t.Context(), "ana", mark, "Ill")) }); got != "" {
		t.Errorf("a shadow's absence was told: %s", got)
	}
	k := w.cases["ana"]
	try := func(person, words string) {
		t.Helper()
		sentence(t, w.Absent(t.Context(), "ana", person, "Ill"), "", words)
	}
	try(dana, "not on the panel")
	k.Interview.State = hiring.Cancelled
	try(karly, "is cancelled")
	k.Interview.State = hiring.Booked
	k.Candidate.State = hiring.Withdrawn
	try(karly, "has withdrawn")
	k.Candidate.State = hiring.Active
	k.Decision = &hiring.Decision{}
	try(karly, "decision has been recorded")
	k.Decision = nil
	w.now = w.at("2026-11-18 13:59")
	try(karly, "hasn't begun")
	w.now = w.at("2026-11-18 14:05") // while it runs; at the end only the others are asked
	w.must(w.Absent(t.Context(), "ana", karly, "In traffic"))
	w.posts = map[string]time.Time{}
	w.interviewDue("ana")
	if got := w.tick("2026-11-18 14:45"); got != "score:ana:seb" {
		t.Errorf("asked: %s", got)
	}
}

func TestHandOver(t *testing.T) {
	w := excusedWorld(t)
	w.cases["ana"].Interview.BookedBy = carla
	guest := w.who[wanda]
	guest.Guest = true
	w.who["gus"] = guest
	try := func(to, field, words string) {
		t.Helper()
		sentence(t, w.HandOver(t.Context(), "ana", karly, to, "Ill"), field, words)
	}
	try("", "to", "Choose who")
	try(karly, "to", "That is you. Choose who held the interview in your place. You can choose: carla, dana.")
	try(seb, "to", "scorecard of their own")
	try(mark, "to", "as shadow")
	try(wanda, "to", "not on the team")
	try("gus", "to", "is a guest")
	sentence(t, w.HandOver(t.Context(), "ana", mark, dana, "Ill"), "", "optional")
	sentence(t, w.HandOver(t.Context(), "ana", karly, dana, ""), "reason", "Say why")

	at := w.now.UnixMilli()
	if got := w.newPosts(func() { w.must(w.HandOver(t.Context(), "ana", karly, dana, "Ill")) }); got != fmt.Sprintf("excused:ana:karly:%d:carla score:ana:dana", at) {
		t.Errorf("owed: %s", got)
	}
	if got := w.panel(); got != "karly required handed_over, seb required, mark shadow, dana required" || w.nagAt(dana) == "never" {
		t.Errorf("%s; reminded %s", got, w.nagAt(dana))
	}
	var done *hiring.AlreadyDone
	if err := w.HandOver(t.Context(), "ana", karly, carla, "Ill"); !errors.As(err, &done) || done.By != karly {
		t.Errorf("twice: %v", err)
	}
	// Who decides now sits on the panel: reads nothing before theirs is in.
	w.must(w.Submit(t.Context(), "ana", seb, good("")))
	if len(w.cases["ana"].Readable(dana)) > 0 {
		t.Error("a stand-in reads early")
	}
	// Handed on, it can't be changed back at its start; then it can, and Karly hears it.
	w.must(w.HandOver(t.Context(), "ana", dana, carla, "Not me"))
	sentence(t, w.TakeBack(t.Context(), "ana", karly, karly), "", "handed on")
	w.must(w.TakeBack(t.Context(), "ana", dana, dana))
	if got := w.newPosts(func() { w.must(w.TakeBack(t.Context(), "ana", karly, carla)) }); got != fmt.Sprintf("owed-again:ana:karly:%d", w.now.UnixMilli()) {
		t.Errorf("told: %s", got)
	}
	if got := w.panel(); got != "karly required, seb required, mark shadow" {
		t.Error(got)
	}
}

func TestHandOverOnlyBeforeAnythingCanBeRead(t *testing.T) {
	w := excusedWorld(t)
	w.cases["ana"].Revealed = carla
	sentence(t, w.HandOver(t.Context(), "ana", karly, dana, "Ill"), "", "were opened already")
	w = excusedWorld(t)
	w.must(w.HandOver(t.Context(), "ana", karly, dana, "Ill"))
	w.must(w.Submit(t.Context(), "ana", dana, good("")))
	w.must(w.TakeBack(t.Context(), "ana", karly, karly)) // Seb's is missing: nothing can be read
	if got := w.panel(); got != "karly required, seb required, mark shadow, dana required" {
		t.Errorf("whose scorecard is in stays: %s", got)
	}
	w = excusedWorld(t)
	w.now = w.at("2026-11-18 14:30")
	sentence(t, w.HandOver(t.Context(), "ana", karly, dana, "Ill"), "", "isn't over yet")
}

// Days on which a stand-in was reminded of something else don't count for what
// they were handed since.
func TestEscalationOfAHandedScorecard(t *testing.T) {
	w := excusedWorld(t)
	w.also("bea", "2026-11-18 14:45")
	w.cases["bea"].Interview.Panel = []hiring.Panelist{{Person: dana, Part: hiring.Required}}
	w.cases["ana"].Interview.Panel = w.cases["ana"].Interview.Panel[:1]
	w.interviewDue("bea")
	w.tick("2026-11-18 15:00")
	w.tick("2026-11-19 09:00")
	w.tick("2026-11-20 09:00")
	w.now = w.at("2026-11-20 10:00")
	w.must(w.HandOver(t.Context(), "ana", karly, dana, "Ill"))
	if got := w.tick("2026-11-23 09:00"); got != "escalation:bea:dana:3:carla nag:dana:2026-11-23" {
		t.Errorf("on the first day: %s", got)
	}
	if got := w.tick("2026-11-24 09:00"); strings.Contains(got, "escalation:ana") {
		t.Errorf("on the second: %s", got)
	}
	if got := w.tick("2026-11-25 09:00"); !strings.Contains(got, "escalation:ana:dana:3:carla") {
		t.Errorf("on the third: %s", got)
	}
}

// On hold the scorecard is still asked for, so who wasn't there can still say so.
func TestExcusesOnHold(t *testing.T) {
	w := excusedWorld(t)
	k := w.cases["ana"]
	k.Revealed = carla
	k.Decision = &hiring.Decision{Outcome: hiring.Decline}
	sentence(t, w.Absent(t.Context(), "ana", karly, "Ill"), "", "nobody waits")
	k.Decision.Outcome = hiring.Hold
	w.must(w.Absent(t.Context(), "ana", karly, "Ill"))
	if owed, err := w.Owed(t.Context(), karly, w.now); err != nil || len(owed) != 0 {
		t.Errorf("%v: still owes %d", err, len(owed))
	}
	sentence(t, w.TakeBack(t.Context(), "ana", karly, karly), "", "A decision has been recorded")
}
