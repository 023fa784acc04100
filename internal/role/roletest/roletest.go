// Package roletest makes random roles that are valid, together with their
// files: whatever is built from a role is held to Slack's rules with them.
package roletest

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"convene/internal/hiring"
	"convene/internal/role"
)

// A Sample is a role and the file that says so.
type Sample struct {
	Role *hiring.Role // as it was drawn; a setting that the file leaves out is zero here
	File string       // YAML
}

// Samples generates roles within all limits of role files: small and large, in
// several scripts, with texts that would be markup.
func Samples() *rapid.Generator[Sample] {
	return rapid.Custom(func(t *rapid.T) Sample {
		g := &generator{t: t, left: 24_000, kit: map[string]int{}}
		r := g.role()
		return Sample{r, file(r)}
	})
}

// A generator draws the parts of one role.
type generator struct {
	t    *rapid.T
	left int            // characters until the file is as large as a file may be
	kit  map[string]int // characters that a competency's section of the kit still takes
}

func (g *generator) number(min, max int) int { return rapid.IntRange(min, max).Draw(g.t, "number") }

// some draws how many entries a list has: mostly few, now and then all that fit.
func (g *generator) some(min, max int) int {
	if g.number(0, 5) == 5 {
		return max
	}
	return g.number(min, min+(max-min+2)/3)
}

func (g *generator) maybe() bool { return rapid.Bool().Draw(g.t, "maybe") }

func (g *generator) role() *hiring.Role {
	r := &hiring.Role{Key: g.id("role", 0), Title: g.text(75), Company: g.optional(75)}
	for _, passages := range []*[]string{
		&r.Context, &r.Duties, &r.Travel, &r.WorkModel, &r.Values, &r.Culture, &r.Process, &r.Success, &r.Wanted, &r.Notes,
	} {
		if g.maybe() {
			*passages = g.texts(g.some(1, 4), 2500)
		}
	}
	r.Terms, r.Background = g.terms(), g.terms()
	for i := range g.some(0, 8) {
		kind := rapid.SampledFrom([]string{"question", "document", "instruction"}).Draw(g.t, "kind")
		r.Application = append(r.Application, hiring.ApplicationItem{ID: g.id("item", i), Text: g.named(i, 300), Kind: kind, Required: g.maybe()})
	}
	for range g.some(0, 5) {
		r.Tools = append(r.Tools, hiring.ToolGroup{Name: g.text(75), Need: g.optional(75), Tools: g.texts(g.some(1, 6), 75), Note: g.optional(500)})
	}
	for i := range g.some(1, role.MaxCompetencies) {
		r.Competencies = append(r.Competencies, g.competency(i))
	}
	for i := range g.some(0, 12) {
		g.question(r, i)
	}
	for i := range g.some(0, 10) {
		r.Signals = append(r.Signals, hiring.Signal{ID: g.id("signal", i), Text: g.named(i, 300), About: g.optional(75)})
	}
	g.settings(r)
	g.pipeline(r)
	g.notices(r)
	return r
}

func (g *generator) terms() []hiring.Term {
	var out []hiring.Term
	for range g.some(0, 5) {
		out = append(out, hiring.Term{Name: g.text(75), Text: g.text(2500)})
	}
	return out
}

func (g *generator) competency(i int) hiring.Competency {
	c := hiring.Competency{ID: g.id("competency", i), Name: g.named(i, 75), Primary: i == 0 && g.maybe()}
	g.kit[c.ID] = 2900 - 75 - 10*75
	if g.maybe() {
		c.Strong = g.kitText(1500, c.ID)
	}
	for range g.some(0, 4) {
		if g.kit[c.ID] > 100 {
			c.Assesses = append(c.Assesses, g.kitText(500, c.ID))
		}
	}
	for j := range g.some(0, 10) {
		c.RedFlags = append(c.RedFlags, hiring.RedFlag{ID: g.id("flag", j), Text: g.named(j, 75)})
	}
	for range g.some(0, 4) {
		c.AnswerKey = append(c.AnswerKey, hiring.AnswerKeyRow{Case: g.text(350), Expected: g.text(350)})
	}
	return c
}

