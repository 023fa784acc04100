package schedule

import (
	"errors"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// kinds lists the ways out of the newest repair, e.g. "stand-in day".
func (w *world) kinds() string {
	var out []string
	for _, way := range w.newest().Ways {
		out = append(out, string(way.Kind))
	}
	return strings.Join(out, " ")
}

func (w *world) newest() *Repair {
	w.t.Helper()
	if len(w.repairs) == 0 {
		w.t.Fatal("nothing is to be repaired")
	}
	return w.repairs[len(w.repairs)-1]
}

// declines lets Sebastian decline, and returns the first way out of the kind.
func (w *world) declines(iv *hiring.Interview, kind WayKind) WayOut {
	w.t.Helper()
	w.cal.answer(iv.EventID, "seb@example.com", "declined")
	w.follow()
	w.said()
	for _, way := range w.newest().Ways {
		if way.Kind == kind {
			return way
		}
	}
	w.t.Fatalf("no way out is a %s: %s", kind, w.kinds())
	return WayOut{}
}

func TestSmallestRepair(t *testing.T) {
	w, iv := settled(t)
	w.now = w.at("2026-11-19 09:40") // the minimum notice doesn't count
	w.role.Setup.People["ops"] = []string{seb, dana}
	way := w.declines(iv, WayStandIn)
	if got := w.kinds(); !strings.HasPrefix(got, "stand-in stand-in later") || way.Swaps[0].In != dana {
		t.Errorf("offered %s, with %+v", got, way.Swaps)
	}
	refused(t, w.TakeWay(t.Context(), iv.ID, 1, way.Key, dana), "", "Only a coordinator")
	if err := w.TakeWay(t.Context(), iv.ID, 1, way.Key, carla); err != nil {
		t.Fatal(err)
	}
	already(t, w.TakeWay(t.Context(), iv.ID, 1, way.Key, carla), "settled")
	r, err := w.CarryOut(t.Context(), iv.ID, 1, way.Key)
	if err != nil || r.State != RepairDone {
		t.Fatalf("%+v, %v", r, err)
	}
	w.dispatch()
	w.follow()
	got := w.iv(iv.ID)
	if got.Part(dana) != hiring.Required || got.Part(seb) != "" || !got.Start.Equal(iv.Start) || len(w.repairs) != 1 {
		t.Errorf("the panel is %v, %d repairs", got.Panel, len(w.repairs))
	}
	if lane := w.lanes["unseated:"+iv.ID+":2:seb"]; lane != outbox.CalendarLane(iv.ID) { // before Google's mail
		t.Errorf("who is swapped out hears it in lane %q", lane)
	}
}

// A stand-in keeps all rules still at the click, not only that they are free.
func TestStandInIsJudgedAgain(t *testing.T) {
	w, iv := settled(t)
	w.role.Buffer = hiring.Value[time.Duration]{V: 10 * time.Minute}
	way := w.declines(iv, WayStandIn)
	w.cal.busy[way.Swaps[0].In+"@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: iv.End.Add(5 * time.Minute), End: iv.End.Add(time.Hour)}}}
	if err := w.TakeWay(t.Context(), iv.ID, 1, way.Key, carla); err != nil {
		t.Fatal(err)
	}
	r, err := w.CarryOut(t.Context(), iv.ID, 1, way.Key)
	if err != nil || r.State != RepairOpen || !strings.Contains(r.Gone, "right beside it") || w.iv(iv.ID).Revision != iv.Revision {
		t.Errorf("%+v, %v", r, err)
	}
}

// Another time keeps all rules still at the click.
func TestOtherTimeIsJudgedAgain(t *testing.T) {
	w, iv := settled(t)
	way := w.declines(iv, WayDay)
	w.role.Buffer = hiring.Value[time.Duration]{V: 10 * time.Minute}
	w.cal.busy["karly@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: way.End.Add(5 * time.Minute), End: way.End.Add(time.Hour)}}}
	if err := w.TakeWay(t.Context(), iv.ID, 1, way.Key, carla); err != nil {
		t.Fatal(err)
	}
	r, err := w.CarryOut(t.Context(), iv.ID, 1, way.Key)
	if err != nil || r.State != RepairOpen || r.Gone == "" || !w.iv(iv.ID).Start.Equal(iv.Start) {
		t.Errorf("%+v, %v", r, err)
	}
}

// While Google doesn't answer, nothing is done at the click, and the way is
// offered again once it does.
func TestGoogleIsAwayAtTheClick(t *testing.T) {
	w, iv := settled(t)
	way := w.declines(iv, WayDay)
	away := outbox.Later(errors.New("503"), 0)
	w.cal.fail["busy"] = []error{away, away, away, away}
	if err := w.TakeWay(t.Context(), iv.ID, 1, way.Key, carla); err != nil {
		t.Fatal(err)
	}
	r, err := w.CarryOut(t.Context(), iv.ID, 1, way.Key)
	if err != nil || r.State != RepairOpen || !strings.Contains(r.Gone, "nothing was changed") || !w.iv(iv.ID).Start.Equal(iv.Start) {
		t.Fatalf("%+v, %v", r, err)
	}
	w.cal.fail["busy"] = nil
	w.now = w.now.Add(2 * time.Minute)
	w.look()
	if err := w.TakeWay(t.Context(), iv.ID, 1, way.Key, carla); err != nil {
		t.Fatal(err)
	}
	if r, err := w.CarryOut(t.Context(), iv.ID, 1, way.Key); err != nil || r.State != RepairDone || w.iv(iv.ID).Start.Equal(iv.Start) {
		t.Errorf("%+v, %v", r, err)
	}
}

// A candidate's decline is told once, also when the panel changes after it; one
// after they accepted again is another.
func TestCandidateDeclinesOnceAndAgain(t *testing.T) {
	w, iv := settled(t)
	w.cal.answer(iv.EventID, "ana@example.org", "declined")
	w.follow()
	first := w.said("google")
	panel := []hiring.Panelist{{Person: karly, Part: hiring.Required}, {Person: dana, Part: hiring.Required}}
	if err := w.ChangePanel(t.Context(), PanelChange{Interview: iv.ID, Panel: panel, Seen: iv.Revision, By: carla}); err != nil {
		t.Fatal(err)
	}
	w.dispatch()
	w.follow()
	w.now = w.now.Add(time.Hour)
	w.look()
	if said := w.said("google", "repair"); first == "" || said != "" {
		t.Errorf("told %q, after the panel changed %q", first, said)
	}
	w.cal.answer(iv.EventID, "ana@example.org", "accepted")
	w.follow()
	w.cal.answer(iv.EventID, "ana@example.org", "declined")
	w.follow()
	if said := w.said("google"); said == "" || said == first {
		t.Errorf("told %q, then %q", first, said)
	}
}

// What was chosen is done after a restart too, once.
func TestRepairAfterARestart(t *testing.T) {
	w, iv := settled(t)
	way := w.declines(iv, WayStandIn)
	if err := w.TakeWay(t.Context(), iv.ID, 1, way.Key, carla); err != nil {
		t.Fatal(err)
	}
	w.look()
	w.dispatch()
	if r := w.newest(); r.State != RepairDone || w.iv(iv.ID).Part(seb) != "" {
		t.Errorf("%+v", r)
	}
	r := *w.newest() // it was done, and the program stopped before that was recorded
	r.State = RepairChosen
	w.repairs[0] = &r
	w.due["repair:"+iv.ID] = w.now
	w.look()
	if r := w.newest(); r.State != RepairDone || w.iv(iv.ID).Revision != 2 {
		t.Errorf("done twice: %+v, revision %d", r, w.iv(iv.ID).Revision)
	}
}

// A move of our own brings no new problem: the answers that Google goes on
// showing were about the earlier time. A new answer does.
func TestRepairIsNoLoop(t *testing.T) {
	w, iv := settled(t)
	way := w.declines(iv, WayDay)
	if err := w.TakeWay(t.Context(), iv.ID, 1, way.Key, carla); err != nil {
		t.Fatal(err)
	}
	if _, err := w.CarryOut(t.Context(), iv.ID, 1, way.Key); err != nil {
		t.Fatal(err)
	}
	w.dispatch()
	w.follow()
	w.now = w.now.Add(time.Hour)
	w.look()
	if said := w.said("repair", "google"); said != "" || len(w.repairs) != 1 || !w.iv(iv.ID).Start.Equal(way.Start) {
		t.Errorf("told %q, %d repairs", said, len(w.repairs))
	}
	w.cal.answer(iv.EventID, "seb@example.com", "accepted")
	w.follow()
	w.cal.answer(iv.EventID, "seb@example.com", "declined")
	w.follow()
	if said := w.said("repair"); said != "repair:iv2:2" {
		t.Errorf("told %q", said)
	}
}

// A person moves the event while a repair moves it: the person's move stays.
func TestRepairWhileAPersonMovesTheEvent(t *testing.T) {
	w, iv := settled(t)
	way := w.declines(iv, WayDay)
	if err := w.TakeWay(t.Context(), iv.ID, 1, way.Key, carla); err != nil {
		t.Fatal(err)
	}
	if _, err := w.CarryOut(t.Context(), iv.ID, 1, way.Key); err != nil {
		t.Fatal(err)
	}
	w.cal.before = func(call string) {
		if call == "patch" {
			w.cal.before = nil
			w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = w.at("2026-11-24 18:00"), w.at("2026-11-24 18:45") })
		}
	}
	w.dispatch()
	w.follow()
	w.follow()
	if got := w.iv(iv.ID); !got.Start.Equal(w.at("2026-11-24 18:00")) || !w.cal.events[iv.EventID].Start.Equal(got.Start) {
		t.Errorf("it is on %s, Google's on %s", got.Start, w.cal.events[iv.EventID].Start)
	}
	r := w.newest()
	if said := w.said("google"); said != "google:iv2:moved:3" || r.Kind != RepairMoved || r.Trouble[0].Why != WhyHours {
		t.Errorf("told %q: %+v", said, r)
	}
}

// While Google doesn't answer, who declined is told all the same; the ways out follow.
func TestRepairWithoutGoogle(t *testing.T) {
	w, iv := settled(t)
	w.cal.fail["busy"] = []error{outbox.Later(errors.New("503"), 0)}
	w.cal.answer(iv.EventID, "seb@example.com", "declined")
	w.follow()
	if said := w.said(); said != "repair:iv2:1" || !w.newest().Unknown {
		t.Errorf("told %q: %+v", said, w.newest())
	}
	w.now = w.now.Add(askAgain)
	w.look()
	if w.newest().Unknown || len(w.newest().Ways) == 0 || w.said() != "" {
		t.Errorf("%+v", w.newest())
	}
}

// Somebody optional declines: it goes on without them, and nobody is asked.
func TestRepairOfOptional(t *testing.T) {
	w, iv := settled(t)
	w.cal.answer(iv.EventID, "mark@example.com", "tentative")
	w.follow()
	if said := w.said(); said != "" {
		t.Errorf("somebody optional isn't sure: %s", said)
	}
	w.cal.answer(iv.EventID, "mark@example.com", "declined")
	calls := len(w.cal.calls)
	w.follow()
	if got := w.kinds(); got != "without" || strings.Contains(strings.Join(w.cal.calls[calls:], " "), "busy") {
		t.Errorf("offered %s after %v", got, w.cal.calls[calls:])
	}
}

// A move onto a meeting, or outside hours, is told with the move.
func TestRepairOfAMove(t *testing.T) {
	w, iv := settled(t)
	w.role.Buffer = hiring.Value[time.Duration]{V: 10 * time.Minute}
	w.cal.busy["karly@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-24 10:30"), End: w.at("2026-11-24 11:30")}}}
	move := func(start string) {
		w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = w.at(start), w.at(start).Add(45*time.Minute) })
		w.follow()
	}
	move("2026-11-24 10:00")
	if said := w.said("google", "repair"); said != "google:iv2:moved:2" || w.newest().Trouble[0].Why != WhyBusy || w.newest().Trouble[0].Person != karly {
		t.Errorf("told %q: %+v", said, w.newest())
	}
	move("2026-11-24 13:00")
	if said := w.said("google", "repair"); said != "google:iv2:moved:3" || len(w.repairs) != 1 || w.newest().State != RepairSettled {
		t.Errorf("told %q: %+v", said, w.newest())
	}
	move("2026-11-24 10:00")
	move("2026-11-24 10:30") // from one that doesn't suit to another
	move("2026-11-28 19:00") // a Saturday evening
	numbers := map[int]bool{}
	for _, r := range w.repairs {
		if numbers[r.Number] {
			t.Errorf("two repairs have number %d", r.Number)
		}
		numbers[r.Number] = true
	}
	var whys []string
	for _, tr := range w.newest().Trouble {
		whys = append(whys, string(tr.Why))
	}
	if got := strings.Join(whys, " "); got != "day day day candidate" {
		t.Errorf("on a Saturday evening: %s", got)
	}
	if got := w.kinds(); strings.Contains(got, "stand-in") || !strings.Contains(got, "day") {
		t.Errorf("offered %s", got)
	}
}

