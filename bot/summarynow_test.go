package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// asked is what /hiring summary shows to somebody.
func (w *world) asked(t *testing.T, person string, l listed) slack.ModalViewRequest {
	t.Helper()
	l.Full = true
	v, err := w.bot.awaitingFor(t.Context(), w.people[person], l)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSummaryAtAnyTime(t *testing.T) {
	w := monday(t)
	w.now = at(t, "Mon 10:30")
	golden(t, "summary_now", marshalView(t, w.asked(t, dana, listed{})))
	if got := string(marshalView(t, w.asked(t, dana, listed{Words: "cleo"}))); strings.Contains(got, "Ana Diaz") || !strings.Contains(got, "Cleo Roux") {
		t.Errorf("asked for Cleo it shows %s", got)
	}
	if got := string(marshalView(t, w.asked(t, seb, listed{}))); strings.Contains(got, "Ana") || !strings.Contains(got, "You are not a decider or coordinator") {
		t.Errorf("to who neither decides nor coordinates it shows %s", got)
	}
	// One of Ben's scorecards is missing: nothing of the other shows, to anybody.
	for _, person := range []string{dana, carla} {
		got := string(marshalView(t, w.asked(t, person, listed{Words: "ben"})))
		if strings.Contains(got, "mean") || strings.Contains(got, "KARLYSAW") || !strings.Contains(got, "Nudge Sebastian") {
			t.Errorf("of Ben it shows %s", got)
		}
	}
}

// A decider who sits on the panel and has yet to score reads nothing of the
// others' scorecards, though all that are needed are in.
func TestSummaryNowWaitsForItsReader(t *testing.T) {
	k := complete(t)
	k.Interview.Panel = append(k.Interview.Panel, hiring.Panelist{Person: dana, Part: hiring.Optional})
	w := newWorld(t, "Mon 10:30", k)
	if got := string(marshalView(t, w.asked(t, dana, listed{}))); strings.Contains(got, "mean") || strings.Contains(got, "spread") {
		t.Errorf("who has yet to score reads %s", got)
	}
	if got := string(marshalView(t, w.asked(t, carla, listed{}))); !strings.Contains(got, "mean 3.5") {
		t.Errorf("a coordinator, who may read them, reads %s", got)
	}
}

// A sealed role's evidence stays behind the button here, too.
func TestSummaryNowOfASealedRole(t *testing.T) {
	w := monday(t)
	w.cases[0].Role.Sealed.V = true
	got := string(marshalView(t, w.asked(t, dana, listed{})))
	for _, leak := range []string{"mean", "spread", "Bluffs", "strong no", "Clear under pressure"} {
		if strings.Contains(got, leak) {
			t.Errorf("a sealed summary says %q: %s", leak, got)
		}
	}
	if !strings.Contains(got, actEvidence) || !strings.Contains(got, "This role's evidence is behind the button") {
		t.Errorf("a sealed summary doesn't say where the evidence is: %s", got)
	}
}

// Sixty candidates take five pages: each is on one, with the numbers that a
// count by hand gives.
func TestSummaryNowOfSixtyCandidates(t *testing.T) {
	w := sixty(t)
	all := ""
	v := w.asked(t, dana, listed{})
	for page := 1; ; page++ {
		checkView(t, marshalView(t, v))
		text := (&mondayMessage{Bot: w.bot, ctx: t.Context()}).words(v.Blocks.BlockSet)
		all += text + "\n"
		next := pageButton(v, "Next")
		if next == nil {
			if page != 5 || !strings.Contains(text, "Candidates 49 to 60 of 60") || pageButton(v, "Back") == nil {
				t.Errorf("the last page, %d, says %s", page, text)
			}
			break
		}
		c := w.click(dana, next.Value)
		c.View = opened(t, "VSUM", v)
		w.views = nil
		if err := w.bot.turnPage(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if len(w.views) != 1 {
			t.Fatalf("%d views after a click on Next", len(w.views))
		}
		if v = (slack.ModalViewRequest{}); json.Unmarshal(w.views[0].Raw, &v) != nil {
			t.Fatal("cannot read the view")
		}
	}
	for i, k := range w.cases {
		if n := strings.Count(all, k.Candidate.Name+" · "); n != 1 {
			t.Errorf("%s is shown %d times", k.Candidate.Name, n)
		}
		_, entry, _ := strings.Cut(all, k.Candidate.Name+" · ")
		entry, _, _ = strings.Cut(entry, " · Screening")
		if i%10 == 0 { // a scorecard is missing
			continue
		}
		line, levels, _ := byHand(k)
		if !strings.Contains(entry, capital(line)) {
			t.Errorf("of %s it says:\n%s\nby hand: %s", k.Candidate.Name, entry, line)
		}
		sum, n := 0, 0
		for _, digit := range levels {
			if digit >= '1' && digit <= '4' {
				sum, n = sum+int(digit-'0'), n+1
			}
		}
		counted := (&mondayMessage{Bot: w.bot, ctx: t.Context()}).words(w.bot.evidenceView(t.Context(), k, k.Role, w.people[dana], "").Blocks.BlockSet)
		if want := fmt.Sprintf("all levels added up, %d, divided by their number, %d, is ", sum, n); !strings.Contains(counted, want) {
			t.Errorf("of %s it was counted otherwise than %q:\n%s", k.Candidate.Name, want, counted)
		}
	}
}

// pageButton is the one of a view with that text, or nil.
func pageButton(v slack.ModalViewRequest, text string) *slack.ButtonBlockElement {
	for _, bl := range v.Blocks.BlockSet {
		row, ok := bl.(*slack.ActionBlock)
		if !ok {
			continue
		}
		for _, el := range row.Elements.ElementSet {
			if b, ok := el.(*slack.ButtonBlockElement); ok && b.Text.Text == text && strings.HasPrefix(b.ActionID, actPage) {
				return b
			}
		}
	}
	return nil
}
