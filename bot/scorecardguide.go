package bot

import (
	"context"
	"slices"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/scorecard"
)

// guideButton shows what a strong answer to a competency's questions holds.
func guideButton(interview string, c hiring.Competency) *slack.ButtonBlockElement {
	b := button(actScoreGuide, join(interview, c.ID), "What a strong answer shows")
	b.AccessibilityLabel = hiring.Clip("What a strong answer shows: "+c.Name, 75) // read aloud, they would all be the same
	return b
}

// openGuide lays a competency's guide over the form. Slack sends the form's
// fields along: they are kept first, as if typed just now.
func (b *Bot) openGuide(ctx context.Context, c *click) error {
	interview, competency := split(c.Value)
	inForm := c.View != nil && c.View.CallbackID == viewScorecard
	if inForm {
		if err := b.typeScorecard(ctx, c); err != nil {
			return err
		}
	}
	form, err := b.Scorecards.Open(ctx, interview, c.Person.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(form.Role.Competencies, func(r hiring.Competency) bool { return r.ID == competency })
	if i < 0 {
		return hiring.ErrNotFound
	}
	view := guideView(form, form.Role.Competencies[i])
	if !inForm {
		return b.show(ctx, c, view)
	}
	err = c.push(ctx, view)
	if isSlackError(err, "push_limit_reached") { // three lie on one another already: it stands in the form, whose fields keep what is in them
		anew := guidedFormView(form, c.Person, b.Now(), competency)
		anew.PrivateMetadata = c.View.PrivateMetadata
		return b.update(ctx, c.View.ID, anew)
	}
	return err
}

// guideView says in full how to find out about a competency.
func guideView(f *scorecard.Form, c hiring.Competency) slack.ModalViewRequest {
	v := modal("", "Scorecard", "", "Back to the scorecard")
	for _, d := range details {
		v.Blocks.BlockSet = []slack.Block{
			header(c.Name), note("What a strong answer shows, as the role's document says. What you typed is kept."),
			richText(guide(f.Role, c, d)...),
		}
		if fitsView(v) {
			break
		}
	}
	return v
}
