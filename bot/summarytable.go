package bot

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
)

// maxCell is how many characters of a cell a phone shows well, in four columns.
const maxCell = 28

// table is the picture at a glance: whom each candidate waits for, and the
// levels of their competencies, with a line that says what stands where.
// https://docs.slack.dev/reference/block-kit/blocks/table-block
func (v *mondayMessage) table(d detail) []slack.Block {
	t := slack.NewTableBlock("")
	row := func(cells ...string) {
		var out []slack.TableCell
		for _, c := range cells {
			out = append(out, slack.NewTableRawTextCell(hiring.Clip(c, maxCell)))
		}
		t.AddRow(out...)
	}
	how := v.notation()
	row("Candidate", "Waits for", how.heading, "Gates, flags")
	for _, e := range v.mine {
		waits, levels, flags := v.cells(e, how)
		row(e.Case.Candidate.Name, waits, levels, flags)
	}
	left := slack.ColumnSetting{Align: slack.ColumnAlignmentLeft, IsWrapped: true}
	return append([]slack.Block{t.WithColumnSettings(left, left, left, left)}, v.legendNote(how, d)...)
}

// cells are what a candidate's row says after the name.
func (v *mondayMessage) cells(e decision.Entry, how notation) (waits, levels, flags string) {
	waits, levels, flags = waitsFor(e), fmt.Sprintf("%d of %d in", e.In, e.Owed), "–"
	if f := v.facts(e); f != nil {
		levels, flags = how.write(f), gatesAndFlags(f)
	} else if e.In == e.Owed && v.role.Sealed.V {
		flags = "sealed"
	}
	return waits, levels, flags
}

// legendNote is the legend as small print, where there is something to explain.
func (v *mondayMessage) legendNote(how notation, d detail) []slack.Block {
	legend := v.legend(how, d)
	for ; utf8.RuneCountInString(legend) > maxNote && d < bare; d++ { // of many stages: with shorter names
		legend = v.legend(how, d+1)
	}
	if legend == "" {
		return nil
	}
	return []slack.Block{note(legend)}
}

func waitsFor(e decision.Entry) string {
	switch {
	case e.Case.Told():
		return "told"
	case onHold(e.Case):
		return "decision (on hold)"
	case e.Need == hiring.NeedScorecards:
		return "scorecards"
	case e.Need == hiring.NeedDecision:
		return "decision"
	case e.Need == hiring.NeedNotice:
		return "notice (" + strings.ToLower(outcomeWord(e.Case.Decision)) + ")"
	default:
		return "nothing"
	}
}

// A notation is a way to write an interview's levels into a cell.
type notation struct {
	heading string
	legend  string // what comes before the competencies' names; "": they aren't told apart
	write   func(*decision.Facts) string
}

// notations are the ways to write levels, the plainest first.
var notations = [...]notation{
	{"Levels", "Levels per competency (a number per panelist, in the order of the recommendations; “–” is not assessed)", func(f *decision.Facts) string { return levelsCell(f, " ", " · ") }},
	{"Levels", "Levels per competency (a digit per panelist, in the order of the recommendations; “–” is not assessed)", func(f *decision.Facts) string { return levelsCell(f, "", " ") }},
	{"Mean, spread", "", func(f *decision.Facts) string {
		if f.Ratings == 0 {
			return "nothing rated"
		}
		return fmt.Sprintf("mean %s, spread %d", meanText(f), f.Spread)
	}},
}

// notation is the plainest of the table's that all its candidates' levels fit.
func (v *mondayMessage) notation() notation {
	fits := func(n notation) bool {
		return !slices.ContainsFunc(v.mine, func(e decision.Entry) bool {
			f := v.facts(e)
			return f != nil && utf8.RuneCountInString(n.write(f)) > maxCell
		})
	}
	return notations[max(0, slices.IndexFunc(notations[:], fits))]
}

// levelsCell writes the levels of each competency, in the rubric's order, and
// within it of each panelist, always in the same order: "3 4 · 2 –".
func levelsCell(f *decision.Facts, between, groups string) string {
	var cells []string
	for _, c := range f.Competencies {
		var levels []string
		for _, w := range f.Recommendations {
			i := slices.IndexFunc(c.Levels, func(l decision.PanelistLevel) bool { return l.Person == w.Person })
			if i < 0 {
				levels = append(levels, "–")
			} else {
				levels = append(levels, fmt.Sprint(int(c.Levels[i].Level)))
			}
		}
		cells = append(cells, strings.Join(levels, between))
	}
	if len(cells) == 0 {
		return "nothing to rate"
	}
	return strings.Join(cells, groups)
}

// legend names the competencies in the order in which the table has them, once
// for all candidates who were asked about the same.
func (v *mondayMessage) legend(how notation, d detail) string {
	if how.legend == "" {
		return ""
	}
	var orders []string
	stages := map[string]string{}
	for _, e := range v.mine {
		f := v.facts(e)
		if f == nil || len(f.Competencies) == 0 {
			continue
		}
		var names []string
		for _, c := range f.Competencies {
			names = append(names, cut(c.Competency.Name, d, 75, 40, 24, 16))
		}
		order := strings.Join(names, " · ")
		if stages[order] == "" {
			orders, stages[order] = append(orders, order), cut(e.Case.Stage().Name, d, 75, 40, 24, 16)
		}
	}
	switch len(orders) {
	case 0:
		return ""
	case 1:
		return how.legend + ": " + orders[0]
	}
	for i, order := range orders {
		orders[i] = stages[order] + ": " + order
	}
	return how.legend + ". " + strings.Join(orders, "; ")
}

// gatesAndFlags writes "2 of 3 met, 1 not; 1 flag".
func gatesAndFlags(f *decision.Facts) string {
	var text string
	if len(f.Gates) > 0 {
		text = fmt.Sprintf("%d of %d met", met(f), len(f.Gates))
		if n := failed(f); n > 0 {
			text += fmt.Sprintf(", %d not", n)
		}
		text += "; "
	}
	if len(f.RedFlags) == 0 {
		return text + "no flag"
	}
	return text + count(len(f.RedFlags), "flag", "flags")
}
