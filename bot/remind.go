package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/outbox"
)

// renderScore asks for a scorecard at the interview's end; once it is in, the
// same message says thanks.
func (b *Bot) renderScore(ctx context.Context, m outbox.Message) (*content, error) {
	k, p, err := b.caseFor(ctx, m)
	if err != nil {
		return nil, err
	}
	iv, card, zone := k.Interview, k.Card(m.Person), p.TimeZone(k.Role.TimeZone())
	name := k.Candidate.Name
	c := &content{Subjects: []string{iv.ID, m.Person, iv.CandidateID}}
	plainly := func(text string) {
		c.Text, c.Blocks = fallback("%s", text), []slack.Block{section(text)}
	}
	if text, blocks := b.saidInstead(ctx, k, m.Person); text != "" && (card == nil || !card.Submitted()) {
		if m.TS == "" {
			return nil, nil
		}
		c.Text, c.Blocks = fallback("%s", text), blocks
		return c, nil
	}
	switch part := iv.Part(m.Person); {
	case card != nil && card.Submitted():
		plainly("Thank you. Your scorecard for " + name + " is in (" + clockTime(card.SubmittedAt, zone) + "). " + inWords(k))
		c.Blocks = append(c.Blocks, actions("", button(actScoreOpen, iv.ID, "Read my scorecard")))
	case m.TS == "" && (iv.State != hiring.Booked || part == "" || k.Candidate.State == hiring.Withdrawn):
		return nil, nil
	case k.Candidate.State == hiring.Withdrawn:
		plainly(name + " has withdrawn, so no scorecard is needed. What you wrote is kept.")
	case iv.State != hiring.Booked:
		plainly("The interview with " + name + " isn't booked any more, so no scorecard is needed.")
	case part == "":
		plainly("You are no longer on the panel of the interview with " + name + ", so no scorecard is needed from you.")
	default:
		text := "The interview with " + name + " (" + k.Stage().Name + ") is over. Please fill in your scorecard while it is fresh."
		if m.TS != "" && b.Now().Before(iv.End) {
			text = "The interview with " + name + " (" + k.Stage().Name + ") was moved: it is now " + span(iv.Start, iv.End, zone) + ". I ask for your scorecard afterwards."
		}
		handed := b.handedBy(ctx, iv, m.Person)
		text += handed
		why := capital(b.hears(k, zone)) + "; the scorecards are read before that."
		if b.Now().After(iv.Deadline) {
			why = capital(b.hears(k, zone)) + "; the decision waits for the scorecards."
		}
		if part != hiring.Required {
			why = "Yours is optional: nobody waits for it."
		}
		if card != nil && !card.SavedAt.IsZero() {
			why += " Your draft is kept."
		}
		if d := postedAt(m, b.Now()).Sub(iv.End); d > lateAfter && handed == "" {
			why += fmt.Sprintf(" This message comes %s late.", howLong(d))
		}
		if hint := replyHint(k); hint != "" {
			why += " " + hint
		}
		c.Text = fallback("%s %s Press “Open scorecard” in this message, or type /scorecard.", text, why)
		now := []slack.BlockElement{primary(button(actScoreOpen, iv.ID, "Open scorecard"))}
		c.Blocks = []slack.Block{section(text), note(why)}
		if reminded, err := b.Scorecards.Reminded(ctx, m.Person, iv.End); err != nil {
			return nil, err
		} else if reminded && iv.Owes(m.Person) {
			later, waits, err := b.snoozeButton(ctx, m.Person, zone)
			if err != nil {
				return nil, err
			}
			if waits != "" {
				c.Blocks = append(c.Blocks, note(waits))
			}
			now = append(now, later)
		}
		c.Blocks = append(c.Blocks, actions("", now...))
		if ways := wayOutButtons(k, m.Person, b.Now()); len(ways) > 0 {
			c.Blocks = append(c.Blocks, actions("", ways...))
		}
	}
	return c, nil
}

// postedAt returns when the message was posted, or will be.
func postedAt(m outbox.Message, now time.Time) time.Time {
	if m.Posted.IsZero() {
		return now
	}
	return m.Posted
}

// maxNagged is how many missing scorecards one reminder lists, a block each.
const maxNagged = 30

