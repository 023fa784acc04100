package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// renderUnseated tells somebody that they are no longer on a panel. Their
// earlier message says so too, but an edit notifies nobody.
func (b *Bot) renderUnseated(ctx context.Context, m outbox.Message) (*content, error) {
	k, err := b.Store.Case(ctx, m.About)
	if err != nil {
		return nil, err
	}
	iv := k.Interview
	what := fmt.Sprintf("%s's interview (%s)", k.Candidate.Name, k.Stage().Name) // when it takes place may change: that is not theirs any more
	text := "You are no longer on the panel of " + what + ". Nothing is left to do for you, and it goes off your calendar. Should Google Calendar still show it, delete it there."
	if card := k.Card(m.Person); card != nil && !card.Submitted() {
		text += " Your notes are kept."
	}
	if iv.Part(m.Person) != "" {
		text = "You were off the panel of " + what + " for a while, and are on it again. My earlier message about it has the kit."
	}
	if m.TS == "" {
		heard, err := b.heardOf(ctx, iv, m.Person)
		if err != nil || !heard || iv.Part(m.Person) != "" || iv.State != hiring.Booked {
			return nil, err
		}
	}
	return &content{Text: fallback("%s", text), Blocks: []slack.Block{section(text)}, Subjects: []string{iv.ID, iv.CandidateID}}, nil
}

// heardOf reports whether the person was told of the interview at all.
func (b *Bot) heardOf(ctx context.Context, iv *hiring.Interview, person string) (bool, error) {
	msg, err := b.Store.Message(ctx, fmt.Sprintf("panelist:%s:%d:%s", iv.ID, iv.Generation, person))
	if errors.Is(err, hiring.ErrNotFound) {
		return false, nil
	}
	return err == nil && msg.TS != "", err
}

// renderSeated tells somebody who left a panel that they are on it again.
func (b *Bot) renderSeated(ctx context.Context, m outbox.Message) (*content, error) {
	k, p, err := b.caseFor(ctx, m)
	if err != nil {
		return nil, err
	}
	iv := k.Interview
	what := fmt.Sprintf("%s's interview (%s)", k.Candidate.Name, k.Stage().Name)
	c := &content{Subjects: []string{iv.ID, iv.CandidateID}}
	if iv.Part(m.Person) == "" || iv.State != hiring.Booked || iv.Ended(b.Now()) {
		if m.TS == "" {
			return nil, nil
		}
		text := "This was about " + what + ". My newest message about it says how it stands."
		c.Text, c.Blocks = fallback("%s", text), []slack.Block{section(text)}
		return c, nil
	}
	when := span(iv.Start, iv.End, p.TimeZone(k.Role.TimeZone()))
	text := fmt.Sprintf("You are on the panel of %s again: %s. My earlier message about it has the kit again.", what, when)
	if strings.HasSuffix(m.Key, ":required") && iv.Part(m.Person) == hiring.Required {
		text = fmt.Sprintf("You are needed at %s now: %s. Until now you were optional; from now on you are required, and so is your scorecard. My earlier message about it has the kit.", what, when)
	}
	c.Text, c.Blocks = fallback("%s", text), []slack.Block{section(text), actions("", homeInterviewButtons(k)...)}
	return c, nil
}

// renderLeft tells a coordinator that a panelist's account is deactivated.
func (b *Bot) renderLeft(ctx context.Context, m outbox.Message) (*content, error) {
	k, p, err := b.caseFor(ctx, m)
	if err != nil {
		return nil, err
	}
	iv, gone := k.Interview, m.Key[len("left:"+m.About+":"):]
	left, err := b.Directory.Person(ctx, gone)
	if err != nil {
		return nil, err
	}
	what := fmt.Sprintf("%s's interview (%s), %s", k.Candidate.Name, k.Stage().Name, span(iv.Start, iv.End, p.TimeZone(k.Role.TimeZone())))
	lead := left.Name + "'s Slack account is deactivated. "
	var text string
	var buttons []slack.BlockElement
	switch open := iv.State == hiring.Booked && iv.Part(gone) != ""; {
	case m.TS == "" && (!open || !left.Deleted || iv.Ended(b.Now())):
		return nil, nil
	case !left.Deleted:
		text = left.Name + "'s Slack account was deactivated and is active again. Nothing is left to do here for " + what + "."
	case iv.Part(gone) == "":
		text = lead + "They are no longer on the panel of " + what + "."
	case !open:
		text = lead + "They were on the panel of " + what + ", which isn't booked any more."
	case iv.Ended(b.Now()):
		text = lead + what + ", is over"
		if card := k.Card(gone); card != nil && card.Submitted() {
			text += ", and their scorecard is in."
		} else if iv.Owes(gone) {
			text += ", and their scorecard, which is required, won't come."
		} else {
			text += ". Nobody waits for their scorecard."
		}
		if board := k.Panelboard(); hiring.MayReveal(m.Person, k.Role, board) && !board.Revealed && len(board.Submitted) > 0 {
			buttons = append(buttons, revealButton(k))
		}
	default:
		text = lead + what + ", stands without them until you change the panel."
		buttons = append(buttons, primary(changePanelButton(iv, "")), button(actReschedule, iv.ID, "Move interview"), button(actCancel, iv.ID, "Cancel interview"))
	}
	if left.Deleted && k.Role.OnTeam(gone) {
		text += " They are still named in the setup of " + k.Role.Title + "."
		buttons = append(buttons, button(actSetup, k.Role.Key, "Open setup"))
	}
	c := &content{Text: fallback("%s", text), Blocks: []slack.Block{section(text)}, Subjects: []string{iv.ID, iv.CandidateID, k.Role.Key}}
	r, err := b.repairIn(ctx, m)
	if err != nil {
		return nil, err
	}
	if r != nil && b.needsRepair(k, r) && iv.Part(gone) != "" && left.Deleted {
		words, blocks := b.waysOut(ctx, k, r, p.TimeZone(k.Role.TimeZone()))
		c.Text = fallback("%s %s", text, words)
		c.Blocks, buttons = append(c.Blocks, blocks...), buttons[3:] // the ways out have the same
	}
	if len(buttons) > 0 {
		c.Blocks = append(c.Blocks, actions("", buttons...))
	}
	return c, nil
}
