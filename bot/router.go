package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"convene/internal/hiring"
)

// A command is a slash command. Help is one line; Usage is Slack's hint.
type command struct {
	Name  string
	Usage string
	Help  string
	run   func(ctx context.Context, c *call) error
}

// A call is one use of a slash command or global shortcut.
type call struct {
	*reply
	Person  hiring.Person
	Text    string // what was typed after the command, white space folded
	Channel string
}

// A click is one use of a button or menu.
type click struct {
	*reply
	Person  hiring.Person
	Action  *slack.BlockAction
	Value   string           // the button's value or the chosen option's
	View    *slack.View      // nil in a message
	Message outboundMessage  // empty in a view
	At      time.Time        // Slack's time of the action
	State   map[string]input // of a view, by block id and action id joined by "/"
}

// outboundMessage is the message that was clicked.
type outboundMessage struct{ Channel, TS string }

// input is a field's value in a view's state.
type input = slack.BlockAction

// A submission is a submitted modal.
type submission struct {
	*reply
	Person hiring.Person
	View   *slack.View
	Meta   meta
	State  map[string]input

	// after, where a handler sets it, runs once the modal is acknowledged: for
	// what is slow and only changes what the person sees.
	after func(ctx context.Context)
}

// routes is everything that people can do. The manifest is held to it by a test.
type routes struct {
	commands    []command
	actions     map[string]func(context.Context, *click) error
	submissions map[string]func(context.Context, *submission) (response any, err error)
	shortcuts   map[string]func(context.Context, *call) error
	renderers   map[string]renderer
}

func (b *Bot) serveCommand(ctx context.Context, cmd slack.SlashCommand, r *reply) {
	r.trigger, r.responseURL, r.isCommand = cmd.TriggerID, cmd.ResponseURL, true
	p, err := b.person(ctx, cmd.UserID)
	if err == nil {
		c := &call{reply: r, Person: p, Text: strings.Join(strings.Fields(cmd.Text), " "), Channel: cmd.ChannelID}
		err = b.runCommand(ctx, cmd.Command, c)
	}
	if err != nil {
		text := b.explain(p, err, "command", cmd.Command, "user", cmd.UserID)
		r.say(ctx, text, b.wayOut(ctx, p, err, text)...)
	}
	r.ack()
}

func (b *Bot) runCommand(ctx context.Context, name string, c *call) error {
	for _, cmd := range b.routes.commands {
		if cmd.Name == name {
			return cmd.run(ctx, c)
		}
	}
	c.say(ctx, "I don't know "+name+". "+b.helpText())
	return nil
}

func (b *Bot) serveInteraction(ctx context.Context, ic slack.InteractionCallback, r *reply) {
	r.trigger, r.responseURL = ic.TriggerID, ic.ResponseURL
	p, err := b.person(ctx, ic.User.ID)
	if err != nil {
		b.refuse(ctx, ic, r, p, err)
		return
	}
	switch ic.Type {
	case slack.InteractionTypeBlockActions:
		b.serveClicks(ctx, ic, r, p)
	case slack.InteractionTypeViewSubmission:
		b.serveSubmission(ctx, ic, r, p)
	case slack.InteractionTypeShortcut:
		run, ok := b.routes.shortcuts[ic.CallbackID]
		if !ok {
			r.ack()
			return
		}
		if err := run(ctx, &call{reply: r, Person: p}); err != nil {
			b.tellInModal(ctx, r, p, err)
		}
		r.ack()
	default: // view_closed and whatever Slack adds
		r.ack()
	}
}

func (b *Bot) serveClicks(ctx context.Context, ic slack.InteractionCallback, r *reply, p hiring.Person) {
	for _, a := range ic.ActionCallback.BlockActions {
		name, _, _ := strings.Cut(a.ActionID, ":")
		run, ok := b.routes.actions[name]
		if !ok {
			continue // a menu whose value is read when the modal is submitted, or a button of an older version
		}
		c := &click{reply: r, Person: p, Action: a, Value: chosen(a), At: slackTime(a.ActionTs), Message: outboundMessage{ic.Container.ChannelID, ic.Container.MessageTs}}
		if ic.View.ID != "" {
			c.View, c.State = &ic.View, state(&ic.View)
		}
		if err := run(ctx, c); err != nil {
			b.answerClick(ctx, c, err)
		}
	}
	r.ack()
}

