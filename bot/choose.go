package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
)

// chooseButton leads to sending the candidate several of the offers, where the
// stage lets them choose.
func (b *Bot) chooseButton(s *schedule.Search, stage hiring.Stage) []slack.BlockElement {
	if !b.Schedule.CanOffer(s, stage) {
		return nil
	}
	return []slack.BlockElement{button(actTimes, s.ID, letThemChoose)}
}

// letThemChoose is the button, and the title of what it opens.
const letThemChoose = "Let the candidate choose"

// openTimes asks which of the offers are sent.
func (b *Bot) openTimes(ctx context.Context, c *click) error {
	search, err := b.Schedule.Store.Search(ctx, c.Value)
	if err != nil {
		return err
	}
	cand, err := b.Store.Candidate(ctx, search.CandidateID)
	if err != nil {
		return err
	}
	role, err := b.Store.Role(ctx, search.RoleKey)
	if err != nil {
		return err
	}
	if !role.IsCoordinator(c.Person.ID) {
		return hiring.Refuse("Only a coordinator of %s can schedule its interviews.", role.Title)
	}
	c.ack()
	view := timesView(search, cand, role, c.Person.TimeZone(role.TimeZone()))
	layOn(readMeta(c.View.PrivateMetadata), &view)
	return b.update(ctx, c.View.ID, view)
}

// maxTicks is how many checkboxes a field holds.
// https://docs.slack.dev/reference/block-kit/block-elements/checkboxes-element
const maxTicks = 10

// timesView asks which times the candidate is to choose from.
func timesView(s *schedule.Search, c *hiring.Candidate, role *hiring.Role, zone *time.Location) slack.ModalViewRequest {
	stage, _ := role.Stage(s.Stage)
	order := make([]int, min(len(s.Offers), maxTicks)) // the best
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return s.Offers[a].Start.Compare(s.Offers[b].Start) })
	var options []*slack.OptionBlockObject
	for _, i := range order {
		o := s.Offers[i]
		options = append(options, option(strconv.Itoa(i), span(o.Start, o.End, zone), "For them "+span(o.Start, o.End, c.TimeZone())))
	}
	v := modal(viewTimes, letThemChoose, "Next", "Close",
		say("").b(c.Name).t(" · "+stage.Name).tf(" · %d minutes · with ", int(s.Duration.Minutes())).users(panelIDs(s.Panel)).block(),
		field("times#"+s.ID, "Which times?", fmt.Sprintf("Tick %d to %d. You see the text before anything is sent.", hiring.MinOffered, hiring.MaxOffered),
			slack.NewCheckboxGroupsBlockElement("times", options...)),
		actions("", button(actSearchAgain, s.ID, "Back to the offers")))
	v.PrivateMetadata = meta{Search: s.ID, Candidate: s.CandidateID}.String()
	return v
}

// submitTimes drafts the text for the times that were ticked.
func (b *Bot) submitTimes(ctx context.Context, s *submission) (any, error) {
	var picks []int
	var ticked []string
	for _, o := range s.State["times"].SelectedOptions {
		i, err := strconv.Atoi(o.Value)
		if err != nil {
			return nil, hiring.Invalid("times", "Tick the times anew.")
		}
		picks, ticked = append(picks, i), append(ticked, o.Value)
	}
	subject, body, err := b.Schedule.OfferDraft(ctx, s.Meta.Search, picks, s.Person.ID)
	if err != nil {
		return nil, err
	}
	c, err := b.Store.Candidate(ctx, s.Meta.Candidate)
	if err != nil {
		return nil, err
	}
	view := b.timesTextView(c, subject, body)
	view.PrivateMetadata = meta{Search: s.Meta.Search, Candidate: c.ID, Ticked: strings.Join(ticked, " ")}.String()
	return b.answerWith(s, view)
}

// timesTextView is the text to edit and approve.
func (b *Bot) timesTextView(c *hiring.Candidate, subject, body string) slack.ModalViewRequest {
	submit, next := "Approve", "You then get the text as a message, to send from your own mail to "+c.Email+"."
	if b.mails() {
		submit, next = "Approve and send", "I then e-mail it to "+c.Email+"."
	}
	return modal(viewTimesText, letThemChoose, submit, "Close",
		say("").b(c.Name).t(" answers with a number, and you click the one that comes back. Please keep the numbers as they are.").block(),
		field("subject", "Subject", "", textInput("subject", hiring.MaxSubject, subject, false)),
		field("body", "Text", next, textInput("body", hiring.MaxBody, body, true)),
		note("Nothing is held meanwhile: when you click a number, I look again whether everybody is free."))
}

