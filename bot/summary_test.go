package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

const (
	previewAbout = "preview|coordinator|2026-11-23T15:00:00Z"
	summaryAbout = "summary|coordinator|2026-11-23T22:00:00Z"
)

// monday is a role's Monday: Ana is complete, one of Ben's scorecards is
// missing, Cleo is decided and Dimitri told.
func monday(t *testing.T) *world {
	ana := complete(t)
	ben, cleo, dimitri := another(ana, "ben", "Ben Okafor"), another(ana, "cleo", "Cleo Roux"), another(ana, "dimitri", "Dimitri Petrov")
	submitted(ben, karly, at(t, "Wed 16:00"), goodAnswers(hiring.Partly, "KARLYSAW"))
	for _, k := range []*hiring.Case{cleo, dimitri} {
		bad := goodAnswers(hiring.Partly, "KARLYSAW")
		bad.Gates["visits"] = hiring.GateEntry{Answer: hiring.GateNo}
		bad.Ratings["gaps"] = hiring.Rating{Level: hiring.NotShown, Rated: true, RedFlags: []string{"bluffing"}}
		bad.Recommendation = hiring.StrongNo
		submitted(k, karly, at(t, "Wed 16:00"), bad)
		submitted(k, seb, at(t, "Wed 16:00"), goodAnswers(hiring.Strong, "SEBSAW"))
		decided(k, hiring.Decline, at(t, "Mon 10:00"))
	}
	for _, k := range []*hiring.Case{ana, cleo, dimitri} {
		submitted(k, mark, at(t, "Wed 16:00"), goodAnswers(hiring.Partly, "MARKSAW"))
	}
	dimitri.Notice.State, dimitri.Notice.ToldBy, dimitri.Notice.ToldAt = hiring.NoticeTold, dana, at(t, "Mon 11:00")
	dimitri.ToldAt = dimitri.Notice.ToldAt
	return newWorld(t, "Mon 16:00", ana, ben, cleo, dimitri)
}

func TestSummary(t *testing.T) {
	w := monday(t)
	golden(t, "summary", checkMessage(t, w.render("summary", summaryAbout, "", "")))
	w.now = at(t, "Mon 09:00")
	golden(t, "preview", checkMessage(t, w.render("preview", previewAbout, "", "")))
}

func TestSummaryFollowsUntilEverybodyIsTold(t *testing.T) {
	w := monday(t)
	w.now = at(t, "Mon 16:30")
	for _, k := range w.cases {
		k.ToldAt = at(t, "Mon 16:20")
	}
	w.cases[0].ToldAt = at(t, "Mon 17:30") // after the deadline
	got := w.render("summary", summaryAbout, "", "Mon 16:00")
	golden(t, "summary_told", checkMessage(t, got))
	if !strings.Contains(got.Text, "All told. Promise kept for 3 of 4.") {
		t.Errorf("the summary says %s", got.Text)
	}
}

func TestSummarySaysHowLateItComes(t *testing.T) {
	w := monday(t)
	w.now = at(t, "Tue 08:00")
	got := w.render("summary", summaryAbout, "", "")
	if !strings.Contains(got.Text, "This comes 16 hours late: I couldn't post it at Mon 23 Nov, 4:00 pm CST.") {
		t.Errorf("the summary says %s", got.Text)
	}
	w.now = at(t, "Tue 12:00")
	if later := w.render("summary", summaryAbout, "", "Tue 08:00"); !strings.Contains(later.Text, "16 hours late") {
		t.Errorf("edited later, it says %s", later.Text)
	}
}

// A message that is edited on a later day calls late what was due on its own.
func TestOldSummarySaysWhatIsLate(t *testing.T) {
	w := monday(t)
	w.now = at(t, "Tue 08:00")
	got := w.render("summary", summaryAbout, "", "Mon 16:00")
	if !strings.Contains(got.Text, "4 candidates, 3 late.") || strings.Contains(got.Text, "today") {
		t.Errorf("on Tuesday it says %s", got.Text)
	}
}

// After two nights it stays as the record of its day.
func TestOldSummaryIsLeftAlone(t *testing.T) {
	w := monday(t)
	for hours, edited := range map[int]bool{39: true, 41: false} {
		w.now = at(t, "Mon 16:00").Add(time.Duration(hours) * time.Hour)
		m := outbox.Message{Key: "summary:x", Kind: "summary", About: summaryAbout, TS: "1.1", Posted: at(t, "Mon 16:00"), Hash: "shown"}
		if got, err := w.bot.renderSummary(t.Context(), m); err != nil || (got != nil) != edited {
			t.Errorf("after %d hours it is edited: %t, %v", hours, got != nil, err)
		}
	}
}

