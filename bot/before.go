package bot

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/schedule"
)

// beforeView asks, before times are looked for, what stands in the way: a title
// that nobody fills, a decision that the candidate hasn't heard, checks and
// interviews that come first. search is the one that was to be booked, if it
// came up then; typed is the text for the invitation, as far as it was written.
func (b *Bot) beforeView(ctx context.Context, p hiring.Person, q *schedule.Before, search, typed string) slack.ModalViewRequest {
	zone := p.TimeZone(q.Role.TimeZone())
	blocks := []slack.Block{say("").b(q.Candidate.Name).t(" · " + q.Role.Title + " · " + q.Stage.Name).block()}
	if len(q.Nobody) > 0 {
		blocks = append(blocks, section(q.Missing()+" Say who it is in the role's setup, then schedule."),
			actions("", primary(button(actSetup, q.Role.Key, "Open the setup"))))
		return modal("", beforeTitle, "", "Close", blocks...)
	}
	m := meta{Candidate: q.Candidate.ID, Stage: q.Stage.ID, Search: search, Confirm: q.Confirm()}
	submit := "Schedule anyway"
	if len(q.Checks)+len(q.Undecided) == 0 {
		submit = "Find a time"
	}
	if len(q.Checks) > 0 {
		blocks = append(blocks, say("").b("Not done yet: ").t(stageNames(q.Checks)+".").block())
	}
	if len(q.Undecided) > 0 {
		blocks = append(blocks, say("").b("Not decided yet: ").t(stageNames(q.Undecided)+".").block())
	}
	if len(q.Checks)+len(q.Undecided) > 0 {
		blocks = append(blocks, note("“Schedule anyway” confirms that this is all right; it is kept with your name."))
	}
	if k := q.Untold; k != nil {
		r := say("").b("Not told yet: ").t(q.Candidate.FirstName() + " advances after “" + k.Stage().Name + "”, and is to hear it by " + clockTime(k.Interview.Deadline, zone) + ".")
		if k.Notice == nil || k.Notice.State != hiring.NoticeDraft || k.Notice.Carrier != "" || k.Decision.Corrects != nil {
			return modal("", beforeTitle, "", "Close", append(blocks, r.block(), b.onItsWay(k))...)
		}
		m.Interview, m.Notice = k.Interview.ID, k.Notice.ID
		blocks = append(append(blocks, r.block()), b.sayItFields(ctx, k, typed, submit)...)
	}
	v := modal(viewBefore, beforeTitle, submit, "Close", blocks...)
	v.PrivateMetadata = m.String()
	return v
}

const beforeTitle = "Before you schedule"

// onItsWay leads to a notice that has left its draft: it is settled there first.
func (b *Bot) onItsWay(k *hiring.Case) slack.Block {
	if k.Notice != nil && k.Notice.Carrier != "" {
		return section("Another invitation, being booked now, says it. Look again in a minute.")
	}
	if k.Notice != nil && k.Notice.State == hiring.NoticeDraft {
		return slack.NewSectionBlock(plain("What they were told before is corrected by a message of its own. Send the notice first, then schedule."), nil,
			slack.NewAccessory(button(actNotice, k.Interview.ID, "Notice")))
	}
	return slack.NewSectionBlock(plain("The notice was approved, but isn't marked as sent yet. Settle it first, then schedule."), nil,
		slack.NewAccessory(button(actNotice, k.Interview.ID, "Notice")))
}

// sayItFields are the two ways to tell the candidate.
func (b *Bot) sayItFields(ctx context.Context, k *hiring.Case, typed, submit string) []slack.Block {
	letter, err := b.Decisions.Letter(ctx, k)
	if err != nil {
		b.Log.Warn("notice shown without booked times", "notice", k.Notice.ID, "err", err)
		letter.Body = k.Notice.Body
	}
	way, text, label := button(actNotice, k.Interview.ID, "Send the notice first"), letter.Body, "Or let the invitation say it"
	if b.Decisions.Mode == decision.MailOff {
		way, text = button(actNoticeTold, join(k.Interview.ID, k.Notice.ID), "I told them"), ""
	}
	if typed != "" {
		text = typed
	}
	return []slack.Block{
		actions("", way),
		// The block's id changes with the notice: what was typed for an older one doesn't stay.
		field("body#"+k.Notice.ID, label, "“"+submit+"” approves this text. Google's invitation then says exactly that, with the time and the link, and the candidate counts as told once it is out.",
			textInput("body", hiring.MaxBody, hiring.Clip(text, hiring.MaxBody), true)),
	}
}

func stageNames(stages []hiring.Stage) string {
	var names []string
	for _, s := range stages {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// submitBefore confirms what stood in the way, keeps the text for the
// invitation, and looks for times.
func (b *Bot) submitBefore(ctx context.Context, s *submission) (any, error) {
	req := schedule.Request{CandidateID: s.Meta.Candidate, Stage: s.Meta.Stage, By: s.Person.ID}
	if s.Meta.Search != "" {
		old, err := b.Schedule.Store.Search(ctx, s.Meta.Search)
		if err != nil {
			return nil, err
		}
		req = old.Again(s.Person.ID)
	}
	req.Confirmed = s.Meta.Confirm
	if s.Meta.Notice != "" {
		req.Carries = s.Meta.Notice
	}
	search, ask, err := b.prepare(ctx, s.Person, req, s.State["body"].Value)
	if err != nil {
		return nil, err
	}
	if ask != nil {
		return b.answerWith(s, *ask)
	}
	if s.Meta.Notice != "" {
		if err := b.Decisions.Word(ctx, s.Meta.Interview, s.Meta.Notice, s.State["body"].Value, s.Person.ID); err != nil {
			return nil, err
		}
	}
	return b.thenFill(s, search), nil
}

// nextInterview offers the next interview of a candidate who advances, to who may
// book it and while nobody has.
func (b *Bot) nextInterview(ctx context.Context, k *hiring.Case, person string) []slack.Block {
	c := k.Candidate
	if k.Decision == nil || k.Decision.Outcome != hiring.Advance || c.State != hiring.Active || c.Stage == k.Interview.Stage || !k.Role.IsCoordinator(person) {
		return nil
	}
	stage, ok := k.Role.Stage(c.Stage)
	if !ok || stage.Kind != hiring.StageInterview {
		return nil
	}
	if iv, err := b.liveInterview(ctx, c.ID, stage.ID); err != nil || iv != nil {
		return nil
	}
	return []slack.Block{actions("", button(actSchedule, join(c.ID, stage.ID), "Find a time for “"+stage.Name+"”"))}
}
