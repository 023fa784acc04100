package sqlite_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

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

// A hold that was told too late moves the deadline, and the promise stays missed
// on every surface; one in time is kept by its date.
func TestALateHoldDoesNotMendAPromise(t *testing.T) {
	for told, want := range map[time.Duration]report.Promises{4 * 24 * time.Hour: {Kept: 1}, 6 * 24 * time.Hour: {Missed: 1}} {
		w := newWorld(t)
		w.candidate("ana")
		w.interview("iv", "ana", noon.Add(-time.Hour)) // due in five days
		hold, notice := testDecision("d1", hiring.Hold), testNotice("n1", "d1")
		w.change(decision.Change{Decision: hold})
		notice.State, notice.ToldAt = hiring.NoticeTold, noon.Add(told)
		w.change(decision.Change{Notice: notice, Deadline: noon.Add(30 * 24 * time.Hour)})
		w.change(decision.Change{Decision: testDecision("d2", hiring.Advance)})
		w.change(decision.Change{ToldAt: noon.Add(20 * 24 * time.Hour)})

		role, err := w.Role(w.ctx(), "coord")
		w.check(err)
		s := report.Service{Store: w.DB, Holidays: func(hiring.Holidays) func(time.Time) bool { return nil }, Now: func() time.Time { return noon.AddDate(1, 0, 0) }}
		got, err := s.Of(w.ctx(), []*hiring.Role{role}, "Cora", report.All)
		w.check(err)
		same(t, "in the report", got.Promises, want)
		dashboard, err := s.Promises(w.ctx(), "coord")
		w.check(err)
		same(t, "on the dashboard", dashboard, want)
		k, err := w.Case(w.ctx(), "iv")
		w.check(err)
		same(t, "in the summary", k.Promise().Kept(), want.Kept == 1)
	}
}

// A day in the life of one interview, as the generated history tells it. All
// times are hours after the history's begin; -1: it didn't happen.
type past struct {
	added, end, deadline int
	cards                map[string]int // person -> hour of the first submit
	told, withdrew       int
	outcome              hiring.Outcome
	excused              bool // Pia wasn't there
	state                hiring.InterviewState
}

// The report of 300 histories, written through the store, says in every span and
// to everybody what counting the histories by hand says; and so do the rows of
// its file.
func TestReportOfGeneratedHistories(t *testing.T) {
	w := &pastWorld{world: newWorld(t)}
	r := rand.New(rand.NewPCG(1, 2))
	begin := time.Date(2026, 7, 1, 5, 0, 0, 0, time.UTC)
	now := begin.Add(200 * 24 * time.Hour) // 11 pm on 16 January in Chicago
	var histories []past
	n := 300
	if raceDetector {
		n = 60 // one goroutine works here
	}
	for i := range n {
		histories = append(histories, draw(r))
		w.live("coord", fmt.Sprintf("h%d", i), histories[i], begin)
	}
	role, err := w.Role(w.ctx(), "coord")
	w.check(err)
	s := report.Service{Store: w.DB, Holidays: func(hiring.Holidays) func(time.Time) bool { return nil }, Now: func() time.Time { return now }}
	chicago := role.TimeZone()
	spans := map[report.Span]time.Time{
		report.Last90: time.Date(2026, 10, 18, 0, 0, 0, 0, chicago), report.ThisYear: time.Date(2027, 1, 1, 0, 0, 0, 0, chicago), report.All: {},
	}
	for span, from := range spans {
		for _, reader := range []string{"Cora", "Dee", "Pia"} {
			sheet, got, err := s.Sheet(w.ctx(), []*hiring.Role{role}, reader, span)
			w.check(err)
			want := countByHand(histories, begin, now, from)
			same(t, fmt.Sprintf("%s, %s", span, reader), figures(got, reader), seen(want, reader))
			rows := seen(want, reader)
			for name := range rows {
				if strings.HasPrefix(name, "sat ") {
					delete(rows, name) // a row names nobody
				}
			}
			same(t, fmt.Sprintf("rows of %s, %s", span, reader), sums(t, sheet, reader), rows)
		}
	}
	ever, err := s.Promises(w.ctx(), "coord")
	w.check(err)
	want := countByHand(histories, begin, now, time.Time{})
	same(t, "the dashboard's promises", ever, report.Promises{Kept: want["kept"], Missed: want["missed"], Open: want["open"]})
}

// seen are the figures that the reader may see: a decider none that are all Pia's,
// a panelist their own.
func seen(all map[string]int, reader string) map[string]int {
	out := map[string]int{}
	for name, n := range all {
		isCard := slices.Contains([]string{"on time", "late", "missing", "not due"}, name)
		if n != 0 && (reader == "Cora" || isCard == (reader == "Pia")) {
			out[name] = n
		}
	}
	return out
}