// Who is taken off comes back by a click; no other time is offered for them.
func TestRepairOfTakenOff(t *testing.T) {
	w, iv := settled(t)
	w.cal.person(iv.EventID, func(ev *hiring.Event) {
		var kept []hiring.Guest
		for _, g := range ev.Guests {
			if g.Email != "seb@example.com" {
				kept = append(kept, g)
			}
		}
		ev.Guests = kept
	})
	w.follow()
	if got := w.kinds(); strings.Contains(got, "day") || !strings.Contains(got, "stand-in") {
		t.Errorf("offered %s", got)
	}
	if err := w.InviteAgain(t.Context(), iv.ID, seb, carla); err != nil {
		t.Fatal(err)
	}
	w.look()
	if w.newest().State != RepairSettled {
		t.Errorf("%+v", w.newest())
	}
}

// Somebody isn't sure, and then declines: that is told anew, as an edit of the
// first message notifies nobody.
func TestAMaybeThatBecomesADeclineIsToldAnew(t *testing.T) {
	w, iv := settled(t)
	for i, answer := range []string{"tentative", "declined"} {
		w.cal.answer(iv.EventID, "seb@example.com", answer)
		w.follow()
		if said, want := w.said("repair"), []string{"repair:iv2:1", "repair:iv2:2"}[i]; said != want {
			t.Errorf("after %s told %q, want %q", answer, said, want)
		}
	}
}
