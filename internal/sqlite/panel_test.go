package sqlite_test

import (
	"testing"
	"time"

	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Who leaves a panel hears it before Google's mail: the message waits in the
// lane of the interview's changes, and the event waits for the message.
func TestAMessageAheadOfTheCalendar(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.interview("iv", "ana", noon)
	word := dm("unseated", "Pia")
	word.Lane = outbox.CalendarLane("iv")
	w.check(w.ChangeInterview(w.ctx(), "iv", func(iv *hiring.Interview) (outbox.Batch, error) {
		iv.Panel = required("Quin")
		iv.Revision++
		return outbox.Batch{Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarMove, "iv", 2)}, Messages: []outbox.Message{dm("other", "Pia"), word}}, nil
	}))
	ready := func() string {
		w.Helper()
		list, err := w.ReadyEffects(w.ctx(), []string{outbox.Post, outbox.CalendarMove}, noon, 10)
		w.check(err)
		return keys(list, func(e outbox.Effect) string { return e.Key })
	}
	same(t, "at first", ready(), "message:other message:unseated ")
	_, err := w.StartEffect(w.ctx(), "message:unseated", noon)
	w.check(err)
	same(t, "while it is being posted", ready(), "message:other ")
	w.check(w.FinishEffect(w.ctx(), outbox.Effect{Key: "message:unseated", State: outbox.Failed}))
	same(t, "when they can't be reached", ready(), "message:other calendar:move:iv:2 ")
}

// A message that was dropped before it was posted is owed again when something
// owes it again; one that was posted, or is on its way, isn't.
func TestADroppedMessageIsOwedAgain(t *testing.T) {
	w := newWorld(t)
	owe := func(key string) {
		w.Helper()
		w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{dm(key, "Pia")}}))
	}
	for _, key := range []string{"unwanted", "deleted", "posted", "failed", "pending"} {
		owe(key)
	}
	w.check(w.FinishEffect(w.ctx(), outbox.Effect{Key: "message:unwanted", State: outbox.Dropped}))
	w.check(w.Owe(w.ctx(), outbox.Batch{Delete: []string{"deleted"}}))
	w.post("posted")
	w.check(w.FinishEffect(w.ctx(), outbox.Effect{Key: "message:posted", State: outbox.Dropped}))
	w.check(w.FinishEffect(w.ctx(), outbox.Effect{Key: "message:failed", State: outbox.Failed, Problem: "gone"}))
	same(t, "deleted", w.message("deleted").Gone, true)
	for _, key := range []string{"unwanted", "deleted", "posted", "failed", "pending"} {
		owe(key)
	}
	same(t, "effects", w.effects(), map[string]string{
		"message:unwanted": "pending", "message:deleted": "pending", "message:posted": "dropped", "message:failed": "failed", "message:pending": "pending",
	})
	same(t, "owed again", w.message("deleted").Gone, false)
}

func TestVacantInterviews(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"a", "b", "c", "d"} {
		w.candidate(id)
	}
	w.interview("soon", "a", noon.Add(time.Hour), required("Pia", "Zed")...)
	w.interview("whole", "b", noon.Add(2*time.Hour), required("Pia")...)
	w.interview("held", "c", noon.Add(-2*time.Hour), required("Zed")...)
	w.interview("off", "d", noon.Add(3*time.Hour), required("Zed")...)
	w.check(w.ChangeInterview(w.ctx(), "off", func(iv *hiring.Interview) (outbox.Batch, error) {
		iv.State = hiring.Cancelled
		return outbox.Batch{}, nil
	}))
	vacant := func() string {
		w.Helper()
		list, err := w.Vacant(w.ctx(), noon)
		w.check(err)
		return keys(list, func(iv *hiring.Interview) string { return iv.ID })
	}
	w.check(w.SavePeople(w.ctx(), []hiring.Person{{ID: "Pia"}, {ID: "Zed"}}))
	same(t, "while all are there", vacant(), "")
	w.check(w.SavePeople(w.ctx(), []hiring.Person{{ID: "Zed", Deleted: true}}))
	same(t, "after Zed left", vacant(), "soon ")
}

func TestLastChangeOfAnInterview(t *testing.T) {
	w := newWorld(t)
	_, _, err := w.LastChange(w.ctx(), "iv")
	isErr(t, err, hiring.ErrNotFound)
	for _, e := range []hiring.Entry{
		{Actor: "Cora", Action: "interview.moved", Subject: "iv", Detail: "2"}, {Actor: "Dee", Action: "interview.panel", Subject: "other"}, {Actor: "Pia", Action: "scorecard.submitted", Subject: "iv"},
	} {
		w.check(w.Owe(w.ctx(), outbox.Batch{Log: []hiring.Entry{e}}))
		w.wait(time.Minute)
	}
	got, at, err := w.LastChange(w.ctx(), "iv")
	w.check(err)
	same(t, "entry", got, hiring.Entry{Actor: "Cora", Action: "interview.moved", Subject: "iv", Detail: "2"})
	same(t, "time", at, noon)
}

// A reminder that can't be delivered counts, so that the escalation climbs for
// somebody who has left.
func TestFailedNagsCount(t *testing.T) {
	for state, want := range map[outbox.State]time.Time{outbox.Failed: noon, outbox.Pending: noon, outbox.Dropped: {}} {
		w := newWorld(t)
		w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{{Key: "nag:a", Kind: "nag", About: "Pia", Person: "Pia"}}}))
		if state != outbox.Pending {
			w.check(w.FinishEffect(w.ctx(), outbox.Effect{Key: "message:nag:a", State: state}))
		}
		first, err := w.FirstNag(w.ctx(), "Pia", noon.Add(-time.Hour))
		w.check(err)
		same(t, string(state), first, want)
	}
}

// Until the candidate was told, a decision can be changed, and what is booked stands.
func TestComingInterviewsOfTheDeclined(t *testing.T) {
	for outcome, want := range map[hiring.Outcome]string{hiring.Decline: "panel ", hiring.Hold: ""} {
		w, panel := carryWorld(t, outcome, hiring.NoticeDraft)
		panel.Carries, panel.State = "", hiring.Booked
		w.check(w.book(panel))
		declined := func(at time.Time) string {
			w.Helper()
			list, err := w.Declined(w.ctx(), at)
			w.check(err)
			return keys(list, func(iv *hiring.Interview) string { return iv.ID })
		}
		set := func(told time.Time) {
			w.check(w.ChangeCase(w.ctx(), "iv", func(k *hiring.Case) (decision.Change, error) {
				k.Candidate.State = hiring.Declined
				return decision.Change{Candidate: k.Candidate, ToldAt: told}, nil
			}))
		}
		set(time.Time{})
		same(t, "decided", declined(noon), "")
		set(noon)
		same(t, "told", declined(noon), want)
		same(t, "once it has begun", declined(panel.Start), "")
	}
}
