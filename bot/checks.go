package bot

import (
	"context"

	"github.com/slack-go/slack"

	"convene/internal/candidate"
	"convene/internal/hiring"
)

// openCheck asks how a check went; the value is the candidate and the stage.
func (b *Bot) openCheck(ctx context.Context, c *click) error {
	id, stage := split(c.Value)
	card, st, err := b.Candidates.CheckStage(ctx, id, stage, c.Person.ID)
	if err != nil {
		return b.freshCard(ctx, c, id, err)
	}
	return b.show(ctx, c, checkForm(card, st, c.Person))
}

func checkForm(card *candidate.Card, stage hiring.Stage, p hiring.Person) slack.ModalViewRequest {
	c := card.Candidate
	lead := say("").b(stage.Name).t(" · " + c.Name)
	if stage.Note != "" {
		lead.t("\n" + stage.Note)
	}
	blocks := []slack.Block{lead.block()}
	if missing := lacking(card, p); missing != nil {
		blocks = append(blocks, missing)
	}
	var outcomes []*slack.OptionBlockObject
	for _, o := range [...]hiring.CheckOutcome{hiring.CheckFine, hiring.CheckConcern, hiring.CheckSkipped} {
		outcomes = append(outcomes, option(string(o), capital(candidate.OutcomeWords(o)), ""))
	}
	blocks = append(blocks,
		field("outcome", "How did it go?", "A concern stops nothing: people decide.", choice("outcome", outcomes, "")),
		optional(field("note", "Note", "With a concern, say what it is. Coordinators and deciders read it on the card.", textInput("note", hiring.MaxCheckNote, "", true))))
	v := modal(viewCheck, "Check", "Done", "Close", blocks...)
	v.PrivateMetadata = meta{Candidate: c.ID, Stage: stage.ID}.String()
	return v
}

func (b *Bot) submitCheck(ctx context.Context, s *submission) (any, error) {
	err := b.Candidates.DoCheck(ctx, candidate.Finding{
		CandidateID: s.Meta.Candidate, Stage: s.Meta.Stage, Outcome: hiring.CheckOutcome(s.State["outcome"].SelectedOption.Value),
		Note: s.State["note"].Value, By: s.Person.ID,
	})
	if err != nil {
		return nil, err
	}
	return b.backToCard(ctx, s, s.Meta.Candidate)
}

// undoCheck takes a check back; the value is the candidate, the stage and the
// check.
func (b *Bot) undoCheck(ctx context.Context, c *click) error {
	id, rest := split(c.Value)
	stage, check := split(rest)
	return b.freshCard(ctx, c, id, b.Candidates.UndoCheck(ctx, id, stage, check, c.Person.ID))
}
