package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/outbox"
)

// noticeButton leads to the telling of a candidate.
func noticeButton(k *hiring.Case, mode string) *slack.ButtonBlockElement {
	label := "Notice"
	switch {
	case mode == decision.MailOff && (k.Notice == nil || k.Notice.State != hiring.NoticeTold):
		label = "Tell the candidate"
	case k.Notice == nil || k.Notice.State == hiring.NoticeDraft:
		label = "Write the notice"
	}
	return button(actNotice, k.Interview.ID, label)
}

// openNotice opens the notice of the decision that stands.
func (b *Bot) openNotice(ctx context.Context, c *click) error {
	interview, _ := split(c.Value)
	k, err := b.Store.Case(ctx, interview)
	if err != nil {
		return err
	}
	if !k.Role.IsDecider(c.Person.ID) && !k.Role.IsCoordinator(c.Person.ID) {
		return hiring.Refuse("Only coordinators and deciders of %s can tell its candidates.", k.Role.Title)
	}
	view, err := b.noticeView(ctx, k, c.Person)
	if err != nil {
		return err
	}
	return b.show(ctx, c, view)
}

// noticeView is the draft to edit and approve, or where the notice stands.
func (b *Bot) noticeView(ctx context.Context, k *hiring.Case, p hiring.Person) (slack.ModalViewRequest, error) {
	n, zone := k.Notice, p.TimeZone(k.Role.TimeZone())
	switch {
	case k.Decision == nil || n == nil:
		return slack.ModalViewRequest{}, hiring.Invalid("", "There is no decision yet, so there is nothing to tell. /decide opens it.")
	case n.State == hiring.NoticeDraft && n.Carrier != "":
		return *told("Notice", "The invitation to "+k.Candidate.FirstName()+"'s next interview, being booked now, says it. Look again in a minute. If Google takes long, cancel that interview on the candidate's card: the notice is a draft again then."), nil
	case n.State == hiring.NoticeDraft && b.Decisions.Mode == decision.MailOff:
		v := b.tellView(k, zone)
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, b.orBook(ctx, k, p.ID)...)
		return v, nil
	case n.State != hiring.NoticeDraft:
		changed, err := b.Decisions.Outdated(ctx, k)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		blocks := b.noticeBlocks(ctx, k, zone, changed)
		return modal("", "Notice", "", "Close", append(blocks, b.nextInterview(ctx, k, p.ID)...)...), nil
	}
	letter, err := b.Decisions.Letter(ctx, k)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return b.draftView(ctx, k, p, letter), nil
}

// draftView is the draft to edit and approve.
func (b *Bot) draftView(ctx context.Context, k *hiring.Case, p hiring.Person, letter decision.Letter) slack.ModalViewRequest {
	zone := p.TimeZone(k.Role.TimeZone())
	submit, next := "Approve", "You then get the text as a message, to send from your own mail to "+k.Candidate.Email+"."
	if b.Decisions.Mode == decision.MailSend {
		submit, next = "Approve and send", "I then e-mail it to "+k.Candidate.Email+"."
	}
	v := modal(viewNotice, "Notice", submit, "Close",
		say("").b(outcomeWord(k.Decision)+": "+k.Candidate.Name).t("\nTo be told by "+clockTime(k.Interview.Deadline, zone)+line(corrects(k.Decision, zone))).block(),
		field("subject", "Subject", "", textInput("subject", hiring.MaxSubject, hiring.Clip(letter.Subject, hiring.MaxSubject), false)),
		field("body", "Text", next, textInput("body", hiring.MaxBody, hiring.Clip(letter.Body, hiring.MaxBody), true)))
	v.Blocks.BlockSet = append(v.Blocks.BlockSet, checkTimes(letter.Notes)...)
	v.Blocks.BlockSet = append(v.Blocks.BlockSet, note("Closing this keeps the draft as it was, without your changes."))
	v.Blocks.BlockSet = append(v.Blocks.BlockSet, b.orBook(ctx, k, p.ID)...)
	v.PrivateMetadata = meta{Interview: k.Interview.ID, Notice: k.Notice.ID, Times: letter.Seen}.String()
	return v
}

// checkTimes ask for a look at what a text says of booked interviews.
func checkTimes(notes []string) []slack.Block {
	if len(notes) == 0 {
		return nil
	}
	var items []*rich
	for _, n := range notes {
		items = append(items, say(n))
	}
	return []slack.Block{say("").b("Please check the text:").block(), list(items...)}
}

