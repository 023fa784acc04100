package report

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"convene/internal/hiring"
)

// at reads a time in Chicago.
func at(t testing.TB, s string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	out, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		t.Fatal(err)
	}
	return out.UTC()
}

// testRole: Cora coordinates, Dee decides, Pia and Quin are on the panel.
func testRole(key string) *hiring.Role {
	return &hiring.Role{
		Key: key, Title: "Coordinator", Zone: hiring.Value[string]{V: "America/Chicago"},
		Hours:  hiring.Value[hiring.Hours]{V: hiring.Hours{Days: []time.Weekday{1, 2, 3, 4, 5}, Start: 9 * time.Hour, End: 17 * time.Hour}},
		Stages: []hiring.Stage{{ID: "letter", Name: "Letter", Kind: hiring.StageCheck}, {ID: "round1", Name: "Round 1", Kind: hiring.StageInterview}, {ID: "panel", Name: "Panel", Kind: hiring.StageInterview}},
		Setup:  hiring.Setup{Coordinators: []string{"Cora"}, Deciders: []string{"Dee"}, People: map[string][]string{"panel": {"Pia", "Quin"}}},
	}
}

func held(id string, end time.Time, seats ...Seat) Interview {
	return Interview{
		ID: id, Candidate: "c" + id, Role: "r", Stage: "round1", State: hiring.Booked, Start: end.Add(-time.Hour), End: end,
		Deadline: end.Add(5 * 24 * time.Hour), AddedAt: end.Add(-7 * 24 * time.Hour), Panel: seats,
	}
}

func TestSpans(t *testing.T) {
	now := at(t, "2026-11-24 16:30")
	zone := testRole("r").TimeZone()
	for span, want := range map[Span]string{Last90: "2026-08-26 00:00", ThisYear: "2026-01-01 00:00"} {
		if got := span.From(now, zone); !got.Equal(at(t, want)) {
			t.Errorf("%s begins %s, want %s", span, got.In(zone), want)
		}
	}
	if !All.From(now, zone).IsZero() || !Span("?").From(now, zone).IsZero() {
		t.Error("all has a beginning")
	}
	// New Year in the role's zone, not in UTC's.
	if got := ThisYear.From(at(t, "2026-12-31 22:00"), zone); !got.Equal(at(t, "2026-01-01 00:00")) {
		t.Errorf("this year begins %s", got)
	}

	ended := at(t, "2026-08-25 23:59")
	old := held("old", ended)
	old.ToldAt = at(t, "2026-08-26 00:00") // the day after: nothing of it counts, but ever
	off := held("off", now.AddDate(0, 0, 7))
	off.State = hiring.Cancelled
	coming := held("coming", now.Add(time.Minute))
	got := Build([]Source{{Role: testRole("r"), Sight: Everything, Interviews: []Interview{old, held("in", ended.Add(time.Minute)), off, coming}}}, "Cora", Last90, now)
	if got.Ended != 1 || got.Waits.Count != 0 || got.Cancelled != 1 || got.Promises != (Promises{Missed: 1}) || got.Ever != (Promises{Kept: 1, Missed: 1}) {
		t.Errorf("counted %+v", got)
	}
}

