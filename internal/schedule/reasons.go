package schedule

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"convene/internal/hiring"
)

// An offer says what is particular to it, in few words. What is bad about it is
// always said, but for what most offers share; of what is good, what fewest
// other offers can say too, and of the best one also what others can. Offers that
// would read alike say in addition which part of the day they are in, or how many
// days ahead, whichever tells them apart.

// reasonRoom is how many characters the reasons of an offer may take: a menu has
// room for 75, and the best one begins with "Best: ".
// https://docs.slack.dev/reference/block-kit/composition-objects/option-object
const reasonRoom = 75 - len("Best: ")

// A claim is something that can be said of an offer. What kind of thing it is
// decides how particular it is, whoever it names.
type claim struct{ kind, words, short string }

// A pitch is what can be said of one offer.
type pitch struct {
	first []claim // whatever the others say
	apart []claim // what tells it from others that read alike
	goods []claim
	bads  []claim
	minor []claim // what is bad as well, but hardly a reason to take another
}

// reasons returns, for each of the chosen starts, the best one first, why it is
// offered: in words, best first.
func (s *sweep) reasons(chosen []ranked) [][]string {
	s.call()
	soonest := s.open.next(0)
	pitches := make([]pitch, len(chosen))
	held := map[string]int{} // how many offers can say that kind of thing
	for i, r := range chosen {
		pitches[i] = s.pitch(r.start, soonest)
		for _, c := range slices.Concat(pitches[i].goods, pitches[i].minor) {
			held[c.kind]++
		}
	}
	common := func(c claim) bool { return len(chosen) > 2 && 2*held[c.kind] > len(chosen) }
	for i := range pitches {
		p := &pitches[i]
		if p.minor = slices.DeleteFunc(p.minor, common); i > 0 {
			p.goods = slices.DeleteFunc(p.goods, common)
		}
		slices.SortStableFunc(p.goods, func(a, b claim) int { return held[a.kind] - held[b.kind] })
		p.goods = p.goods[:min(len(p.goods), max(0, 2-len(p.first)-len(p.bads)-len(p.minor)))]
	}
	s.tellApart(pitches, chosen)
	out := make([][]string, len(chosen))
	for i := range pitches {
		out[i] = pitches[i].words()
	}
	return out
}

// tellApart adds to what is said of offers that read alike, or say nothing.
func (s *sweep) tellApart(pitches []pitch, chosen []ranked) {
	for range 3 { // part of the day, days ahead, and which of that day's it is
		alike := map[string][]int{}
		for i := range pitches {
			said := strings.Join(pitches[i].words(), "|")
			alike[said] = append(alike[said], i)
		}
		for said, group := range alike {
			if len(group) == 1 && said != "" {
				continue
			}
			for _, i := range group {
				start := chosen[i].start
				sameDay := slices.ContainsFunc(group, func(o int) bool { return o != i && s.date(chosen[o].start) == s.date(start) })
				pitches[i].add(sameDay || len(group) == 1, s.partOfDay(start), s.ahead(start), s.ofDay(start, chosen))
			}
		}
	}
}

// add says one thing more: the part of the day before how far ahead it is where
// that tells it apart, and at last which of the day's offers it is.
func (p *pitch) add(within bool, part, ahead, ofDay string) {
	order := []string{ahead, part, ofDay}
	if within {
		order = []string{part, ofDay, ahead}
	}
	if slices.ContainsFunc(p.bads, func(c claim) bool { return c.kind == "candidate" }) { // it says the part of the day
		order = slices.DeleteFunc(order, func(words string) bool { return words == part })
	}
	for _, words := range order {
		if !slices.ContainsFunc(p.apart, func(c claim) bool { return c.words == words }) {
			p.apart = append(p.apart, claim{"apart", words, words})
			return
		}
	}
}

// words says as much as there is room for: what is least worth saying goes first,
// then names give way to numbers, then what only tells offers apart goes, and at
// last it is said that there is more.
func (p *pitch) words() []string {
	head, tail := slices.Concat(p.first, p.apart), slices.Concat(p.bads, p.minor)
	for _, short := range []bool{false, true} {
		for n := len(p.goods); n >= 0; n-- {
			if out, fits := said(short, head, p.goods[:n], tail); fits {
				return out
			}
		}
		if out, fits := said(short, head, p.bads); fits {
			return out
		}
	}
	for n := len(p.apart) - 1; n >= 0; n-- {
		if out, fits := said(true, p.first, p.apart[:n], p.bads); fits {
			return out
		}
	}
	all := slices.Concat(p.first, p.bads)
	for n := len(all) - 1; n > 0; n-- {
		more := claim{short: fmt.Sprintf("%d more against it", len(all)-n)}
		if out, fits := said(true, all[:n], []claim{more}); fits || n == 1 {
			return out
		}
	}
	return nil // not reached: one thing alone always fits
}

