package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// home is the person's App Home: what presses most first, then what lies ahead,
// then, for coordinators and deciders, the pipeline with its deadlines.
// https://docs.slack.dev/surfaces/app-home: at most 100 blocks.
func (b *Bot) home(ctx context.Context, person string) (*content, error) {
	p, err := b.Directory.Person(ctx, person)
	if err != nil {
		return nil, err
	}
	c := &content{Text: "Convene", Subjects: []string{person}}
	if !p.Employee() {
		c.Blocks = []slack.Block{section("Sorry, I only work with members of this workspace.")}
		return c, nil
	}
	if err := b.homeMine(ctx, p, c); err != nil {
		return nil, err
	}
	c.Blocks = append(c.Blocks, homeSettings(p)...)
	if err := b.homePipeline(ctx, p, c); err != nil {
		return nil, err
	}
	return c, nil
}

// homeMine shows the person's own scorecards and interviews.
func (b *Bot) homeMine(ctx context.Context, p hiring.Person, c *content) error {
	mine, err := b.Scorecards.Mine(ctx, p.ID)
	if err != nil {
		return err
	}
	now := b.Now()
	var due, ahead []slack.Block
	for _, k := range mine {
		if k.Interview.Part(p.ID) == "" {
			continue // their scorecard of it is among /scorecard's
		}
		c.Subjects = append(c.Subjects, k.Interview.ID)
		zone := p.TimeZone(k.Role.TimeZone())
		line := say("").b(k.Candidate.Name).tf(" · %s · %s", k.Stage().Name, span(k.Interview.Start, k.Interview.End, zone))
		card := k.Card(p.ID)
		submitted := card != nil && card.Submitted()
		switch {
		case k.Interview.Ended(now) && !submitted && (k.Interview.State != hiring.Booked || k.Interview.Excused(p.ID)): // nobody waits for it
		case k.Interview.Ended(now) && !submitted && len(due) < 20:
			text := "Fill in scorecard"
			if card != nil {
				text = "Go on with draft"
			}
			if plan := b.Decisions.Plan(k); k.Interview.Owes(p.ID) && plan.Light != "" {
				line.t("\n").light(plan, now).t(b.scorecardBy(plan, zone))
			}
			due = append(due, line.block(), actions("", primary(button(actScoreOpen, k.Interview.ID, text))))
		case k.Interview.State == hiring.Booked && !k.Interview.Ended(now) && len(ahead) < 20:
			if plan := b.Decisions.Plan(k); plan.Reason != "" {
				line.t("\n").light(plan, now).t("The candidate hears by " + clockTime(plan.NoticeBy, zone) + ".")
			}
			ahead = append(ahead, line.block(), actions("", homeInterviewButtons(k)...))
		}
	}
	c.Blocks = append(c.Blocks, header("Scorecards due"))
	if len(due) == 0 {
		due = []slack.Block{section("None. Thank you.")}
	}
	c.Blocks = append(append(c.Blocks, due...), header("Interviews ahead"))
	if len(ahead) == 0 {
		ahead = []slack.Block{section("None are booked with you.")}
	}
	c.Blocks = append(c.Blocks, ahead...)
	return nil
}

func homeInterviewButtons(k *hiring.Case) []slack.BlockElement {
	out := []slack.BlockElement{button(actScoreOpen, k.Interview.ID, "Take notes")}
	if k.Interview.Link != "" {
		join := button(actLink+":join", k.Interview.ID, "Join the call")
		join.URL = k.Interview.Link
		out = append(out, join)
	}
	return out
}

// homePipeline shows coordinators and deciders their roles.
func (b *Bot) homePipeline(ctx context.Context, p hiring.Person, c *content) error {
	roles, err := b.Setup.Roles(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, r := range roles {
		c.Subjects = append(c.Subjects, r.Key)
		if len(c.Blocks) > 85 {
			c.Blocks = append(c.Blocks, note("There is more: type /hiring."))
			break
		}
		if !r.IsCoordinator(p.ID) && !r.IsDecider(p.ID) && r.Open() {
			continue
		}
		blocks, waiting, err := b.roleBlocks(ctx, r, p)
		if err != nil {
			return err
		}
		c.Blocks = append(append(c.Blocks, divider()), blocks...)
		ahead, err := b.pipelineLines(ctx, r, p, waiting)
		if err != nil {
			return err
		}
		if len(ahead) > 0 {
			c.Blocks = append(c.Blocks, section("Also in the process:"), list(ahead...))
		}
	}
	c.Blocks = append(c.Blocks, note("Type /hiring help to see all that I do."))
	return nil
}

// pipelineLines lists the role's active candidates and where they are, without
// those who are shown already.
func (b *Bot) pipelineLines(ctx context.Context, r *hiring.Role, p hiring.Person, shown []string) ([]*rich, error) {
	if !r.Open() || !r.IsCoordinator(p.ID) && !r.IsDecider(p.ID) {
		return nil, nil
	}
	found, err := b.Candidates.Find(ctx, "", p.ID, 100)
	if err != nil {
		return nil, err
	}
	var out []*rich
	more := 0
	for _, c := range found {
		if c.RoleKey != r.Key || c.State != hiring.Active || slices.Contains(shown, c.ID) {
			continue
		}
		if len(out) == 15 {
			more++
			continue
		}
		stage, _ := r.Stage(c.Stage)
		out = append(out, say("").b(c.Name).t(" · "+stage.Name))
	}
	if more > 0 {
		out = append(out, say(fmt.Sprintf("and %d more: type /candidate", more)))
	}
	return out, nil
}
