package scorecard

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"convene/internal/hiring"
)

// dealRole has a question q0, q1 … for each letter of which: the competency that
// it serves.
func dealRole(which string) (*hiring.Role, hiring.Stage) {
	r := &hiring.Role{Stages: []hiring.Stage{{ID: "panel"}}}
	for _, c := range "abcd" {
		r.Competencies = append(r.Competencies, hiring.Competency{ID: string(c)})
	}
	for i, c := range which {
		r.Questions = append(r.Questions, hiring.Question{ID: fmt.Sprintf("q%d", i), Competencies: []string{string(c)}})
	}
	return r, r.Stages[0]
}

// dealPanel reads a panel: "ann ben? cy~ dee- eve>fay" are a required, an
// optional and a shadow, one who was absent, and one who handed over to Fay.
func dealPanel(text string) []hiring.Panelist {
	var out []hiring.Panelist
	for word := range strings.FieldsSeq(text) {
		name, to, handed := strings.Cut(word, ">")
		p := hiring.Panelist{Person: strings.TrimRight(name, "?~-"), Part: hiring.Required}
		switch name[len(name)-1] {
		case '?':
			p.Part = hiring.Optional
		case '~':
			p.Part = hiring.Shadow
		case '-':
			p.Excused.Kind = hiring.Absent
		}
		if handed {
			p.Excused = hiring.Excuse{Kind: hiring.HandedOver, StandIn: to}
		}
		out = append(out, p)
	}
	return out
}

// round is an earlier interview by its scorecards: "ann a3 b2! c-" are Ann's
// levels, with evidence where there is a "!", and "-" for not assessed.
func round(panel string, cards ...string) *hiring.Case {
	k := &hiring.Case{Interview: &hiring.Interview{State: hiring.Booked, Panel: dealPanel(panel)}}
	for _, card := range cards {
		words := strings.Fields(card)
		s := &hiring.Scorecard{Panelist: words[0], SubmittedAt: time.Unix(1, 0), Answers: hiring.Answers{Ratings: map[string]hiring.Rating{}}}
		for _, w := range words[1:] {
			r := hiring.Rating{Rated: true}
			if w[1] != '-' {
				r.Level = hiring.Level(w[1] - '0')
			}
			if strings.HasSuffix(w, "!") {
				r.Evidence = "They said so"
			}
			s.Answers.Ratings[w[:1]] = r
		}
		k.Cards = append(k.Cards, s)
	}
	return k
}

// dealtWords writes who got what: "ann q0 q1, ben q2".
func dealtWords(dealt map[string][]string) string {
	var out []string
	for _, who := range slices.Sorted(maps.Keys(dealt)) {
		out = append(out, who+" "+strings.Join(dealt[who], " "))
	}
	return strings.Join(out, ", ")
}

