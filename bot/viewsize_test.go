package bot

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/scorecard"
)

// A view is never larger than its size says, and not much smaller.
func TestViewSize(t *testing.T) {
	k := extremeCase(t, 1)
	w := newWorld(t, "Wed 15:00", k)
	ratings := k.Card(karly).Answers.Ratings
	ratings["c0"] = hiring.Rating{Level: hiring.Partly, Rated: true, Evidence: strings.Repeat("\u2028\"\\\n’", 500)}
	form := &scorecard.Form{Case: k, Role: k.Role, Card: k.Card(karly)}
	empty := &scorecard.Form{Case: k, Role: k.Role, Card: &hiring.Scorecard{}}
	small := testCase(t)
	views := map[string]slack.ModalViewRequest{
		"largest": formView(form, w.people[karly], w.now), "empty": formView(empty, w.people[karly], w.now), "read": submittedView(form, w.people[karly]),
		"small":    formView(&scorecard.Form{Case: small, Role: small.Role, Card: &hiring.Scorecard{}}, w.people[karly], w.now),
		"evidence": w.bot.evidenceView(t.Context(), k, k.Role, w.people[dana], ""), "guide": guideView(form, k.Role.Competencies[0]),
	}
	for name, v := range views {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if size := viewSize(v); size < len(raw) || size > len(raw)*12/10+1000 {
			t.Errorf("%s: its size is said to be %d, it is %d", name, size, len(raw))
		}
		if got, want := chars(v.Blocks.BlockSet), charsIn(v.Blocks.BlockSet); got != want {
			t.Errorf("%s: it says %d characters, counted as %d", name, want, got)
		}
	}
	for _, s := range []string{"", "plain", hostile, "\u2028\u2029\"\\\n\r\t\x01’“”"} {
		raw, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if got := jsonSize(s) + 2; got < len(raw) {
			t.Errorf("%q: %d, want at least %d", s, got, len(raw))
		}
	}
}

// The form of the largest scorecard with a draft, from what the database gave
// to what goes to Slack.
func BenchmarkLargestForm(b *testing.B) {
	k := extremeCase(b, 1)
	form := &scorecard.Form{Case: k, Role: k.Role, Card: k.Card(karly)}
	now := at(b, "Wed 15:00")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(formView(form, hiring.Person{ID: karly}, now)); err != nil {
			b.Fatal(err)
		}
	}
}