// renderNag reminds somebody of every scorecard that was missing when it was
// posted, and follows what becomes of them.
func (b *Bot) renderNag(ctx context.Context, m outbox.Message) (*content, error) {
	p, err := b.Directory.Person(ctx, m.Person)
	if err != nil {
		return nil, err
	}
	owed, err := b.Scorecards.Owed(ctx, m.Person)
	if err != nil {
		return nil, err
	}
	if m.TS == "" && len(owed) == 0 {
		return nil, nil
	}
	if snooze, err := b.Scorecards.Snoozed(ctx, m.Person); err != nil {
		return nil, err
	} else if m.TS == "" && snooze.Until.After(b.Now()) { // put off since it was owed; it is owed again then
		return nil, nil
	}
	c := &content{Subjects: []string{m.Person}}
	var done []string
	if m.TS != "" {
		owed = slices.DeleteFunc(owed, func(k *hiring.Case) bool { return k.Interview.End.After(m.Posted) })
		if done, err = b.doneSince(ctx, m, c); err != nil {
			return nil, err
		}
	}
	thanks := ""
	if len(done) > 0 {
		thanks = "In since this message: " + strings.Join(done, ", ") + ". Thank you."
	}
	if len(owed) == 0 {
		text := strings.TrimSpace("Nothing is missing from you any more. " + thanks)
		c.Text, c.Blocks = fallback("%s", text), []slack.Block{section(text)}
		return c, nil
	}
	lead := missingLead(owed)
	if m.Kind == "again" {
		lead = "You asked me to remind you again. " + lead
	}
	c.Blocks = []slack.Block{section(lead)}
	names := ""
	for i, k := range owed {
		c.Subjects = append(c.Subjects, k.Interview.ID)
		zone := p.TimeZone(k.Role.TimeZone())
		line := k.Candidate.Name + " · " + k.Stage().Name + "\nInterview: " + clockTime(k.Interview.Start, zone) + "\n" + capital(b.hears(k, zone))
		names += fmt.Sprintf("\n%s, %s: %s.", k.Candidate.Name, k.Stage().Name, b.hears(k, zone))
		switch {
		case len(owed) == 1:
			c.Blocks = append(c.Blocks, section(line))
		case i < maxNagged:
			c.Blocks = append(c.Blocks, slack.NewSectionBlock(plain(line), nil, slack.NewAccessory(button(actScoreOpen, k.Interview.ID, "Open scorecard"))))
		}
	}
	if len(owed) > maxNagged {
		c.Blocks = append(c.Blocks, note(fmt.Sprintf("%d more: type /scorecard.", len(owed)-maxNagged)))
	}
	headsUp := b.headsUp(p, owed, postedAt(m, b.Now()))
	if headsUp != "" {
		c.Blocks = append(c.Blocks, section(headsUp))
		names += "\n" + headsUp
	}
	if thanks != "" {
		c.Blocks = append(c.Blocks, note(thanks))
	}
	later, waits, err := b.snoozeButton(ctx, m.Person, p.TimeZone(owed[0].Role.TimeZone()))
	if err != nil {
		return nil, err
	}
	if waits != "" {
		c.Blocks = append(c.Blocks, note(waits))
	}
	if len(owed) > 1 {
		c.Blocks = append(c.Blocks, note("If you weren't there, or somebody else was in your place, type /scorecard and say so there."), actions("", later))
	} else {
		c.Blocks = append(c.Blocks, actions("", primary(button(actScoreOpen, owed[0].Interview.ID, "Open scorecard")), later))
		if ways := wayOutButtons(owed[0], m.Person, b.Now()); len(ways) > 0 {
			c.Blocks = append(c.Blocks, actions("", ways...))
		}
	}
	c.Text = fallback("%s", strings.TrimSpace(lead+names+"\nType /scorecard to fill them in. "+strings.TrimSpace(thanks+" "+waits)))
	return c, nil
}

// hears says by when a case's candidate is told, or should have been.
func (b *Bot) hears(k *hiring.Case, zone *time.Location) string {
	if at := k.Interview.Deadline; b.Now().After(at) {
		return "the candidate should have heard by " + clockTime(at, zone)
	}
	return "the candidate hears by " + clockTime(k.Interview.Deadline, zone)
}