// figures are the report's numbers by the names that counting by hand gives them.
func figures(r report.Report, reader string) map[string]int {
	cards := r.Cards
	if reader == "Pia" && len(r.CardsBy) == 1 {
		cards = r.CardsBy[0].Cards
	}
	out := map[string]int{
		"kept": r.Promises.Kept, "missed": r.Promises.Missed, "open": r.Promises.Open, "told": r.Waits.Count,
		"cancelled": r.Cancelled, "not_held": r.NotHeld, "removed": r.Removed,
		"on time": cards.OnTime, "late": cards.Late, "missing": cards.Missing, "not due": cards.NotDue,
	}
	for _, st := range r.Stages {
		out["held"] += st.Held
		out["advance"] += st.Advanced
		out["hold"] += st.OnHold
		out["decline"] += st.Declined
		out["undecided"] += st.Undecided
		out["withdrew"] += st.Withdrew
	}
	for _, p := range r.InterviewsBy {
		out["sat "+p.Person] = p.Count
	}
	for name, n := range out {
		if n == 0 {
			delete(out, name)
		}
	}
	return out
}

// sums adds up the file's rows.
func sums(t *testing.T, sheet report.Sheet, reader string) map[string]int {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(sheet.Content, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != sheet.Rows+1 {
		t.Fatalf("%d rows of %d, %v", len(rows), sheet.Rows, err)
	}
	out := map[string]int{}
	for _, row := range rows[1:] {
		cell := func(column string) string { return row[slices.Index(rows[0], column)] }
		number := func(column string) int { n, _ := strconv.Atoi(cell(column)); return n }
		for _, column := range []string{"state", "outcome", "promise"} {
			if reader != "Pia" {
				out[cell(column)]++
			}
		}
		if cell("days_added_to_told") != "" {
			out["told"]++
		}
		if reader != "Dee" {
			out["on time"] += number("scorecards_on_time")
			out["late"] += number("scorecards_late")
			out["missing"] += number("scorecards_missing")
			out["not due"] += number("scorecards_owed") - number("scorecards_in") - number("scorecards_missing")
		}
	}
	delete(out, "")
	for name, n := range out {
		if n == 0 {
			delete(out, name)
		}
	}
	return out
}

func draw(r *rand.Rand) past {
	h := past{added: r.IntN(180 * 24), cards: map[string]int{}, told: -1, withdrew: -1, state: hiring.Booked, excused: r.IntN(8) == 0}
	h.end = h.added + 1 + r.IntN(20*24)
	h.deadline = h.end + 1 + r.IntN(10*24)
	for _, person := range []string{"Pia", "Quin"} {
		if r.IntN(2) == 0 {
			h.cards[person] = h.end + r.IntN(100)
		}
	}
	h.outcome = []hiring.Outcome{"", hiring.Advance, hiring.Hold, hiring.Decline}[r.IntN(4)]
	if h.outcome == hiring.Advance || h.outcome == hiring.Decline {
		h.told = h.end + r.IntN(12*24)
	}
	if r.IntN(6) == 0 {
		h.withdrew = h.end + r.IntN(14*24)
	}
	if r.IntN(5) == 0 {
		h.state = []hiring.InterviewState{hiring.Cancelled, hiring.NotHeld, hiring.Removed, hiring.Taken}[r.IntN(4)]
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
		if h.excused {
			iv.Panel[0].Excused = hiring.Excuse{Kind: hiring.Absent, At: at(h.end)}
		}
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
	if h.withdrew >= 0 {
		c.State, c.EndedAt = hiring.Withdrawn, at(h.withdrew)
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
func countByHand(histories []past, begin, now, from time.Time) map[string]int {
	out := map[string]int{}
	chicago, _ := time.LoadLocation("America/Chicago")
	passed := int(now.Sub(begin) / time.Hour)
	for _, h := range histories {
		if begin.Add(time.Duration(h.end) * time.Hour).Before(from) {
			continue
		}
		if h.state != hiring.Booked {
			if h.state != hiring.Taken {
				out[string(h.state)]++
			}
			continue
		}
		if passed < h.end {
			continue
		}
		out["held"]++
		if h.told >= 0 {
			out["told"]++
		}
		if !h.excused {
			out["sat Pia"]++
		}
		out["sat Quin"]++
		switch {
		case h.outcome != "":
			out[string(h.outcome)]++
		case h.withdrew >= 0:
			out["withdrew"]++
		default:
			out["undecided"]++
		}
		switch told := h.told >= 0; {
		case told && h.told <= h.deadline:
			out["kept"]++
		case told:
			out["missed"]++
		case h.withdrew >= 0 && h.withdrew <= h.deadline:
		case passed > h.deadline:
			out["missed"]++
		default:
			out["open"]++
		}
		// Until 17:00 of the first weekday after the interview's day.
		due, day := h.end, begin.Add(time.Duration(h.end)*time.Hour).In(chicago).Format(time.DateOnly)
		for {
			local := begin.Add(time.Duration(due) * time.Hour).In(chicago)
			if local.Format(time.DateOnly) != day && local.Weekday() != time.Saturday && local.Weekday() != time.Sunday && local.Hour() == 17 {
				break
			}
			due++
		}
		card, in := h.cards["Pia"]
		switch {
		case h.excused:
		case in && card <= due:
			out["on time"]++
		case in:
			out["late"]++
		case h.withdrew >= 0 && h.withdrew <= due, h.told >= 0 && h.told <= due:
		case passed > due:
			out["missing"]++
		default:
			out["not due"]++
		}
	}
	return out
}
