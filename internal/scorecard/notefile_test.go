package scorecard

import (
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
)

// notes lists what is filed under the only competency of the world's rubric.
func (w *world) notes(interview, person string) string {
	var out []string
	if card := w.cases[interview].Card(person); card != nil {
		for _, n := range card.Answers.Ratings["triage"].Notes {
			out = append(out, n.Text)
		}
	}
	return strings.Join(out, " | ")
}

func said(id, text string) Message { return Message{ID: id, Text: text} }

func edited(id, at, text string) Message { return Message{ID: id, Edited: at, Text: text} }

// file files a message, or says why it wasn't.
func (w *world) file(m Message) string {
	filed, err := w.File(w.t.Context(), "ana", karly, m)
	if err != nil {
		return err.Error()
	}
	return Names(filed.Under) + map[bool]string{true: " changed"}[filed.Edited]
}

func TestFileMessages(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.now = w.at("2026-11-18 13:50") // ahead of the interview
	for _, c := range []struct {
		m           Message
		answer, all string
	}{
		{said("1.2", "triage + second"), "“Triage”", "+ second"},
		{said("1.1", "triage + first"), "“Triage”", "+ first | + second"},
		{said("1.1", "triage + first"), "“Triage”", "+ first | + second"}, // delivered again
		{edited("1.1", "2.2", "triage + better"), "“Triage” changed", "+ better | + second"},
		{said("1.1", "triage + first"), "“Triage”", "+ better | + second"},                      // delivered late
		{edited("1.1", "2.1", "triage + between"), "“Triage” changed", "+ better | + second"},   // delivered late
		{edited("1.1", "2.3", "lunch + x"), "stays under “Triage”.", "+ better | + second"},     // it says no competency any more
		{edited("1.3", "2.4", "triage + mended"), "“Triage”", "+ better | + second | + mended"}, // it said none before
		{said("1.3", "trage + mended"), "“Triage”", "+ better | + second | + mended"},           // as it was then, late
		{said("1.4", "lunch + x"), "I don't know what “lunch” is", "+ better | + second | + mended"},
	} {
		if got := w.file(c.m); !strings.Contains(got, c.answer) || w.notes("ana", karly) != c.all {
			t.Errorf("%+v: %s; filed: %s", c.m, got, w.notes("ana", karly))
		}
	}
	if card := w.cases["ana"].Card(karly); !card.SavedAt.Equal(w.now) || w.notes("ana", seb) != "" {
		t.Errorf("saved %s; Seb's: %s", card.SavedAt, w.notes("ana", seb))
	}
	filed, err := w.Unfile(ctx, "ana", karly, "1.2")
	if err != nil || Names(filed.Under) != "“Triage”" || filed.Kept || w.notes("ana", karly) != "+ better | + mended" {
		t.Errorf("%+v, %v: %s", filed, err, w.notes("ana", karly))
	}
	if got := w.file(said("1.2", "triage + second")); got != "" || w.notes("ana", karly) != "+ better | + mended" {
		t.Errorf("a deleted message came back: %s: %s", got, w.notes("ana", karly))
	}
}

// The modal's state holds no notes: they stay, whatever is typed or submitted.
func TestNotesStayBesideWhatIsTyped(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.file(said("1.1", "triage + first"))
	if err := w.SaveDraft(ctx, "ana", karly, good("typed"), w.now); err != nil || w.notes("ana", karly) != "+ first" {
		t.Fatalf("%v: %s", err, w.notes("ana", karly))
	}
	w.file(said("1.2", "triage + while the modal is open"))
	if err := w.Submit(ctx, "ana", karly, good("submitted")); err != nil || w.notes("ana", karly) != "+ first | + while the modal is open" {
		t.Fatalf("%v: %s", err, w.notes("ana", karly))
	}
	for _, m := range []Message{said("1.3", "triage + late"), edited("1.1", "3.1", "triage + else")} {
		if got := w.file(m); !strings.Contains(got, "is in. To add this") {
			t.Errorf("after the submit: %s", got)
		}
	}
	if got := w.file(said("1.1", "triage + first")); got != "“Triage”" {
		t.Errorf("delivered again after the submit: %s", got)
	}
	if filed, err := w.Unfile(ctx, "ana", karly, "1.1"); err != nil || !filed.Kept || w.notes("ana", karly) != "+ first | + while the modal is open" {
		t.Errorf("%+v, %v: %s", filed, err, w.notes("ana", karly))
	}
	if err := w.Reopen(ctx, "ana", karly, "One is gone.", w.now); err != nil || w.notes("ana", karly) != "+ while the modal is open" {
		t.Errorf("%v: %s", err, w.notes("ana", karly))
	}
	if h := w.hist["ana"+karly]; len(h) != 1 || len(h[0].Answers.Ratings["triage"].Notes) != 2 {
		t.Errorf("the version that was submitted: %+v", h)
	}
}