// mails reports whether the bot e-mails candidates itself.
func (b *Bot) mails() bool { return b.Schedule.Mode == "send" }

// submitTimesText approves the text.
func (b *Bot) submitTimesText(ctx context.Context, s *submission) (any, error) {
	var picks []int
	for _, word := range strings.Fields(s.Meta.Ticked) {
		i, err := strconv.Atoi(word)
		if err != nil {
			return nil, hiring.Invalid("", "Tick the times anew.")
		}
		picks = append(picks, i)
	}
	_, err := b.Schedule.Offer(ctx, s.Meta.Search, picks, s.State["subject"].Value, s.State["body"].Value, s.Person.ID)
	if err != nil {
		return nil, err
	}
	s.after = func(ctx context.Context) { b.refreshBelow(ctx, s.Person, s.Meta) }
	text := "Approved. I send you the text as a message: mail it to the candidate, then press “I sent it” there. When an answer comes back, click its number, there or on the candidate's card."
	if b.mails() {
		text = "Approved. The e-mail is on its way, and you get a message when it is out. When an answer comes back, click its number, there or on the candidate's card."
	}
	return slack.NewUpdateViewSubmissionResponse(told(letThemChoose, text)), nil
}

// numbers are the buttons for what came back.
func numbers(o *hiring.Offering, only []int, zone *time.Location) []slack.BlockElement {
	var out []slack.BlockElement
	for i, t := range o.Times {
		if n := i + 1; only == nil || slices.Contains(only, n) {
			out = append(out, button(fmt.Sprintf("%s:%d", actTimesChosen, n), join(o.ID, strconv.Itoa(n)), fmt.Sprintf("%d: %s", n, clockTime(t.Start, zone))))
		}
	}
	return out
}

// timesList lists the offered times, by number: also in the candidate's zone, in
// which they read them.
func timesList(o *hiring.Offering, zone, theirs *time.Location) slack.Block {
	var items []*rich
	for i, t := range o.Times {
		items = append(items, say("").b(fmt.Sprintf("%d: ", i+1)).t(bothZones(schedule.Slot{Start: t.Start, End: t.End}, zone, theirs)))
	}
	return list(items...)
}

// offeredText says in a few sentences where an offering stands and what to do.
func (b *Bot) offeredText(ctx context.Context, o *hiring.Offering, c *hiring.Candidate, zone *time.Location) string {
	name := c.Name
	click := " When an answer comes back, click its number."
	switch o.State {
	case hiring.OfferingApproved:
		if o.Mailing() {
			return "The e-mail with times for " + name + " is on its way."
		}
		return "Please send these times to " + name + ", from your own mail. Then press “I sent it”." + click
	case hiring.OfferingSent:
		by := ", by e-mail"
		if o.SentBy != "" {
			by = ", by " + b.names(ctx, []string{o.SentBy})
		}
		return name + " was sent these times " + clockTime(o.SentAt, zone) + by + "." + click
	case hiring.OfferingUnsure:
		return "I don't know whether the e-mail with times for " + name + " arrived: the mail server's answer was lost. Please look in the mail server's log or ask the candidate." + click
	case hiring.OfferingFailed:
		text := "The e-mail with times for " + name + " was not sent"
		if problem := strings.TrimRight(hiring.Clip(hiring.CleanLine(o.Problem), 300), "."); problem != "" {
			text += ": " + problem
		}
		return text + ". Send it again, or send the text yourself."
	case hiring.OfferingNone:
		return "None of these times suited " + name + ", says " + b.names(ctx, []string{o.AnsweredBy}) + ". If a number comes back after all, click it."
	case hiring.OfferingChosen:
		t := o.Times[o.Answer-1]
		return fmt.Sprintf("%s chose number %d, %s. Booked by %s, %s.", name, o.Answer, span(t.Start, t.End, zone), b.names(ctx, []string{o.AnsweredBy}), clockTime(o.AnsweredAt, zone))
	default:
		return "Nobody waits for an answer to the times that " + name + " was offered any more. If you haven't sent them yet, please don't."
	}
}

