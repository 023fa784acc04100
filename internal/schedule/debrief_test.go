package schedule

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// What the world keeps of debriefs.

func (w *world) Debrief(_ context.Context, interview string) (*hiring.Debrief, error) {
	d, ok := w.debriefs[interview]
	if !ok {
		return nil, hiring.ErrNotFound
	}
	return &d, nil
}

func (w *world) DebriefByEvent(_ context.Context, event string) (*hiring.Debrief, error) {
	for _, d := range w.debriefs {
		if d.EventID == event {
			return &d, nil
		}
	}
	return nil, hiring.ErrNotFound
}

func (w *world) ComingDebriefs(context.Context, time.Time) ([]*hiring.Debrief, error) {
	return nil, nil
}

func (w *world) DebriefTimes(_ context.Context, people []string, _, _ time.Time, except string) (map[string][]hiring.Interval, error) {
	busy := map[string][]hiring.Interval{}
	for id, d := range w.debriefs {
		for _, p := range d.People {
			if d.Live() && id != except && slices.Contains(people, p) {
				busy[p] = append(busy[p], hiring.Interval{Start: d.Start, End: d.End})
			}
		}
	}
	return busy, nil
}

func (w *world) ChangeDebrief(ctx context.Context, interview string, change func(*hiring.Case, *hiring.Debrief) (outbox.Batch, error)) error {
	k, err := w.caseOf(ctx, interview)
	if err != nil {
		return err
	}
	d := w.debriefs[interview]
	d.Interview = interview
	b, err := change(k, &d)
	if err != nil {
		return err
	}
	if d.State != "" {
		w.debriefs[interview] = d
	}
	w.apply(b)
	return nil
}

func (w *world) SettleDue(_ context.Context, d hiring.Due, b outbox.Batch) error {
	delete(w.due, d.Key)
	w.apply(b)
	return nil
}

// contested is a world in which Ana's interview is over, its scorecards are in
// and apart by two, and the deadline is today at 17:00.
func contested(t *testing.T) (*world, *hiring.Case) {
	w := newWorld(t)
	w.debriefs = map[string]hiring.Debrief{}
	w.LinkTo = func(_ context.Context, key string) (string, error) { return "https://slack.example/" + key, nil }
	iv := w.book("2026-11-18 10:00")
	w.now = w.at("2026-11-18 13:00")
	stored := w.interviews[iv.ID]
	stored.Deadline = w.at("2026-11-18 17:00")
	w.interviews[iv.ID] = stored
	k := &hiring.Case{Role: w.role, Rubric: w.role, Candidate: w.cands["ana"], Interview: w.iv(iv.ID)}
	w.role.Competencies = []hiring.Competency{{ID: "care", Name: "Care"}, {ID: "tempo", Name: "Tempo", RedFlags: []hiring.RedFlag{{ID: "rush", Text: "Rushes"}}}}
	for i := range w.role.Stages {
		w.role.Stages[i].Competencies = nil
	}
	for person, level := range map[string]hiring.Level{karly: hiring.Beyond, seb: hiring.Partly, mark: hiring.Strong} {
		k.Cards = append(k.Cards, &hiring.Scorecard{InterviewID: iv.ID, Panelist: person, Version: 1, SubmittedAt: w.now, Answers: hiring.Answers{Ratings: map[string]hiring.Rating{
			"care": {Level: level, Rated: true}, "tempo": {Level: hiring.Strong, Rated: true},
		}}})
	}
	w.cases = []*hiring.Case{k}
	w.due["debrief:"+iv.ID] = w.now
	w.said()
	return w, k
}

func (w *world) tickDebriefs() {
	w.t.Helper()
	if _, err := w.offerDebriefs(w.t.Context(), w.now); err != nil {
		w.t.Fatal(err)
	}
}

// freeAt says by looking at each person's busy time whether all are free.
func (w *world) freeAt(start time.Time, people ...string) bool {
	for _, p := range people {
		for _, b := range w.cal.busy[p+"@example.com"].Busy {
			if start.Before(b.End) && b.Start.Before(start.Add(15*time.Minute)) {
				return false
			}
		}
	}
	return true
}

