package fakeslack_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"convene/internal/sandbox/fakeslack"
)

func asError[T error](err error, target *T) bool { return errors.As(err, target) }

// trigger gets a fresh trigger_id for ana.
func (w *workspace) trigger() string {
	w.t.Helper()
	r, err := w.Shortcut(w.ctx(), w.ana.ID, "add")
	must(w.t, err)
	return r.TriggerID
}

// open opens a modal for ana.
func (w *workspace) open(v slack.ModalViewRequest) *slack.ViewResponse {
	w.t.Helper()
	resp, err := w.api.OpenView(w.trigger(), v)
	must(w.t, err)
	return resp
}

func TestTriggersLiveThreeSecondsAndOnce(t *testing.T) {
	w := newWorkspace(t)
	w.connect(acks(nil))
	v := modal("x", textInput("b", "L"))
	id := w.trigger()
	w.protocol.Move(4 * time.Second)
	if _, err := w.api.OpenView(id, v); code(err) != "expired_trigger_id" {
		t.Errorf("late: %v", err)
	}
	id = w.trigger()
	if _, err := w.api.OpenView(id, slack.ModalViewRequest{Type: slack.VTModal, Blocks: v.Blocks}); code(err) != "invalid_arguments" {
		t.Errorf("without title: %v", err)
	}
	resp, err := w.api.OpenView(id, v)
	must(t, err)
	if resp.View.ID == "" || resp.View.Hash == "" || resp.View.RootViewID != resp.View.ID || resp.View.State == nil {
		t.Errorf("view: %+v", resp.View)
	}
	if _, err := w.api.OpenView(id, v); code(err) != "exchanged_trigger_id" {
		t.Errorf("twice: %v", err)
	}
	if _, err := w.api.OpenView("1.2.3", v); code(err) != "invalid_trigger_id" {
		t.Errorf("invented: %v", err)
	}
	w.noViolations()
}

func TestTheStackIsThreeDeep(t *testing.T) {
	w := newWorkspace(t)
	refused := make(chan error, 1)
	w.connect(acks(func(sm *socketmode.Client, evt socketmode.Event) {
		ic, ok := evt.Data.(slack.InteractionCallback)
		if !ok || ic.Type != slack.InteractionTypeBlockActions {
			return
		}
		next := modal(ic.ActionCallback.BlockActions[0].ActionID, slack.NewActionBlock("acts", button("more", "More")))
		if _, err := sm.PushView(ic.TriggerID, next); err != nil {
			refused <- err
		}
	}))
	id := w.trigger()
	if _, err := w.api.PushView(id, modal("x", slack.NewDividerBlock())); code(err) != "not_found" {
		t.Errorf("a push without a modal: %v", err)
	}
	w.open(modal("root", slack.NewActionBlock("acts", button("more", "More"))))
	for n := 2; n <= 3; n++ {
		_, err := w.ClickLabel(w.ctx(), w.ana.ID, fakeslack.Place{}, "More")
		must(t, err)
		w.wait(func() bool { return len(w.Modals(w.ana.ID)) == n })
	}
	_, err := w.ClickLabel(w.ctx(), w.ana.ID, fakeslack.Place{}, "More")
	must(t, err)
	if err := <-refused; code(err) != "push_limit_reached" {
		t.Errorf("the fourth: %v", err)
	}
	stack := w.Modals(w.ana.ID)
	if stack[2].PreviousViewID != stack[1].ID || stack[2].RootViewID != stack[0].ID {
		t.Errorf("stack: %+v", stack)
	}
	if _, err := w.ClickLabel(w.ctx(), w.ana.ID, fakeslack.InView(stack[0].ID), "More"); err == nil {
		t.Error("a view that is not on top could be used")
	}
	_, err = w.Cancel(w.ctx(), w.ana.ID)
	must(t, err)
	if top, _ := w.TopModal(w.ana.ID); top.ID != stack[1].ID {
		t.Error("the view below does not show")
	}
	_, err = w.Dismiss(w.ctx(), w.ana.ID)
	must(t, err)
	if len(w.Modals(w.ana.ID)) != 0 {
		t.Error("the X leaves modals open")
	}
}

