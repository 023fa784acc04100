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
			Deadline: noon.Add(time.Hour + 5*24*time.Hour), AddedAt: noon, Gone: noon,
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
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		if run == 20 {
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
		if h.told >= 0 {
			tally("told")
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

// BenchmarkReport reads and counts 10,000 candidates with 40,000 scorecards, far
// more than a small company ever has. A command's trigger dies after three
// seconds. Target: 300 ms.
func BenchmarkReport(b *testing.B) {
	w := newWorld(b)
	h := w.raw()
	h.SetMaxOpenConns(1) // the table is that connection's own
	w.check2(h.Exec("PRAGMA synchronous = OFF"))
	for _, s := range []string{
		`CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) SELECT i, 1700000000000 + i * 5000000 AS at FROM n`,
		`INSERT INTO candidates (id, role, name, email, email_folded, words, phone, zone, earliest, latest, links, answers, arrangements, stage, state, added_by, added_at)
			SELECT 'cand' || i, 'coord', '', i, i, '', '', 'UTC', 0, 0, '[]', '{}', '', 'round1', 'active', 'Cora', at FROM n`,
		`INSERT INTO interviews (id, candidate, role, role_revision, stage, state, start_at, end_at, revision, generation, event_id, etag, link, deadline_at, candidate_rsvp, booked_by, booked_at, reason, problem, told_at)
			SELECT 'iv' || i, 'cand' || i, 'coord', 'rev1', 'round1', 'booked', at + 80000000, at + 83000000, 1, 1, 'event' || i, '', '', at + 583000000, '', 'Cora', at, '', '', at + 500000000 + i * 20000 FROM n`,
		`INSERT INTO panelists (interview, person, part, rsvp, position) SELECT 'iv' || i, 'P' || p.value, 'required', '', p.value FROM n, json_each('[0,1,2,3]') p`,
		`INSERT INTO scorecards (interview, panelist, role_revision, answers, version, submitted_at, reason)
			SELECT 'iv' || i, 'P' || p.value, 'rev1', hex(zeroblob(1000)), 1, at + 90000000 + i * 10000, '' FROM n, json_each('[0,1,2,3]') p`,
		`INSERT INTO scorecard_versions (interview, panelist, version, answers, submitted_at, reason) SELECT interview, panelist, 1, answers, submitted_at, '' FROM scorecards`,
		`INSERT INTO decisions (id, candidate, interview, role, stage, outcome, reason, decided_by, decided_at, replaced)
			SELECT 'd' || i, 'cand' || i, 'iv' || i, 'coord', 'round1', 'decline', 'r', 'Dee', at + 400000000, 0 FROM n`,
	} {
		w.check2(h.Exec(s))
	}
	role, err := w.Role(w.ctx(), "coord")
	w.check(err)
	now := time.UnixMilli(1_900_000_000_000)
	s := report.Service{Store: w.DB, Holidays: func(hiring.Holidays) func(time.Time) bool { return nil }, Now: func() time.Time { return now }}
	b.Run("report", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			got, err := s.Of(w.ctx(), []*hiring.Role{role}, "Cora", report.All)
			if err != nil || got.Ended != 10_000 || got.Cards.Due() != 40_000 {
				b.Fatalf("%d interviews, %d scorecards, %v", got.Ended, got.Cards.Due(), err)
			}
		}
	})
	b.Run("promises", func(b *testing.B) {
		for b.Loop() {
			if got, err := s.Promises(w.ctx(), "coord"); err != nil || got.Settled() != 10_000 {
				b.Fatalf("%+v, %v", got, err)
			}
		}
	})
}

// check2 checks what a statement returned.
func (w *world) check2(_ any, err error) {
	w.Helper()
	w.check(err)
}
