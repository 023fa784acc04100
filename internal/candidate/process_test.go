package candidate

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
)

// pipeline is a service whose role has checks before and after its interview,
// and Ana at the interview.
func pipeline(t *testing.T) (*Service, *shelf) {
	t.Helper()
	s, shelf := service()
	shelf.roles[0].Stages = append(shelf.roles[0].Stages,
		hiring.Stage{ID: "history", Name: "Career history", Kind: hiring.StageCheck}, hiring.Stage{ID: "references", Name: "References", Kind: hiring.StageCheck})
	if _, err := s.Add(t.Context(), ana(), carla); err != nil {
		t.Fatal(err)
	}
	shelf.log = nil
	return s, shelf
}

func (s *shelf) ana() *hiring.Candidate { return s.cands["cand1"] }

func fine(stage, by string) Finding {
	return Finding{CandidateID: "cand1", Stage: stage, Outcome: hiring.CheckFine, By: by}
}

func userError(err error) *hiring.UserError {
	var u *hiring.UserError
	if !errors.As(err, &u) {
		return &hiring.UserError{}
	}
	return u
}

func TestWhoMayCheck(t *testing.T) {
	s, shelf := pipeline(t)
	shelf.cases = []*hiring.Case{{Interview: &hiring.Interview{State: hiring.Booked, Panel: []hiring.Panelist{{Person: karly, Part: hiring.Required}}}}}
	for _, person := range []string{karly, nia} {
		if err := s.DoCheck(t.Context(), fine("letter", person)); !errors.Is(err, hiring.ErrNotAllowed) {
			t.Errorf("%s: %v", person, err)
		}
	}
	for _, person := range []string{carla, dana} {
		if err := s.DoCheck(t.Context(), fine("letter", person)); err != nil {
			t.Errorf("%s: %v", person, err)
		}
		if err := s.UndoCheck(t.Context(), "cand1", "letter", "check1", karly); !errors.Is(err, hiring.ErrNotAllowed) {
			t.Errorf("Karly takes it back: %v", err)
		}
		if err := s.UndoCheck(t.Context(), "cand1", "letter", "check1", person); err != nil {
			t.Errorf("%s: %v", person, err)
		}
	}
	shelf.roles[0].Setup.Deciders = nil // while Dana's modal was open
	if err := s.DoCheck(t.Context(), fine("letter", dana)); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("Dana, no longer a decider: %v", err)
	}
}

func TestCheckIsRefusedInWords(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*shelf, *Finding)
		field  string
		words  string
	}{
		{"no outcome", func(_ *shelf, f *Finding) { f.Outcome = "" }, "outcome", "Choose how it went"},
		{"a concern without a word", func(_ *shelf, f *Finding) { f.Outcome, f.Note = hiring.CheckConcern, " \u200b" }, "note", "Say what the concern is"},
		{"too long", func(_ *shelf, f *Finding) { f.Note = strings.Repeat("é", hiring.MaxCheckNote+1) }, "note", "longer than 2000"},
		{"an interview", func(_ *shelf, f *Finding) { f.Stage = "round1" }, "", "no longer part of"},
		{"a stage that is gone", func(_ *shelf, f *Finding) { f.Stage = "gone" }, "", "no longer part of"},
		{"withdrawn", func(s *shelf, _ *Finding) { s.ana().State = hiring.Withdrawn }, "", "has withdrawn"},
		{"declined", func(s *shelf, _ *Finding) { s.ana().State = hiring.Declined }, "", "was declined"},
	} {
		s, shelf := pipeline(t)
		f := fine("letter", carla)
		tt.change(shelf, &f)
		u := userError(s.DoCheck(t.Context(), f))
		if u.Field != tt.field || !strings.Contains(u.Text, tt.words) {
			t.Errorf("%s: %q %q", tt.why, u.Field, u.Text)
		}
		if len(shelf.checks)+len(shelf.log) != 0 {
			t.Errorf("%s: something was left behind", tt.why)
		}
	}
}

