package schedule

import (
	"fmt"
	"slices"
	"strings"

	"convene/internal/hiring"
)

// say adds a claim about some people, if there are any: with their names, and in
// short, of more than one, with their number.
func say(to []claim, who []*person, format string, name func(names []string, n int) string) []claim {
	if len(who) == 0 {
		return to
	}
	words := fmt.Sprintf(format, name(calledOf(who), len(who)))
	if len(who) == 1 {
		return append(to, claim{format, words, words})
	}
	return append(to, claim{format, words, fmt.Sprintf(format, name(nil, len(who)))})
}

// whose says whose something is: "Ann's", "Ann's and Ben's", "3 people's". Without
// names it says of how many.
func whose(names []string, n int) string {
	if len(names) == 0 || n > 2 {
		return whom(nil, n) + "'s"
	}
	out := slices.Clone(names)
	for i := range out {
		out[i] += "'s"
	}
	return and(out)
}

func whom(names []string, n int) string {
	if n <= 2 && len(names) > 0 {
		return and(names)
	}
	return fmt.Sprintf("%d people", n)
}

// longestCall is how many characters of somebody's name are said in a reason.
const longestCall = 20

// call decides what everybody is called in reasons: by their first name, or by
// the whole one where two share the first.
func (s *sweep) call() {
	first := func(p *person) string { return strings.SplitN(p.Name, " ", 2)[0] }
	shared := map[string]int{}
	for _, p := range s.people {
		shared[first(p)]++
	}
	for _, p := range s.people {
		if p.called = first(p); shared[p.called] > 1 || p.called == "" {
			p.called = p.Name
		}
		p.called = hiring.Clip(p.called, longestCall)
	}
}

// calledOf returns what the people are called, in order.
func calledOf(people []*person) []string {
	var out []string
	for _, p := range people {
		out = append(out, p.called)
	}
	slices.Sort(out)
	return out
}

// and joins words: "Ann, Ben and Cy".
func and(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}