func TestWhatIsTypedSurvivesAnUpdate(t *testing.T) {
	w := newWorkspace(t)
	w.connect(acks(nil))
	resp := w.open(modal("x", textInput("keep", "Keep"), textInput("lose", "Lose")))
	for _, label := range []string{"Keep", "Lose"} {
		_, err := w.Fill(w.ctx(), w.ana.ID, fakeslack.Place{}, label, "typed")
		must(t, err)
	}
	next := modal("x", textInput("keep", "Keep"), textInput("fresh", "Lose"))
	if _, err := w.api.UpdateView(next, "", "stale", resp.View.ID); code(err) != "hash_conflict" {
		t.Errorf("stale hash: %v", err)
	}
	_, err := w.api.UpdateView(next, "", resp.View.Hash, resp.View.ID)
	must(t, err)
	top, _ := w.TopModal(w.ana.ID)
	if top.Values["keep"]["value"]["value"] != "typed" || top.Values["fresh"]["value"]["value"] != nil || top.Hash == resp.View.Hash || top.Updates != 1 {
		t.Errorf("after the update: %+v", top)
	}
	_, err = w.Cancel(w.ctx(), w.ana.ID)
	must(t, err)
	if _, err := w.api.UpdateView(next, "", "", resp.View.ID); code(err) != "not_found" {
		t.Errorf("a closed view: %v", err)
	}
	next.ExternalID = "mine"
	w.open(next)
	if _, err := w.api.UpdateView(next, "mine", "", ""); err != nil {
		t.Errorf("by external_id: %v", err)
	}
	if _, err := w.api.OpenView(w.trigger(), next); code(err) != "duplicate_external_id" {
		t.Errorf("external_id twice: %v", err)
	}
	next.PrivateMetadata = strings.Repeat("x", 3001)
	_, err = w.api.UpdateView(next, "mine", "", "")
	var e slack.SlackErrorResponse
	if !errors.As(err, &e) || e.Err != "invalid_arguments" || e.ResponseMetadata.Messages[0] != "[ERROR] must be less than 3001 characters [json-pointer:/view/private_metadata]" {
		t.Errorf("too long: %+v", e)
	}
}

func TestTypingTellsTheAppWhenTheFieldAsks(t *testing.T) {
	w := newWorkspace(t)
	w.connect(acks(nil))
	field := func(id string, dispatch bool, on ...string) *slack.InputBlock {
		el := slack.NewPlainTextInputBlockElement(nil, "value")
		if len(on) > 0 {
			el.DispatchActionConfig = &slack.DispatchActionConfig{TriggerActionsOn: on}
		}
		return slack.NewInputBlock(id, plain(id), nil, el).WithDispatchAction(dispatch)
	}
	date := slack.NewInputBlock("day", plain("day"), nil, slack.NewDatePickerBlockElement("value")).WithDispatchAction(true)
	w.open(modal("x", field("silent", false, "on_character_entered"), field("typed", true, "on_character_entered"), field("entered", true), date))
	for _, c := range []struct {
		label, text  string
		typed, enter bool
	}{{"silent", "a", false, false}, {"typed", "a", true, false}, {"entered", "a", false, true}, {"day", "2026-11-23", true, false}} {
		r, err := w.Fill(w.ctx(), w.ana.ID, fakeslack.Place{}, c.label, c.text)
		must(t, err)
		if r.Sent != c.typed {
			t.Errorf("%s: told %v", c.label, r.Sent)
		}
		if c.label == "day" {
			continue
		}
		r, err = w.PressEnter(w.ctx(), w.ana.ID, fakeslack.Place{}, c.label)
		must(t, err)
		if r.Sent != c.enter {
			t.Errorf("%s: enter told %v", c.label, r.Sent)
		}
	}
	if _, err := w.Fill(w.ctx(), w.ana.ID, fakeslack.Place{}, "day", "tomorrow"); err == nil {
		t.Error("a date picker took a word")
	}
}

