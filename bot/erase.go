package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/candidate"
	"convene/internal/hiring"
	"convene/internal/outbox"
)

// recordButtons are what a coordinator can do with the whole record, below the
// candidate's card.
func (b *Bot) recordButtons(card *candidate.Card, p hiring.Person) []slack.Block {
	if !card.Role.IsCoordinator(p.ID) {
		return nil
	}
	return []slack.Block{divider(), actions("", button(actExport, card.Candidate.ID, "Export record"), button(actErase, card.Candidate.ID, "Erase…"))}
}

func (b *Bot) openErase(ctx context.Context, c *click) error {
	view, err := b.eraseView(ctx, c.Person, c.Value)
	if err != nil {
		return err
	}
	return b.show(ctx, c, view)
}

// eraseView is the first question: what goes, and what can't be reached.
func (b *Bot) eraseView(ctx context.Context, p hiring.Person, id string) (slack.ModalViewRequest, error) {
	e, err := b.Records.PreviewErase(ctx, id, p.ID)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	goes := []*rich{
		say("What they sent, interviews' links and notes, every scorecard, the reasons of decisions, and the texts of notices."),
		say("My messages about them, and the records that I sent."),
		say("Their events in Google Calendar."),
	}
	if e.Coming > 0 {
		goes = append(goes, say("").b(fmt.Sprintf("%s by that: Google tells its guests.", count(e.Coming, "coming interview is cancelled", "coming interviews are cancelled"))))
	}
	blocks := []slack.Block{
		say("Erase ").b(e.Candidate.Name).t(", " + e.Role.Title + "? This can't be taken back. What goes:").block(),
		list(goes...),
		section("An empty entry stays, so that counts go on being right, and the list of who did what, which holds no names. I can't reach:"),
		unreachable(),
	}
	submit := "Erase"
	if !e.KeepUntil.IsZero() {
		submit = "Go on"
	}
	v := modal(viewErase, "Erase a candidate", submit, "Keep", blocks...)
	v.PrivateMetadata = meta{Candidate: id}.String()
	return v, nil
}

func unreachable() slack.Block {
	var items []*rich
	for _, u := range candidate.Unreachable {
		items = append(items, say(capital(u)+"."))
	}
	return list(items...)
}

// submitErase erases, or asks the second question.
func (b *Bot) submitErase(ctx context.Context, s *submission) (any, error) {
	e, err := b.Records.PreviewErase(ctx, s.Meta.Candidate, s.Person.ID)
	if err != nil {
		return nil, err
	}
	if !e.KeepUntil.IsZero() {
		view := eraseKeptView(e, s.Person)
		return slack.NewUpdateViewSubmissionResponse(&view), nil
	}
	return b.erase(ctx, s)
}

// eraseKeptView is the second question, within a year of the decision.
func eraseKeptView(e *candidate.ErasePreview, p hiring.Person) slack.ModalViewRequest {
	until := e.KeepUntil.In(p.TimeZone(e.Role.TimeZone())).Format("2 January 2006")
	v := modal(viewEraseKept, "Before a year is over", "Erase", "Keep",
		say("The record of ").b(e.Candidate.Name).t(" should be kept until ").b(until).t(".").block(),
		section("Employers in the United States have to keep an applicant's record, interview notes included, for at least one year from the decision; some for longer, and always while a charge is open. If that applies to you, erase it after that day. If the person has a right to be erased before, or you are elsewhere, go on."),
		field("sure", "Erase it now all the same?", "This can't be taken back.",
			slack.NewCheckboxGroupsBlockElement("sure", option("yes", "Yes, before "+until, ""))))
	v.PrivateMetadata = meta{Candidate: e.Candidate.ID}.String()
	return v
}

func (b *Bot) submitEraseKept(ctx context.Context, s *submission) (any, error) {
	if len(s.State["sure"].SelectedOptions) == 0 {
		return nil, hiring.Invalid("sure", "Tick this to erase the record before that day, or press Keep.")
	}
	return b.erase(ctx, s)
}

