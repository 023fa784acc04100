package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/scorecard"
)

// openEvidence shows what panelists wrote, as far as the viewer may read it
// now. The value is the interview, and for one panelist's whole scorecard the
// panelist too.
func (b *Bot) openEvidence(ctx context.Context, c *click) error {
	interview, panelist := split(c.Value)
	k, err := b.Store.Case(ctx, interview)
	if err != nil {
		return err
	}
	if !k.Role.IsCoordinator(c.Person.ID) && !k.Role.IsDecider(c.Person.ID) && k.Interview.Part(c.Person.ID) == "" {
		return hiring.Refuse("Only the coordinators and deciders of %s and this interview's panelists can read its scorecards.", k.Role.Title)
	}
	rubric, err := b.rubric(ctx, k)
	if err != nil {
		return err
	}
	return b.show(ctx, c, b.evidenceView(ctx, k, rubric, c.Person, panelist))
}

// evidenceView is read-only. Independence is asked here, once: everything below
// works with the cards that the viewer may read.
func (b *Bot) evidenceView(ctx context.Context, k *hiring.Case, rubric *hiring.Role, p hiring.Person, panelist string) slack.ModalViewRequest {
	cards, zone := k.Readable(p.ID), p.TimeZone(k.Role.TimeZone())
	head := []slack.Block{header(k.Candidate.Name), note(k.Stage().Name + " · " + span(k.Interview.Start, k.Interview.End, zone))}
	if len(cards) == 0 {
		return modal("", "Evidence", "", "Close", append(head, b.closedBlocks(ctx, k, p)...)...)
	}
	if i := slices.IndexFunc(cards, func(s *hiring.Scorecard) bool { return s.Panelist == panelist }); i >= 0 {
		form := &scorecard.Form{Case: k, Role: rubric, Card: cards[i]}
		if err := b.Scorecards.AddEarlier(ctx, form); err != nil { // the one that stands is there all the same
			b.Log.Warn("earlier versions not read", "interview", k.Interview.ID, "panelist", panelist, "err", err)
		}
		return readView("Evidence", form, p, k.Role.IsCoordinator(p.ID) || panelist == p.ID, nil)
	}
	stage, _ := rubric.Stage(k.Interview.Stage)
	var counted []slack.Block
	if facts := factsFor(k, p.ID); facts != nil {
		head = append(head, section(capital(factsLine(facts))+". How it was counted is at the end."))
		counted = countedBlocks(k, facts)
	}
	if owing := k.Panelboard().Owing(); len(owing) > 0 {
		head = append(head, say("Still missing: ").users(owing).block())
	}
	head = append(head, excusedLine(k.Interview)...)
	decided := b.decisionsFor(ctx, k, p.ID)
	v := modal("", "Evidence", "", "Close")
	for _, limit := range cuts {
		v.Blocks.BlockSet = append(slices.Clone(head), sideBySide(k, rubric.Rated(stage), rubric.Asked(stage), cards, zone, limit)...)
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, counted...)
		if limit < hiring.MaxEvidence {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, b.wholeCards(ctx, k, cards, "Long texts are cut here. Each scorecard in full:")...)
		} else {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, b.wholeCards(ctx, k, revised(cards), "Reopened and submitted again. Each with its earlier versions:")...)
		}
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, decisionBlocks(decided, zone, limit)...)
		if fitsView(v) {
			break
		}
	}
	if k.Role.IsDecider(p.ID) && (!k.Told() || k.Decision != nil) {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, actions("", primary(decideButton(k))))
	}
	return v
}

// closedBlocks say why there is nothing to read yet, and what to do.
func (b *Bot) closedBlocks(ctx context.Context, k *hiring.Case, p hiring.Person) []slack.Block {
	board := k.Panelboard()
	in, owed := board.Count()
	switch {
	case len(board.Submitted) == 0:
		return []slack.Block{section("No scorecard is in yet. I ask the panelists as soon as the interview is over.")}
	case slices.Contains(board.Unscored(), p.ID):
		return []slack.Block{
			section("You are on this panel, so the others' scorecards stay closed to you until yours is in."),
			actions("", primary(button(actScoreOpen, k.Interview.ID, "Open my scorecard"))),
		}
	}
	if k.Interview.Excused(p.ID) && !k.Role.IsCoordinator(p.ID) && !k.Role.IsDecider(p.ID) {
		return []slack.Block{section("You hand in no scorecard of this interview, so the others' are read by the coordinators and deciders alone.")}
	}
	text := fmt.Sprintf("%d of %d scorecards are in. All stay closed until the last one is, so that nobody is led by another's view.", in, owed)
	if owing := b.names(ctx, board.Owing()); owing != "" {
		text += " Missing: " + owing + "."
	}
	blocks := []slack.Block{section(text)}
	if hiring.MayReveal(p.ID, k.Role, board) && !board.Revealed {
		blocks = append(blocks, actions("", revealButton(k)))
	}
	return blocks
}

