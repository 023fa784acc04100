package schedule

import (
	"slices"
	"testing"
	"time"

	"convene/internal/hiring"
)

// Seb's calendar can't be read: who could sit there in his place is said, and
// leads to a search with them, which can be taken back.
func TestStandInForAnUnreadableCalendar(t *testing.T) {
	w := newPanelWorld(t)
	w.cal.busy["seb@example.com"] = hiring.Calendar{Unreadable: "not shared"}
	w.cal.busy["carla@example.com"] = hiring.Calendar{Unreadable: "not shared"}
	s := w.search(Request{CandidateID: "ana", By: carla})
	if len(s.Offers) != 0 || len(s.InWay) != 1 || !slices.Equal(s.Unknown, []Unreadable{{"Seb", "not shared"}}) || len(s.Ways) != 2 {
		t.Fatalf("%d offers, %v, %v, %v", len(s.Offers), s.InWay, s.Unknown, s.Ways)
	}
	way := s.Ways[0]
	if way.code() != "instead:seb:dana" || s.Ways[1].code() != "without:seb:" {
		t.Errorf("ways out %v", s.Ways)
	}
	req, err := s.Again(carla).Try(way)
	if err != nil {
		t.Fatal(err)
	}
	with := w.search(req)
	if !slices.Contains(with.Panel, hiring.Panelist{Person: dana, Part: hiring.Required}) || with.asks(seb) || len(with.Once) != 1 {
		t.Errorf("panel %v, this once %v", with.Panel, with.Once)
	}
	if !slices.ContainsFunc(with.Offers, func(o Slot) bool { return o.Start.Equal(way.Opens[0]) }) {
		t.Errorf("the time of the way isn't offered: %v", with.Offers)
	}
	if req, err = with.Again(carla).TakeBack("instead:seb:dana"); err != nil {
		t.Fatal(err)
	}
	if back := w.search(req); !slices.Equal(back.Panel, s.Panel) || len(back.Once) != 0 {
		t.Errorf("taken back: %v, %v", back.Panel, back.Once)
	}
	_, err = w.search(req).Again(carla).TakeBack("instead:seb:dana")
	already(t, err, "taken back")
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