// answerClick tells the person why a click did nothing: in a message beside it,
// in a modal as a modal on top.
func (b *Bot) answerClick(ctx context.Context, c *click, err error) {
	if c.View == nil && c.responseURL != "" {
		text := b.explain(c.Person, err, "action", c.Action.ActionID, "user", c.Person.ID)
		c.say(ctx, text, b.wayOut(ctx, c.Person, err, text)...)
		return
	}
	view := b.toldError(ctx, c.Person, err, "action", c.Action.ActionID, "user", c.Person.ID)
	var perr error
	if c.View != nil && c.View.Type == slack.VTModal {
		if perr = c.push(ctx, view); isSlackError(perr, "push_limit_reached") { // three lie on one another already
			if perr = b.update(ctx, c.View.ID, refusedIn(c.View, view)); perr != nil {
				perr = b.update(ctx, c.View.ID, view)
			}
		}
	} else {
		_, perr = c.open(ctx, view)
	}
	if perr != nil {
		b.Log.Warn("refusal not shown", "user", c.Person.ID, "err", perr)
	}
}

// refusedIn is the open modal with a refusal at its top, so that what was typed
// in it stays.
func refusedIn(open *slack.View, refusal slack.ModalViewRequest) slack.ModalViewRequest {
	const mark = "refused"
	v := slack.ModalViewRequest{
		Type: open.Type, Title: open.Title, Close: open.Close, Submit: open.Submit, CallbackID: open.CallbackID,
		PrivateMetadata: open.PrivateMetadata, ExternalID: open.ExternalID, ClearOnClose: open.ClearOnClose, NotifyOnClose: open.NotifyOnClose,
	}
	for _, bl := range open.Blocks.BlockSet { // not the one of an earlier refusal
		if !strings.HasPrefix(bl.ID(), mark) {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, bl)
		}
	}
	var top []slack.Block
	for i, bl := range refusal.Blocks.BlockSet {
		switch bl := bl.(type) {
		case *slack.SectionBlock:
			bl.BlockID = fmt.Sprint(mark, i)
		case *slack.ActionBlock:
			bl.BlockID = fmt.Sprint(mark, i)
		}
		top = append(top, bl)
	}
	if len(top)+len(v.Blocks.BlockSet) > maxCard {
		return refusal
	}
	v.Blocks.BlockSet = append(top, v.Blocks.BlockSet...)
	return v
}

func (b *Bot) serveSubmission(ctx context.Context, ic slack.InteractionCallback, r *reply, p hiring.Person) {
	run, ok := b.routes.submissions[ic.View.CallbackID]
	if !ok {
		r.ack()
		return
	}
	s := &submission{reply: r, Person: p, View: &ic.View, Meta: readMeta(ic.View.PrivateMetadata), State: state(&ic.View)}
	commit, cancel := context.WithTimeout(ctx, b.Decide)
	response, err := run(commit, s)
	cancel()
	if err != nil {
		r.ackWith(b.submissionError(s, err))
		var already *hiring.AlreadyDone
		if errors.As(err, &already) {
			b.refreshBelow(ctx, p, s.Meta)
		}
		return
	}
	r.ackWith(b.lightened(s, response))
	b.Changed()
	b.refreshBelow(ctx, p, s.Meta)
	if s.after == nil {
		return
	}
	// The acknowledgement goes over the socket, what follows over HTTP: were it
	// overtaken, "one moment" would replace what it stands for.
	select {
	case <-time.After(ackAhead):
		s.after(ctx)
	case <-ctx.Done():
	}
}

// serveEvent handles what Slack tells without being asked. Slack repeats
// events; each is handled once.
func (b *Bot) serveEvent(ctx context.Context, e slackevents.EventsAPIEvent, r *reply) {
	if in, ok := e.InnerEvent.Data.(*slackevents.AppHomeOpenedEvent); ok {
		b.wantHome(ctx, in, r) // may happen twice, so it needs no memory of the event
		return
	}
	if b.threadMessage(ctx, e, r) {
		return // acknowledged once it is kept
	}
	if id := eventID(e); id != "" {
		first, err := b.Store.FirstTime(ctx, id, b.Now())
		if err != nil {
			b.Log.Error("event not taken", "event", id, "err", err)
			return // not acknowledged: Slack sends it again
		}
		if !first {
			r.ack()
			return
		}
	}
	r.ack()
	var err error
	switch in := e.InnerEvent.Data.(type) {
	case *slackevents.UserChangeEvent:
		err = b.Directory.Learn(ctx, in.User.ID)
	case *slackevents.TeamJoinEvent:
		err = b.Directory.Learn(ctx, in.User.ID)
	case *slackevents.MessageEvent:
		err = b.directMessage(ctx, in)
	}
	if err != nil {
		b.Log.Error("event", "type", e.InnerEvent.Type, "err", err)
	}
}