func TestSummaryLeavesLaterInterviewsToTheNext(t *testing.T) {
	w := monday(t)
	late := another(w.cases[0], "zoe", "Zoë Adler")
	late.Interview.Start, late.Interview.End = at(t, "Tue 09:00"), at(t, "Tue 09:45")
	w.cases = append(w.cases, late)
	w.now = at(t, "Tue 12:00")
	if got := w.render("summary", summaryAbout, "", "Mon 16:00"); strings.Contains(got.Text, "Zoë") {
		t.Errorf("Monday's summary shows Tuesday's interview: %s", got.Text)
	}
}

func TestSealedSummaryKeepsItsEvidenceBehindTheButton(t *testing.T) {
	w := monday(t)
	w.cases[0].Role.Sealed.V = true
	got := string(checkMessage(t, w.render("summary", summaryAbout, "", "")))
	for _, leak := range []string{"mean", "spread", "Bluffs", "strong no"} {
		if strings.Contains(got, leak) {
			t.Errorf("a sealed summary says %q: %s", leak, got)
		}
	}
	if !strings.Contains(got, actEvidence) {
		t.Error("a sealed summary has no button for the evidence")
	}
}

// A shadow or an optional panelist who has yet to score reads the channel too.
func TestSummaryWaitsForWhoHasYetToScore(t *testing.T) {
	for _, part := range []hiring.Part{hiring.Shadow, hiring.Optional} {
		w := monday(t)
		for _, k := range w.cases {
			k.Interview.Panel[2].Part = part
			k.Cards = slices.DeleteFunc(k.Cards, func(s *hiring.Scorecard) bool { return s.Panelist == mark })
		}
		got := string(checkMessage(t, w.render("summary", summaryAbout, "", "")))
		for _, leak := range []string{"mean", "spread", "Bluffs", "strong no", "2.0", "Clear under pressure"} {
			if strings.Contains(got, leak) {
				t.Errorf("%s: the summary says %q: %s", part, leak, got)
			}
		}
		if !strings.Contains(got, "One that isn't needed isn't, so the evidence is behind the button") || !strings.Contains(got, actEvidence) {
			t.Errorf("%s: the summary doesn't say why nothing shows, or has no button", part)
		}
		for _, k := range w.cases { // who wasn't there won't score
			k.Interview.Panel[2].Excused.Kind = hiring.Absent
		}
		if got := string(checkMessage(t, w.render("summary", summaryAbout, "", ""))); !strings.Contains(got, "spread") {
			t.Errorf("%s: the summary waits for who wasn't there: %s", part, got)
		}
	}
}

// Independence: until both required scorecards are in, nothing of the one that
// is in shows anywhere, but to its author.
func TestNothingShowsOfScorecardsBeforeAllAreIn(t *testing.T) {
	for _, revealed := range []string{"", carla} {
		t.Run("revealed by "+revealed, func(t *testing.T) {
			k := testCase(t)
			a := goodAnswers(hiring.Beyond, "KARLYSAW")
			a.Ratings["gaps"] = hiring.Rating{Level: hiring.NotShown, Rated: true, RedFlags: []string{"bluffing"}}
			submitted(k, karly, at(t, "Wed 16:00"), a)
			k.Revealed = revealed
			w := newWorld(t, "Mon 16:40", k)
			ctx := t.Context()

			var seen []string
			for _, m := range []struct{ kind, about, person string }{
				{"preview", previewAbout, ""}, {"summary", summaryAbout, ""},
				{"panelist", "iv_ana", seb}, {"kit", "iv_ana", seb}, {"score", "iv_ana", seb}, {"nag", seb, seb},
				{"deadline", "coordinator|2026-11-23T23:00:00Z|warn", seb}, {"deadline", "coordinator|2026-11-23T23:00:00Z|late", carla},
			} {
				seen = append(seen, string(checkMessage(t, w.render(m.kind, m.about, m.person, "Mon 16:00"))))
			}
			for _, person := range []string{seb, mark} {
				seen = append(seen, string(marshalView(t, w.bot.evidenceView(ctx, k, k.Role, w.people[person], karly))))
			}
			seen = append(seen, string(marshalView(t, formView(formOf(t, w, "iv_ana", seb), w.people[seb], w.now))))
			if revealed == "" {
				for _, person := range []string{carla, dana} {
					seen = append(seen, string(marshalView(t, w.bot.evidenceView(ctx, k, k.Role, w.people[person], ""))))
				}
				seen = append(seen, string(marshalView(t, decisionView(k, w.people[dana], nil))))
			}
			for _, s := range seen {
				for _, leak := range []string{"KARLYSAW", "spread", "mean ", "“Bluffs", `"4 · Beyond"`, "Recommendation\\n"} {
					if leak == `"4 · Beyond"` && strings.Contains(s, "scorecard.type") {
						continue // the form's own choices
					}
					if strings.Contains(s, leak) {
						t.Errorf("%q shows in %s", leak, s)
					}
				}
			}
			own := string(marshalView(t, w.bot.evidenceView(ctx, k, k.Role, w.people[karly], "")))
			if !strings.Contains(own, "KARLYSAW") {
				t.Errorf("Karly can't read her own: %s", own)
			}
			if revealed != "" {
				if got := string(marshalView(t, w.bot.evidenceView(ctx, k, k.Role, w.people[dana], ""))); !strings.Contains(got, "KARLYSAW") {
					t.Errorf("opened early, and yet the decider can't read it: %s", got)
				}
			}
		})
	}
}

