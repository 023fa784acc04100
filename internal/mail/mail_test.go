package mail

import (
	"context"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/outbox"
)

const from = "Example Hiring <hiring@example.com>"

var notice = Message{
	To:        "ann@candidate.test",
	ToName:    "Ann Élan",
	Subject:   "Your application: next step – Tuesday",
	Text:      "Hello Ann,\n\n.we would like to go on.\n\nThe team\n",
	HTML:      "<p>Hello Ann,</p><p>we would like to go on.</p>",
	MessageID: "notice-42@example.com",
	Date:      time.Date(2026, 11, 23, 22, 30, 0, 0, time.UTC),
}

func TestNoticeArrivesOnceAsWritten(t *testing.T) {
	server := startServer(t, &smtpServer{})
	if err := newSender(t, "smtp://"+server.address()).Send(t.Context(), notice); err != nil {
		t.Fatal(err)
	}
	taken := server.messages()
	if len(taken) != 1 {
		t.Fatalf("the server took %d messages, want 1", len(taken))
	}
	if want := []string{"MAIL FROM:<hiring@example.com> BODY=8BITMIME", "RCPT TO:<ann@candidate.test>"}; !slices.Equal(server.envelope, want) {
		t.Errorf("envelope %q, want %q", server.envelope, want)
	}
	if server.greeted != "example.com" {
		t.Errorf("the server was greeted as %q: it should hear the From address's domain, not the machine's name", server.greeted)
	}

	message, err := netmail.ReadMessage(strings.NewReader(taken[0]))
	if err != nil {
		t.Fatal(err)
	}
	subject, _ := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if subject != notice.Subject {
		t.Errorf("subject %q, want %q", subject, notice.Subject)
	}
	if got := message.Header.Get("Message-Id"); got != "<notice-42@example.com>" {
		t.Errorf("message id %q", got)
	}
	if at, err := message.Header.Date(); err != nil || !at.Equal(notice.Date) {
		t.Errorf("date %v (%v), want %v", at, err, notice.Date)
	}
	to, err := message.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Name != notice.ToName || to[0].Address != notice.To {
		t.Errorf("to %v (%v)", to, err)
	}
	if got := message.Header.Get("User-Agent") + message.Header.Get("X-Mailer"); got != "" {
		t.Errorf("the headers tell of the program that sent it: %q", got)
	}
	parts := readParts(t, message)
	if got := parts["text/plain"]; strings.ReplaceAll(got, "\r\n", "\n") != notice.Text {
		t.Errorf("text part %q, want %q", got, notice.Text)
	}
	if got := parts["text/html"]; got != notice.HTML {
		t.Errorf("HTML part %q, want %q", got, notice.HTML)
	}
}

func TestNoticeWithoutHTMLHasOnePart(t *testing.T) {
	server := startServer(t, &smtpServer{})
	plain := notice
	plain.HTML = ""
	if err := newSender(t, "smtp://"+server.address()).Send(t.Context(), plain); err != nil {
		t.Fatal(err)
	}
	if got := server.messages()[0]; strings.Contains(got, "multipart") || !strings.Contains(got, "Content-Type: text/plain") {
		t.Errorf("want a plain message, got\n%s", got)
	}
}