// What was typed before a reopening was submitted: it can't come late over it.
func TestLateTypingAfterReopening(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	if err := w.Submit(ctx, "ana", karly, good("abc")); err != nil {
		t.Fatal(err)
	}
	if err := w.Reopen(ctx, "ana", karly, "More to say.", w.now.Add(10*time.Second)); err != nil {
		t.Fatal(err)
	}
	for seconds, want := range []string{5: "abc", 11: "abcd"} {
		if want == "" {
			continue
		}
		text := map[int]string{5: "ab", 11: "abcd"}[seconds]
		if err := w.SaveDraft(ctx, "ana", karly, good(text), w.now.Add(time.Duration(seconds)*time.Second)); err != nil {
			t.Fatal(err)
		}
		if got := w.cases["ana"].Card(karly).Answers.Note; got != want {
			t.Errorf("typed after %d seconds: %q, want %q", seconds, got, want)
		}
	}
}

func TestRoomForNotes(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	answers := good("")
	answers.Ratings["triage"] = hiring.Rating{Level: hiring.Strong, Rated: true, Evidence: strings.Repeat("x", 2200)}
	if err := w.SaveDraft(ctx, "ana", karly, answers, w.now); err != nil {
		t.Fatal(err)
	}
	if got := w.file(said("1.1", "triage "+strings.Repeat("y", 800))); !strings.Contains(got, "has 3001 characters, and there is room for 3000") {
		t.Errorf("more than fits: %s", got)
	}
	if got := w.file(said("1.1", "triage "+strings.Repeat("y", 799))); got != "“Triage”" {
		t.Errorf("what just fits: %s", got)
	}
	answers.Ratings["triage"] = hiring.Rating{Level: hiring.Strong, Rated: true, Evidence: strings.Repeat("x", 2201)}
	if err := w.Submit(ctx, "ana", karly, answers); err == nil || !strings.Contains(err.Error(), "2200 are left here") {
		t.Errorf("submitted with more than fits: %v", err)
	}
	answers.Ratings["triage"] = hiring.Rating{Level: hiring.Strong, Rated: true, Evidence: strings.Repeat("x", 2200)}
	if err := w.Submit(ctx, "ana", karly, answers); err != nil {
		t.Error(err)
	}
}

func TestWhenNothingIsFiled(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*hiring.Case)
		want   string
	}{
		"off the panel": {func(k *hiring.Case) { k.Interview.Panel = k.Interview.Panel[1:] }, "no longer on the panel"},
		"withdrawn":     {func(k *hiring.Case) { k.Candidate.State = hiring.Withdrawn }, "has withdrawn"},
		"not held":      {func(k *hiring.Case) { k.Interview.State = hiring.NotHeld }, "is marked as not held"},
		"cancelled":     {func(k *hiring.Case) { k.Interview.State = hiring.Cancelled }, "is cancelled"},
		"slot taken":    {func(k *hiring.Case) { k.Interview.State = hiring.Taken }, "isn't booked"},
		"excused":       {func(k *hiring.Case) { k.Interview.Panel[0].Excused.Kind = hiring.Absent }, ""},
		"event removed": {func(k *hiring.Case) { k.Interview.State = hiring.Removed }, ""}, // it may be booked anew
	} {
		w := newWorld(t)
		w.cases["ana"].Candidate.Name = "Ana"
		c.change(w.cases["ana"])
		got := w.file(said("1.1", "triage + x"))
		if c.want == "" && got != "“Triage”" || !strings.Contains(got, c.want) || c.want != "" && w.notes("ana", karly) != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// The answers stand in the person's thread for ever, an erasure included: none
// of them names the candidate.
func TestRefusalsNameNobody(t *testing.T) {
	for why, change := range map[string]func(*hiring.Case){
		"off the panel": func(k *hiring.Case) { k.Interview.Panel = nil },
		"withdrawn":     func(k *hiring.Case) { k.Candidate.State = hiring.Withdrawn },
		"cancelled":     func(k *hiring.Case) { k.Interview.State = hiring.Cancelled },
		"not held":      func(k *hiring.Case) { k.Interview.State = hiring.NotHeld },
		"not booked":    func(k *hiring.Case) { k.Interview.State = hiring.Taken },
		"it is in": func(k *hiring.Case) {
			k.Cards = []*hiring.Scorecard{{Panelist: karly, Version: 1, SubmittedAt: k.Interview.End}}
		},
	} {
		w := newWorld(t)
		w.cases["ana"].Candidate.Name = "Ana Diaz"
		change(w.cases["ana"])
		if got := w.file(said("1.1", "triage + late")); !strings.HasPrefix(got, "Nothing was filed") || strings.Contains(got, "Ana Diaz") {
			t.Errorf("%s: %s", why, got)
		}
	}
}
