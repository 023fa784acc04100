package bot

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
)

// An instant writes a time into a paragraph: for a channel (public) or for one
// reader (local).
type instant func(r *rich, t time.Time) *rich

// public writes a Slack date token, which says "today" by itself, and the time
// in the role's zone.
func public(zone *time.Location) instant {
	return func(r *rich, t time.Time) *rich { return r.when(t, zone) }
}

func local(zone *time.Location) instant {
	return func(r *rich, t time.Time) *rich { return r.t(clockTime(t, zone)) }
}

// localDay does the same, and says of a time on now's day that it is today.
func localDay(zone *time.Location, now time.Time) instant {
	return func(r *rich, t time.Time) *rich {
		if dayName(t, zone) == dayName(now, zone) {
			r.t("today, ")
		}
		return r.t(clockTime(t, zone))
	}
}

// deadline says how the promise of an entry stands, and by when its candidate
// is to be told: today's as day writes it, the others as in does.
func (r *rich) deadline(e decision.Entry, now time.Time, in, day instant) *rich {
	due := e.Case.Interview.Deadline
	if !e.Case.Told() {
		r.light(e.Plan, now)
	}
	switch {
	case onHold(e.Case) && due.Before(now):
		r.t("Was to hear again by ")
	case onHold(e.Case):
		r.t("To hear again by ")
	case e.Case.Told() || due.Before(now):
		r.t("Was to be told by ")
	case e.Due:
		return day(r.b("Due").t(" "), due).t(".")
	default:
		r.t("To be told by ")
	}
	return in(r, due).t(".")
}

// state says where an entry stands and whose turn it is.
func (r *rich) state(e decision.Entry, mode string, in instant) *rich {
	k := e.Case
	d, n := k.Decision, k.Notice
	if !k.Told() && d == nil {
		if e.Need == hiring.NeedScorecards {
			return r.tf("%d of %d scorecards in. Missing: ", e.In, e.Owed).users(e.Owing).t(".")
		}
		if e.Owed == 0 {
			r.t("Nobody is left who owes a scorecard. ")
		} else if e.In < e.Owed {
			r.tf("%d of %d scorecards in. ", e.In, e.Owed)
		} else {
			r.t("All scorecards are in. ")
		}
		return r.t("Waits for a decision by ").anyOf(e.Holders).t(".")
	}
	if d != nil {
		r.t("Decided: ").b(strings.ToLower(outcomeWord(d))).t(", by ").user(d.By).t(", ")
		in(r, d.At).t(". ")
		if d.Corrects != nil {
			r.t("Corrects: " + toldWord(d.Corrects) + ", told ")
			in(r, d.Corrects.At).t(". ")
		}
	}
	switch {
	case k.Told():
		r.b("Told").t(", ")
		in(r, k.ToldAt)
		if n != nil && n.ToldBy != "" {
			r.t(", by ").user(n.ToldBy)
		} else if n != nil {
			r.t(", by e-mail")
		}
		if !k.Promise().Kept() {
			return r.t(": after the deadline.")
		}
		return r.t(": in time.")
	case onHold(k):
		r.t("The candidate knows about the hold since ")
		return in(r, n.ToldAt).t(".")
	case n != nil && n.State == hiring.NoticeUnsure:
		return r.t("Whether the e-mail arrived is unknown: ").user(n.ApprovedBy).t(" finds out.")
	case n != nil && n.State == hiring.NoticeFailed:
		return r.t("The e-mail was not sent: ").user(n.ApprovedBy).t(" decides what happens.")
	case n != nil && n.State == hiring.NoticeApproved && mode == decision.MailSend:
		return r.t("The e-mail is on its way.")
	case n != nil && n.State == hiring.NoticeApproved:
		return r.t("Not told yet: ").user(n.ApprovedBy).t(" has the text to send.")
	default:
		return r.t("Not told yet: the notice is still to be written.")
	}
}

// toldWord says what a candidate had been told.
func toldWord(t *hiring.Told) string {
	if t.Outcome == hiring.Advance {
		return "advanced"
	}
	return "declined"
}

// corrects says in a sentence what a decision corrects; "" for most.
func corrects(d *hiring.Decision, zone *time.Location) string {
	if d == nil || d.Corrects == nil {
		return ""
	}
	return "Corrects: " + toldWord(d.Corrects) + ", told " + clockTime(d.Corrects.At, zone) + "."
}

// onHold reports whether the candidate knows of a hold and is to be decided on
// anew.
func onHold(k *hiring.Case) bool {
	return !k.Told() && k.Decision != nil && k.Decision.Outcome == hiring.Hold && k.Notice != nil && k.Notice.State == hiring.NoticeTold
}

// anyOf names people of whom one is enough.
func (r *rich) anyOf(ids []string) *rich {
	for i, id := range ids {
		switch {
		case i > 0 && i == len(ids)-1:
			r.t(" or ")
		case i > 0:
			r.t(", ")
		}
		r.user(id)
	}
	return r
}

// factsLine is the one plain line of facts: "all gates met; mean 3.4 over 5
// competencies, 3 people; spread 1; no red flag". It gives no advice.
func factsLine(f *decision.Facts) string {
	var parts []string
	if len(f.Gates) > 0 {
		parts = append(parts, gateCounts(f))
	}
	if f.Ratings > 0 {
		parts = append(parts,
			fmt.Sprintf("mean %s over %s, %s", meanText(f), count(f.Rated, "competency", "competencies"), count(f.People, "person", "people")),
			fmt.Sprintf("spread %d", f.Spread))
	} else {
		parts = append(parts, "nothing rated by "+count(f.People, "person", "people"))
	}
	flags := "no red flag"
	if len(f.RedFlags) > 0 {
		flags = count(len(f.RedFlags), "red flag", "red flags")
	}
	return strings.Join(append(parts, flags), "; ")
}

