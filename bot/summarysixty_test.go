package bot

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// sixty is a Monday on which 60 candidates await a decision, each interviewed by
// a panel of four (Karly and Sebastian required, Carla optional, Mark a shadow)
// who rated five competencies, gates and red flags at random. Of every tenth a
// required scorecard is missing.
func sixty(t testing.TB) *world {
	r := rand.New(rand.NewPCG(6, 60))
	first := testCase(t)
	role := first.Role
	role.Competencies, role.Gates = nil, nil
	for i := range 5 {
		role.Competencies = append(role.Competencies, hiring.Competency{
			ID: fmt.Sprint("c", i), Name: fmt.Sprint("Competency ", i), Strong: "Good.", RedFlags: []hiring.RedFlag{{ID: "a", Text: "Flag A"}, {ID: "b", Text: "Flag B"}},
		})
	}
	for i := range 3 {
		role.Gates = append(role.Gates, hiring.Gate{ID: fmt.Sprint("g", i), Text: fmt.Sprint("Gate ", i)})
	}
	first.Interview.Panel = []hiring.Panelist{
		{Person: karly, Part: hiring.Required}, {Person: seb, Part: hiring.Required}, {Person: carla, Part: hiring.Optional}, {Person: mark, Part: hiring.Shadow},
	}
	var cases []*hiring.Case
	for i := range 60 {
		k := another(first, fmt.Sprintf("%02d", i), fmt.Sprintf("Candidate Number %02d %s", i, strings.Repeat("Long", i%20)))
		for _, p := range k.Interview.Panel {
			if i%10 != 0 || p.Person != seb {
				submitted(k, p.Person, at(t, "Wed 16:00"), randomAnswers(r, role))
			}
		}
		cases = append(cases, k)
	}
	w := newWorld(t, "Mon 16:00", cases...)
	return w
}

func randomAnswers(r *rand.Rand, role *hiring.Role) hiring.Answers {
	a := hiring.Answers{Ratings: map[string]hiring.Rating{}, Gates: map[string]hiring.GateEntry{}, Recommendation: hiring.Recommendations[r.IntN(4)]}
	for _, c := range role.Competencies {
		rating := hiring.Rating{Level: hiring.Level(r.IntN(5)), Rated: true, Evidence: "Saw it."}
		if r.IntN(6) == 0 {
			rating.RedFlags = []string{"a", "b"}[:1+r.IntN(2)]
		}
		a.Ratings[c.ID] = rating
	}
	for _, g := range role.Gates {
		a.Gates[g.ID] = hiring.GateEntry{Answer: []hiring.GateAnswer{hiring.GateYes, hiring.GateYes, hiring.GateYes, hiring.GateNo, hiring.GateUnknown}[r.IntN(5)]}
	}
	return a
}

// byHand counts a case's facts anew, from nothing but the answers of who counts.
func byHand(k *hiring.Case) (line, levels, flags string) {
	counts := map[string]bool{karly: true, seb: true, carla: true}
	var all []int
	people, ticks, widest := 0, 0, 0
	rated := map[string][]int{}
	said := map[string]string{} // by gate, everybody's answers
	columns := map[string][]string{}
	for _, s := range k.Cards {
		if !counts[s.Panelist] {
			continue
		}
		people++
		for id, r := range s.Answers.Ratings {
			ticks += len(r.RedFlags)
			columns[id] = append(columns[id], strings.Replace(fmt.Sprint(int(r.Level)), "0", "–", 1))
			if r.Level > 0 {
				all, rated[id] = append(all, int(r.Level)), append(rated[id], int(r.Level))
			}
		}
		for id, g := range s.Answers.Gates {
			said[id] += "/" + string(g.Answer)
		}
	}
	met, not := 0, 0
	for _, answers := range said {
		if strings.Contains(answers, "no") && strings.Contains(strings.ReplaceAll(answers, "unknown", ""), "no") {
			not++
		} else if strings.Contains(answers, "yes") {
			met++
		}
	}
	gates, cell := "All gates met", fmt.Sprintf("%d of 3 met", met)
	if met < 3 {
		gates = fmt.Sprintf("%d of 3 gates met", met)
		if not > 0 {
			gates += fmt.Sprintf(", %d not met", not)
			cell += fmt.Sprintf(", %d not", not)
		}
		if unknown := 3 - met - not; unknown > 0 {
			gates += fmt.Sprintf(", %d unknown", unknown)
		}
	}
	total := 0
	for _, l := range all {
		total += l
	}
	for _, ls := range rated {
		sort.Ints(ls)
		widest = max(widest, ls[len(ls)-1]-ls[0])
	}
	mean := big.NewRat(int64(total), int64(len(all))).FloatString(1)
	plural := func(n int, one, many string) string {
		if n == 1 {
			return "1 " + one
		}
		return fmt.Sprint(n, " ", many)
	}
	red := map[bool]string{true: "no red flag", false: plural(ticks, "red flag", "red flags")}[ticks == 0]
	line = fmt.Sprintf("%s; mean %s over %s, %s; spread %d; %s.", gates, mean, plural(len(rated), "competency", "competencies"), plural(people, "person", "people"), widest, red)
	var groups []string
	for i := range 5 {
		groups = append(groups, strings.Join(columns[fmt.Sprint("c", i)], ""))
	}
	return line, strings.Join(groups, " "), cell + "; " + strings.TrimPrefix(strings.Replace(red, "red ", "", 1), "")
}

