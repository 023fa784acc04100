package sqlite_test

import (
	"testing"
	"time"

	"convene/internal/candidate"
	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/outbox"
)

// What Ana was told is corrected twice: all decisions are kept, and the promise
// counts by the first telling and its deadline for ever.
func TestACorrectionKeepsWhatWasTold(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	iv := w.interview("iv", "ana", noon.Add(-time.Hour))
	tell := func(notice *hiring.Notice, at time.Time) {
		notice.State, notice.ToldBy, notice.ToldAt = hiring.NoticeTold, "Dee", at
		w.change(decision.Change{Notice: notice, ToldAt: at})
	}
	correct := func(id string, o hiring.Outcome, of *hiring.Told, deadline time.Time) *hiring.Decision {
		d := testDecision(id, o)
		d.At, d.Dissent, d.Corrects = deadline.Add(-time.Hour), "Quin: no", of
		w.change(decision.Change{Decision: d, Notice: testNotice("n"+id, id), Deadline: deadline, Batch: outbox.Batch{
			Log: []hiring.Entry{{Actor: "Dee", Action: "decision." + string(o), Subject: "iv", Detail: id}},
		}})
		return d
	}
	first := testDecision("d1", hiring.Decline)
	w.change(decision.Change{Decision: first, Notice: testNotice("nd1", "d1")})
	tell(testNotice("nd1", "d1"), noon)
	told := &hiring.Told{ID: "d1", Outcome: hiring.Decline, At: noon}

	second := correct("d2", hiring.Advance, told, noon.Add(24*time.Hour))
	k := w.loadCase("iv")
	same(t, "stands", k.Decision, second)
	same(t, "open again", k.Told(), false)
	same(t, "new deadline", k.Interview.Deadline, noon.Add(24*time.Hour))
	promise := hiring.Promise{InterviewID: "iv", Deadline: iv.Deadline, ToldAt: noon}
	same(t, "promise", k.Promise(), promise)
	open, err := w.OpenCases(w.ctx(), "coord", noon.Add(20*24*time.Hour))
	w.check(err)
	same(t, "open cases", caseIDs(open), "iv ")

	tell(testNotice("nd2", "d2"), noon.Add(20*time.Hour))
	third := correct("d3", hiring.Decline, &hiring.Told{ID: "d2", Outcome: hiring.Advance, At: noon.Add(20 * time.Hour)}, noon.Add(48*time.Hour))
	same(t, "promise after two", w.loadCase("iv").Promise(), promise)
	counted, err := w.ReportPromises(w.ctx(), []string{"coord"})
	w.check(err)
	same(t, "counted", hiring.Promise{InterviewID: counted[0].ID, Deadline: counted[0].Deadline, ToldAt: counted[0].ToldAt}, promise)

	first.Replaced, second.Replaced = true, true
	list, err := w.DecisionsOf(w.ctx(), "iv")
	w.check(err)
	same(t, "all decisions", list, []*hiring.Decision{first, second, third})
	lines, err := w.History(w.ctx(), "ana", 1)
	w.check(err)
	same(t, "history", []candidate.HistoryLine{{Entry: lines[0].Entry, At: lines[0].At, Stage: "round1", Dissent: "Quin: no"}}, lines)

	w.change(decision.Change{Restore: third.Corrects}) // back at what she was told last
	k = w.loadCase("iv")
	second.Replaced = false
	same(t, "stands again", k.Decision, second)
	same(t, "with its notice", k.Notice.State, hiring.NoticeTold)
	same(t, "told as it was", k.ToldAt, noon.Add(20*time.Hour))
	n, err := w.Notice(w.ctx(), "nd3")
	w.check(err)
	same(t, "the third's notice", n.State, hiring.NoticeDropped)
}
