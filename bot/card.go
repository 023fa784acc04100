package bot

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"convene/internal/candidate"
	"convene/internal/decision"
	"convene/internal/hiring"
)

func (b *Bot) candidateCard(ctx context.Context, c *click) error {
	view, err := b.cardView(ctx, c.Person, c.Value)
	if err != nil {
		return err
	}
	return b.show(ctx, c, view)
}

// cardView is the candidate's card: where they are and what is next, stages,
// gates, documents, answers, facts.
func (b *Bot) cardView(ctx context.Context, p hiring.Person, id string) (slack.ModalViewRequest, error) {
	card, err := b.Candidates.Show(ctx, id, p.ID)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	v := modal(viewCard, "Candidate", "", "Close")
	v.PrivateMetadata = meta{Candidate: id}.String()
	for _, limit := range [...]int{hiring.MaxAnswer, 1000, 300, 80} {
		v.Blocks.BlockSet = b.cardBlocks(ctx, card, p, limit)
		if raw, err := json.Marshal(v); err == nil && len(raw) <= maxView {
			break
		}
	}
	return v, nil
}

// maxCard is how many blocks a modal holds.
// https://docs.slack.dev/reference/views/modal-views
const maxCard = 100

// cardBlocks are what the card shows. Texts are cut to limit characters.
func (b *Bot) cardBlocks(ctx context.Context, card *candidate.Card, p hiring.Person, limit int) []slack.Block {
	c := card.Candidate
	blocks := []slack.Block{header(c.Name), b.whereNow(card, p)}
	if missing := lacking(card, p); missing != nil {
		blocks = append(blocks, missing)
	}
	if buttons := b.cardButtons(card, p); len(buttons) > 0 {
		blocks = append(blocks, actions("", buttons...))
	}
	if c.Arrangements != "" {
		blocks = append(blocks, richText(say("").b("Arrangements asked for").para(), quote(hiring.Clip(c.Arrangements, limit))))
	}
	blocks = append(append(blocks, header("Stages")), b.stageBlocks(ctx, card, p, limit)...)
	blocks = append(blocks, gateBlocksOf(card, p, limit)...)
	blocks = append(blocks, documentBlocks(card)...)
	blocks = append(blocks, answerBlocks(card, limit)...)
	blocks = append(blocks, header("Contact"), cardFacts(card, p))
	blocks = append(blocks, b.recordButtons(card, p)...)
	if len(blocks) > maxCard {
		blocks = append(blocks[:maxCard-1], note("There is more than fits here."))
	}
	return blocks
}

// whereNow says where the candidate is, whose turn it is and by when.
func (b *Bot) whereNow(card *candidate.Card, p hiring.Person) slack.Block {
	c, role, zone, now := card.Candidate, card.Role, p.TimeZone(card.Role.TimeZone()), b.Now()
	r := say(role.Title + "\n")
	switch c.State {
	case hiring.Withdrawn:
		r.b("Withdrawn").t(" at “" + card.Stage().Name + "”")
		if !c.EndedAt.IsZero() {
			r.t(", " + clockTime(c.EndedAt, zone))
		}
		r.t(".")
		if c.EndReason != "" && (role.IsCoordinator(p.ID) || role.IsDecider(p.ID)) {
			r.t(" Reason: " + c.EndReason)
		}
		return r.block()
	case hiring.Declined:
		r.b("Declined").t(" after “" + card.Stage().Name + "”.")
	case hiring.Finished:
		r.b("Finished").t(": through all stages.")
	default:
		r.b("Now: ").t(card.Stage().Name + ". ")
	}
	in, waits := local(zone), false
	for _, e := range decision.Build(role, card.Cases, now, now).Entries {
		if e.Case.Told() {
			continue
		}
		if e.Case.Interview.Stage != c.Stage || c.State != hiring.Active {
			r.t("\n" + e.Case.Stage().Name + ": ")
		}
		e.Plan = b.Decisions.Plan(e.Case)
		r.deadline(e, now, in, localDay(zone, now)).t(" ").state(e, b.Decisions.Mode, in)
		waits = true
	}
	if c.State == hiring.Active && !waits {
		b.nextStep(r, card, p)
	}
	return r.block()
}