func TestDeal(t *testing.T) {
	closed := round("ann ben", "ann a3!")
	revealed := round("ann ben", "ann a3! b3! c3!")
	revealed.Revealed = "cora"
	for _, tt := range []struct {
		why, questions, panel string
		earlier               []*hiring.Case
		want                  string
	}{
		{"no earlier interview", "aabbcc", "ann ben cy", nil, "ann q0 q1, ben q2 q3, cy q4 q5"},
		{"as far as they go", "aab", "ann ben", nil, "ann q0 q1, ben q2"},
		{"fewer than panelists", "ab", "ann ben cy", nil, "ann q0, ben q1"},
		{"no questions", "", "ann ben", nil, ""},
		{"never more than three", "aaaaaaaaa", "ann ben", nil, "ann q0 q1 q2, ben q3 q4 q5"},
		{"one panelist asks everything", "aabb", "ann", nil, ""},
		{"so does one with a shadow", "aabb", "ann cy~", nil, ""},
		{"an optional one gets what is left", "aaaab", "opt? ann", nil, "ann q0 q1 q2, opt q3 q4"},
		{"or nothing", "aab", "opt? ann ben cy~", nil, "ann q0 q1, ben q2"},
		{"not assessed comes first", "abcd", "ann ben", []*hiring.Case{round("zoe", "zoe a3! b2! c- d4!")}, "ann q2 q0, ben q1 q3"},
		{"then what has no evidence", "abcd", "ann ben", []*hiring.Case{round("zoe", "zoe a3! b2 d4!")}, "ann q2 q1, ben q0 q3"},
		{"then what only one rated", "abc", "ann ben", []*hiring.Case{round("zoe yan", "zoe a3! b2! c1!", "yan a2! b1! c-")}, "ann q2 q0, ben q1"},
		{"one who rates without a word is enough beside one with", "ab", "ann ben", []*hiring.Case{round("zoe yan", "zoe a3! b2!", "yan a2")}, "ann q1, ben q0"},
		{"two rounds count together", "ab", "ann ben", []*hiring.Case{round("zoe", "zoe a3! b2!"), round("yan", "yan a3!")}, "ann q1, ben q0"},
		{"a shadow's word doesn't count", "ab", "ann ben", []*hiring.Case{round("zoe yan~", "zoe a3!", "yan b2!")}, "ann q1, ben q0"},
		{"nor that of who left", "ab", "ann ben", []*hiring.Case{round("zoe", "zoe a3!", "yan b2!")}, "ann q1, ben q0"},
		{"closed scorecards tell nothing", "ab", "ann ben", []*hiring.Case{closed}, "ann q0, ben q1"},
		{"opened ones do", "cabd", "ann ben", []*hiring.Case{revealed}, "ann q3 q1, ben q2 q0"},
		{"who is absent asks nothing", "abcd", "ann ben- cy", nil, "ann q0 q1, cy q2 q3"},
		{"who stands in asks in their place", "abc", "ann ben>fay cy fay", nil, "ann q0, cy q2, fay q1"},
		{"and so does whom they hand it on to", "abc", "ann ben>fay cy fay>gus gus", nil, "ann q0, cy q2, gus q1"},
		{"an optional one who stands in sits once", "abcabcab", "ann ben>opt opt?", nil, "ann q0 q3 q6, opt q1 q4 q7"},
		{"two who hand it to one another", "ab", "ann ben>ann", nil, ""},
	} {
		role, stage := dealRole(tt.questions)
		if got := dealtWords(Deal(role, stage, dealPanel(tt.panel), tt.earlier)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.why, got, tt.want)
		}
	}
}

// Only what the stage rates is asked about, and a question that serves two
// competencies is asked once, with the one that was left more open.
func TestDealStaysWithTheStage(t *testing.T) {
	role, stage := dealRole("abcd")
	role.Questions = append(role.Questions, hiring.Question{ID: "both", Competencies: []string{"a", "d"}})
	stage.Competencies = []string{"a", "d"}
	got := dealtWords(Deal(role, stage, dealPanel("ann ben"), []*hiring.Case{round("zoe", "zoe a3! b3! c3!")}))
	if want := "ann q3 both, ben q0"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// drawDeal draws a role, a panel of one to five, and an earlier interview.
func drawDeal(t *rapid.T) (*hiring.Role, hiring.Stage, []hiring.Panelist, []*hiring.Case) {
	role, stage := dealRole(rapid.StringOfN(rapid.RuneFrom([]rune("abcd")), 0, 20, -1).Draw(t, "questions"))
	var panel []hiring.Panelist
	for i := range rapid.IntRange(1, 5).Draw(t, "people") {
		part := rapid.SampledFrom([]hiring.Part{hiring.Required, hiring.Required, hiring.Optional, hiring.Shadow}).Draw(t, "part")
		panel = append(panel, hiring.Panelist{Person: fmt.Sprintf("p%d", i), Part: part})
	}
	card := "zoe"
	for _, c := range "abcd" {
		card += " " + string(c) + rapid.SampledFrom([]string{"-", "1", "3!", "4!"}).Draw(t, "rating")
	}
	return role, stage, panel, []*hiring.Case{round("zoe", card)}
}

func TestDealProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		role, stage, panel, earlier := drawDeal(t)
		dealt := Deal(role, stage, panel, earlier)
		if again := Deal(role, stage, panel, earlier); !reflect.DeepEqual(dealt, again) {
			t.Fatalf("%v the second time, %v the first", again, dealt)
		}
		if dealt == nil {
			return
		}
		seen, asks, required := map[string]string{}, 0, 0
		for _, p := range panel {
			mine := dealt[p.Person]
			if len(mine) > MaxDealt || p.Part == hiring.Shadow && mine != nil {
				t.Fatalf("%s (%s) gets %v", p.Person, p.Part, mine)
			}
			for _, q := range mine {
				if seen[q] != "" {
					t.Fatalf("%s goes to %s and %s", q, seen[q], p.Person)
				}
				seen[q] = p.Person
			}
			if p.Part != hiring.Shadow {
				asks++
			}
			if p.Part == hiring.Required {
				required++
				if len(mine) < min(MaxDealt, len(role.Questions)/max(1, count(panel, hiring.Required))) {
					t.Fatalf("%s gets %v of %d questions", p.Person, mine, len(role.Questions))
				}
			}
		}
		if want := min(len(role.Questions), asks*MaxDealt); len(seen) != want {
			t.Fatalf("%d questions are dealt, want %d: %v", len(seen), want, dealt)
		}
		// What was left more open is never left out for what was left less.
		for _, in := range role.Questions {
			for _, out := range role.Questions {
				if seen[in.ID] != "" && seen[out.ID] == "" && covered(out.Competencies[0], earlier) < covered(in.Competencies[0], earlier) {
					t.Fatalf("%s is dealt and %s isn't: %v", in.ID, out.ID, dealt)
				}
			}
		}
	})
}

