package bot

import (
	"encoding/json"
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"convene/internal/hiring"
	"convene/internal/role"
	"convene/internal/role/roletest"
	"convene/internal/scorecard"
)

// More of them: go test ./bot -run TestAnyRole -roles 2000
var anyRoles = flag.Int("roles", 10, "how many random roles the views and messages are made from")

// Whatever a valid role file says, everything that is made of it is a valid
// view or message, and a scorecard gives back what was filled in.
func TestAnyRole(t *testing.T) {
	for seed := range *anyRoles {
		r, problems := role.Parse("any.yaml", []byte(roletest.Samples().Example(seed).File))
		if r == nil {
			t.Fatalf("seed %d: %v", seed, problems)
		}
		r = completed(t, r)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			marshalView(t, roleFileView(r))
			anySetup(t, r)
			for i, stage := range r.Stages {
				if stage.Kind == hiring.StageInterview {
					anyStage(t, r, stage, seed*100+i)
					if i > 0 && seed%5 > 0 { // the first and one more; each fifth role, all
						break
					}
				}
			}
		})
	}
}

// anySetup makes what sets the role up.
func anySetup(t *testing.T, r *hiring.Role) {
	w := setUpWorld(t, r)
	hub, err := w.bot.hubView(t.Context(), w.people[carla], []*hiring.Role{r}, r, "")
	if err != nil {
		t.Fatal(err)
	}
	marshalView(t, hub)
	sections := []string{hiring.TeamSection, hiring.ChannelSection, hiring.TimesSection, hiring.LimitsSection, hiring.NoticesSection, hiring.ConfirmSection}
	for _, s := range r.Stages {
		if s.Kind == hiring.StageInterview {
			sections = append(sections, hiring.StageSection(s.ID))
		}
	}
	for _, s := range sections {
		view, err := w.bot.sectionView(t.Context(), w.people[carla], r, s, "V0")
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		marshalView(t, view)
	}
}

// anyStage makes what an interview of the stage is prepared, scored and decided
// with: empty, as a draft, and when all is in.
func anyStage(t *testing.T, r *hiring.Role, stage hiring.Stage, seed int) {
	k := testCase(t)
	k.Role, k.Rubric, k.Candidate.RoleKey, k.Candidate.Stage = r, r, r.Key, stage.ID
	k.Interview.RoleKey, k.Interview.RoleRevision, k.Interview.Stage = r.Key, r.Revision, stage.ID
	k.Candidate.Answers = map[string]string{}
	for _, a := range r.Application {
		k.Candidate.Answers[a.ID] = "Because: " + a.Text
	}
	w := newCardWorld(t, "Wed 09:00", k)
	for _, kind := range []string{"panelist", "kit"} {
		checkMessage(t, w.render(kind, "iv_ana", karly, ""))
	}
	form := &scorecard.Form{Case: k, Role: r, Card: &hiring.Scorecard{InterviewID: "iv_ana", Panelist: karly}}
	marshalView(t, formView(form, w.people[karly], w.now))
	w.card(carla, k.Candidate.ID)

	w.now = at(t, "Wed 15:00")
	checkMessage(t, w.render("score", "iv_ana", karly, ""))
	answers := anyAnswers(r, stage).Example(seed)
	form.Card.Answers, form.Card.SavedAt = answers, w.now
	draft := formView(form, w.people[karly], w.now)
	marshalView(t, draft)
	if got, want := saying(readAnswers(stateOf(draft))), saying(answers); got != want {
		t.Errorf("%s: the form doesn't give back what was filled in:\n got %s\nwant %s", stage.ID, got, want)
	}
	if problems := answers.Check(form.Competencies(), form.Gates()); len(problems) > 0 {
		t.Errorf("%s: it can't be submitted: %v", stage.ID, problems)
	}

	submitted(k, karly, w.now, answers)
	submitted(k, seb, w.now, anyAnswers(r, stage).Example(seed+1))
	form.Card = k.Card(karly)
	w.now = at(t, "Mon 16:00")
	views := []slack.ModalViewRequest{
		submittedView(form, w.people[karly]), w.bot.evidenceView(t.Context(), k, r, w.people[dana], ""), w.bot.evidenceView(t.Context(), k, r, w.people[carla], seb),
		decisionView(k, w.people[dana], nil), myScorecardsView(w.people[karly], w.cases, w.now), w.bot.bookedView(k, w.people[carla], false),
	}
	for _, v := range views {
		marshalView(t, v)
	}
	checkMessage(t, w.render("preview", "preview|"+r.Key+"|2026-11-23T15:00:00Z", "", ""))
	checkMessage(t, w.render("summary", "summary|"+r.Key+"|2026-11-23T22:00:00Z", "", ""))
	w.card(carla, k.Candidate.ID)

	decided(k, hiring.Hold, w.now)
	k.Notice.Subject, k.Notice.Body = r.Notices[hiring.Hold].Subject, r.Notices[hiring.Hold].Body
	noticed, err := w.bot.noticeView(t.Context(), k, w.people[dana])
	if err != nil {
		t.Fatal(err)
	}
	marshalView(t, noticed)
	marshalView(t, decisionView(k, w.people[dana], nil))
	checkMessage(t, w.render("summary", "summary|"+r.Key+"|2026-11-23T22:00:00Z", "", ""))
}

// anyAnswers fill in a whole scorecard.
func anyAnswers(r *hiring.Role, stage hiring.Stage) *rapid.Generator[hiring.Answers] {
	return rapid.Custom(func(t *rapid.T) hiring.Answers {
		words := func(max int) string {
			n := rapid.SampledFrom([]int{0, 1, 60, max}).Draw(t, "length")
			return hiring.CleanText(string([]rune(strings.Repeat("نور <@U1> *b*\n👩‍👩‍👧 & สวัสดี ", max/20))[:n]))
		}
		a := hiring.Answers{Ratings: map[string]hiring.Rating{}, Gates: map[string]hiring.GateEntry{}, Signals: map[string]string{}}
		for _, c := range r.Rated(stage) {
			rating := hiring.Rating{Level: hiring.Level(rapid.IntRange(0, 4).Draw(t, "level")), Rated: true, Evidence: words(hiring.MaxEvidence)}
			for _, f := range c.RedFlags {
				if rapid.Bool().Draw(t, "flag") {
					rating.RedFlags = append(rating.RedFlags, f.ID)
				}
			}
			a.Ratings[c.ID] = rating
		}
		for _, g := range r.Asked(stage) {
			answer := rapid.SampledFrom([]hiring.GateAnswer{hiring.GateYes, hiring.GateNo, hiring.GateUnknown}).Draw(t, "answer")
			a.Gates[g.ID] = hiring.GateEntry{Answer: answer, Evidence: words(maxGateEvidence)}
		}
		for _, s := range r.Signals {
			if text := words(maxSignal); text != "" {
				a.Signals[s.ID] = text
			}
		}
		a.Recommendation = rapid.SampledFrom(hiring.Recommendations).Draw(t, "recommendation")
		a.Note = words(hiring.MaxNote)
		return a
	})
}

// saying is for comparing answers.
func saying(a hiring.Answers) string {
	raw, err := json.Marshal(a)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}
