package fakeslack_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"convene/internal/sandbox/fakeslack"
)

// clock is a clock that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) Move(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

// workspace is a small company with the app installed.
type workspace struct {
	*fakeslack.Server
	t        *testing.T
	http     *httptest.Server
	api      *slack.Client
	product  *clock
	protocol *clock
	app      fakeslack.App
	ana, bob fakeslack.User
	hiring   fakeslack.Channel // private, with the bot
	general  fakeslack.Channel // public, without the bot
}

var allScopes = []string{"commands", "chat:write", "im:write", "im:history", "im:read", "users:read", "users:read.email", "files:write", "files:read",
	"channels:read", "channels:history", "groups:read", "groups:history", "team:read", "reactions:write", "dnd:read"}

func newWorkspace(t *testing.T) *workspace {
	t.Helper()
	w := &workspace{t: t, product: &clock{now: time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)}, protocol: &clock{now: time.Now()}}
	w.Server = fakeslack.New(fakeslack.Options{Now: w.product.Now, ProtocolNow: w.protocol.Now, Strict: true})
	w.http = httptest.NewServer(w.Handler())
	t.Cleanup(w.http.Close)
	t.Cleanup(w.Close)
	w.ana = w.PutUser(fakeslack.User{Name: "ana", RealName: "Ana Lima", Email: "ana@acme.test", TZ: "America/Chicago", IsAdmin: true})
	w.bob = w.PutUser(fakeslack.User{Name: "bob", RealName: "Bob Stone", Email: "bob@acme.test", TZ: "Europe/Paris"})
	w.app = w.SetApp(fakeslack.App{Name: "Convene", HomeTab: true, MessagesTab: true, SocketMode: true, Interactivity: true,
		Commands:  []fakeslack.Command{{Command: "/candidate"}, {Command: "/hiring", ShouldEscape: true}},
		Shortcuts: []fakeslack.Shortcut{{Type: "global", Name: "Add", CallbackID: "add"}, {Type: "message", Name: "Note", CallbackID: "note"}},
		BotEvents: []string{"app_home_opened", "message.im", "user_change"}})
	w.hiring = w.PutChannel(fakeslack.Channel{Name: "hiring", IsPrivate: true, Members: []string{w.ana.ID, w.bob.ID, w.app.BotUserID}})
	w.general = w.PutChannel(fakeslack.Channel{Name: "general", Members: []string{w.ana.ID, w.bob.ID}})
	w.PutToken(fakeslack.Token{Value: "xoxb-1", Kind: fakeslack.BotToken, Scopes: allScopes})
	w.PutToken(fakeslack.Token{Value: "xapp-1", Kind: fakeslack.AppToken, Scopes: []string{"connections:write"}})
	w.api = w.client("xoxb-1")
	return w
}

func (w *workspace) client(token string) *slack.Client {
	return slack.New(token, slack.OptionAPIURL(w.http.URL+"/slack/api/"), slack.OptionAppLevelToken("xapp-1"))
}

func (w *workspace) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	w.t.Cleanup(cancel)
	return ctx
}

// connect runs slack-go's Socket Mode client; each event goes to handle in a goroutine of its own.
func (w *workspace) connect(handle func(*socketmode.Client, socketmode.Event)) *socketmode.Client {
	w.t.Helper()
	before := len(w.Connections())
	sm := socketmode.New(w.api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = sm.RunContext(ctx) })
	running.Go(func() {
		for {
			select {
			case evt := <-sm.Events:
				running.Go(func() { handle(sm, evt) })
			case <-ctx.Done():
				return
			}
		}
	})
	w.t.Cleanup(func() { cancel(); running.Wait() })
	w.wait(func() bool { return len(w.Connections()) > before })
	return sm
}

func (w *workspace) wait(cond func() bool) {
	w.t.Helper()
	if err := w.WaitFor(w.ctx(), cond); err != nil {
		w.t.Fatalf("waited in vain: %v", err)
	}
}

// acks acknowledges everything, and hands interactions and commands to do.
func acks(do func(*socketmode.Client, socketmode.Event)) func(*socketmode.Client, socketmode.Event) {
	return func(sm *socketmode.Client, evt socketmode.Event) {
		if evt.Request == nil || evt.Request.EnvelopeID == "" {
			return
		}
		_ = sm.Ack(*evt.Request)
		if do != nil {
			do(sm, evt)
		}
	}
}

