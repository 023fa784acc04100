package sqlite_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/report"
)

// An excuse and an interview that wasn't held are kept with all they say, and
// counted; a scorecard that is excused isn't owed.
func TestWaysOutAreKept(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.interview("iv", "ana", noon.Add(-2*time.Hour), required("Pia", "Quin")...)
	w.submit("iv", "Quin", hiring.Strong)
	e := hiring.Excuse{Kind: hiring.HandedOver, Reason: "Dentist", StandIn: "Dee", At: noon}
	w.check(w.ChangeInterviewCase(w.ctx(), "iv", func(k *hiring.Case) (outbox.Batch, error) {
		same(t, "scorecards at hand", len(k.Cards), 1)
		k.Interview.Panel[0].Excused = e
		k.Interview.Panel = append(k.Interview.Panel, hiring.Panelist{Person: "Dee", Part: hiring.Required})
		return outbox.Batch{}, nil
	}))
	iv, err := w.Interview(w.ctx(), "iv")
	w.check(err)
	same(t, "excuse", iv.Excuse("Pia"), e)
	for person, want := range map[string]int{"Pia": 0, "Quin": 0, "Dee": 1} {
		owed, err := w.Owed(w.ctx(), person, noon)
		w.check(err)
		same(t, "owed by "+person, len(owed), want)
	}
	no := errors.New("no")
	isErr(t, w.ChangeInterviewCase(w.ctx(), "iv", func(k *hiring.Case) (outbox.Batch, error) {
		k.Interview.State = hiring.Cancelled
		return outbox.Batch{}, no
	}), no)
	w.check(w.ChangeInterviewCase(w.ctx(), "iv", func(k *hiring.Case) (outbox.Batch, error) {
		same(t, "state after a refusal", k.Interview.State, hiring.Booked)
		k.Interview.State, k.Interview.Cause, k.Interview.Reason = hiring.NotHeld, hiring.CauseOther, "Fire alarm"
		return outbox.Batch{}, nil
	}))
	counted, err := w.ReportInterviews(w.ctx(), []string{"coord"})
	w.check(err)
	same(t, "cause", counted[0].Cause, hiring.CauseOther)
	excused := keys(counted[0].Panel, func(s report.Seat) string { return fmt.Sprint(s.Person, s.Excused) })
	same(t, "excused seats", excused, "Deefalse Piatrue Quinfalse ")

	// Another one is booked: the first can't have taken place any more.
	w.interview("next", "ana", noon.Add(time.Hour))
	isErr(t, w.ChangeInterviewCase(w.ctx(), "iv", func(k *hiring.Case) (outbox.Batch, error) {
		k.Interview.State = hiring.Booked
		return outbox.Batch{}, nil
	}), hiring.ErrConflict)
	isErr(t, w.ChangeInterviewCase(w.ctx(), "none", nil), hiring.ErrNotFound)
}
