package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/candidate"
	"convene/internal/hiring"
)

// Where a stage stands for a candidate, in words.
const (
	stageDone    = "Done"
	stageNow     = "Now"
	stageOpen    = "Open"
	stageSkipped = "Skipped"
	stageNever   = "Not reached" // the candidate left before
)

// stageMark says where a stage stands for the candidate.
func stageMark(card *candidate.Card, s hiring.Stage, now time.Time) string {
	c := card.Candidate
	in := c.State == hiring.Active || c.State == hiring.Finished
	if ch := hiring.StandingCheck(s.ID, card.Checks); s.Kind == hiring.StageCheck && ch != nil {
		if ch.Outcome == hiring.CheckSkipped {
			return stageSkipped
		}
		return stageDone
	}
	at := c.State == hiring.Active && c.Stage == s.ID
	for _, k := range stageCases(card, s.ID) {
		switch {
		case k.Decision != nil && k.Decision.Outcome != hiring.Hold:
			return stageDone
		case k.Interview.Ended(now) && !at:
			return stageDone
		case k.Interview.Live():
			return stageNow
		}
	}
	here := slices.IndexFunc(card.Role.Stages, func(o hiring.Stage) bool { return o.ID == c.Stage })
	this := slices.IndexFunc(card.Role.Stages, func(o hiring.Stage) bool { return o.ID == s.ID })
	switch {
	case at:
		return stageNow
	case s.Kind == hiring.StageInterview && (this < here || c.State == hiring.Finished):
		return stageSkipped
	case in:
		return stageOpen
	default:
		return stageNever
	}
}

// stageCases are the interviews of a stage that count: without those that
// weren't booked or were cancelled, unless there is no other. Newest first.
func stageCases(card *candidate.Card, stage string) []*hiring.Case {
	var off, out []*hiring.Case
	for _, k := range card.Cases {
		if k.Interview.Stage != stage {
			continue
		}
		if iv := k.Interview; iv.Live() || iv.State == hiring.Removed {
			out = append(out, k)
		} else {
			off = append(off, k)
		}
	}
	if len(out) == 0 && len(off) > 0 {
		out = off[:1]
	}
	return out
}

// maxPerStage is how many interviews of one stage the card shows.
const maxPerStage = 3

// stageBlocks are the stages in order, each with what is known and can be done.
func (b *Bot) stageBlocks(ctx context.Context, card *candidate.Card, p hiring.Person, limit int) []slack.Block {
	var blocks []slack.Block
	for _, s := range card.Role.Stages {
		head := say("").b(stageMark(card, s, b.Now())).t(" · ").b(s.Name)
		if s.Kind == hiring.StageCheck {
			blocks = append(blocks, b.checkBlocks(card, s, head, p, limit)...)
			continue
		}
		blocks = append(blocks, b.interviewBlocks(ctx, stageCases(card, s.ID), head, p)...)
		blocks = append(blocks, b.waitingBlocks(ctx, card, s.ID, p)...)
	}
	gone := slices.DeleteFunc(slices.Clone(card.Cases), func(k *hiring.Case) bool {
		_, known := card.Role.Stage(k.Interview.Stage)
		return known || !k.Interview.Live()
	})
	if len(gone) > 0 {
		blocks = append(blocks, b.interviewBlocks(ctx, gone, say("").b("Of a stage that the role no longer has"), p)...)
	}
	return blocks
}

// interviewBlocks show the interviews of one stage; the heading stands before
// the newest.
func (b *Bot) interviewBlocks(ctx context.Context, cases []*hiring.Case, head *rich, p hiring.Person) []slack.Block {
	if len(cases) == 0 {
		return []slack.Block{head.block()}
	}
	var blocks []slack.Block
	for i, k := range cases[:min(len(cases), maxPerStage)] {
		if i > 0 {
			head = say("").b("Earlier")
		}
		interviewFacts(head.t("\n"), k, p.TimeZone(k.Role.TimeZone()), b.Now())
		blocks = append(blocks, head.block())
		if buttons := b.interviewButtons(ctx, k, p); len(buttons) > 0 {
			blocks = append(blocks, actions("", buttons...))
		}
	}
	return blocks
}