func TestADebriefIsOfferedBookedMovedAndTakenBack(t *testing.T) {
	w, k := contested(t)
	ctx, iv := t.Context(), k.Interview
	w.cal.busy["seb@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-18 13:00"), End: w.at("2026-11-18 15:10")}}}
	w.cal.busy["dana@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-18 15:30"), End: w.at("2026-11-18 16:00")}}}
	w.tickDebriefs()
	w.due["debrief:"+iv.ID] = w.now // a second look says nothing twice
	w.tickDebriefs()
	if got := w.said(); got != "debrief:"+iv.ID {
		t.Fatalf("owed %q", got)
	}
	d := w.debriefs[iv.ID]
	if len(d.Offers) == 0 || d.OfferedTo != carla || fmt.Sprint(d.Points) != "[care]" {
		t.Fatalf("%+v", d)
	}
	for _, o := range d.Offers {
		if !w.freeAt(o, karly, seb, mark, dana) || o.Add(15*time.Minute).After(iv.Deadline) {
			t.Errorf("%s is offered", o)
		}
	}
	refused(t, w.BookDebrief(ctx, iv.ID, dana, d.Offers[0]), "", "Only a coordinator")
	refused(t, w.BookDebrief(ctx, iv.ID, carla, d.Offers[0].Add(time.Minute)), "", "isn't offered any more")
	if err := w.BookDebrief(ctx, iv.ID, carla, d.Offers[0]); err != nil {
		t.Fatal(err)
	}
	already(t, w.BookDebrief(ctx, iv.ID, carla, d.Offers[0]), "booked")
	if got := w.said(); got != "debrief-points:"+iv.ID+":1" || w.lanes[got] != outbox.CalendarLane(iv.ID) {
		t.Errorf("owed %q in %q", got, w.lanes[got])
	}
	insert := outbox.CalendarEffect(outbox.DebriefInsert, iv.ID, 1)
	insert.Attempt = 1
	h := DebriefHandler{w.Service}
	if _, err := h.Do(ctx, insert); err != nil {
		t.Fatal(err)
	}
	d = w.debriefs[iv.ID]
	ev, err := w.cal.Get(ctx, debriefEvent(iv.ID, 1))
	if err != nil || d.State != hiring.DebriefBooked {
		t.Fatalf("%+v, %v", d, err)
	}
	if all := fmt.Sprint(ev); strings.Contains(all, "Ana") || ev.Description != "https://slack.example/debrief-points:"+iv.ID+":1" || len(ev.Guests) != 4 || len(ev.Invited) != 4 {
		t.Errorf("the event is %+v", ev)
	}
	// Once more, as after a lost answer: the same event.
	insert.Attempt = 2
	if _, found, err := h.Look(ctx, insert); err != nil || !found || w.cal.lives() != 2 {
		t.Errorf("found %t, %v, %d events", found, err, w.cal.lives())
	}

	w.cal.person(ev.ID, func(ev *hiring.Event) { ev.Start, ev.End = w.at("2026-11-18 16:40"), w.at("2026-11-18 16:55") })
	w.follow()
	if d = w.debriefs[iv.ID]; !d.Start.Equal(w.at("2026-11-18 16:40")) || w.said() != fmt.Sprintf("debrief-news:%s:moved:%d", iv.ID, d.Revision) {
		t.Errorf("%+v", d)
	}
	if err := w.CancelDebrief(ctx, iv.ID, carla); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Do(ctx, outbox.CalendarEffect(outbox.DebriefDelete, iv.ID, 1)); err != nil || w.cal.lives() != 1 {
		t.Errorf("%v, %d events", err, w.cal.lives())
	}
	w.said()
	if err := h.Failed(ctx, outbox.CalendarEffect(outbox.DebriefDelete, iv.ID, 1)); err != nil || w.said() != fmt.Sprintf("debrief-news:%s:stuck:%d", iv.ID, d.Revision) {
		t.Errorf("Google refused to remove the event: %v, and nobody hears it", err)
	}
	if err := w.CancelDebrief(ctx, iv.ID, carla); err != nil || w.debriefs[iv.ID].Posted { // now the points
		t.Errorf("%v, %+v", err, w.debriefs[iv.ID])
	}
	already(t, w.CancelDebrief(ctx, iv.ID, carla), "taken back")
}

