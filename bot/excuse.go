package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

const (
	absentTitle   = "I wasn't there"
	handOverTitle = "Hand it over"
)

// wayOutButtons are what a panelist can say instead of filling in their
// scorecard; none when it isn't asked for, or is in.
func wayOutButtons(k *hiring.Case, person string, now time.Time) []slack.BlockElement {
	iv, card := k.Interview, k.Card(person)
	out := notHeldButtons(k, person, now)
	switch {
	case iv.State != hiring.Booked || now.Before(iv.Start) || iv.Part(person) == "" || k.Decided() || card != nil && card.Version > 0:
		return out
	case iv.Excused(person):
		return append([]slack.BlockElement{takeBackButton(iv, person, iv.Excuse(person).Kind)}, out...)
	}
	ways := []slack.BlockElement{button(actAbsent, iv.ID, absentTitle)}
	if iv.Ended(now) && iv.Owes(person) && k.Revealed == "" {
		ways = append(ways, button(actHandOver, iv.ID, handOverTitle))
	}
	return append(ways, out...)
}

// takeBackButton makes a scorecard owed again.
func takeBackButton(iv *hiring.Interview, person string, kind hiring.ExcuseKind) *slack.ButtonBlockElement {
	text := "I was there after all"
	if kind == hiring.HandedOver {
		text = "Change it back"
	}
	return button(actTakeBackExcuse, join(iv.ID, person), text)
}

// openAbsent asks why somebody wasn't there.
func (b *Bot) openAbsent(ctx context.Context, c *click) error {
	k, err := b.Scorecards.MayExcuse(ctx, c.Value, c.Person.ID, hiring.Absent)
	if err != nil {
		return err
	}
	return b.show(ctx, c, absentView(k, c.Person))
}

func absentView(k *hiring.Case, p hiring.Person) slack.ModalViewRequest {
	iv := k.Interview
	what := "Your scorecard isn't needed then, and I stop asking for it. A coordinator hears it from me, with your reason. What you wrote is kept as a draft, and you can take it back."
	board := k.Panelboard()
	owing := board.Owing()
	switch {
	case iv.Part(p.ID) != hiring.Required:
		what = "I stop asking for your scorecard. Nobody waits for it, so I tell nobody. What you wrote is kept as a draft, and you can take it back."
	case len(board.Submitted) > 0 && (board.Revealed || len(owing) == 1 && owing[0] == p.ID):
		what = "Your scorecard isn't needed then, and I stop asking for it. A coordinator hears it from me, with your reason. The others' scorecards can be read then, so you can't take it back: yours would not be independent of them any more."
	}
	v := modal(viewAbsent, absentTitle, absentTitle, "Close",
		say("").b(k.Candidate.Name).tf(" · %s · %s", k.Stage().Name, span(iv.Start, iv.End, p.TimeZone(k.Role.TimeZone()))).block(),
		section(what),
		field("reason", "Why weren't you there?", "In a few words. The role's coordinators and deciders read it.", textInput("reason", hiring.MaxExcuse, "", true)))
	v.PrivateMetadata = meta{Interview: iv.ID}.String()
	return v
}

func (b *Bot) submitAbsent(ctx context.Context, s *submission) (any, error) {
	if err := b.Scorecards.Absent(ctx, s.Meta.Interview, s.Person.ID, s.State["reason"].Value); err != nil {
		return nil, err
	}
	return slack.NewUpdateViewSubmissionResponse(told(absentTitle, "Thank you for saying so. I don't ask for your scorecard any more. My message about the interview says how it stands.")), nil
}

// openHandOver asks who held the interview instead.
func (b *Bot) openHandOver(ctx context.Context, c *click) error {
	k, err := b.Scorecards.MayExcuse(ctx, c.Value, c.Person.ID, hiring.HandedOver)
	if err != nil {
		return err
	}
	return b.show(ctx, c, handOverView(k, c.Person))
}