// Every kind of field: what a person chooses by name arrives as Slack sends it.
func TestEveryKindOfField(t *testing.T) {
	w := newWorkspace(t)
	values := make(chan map[string]map[string]slack.BlockAction, 1)
	w.connect(func(sm *socketmode.Client, evt socketmode.Event) {
		ic, ok := evt.Data.(slack.InteractionCallback)
		switch {
		case !ok:
			if evt.Request != nil && evt.Request.EnvelopeID != "" {
				_ = sm.Ack(*evt.Request)
			}
		case ic.Type == slack.InteractionTypeBlockSuggestion:
			_ = sm.Ack(*evt.Request, slack.OptionsResponse{Options: []*slack.OptionBlockObject{slack.NewOptionBlockObject("c1", plain(ic.Value+" Doe"), nil)}})
		case ic.Type == slack.InteractionTypeViewSubmission:
			_ = sm.Ack(*evt.Request)
			values <- ic.View.State.Values
		default:
			_ = sm.Ack(*evt.Request)
		}
	})
	a, b := slack.NewOptionBlockObject("a", plain("Apple"), nil), slack.NewOptionBlockObject("b", plain("Banana"), nil)
	input := func(id string, el slack.BlockElement) slack.Block { return slack.NewInputBlock(id, plain(id), nil, el) }
	most := 1
	capped := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, plain("who"), "v")
	capped.MaxSelectedItems = &most
	w.open(modal("x",
		input("fruit", slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("p"), "v", a, b)),
		input("radio", slack.NewRadioButtonsBlockElement("v", a, b)),
		input("boxes", slack.NewCheckboxGroupsBlockElement("v", a, b)),
		input("person", slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("p"), "v")),
		input("people", slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, plain("p"), "v")),
		input("one", capped),
		input("room", slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, plain("p"), "v")),
		input("search", slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain("p"), "v")),
		input("day", slack.NewDatePickerBlockElement("v")),
		input("time", slack.NewTimePickerBlockElement("v")),
		input("both", slack.NewDateTimePickerBlockElement("v")),
		input("rich", slack.NewRichTextInputBlockElement(plain("p"), "v")),
		input("number", slack.NewNumberInputBlockElement(nil, "v", false)),
		slack.NewInputBlock("none", plain("none"), nil, slack.NewPlainTextInputBlockElement(nil, "v")).WithOptional(true),
	))
	fill := func(label string, v ...string) error {
		_, err := w.Fill(w.ctx(), w.ana.ID, fakeslack.Place{}, label, v...)
		return err
	}
	must(t, fill("fruit", "banana"))
	must(t, fill("radio", "Apple"))
	must(t, fill("boxes", "Apple", "Banana"))
	must(t, fill("person", "Bob Stone"))
	must(t, fill("people", "@ana", w.bob.ID))
	must(t, fill("one", "bob"))
	must(t, fill("room", "#hiring"))
	must(t, fill("search", "Jane"))
	must(t, fill("day", "2026-11-23"))
	must(t, fill("time", "14:30"))
	must(t, fill("both", "2026-11-23 09:00"))
	must(t, fill("rich", "dear all"))
	must(t, fill("number", "7"))
	for label, v := range map[string][]string{"fruit": {"Cherry"}, "person": {"Zoe"}, "one": {"ana", "bob"}, "search": {"Ja"}, "nothing": {"x"}} {
		if fill(label, v...) == nil {
			t.Errorf("%s took %v", label, v)
		}
	}
	top, _ := w.TopModal(w.ana.ID)
	text := w.ViewText(w.ana.ID, top)
	for _, line := range []string{"fruit: [Banana]", "  (•) Apple", "  [x] Banana", "person: [@Bob Stone]", "people: [@Ana Lima, @Bob Stone]", "room: [#hiring]",
		"search: [Jane Doe]", "day: [2026-11-23]", "both: [2026-11-23 09:00 CST]", "rich: [dear all]", "none (optional): [ ]"} {
		if !strings.Contains(text, line) {
			t.Errorf("no line %q in\n%s", line, text)
		}
	}
	_, err := w.Submit(w.ctx(), w.ana.ID)
	must(t, err)
	got := <-values
	if v := got["fruit"]["v"]; v.SelectedOption.Value != "b" {
		t.Errorf("select: %+v", v)
	}
	if v := got["boxes"]["v"]; len(v.SelectedOptions) != 2 {
		t.Errorf("checkboxes: %+v", v)
	}
	if v := got["people"]["v"]; len(v.SelectedUsers) != 2 || v.SelectedUsers[1] != w.bob.ID {
		t.Errorf("users: %+v", v)
	}
	if v := got["room"]["v"]; v.SelectedConversation != w.hiring.ID {
		t.Errorf("conversation: %+v", v)
	}
	if v := got["search"]["v"]; v.SelectedOption.Value != "c1" {
		t.Errorf("external: %+v", v)
	}
	if v := got["both"]["v"]; v.SelectedDateTime != time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC).Unix() {
		t.Errorf("date and time: %+v", v)
	}
	if v := got["none"]["v"]; v.Value != "" {
		t.Errorf("left empty: %+v", v)
	}
	w.noViolations()
}

