package bot

import (
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"convene/internal/candidate"
	"convene/internal/hiring"
	"convene/internal/report"
)

// notHeld is the test's case after nobody came.
func notHeld(t *testing.T, cause hiring.Cause, reason string) *hiring.Case {
	k := testCase(t)
	k.Interview.State, k.Interview.Cause, k.Interview.Reason = hiring.NotHeld, cause, reason
	return k
}

func TestNotHeldMessages(t *testing.T) {
	key := "not-held:iv_ana:" + karly + ":1"
	k := notHeld(t, hiring.CauseNoShow, hostile+"waited")
	w := newWorld(t, "Wed 15:00", k)
	golden(t, "not_held", checkMessage(t, w.renderKey(key, "iv_ana", carla, "")))
	golden(t, "score_not_held", checkMessage(t, w.render("score", "iv_ana", karly, "Wed 14:45")))
	if w.render("score", "iv_ana", karly, "") != nil {
		t.Error("a scorecard of it would be asked for")
	}
	golden(t, "channel_not_held", checkMessage(t, w.renderKey("channel-booked:iv_ana:1", "iv_ana", "", "Wed 08:00")))
	next := another(k, "next", "Ana Diaz")
	next.Interview.CandidateID, next.Interview.State = k.Candidate.ID, hiring.Booked
	w.cases = append(w.cases, next)
	if got := w.renderKey(key, "iv_ana", carla, "Wed 15:00"); !strings.Contains(got.Text, "Another one is booked for") || labels(t, got) != "" {
		t.Errorf("it says %s", got.Text)
	}
	w.cases = w.cases[:1]
	k.Interview.Cause, k.Interview.Reason = hiring.CauseWithdrew, ""
	golden(t, "not_held_withdrew", checkMessage(t, w.renderKey(key, "iv_ana", carla, "")))
	k.Candidate.State = hiring.Withdrawn
	if got := w.renderKey(key, "iv_ana", carla, "Wed 15:00"); !strings.Contains(got.Text, "no longer in the process") || labels(t, got) != "" {
		t.Errorf("it says %s", got.Text)
	}
	k.Candidate.State, k.Interview.State = hiring.Active, hiring.Booked
	golden(t, "not_held_back", checkMessage(t, w.renderKey(key, "iv_ana", carla, "Wed 15:00")))
	if w.renderKey(key, "iv_ana", carla, "") != nil {
		t.Error("what was taken back would be told")
	}
}

func TestNotHeldModals(t *testing.T) {
	k := notHeld(t, hiring.CauseNoShow, "")
	w := newWorld(t, "Wed 15:00", k)
	golden(t, "not_held_done", marshalView(t, notHeldDoneView(k, w.people[carla])))
	golden(t, "not_held_done_panelist", marshalView(t, notHeldDoneView(k, w.people[karly])))
	k.Interview.State = hiring.Booked
	golden(t, "not_held_ask", marshalView(t, notHeldView(k, w.people[carla])))
	if moved := string(marshalView(t, notHeldDoneView(k, w.people[carla]))); !strings.Contains(moved, "I follow") {
		t.Errorf("moved: %s", moved)
	}
}

// The event of an interview was moved after its scorecards were asked for.
func TestHeldMovedMessage(t *testing.T) {
	k := testCase(t)
	k.Interview.EventStart, k.Interview.EventEnd = at(t, "Thu 14:00"), at(t, "Thu 14:45")
	w := newWorld(t, "Wed 15:00", k)
	const key = "google:iv_ana:held:1"
	golden(t, "google_held", checkMessage(t, w.renderKey(key, "iv_ana", carla, "")))
	submitted(k, seb, at(t, "Wed 15:10"), goodAnswers(hiring.Strong, ""))
	if got := w.renderKey(key, "iv_ana", carla, ""); labels(t, got) != "" {
		t.Errorf("it can be pressed: %s", got.Text)
	}
	k.Interview.Start, k.Interview.End = k.Interview.EventStart, k.Interview.EventEnd
	if got := w.renderKey(key, "iv_ana", carla, "Wed 15:00"); !strings.Contains(got.Text, "now booked for Thu 19 Nov") {
		t.Errorf("it says %s", got.Text)
	}
}

// Each reason stands in the history while it holds; of one that was taken back
// the cause stays.
func TestHistoryKeepsTheReasons(t *testing.T) {
	k := notHeld(t, hiring.CauseOther, "Fire alarm")
	excuseOf(k, seb, hiring.Excuse{Kind: hiring.Absent, Reason: "Ill"})
	card := &candidate.Card{Role: k.Role, Candidate: k.Candidate, Cases: []*hiring.Case{k}}
	line := func(actor, action, detail string) string {
		l := candidate.HistoryLine{Entry: hiring.Entry{Actor: actor, Action: action, Subject: "iv_ana", Detail: detail}}
		return historyWords(l) + historyReason(l, card)
	}
	for got, want := range map[string]string{
		line(carla, "interview.not_held", "other"):   "recorded that the interview didn't take place: “Fire alarm”.",
		line(carla, "interview.not_held", "no_show"): "recorded that the interview didn't take place: the candidate didn't come",
		line(seb, "scorecard.absent", ""):            "said that they weren't there: “Ill”",
		line(karly, "scorecard.absent", ""):          "said that they weren't there",
		line(karly, "scorecard.handed", "UDANA"):     "handed their scorecard over",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Few cases are counts, each with its reasons; what is zero isn't named.
func TestReportCountsReasons(t *testing.T) {
	n := report.Report{
		NotHeld: 3, Causes: map[hiring.Cause]int{hiring.CauseNoShow: 2, hiring.CauseOther: 1},
		Cancelled: 2, Removed: 1, Cancels: map[hiring.CancelCause]int{hiring.CancelWithdrew: 1, "": 1, hiring.CancelGoogle: 1},
		Moves: map[hiring.MoveCause]int{hiring.MoveGoogle: 1, hiring.MoveCandidate: 2, "": 1},
	}
	var got []string
	for _, line := range append(offLines(n), offLines(report.Report{})...) {
		got = append(got, line.elements[0].(*slack.RichTextSectionTextElement).Text)
	}
	want := []string{
		"Moves: 4 (candidate 2, in Google Calendar 1, not said 1) · Cancelled: 3 (candidate withdrew 1, deleted in Google Calendar 1, not said 1) · Didn't come: 2",
		"Not held for another reason: 1 (other 1)",
		"Moves: 0 · Cancelled: 0 · Didn't come: 0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
