package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/scorecard"
)

// maxNudges is how many panelists of one interview can be nudged in one place.
const maxNudges = 5

// nudgeButtons ask for scorecards that are missing, a button for each of the
// panelists who can be reached. Nobody nudges themselves.
func (b *Bot) nudgeButtons(ctx context.Context, k *hiring.Case, owing []string, viewer string) []slack.BlockElement {
	var out []slack.BlockElement
	if !k.Open(b.Now()) {
		return nil
	}
	for _, id := range owing {
		p, err := b.Directory.Person(ctx, id)
		if err != nil || p.Deleted || id == viewer || len(out) == maxNudges {
			continue
		}
		name := hiring.Clip(p.Name, 60)
		el := button(actNudge+":"+id, join(k.Interview.ID, id), "Nudge "+name)
		el.WithConfirm(slack.NewConfirmationBlockObject(plain("Nudge "+name+"?"),
			plain(fmt.Sprintf("One message in your name, sent at once whatever the time there. Working hours: %s (%s). Each panelist can be nudged once a day, whoever asks.",
				p.WorkingHours(k.Role).Words(), p.TimeZone(k.Role.TimeZone()))),
			plain("Nudge"), plain("Not now")))
		out = append(out, el)
	}
	return out
}

// nudge asks a panelist for their scorecard in the name of who clicked.
func (b *Bot) nudge(ctx context.Context, c *click) error {
	interview, panelist := split(c.Value)
	next, err := b.Scorecards.Nudge(ctx, interview, panelist, c.Person.ID)
	if err != nil {
		return err
	}
	text := b.names(ctx, []string{panelist}) + " gets a message that you ask for the scorecard."
	if !next.IsZero() {
		p, err := b.Directory.Person(ctx, panelist)
		if err != nil {
			return err
		}
		zone := p.TimeZone(time.UTC)
		text += " It is " + clockTime(b.Now(), zone) + " there, and they work again from " + clockTime(next, zone) + ", so it may be read then."
	}
	if c.View != nil {
		return b.show(ctx, c, *told("Nudge", text))
	}
	c.say(ctx, text)
	return nil
}

// renderNudge is somebody's request for a scorecard; once it is in, the same
// message says thanks.
func (b *Bot) renderNudge(ctx context.Context, m outbox.Message) (*content, error) {
	interview, by := scorecard.ReadNudge(m.About)
	k, err := b.Store.Case(ctx, interview)
	if err != nil {
		return nil, err
	}
	p, err := b.Directory.Person(ctx, m.Person)
	if err != nil {
		return nil, err
	}
	iv, card, zone := k.Interview, k.Card(m.Person), p.TimeZone(k.Role.TimeZone())
	what := k.Candidate.Name + " (" + k.Stage().Name + ")"
	c := &content{Subjects: []string{iv.ID, m.Person, iv.CandidateID}}
	switch in := card != nil && card.Submitted(); {
	case m.TS == "" && (in || !k.Open(b.Now()) || !iv.Owes(m.Person)):
		return nil, nil
	case in:
		text := "Thank you. Your scorecard for " + what + " is in (" + clockTime(card.SubmittedAt, zone) + ")."
		c.Text, c.Blocks = fallback("%s", text), []slack.Block{section(text)}
	case !k.Open(b.Now()) || !iv.Owes(m.Person):
		text := "Your scorecard for " + what + " isn't needed any more."
		c.Text, c.Blocks = fallback("%s", text), []slack.Block{section(text)}
	default:
		why := "The interview was " + clockTime(iv.Start, zone) + ", and " + b.hears(k, zone) + "."
		if card != nil && !card.SavedAt.IsZero() {
			why += " Your draft is kept."
		}
		c.Text = fallback("%s asks you to fill in your scorecard for %s. %s Press “Open scorecard” in this message, or type /scorecard.", b.names(ctx, []string{by}), what, why)
		c.Blocks = []slack.Block{
			say("").user(by).t(" asks you to fill in your scorecard for ").b(k.Candidate.Name).t(" (" + k.Stage().Name + ").").block(),
			note(why),
			actions("", primary(button(actScoreOpen, iv.ID, "Open scorecard"))),
		}
	}
	return c, nil
}