// Before the last interview checks move nobody; past it they lead to the end,
// and back.
func TestWhereChecksLead(t *testing.T) {
	s, shelf := pipeline(t)
	do := func(stage string) {
		t.Helper()
		if err := s.DoCheck(t.Context(), fine(stage, dana)); err != nil {
			t.Fatal(err)
		}
		shelf.checks[len(shelf.checks)-1].ID = stage
	}
	undo := func(stage string) {
		t.Helper()
		if err := s.UndoCheck(t.Context(), "cand1", stage, stage, carla); err != nil {
			t.Fatal(err)
		}
	}
	is := func(what, stage string, state hiring.CandidateState) {
		t.Helper()
		if c := shelf.ana(); c.Stage != stage || c.State != state {
			t.Errorf("%s: %s at %s, want %s at %s", what, c.State, c.Stage, state, stage)
		}
	}
	do("letter")
	do("references")
	is("checks before the interview", "round1", hiring.Active)
	next, _ := shelf.roles[0].Next("round1", shelf.checks)
	shelf.ana().Stage = next.ID // as the decision does
	is("advanced", "history", hiring.Active)
	do("history")
	is("all done", "history", hiring.Finished)
	undo("letter")
	is("an early one taken back", "history", hiring.Finished)
	undo("references")
	is("the last taken back", "references", hiring.Active)
	undo("history")
	is("both taken back", "history", hiring.Active)
	do("history")
	is("the first done again", "references", hiring.Active)
}

func TestCheckTwice(t *testing.T) {
	s, shelf := pipeline(t)
	if err := s.DoCheck(t.Context(), fine("letter", dana)); err != nil {
		t.Fatal(err)
	}
	var done *hiring.AlreadyDone
	if err := s.DoCheck(t.Context(), fine("letter", carla)); !errors.As(err, &done) || done.By != dana || !done.At.Equal(noon) || !strings.Contains(done.What, "fine") {
		t.Errorf("the second: %v", err)
	}
	if _, _, err := s.CheckStage(t.Context(), "cand1", "letter", carla); !errors.As(err, &done) {
		t.Errorf("the modal opens: %v", err)
	}
	if err := s.UndoCheck(t.Context(), "cand1", "letter", "another", carla); !errors.As(err, &done) || len(shelf.checks) != 1 {
		t.Errorf("a check that was done anew since: %v", err)
	}
	if err := s.UndoCheck(t.Context(), "cand1", "letter", "check1", carla); err != nil {
		t.Fatal(err)
	}
	done = nil
	if err := s.UndoCheck(t.Context(), "cand1", "letter", "check1", dana); !errors.As(err, &done) || done.By != carla {
		t.Errorf("taken back twice: %v", err)
	}
	if want := "dana check.done check1 fine|carla check.undone check1 fine"; strings.Join(shelf.log, "|") != want {
		t.Errorf("the log says %q", shelf.log)
	}
}

