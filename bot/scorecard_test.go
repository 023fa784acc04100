package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/scorecard"
)

// stateOf reads a view's prefilled values as Slack reports them when nothing is
// changed.
func stateOf(v slack.ModalViewRequest) map[string]input {
	out := map[string]input{}
	for _, bl := range v.Blocks.BlockSet {
		in, ok := bl.(*slack.InputBlock)
		if !ok {
			continue
		}
		switch el := in.Element.(type) {
		case *slack.PlainTextInputBlockElement:
			out[in.BlockID] = input{Value: el.InitialValue}
		case *slack.RadioButtonsBlockElement:
			f := input{}
			if el.InitialOption != nil {
				f.SelectedOption = *el.InitialOption
			}
			out[in.BlockID] = f
		case *slack.CheckboxGroupsBlockElement:
			f := input{}
			for _, o := range el.InitialOptions {
				f.SelectedOptions = append(f.SelectedOptions, *o)
			}
			out[in.BlockID] = f
		case *slack.DatePickerBlockElement:
			out[in.BlockID] = input{SelectedDate: el.InitialDate}
		}
	}
	return out
}

func formOf(t *testing.T, w *world, interview, person string) *scorecard.Form {
	t.Helper()
	f, err := w.bot.Scorecards.Open(t.Context(), interview, person)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestScorecardFormHoldsTheRubricAndTheDraft(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 14:50", k)
	answers := goodAnswers(hiring.Strong, "")
	answers.Ratings["gaps"] = hiring.Rating{
		Level: hiring.Partly, Rated: true, Evidence: "bluffed\ntwice", RedFlags: []string{"bluffing"},
	}
	message := scorecard.Message{ID: "1.1", Text: "gaps: bluffed about analytics", At: at(t, "Wed 14:20")}
	if _, err := w.bot.Scorecards.File(t.Context(), "iv_ana", karly, message); err != nil {
		t.Fatal(err)
	}
	if err := w.bot.Scorecards.SaveDraft(t.Context(), "iv_ana", karly, answers, w.now); err != nil {
		t.Fatal(err)
	}
	view := formView(formOf(t, w, "iv_ana", karly), w.people[karly], w.now)
	golden(t, "scorecard_form", marshalView(t, view))
	guided := guidedFormView(formOf(t, w, "iv_ana", karly), w.people[karly], w.now, "gaps")
	golden(t, "scorecard_form_guided", marshalView(t, guided))
	if !reflect.DeepEqual(stateOf(view), stateOf(guided)) {
		t.Error("the guide changed a field: what was typed in it would be gone")
	}
	if got := readAnswers(stateOf(view)); !reflect.DeepEqual(clean(got), clean(answers)) {
		t.Errorf("the form doesn't give back its draft:\n got %+v\nwant %+v", got, answers)
	}
}

// clean is for comparing: texts come back without white space at their ends.
func clean(a hiring.Answers) string {
	raw, _ := json.Marshal(a)
	return strings.ReplaceAll(string(raw), `" `, `"`)
}

func TestEmptyScorecardAsksForEveryLevel(t *testing.T) {
	w := newWorld(t, "Wed 14:50", testCase(t))
	view := formView(formOf(t, w, "iv_ana", karly), w.people[karly], w.now)
	marshalView(t, view)
	_, err := w.bot.submitScorecard(t.Context(), w.submit(karly, view, stateOf(view)))
	var problems *scorecard.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("an empty scorecard was answered with %v", err)
	}
	resp, ok := w.bot.submissionError(w.submit(karly, view, nil), err).(*slack.ViewSubmissionResponse)
	if !ok {
		t.Fatalf("the refusal is %T", resp)
	}
	for _, block := range []string{"rating:triage", "rating:gaps", "gate:visits", "recommendation"} {
		if resp.Errors[block] == "" {
			t.Errorf("nothing is said under %s: %v", block, resp.Errors)
		}
	}
}

