package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
)

const decideHelp = "/decide shows who awaits a decision, or the telling of one, in the roles that you decide or coordinate. With part of a candidate's name it shows those."

// decideCommand lists what awaits a decision or a notice.
func (b *Bot) decideCommand(ctx context.Context, c *call) error {
	if wantsHelp(c.Text) {
		c.say(ctx, decideHelp)
		return nil
	}
	view, err := b.awaitingFor(ctx, c.Person, listed{Words: c.Text})
	if err != nil {
		return err
	}
	_, err = c.open(ctx, view)
	return err
}

// decideButton opens the decision's modal.
func decideButton(k *hiring.Case) *slack.ButtonBlockElement {
	switch {
	case k.Decision != nil && k.Told():
		return button(actDecide, join(k.Interview.ID, k.Decision.ID), "Decide anew")
	case k.Decision != nil:
		return button(actDecide, k.Interview.ID, "Change decision")
	}
	return button(actDecide, k.Interview.ID, "Decide")
}

// openDecision asks a decider for the decision and its reason. The value is the
// interview, and where the candidate was told, the decision to be corrected.
func (b *Bot) openDecision(ctx context.Context, c *click) error {
	interview, told := split(c.Value)
	k, err := b.Store.Case(ctx, interview)
	if err != nil {
		return err
	}
	if err := mayOpenDecision(k, c.Person.ID, told, b.Now()); err != nil {
		return err
	}
	if k.Told() {
		if err := b.Decisions.MayCorrect(ctx, k); err != nil {
			return err
		}
	}
	return b.show(ctx, c, decisionView(k, c.Person, nil))
}

// mayOpenDecision says early what the decision would be refused for.
func mayOpenDecision(k *hiring.Case, person, told string, now time.Time) error {
	switch card := k.Card(person); {
	case !k.Role.IsDecider(person):
		return hiring.Refuse("Only a decider of %s can record decisions. /hiring setup says who that is.", k.Role.Title)
	case k.Interview.Owes(person) && (card == nil || !card.Submitted()):
		return hiring.Refuse("Submit your own scorecard first: /scorecard opens it.")
	case !k.Interview.Ended(now):
		return hiring.Invalid("", "This interview hasn't taken place yet.")
	case k.Told() && k.Candidate.State == hiring.Withdrawn:
		return hiring.Invalid("", "%s has withdrawn, so there is nothing to decide.", k.Candidate.Name)
	case k.Told() && k.Decision != nil && k.Decision.ID != told:
		return &hiring.AlreadyDone{What: "decided (" + strings.ToLower(outcomeWord(k.Decision)) + ") and told", By: k.Decision.By, At: k.Decision.At}
	}
	return nil
}

// decisionView asks for a decision. typed is what was entered before the view is
// shown once more; nil at first.
func decisionView(k *hiring.Case, p hiring.Person, typed map[string]input) slack.ModalViewRequest {
	zone := p.TimeZone(k.Role.TimeZone())
	m := meta{Interview: k.Interview.ID, Cards: cardsIn(k)}
	if k.Told() {
		m.Decision, m.Corrects = k.Decision.ID, k.Decision.ID
		return decisionModal(m, append([]slack.Block{anewLead(k, zone)}, decisionFields(k, typed, "", time.Time{})...))
	}
	lead := say("").b(k.Candidate.Name).t(" · " + k.Stage().Name + "\nTo be told by " + clockTime(k.Interview.Deadline, zone))
	if in, owed := k.Panelboard().Count(); in < owed {
		lead.tf("\n%d of %d scorecards are in.", in, owed)
	}
	blocks := []slack.Block{lead.block()}
	if facts := factsFor(k, p.ID); facts != nil {
		blocks = append(blocks, section(capital(factsLine(facts))+"."))
	}
	outcome := ""
	var until time.Time
	if d := k.Decision; d != nil {
		m.Decision = d.ID
		outcome = string(d.Outcome)
		if d.Outcome == hiring.Hold {
			until = d.HoldUntil.In(k.Role.TimeZone())
		}
		blocks = append(blocks, say("Stands now: ").b(outcomeWord(d)).t(", by ").user(d.By).t(", "+clockTime(d.At, zone)+". “"+hiring.Clip(d.Reason, 500)+"”\nSaving replaces it, and the notice's draft with it."+takesBack(k, zone)).block())
	}
	return decisionModal(m, append(blocks, decisionFields(k, typed, outcome, until)...))
}

// anewLead says what it means to decide after the candidate was told.
func anewLead(k *hiring.Case, zone *time.Location) slack.Block {
	d := k.Decision
	return say("").b(k.Candidate.Name).t(" · " + k.Stage().Name + "\nThe candidate was told, " + clockTime(k.ToldAt, zone) + ": ").b(strings.ToLower(outcomeWord(d))).
		t(", decided by ").user(d.By).t(". “" + hiring.Clip(d.Reason, 500) + "”\nA decision made anew corrects that. Both are kept, and the candidate gets a new message, which says that it corrects the first.").block()
}

