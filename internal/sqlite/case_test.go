package sqlite_test

import (
	"errors"
	"testing"
	"time"

	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/outbox"
)

func testDecision(id string, o hiring.Outcome) *hiring.Decision {
	return &hiring.Decision{ID: id, CandidateID: "ana", InterviewID: "iv", RoleKey: "coord", Stage: "round1", Outcome: o, Reason: "because", By: "Dee", At: noon}
}

func testNotice(id, decision string) *hiring.Notice {
	return &hiring.Notice{ID: id, DecisionID: decision, CandidateID: "ana", RoleKey: "coord", State: hiring.NoticeDraft, Subject: "Next", Body: "Hello Ana"}
}

func (w *world) change(ch decision.Change) {
	w.Helper()
	w.check(w.ChangeCase(w.ctx(), "iv", func(*hiring.Case) (decision.Change, error) { return ch, nil }))
}

func (w *world) loadCase(id string) *hiring.Case {
	w.Helper()
	k, err := w.Case(w.ctx(), id)
	w.check(err)
	return k
}

func TestACaseHoldsAllThatBelongsToIt(t *testing.T) {
	w := newWorld(t)
	ana := w.candidate("ana")
	iv := w.interview("iv", "ana", noon.Add(-time.Hour))
	w.submit("iv", "Quin", hiring.Partly)
	w.submit("iv", "Pia", hiring.Strong)
	w.check(w.Reveal(w.ctx(), "iv", "Cora", noon, outbox.Batch{}))
	first := testDecision("d1", hiring.Hold)
	first.HoldUntil = noon.Add(72 * time.Hour)
	w.change(decision.Change{Decision: first, Notice: testNotice("n1", "d1")})
	k := w.loadCase("iv")
	role := testRole("coord", "rev1")
	role.Setup = testSetup()
	card := func(person string, level hiring.Level) *hiring.Scorecard {
		return &hiring.Scorecard{ID: "iv:" + person, InterviewID: "iv", Panelist: person, RoleRevision: "rev1", Answers: answers(level), Version: 1, SavedAt: noon, SubmittedAt: noon}
	}
	same(t, "case", k, &hiring.Case{
		Role: role, Rubric: testRole("coord", "rev1"), Candidate: ana, Interview: iv,
		Cards:    []*hiring.Scorecard{card("Pia", hiring.Strong), card("Quin", hiring.Partly)}, // as on the panel
		Revealed: "Cora", Decision: first, Notice: testNotice("n1", "d1"),
	})
	byNotice, err := w.CaseOfNotice(w.ctx(), "n1")
	w.check(err)
	same(t, "by notice", byNotice, k)
	_, err = w.Case(w.ctx(), "none")
	isErr(t, err, hiring.ErrNotFound)
	_, err = w.CaseOfNotice(w.ctx(), "none")
	isErr(t, err, hiring.ErrNotFound)
}

func TestDecisionsReplaceEachOther(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.interview("iv", "ana", noon.Add(-time.Hour))
	w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{dm("m", "Dee")}}))
	w.post("m", "n1")
	w.change(decision.Change{Decision: testDecision("d1", hiring.Decline), Notice: testNotice("n1", "d1")})
	same(t, "nothing stale", w.stale(), "")
	w.change(decision.Change{Decision: testDecision("d2", hiring.Advance), Notice: testNotice("n2", "d2")})
	k := w.loadCase("iv")
	same(t, "standing", k.Decision.ID+" "+k.Notice.ID, "d2 n2")
	n1, err := w.Notice(w.ctx(), "n1")
	w.check(err)
	same(t, "the first notice", n1.State, hiring.NoticeDropped)
	same(t, "who shows the first notice", w.stale(), "m ")
	old, err := w.CaseOfNotice(w.ctx(), "n1")
	w.check(err)
	same(t, "its case", old.Notice.ID, "n2")
	_, err = w.Notice(w.ctx(), "none")
	isErr(t, err, hiring.ErrNotFound)
}

