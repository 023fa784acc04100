package schedule

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// newPanelWorld adds a check and the panel behind Round 1, which Ana has passed.
func newPanelWorld(t *testing.T) *world {
	w := newWorld(t)
	panel := w.role.Stages[1]
	panel.ID, panel.Name, panel.Panel = "panel", "Panel", true
	w.role.Stages = append(w.role.Stages, hiring.Stage{ID: "history", Kind: hiring.StageCheck, Name: "Career history"}, panel)
	w.cands["ana"].Stage = "panel"
	w.checks = append(w.checks, &hiring.Check{CandidateID: "ana", Stage: "history", Outcome: hiring.CheckSkipped})
	return w
}

// advanced adds the decision to advance Ana after Round 1, not told yet.
func (w *world) advanced() *hiring.Case {
	n := &hiring.Notice{ID: "note", CandidateID: "ana", State: hiring.NoticeDraft, Body: "Dear Ana,\n\nwe go on."}
	w.notices[n.ID] = n
	k := &hiring.Case{
		Role: w.role, Candidate: w.cands["ana"], Notice: n,
		Interview: &hiring.Interview{ID: "first", CandidateID: "ana", Stage: "round1"},
		Decision:  &hiring.Decision{ID: "dec", Outcome: hiring.Advance, At: w.now},
	}
	w.cases = append(w.cases, k)
	return k
}

// asked checks that the request is answered with a question, and returns it.
func (w *world) asked(req Request) *Before {
	w.t.Helper()
	_, err := w.Prepare(w.t.Context(), req)
	var first *Before
	if !errors.As(err, &first) {
		w.t.Fatalf("nothing was asked: %v", err)
	}
	var words *hiring.UserError
	if !errors.As(err, &words) || words.Text == "" {
		w.t.Errorf("it can't be said in words: %v", err)
	}
	return first
}

func names(stages []hiring.Stage) string {
	var out []string
	for _, s := range stages {
		out = append(out, s.ID)
	}
	return strings.Join(out, " ")
}

// What stands in the way is asked by every way in, and a click on each is needed.
func TestWhatIsAskedFirst(t *testing.T) {
	w := newPanelWorld(t)
	req := Request{CandidateID: "ana", By: carla}
	if _, err := w.Prepare(t.Context(), req); err != nil {
		t.Fatalf("with nothing in the way: %v", err)
	}

	w.checks = nil
	q := w.asked(req)
	if names(q.Checks) != "letter history" || len(q.Undecided) != 0 || q.Untold != nil {
		t.Errorf("asked %+v", q)
	}
	req.Confirmed = []string{"letter"}
	if q = w.asked(req); names(q.Checks) != "history" || !slices.Equal(q.Confirm(), []string{"letter", "history"}) {
		t.Errorf("after one was confirmed: %s, then confirms %v", names(q.Checks), q.Confirm())
	}
	req.Confirmed = q.Confirm()
	s, err := w.Prepare(t.Context(), req)
	if err != nil || !slices.Equal(w.searches[s.ID].Confirmed, []string{"letter", "history"}) {
		t.Errorf("confirmed: %v, kept %v", err, w.searches[s.ID].Confirmed)
	}

	// Ahead of order: Round 1 isn't decided.
	w.cands["ana"].Stage = "round1"
	if q = w.asked(Request{CandidateID: "ana", Stage: "panel", By: carla}); names(q.Undecided) != "round1" || names(q.Checks) != "letter history" {
		t.Errorf("asked %+v", q)
	}
	if _, err = w.Prepare(t.Context(), Request{CandidateID: "ana", Stage: "panel", Confirmed: q.Confirm(), By: carla}); err != nil {
		t.Error(err)
	}
}

func TestNobodyIsSetUpForATitle(t *testing.T) {
	w := newPanelWorld(t)
	delete(w.role.Setup.People, "owner") // optional
	if _, err := w.Prepare(t.Context(), Request{CandidateID: "ana", By: carla}); err != nil {
		t.Errorf("an optional title without people: %v", err)
	}
	w.role.Titles = []hiring.Title{{Key: "ops", Text: "Director of Ops"}, {Key: "strategist", Text: "Strategist"}}
	delete(w.role.Setup.People, "ops")
	q := w.asked(Request{CandidateID: "ana", By: carla, Confirmed: []string{"ops", "Director of Ops"}})
	if got := q.Missing(); got != "“Panel” can't be scheduled yet: it needs somebody as Director of Ops." {
		t.Error(got)
	}
	delete(w.role.Setup.People, "strategist")
	if got := w.asked(Request{CandidateID: "ana", By: carla}).Missing(); got != "“Panel” can't be scheduled yet: it needs somebody as Strategist and somebody as Director of Ops." {
		t.Error(got)
	}
	// Whoever chooses the people needs no setup for it.
	w.role.Setup.People["strategist"] = []string{karly}
	if _, err := w.Prepare(t.Context(), Request{CandidateID: "ana", By: carla, Panel: []hiring.Panelist{{Person: karly, Part: hiring.Required}}}); err != nil {
		t.Error(err)
	}
}

