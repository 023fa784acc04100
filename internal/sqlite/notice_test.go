package sqlite_test

import (
	"testing"
	"time"

	"convene/internal/decision"
	"convene/internal/hiring"
)

// Whether a notice's text is a person's, and what was booked then, is kept; so
// is which e-mail a correction follows.
func TestANoticeKeepsWhatWasBooked(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.interview("iv", "ana", noon.Add(-time.Hour))
	n := testNotice("n1", "d1")
	w.change(decision.Change{Decision: testDecision("d1", hiring.Advance), Notice: n})
	if got := w.loadCase("iv").Notice; got.Worded || got.Times != nil {
		t.Errorf("a draft is %+v", got)
	}
	n.Worded = true
	w.change(decision.Change{Notice: n})
	if got := w.loadCase("iv").Notice; !got.Worded || len(got.Times) != 0 {
		t.Errorf("written with nothing booked it is %+v", got)
	}
	n.Times = []hiring.Meeting{{Interview: "next", Stage: "panel", Start: noon, End: noon.Add(time.Hour)}}
	w.change(decision.Change{Notice: n})
	same(t, "booked then", w.loadCase("iv").Notice.Times, n.Times)

	n.State, n.Attempt, n.ToldAt = hiring.NoticeTold, 1, noon
	w.change(decision.Change{Notice: n, ToldAt: noon})
	d := testDecision("d2", hiring.Decline)
	d.Corrects = &hiring.Told{ID: "d1", Outcome: hiring.Advance, At: noon, Mailed: "n1"}
	w.change(decision.Change{Decision: d, Notice: testNotice("n2", "d2")})
	same(t, "corrects", w.loadCase("iv").Decision.Corrects, d.Corrects)
}