func (w *workspace) noViolations() {
	w.t.Helper()
	if v := w.Violations(); len(v) > 0 {
		w.t.Errorf("protocol mistakes: %v", v)
	}
}

// code is the Slack error code of an error.
func code(err error) string {
	var e slack.SlackErrorResponse
	if errors.As(err, &e) {
		return e.Err
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func plain(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject("plain_text", s, true, false)
}

func mrkdwn(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject("mrkdwn", s, false, false)
}

func textInput(blockID, label string) *slack.InputBlock {
	return slack.NewInputBlock(blockID, plain(label), nil, slack.NewPlainTextInputBlockElement(nil, "value"))
}

func modal(callback string, blocks ...slack.Block) slack.ModalViewRequest {
	return slack.ModalViewRequest{Type: slack.VTModal, CallbackID: callback, Title: plain("Candidate"), Submit: plain("Save"), Close: plain("Cancel"),
		Blocks: slack.Blocks{BlockSet: blocks}}
}

func button(actionID, label string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(actionID, "v", plain(label))
}

// A person types a command, gets a modal, is corrected, submits, and reads the answer in a DM whose button they press.
func TestFromCommandToButton(t *testing.T) {
	w := newWorkspace(t)
	var saved string
	w.connect(func(sm *socketmode.Client, evt socketmode.Event) {
		switch evt.Type {
		case socketmode.EventTypeSlashCommand:
			cmd := evt.Data.(slack.SlashCommand)
			_ = sm.Ack(*evt.Request)
			if cmd.Text != "add Jo" || cmd.ChannelName != "privategroup" || cmd.UserName != "ana" || cmd.IsEnterpriseInstall {
				t.Errorf("command: %+v", cmd)
			}
			_, err := sm.OpenView(cmd.TriggerID, modal("candidate", textInput("name", "Name"),
				slack.NewInputBlock("mail", plain("E-mail"), nil, slack.NewEmailTextInputBlockElement(nil, "value"))))
			if err != nil {
				t.Error(err)
			}
		case socketmode.EventTypeInteractive:
			ic := evt.Data.(slack.InteractionCallback)
			switch ic.Type {
			case slack.InteractionTypeViewSubmission:
				name := ic.View.State.Values["name"]["value"].Value
				if name == "Nobody" {
					_ = sm.Ack(*evt.Request, slack.NewErrorsViewSubmissionResponse(map[string]string{"name": "Say who."}))
					return
				}
				saved = name + " " + ic.View.State.Values["mail"]["value"].Value
				_, _, err := sm.PostMessage(ic.User.ID, slack.MsgOptionText("Added.", false), slack.MsgOptionBlocks(
					slack.NewSectionBlock(mrkdwn("*Added* "+name), nil, nil), slack.NewActionBlock("acts", button("undo", "Undo"))))
				if err != nil {
					t.Error(err)
				}
				_ = sm.Ack(*evt.Request)
			case slack.InteractionTypeBlockActions:
				_ = sm.Ack(*evt.Request)
				_, _, _, err := sm.UpdateMessage(ic.Channel.ID, ic.Message.Timestamp, slack.MsgOptionText("Undone.", false), slack.MsgOptionBlocks())
				if err != nil {
					t.Error(err)
				}
			}
		case socketmode.EventTypeEventsAPI:
			_ = sm.Ack(*evt.Request)
		}
	})
	ctx := w.ctx()
	r, err := w.Slash(ctx, w.ana.ID, w.hiring.ID, "/candidate", "add Jo")
	must(t, err)
	if !r.Acked {
		t.Fatalf("not acknowledged: %+v", r)
	}
	v, err := w.AwaitView(ctx, r)
	must(t, err)
	if v.CallbackID != "candidate" || w.ViewText(w.ana.ID, v) != "Candidate\nName: [ ]\nE-mail: [ ]\n[Cancel] [Save]" {
		t.Errorf("modal: %q", w.ViewText(w.ana.ID, v))
	}

	r, err = w.Submit(ctx, w.ana.ID)
	must(t, err)
	if r.Sent || r.Errors["name"] != fakeslack.RequiredField || r.Errors["mail"] != fakeslack.RequiredField {
		t.Errorf("empty fields: %+v", r)
	}
	fill := func(label, text string) {
		t.Helper()
		r, err := w.Fill(ctx, w.ana.ID, fakeslack.Place{}, label, text)
		must(t, err)
		if r.Sent {
			t.Error("typing told the app")
		}
	}
	fill("Name", "Nobody")
	fill("E-mail", "jo at test")
	r, err = w.Submit(ctx, w.ana.ID)
	must(t, err)
	if r.Sent || r.Errors["mail"] == "" || r.Errors["name"] != "" {
		t.Errorf("malformed address: %+v", r)
	}
	fill("E-mail", "jo@test.example")
	r, err = w.Submit(ctx, w.ana.ID)
	must(t, err)
	top, open := w.TopModal(w.ana.ID)
	if r.Errors["name"] != "Say who." || !open || top.Errors["name"] != "Say who." {
		t.Errorf("the app's error: %+v", r)
	}
	fill("Name", "Jo")
	r, err = w.Submit(ctx, w.ana.ID)
	must(t, err)
	if _, open := w.TopModal(w.ana.ID); !r.Acked || open || saved != "Jo jo@test.example" {
		t.Errorf("after submit: %+v, saved %q", r, saved)
	}

	dm := w.DM(w.ana.ID)
	if len(dm) != 1 || w.MessageText(w.ana.ID, dm[0]) != "Added Jo\n[Undo]" {
		t.Fatalf("DM: %+v", dm)
	}
	_, err = w.ClickLabel(ctx, w.ana.ID, fakeslack.InMessage(dm[0].Channel, dm[0].TS), "Undo")
	must(t, err)
	w.wait(func() bool { return w.DM(w.ana.ID)[0].EditedTS != "" })
	if got := w.MessageText(w.ana.ID, w.DM(w.ana.ID)[0]); got != "Undone." {
		t.Errorf("edited: %q", got)
	}
	if len(w.Posted()) != 1 || len(w.CallsOf("chat.postMessage")) != 1 {
		t.Error("the ledger does not have one message")
	}
	w.noViolations()
}

func TestEveryErrorOfAToken(t *testing.T) {
	w := newWorkspace(t)
	w.PutToken(fakeslack.Token{Value: "xoxb-revoked", Kind: fakeslack.BotToken, Revoked: true})
	w.PutToken(fakeslack.Token{Value: "xoxb-expired", Kind: fakeslack.BotToken, Expired: true})
	w.PutToken(fakeslack.Token{Value: "xoxb-poor", Kind: fakeslack.BotToken, Scopes: []string{"chat:write"}})
	for token, want := range map[string]string{"": "not_authed", "xoxb-no": "invalid_auth", "xoxb-revoked": "token_revoked",
		"xoxb-expired": "token_expired", "xapp-1": "not_allowed_token_type", "xoxb-poor": "missing_scope"} {
		_, err := w.client(token).GetUserInfo(w.ana.ID)
		if code(err) != want {
			t.Errorf("%s: %v, want %s", token, err, want)
		}
		var e slack.SlackErrorResponse
		if want == "missing_scope" && (!errors.As(err, &e) || e.Needed != "users:read" || e.Provided != "chat:write") {
			t.Errorf("missing scope: %+v", e)
		}
	}
	if _, _, err := slack.New("xoxb-1", slack.OptionAPIURL(w.http.URL+"/slack/api/"), slack.OptionAppLevelToken("xoxb-1")).StartSocketModeContext(w.ctx()); code(err) != "not_allowed_token_type" {
		t.Errorf("a bot token for a socket: %v", err)
	}
	must(t, w.UpdateToken("xoxb-1", func(x *fakeslack.Token) {
		x.Scopes = slices.DeleteFunc(x.Scopes, func(s string) bool { return s == "users:read.email" })
	}))
	u, err := w.api.GetUserInfo(w.ana.ID)
	must(t, err)
	if u.Profile.Email != "" || u.TZ != "America/Chicago" || u.TZOffset != -6*3600 || !u.IsAdmin {
		t.Errorf("user without the e-mail scope: %+v", u)
	}
	w.UpdateApp(func(a *fakeslack.App) { a.Uninstalled = true })
	if _, err := w.api.AuthTest(); code(err) != "account_inactive" {
		t.Errorf("uninstalled: %v", err)
	}
}

func TestWhereAMessageMayGo(t *testing.T) {
	w := newWorkspace(t)
	gone := w.PutUser(fakeslack.User{Name: "gone", Deleted: true})
	secret := w.PutChannel(fakeslack.Channel{Name: "board", IsPrivate: true, Members: []string{w.ana.ID}})
	old := w.PutChannel(fakeslack.Channel{Name: "old", IsArchived: true, Members: []string{w.app.BotUserID}})
	text := slack.MsgOptionText("hi", false)
	for _, c := range []struct {
		channel, want string
		opts          []slack.MsgOption
	}{
		{"C404", "channel_not_found", []slack.MsgOption{text}},
		{secret.ID, "channel_not_found", []slack.MsgOption{text}},
		{gone.ID, "channel_not_found", []slack.MsgOption{text}},
		{w.general.ID, "not_in_channel", []slack.MsgOption{text}},
		{old.ID, "is_archived", []slack.MsgOption{text}},
		{w.hiring.ID, "no_text", []slack.MsgOption{slack.MsgOptionText(" ", false)}},
		{w.hiring.ID, "thread_not_found", []slack.MsgOption{text, slack.MsgOptionTS("1.000001")}},
		{w.hiring.ID, "invalid_metadata_schema", []slack.MsgOption{text, slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "Bad Name", EventPayload: map[string]any{}})}},
		{w.hiring.ID, "metadata_too_large", []slack.MsgOption{text, slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "x", EventPayload: map[string]any{"k": strings.Repeat("x", 9000)}})}},
		{w.hiring.ID, "invalid_blocks", []slack.MsgOption{text, slack.MsgOptionBlocks(slack.NewHeaderBlock(plain(strings.Repeat("x", 151))))}},
		{w.hiring.ID, "missing_scope", []slack.MsgOption{text, slack.MsgOptionUsername("Boss")}},
		{w.hiring.ID, "", []slack.MsgOption{text}},
		{w.ana.ID, "", []slack.MsgOption{text}},
	} {
		ch, ts, err := w.api.PostMessage(c.channel, c.opts...)
		if code(err) != c.want {
			t.Errorf("%s: %v, want %q", c.channel, err, c.want)
		}
		if err == nil && (ts == "" || (c.channel == w.ana.ID && ch[0] != 'D')) {
			t.Errorf("posted to %s at %s", ch, ts)
		}
	}
	_, _, err := w.api.PostMessage(w.hiring.ID, slack.MsgOptionBlocks(slack.NewHeaderBlock(plain(strings.Repeat("x", 151)))))
	var e slack.SlackErrorResponse
	if !errors.As(err, &e) || len(e.Errors) != 1 || e.ResponseMetadata.Messages[0] != "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]" {
		t.Errorf("details of invalid_blocks: %+v", e)
	}
	if _, _, _, err := w.api.OpenConversation(&slack.OpenConversationParameters{Users: []string{gone.ID}}); code(err) != "user_disabled" {
		t.Errorf("a deactivated person: %v", err)
	}
	w.UpdateApp(func(a *fakeslack.App) { a.MessagesTab = false })
	if _, _, err := w.api.PostMessage(w.bob.ID, text); code(err) != "messages_tab_disabled" {
		t.Errorf("messages tab off: %v", err)
	}
}

