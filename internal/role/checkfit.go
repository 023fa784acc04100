package role

import (
	"fmt"
	"unicode/utf8"

	"convene/internal/hiring"
)

// Slack's limits that a role's parts have to fit together, and not only one by
// one. https://docs.slack.dev/reference/views/modal-views says 100 blocks,
// https://docs.slack.dev/reference/block-kit/blocks/section-block says 3,000 characters of text.
const (
	viewBlocks  = 100
	sectionText = 3000
	markup      = 100 // room for headings and marks around a role's texts
)

// checkFit finds competencies that are too long for one section of a kit, and
// stages whose scorecard has more blocks than a modal.
func checkFit(role *hiring.Role, r *reader) {
	for i, c := range role.Competencies {
		at := r.at(fmt.Sprintf("competencies[%d]", i))
		kit := runes(c.Name, c.Strong) + runes(c.Assesses...)
		for _, q := range role.QuestionsFor(c.ID) {
			kit += runes(q.Text)
		}
		for _, f := range c.RedFlags {
			kit += runes(f.Text)
		}
		if kit > sectionText-markup {
			r.report(at, fmt.Sprintf("the competency “%s” with its questions has %d characters", c.ID, kit), fmt.Sprintf("shorten it to %d so that it fits one section of a kit", sectionText-markup))
		}
		key := 0
		for _, row := range c.AnswerKey {
			key += runes(row.Case, row.Expected)
		}
		if key > sectionText-markup-10*len(c.AnswerKey) {
			r.report(at, fmt.Sprintf("the answer key of “%s” has %d characters", c.ID, key), fmt.Sprintf("shorten it to %d so that it fits one section", sectionText-markup-10*len(c.AnswerKey)))
		}
	}
	for i, s := range role.Stages {
		if n := ScorecardBlocks(role, s); s.Kind == hiring.StageInterview && n > viewBlocks {
			r.report(r.at(fmt.Sprintf("stages[%d]", i)), fmt.Sprintf("the scorecard of “%s” needs %d blocks", s.ID, n), fmt.Sprintf("Slack shows %d: remove signals, gates or competencies", viewBlocks))
		}
	}
}

// ScorecardBlocks returns how many blocks the scorecard of a stage may use, at
// most: the largest role that validates has to fit one modal of 100.
func ScorecardBlocks(role *hiring.Role, s hiring.Stage) int {
	const (
		frame         = 8 // who and when, what is kept, headings, the recommendation, the note
		perCompetency = 5 // heading, levels with the questions, rating, evidence, red flags
		perGate       = 2 // answer, evidence
	)
	return frame + perCompetency*len(role.Rated(s)) + perGate*len(role.Asked(s)) + len(role.Signals)
}

func runes(texts ...string) int {
	n := 0
	for _, t := range texts {
		n += utf8.RuneCountInString(t)
	}
	return n
}