func TestChangeCaseWritesOnlyWhatItIsGiven(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	iv := w.interview("iv", "ana", noon.Add(-time.Hour))
	w.change(decision.Change{Decision: testDecision("d1", hiring.Advance), Notice: testNotice("n1", "d1")})
	w.check(w.ChangeCase(w.ctx(), "iv", func(k *hiring.Case) (decision.Change, error) {
		k.Candidate.State, k.Interview.Reason, k.Decision.Reason = hiring.Declined, "x", "x" // not given back
		return decision.Change{}, nil
	}))
	k := w.loadCase("iv")
	same(t, "untouched", []any{k.Candidate.State, k.Interview.Reason, k.Decision.Reason, k.Interview.Deadline, k.Told()},
		[]any{hiring.Active, "", "because", iv.Deadline, false})

	told := testNotice("n1", "d1")
	told.State, told.Subject, told.Body, told.Attempt, told.Problem = hiring.NoticeTold, "S", "B", 2, "P"
	told.ApprovedBy, told.ApprovedAt, told.ToldBy, told.ToldAt = "Dee", noon, "Cora", noon.Add(time.Hour)
	moved := *k.Candidate
	moved.Stage, moved.State = "panel", hiring.Finished
	w.change(decision.Change{Notice: told, Candidate: &moved, Deadline: noon.Add(9 * time.Hour), ToldAt: noon.Add(time.Hour)})
	k = w.loadCase("iv")
	same(t, "notice", k.Notice, told)
	same(t, "candidate", k.Candidate, &moved)
	same(t, "deadline and told", []time.Time{k.Interview.Deadline, k.ToldAt}, []time.Time{noon.Add(9 * time.Hour), noon.Add(time.Hour)})

	refusal := errors.New("no")
	err := w.ChangeCase(w.ctx(), "iv", func(*hiring.Case) (decision.Change, error) {
		return decision.Change{Decision: testDecision("d2", hiring.Hold)}, refusal
	})
	isErr(t, err, refusal)
	same(t, "standing", w.loadCase("iv").Decision.ID, "d1")
	w.change(decision.Change{Decision: testDecision("d3", hiring.Hold)})
	n1, err := w.Notice(w.ctx(), "n1")
	w.check(err)
	same(t, "what was told stays told", n1.State, hiring.NoticeTold)
}

func TestScorecardVersionsStay(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.interview("iv", "ana", noon.Add(-time.Hour))
	draft := func(level hiring.Level) {
		w.check(w.ChangeScorecard(w.ctx(), "iv", "Pia", func(k *hiring.Case, s *hiring.Scorecard) (outbox.Batch, error) {
			if have := k.Card("Pia"); have != nil && have != s {
				t.Error("the case holds another copy of the scorecard")
			}
			s.Answers, s.TypedAt, s.SubmittedAt = answers(level), noon, time.Time{}
			return outbox.Batch{}, nil
		}))
	}
	draft(hiring.NotShown)
	same(t, "draft", w.loadCase("iv").Card("Pia"), &hiring.Scorecard{
		ID: "iv:Pia", InterviewID: "iv", Panelist: "Pia", RoleRevision: "rev1", Answers: answers(hiring.NotShown), TypedAt: noon})
	w.submit("iv", "Pia", hiring.Partly)
	draft(hiring.Strong) // reopened
	w.submit("iv", "Pia", hiring.Beyond)
	versions, err := w.ScorecardVersions(w.ctx(), "iv", "Pia")
	w.check(err)
	var levels []hiring.Level
	for _, v := range versions {
		levels = append(levels, v.Answers.Ratings["care"].Level)
	}
	same(t, "submitted", levels, []hiring.Level{hiring.Partly, hiring.Beyond})
	if _, err := w.raw().Exec("UPDATE scorecard_versions SET answers = '{}'"); err == nil {
		t.Error("a submitted version can be changed")
	}
	refusal := &hiring.AlreadyDone{What: "submitted"}
	err = w.ChangeScorecard(w.ctx(), "iv", "Quin", func(*hiring.Case, *hiring.Scorecard) (outbox.Batch, error) { return outbox.Batch{}, refusal })
	if err != error(refusal) {
		t.Errorf("error %v", err)
	}
	if w.loadCase("iv").Card("Quin") != nil {
		t.Error("a refused change left a scorecard behind")
	}
	isErr(t, w.ChangeScorecard(w.ctx(), "none", "Pia", nil), hiring.ErrNotFound)
}

