package scorecard

import (
	"slices"

	"convene/internal/hiring"
)

// MaxDealt is how many questions one panelist is dealt at most: what fits into
// their part of an hour beside what follows from the answers.
const MaxDealt = 3

// Deal says which of a stage's questions each panelist asks, so that a panel
// doesn't ask the same twice: question ids by person. What earlier interviews
// left open comes first; nothing that is dealt says so.
//
// Required panelists are dealt first, optional ones what is left, shadows
// nothing. Nobody gets more than MaxDealt, and no question goes to two people.
// It is nil for a panel of one, whose questions are all theirs. Shares go by the
// place on the panel: who takes somebody's place takes their questions too.
func Deal(role *hiring.Role, stage hiring.Stage, panel []hiring.Panelist, earlier []*hiring.Case) map[string][]string {
	required := seated(panel, hiring.Required, nil)
	optional := seated(panel, hiring.Optional, required)
	if len(required)+len(optional) < 2 {
		return nil
	}
	questions := byNeed(role, stage, earlier)
	dealt := map[string][]string{}
	for _, group := range [][]string{required, optional} {
		n := min(len(questions), MaxDealt*len(group))
		share(dealt, group, questions[:n])
		questions = questions[n:]
	}
	return dealt
}

// share deals the questions in runs, as evenly as it goes: those of one
// competency stay together.
func share(dealt map[string][]string, people, questions []string) {
	for i, person := range people {
		left := len(people) - i
		n := (len(questions) + left - 1) / left
		if n == 0 {
			return
		}
		dealt[person], questions = slices.Clone(questions[:n]), questions[n:]
	}
}

// seated returns who has the part, in the panel's order, without those who sit
// elsewhere. Who was handed a scorecard sits where the other sat; who isn't
// there sits nowhere.
func seated(panel []hiring.Panelist, part hiring.Part, elsewhere []string) []string {
	var out []string
	for _, p := range panel {
		who := standsIn(panel, p)
		there := who.Person != "" && who.Excused.Kind == "" && who.Part != hiring.Shadow
		if p.Part == part && there && !slices.Contains(out, who.Person) && !slices.Contains(elsewhere, who.Person) {
			out = append(out, who.Person)
		}
	}
	return out
}

// standsIn returns who takes part in the panelist's place, themselves as a rule;
// zero when that is nobody on the panel.
func standsIn(panel []hiring.Panelist, p hiring.Panelist) hiring.Panelist {
	for range panel { // one may hand over what they were handed
		if p.Excused.Kind != hiring.HandedOver {
			break
		}
		i := slices.IndexFunc(panel, func(o hiring.Panelist) bool { return o.Person == p.Excused.StandIn })
		if i < 0 {
			return hiring.Panelist{}
		}
		p = panel[i]
	}
	return p
}

// byNeed returns the ids of the questions that serve what the stage rates:
// those of the least covered competency first, else in the role's order.
func byNeed(role *hiring.Role, stage hiring.Stage, earlier []*hiring.Case) []string {
	rated := slices.Clone(role.Rated(stage))
	slices.SortStableFunc(rated, func(a, b hiring.Competency) int { return covered(a.ID, earlier) - covered(b.ID, earlier) })
	var out []string
	for _, c := range rated {
		for _, q := range role.QuestionsFor(c.ID) {
			if !slices.Contains(out, q.ID) {
				out = append(out, q.ID)
			}
		}
	}
	return out
}

// How much earlier interviews tell of a competency.
const (
	notAssessed = iota // nobody rated it
	noEvidence         // nobody said what a rating rests on
	oneRating          // one person's word
	wellCovered
)

// covered returns how much the finished interviews tell of a competency. One
// whose scorecards are still closed tells nothing, not even this.
func covered(competency string, earlier []*hiring.Case) int {
	ratings, evidence := 0, false
	for _, k := range earlier {
		if !k.Panelboard().Complete() && k.Revealed == "" {
			continue
		}
		for _, card := range k.Cards {
			part := k.Interview.Part(card.Panelist)
			r := card.Answers.Ratings[competency]
			if !card.Submitted() || part == "" || part == hiring.Shadow || r.Level == hiring.NotAssessed {
				continue
			}
			ratings++
			evidence = evidence || r.Evidence != "" || len(r.Notes) > 0
		}
	}
	switch {
	case ratings == 0:
		return notAssessed
	case !evidence:
		return noEvidence
	case ratings == 1:
		return oneRating
	}
	return wellCovered
}
