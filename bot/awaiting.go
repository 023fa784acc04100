package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
)

// A listed says what a list of those who await a decision, or the telling of
// one, shows: with the evidence (/hiring summary) or without (/decide), whose
// names hold the words, and which page.
type listed struct {
	Full  bool
	Words string
	Page  int // the first is 1; 0 is, too
}

// How many candidates a page holds, so that a modal's 100 blocks suffice: with
// the evidence four blocks each and three per role, without it two and one.
const (
	maxAwaiting = 30
	maxSummary  = 12
)

// awaitingFor is the list of whoever awaits a decision or a notice.
func (b *Bot) awaitingFor(ctx context.Context, p hiring.Person, l listed) (slack.ModalViewRequest, error) {
	summaries, err := b.Decisions.Awaiting(ctx, p.ID)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	view := b.awaitingView(ctx, p, summaries, l)
	if len(summaries) > 0 {
		return view, nil
	}
	roles, err := b.Setup.Roles(ctx, p.ID)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if !slices.ContainsFunc(roles, func(r *hiring.Role) bool { return r.IsDecider(p.ID) || r.IsCoordinator(p.ID) }) {
		view.Blocks.BlockSet = []slack.Block{section("You are not a decider or coordinator of any role, so nothing waits for you here. Your own scorecards are under /scorecard.")}
	}
	return b.withMissing(ctx, p, view)
}

func (b *Bot) awaitingView(ctx context.Context, p hiring.Person, summaries []decision.Summary, l listed) slack.ModalViewRequest {
	v, command, size := modal(viewAwaiting, "Decide", "", "Close"), "/decide", maxAwaiting
	if l.Full {
		v, command, size = modal(viewSummary, "Summary", "", "Close"), "/hiring summary", maxSummary
	}
	all := 0
	summaries = slices.Clone(summaries)
	for i, s := range summaries {
		summaries[i].Entries = slices.DeleteFunc(slices.Clone(s.Entries), func(e decision.Entry) bool {
			return e.Case.Told() && !l.Full || !holdsWords(e.Case.Candidate.Name, l.Words)
		})
		if l.Words != "" {
			summaries[i].Left = nil
		}
		all += len(summaries[i].Entries)
	}
	pages := max(1, (all+size-1)/size)
	page := min(max(l.Page, 1), pages)
	v.PrivateMetadata = meta{Words: hiring.Clip(l.Words, 80), Page: page}.String()
	for _, d := range details {
		v.Blocks.BlockSet = nil
		from := (page - 1) * size // of the entries that are still to come
		for _, s := range summaries {
			first, last := min(max(from, 0), len(s.Entries)), min(max(from+size, 0), len(s.Entries))
			from -= len(s.Entries)
			switch mine := s.Entries[first:last]; {
			case len(mine) == 0:
			case l.Full:
				v.Blocks.BlockSet = append(v.Blocks.BlockSet, b.summaryNow(ctx, p, s, mine, first == 0, d)...)
			default:
				v.Blocks.BlockSet = append(v.Blocks.BlockSet, header(roleName(s.Role)))
				for _, e := range mine {
					v.Blocks.BlockSet = append(v.Blocks.BlockSet, b.awaiting(ctx, e, p)...)
				}
			}
		}
		if fitsView(v) {
			break
		}
	}
	switch {
	case all == 0 && l.Words != "":
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, section(fmt.Sprintf("Nobody whose name holds “%s” awaits a decision. %s alone shows everybody who does.", hiring.Clip(l.Words, 80), command)))
	case all == 0:
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, section("Nobody awaits a decision in the roles that you decide or coordinate. When an interview is over, its candidate appears here."))
	case pages > 1:
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, pageRow(page, pages, size, all)...)
	}
	return v
}

// pageRow says which candidates a page shows, and leads to the others.
func pageRow(page, pages, size, all int) []slack.Block {
	text := fmt.Sprintf("Candidates %d to %d of %d, by deadline. Part of a name after the command shows only those.", (page-1)*size+1, min(page*size, all), all)
	var buttons []slack.BlockElement
	if page > 1 {
		buttons = append(buttons, button(actPage+":back", strconv.Itoa(page-1), "Back"))
	}
	if page < pages {
		buttons = append(buttons, button(actPage+":next", strconv.Itoa(page+1), "Next"))
	}
	return []slack.Block{note(text), actions("", buttons...)}
}

// turnPage shows another page of an open list.
func (b *Bot) turnPage(ctx context.Context, c *click) error {
	c.ack()
	page, err := strconv.Atoi(c.Value)
	if err != nil || c.View == nil {
		return fmt.Errorf("cannot read page %q", c.Value)
	}
	view, err := b.awaitingFor(ctx, c.Person, listed{Full: c.View.CallbackID == viewSummary, Words: readMeta(c.View.PrivateMetadata).Words, Page: page})
	if err != nil {
		return err
	}
	return b.update(ctx, c.View.ID, view)
}

// awaiting is one candidate of the list: where it stands, and the buttons.
func (b *Bot) awaiting(ctx context.Context, e decision.Entry, p hiring.Person) []slack.Block {
	k, zone := e.Case, p.TimeZone(e.Case.Role.TimeZone())
	in, now := local(zone), b.Now()
	r := say("").b(k.Candidate.Name).t(" · "+k.Stage().Name+"\n").deadline(e, now, in, localDay(zone, now)).t("\n").state(e, b.Decisions.Mode, in)
	if facts := factsFor(k, p.ID); facts != nil && k.Panelboard().Complete() {
		r.t("\n" + capital(factsLine(facts)) + ".")
	}
	blocks := []slack.Block{r.block()}
	if buttons := b.awaitingButtons(ctx, e, p); len(buttons) > 0 {
		blocks = append(blocks, actions("", buttons...))
	}
	return blocks
}

// awaitingButtons are what the person can do about a candidate who waits.
func (b *Bot) awaitingButtons(ctx context.Context, e decision.Entry, p hiring.Person) []slack.BlockElement {
	k := e.Case
	var buttons []slack.BlockElement
	if k.Role.IsDecider(p.ID) {
		buttons = append(buttons, decideButton(k))
	}
	if len(k.Readable(p.ID)) > 0 {
		buttons = append(buttons, button(actEvidence, k.Interview.ID, "Evidence"))
	}
	if k.Decision != nil {
		buttons = append(buttons, noticeButton(k, b.Decisions.Mode))
	}
	if e.Need == hiring.NeedScorecards {
		if slices.Contains(e.Owing, p.ID) {
			buttons = append(buttons, button(actScoreOpen, k.Interview.ID, "Open scorecard"))
		}
		buttons = append(buttons, b.nudgeButtons(ctx, k, e.Owing, p.ID)...)
		if e.In > 0 && hiring.MayReveal(p.ID, k.Role, k.Panelboard()) {
			buttons = append(buttons, revealButton(k))
		}
	}
	return buttons
}