func TestChangingMessages(t *testing.T) {
	w := newWorkspace(t)
	ch, ts, err := w.api.PostMessage(w.hiring.ID, slack.MsgOptionText("one", false),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "ask", EventPayload: map[string]any{"key": "k1"}}))
	must(t, err)
	said, err := w.Say(w.ctx(), w.ana.ID, w.hiring.ID, "mine", "")
	must(t, err)
	for _, c := range []struct {
		channel, ts, want string
		opt               slack.MsgOption
	}{
		{ch, "1.000001", "message_not_found", slack.MsgOptionText("x", false)},
		{ch, said.Message.TS, "cant_update_message", slack.MsgOptionText("x", false)},
		{w.ana.ID, ts, "channel_not_found", slack.MsgOptionText("x", false)},
		{ch, ts, "msg_too_long", slack.MsgOptionText(strings.Repeat("x", 4001), false)},
		{ch, ts, "", slack.MsgOptionText("two", false)},
	} {
		if _, _, _, err := w.api.UpdateMessage(c.channel, c.ts, c.opt); code(err) != c.want {
			t.Errorf("update: %v, want %q", err, c.want)
		}
	}
	history := func(all bool) []slack.Message {
		t.Helper()
		h, err := w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: ch, IncludeAllMetadata: all})
		must(t, err)
		return h.Messages
	}
	got := history(false)
	if len(got) != 2 || got[1].Text != "two" || got[1].Metadata.EventType != "ask" || len(got[1].Metadata.EventPayload) != 0 || got[1].BotID != w.app.BotID || got[1].Edited == nil {
		t.Errorf("history without metadata: %+v", got)
	}
	if got := history(true); got[1].Metadata.EventPayload["key"] != "k1" {
		t.Errorf("history with metadata: %+v", got[1].Metadata)
	}
	_, reply, err := w.api.PostMessage(ch, slack.MsgOptionText("reply", false), slack.MsgOptionTS(ts))
	must(t, err)
	if got := history(false); len(got) != 2 || got[1].ReplyCount != 1 {
		t.Errorf("a reply shows in history: %+v", got)
	}
	if _, _, err := w.api.PostMessage(ch, slack.MsgOptionText("x", false), slack.MsgOptionTS(reply)); code(err) != "cannot_reply_to_message" {
		t.Errorf("a reply to a reply: %v", err)
	}
	replies, _, _, err := w.api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: ch, Timestamp: ts})
	must(t, err)
	if len(replies) != 2 || replies[1].Text != "reply" {
		t.Errorf("replies: %+v", replies)
	}
	if _, _, err := w.api.DeleteMessage(ch, said.Message.TS); code(err) != "cant_delete_message" {
		t.Errorf("deleting another's: %v", err)
	}
	_, _, err = w.api.DeleteMessage(ch, reply)
	must(t, err)
	_, _, err = w.api.DeleteMessage(ch, ts)
	must(t, err)
	if got := history(false); len(got) != 1 {
		t.Errorf("after deleting: %+v", got)
	}
	link, err := w.api.GetPermalink(&slack.PermalinkParameters{Channel: ch, Ts: said.Message.TS})
	if err != nil || !strings.HasPrefix(link, "https://acme.slack.com/archives/") {
		t.Errorf("permalink: %s %v", link, err)
	}
	w.noViolations()
}