func TestWhatTheAckOfASubmissionCanDo(t *testing.T) {
	w := newWorkspace(t)
	answers := make(chan any, 1)
	closed := make(chan slack.InteractionCallback, 1)
	w.connect(func(sm *socketmode.Client, evt socketmode.Event) {
		ic, ok := evt.Data.(slack.InteractionCallback)
		switch {
		case ok && ic.Type == slack.InteractionTypeViewSubmission:
			if a := <-answers; a != nil {
				_ = sm.Ack(*evt.Request, a)
			} else {
				_ = sm.Ack(*evt.Request)
			}
		case ok && ic.Type == slack.InteractionTypeViewClosed:
			_ = sm.Ack(*evt.Request)
			closed <- ic
		case evt.Request != nil && evt.Request.EnvelopeID != "":
			_ = sm.Ack(*evt.Request)
		}
	})
	optional := textInput("b", "L").WithOptional(true)
	start := func() slack.ModalViewRequest {
		v := modal("first", optional)
		v.NotifyOnClose = true
		return v
	}
	submit := func(answer any) fakeslack.Result {
		t.Helper()
		answers <- answer
		r, err := w.Submit(w.ctx(), w.ana.ID)
		must(t, err)
		return r
	}
	second := modal("second", optional)
	broken := modal("broken", optional)
	broken.Title = plain(strings.Repeat("x", 25))

	w.open(start())
	r := submit(slack.NewPushViewSubmissionResponse(&second))
	if stack := w.Modals(w.ana.ID); len(stack) != 2 || r.OpenedView != stack[1].ID {
		t.Errorf("push: %+v", r)
	}
	submit(slack.NewUpdateViewSubmissionResponse(&second))
	if top, _ := w.TopModal(w.ana.ID); top.Updates != 1 {
		t.Errorf("update: %+v", top)
	}
	submit(slack.NewClearViewSubmissionResponse())
	if len(w.Modals(w.ana.ID)) != 0 {
		t.Error("clear leaves modals open")
	}
	w.noViolations()

	for _, wrong := range []any{
		slack.NewErrorsViewSubmissionResponse(map[string]string{"nope": "x"}),
		slack.NewUpdateViewSubmissionResponse(&broken),
		map[string]any{"text": "thanks"},
		map[string]any{"response_action": "explode"},
	} {
		w.open(start())
		r := submit(wrong)
		if top, open := w.TopModal(w.ana.ID); r.Failure != fakeslack.TroubleConnecting || !open || top.Notice != fakeslack.TroubleConnecting {
			t.Errorf("%v: %+v", wrong, r)
		}
	}
	if n := len(w.Violations()); n != 4 {
		t.Errorf("%d mistakes noticed, want 4: %v", n, w.Violations())
	}

	w.open(start())
	_, err := w.Fill(w.ctx(), w.ana.ID, fakeslack.Place{}, "L", "typed")
	must(t, err)
	_, err = w.Cancel(w.ctx(), w.ana.ID)
	must(t, err)
	if ic := <-closed; ic.IsCleared || ic.View.CallbackID != "first" || len(ic.View.State.Values) != 0 {
		t.Errorf("view_closed: %+v", ic.View.State)
	}
}