// question adds one that fits the kits of the competencies that it serves.
func (g *generator) question(r *hiring.Role, i int) {
	q := hiring.Question{ID: g.id("question", i), Ideal: g.optional(1500)}
	for _, c := range r.Competencies {
		if g.kit[c.ID] > 100 && len(q.Competencies) < 3 && g.number(0, 3) == 0 {
			q.Competencies = append(q.Competencies, c.ID)
		}
	}
	if len(q.Competencies) == 0 {
		return
	}
	q.Text = g.kitText(500, q.Competencies...) + fmt.Sprintf(" %d", i)
	r.Questions = append(r.Questions, q)
}

// kitText is a text that the kit shows with the competencies.
func (g *generator) kitText(max int, competencies ...string) string {
	for _, c := range competencies {
		max = min(max, g.kit[c])
	}
	s := g.text(max - 4)
	for _, c := range competencies {
		g.kit[c] -= len([]rune(s)) + 4
	}
	return s
}

// pipeline draws titles, stages and gates, so that everything is asked, rated
// and held by somebody.
func (g *generator) pipeline(r *hiring.Role) {
	for i := range g.some(1, 12) {
		r.Titles = append(r.Titles, hiring.Title{Key: g.id("title", i), Text: g.named(i, 75), Name: g.optional(75)})
	}
	var interviews []string
	panel := g.number(1, 4)
	for i := range g.some(1, 12) {
		s := hiring.Stage{ID: g.id("stage", i), Name: g.named(i, 75), Kind: hiring.StageCheck, When: g.optional(500), Note: g.optional(500)}
		if g.maybe() {
			s.Covers = g.texts(g.some(1, 4), 500)
		}
		if i == 0 || g.number(0, 3) > 0 {
			s.Kind = hiring.StageInterview
			s.Panel = i == panel
			g.interview(r, &s, len(interviews) == 0)
			interviews = append(interviews, s.ID)
		}
		r.Stages = append(r.Stages, s)
	}
	for i := range g.some(0, role.MaxGates) {
		gate := hiring.Gate{ID: g.id("gate", i), Text: g.named(i, 300), Ask: g.optional(300)}
		if g.maybe() {
			gate.Stages = append(gate.Stages, rapid.SampledFrom(interviews).Draw(g.t, "asks"))
		}
		r.Gates = append(r.Gates, gate)
	}
}

// interview fills in what only an interview has. The first rates everything.
func (g *generator) interview(r *hiring.Role, s *hiring.Stage, first bool) {
	for i, t := range r.Titles {
		part := hiring.Required
		if i > 0 {
			if g.maybe() {
				continue
			}
			part = rapid.SampledFrom([]hiring.Part{hiring.Required, hiring.Optional, hiring.Shadow}).Draw(g.t, "part")
		}
		p := hiring.StagePanelist{Title: t.Key, Part: part}
		if part == hiring.Required && g.number(0, 3) == 0 {
			p.Any = g.number(1, 10)
		}
		s.Panelists = append(s.Panelists, p)
	}
	if !first {
		for _, c := range r.Competencies {
			if g.maybe() {
				s.Competencies = append(s.Competencies, c.ID)
			}
		}
	}
	chosen := g.maybe()
	draw(g, &s.Duration, time.Duration(g.number(10, 240))*time.Minute)
	draw(g, &s.KitLead, time.Duration(g.number(5, 7*24*60))*time.Minute)
	draw(g, &s.Location, g.location())
	if g.maybe() {
		s.Hold.V, s.Chooses.V = time.Duration(g.number(1, 7*24))*time.Hour, true
	}
	if g.maybe() {
		d := hiring.DeadlineRule{EOD: r.Hours.V.End, Holiday: rapid.SampledFrom([]string{hiring.HolidaySame, hiring.HolidayNext}).Draw(g.t, "holiday")}
		if d.EOD == 0 {
			d.EOD = 17 * time.Hour
		}
		if !chosen {
			d.RuleText = g.optional(500)
		}
		if d.Kind = hiring.BusinessDays; g.maybe() {
			d.Kind, d.Weekday = hiring.WeekdayAfterWeek, time.Weekday(g.number(1, 5))
		} else {
			d.Days = g.number(2, 30)
		}
		s.Deadline = hiring.Value[hiring.DeadlineRule]{V: d, Chosen: chosen}
	}
}