// orBook offers to book the next interview before the candidate was told.
func (b *Bot) orBook(ctx context.Context, k *hiring.Case, person string) []slack.Block {
	next := b.nextInterview(ctx, k, person)
	if len(next) == 0 || k.Decision.Corrects != nil { // a correction goes out by itself
		return nil
	}
	return append([]slack.Block{note("Or book the next interview right away: its invitation can say it.")}, next...)
}

// line puts a text on a line of its own; nothing for none.
func line(text string) string {
	if text == "" {
		return ""
	}
	return "\n" + text
}

// tellView is for where no text is drafted: a person tells, and says so.
func (b *Bot) tellView(k *hiring.Case, zone *time.Location) slack.ModalViewRequest {
	c := k.Candidate
	r := say("").b(outcomeWord(k.Decision) + ": " + c.Name).t("\nPlease tell the candidate by " + clockTime(k.Interview.Deadline, zone) + "." + line(corrects(k.Decision, zone)) + "\n" + c.Email)
	if c.Phone != "" {
		r.t("\n" + c.Phone)
	}
	return modal("", "Tell the candidate", "", "Close", r.block(),
		actions("", primary(button(actNoticeTold, join(k.Interview.ID, k.Notice.ID), "I told them"))),
		note("Until somebody says so, the candidate counts as not told."))
}

// submitNotice approves the text.
func (b *Bot) submitNotice(ctx context.Context, s *submission) (any, error) {
	err := b.Decisions.Approve(ctx, s.Meta.Interview, s.Meta.Notice, s.State["subject"].Value, s.State["body"].Value, s.Meta.Times, s.Person.ID)
	var changed *decision.TimesChanged
	if errors.As(err, &changed) {
		return b.checkAgain(ctx, s, changed.Letter)
	}
	if err != nil {
		return nil, err
	}
	if b.Decisions.Mode != decision.MailSend {
		return slack.NewUpdateViewSubmissionResponse(told("Notice", "Approved. I send you the text as a message: mail it to the candidate, then press “I sent it” there. Until then the candidate counts as not told.")), nil
	}
	view := told("Notice", "Approved. The e-mail is on its way. If anything goes wrong with it, you hear from me; the summary says when it was sent.")
	view.Blocks.BlockSet = append(view.Blocks.BlockSet, b.nextOf(ctx, s.Meta.Interview, s.Person.ID)...)
	return slack.NewUpdateViewSubmissionResponse(view), nil
}

// checkAgain shows a draft once more, with what changed while it was being
// written. Approving it again goes through.
func (b *Bot) checkAgain(ctx context.Context, s *submission, letter decision.Letter) (any, error) {
	k, err := b.Store.Case(ctx, s.Meta.Interview)
	if err != nil {
		return nil, err
	}
	view := b.draftView(ctx, k, s.Person, letter)
	lead := section("Not approved yet: meanwhile an interview was booked, moved or cancelled. See below the text, then approve it once more.")
	view.Blocks.BlockSet = append([]slack.Block{lead}, view.Blocks.BlockSet...)
	return b.answerWith(s, view)
}

// redraft opens an approved notice as a draft again.
func (b *Bot) redraft(ctx context.Context, c *click) error {
	interview, notice := split(c.Value)
	if err := b.Decisions.Redraft(ctx, interview, notice, c.Person.ID); err != nil {
		return err
	}
	return b.openNotice(ctx, c)
}

// nextOf is nextInterview of an interview; nothing when it can't be read.
func (b *Bot) nextOf(ctx context.Context, interview, person string) []slack.Block {
	k, err := b.Store.Case(ctx, interview)
	if err != nil {
		return nil
	}
	return b.nextInterview(ctx, k, person)
}

// markTold records that a person told the candidate.
func (b *Bot) markTold(ctx context.Context, c *click) error {
	interview, notice := split(c.Value)
	if err := b.Decisions.MarkTold(ctx, interview, notice, c.Person.ID); err != nil {
		return err
	}
	return b.afterClick(ctx, c, "Notice", "Thank you. The candidate counts as told from now on.", b.nextOf(ctx, interview, c.Person.ID)...)
}