// TestOutcomes says for every way in which a server can answer what is known
// of the message afterwards.
func TestOutcomes(t *testing.T) {
	type class = outbox.Class
	for _, c := range []struct {
		name    string
		answers map[string]string
		keeps   bool
		want    class
		taken   int
	}{
		{name: "busy at the greeting", answers: map[string]string{"greeting": "421 4.3.2 too busy"}, want: outbox.ClassLater},
		{name: "refuses to serve", answers: map[string]string{"greeting": "554 5.7.1 not you"}, want: outbox.ClassNever},
		{name: "hangs up at the greeting", answers: map[string]string{"greeting": "hang up"}, want: outbox.ClassLater},
		{name: "never greets", answers: map[string]string{"greeting": "silence"}, want: outbox.ClassLater},
		{name: "refuses the greeting", answers: map[string]string{"EHLO": "502 5.5.1 no", "HELO": "502 5.5.1 no"}, want: outbox.ClassNever},
		{name: "hangs up after the greeting", answers: map[string]string{"EHLO": "hang up"}, want: outbox.ClassLater},
		{name: "falls silent after the greeting", answers: map[string]string{"EHLO": "silence"}, want: outbox.ClassLater},
		{name: "falls silent at the sender", answers: map[string]string{"MAIL": "silence"}, want: outbox.ClassLater},
		{name: "falls silent at the recipient", answers: map[string]string{"RCPT": "silence"}, want: outbox.ClassLater},
		{name: "hangs up at the recipient", answers: map[string]string{"RCPT": "hang up"}, want: outbox.ClassLater},
		{name: "shuts down at the recipient", answers: map[string]string{"RCPT": "421 4.3.2 closing"}, want: outbox.ClassLater},
		{name: "hangs up at DATA", answers: map[string]string{"DATA": "hang up"}, want: outbox.ClassLater},
		{name: "refuses the sender for now", answers: map[string]string{"MAIL": "451 4.3.0 try later"}, want: outbox.ClassLater},
		{name: "refuses the sender", answers: map[string]string{"MAIL": "550 5.7.1 ann@candidate.test"}, want: outbox.ClassNever},
		{name: "hangs up at the sender", answers: map[string]string{"MAIL": "hang up"}, want: outbox.ClassLater},
		{name: "greylists the recipient", answers: map[string]string{"RCPT": "450 4.2.0 ann@candidate.test greylisted"}, want: outbox.ClassLater},
		{name: "knows no such recipient", answers: map[string]string{"RCPT": "550 5.1.1 ann@candidate.test unknown"}, want: outbox.ClassNever},
		{name: "refuses the data for now", answers: map[string]string{"DATA": "451 4.3.0 no space"}, want: outbox.ClassLater},
		{name: "refuses the data", answers: map[string]string{"DATA": "554 5.7.0 no"}, want: outbox.ClassNever},
		{name: "never answers to DATA", answers: map[string]string{"DATA": "silence"}, want: outbox.ClassLater},
		{name: "refuses the message for now", answers: map[string]string{"end": "452 4.3.1 full"}, want: outbox.ClassLater},
		{name: "refuses the message", answers: map[string]string{"end": "550 5.7.1 spam"}, want: outbox.ClassNever},
		{name: "takes it and dies", answers: map[string]string{"end": "hang up"}, keeps: true, want: outbox.ClassUnknown, taken: 1},
		{name: "dies without taking it", answers: map[string]string{"end": "hang up"}, want: outbox.ClassUnknown},
		{name: "takes it and falls silent", answers: map[string]string{"end": "silence"}, keeps: true, want: outbox.ClassUnknown, taken: 1},
		{name: "answers nonsense", answers: map[string]string{"end": "what?"}, keeps: true, want: outbox.ClassUnknown, taken: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := startServer(t, &smtpServer{answers: c.answers, keeps: c.keeps})
			err := newSender(t, "smtp://"+server.address()).Send(server.untilSilent(t), notice)
			if err == nil {
				t.Fatal("Send reports success")
			}
			if got := outbox.Classify(err).Class; got != c.want {
				t.Errorf("class %v, want %v: %v", got, c.want, err)
			}
			if got := len(server.messages()); got != c.taken {
				t.Errorf("the server took %d messages, want %d", got, c.taken)
			}
			if strings.Contains(err.Error(), "ann@") {
				t.Errorf("the error names the candidate: %v", err)
			}
		})
	}
}

func TestGoodbyeThatFailsChangesNothing(t *testing.T) {
	for _, answer := range []string{"hang up", "500 what?", "silence"} {
		server := startServer(t, &smtpServer{answers: map[string]string{"QUIT": answer}})
		if err := newSender(t, "smtp://"+server.address()).Send(server.untilSilent(t), notice); err != nil {
			t.Errorf("QUIT answered with %q: the message was taken, but Send says %v", answer, err)
		}
	}
}

// A message that is cut short must not be ended properly: the server would take
// half of it for the whole.
func TestMessageCutShortIsNotTaken(t *testing.T) {
	server := startServer(t, &smtpServer{})
	sender := newSender(t, "smtp://"+server.address())
	sender.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		return &leakyConn{Conn: conn, capacity: 2000}, err
	}
	long := notice
	long.Text = strings.Repeat("One more line.\n", 1000)
	err := sender.Send(t.Context(), long)
	if got := outbox.Classify(err).Class; err == nil || got != outbox.ClassLater {
		t.Errorf("class %v, want later: %v", got, err)
	}
	if got := server.messages(); len(got) != 0 {
		t.Errorf("the server took a message that was cut short:\n%s", got[0])
	}
}