// What offers none, and what an offer says when there is no time.
func TestWhenADebriefIsOffered(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*world, *hiring.Case)
		want   string
	}{
		"apart":             {func(*world, *hiring.Case) {}, "offers"},
		"nothing contested": {func(_ *world, k *hiring.Case) { rate(k, "care", hiring.Strong) }, ""},
		"apart by one": {func(_ *world, k *hiring.Case) {
			rate(k, "care", hiring.Strong)
			rate(&hiring.Case{Cards: k.Cards[:1]}, "care", hiring.Beyond)
		}, ""},
		"not assessed is no low score": {func(_ *world, k *hiring.Case) {
			rate(k, "care", hiring.Beyond)
			rate(&hiring.Case{Cards: k.Cards[:1]}, "care", hiring.NotAssessed)
		}, ""},
		"red flag": {func(_ *world, k *hiring.Case) {
			rate(k, "care", hiring.Strong)
			k.Cards[0].Answers.Ratings["tempo"] = hiring.Rating{Level: hiring.Strong, Rated: true, RedFlags: []string{"rush"}}
		}, "offers"},
		"one missing": {func(_ *world, k *hiring.Case) {
			i := slices.IndexFunc(k.Cards, func(s *hiring.Scorecard) bool { return s.Panelist == karly })
			k.Cards[i].SubmittedAt = time.Time{}
		}, ""},
		"decided":                        {func(_ *world, k *hiring.Case) { k.Decision = &hiring.Decision{} }, ""},
		"a shadow's score doesn't count": {func(_ *world, k *hiring.Case) { seat(k, seb, hiring.Shadow) }, ""},
		"nor does a draft": {func(_ *world, k *hiring.Case) {
			seat(k, seb, hiring.Optional)
			k.Card(seb).SubmittedAt = time.Time{}
		}, ""},
		"deadline over": {func(w *world, k *hiring.Case) { k.Interview.Deadline = w.now }, ""},
		"never all free": {func(w *world, k *hiring.Case) {
			w.cal.busy["dana@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-18 09:00"), End: w.at("2026-11-19 11:00")}}}
		}, "closest 2026-11-19 11:00"},
		"unreadable": {func(w *world, k *hiring.Case) {
			w.cal.busy["dana@example.com"] = hiring.Calendar{Unreadable: "notFound"}
		}, "unreadable [dana]"},
		"the coordinator may not know": {func(w *world, k *hiring.Case) {
			k.Interview.Panel = append(slices.Clone(k.Interview.Panel), hiring.Panelist{Person: carla, Part: hiring.Optional})
		}, ""},
	} {
		w, k := contested(t)
		c.change(w, k)
		w.tickDebriefs()
		d, got := w.debriefs[k.Interview.ID], ""
		switch {
		case len(d.Offers) > 0:
			got = "offers"
		case !d.Closest.IsZero():
			got = "closest " + d.Closest.In(w.role.TimeZone()).Format("2006-01-02 15:04")
		case len(d.Unreadable) > 0:
			got = fmt.Sprint("unreadable ", d.Unreadable)
		}
		if got != c.want || (w.said() == "") != (c.want == "") {
			t.Errorf("%s: %q, %+v", name, got, d)
		}
	}
}

// seat gives a panelist another part.
func seat(k *hiring.Case, person string, part hiring.Part) {
	k.Interview.Panel = slices.Clone(k.Interview.Panel)
	for i := range k.Interview.Panel {
		if k.Interview.Panel[i].Person == person {
			k.Interview.Panel[i].Part = part
		}
	}
}

