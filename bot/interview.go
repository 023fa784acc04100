package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// renderChannelBooked is the role channel's word that an interview stands.
func (b *Bot) renderChannelBooked(ctx context.Context, m outbox.Message) (*content, error) {
	k, err := b.Store.Case(ctx, m.About)
	if err != nil {
		return nil, err
	}
	iv, zone := k.Interview, k.Role.TimeZone()
	if !iv.Live() && m.TS == "" {
		return nil, nil
	}
	text := say("Interview booked: ").b(k.Candidate.Name).t(", "+k.Stage().Name+", ").when(iv.Start, zone).t(", with ").users(panelIDs(iv.Panel)).t(".")
	blocks := []slack.Block{text.block()}
	switch {
	case iv.State == hiring.Cancelled:
		blocks = append(blocks, note("Cancelled."))
	case iv.State == hiring.Removed:
		blocks = append(blocks, note("Its event was deleted in Google Calendar. A coordinator decides what happens."))
	case iv.State == hiring.NotHeld:
		blocks = append(blocks, note("It didn't take place: "+whyNotHeld(iv)))
	case iv.Ended(b.Now()):
		blocks = append(blocks, note("It has taken place."))
		if canBeNotHeld(k, b.Now()) {
			blocks = append(blocks, actions("", notHeldButton(iv)))
		}
	default:
		blocks = append(blocks, note(fmt.Sprintf("The candidate hears by %s.", clockTime(iv.Deadline, zone))), actions("", b.aheadButtons(k)...))
	}
	return &content{
		Text:   fallback("Interview booked: %s, %s, %s, with %s.", k.Candidate.Name, k.Stage().Name, clockTime(iv.Start, zone), b.names(ctx, panelIDs(iv.Panel))),
		Blocks: blocks, Subjects: []string{iv.ID},
	}, nil
}

// renderChannelMoved tells the role channel of one move. Later moves have
// messages of their own.
func (b *Bot) renderChannelMoved(ctx context.Context, m outbox.Message) (*content, error) {
	k, err := b.Store.Case(ctx, m.About)
	if err != nil {
		return nil, err
	}
	iv, zone := k.Interview, k.Role.TimeZone()
	current, err := b.newestMove(ctx, m, iv)
	if err != nil {
		return nil, err
	}
	if m.TS == "" && (!current || iv.State != hiring.Booked) {
		return nil, nil
	}
	if !current {
		text := "Moved again since; the newest message has the time."
		return &content{Text: fallback("The interview of %s was moved again since.", k.Candidate.Name), Blocks: []slack.Block{say("Interview moved: ").b(k.Candidate.Name).t(". " + text).block()}}, nil
	}
	blocks := []slack.Block{
		say("Interview moved: ").b(k.Candidate.Name).t(", "+k.Stage().Name+", now ").when(iv.Start, zone).t(".").block(),
		note(fmt.Sprintf("The candidate hears by %s.", clockTime(iv.Deadline, zone))),
	}
	switch {
	case canBeNotHeld(k, b.Now()) && iv.Ended(b.Now()):
		blocks = append(blocks, actions("", notHeldButton(iv)))
	case iv.State == hiring.Booked && !iv.Ended(b.Now()):
		blocks = append(blocks, actions("", b.aheadButtons(k)...))
	}
	return &content{
		Text:   fallback("Interview moved: %s, %s, now %s.", k.Candidate.Name, k.Stage().Name, clockTime(iv.Start, zone)),
		Blocks: blocks, Subjects: []string{iv.ID},
	}, nil
}

// aheadButtons are what can be done with an interview that lies ahead, or is
// being held: for coordinators, and the last one for its panelists too.
func (b *Bot) aheadButtons(k *hiring.Case) []slack.BlockElement {
	iv := k.Interview
	out := []slack.BlockElement{button(actReschedule, iv.ID, "Move interview"), changePanelButton(iv, ""), button(actCancel, iv.ID, "Cancel interview")}
	if canBeNotHeld(k, b.Now()) {
		out = append(out, notHeldButton(iv))
	}
	return out
}