// takesBack says how a correction that the candidate hasn't heard is undone.
func takesBack(k *hiring.Case, zone *time.Location) string {
	t := k.Decision.Corrects
	if t == nil || onHold(k) {
		return ""
	}
	return "\n" + corrects(k.Decision, zone) + " Choose " + string(t.Outcome) + " to take the correction back: what was told stands again, without a new message."
}

func decisionFields(k *hiring.Case, typed map[string]input, outcome string, until time.Time) []slack.Block {
	if typed != nil {
		outcome, until = typed["outcome"].SelectedOption.Value, dateValue(typed["until"].SelectedDate, k.Role.TimeZone())
	}
	return []slack.Block{
		field("outcome", "Decision", "", choice("outcome", outcomeOptions(k), outcome)),
		optional(field("until", "For a hold: until when?", "The candidate is told this date.", datePicker("until", until))),
		field("reason", "Reason", "Kept with the decision. The candidate doesn't see it.", textInput("reason", hiring.MaxReason, hiring.Clip(typed["reason"].Value, hiring.MaxReason), true)),
		optional(field("dissent", "Was somebody of another mind?", "Who, and why. Kept with the decision. The candidate doesn't see it.",
			textInput("dissent", hiring.MaxDissent, hiring.Clip(typed["dissent"].Value, hiring.MaxDissent), true))),
		note("Next you see the notice to the candidate. Nothing is sent without your approval."),
	}
}

func decisionModal(m meta, blocks []slack.Block) slack.ModalViewRequest {
	v := modal(viewDecision, "Decision", "Save decision", "Close", blocks...)
	v.PrivateMetadata = m.String()
	return v
}

// choice is a group of radio buttons.
func choice(action string, options []*slack.OptionBlockObject, chosen string) *slack.RadioButtonsBlockElement {
	el := slack.NewRadioButtonsBlockElement(action, options...)
	for _, o := range options {
		if o.Value == chosen {
			el.InitialOption = o
		}
	}
	return el
}

func outcomeOptions(k *hiring.Case) []*slack.OptionBlockObject {
	advance := "Advance: that was the last interview"
	if next, ok := k.Role.Next(k.Interview.Stage, k.Checks); ok {
		advance = "Advance to " + next.Name
	}
	return []*slack.OptionBlockObject{
		option(string(hiring.Advance), advance, ""),
		option(string(hiring.Hold), "Hold", ""),
		option(string(hiring.Decline), "Decline", ""),
	}
}

// submitDecision records the decision and goes on to its notice.
func (b *Bot) submitDecision(ctx context.Context, s *submission) (any, error) {
	k, err := b.Store.Case(ctx, s.Meta.Interview)
	if err != nil {
		return nil, err
	}
	outcome := hiring.Outcome(s.State["outcome"].SelectedOption.Value)
	if !slices.Contains(hiring.Outcomes(), outcome) {
		return nil, hiring.Invalid("outcome", "Choose advance, hold or decline.")
	}
	if came := b.cameIn(ctx, k, s); came != nil {
		view := decisionView(k, s.Person, s.State)
		view.Blocks.BlockSet = append(came, view.Blocks.BlockSet...)
		return b.answerWith(s, view)
	}
	_, _, err = b.Decisions.Decide(ctx, decision.Verdict{
		InterviewID: s.Meta.Interview, Outcome: outcome, Reason: s.State["reason"].Value,
		HoldUntil: sameDay(s.State["until"].SelectedDate, k.Role.TimeZone(), k.Candidate.TimeZone()),
		By:        s.Person.ID, Replaces: s.Meta.Decision, Corrects: s.Meta.Corrects != "",
		Dissent: s.State["dissent"].Value,
	})
	if err != nil {
		return nil, err
	}
	if k, err = b.Store.Case(ctx, s.Meta.Interview); err != nil || k.Notice == nil {
		b.Log.Warn("decision not read back", "interview", s.Meta.Interview, "err", err)
		return slack.NewUpdateViewSubmissionResponse(told("Decision", "The decision is recorded. Its notice is in /decide.")), nil
	}
	view, err := b.noticeView(ctx, k, s.Person)
	if err != nil {
		return nil, err
	}
	return b.answerWith(s, view)
}

// sameDay reads a date picker's "2026-11-30" as an instant at which it is that
// day both for the role and for the candidate, who is told the date. Zones are
// less than 26 hours apart; where they share nothing of the day, it is noon of
// the role's.
func sameDay(date string, role, candidate *time.Location) time.Time {
	here, there := dateValue(date, role), dateValue(date, candidate)
	if here.IsZero() {
		return here
	}
	if gap := here.Sub(there); gap > -23*time.Hour && gap < 23*time.Hour {
		return there.Add(gap / 2)
	}
	return here
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