func TestEvidence(t *testing.T) {
	k := complete(t)
	shadow := goodAnswers(hiring.Partly, "MARKSAW")
	submitted(k, mark, at(t, "Thu 10:00"), shadow)
	w := newWorld(t, "Mon 10:00", k)
	golden(t, "evidence", marshalView(t, w.bot.evidenceView(t.Context(), k, k.Role, w.people[dana], "")))
	golden(t, "evidence_of_one", marshalView(t, w.bot.evidenceView(t.Context(), k, k.Role, w.people[dana], karly)))
	for person, reads := range map[string]bool{carla: true, dana: false} {
		got := string(marshalView(t, w.bot.evidenceView(t.Context(), k, k.Role, w.people[person], karly)))
		if strings.Contains(got, "KARLYSAW note") != reads {
			t.Errorf("%s reads the note to the coordinator: %t, want %t", person, !reads, reads)
		}
	}
	counted := w.bot.evidenceView(t.Context(), k, k.Role, w.people[dana], "")
	words := (&mondayMessage{Bot: w.bot, ctx: t.Context()}).words(counted.Blocks.BlockSet)
	for _, want := range []string{
		"All gates met; mean 3.5 over 1 competency, 2 people; spread 1; no red flag. How it was counted is at the end.",
		"Counted: Karly (required), Sebastian (required).", "Not counted: Mark (shadow).",
		"all levels added up, 7, divided by their number, 2, is 3.5", "Communication triage, 4 − 3 = 1.", "Here: all gates met.", "nobody ticked one.",
		"• Communication triage: 3 + 4 = 7; spread 4 − 3 = 1.", "• Knowledge gaps: nobody assessed it, so it is left out.",
	} {
		if !strings.Contains(words, want) {
			t.Errorf("the evidence lacks %q:\n%s", want, words)
		}
	}
	if err := w.bot.openEvidence(t.Context(), w.click(nia, "iv_ana")); err == nil {
		t.Error("somebody off the team opened the evidence")
	}
	ben := another(k, "ben", "Ben Okafor")
	submitted(ben, karly, at(t, "Wed 16:00"), shadow)
	golden(t, "evidence_closed", marshalView(t, w.bot.evidenceView(t.Context(), ben, k.Role, w.people[carla], "")))
}

func TestCoordinatorOpensScorecardsEarly(t *testing.T) {
	k := testCase(t)
	submitted(k, karly, at(t, "Wed 16:00"), goodAnswers(hiring.Beyond, "KARLYSAW"))
	w := newWorld(t, "Mon 16:00", k)
	for _, person := range []string{seb, dana} {
		if err := w.bot.revealScorecards(t.Context(), w.click(person, "iv_ana")); err == nil {
			t.Errorf("%s opened the scorecards", person)
		}
	}
	if err := w.bot.revealScorecards(t.Context(), w.click(carla, "iv_ana")); err != nil {
		t.Fatal(err)
	}
	got := string(checkMessage(t, w.render("summary", summaryAbout, "", "Mon 16:00")))
	if !strings.Contains(got, "opened early by") || strings.Contains(got, actReveal) {
		t.Errorf("the summary shows %s", got)
	}
}

