package bot

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// formClick presses a button in an open form, whose fields come with it.
func (w *world) formClick(person, value string, view slack.ModalViewRequest, state map[string]input) *click {
	c := w.click(person, value)
	c.View = &slack.View{ID: "V1", Type: slack.VTModal, CallbackID: view.CallbackID, PrivateMetadata: view.PrivateMetadata}
	c.State = state
	return c
}

func (w *world) lastView() shownView {
	w.t.Helper()
	if len(w.views) == 0 {
		w.t.Fatal("nothing was shown")
	}
	return w.views[len(w.views)-1]
}

func TestGuideLiesOverTheFormAndKeepsTheDraft(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 14:10", k)
	view := formView(formOf(t, w, "iv_ana", karly), w.people[karly], w.now)
	state := stateOf(view)
	state["evidence:triage"] = input{Value: "asked who is blocked"}
	if err := w.bot.openGuide(t.Context(), w.formClick(karly, "iv_ana|gaps", view, state)); err != nil {
		t.Fatal(err)
	}
	if v := w.lastView(); v.Method != "views.push" {
		t.Errorf("it was shown by %s", v.Method)
	}
	golden(t, "scorecard_guide", checkView(t, w.lastView().Raw))
	if got := k.Card(karly).Answers.Ratings["triage"].Evidence; got != "asked who is blocked" {
		t.Errorf("the draft holds %q", got)
	}

	// The same where Slack takes no more modals: the form itself says it, and
	// even where it shows nothing, what was typed is kept.
	for slackSays, want := range map[string]string{"push_limit_reached": "views.update", "internal_error": ""} {
		w.views, w.refusePush = nil, slackSays
		state["evidence:triage"] = input{Value: "typed before " + slackSays}
		w.now = w.now.Add(time.Second)
		err := w.bot.openGuide(t.Context(), w.formClick(karly, "iv_ana|gaps", view, state))
		if got := k.Card(karly).Answers.Ratings["triage"].Evidence; got != "typed before "+slackSays {
			t.Errorf("%s: the draft holds %q", slackSays, got)
		}
		switch {
		case want == "" && (err == nil || len(w.views) > 0):
			t.Errorf("%s: %v, %v", slackSays, err, w.views)
		case want != "" && (err != nil || w.lastView().Method != want || !strings.Contains(string(w.lastView().Raw), "Ideal answer: Says so")):
			t.Errorf("%s: %v, %s", slackSays, err, w.lastView().Raw)
		case want != "" && !strings.Contains(string(w.lastView().Raw), `"callback_id":"scorecard"`):
			t.Errorf("%s: the form is gone: %s", slackSays, w.lastView().Raw)
		}
	}
	if err := w.bot.openGuide(t.Context(), w.formClick(nia, "iv_ana|gaps", view, state)); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("somebody off the panel got %v", err)
	}
}

