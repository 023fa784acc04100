package sqlite_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/report"
)

func TestReportReadsWhatHappened(t *testing.T) {
	w := newWorld(t)
	w.candidate("ana")
	w.candidate("ben")
	w.interview("iv", "ana", noon.Add(-time.Hour))
	w.submit("iv", "Pia", hiring.Partly)
	w.wait(time.Hour)
	w.check(w.ChangeScorecard(w.ctx(), "iv", "Pia", func(_ *hiring.Case, s *hiring.Scorecard) (outbox.Batch, error) { // reopened
		s.SubmittedAt = time.Time{}
		return outbox.Batch{}, nil
	}))
	w.change(decision.Change{Decision: testDecision("d1", hiring.Hold)})
	w.change(decision.Change{Decision: testDecision("d2", hiring.Decline), ToldAt: noon.Add(2 * time.Hour)})
	other := testInterview("off", "ben", noon.Add(time.Hour))
	other.State = hiring.Cancelled
	w.check(w.book(other))
	b, err := w.Candidate(w.ctx(), "ben")
	w.check(err)
	b.State = hiring.Withdrawn
	w.check(w.ChangeCase(w.ctx(), "off", func(*hiring.Case) (decision.Change, error) { return decision.Change{Candidate: b}, nil }))

	got, err := w.ReportInterviews(w.ctx(), []string{"coord", "none"})
	w.check(err)
	start := noon.Add(-time.Hour)
	same(t, "reported", got, []report.Interview{
		{
			ID: "iv", Candidate: "ana", Role: "coord", Stage: "round1", State: hiring.Booked, Start: start, End: start.Add(45 * time.Minute),
			Deadline: start.Add(5 * 24 * time.Hour), ToldAt: noon.Add(2 * time.Hour), Outcome: hiring.Decline, AddedAt: noon,
			Panel: []report.Seat{{Person: "Pia", Part: hiring.Required, Submitted: noon}, {Person: "Quin", Part: hiring.Optional}},
		},
		{
			ID: "off", Candidate: "ben", Role: "coord", Stage: "round1", State: hiring.Cancelled, Start: noon.Add(time.Hour), End: noon.Add(105 * time.Minute),
			Deadline: noon.Add(time.Hour + 5*24*time.Hour), AddedAt: noon, Withdrawn: true,
			Panel: []report.Seat{{Person: "Pia", Part: hiring.Required}, {Person: "Quin", Part: hiring.Optional}},
		},
	})
	got, err = w.ReportInterviews(w.ctx(), []string{"none"})
	w.check(err)
	same(t, "of another role", len(got), 0)
	active, err := w.ActiveByStage(w.ctx())
	w.check(err)
	same(t, "active", active, map[string]map[string]int{"coord": {"round1": 1}})
}

// A day in the life of one interview, as the generated history tells it. All
// times are hours after the history's begin.
type past struct {
	added, end, deadline int
	cards                map[string]int // person -> hour of the first submit
	told                 int            // -1: not yet
	outcome              hiring.Outcome
	withdrawn            bool
	state                hiring.InterviewState
}

