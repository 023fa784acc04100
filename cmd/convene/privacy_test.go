package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/internal/sandbox/fakeslack"
)

// canary is in every word that people type in TestWordsStayWords.
const canary = "Zq"

// leaks returns what must never be in a log and is: tokens, and the names,
// addresses and words of the people in the stories.
func leaks(logs string) []string {
	var out []string
	for _, secret := range []string{
		botToken, appToken, "xoxb-", "xapp-", "@example.com", "@asymmetric.example", "@elsewhere.example",
		"Nováková", "Ana ", "Lindqvist", "Oykhman", "Sebastian Gant", "Dana Reyes", "Rob Stranger",
		"Strong on triage", "Too few accounts", "three tiers", "12 accounts", canary,
	} {
		if strings.Contains(logs, secret) {
			out = append(out, secret)
		}
	}
	return out
}

// TestWordsStayWords takes candidates with hostile names from added to told, and
// types hostile words into every field on the way. Whatever the bot sends to
// Slack, as a message, a modal, an answer or a notification, holds them as plain
// words: nobody is called, nothing is linked, nothing is bold. People read them
// as they were typed, and no log tells any of it.
func TestWordsStayWords(t *testing.T) {
	t.Parallel()
	names := []string{
		"<!channel> & <!here> Zq", "<@U0MARK> *Zq* _it_ ~s~ `c`", "<https://evil.example|HR> Zq", "😀 Zq 👩‍👩‍👧 نور <#C0GENERAL>",
	}
	const words = "Zq <!channel> <@U0MARK> *bold* <https://evil.example|HR> https://evil.example/x &amp; \u202Egnirts\nnext line"
	server, err := listenSMTP()
	if err != nil {
		t.Fatal(err)
	}
	w, err := newWorld(t.TempDir(), time.Date(2026, 12, 2, 14, 0, 0, 0, time.UTC), "send", server.url())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.start(); err != nil {
		t.Fatal(err)
	}
	s := &story{world: w, seen: map[string]bool{}}
	t.Cleanup(func() { s.mailServer = server; s.end(t) })
	do := func(out string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	at := func(day, hour, minute int) {
		t.Helper()
		do("", w.jump(time.Date(2026, 12, day, hour+6, minute, 0, 0, time.UTC)))
	}
	do("", w.openRole())
	for i, name := range names {
		do(s.slashCmd([]string{"karly", "/candidate", "add"}))
		for label, value := range map[string]string{
			"Name": name, "E-mail": fmt.Sprintf("Zq%d@example.com", i), "Phone": words, "Arrangements asked for": words,
			"Link to the résumé": "https://files.example/Zq", "The candidate's time zone": "America/New_York",
		} {
			if label == "Phone" {
				value = "<tel:1|Zq>"
			}
			do(s.fillCmd([]string{"karly", label, value}))
		}
		do(s.submitCmd([]string{"karly"}))
		do(s.clickCmd([]string{"karly", "Find a time"}))
		do(s.fillCmd([]string{"karly", "When?", "0"}))
		if out := do(s.submitCmd([]string{"karly"})); !strings.Contains(out, "Booked: "+name) {
			t.Fatalf("%q is not booked:\n%s", name, out)
		}
		do(s.closeCmd([]string{"karly"}))
	}
	for _, command := range []string{"/candidate", "/schedule-round1", "/scorecard", "/decide", "/hiring"} {
		for _, typed := range []string{"", names[0], "Zq"} {
			do(s.slashCmd([]string{"karly", command, typed}))
			do(s.steps(karly, func(ctx context.Context) (fakeslack.Result, error) { return s.dismiss(ctx, karly) }))
		}
	}
	// Both sides of the first interview decline in Google Calendar, with words.
	coming, err := w.app.db.Coming(t.Context(), w.clock.Now())
	do("", err)
	for _, guest := range []string{"Zq0@example.com", "karly@asymmetric.example"} {
		do("", w.google.RSVP(guest, coming[0].EventID, "declined", words))
		at(2, 8, 20)
		do("", s.settle())
	}
	if out := do(s.dmCmd([]string{"karly"})); !strings.Contains(out, "wrote: “Zq <!channel> <@U0MARK>") {
		t.Errorf("Karly doesn't read what was written with the answers:\n%s", out)
	}
	// Somebody clicks what names the candidate in an answer beside the message.
	do(s.pressCmd([]string{"karly", "channel", "Cancel interview"}))
	do(s.steps(karly, s.fills(karly, "Why?", words), s.submits(karly)))
	do(s.closeCmd([]string{"karly"}))
	at(5, 12, 0)
	for _, name := range names[:3] { // the fourth is cancelled
		if out := do(s.slashCmd([]string{"karly", "/scorecard"})); strings.Contains(out, "My scorecards") {
			do(s.steps(karly, func(ctx context.Context) (fakeslack.Result, error) {
				return s.slack.ClickNear(ctx, karly, fakeslack.Place{}, name, "Open scorecard")
			}))
		}
		for _, label := range []string{
			"Evidence: Communication Triage Judgment", "What they said: Candidate must be within reasonable driving distance of Madison (≤ ~1.5 hrs)",
			"Private note to the coordinator",
		} {
			do(s.fillCmd([]string{"karly", label, words}))
		}
		do(s.scoreCmd([]string{"karly"}))
		do(s.closeCmd([]string{"karly"}))
	}
	at(7, 16, 1)
	summary := func(label string) func(context.Context) (fakeslack.Result, error) {
		return func(ctx context.Context) (fakeslack.Result, error) {
			list, err := w.slack.In(mark, channelAC)
			if err != nil {
				return fakeslack.Result{}, err
			}
			newest := list[len(list)-1]
			return w.slack.ClickNear(ctx, mark, fakeslack.InMessage(newest.Channel, newest.TS), names[0], label)
		}
	}
	do(s.steps(mark, summary("Evidence")))
	do(s.closeCmd([]string{"mark"}))
	server.fault("refuse")
	do(s.steps(mark, summary("Decide")))
	do(s.decideCmd([]string{"mark", "Decline", words}))
	do(s.steps(mark, s.fills(mark, "Subject", "Zq <!channel>"), s.fills(mark, "Text", words), s.submits(mark)))
	do(s.closeCmd([]string{"mark"}))
	at(7, 18, 0)
	for _, who := range []string{"karly", "mark", "dana"} {
		do(s.homeCmd([]string{who}))
	}

	read := do(s.channelCmd(nil)) + do(s.dmCmd([]string{"karly"}))
	for _, name := range names {
		if !strings.Contains(read, name) {
			t.Errorf("nobody reads %q as it was typed", name)
		}
	}
	inspected := 0
	for _, call := range w.slack.Calls() {
		inspected++
		inspect(t, call.Method, decoded(call.Args))
	}
	for _, ack := range s.acks {
		var tree any
		if err := json.Unmarshal(ack, &tree); err != nil {
			t.Fatalf("an acknowledgement is no JSON: %s", ack)
		}
		inspect(t, "acknowledgement", tree)
	}
	if inspected < 50 || len(s.acks) < 10 {
		t.Errorf("only %d calls and %d acknowledgements were looked at", inspected, len(s.acks))
	}
}

// decoded turns the arguments that hold JSON as a text into what they hold.
func decoded(args map[string]any) any {
	out := map[string]any{}
	for name, value := range args {
		out[name] = value
		if text, ok := value.(string); ok && (name == "blocks" || name == "view" || name == "metadata") {
			var tree any
			if json.Unmarshal([]byte(text), &tree) == nil {
				out[name] = tree
			}
		}
	}
	return out
}

// inspect fails the test for every place where somebody's words are markup.
func inspect(t testing.TB, where string, node any) {
	t.Helper()
	switch node := node.(type) {
	case []any:
		for _, v := range node {
			inspect(t, where, v)
		}
	case map[string]any:
		text, isText := node["text"].(string)
		switch kind := node["type"]; {
		case kind == "mrkdwn" || kind == "markdown":
			if strings.Contains(text, canary) {
				t.Errorf("%s: somebody's words are mrkdwn: %q", where, text)
			}
		case kind == "broadcast" || kind == "usergroup" || kind == "channel" && node["channel_id"] != nil && node["channel_id"] != channelAC: // the role's own may be named
			t.Errorf("%s: somebody is called: %v", where, node)
		case kind == "link" && strings.Contains(fmt.Sprint(node["url"]), "evil"):
			t.Errorf("%s: somebody's words are a link: %v", where, node)
		case kind == nil && isText && strings.ContainsAny(text, "<>"):
			// The text of a message or an answer, in which Slack reads markup.
			t.Errorf("%s: the text is not escaped: %q", where, text)
		}
		for _, v := range node {
			inspect(t, where, v)
		}
	case string:
		if strings.ContainsAny(node, "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u200B") {
			t.Errorf("%s: a character that hides or turns text around: %q", where, node)
		}
	}
}