func (g *generator) location() hiring.Location {
	switch g.number(0, 3) {
	case 0:
		return hiring.Location{Kind: "link", Text: "https://example.com/room?x=" + fmt.Sprint(g.number(0, 99))}
	case 1:
		return hiring.Location{Kind: "phone", Text: g.optional(500)}
	case 2:
		return hiring.Location{Kind: "place", Text: g.text(500), Travel: time.Duration(g.number(0, 8)) * 15 * time.Minute}
	default:
		return hiring.Location{Kind: "meet"}
	}
}

func (g *generator) settings(r *hiring.Role) {
	draw(g, &r.Zone, rapid.SampledFrom([]string{"America/Chicago", "Asia/Kolkata", "America/Argentina/Buenos_Aires", "Pacific/Auckland", "UTC"}).Draw(g.t, "zone"))
	start := time.Duration(g.number(0, 19)) * 30 * time.Minute
	days := []time.Weekday{time.Monday}
	for d := time.Tuesday; d <= time.Saturday; d++ {
		if g.maybe() {
			days = append(days, d)
		}
	}
	draw(g, &r.Hours, hiring.Hours{Days: days, Start: start, End: start + time.Duration(g.number(10, 28))*30*time.Minute})
	holidays := hiring.Holidays{Country: rapid.SampledFrom(append(role.Countries(), "")).Draw(g.t, "country")}
	for i := range g.some(0, 5) {
		holidays.Extra = append(holidays.Extra, time.Date(2026, 2, 27+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	}
	if holidays.Country != "" || len(holidays.Extra) > 0 {
		draw(g, &r.Holidays, holidays)
	}
	draw(g, &r.MinNotice, time.Duration(g.number(0, 13*24*60))*time.Minute)
	draw(g, &r.Horizon, time.Duration(g.number(15, 90))*24*time.Hour)
	draw(g, &r.Buffer, time.Duration(g.number(1, 120))*time.Minute)
	draw(g, &r.PerDay, g.number(1, 10))
	draw(g, &r.PerWeek, g.number(10, 40))
	draw(g, &r.NagAfter, time.Duration(g.number(1, 24))*time.Hour)
	draw(g, &r.Escalate, g.number(1, 10))
	draw(g, &r.Sealed, true)
	r.ShowGuests = g.maybe()
	if r.MinNotice.V >= 14*24*time.Hour {
		r.MinNotice = hiring.Value[time.Duration]{}
	}
}

// draw states or chooses a setting, or leaves it out.
func draw[T any](g *generator, to *hiring.Value[T], v T) {
	switch g.number(0, 2) {
	case 0:
		*to = hiring.Value[T]{V: v}
	case 1:
		*to = hiring.Value[T]{V: v, Chosen: true}
	}
}

func (g *generator) notices(r *hiring.Role) {
	r.Notices = map[hiring.Outcome]hiring.NoticeText{}
	for _, outcome := range []hiring.Outcome{hiring.Advance, hiring.Hold, hiring.Decline} {
		if g.maybe() {
			continue
		}
		n := hiring.NoticeText{Chosen: g.maybe(), Subject: withoutBraces(g.text(120)) + " {role}", Body: "{first_name}:\n\n" + withoutBraces(g.text(2000)) + "\n{sender}"}
		if outcome == hiring.Hold {
			n.Body += "\n{new_date}"
		}
		if r.Company != "" {
			n.Subject += " {company}"
		}
		r.Notices[outcome] = n
	}
}
