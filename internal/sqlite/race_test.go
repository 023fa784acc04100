package sqlite_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
)

// Everybody clicks at once; one gets it, the others hear so.
func TestOneOfManyWins(t *testing.T) {
	const people = 16
	w := newWorld(t)
	w.candidate("ana")
	w.check(w.SaveSearch(w.ctx(), &schedule.Search{ID: "s", CandidateID: "ana", RoleKey: "coord", Stage: "round1"}))
	w.check(w.Owe(w.ctx(), outbox.Batch{Effects: []outbox.Effect{effect("a1", "x")}}))
	var booked, started, added, first atomic.Int32
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() {
			switch err := w.BookSearch(w.ctx(), "s", testInterview(fmt.Sprintf("iv%d", i), "ana", noon), outbox.Batch{}); {
			case err == nil:
				booked.Add(1)
			case !errors.Is(err, hiring.ErrConflict):
				t.Error(err)
			}
			if ok, err := w.StartEffect(w.ctx(), "a1", noon); err != nil {
				t.Error(err)
			} else if ok {
				started.Add(1)
			}
			c := &hiring.Candidate{ID: fmt.Sprintf("c%d", i), RoleKey: "coord", Name: "Ben", Email: "ben@example.com", State: hiring.Active}
			if w.AddCandidate(w.ctx(), c, outbox.Batch{}) == nil {
				added.Add(1)
			}
			if ok, err := w.FirstTime(w.ctx(), "Ev1", noon); err != nil {
				t.Error(err)
			} else if ok {
				first.Add(1)
			}
			w.log("click")
			if _, err := w.CasesOf(w.ctx(), "ana"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	same(t, "booked, started, added, first", []int32{booked.Load(), started.Load(), added.Load(), first.Load()}, []int32{1, 1, 1, 1})
	if _, _, err := w.VerifyAudit(w.ctx()); err != nil {
		t.Error(err)
	}
}
