package scorecard

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
)

func refused(t *testing.T, err error, words string) {
	t.Helper()
	var user *hiring.UserError
	if !errors.As(err, &user) || !strings.Contains(user.Text, words) {
		t.Errorf("got %v, want a sentence with %q", err, words)
	}
}

func already(t *testing.T, err error, what string) {
	t.Helper()
	var done *hiring.AlreadyDone
	if !errors.As(err, &done) || done.What != what {
		t.Errorf("got %v, want “already %s”", err, what)
	}
}

// Slack delivers typing in any order: the newest stays, and nothing that comes
// after the submit counts.
func TestOrderOfTyping(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	note := func() string { return w.cases["ana"].Card(karly).Answers.Note }
	typed := func(seconds int, text string) {
		t.Helper()
		if err := w.SaveDraft(ctx, "ana", karly, good(text), w.at("2026-11-18 14:00").Add(time.Duration(seconds)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	typed(1, "one")
	typed(3, "three")
	typed(2, "two")
	if note() != "three" {
		t.Errorf("older typing won: %q", note())
	}
	typed(3, "three again")
	if note() != "three again" {
		t.Errorf("typing of the same moment was dropped: %q", note())
	}
	w.now = w.at("2026-11-18 14:50")
	if err := w.Submit(ctx, "ana", karly, good("submitted")); err != nil {
		t.Fatal(err)
	}
	typed(9999, "late")
	if note() != "submitted" {
		t.Errorf("typing after the submit counted: %q", note())
	}
}

func TestDraftsAreKept(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.now = w.at("2026-11-18 13:00") // before the interview, on another device
	if err := w.SaveDraft(ctx, "ana", karly, hiring.Answers{Note: "half"}, w.now); err != nil {
		t.Fatal(err)
	}
	form, err := w.Open(ctx, "ana", karly)
	if err != nil || form.Card.Answers.Note != "half" || form.Card.Submitted() || !form.Card.SavedAt.Equal(w.now) {
		t.Errorf("%+v, %v", form.Card, err)
	}
	if len(w.touch) != 0 {
		t.Error("a draft changed messages of others")
	}
	if form, err = w.Open(ctx, "ana", seb); err != nil || form.Card.Answers.Note != "" {
		t.Errorf("Seb's form holds %+v, %v", form.Card, err)
	}
	_, err = w.Open(ctx, "ana", carla)
	refused(t, err, "not a panelist")
	refused(t, w.SaveDraft(ctx, "ana", carla, hiring.Answers{}, w.now), "no longer a panelist")
}

// The rubric is the one that the interview was booked with.
func TestFormIsPinned(t *testing.T) {
	form, err := newWorld(t).Open(t.Context(), "ana", karly)
	if err != nil {
		t.Fatal(err)
	}
	if c := form.Competencies(); len(c) != 1 || c[0].ID != "triage" || len(form.Gates()) != 0 {
		t.Errorf("the form asks %v", c)
	}
}

func TestSubmit(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	if err := w.Submit(ctx, "ana", karly, good("first")); err != nil {
		t.Fatal(err)
	}
	card := w.cases["ana"].Card(karly)
	if !card.Submitted() || card.Version != 1 || len(w.hist["anakarly"]) != 1 || len(w.touch) == 0 {
		t.Errorf("%+v", card)
	}
	// A second click, and a repeated delivery, say who and when.
	err := w.Submit(ctx, "ana", karly, good("second"))
	already(t, err, "submitted")
	var done *hiring.AlreadyDone
	if errors.As(err, &done); done.By != karly || !done.At.Equal(w.now) || card.Answers.Note != "first" {
		t.Errorf("%+v, note %q", done, card.Answers.Note)
	}
	var problems *Problems
	if err := w.Submit(ctx, "ana", seb, hiring.Answers{}); !errors.As(err, &problems) || len(problems.List) != 2 {
		t.Errorf("an empty form: %v", err)
	}
	if w.cases["ana"].Card(seb) != nil {
		t.Error("a refused form left something behind")
	}
	w.full = errors.New("disk full")
	if err := w.Submit(ctx, "ana", seb, good("")); !errors.Is(err, w.full) {
		t.Errorf("%v", err)
	}
}

func TestSubmitWhenItCannotBe(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*world)
		words  string
	}{
		{"before it began", func(w *world) { w.now = w.at("2026-11-18 13:59") }, "hasn't begun"},
		{"cancelled", func(w *world) { w.cases["ana"].Interview.State = hiring.Cancelled }, "is cancelled"},
		{"deleted in Google", func(w *world) { w.cases["ana"].Interview.State = hiring.Removed }, "no longer in the calendar"},
		{"not held", func(w *world) { w.cases["ana"].Interview.State = hiring.NotHeld }, "marked as not held"},
		{"not on the panel", func(w *world) { w.cases["ana"].Interview.Panel = nil }, "not a panelist"},
	} {
		w := newWorld(t)
		tt.change(w)
		err := w.Submit(t.Context(), "ana", karly, good(""))
		refused(t, err, tt.words)
		if len(w.hist) != 0 {
			t.Errorf("%s: it counted", tt.why)
		}
	}
}

func TestReopenKeepsTheHistory(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	if err := w.Submit(ctx, "ana", karly, good("first")); err != nil {
		t.Fatal(err)
	}
	for _, reason := range []string{"", " \u200b ", strings.Repeat("x", MaxReopenReason+1)} {
		if err := w.Reopen(ctx, "ana", karly, reason, w.now); err == nil {
			t.Errorf("reopened with the reason %q", reason)
		}
	}
	if err := w.Reopen(ctx, "ana", karly, "A rating was wrong.", w.now); err != nil {
		t.Fatal(err)
	}
	already(t, w.Reopen(ctx, "ana", karly, "again", w.now), "open")
	card := w.cases["ana"].Card(karly)
	if card.Submitted() || card.Answers.Note != "first" || card.Reason != "A rating was wrong." || w.cases["ana"].Panelboard().Complete() {
		t.Errorf("%+v", card)
	}
	if w.nagAt(karly) == "never" {
		t.Error("a reopened scorecard is missing, and nobody reminds of it")
	}
	if err := w.Submit(ctx, "ana", karly, good("second")); err != nil {
		t.Fatal(err)
	}
	if h := w.hist["anakarly"]; len(h) != 2 || h[0].Answers.Note != "first" || h[1].Answers.Note != "second" {
		t.Errorf("history %+v", h)
	}
	w.cases["ana"].Decision = &hiring.Decision{}
	refused(t, w.Reopen(ctx, "ana", karly, "too late", w.now), "decision has been recorded")
	already(t, w.Reopen(ctx, "ana", seb, "never submitted", w.now), "open")
}

// What is changed once its author can read another's is marked, that version
// and those after it; what was in before is not.
func TestRevisedAfterReveal(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	submit := func(who string) {
		t.Helper()
		if err := w.Submit(ctx, "ana", who, good(who)); err != nil {
			t.Fatal(err)
		}
	}
	reopen := func(who string) {
		t.Helper()
		if err := w.Reopen(ctx, "ana", who, "One thing more.", w.now); err != nil {
			t.Fatal(err)
		}
	}
	marks := func(who string) string {
		var out []string
		for _, v := range w.hist["ana"+who] {
			out = append(out, fmt.Sprintf("%d:%t", v.Version, v.AfterReveal))
		}
		return strings.Join(out, " ")
	}
	submit(karly)
	reopen(karly) // hers is the only one
	submit(karly)
	submit(seb)
	reopen(karly) // all are in
	reopen(seb)   // hers is out, but he could read it a moment ago
	submit(karly)
	reopen(karly) // his is out
	submit(karly)
	if got := marks(karly); got != "1:false 2:false 3:true 4:true" {
		t.Errorf("Karly's versions after the reveal: %s", got)
	}
	form, err := w.Open(ctx, "ana", karly)
	if err != nil || len(form.Earlier) != 3 || form.Earlier[0].Version != 3 || form.Card.Version != 4 {
		t.Errorf("her own reading: %v %+v", err, form)
	}
	submit(seb)
	if got := marks(seb); got != "1:false 2:true" {
		t.Errorf("Seb's versions after the reveal: %s", got)
	}
}

// Who can't hand a scorecard in again doesn't reopen it: it would be gone.
func TestReopenOnlyWhatCanBeSubmittedAgain(t *testing.T) {
	for name, become := range map[string]func(iv *hiring.Interview){
		"no longer on":       func(iv *hiring.Interview) { iv.Panel = iv.Panel[1:] },
		"cancelled":          func(iv *hiring.Interview) { iv.State = hiring.Cancelled },
		"marked as not held": func(iv *hiring.Interview) { iv.State = hiring.NotHeld },
	} {
		w := newWorld(t)
		if err := w.Submit(t.Context(), "ana", karly, good("")); err != nil {
			t.Fatal(err)
		}
		become(w.cases["ana"].Interview)
		refused(t, w.Reopen(t.Context(), "ana", karly, "one thing more", w.now), name)
		if form, err := w.Open(t.Context(), "ana", karly); err != nil || !form.Closed() {
			t.Errorf("%s: she can't read it: %v", name, err)
		}
	}
}

// Through the service: nobody reads early, whoever they are.
func TestIndependenceThroughTheService(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	k := w.cases["ana"]
	reads := func(viewer string) int { return len(k.Readable(viewer)) }
	if err := w.Submit(ctx, "ana", karly, good("")); err != nil {
		t.Fatal(err)
	}
	for viewer, want := range map[string]int{karly: 1, seb: 0, mark: 0, carla: 0, dana: 0, wanda: 0} {
		if reads(viewer) != want {
			t.Errorf("with one in, %s reads %d", viewer, reads(viewer))
		}
	}
	for _, who := range []string{dana, seb, mark, wanda} {
		refused(t, w.Service.Reveal(ctx, "ana", who), "Only a coordinator")
	}
	if err := w.Service.Reveal(ctx, "ana", carla); err != nil {
		t.Fatal(err)
	}
	already(t, w.Service.Reveal(ctx, "ana", carla), "opened")
	for viewer, want := range map[string]int{karly: 1, seb: 0, mark: 0, carla: 1, dana: 1, wanda: 0} {
		if reads(viewer) != want {
			t.Errorf("revealed, %s reads %d", viewer, reads(viewer))
		}
	}
	if err := w.Submit(ctx, "ana", seb, good("")); err != nil {
		t.Fatal(err)
	}
	if reads(seb) != 2 || reads(mark) != 0 {
		t.Errorf("with both in, Seb reads %d and the shadow %d", reads(seb), reads(mark))
	}
}

// A coordinator who sits on the panel opens nothing before their own is in.
func TestCoordinatorOnThePanelReveals(t *testing.T) {
	w := newWorld(t)
	refused(t, w.Service.Reveal(t.Context(), "ana", karly), "owes no scorecard")
	if err := w.Submit(t.Context(), "ana", karly, good("")); err != nil {
		t.Fatal(err)
	}
	if err := w.Service.Reveal(t.Context(), "ana", karly); err != nil {
		t.Errorf("Karly, whose own is in: %v", err)
	}
}