// said returns the words of claims, and whether there is room for them.
func said(short bool, lists ...[]claim) (out []string, fits bool) {
	for _, c := range slices.Concat(lists...) {
		if short {
			out = append(out, c.short)
		} else {
			out = append(out, c.words)
		}
	}
	return out, utf8.RuneCountInString(strings.Join(out, ", ")) <= reasonRoom
}

// pitch collects what speaks for and against a start.
func (s *sweep) pitch(start, soonest int64) pitch {
	var t team
	t.at(s, start)
	at := s.at(start)
	var p pitch
	if start == soonest {
		p.first = append(p.first, claim{"soonest", "the soonest", "the soonest"})
	}
	if len(t.seated) > 0 {
		p.first = append(p.first, seatedClaim(&t))
	}

	var lunch, early, late, splits, loaded []*person
	least := s.least(&t, at)
	for _, who := range t.takes {
		v := s.look(who, at)
		lunch, early, late = addIf(lunch, who, v.lunch), addIf(early, who, v.early), addIf(late, who, v.late)
		splits, loaded = addIf(splits, who, v.splits), addIf(loaded, who, s.load(who, at) > least)
	}
	p.bads = say(p.bads, t.absent, "without %s", whom)
	switch tooEarly, tooLate := s.candidateSees(at); {
	case tooEarly:
		p.bads = append(p.bads, claim{"candidate", "early for the candidate", "early for the candidate"})
	case tooLate:
		p.bads = append(p.bads, claim{"candidate", "late for the candidate", "late for the candidate"})
	}
	p.bads = say(p.bads, lunch, "cuts into %s lunch", whose)
	p.bads = say(p.bads, early, "first thing for %s", whom)
	p.bads = say(p.bads, late, "last thing for %s", whom)
	p.minor = say(p.minor, splits, "splits %s free time", whose)
	p.minor = say(p.minor, loaded, "more interviews that week for %s", whom)

	p.goods = s.goods(&t, start)
	plainly := func(kind, words string) { p.goods = append(p.goods, claim{kind, words, words}) }
	if len(t.takes) > 1 && len(loaded) == 0 && least > 0 {
		plainly("load", "shares the load evenly")
	}
	if len(lunch) == 0 {
		plainly("no lunch", "nobody's lunch")
	}
	if len(splits) == 0 {
		plainly("no split", "keeps longer free stretches whole")
	}
	return p
}

// goods returns what is good about a start, the more telling first.
func (s *sweep) goods(t *team, start int64) []claim {
	at := s.at(start)
	var out []claim
	if s.onlyOne(start) {
		out = append(out, claim{"only", "the only time that day", "the only time that day"})
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
		const words = "nobody's second interview that day"
		out = append(out, claim{"day", words, words})
	}
	return out
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
	at := s.at(start)
	local := floorMod(s.candidate.local(at), oneDay)
	words := "evening"
	for _, part := range [...]struct {
		until int64
		words string
	}{
		{9 * hour, "early morning"}, {11 * hour, "mid-morning"}, {noon, "late morning"},
		{13*hour + hour/2, "midday"}, {15 * hour, "early afternoon"}, {17 * hour, "late afternoon"},
	} {
		if local < part.until {
			words = part.words
			break
		}
	}
	if s.candidate.local(at) != s.role.local(at) {
		words += " for them"
	}
	return words
}

// ahead says how far ahead the start is.
func (s *sweep) ahead(start int64) string {
	switch days := s.date(start) - s.role.day(s.q.Now.Unix()); days {
	case 0:
		return "today"
	case 1:
		return "tomorrow"
	default:
		return fmt.Sprintf("in %d days", days)
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
		return "the only offer that day"
	case before == 0:
		return "that day's first offer"
	case after == 0:
		return "that day's last offer"
	default:
		return fmt.Sprintf("that day's offer %d", before+1)
	}
}

// seatedClaim says who of the pools takes part, and why they do and not others.
func seatedClaim(t *team) claim {
	var passed, seated []choice
	for _, c := range t.could {
		if slices.Contains(t.seated, c.person) {
			seated = append(seated, c)
		} else {
			passed = append(passed, c)
		}
	}
	names := calledOf(t.seated)
	with := "with " + and(names)
	if len(names) > 3 {
		with = fmt.Sprintf("with %s and %d more", strings.Join(names[:2], ", "), len(names)-2)
	}
	load := func(c choice) int { return c.load }
	cost := func(c choice) int { return c.cost }
	why := ""
	switch {
	case len(passed) == 0 && len(seated) == 1:
		why = " (the only one free)"
	case len(passed) == 0:
		why = " (the only ones free)"
	case fewer(load, seated, passed):
		why = " (fewest interviews that week)"
	case fewer(cost, seated, passed):
		why = " (suits their day best)"
	}
	return claim{"seated", with + why, with}
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
