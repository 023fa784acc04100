package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// renderMoved tells a coordinator that somebody moved an interview in Google
// Calendar, and once, with the ways out, when the time doesn't suit.
func (b *Bot) renderMoved(ctx context.Context, m outbox.Message, k *hiring.Case, zone *time.Location) (*content, error) {
	iv := k.Interview
	text := fmt.Sprintf("%s's interview (%s) was moved in Google Calendar. It is now %s. I follow: the panel's messages and the deadline (%s) are changed.",
		k.Candidate.Name, k.Stage().Name, span(iv.Start, iv.End, zone), clockTime(iv.Deadline, zone))
	r, err := b.repairIn(ctx, m)
	if err != nil {
		return nil, err
	}
	c := &content{Subjects: []string{iv.ID}}
	switch {
	case r != nil && b.needsRepair(k, r) && r.Revision == iv.Revision && len(r.Trouble) > 0:
		trouble := b.troubleWords(k, r, zone)
		words, ways := b.waysOut(ctx, k, r, zone)
		c.Text = fallback("%s %s %s", text, trouble, words)
		c.Blocks = []slack.Block{section(text), section("But that time doesn't suit everybody. " + trouble)}
		c.Blocks = append(append(c.Blocks, sections(theyWrote(k, r))...), ways...)
		return c, nil
	case r != nil && b.needsRepair(k, r) && r.Unknown:
		text += " Google Calendar doesn't answer right now, so I can't tell whether everybody is free then. I keep asking, and tell you if somebody isn't."
		c.Text, c.Blocks = fallback("%s", text), []slack.Block{section(text), actions("", button(actReschedule, iv.ID, "Move it again"))}
		return c, nil
	case r != nil && !r.Live():
		how, buttons := b.repaired(ctx, k, r, zone)
		c.Text, c.Blocks = fallback("%s %s", text, how), []slack.Block{section(text), section(how)}
		if len(buttons) > 0 {
			c.Blocks = append(c.Blocks, actions("", buttons...))
		}
		return c, nil
	}
	text += " Nothing else is needed."
	c.Text, c.Blocks = fallback("%s", text), []slack.Block{section(text)}
	if iv.State == hiring.Booked && !iv.Ended(b.Now()) {
		c.Blocks = append(c.Blocks, actions("", button(actReschedule, iv.ID, "Move it again")))
	}
	return c, nil
}

// renderDeclined is the card about a candidate's decline: what they wrote with
// it, and free times that suit that.
func (b *Bot) renderDeclined(ctx context.Context, m outbox.Message, k *hiring.Case, zone *time.Location) (*content, error) {
	iv, name := k.Interview, k.Candidate.Name
	r, err := b.repairIn(ctx, m)
	if err != nil {
		return nil, err
	}
	if m.TS == "" && r != nil && !b.needsRepair(k, r) {
		return nil, nil // it was settled before anybody heard of it
	}
	c := &content{Subjects: []string{iv.ID, k.Candidate.ID}}
	if r == nil || !b.needsRepair(k, r) {
		text := fmt.Sprintf("%s had declined the invitation to the interview (%s).", name, k.Stage().Name)
		var buttons []slack.BlockElement
		if r != nil {
			var how string
			how, buttons = b.repaired(ctx, k, r, zone)
			text += " " + how
		} else if iv.State == hiring.Booked && !iv.Ended(b.Now()) { // from before there were ways out
			buttons = append(buttons, primary(button(actReschedule, iv.ID, "Find another time")), button(actCancel, iv.ID, "Cancel interview"))
		}
		c.Text, c.Blocks = fallback("%s", text), []slack.Block{section(text)}
		if len(buttons) > 0 {
			c.Blocks = append(c.Blocks, actions("", buttons...))
		}
		return c, nil
	}
	text := fmt.Sprintf("%s has declined the invitation to the interview (%s), %s. It stands until you move or cancel it.", name, k.Stage().Name, span(iv.Start, iv.End, zone))
	c.Blocks = []slack.Block{section(text)}
	how := "If they proposed another time, Google sent that by e-mail to the calendar's own address, and doesn't tell me: enter it with the button. These are the next free times."
	if iv.CandidateComment != "" {
		wrote := k.Candidate.FirstName() + " wrote: “" + iv.CandidateComment + "”"
		c.Blocks = append(c.Blocks, section(wrote))
		text += " " + wrote
		how = "I can't read a time from that, so these are the next free times."
		if r.Read != "" {
			how = "I read that as: " + r.Read + " (" + k.Candidate.TimeZone().String() + ")."
		}
	}
	c.Blocks = append(c.Blocks, note(how))
	words, ways := b.waysOut(ctx, k, r, zone)
	c.Text = fallback("%s %s %s", text, how, words)
	c.Blocks = append(c.Blocks, ways...)
	return c, nil
}