// Whoever takes somebody's place takes their questions; nobody else's move. A
// shadow or an optional panelist more moves no questions of the required.
func TestDealIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		role, stage, panel, earlier := drawDeal(t)
		before := Deal(role, stage, panel, earlier)
		i := rapid.IntRange(0, len(panel)-1).Draw(t, "who leaves")
		swapped := slices.Clone(panel)
		swapped[i].Person = "new"
		after := Deal(role, stage, swapped, earlier)
		for j, p := range panel {
			if !slices.Equal(after[swapped[j].Person], before[p.Person]) {
				t.Fatalf("%s had %v, %s has %v", p.Person, before[p.Person], swapped[j].Person, after[swapped[j].Person])
			}
		}
		if count(panel, hiring.Required) < 2 {
			return // alone they ask everything
		}
		part := rapid.SampledFrom([]hiring.Part{hiring.Optional, hiring.Shadow}).Draw(t, "part")
		more := Deal(role, stage, slices.Insert(slices.Clone(panel), i, hiring.Panelist{Person: "more", Part: part}), earlier)
		for _, p := range panel {
			if p.Part == hiring.Required && !slices.Equal(more[p.Person], before[p.Person]) {
				t.Fatalf("one %s more moves %v of %s to %v", part, before[p.Person], p.Person, more[p.Person])
			}
		}
	})
}

func count(panel []hiring.Panelist, part hiring.Part) int {
	n := 0
	for _, p := range panel {
		if p.Part == part {
			n++
		}
	}
	return n
}

// Only other stages that were held before it tell of what is open.
func TestDealtByTheStore(t *testing.T) {
	w := newWorld(t)
	k := w.cases["ana"]
	k.Role.Questions = []hiring.Question{{ID: "t", Competencies: []string{"triage"}}, {ID: "g", Competencies: []string{"gaps"}}}
	k.Role.Competencies = []hiring.Competency{{ID: "triage"}, {ID: "gaps"}}
	pinned := *k.Role
	pinned.Questions = append(slices.Clone(pinned.Questions), hiring.Question{ID: "old", Competencies: []string{"gaps"}})
	k.Rubric = &pinned
	w.also("before", "2026-11-16 12:00")
	before := w.cases["before"]
	before.Candidate, before.Interview.Stage = k.Candidate, "phone"
	for _, p := range []string{karly, seb} {
		before.Cards = append(before.Cards, &hiring.Scorecard{Panelist: p, SubmittedAt: w.now, Answers: good("")})
	}
	before.Cards[0].Answers.Ratings["triage"] = hiring.Rating{Level: hiring.Strong, Evidence: "Three tiers"}
	dealt := func() string {
		t.Helper()
		out, err := w.Dealt(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		return dealtWords(out)
	}
	const open, plain = "karly g old, seb t", "karly t g, seb old"
	if got := dealt(); got != open {
		t.Errorf("after another stage: %s, want %s", got, open)
	}
	for why, change := range map[string]func(){
		"the same stage": func() { before.Interview.Stage = "round1" },
		"not held":       func() { before.Interview.Stage, before.Interview.State = "phone", hiring.NotHeld },
		"later":          func() { before.Interview.End = k.Interview.Start.Add(1) },
	} {
		old := *before.Interview
		change()
		if got := dealt(); got != plain {
			t.Errorf("%s: %s, want %s", why, got, plain)
		}
		*before.Interview = old
	}
}
