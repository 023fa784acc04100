package bot

import (
	"strings"
	"testing"

	"convene/internal/hiring"
)

// dealtCases are Ana's first interview, which left Knowledge gaps open, and her
// panel with Karly and Sebastian, Mark as a shadow. Karly held the first too.
func dealtCases(t *testing.T) (first, panel *hiring.Case) {
	first = testCase(t)
	r := first.Role
	r.Questions = append(r.Questions,
		hiring.Question{ID: "launch", Text: "A launch slips by a week. Whom do you tell, and when?", Competencies: []string{"triage"}},
		hiring.Question{ID: "jargon", Text: "A specialist answers you in jargon. What do you send the client?", Competencies: []string{"gaps"}},
	)
	first.Interview.Panel = first.Interview.Panel[:1]
	submitted(first, karly, at(t, "Wed 15:00"), goodAnswers(hiring.Strong, "Canary"))
	panel = another(first, "panel", "Ana Diaz")
	panel.Candidate = first.Candidate
	iv := panel.Interview
	iv.CandidateID, iv.Stage, iv.Start, iv.End = "cand_ana", "panel", at(t, "Fri 10:00"), at(t, "Fri 11:00")
	iv.Panel = []hiring.Panelist{{Person: karly, Part: hiring.Required}, {Person: seb, Part: hiring.Required}, {Person: mark, Part: hiring.Shadow}}
	return first, panel
}

func TestKitSaysWhichQuestionsAreMine(t *testing.T) {
	first, panel := dealtCases(t)
	w := newWorld(t, "Fri 09:00", panel, first)
	kits := map[string]string{}
	for _, p := range []string{karly, seb, mark} {
		kits[p] = string(checkMessage(t, w.render("kit", panel.Interview.ID, p, "")))
	}
	golden(t, "kit_dealt", []byte(kits[karly]))
	golden(t, "kit_dealt_shadow", []byte(kits[mark]))
	for person, want := range map[string]struct{ mine, theirs string }{
		karly: {"A client asks something you can't answer", "Several clients write within an hour"},
		seb:   {"Several clients write within an hour", "A client asks something you can't answer"},
	} {
		mine, rest, found := strings.Cut(kits[person], "What to find out")
		if !found || strings.Count(mine, want.mine) != 1 || strings.Contains(mine, want.theirs) {
			t.Errorf("%s: above the rubric stands\n%s", person, mine)
		}
		rubric, _, _ := strings.Cut(rest, `"text": "You `) // the message's text, for who has it read to them
		if strings.Contains(rubric, want.mine) || !strings.Contains(rubric, want.theirs) {
			t.Errorf("%s: in the rubric stands\n%s", person, rubric)
		}
	}
	for person, kit := range kits {
		for _, word := range []string{"Canary", "ssessed", " thin", "earlier", "Screening"} {
			if strings.Contains(kit, word) {
				t.Errorf("the kit of %s tells of the first interview: %q", person, word)
			}
		}
	}
	if strings.Contains(kits[mark], "Your questions") || !strings.Contains(kits[mark], " asks about Knowledge gaps.") {
		t.Errorf("the shadow's kit:\n%s", kits[mark])
	}
}

// A panelist is swapped: the new one takes over their questions, and those of
// the others stay.
func TestKitOfASwappedPanelist(t *testing.T) {
	first, panel := dealtCases(t)
	w := newWorld(t, "Fri 09:00", panel, first)
	questions := func(person string) string {
		kit := string(checkMessage(t, w.render("kit", panel.Interview.ID, person, "Fri 08:00")))
		_, below, _ := strings.Cut(kit, "Your questions")
		mine, _, found := strings.Cut(below, `"user_id"`) // of who asks about what else
		if !found {
			t.Errorf("nobody else asks anything:\n%s", kit)
		}
		return mine
	}
	sebs, karlys := questions(seb), questions(karly)
	panel.Interview.Panel[1].Person = dana
	if got := questions(dana); got != sebs {
		t.Errorf("Dana has\n%s\nSebastian had\n%s", got, sebs)
	}
	if got := questions(karly); got != karlys {
		t.Errorf("Karly has\n%s\nshe had\n%s", got, karlys)
	}
}

// The kit is of the rubric that the scorecard will be asked with.
func TestKitIsOfThePinnedRubric(t *testing.T) {
	k := testCase(t)
	pinned := testRole()
	pinned.Competencies[0].Name, pinned.Gates[0].Text, pinned.Stages[0].Competencies = "Pinned triage", "Pinned gate", []string{"triage"}
	k.Rubric = pinned
	w := newWorld(t, "Wed 09:00", k)
	got := string(checkMessage(t, w.render("kit", "iv_ana", karly, "")))
	for word, want := range map[string]bool{"Pinned triage": true, "Pinned gate": true, "Communication triage": false, "Knowledge gaps": false} {
		if strings.Contains(got, word) != want {
			t.Errorf("the kit shows %q: %t", word, !want)
		}
	}
}

// A stage whose competencies have no questions deals none.
func TestKitWithoutQuestions(t *testing.T) {
	k := testCase(t)
	k.Role.Questions = nil
	w := newWorld(t, "Wed 09:00", k)
	got := string(checkMessage(t, w.render("kit", "iv_ana", karly, "")))
	if strings.Contains(got, "Your questions") || strings.Contains(got, "asks about") || strings.Contains(got, `"Ask`) {
		t.Errorf("the kit has questions:\n%s", got)
	}
}
