package schedule

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
)

// An offer says what is particular to it, in few words: menus have room for 75
// characters. What is bad about it is always said, but for what most offers
// share; of what is good, what fewest other offers can say too. What holds for
// most of them tells nothing apart. Offers that would read alike say in addition,
// as far as it takes, which part of the day they are in, how many days after the
// soonest, and which of that day's they are.

// A claim is something that can be said of an offer. What kind of thing it is
// decides how particular it is, whoever it names.
type claim struct{ kind, words string }

// A pitch is what can be said of one offer.
type pitch struct {
	first []string // whatever the others say
	goods []claim
	bads  []claim
	minor []claim   // what is bad as well, but hardly a reason to take another
	apart [3]string // one after the other, until no other offer reads alike
}

// reasons returns, for each of the chosen starts, why it is offered: in words,
// best first.
func (s *sweep) reasons(chosen []ranked) [][]string {
	soonest := s.open.next(0)
	pitches := make([]pitch, len(chosen))
	held := map[string]int{} // how many offers can say that kind of thing
	for i, r := range chosen {
		p := s.pitch(r.start, soonest)
		p.apart = [3]string{s.partOfDay(r.start), s.after(r.start, soonest), s.ofDay(r.start, chosen)}
		for _, c := range slices.Concat(p.goods, p.minor) {
			held[c.kind]++
		}
		pitches[i] = p
	}
	out := make([][]string, len(chosen))
	for i, p := range pitches {
		common := func(c claim) bool { return len(chosen) > 2 && 2*held[c.kind] > len(chosen) }
		goods, minor := slices.DeleteFunc(p.goods, common), slices.DeleteFunc(p.minor, common)
		slices.SortStableFunc(goods, func(a, b claim) int { return held[a.kind] - held[b.kind] })
		bads := append(p.bads, minor...)
		room := max(0, 2-len(p.first)-len(bads))
		out[i] = slices.Concat(p.first, words(goods[:min(len(goods), room)]), words(bads))
	}
	for level := range len(pitch{}.apart) {
		alike := map[string]int{}
		for i := range out {
			alike[strings.Join(out[i], "|")]++
		}
		for i := range out {
			if alike[strings.Join(out[i], "|")] > 1 || len(out[i]) == 0 {
				out[i] = append([]string{pitches[i].apart[level]}, out[i]...)
			}
		}
	}
	return out
}

func words(claims []claim) []string {
	var out []string
	for _, c := range claims {
		out = append(out, c.words)
	}
	return out
}

// pitch collects what speaks for and against a start.
func (s *sweep) pitch(start, soonest int64) pitch {
	var t team
	t.at(s, start)
	at := s.at(start)
	var p pitch
	if start == soonest {
		soon := "the soonest that suits everyone"
		if len(t.absent) > 0 {
			soon += " required"
		}
		p.first = append(p.first, soon)
	}
	if len(t.seated) > 0 {
		p.first = append(p.first, seatedWords(&t))
	}

	var lunch, early, late, splits, loaded []*person
	least := s.least(&t, at)
	for _, who := range t.takes {
		v := s.look(who, at)
		lunch, early, late = addIf(lunch, who, v.lunch), addIf(early, who, v.early), addIf(late, who, v.late)
		splits, loaded = addIf(splits, who, v.splits), addIf(loaded, who, s.load(who, at) > least)
	}
	if len(t.absent) > 0 {
		p.bads = append(p.bads, claim{"absent", "without " + strings.Join(namesOf(t.absent), ", ") + " (optional)"})
	}
	switch tooEarly, tooLate := s.candidateSees(at); {
	case tooEarly:
		p.bads = append(p.bads, claim{"candidate", "early for the candidate"})
	case tooLate:
		p.bads = append(p.bads, claim{"candidate", "late for the candidate"})
	}
	p.bads = say(p.bads, lunch, "cuts into %s lunch", whose)
	p.bads = say(p.bads, early, "first thing for %s", whom)
	p.bads = say(p.bads, late, "last thing for %s", whom)
	p.minor = say(p.minor, splits, "splits %s free time", whose)
	p.minor = say(p.minor, loaded, "more interviews that week for %s", whom)

	p.goods = s.goods(&t, start)
	if len(t.takes) > 1 && len(loaded) == 0 && least > 0 {
		p.goods = append(p.goods, claim{"load", "shares the load evenly"})
	}
	if len(lunch) == 0 {
		p.goods = append(p.goods, claim{"no lunch", "nobody's lunch"})
	}
	if len(splits) == 0 {
		p.goods = append(p.goods, claim{"no split", "keeps longer free stretches whole"})
	}
	return p
}

// goods returns what is good about a start, the more telling first.
func (s *sweep) goods(t *team, start int64) []claim {
	at := s.at(start)
	var out []claim
	if s.onlyOne(start) {
		out = append(out, claim{"only", "the only time that day"})
	}
	var extra, mornings, afternoons []*person
	busy := false // somebody has another interview that day
	for _, p := range t.takes {
		extra = addIf(extra, p, p.Part != hiring.Required && p.panel && !slices.Contains(t.seated, p))
		morning, afternoon := s.leaves(p, at)
		mornings, afternoons = addIf(mornings, p, morning), addIf(afternoons, p, afternoon)
		busy = busy || slices.Contains(p.dates, p.wall.day(at))
	}
	if len(t.absent) == 0 {
		out = say(out, extra, "%s can come too", whom)
	}
	out = say(out, mornings, "leaves %s morning whole", whose)
	out = say(out, afternoons, "leaves %s afternoon whole", whose)
	if !busy {
		out = append(out, claim{"day", "nobody's second interview that day"})
	}
	return out
}

