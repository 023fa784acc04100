package schedule

import (
	"testing"

	"convene/internal/hiring"
)

func TestWhoLeftIsTold(t *testing.T) {
	w, iv := settled(t)
	tick := func(want string) {
		t.Helper()
		n, err := w.Tick(t.Context(), w.now)
		owed := w.said()
		if err != nil || owed != want || (n > 0) != (want != "") {
			t.Errorf("told %q (%d, %v), want %q", owed, n, err, want)
		}
	}
	tick("")
	for _, id := range []string{seb, carla} {
		p := w.who[id]
		p.Deleted = true
		w.who[id] = p
	}
	w.role.Setup.Coordinators = []string{carla, dana}
	tick("left:iv2:seb")
	tick("")
	// A move leaves them out; alone they can't be left out.
	s := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, By: dana})
	if s.Panel[0].Person != karly || len(s.Panel) != 2 {
		t.Errorf("the move's panel is %v", s.Panel)
	}
	w.interviews[iv.ID] = func() hiring.Interview { c := *iv; c.Panel = seats("seb", mark); return c }()
	prepared, err := w.Prepare(t.Context(), Request{CandidateID: "ana", InterviewID: iv.ID, By: dana})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Find(t.Context(), prepared.ID)
	refused(t, err, "", "use “Change panel”")
	w.now = iv.End
	w.look()
	w.posted = map[string]bool{}
	tick("") // it is over
}

// Who was told that they are declined isn't expected any more. An interview that
// has begun is left to the people in it.
func TestADeclinedCandidatesInterviewIsCancelled(t *testing.T) {
	w, iv := settled(t)
	w.cands["ana"].State = hiring.Declined
	if n, err := w.Tick(t.Context(), iv.Start); n != 0 || err != nil || w.iv(iv.ID).State != hiring.Booked {
		t.Errorf("as it begins: %d, %v, %s", n, err, w.iv(iv.ID).State)
	}
	for i, want := range []int{1, 0} {
		if n, err := w.Tick(t.Context(), w.now); n != want || err != nil {
			t.Errorf("look %d: %d, %v", i, n, err)
		}
	}
	w.dispatch()
	if got := w.iv(iv.ID); got.State != hiring.Cancelled || !w.cal.events[iv.EventID].Cancelled || w.said() != "channel-cancelled:iv2:1" {
		t.Errorf("%s, event cancelled %t", got.State, w.cal.events[iv.EventID].Cancelled)
	}
}
