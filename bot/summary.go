package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/outbox"
)

// renderPreview is the morning message: what is due today and what is missing.
func (b *Bot) renderPreview(ctx context.Context, m outbox.Message) (*content, error) {
	return b.renderMonday(ctx, m)
}

// renderSummary is the afternoon message: the evidence, before the deadline.
func (b *Bot) renderSummary(ctx context.Context, m outbox.Message) (*content, error) {
	return b.renderMonday(ctx, m)
}

// renderMonday makes one part of a preview or summary; About is
// "kind|role|time|part".
func (b *Bot) renderMonday(ctx context.Context, m outbox.Message) (*content, error) {
	fields := strings.Split(m.About, "|")
	if len(fields) < 3 {
		return nil, fmt.Errorf("message %s: cannot read %q", m.Key, m.About)
	}
	planned, err := time.Parse(time.RFC3339, fields[2])
	if err != nil {
		return nil, fmt.Errorf("message %s: %w", m.Key, err)
	}
	part := 1
	if len(fields) > 3 {
		if part, err = strconv.Atoi(fields[3]); err != nil || part < 1 {
			return nil, fmt.Errorf("message %s: cannot read %q", m.Key, m.About)
		}
	}
	posted := postedAt(m, b.Now())
	old := m.TS != "" && b.Now().Sub(posted) > currentFor
	if old && !mustChange(m) {
		return nil, nil // it stays as the record of its day; the next one goes on
	}
	sum, err := b.Decisions.SummaryAt(ctx, fields[1], planned, asOf(m, b.Now()))
	if err != nil {
		return nil, err
	}
	entries := overBy(sum.Entries, posted)
	from := min((part-1)*decision.PerMessage, len(entries))
	mine := entries[from:min(from+decision.PerMessage, len(entries))]
	if len(mine) == 0 && m.TS == "" {
		return nil, nil
	}
	v := mondayMessage{Bot: b, ctx: ctx, kind: m.Kind, role: sum.Role, planned: planned, posted: posted, part: part, all: entries, mine: mine, left: sum.Left}
	subjects := []string{sum.Role.Key}
	for _, e := range mine {
		subjects = append(subjects, e.Case.Interview.ID, e.Case.Candidate.ID)
	}
	c := &content{Text: v.text(), Blocks: fit(v.blocks), Subjects: subjects}
	c.Said = v.said()
	return c, nil
}

// currentFor is how long a Monday message is kept current. Candidates who were
// told stay in it for as long (see decision.Store.OpenCases).
const currentFor = 40 * time.Hour

// overBy leaves out interviews that ended after the message was posted: they
// belong to the next one.
func overBy(entries []decision.Entry, posted time.Time) []decision.Entry {
	var out []decision.Entry
	for _, e := range entries {
		if !e.Case.Interview.End.After(posted) {
			out = append(out, e)
		}
	}
	return out
}

// A mondayMessage is one part of a preview or summary being written.
type mondayMessage struct {
	*Bot
	ctx     context.Context
	kind    string
	role    *hiring.Role
	planned time.Time // when it was due
	posted  time.Time // when it was posted, or is going to be
	part    int
	all     []decision.Entry // of all parts
	mine    []decision.Entry // of this one
	left    []*hiring.Case   // who withdrew
	detail  detail           // of the blocks that were made last
	reader  *hiring.Person   // whom alone it is for; nil: everybody in the channel
}

// zone is the reader's, or in a channel the role's.
func (v *mondayMessage) zone() *time.Location {
	if v.reader != nil {
		return v.reader.TimeZone(v.role.TimeZone())
	}
	return v.role.TimeZone()
}

func (v *mondayMessage) title() string {
	name := "Decision summary"
	if v.kind == "preview" {
		name = "Decisions ahead"
	}
	title := name + ": " + v.role.Title + ", " + dayName(v.planned, v.role.TimeZone())
	if v.part > 1 {
		title += fmt.Sprintf(" (part %d)", v.part)
	}
	return title
}

// late says how late the message comes, if it does.
func (v *mondayMessage) late() string {
	d := v.posted.Sub(v.planned)
	if d <= lateAfter {
		return ""
	}
	return fmt.Sprintf("This comes %s late: I couldn't post it at %s.", howLong(d), clockTime(v.planned, v.role.TimeZone()))
}

// lateAfter is how late something may be without a word about it.
const lateAfter = 10 * time.Minute