// interviewFacts says in a paragraph where an interview stands.
func interviewFacts(r *rich, k *hiring.Case, zone *time.Location, now time.Time) {
	iv := k.Interview
	r.t(span(iv.Start, iv.End, zone)).t("\nWith ").users(panelIDs(iv.Panel)).t("\n")
	in, owed := k.Panelboard().Count()
	switch {
	case iv.State == hiring.Booking:
		r.t("Being booked in Google Calendar.")
	case iv.State == hiring.Removed:
		r.t("The event was deleted in Google Calendar.")
	case iv.State == hiring.Taken:
		r.t("Not booked: " + iv.Reason)
	case iv.State == hiring.NotHeld:
		r.t("It didn't take place: " + whyNotHeld(iv))
	case iv.State == hiring.Cancelled && whyCancelled(iv) != "":
		r.t("Cancelled: " + whyCancelled(iv))
	case iv.State == hiring.Cancelled:
		r.t("Cancelled.")
	case !iv.Ended(now):
		r.tf("Booked. The candidate hears by %s.", clockTime(iv.Deadline, zone))
	case k.Told():
		r.tf("%s. Told %s.", outcomeWord(k.Decision), clockTime(k.ToldAt, zone))
		if line := corrects(k.Decision, zone); line != "" {
			r.t(" " + line)
		}
	case onHold(k):
		r.tf("Hold. The candidate knows, and hears again by %s.", clockTime(iv.Deadline, zone))
	case k.Decision != nil:
		r.tf("Decided: %s, by ", strings.ToLower(outcomeWord(k.Decision))).user(k.Decision.By).tf(". Not told yet; due %s.", clockTime(iv.Deadline, zone))
		if line := corrects(k.Decision, zone); line != "" {
			r.t(" " + line)
		}
	case k.Candidate.State == hiring.Withdrawn:
		r.tf("Over. %d of %d scorecards in.", in, owed)
	default:
		r.tf("Over. %d of %d scorecards in. The candidate hears by %s.", in, owed, clockTime(iv.Deadline, zone))
	}
}

func outcomeWord(d *hiring.Decision) string {
	if d == nil {
		return "No decision"
	}
	return d.Outcome.Word()
}

// interviewButtons are what the person can do about an interview now.
func (b *Bot) interviewButtons(ctx context.Context, k *hiring.Case, p hiring.Person) []slack.BlockElement {
	iv := k.Interview
	var out []slack.BlockElement
	coordinator := k.Role.IsCoordinator(p.ID)
	switch {
	case iv.State == hiring.Booked && !iv.Ended(b.Now()) && coordinator:
		out = append(out, button(actReschedule, iv.ID, "Move"), changePanelButton(iv, ""), button(actCancel, iv.ID, "Cancel interview"))
	case iv.State == hiring.Booking && coordinator: // Google may be down for long
		out = append(out, button(actCancel, iv.ID, "Cancel interview"))
	case iv.State == hiring.Removed && coordinator:
		out = append(out, primary(button(actRestore, iv.ID, "Book it again")), button(actCancel, iv.ID, "Cancel interview"))
	case iv.State == hiring.Cancelled && coordinator && canBeRestored(k, b.Now()):
		out = append(out, restoreButton(iv))
	case iv.State == hiring.NotHeld && k.Decision == nil && (coordinator || iv.Part(p.ID) != ""):
		out = append(out, heldButton(iv))
	case k.Told() && k.Decision != nil && k.Role.IsDecider(p.ID) && k.Candidate.State != hiring.Withdrawn:
		if len(k.Readable(p.ID)) > 0 {
			out = append(out, button(actEvidence, iv.ID, "Evidence"))
		}
		out = append(out, decideButton(k))
	case k.Open(b.Now()):
		if len(k.Readable(p.ID)) > 0 {
			out = append(out, button(actEvidence, iv.ID, "Evidence"))
		}
		if k.Role.IsDecider(p.ID) {
			out = append(out, decideButton(k))
		}
		if k.Decision != nil && (coordinator || k.Role.IsDecider(p.ID)) {
			out = append(out, noticeButton(k, b.Decisions.Mode))
		}
	}
	if coordinator || k.Role.IsDecider(p.ID) {
		out = append(out, b.nudgeButtons(ctx, k, k.Panelboard().Owing(), p.ID)...)
	}
	if iv.Part(p.ID) != "" && iv.State == hiring.Booked {
		out = append(out, button(actScoreOpen, iv.ID, "My scorecard"))
	}
	return append(out, notHeldButtons(k, p.ID, b.Now())...)
}

// checkBlocks show a check: how it went, or the button to do it.
func (b *Bot) checkBlocks(card *candidate.Card, s hiring.Stage, head *rich, p hiring.Person, limit int) []slack.Block {
	c, ch := card.Candidate, hiring.StandingCheck(s.ID, card.Checks)
	may := (card.Role.IsCoordinator(p.ID) || card.Role.IsDecider(p.ID)) && (c.State == hiring.Active || c.State == hiring.Finished) && !c.Erased()
	parts := []slack.RichTextElement{}
	if ch != nil {
		head.t("\n")
		if ch.Outcome != "" {
			head.t(capital(candidate.OutcomeWords(ch.Outcome)) + ", ")
		}
		head.t("by ").user(ch.By).t(", " + clockTime(ch.At, p.TimeZone(card.Role.TimeZone())))
	}
	parts = append(parts, head.para())
	if ch != nil && ch.Note != "" {
		parts = append(parts, quote(hiring.Clip(ch.Note, limit)))
	}
	blocks := []slack.Block{richText(parts...)}
	switch {
	case may && ch == nil && c.Stage == s.ID:
		blocks = append(blocks, actions("", primary(button(actCheck, join(c.ID, s.ID), "Done…"))))
	case may && ch == nil:
		blocks = append(blocks, actions("", button(actCheck, join(c.ID, s.ID), "Done…")))
	case may:
		blocks = append(blocks, actions("", button(actCheckUndo, join(c.ID, s.ID, ch.ID), "Take back")))
	}
	return blocks
}