// offeredBlocks show an offering: where it stands, its text while a person is
// to send it, and the buttons.
func (b *Bot) offeredBlocks(ctx context.Context, o *hiring.Offering, c *hiring.Candidate, zone *time.Location) []slack.Block {
	blocks := []slack.Block{section(b.offeredText(ctx, o, c, zone))}
	toSend := o.Waits() && o.State != hiring.OfferingSent && !o.Mailing()
	if toSend {
		blocks = append(blocks, richText(say("").b("To").para(), verbatim(c.Email), say("").b("Subject").para(), verbatim(o.Subject), say("").b("Text").para(), verbatim(o.Body)))
	}
	var send []slack.BlockElement
	switch {
	case o.State == hiring.OfferingApproved && toSend:
		send = append(send, primary(button(actTimesSent, o.ID, "I sent it")))
	case o.State == hiring.OfferingFailed:
		send = append(send, button(actTimesSent, o.ID, "I sent it myself"), button(actTimesAgain, o.ID, "Send again"))
	case o.State == hiring.OfferingUnsure:
		send = append(send, button(actTimesSent, o.ID, "It arrived"),
			danger(button(actTimesAgain, o.ID, "Send again"), "Send the e-mail again?", "If the first one arrived, the candidate gets it twice.", "Send again", "Wait"))
	}
	if len(send) > 0 {
		blocks = append(blocks, actions("", send...))
	}
	if !o.Waits() && o.State != hiring.OfferingNone {
		return blocks
	}
	buttons := numbers(o, nil, zone)
	if o.Waits() {
		buttons = append(buttons, button(actTimesNone, o.ID, "None of these"))
	}
	return append(blocks, timesList(o, zone, c.TimeZone()), actions("", buttons...))
}

// chooseTime books the number that came back. Google is asked again, so the
// answer follows in a modal.
func (b *Bot) chooseTime(ctx context.Context, c *click) error {
	id, word := split(c.Value)
	number, err := strconv.Atoi(word)
	if err != nil {
		return hiring.Invalid("", "There is no such number among these times.")
	}
	o, err := b.Schedule.Choosable(ctx, id, c.Person.ID)
	if err != nil {
		return err
	}
	wait := loading("Schedule", "Looking whether everybody is still free…")
	view := c.View
	if view != nil && view.Type == slack.VTModal {
		c.ack()
		err = b.update(ctx, view.ID, wait)
	} else {
		wait.ExternalID = o.ID + ":" + word + ":" + reference()
		view, err = c.open(ctx, wait)
	}
	if err != nil {
		return err
	}
	iv, err := b.Schedule.Choose(ctx, id, number, c.Person.ID)
	if err == nil {
		b.Changed() // the dispatchers are to look for it now
		if view.ID != "" {
			b.watchBooking(ctx, view.ID, c.Person, iv.ID, iv.Revision, false)
			return nil
		}
	}
	if err := b.refill(ctx, view, b.notChosenView(ctx, o, c.Person, err)); err != nil {
		b.Log.Warn("choice not shown", "offering", id, "err", err)
	}
	return nil
}

// notChosenView says why a number wasn't booked, and which of the others can be.
func (b *Bot) notChosenView(ctx context.Context, o *hiring.Offering, p hiring.Person, err error) slack.ModalViewRequest {
	var gone *schedule.Gone
	if err == nil {
		return *told("Schedule", "It is being booked in Google Calendar. Everybody hears when it is done. You can close this.")
	}
	role, rerr := b.Store.Role(ctx, o.RoleKey)
	if !errors.As(err, &gone) || rerr != nil {
		return *told("Schedule", b.findTrouble(p, err))
	}
	zone := p.TimeZone(role.TimeZone())
	t := o.Times[gone.Number-1]
	r := say("").b("Not booked. ").tf("Number %d, %s: %s Nobody was invited.", gone.Number, span(t.Start, t.End, zone), gone.Why)
	if len(gone.Free) == 0 {
		return modal("", "Schedule", "", "Close", r.t(" None of the other times is free any more either.").block(), actions("", primary(button(actTimesNone, o.ID, "Find other times"))))
	}
	return modal("", "Schedule", "", "Close", r.t(" Of the others these are still free, if one of them suits the candidate too:").block(),
		actions("", append(numbers(o, gone.Free, zone), button(actTimesNone, o.ID, "None of these"))...))
}

// noneSuits records that no time suited, and looks for others.
func (b *Bot) noneSuits(ctx context.Context, c *click) error {
	if err := b.Schedule.NoneSuits(ctx, c.Value, c.Person.ID); err != nil {
		return err
	}
	o, err := b.Schedule.Store.Offering(ctx, c.Value)
	if err != nil {
		return err
	}
	req := schedule.Request{CandidateID: o.CandidateID, Stage: o.Stage, Confirmed: o.Confirmed, Carries: o.Carries, By: c.Person.ID}
	if c.View != nil && c.View.Type == slack.VTModal {
		return b.searchIn(ctx, c, req)
	}
	return b.startSearch(ctx, c.reply, c.Person, req)
}

// markOffered records that a person sent the text.
func (b *Bot) markOffered(ctx context.Context, c *click) error {
	if err := b.Schedule.MarkOffered(ctx, c.Value, c.Person.ID); err != nil {
		return err
	}
	return b.afterClick(ctx, c, "Times", "Kept. When an answer comes back, click its number.")
}