// meanText writes the mean with one decimal, rounded as people do: 2.25 is 2.3.
func meanText(f *decision.Facts) string {
	return fmt.Sprintf("%.1f", math.Floor(f.Mean*10+0.5)/10)
}

func met(f *decision.Facts) int {
	n := 0
	for _, g := range f.Gates {
		if g.Met() {
			n++
		}
	}
	return n
}

func failed(f *decision.Facts) int {
	n := 0
	for _, g := range f.Gates {
		if g.Failed() {
			n++
		}
	}
	return n
}

func gateCounts(f *decision.Facts) string {
	failed, yes := failed(f), met(f)
	if yes == len(f.Gates) {
		return "all gates met"
	}
	text := fmt.Sprintf("%d of %s met", yes, count(len(f.Gates), "gate", "gates"))
	if failed > 0 {
		text += fmt.Sprintf(", %d not met", failed)
	}
	if unknown := len(f.Gates) - yes - failed; unknown > 0 {
		text += fmt.Sprintf(", %d unknown", unknown)
	}
	return text
}

// wordCounts counts the recommendations: "1 strong yes, 2 yes".
func wordCounts(f *decision.Facts) string {
	var parts []string
	for i := len(hiring.Recommendations) - 1; i >= 0; i-- {
		word, n := hiring.Recommendations[i], 0
		for _, w := range f.Recommendations {
			if w.Word == word {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, strings.ToLower(word.String())))
		}
	}
	return strings.Join(parts, ", ")
}

// factsParts are the facts in full: a line per competency, gates, red flags,
// recommendations, and the line that sums them up. People are named without
// being called.
func (v *mondayMessage) factsParts(f *decision.Facts, d detail) []slack.RichTextElement {
	who := func(id string) string { return v.names(v.ctx, []string{id}) }
	var parts []slack.RichTextElement
	if d < brief {
		var lines []*rich
		for _, c := range f.Competencies {
			lines = append(lines, say(cut(c.Competency.Name, d, 75, 32)+": "+levelsText(c)))
		}
		if len(lines) > 0 {
			parts = append(parts, bullets(lines...))
		}
	}
	var tail []*rich
	if d < bare {
		tail = append(tail, gateLines(f, d, who)...)
		tail = append(tail, flagLines(f, d, who)...)
		tail = append(tail, wordsLine(f, d, who))
	}
	tail = append(tail, say(capital(factsLine(f))+"."))
	paragraph := &rich{}
	for i, line := range tail {
		if i > 0 {
			paragraph.t("\n")
		}
		paragraph.elements = append(paragraph.elements, line.elements...)
	}
	return append(parts, paragraph.para())
}

// levelsText writes the ratings of one competency: "3, 4 (spread 1)".
func levelsText(c decision.CompetencyFacts) string {
	var levels []string
	for _, l := range c.Levels {
		levels = append(levels, fmt.Sprint(int(l.Level)))
	}
	text := strings.Join(levels, ", ")
	switch {
	case len(levels) == 0:
		return "not assessed"
	case len(levels) > 1:
		text += fmt.Sprintf(" (spread %d)", c.Spread)
	}
	if c.NotAssessed > 0 {
		text += fmt.Sprintf("; %d not assessed", c.NotAssessed)
	}
	return text
}

// gateLines name the gates that aren't plainly met, and by whom.
func gateLines(f *decision.Facts, d detail, who func(string) string) []*rich {
	var failed, unknown []string
	for _, g := range f.Gates {
		text := "“" + cut(g.Gate.Text, d, 300, 40, 30) + "”"
		switch {
		case g.Failed():
			var people []string
			for _, a := range g.Answers {
				if a.Answer == hiring.GateNo {
					people = append(people, who(a.Person))
				}
			}
			failed = append(failed, text+" ("+hiring.Clip(strings.Join(people, ", "), atMost(d, 80, 30))+")")
		case !g.Met():
			unknown = append(unknown, text)
		}
	}
	var out []*rich
	if len(failed) > 0 {
		out = append(out, say("").b("Gates not met: ").t(some(failed, d)))
	}
	if len(unknown) > 0 {
		out = append(out, say("").b("Gates unknown: ").t(some(unknown, d)))
	}
	return out
}

func flagLines(f *decision.Facts, d detail, who func(string) string) []*rich {
	var named []string
	for _, r := range f.RedFlags {
		named = append(named, "“"+cut(r.Flag.Text, d, 75, 40, 30)+"” ("+hiring.Clip(who(r.Person), atMost(d, 80, 30))+")")
	}
	if len(named) == 0 {
		return nil
	}
	return []*rich{say("").b("Red flags: ").t(some(named, d))}
}

func wordsLine(f *decision.Facts, d detail, who func(string) string) *rich {
	r := say("").b("Recommendations: ")
	if d > full {
		return r.t(wordCounts(f))
	}
	var words []string
	for _, w := range f.Recommendations {
		word := who(w.Person) + ": " + strings.ToLower(w.Word.String())
		if w.AfterReveal {
			word += " (" + afterReveal + ")"
		}
		words = append(words, word)
	}
	return r.t(some(words, d))
}

// some lists as many as the level of detail has room for, and says what is left
// out.
func some(items []string, d detail) string {
	n := min(len(items), atMost(d, 8, 3, 1))
	text := strings.Join(items[:n], "; ")
	if n < len(items) {
		text += fmt.Sprintf("; %d more with the Evidence button", len(items)-n)
	}
	return text
}