// mailAgain e-mails a notice once more.
func (b *Bot) mailAgain(ctx context.Context, c *click) error {
	interview, notice := split(c.Value)
	if err := b.Decisions.MailAgain(ctx, interview, notice, c.Person.ID); err != nil {
		return err
	}
	return b.afterClick(ctx, c, "Notice", "It is being e-mailed again. If anything goes wrong with it, you hear from me.")
}

// afterClick says in a modal what a button did. A message says it itself.
func (b *Bot) afterClick(ctx context.Context, c *click, title, text string, more ...slack.Block) error {
	if c.View == nil || c.View.Type != slack.VTModal {
		return nil
	}
	c.ack()
	m := readMeta(c.View.PrivateMetadata)
	if c.View.CallbackID == viewCard { // which shows it itself
		b.refreshCard(ctx, c.Person, c.View.ID, m.Candidate)
		return nil
	}
	view := told(title, text)
	view.Blocks.BlockSet = append(view.Blocks.BlockSet, more...)
	if err := b.update(ctx, c.View.ID, *view); err != nil {
		b.Log.Warn("modal not updated", "user", c.Person.ID, "err", err) // it is done all the same
	}
	b.refreshBelow(ctx, c.Person, m)
	return nil
}

// renderNotice is the DM to who approved a notice: the text to send, or the
// trouble with its e-mail.
func (b *Bot) renderNotice(ctx context.Context, m outbox.Message) (*content, error) {
	k, err := b.Store.CaseOfNotice(ctx, m.About)
	if err != nil {
		return nil, err
	}
	p, err := b.Directory.Person(ctx, m.Person)
	if err != nil {
		return nil, err
	}
	zone := p.TimeZone(k.Role.TimeZone())
	subjects := []string{m.About, k.Interview.ID, k.Candidate.ID}
	if k.Notice == nil || k.Notice.ID != m.About || k.Notice.State == hiring.NoticeDropped {
		if m.TS == "" {
			return nil, nil
		}
		old, err := b.Decisions.Store.Notice(ctx, m.About)
		if err != nil {
			return nil, err
		}
		text := "The decision about " + k.Candidate.Name + " was changed, so please don't send the earlier notice; if you have sent it already, the newest one puts it right. It is in /decide."
		if old.State == hiring.NoticeTold {
			text = k.Candidate.Name + " was told this, " + clockTime(old.ToldAt, zone) + ". It was decided anew since: what the candidate hears next is in /decide, or on their card."
		}
		return &content{Text: fallback("%s", text), Blocks: []slack.Block{section(text)}, Subjects: subjects}, nil
	}
	if k.Notice.State == hiring.NoticeDraft || m.Person != k.Notice.ApprovedBy {
		return b.notMine(ctx, k, m, zone, subjects), nil
	}
	changed, err := b.Decisions.Outdated(ctx, k)
	if err != nil {
		return nil, err
	}
	blocks := b.noticeBlocks(ctx, k, zone, changed)
	text := b.noticeText(ctx, k, zone)
	if k.Told() {
		blocks = append(blocks, b.nextInterview(ctx, k, m.Person)...)
	} else if k.Notice.State != hiring.NoticeTold && len(changed) > 0 {
		text += " Check the text first: " + strings.Join(changed, " ")
	}
	return &content{Text: fallback("%s", text), Blocks: blocks, Subjects: subjects}, nil
}

// notMine is the DM to who approved a notice that is a draft again, or that
// somebody else has approved since.
func (b *Bot) notMine(ctx context.Context, k *hiring.Case, m outbox.Message, zone *time.Location, subjects []string) *content {
	if m.TS == "" {
		return nil
	}
	text := "The notice to " + k.Candidate.Name + " is a draft again, so please don't send the earlier text. To be told by " + clockTime(k.Interview.Deadline, zone) + "."
	if k.Notice.State != hiring.NoticeDraft {
		text = "The notice to " + k.Candidate.Name + " was changed and approved by " + b.names(ctx, []string{k.Notice.ApprovedBy}) + ", who has the text. Please don't send the earlier one."
	}
	blocks := []slack.Block{section(text)}
	if k.Notice.State == hiring.NoticeDraft && k.Candidate.State != hiring.Withdrawn {
		blocks = append(blocks, actions("", noticeButton(k, b.Decisions.Mode)))
	}
	return &content{Text: fallback("%s", text), Blocks: blocks, Subjects: subjects}
}

