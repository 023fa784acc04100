package bot

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
)

// complete is Ana's case with both required scorecards in.
func complete(t *testing.T) *hiring.Case {
	k := testCase(t)
	submitted(k, karly, at(t, "Wed 16:00"), goodAnswers(hiring.Strong, "KARLYSAW"))
	submitted(k, seb, at(t, "Thu 09:00"), goodAnswers(hiring.Beyond, "SEBSAW"))
	return k
}

func TestDecideListAndModals(t *testing.T) {
	ana := complete(t)
	ben := another(ana, "ben", "Ben Okafor")
	submitted(ben, karly, at(t, "Wed 16:00"), goodAnswers(hiring.Partly, "KARLYSAW"))
	w := newWorld(t, "Mon 10:00", ana, ben)
	show := func(words string) []byte {
		t.Helper()
		if err := w.bot.decideCommand(t.Context(), &call{reply: w.reply(), Person: w.people[dana], Text: words}); err != nil {
			t.Fatal(err)
		}
		return checkView(t, w.views[len(w.views)-1].Raw)
	}
	golden(t, "decide", show(""))
	if got := string(show("zaphod")); !strings.Contains(got, "Nobody whose name holds") {
		t.Errorf("an unknown name shows %s", got)
	}
	if err := w.bot.openDecision(t.Context(), w.click(dana, "iv_ana")); err != nil {
		t.Fatal(err)
	}
	golden(t, "decision", checkView(t, w.views[len(w.views)-1].Raw))
	for _, person := range []string{carla, karly, nia} {
		if err := w.bot.openDecision(t.Context(), w.click(person, "iv_ana")); !errors.Is(err, hiring.ErrNotAllowed) {
			t.Errorf("%s, who is no decider, got %v", person, err)
		}
	}
}

func TestDecisionLeadsToItsNotice(t *testing.T) {
	k := complete(t)
	w := newWorld(t, "Mon 10:00", k)
	view := decisionView(k, w.people[dana], nil)
	state := map[string]input{"outcome": {SelectedOption: slack.OptionBlockObject{Value: "advance"}}, "reason": {Value: "Clear under pressure."}}
	resp, err := w.bot.submitDecision(t.Context(), w.submit(dana, view, state))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(resp.(*slack.ViewSubmissionResponse).View)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "notice_draft", checkView(t, raw))

	again := decisionView(k, w.people[dana], nil)
	golden(t, "decision_change", marshalView(t, again))
	if _, err := w.bot.submitDecision(t.Context(), w.submit(dana, view, state)); err == nil {
		t.Error("a decision replaced one that the decider had not seen")
	}
	state["outcome"] = input{SelectedOption: slack.OptionBlockObject{Value: "hold"}}
	_, err = w.bot.submitDecision(t.Context(), w.submit(dana, again, state))
	if p := problems(err); len(p) != 1 || p[0].Field != "until" {
		t.Errorf("a hold without a date was answered with %v", err)
	}
	state["until"] = input{SelectedDate: "2026-12-04"}
	if _, err := w.bot.submitDecision(t.Context(), w.submit(dana, again, state)); err != nil {
		t.Fatal(err)
	}
	if k.Decision.Outcome != hiring.Hold || !strings.Contains(k.Notice.Body, "Friday, 4 December 2026") {
		t.Errorf("recorded %+v with %q", k.Decision, k.Notice.Body)
	}
}

