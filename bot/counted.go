package bot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
)

// countedBlocks say how the line of facts was counted: whose scorecards, each
// sum, and the rules. They name nothing that the line doesn't count.
func countedBlocks(k *hiring.Case, f *decision.Facts) []slack.Block {
	lines := []*rich{countedPeople(k, f)}
	if out := uncountedPeople(k); out != nil {
		lines = append(lines, out)
	}
	lines = append(lines, countedMean(f))
	if f.Ratings > 0 {
		lines = append(lines, countedSpread(f))
	}
	if len(f.Gates) > 0 {
		lines = append(lines, countedGates(f))
	}
	lines = append(lines, countedFlags(f))
	var levels []*rich
	for _, c := range f.Competencies {
		levels = append(levels, countedLevels(c))
	}
	parts := []slack.RichTextElement{bullets(lines...)}
	if len(levels) > 0 {
		parts = append(parts, say("").b("Each competency").para(), bullets(levels...))
	}
	return []slack.Block{header("How it was counted"), richText(parts...)}
}

// countedPeople names whose scorecards count.
func countedPeople(k *hiring.Case, f *decision.Facts) *rich {
	r := say("").b("Counted: ")
	if f.People == 0 {
		return r.t("no scorecard yet.")
	}
	for i, w := range f.Recommendations {
		if i > 0 {
			r.t(", ")
		}
		r.user(w.Person).t(" (" + string(k.Interview.Part(w.Person)) + ")")
	}
	return r.t(". The scorecards of required and optional panelists count, those of shadows don't.")
}

// uncountedPeople names whose don't, and why; nil: everybody's do.
func uncountedPeople(k *hiring.Case) *rich {
	r := say("").b("Not counted: ")
	n := 0
	add := func(person, why string) {
		if n++; n > 1 {
			r.t(", ")
		}
		r.user(person).t(" (" + why + ")")
	}
	in := func(person string) bool {
		s := k.Card(person)
		return s != nil && s.Submitted()
	}
	for _, p := range k.Interview.Panel {
		switch {
		case p.Part == hiring.Shadow:
			add(p.Person, "shadow")
		case in(p.Person):
		case p.Excused.Kind == hiring.Absent:
			add(p.Person, "wasn't there")
		case p.Excused.Kind == hiring.HandedOver:
			add(p.Person, "handed over")
		default:
			add(p.Person, "not handed in")
		}
	}
	for _, s := range k.Cards {
		if s.Submitted() && k.Interview.Part(s.Panelist) == "" {
			add(s.Panelist, "left the panel")
		}
	}
	if n == 0 {
		return nil
	}
	return r.t(".")
}

func countedMean(f *decision.Facts) *rich {
	if f.Ratings == 0 {
		return say("").b("Mean: ").t("nobody rated anything, so there is none.")
	}
	sum := 0
	for _, c := range f.Competencies {
		for _, l := range c.Levels {
			sum += int(l.Level)
		}
	}
	return say("").b("Mean: ").tf("all levels added up, %d, divided by their number, %d, is %s. “Not assessed” is left out; it is never a low score.", sum, f.Ratings, meanText(f))
}

func countedSpread(f *decision.Facts) *rich {
	r := say("").b("Spread: ").t("the highest level of a competency minus its lowest; the largest is told. ")
	i := slices.IndexFunc(f.Competencies, func(c decision.CompetencyFacts) bool { return len(c.Levels) > 0 && c.Spread == f.Spread })
	if c := f.Competencies[i]; c.Spread > 0 {
		lo, hi := extremes(c)
		return r.tf("Here: %s, %d − %d = %d.", c.Competency.Name, hi, lo, c.Spread)
	}
	return r.t("Here all who rated a competency gave it the same level.")
}

func countedGates(f *decision.Facts) *rich {
	return say("").b("Gates: ").tf("met when somebody says yes and nobody says no, not met when anybody says no, else unknown. Here: %s.", gateCounts(f))
}

// countedFlags counts the red flags by who ticked them.
func countedFlags(f *decision.Facts) *rich {
	r := say("").b("Red flags: ")
	if len(f.RedFlags) == 0 {
		return r.t("nobody ticked one.")
	}
	r.t("each tick counts. Here: ")
	n := 0
	for _, w := range f.Recommendations {
		ticked := 0
		for _, flag := range f.RedFlags {
			if flag.Person == w.Person {
				ticked++
			}
		}
		if ticked > 0 {
			if n++; n > 1 {
				r.t(", ")
			}
			r.tf("%d by ", ticked).user(w.Person)
		}
	}
	return r.t(".")
}

// countedLevels writes the sum of one competency: "Triage: 3 + 4 = 7; spread 4 − 3 = 1".
func countedLevels(c decision.CompetencyFacts) *rich {
	r := say(c.Competency.Name + ": ")
	if len(c.Levels) == 0 {
		return r.t("nobody assessed it, so it is left out.")
	}
	var levels []string
	sum := 0
	for _, l := range c.Levels {
		levels = append(levels, fmt.Sprint(int(l.Level)))
		sum += int(l.Level)
	}
	r.t(strings.Join(levels, " + "))
	if len(levels) > 1 {
		lo, hi := extremes(c)
		r.tf(" = %d; spread %d − %d = %d", sum, hi, lo, c.Spread)
	}
	if c.NotAssessed > 0 {
		r.tf("; %d not assessed", c.NotAssessed)
	}
	return r.t(".")
}

// extremes returns the lowest and highest level of a competency that has one.
func extremes(c decision.CompetencyFacts) (lo, hi hiring.Level) {
	lo, hi = c.Levels[0].Level, c.Levels[0].Level
	for _, l := range c.Levels {
		lo, hi = min(lo, l.Level), max(hi, l.Level)
	}
	return lo, hi
}
