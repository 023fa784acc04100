package schedule

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"convene/internal/hiring"
)

// A stand-in is free then and within the limits, doesn't sit there already, and
// is in nobody's place but that of who can't.
func TestStandInsKeepTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := drawQuestion(t)
		others := drawQuestion(t).Panel
		for i := range others {
			others[i].ID += "-other"
			others[i].Part = hiring.Required
		}
		if rapid.Bool().Draw(t, "one sits there already") {
			others = append(others, q.Panel[0])
		}
		ans := Find(q)
		for _, m := range standIns(q, ans.Misses, others) {
			slot := hiring.Interval{Start: m.Start, End: m.Start.Add(q.Duration)}
			free := 0
			for _, a := range others {
				sits := slices.ContainsFunc(q.Panel, func(p Attendee) bool { return p.ID == a.ID })
				fits := !sits && (naive{q}).free(a, slot)
				if fits {
					free++
				}
				if offered := slices.Contains(m.StandIns, StandIn{ID: a.ID, Name: a.Name}); offered && !fits {
					t.Fatalf("%s is offered at %s and can't", a.ID, m.Start)
				}
			}
			if want := min(free, maxStandIns); len(m.StandIns) != want {
				t.Fatalf("%d stand-ins at %s, want %d", len(m.StandIns), m.Start, want)
			}
			// With one of them the time is offered.
			if len(m.StandIns) > 0 {
				with := q
				with.Panel = slices.Clone(q.Panel)
				i := slices.IndexFunc(q.Panel, func(a Attendee) bool { return a.ID == m.WhoID })
				with.Panel[i] = others[slices.IndexFunc(others, func(a Attendee) bool { return a.ID == m.StandIns[0].ID })]
				with.Wanted, with.Offers, with.OffersDay = m.Start, 3, 1
				if got := Find(with).Slots; !slices.ContainsFunc(got, func(s Slot) bool { return s.Start.Equal(m.Start) }) {
					t.Fatalf("with %s the time isn't offered: %v", m.StandIns[0].ID, got)
				}
			}
		}
	})
}

// The nearest misses are of different days and people where there are such.
func TestNearestMissesDiffer(t *testing.T) {
	q := question(t)
	q.Panel[0].Calendar.Busy = []hiring.Interval{{Start: q.Now, End: q.Until}}
	var days []string
	for _, m := range Find(q).Misses {
		days = append(days, m.Start.In(q.RoleZone).Format("Mon 15:04")+" "+m.Why)
	}
	if !slices.Equal(days, []string{"Wed 09:00 is busy", "Thu 09:00 is busy", "Fri 09:00 is busy"}) {
		t.Errorf("nearest misses %v", days)
	}
}

// Mark's calendar can't be read: who could sit there in his place is said, and
// leads to a search with them.
func TestStandInForAnUnreadableCalendar(t *testing.T) {
	w := newPanelWorld(t)
	w.cal.busy["seb@example.com"] = hiring.Calendar{Unreadable: "not shared"}
	w.cal.busy["carla@example.com"] = hiring.Calendar{Unreadable: "not shared"}
	s := w.search(Request{CandidateID: "ana", By: carla})
	if len(s.Offers) != 0 || len(s.InWay) != 1 || len(s.Misses) != 3 {
		t.Fatalf("%d offers, %v, %v", len(s.Offers), s.InWay, s.Misses)
	}
	m := s.Misses[1]
	if m.Who != "Seb" || m.Why != "has a calendar that can't be read" || !slices.Equal(m.StandIns, []StandIn{{ID: dana, Name: "Dana"}}) {
		t.Errorf("near miss %+v", m)
	}
	req, err := s.Instead(1, dana, carla)
	if err != nil {
		t.Fatal(err)
	}
	s = w.search(req)
	if !slices.Contains(s.Panel, hiring.Panelist{Person: dana, Part: hiring.Required}) || slices.ContainsFunc(s.Panel, func(p hiring.Panelist) bool { return p.Person == seb }) {
		t.Errorf("panel %v", s.Panel)
	}
	if !slices.ContainsFunc(s.Offers, func(o Slot) bool { return o.Start.Equal(m.Start) }) {
		t.Errorf("the time of the near miss isn't offered: %v", s.Offers)
	}
	_, err = s.Instead(7, dana, carla)
	refused(t, err, "", "isn't offered any more")
}

// A panel of ten is searched in a fraction of the time that Slack waits.
func BenchmarkPanelOfTen(b *testing.B) {
	q := question(b)
	q.Until = q.Now.AddDate(0, 0, 14)
	q.Offers, q.OffersDay = 10, 3
	one := q.Panel[0]
	q.Panel = nil
	for i := range 10 {
		a := one
		for day := range 14 {
			start := q.Now.AddDate(0, 0, day).Add(time.Duration(i) * 30 * time.Minute)
			a.Calendar.Busy = append(a.Calendar.Busy, hiring.Interval{Start: start, End: start.Add(time.Hour)})
		}
		q.Panel = append(q.Panel, a)
	}
	for b.Loop() {
		Find(q)
	}
}