// missingLead says how many scorecards are missing, and what waits for them.
func missingLead(owed []*hiring.Case) string {
	decided := 0
	for _, k := range owed {
		if k.Decision != nil {
			decided++
		}
	}
	switch n := len(owed); {
	case n == 1 && decided == 1:
		return "Your scorecard is still missing. The decision was made without it; it completes the record:"
	case n == 1:
		return "Your scorecard is still missing, and the decision waits for it:"
	case decided == n:
		return fmt.Sprintf("%d of your scorecards are still missing. The decisions were made without them; they complete the record:", n)
	case decided > 0:
		return fmt.Sprintf("%d of your scorecards are still missing, and decisions wait for %d of them:", n, n-decided)
	default:
		return fmt.Sprintf("%d of your scorecards are still missing, and the decisions wait for them:", n)
	}
}

// doneSince names the candidates whose scorecard came in after the reminder.
func (b *Bot) doneSince(ctx context.Context, m outbox.Message, c *content) ([]string, error) {
	mine, err := b.Scorecards.Mine(ctx, m.Person)
	if err != nil {
		return nil, err
	}
	var done []string
	for _, k := range mine {
		card := k.Card(m.Person)
		if k.Interview.Owes(m.Person) && !k.Interview.End.After(m.Posted) && card != nil && card.SubmittedAt.After(m.Posted) {
			done = append(done, k.Candidate.Name)
			c.Subjects = append(c.Subjects, k.Interview.ID)
		}
	}
	return done, nil
}

// renderEscalation tells the next person of a scorecard that stays missing.
func (b *Bot) renderEscalation(ctx context.Context, m outbox.Message) (*content, error) {
	k, p, err := b.caseFor(ctx, m)
	if err != nil {
		return nil, err
	}
	iv, zone := k.Interview, p.TimeZone(k.Role.TimeZone())
	late, _, _ := strings.Cut(strings.TrimPrefix(m.Key, "escalation:"+iv.ID+":"), ":")
	name := b.names(ctx, []string{late})
	card := k.Card(late)
	missing := iv.State == hiring.Booked && k.Candidate.State != hiring.Withdrawn && iv.Owes(late) && (card == nil || !card.Submitted())
	if !missing && m.TS == "" {
		return nil, nil
	}
	c := &content{Subjects: []string{iv.ID, iv.CandidateID}}
	what := k.Candidate.Name + " (" + k.Stage().Name + ")"
	if !missing {
		text := "Settled: the scorecard of " + name + " for " + what + " isn't missing any more. Nothing is left to do."
		c.Text, c.Blocks = fallback("%s", text), []slack.Block{section(text)}
		return c, nil
	}
	facts := fmt.Sprintf("The interview was %s; I have reminded them, and the candidate is to be told by %s.", clockTime(iv.Start, zone), clockTime(iv.Deadline, zone))
	next := "Please talk to them."
	if p, err := b.Directory.Person(ctx, late); err == nil && p.Deleted {
		facts = fmt.Sprintf("The interview was %s, their Slack account has been deactivated since, and the candidate is to be told by %s.", clockTime(iv.Start, zone), clockTime(iv.Deadline, zone))
		next = "It won't come by itself."
	}
	buttons := b.nudgeButtons(ctx, k, []string{late}, m.Person)
	if board := k.Panelboard(); hiring.MayReveal(m.Person, k.Role, board) && !board.Revealed && len(board.Submitted) > 0 {
		next += " If it can't wait, you can open the scorecards that are in."
		buttons = append(buttons, revealButton(k))
	}
	buttons = append(buttons, notHeldButtons(k, m.Person, b.Now())...)
	c.Text = fallback("The scorecard of %s for %s is still missing. %s %s", name, what, facts, next)
	c.Blocks = []slack.Block{
		say("The scorecard of ").user(late).t(" for ").b(k.Candidate.Name).t(" (" + k.Stage().Name + ") is still missing.").block(),
		section(facts + " " + next),
	}
	if len(buttons) > 0 {
		c.Blocks = append(c.Blocks, actions("", buttons...))
	}
	return c, nil
}

// maxHeldUp is how many candidates a message about a deadline lists, two blocks
// each.
const maxHeldUp = 15