// lead counts what the message is about.
func (v *mondayMessage) lead() string {
	told, kept, due, late := 0, 0, 0, 0
	needs := map[hiring.Need]int{}
	for _, e := range v.all {
		k := e.Case
		switch {
		case k.Told():
			told++
			if k.Promise().Kept() {
				kept++
			}
			continue
		case k.Interview.Deadline.Before(v.Now()):
			late++
		case e.Due:
			due++
		}
		needs[e.Need]++
	}
	switch {
	case len(v.all) == 0:
		return "Nobody waits any more."
	case told == len(v.all):
		return fmt.Sprintf("All told. Promise kept for %d of %d.", kept, told)
	}
	day := "today"
	if now := v.Now(); dayName(now, v.role.TimeZone()) != dayName(v.planned, v.role.TimeZone()) {
		day = "by " + dayName(v.planned, v.role.TimeZone()) // it is edited on a later day, or comes late
	}
	text := count(len(v.all), "candidate", "candidates")
	if late > 0 {
		text += fmt.Sprintf(", %d late", late)
	}
	if due > 0 {
		text += fmt.Sprintf(", %d due %s", due, day)
	} else if late == 0 {
		text += ", nobody due " + day
	}
	text += "."
	for _, w := range [...]struct {
		need      hiring.Need
		one, many string
	}{
		{hiring.NeedScorecards, "waits for scorecards", "wait for scorecards"},
		{hiring.NeedDecision, "waits for a decision", "wait for a decision"},
		{hiring.NeedNotice, "waits to be told", "wait to be told"},
	} {
		if n := needs[w.need]; n > 0 {
			text += " " + count(n, w.one, w.many) + "."
		}
	}
	if told > 0 {
		text += fmt.Sprintf(" %d told.", told)
	}
	return text
}

// withdrawn names who left the process, in the first part.
func (v *mondayMessage) withdrawn() string {
	if len(v.left) == 0 || v.part > 1 {
		return ""
	}
	var who []string
	for _, k := range v.leftNamed() {
		who = append(who, v.whoLeft(k))
	}
	if more := len(v.left) - len(who); more > 0 {
		who = append(who, fmt.Sprintf("%d more", more))
	}
	return "Withdrawn: " + strings.Join(who, "; ") + "."
}

// leftNamed are those whom the first part names as withdrawn.
func (v *mondayMessage) leftNamed() []*hiring.Case {
	if v.part > 1 {
		return nil
	}
	return v.left[:min(len(v.left), 10)]
}

func (v *mondayMessage) whoLeft(k *hiring.Case) string {
	return fmt.Sprintf("%s (%s), %s", hiring.Clip(k.Candidate.Name, 60), hiring.Clip(k.Stage().Name, 40), clockTime(k.Candidate.EndedAt, v.zone()))
}

// text says the same as the blocks, for notifications and screen readers.
func (v *mondayMessage) text() string {
	text := v.title() + ". " + v.lead()
	if late := v.late(); late != "" {
		text += " " + late
	}
	var lines []string
	for _, d := range details {
		lines = nil
		for _, e := range v.mine {
			lines = append(lines, v.entryText(e, d))
		}
		if left := v.withdrawn(); left != "" {
			lines = append(lines, left)
		}
		if fits(text + "\n" + strings.Join(lines, "\n")) {
			break
		}
	}
	return fallback("%s", text+"\n"+strings.Join(lines, "\n"))
}

// entryText is one line of one candidate. With less detail it names fewer
// people, and then leaves the facts to the blocks.
func (v *mondayMessage) entryText(e decision.Entry, d detail) string {
	k, zone := e.Case, v.role.TimeZone()
	text := k.Candidate.Name + ", " + k.Stage().Name
	if e.Plan.Light != "" && !k.Told() {
		text += " (" + lightWord(e.Plan, v.Now()) + ")"
	}
	switch {
	case k.Told():
		return text + ": told " + clockTime(k.ToldAt, zone) + "."
	case onHold(k):
		text += ": on hold, and knows; to hear again by " + clockTime(k.Interview.Deadline, zone) + "."
	case k.Decision != nil:
		text += ": decided, " + strings.ToLower(outcomeWord(k.Decision)) + "; to be told by " + clockTime(k.Interview.Deadline, zone) + "."
	case e.Need == hiring.NeedScorecards:
		text += fmt.Sprintf(": %d of %d scorecards in, missing %s; due %s.", e.In, e.Owed, cut(v.names(v.ctx, e.Owing), d, 600, 120, 60), clockTime(k.Interview.Deadline, zone))
	default:
		text += ": waits for a decision; due " + clockTime(k.Interview.Deadline, zone) + "."
	}
	if line := corrects(k.Decision, zone); line != "" {
		text += " " + line
	}
	if f := v.facts(e); f != nil && d < bare {
		text += " " + capital(factsLine(f)) + "."
	}
	return text
}

