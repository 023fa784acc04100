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

// renderDebriefPoints is the role channel's message with what the scorecards
// contest and both sides' evidence. Like the summary it shows none of a sealed
// role, nor while anybody on the panel has yet to hand in theirs.
func (b *Bot) renderDebriefPoints(ctx context.Context, m outbox.Message) (*content, error) {
	k, err := b.Store.Case(ctx, m.About)
	if err != nil {
		return nil, err
	}
	d, err := b.debriefOf(ctx, m.About)
	if err != nil || d == nil || m.TS == "" && (d.PointsKey() != m.Key || !d.Posted) {
		return nil, err
	}
	zone := k.Role.TimeZone()
	head := say("Debrief: ").b(k.Candidate.Name).t(" · " + k.Stage().Name + "\n")
	words := fmt.Sprintf("Debrief: %s, %s.", k.Candidate.Name, k.Stage().Name)
	switch {
	case d.State == hiring.DebriefBooked:
		head.when(d.Start, zone).t(", with ").users(d.People).t(".")
		words += " " + clockTime(d.Start, zone) + ", with " + b.series(ctx, d.People) + "."
	case d.State == hiring.DebriefBooking:
		head.t("Being booked for ").when(d.Start, zone).t(".")
		words += " Being booked for " + clockTime(d.Start, zone) + "."
	case d.State == hiring.DebriefOffered:
		head.t("No meeting is booked; what is contested is here to read.")
	default:
		head.t("No meeting is booked any more; what is contested is here to read.")
	}
	hidden, points := b.hiddenPoints(k), k.Contested()
	c := &content{Subjects: []string{k.Interview.ID, k.Candidate.ID}}
	if hidden == "" {
		var names []string
		for _, p := range points {
			names = append(names, pointWords(p))
		}
		if len(names) > 0 {
			words += " Contested: " + strings.Join(names, "; ") + "."
		}
	} else {
		words += " " + hidden
	}
	settled := ""
	if hidden == "" {
		settled = settledPoints(k, d, points)
		words = strings.TrimSpace(words + " " + settled)
	}
	limits := [...]int{1500, 500, 150, 40}
	c.Text, c.Blocks = fallback("%s", words), fit(func(dt detail) []slack.Block {
		blocks := []slack.Block{head.block()}
		if hidden != "" {
			blocks = append(blocks, note(hidden))
		} else {
			for _, p := range points[:min(len(points), 30)] {
				blocks = append(blocks, b.pointBlock(k, p, limits[dt]))
			}
		}
		if settled != "" {
			blocks = append(blocks, note(settled))
		}
		return append(blocks, actions("", button(actEvidence, k.Interview.ID, "Evidence")))
	})
	return c, nil
}

// hiddenPoints says why the channel doesn't show the points now; "" when it does.
func (b *Bot) hiddenPoints(k *hiring.Case) string {
	switch {
	case k.Told():
		return "The candidate has been told. The evidence is behind the button, for those who may read it."
	case k.Role.Sealed.V:
		return "This role's evidence is behind the button, for those who may read it."
	case len(k.Panelboard().Unscored()) > 0:
		return "A scorecard was reopened, or one that isn't needed isn't in. What is contested comes back when it is in; the evidence is behind the button, for those who may read it."
	default:
		return ""
	}
}

// settledPoints names what was contested and isn't any more.
func settledPoints(k *hiring.Case, d *hiring.Debrief, points []hiring.Point) string {
	rubric, stage := k.Scored()
	var names []string
	for _, comp := range rubric.Rated(stage) {
		still := slices.ContainsFunc(points, func(p hiring.Point) bool { return p.Competency.ID == comp.ID })
		if slices.Contains(d.Points, comp.ID) && !still {
			names = append(names, hiring.Clip(comp.Name, 100))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "No longer contested, as scorecards were corrected: " + strings.Join(names, "; ") + "."
}

// pointBlock is one contested point with what each panelist wrote, from the
// highest level to the lowest; quotations are cut to limit characters.
func (b *Bot) pointBlock(k *hiring.Case, p hiring.Point, limit int) slack.Block {
	parts := []slack.RichTextElement{say("").b(pointWords(p)).para()}
	for _, s := range p.Cards {
		r := s.Answers.Ratings[p.Competency.ID]
		parts = append(parts, (&rich{}).author(k, s.Panelist).t(": "+levelText(r.Level)).flags(p.Competency, r).para())
		parts = append(parts, messageParts("By message", r.Notes, k.Role.TimeZone(), limit)...)
		if r.Evidence != "" {
			parts = append(parts, quote(hiring.Clip(r.Evidence, limit)))
		}
	}
	return richText(parts...)
}

// LinkTo returns the address of a message that was posted, by its key.
// https://docs.slack.dev/reference/methods/chat.getPermalink
func (b *Bot) LinkTo(ctx context.Context, key string) (string, error) {
	m, err := b.Store.Message(ctx, key)
	if err != nil {
		return "", err
	}
	if m.TS == "" {
		return "", errors.New("the message isn't posted")
	}
	return b.Slack.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: m.Channel, Ts: m.TS})
}