// A panelist sees that a check was done, not how it went.
func TestPanelistsDontReadChecks(t *testing.T) {
	s, shelf := pipeline(t)
	shelf.cases = []*hiring.Case{{Interview: &hiring.Interview{State: hiring.Booked, Panel: []hiring.Panelist{{Person: karly, Part: hiring.Required}}}}}
	f := fine("letter", dana)
	f.Outcome, f.Note = hiring.CheckConcern, "SECRET"
	if err := s.DoCheck(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	for person, want := range map[string]string{carla: "concern SECRET dana", dana: "concern SECRET dana", karly: "  dana"} {
		card, err := s.Show(t.Context(), "cand1", person)
		if err != nil {
			t.Fatal(err)
		}
		if ch := card.Checks[0]; string(ch.Outcome)+" "+ch.Note+" "+ch.By != want {
			t.Errorf("%s reads %+v", person, ch)
		}
		if _, _, err := s.History(t.Context(), "cand1", person); errors.Is(err, hiring.ErrNotAllowed) != (person == karly) {
			t.Errorf("history for %s: %v", person, err)
		}
	}
}

// week adds interviews of Ana: one held and scored by nobody, one coming, one
// whose event a person deleted, one being booked, one cancelled before.
func week(s *shelf) {
	add := func(id string, state hiring.InterviewState, start time.Time) {
		s.cases = append(s.cases, &hiring.Case{Role: s.roles[0], Candidate: s.ana(), Interview: &hiring.Interview{
			ID: id, RoleKey: "coord", Stage: "round1", State: state, Start: start, End: start.Add(time.Hour), Revision: 1, Deadline: start.Add(72 * time.Hour),
			Panel: []hiring.Panelist{{Person: karly, Part: hiring.Required}},
		}})
	}
	add("held", hiring.Booked, noon.Add(-24*time.Hour))
	add("coming", hiring.Booked, noon.Add(24*time.Hour))
	add("removed", hiring.Removed, noon.Add(25*time.Hour))
	add("booking", hiring.Booking, noon.Add(26*time.Hour))
	add("off", hiring.Cancelled, noon.Add(27*time.Hour))
}

func states(s *shelf) string {
	var out []string
	for _, k := range s.cases {
		out = append(out, k.Interview.ID+"="+string(k.Interview.State))
	}
	return strings.Join(out, " ")
}

func TestWithdrawAndTakeBack(t *testing.T) {
	s, shelf := pipeline(t)
	week(shelf)
	if err := s.Withdraw(t.Context(), "cand1", " Took\u202E another offer ", carla); err != nil {
		t.Fatal(err)
	}
	c := shelf.ana()
	if c.State != hiring.Withdrawn || c.EndReason != "Took another offer" || !c.EndedAt.Equal(noon) || c.Stage != "round1" {
		t.Errorf("%+v", c)
	}
	if got := states(shelf); got != "held=booked coming=cancelled removed=cancelled booking=cancelled off=cancelled" {
		t.Error(got)
	}
	if got := strings.Join(shelf.effects, ","); got != "cancel coming by carla,cancel removed by carla,cancel booking by carla" {
		t.Error(got)
	}
	for _, id := range []string{"ask:held", "kit:coming"} {
		if !slices.Contains(shelf.notDue, id) {
			t.Errorf("%s is still due", id)
		}
	}
	for _, id := range []string{"cand1", "coord", "held", "coming", karly} {
		if !slices.Contains(shelf.touched, id) {
			t.Errorf("what shows %s isn't shown anew", id)
		}
	}
	var done *hiring.AlreadyDone
	if err := s.Withdraw(t.Context(), "cand1", "", dana); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("a decider: %v", err)
	}
	if err := s.Withdraw(t.Context(), "cand1", "", carla); !errors.As(err, &done) || done.By != carla || !done.At.Equal(noon) {
		t.Errorf("twice: %v", err)
	}

	if err := s.TakeBack(t.Context(), "cand1", dana); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("a decider: %v", err)
	}
	if err := s.TakeBack(t.Context(), "cand1", carla); err != nil {
		t.Fatal(err)
	}
	if c := shelf.ana(); c.State != hiring.Active || c.Stage != "round1" || c.EndReason != "" || !c.EndedAt.IsZero() {
		t.Errorf("%+v", c)
	}
	if got := states(shelf); !strings.HasPrefix(got, "held=booked coming=cancelled") || !slices.Contains(shelf.due, "ask:held") {
		t.Errorf("%s, due %v", got, shelf.due)
	}
	if err := s.TakeBack(t.Context(), "cand1", carla); !errors.As(err, &done) || !strings.Contains(done.What, "back") {
		t.Errorf("twice: %v", err)
	}
	if want := "carla candidate.withdrawn cand1|carla candidate.back cand1"; strings.Join(shelf.log, "|") != want {
		t.Errorf("the log says %q: ids only", shelf.log)
	}
}

// Whoever was through comes back as through.
func TestTakeBackFinished(t *testing.T) {
	s, shelf := pipeline(t)
	week(shelf)
	shelf.cases = shelf.cases[:1]
	shelf.cases[0].Decision = &hiring.Decision{Outcome: hiring.Advance}
	shelf.checks = []*hiring.Check{{ID: "1", Stage: "history"}, {ID: "2", Stage: "references"}}
	for _, tt := range []struct {
		stage string
		done  []*hiring.Check
		want  hiring.CandidateState
	}{{"references", shelf.checks, hiring.Finished}, {"round1", shelf.checks, hiring.Finished}, {"references", shelf.checks[:1], hiring.Active}} {
		shelf.checks, shelf.ana().Stage, shelf.ana().State = tt.done, tt.stage, hiring.Withdrawn
		if err := s.TakeBack(t.Context(), "cand1", carla); err != nil || shelf.ana().State != tt.want {
			t.Errorf("%s: %s, %v", tt.stage, shelf.ana().State, err)
		}
	}
}

func TestWithdrawIsRefusedInWords(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*shelf)
		reason string
		words  string
	}{
		{"declined", func(s *shelf) { s.ana().State = hiring.Declined }, "", "was declined"},
		{"erased", func(s *shelf) { s.ana().ErasedAt = noon }, "", "was erased"},
		{"too long", func(*shelf) {}, strings.Repeat("x", hiring.MaxEndReason+1), "longer than 300"},
		{"a notice on its way", func(s *shelf) { s.cases[0].Notice = &hiring.Notice{State: hiring.NoticeApproved, Attempt: 1} }, "", "being e-mailed right now"},
	} {
		s, shelf := pipeline(t)
		week(shelf)
		tt.change(shelf)
		if u := userError(s.Withdraw(t.Context(), "cand1", tt.reason, carla)); !strings.Contains(u.Text, tt.words) {
			t.Errorf("%s: %q", tt.why, u.Text)
		}
		if len(shelf.log)+len(shelf.effects) != 0 || shelf.ana().State == hiring.Withdrawn {
			t.Errorf("%s: something was left behind", tt.why)
		}
	}
	s, shelf := pipeline(t)
	week(shelf)
	shelf.full = errors.New("disk full")
	if err := s.Withdraw(t.Context(), "cand1", "", carla); !errors.Is(err, shelf.full) || shelf.ana().State != hiring.Active || len(shelf.effects) != 0 {
		t.Errorf("%v: half of it happened", err)
	}
}

