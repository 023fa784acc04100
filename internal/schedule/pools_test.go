package schedule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
)

// poolWorld is a stage that Karly holds with any so many of the given people.
func poolWorld(t *testing.T, need int, pool ...string) *world {
	w := newWorld(t)
	for _, id := range pool {
		w.who[id] = hiring.Person{ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Email: id + "@example.com", Zone: "America/Chicago"}
	}
	w.role.Stages[1].Panelists = []hiring.StagePanelist{{Title: "strategist", Part: hiring.Required}, {Title: "engineer", Part: hiring.Required, Any: need}}
	w.role.Setup.People = map[string][]string{"strategist": {karly}, "engineer": pool}
	return w
}

func (w *world) busy(id, from, to string) {
	email := id + "@example.com"
	cal := w.cal.busy[email]
	cal.Busy = append(cal.Busy, hiring.Interval{Start: w.at(from), End: w.at(to)})
	w.cal.busy[email] = cal
}

// bookAt takes the search's offer at the wall clock.
func (w *world) bookAt(s *Search, start string) *hiring.Interview {
	w.t.Helper()
	i := slices.IndexFunc(s.Offers, func(o Slot) bool { return o.Start.Equal(w.at(start)) })
	if i < 0 {
		w.t.Fatalf("%s isn't offered", start)
	}
	iv, err := w.Book(w.t.Context(), s.ID, i, carla)
	if err != nil {
		w.t.Fatal(err)
	}
	w.dispatch()
	return w.iv(iv.ID)
}

// The hiring manager plus two of four: who is free and least loaded is seated,
// required, and invited like everybody else; one free/busy call asks for all.
func TestTwoOfFour(t *testing.T) {
	w := poolWorld(t, 2, "ann", "ben", "cy", "dee")
	w.busy("ann", "2026-11-19 08:00", "2026-11-19 18:00")
	w.interviews["other"] = hiring.Interview{
		ID: "other", State: hiring.Booked, Start: w.at("2026-11-17 10:00"), End: w.at("2026-11-17 11:00"), Panel: []hiring.Panelist{{Person: "ben", Part: hiring.Required}},
	}
	s := w.search(Request{CandidateID: "ana", By: carla, Wanted: w.at("2026-11-19 10:00")})
	if n := strings.Count(strings.Join(w.cal.calls, " "), "busy"); n != 1 {
		t.Errorf("%d free/busy calls for five people", n)
	}
	if got := s.Pools; len(got) != 1 || got[0].Need != 2 || len(got[0].People) != 4 {
		t.Errorf("pools %v", got)
	}
	iv := w.bookAt(s, "2026-11-19 10:00")
	var panel []string
	for _, p := range iv.Panel {
		panel = append(panel, fmt.Sprint(p.Person, " ", p.Part))
	}
	if got := strings.Join(panel, ", "); got != "karly required, cy required, dee required" {
		t.Errorf("held by %s", got)
	}
	if iv.State != hiring.Booked || len(w.cal.events[iv.EventID].Guests) != 4 {
		t.Errorf("%s with %v", iv.State, w.cal.events[iv.EventID].Guests)
	}
}

// Who was to be seated is taken meanwhile: that is said, nobody is invited, and
// another look offers the next best.
func TestASeatIsTaken(t *testing.T) {
	w := poolWorld(t, 1, "ann", "ben")
	s := w.search(Request{CandidateID: "ana", By: carla, Wanted: w.at("2026-11-19 10:00")})
	offer := slices.IndexFunc(s.Offers, func(o Slot) bool { return o.Start.Equal(s.Wanted) })
	if got := s.Offers[offer].Seats; !slices.Equal(got, []string{"ann"}) {
		t.Fatalf("seats %v", got)
	}
	iv, err := w.Book(t.Context(), s.ID, offer, carla)
	if err != nil {
		t.Fatal(err)
	}
	w.busy("ann", "2026-11-19 10:30", "2026-11-19 12:00")
	w.dispatch()
	if got := w.iv(iv.ID); got.State != hiring.Taken || got.Reason != "Ann is no longer free then." || w.cal.lives() != 0 {
		t.Errorf("%s: %q", got.State, got.Reason)
	}
	s = w.search(Request{CandidateID: "ana", By: carla, Wanted: w.at("2026-11-19 10:00")})
	if got := w.bookAt(s, "2026-11-19 10:00"); got.State != hiring.Booked || got.Part("ben") != hiring.Required || got.Part("ann") != "" {
		t.Errorf("%s with %v", got.State, got.Panel)
	}

	// Booked for somebody else at the same time by another coordinator.
	w = poolWorld(t, 1, "ann", "ben")
	s = w.search(Request{CandidateID: "ana", By: carla, Wanted: w.at("2026-11-19 10:00")})
	w.interviews["other"] = hiring.Interview{
		ID: "other", State: hiring.Booking, Start: w.at("2026-11-19 10:00"), End: w.at("2026-11-19 10:45"), Panel: []hiring.Panelist{{Person: "ann", Part: hiring.Required}},
	}
	_, err = w.Book(t.Context(), s.ID, offer, carla)
	refused(t, err, "slot", "Ann was just booked for another interview at that time")
}