func TestDrafts(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.interview("iv", "ana", noon.Add(-time.Hour))
	w.submit("iv", "Quin", hiring.Beyond)
	draft := func(level hiring.Level) error {
		return w.ChangeDraft(w.ctx(), "iv", "Pia", func(iv *hiring.Interview, s *hiring.Scorecard) error {
			if iv.ID != "iv" || iv.Part("Pia") == "" {
				t.Errorf("the draft is of %+v", iv)
			}
			s.Answers, s.SavedAt, s.TypedAt = answers(level), noon, noon
			return nil
		})
	}
	w.check(draft(hiring.Partly))
	w.check(draft(hiring.Strong))
	k := w.loadCase("iv")
	same(t, "draft", k.Card("Pia"), &hiring.Scorecard{
		ID: "iv:Pia", InterviewID: "iv", Panelist: "Pia", RoleRevision: "rev1", Answers: answers(hiring.Strong), SavedAt: noon, TypedAt: noon})
	same(t, "another's", k.Card("Quin").Answers, answers(hiring.Beyond))

	w.submit("iv", "Pia", hiring.Beyond) // what was submitted stays, where its draft is kept on
	w.check(draft(hiring.NotShown))
	versions, err := w.ScorecardVersions(w.ctx(), "iv", "Pia")
	w.check(err)
	if len(versions) != 1 || versions[0].Answers.Ratings["care"].Level != hiring.Beyond || w.loadCase("iv").Card("Pia").Version != 1 {
		t.Errorf("the versions are %+v", versions)
	}
	refusal := hiring.Refuse("no")
	isErr(t, w.ChangeDraft(w.ctx(), "iv", "Nia", func(*hiring.Interview, *hiring.Scorecard) error { return refusal }), refusal)
	if w.loadCase("iv").Card("Nia") != nil {
		t.Error("a refused draft left a scorecard behind")
	}
	isErr(t, w.ChangeDraft(w.ctx(), "none", "Pia", nil), hiring.ErrNotFound)
}

func TestTheSecondToRevealHearsOfTheFirst(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.interview("iv", "ana", noon)
	w.check(w.Reveal(w.ctx(), "iv", "Cora", noon, outbox.Batch{}))
	err := w.Reveal(w.ctx(), "iv", "Cleo", noon.Add(time.Minute), outbox.Batch{Effects: []outbox.Effect{effect("a1", "x")}})
	var done *hiring.AlreadyDone
	if !errors.As(err, &done) || done.By != "Cora" || !done.At.Equal(noon) {
		t.Errorf("error %v", err)
	}
	same(t, "effects", w.effects(), map[string]string{})
	if err := w.Reveal(w.ctx(), "none", "Cora", noon, outbox.Batch{}); err == nil {
		t.Error("revealed an interview that isn't there")
	}
}