func TestWhenAScorecardIsDue(t *testing.T) {
	role := testRole("r")
	thanksgiving := func(day time.Time) bool { return day.Format(time.DateOnly) == "2026-11-26" }
	for _, c := range []struct{ end, due string }{
		{"2026-11-23 10:00", "2026-11-24 17:00"},
		{"2026-11-23 23:59", "2026-11-24 17:00"}, // already the 24th in UTC
		{"2026-11-25 14:00", "2026-11-27 17:00"}, // over Thanksgiving
		{"2026-11-20 14:00", "2026-11-23 17:00"}, // over a weekend
		{"2026-10-30 14:00", "2026-11-02 17:00"}, // over the end of daylight saving time
		{"2026-03-06 14:00", "2026-03-09 17:00"}, // over its begin
	} {
		if got := cardDue(at(t, c.end).In(role.TimeZone()), role.Hours.V, thanksgiving); !got.Equal(at(t, c.due)) {
			t.Errorf("after %s it is due %s, want %s", c.end, got.In(role.TimeZone()), c.due)
		}
	}
	cardDue(at(t, "2026-11-23 10:00"), role.Hours.V, func(time.Time) bool { return true }) // ends
	due := at(t, "2026-11-24 17:00")
	for name, c := range map[string]struct {
		in, told time.Time
		gone     time.Time
		now      time.Time
		want     Cards
	}{
		"to the minute":         {in: due, now: due, want: Cards{OnTime: 1}},
		"a second late":         {in: due.Add(time.Second), now: due.Add(time.Hour), want: Cards{Late: 1}},
		"still time":            {now: due, want: Cards{NotDue: 1}},
		"missing":               {now: due.Add(time.Second), want: Cards{Missing: 1}},
		"told without it":       {told: due, now: due.Add(time.Hour), want: Cards{}},
		"told after it was due": {told: due.Add(time.Second), now: due.Add(time.Hour), want: Cards{Missing: 1}},
		"withdrawn":             {gone: due, now: due.Add(time.Hour), want: Cards{}},
		"withdrawn, in":         {in: due, gone: due, now: due.Add(time.Hour), want: Cards{OnTime: 1}},
	} {
		iv := held("a", at(t, "2026-11-23 10:00"), Seat{Person: "Pia", Part: hiring.Required, Submitted: c.in}, Seat{Person: "Quin", Part: hiring.Optional}, Seat{Person: "Rex", Part: hiring.Shadow})
		iv.ToldAt, iv.Gone = c.told, c.gone
		got := Build([]Source{{Role: testRole("r"), Sight: Everything, Interviews: []Interview{iv}}}, "Cora", All, c.now)
		if got.Cards != c.want {
			t.Errorf("%s: %+v, want %+v", name, got.Cards, c.want)
		}
	}
}

// At the very end of the day a promise is still kept, or still open.
func TestThePromiseHoldsToItsDeadline(t *testing.T) {
	end := at(t, "2026-11-18 14:00")
	deadline := held("a", end).Deadline
	for _, c := range []struct {
		told, now time.Time
		want      Promises
	}{
		{deadline, deadline.Add(time.Hour), Promises{Kept: 1}},
		{deadline.Add(time.Millisecond), deadline.Add(time.Hour), Promises{Missed: 1}},
		{time.Time{}, deadline, Promises{Open: 1}},
		{time.Time{}, deadline.Add(time.Millisecond), Promises{Missed: 1}},
	} {
		iv := held("a", end)
		iv.ToldAt = c.told
		if got := Build([]Source{{Role: testRole("r"), Sight: Numbers, Interviews: []Interview{iv}}}, "Dee", All, c.now); got.Promises != c.want {
			t.Errorf("told %s at %s: %+v, want %+v", c.told, c.now, got.Promises, c.want)
		}
	}
}

// What each of the team sees of two roles' numbers together.
func TestSights(t *testing.T) {
	now := at(t, "2026-11-24 18:00")
	first, second := testRole("first"), testRole("second")
	second.Setup = hiring.Setup{Coordinators: []string{"Dee"}, People: map[string][]string{"panel": {"Cora", "Pia"}}}
	seats := []Seat{{Person: "Pia", Part: hiring.Required}, {Person: "Cora", Part: hiring.Required}}
	see := func(person string) Report {
		var sources []Source
		for _, r := range []*hiring.Role{first, second} {
			sources = append(sources, Source{Role: r, Sight: SightOf(r, person), Interviews: []Interview{held("a"+r.Key, at(t, "2026-11-20 10:00"), seats...)}})
		}
		return Build(sources, person, All, now)
	}
	for person, want := range map[string]string{
		"Cora": "everything: held 1, cards 2, Cora 2, Pia 1", // all of the first, her own of the second
		"Dee":  "everything: held 2, cards 0, Cora 1, Pia 1", // the lines of the second alone; a sum of two would tell those of the first
		"Pia":  "own: held 0, cards 0, Pia 2",
		"Quin": "own: held 0, cards 0",
		"Rob":  "nothing: held 0, cards 0",
	} {
		r := see(person)
		got := fmt.Sprintf("%s: held %d, cards %d", [...]string{"nothing", "own", "numbers", "everything"}[r.Sight], r.Ended, r.Cards.Due())
		for _, c := range r.CardsBy {
			got += fmt.Sprintf(", %s %d", c.Person, c.Missing)
		}
		if got != want {
			t.Errorf("%s sees %q, want %q", person, got, want)
		}
		if r.Sight < Numbers && len(r.Stages)+len(r.InterviewsBy) > 0 {
			t.Errorf("%s sees %+v", person, r)
		}
	}
	s := Service{}
	if _, err := s.Of(context.Background(), []*hiring.Role{first}, "Rob", All); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("Rob is answered %v", err)
	}
}