func handOverView(k *hiring.Case, p hiring.Person) slack.ModalViewRequest {
	iv := k.Interview
	v := modal(viewHandOver, handOverTitle, handOverTitle, "Close",
		say("").b(k.Candidate.Name).tf(" · %s · %s", k.Stage().Name, span(iv.Start, iv.End, p.TimeZone(k.Role.TimeZone()))).block(),
		section("Whoever held the interview in your place owes the scorecard then. I ask them at once, with your reason, and a coordinator hears it. You can change it back as long as no scorecard of it can be read."),
		field("to", "Who held it in your place?", "Somebody on the team of "+hiring.Clip(k.Role.Title, 75)+": only its team sees its candidates.",
			slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Choose a person"), "to")),
		field("reason", "Why?", "In a few words. They read it, and a coordinator.", textInput("reason", hiring.MaxExcuse, "", true)))
	v.PrivateMetadata = meta{Interview: iv.ID}.String()
	return v
}

func (b *Bot) submitHandOver(ctx context.Context, s *submission) (any, error) {
	to := s.State["to"].SelectedUser
	if err := b.Scorecards.HandOver(ctx, s.Meta.Interview, s.Person.ID, to, s.State["reason"].Value); err != nil {
		return nil, err
	}
	return slack.NewUpdateViewSubmissionResponse(told(handOverTitle, b.names(ctx, []string{to})+" is asked for the scorecard now, and I don't ask you any more. You can change it back with the button in my message about the interview.")), nil
}

// takeBackExcuse is "I was there after all", and "Change it back" of a handed
// over scorecard.
func (b *Bot) takeBackExcuse(ctx context.Context, c *click) error {
	interview, person := split(c.Value)
	if person == "" {
		person = c.Person.ID
	}
	if err := b.Scorecards.TakeBack(ctx, interview, person, c.Person.ID); err != nil {
		return err
	}
	if c.View != nil && c.View.CallbackID == viewScorecards {
		c.ack()
		b.refreshBelow(ctx, c.Person, below(c.View))
		return nil
	}
	return b.afterClick(ctx, c, "Scorecard", "Changed back: the scorecard is asked for again.")
}

// saidInstead is what "score now" says once the interview didn't take place or
// the person is excused, with what can be taken back; "" otherwise.
func (b *Bot) saidInstead(ctx context.Context, k *hiring.Case, person string) (string, []slack.Block) {
	iv, name := k.Interview, k.Candidate.Name
	e := iv.Excuse(person)
	text := ""
	switch {
	case iv.State == hiring.NotHeld:
		text = "The interview with " + name + " (" + k.Stage().Name + ") didn't take place: " + whyNotHeld(iv) + " No scorecard is needed."
	case iv.State != hiring.Booked || k.Candidate.State == hiring.Withdrawn:
		return "", nil
	case e.Kind == hiring.Absent:
		text = "You said that you weren't at the interview with " + name + " (" + k.Stage().Name + "): “" + e.Reason + "” I don't ask for your scorecard any more."
	case e.Kind == hiring.HandedOver:
		text = "You handed your scorecard for " + name + " (" + k.Stage().Name + ") over to " + b.names(ctx, []string{e.StandIn}) + ": “" + e.Reason + "” I ask them for it, not you."
	default:
		return "", nil
	}
	if card := k.Card(person); card != nil && !card.SavedAt.IsZero() {
		text += " What you wrote is kept."
	}
	blocks := []slack.Block{section(text)}
	buttons := wayOutButtons(k, person, b.Now())
	if board := k.Panelboard(); e.Kind != "" && len(board.Submitted) > 0 && (board.Complete() || board.Revealed) {
		buttons = buttons[min(1, len(buttons)):] // what it can't be taken back for
	}
	if iv.State == hiring.NotHeld && k.Decision == nil {
		buttons = []slack.BlockElement{heldButton(iv)}
	}
	if len(buttons) > 0 {
		blocks = append(blocks, actions("", buttons...))
	}
	return text, blocks
}

// handedBy says, after a space, who handed the person their scorecard; "" when
// nobody did.
func (b *Bot) handedBy(ctx context.Context, iv *hiring.Interview, person string) string {
	for _, p := range iv.Panel {
		if p.Excused.Kind == hiring.HandedOver && p.Excused.StandIn == person {
			return " " + b.names(ctx, []string{p.Person}) + " handed it to you, as you held the interview in their place: “" + p.Excused.Reason + "”"
		}
	}
	return ""
}

// excusedLine says who of the panel owes no scorecard, and why; nil: nobody.
func excusedLine(iv *hiring.Interview) []slack.Block {
	var items []*rich
	for _, p := range iv.Panel {
		switch p.Excused.Kind {
		case hiring.Absent:
			items = append(items, say("").user(p.Person).t(" wasn't there: “"+p.Excused.Reason+"”"))
		case hiring.HandedOver:
			items = append(items, say("").user(p.Excused.StandIn).t(" was there in the place of ").user(p.Person).t(": “"+p.Excused.Reason+"”"))
		}
	}
	if len(items) == 0 {
		return nil
	}
	return []slack.Block{list(items...)}
}

// renderExcused tells a coordinator who wasn't there or handed their scorecard
// over, and what that means.
func (b *Bot) renderExcused(ctx context.Context, m outbox.Message) (*content, error) {
	k, reader, err := b.caseFor(ctx, m)
	if err != nil {
		return nil, err
	}
	iv := k.Interview
	person, rest, _ := strings.Cut(strings.TrimPrefix(m.Key, "excused:"+iv.ID+":"), ":")
	at, _, _ := strings.Cut(rest, ":")
	e := iv.Excuse(person)
	stands := e.Kind != "" && fmt.Sprint(e.At.UnixMilli()) == at
	if m.TS == "" && (!stands || iv.State != hiring.Booked) {
		return nil, nil
	}
	what := k.Candidate.Name + "'s interview (" + k.Stage().Name + "), " + span(iv.Start, iv.End, reader.TimeZone(k.Role.TimeZone()))
	name := b.names(ctx, []string{person})
	var text string
	var buttons []slack.BlockElement
	switch {
	case iv.State == hiring.NotHeld:
		text = name + " owes no scorecard of " + what + ": it didn't take place. Nothing is left to do here."
	case iv.State != hiring.Booked:
		text = name + " owes no scorecard of " + what + ": it isn't booked any more. Nothing is left to do here."
	case !stands:
		text = name + " had said that they owe no scorecard of " + what + ". That was changed back, and I ask them for it."
	case e.Kind == hiring.HandedOver:
		text = name + " handed the scorecard of " + what + ", over to " + b.names(ctx, []string{e.StandIn}) + ", who held it in their place: “" + e.Reason + "” I ask " + b.names(ctx, []string{e.StandIn}) + " for it. Nothing else is needed."
		if board := k.Panelboard(); k.Decision == nil && !board.Revealed && (!board.Complete() || len(board.Submitted) == 0) && k.Role.IsCoordinator(reader.ID) {
			buttons = append(buttons, takeBackButton(iv, person, e.Kind))
		}
	default:
		means, left := whatIsLeft(k)
		text = name + " says that they weren't at " + what + ": “" + e.Reason + "” I don't ask them for a scorecard. " + means
		if !left {
			buttons = notHeldButtons(k, reader.ID, b.Now())
		}
	}
	c := &content{Text: fallback("%s", text), Blocks: []slack.Block{section(text)}, Subjects: []string{iv.ID, iv.CandidateID}}
	if len(buttons) > 0 {
		c.Blocks = append(c.Blocks, actions("", buttons...))
	}
	return c, nil
}

// whatIsLeft says how the scorecards of a case stand without who is excused;
// false: nobody is left who owes one.
func whatIsLeft(k *hiring.Case) (string, bool) {
	in, owed := k.Panelboard().Count()
	switch {
	case k.Decision != nil:
		return "A decision is recorded. Nothing is left to do.", true
	case owed == 0:
		return "Nobody is left whose scorecard is needed. Did it take place?", false
	case in == owed:
		return "All others that are needed are in and can be read now: " + fmt.Sprintf("%d of %d.", in, owed), true
	default:
		return fmt.Sprintf("Of the others that are needed, %d of %d are in.", in, owed), true
	}
}

// renderOwedAgain tells a panelist that a coordinator changed it back.
func (b *Bot) renderOwedAgain(ctx context.Context, m outbox.Message) (*content, error) {
	k, err := b.Store.Case(ctx, m.About)
	if err != nil {
		return nil, err
	}
	iv, card := k.Interview, k.Card(m.Person)
	what := k.Candidate.Name + " (" + k.Stage().Name + ")"
	c := &content{Subjects: []string{iv.ID, iv.CandidateID, m.Person}}
	if iv.State != hiring.Booked || !iv.Owes(m.Person) || k.Candidate.State == hiring.Withdrawn || card != nil && card.Submitted() {
		if m.TS == "" {
			return nil, nil
		}
		text := "This was about your scorecard for " + what + ". Nothing is left to do here."
		c.Text, c.Blocks = fallback("%s", text), []slack.Block{section(text)}
		return c, nil
	}
	text := "A coordinator changed it back: your scorecard for " + what + " is needed after all. Please fill it in, or say what else happened."
	c.Text = fallback("%s Press “Open scorecard” in this message, or type /scorecard.", text)
	c.Blocks = []slack.Block{section(text), actions("", append([]slack.BlockElement{primary(button(actScoreOpen, iv.ID, "Open scorecard"))}, wayOutButtons(k, m.Person, b.Now())...)...)}
	return c, nil
}