func TestHistoryNeedsItsScopeAndPagesThrough(t *testing.T) {
	w := newWorkspace(t)
	for range 5 {
		_, _, err := w.api.PostMessage(w.hiring.ID, slack.MsgOptionText("x", false))
		must(t, err)
	}
	all := w.CallsOf("chat.postMessage")
	if len(all) != 5 {
		t.Fatal(len(all))
	}
	var seen []string
	params := &slack.GetConversationHistoryParameters{ChannelID: w.hiring.ID, Limit: 2}
	for {
		h, err := w.api.GetConversationHistory(params)
		must(t, err)
		for _, m := range h.Messages {
			seen = append(seen, m.Timestamp)
		}
		if !h.HasMore {
			break
		}
		params.Cursor = h.ResponseMetaData.NextCursor
	}
	if len(seen) != 5 || !slices.IsSortedFunc(seen, func(a, b string) int { return strings.Compare(b, a) }) || len(slices.Compact(slices.Clone(seen))) != 5 {
		t.Errorf("pages: %v", seen)
	}
	h, err := w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: w.hiring.ID, Oldest: seen[2]})
	must(t, err)
	if len(h.Messages) != 2 {
		t.Errorf("after oldest: %d", len(h.Messages))
	}
	params.Cursor = "nonsense"
	if _, err := w.api.GetConversationHistory(params); code(err) != "invalid_cursor" {
		t.Errorf("cursor: %v", err)
	}
	must(t, w.UpdateToken("xoxb-1", func(x *fakeslack.Token) {
		x.Scopes = slices.DeleteFunc(x.Scopes, func(s string) bool { return s == "groups:history" })
	}))
	params.Cursor = ""
	var e slack.SlackErrorResponse
	if _, err := w.api.GetConversationHistory(params); !errors.As(err, &e) || e.Err != "missing_scope" || e.Needed != "groups:history" {
		t.Errorf("without the scope: %v", err)
	}
	if _, err := w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: w.general.ID}); code(err) != "not_in_channel" {
		t.Errorf("not a member: %v", err)
	}
}