// renderDeadline warns who holds up a deadline, or tells the next person that
// it has passed; About is "role|deadline|step".
func (b *Bot) renderDeadline(ctx context.Context, m outbox.Message) (*content, error) {
	fields := strings.Split(m.About, "|")
	if len(fields) != 3 {
		return nil, fmt.Errorf("message %s: cannot read %q", m.Key, m.About)
	}
	deadline, err := time.Parse(time.RFC3339, fields[1])
	if err != nil {
		return nil, fmt.Errorf("message %s: %w", m.Key, err)
	}
	sum, err := b.Decisions.Summary(ctx, fields[0], deadline)
	if err != nil {
		return nil, err
	}
	p, err := b.Directory.Person(ctx, m.Person)
	if err != nil {
		return nil, err
	}
	zone := p.TimeZone(sum.Role.TimeZone())
	late := fields[2] == "late"
	c := &content{Subjects: []string{sum.Role.Key}}
	var open []decision.Entry
	for _, e := range sum.Entries {
		if !e.Case.Interview.Deadline.Equal(deadline) {
			continue
		}
		c.Subjects = append(c.Subjects, e.Case.Interview.ID)
		if !e.Case.Told() && (late || slices.Contains(e.Holders, m.Person)) {
			open = append(open, e)
		}
	}
	if len(open) == 0 {
		if m.TS == "" {
			return nil, nil
		}
		text := "Settled: for the deadline " + clockTime(deadline, zone) + " (" + sum.Role.Title + ") nothing is left to do for you."
		c.Text, c.Blocks = fallback("%s", text), []slack.Block{section(text)}
		return c, nil
	}
	lead := fmt.Sprintf("%s: to be told by %s, and it is your turn.", count(len(open), "candidate", "candidates"), clockTime(deadline, zone))
	if late {
		lead = fmt.Sprintf("Deadline missed: %s of %s should have been told by %s. Please see that it happens now.", count(len(open), "candidate", "candidates"), sum.Role.Title, clockTime(deadline, zone))
		if d := postedAt(m, b.Now()).Sub(deadline); d > lateAfter {
			lead += fmt.Sprintf(" This message comes %s after it.", howLong(d))
		}
	}
	c.Blocks = []slack.Block{section(lead)}
	lines := ""
	for i, e := range open {
		k := e.Case
		lines += "\n" + k.Candidate.Name + ", " + k.Stage().Name + ": waits for " + waitsFor(e) + b.holders(ctx, e) + "."
		if i < maxHeldUp {
			r := say("").b(k.Candidate.Name).t(" · "+k.Stage().Name+"\n").state(e, b.Decisions.Mode, local(zone))
			c.Blocks = append(c.Blocks, r.block())
			if buttons := b.heldUpButtons(ctx, e, m.Person); len(buttons) > 0 {
				c.Blocks = append(c.Blocks, actions("", buttons...))
			}
		}
	}
	if len(open) > maxHeldUp {
		c.Blocks = append(c.Blocks, note(fmt.Sprintf("%d more: type /decide or /scorecard.", len(open)-maxHeldUp)))
	}
	c.Text = fallback("%s%s", lead, lines)
	return c, nil
}

func (b *Bot) holders(ctx context.Context, e decision.Entry) string {
	if len(e.Holders) == 0 {
		return ""
	}
	return ", " + b.names(ctx, e.Holders)
}

// heldUpButtons are what the person can do about a candidate who waits.
func (b *Bot) heldUpButtons(ctx context.Context, e decision.Entry, person string) []slack.BlockElement {
	k := e.Case
	switch board := k.Panelboard(); {
	case e.Need == hiring.NeedScorecards && slices.Contains(e.Owing, person):
		return []slack.BlockElement{primary(button(actScoreOpen, k.Interview.ID, "Open scorecard"))}
	case e.Need == hiring.NeedScorecards && (k.Role.IsCoordinator(person) || k.Role.IsDecider(person)):
		buttons := b.nudgeButtons(ctx, k, e.Owing, person)
		if hiring.MayReveal(person, k.Role, board) && e.In > 0 {
			buttons = append(buttons, revealButton(k))
		}
		if len(k.Readable(person)) > 0 {
			buttons = append(buttons, button(actEvidence, k.Interview.ID, "Evidence"))
		}
		return buttons
	case e.Need == hiring.NeedNotice:
		return []slack.BlockElement{primary(noticeButton(k, b.Decisions.Mode))}
	case e.Need == hiring.NeedDecision && k.Role.IsDecider(person):
		return []slack.BlockElement{primary(decideButton(k))}
	case len(k.Readable(person)) > 0:
		return []slack.BlockElement{button(actEvidence, k.Interview.ID, "Evidence")}
	}
	return nil
}