func rate(k *hiring.Case, competency string, level hiring.Level) {
	for _, s := range k.Cards {
		s.Answers.Ratings[competency] = hiring.Rating{Level: level, Rated: true}
	}
}

// A booked debrief that nothing is left to decide after is asked about once; one
// that was held, or isn't booked, isn't.
func TestABookedDebriefAfterTheDecision(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*world, *hiring.Case)
		want   string
	}{
		"decided":          {func(_ *world, k *hiring.Case) { k.Decision = &hiring.Decision{} }, "debrief-news:%s:needless:1"},
		"withdrawn":        {func(_ *world, k *hiring.Case) { k.Candidate.State = hiring.Withdrawn }, "debrief-news:%s:needless:1"},
		"still undecided":  {func(*world, *hiring.Case) {}, ""},
		"decided after it": {func(w *world, k *hiring.Case) { k.Decision, w.now = &hiring.Decision{}, w.debriefs[k.Interview.ID].End }, ""},
	} {
		w, k := contested(t)
		w.tickDebriefs()
		if err := w.BookDebrief(t.Context(), k.Interview.ID, carla, w.debriefs[k.Interview.ID].Offers[0]); err != nil {
			t.Fatal(err)
		}
		w.said()
		c.change(w, k)
		want := c.want
		if want != "" {
			want = fmt.Sprintf(want, k.Interview.ID)
		}
		w.due["debrief:"+k.Interview.ID] = w.now
		w.tickDebriefs()
		if got := w.said(); got != want || len(w.due) > 0 && w.due["debrief:"+k.Interview.ID] != (time.Time{}) {
			t.Errorf("%s: owed %q, want %q; due %v", name, got, want, w.due)
		}
	}
}

// Fifteen minutes that begin at a quarter past are enough.
func TestADebriefFitsAQuarterHour(t *testing.T) {
	w, k := contested(t)
	w.cal.busy["dana@example.com"] = hiring.Calendar{Busy: []hiring.Interval{
		{Start: w.at("2026-11-18 13:00"), End: w.at("2026-11-18 15:15")}, {Start: w.at("2026-11-18 15:30"), End: w.at("2026-11-18 18:00")},
	}}
	w.tickDebriefs()
	if got := w.debriefs[k.Interview.ID].Offers; len(got) != 1 || !got[0].Equal(w.at("2026-11-18 15:15")) {
		t.Errorf("offered %v", got)
	}
}

// A time that is gone is said once, and the interview's other search sees who
// has a debrief.
func TestADebriefWhoseTimeIsGone(t *testing.T) {
	w, k := contested(t)
	ctx, iv := t.Context(), k.Interview
	w.tickDebriefs()
	start := w.debriefs[iv.ID].Offers[0]
	if err := w.BookDebrief(ctx, iv.ID, carla, start); err != nil {
		t.Fatal(err)
	}
	people, err := w.attendees(ctx, w.role, []hiring.Panelist{{Person: seb, Part: hiring.Required}}, hiring.Interval{Start: w.now, End: w.now.Add(8 * time.Hour)}, "")
	if err != nil || !slices.Contains(people[0].Calendar.Busy, hiring.Interval{Start: start, End: start.Add(15 * time.Minute)}) {
		t.Errorf("%v, %v", people, err)
	}
	w.said()
	w.cal.busy["dana@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: start, End: start.Add(time.Hour)}}}
	insert := outbox.CalendarEffect(outbox.DebriefInsert, iv.ID, 1)
	insert.Attempt = 1
	if _, err := (DebriefHandler{w.Service}).Do(ctx, insert); err != nil {
		t.Fatal(err)
	}
	if d := w.debriefs[iv.ID]; d.State != hiring.DebriefTaken || d.Problem != "Dana is no longer free then." || w.said() != "debrief-news:"+iv.ID+":taken:1" {
		t.Errorf("%+v", d)
	}
}