// newestMove reports whether no later move has a message of its own. Changes of
// the panel raise the revision too, and have none.
func (b *Bot) newestMove(ctx context.Context, m outbox.Message, iv *hiring.Interview) (bool, error) {
	for r := iv.Revision; ; r-- {
		key := fmt.Sprintf("channel-moved:%s:%d", iv.ID, r)
		if key == m.Key || r <= 1 {
			return key == m.Key, nil
		}
		_, err := b.Store.Message(ctx, key)
		if !errors.Is(err, hiring.ErrNotFound) {
			return false, err
		}
	}
}

// renderChannelCancelled tells the role channel of a cancellation.
func (b *Bot) renderChannelCancelled(ctx context.Context, m outbox.Message) (*content, error) {
	k, err := b.Store.Case(ctx, m.About)
	if err != nil {
		return nil, err
	}
	iv, zone := k.Interview, k.Role.TimeZone()
	text := say("Interview cancelled: ").b(k.Candidate.Name).t(", "+k.Stage().Name+", it was ").when(iv.Start, zone).t(".")
	if iv.State != hiring.Cancelled {
		text.t(" It was booked again since.")
	} else if why := whyCancelled(iv); why != "" {
		text.t(" Reason: " + why)
	}
	blocks := []slack.Block{text.block()}
	if k.Candidate.State == hiring.Active && iv.State == hiring.Cancelled {
		buttons := []slack.BlockElement{button(actSchedule, join(iv.CandidateID, iv.Stage), "Find another time")}
		if canBeRestored(k, b.Now()) {
			buttons = append(buttons, restoreButton(iv))
		}
		blocks = append(blocks, actions("", buttons...))
	}
	return &content{
		Text:   fallback("Interview cancelled: %s, %s, it was %s. %s", k.Candidate.Name, k.Stage().Name, clockTime(iv.Start, zone), whyCancelled(iv)),
		Blocks: blocks, Subjects: []string{iv.ID},
	}, nil
}

// whyCancelled says why an interview was cancelled: in somebody's words, else by
// its cause; "" when nobody said.
func whyCancelled(iv *hiring.Interview) string {
	switch {
	case iv.Reason != "":
		return iv.Reason
	case iv.CancelCause == "" || iv.CancelCause == hiring.CancelOther:
		return ""
	default:
		return capital(iv.CancelCause.String()) + "."
	}
}

// renderGoogle tells a coordinator what somebody did in Google Calendar, and
// offers the way out.
func (b *Bot) renderGoogle(ctx context.Context, m outbox.Message) (*content, error) {
	k, p, err := b.caseFor(ctx, m)
	if err != nil {
		return nil, err
	}
	iv, zone := k.Interview, p.TimeZone(k.Role.TimeZone())
	what := googleWhat(m.Key, iv.ID)
	who := k.Candidate.Name + "'s interview (" + k.Stage().Name + ")"
	var text string
	var buttons []slack.BlockElement
	off, takenOff := strings.CutPrefix(what, "off-")
	switch person, panelist := strings.CutPrefix(what, "declined-"); {
	case takenOff:
		text, buttons = b.takenOff(ctx, iv, off, who+", "+span(iv.Start, iv.End, zone))
	case what == "moved":
		return b.renderMoved(ctx, m, k, zone)
	case what == "removed" && iv.State == hiring.Removed:
		text = fmt.Sprintf("The event of %s, %s, was deleted in Google Calendar. I ask nobody for a scorecard meanwhile. What should happen?", who, span(iv.Start, iv.End, zone))
		buttons = append(buttons, primary(button(actRestore, iv.ID, "Book it again")), button(actCancel, iv.ID, "Cancel interview"))
	case what == "removed" && iv.State == hiring.Cancelled:
		text = fmt.Sprintf("The event of %s was deleted in Google Calendar. The interview is cancelled.", who)
	case what == "removed":
		text = fmt.Sprintf("The event of %s was deleted in Google Calendar. It is booked again: %s.", who, span(iv.Start, iv.End, zone))
	case what == "held":
		text, buttons = heldMoved(k, who, zone, b.Now())
	case what == "kept":
		text = fmt.Sprintf("%s was not moved. %s It stays where it was: %s.", who, iv.Problem, span(iv.Start, iv.End, zone))
		if iv.Problem == "" {
			text = fmt.Sprintf("%s was not moved at first; it is now %s.", who, span(iv.Start, iv.End, zone))
		}
		buttons = append(buttons, primary(button(actReschedule, iv.ID, "Find another time")))
	case what == "refused":
		text = fmt.Sprintf("Google Calendar refused a change to %s: %s. Please look at the event in Google Calendar.", who, iv.Problem)
	case panelist && iv.Part(person) == "":
		text = fmt.Sprintf("%s had declined %s, and is no longer on its panel. Nothing is left to do here.", b.names(ctx, []string{person}), who)
	case panelist:
		text = fmt.Sprintf("%s has declined %s, %s. The interview stands until you change it.", b.names(ctx, []string{person}), who, span(iv.Start, iv.End, zone))
		buttons = append(buttons, primary(changePanelButton(iv, person)), button(actReschedule, iv.ID, "Find another time"), button(actCancel, iv.ID, "Cancel interview"))
	case what == "declined":
		return b.renderDeclined(ctx, m, k, zone)
	default:
		return nil, fmt.Errorf("message %s: cannot read %q", m.Key, what)
	}
	c := &content{Text: fallback("%s", text), Blocks: []slack.Block{section(text)}, Subjects: []string{iv.ID}}
	if len(buttons) > 0 && (iv.State == hiring.Removed || iv.State == hiring.Booked && (!iv.Ended(b.Now()) || what == "held")) {
		c.Blocks = append(c.Blocks, actions("", buttons...))
	}
	return c, nil
}