// A decider sees the sums of three people and more, whose lines can't be told
// from one another; their own doesn't count among them.
func TestASumOfFewIsNoSum(t *testing.T) {
	now := at(t, "2026-11-24 18:00")
	var seats []Seat
	for i, person := range []string{"Dee", "Pia", "Quin", "Rex"} {
		seats = append(seats, Seat{Person: person, Part: hiring.Required})
		iv := held("a", at(t, "2026-11-20 10:00"), seats...)
		for reader, withheld := range map[string]bool{"Dee": i > 0 && i < 3, "Cora": false} {
			role := testRole("r")
			got := Build([]Source{{Role: role, Sight: SightOf(role, reader), Interviews: []Interview{iv}}}, reader, All, now)
			if shown := got.Cards.Due() + got.Months[5].Cards.Due(); got.CardsWithheld != withheld || (shown == 0) != withheld {
				t.Errorf("of %d panelists %s sees %+v, withheld %t", i+1, reader, got.Cards, got.CardsWithheld)
			}
		}
	}
}

func TestAWaitIsCountedInTheRolesDays(t *testing.T) {
	var list []Interview
	for i := range Few {
		iv := held(fmt.Sprint(i), at(t, "2026-10-28 10:00"))
		iv.AddedAt, iv.ToldAt = at(t, "2026-10-26 23:00"), at(t, "2026-11-02 01:00") // a week by the calendar, over a change of the clocks
		list = append(list, iv)
	}
	again := list[0]
	again.ID, again.Stage, again.ToldAt = "panel", "panel", at(t, "2026-11-20 10:00") // the same candidate's second answer
	got := Build([]Source{{Role: testRole("r"), Sight: Everything, Interviews: append(list, again)}}, "Cora", All, at(t, "2026-11-24 18:00"))
	if median, ok := got.Waits.Median(); got.Waits.Count != Few || !ok || median != 7 {
		t.Errorf("%d candidates, median %v (%t)", got.Waits.Count, median, ok)
	}
}

// A percentage is the nearest whole one; a median has as many below as above.
// Neither is given of fewer than ten.
func TestPercentAndMedian(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.IntRange(0, 60).Draw(t, "all")
		n := rapid.IntRange(0, all).Draw(t, "n")
		p, ok := Percent(n, all)
		if ok != (all >= 10) || ok && math.Abs(float64(p)-100*float64(n)/float64(all)) > 0.5 {
			t.Fatalf("%d of %d is %d%% (%t)", n, all, p, ok)
		}

		var list []Interview
		begin := time.Date(2026, 1, 5, 18, 0, 0, 0, time.UTC)
		var days []int
		for i := range all {
			d := rapid.IntRange(0, 40).Draw(t, "days")
			days = append(days, d)
			iv := held(fmt.Sprint(i), begin)
			iv.AddedAt, iv.ToldAt = begin, begin.AddDate(0, 0, d)
			list = append(list, iv)
		}
		got := Build([]Source{{Role: testRole("r"), Sight: Numbers, Interviews: list}}, "Dee", All, begin.AddDate(1, 0, 0))
		median, ok := got.Waits.Median()
		if ok != (all >= 10) {
			t.Fatalf("a median of %d: %t", all, ok)
		}
		below, above := 0, 0
		for _, d := range days {
			if float64(d) < median {
				below++
			}
			if float64(d) > median {
				above++
			}
		}
		if ok && (2*below > all || 2*above > all) {
			t.Fatalf("the median of %v is %v", days, median)
		}
	})
}

