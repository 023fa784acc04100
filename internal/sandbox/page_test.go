package sandbox_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/sandbox"
	"convene/internal/sandbox/fakeslack"
)

func (w *world) page(path string) (string, *http.Response) {
	w.t.Helper()
	res, err := http.Get(w.url + path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(body), res
}

func TestPageShowsWhatAPersonSees(t *testing.T) {
	w := newWorld(t)
	html, res := w.page("/")
	if res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Content-Security-Policy"), "script-src 'self'") {
		t.Fatalf("/ answers %d with policy %q", res.StatusCode, res.Header.Get("Content-Security-Policy"))
	}
	for _, want := range []string{"#hiring-ac", "#general", "Karly Oykhman", "Wed 25 Nov 2026, 8:00:00 am", "To Monday 16:00", "Order tea", `data-words="/tea"`} {
		if !strings.Contains(html, want) {
			t.Errorf("/ lacks %q", want)
		}
	}
	if strings.Contains(html, "Otto") {
		t.Error("one can be somebody who is deactivated")
	}
	c := w.Company()
	for _, who := range []string{"tom", "gwen"} {
		if html, _ := w.page("/?as=" + who + "&at=" + c.Hiring); strings.Contains(html, "#hiring-ac") || !strings.Contains(html, "#general") {
			t.Errorf("%s sees #hiring-ac, or not #general", who)
		}
	}
	if html, _ := w.page("/?as=otto"); !strings.Contains(html, `selected>Karly Oykhman`) {
		t.Error("somebody deactivated is not sent to the first page")
	}
	for _, file := range []string{"page.js", "page.css", "icon.svg"} {
		if _, res := w.page("/static/" + file); res.StatusCode != http.StatusOK {
			t.Errorf("/static/%s: %d", file, res.StatusCode)
		}
	}
	if body, _ := w.page("/healthz"); body != "ok\n" {
		t.Errorf("/healthz says %q", body)
	}
}

func TestUnreadMarks(t *testing.T) {
	w := newWorld(t)
	api := slack.New(sandbox.BotToken, slack.OptionAPIURL(w.url+"/slack/api/"))
	c := w.Company()
	if _, _, err := api.PostMessage(c.Sebastian, slack.MsgOptionText("Tea is ready, <@"+c.Sebastian+">", false)); err != nil {
		t.Fatal(err)
	}
	if html, _ := w.page("/?as=karly"); !strings.Contains(html, "Sebastian Gant, panelist (1 new)") {
		t.Error("Karly doesn't see that Sebastian has news")
	}
	if html, _ := w.page("/?as=sebastian"); !strings.Contains(html, `class="unread"`) {
		t.Error("Sebastian doesn't see that he has news")
	}
	html, _ := w.page("/?as=sebastian&at=dm")
	if strings.Contains(html, `class="unread"`) || !strings.Contains(html, `Tea is ready, <span class="mention">@Sebastian Gant</span>`) {
		t.Error("the DM is not drawn, or stays unread before his eyes")
	}
	if html, _ := w.page("/?as=karly"); strings.Contains(html, "new)") {
		t.Error("what Sebastian has read is still new")
	}
}

func TestNamesAndWordsOfPeopleAreText(t *testing.T) {
	w := newWorld(t)
	const bad = `<script>alert("x")</script>`
	if err := w.Slack.UpdateUser(w.Company().Mark, func(u *fakeslack.User) { u.RealName = bad }); err != nil {
		t.Fatal(err)
	}
	w.act("say", fields{"as": "mark@asymmetric.example", "channel": "#hiring-ac", "text": bad + " <javascript:alert(1)|x>", "wait": "0s"})
	w.call("POST", "/sandbox/api/events", fields{"as": "karly", "summary": bad, "start": "2026-11-26T09:00"}, nil)
	for _, at := range []string{"", "&at=calendar", "&at=mail", "&at=" + bad} {
		html, _ := w.page("/?as=karly" + at)
		if strings.Contains(html, "<script>alert") || strings.Contains(html, `href="javascript`) {
			t.Errorf("%s lets it out", at)
		}
		if at != "&at=mail" && !strings.Contains(html, "&lt;script&gt;alert") {
			t.Errorf("%s doesn't show it as text", at)
		}
	}
}

func TestOtherSitesCannotAct(t *testing.T) {
	w := newWorld(t)
	req, err := http.NewRequest("POST", w.url+"/sandbox/api/say", bytes.NewReader([]byte(`{"as":"karly","text":"boo"}`)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "https://elsewhere.test")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("a page of another site got %d", res.StatusCode)
	}
}

// smtp sends one message with a bare client, and returns the server's last
// word.
func smtp(t *testing.T, address, message string) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	c := textproto.NewConn(conn)
	last := ""
	say := func(code int, line string) bool {
		if line != "" {
			if err := c.PrintfLine("%s", line); err != nil {
				t.Fatal(err)
			}
		}
		_, text, err := c.ReadResponse(code)
		last = text
		if err != nil {
			last = err.Error()
		}
		return err == nil
	}
	_ = say(220, "") && say(250, "EHLO here") && say(250, "MAIL FROM:<hiring@asymmetric.example> BODY=8BITMIME") &&
		say(250, "RCPT TO:<jordan@mail.example>") && say(354, "DATA") && say(250, message+"\r\n.") && say(221, "QUIT")
	return last
}

const message = "From: =?utf-8?q?Asymmetric_H=C3=ADring?= <hiring@asymmetric.example>\r\nTo: jordan@mail.example\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n" +
	"MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
	"Hello =E2=9C=93 <b>Jordan</b>\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>Hello</p>\r\n--x--"