// Karly's scorecard has three versions; the second and third came after she
// could read Sebastian's.
func TestVersionsAreReadByWhoMayReadTheScorecard(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 16:00", k)
	ctx, cards := t.Context(), w.bot.Scorecards
	submit := func(person, secret string) {
		t.Helper()
		if err := cards.Submit(ctx, "iv_ana", person, goodAnswers(hiring.Strong, secret)); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(time.Hour)
	}
	reopen := func(reason string) {
		t.Helper()
		if err := cards.Reopen(ctx, "iv_ana", karly, reason, w.now); err != nil {
			t.Fatal(err)
		}
	}
	submit(karly, "FIRST")
	submit(seb, "SEBSAW")
	reopen("forgot the second case")
	click := func(person, value string) (string, error) {
		t.Helper()
		w.views = nil
		err := w.bot.openVersion(ctx, w.click(person, value))
		if err != nil {
			return "", err
		}
		return string(checkView(t, w.lastView().Raw)), nil
	}
	for person, reads := range map[string]bool{karly: true, seb: false, dana: false, carla: false, mark: false, nia: false} {
		if got, err := click(person, "iv_ana|"+karly+"|1"); (err == nil) != reads {
			t.Errorf("reopened, and %s reads its version: %v %s", person, err, got)
		}
	}
	submit(karly, "SECOND")
	reopen("mixed up two people")
	submit(karly, "THIRD")

	golden(t, "scorecard_revised", marshalView(t, submittedView(formOf(t, w, "iv_ana", karly), w.people[karly])))
	second, err := click(carla, "iv_ana|"+karly+"|2")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "scorecard_version", []byte(second))
	if first, err := click(dana, "iv_ana|"+karly+"|1"); err != nil || !strings.Contains(first, "FIRST") || strings.Contains(first, afterReveal) || strings.Contains(first, "FIRST note") {
		t.Errorf("Dana reads %v %s", err, first)
	}
	for person, reads := range map[string]bool{karly: true, seb: true, dana: true, carla: true, mark: false, nia: false} {
		if got, err := click(person, "iv_ana|"+karly+"|1"); (err == nil) != reads {
			t.Errorf("all in, and %s reads its version: %v %s", person, err, got)
		}
	}
	for _, panelist := range []string{"", karly} {
		got := string(marshalView(t, w.bot.evidenceView(ctx, k, k.Role, w.people[dana], panelist)))
		if !strings.Contains(got, afterReveal) || panelist != "" && !strings.Contains(got, "Read version 1") {
			t.Errorf("evidence of %q: %s", panelist, got)
		}
	}
	for _, value := range []string{"iv_ana|" + karly + "|9", "iv_ana|" + karly + "|x", "iv_ana|" + nia + "|1", "iv_ana"} {
		if _, err := click(karly, value); err == nil {
			t.Errorf("%s shows something", value)
		}
	}
}

// Whatever becomes of the interview, its scorecards stay their authors' to read.
func TestSubmittedScorecardIsReadForEver(t *testing.T) {
	for name, become := range map[string]func(k *hiring.Case){
		"left the panel": func(k *hiring.Case) { k.Interview.Panel = k.Interview.Panel[1:] },
		"told":           func(k *hiring.Case) { decided(k, hiring.Advance, at(t, "Mon 10:00")); k.ToldAt = at(t, "Mon 11:00") },
		"withdrew":       func(k *hiring.Case) { k.Candidate.State = hiring.Withdrawn },
		"cancelled":      func(k *hiring.Case) { k.Interview.State = hiring.Cancelled },
		"erased":         func(k *hiring.Case) { k.Candidate.ErasedAt = at(t, "Mon 10:00") },
	} {
		for _, reopened := range []bool{false, true} {
			k := testCase(t)
			w := newWorld(t, "Wed 16:00", k)
			if err := w.bot.Scorecards.Submit(t.Context(), "iv_ana", karly, goodAnswers(hiring.Strong, "KARLYSAW")); err != nil {
				t.Fatal(err)
			}
			if reopened {
				if err := w.bot.Scorecards.Reopen(t.Context(), "iv_ana", karly, "one thing more", w.now); err != nil {
					t.Fatal(err)
				}
			}
			become(k)
			view, err := w.bot.scorecardView(t.Context(), "iv_ana", w.people[karly])
			raw, _ := json.Marshal(view)
			if reads := err == nil && strings.Contains(string(raw), "KARLYSAW"); reads == (name == "erased") {
				t.Errorf("%s, reopened %t: %v %s", name, reopened, err, raw)
			}
			if name == "erased" {
				continue
			}
			if list := string(marshalView(t, myScorecardsView(w.people[karly], w.cases, w.now))); !strings.Contains(list, "Ana Diaz") {
				t.Errorf("%s, reopened %t: it is not listed: %s", name, reopened, list)
			}
			open := reopened && (name == "told" || name == "withdrew")
			if form := strings.Contains(string(raw), `"callback_id":"scorecard"`); form != open {
				t.Errorf("%s, reopened %t: a form: %t", name, reopened, form)
			}
			if may := strings.Contains(string(raw), actScoreReopen); may != (name == "withdrew" && !reopened) {
				t.Errorf("%s, reopened %t: a button to reopen: %t", name, reopened, may)
			}
		}
	}
}