func TestHoldThatTheCandidateKnowsOf(t *testing.T) {
	k := complete(t)
	decided(k, hiring.Hold, at(t, "Mon 10:00"))
	k.Notice.State, k.Notice.ApprovedBy, k.Notice.ToldBy, k.Notice.ToldAt = hiring.NoticeTold, dana, dana, at(t, "Mon 11:00")
	k.Interview.Deadline = at(t, "Tue 17:00")
	w := newWorld(t, "Mon 16:00", k)
	got := w.render("summary", summaryAbout, "", "")
	checkMessage(t, got)
	if !strings.Contains(got.Text, "on hold, and knows; to hear again by Tue 24 Nov, 5:00 pm CST") {
		t.Errorf("the summary says %s", got.Text)
	}
}

// A reason can tell what the scorecards say, so it waits as they do.
func TestReasonOfADecisionWaitsForAllScorecards(t *testing.T) {
	k := testCase(t)
	submitted(k, karly, at(t, "Wed 16:00"), goodAnswers(hiring.Beyond, "KARLYSAW"))
	decided(k, hiring.Advance, at(t, "Mon 10:00"))
	w := newWorld(t, "Mon 16:00", k)
	if got := string(checkMessage(t, w.render("summary", summaryAbout, "", ""))); strings.Contains(got, "Clear under pressure") {
		t.Errorf("the summary shows %s", got)
	}
}

func TestLargestSummaryFits(t *testing.T) {
	var cases []*hiring.Case
	for i := range 13 {
		k := extremeCase(t, i)
		k.Candidate.Name = fmt.Sprintf("%02d", i) + k.Candidate.Name[:100]
		k.Candidate.Name = hiring.CleanLine(k.Candidate.Name)
		cases = append(cases, k)
	}
	role := cases[0].Role
	for _, k := range cases {
		k.Role = role
	}
	w := newWorld(t, "Mon 16:00", cases...)
	for part, holds := range []string{"7 candidates more in the next message", "", ""} {
		about := summaryAbout
		if part > 0 {
			about += fmt.Sprintf("|%d", part+1)
		}
		got := string(checkMessage(t, w.render("summary", about, "", "")))
		if !strings.Contains(got, holds) {
			t.Errorf("part %d lacks %q", part+1, holds)
		}
	}
	if w.render("summary", summaryAbout+"|4", "", "") != nil {
		t.Error("a fourth part would be posted, empty")
	}
	checkMessage(t, w.render("deadline", "coordinator|2026-11-23T23:00:00Z|late", carla, ""))
	for page := range 2 {
		marshalView(t, w.asked(t, dana, listed{Page: page + 1}))
	}
	for _, k := range cases {
		k.Cards, k.Decision = nil, nil
	}
	checkMessage(t, w.render("nag", karly, karly, ""))
	checkMessage(t, w.render("escalation", "iv_3", carla, ""))
	checkMessage(t, w.render("score", "iv_3", karly, ""))
	checkMessage(t, w.render("summary", summaryAbout, "", ""))
	marshalView(t, myScorecardsView(w.people[karly], cases, w.now))
}

// What a message says of a candidate is kept in the words of its blocks.
func TestWhatASummarySaidIsKeptInWords(t *testing.T) {
	w := monday(t)
	got := w.render("summary", summaryAbout, "", "")
	if len(got.Said) != 4 {
		t.Fatalf("%d entries, want 4: %+v", len(got.Said), got.Said)
	}
	ana := got.Said[0]
	want := `Ana Diaz · Screening
At risk ⚠ (little working time is left for a decision) · Due Mon 23 Nov, 5:00 pm CST.
All scorecards are in. Waits for a decision by Dana.
• Communication triage: 3, 4 (spread 1)
• Knowledge gaps: not assessed
Recommendations: Karly: yes; Sebastian: yes
All gates met; mean 3.5 over 1 competency, 2 people; spread 1; no red flag.`
	if ana.Candidate != w.cases[0].Candidate.ID || ana.Interview != "iv_ana" || ana.Text != want {
		t.Errorf("of Ana (%s, %s) it says:\n%s", ana.Candidate, ana.Interview, ana.Text)
	}
	if ben := got.Said[1].Text; !strings.Contains(ben, "1 of 2 scorecards in. Missing: Sebastian.") || strings.Contains(ben, "KARLYSAW") {
		t.Errorf("of Ben it says:\n%s", ben)
	}
}