// factsFor returns the figures of a case if the viewer may read all they are
// made from, else nil.
func factsFor(k *hiring.Case, viewer string) *decision.Facts {
	submitted := k.Panelboard().Submitted
	if len(submitted) == 0 || len(k.Readable(viewer)) < len(submitted) || !k.Panelboard().Complete() && k.Revealed == "" {
		return nil
	}
	f := decision.Gather(k)
	return &f
}

// sideBySide shows what the panelists wrote about each competency and gate,
// then their recommendations. Quotations are cut to limit characters.
func sideBySide(k *hiring.Case, rated []hiring.Competency, gates []hiring.Gate, cards []*hiring.Scorecard, zone *time.Location, limit int) []slack.Block {
	var blocks []slack.Block
	for _, c := range rated {
		parts := []slack.RichTextElement{say("").b(c.Name).para()}
		for _, s := range cards {
			r := s.Answers.Ratings[c.ID]
			parts = append(parts, (&rich{}).author(k, s.Panelist).t(": "+levelText(r.Level)).flags(c, r).para())
			parts = append(parts, messageParts("By message", r.Notes, zone, limit)...)
			if r.Evidence != "" {
				parts = append(parts, quote(hiring.Clip(r.Evidence, limit)))
			}
		}
		blocks = append(blocks, richText(parts...))
	}
	if len(gates) > 0 {
		blocks = append(blocks, header("Gates"))
	}
	for _, g := range gates {
		parts := []slack.RichTextElement{say("").b(g.Text).para()}
		for _, s := range cards {
			e := s.Answers.Gates[g.ID]
			parts = append(parts, (&rich{}).author(k, s.Panelist).t(": "+gateWord(e.Answer)).para())
			if e.Evidence != "" {
				parts = append(parts, quote(hiring.Clip(e.Evidence, limit)))
			}
		}
		blocks = append(blocks, richText(parts...))
	}
	var words []*rich
	for _, s := range cards {
		said := (&rich{}).author(k, s.Panelist).t(": " + s.Answers.Recommendation.String())
		if s.AfterReveal {
			said.t(" (" + afterReveal + ")")
		}
		words = append(words, said)
	}
	return append(blocks, header("Recommendations"), richText(bullets(words...)))
}

// author adds who wrote a scorecard.
func (r *rich) author(k *hiring.Case, person string) *rich {
	r.user(person)
	switch k.Interview.Part(person) {
	case hiring.Shadow:
		r.t(" (shadow, doesn't count)")
	case "":
		r.t(" (left the panel, doesn't count)")
	}
	return r
}

// flags adds the red flags that were ticked.
func (r *rich) flags(c hiring.Competency, rating hiring.Rating) *rich {
	var named []string
	for _, f := range c.RedFlags {
		if slices.Contains(rating.RedFlags, f.ID) {
			named = append(named, "“"+f.Text+"”")
		}
	}
	if len(named) > 0 {
		r.t(". ").b("Red flag").t(": " + strings.Join(named, ", "))
	}
	return r
}

func gateWord(a hiring.GateAnswer) string {
	switch a {
	case hiring.GateYes:
		return "Yes"
	case hiring.GateNo:
		return "No"
	case hiring.GateUnknown:
		return "Unknown"
	default:
		return "Not answered"
	}
}

// wholeCards offers scorecards in full, each behind a button.
func (b *Bot) wholeCards(ctx context.Context, k *hiring.Case, cards []*hiring.Scorecard, why string) []slack.Block {
	if len(cards) == 0 {
		return nil
	}
	var buttons []slack.BlockElement
	for i, s := range cards[:min(len(cards), 25)] { // a row takes 25
		el := button(actEvidence+":"+fmt.Sprint(i), join(k.Interview.ID, s.Panelist), "Read "+b.names(ctx, []string{s.Panelist})+"'s scorecard")
		buttons = append(buttons, el)
	}
	return []slack.Block{note(why), actions("", buttons...)}
}

// revised are the scorecards that were submitted more than once.
func revised(cards []*hiring.Scorecard) []*hiring.Scorecard {
	return slices.DeleteFunc(slices.Clone(cards), func(s *hiring.Scorecard) bool { return s.Version < 2 })
}
