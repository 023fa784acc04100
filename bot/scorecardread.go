package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/scorecard"
)

// submittedView is what a panelist handed in, to read.
func submittedView(f *scorecard.Form, p hiring.Person) slack.ModalViewRequest {
	k := f.Case
	foot := []slack.Block{actions("", button(actScoreReopen, k.Interview.ID, "Reopen scorecard")), note("To change something, reopen it. What you submitted is kept.")}
	if err := scorecard.MayReopen(k, f.Card); k.Decision != nil {
		foot = []slack.Block{note("A decision has been recorded, so it stays as it is.")}
	} else if err != nil {
		foot = []slack.Block{note(err.Error())}
	}
	return readView("Scorecard", f, p, true, foot)
}

// readView shows one submitted version of a scorecard in full, and offers those
// before it. private adds the note to the coordinator.
func readView(title string, f *scorecard.Form, p hiring.Person, private bool, foot []slack.Block) slack.ModalViewRequest {
	k, zone := f.Case, p.TimeZone(f.Case.Role.TimeZone())
	lead := k.Stage().Name + " · " + span(k.Interview.Start, k.Interview.End, zone) + "\n" + versionWords(f.Card, zone) + "."
	foot = append(foot, earlierBlocks(f, zone)...)
	v := modal("", title, "", "Close")
	for _, limit := range cuts {
		v.Blocks.BlockSet = []slack.Block{header(k.Candidate.Name), section(lead)}
		if f.Card.Panelist != p.ID {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, say("Scorecard of ").user(f.Card.Panelist).block())
		}
		v.Blocks.BlockSet = append(append(v.Blocks.BlockSet, cardBlocks(f, zone, private, limit)...), foot...)
		if fitsView(v) {
			break
		}
	}
	return v
}

// cuts are how many characters of each quotation a view shows: the most that
// Slack takes.
var cuts = [...]int{hiring.MaxEvidence, 600, 150, 40}

// versionWords say which version of a scorecard it is.
func versionWords(card *hiring.Scorecard, zone *time.Location) string {
	text := "Submitted " + clockTime(card.SubmittedAt, zone)
	if card.Version > 1 {
		text = fmt.Sprintf("Version %d, submitted %s", card.Version, clockTime(card.SubmittedAt, zone))
	}
	if card.AfterReveal {
		text += ", " + afterReveal
	}
	return text
}

// afterReveal marks what was changed when its author could read the others'.
const afterReveal = "revised after reveal"

// maxEarlier is how many versions a view lists; each lists those before it.
const maxEarlier = 20

// earlierBlocks list the versions before the form's, newest first: when each
// was submitted, and why it was reopened.
func earlierBlocks(f *scorecard.Form, zone *time.Location) []slack.Block {
	if len(f.Earlier) == 0 {
		return nil
	}
	blocks := []slack.Block{header("Earlier versions")}
	next := f.Card
	for _, v := range f.Earlier[:min(len(f.Earlier), maxEarlier)] {
		n := strconv.Itoa(v.Version)
		text := strings.Replace(versionWords(v, zone), "Submitted", "Version "+n+", submitted", 1)
		if next.Reason != "" {
			text += "\nReopened: “" + next.Reason + "”"
		}
		read := button(actScoreVersion, join(f.Case.Interview.ID, v.Panelist, n), "Read version "+n)
		blocks = append(blocks, slack.NewSectionBlock(plain(text), nil, slack.NewAccessory(read)))
		next = v
	}
	return blocks
}

// openVersion shows an earlier version of a scorecard to its author, and to
// whoever may read the one that stands. The value is interview, author and
// version.
func (b *Bot) openVersion(ctx context.Context, c *click) error {
	interview, rest := split(c.Value)
	author, number := split(rest)
	n, err := strconv.Atoi(number)
	if err != nil {
		return hiring.ErrNotFound
	}
	form, err := b.Scorecards.Version(ctx, interview, author, c.Person.ID, n)
	if err != nil {
		return err
	}
	return b.show(ctx, c, versionView(form, c.Person))
}

// versionView is a version that no longer stands.
func versionView(f *scorecard.Form, p hiring.Person) slack.ModalViewRequest {
	private := p.ID == f.Card.Panelist || f.Case.Role.IsCoordinator(p.ID)
	return readView("Scorecard", f, p, private, []slack.Block{note("This is an earlier version. It is kept as it was.")})
}

// messageParts show evidence that came as messages, each cut to limit
// characters. Where they are cut, the newest are shown.
func messageParts(from string, notes []hiring.Note, zone *time.Location, limit int) []slack.RichTextElement {
	var parts []slack.RichTextElement
	if most := max(2, limit/30); len(notes) > most {
		parts = append(parts, say("").i(fmt.Sprintf("%s: %d more before these", from, len(notes)-most)).para())
		notes = notes[len(notes)-most:]
	}
	for _, n := range notes {
		parts = append(parts, say("").i(from+", "+clockTime(n.At, zone)).para(), quote(hiring.Clip(n.Text, limit)))
	}
	return parts
}

// cardBlocks show one scorecard, its quotations cut to limit characters.
func cardBlocks(f *scorecard.Form, zone *time.Location, private bool, limit int) []slack.Block {
	a := f.Card.Answers
	var blocks []slack.Block
	for _, c := range f.Competencies() {
		r := a.Ratings[c.ID]
		parts := []slack.RichTextElement{say("").b(c.Name).t("\n"+levelText(r.Level)).flags(c, r).para()}
		parts = append(parts, messageParts("By message", r.Notes, zone, limit)...)
		if r.Evidence != "" {
			parts = append(parts, quote(hiring.Clip(r.Evidence, limit)))
		}
		blocks = append(blocks, richText(parts...))
	}
	for _, g := range f.Gates() {
		e := a.Gates[g.ID]
		parts := []slack.RichTextElement{say("").b(g.Text).t("\n" + gateWord(e.Answer)).para()}
		if e.Evidence != "" {
			parts = append(parts, quote(hiring.Clip(e.Evidence, limit)))
		}
		blocks = append(blocks, richText(parts...))
	}
	for _, s := range f.Role.Signals {
		if seen := a.Signals[s.ID]; seen != "" {
			blocks = append(blocks, richText(say("").b(s.Text).para(), quote(seen)))
		}
	}
	if private && a.Note != "" {
		blocks = append(blocks, richText(say("").b("Private note to the coordinator").para(), quote(hiring.Clip(a.Note, limit))))
	}
	return append(blocks, say("").b("Recommendation").t("\n"+a.Recommendation.String()).block())
}