// nextStep says what an active candidate waits for when no interview is over
// and unsettled.
func (b *Bot) nextStep(r *rich, card *candidate.Card, p hiring.Person) {
	stage, zone := card.Stage(), p.TimeZone(card.Role.TimeZone())
	if stage.Kind == hiring.StageCheck {
		r.t("It is done here, by a coordinator or decider: ").anyOf(card.Role.Setup.Coordinators).t(".")
		return
	}
	for _, k := range stageCases(card, stage.ID) {
		switch iv := k.Interview; {
		case iv.State == hiring.Booked && !iv.Ended(b.Now()):
			r.t("Booked for " + span(iv.Start, iv.End, zone) + ". The candidate hears by " + clockTime(iv.Deadline, zone) + ".")
			return
		case iv.State == hiring.Booking:
			r.t("Being booked in Google Calendar.")
			return
		case iv.State == hiring.Removed:
			r.t("The event was deleted in Google Calendar. What happens now is up to ").anyOf(card.Role.Setup.Coordinators).t(".")
			return
		}
	}
	if words := waitingWords(card, stage.ID, zone); words != "" {
		r.t(words)
		return
	}
	r.t("A time is to be found, by ").anyOf(card.Role.Setup.Coordinators).t(".")
	var open []string
	for _, s := range card.Role.OpenChecks(stage.ID, card.Checks) {
		open = append(open, "“"+s.Name+"”")
	}
	if len(open) > 0 {
		r.t(" Still open before it: " + strings.Join(open, ", ") + ".")
	}
}

// lacking names the required items that the application doesn't hold, and how
// the reader can add them; nil when there are none.
func lacking(card *candidate.Card, p hiring.Person) slack.Block {
	items := card.Candidate.Lacks(card.Role)
	if len(items) == 0 {
		return nil
	}
	var names []string
	for _, item := range items[:min(len(items), 10)] {
		if doc := item.Document(); doc != "" {
			names = append(names, doc)
		} else {
			names = append(names, "“"+hiring.Clip(item.Text, 100)+"”")
		}
	}
	text := strings.Join(names, "; ")
	if more := len(items) - len(names); more > 0 {
		text += "; " + count(more, "more", "more")
	}
	r := say("").b("Missing in the application: ").t(text + ". ")
	if card.Role.IsCoordinator(p.ID) {
		return r.i("“Edit” on the card adds it.").block()
	}
	return r.i("A coordinator can add it.").block()
}

// cardButtons are what the person can do about the candidate.
func (b *Bot) cardButtons(card *candidate.Card, p hiring.Person) []slack.BlockElement {
	c, role := card.Candidate, card.Role
	var out []slack.BlockElement
	if role.IsCoordinator(p.ID) && !c.Erased() {
		if c.State == hiring.Active {
			out = append(out, b.schedulingButtons(card)...)
		}
		out = append(out, button(actCandidateEdit, c.ID, "Edit"))
		switch c.State {
		case hiring.Active, hiring.Finished:
			out = append(out, button(actWithdraw, c.ID, "Withdraw"))
		case hiring.Withdrawn:
			back := button(actTakeBack, c.ID, "Take them back")
			back.WithConfirm(slack.NewConfirmationBlockObject(plain("Take them back?"),
				plain("They are in the process again, at the stage that they had. Interviews that were cancelled are to be scheduled anew."), plain("Take them back"), plain("Close")))
			out = append(out, back)
		}
	}
	if role.IsCoordinator(p.ID) || role.IsDecider(p.ID) {
		out = append(out, button(actHistory, c.ID, "History"))
	}
	return out
}

// schedulingButtons find a time for the current stage, or for another one.
func (b *Bot) schedulingButtons(card *candidate.Card) []slack.BlockElement {
	c := card.Candidate
	var out []slack.BlockElement
	var others []*slack.OptionBlockObject
	for _, s := range card.Role.Stages {
		live := slices.ContainsFunc(card.Cases, func(k *hiring.Case) bool {
			return k.Interview.Stage == s.ID && (k.Interview.Live() || k.Interview.State == hiring.Removed)
		})
		switch {
		case s.Kind != hiring.StageInterview || live:
		case s.ID == c.Stage:
			out = append(out, primary(button(actSchedule, c.ID, "Find a time")))
		default:
			others = append(others, option(join(c.ID, s.ID), s.Name, ""))
		}
	}
	if len(others) > 0 {
		menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Another stage…"), actSchedule+":stage", others...)
		out = append(out, menu)
	}
	return out
}
