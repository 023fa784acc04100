package schedule

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"convene/internal/hiring"
)

// A time to which nothing required objects is one that Find offers, and the
// other way round.
func TestAgainstAgreesWithFind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := drawQuestion(t)
		offered := map[int64]bool{}
		for _, s := range Find(q).Slots {
			offered[s.Start.Unix()] = true
		}
		for start := q.onGrid(q.Now.Add(-2 * step)); start.Before(q.Until.Add(2 * step)); start = start.Add(step) {
			against, _ := Against(q, start)
			against = slices.DeleteFunc(against, func(o Objection) bool { return !o.Required() })
			if offered[start.Unix()] != (len(against) == 0) {
				t.Fatalf("%s is offered: %t, but %v speaks against it", start, offered[start.Unix()], against)
			}
		}
	})
}

// drawTight makes a question that often has no slot, and people beside it.
func drawTight(t *rapid.T) (Question, []Attendee) {
	q := drawQuestion(t)
	q.Until = q.Now.Add(time.Duration(rapid.IntRange(1, 48).Draw(t, "hours ahead")) * time.Hour)
	others := drawQuestion(t).Panel
	for i := range others {
		others[i].ID += "-other"
	}
	return q, others
}

// with applies a way's changes.
func (q Question) withAll(w Way, others []Attendee) Question {
	for _, c := range w.Changes {
		q = q.With(c, others)
	}
	return q
}

func offers(q Question, start time.Time) bool {
	q.Offers, q.OffersDay = 100000, 0
	return slices.ContainsFunc(Find(q).Slots, func(s Slot) bool { return s.Start.Equal(start) })
}

// Each way is true: with its changes its times are there. And it is minimal: no
// part of it is enough, and no smaller change of its kind is.
func TestWaysAreTrueAndMinimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, others := drawTight(t)
		ways := Explain(q, others)
		if len(Find(q).Slots) > 0 && len(ways) > 0 {
			t.Fatalf("there are slots, and ways out: %v", ways)
		}
		if len(ways) > maxWays {
			t.Fatalf("%d ways", len(ways))
		}
		for _, w := range ways {
			for _, i := range []int{0, len(w.Opens) / 2, len(w.Opens) - 1} {
				if !offers(q.withAll(w, others), w.Opens[i]) {
					t.Fatalf("with %s there is no slot at %s", w.code(), w.Opens[i])
				}
			}
			for i, c := range w.Changes {
				rest := Way{Changes: slices.Delete(slices.Clone(w.Changes), i, i+1)}
				if len(Find(q.withAll(rest, others)).Slots) > 0 {
					t.Fatalf("%s is enough for %s", rest.code(), w.code())
				}
				less, ok := smaller(q, c)
				if !ok {
					continue
				}
				rest.Changes = append(rest.Changes, less)
				if len(Find(q.withAll(rest, others)).Slots) > 0 {
					t.Fatalf("%s is enough for %s", rest.code(), w.code())
				}
			}
		}
	})
}

// smaller is a little less of a change.
func smaller(q Question, c Change) (Change, bool) {
	switch c.Kind {
	case Earlier:
		c.Clock += time.Minute
	case Later:
		c.Clock -= time.Minute
	case Further:
		c.Until = c.Until.AddDate(0, 0, -1)
		return c, c.Until.After(q.Until)
	case Notice:
		c.Span += step
	case Shorter:
		c.Span += 15 * time.Minute
		return c, c.Span < q.Duration
	default:
		return c, false
	}
	return c, true
}

// Where one change of those considered helps, it is found.
func TestSingleWaysAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, others := drawTight(t)
		if len(Find(q).Slots) > 0 {
			return
		}
		q.Panel[0].Part = hiring.Required
		for _, c := range []Change{
			{Kind: Later, Clock: min(q.Latest+widest, 24*time.Hour)},
			{Kind: Further, Until: q.Furthest()},
			{Kind: Later, Who: q.Panel[0].ID, Clock: min(q.Panel[0].Hours.End+widest, 24*time.Hour)},
			{Kind: Instead, Who: q.Panel[0].ID, In: others[0].ID},
		} {
			if len(Find(q.With(c, others)).Slots) == 0 {
				continue
			}
			ways := Explain(q, others)
			if len(ways) == 0 || len(ways[0].Changes) != 1 {
				t.Fatalf("%s helps, and these are named: %v", c.Code(), ways)
			}
		}
	})
}

