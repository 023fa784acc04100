package schedule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
)

// A Rule is one of the rules that a slot keeps.
type Rule string

// The rules, by what breaks them.
const (
	RuleNotice         Rule = "notice"          // less ahead than the minimum notice
	RuleFrom           Rule = "from"            // before the day from which is looked
	RuleHorizon        Rule = "horizon"         // at or after the end of the horizon
	RuleHoliday        Rule = "holiday"         // on a holiday of the role
	RuleTwice          Rule = "twice"           // a clock is set back around then: nobody could say which time is meant
	RuleCandidateEarly Rule = "candidate_early" // begins before the candidate's hours
	RuleCandidateLate  Rule = "candidate_late"  // ends after them
	RuleUnreadable     Rule = "unreadable"      // the person's calendar can't be read
	RuleDayOff         Rule = "day_off"         // the person doesn't work that day
	RuleEarly          Rule = "early"           // begins before the person's hours
	RuleLate           Rule = "late"            // ends after them
	RuleInterview      Rule = "interview"       // the person is in another interview of ours
	RuleBusy           Rule = "busy"            // the person is busy
	RulePerDay         Rule = "per_day"         // the person has as many interviews that day as they may
	RulePerWeek        Rule = "per_week"        // the same of the week
	RulePool           Rule = "pool"            // a pool has fewer people than are needed of it
	RuleTaken          Rule = "taken"           // the candidate is in another interview of ours then
)

// An Objection is one thing that speaks against a time.
type Objection struct {
	Rule  Rule
	Who   string      // Slack user id; empty: it isn't about a panelist
	Name  string      // of the panelist
	Part  hiring.Part // theirs; who isn't required doesn't keep the time from being offered
	Slot  hiring.Interval
	With  hiring.Interval // what it collides with, for RuleBusy, RuleInterview and RuleTaken
	Limit time.Time       // where the hours begin or end, or the notice, the day or the horizon does
	Most  int             // interviews that there may be; of a pool, how many are needed
	Why   string          // in words: why a calendar can't be read; how long the notice is
}

// Required reports whether the time isn't offered because of it.
func (o Objection) Required() bool { return o.Part == "" || o.Part == hiring.Required }

// Against returns everything that speaks against holding the interview at a
// time, rule by rule and person by person, and who of the pools would take part:
// those who can, else those with the least against it. A time to which nothing
// required objects is one that Find offers, if it is on Find's grid.
func Against(q Question, start time.Time) (out []Objection, seats []string) {
	slot := hiring.Interval{Start: start, End: start.Add(q.Duration)}
	for _, taken := range q.taken(slot) {
		out = append(out, Objection{Rule: RuleTaken, Slot: slot, With: taken})
	}
	if soonest := q.Now.Add(q.Notice); start.Before(soonest) {
		out = append(out, Objection{Rule: RuleNotice, Slot: slot, Limit: soonest, Why: hiring.SpanWords(q.Notice)})
	}
	if start.Before(q.From) {
		out = append(out, Objection{Rule: RuleFrom, Slot: slot, Limit: q.From})
	}
	if !start.Before(q.Until) {
		out = append(out, Objection{Rule: RuleHorizon, Slot: slot, Limit: q.Until})
	}
	if q.Holiday != nil && q.Holiday(start.In(q.RoleZone)) {
		out = append(out, Objection{Rule: RuleHoliday, Slot: slot})
	}
	if shownTwice(slot, q.RoleZone) || shownTwice(slot, q.CandidateZone) {
		out = append(out, Objection{Rule: RuleTwice, Slot: slot})
	}
	day := start.In(q.CandidateZone)
	if clockAt(start, day) < q.Earliest {
		out = append(out, Objection{Rule: RuleCandidateEarly, Slot: slot, Limit: hiring.AtClock(day, q.Earliest)})
	}
	if clockAt(slot.End, day) > q.Latest {
		out = append(out, Objection{Rule: RuleCandidateLate, Slot: slot, Limit: hiring.AtClock(day, q.Latest)})
	}
	var optional []Objection
	for _, a := range q.Panel {
		if a.Part == hiring.Required {
			out = append(out, againstPerson(q, a, slot)...)
		} else {
			optional = append(optional, againstPerson(q, a, slot)...)
		}
	}
	more, seats := againstPools(q, slot)
	return slices.Concat(out, more, optional), seats
}

// taken returns the candidate's other interviews at that time.
func (q *Question) taken(slot hiring.Interval) []hiring.Interval {
	return slices.DeleteFunc(slices.Clone(q.Taken), func(iv hiring.Interval) bool { return !iv.Overlaps(slot) })
}