func TestMailIsCaught(t *testing.T) {
	w := newWorld(t)
	var address string
	for _, s := range w.Settings() {
		if s.Name == "SMTP_URL" {
			address = strings.TrimPrefix(s.Value, "smtp://")
		}
	}
	if said := smtp(t, address, message); said != "bye" {
		t.Fatalf("the mail server said %q", said)
	}
	var got struct{ Sent []sandbox.Mail }
	w.call("GET", "/mail/?format=json", nil, &got)
	if len(got.Sent) != 1 {
		t.Fatalf("%d mails were caught", len(got.Sent))
	}
	m := got.Sent[0]
	if m.Subject != "Grüße" || !strings.HasPrefix(m.Text, "Hello ✓ <b>Jordan</b>") || m.To[0] != "jordan@mail.example" || !m.At.Equal(start) || !strings.Contains(m.From, "Asymmetric Híring") {
		t.Errorf("the mail is %+v", m)
	}
	if html, _ := w.page("/mail/"); !strings.Contains(html, "Hello ✓ &lt;b&gt;Jordan&lt;/b&gt;") {
		t.Error("/mail/ doesn't show it")
	}
	for action, says := range map[string]string{"refuse": "554", "busy": "451", "drop_after": "EOF"} {
		w.call("POST", "/sandbox/api/faults", fields{"service": "mail", "action": action}, nil)
		if said := smtp(t, address, message); !strings.Contains(said, says) {
			t.Errorf("told to %s, the mail server said %q", action, said)
		}
	}
	w.call("GET", "/sandbox/api/mails?to=jordan@mail.example", nil, &got)
	if len(got.Sent) != 2 {
		t.Errorf("%d mails were caught, want the first and the one whose answer was lost", len(got.Sent))
	}
}

func TestFaultsAndLedger(t *testing.T) {
	w := newWorld(t)
	api := slack.New(sandbox.BotToken, slack.OptionAPIURL(w.url+"/slack/api/"))
	c := w.Company()
	w.call("POST", "/sandbox/api/faults", fields{"service": "slack", "method": "chat.postMessage", "error": "fatal_error"}, nil)
	w.call("POST", "/sandbox/api/faults", fields{"service": "slack", "method": "chat.postMessage", "lost": "after"}, nil)
	w.call("POST", "/sandbox/api/faults", fields{"service": "google", "method": "events.list", "status": 503, "times": 1}, nil)
	for i, works := range []bool{false, false, true} {
		_, _, err := api.PostMessage(c.Hiring, slack.MsgOptionText(fmt.Sprint("try ", i), false))
		if works != (err == nil) {
			t.Errorf("try %d: %v", i, err)
		}
	}
	for i, status := range []int{503, 200} {
		if _, res := w.page("/google/calendar/v3/calendars/primary/events"); res.StatusCode != status {
			t.Errorf("try %d of events.list: %d, want %d", i, res.StatusCode, status)
		}
	}
	var ledger struct {
		Slack struct {
			Messages []struct{ Text, To, From string }
			Calls    map[string]int
		}
		Google struct{ Calls map[string]int }
	}
	w.call("GET", "/sandbox/api/ledger", nil, &ledger)
	var said []string
	for _, m := range ledger.Slack.Messages {
		said = append(said, m.From+" in "+m.To+": "+m.Text)
	}
	if got := strings.Join(said, "; "); got != "Tea in #hiring-ac: try 1; Tea in #hiring-ac: try 2" {
		t.Errorf("the ledger holds %s", got)
	}
	if ledger.Slack.Calls["chat.postMessage"] != 3 || ledger.Google.Calls["events.list"] != 2 {
		t.Errorf("calls: %v, %v", ledger.Slack.Calls, ledger.Google.Calls)
	}
}

func TestPeopleAndChannelsChange(t *testing.T) {
	w := newWorld(t)
	w.call("POST", "/sandbox/api/people/sebastian", fields{"deactivated": true, "zone": "Europe/Paris"}, nil)
	w.call("POST", "/sandbox/api/channels/hiring-ac", fields{"invite": []string{"tom"}, "remove": []string{"dana"}, "shared": true}, nil)
	var people struct{ People []sandbox.Person }
	w.call("GET", "/sandbox/api/people", nil, &people)
	if p := people.People[1]; !p.Deactivated || p.Zone != "Europe/Paris" {
		t.Errorf("Sebastian is %+v", p)
	}
	var channels struct{ Channels []sandbox.Channel }
	w.call("GET", "/sandbox/api/channels", nil, &channels)
	c := w.Company()
	members := strings.Join(channels.Channels[1].Members, " ")
	if !strings.Contains(members, c.Tom) || strings.Contains(members, c.Dana) || !channels.Channels[1].Shared {
		t.Errorf("#hiring-ac is %+v", channels.Channels[1])
	}
}

// TestStreamTellsOfChanges reads the stream that the page listens to.
func TestStreamTellsOfChanges(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", w.url+"/sandbox/api/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	lines := textproto.NewConn(struct {
		io.Reader
		io.WriteCloser
	}{res.Body, nil})
	first, err := lines.ReadLine()
	if err != nil || !strings.HasPrefix(first, "data: ") {
		t.Fatalf("the stream begins %q (%v)", first, err)
	}
	w.act("say", fields{"as": "karly", "channel": "#general", "text": "Hi", "wait": "0s"})
	for {
		line, err := lines.ReadLine()
		if err != nil {
			t.Fatal(err)
		}
		if line != "" && line != first {
			return
		}
	}
}