// eventID returns Slack's id of an event: the same when it is sent again.
func eventID(e slackevents.EventsAPIEvent) string {
	if cb, ok := e.Data.(*slackevents.EventsAPICallbackEvent); ok {
		return cb.EventID
	}
	return ""
}

// wantHome makes an opened App Home one to be published.
func (b *Bot) wantHome(ctx context.Context, in *slackevents.AppHomeOpenedEvent, r *reply) {
	if in.Tab == "home" {
		if err := b.Store.WantHome(ctx, in.User); err != nil {
			b.Log.Error("App Home not taken", "user", in.User, "err", err)
			return // not acknowledged: Slack sends it again
		}
	}
	r.ack()
}

// refuse answers somebody who may not use the bot at all.
func (b *Bot) refuse(ctx context.Context, ic slack.InteractionCallback, r *reply, p hiring.Person, err error) {
	text := b.explain(p, err, "user", ic.User.ID)
	switch {
	case ic.Type == slack.InteractionTypeViewSubmission:
		r.ackWith(slack.NewUpdateViewSubmissionResponse(told("Convene", text)))
	case r.responseURL != "":
		r.say(ctx, text)
	case r.trigger != "":
		b.tellInModal(ctx, r, p, err)
	}
	r.ack()
}

// tellInModal opens a modal that explains an error, where there is no message
// to answer in.
func (b *Bot) tellInModal(ctx context.Context, r *reply, p hiring.Person, cause error) {
	if _, err := r.open(ctx, b.toldError(ctx, p, cause)); err != nil {
		b.Log.Warn("refusal not shown", "err", err)
	}
}

// submissionError keeps the modal open with the errors under their fields. An
// error that belongs to no field of this view replaces the view where nothing
// would be lost by that, else it stands under the first field.
func (b *Bot) submissionError(s *submission, err error) any {
	fields := map[string]string{}
	for _, p := range problems(err) {
		if block := inputBlock(s.View, p.Field); block != "" {
			fields[block] = p.Text
		} else {
			fields[firstInput(s.View)] = p.Text
		}
	}
	var already *hiring.AlreadyDone
	switch {
	case len(fields) > 0 && fields[""] == "":
		return slack.NewErrorsViewSubmissionResponse(fields)
	case errors.As(err, &already), errors.Is(err, hiring.ErrNotAllowed):
		return slack.NewUpdateViewSubmissionResponse(told("Convene", b.explain(s.Person, err)))
	}
	text := b.explain(s.Person, err, "view", s.View.CallbackID, "user", s.Person.ID)
	if first := firstInput(s.View); first != "" {
		return slack.NewErrorsViewSubmissionResponse(map[string]string{first: text})
	}
	return slack.NewUpdateViewSubmissionResponse(told("Convene", text))
}

// inputBlock returns the block of the view whose id is the field's name; a
// block id may carry a version after "#".
func inputBlock(v *slack.View, field string) string {
	for _, bl := range v.Blocks.BlockSet {
		in, ok := bl.(*slack.InputBlock)
		if !ok {
			continue
		}
		if name, _, _ := strings.Cut(in.BlockID, "#"); name == field {
			return in.BlockID
		}
	}
	return ""
}

func firstInput(v *slack.View) string {
	for _, bl := range v.Blocks.BlockSet {
		if in, ok := bl.(*slack.InputBlock); ok {
			return in.BlockID
		}
	}
	return ""
}

// state flattens a view's state: block id (without its version) to its field.
func state(v *slack.View) map[string]input {
	out := map[string]input{}
	if v.State == nil {
		return out
	}
	for block, fields := range v.State.Values {
		name, _, _ := strings.Cut(block, "#")
		for _, f := range fields {
			out[name] = f
		}
	}
	return out
}

// chosen returns a button's value or a menu's choice.
func chosen(a *slack.BlockAction) string {
	switch {
	case a.Value != "":
		return a.Value
	case a.SelectedOption.Value != "":
		return a.SelectedOption.Value
	default:
		return a.SelectedUser
	}
}

// slackTime reads a Slack timestamp such as "1700000001.123456".
func slackTime(ts string) time.Time {
	var sec, micro int64
	if _, err := fmt.Sscanf(ts, "%d.%06d", &sec, &micro); err != nil {
		return time.Time{}
	}
	return time.Unix(sec, micro*1000).UTC()
}
