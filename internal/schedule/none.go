package schedule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
)

// none says what is in the way when there is no slot.
func (q *Question) none() Answer {
	var ans Answer
	for _, a := range q.Panel {
		if a.Part == hiring.Required && a.Calendar.Unreadable != "" {
			ans.InWay = append(ans.InWay, fmt.Sprintf("%s's calendar can't be read (%s). Unknown is never taken for free.", a.Name, a.Calendar.Unreadable))
		}
	}
	if len(ans.InWay) > 0 {
		return ans
	}
	blockedBy := map[string]int{}
	possible, unfilled := 0, 0
	pools := q.onlyPools().sweep()
	pools.search()
	for i := range pools.count {
		start := pools.instant(i)
		slot := hiring.Interval{Start: start, End: start.Add(q.Duration)}
		if !q.candidateCan(slot) || q.holiday(start) || shownTwice(slot, q.RoleZone) || len(q.taken(slot)) > 0 {
			continue
		}
		blockers, inHours := q.blockers(slot)
		if !inHours {
			continue
		}
		possible++
		if !pools.open.has(i) {
			unfilled++
		}
		for _, id := range blockers {
			blockedBy[id]++
		}
	}
	ans.InWay = q.explain(possible, unfilled, blockedBy)
	return ans
}

// blockers returns the ids of who of the required can't at a time that is inside
// everybody's hours.
func (q *Question) blockers(slot hiring.Interval) (ids []string, inHours bool) {
	for _, a := range q.Panel {
		if a.Part != hiring.Required {
			continue
		}
		against := againstPerson(*q, a, slot)
		if slices.ContainsFunc(against, func(o Objection) bool {
			return slices.Contains([]Rule{RuleDayOff, RuleEarly, RuleLate, RuleTwice}, o.Rule)
		}) {
			return nil, false
		}
		if len(against) > 0 {
			ids = append(ids, a.ID)
		}
	}
	return ids, true
}

// onlyPools is the question without its panel. Who is required is in no pool
// besides.
func (q *Question) onlyPools() *Question {
	only := *q
	only.Panel, only.Pools = nil, slices.Clone(q.Pools)
	for i := range only.Pools {
		only.Pools[i].From = slices.DeleteFunc(slices.Clone(only.Pools[i].From), func(a Attendee) bool {
			return slices.ContainsFunc(q.Panel, func(p Attendee) bool { return p.ID == a.ID && p.Part == hiring.Required })
		})
	}
	return &only
}

// explain says what is in the way when there is no slot at all.
func (q *Question) explain(possible, unfilled int, blockedBy map[string]int) []string {
	if possible == 0 {
		return []string{fmt.Sprintf("No time before %s is inside both the panel's working hours and the candidate's hours (%s–%s, %s).",
			q.Until.In(q.RoleZone).Format("Mon 2 Jan"), clock(q.Earliest), clock(q.Latest), q.CandidateZone)}
	}
	inTheWay := slices.DeleteFunc(slices.Clone(q.Panel), func(a Attendee) bool { return blockedBy[a.ID] == 0 })
	slices.SortStableFunc(inTheWay, func(a, b Attendee) int {
		return cmp.Or(cmp.Compare(blockedBy[b.ID], blockedBy[a.ID]), cmp.Compare(a.Name, b.Name))
	})
	var out []string
	for _, a := range inTheWay {
		if blockedBy[a.ID] == possible {
			out = append(out, fmt.Sprintf("%s isn't free at any of the %d possible times.", a.Name, possible))
			continue
		}
		out = append(out, fmt.Sprintf("%s isn't free at %d of the %d possible times.", a.Name, blockedBy[a.ID], possible))
	}
	if unfilled > 0 {
		out = append(out, fmt.Sprintf("At %d of the %d possible times too few are free of %s.", unfilled, possible, q.pooled()))
	}
	return out
}

// pooled names the pools: "any 2 of Ann, Ben and Cy".
func (q *Question) pooled() string {
	var out []string
	for _, pool := range q.Pools {
		var who []string
		for _, a := range pool.From {
			who = append(who, a.Name)
		}
		slices.Sort(who)
		out = append(out, fmt.Sprintf("any %d of %s", pool.Need, and(who)))
	}
	return strings.Join(out, ", and of ")
}

func clock(d time.Duration) string {
	return fmt.Sprintf("%d:%02d", d/time.Hour, d%time.Hour/time.Minute)
}