func TestASubmissionWithoutAnAckKeepsTheText(t *testing.T) {
	w := newWorkspace(t)
	w.connect(func(sm *socketmode.Client, evt socketmode.Event) {
		if ic, ok := evt.Data.(slack.InteractionCallback); ok && ic.Type == slack.InteractionTypeShortcut {
			_ = sm.Ack(*evt.Request)
		}
	})
	w.open(modal("x", textInput("b", "L")))
	_, err := w.Fill(w.ctx(), w.ana.ID, fakeslack.Place{}, "L", "precious")
	must(t, err)
	done := make(chan fakeslack.Result, 1)
	go func() {
		r, err := w.Submit(w.ctx(), w.ana.ID)
		if err != nil {
			t.Error(err)
		}
		done <- r
	}()
	w.wait(func() bool { return w.Connections()[0].Delivered == 2 })
	w.protocol.Move(4 * time.Second)
	w.RunTimers()
	r := <-done
	top, open := w.TopModal(w.ana.ID)
	if r.Acked || !open || top.Notice != fakeslack.TroubleConnecting || top.Values["b"]["value"]["value"] != "precious" {
		t.Errorf("%+v, modal %+v", r, top)
	}
	w.violation("no_ack")
}

func TestResponseURLsAndEphemeralAnswers(t *testing.T) {
	w := newWorkspace(t)
	urls := make(chan string, 2)
	w.connect(func(sm *socketmode.Client, evt socketmode.Event) {
		switch data := evt.Data.(type) {
		case slack.SlashCommand:
			urls <- data.ResponseURL
			_ = sm.Ack(*evt.Request, map[string]any{"text": "Working on it."})
		case slack.InteractionCallback:
			urls <- data.ResponseURL
			_ = sm.Ack(*evt.Request)
		}
	})
	r, err := w.Slash(w.ctx(), w.ana.ID, "#general", "/hiring", "help @bob")
	must(t, err)
	if len(r.Shown) != 1 || r.Shown[0].Text != "Working on it." {
		t.Errorf("shown: %+v", r.Shown)
	}
	if seen, _ := w.In(w.bob.ID, "general"); len(seen) != 0 {
		t.Error("another person sees an ephemeral answer")
	}
	url := <-urls
	for range 5 {
		must(t, slack.PostWebhook(url, &slack.WebhookMessage{Text: "more"}))
	}
	if err := slack.PostWebhook(url, &slack.WebhookMessage{Text: "sixth"}); err == nil {
		t.Error("a sixth use")
	}
	_, ts, err := w.api.PostMessage(w.hiring.ID, slack.MsgOptionText("x", false), slack.MsgOptionBlocks(slack.NewActionBlock("a", button("go", "Go"))))
	must(t, err)
	_, err = w.ClickLabel(w.ctx(), w.ana.ID, fakeslack.InMessage(w.hiring.ID, ts), "Go")
	must(t, err)
	url = <-urls
	must(t, slack.PostWebhook(url, &slack.WebhookMessage{Text: "done", ReplaceOriginal: true}))
	if seen, _ := w.In(w.bob.ID, "hiring"); seen[0].Text != "done" {
		t.Errorf("replaced: %+v", seen)
	}
	w.protocol.Move(31 * time.Minute)
	if err := slack.PostWebhook(url, &slack.WebhookMessage{Text: "late"}); err == nil {
		t.Error("after 30 minutes")
	}
	w.noViolations()
}