// Who was excused isn't late and didn't sit there; who stood in is counted in
// their place. Interviews that weren't held are counted by cause.
func TestExcusedSeatsAndCauses(t *testing.T) {
	iv := held("a", at(t, "2026-11-23 10:00"), Seat{Person: "Pia", Part: hiring.Required, Excused: true}, Seat{Person: "Dee", Part: hiring.Required})
	none := held("b", at(t, "2026-11-23 12:00"), Seat{Person: "Pia", Part: hiring.Required})
	none.State, none.Cause = hiring.NotHeld, hiring.CauseNoShow
	r := Build([]Source{{Role: testRole("coord"), Sight: Everything, Interviews: []Interview{iv, none}}}, "Cora", All, at(t, "2026-12-01 10:00"))
	if len(r.CardsBy) != 1 || r.CardsBy[0].Person != "Dee" || r.CardsBy[0].Missing != 1 || len(r.InterviewsBy) != 1 || r.InterviewsBy[0].Person != "Dee" {
		t.Errorf("%+v, %+v", r.CardsBy, r.InterviewsBy)
	}
	if r.NotHeld != 1 || r.Causes[hiring.CauseNoShow] != 1 || r.Ended != 1 {
		t.Errorf("%+v", r)
	}
}

// A move counts on the day on which it was made, whatever becomes of the
// interview; the file's rows add up to the same.
func TestMovesAndCancellationsAreCounted(t *testing.T) {
	now := at(t, "2026-12-01 10:00")
	move := func(cause hiring.MoveCause, when string) Move { return Move{cause, at(t, when)} }
	took := held("a", at(t, "2026-11-23 10:00"))
	took.Moves = []Move{move(hiring.MoveCandidate, "2026-11-20 10:00"), move("", "2026-11-21 10:00"), move(hiring.MovePanelist, "2025-11-21 10:00")}
	ahead := held("b", at(t, "2026-12-03 10:00"))
	ahead.Moves = []Move{move(hiring.MoveCandidate, "2026-11-30 10:00"), move(hiring.MoveGoogle, "2026-11-30 11:00")}
	old := held("c", at(t, "2025-11-23 10:00"))
	old.Moves = []Move{move(hiring.MoveCompany, "2025-11-20 10:00")}
	off := held("d", at(t, "2026-11-24 10:00"))
	off.State, off.Cancelled = hiring.Cancelled, hiring.CancelClosed
	gone := held("e", at(t, "2026-11-24 11:00"))
	gone.State = hiring.Removed
	list := []Interview{took, ahead, old, off, gone}
	for _, reader := range []string{"Cora", "Dee", "Pia"} {
		role := testRole("coord")
		sources := []Source{{Role: role, Sight: SightOf(role, reader), Interviews: list}}
		r := Build(sources, reader, Last90, now)
		sheet, err := SheetOf(sources, reader, Last90, now)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(string(sheet.Content))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		sum := map[string]int{}
		for _, row := range rows[1:] {
			for i, column := range rows[0] {
				if strings.HasPrefix(column, "moves") {
					n, _ := strconv.Atoi(row[i])
					sum[column] += n
				}
			}
			sum[row[6]+" "+row[7]]++
		}
		got := fmt.Sprint(r.Moves["candidate"], r.Moves["panelist"], r.Moves["company"], r.Moves["google"], r.Moves[""], r.Cancels["closed"], r.Cancels["google"], "/",
			sum["moves"], sum["moves_candidate"], sum["moves_panelist"], sum["moves_company"], sum["moves_google"], sum["cancelled closed"], sum["removed google"])
		want := "2 0 0 1 1 1 1/4 2 0 0 1 1 1"
		if reader == "Pia" {
			want = "0 0 0 0 0 0 0/0 0 0 0 0 0 0"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", reader, got, want)
		}
	}
}
