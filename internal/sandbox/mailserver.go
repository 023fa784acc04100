package sandbox

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"time"
)

// Mail is an e-mail that the bot sent. The sandbox keeps it and delivers
// nothing.
type Mail struct {
	ID      int       `json:"id"`
	At      time.Time `json:"at"` // the company's clock
	From    string    `json:"from"`
	To      []string  `json:"to"` // the envelope's
	Subject string    `json:"subject"`
	Text    string    `json:"text"`   // the plain part
	Header  string    `json:"header"` // as it came
	Raw     string    `json:"raw,omitempty"`
}

// What the mail server does wrong when told to.
const (
	mailRefuse    = "refuse"     // answers 554 to the message, which is not taken
	mailBusy      = "busy"       // answers 451 to the recipient: try later
	mailDropAfter = "drop_after" // takes the message and hangs up without an answer
)

// mailbox is a mail server on the loopback address that keeps what it takes.
type mailbox struct {
	listener net.Listener
	now      func() time.Time
	changed  func()
	working  sync.WaitGroup

	mu     sync.Mutex
	conns  map[net.Conn]bool
	taken  []Mail
	faults []mailFault // oldest first
}

// A mailFault is for so many messages; -1: for all until it is cleared.
type mailFault struct {
	action string
	left   int
}

func listenMail(now func() time.Time, changed func()) (*mailbox, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("sandbox: the mail server can't listen: %w", err)
	}
	return &mailbox{listener: listener, now: now, changed: changed, conns: map[net.Conn]bool{}}, nil
}

func (b *mailbox) address() string { return b.listener.Addr().String() }

// run serves until close.
func (b *mailbox) run() {
	for {
		conn, err := b.listener.Accept()
		if err != nil {
			break
		}
		b.mu.Lock()
		b.conns[conn] = true
		b.mu.Unlock()
		b.working.Go(func() {
			b.serve(conn)
			_ = conn.Close()
			b.mu.Lock()
			delete(b.conns, conn)
			b.mu.Unlock()
		})
	}
	b.working.Wait()
}

func (b *mailbox) close() {
	_ = b.listener.Close()
	b.mu.Lock()
	defer b.mu.Unlock()
	for conn := range b.conns {
		_ = conn.Close()
	}
}

func (b *mailbox) all() []Mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Mail{}, b.taken...)
}

func (b *mailbox) restore(mails []Mail) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.taken = mails
}

func (b *mailbox) setFault(action string, times int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = append(b.faults, mailFault{action, times})
}

func (b *mailbox) clearFaults() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = nil
}

// takeFault uses up the oldest fault if it is the one asked for.
func (b *mailbox) takeFault(action string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.faults) == 0 || b.faults[0].action != action {
		return false
	}
	if b.faults[0].left--; b.faults[0].left == 0 {
		b.faults = b.faults[1:]
	}
	return true
}

// serve speaks as much SMTP as a client needs. https://www.rfc-editor.org/rfc/rfc5321
func (b *mailbox) serve(conn net.Conn) {
	in := textproto.NewReader(bufio.NewReader(conn))
	say := func(line string) bool { _, err := io.WriteString(conn, line+"\r\n"); return err == nil }
	say("220 sandbox ESMTP")
	var from string
	var to []string
	for {
		line, err := in.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			say("250-sandbox\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN")
		case "HELO", "NOOP":
			say("250 sandbox")
		case "AUTH":
			b.login(in, say, rest)
		case "RSET":
			from, to = "", nil
			say("250 ok")
		case "MAIL":
			from, to = envelopeAddress(rest), nil
			say("250 ok")
		case "RCPT":
			if b.takeFault(mailBusy) {
				say("451 4.3.0 try again later")
				continue
			}
			to = append(to, envelopeAddress(rest))
			say("250 ok")
		case "DATA":
			if len(to) == 0 {
				say("503 first MAIL and RCPT")
				continue
			}
			say("354 go ahead")
			raw, err := in.ReadDotBytes()
			if err != nil {
				return
			}
			if b.takeFault(mailRefuse) {
				say("554 5.7.1 refused")
				continue
			}
			b.take(from, to, string(raw))
			if b.takeFault(mailDropAfter) {
				return
			}
			say("250 kept")
			from, to = "", nil
		case "QUIT":
			say("221 bye")
			return
		default:
			say("502 unknown")
		}
	}
}

// login accepts anybody.
func (b *mailbox) login(in *textproto.Reader, say func(string) bool, rest string) {
	kind, initial, _ := strings.Cut(rest, " ")
	prompts := []string{"334 "}
	if strings.EqualFold(kind, "LOGIN") {
		prompts = []string{"334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"}
	}
	if initial != "" {
		prompts = prompts[1:]
	}
	for _, prompt := range prompts {
		say(prompt)
		if _, err := in.ReadLine(); err != nil {
			return
		}
	}
	say("235 welcome")
}

// envelopeAddress is the address in "FROM:<a@b> BODY=8BITMIME".
func envelopeAddress(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}

func (b *mailbox) take(from string, to []string, raw string) {
	m := Mail{From: from, To: to, Raw: raw}
	if header, _, ok := strings.Cut(raw, "\n\n"); ok {
		m.Header = header
	}
	if parsed, err := mail.ReadMessage(strings.NewReader(raw)); err == nil {
		words := new(mime.WordDecoder)
		m.Subject = parsed.Header.Get("Subject")
		if decoded, err := words.DecodeHeader(m.Subject); err == nil {
			m.Subject = decoded
		}
		if decoded, err := words.DecodeHeader(parsed.Header.Get("From")); err == nil && decoded != "" {
			m.From = decoded
		}
		m.Text = plainPart(textproto.MIMEHeader(parsed.Header), parsed.Body)
	}
	b.mu.Lock()
	m.ID, m.At = len(b.taken)+1, b.now()
	b.taken = append(b.taken, m)
	b.mu.Unlock()
	b.changed()
}

// plainPart is the first text/plain part of a message.
func plainPart(header textproto.MIMEHeader, body io.Reader) string {
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err != nil {
				return ""
			}
			if text := plainPart(part.Header, part); text != "" {
				return text
			}
		}
	}
	if kind != "text/plain" {
		return ""
	}
	switch strings.ToLower(header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body) // skips line ends
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return ""
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}