func TestSilentServerIsLeftAfterTheTimeout(t *testing.T) {
	server := startServer(t, &smtpServer{answers: map[string]string{"greeting": "silence"}})
	sender := newSender(t, "smtp://"+server.address())
	sender.timeout = time.Millisecond
	err := sender.Send(t.Context(), notice)
	if got := outbox.Classify(err).Class; err == nil || got != outbox.ClassLater {
		t.Errorf("class %v, want later: %v", got, err)
	}
}

func TestServerThatIsNotThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	err = newSender(t, "smtp://"+address).Send(t.Context(), notice)
	if got := outbox.Classify(err).Class; err == nil || got != outbox.ClassLater {
		t.Errorf("class %v, want later: %v", got, err)
	}
}

func TestTLSAndLogin(t *testing.T) {
	const host = "mail.example.test"
	settings, trusted := certificate(t, host)
	for _, c := range []struct {
		name    string
		server  *smtpServer
		url     string
		strange bool // the certificate is not trusted
		want    string
	}{
		{name: "STARTTLS", server: &smtpServer{startTLS: settings, login: "bot s3cret/%"}, url: "smtp://bot:s3cret%2F%25@" + host},
		{name: "TLS from the start", server: &smtpServer{implicitTLS: settings, login: "bot s3cret"}, url: "smtps://bot:s3cret@" + host},
		{name: "no STARTTLS outside this machine", server: &smtpServer{login: "bot s3cret"}, url: "smtp://bot:s3cret@" + host, want: "STARTTLS"},
		{name: "a certificate of somebody else", server: &smtpServer{startTLS: settings}, url: "smtp://" + host, strange: true, want: "certificate"},
		{name: "a wrong password", server: &smtpServer{startTLS: settings, login: "bot s3cret"}, url: "smtp://bot:wr0ng@" + host, want: "535"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := startServer(t, c.server)
			sender := newSender(t, c.url)
			sender.dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, server.address())
			}
			if !c.strange {
				sender.roots = trusted
			}
			checked := sender.Check(t.Context())
			if (checked == nil) != (c.want == "") || checked != nil && !strings.Contains(checked.Error(), c.want) {
				t.Errorf("Check: %v, want %q", checked, c.want)
			}
			if checked != nil && (strings.Contains(checked.Error(), "send again") || strings.Contains(checked.Error(), "s3cret")) {
				t.Errorf("Check sends nothing, and tells no secret: %v", checked)
			}
			if len(server.envelope)+len(server.messages()) > 0 {
				t.Fatal("Check sent something")
			}
			err := sender.Send(t.Context(), notice)
			if c.want == "" {
				if err != nil || len(server.messages()) != 1 {
					t.Fatalf("Send: %v; the server took %d messages", err, len(server.messages()))
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got error %v, want one that contains %q", err, c.want)
			}
			if got := outbox.Classify(err).Class; got != outbox.ClassNever {
				t.Errorf("class %v, want never: waiting mends nothing here", got)
			}
			if strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "wr0ng") {
				t.Errorf("the error holds a password: %v", err)
			}
			if len(server.envelope) > 0 {
				t.Errorf("the server heard an address before it was trusted: %q", server.envelope)
			}
		})
	}
}

// Trouble with encryption or the login: nothing was sent, and the password was
// told to nobody who isn't the server.
func TestTroubleBeforeTheSender(t *testing.T) {
	const host = "mail.example.test"
	settings, trusted := certificate(t, host)
	for _, c := range []struct {
		name    string
		answers map[string]string
		want    outbox.Class
	}{
		{"refuses STARTTLS for now", map[string]string{"STARTTLS": "454 4.7.0 not now"}, outbox.ClassLater},
		{"refuses STARTTLS", map[string]string{"STARTTLS": "501 5.5.4 no"}, outbox.ClassNever},
		{"hangs up at STARTTLS", map[string]string{"STARTTLS": "hang up"}, outbox.ClassLater},
		{"falls silent at STARTTLS", map[string]string{"STARTTLS": "silence"}, outbox.ClassLater},
		{"can't check the login for now", map[string]string{"AUTH": "454 4.7.0 try again"}, outbox.ClassLater},
		{"refuses the login", map[string]string{"AUTH": "535 5.7.8 bad"}, outbox.ClassNever},
		{"hangs up at the login", map[string]string{"AUTH": "hang up"}, outbox.ClassLater},
		{"falls silent at the login", map[string]string{"AUTH": "silence"}, outbox.ClassLater},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := startServer(t, &smtpServer{startTLS: settings, login: "bot s3cret", answers: c.answers})
			sender := newSender(t, "smtp://bot:s3cret@"+host)
			sender.roots = trusted
			sender.dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, server.address())
			}
			err := sender.Send(server.untilSilent(t), notice)
			if got := outbox.Classify(err).Class; err == nil || got != c.want {
				t.Errorf("class %v, want %v: %v", got, c.want, err)
			}
			if len(server.messages())+len(server.envelope) > 0 || err != nil && strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the server heard %q; the error is %v", server.envelope, err)
			}
		})
	}
}

