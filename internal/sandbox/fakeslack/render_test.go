package fakeslack_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/sandbox/fakeslack"
)

func TestMrkdwnAsAPersonReadsIt(t *testing.T) {
	chicago, err := time.LoadLocation("America/Chicago")
	must(t, err)
	r := fakeslack.Renderer{Zone: chicago, Now: time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC),
		User:    func(id string) string { return map[string]string{"U1": "Ana"}[id] },
		Channel: func(id string) string { return map[string]string{"C1": "hiring"}[id] }}
	for in, want := range map[string]string{
		"*bold* _it_ ~no~ `code`":                   "bold it no code",
		"*a* *b* *c*":                               "a b c",
		"snake_case_name and 2*3*4":                 "snake_case_name and 2*3*4",
		"<@U1> in <#C1|x>":                          "@Ana in #hiring",
		"<!here> <!channel>":                        "@here @channel",
		"<https://x.test/a|the kit>":                "the kit",
		"<https://x.test/a>":                        "https://x.test/a",
		"R&amp;D &lt;3":                             "R&D <3",
		"<!date^1795532400^{date_num} {time}|late>": "2026-11-24 9:00 AM",
		"<!date^1795532400^{date_short_pretty} at {time}|late>": "tomorrow at 9:00 AM",
		"<!date^1795532400^{date_long}|late>":                   "Tuesday, November 24th",
		"<!date^1695532400^{date}|late>":                        "September 24th, 2023",
		"<!date^1795532400^{date_moon}|late>":                   "late",
	} {
		if got := r.Mrkdwn(in); got != want {
			t.Errorf("%q reads %q, want %q", in, got, want)
		}
	}
}

func TestBlocksAsLines(t *testing.T) {
	var blocks []fakeslack.Block
	must(t, json.Unmarshal([]byte(`[
		{"type":"header","text":{"type":"plain_text","text":"*Monday*"}},
		{"type":"section","text":{"type":"mrkdwn","text":"*Jo* is next"},"fields":[{"type":"mrkdwn","text":"Mean\n4.5"}],
			"accessory":{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Open"}}},
		{"type":"divider"},
		{"type":"context","elements":[{"type":"mrkdwn","text":"by <@U1>"},{"type":"image","alt_text":"a face"}]},
		{"type":"actions","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Yes"}},{"type":"button","action_id":"b","text":{"type":"plain_text","text":"No"}}]},
		{"type":"rich_text","elements":[{"type":"rich_text_list","style":"ordered","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"one"}]},{"type":"rich_text_section","elements":[{"type":"date","timestamp":1795532400,"format":"{date_num}","fallback":"x"}]}]},
			{"type":"rich_text_quote","elements":[{"type":"text","text":"said"}]}]},
		{"type":"table","rows":[[{"type":"raw_text","text":"Who"},{"type":"raw_text","text":"Score"}],[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"Jo"}]}]},{"type":"raw_number","value":4}]]},
		{"type":"container","title":{"type":"plain_text","text":"More"},"child_blocks":[{"type":"section","text":{"type":"plain_text","text":"inside"}}]},
		{"type":"input","block_id":"i","optional":true,"label":{"type":"plain_text","text":"Note"},"hint":{"type":"plain_text","text":"Short."},"element":{"type":"plain_text_input","action_id":"v","initial_value":"hm"}}
	]`), &blocks))
	want := `*Monday*
Jo is next
Mean
4.5
[Open]
---
by @U1 (image: a face)
[Yes] [No]
1. one
2. 2026-11-24
> said
Who | Score
Jo | 4
More
inside
Note (optional): [hm]
  Short.`
	if got := fakeslack.RenderText(blocks, time.UTC); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAppFromManifest(t *testing.T) {
	manifest := `{"_metadata":{"major_version":2},"display_information":{"name":"Convene"},"features":{"app_home":{"home_tab_enabled":true,"messages_tab_enabled":true},
		"bot_user":{"display_name":"Convene"},"slash_commands":[{"command":"/decide","description":"Decide","should_escape":true}],
		"shortcuts":[{"name":"Add","type":"global","callback_id":"add","description":"Add one"}]},
		"oauth_config":{"scopes":{"bot":["chat:write"]}},"settings":{"event_subscriptions":{"bot_events":["message.im"]},"interactivity":{"is_enabled":true},"socket_mode_enabled":true}}`
	app, scopes, err := fakeslack.AppFromManifest([]byte(manifest))
	must(t, err)
	if app.Name != "Convene" || !app.SocketMode || !app.HomeTab || !app.Commands[0].ShouldEscape || app.Shortcuts[0].CallbackID != "add" || len(scopes) != 1 {
		t.Errorf("app: %+v", app)
	}
	for _, wrong := range []string{
		strings.Replace(manifest, `"/decide"`, `"decide"`, 1),
		strings.Replace(manifest, `"home_tab_enabled"`, `"home_tab"`, 1),
		strings.Replace(manifest, `"global"`, `"local"`, 1),
		strings.Replace(manifest, `"name":"Add"`, `"name":"`+strings.Repeat("x", 25)+`"`, 1),
	} {
		if _, _, err := fakeslack.AppFromManifest([]byte(wrong)); err == nil {
			t.Errorf("accepted: %s", wrong)
		}
	}
}

func TestAWorkspaceSurvivesARestart(t *testing.T) {
	w := newWorkspace(t)
	_, ts, err := w.api.PostMessage(w.ana.ID, slack.MsgOptionText("hi", false), slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "x", EventPayload: map[string]any{"k": "v"}}))
	must(t, err)
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewHeaderBlock(plain("Mine"))}}}
	_, err = w.api.PublishView(w.ana.ID, home, "")
	must(t, err)
	var kept bytes.Buffer
	must(t, w.Save(&kept))

	again := newWorkspace(t)
	must(t, again.Load(&kept))
	dm := again.DM(w.ana.ID)
	if len(dm) != 1 || dm[0].TS != ts || dm[0].Metadata.EventPayload["k"] != "v" {
		t.Errorf("messages: %+v", dm)
	}
	if v, ok := again.Home(w.ana.ID); !ok || again.ViewText(w.ana.ID, v) != "Mine" {
		t.Errorf("home: %+v", v)
	}
	_, later, err := again.api.PostMessage(w.ana.ID, slack.MsgOptionText("more", false))
	if err != nil || later <= ts {
		t.Errorf("ts %s after %s: %v", later, ts, err)
	}
}

func TestScheduledMessagesFollowTheProductClock(t *testing.T) {
	w := newWorkspace(t)
	at := func(d time.Duration) string { return json.Number(jsonInt(w.product.Now().Add(d).Unix())).String() }
	_, _, err := w.api.ScheduleMessage(w.ana.ID, at(time.Hour), slack.MsgOptionText("later", false))
	must(t, err)
	if _, _, err := w.api.ScheduleMessage(w.ana.ID, at(-time.Hour), slack.MsgOptionText("x", false)); code(err) != "time_in_past" {
		t.Errorf("past: %v", err)
	}
	if _, _, err := w.api.ScheduleMessage(w.ana.ID, at(121*24*time.Hour), slack.MsgOptionText("x", false)); code(err) != "time_too_far" {
		t.Errorf("far: %v", err)
	}
	if len(w.DM(w.ana.ID)) != 0 {
		t.Error("posted at once")
	}
	w.product.Move(61 * time.Minute)
	if dm := w.DM(w.ana.ID); len(dm) != 1 || dm[0].Text != "later" {
		t.Errorf("when its time has come: %+v", dm)
	}
}

func jsonInt(n int64) string { raw, _ := json.Marshal(n); return string(raw) }