// clockAt is what the clock of a day's zone shows then, since that day's midnight.
func clockAt(t, day time.Time) time.Duration {
	y, m, d := day.Date()
	_, offset := t.In(day.Location()).Zone()
	return t.Add(time.Duration(offset) * time.Second).Sub(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
}

// againstPerson returns what speaks against the slot for one person.
func againstPerson(q Question, a Attendee, slot hiring.Interval) []Objection {
	about := func(rule Rule) Objection {
		return Objection{Rule: rule, Who: a.ID, Name: a.Name, Part: a.Part, Slot: slot}
	}
	var out []Objection
	if a.Calendar.Unreadable != "" {
		o := about(RuleUnreadable)
		o.Why = a.Calendar.Unreadable
		out = append(out, o)
	}
	day := slot.Start.In(a.Zone)
	if shownTwice(slot, a.Zone) {
		out = append(out, about(RuleTwice))
	}
	if !a.Hours.On(day.Weekday()) {
		out = append(out, about(RuleDayOff))
	} else {
		if clockAt(slot.Start, day) < a.Hours.Start {
			o := about(RuleEarly)
			o.Limit = hiring.AtClock(day, a.Hours.Start)
			out = append(out, o)
		}
		if clockAt(slot.End, day) > a.Hours.End {
			o := about(RuleLate)
			o.Limit = hiring.AtClock(day, a.Hours.End)
			out = append(out, o)
		}
	}
	padded := hiring.Interval{Start: slot.Start.Add(-q.Buffer), End: slot.End.Add(q.Buffer)}
	var seen []hiring.Interval
	inDay, inWeek := 0, 0
	for _, iv := range a.Interviews {
		if among(seen, iv) {
			continue
		}
		seen = append(seen, iv)
		s := iv.Start.In(a.Zone)
		if s.Format(time.DateOnly) == day.Format(time.DateOnly) {
			inDay++
		}
		if sameWeek(s, day) {
			inWeek++
		}
		if iv.Start.Before(iv.End) && iv.Overlaps(padded) {
			o := about(RuleInterview)
			o.With = iv
			out = append(out, o)
		}
	}
	for _, b := range a.Calendar.Busy {
		if b.Start.Before(b.End) && b.Overlaps(padded) && !among(seen, b) { // else it is said already
			seen = append(seen, b)
			o := about(RuleBusy)
			o.With = b
			out = append(out, o)
		}
	}
	if q.PerDay > 0 && inDay >= q.PerDay {
		o := about(RulePerDay)
		o.Most = q.PerDay
		out = append(out, o)
	}
	if q.PerWeek > 0 && inWeek >= q.PerWeek {
		o := about(RulePerWeek)
		o.Most = q.PerWeek
		out = append(out, o)
	}
	return out
}

func among(list []hiring.Interval, iv hiring.Interval) bool {
	return slices.ContainsFunc(list, func(o hiring.Interval) bool { return o.Start.Equal(iv.Start) && o.End.Equal(iv.End) })
}

func sameWeek(a, b time.Time) bool {
	ay, aw := a.ISOWeek()
	by, bw := b.ISOWeek()
	return ay == by && aw == bw
}

// againstPools seats the pools, and returns what speaks against whom it had to
// seat all the same.
func againstPools(q Question, slot hiring.Interval) (out []Objection, seats []string) {
	against := map[string][]Objection{}
	for _, p := range q.Pools {
		for _, a := range p.From {
			a.Part = hiring.Required
			against[a.ID] = againstPerson(q, a, slot)
		}
	}
	taken := map[string]bool{}
	for _, a := range q.Panel {
		taken[a.ID] = a.Part == hiring.Required
	}
	var free []Pool
	for _, p := range q.Pools {
		free = append(free, Pool{Need: p.Need, From: slices.DeleteFunc(slices.Clone(p.From), func(a Attendee) bool { return taken[a.ID] || len(against[a.ID]) > 0 })})
	}
	if seats, ok := seatPools(free, map[string]bool{}); ok {
		return nil, seats
	}
	for _, p := range q.Pools {
		from := slices.DeleteFunc(slices.Clone(p.From), func(a Attendee) bool { return taken[a.ID] })
		slices.SortStableFunc(from, func(a, b Attendee) int { return cmp.Compare(len(against[a.ID]), len(against[b.ID])) })
		if len(from) < p.Need {
			out = append(out, Objection{Rule: RulePool, Slot: slot, Most: p.Need})
		}
		for _, a := range from[:min(p.Need, len(from))] {
			taken[a.ID] = true
			seats = append(seats, a.ID)
			out = append(out, against[a.ID]...)
		}
	}
	return out, seats
}

// seatPools finds enough people for each pool, nobody twice; false: there is no
// way to. It tries them all.
func seatPools(pools []Pool, taken map[string]bool) ([]string, bool) {
	if len(pools) == 0 {
		return nil, true
	}
	p, rest := pools[0], pools[1:]
	if p.Need == 0 {
		return seatPools(rest, taken)
	}
	if len(p.From) < p.Need {
		return nil, false
	}
	for i, a := range p.From {
		if taken[a.ID] {
			continue
		}
		taken[a.ID] = true
		more, ok := seatPools(append([]Pool{{Need: p.Need - 1, From: p.From[i+1:]}}, rest...), taken)
		taken[a.ID] = false
		if ok {
			return append([]string{a.ID}, more...), true
		}
	}
	return nil, false
}

// Words says the objection, its times in the zone.
func (o Objection) Words(zone *time.Location) string {
	within := "" // of the buffer only
	if !o.With.Overlaps(o.Slot) {
		within = ", too close to it"
	}
	switch o.Rule {
	case RuleNotice:
		return "It is less than " + o.Why + " ahead."
	case RuleFrom:
		return "It is before " + o.Limit.In(zone).Format("Mon 2 Jan") + ", from which you look."
	case RuleHorizon:
		return "It is further ahead than the role's horizon, " + o.Limit.In(zone).Format("Mon 2 Jan") + "."
	case RuleTwice:
		return "A clock is set back around then, and shows that time twice."
	case RuleHoliday:
		return "It is on a holiday."
	case RuleCandidateEarly:
		return "It begins before the candidate's hours do (" + sayClock(o.Limit, zone) + ")."
	case RuleCandidateLate:
		return "It ends at " + sayClock(o.Slot.End, zone) + ", after the candidate's hours end at " + sayClock(o.Limit, zone) + "."
	case RuleTaken:
		return "The candidate is in another interview then (" + sayStretch(o.With, zone) + ")."
	case RulePool:
		return fmt.Sprintf("Fewer than the %d people who are needed are named for one of the seats.", o.Most)
	case RuleUnreadable:
		return fmt.Sprintf("%s's calendar can't be read (%s): whether they are free is unknown.", o.Name, o.Why)
	case RuleDayOff:
		return o.Name + " doesn't work that day."
	case RuleEarly:
		return "It begins before " + o.Name + "'s hours do (" + sayClock(o.Limit, zone) + ")."
	case RuleLate:
		return "It ends at " + sayClock(o.Slot.End, zone) + ", after " + o.Name + "'s hours end at " + sayClock(o.Limit, zone) + "."
	case RuleInterview:
		return o.Name + " is in another interview, " + sayStretch(o.With, zone) + within + "."
	case RuleBusy:
		return o.Name + " is busy, " + sayStretch(o.With, zone) + within + "."
	case RulePerDay:
		return fmt.Sprintf("%s already has %s that day.", o.Name, hiring.Counted(o.Most, "interview"))
	default:
		return fmt.Sprintf("%s already has %s that week.", o.Name, hiring.Counted(o.Most, "interview"))
	}
}

// sayClock writes a time of the day with its zone: "5:15 pm CST".
func sayClock(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("3:04 pm ") + sayZone(t, zone)
}

// sayTime writes a time with its day and zone: "Wed 25 Nov, 2:00 pm CST".
func sayTime(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon 2 Jan, ") + sayClock(t, zone)
}

// sayStretch writes a stretch of one day, of several with its days, or of whole
// days.
func sayStretch(iv hiring.Interval, zone *time.Location) string {
	from, to := iv.Start.In(zone), iv.End.In(zone)
	const midnight, day = "00:00:00", "Mon 2 Jan"
	if from.Format(time.TimeOnly) == midnight && to.Format(time.TimeOnly) == midnight {
		if last := to.AddDate(0, 0, -1); last.After(from) {
			return "all of " + from.Format(day) + " to " + last.Format(day)
		}
		return "all of " + from.Format(day)
	}
	if from.Format(time.DateOnly) != to.Format(time.DateOnly) {
		return sayTime(from, zone) + " to " + sayTime(to, zone)
	}
	if from.Format("pm") != to.Format("pm") {
		return from.Format("3:04 pm") + "–" + sayClock(to, zone)
	}
	return from.Format("3:04") + "–" + sayClock(to, zone)
}

// sayZone is what people call the zone then; where it has no letters, its name.
func sayZone(t time.Time, zone *time.Location) string {
	name, _ := t.In(zone).Zone()
	if strings.Trim(name, "+-0123456789") == "" {
		return "(" + zone.String() + ")"
	}
	return name
}