func TestPeopleAndChannels(t *testing.T) {
	w := newWorkspace(t)
	users, err := w.api.GetUsers()
	must(t, err)
	if len(users) != 3 {
		t.Errorf("users: %+v", users)
	}
	u, err := w.api.GetUserByEmail("BOB@acme.test")
	if err != nil || u.ID != w.bob.ID {
		t.Errorf("by e-mail: %v %v", u, err)
	}
	must(t, w.UpdateUser(w.bob.ID, func(u *fakeslack.User) { u.Deleted = true }))
	if _, err := w.api.GetUserByEmail("bob@acme.test"); code(err) != "users_not_found" {
		t.Errorf("deactivated by e-mail: %v", err)
	}
	if u, err := w.api.GetUserInfo(w.bob.ID); err != nil || !u.Deleted || u.TZ != "" {
		t.Errorf("deactivated: %+v %v", u, err)
	}
	if _, err := w.api.GetUserInfo("U404"); code(err) != "user_not_found" {
		t.Errorf("unknown: %v", err)
	}
	info, err := w.api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: w.hiring.ID, IncludeNumMembers: true})
	must(t, err)
	if !info.IsPrivate || !info.IsMember || info.NumMembers != 3 || info.IsExtShared {
		t.Errorf("info: %+v", info)
	}
	members, _, err := w.api.GetUsersInConversation(&slack.GetUsersInConversationParameters{ChannelID: w.hiring.ID})
	if err != nil || len(members) != 3 {
		t.Errorf("members: %v %v", members, err)
	}
	list, _, err := w.api.GetConversations(&slack.GetConversationsParameters{Types: []string{"public_channel", "private_channel"}})
	if err != nil || len(list) != 2 {
		t.Errorf("list: %v %v", list, err)
	}
	must(t, w.UpdateChannel(w.hiring.ID, func(c *fakeslack.Channel) {
		c.Members = slices.DeleteFunc(c.Members, func(id string) bool { return id == w.app.BotUserID })
	}))
	if _, err := w.api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: w.hiring.ID}); code(err) != "channel_not_found" {
		t.Errorf("a private channel that the bot left: %v", err)
	}
	mine, _, err := w.api.GetConversationsForUser(&slack.GetConversationsForUserParameters{Types: []string{"private_channel"}})
	if err != nil || len(mine) != 0 {
		t.Errorf("the bot's channels: %v %v", mine, err)
	}
	team, err := w.api.GetTeamInfo()
	if err != nil || team.Name != "Acme" {
		t.Errorf("team: %v %v", team, err)
	}
}