// offerAgain e-mails the text once more.
func (b *Bot) offerAgain(ctx context.Context, c *click) error {
	if err := b.Schedule.OfferAgain(ctx, c.Value, c.Person.ID); err != nil {
		return err
	}
	return b.afterClick(ctx, c, "Times", "The e-mail is on its way again.")
}

// renderTimes is the DM to who offers times, kept current: the text to send, or
// how its e-mail went, and which one came back.
func (b *Bot) renderTimes(ctx context.Context, m outbox.Message) (*content, error) {
	o, c, zone, err := b.offeringFor(ctx, m)
	if err != nil || c.Erased() || m.TS == "" && o.State == hiring.OfferingOver {
		return nil, err
	}
	text := b.offeredText(ctx, o, c, zone)
	blocks := append([]slack.Block{header("Times for " + c.Name)}, b.offeredBlocks(ctx, o, c, zone)...)
	subjects := []string{o.ID, c.ID}
	if o.InterviewID != "" {
		subjects = append(subjects, o.InterviewID)
		iv, err := b.Store.Interview(ctx, o.InterviewID)
		if err != nil {
			return nil, err
		}
		if o.State == hiring.OfferingChosen && iv.State == hiring.Taken && c.State == hiring.Active {
			text = fmt.Sprintf("Number %d was not booked. %s Nobody was invited. If another one suits %s too, click it.", o.Answer, iv.Reason, c.Name)
			blocks = []slack.Block{blocks[0], section(text), timesList(o, zone, c.TimeZone()), actions("", numbers(o, nil, zone)...)}
		}
	}
	return &content{Text: fallback("%s", text), Blocks: blocks, Subjects: subjects}, nil
}

// renderTimesLate tells who offers times, once, that nothing came back before
// the soonest of them became too near.
func (b *Bot) renderTimesLate(ctx context.Context, m outbox.Message) (*content, error) {
	o, c, zone, err := b.offeringFor(ctx, m)
	if err != nil || c.Erased() || m.TS == "" && !o.Waits() {
		return nil, err
	}
	subjects := []string{o.ID, c.ID}
	if !o.Waits() {
		text := b.offeredText(ctx, o, c, zone)
		return &content{Text: fallback("%s", text), Blocks: []slack.Block{section(text)}, Subjects: subjects}, nil
	}
	role, err := b.Store.Role(ctx, o.RoleKey)
	if err != nil {
		return nil, err
	}
	var near, left []string
	var numbersLeft []int
	for i, t := range o.Times {
		what := fmt.Sprintf("%d (%s)", i+1, clockTime(t.Start, zone))
		if t.Start.Add(-role.MinNotice.V).After(b.Now()) {
			left, numbersLeft = append(left, what), append(numbersLeft, i+1)
		} else {
			near = append(near, what)
		}
	}
	text := "No answer from " + c.Name + " yet to the times that were offered. Passed, or nearer than the role's notice of " + hiring.SpanWords(role.MinNotice.V) + ": " + strings.Join(near, ", ") + "."
	if o.State == hiring.OfferingApproved && !o.Mailing() {
		text = "The times for " + c.Name + " were approved, and nobody has said that they were sent. Passed, or nearer than the role's notice of " + hiring.SpanWords(role.MinNotice.V) + ": " + strings.Join(near, ", ") + "."
	}
	blocks := []slack.Block{}
	if len(left) > 0 {
		text += " Still possible: " + strings.Join(left, ", ") + "."
		blocks = append(blocks, section(text), actions("", append(numbers(o, numbersLeft, zone), button(actTimesNone, o.ID, "Look for other times"))...))
	} else {
		blocks = append(blocks, section(text), actions("", primary(button(actTimesNone, o.ID, "Look for other times"))))
	}
	return &content{Text: fallback("%s", text), Blocks: blocks, Subjects: subjects}, nil
}

func (b *Bot) offeringFor(ctx context.Context, m outbox.Message) (*hiring.Offering, *hiring.Candidate, *time.Location, error) {
	o, err := b.Schedule.Store.Offering(ctx, m.About)
	if err != nil {
		return nil, nil, nil, err
	}
	c, err := b.Store.Candidate(ctx, o.CandidateID)
	if err != nil {
		return nil, nil, nil, err
	}
	role, err := b.Store.Role(ctx, o.RoleKey)
	if err != nil {
		return nil, nil, nil, err
	}
	p, err := b.Directory.Person(ctx, m.Person)
	return o, c, p.TimeZone(role.TimeZone()), err
}
