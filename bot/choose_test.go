package bot

import (
	"strings"
	"testing"

	"convene/internal/hiring"
	"convene/internal/schedule"
)

func TestOfferedTimesToChoose(t *testing.T) {
	w, _, o := waiting(t)
	k := w.cases[0]
	golden(t, "times_tick", marshalView(t, timesView(search(k, at(t, "Fri 09:00")), k.Candidate, k.Role, w.people[carla].TimeZone(nil))))
	text := w.bot.timesTextView(k.Candidate, o.Subject, o.Body)
	text.PrivateMetadata = meta{Search: "search_1", Candidate: "cand_ana", Ticked: "0 1 2"}.String()
	golden(t, "times_text", marshalView(t, text))
	show := func(name string) {
		t.Helper()
		golden(t, name, checkMessage(t, w.render("times", o.ID, carla, "")))
	}
	show("times_to_send")
	o.State, o.Attempt, o.Problem = hiring.OfferingFailed, 1, "550 no such user"
	show("times_failed")
	o.State = hiring.OfferingUnsure
	show("times_unsure")
	o.State, o.SentAt, o.Problem = hiring.OfferingSent, at(t, "Wed 09:30"), ""
	show("times_sent")
	golden(t, "times_gone", marshalView(t, w.bot.notChosenView(t.Context(), o, w.people[carla], &schedule.Gone{Number: 2, Why: "Karly is no longer free then.", Free: []int{1, 3}})))
	w.now = o.RemindAt
	golden(t, "times_late", checkMessage(t, w.render("times-late", o.ID, carla, "")))
	o.State, o.AnsweredBy, o.AnsweredAt = hiring.OfferingNone, dana, at(t, "Wed 11:00")
	show("times_none")

	o.State, o.Answer, o.InterviewID = hiring.OfferingChosen, 2, "iv_ana"
	show("times_chosen")
	k.Interview.State, k.Interview.Reason = hiring.Taken, "Karly is no longer free then."
	show("times_taken")

	o.State = hiring.OfferingOver
	if c := w.renderKey("times:times_1", o.ID, carla, ""); c != nil {
		t.Errorf("times that nobody waits for are posted: %s", c.Text)
	}
	if c := w.renderKey("times:times_1", o.ID, carla, "Wed 09:00"); !strings.Contains(c.Text, "please don't") {
		t.Errorf("what was posted says %s", c.Text)
	}
}