func TestMessagesOfPeopleReachTheApp(t *testing.T) {
	w := newWorkspace(t)
	said := make(chan *slackevents.MessageEvent, 8)
	w.connect(acks(func(sm *socketmode.Client, evt socketmode.Event) {
		if e, ok := evt.Data.(slackevents.EventsAPIEvent); ok {
			if m, ok := e.InnerEvent.Data.(*slackevents.MessageEvent); ok {
				said <- m
			}
		}
	}))
	r, err := w.Say(w.ctx(), w.ana.ID, "", "a < b & c", "")
	must(t, err)
	if m := <-said; !r.Acked || m.Text != "a &lt; b &amp; c" || m.ChannelType != "im" || m.User != w.ana.ID {
		t.Errorf("event: %+v", m)
	}
	_, err = w.Say(w.ctx(), w.ana.ID, "", "reply", r.Message.TS)
	must(t, err)
	if m := <-said; m.ThreadTimeStamp != r.Message.TS {
		t.Errorf("reply: %+v", m)
	}
	_, err = w.Edit(w.ctx(), w.ana.ID, r.Message.Channel, r.Message.TS, "changed")
	must(t, err)
	if m := <-said; m.SubType != "message_changed" || m.Message == nil || m.Message.Text != "changed" {
		t.Errorf("edit: %+v", m)
	}
	_, err = w.Delete(w.ctx(), w.ana.ID, r.Message.Channel, r.Message.TS)
	must(t, err)
	if m := <-said; m.SubType != "message_deleted" {
		t.Errorf("delete: %+v", m)
	}
	if _, err := w.Say(w.ctx(), w.ana.ID, w.hiring.ID, "not asked for", ""); err != nil {
		t.Error(err)
	}
	must(t, w.UpdateUser(w.ana.ID, func(u *fakeslack.User) { u.Deleted = true }))
	if _, err := w.Say(w.ctx(), w.ana.ID, "", "hello?", ""); err == nil {
		t.Error("a deactivated person wrote")
	}
	if len(said) != 0 {
		t.Errorf("an event that was not asked for: %+v", <-said)
	}
}

func TestPressingButtonsAmongMany(t *testing.T) {
	w := newWorkspace(t)
	clicked := make(chan *slack.BlockAction, 1)
	w.connect(acks(func(sm *socketmode.Client, evt socketmode.Event) {
		if ic, ok := evt.Data.(slack.InteractionCallback); ok && ic.Type == slack.InteractionTypeBlockActions {
			clicked <- ic.ActionCallback.BlockActions[0]
		}
	}))
	row := func(name string) []slack.Block {
		return []slack.Block{slack.NewSectionBlock(mrkdwn("*"+name+"*"), nil, nil),
			slack.NewActionBlock(name, slack.NewButtonBlockElement("score", name, plain("Score now")))}
	}
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: append(row("Jo"), row("Sam")...)}}
	resp, err := w.api.PublishView(w.ana.ID, home, "")
	must(t, err)
	at := fakeslack.InView(resp.View.ID)
	if _, err := w.ClickLabel(w.ctx(), w.ana.ID, at, "Score now"); err == nil || !strings.Contains(err.Error(), "say near which text") {
		t.Errorf("two buttons of one name: %v", err)
	}
	_, err = w.ClickNear(w.ctx(), w.ana.ID, at, "Sam", "Score now")
	must(t, err)
	if a := <-clicked; a.Value != "Sam" || a.BlockID != "Sam" {
		t.Errorf("clicked %+v", a)
	}
	_, err = w.Click(w.ctx(), w.ana.ID, at, "Jo", "score")
	must(t, err)
	if a := <-clicked; a.Value != "Jo" {
		t.Errorf("clicked %+v", a)
	}
	if _, err := w.ClickLabel(w.ctx(), w.ana.ID, at, "Decide"); err == nil || !strings.Contains(err.Error(), "Score now") {
		t.Errorf("the error does not say what there is: %v", err)
	}
}