// The report of generated histories, written through the store, says what
// counting the histories by hand says.
func TestReportOfGeneratedHistories(t *testing.T) {
	w := &pastWorld{world: newWorld(t)}
	run, runs := 0, 20
	if raceDetector {
		runs = 4 // one goroutine works here
	}
	rapid.Check(t, func(rt *rapid.T) {
		if run == runs {
			return // each takes a role of its own in one database; more cost more than they find
		}
		run++
		begin := time.Date(2026, 9, 1, 5, 0, 0, 0, time.UTC)
		now := begin.Add(time.Duration(rapid.IntRange(24, 60*24).Draw(rt, "now")) * time.Hour)
		key := fmt.Sprintf("role%d", run)
		role := testRole(key, "rev1")
		w.check(w.PutRoles(w.ctx(), []*hiring.Role{role}))
		var histories []past
		for i := range rapid.IntRange(0, 25).Draw(rt, "interviews") {
			h := draw(rt)
			histories = append(histories, h)
			w.live(key, fmt.Sprintf("%s-%d", key, i), h, begin)
		}
		role.Setup.Coordinators = []string{"Cora"}
		s := report.Service{Store: w.DB, Holidays: func(hiring.Holidays) func(time.Time) bool { return nil }, Now: func() time.Time { return now }}
		got, err := s.Of(w.ctx(), []*hiring.Role{role}, "Cora", report.All)
		w.check(err)

		want := countByHand(histories, begin, now)
		have := map[string]int{
			"kept": got.Promises.Kept, "missed": got.Promises.Missed, "open": got.Promises.Open, "told": got.Waits.Count,
			"cancelled": got.Cancelled, "not held": got.NotHeld, "removed": got.Removed,
			"on time": got.Cards.OnTime, "late": got.Cards.Late, "missing": got.Cards.Missing, "not due": got.Cards.NotDue,
		}
		for _, st := range got.Stages {
			have["held"] += st.Held
			have["advance"] += st.Advanced
			have["hold"] += st.OnHold
			have["decline"] += st.Declined
			have["undecided"] += st.Undecided
			have["withdrew"] += st.Withdrew
		}
		for _, p := range got.InterviewsBy {
			have["sat "+p.Person] = p.Count
		}
		for _, p := range got.CardsBy {
			have["cards "+p.Person] = p.Due() + p.NotDue
		}
		for name, n := range have {
			if n == 0 {
				delete(have, name)
			}
		}
		same(rt2{rt, t}, "report", have, want)
	})
}

// rt2 fails the drawn case, so that rapid shrinks it.
type rt2 struct {
	rt *rapid.T
	testing.TB
}

func (r rt2) Errorf(format string, args ...any) { r.rt.Fatalf(format, args...) }

func draw(rt *rapid.T) past {
	h := past{added: rapid.IntRange(0, 20*24).Draw(rt, "added"), cards: map[string]int{}, told: -1, state: hiring.Booked}
	h.end = h.added + rapid.IntRange(1, 20*24).Draw(rt, "end")
	h.deadline = h.end + rapid.IntRange(1, 10*24).Draw(rt, "deadline")
	for _, person := range []string{"Pia", "Quin"} {
		if rapid.Bool().Draw(rt, person) {
			h.cards[person] = h.end + rapid.IntRange(0, 100).Draw(rt, "card")
		}
	}
	h.outcome = rapid.SampledFrom([]hiring.Outcome{"", hiring.Advance, hiring.Hold, hiring.Decline}).Draw(rt, "outcome")
	if h.outcome == hiring.Advance || h.outcome == hiring.Decline {
		h.told = h.end + rapid.IntRange(0, 12*24).Draw(rt, "told")
	}
	h.withdrawn = rapid.IntRange(0, 5).Draw(rt, "withdrawn") == 0
	if rapid.IntRange(0, 4).Draw(rt, "off") == 0 {
		h.state = rapid.SampledFrom([]hiring.InterviewState{hiring.Cancelled, hiring.NotHeld, hiring.Removed, hiring.Taken}).Draw(rt, "state")
		h.told, h.outcome, h.cards = -1, "", nil
	}
	return h
}

type pastWorld struct {
	*world
	booked int
}

// live writes a history through the store. Pia's card is required, Quin's isn't.
func (w *pastWorld) live(role, id string, h past, begin time.Time) {
	at := func(hour int) time.Time { return begin.Add(time.Duration(hour) * time.Hour) }
	c := &hiring.Candidate{ID: id, RoleKey: role, Name: "Ana", Email: id + "@example.com", Zone: "UTC", Stage: "round1", State: hiring.Active, AddedAt: at(h.added)}
	w.check(w.AddCandidate(w.ctx(), c, outbox.Batch{}))
	w.booked++ // first each at a time of its own: nobody is booked twice
	iv := testInterview(id, id, at(365*24+w.booked))
	iv.RoleKey = role
	w.check(w.book(iv))
	w.check(w.ChangeInterview(w.ctx(), id, func(iv *hiring.Interview) (outbox.Batch, error) {
		iv.State, iv.Start, iv.End, iv.Deadline = h.state, at(h.end).Add(-45*time.Minute), at(h.end), at(h.deadline)
		return outbox.Batch{}, nil
	}))
	for person, hour := range h.cards {
		for again := range 2 { // reopened and submitted again: the first counts
			w.check(w.ChangeScorecard(w.ctx(), id, person, func(_ *hiring.Case, s *hiring.Scorecard) (outbox.Batch, error) {
				s.SubmittedAt = at(hour).Add(time.Duration(again) * 90 * time.Hour)
				s.Version++
				return outbox.Batch{}, nil
			}))
		}
	}
	ch := decision.Change{Candidate: c}
	if h.withdrawn {
		c.State = hiring.Withdrawn
	}
	if h.outcome != "" {
		ch.Decision = &hiring.Decision{ID: "d" + id, CandidateID: id, InterviewID: id, RoleKey: role, Stage: "round1", Outcome: h.outcome, Reason: "r", By: "Dee", At: at(h.end)}
	}
	if h.told >= 0 {
		ch.ToldAt = at(h.told)
	}
	w.check(w.ChangeCase(w.ctx(), id, func(*hiring.Case) (decision.Change, error) { return ch, nil }))
}