// Ana was told that she is declined; Dana decides anew. The told notice's message
// says so, and whoever owes a scorecard reads no reasons.
func TestDecidedAnew(t *testing.T) {
	k := complete(t)
	decided(k, hiring.Decline, at(t, "Mon 10:00"))
	told := k.Notice
	told.State, told.ToldBy, told.ToldAt, k.ToldAt = hiring.NoticeTold, dana, at(t, "Mon 11:00"), at(t, "Mon 11:00")
	w := newWorld(t, "Mon 12:00", k)
	ctx := t.Context()
	var already *hiring.AlreadyDone
	if err := w.bot.openDecision(ctx, w.click(dana, "iv_ana")); !errors.As(err, &already) {
		t.Errorf("an old button was answered with %v", err)
	}
	button := decideButton(k)
	if button.Text.Text != "Decide anew" {
		t.Errorf("the button says %q", button.Text.Text)
	}
	if err := w.bot.openDecision(ctx, w.click(dana, button.Value)); err != nil {
		t.Fatal(err)
	}
	golden(t, "decision_anew", checkView(t, w.views[len(w.views)-1].Raw))

	first := *k.Decision
	first.Replaced = true
	w.decided, w.notice = []*hiring.Decision{&first}, told
	k.Decision = &hiring.Decision{ID: "dec_2", Outcome: hiring.Advance, Reason: "We read her answers again.", Dissent: "Karly: too few accounts.", By: dana, At: w.now,
		Corrects: &hiring.Told{ID: first.ID, Outcome: hiring.Decline, At: k.ToldAt}}
	k.Notice = &hiring.Notice{ID: "note_2", DecisionID: "dec_2", State: hiring.NoticeDraft, Body: "This corrects…"}
	k.ToldAt, k.FirstToldAt, k.PromisedAt = time.Time{}, k.ToldAt, k.Interview.Deadline
	rubric, err := w.bot.rubric(ctx, k)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "evidence_decided", marshalView(t, w.bot.evidenceView(ctx, k, rubric, w.people[dana], "")))
	if got := string(marshalView(t, w.bot.evidenceView(ctx, k, rubric, w.people[karly], ""))); strings.Contains(got, "too few accounts") {
		t.Error("a panelist reads who was of another mind")
	}
	if got := w.render("notice", told.ID, dana, "Mon 11:00").Text; !strings.Contains(got, "was told this") || strings.Contains(got, "don't send") {
		t.Errorf("the told notice's message says %q", got)
	}
	view, err := w.bot.noticeView(ctx, k, w.people[dana])
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []slack.ModalViewRequest{view, decisionView(k, w.people[dana], nil)} {
		if got := string(marshalView(t, v)); !strings.Contains(got, "Corrects: declined, told Mon") {
			t.Errorf("nothing says what is corrected:\n%s", got)
		}
	}
}

// Sebastian's scorecard comes in while Dana decides without it.
func TestAScorecardComesInWhileSomebodyDecides(t *testing.T) {
	k := complete(t)
	late := k.Cards[1]
	k.Cards, k.Revealed = k.Cards[:1], carla
	w := newWorld(t, "Mon 16:00", k)
	view := decisionView(k, w.people[dana], nil)
	late.SubmittedAt = at(t, "Mon 15:42")
	k.Cards = append(k.Cards, late)
	state := map[string]input{"outcome": {SelectedOption: slack.OptionBlockObject{Value: "hold"}}, "until": {SelectedDate: "2026-12-04"}, "reason": {Value: "The others first."}, "dissent": {Value: "Karly"}}
	resp, err := w.bot.submitDecision(t.Context(), w.submit(dana, view, state))
	if err != nil || k.Decision != nil {
		t.Fatalf("%v, decided %+v", err, k.Decision)
	}
	again := resp.(*slack.ViewSubmissionResponse).View
	golden(t, "decision_news", marshalView(t, *again))

	late.SubmittedAt = time.Time{} // and is reopened
	resp, err = w.bot.submitDecision(t.Context(), w.submit(dana, *again, state))
	if err != nil || k.Decision != nil {
		t.Fatalf("%v, decided %+v", err, k.Decision)
	}
	again = resp.(*slack.ViewSubmissionResponse).View
	if raw := string(marshalView(t, *again)); !strings.Contains(raw, "Sebastian has reopened") {
		t.Errorf("%s", raw)
	}
	if _, err := w.bot.submitDecision(t.Context(), w.submit(dana, *again, state)); err != nil || k.Decision == nil || k.Decision.Dissent != "Karly" {
		t.Errorf("%v, decided %+v", err, k.Decision)
	}
}

func TestHoldDateIsTheSameDayForBothSides(t *testing.T) {
	for _, zones := range [][2]string{
		{"America/Chicago", "Asia/Tokyo"}, {"America/Chicago", "Europe/Berlin"}, {"Pacific/Honolulu", "Asia/Tokyo"}, {"Asia/Tokyo", "America/Los_Angeles"}, {"UTC", "UTC"},
	} {
		role, candidate := hiring.LoadZone(zones[0]), hiring.LoadZone(zones[1])
		got := sameDay("2026-12-04", role, candidate)
		for _, zone := range []*time.Location{role, candidate} {
			if day := got.In(zone).Format(time.DateOnly); day != "2026-12-04" {
				t.Errorf("in %s the hold of %v ends on %s", zone, zones, day)
			}
		}
	}
	if !sameDay("", time.UTC, time.UTC).IsZero() {
		t.Error("no date became one")
	}
}