// takenOff asks about a panelist whom a person took off the event.
func (b *Bot) takenOff(ctx context.Context, iv *hiring.Interview, person, what string) (string, []slack.BlockElement) {
	name := b.names(ctx, []string{person})
	text := fmt.Sprintf("%s was taken off the event of %s, in Google Calendar.", name, what)
	i := slices.IndexFunc(iv.Panel, func(p hiring.Panelist) bool { return p.Person == person })
	switch {
	case i < 0:
		return text + " They are no longer on the panel.", nil
	case iv.Panel[i].RSVP != hiring.TakenOff:
		return text + " They are invited again.", nil
	}
	return text + " Are they still on the panel?", []slack.BlockElement{
		button(actChangePanel, join(iv.ID, person), "Take them off"), button(actInviteAgain, join(iv.ID, person), "Invite them again"),
	}
}

// googleWhat takes the "what" out of "google:<interview>:<what>:<revision>".
func googleWhat(key, interview string) string {
	rest := strings.TrimPrefix(key, "google:"+interview+":")
	if i := strings.LastIndex(rest, ":"); i >= 0 {
		return rest[:i]
	}
	return rest
}

// renderTaken tells who picked a slot that it was gone.
func (b *Bot) renderTaken(ctx context.Context, m outbox.Message) (*content, error) {
	k, p, err := b.caseFor(ctx, m)
	if err != nil {
		return nil, err
	}
	iv, zone := k.Interview, p.TimeZone(k.Role.TimeZone())
	text := fmt.Sprintf("%s's interview on %s was not booked. %s Nobody was invited.%s", k.Candidate.Name, span(iv.Start, iv.End, zone), iv.Reason, notSaid(k))
	way := ""
	if k.Candidate.State == hiring.Active {
		way = "Find another time with the button in this message."
	}
	return &content{
		Text:     fallback("%s", strings.TrimSpace(text+" "+way)),
		Blocks:   append([]slack.Block{section(text)}, findAnother(k)...),
		Subjects: []string{iv.ID, iv.CandidateID},
	}, nil
}

// names writes people's names for a fallback text.
func (b *Bot) names(ctx context.Context, ids []string) string {
	var out []string
	for _, id := range ids {
		name := "somebody"
		if p, err := b.Directory.Person(ctx, id); err == nil {
			name = p.Name
		}
		out = append(out, name)
	}
	return strings.Join(out, ", ")
}