// What people write arrives as they wrote it, in lines that every server takes.
func TestAnyTextArrives(t *testing.T) {
	for name, change := range map[string]func(*Message){
		"long subject": func(m *Message) { m.Subject = strings.Repeat("Überraschung für Señora Nováková – ", 4) + "end" },
		"long line":    func(m *Message) { m.Text = strings.Repeat("wörd ", 700) + "end" },
		"no spaces":    func(m *Message) { m.Text, m.HTML = strings.Repeat("x", 3000), strings.Repeat("y", 3000) },
		"dots":         func(m *Message) { m.Text = ".\n..\n.end\n" },
		"equals":       func(m *Message) { m.Text = "a=3D b = c =\nnext\ttab trailing " },
		"scripts": func(m *Message) {
			m.Text, m.ToName = "王 مرحبا สวัสดี 👩‍👩‍👧", "王小明, Jr. \"Bob\" <x>"
		},
		"correction": func(m *Message) { m.InReplyTo = "notice-1@example.com" },
	} {
		t.Run(name, func(t *testing.T) {
			server := startServer(t, &smtpServer{})
			m := notice
			change(&m)
			if err := newSender(t, "smtp://"+server.address()).Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			raw := server.messages()[0]
			for _, line := range strings.Split(strings.TrimSuffix(raw, "\r\n"), "\r\n") {
				if len(line) > 78 || strings.ContainsAny(line, "\r\n") || strings.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
					t.Errorf("a line of %d bytes, or not of plain ASCII: %q", len(line), line)
				}
			}
			message, err := netmail.ReadMessage(strings.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			if subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject")); err != nil || subject != m.Subject {
				t.Errorf("subject %q (%v), want %q", subject, err, m.Subject)
			}
			if to, err := message.Header.AddressList("To"); err != nil || len(to) != 1 || to[0].Name != m.ToName || to[0].Address != m.To {
				t.Errorf("to %v (%v), want %q <%s>", to, err, m.ToName, m.To)
			}
			parts := readParts(t, message)
			if got := strings.ReplaceAll(parts["text/plain"], "\r\n", "\n"); got != m.Text || parts["text/html"] != m.HTML {
				t.Errorf("text %q, HTML %q", got, parts["text/html"])
			}
			want := ""
			if m.InReplyTo != "" {
				want = "<notice-1@example.com>"
			}
			if a, b := message.Header.Get("In-Reply-To"), message.Header.Get("References"); a != want || b != want {
				t.Errorf("answers %q, %q, want %q", a, b, want)
			}
		})
	}
}

func TestLoginOnThisMachineNeedsNoTLS(t *testing.T) {
	server := startServer(t, &smtpServer{login: "bot s3cret"})
	if err := newSender(t, "smtp://bot:s3cret@localhost:"+port(server.address())).Send(t.Context(), notice); err != nil {
		t.Error(err)
	}
}