func TestStrictArguments(t *testing.T) {
	w := newWorkspace(t)
	call := func(method, contentType, body string) map[string]any {
		t.Helper()
		resp, err := w.http.Client().Post(w.http.URL+"/slack/api/"+method, contentType, strings.NewReader(body))
		must(t, err)
		defer resp.Body.Close()
		var out map[string]any
		must(t, json.NewDecoder(resp.Body).Decode(&out))
		return out
	}
	form := "application/x-www-form-urlencoded"
	for _, c := range []struct{ method, kind, body, want string }{
		{"chat.shout", form, "token=xoxb-1", "unknown_method"},
		{"users.info", form, "token=xoxb-1&user=U1&colour=red", "invalid_arg_name"},
		{"users.info", form, "token=xoxb-1", "invalid_arguments"},
		{"auth.test", "application/json", `{"token":"xoxb-1"}`, "not_authed"},
		{"auth.test", "text/plain", "token=xoxb-1", "invalid_post_type"},
		{"auth.test", form, "token=xoxb-1", ""},
		{"chat.postMessage", form, "token=xoxb-1&channel=" + w.hiring.ID + "&blocks=null", "invalid_blocks_format"},
		{"chat.postMessage", form, "token=xoxb-1&channel=" + w.hiring.ID + "&text=x&metadata=nope", "invalid_metadata_format"},
		{"chat.postMessage", form, "token=xoxb-1&channel=" + w.hiring.ID + "&text=x&markdown_text=y", "markdown_text_conflict"},
	} {
		got := call(c.method, c.kind, c.body)
		if code, _ := got["error"].(string); code != c.want {
			t.Errorf("%s %s: %v, want %q", c.method, c.body, got, c.want)
		}
	}
}