// A hiring week: who owes what, what is open, what was kept.
func TestWhatIsOpen(t *testing.T) {
	w := newWorld(t)
	for i, id := range []string{"held", "scored", "told", "long", "withdrawn", "coming", "off"} {
		w.candidate(id)
		start := noon.Add(-time.Duration(20-i) * time.Hour)
		if id == "coming" {
			start = noon.Add(-10 * time.Minute)
		}
		iv := testInterview(id, id, start)
		iv.Deadline = noon.Add(time.Duration(i) * time.Hour)
		w.check(w.book(iv))
	}
	w.submit("scored", "Pia", hiring.Strong)
	w.check(w.ChangeScorecard(w.ctx(), "held", "Pia", func(*hiring.Case, *hiring.Scorecard) (outbox.Batch, error) { return outbox.Batch{}, nil }))
	tell := func(id string, at time.Time, state hiring.CandidateState) {
		w.check(w.ChangeCase(w.ctx(), id, func(k *hiring.Case) (decision.Change, error) {
			k.Candidate.State = state
			return decision.Change{Candidate: k.Candidate, ToldAt: at}, nil
		}))
	}
	tell("told", noon.Add(-time.Hour), hiring.Declined)
	tell("long", noon.Add(-49*time.Hour), hiring.Declined)
	tell("withdrawn", time.Time{}, hiring.Withdrawn)
	w.check(w.ChangeInterview(w.ctx(), "off", func(iv *hiring.Interview) (outbox.Batch, error) {
		iv.State = hiring.Cancelled
		return outbox.Batch{}, nil
	}))

	owed, err := w.Owed(w.ctx(), "Pia", noon)
	w.check(err)
	same(t, "Pia owes", caseIDs(owed), "held ")
	owed, err = w.Owed(w.ctx(), "Quin", noon) // optional
	w.check(err)
	same(t, "Quin owes", caseIDs(owed), "")
	owed, err = w.Owed(w.ctx(), "Pia", noon.Add(time.Hour))
	w.check(err)
	same(t, "Pia owes later", caseIDs(owed), "held coming ")

	open, err := w.OpenCases(w.ctx(), "coord", noon)
	w.check(err)
	same(t, "open, with what was told lately", caseIDs(open), "held scored told ")
	ahead, err := w.CasesAhead(w.ctx(), "coord", noon)
	w.check(err)
	same(t, "ahead", caseIDs(ahead), "coming ")
	open, err = w.OpenCases(w.ctx(), "other", noon)
	w.check(err)
	same(t, "of another role", caseIDs(open), "")

	deadlines, err := w.OpenDeadlines(w.ctx(), "coord", noon)
	w.check(err)
	same(t, "open deadlines", deadlines, []time.Time{noon.Add(time.Hour), noon.Add(5 * time.Hour)})

	mine, err := w.CasesFor(w.ctx(), "Quin", 3)
	w.check(err)
	same(t, "newest of Quin's", caseIDs(mine), "coming off withdrawn ")
	of, err := w.CasesOf(w.ctx(), "held")
	w.check(err)
	same(t, "of a candidate", caseIDs(of), "held ")
}

// A nag that was found to have nothing to remind of ends, unless a scorecard is
// owed by now.
func TestNagsEndWithNothingOwed(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.interview("iv", "ana", noon.Add(-2*time.Hour), required("Pia", "Quin")...)
	w.submit("iv", "Quin", hiring.Strong)
	d := hiring.Due{Key: "nag:Quin", Kind: hiring.DueNag, About: "Quin", At: noon}
	end := func(d hiring.Due, left int) {
		w.Helper()
		w.check(w.EndNags(w.ctx(), d, noon))
		due, err := w.Due(w.ctx(), []string{hiring.DueNag}, noon, 9)
		w.check(err)
		same(t, "due", len(due), left)
	}
	w.check(w.ChangeScorecard(w.ctx(), "iv", "Quin", func(_ *hiring.Case, s *hiring.Scorecard) (outbox.Batch, error) {
		s.SubmittedAt = time.Time{} // it is reopened
		return outbox.Batch{Due: []hiring.Due{d}}, nil
	}))
	end(d, 1)
	w.submit("iv", "Quin", hiring.Strong)
	end(hiring.Due{Key: d.Key, About: d.About, At: noon.Add(time.Minute)}, 1)
	end(d, 0)
}