func TestNoticeIsApprovedSentAndTold(t *testing.T) {
	k := complete(t)
	decided(k, hiring.Advance, at(t, "Mon 10:00"))
	w := newWorld(t, "Mon 11:00", k)
	ctx := t.Context()
	view, err := w.bot.noticeView(ctx, k, w.people[dana])
	if err != nil {
		t.Fatal(err)
	}
	state := stateOf(view)
	state["body"] = input{Value: "Hello Ana,\n\nsee you at the panel."}
	if _, err := w.bot.submitNotice(ctx, w.submit(dana, view, state)); err != nil {
		t.Fatal(err)
	}
	if k.Notice.State != hiring.NoticeApproved || k.Notice.ApprovedBy != dana {
		t.Errorf("approved %+v", k.Notice)
	}
	golden(t, "notice_to_send", checkMessage(t, w.render("notice", k.Notice.ID, dana, "")))
	if err := w.bot.openNotice(ctx, w.click(nia, "iv_ana")); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("somebody off the team got %v", err)
	}
	w.now = at(t, "Mon 12:00")
	if err := w.bot.markTold(ctx, w.click(dana, join("iv_ana", k.Notice.ID))); err != nil {
		t.Fatal(err)
	}
	golden(t, "notice_told", checkMessage(t, w.render("notice", k.Notice.ID, dana, "Mon 11:00")))
	var already *hiring.AlreadyDone
	if err := w.bot.markTold(ctx, w.click(carla, join("iv_ana", k.Notice.ID))); !errors.As(err, &already) {
		t.Errorf("a second click was answered with %v", err)
	}
}

func TestNoticeWhoseMailIsInTrouble(t *testing.T) {
	k := complete(t)
	decided(k, hiring.Decline, at(t, "Mon 10:00"))
	n := k.Notice
	n.State, n.ApprovedBy, n.Attempt, n.Problem = hiring.NoticeUnsure, dana, 1, "connection reset"
	w := newWorld(t, "Mon 11:00", k)
	w.bot.Decisions.Mode = decision.MailSend
	golden(t, "notice_unsure", checkMessage(t, w.render("notice", n.ID, dana, "")))
	n.State = hiring.NoticeFailed
	golden(t, "notice_failed", checkMessage(t, w.render("notice", n.ID, dana, "Mon 11:00")))
	if err := w.bot.mailAgain(t.Context(), w.click(dana, join("iv_ana", n.ID))); err != nil {
		t.Fatal(err)
	}
	if got := w.render("notice", n.ID, dana, "Mon 11:00"); !strings.Contains(got.Text, "on its way") || k.Notice.Attempt != 2 {
		t.Errorf("after another try: %s (attempt %d)", got.Text, k.Notice.Attempt)
	}
}

func TestWithoutMailACandidateIsToldByAPerson(t *testing.T) {
	k := complete(t)
	decided(k, hiring.Decline, at(t, "Mon 10:00"))
	w := newWorld(t, "Mon 11:00", k)
	w.bot.Decisions.Mode = decision.MailOff
	if err := w.bot.openNotice(t.Context(), w.click(dana, "iv_ana")); err != nil {
		t.Fatal(err)
	}
	golden(t, "notice_off", checkView(t, w.views[0].Raw))
	c := w.click(dana, join("iv_ana", k.Notice.ID))
	c.View = &slack.View{ID: "V1", Type: slack.VTModal}
	if err := w.bot.markTold(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if !k.Told() || w.views[len(w.views)-1].Method != "views.update" {
		t.Errorf("told %t, then %+v", k.Told(), w.views)
	}
}

func TestLargestDecisionAndNoticeFit(t *testing.T) {
	k := extremeCase(t, 1)
	w := newWorld(t, "Mon 11:00", k)
	marshalView(t, decisionView(k, w.people[dana], nil))
	view, err := w.bot.noticeView(t.Context(), k, w.people[dana])
	if err != nil {
		t.Fatal(err)
	}
	marshalView(t, view)
	s := w.submit(dana, view, nil)
	resp, err := w.bot.answerWith(s, view)
	if err != nil {
		t.Fatal(err)
	}
	s.ackWith(resp)
	if raw, err := json.Marshal(w.acks[0]); err != nil || len(raw) >= 20480 {
		t.Errorf("the acknowledgement has %d bytes, %v", len(raw), err)
	}
	k.Notice.State, k.Notice.ApprovedBy = hiring.NoticeApproved, dana
	checkMessage(t, w.render("notice", k.Notice.ID, dana, ""))
	marshalView(t, w.bot.awaitingView(t.Context(), w.people[dana], []decision.Summary{decision.Build(k.Role, []*hiring.Case{k}, w.now, w.now)}, listed{}))
}