// countByHand walks each history hour by hour, as somebody with a calendar and
// a pencil would.
func countByHand(histories []past, begin, now time.Time) map[string]int {
	out := map[string]int{}
	chicago, _ := time.LoadLocation("America/Chicago")
	tally := func(name string) {
		out[name]++
	}
	passed := int(now.Sub(begin) / time.Hour)
	for _, h := range histories {
		if h.told >= 0 {
			tally("told")
		}
		names := map[hiring.InterviewState]string{hiring.Cancelled: "cancelled", hiring.NotHeld: "not held", hiring.Removed: "removed"}
		if h.state != hiring.Booked {
			if names[h.state] != "" {
				tally(names[h.state])
			}
			continue
		}
		if passed < h.end {
			continue
		}
		tally("held")
		tally("sat Pia")
		tally("sat Quin")
		word := string(h.outcome)
		if word == "" {
			word = "undecided"
			if h.withdrawn {
				word = "withdrew"
			}
		}
		tally(word)
		switch told := h.told >= 0; {
		case told && h.told <= h.deadline:
			tally("kept")
		case told:
			tally("missed")
		case h.withdrawn:
		case passed > h.deadline:
			tally("missed")
		default:
			tally("open")
		}
		// Until 17:00 of the first weekday after the interview's day.
		due, days := h.end, map[string]bool{begin.Add(time.Duration(h.end) * time.Hour).In(chicago).Format(time.DateOnly): true}
		for {
			local := begin.Add(time.Duration(due) * time.Hour).In(chicago)
			if !days[local.Format(time.DateOnly)] && !slices.Contains([]string{"Saturday", "Sunday"}, local.Weekday().String()) && local.Hour() == 17 {
				break
			}
			due++
		}
		card, in := h.cards["Pia"]
		switch {
		case in && card <= due:
			tally("on time")
		case in:
			tally("late")
		case h.withdrawn, h.told >= 0 && h.told <= due:
			continue
		case passed > due:
			tally("missing")
		default:
			tally("not due")
		}
		tally("cards Pia")
	}
	return out
}

// BenchmarkReport reads and counts 2,000 interviews, a small company's of ten
// years. A command's trigger dies after three seconds. Target: 100 ms.
func BenchmarkReport(b *testing.B) {
	w := &pastWorld{world: newWorld(b)}
	begin := noon.AddDate(-1, 0, 0)
	for i := range 2000 {
		w.live("coord", fmt.Sprintf("c%d", i), past{added: i, end: i + 100, deadline: i + 200, told: i + 150, outcome: hiring.Decline,
			state: hiring.Booked, cards: map[string]int{"Pia": i + 110, "Quin": i + 110}}, begin)
	}
	role, err := w.Role(w.ctx(), "coord")
	w.check(err)
	s := report.Service{Store: w.DB, Holidays: func(hiring.Holidays) func(time.Time) bool { return nil }, Now: w.clock}
	b.ReportAllocs()
	for b.Loop() {
		got, err := s.Of(w.ctx(), []*hiring.Role{role}, "Cora", report.All)
		if err != nil || got.Ended != 2000 {
			b.Fatalf("%d interviews, %v", got.Ended, err)
		}
	}
}
