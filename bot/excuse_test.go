package bot

import (
	"fmt"
	"strings"
	"testing"

	"convene/internal/hiring"
)

// excuseOf says why somebody of the panel owes nothing.
func excuseOf(k *hiring.Case, person string, e hiring.Excuse) {
	for i := range k.Interview.Panel {
		if k.Interview.Panel[i].Person == person {
			k.Interview.Panel[i].Excused = e
		}
	}
}

// labels are the texts of the buttons of a message.
func labels(t *testing.T, c *content) string {
	t.Helper()
	var out []string
	for _, part := range strings.Split(string(checkMessage(t, c)), `"type": "button"`)[1:] {
		_, rest, _ := strings.Cut(part, `"text": "`)
		label, _, _ := strings.Cut(rest, `"`)
		out = append(out, label)
	}
	return strings.Join(out, ", ")
}

func TestScoreNowOfWhoWasNotThere(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 15:00", k)
	if got := labels(t, w.render("score", "iv_ana", mark, "")); got != "Open scorecard, I wasn't there, It didn't take place" {
		t.Errorf("a shadow's buttons: %s", got)
	}
	excuseOf(k, karly, hiring.Excuse{Kind: hiring.Absent, Reason: hostile + "ill", At: at(t, "Wed 14:50")})
	k.Cards = []*hiring.Scorecard{{Panelist: karly, SavedAt: at(t, "Wed 14:10")}}
	golden(t, "score_absent", checkMessage(t, w.render("score", "iv_ana", karly, "Wed 14:45")))
	if w.render("score", "iv_ana", karly, "") != nil {
		t.Error("somebody who wasn't there would be asked")
	}
	submitted(k, seb, at(t, "Wed 15:00"), goodAnswers(hiring.Strong, ""))
	if got := labels(t, w.render("score", "iv_ana", karly, "Wed 14:45")); got != "" {
		t.Errorf("with open scorecards it can be taken back: %s", got)
	}

	k = testCase(t)
	w = newWorld(t, "Wed 15:00", k)
	excuseOf(k, karly, hiring.Excuse{Kind: hiring.HandedOver, Reason: "Nia took the call.", StandIn: nia, At: at(t, "Wed 14:50")})
	k.Interview.Panel = append(k.Interview.Panel, hiring.Panelist{Person: nia, Part: hiring.Required})
	golden(t, "score_handed", checkMessage(t, w.render("score", "iv_ana", karly, "Wed 14:45")))
	golden(t, "score_stand_in", checkMessage(t, w.render("score", "iv_ana", nia, "")))
}

// The coordinator hears of an absence and what it means; once it was changed
// back, the message says so and has nothing left to press.
func TestExcusedMessages(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 15:00", k)
	said := at(t, "Wed 14:50")
	key := fmt.Sprintf("excused:iv_ana:%s:%d:%s", karly, said.UnixMilli(), carla)
	if w.renderKey(key, "iv_ana", carla, "") != nil {
		t.Error("it is told of somebody who was there")
	}
	excuseOf(k, karly, hiring.Excuse{Kind: hiring.Absent, Reason: hostile + "ill", At: said})
	golden(t, "excused_absent", checkMessage(t, w.renderKey(key, "iv_ana", carla, "")))
	excuseOf(k, seb, hiring.Excuse{Kind: hiring.Absent, Reason: "Ill too", At: said})
	golden(t, "excused_nobody_left", checkMessage(t, w.renderKey(key, "iv_ana", carla, "")))
	if got := labels(t, w.renderKey(key, "iv_ana", dana, "")); got != "" {
		t.Errorf("a decider can press %s", got)
	}
	excuseOf(k, seb, hiring.Excuse{})
	submitted(k, seb, at(t, "Wed 14:55"), goodAnswers(hiring.Strong, ""))
	if got := w.renderKey(key, "iv_ana", carla, ""); !strings.Contains(got.Text, "can be read now: 1 of 1.") {
		t.Errorf("complete: %s", got.Text)
	}
	excuseOf(k, karly, hiring.Excuse{})
	golden(t, "excused_back", checkMessage(t, w.renderKey(key, "iv_ana", carla, "Wed 14:50")))
	k.Cards = nil
	excuseOf(k, karly, hiring.Excuse{Kind: hiring.HandedOver, Reason: "Nia took the call.", StandIn: nia, At: said})
	golden(t, "excused_handed", checkMessage(t, w.renderKey(key, "iv_ana", carla, "")))
	excuseOf(k, karly, hiring.Excuse{})
	again := "owed-again:iv_ana:" + karly + ":1"
	golden(t, "owed_again", checkMessage(t, w.renderKey(again, "iv_ana", karly, "")))
	k.Interview.State = hiring.NotHeld
	if w.renderKey(again, "iv_ana", karly, "") != nil || w.renderKey(key, "iv_ana", carla, "") != nil {
		t.Error("of an interview that wasn't held it would be told")
	}
	for _, got := range []*content{w.renderKey(again, "iv_ana", karly, "Wed 14:50"), w.renderKey(key, "iv_ana", carla, "Wed 14:50")} {
		if !strings.Contains(got.Text, "Nothing is left to do") || labels(t, got) != "" {
			t.Errorf("it says %s", got.Text)
		}
	}
}

func TestExcuseModals(t *testing.T) {
	k := extremeCase(t, 1)
	k.Cards, k.Decision, k.Notice = nil, nil, nil
	w := newWorld(t, "Wed 15:00", k)
	marshalView(t, absentView(k, w.people[karly]))
	marshalView(t, handOverView(k, w.people[karly]))
	k = testCase(t)
	golden(t, "absent", marshalView(t, absentView(k, w.people[karly])))
	golden(t, "absent_shadow", marshalView(t, absentView(k, w.people[mark])))
	golden(t, "hand_over", marshalView(t, handOverView(k, w.people[karly])))
	submitted(k, seb, at(t, "Wed 14:55"), goodAnswers(hiring.Strong, ""))
	golden(t, "absent_last", marshalView(t, absentView(k, w.people[karly])))
	w = newWorld(t, "Wed 15:00", k)
	if err := w.bot.openAbsent(t.Context(), w.click(nia, "iv_ana")); err == nil || !strings.Contains(err.Error(), "not on the panel") {
		t.Errorf("somebody else: %v", err)
	}
	if err := w.bot.openHandOver(t.Context(), w.click(karly, "iv_ana")); err != nil || len(w.views) != 1 {
		t.Errorf("%v, %d modals", err, len(w.views))
	}
}

// Home and the list hold nothing as due that nobody waits for.
func TestNothingIsDueOfWhoIsExcused(t *testing.T) {
	k := testCase(t)
	excuseOf(k, karly, hiring.Excuse{Kind: hiring.Absent, Reason: "Ill", At: at(t, "Wed 14:50")})
	w := newWorld(t, "Wed 15:00", k)
	view := string(marshalView(t, myScorecardsView(w.people[karly], w.cases, w.now)))
	if !strings.Contains(view, "Not asked for") || !strings.Contains(view, "I was there after all") || strings.Contains(view, `"Due"`) {
		t.Errorf("the list: %s", view)
	}
	c := &content{}
	if err := w.bot.homeMine(t.Context(), w.people[karly], c); err != nil {
		t.Fatal(err)
	}
	if c.Text = "Home"; !strings.Contains(string(checkMessage(t, c)), "None. Thank you.") {
		t.Error("Home asks for it")
	}
}