func (b *Bot) erase(ctx context.Context, s *submission) (any, error) {
	if err := b.Records.Erase(ctx, s.Meta.Candidate, s.Person.ID); err != nil {
		return nil, err
	}
	v := modal("", "Erase a candidate", "", "Close",
		section("Erased. My messages, files and the events in Google Calendar go within a minute or so. What I can't reach:"), unreachable())
	return slack.NewUpdateViewSubmissionResponse(&v), nil
}

// A FileHandler carries out the outbox's deletions of files in Slack.
type FileHandler struct{ *Bot }

// Wanted is always: nobody takes an erasure back.
func (h FileHandler) Wanted(context.Context, outbox.Effect) (bool, error) { return true, nil }

// Do removes the file. One that isn't there is fine.
// https://docs.slack.dev/reference/methods/files.delete
func (h FileHandler) Do(ctx context.Context, e outbox.Effect) (string, error) {
	err := h.Slack.DeleteFileContext(ctx, e.About)
	if err == nil || isSlackError(err, "file_not_found", "file_deleted") {
		return "", nil
	}
	if err = classify(err); outbox.Classify(err).Class == outbox.ClassUnknown {
		return "", outbox.Later(err, 0) // repeating it does no harm
	}
	return "", err
}

// Look says no: a deletion is simply repeated.
func (h FileHandler) Look(context.Context, outbox.Effect) (string, bool, error) {
	return "", false, nil
}

// Failed tells somebody who looks after the bot.
func (h FileHandler) Failed(ctx context.Context, e outbox.Effect) error {
	workspace, err := h.Directory.Workspace(ctx)
	if err != nil || len(workspace) == 0 {
		return err
	}
	return h.Store.Owe(ctx, outbox.Batch{Messages: []outbox.Message{outbox.NotErased(e, workspace[0])}})
}

// renderUnerased tells what of an erased candidate the bot couldn't remove;
// About is the effect's key. It names nobody.
func (b *Bot) renderUnerased(ctx context.Context, m outbox.Message) (*content, error) {
	text := "I couldn't remove a file of an erased candidate: Slack refused it. It is a candidate's record that I once sent to a coordinator in a direct message. Please have them delete it there."
	if rest, ok := strings.CutPrefix(m.About, outbox.CalendarErase+":"); ok {
		interview, _, _ := strings.Cut(rest, ":")
		iv, err := b.Store.Interview(ctx, interview)
		if err != nil {
			return nil, err
		}
		role, err := b.Store.Role(ctx, iv.RoleKey)
		if err != nil {
			return nil, err
		}
		text = fmt.Sprintf("I couldn't remove the event of an erased candidate: Google Calendar refused it. Please delete it there: it is the interview for %s on %s.",
			role.Title, span(iv.Start, iv.End, role.TimeZone()))
	}
	return &content{Text: fallback("%s", text), Blocks: []slack.Block{section(text)}}, nil
}

// withheld takes the place of a message that names an erased candidate and can't
// be rendered anew, because its channel isn't fit for candidate data now.
func withheld(role string) *content {
	const text = "What stood here named somebody whose data was erased. It is shown again, without them, when this channel is fit for candidates' data."
	return &content{Text: text, Blocks: []slack.Block{section(text)}, Subjects: []string{channelSubject(role)}, Withheld: true}
}

// mustChange reports whether what stands in Slack has to be replaced whatever
// its age: it names somebody who was erased, or nobody knows what it shows.
func mustChange(m outbox.Message) bool { return m.TS != "" && m.Hash == "" }

// asOf returns the time whose open cases a Monday message shows: when it was
// posted, for one that stays as the record of its day.
func asOf(m outbox.Message, now time.Time) time.Time {
	if posted := postedAt(m, now); now.Sub(posted) > currentFor {
		return posted
	}
	return now
}