func TestWhoSitsOnAPanel(t *testing.T) {
	w := newPanelWorld(t)
	stage, _ := w.role.Stage("panel")
	got := PanelOf(w.role, stage, []string{karly, dana, karly}, []string{mark, seb, dana}, []hiring.Panelist{{Person: seb, Part: hiring.Shadow}})
	want := []hiring.Panelist{{Person: karly, Part: hiring.Required}, {Person: dana, Part: hiring.Required}, {Person: mark, Part: hiring.Optional}, {Person: seb, Part: hiring.Shadow}}
	if !slices.Equal(got, want) {
		t.Errorf("panel %v", got)
	}
	ask := func(panel ...hiring.Panelist) error {
		_, err := w.Prepare(t.Context(), Request{CandidateID: "ana", Panel: panel, By: carla})
		return err
	}
	w.who["rob"] = hiring.Person{ID: "rob", Name: "Rob"}
	refused(t, ask(want[0], hiring.Panelist{Person: "rob", Part: hiring.Required}), "who", "Rob isn't on the team of Account Coordinator")
	refused(t, ask(want[2]), "who", "Nobody on this panel is required")
	for n, ok := range map[int]bool{10: true, 11: false} {
		var many []hiring.Panelist
		for range n {
			id := w.NewID("p")
			w.who[id] = hiring.Person{ID: id, Name: id, Email: id + "@example.com"}
			w.role.Setup.People["crew"] = append(w.role.Setup.People["crew"], id)
			many = append(many, hiring.Panelist{Person: id, Part: hiring.Required})
		}
		if err := ask(many...); (err == nil) != ok {
			t.Errorf("a panel of %d: %v", n, err)
		}
		if ok {
			if s := w.search(Request{CandidateID: "ana", Panel: many, By: carla}); len(s.Offers) == 0 {
				t.Errorf("nothing is offered to a panel of %d: %v", n, s.InWay)
			}
		}
	}
	refused(t, func() error {
		_, err := w.Prepare(t.Context(), Request{CandidateID: "ana", Duration: 5 * time.Hour, By: carla})
		return err
	}(), "long", "4 hours")
}

// The invitation says the notice, exactly; then the candidate counts as told.
func TestTheInvitationSaysTheNotice(t *testing.T) {
	w := newPanelWorld(t)
	k := w.advanced()
	if q := w.asked(Request{CandidateID: "ana", By: carla}); q.Untold != k {
		t.Fatalf("asked %+v", q)
	}
	iv := w.bookCarrying("2026-11-19 10:00")
	if len(w.told) != 0 || iv.Carries != "note" {
		t.Errorf("told %v before the invitation is out, carries %q", w.told, iv.Carries)
	}
	w.dispatch()
	ev := w.cal.events[iv.EventID]
	if want := "Dear Ana,\n\nwe go on.\n\nJoin by video with the link in this invitation.\n\nIf this time doesn't suit you, please answer this invitation, and we will find another one."; ev.Description != want {
		t.Errorf("the invitation says %q", ev.Description)
	}
	if !slices.Equal(w.told, []string{"note " + iv.ID}) {
		t.Errorf("told %v", w.told)
	}
	if !slices.Contains(w.log, carla+" interview.carries") {
		t.Errorf("the log doesn't say it: %v", w.log)
	}
	// Nothing more is asked for the next search.
	w.interviews = map[string]hiring.Interview{}
	k.ToldAt = w.now
	if _, err := w.Prepare(t.Context(), Request{CandidateID: "ana", By: carla}); err != nil {
		t.Error(err)
	}
}

// bookCarrying books a panel whose invitation says the notice; Google isn't
// asked yet.
func (w *world) bookCarrying(start string) *hiring.Interview {
	w.t.Helper()
	s := w.search(Request{CandidateID: "ana", Carries: "note", By: carla})
	iv, err := w.Book(w.t.Context(), s.ID, w.offer(start), carla)
	if err != nil {
		w.t.Fatal(err)
	}
	return iv
}

