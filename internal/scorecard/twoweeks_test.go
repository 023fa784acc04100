package scorecard

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
)

// run lets time pass until end, from one piece of due work to the next, doing
// what people do meanwhile, and returns what was sent: "instant recipient what".
func (w *world) run(end time.Time, people map[time.Time]func()) []string {
	w.t.Helper()
	var sent []string
	for {
		next, do := end, func() {}
		for at, f := range people {
			if at.After(w.now) && at.Before(next) {
				next, do = at, f
			}
		}
		for _, d := range w.due {
			if d.At.Before(next) {
				next, do = later(d.At, w.now), func() {}
			}
		}
		if !next.Before(end) {
			return sent
		}
		w.now = next
		do()
		if people[next] != nil {
			delete(people, next)
		}
		for key := range strings.FieldsSeq(w.tick("")) {
			parts := strings.Split(key, ":")
			to, what := parts[1], parts[0]
			switch what {
			case "kit":
				continue
			case "score":
				to, what = parts[2], "score "+parts[1]
			case "escalation":
				to, what = parts[4], "escalation "+parts[1]+", "+parts[2]
			}
			sent = append(sent, w.now.UTC().Format("Mon 02 Jan 15:04Z ")+to+" "+what)
		}
	}
}

// busyFrom makes somebody busy between two wall clocks of their zone.
func (w *world) busyFrom(person, from, to string) {
	z := w.who[person].TimeZone(time.UTC)
	cal := w.busy[person]
	cal.Busy = append(cal.Busy, hiring.Interval{Start: at(w.t, z, from), End: at(w.t, z, to)})
	w.busy[person] = cal
}

// The whole policy in two weeks of March 2027: Karly in Chicago, 9 to 17, whose
// clocks go forward on Sunday the 14th (from UTC-6 to UTC-5); Seb in Auckland
// (UTC+13), 8 to 16. Wednesday the 17th is a holiday. Nobody hands anything in until
// the second Friday.
func TestTwoWeeks(t *testing.T) {
	w := newWorld(t)
	chicago := zone(t, "America/Chicago")
	clock := func(text string) time.Time { return at(t, chicago, "2027-03-"+text) }
	w.now = clock("08 08:00")
	w.Holidays = func(hiring.Holidays) func(time.Time) bool {
		return func(d time.Time) bool { return d.Format(time.DateOnly) == "2027-03-17" }
	}
	p := w.who[seb]
	p.Hours = hiring.Hours{Days: nineFive.Days, Start: 8 * time.Hour, End: 16 * time.Hour}
	w.who[seb] = p
	ana := w.cases["ana"]
	for id, end := range map[string]string{"ana": "09 11:00", "ben": "09 14:30"} { // two on one day
		k, iv := *ana, *ana.Interview
		iv.ID, iv.Start, iv.End, iv.Deadline = id, clock(end).Add(-45*time.Minute), clock(end), clock("26 17:00")
		iv.Panel = []hiring.Panelist{{Person: karly, Part: hiring.Required}, {Person: seb, Part: hiring.Required}}
		if id == "ben" {
			iv.Panel = iv.Panel[:1]
		}
		k.Interview = &iv
		w.cases[id] = &k
		w.interviewDue(id)
	}
	for _, b := range [][3]string{
		{karly, "10 08:30", "10 10:05"},
		{karly, "11 09:00", "11 17:00"},
		{karly, "12 09:00", "12 10:00"},
		{karly, "15 09:00", "15 09:30"}, {karly, "15 09:40", "15 12:00"},
		{seb, "12 07:00", "12 16:00"},
	} {
		w.busyFrom(b[0], "2027-03-"+b[1], "2027-03-"+b[2])
	}
	got := w.run(clock("20 12:00"), map[time.Time]func(){
		clock("12 09:10"): func() { w.putOff(karly, clock("15 09:00")) },
		clock("16 09:05"): func() { w.putOff(karly, clock("16 16:45")) },
		clock("18 09:05"): func() { w.google = errors.New("google is down") },
		clock("19 10:00"): func() {
			for _, id := range []string{"ana", "ben"} {
				if err := w.Submit(t.Context(), id, karly, good("")); err != nil {
					t.Error(err)
				}
			}
		},
	})
	var want []string
	for line := range strings.Lines(twoWeeks) {
		if line, _, _ = strings.Cut(line, "#"); strings.TrimSpace(line) != "" {
			want = append(want, strings.TrimSpace(line))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("sent:\n%s", strings.Join(got, "\n"))
	}
}

const twoWeeks = `
	Tue 09 Mar 17:00Z karly score ana            # 11:00 in Chicago, as the interview ends
	Tue 09 Mar 17:00Z seb score ana
	Tue 09 Mar 20:30Z karly score ben            # the second one on that day
	Tue 09 Mar 21:00Z karly nag                  # 15:00: four hours after the first, and for both
	Tue 09 Mar 21:00Z seb nag                    # Wednesday, 10:00 in Auckland
	Wed 10 Mar 16:15Z karly nag                  # 10:15: busy until 10:05
	Wed 10 Mar 19:00Z seb nag                    # Thursday, 8:00
	Thu 11 Mar 22:45Z carla escalation ana, karly
	Thu 11 Mar 22:45Z carla escalation ben, karly
	Thu 11 Mar 22:45Z karly nag                  # 16:45: busy all day; the third day, so Carla hears
	Fri 12 Mar 02:45Z carla escalation ana, seb
	Fri 12 Mar 02:45Z seb nag                    # Friday, 15:45: busy all of a day that ends at 16:00
	Fri 12 Mar 16:00Z dana escalation ana, karly # put off until Monday at 9:10, while busy until 10:00:
	Fri 12 Mar 16:00Z dana escalation ben, karly # no reminder, but the day counts
	Sun 14 Mar 19:00Z karly escalation ana, seb  # after the weekend; Karly coordinates too
	Sun 14 Mar 19:00Z seb nag                    # Monday, 8:00
	Mon 15 Mar 17:00Z wanda escalation ana, karly
	Mon 15 Mar 17:00Z wanda escalation ben, karly
	Mon 15 Mar 17:00Z karly nag                  # 12:00, an hour nearer to UTC; ten minutes between meetings aren't free
	Mon 15 Mar 19:00Z dana escalation ana, seb
	Mon 15 Mar 19:00Z seb nag                    # Tuesday, 8:00
	Tue 16 Mar 14:00Z wanda escalation ana, karly
	Tue 16 Mar 14:00Z wanda escalation ben, karly
	Tue 16 Mar 14:00Z karly nag                  # 9:00
	Tue 16 Mar 21:45Z karly again                # 16:45, as she asked at 9:05
	Wed 17 Mar 19:00Z wanda escalation ana, seb  # the holiday is left out in both zones
	Wed 17 Mar 19:00Z seb nag                    # Thursday, 8:00
	Thu 18 Mar 14:00Z wanda escalation ana, karly
	Thu 18 Mar 14:00Z wanda escalation ben, karly
	Thu 18 Mar 14:00Z karly nag                  # 9:00
	Fri 19 Mar 02:45Z wanda escalation ana, seb
	Fri 19 Mar 02:45Z seb nag                    # Friday, 15:45: Google didn't answer at 8:00
	                                             # Karly's would come at 16:45 for the same reason; she handed in at 10:00
`

// putOff is the person's word that they want no reminder until then.
func (w *world) putOff(person string, until time.Time) {
	w.t.Helper()
	if err := w.Service.Snooze(w.t.Context(), person, until); err != nil {
		w.t.Error(err)
	}
}
