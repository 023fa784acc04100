package bot

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/slack-go/slack"

	"convene/internal/candidate"
	"convene/internal/hiring"
	"convene/internal/outbox"
)

// recordCommand is /candidate export and /candidate erase, with part of a name.
func (b *Bot) recordCommand(ctx context.Context, c *call, word, words string) error {
	found, err := b.coordinated(ctx, c.Person, words)
	if err != nil {
		return err
	}
	switch {
	case len(found) == 0 && words == "":
		c.say(ctx, fmt.Sprintf("There is nobody whom you could %s: only a role's coordinators can.", word))
		return nil
	case len(found) == 0:
		c.say(ctx, fmt.Sprintf("I don't find a candidate called “%s” in the roles that you coordinate. Type /candidate %s to see who is there.", hiring.Clip(words, 80), word))
		return nil
	case len(found) == 1 && words != "":
		view, err := b.recordView(ctx, c.Person, word, found[0].ID)
		if err != nil {
			return err
		}
		_, err = c.open(ctx, view)
		return err
	}
	action, label := actExport, "Export"
	if word == "erase" {
		action, label = actErase, "Erase…"
	}
	var blocks []slack.Block
	for _, f := range found {
		blocks = append(blocks, slack.NewSectionBlock(plain(hiring.Clip(f.Name, 150)+" · "+string(f.State)), nil, slack.NewAccessory(button(action, f.ID, label))))
	}
	_, err = c.open(ctx, modal("", label, "", "Close", blocks...))
	return err
}

// coordinated returns the candidates of the roles that the person coordinates
// whose name or e-mail contains the words.
func (b *Bot) coordinated(ctx context.Context, p hiring.Person, words string) ([]*hiring.Candidate, error) {
	found, err := b.Candidates.Find(ctx, words, p.ID, 100)
	if err != nil {
		return nil, err
	}
	var out []*hiring.Candidate
	for _, c := range found {
		role, err := b.Store.Role(ctx, c.RoleKey)
		if err != nil {
			return nil, err
		}
		if role.IsCoordinator(p.ID) && len(out) < 90 {
			out = append(out, c)
		}
	}
	return out, nil
}

func (b *Bot) recordView(ctx context.Context, p hiring.Person, word, id string) (slack.ModalViewRequest, error) {
	if word == "erase" {
		return b.eraseView(ctx, p, id)
	}
	return b.exportView(ctx, p, id)
}

func (b *Bot) openExport(ctx context.Context, c *click) error {
	view, err := b.exportView(ctx, c.Person, c.Value)
	if err != nil {
		return err
	}
	return b.show(ctx, c, view)
}

// exportView says what the record holds and asks whether to send it.
func (b *Bot) exportView(ctx context.Context, p hiring.Person, id string) (slack.ModalViewRequest, error) {
	r, err := b.Records.Export(ctx, id, p.ID)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	blocks := []slack.Block{
		say("The whole record of ").b(r.Candidate.Name).t(", " + r.Role.Title + ".").block(),
		list(
			say("It holds what they sent, checks, interviews with every version of the scorecards, decisions with their reasons, notices, and who did what when. Documents are in it as links, drafts aren't in it."),
			say("I send it to you alone, in our direct messages: as a page to read and print, and as JSON for other programs."),
			say("It is confidential. Delete it when you don't need it any more; erasing the candidate deletes what I sent, but no copy of it."),
		),
	}
	for _, s := range r.LeftOut {
		blocks = append(blocks, note("Left out: "+s))
	}
	blocks = append(blocks, note("Whoever looks after the server knows this record by the id "+r.Candidate.ID+"."))
	v := modal(viewExport, "Export", "Send it to me", "Close", blocks...)
	v.PrivateMetadata = meta{Candidate: id}.String()
	return v, nil
}

// submitExport makes the record; it is sent once the modal is acknowledged. A
// file can't be looked up by a key of ours, so it is not the outbox's: the
// person sees how it went, and asks again if it didn't.
func (b *Bot) submitExport(ctx context.Context, s *submission) (any, error) {
	r, err := b.Records.Export(ctx, s.Meta.Candidate, s.Person.ID)
	if err != nil {
		return nil, err
	}
	err = b.Store.Owe(ctx, outbox.Batch{Log: []hiring.Entry{{Actor: s.Person.ID, Action: "candidate.exported", Subject: r.Candidate.ID}}})
	if err != nil {
		return nil, err
	}
	s.after = func(ctx context.Context) {
		text := "The record is in our direct messages: a page and a JSON file."
		if err := b.sendRecord(ctx, r, s.Person.ID); err != nil {
			text = b.notSent(s.Person, r.Candidate.ID, err)
		}
		if err := b.update(ctx, s.View.ID, *told("Export", text)); err != nil {
			b.Log.Warn("export's result not shown", "candidate", r.Candidate.ID, "err", err)
		}
	}
	view := loading("Export", "Making the record and sending it to you…")
	return slack.NewUpdateViewSubmissionResponse(&view), nil
}

// notSent says why the record isn't there.
func (b *Bot) notSent(p hiring.Person, id string, err error) string {
	if isLost(err) {
		b.Log.Warn("export's outcome unknown", "candidate", id, "err", err)
		return "Slack's answer was lost, so I don't know whether the record reached you. Please look into our direct messages, and ask again if it isn't there."
	}
	return "The record was not sent. " + b.explain(p, err, "export", id)
}

// sendRecord uploads the record's two files and shares them with the person.
// Each is recorded before Slack has its content, so that an erasure finds it
// whenever it comes. Names tell nothing about the candidate.
// https://docs.slack.dev/messaging/working-with-files#upload
func (b *Bot) sendRecord(ctx context.Context, r *candidate.Record, person string) error {
	channel, err := b.Directory.DM(ctx, person)
	if err != nil {
		return err
	}
	var files []slack.FileSummary
	for _, f := range []struct {
		suffix, title string
		write         func(io.Writer) error
	}{
		{".html", "Candidate record, to read", r.WriteHTML},
		{".json", "Candidate record, as JSON", r.WriteJSON},
	} {
		var content bytes.Buffer
		if err := f.write(&content); err != nil {
			return err
		}
		name := r.Candidate.ID + f.suffix
		place, err := b.Slack.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: name, FileSize: content.Len()})
		if err != nil {
			return err
		}
		if err := b.Records.Store.AddFile(ctx, place.FileID, r.Candidate.ID, person); err != nil {
			return err
		}
		if err := b.Slack.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: place.UploadURL, Reader: &content, Filename: name}); err != nil {
			return err
		}
		files = append(files, slack.FileSummary{ID: place.FileID, Title: f.title})
	}
	_, err = b.Slack.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{Files: files, Channel: channel})
	for _, f := range files { // also after an error: the answer may have been lost
		erased, serr := b.Records.Store.FileSent(ctx, f.ID, b.Now())
		switch {
		case serr != nil:
			return serr
		case erased:
			err = hiring.Invalid("", "The candidate was erased meanwhile, so what I sent goes again.")
		}
	}
	return err
}