// say adds a claim about some people, if there are any.
func say(to []claim, who []*person, format string, name func([]*person) string) []claim {
	if len(who) == 0 {
		return to
	}
	return append(to, claim{format, fmt.Sprintf(format, name(who))})
}

// leaves reports whether the person's morning or afternoon, the other half than
// the slot's, stays free as a whole, and is worth it: two hours or more.
func (s *sweep) leaves(p *person, at int64) (morning, afternoon bool) {
	midnight := at - floorMod(p.wall.local(at), oneDay)
	start, end := int64(p.Hours.Start/time.Second), int64(p.Hours.End/time.Second)
	whole := func(from, to int64) bool {
		return to-from >= 2*60*60 && slices.ContainsFunc(p.free, func(f span) bool { return f.from <= midnight+from && f.to >= midnight+to })
	}
	return at >= midnight+noon && whole(start, noon), at+s.length <= midnight+lunchEnd && whole(lunchEnd, end)
}

// onlyOne reports whether no other start of that date was found.
func (s *sweep) onlyOne(start int64) bool {
	next := s.open.next(start + 1)
	if next >= 0 && s.date(next) == s.date(start) {
		return false
	}
	for i := start - 1; i >= 0 && s.date(i) == s.date(start); i-- {
		if s.open.has(i) {
			return false
		}
	}
	return true
}

// partOfDay says when in the candidate's day the start is.
func (s *sweep) partOfDay(start int64) string {
	const hour = 60 * 60
	at := floorMod(s.candidate.local(s.at(start)), oneDay)
	for _, part := range [...]struct {
		until int64
		words string
	}{
		{9 * hour, "early in the morning"}, {9*hour + hour/2, "first thing in the morning"}, {11 * hour, "mid-morning"}, {noon, "late in the morning"},
		{13*hour + hour/2, "around midday"}, {15 * hour, "early in the afternoon"}, {17 * hour, "late in the afternoon"},
	} {
		if at < part.until {
			return part.words + " for the candidate"
		}
	}
	return "in the evening for the candidate"
}

// after says how long after the soonest slot the start is.
func (s *sweep) after(start, soonest int64) string {
	switch days := s.date(start) - s.date(soonest); days {
	case 0:
		return "on the first possible day"
	case 1:
		return "a day after the soonest"
	default:
		return fmt.Sprintf("%d days after the soonest", days)
	}
}

// ofDay says which of the chosen starts of that date it is.
func (s *sweep) ofDay(start int64, chosen []ranked) string {
	before, after := 0, 0
	for _, r := range chosen {
		switch {
		case s.date(r.start) != s.date(start) || r.start == start:
		case r.start < start:
			before++
		default:
			after++
		}
	}
	switch {
	case before == 0 && after == 0:
		return "the one offered that day"
	case before == 0:
		return "the first offered that day"
	case after == 0:
		return "the last offered that day"
	default:
		return fmt.Sprintf("number %d of those offered that day", before+1)
	}
}

// seatedWords says who of the pools takes part, and why they do and not others.
func seatedWords(t *team) string {
	var passed []choice
	var seated []choice
	for _, c := range t.could {
		if slices.Contains(t.seated, c.person) {
			seated = append(seated, c)
		} else {
			passed = append(passed, c)
		}
	}
	with := "with " + and(namesOf(t.seated))
	load := func(c choice) int { return c.load }
	cost := func(c choice) int { return c.cost }
	switch {
	case len(passed) == 0 && len(seated) == 1:
		return with + " (the only one free)"
	case len(passed) == 0:
		return with + " (the only ones free)"
	case fewer(load, seated, passed):
		return with + " (fewest interviews that week)"
	case fewer(cost, seated, passed):
		return with + " (suits their day best)"
	}
	return with
}

// fewer reports whether none of a has more than any of b, and some have less.
func fewer(of func(choice) int, a, b []choice) bool {
	byOf := func(x, y choice) int { return of(x) - of(y) }
	most, least := of(slices.MaxFunc(a, byOf)), of(slices.MinFunc(b, byOf))
	return most <= least && of(slices.MinFunc(a, byOf)) < of(slices.MaxFunc(b, byOf))
}

func addIf(list []*person, p *person, ok bool) []*person {
	if ok {
		return append(list, p)
	}
	return list
}

// whose says whose something is: "Ann's", "Ann's and Ben's", "3 people's".
func whose(who []*person) string {
	if len(who) > 2 {
		return fmt.Sprintf("%d people's", len(who))
	}
	list := namesOf(who)
	for i := range list {
		list[i] += "'s"
	}
	return and(list)
}

func whom(who []*person) string {
	if len(who) > 2 {
		return fmt.Sprintf("%d people", len(who))
	}
	return and(namesOf(who))
}

// and joins words: "Ann, Ben and Cy".
func and(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}
