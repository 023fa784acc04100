package bot

import (
	"context"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
)

func (w *world) Debrief(_ context.Context, interview string) (*hiring.Debrief, error) {
	if w.debrief == nil || w.debrief.Interview != interview {
		return nil, hiring.ErrNotFound
	}
	return w.debrief, nil
}

// contestedCase is the test's case with scorecards that lie two levels apart.
func contestedCase(t *testing.T) *hiring.Case {
	k := testCase(t)
	for _, c := range []struct {
		who   string
		level hiring.Level
	}{{karly, hiring.Beyond}, {seb, hiring.Partly}, {mark, hiring.NotShown}} {
		k.Cards = append(k.Cards, &hiring.Scorecard{InterviewID: "iv_ana", Panelist: c.who, Version: 1, SubmittedAt: at(t, "Thu 10:00"), Answers: goodAnswers(c.level, hostile)})
	}
	return k
}

func TestDebriefMessages(t *testing.T) {
	k := contestedCase(t)
	w := newWorld(t, "Mon 11:00", k)
	d := &hiring.Debrief{
		Interview: "iv_ana", State: hiring.DebriefOffered, OfferedTo: carla, Points: []string{k.Contested()[0].Competency.ID},
		Offers: []time.Time{at(t, "Mon 10:00"), at(t, "Mon 15:00"), at(t, "Mon 16:00")},
	}
	w.debrief = d
	golden(t, "debrief_offer", checkMessage(t, w.render("debrief", "iv_ana", carla, "")))
	golden(t, "debrief_modal", marshalView(t, w.bot.debriefView(t.Context(), k, d, w.people[carla])))
	d.Offers, d.Closest = nil, at(t, "Mon 17:30")
	golden(t, "debrief_no_time", checkMessage(t, w.render("debrief", "iv_ana", carla, "Mon 10:00")))
	d.State, d.Problem = hiring.DebriefTaken, "Dana is no longer free then."
	golden(t, "debrief_taken", checkMessage(t, w.renderKey("debrief-news:iv_ana:taken:0", "iv_ana", carla, "")))
	d.State, d.Start, d.End, d.People, d.Posts, d.Posted = hiring.DebriefBooked, at(t, "Mon 15:00"), at(t, "Mon 15:15"), []string{karly, seb, mark}, 1, true
	golden(t, "debrief_booked", checkMessage(t, w.render("debrief", "iv_ana", carla, "Mon 10:00")))
	golden(t, "debrief_moved", checkMessage(t, w.renderKey("debrief-news:iv_ana:moved:0", "iv_ana", carla, "")))
	golden(t, "debrief_stuck", checkMessage(t, w.renderKey("debrief-news:iv_ana:stuck:0", "iv_ana", carla, "")))
	golden(t, "debrief_points", checkMessage(t, w.renderKey("debrief-points:iv_ana:1", "iv_ana", "", "")))
	if w.renderKey("debrief-points:iv_ana:2", "iv_ana", "", "") != nil {
		t.Error("a message that nobody asked for would be posted")
	}

	// A sealed role and a reopened scorecard keep the evidence out of the channel.
	k.Role.Sealed.V = true
	golden(t, "debrief_points_sealed", checkMessage(t, w.renderKey("debrief-points:iv_ana:1", "iv_ana", "", "Mon 10:00")))
	k.Role.Sealed.V = false
	k.Cards[1].SubmittedAt = time.Time{}
	reopened := w.renderKey("debrief-points:iv_ana:1", "iv_ana", "", "Mon 10:00")
	golden(t, "debrief_points_reopened", checkMessage(t, reopened))
	if strings.Contains(reopened.Text, "apart") {
		t.Errorf("it tells a level: %s", reopened.Text)
	}
	if got := w.render("debrief", "iv_ana", carla, "Mon 10:00"); strings.Contains(got.Text, "apart") {
		t.Errorf("it tells a level: %s", got.Text)
	}
	k.Cards[1].SubmittedAt = at(t, "Thu 10:00")
	k.Decision = &hiring.Decision{Outcome: hiring.Advance, By: dana}
	golden(t, "debrief_needless", checkMessage(t, w.renderKey("debrief-news:iv_ana:needless:0", "iv_ana", carla, "")))
	d.Revision++
	if got := w.renderKey("debrief-news:iv_ana:moved:0", "iv_ana", carla, "Mon 10:00"); strings.Contains(got.Text, "moved") {
		t.Errorf("it was booked again since: %s", got.Text)
	}
	d.State = hiring.DebriefCancelled
	golden(t, "debrief_over", checkMessage(t, w.render("debrief", "iv_ana", carla, "Mon 10:00")))
}