func TestScorecardIsTypedSubmittedAndReopened(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 14:10", k)
	ctx := t.Context()
	if err := w.bot.openScorecard(ctx, w.click(karly, "iv_ana")); err != nil {
		t.Fatal(err)
	}
	if len(w.views) != 1 || w.views[0].Method != "views.open" {
		t.Fatalf("opened %+v", w.views)
	}
	view := formView(formOf(t, w, "iv_ana", karly), w.people[karly], w.now)
	state := stateOf(view)
	state["evidence:triage"] = input{Value: "asked who is blocked"}

	typing := w.click(karly, "")
	typing.View, typing.State = &slack.View{ID: "V1", Type: slack.VTModal, PrivateMetadata: view.PrivateMetadata}, state
	if err := w.bot.typeScorecard(ctx, typing); err != nil {
		t.Fatal(err)
	}
	if got := k.Card(karly).Answers.Ratings["triage"].Evidence; got != "asked who is blocked" {
		t.Errorf("the draft holds %q", got)
	}
	if len(w.views) != 1 {
		t.Errorf("typing changed the modal: %s", w.views[len(w.views)-1].Method)
	}

	// A late delivery of earlier typing changes nothing.
	w.now = at(t, "Wed 14:09")
	earlier := w.click(karly, "")
	earlier.View, earlier.State = typing.View, map[string]input{"evidence:triage": {Value: "asked"}}
	if err := w.bot.typeScorecard(ctx, earlier); err != nil {
		t.Fatal(err)
	}
	if got := k.Card(karly).Answers.Ratings["triage"].Evidence; got != "asked who is blocked" {
		t.Errorf("earlier typing overwrote the draft: %q", got)
	}

	w.now = at(t, "Wed 15:00")
	for block, value := range map[string]string{"rating:triage": "3", "rating:gaps": "0", "gate:visits": "yes", "recommendation": "yes"} {
		state[block] = input{SelectedOption: slack.OptionBlockObject{Value: value}}
	}
	resp, err := w.bot.submitScorecard(ctx, w.submit(karly, view, state))
	if err != nil {
		t.Fatal(err)
	}
	if raw, _ := json.Marshal(resp); !strings.Contains(string(raw), "1 of 2 are in") {
		t.Errorf("the answer is %s", raw)
	}
	card := k.Card(karly)
	if !card.Submitted() || card.Answers.Ratings["triage"].Level != hiring.Strong || !card.Answers.Ratings["gaps"].Rated {
		t.Errorf("submitted %+v", card)
	}
	_, err = w.bot.submitScorecard(ctx, w.submit(karly, view, state))
	var already *hiring.AlreadyDone
	if !errors.As(err, &already) {
		t.Errorf("a second submit was answered with %v", err)
	}

	read := submittedView(formOf(t, w, "iv_ana", karly), w.people[karly])
	golden(t, "scorecard_submitted", marshalView(t, read))
	if err := w.bot.reopenScorecard(ctx, w.click(karly, "iv_ana")); err != nil {
		t.Fatal(err)
	}
	golden(t, "scorecard_reopen", checkView(t, w.views[len(w.views)-1].Raw))
	reopen := modal(viewReopen, "Reopen scorecard", "Reopen", "Keep it")
	reopen.PrivateMetadata = view.PrivateMetadata
	if _, err := w.bot.submitReopen(ctx, w.submit(karly, reopen, map[string]input{"reason": {Value: "  "}})); err == nil {
		t.Error("reopened without a reason")
	}
	if _, err := w.bot.submitReopen(ctx, w.submit(karly, reopen, map[string]input{"reason": {Value: "mixed up two candidates"}})); err != nil {
		t.Fatal(err)
	}
	if k.Card(karly).Submitted() || k.Card(karly).Answers.Ratings["triage"].Level != hiring.Strong {
		t.Errorf("reopened %+v", k.Card(karly))
	}
}