func TestHeadersCannotBeInjected(t *testing.T) {
	for name, change := range map[string]func(*Message){
		"subject":    func(m *Message) { m.Subject = "Hello\r\nBcc: evil@example.net\r\n\r\nbody" },
		"bare LF":    func(m *Message) { m.Subject = "Hello\nBcc: evil@example.net" },
		"name":       func(m *Message) { m.ToName = "Ann\r\nBcc: evil@example.net" },
		"name quote": func(m *Message) { m.ToName = `Ann" <evil@example.net>, "` },
		"to":         func(m *Message) { m.To = "ann@candidate.test\r\nBcc: evil@example.net" },
		"two to":     func(m *Message) { m.To = "ann@candidate.test, evil@example.net" },
		"from":       func(m *Message) { m.From = "hiring@example.com>\r\nBcc: <evil@example.net" },
		"message id": func(m *Message) { m.MessageID = "1@example.com>\r\nBcc: <evil@example.net" },
		"text":       func(m *Message) { m.Text = "Hello\r\n.\r\nMAIL FROM:<evil@example.net>\r\n" },
	} {
		t.Run(name, func(t *testing.T) {
			server := startServer(t, &smtpServer{})
			m := notice
			change(&m)
			err := newSender(t, "smtp://"+server.address()).Send(t.Context(), m)
			if err != nil {
				if got := outbox.Classify(err).Class; got != outbox.ClassNever {
					t.Errorf("refused with class %v, want never: %v", got, err)
				}
				if len(server.envelope) > 0 {
					t.Errorf("refused, but the server heard %q", server.envelope)
				}
				return
			}
			if len(server.envelope) != 2 || strings.Contains(server.envelope[1], "evil") {
				t.Errorf("envelope %q", server.envelope)
			}
			for _, line := range headers(server.messages()[0]) {
				if strings.HasPrefix(strings.ToLower(line), "bcc:") {
					t.Errorf("a header was injected: %q", line)
				}
			}
			to, err := netmail.ReadMessage(strings.NewReader(server.messages()[0]))
			if err != nil {
				t.Fatal(err)
			}
			if list, err := to.Header.AddressList("To"); err != nil || len(list) != 1 || list[0].Address != notice.To {
				t.Errorf("to %v (%v), want %s alone", list, err, notice.To)
			}
		})
	}
}

func TestMessagesThatCannotBeSent(t *testing.T) {
	for name, change := range map[string]func(*Message){
		"no address":    func(m *Message) { m.To = "" },
		"not one":       func(m *Message) { m.To = "ann" },
		"no subject":    func(m *Message) { m.Subject = " \n" },
		"no text":       func(m *Message) { m.Text = "\n" },
		"no message id": func(m *Message) { m.MessageID = "" },
		"bad answer":    func(m *Message) { m.InReplyTo = "1@example.com>\r\nBcc: <evil@example.net" },
	} {
		server := startServer(t, &smtpServer{})
		m := notice
		change(&m)
		err := newSender(t, "smtp://"+server.address()).Send(t.Context(), m)
		if got := outbox.Classify(err).Class; err == nil || got != outbox.ClassNever {
			t.Errorf("%s: class %v, want never: %v", name, got, err)
		}
	}
}

func TestURLsAndTheirTroubles(t *testing.T) {
	for _, c := range []struct{ url, want string }{
		{"smtp://user:pa55word@mail.example.com:587", ""},
		{"smtp://mail.example.com", ""},
		{"smtps://user:pa55word@mail.example.com/", ""},
		{"smtp://[::1]:2525", ""},
		{"http://user:pa55word@mail.example.com", "smtp://"},
		{"mail.example.com:587", "smtp://"},
		{"smtp://", "no host"},
		{"smtp://user@mail.example.com", "both a user and a password"},
		{"smtp://user:pa55word#@mail.example.com", "percent-encode"},
		{"smtp://user:pa55word@mail.example.com:0", "port"},
		{"smtp://user:pa55word@mail.example.com:pa55word", "percent-encode"},
		{"smtp://user:pa55word@mail.example.com/inbox", "behind the host"},
	} {
		_, err := ParseURL(c.url)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.url, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got error %v, want one that contains %q", c.url, err, c.want)
		case err != nil && strings.Contains(err.Error(), "pa55word"):
			t.Errorf("%s: the error holds the password: %v", c.url, err)
		}
	}
	if _, err := New(Options{URL: "smtp://localhost", From: "nobody"}); err == nil {
		t.Error("a From address without a domain was accepted")
	}
}

// leakyConn breaks after some bytes were written.
type leakyConn struct {
	net.Conn
	capacity int
}

func (c *leakyConn) Write(p []byte) (int, error) {
	if len(p) > c.capacity {
		n, _ := c.Conn.Write(p[:c.capacity])
		c.capacity = 1 << 20 // whatever comes now would get through
		return n, io.ErrClosedPipe
	}
	c.capacity -= len(p)
	return c.Conn.Write(p)
}

func newSender(t *testing.T, url string) *Sender {
	t.Helper()
	sender, err := New(Options{URL: url, From: from})
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

func readParts(t *testing.T, message *netmail.Message) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type %q (%v), want multipart/alternative", kind, err)
	}
	parts := map[string]string{}
	reader := multipart.NewReader(message.Body, params["boundary"])
	for {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		parts[kind] = string(body)
	}
}

func base64Plain(user, password string) string {
	return base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password))
}