func TestEdit(t *testing.T) {
	s, shelf := pipeline(t)
	week(shelf)
	shelf.ana().Answers = map[string]string{"why": "old", "other": "of another revision"}
	seen := Version(shelf.ana())
	typed := *shelf.ana()
	typed.Name, typed.Phone = " Ana  Novák ", "1"
	typed.Links = []hiring.Link{{Name: "Portfolio ", URL: " https://example.com/p"}}
	typed.Answers = map[string]string{"why": ""}
	if err := s.Edit(t.Context(), typed, seen, dana); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("a decider: %v", err)
	}
	if err := s.Edit(t.Context(), typed, seen, carla); err != nil {
		t.Fatal(err)
	}
	c := shelf.ana()
	if c.Name != "Ana Novák" || c.Phone != "1" || c.Link("portfolio") != "https://example.com/p" || c.Answers["why"] != "" || c.Answers["other"] == "" || c.Stage != "round1" || c.AddedBy != carla {
		t.Errorf("%+v", c)
	}
	if len(shelf.effects) != 0 || strings.Join(shelf.log, "") != "carla candidate.edited cand1" {
		t.Errorf("%v %v", shelf.effects, shelf.log)
	}

	// The second edit from the same form says who was first, and does nothing.
	typed.Phone, typed.Email = "2", "ana.novak@example.com"
	var changed *Changed
	if err := s.Edit(t.Context(), typed, seen, carla); !errors.As(err, &changed) || changed.By != carla || !changed.At.Equal(noon) || changed.Now.Phone != "1" || changed.Mine.Phone != "2" {
		t.Fatalf("%v %+v", err, changed)
	}
	if shelf.ana().Phone != "1" {
		t.Error("it was saved all the same")
	}

	// A new address waits for a booking, then follows into the invitation.
	seen = Version(shelf.ana())
	if u := userError(s.Edit(t.Context(), typed, seen, carla)); u.Field != "email" || !strings.Contains(u.Text, "is being booked") {
		t.Errorf("%+v", u)
	}
	shelf.cases = shelf.cases[:3]
	if err := s.Edit(t.Context(), typed, seen, carla); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(shelf.effects, ","); got != "calendar:move:coming:2" || shelf.cases[1].Interview.Revision != 2 || shelf.cases[0].Interview.Revision != 1 {
		t.Errorf("%s, %s", got, states(shelf))
	}
}

func TestEditIsRefusedInWords(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*hiring.Candidate)
		field  string
	}{
		{"no name", func(c *hiring.Candidate) { c.Name = " " }, "name"},
		{"a bad address", func(c *hiring.Candidate) { c.Email = "ana" }, "email"},
		{"somebody else's address", func(c *hiring.Candidate) { c.Email = "BO@example.com" }, "email"},
		{"no such zone", func(c *hiring.Candidate) { c.Zone = "Mars" }, "zone"},
		{"a link that is none", func(c *hiring.Candidate) { c.Links = []hiring.Link{{Name: "C# work", URL: "file:x"}} }, "link:C♯ work"},
		{"a link twice", func(c *hiring.Candidate) {
			c.Links = []hiring.Link{{Name: "A", URL: "https://a.example"}, {Name: "a", URL: "https://b.example"}}
		}, "another"},
		{"a link without a name", func(c *hiring.Candidate) { c.Links = []hiring.Link{{URL: "https://a.example"}} }, "another"},
	} {
		s, shelf := pipeline(t)
		shelf.cands["bo"] = &hiring.Candidate{ID: "bo", RoleKey: "coord", Name: "Bo", Email: "bo@example.com"}
		typed := *shelf.ana()
		tt.change(&typed)
		err := s.Edit(t.Context(), typed, Version(shelf.ana()), carla)
		var problems *Problems
		u := userError(err)
		if errors.As(err, &problems) {
			u = problems.List[0]
		}
		if u.Field != tt.field || len(shelf.log) != 0 {
			t.Errorf("%s: %q %q, log %v", tt.why, u.Field, u.Text, shelf.log)
		}
	}
}