func TestNotesBeforeTheInterviewAreKeptAndNotSubmitted(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 09:00", k)
	view := formView(formOf(t, w, "iv_ana", karly), w.people[karly], w.now)
	state := stateOf(view)
	state["note"] = input{Value: "ask about Madison"}
	_, err := w.bot.submitScorecard(t.Context(), w.submit(karly, view, state))
	if err == nil || !strings.Contains(err.Error(), "hasn't begun") {
		t.Errorf("answered with %v", err)
	}
	if k.Card(karly) == nil || k.Card(karly).Answers.Note != "ask about Madison" {
		t.Error("the note is lost")
	}
}

func TestMyScorecards(t *testing.T) {
	ana := testCase(t)
	ben, cleo := another(ana, "ben", "Ben Okafor"), another(ana, "cleo", "Cleo Roux")
	submitted(ben, karly, at(t, "Wed 15:00"), goodAnswers(hiring.Strong, ""))
	cleo.Interview.Start, cleo.Interview.End = at(t, "Fri 10:00"), at(t, "Fri 10:45")
	w := newWorld(t, "Thu 09:00", ana, ben, cleo)
	golden(t, "my_scorecards", marshalView(t, myScorecardsView(w.people[karly], w.cases, w.now)))

	for _, c := range []struct{ typed, holds string }{
		{"", `"callback_id":"scorecard"`},        // Ana's is the only one that is due
		{"cleo", `"callback_id":"scorecard"`},    // one name
		{"BEN", "Reopen scorecard"},              // submitted: to read
		{"zaphod", "None of your interviews is"}, // an unknown name
		{"ro", "Cleo Roux"},                      // part of a name
	} {
		if err := w.bot.scorecardCommand(t.Context(), &call{reply: w.reply(), Person: w.people[karly], Text: c.typed}); err != nil {
			t.Fatal(err)
		}
		if got := string(w.views[len(w.views)-1].Raw); !strings.Contains(got, c.holds) {
			t.Errorf("/scorecard %s shows %s", c.typed, got)
		}
	}
	if err := w.bot.openScorecard(t.Context(), w.click(nia, "iv_ana")); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("somebody off the panel got %v", err)
	}
}

func TestLargestScorecardFits(t *testing.T) {
	k := extremeCase(t, 1)
	w := newWorld(t, "Wed 15:00", k)
	card := *k.Card(karly)
	card.SubmittedAt = k.Interview.Start.AddDate(-1, 0, 0).Truncate(0)
	for id, r := range card.Answers.Ratings { // what came as messages is shown as far as there is room
		for n := range 20 {
			r.Notes = append(r.Notes, hiring.Note{ID: fmt.Sprint(n), Text: longText(hiring.MaxEvidence), At: k.Interview.Start})
		}
		card.Answers.Ratings[id] = r
	}
	form := &scorecard.Form{Case: k, Role: k.Role, Card: &card}
	view := formView(form, w.people[karly], w.now)
	marshalView(t, view)
	if n := len(view.Blocks.BlockSet); n > 100 {
		t.Errorf("%d blocks", n)
	}
	got := readAnswers(stateOf(view))
	for id, r := range card.Answers.Ratings {
		if got.Ratings[id].Evidence != hiring.CleanText(r.Evidence) || len(got.Ratings[id].RedFlags) != 10 {
			t.Fatalf("the form cut the draft's evidence of %s", id)
		}
	}
	for _, c := range k.Role.Competencies {
		marshalView(t, guideView(form, c))
	}
	marshalView(t, guidedFormView(form, w.people[karly], w.now, k.Role.Competencies[0].ID))
	for n := range 30 {
		v := card
		v.Version, v.Reason = n+1, longText(scorecard.MaxReopenReason)
		form.Earlier = append(form.Earlier, &v)
	}
	marshalView(t, submittedView(form, w.people[karly]))
	marshalView(t, w.bot.evidenceView(t.Context(), k, k.Role, w.people[dana], ""))
	marshalView(t, w.bot.evidenceView(t.Context(), k, k.Role, w.people[carla], seb))
}
