package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
)

// TestSixtyCandidatesAwaitOnMonday posts a summary of 60 candidates: ten
// messages in their order, each candidate in one of them and cut in none. The
// bot dies while it posts the fifth, and posts none of them twice.
func TestSixtyCandidatesAwaitOnMonday(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("CST", -6*3600)
	w, err := newWorld(t.TempDir(), time.Date(2026, 12, 7, 15, 59, 0, 0, zone), "", "")
	if err != nil {
		t.Fatal(err)
	}
	s := &story{world: w, seen: map[string]bool{}}
	s.do(t, "", w.start())
	t.Cleanup(func() {
		if err := w.halt(); err != nil {
			t.Errorf("the bot did not stop cleanly: %v", err)
		}
		w.slack.Close()
		if v := w.slack.Violations(); len(v) > 0 && w.db == 0 {
			t.Errorf("the bot broke Slack's protocol: %v", v)
		}
	})
	s.do(t, "", w.openRole())
	role, err := w.app.db.Role(t.Context(), mainRole)
	s.do(t, "", err)
	for i := range 60 {
		id := fmt.Sprintf("%02d", i)
		cand := &hiring.Candidate{
			ID: "cand_" + id, RoleKey: role.Key, Name: "Candidate " + id, Email: id + "@example.com",
			Zone: "America/Chicago", Stage: "round1", State: hiring.Active, AddedBy: karly, AddedAt: w.clock.Now(),
		}
		start := time.Date(2026, 12, 1+i/20, 0, 0, 0, 0, zone).Add(time.Duration(i%20) * time.Hour)
		iv := &hiring.Interview{
			ID: "iv_" + id, CandidateID: cand.ID, RoleKey: role.Key, RoleRevision: role.Revision, Stage: "round1", State: hiring.Booked,
			Start: start, End: start.Add(45 * time.Minute), Deadline: time.Date(2026, 12, 7, 17, 0, 0, 0, zone), Revision: 1, Generation: 1,
			BookedBy: karly, BookedAt: start.Add(-24 * time.Hour), Panel: []hiring.Panelist{{Person: mark, Part: hiring.Required}},
		}
		s.do(t, "", w.app.db.AddCandidate(t.Context(), cand, outbox.Batch{}))
		s.do(t, "", w.app.db.SaveSearch(t.Context(), &schedule.Search{ID: "s_" + id, CandidateID: cand.ID, RoleKey: role.Key, Stage: "round1", By: karly}))
		s.do(t, "", w.app.db.BookSearch(t.Context(), "s_"+id, iv, outbox.Batch{}))
	}
	before := slackCalls(w)["chat.postMessage"]
	w.dieAt(moment{method: "chat.postMessage", n: 5}, true)
	died := w.crash
	s.do(t, "", w.jump(time.Date(2026, 12, 7, 16, 1, 0, 0, zone)))
	select {
	case <-died.reached:
	default:
		t.Errorf("the bot made %d calls and did not die", slackCalls(w)["chat.postMessage"]-before)
	}
	all, err := s.channelCmd(nil)
	s.do(t, all, err)
	_, all, _ = strings.Cut(all, "--- Decision summary")
	messages := strings.Split(all, "--- Decision summary")
	if len(messages) != 10 {
		t.Fatalf("%d messages:\n%s", len(messages), all)
	}
	for i := range 60 {
		name := fmt.Sprintf("Candidate %02d", i)
		for part, m := range messages {
			if rows := strings.Count(m, name+" |"); rows != map[bool]int{true: 1}[part == i/6] {
				t.Errorf("part %d has %d rows of %s", part+1, rows, name)
			}
		}
	}
	for i := range 60 { // what was said of each is kept once, whichever message the bot died with
		m, err := w.app.db.Material(t.Context(), fmt.Sprintf("cand_%02d", i))
		s.do(t, "", err)
		if len(m.Said) != 1 || !strings.Contains(m.Said[0].Text, "0 of 1 scorecards in. Missing: Mark.") {
			t.Errorf("of candidate %d the record says %+v", i, m.Said)
		}
	}
	s.do(t, "", w.everybodyQuiet())
}