// noticeText says in a few sentences where a notice stands and what to do.
func (b *Bot) noticeText(ctx context.Context, k *hiring.Case, zone *time.Location) string {
	n, name, by := k.Notice, k.Candidate.Name, clockTime(k.Interview.Deadline, zone)
	switch {
	case n.State == hiring.NoticeTold && n.ToldBy == "":
		return name + " was told by e-mail, " + clockTime(n.ToldAt, zone) + ". Nothing is left to do."
	case n.State == hiring.NoticeTold:
		return name + " was told by " + b.names(ctx, []string{n.ToldBy}) + ", " + clockTime(n.ToldAt, zone) + ". Nothing is left to do."
	case k.Candidate.State == hiring.Withdrawn:
		return name + " has withdrawn, so please don't send this. Nothing is left to do."
	case n.State == hiring.NoticeUnsure:
		return "I don't know whether the e-mail to " + name + " arrived: the mail server's answer was lost. Please look in the mail server's log or ask the candidate. The candidate is to be told by " + by + "."
	case n.State == hiring.NoticeFailed && n.Problem != "":
		text := "The e-mail to " + name + " was not sent: " + strings.TrimRight(hiring.Clip(hiring.CleanLine(n.Problem), 500), ".") + ". "
		if b.Decisions.Mode == decision.MailSend {
			text += "Send it again, or send the text yourself and mark the candidate as told."
		} else {
			text += "Send the text from your own mail, and mark the candidate as told."
		}
		return text + " To be told by " + by + "."
	case n.State == hiring.NoticeApproved && n.Attempt > 0:
		return "The e-mail to " + name + " is on its way."
	default:
		return "Please send this to " + name + " by " + by + ", from your own mail. Then press “I sent it”."
	}
}

// noticeBlocks show a notice that isn't a draft any more: where it stands, the
// text, the buttons. changed are interviews that aren't any more as they were
// when it was approved.
func (b *Bot) noticeBlocks(ctx context.Context, k *hiring.Case, zone *time.Location, changed []string) []slack.Block {
	n, value := k.Notice, join(k.Interview.ID, k.Notice.ID)
	blocks := []slack.Block{
		header("Notice: " + k.Candidate.Name + ", " + strings.ToLower(outcomeWord(k.Decision))),
		section(b.noticeText(ctx, k, zone)),
	}
	if n.State == hiring.NoticeTold || k.Candidate.State == hiring.Withdrawn {
		return append(blocks, note("Subject: "+n.Subject))
	}
	blocks = append(blocks, checkTimes(changed)...)
	blocks = append(blocks,
		richText(say("").b("To").para(), verbatim(k.Candidate.Email), say("").b("Subject").para(), verbatim(n.Subject), say("").b("Text").para(), verbatim(n.Body)))
	told := button(actNoticeTold, value, "I sent it")
	change := button(actNoticeRedraft, value, "Change the text")
	change.WithConfirm(slack.NewConfirmationBlockObject(plain("Make it a draft again?"), plain("Somebody approves it anew then. If the candidate has it already, mark it as sent instead."), plain("Change it"), plain("Leave it")))
	again := button(actNoticeAgain, value, "Send again")
	switch {
	case n.State == hiring.NoticeUnsure:
		told = button(actNoticeTold, value, "It arrived: mark as told")
		again = danger(again, "Send the e-mail again?", "If the first one arrived, the candidate gets it twice.", "Send again", "Wait")
		if b.Decisions.Mode != decision.MailSend {
			return append(blocks, actions("", told))
		}
		return append(blocks, actions("", told, again))
	case n.State == hiring.NoticeFailed && b.Decisions.Mode == decision.MailSend:
		told = button(actNoticeTold, value, "I sent it myself")
		again.WithConfirm(slack.NewConfirmationBlockObject(plain("Send the e-mail again?"), plain("The first one certainly was not sent."), plain("Send again"), plain("Wait")))
		return append(blocks, actions("", told, again, change))
	case n.State == hiring.NoticeFailed || n.Attempt == 0:
		return append(blocks, actions("", primary(told), change))
	}
	return blocks
}

// verbatim returns text that can be copied exactly as it is.
func verbatim(text string) slack.RichTextElement {
	if text == "" {
		text = "–" // Slack refuses an empty one
	}
	return &slack.RichTextPreformatted{Type: slack.RTEPreformatted, Elements: say(text).elements}
}