// Sixty candidates fill ten messages: everybody is named in one's text, none is
// cut, and every number is what a count by hand makes it.
func TestSummaryOfSixtyCandidates(t *testing.T) {
	w := sixty(t)
	var texts, rows string
	for part := 1; part <= 10; part++ {
		c := w.render("summary", fmt.Sprintf("%s|%d", summaryAbout, part), "", "")
		checkMessage(t, c)
		if n := len([]rune(c.Text)); n > 3900 || strings.Contains(c.Text, "…") {
			t.Errorf("the text of part %d is cut, or has %d characters: %s", part, n, c.Text)
		}
		texts += c.Text + "\n"
		rows += tableRows(t, c)
	}
	if w.render("summary", summaryAbout+"|11", "", "") != nil {
		t.Error("an eleventh part would be posted, empty")
	}
	for i, k := range w.cases {
		text := lineOf(texts, k.Candidate.Name)
		if i%10 == 0 {
			if !strings.Contains(text, "1 of 2 scorecards in, missing Sebastian") || strings.Contains(text, "mean") {
				t.Errorf("of %s it says: %s", k.Candidate.Name, text)
			}
			continue
		}
		line, levels, flags := byHand(k)
		if !strings.HasSuffix(text, " "+line) {
			t.Errorf("it says: %s\nby hand:  %s", text, line)
		}
		row := lineOf(rows, hiring.Clip(k.Candidate.Name, maxCell))
		if !strings.HasSuffix(row, "|decision|"+levels+"|"+flags) {
			t.Errorf("the table has: %s\nby hand: %s|%s", row, levels, flags)
		}
	}
}

func lineOf(text, starts string) string {
	lines := strings.Split(text, "\n")
	i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, starts) })
	if i < 0 {
		return "no line of " + starts
	}
	return lines[i]
}

// tableRows writes the rows of a message's table, a line each.
func tableRows(t *testing.T, c *content) (rows string) {
	for _, bl := range c.Blocks {
		table, ok := bl.(*slack.TableBlock)
		if !ok {
			continue
		}
		for _, r := range table.Rows {
			var cells []string
			for _, cell := range r {
				text := cell.(*slack.TableRawTextCell).Text
				if n := len([]rune(text)); n > 28 || len(r) > 4 {
					t.Errorf("a phone doesn't show %q (%d characters) in one of %d columns", text, n, len(r))
				}
				cells = append(cells, text)
			}
			rows += strings.Join(cells, "|") + "\n"
		}
	}
	return rows
}

// BenchmarkSummary builds and renders all ten messages of 60 candidates with
// four panelists each.
func BenchmarkSummary(b *testing.B) {
	w := sixty(b)
	b.ReportAllocs()
	for b.Loop() {
		for part := 1; part <= 10; part++ {
			if w.render("summary", fmt.Sprintf("%s|%d", summaryAbout, part), "", "") == nil {
				b.Fatal("a part is empty")
			}
		}
	}
}