// Whatever goes wrong on the way, the candidate counts as told exactly when the
// invitation is out.
func TestTroubleWhileTheInvitationSaysIt(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*world)
		told   bool
	}{
		{"the answer to the insert is lost", func(w *world) { w.cal.fail["after:insert"] = []error{outbox.Lost(errors.New("reset"))} }, true},
		{"it can't be recorded at first", func(w *world) { w.tellFails = 2 }, true},
		{"the slot is taken", func(w *world) {
			w.cal.busy["seb@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-19 10:00"), End: w.at("2026-11-19 11:00")}}}
		}, false},
		{"Google refuses", func(w *world) { w.cal.fail["insert"] = []error{outbox.Never(errors.New("no"))} }, false},
		{"the decision is changed", func(w *world) { w.notices["note"].State = hiring.NoticeDropped }, false},
		{"the candidate is declined", func(w *world) { w.cands["ana"].State = hiring.Declined }, false},
		{"the candidate withdraws", func(w *world) { w.cands["ana"].State = hiring.Withdrawn }, false},
	} {
		t.Run(tt.why, func(t *testing.T) {
			w := newPanelWorld(t)
			w.advanced()
			iv := w.bookCarrying("2026-11-19 10:00")
			tt.change(w)
			w.dispatch()
			got := w.iv(iv.ID)
			if (got.State == hiring.Booked) != tt.told || (w.cal.lives() == 1) != tt.told || (len(w.told) == 1) != tt.told {
				t.Errorf("%s (%s), %d events, told %v", got.State, got.Reason, w.cal.lives(), w.told)
			}
			if !tt.told && (got.State != hiring.Taken || got.Reason == "") {
				t.Errorf("%s without a word", got.State)
			}
		})
	}
}

// The process dies between the booking's commit and the record that the
// candidate was told: the effect is looked up again, and that is made up for,
// whatever became of the interview since.
func TestCrashBeforeToldIsRecorded(t *testing.T) {
	for _, since := range []hiring.InterviewState{hiring.Booked, hiring.Removed, hiring.Cancelled} {
		w := newPanelWorld(t)
		w.advanced()
		iv := w.bookCarrying("2026-11-19 10:00")
		w.tellFails = 1
		e := w.effects[0]
		e.Attempt = 1
		if _, err := w.handler().Do(t.Context(), e); err == nil || w.iv(iv.ID).State != hiring.Booked {
			t.Fatalf("%v, %s", err, w.iv(iv.ID).State)
		}
		changed := w.interviews[iv.ID]
		changed.State = since
		w.interviews[iv.ID] = changed
		if _, found, err := w.handler().Look(t.Context(), e); err != nil || !found || len(w.told) != 1 {
			t.Errorf("%s since: looked up %t %v, told %v", since, found, err, w.told)
		}
		if wanted, err := w.handler().Wanted(t.Context(), e); err != nil || !wanted {
			t.Errorf("%s since: not wanted any more, %v", since, err)
		}
	}
}

// Book asks again: what became open since the search isn't skipped.
func TestBookAsksAgain(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*world)
		words  string
	}{
		{"a check was taken back", func(w *world) { w.checks = w.checks[:1] }, "isn't done"},
		{"a decision was made and not told", func(w *world) { w.advanced() }, "hasn't been told"},
		{"declined", func(w *world) { w.cands["ana"].State = hiring.Declined }, "no longer in the process"},
		{"a panelist left the team", func(w *world) { w.role.Setup.People["ops"] = []string{karly} }, "isn't on the team"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			w := newPanelWorld(t)
			s := w.search(Request{CandidateID: "ana", By: carla})
			offer := w.offer("2026-11-19 10:00")
			tt.change(w)
			_, err := w.Book(t.Context(), s.ID, offer, carla)
			if err == nil || !strings.Contains(err.Error(), tt.words) || len(w.interviews) != 0 {
				t.Errorf("%v, %d interviews", err, len(w.interviews))
			}
		})
	}

	w := newPanelWorld(t)
	w.advanced()
	s := w.search(Request{CandidateID: "ana", Carries: "note", By: carla})
	offer := w.offer("2026-11-19 10:00")
	w.cases[0].Notice.State, w.cases[0].ToldAt = hiring.NoticeTold, w.now // somebody told Ana meanwhile
	iv, err := w.Book(t.Context(), s.ID, offer, carla)
	if err != nil || iv.Carries != "" {
		t.Errorf("told meanwhile: %v, carries %q", err, iv.Carries)
	}
	w.dispatch()
	if ev := w.cal.events[iv.EventID]; strings.Contains(ev.Description, "we go on") || len(w.told) != 0 {
		t.Errorf("said twice: %q", ev.Description)
	}
}