func TestWhoMayFillAPool(t *testing.T) {
	eleven := []string{"a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "a10", "a11"}
	prepare := func(w *world, req Request) error {
		req.CandidateID, req.By = "ana", carla
		_, err := w.Prepare(t.Context(), req)
		return err
	}
	if err := prepare(poolWorld(t, 9, eleven...), Request{}); err != nil {
		t.Errorf("Karly and nine of eleven: %v", err)
	}
	refused(t, prepare(poolWorld(t, 10, eleven...), Request{}), "", "has 11 people by the setup")
	refused(t, prepare(poolWorld(t, 2, "ann"), Request{}), "", "at least 2 people")
	refused(t, prepare(poolWorld(t, 1, "ann", "ben"), Request{Pools: []hiring.Pool{{Need: 1, People: []string{"ann", mark}}}}), "who", "Mark isn't on the team")

	w := poolWorld(t, 1, "ann", "ben") // and nobody else
	iv := w.bookAt(w.search(Request{
		CandidateID: "ana", By: carla, Pools: []hiring.Pool{{Need: 1, People: []string{"ann", "ben"}}}, Wanted: w.at("2026-11-19 10:00"),
	}), "2026-11-19 10:00")
	if len(iv.Panel) != 1 || iv.Panel[0] != (hiring.Panelist{Person: "ann", Part: hiring.Required}) {
		t.Errorf("held by %v", iv.Panel)
	}

	w = poolWorld(t, 1, "ann", "ben") // whoever left the company is no reason not to find a time
	gone := w.who["ann"]
	gone.Deleted = true
	w.who["ann"] = gone
	if iv := w.bookAt(w.search(Request{CandidateID: "ana", By: carla, Wanted: w.at("2026-11-19 10:00")}), "2026-11-19 10:00"); iv.Part("ben") != hiring.Required {
		t.Errorf("held by %v", iv.Panel)
	}
}

// Who of a pool takes part, and the words for it.
func TestWhoOfAPool(t *testing.T) {
	chicago := zone(t, "America/Chicago")
	hour := func(from string) hiring.Interval {
		start := at(t, chicago, "2026-11-18 "+from)
		return hiring.Interval{Start: start, End: start.Add(time.Hour)}
	}
	person := func(id string, interviews []hiring.Interval, busy ...hiring.Interval) Attendee {
		return Attendee{ID: id, Name: id, Zone: chicago, Hours: nineFive, Interviews: interviews, Calendar: hiring.Calendar{Busy: busy}}
	}
	for _, tt := range []struct {
		why   string
		pools []Pool
		seats string
		words string
	}{
		{"least loaded", []Pool{{1, []Attendee{person("Ann", []hiring.Interval{hour("15:00")}), person("Ben", nil)}}}, "Ben", "with Ben (fewest interviews that week)"},
		{"whose day it suits", []Pool{{1, []Attendee{person("Ann", nil), person("Ben", nil, hour("09:00"))}}}, "Ben", "with Ben (suits their day best)"},
		{"as good as each other", []Pool{{1, []Attendee{person("Ben", nil), person("Ann", nil)}}}, "Ann", "with Ann"},
		{"the only one", []Pool{{1, []Attendee{person("Ann", nil, hour("10:00")), person("Ben", nil)}}}, "Ben", "with Ben (the only one free)"},
		{"two", []Pool{{2, []Attendee{person("Cy", []hiring.Interval{hour("15:00")}), person("Ben", nil), person("Ann", nil)}}}, "Ann Ben", "with Ann and Ben (fewest interviews that week)"},
		{"two pools share a person, whom only one of them needs", []Pool{
			{1, []Attendee{person("Ann", nil), person("Ben", []hiring.Interval{hour("15:00")})}}, {1, []Attendee{person("Ann", nil)}},
		}, "Ann Ben", "with Ann and Ben (the only ones free)"},
	} {
		q := question(t)
		q.Panel, q.Pools, q.From, q.Until = nil, tt.pools, hour("10:00").Start, hour("10:00").Start.Add(step)
		i := slices.IndexFunc(Find(q).Slots, func(s Slot) bool { return s.Start.Equal(hour("10:00").Start) })
		if i < 0 {
			t.Errorf("%s: not offered", tt.why)
			continue
		}
		s := Find(q).Slots[i]
		if got := strings.Join(s.Seats, " "); got != tt.seats || !slices.Contains(s.Reasons, tt.words) {
			t.Errorf("%s: %s, %q", tt.why, got, s.Reasons)
		}
	}
}