// facts returns what this message may show of the scorecards. Everybody on the
// team reads the channel: they stay behind the button while anybody on the panel
// has yet to hand in theirs, an optional panelist or a shadow too, and so do
// those of a sealed role.
func (v *mondayMessage) facts(e decision.Entry) *decision.Facts {
	switch {
	case v.role.Sealed.V:
		return nil
	case v.reader != nil && e.Case.Panelboard().Complete(): // nobody else sees it: what they may read
		return factsFor(e.Case, v.reader.ID)
	case v.unscored(e):
		return nil
	}
	return e.Facts
}

func (v *mondayMessage) unscored(e decision.Entry) bool {
	return len(e.Case.Panelboard().Unscored()) > 0
}

func (v *mondayMessage) blocks(d detail) []slack.Block {
	v.detail = d
	blocks := []slack.Block{header(v.title())}
	if late := v.late(); late != "" {
		blocks = append(blocks, note(late))
	}
	blocks = append(blocks, section(v.lead()))
	if len(v.mine) > 0 {
		blocks = append(blocks, v.table(d)...)
	}
	for _, e := range v.mine {
		blocks = append(append(blocks, divider()), v.entry(e, d)...)
	}
	if left := v.withdrawn(); left != "" {
		blocks = append(blocks, divider(), note(left))
	}
	if left := len(v.all) - v.part*decision.PerMessage; v.part == 1 && left > 0 {
		blocks = append(blocks, note(fmt.Sprintf("%s more in the next message.", count(left, "candidate", "candidates"))))
	}
	return blocks
}

// entry is one candidate: where it stands, the facts, the buttons.
func (v *mondayMessage) entry(e decision.Entry, d detail) []slack.Block {
	k := e.Case
	in, day := public(v.zone()), public(v.zone())
	reasoned := !v.unscored(e) && !v.role.Sealed.V // a reason can tell what the scorecards say
	if v.reader != nil {
		in, day = local(v.zone()), localDay(v.zone(), v.Now())
		reasoned = v.facts(e) != nil
	}
	head := say("").b(k.Candidate.Name).t(" · " + k.Stage().Name + "\n")
	head.deadline(e, v.Now(), in, day).t("\n").state(e, v.Decisions.Mode, in)
	if d == full && k.Decision != nil && !k.Told() && reasoned {
		head.t("\nReason: " + hiring.Clip(k.Decision.Reason, 300))
	}
	if k.Revealed != "" && e.In < e.Owed {
		head.t("\nThe scorecards that are in were opened early by ").user(k.Revealed).t(". While one is missing, they are read with the button.")
	}
	blocks := []slack.Block{head.block()}
	if f := v.facts(e); k.Told() {
		return blocks
	} else if f != nil {
		blocks = append(blocks, richText(v.factsParts(f, d)...))
	} else if e.Facts != nil && e.In == e.Owed && !v.role.Sealed.V {
		blocks = append(blocks, note("All scorecards that are needed are in. One that isn't needed isn't, so the evidence is behind the button, for those who may read it."))
	} else if e.Facts != nil && e.In == e.Owed {
		blocks = append(blocks, note("All scorecards are in. This role's evidence is behind the button, for those who may read it."))
	}
	if buttons := v.buttons(e); len(buttons) > 0 {
		blocks = append(blocks, actions("", buttons...))
	}
	return blocks
}

func (v *mondayMessage) buttons(e decision.Entry) []slack.BlockElement {
	if v.reader != nil {
		return v.awaitingButtons(v.ctx, e, *v.reader)
	}
	k := e.Case
	var out []slack.BlockElement
	switch {
	case e.Need == hiring.NeedDecision:
		out = append(out, primary(decideButton(k)))
	case v.kind != "preview" || k.Decision != nil:
		out = append(out, decideButton(k))
	}
	if e.Facts != nil && e.In > 0 {
		out = append(out, button(actEvidence, k.Interview.ID, "Evidence"))
	}
	if k.WantsDebrief(v.Now()) && v.facts(e) != nil {
		if d, err := v.debriefOf(v.ctx, k.Interview.ID); err == nil && d != nil {
			out = append(out, button(actDebrief, k.Interview.ID, debriefTitle))
		}
	}
	if k.Decision != nil {
		out = append(out, noticeButton(k, v.Decisions.Mode))
	}
	if e.Need == hiring.NeedScorecards {
		out = append(out, v.nudgeButtons(v.ctx, k, e.Owing, "")...)
	}
	if e.Need == hiring.NeedScorecards && e.In > 0 {
		out = append(out, revealButton(k))
	}
	return out
}
