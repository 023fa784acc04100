package decision

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"convene/internal/hiring"
)

func nineToFive(zone string, t testing.TB, holidays ...string) Rhythm {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return Rhythm{
		Zone: loc, Preview: 9 * time.Hour, Summary: 16 * time.Hour,
		Hours:   hiring.Hours{Days: []time.Weekday{1, 2, 3, 4, 5}, Start: 9 * time.Hour, End: 17 * time.Hour},
		Holiday: func(day time.Time) bool { return slices.Contains(holidays, day.Format(time.DateOnly)) },
	}
}

func (r Rhythm) at(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, r.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestPlannedBackwards(t *testing.T) {
	const chicago = "America/Chicago"
	for _, tt := range []struct {
		why, zone, holiday, end, deadline string
		scorecards, decision              string
	}{
		{"a usual week", chicago, "", "2026-11-18 15:00", "2026-11-23 17:00", "2026-11-23 09:00", "2026-11-23 16:30"},
		{"clocks went back the day before", chicago, "", "2026-10-30 11:00", "2026-11-02 17:00", "2026-11-02 11:00", "2026-11-02 16:30"},
		{"clocks went forward the day before", chicago, "", "2027-03-10 11:00", "2027-03-15 17:00", "2027-03-15 09:00", "2027-03-15 16:30"},
		{"a day that is skipped at its start", "America/Santiago", "", "2026-09-02 11:00", "2026-09-07 17:00", "2026-09-07 09:00", "2026-09-07 16:30"},
		{"Monday is a holiday", chicago, "2027-05-31", "2027-05-27 09:15", "2027-06-01 17:00", "2027-06-01 09:00", "2027-06-01 16:30"},
		{"Monday is a holiday, and the deadline stays", chicago, "2027-05-31", "2027-05-27 09:15", "2027-05-31 17:00", "2027-05-28 09:15", "2027-05-28 16:30"},
		{"on Friday afternoon: a working day to write", chicago, "", "2026-11-20 15:00", "2026-11-23 17:00", "2026-11-23 15:00", "2026-11-23 16:30"},
		{"on Friday evening: less", chicago, "", "2026-11-20 17:30", "2026-11-23 17:00", "2026-11-23 16:00", "2026-11-23 16:30"},
		{"a deadline at noon, before the summary", chicago, "", "2026-11-18 15:00", "2026-11-23 12:00", "2026-11-23 09:00", "2026-11-23 11:30"},
		{"a deadline early in the morning", chicago, "", "2026-11-18 15:00", "2026-11-23 09:30", "2026-11-23 09:00", "2026-11-23 09:00"},
		{"a deadline at midnight", chicago, "", "2026-11-18 15:00", "2026-11-23 23:59", "2026-11-23 09:00", "2026-11-23 16:30"},
		{"a hold to a Saturday", chicago, "", "2026-11-18 15:00", "2026-12-05 17:00", "2026-12-04 09:00", "2026-12-04 16:30"},
		{"interviewed an hour before the deadline", chicago, "", "2026-11-23 16:15", "2026-11-23 17:00", "2026-11-23 16:15", "2026-11-23 16:30"},
		{"another zone", "Pacific/Auckland", "", "2026-11-18 15:00", "2026-11-23 17:00", "2026-11-23 09:00", "2026-11-23 16:30"},
	} {
		r := nineToFive(tt.zone, t, tt.holiday)
		p := r.plan(r.at(t, tt.end).UTC(), r.at(t, tt.deadline).UTC())
		show := func(at time.Time) string { return at.In(r.Zone).Format("2006-01-02 15:04") }
		if show(p.ScorecardsBy) != tt.scorecards || show(p.DecisionBy) != tt.decision || show(p.NoticeBy) != tt.deadline {
			t.Errorf("%s: scorecards %s, decision %s, notice %s; want %s, %s", tt.why, show(p.ScorecardsBy), show(p.DecisionBy), show(p.NoticeBy), tt.scorecards, tt.decision)
		}
	}
}

// Ana's week, hour by hour, as it is seen with what has been done by then.
func TestLights(t *testing.T) {
	done := map[string]func(*world){
		"":    func(*world) {},
		"one": func(w *world) { submit(w.ana(), karly, hiring.Yes, 3, 3) },
		"all": func(w *world) { complete(w.ana()) },
		"decided": func(w *world) {
			complete(w.ana())
			w.ana().Decision = &hiring.Decision{Outcome: hiring.Advance, By: dana}
		},
		"told":      func(w *world) { w.ana().ToldAt = w.now },
		"withdrew":  func(w *world) { w.ana().Candidate.State = hiring.Withdrawn },
		"cancelled": func(w *world) { w.ana().Interview.State = hiring.Cancelled },
		"not held":  func(w *world) { w.ana().Interview.State = hiring.NotHeld },
		"hold": func(w *world) {
			complete(w.ana())
			w.ana().Decision = &hiring.Decision{Outcome: hiring.Hold, By: dana}
			w.ana().Notice = &hiring.Notice{State: hiring.NoticeTold}
			w.ana().Interview.Deadline = w.at("2026-12-04 17:00")
		},
		"enough": func(w *world) { w.ana().Interview.Deadline = w.at("2026-11-18 17:00") },
		"short":  func(w *world) { w.ana().Interview.Deadline = w.at("2026-11-18 16:45") },
	}
	for _, tt := range []struct {
		now, done string
		light     Light
		act       string
		whose     string
		reason    string
	}{
		{"2026-11-18 10:00", "", Green, "the interview", "karly drew", ""},
		{"2026-11-18 10:00", "short", Amber, "the interview", "karly drew", "ends shortly before the deadline"},
		{"2026-11-18 10:00", "enough", Green, "the interview", "karly drew", ""},
		{"2026-11-18 10:00", "cancelled", "", "", "", ""},
		{"2026-11-18 15:00", "", Green, "the scorecards", "karly drew", ""},
		{"2026-11-20 14:59", "one", Green, "the scorecards", "drew", ""},
		{"2026-11-20 15:00", "one", Amber, "the scorecards", "drew", "little working time is left for the scorecards"},
		{"2026-11-21 12:00", "one", Amber, "the scorecards", "drew", "little working time"},
		{"2026-11-23 09:00", "one", Amber, "the scorecards", "drew", "the planned time for the scorecards has passed"},
		{"2026-11-23 09:01", "all", Green, "a decision", "dana drew", ""},
		{"2026-11-23 14:29", "all", Green, "a decision", "dana drew", ""},
		{"2026-11-23 14:30", "all", Amber, "a decision", "dana drew", "little working time"},
		{"2026-11-23 14:01", "decided", Green, "telling the candidate", "dana", ""},
		{"2026-11-23 15:00", "decided", Amber, "telling the candidate", "dana", "little working time is left for telling"},
		{"2026-11-23 16:29", "all", Amber, "a decision", "dana drew", "little working time"},
		{"2026-11-23 16:29", "one", Amber, "the scorecards", "drew", "has passed"},
		{"2026-11-23 16:30", "all", Red, "a decision", "dana drew", "at most half an hour"},
		{"2026-11-23 17:00", "decided", Red, "telling the candidate", "dana", "the deadline has passed"},
		{"2026-11-23 17:00", "told", "", "", "", ""},
		{"2026-11-23 17:00", "withdrew", "", "", "", ""},
		{"2026-11-23 17:00", "not held", "", "", "", ""},
		{"2026-11-23 17:00", "hold", Green, "a decision", "dana drew", ""},
		{"2026-12-04 14:30", "hold", Amber, "a decision", "dana drew", "little working time"},
		{"2026-12-04 16:30", "hold", Red, "a decision", "dana drew", "half an hour"},
	} {
		w := newWorld(t)
		w.now = w.at(tt.now)
		done[tt.done](w)
		p := PlanOf(w.ana(), nineToFive("America/Chicago", t), w.now)
		if p.Light != tt.light || p.NextAct != tt.act || strings.Join(p.Whose, " ") != tt.whose || !strings.Contains(p.Reason, tt.reason) || (p.Reason == "") != (tt.reason == "") {
			t.Errorf("%s, %s: %s, %s by %v (%s); want %+v", tt.now, tt.done, p.Light, p.NextAct, p.Whose, p.Reason, tt)
		}
	}
}

// As time passes without an act, a light only gets worse, and the acts of a plan
// stand in their order.
func TestLightsNeverGetBetterByThemselves(t *testing.T) {
	worse := map[Light]int{Green: 1, Amber: 2, Red: 3}
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		r := nineToFive(rapid.SampledFrom([]string{"America/Chicago", "Pacific/Auckland"}).Draw(rt, "zone"), t, "2026-11-02")
		minutes := func(name string, from, to int) time.Duration {
			return time.Duration(rapid.IntRange(from, to).Draw(rt, name)) * 15 * time.Minute
		}
		r.Hours.End = r.Hours.Start + minutes("a day's length", 2, 50)
		r.Preview, r.Summary = minutes("preview", 0, 95), minutes("summary", 0, 95)
		k := *w.add("ben", "2026-11-18 14:00")
		w.cases = w.cases[:1]
		iv := *k.Interview
		k.Interview = &iv
		iv.End = r.at(t, "2026-10-26 00:00").Add(minutes("end", 0, 7*96))
		iv.Deadline = iv.End.Add(minutes("deadline", -8, 8*96))
		switch rapid.IntRange(0, 2).Draw(rt, "done") {
		case 1:
			complete(&k)
		case 2:
			k.Decision = &hiring.Decision{Outcome: hiring.Decline, By: dana}
		}
		last := Plan{Light: Green}
		for now := iv.End.Add(-6 * time.Hour); now.Before(later(iv.End, iv.Deadline).Add(time.Hour)); now = now.Add(45 * time.Minute) {
			p := PlanOf(&k, r, now)
			if worse[p.Light] < worse[last.Light] {
				rt.Fatalf("%s: %s after %s (%s)", now, p.Light, last.Light, last.Reason)
			}
			if p.ScorecardsBy.After(p.DecisionBy) || p.DecisionBy.After(p.NoticeBy) || (p.Light == Green) != (p.Reason == "") {
				rt.Fatalf("%s: %+v", now, p)
			}
			last = p
		}
		if last.Light != Red {
			rt.Fatalf("an hour after the deadline: %s", last.Light)
		}
	})
}