func TestHomeAndItsEvents(t *testing.T) {
	w := newWorkspace(t)
	opened := make(chan *slackevents.AppHomeOpenedEvent, 4)
	w.connect(acks(func(sm *socketmode.Client, evt socketmode.Event) {
		if e, ok := evt.Data.(slackevents.EventsAPIEvent); ok {
			if home, ok := e.InnerEvent.Data.(*slackevents.AppHomeOpenedEvent); ok {
				opened <- home
			}
		}
	}))
	r, err := w.OpenHome(w.ctx(), w.ana.ID)
	must(t, err)
	if e := <-opened; !r.Acked || e.User != w.ana.ID || e.Tab != "home" || e.Channel == "" {
		t.Errorf("event: %+v", e)
	}
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewHeaderBlock(plain("Mine"))}}}
	resp, err := w.api.PublishView(slack.PublishViewContextRequest{UserID: w.ana.ID, View: home}.UserID, home, "")
	must(t, err)
	stale := resp.Hash
	_, err = w.api.PublishViewContext(w.ctx(), slack.PublishViewContextRequest{UserID: w.ana.ID, View: home, Hash: &stale})
	must(t, err)
	if _, err := w.api.PublishViewContext(w.ctx(), slack.PublishViewContextRequest{UserID: w.ana.ID, View: home, Hash: &stale}); code(err) != "hash_conflict" {
		t.Errorf("stale hash: %v", err)
	}
	if v, ok := w.Home(w.ana.ID); !ok || w.ViewText(w.ana.ID, v) != "Mine" {
		t.Errorf("home: %+v", v)
	}
	home.Blocks = slack.Blocks{}
	if _, err := w.api.PublishView(w.ana.ID, home, ""); code(err) != "invalid_arguments" {
		t.Errorf("null blocks: %v", err)
	}
	w.UpdateApp(func(a *fakeslack.App) { a.HomeTab = false })
	home.Blocks.BlockSet = []slack.Block{slack.NewDividerBlock()}
	if _, err := w.api.PublishView(w.ana.ID, home, ""); code(err) != "not_enabled" {
		t.Errorf("home tab off: %v", err)
	}
	w.noViolations()
}

func TestFilesTravelInThreeSteps(t *testing.T) {
	w := newWorkspace(t)
	f, err := w.api.UploadFile(slack.UploadFileParameters{Filename: "notes.csv", FileSize: 5, Content: "a,b\n1", Channel: w.hiring.ID, Title: "Notes"})
	must(t, err)
	files := w.Files()
	if len(files) != 1 || string(files[0].Content) != "a,b\n1" || files[0].ID != f.ID || files[0].Channels[0] != w.hiring.ID {
		t.Errorf("files: %+v", files)
	}
	seen, err := w.In(w.bob.ID, "hiring")
	if err != nil || len(seen) != 1 || w.MessageText(w.bob.ID, seen[0]) != "(file: notes.csv)" {
		t.Errorf("message: %+v %v", seen, err)
	}
	must(t, w.api.DeleteFile(f.ID))
	if len(w.Files()) != 0 {
		t.Error("the file is still there")
	}
}

func TestSnapshotOfWhatAPersonSeesIsJSON(t *testing.T) {
	w := newWorkspace(t)
	_, _, err := w.api.PostMessage(w.ana.ID, slack.MsgOptionText("hi", false))
	must(t, err)
	screen, err := w.See(w.ana.ID)
	must(t, err)
	raw, err := json.Marshal(screen)
	must(t, err)
	if !strings.Contains(string(raw), `"text":"hi"`) || len(screen.Conversations) != 3 {
		t.Errorf("%s", raw)
	}
}