// threeBusy is a panel of three with one week of Wednesday to Friday in which
// nobody is free together.
func threeBusy(t *testing.T) Question {
	q := question(t)
	chicago := q.RoleZone
	iv := func(from, to string) hiring.Interval {
		return hiring.Interval{Start: at(t, chicago, from), End: at(t, chicago, to)}
	}
	ana, ben, dana := q.Panel[0], q.Panel[0], q.Panel[0]
	ana.ID, ana.Name, ben.ID, ben.Name, dana.ID, dana.Name = "ana", "Ana", "ben", "Ben", "dana", "Dana"
	ana.Calendar.Busy = []hiring.Interval{iv("2026-11-18 00:00", "2026-11-19 16:30"), iv("2026-11-20 00:00", "2026-11-21 00:00")}
	ben.Calendar.Busy = []hiring.Interval{iv("2026-11-19 16:00", "2026-11-19 16:30"), iv("2026-11-20 10:00", "2026-11-20 10:30")}
	q.Panel = []Attendee{ana, ben, dana}
	return q
}

// The ways out of a small week that can be checked by eye.
func TestWaysOut(t *testing.T) {
	q := threeBusy(t)
	eve := q.Panel[2]
	eve.ID, eve.Name = "eve", "Eve"
	eve.Calendar.Busy = []hiring.Interval{{Start: q.Now, End: at(t, q.RoleZone, "2026-11-20 15:00")}}
	var got []string
	for _, w := range Explain(q, []Attendee{eve}) {
		got = append(got, w.code()+" "+w.Opens[0].In(q.RoleZone).Format("Mon 15:04"))
	}
	want := strings.Join([]string{
		"instead:ana:eve Fri 15:00",
		"without:ana: Wed 09:00",
		"shorter:30m Thu 16:30",
		"further:2026-11-24T06:00:00Z Mon 09:00",
	}, "\n")
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("ways out:\n%s\nwant:\n%s", s, want)
	}
}

// What speaks against a time, in words.
func TestAgainstInWords(t *testing.T) {
	q := threeBusy(t)
	q.Buffer, q.Notice, q.Latest = 15*time.Minute, 24*time.Hour, 17*time.Hour
	q.CandidateZone = zone(t, "America/New_York")
	q.Holiday = func(d time.Time) bool { return d.Day() == 20 }
	q.PerDay = 1
	q.Panel[2].Interviews = []hiring.Interval{{Start: at(t, q.RoleZone, "2026-11-18 16:15"), End: at(t, q.RoleZone, "2026-11-18 17:00")}}
	q.Panel[2].Part = hiring.Optional
	for start, want := range map[string]string{
		"2026-11-18 16:30": "It is less than 24 hours ahead. It ends at 5:30 pm CST, after the candidate's hours end at 4:00 pm CST. " +
			"It ends at 5:30 pm CST, after Ana's hours end at 5:00 pm CST. Ana is busy, Wed 18 Nov, 12:00 am CST to Thu 19 Nov, 4:30 pm CST. " +
			"It ends at 5:30 pm CST, after Ben's hours end at 5:00 pm CST. " +
			"It ends at 5:30 pm CST, after Dana's hours end at 5:00 pm CST. Dana is in another interview, 4:15–5:00 pm CST. Dana already has 1 interview that day.",
		"2026-11-20 10:30": "It is on a holiday. Ana is busy, all of Fri 20 Nov. Ben is busy, 10:00–10:30 am CST, too close to it.",
	} {
		var got []string
		against, _ := Against(q, at(t, q.RoleZone, start))
		for _, o := range against {
			got = append(got, o.Words(q.RoleZone))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %s\nwant %s", start, s, want)
		}
	}
}

// A panel of ten that never meets is explained in a fraction of the time that
// somebody waits for Google.
func BenchmarkExplain(b *testing.B) {
	q := busyPanel(b, 5, 2, 60, 0)
	for i := range 5 {
		a := q.Panel[i]
		a.ID += "b"
		q.Panel = append(q.Panel, a)
	}
	for i := range q.Panel {
		q.Panel[i].Hours.End = q.Panel[i].Hours.Start + 20*time.Minute
	}
	b.ReportAllocs()
	for b.Loop() {
		Explain(q, q.Panel[:5])
	}
}
