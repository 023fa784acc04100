// Package mail sends e-mail to candidates through an SMTP server: what a person
// approved, at most once.
//
// An e-mail can be neither looked up nor taken back, so Send never repeats
// itself, and says exactly what is known of an attempt that failed: it will
// not be sent, it was not sent yet, or nobody knows. The last goes to a person.
package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"convene/internal/outbox"
)

// A Message is one e-mail to one person.
type Message struct {
	From      string // empty: the sender's own
	To        string // the bare address
	ToName    string // may be empty
	Subject   string
	Text      string
	HTML      string    // the same in HTML; may be empty
	MessageID string    // id@domain; the same for the same intent, so that a double could be recognised
	InReplyTo string    // id@domain of the mail that this one follows; empty: none
	Date      time.Time // when it was written
}

// Options of a Sender.
type Options struct {
	URL     string        // see ParseURL
	From    string        // see ParseFrom
	Timeout time.Duration // for one whole e-mail; 0: 30 seconds
}

// A Sender sends e-mail. It keeps no connection between messages.
type Sender struct {
	server  Server
	from    string
	timeout time.Duration
	dial    func(ctx context.Context, network, address string) (net.Conn, error)
	roots   *x509.CertPool // nil: the machine's
}

// goodbye is how long the server may take to answer a QUIT.
const goodbye = 2 * time.Second

// New returns a Sender. It connects to nothing yet.
func New(o Options) (*Sender, error) {
	server, err := ParseURL(o.URL)
	if err != nil {
		return nil, fmt.Errorf("mail server's URL %w", err)
	}
	if _, _, err := ParseFrom(o.From); err != nil {
		return nil, fmt.Errorf("address of the sender %w", err)
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	return &Sender{server: server, from: o.From, timeout: o.Timeout, dial: new(net.Dialer).DialContext}, nil
}

// Send hands one message to the server, once. A nil error means that the server
// took it. Otherwise the error has one of outbox's classes:
//
//   - Never: refused for good, or not a message that can be sent
//   - Later: certainly not sent, and another try may work
//   - Lost: the message was handed over, but the server's answer never came
//
// Its text is for people and logs, and so never repeats an address, which
// the server's own words often do.
func (s *Sender) Send(ctx context.Context, m Message) error {
	message, helo, err := s.compose(m)
	if err != nil {
		return outbox.Never(err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()

	var conn net.Conn
	client, err := s.client(ctx, helo, &conn)
	if err != nil {
		return outbox.Never(err)
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		if conn != nil {
			_ = conn.Close()
		}
		return notConnected(err)
	}
	defer func() { _ = session.Close() }() // without QUIT, which would end a message cut short as if it were whole

	err = client.SendWithSMTPClient(session, message)
	if message.IsDelivered() {
		// The server has it; what happens to the goodbye changes nothing.
		_ = conn.SetDeadline(time.Now().Add(goodbye))
		_ = session.Quit()
		return nil
	}
	return notSent(err)
}

// client returns the library's client for one message, and leaves its
// connection in conn. The library honours ctx only while it dials, so the
// connection is closed when ctx ends, which ends whatever the library does.
func (s *Sender) client(ctx context.Context, helo string, conn *net.Conn) (*gomail.Client, error) {
	secure := &tls.Config{ServerName: s.server.host, MinVersion: tls.VersionTLS12, RootCAs: s.roots}
	dial := func(dialing context.Context, network, _ string) (net.Conn, error) {
		c, err := s.dial(dialing, network, s.server.address())
		if err != nil {
			return nil, err
		}
		*conn = c
		context.AfterFunc(ctx, func() { _ = c.Close() })
		if !s.server.implicitTLS {
			return c, nil
		}
		encrypted := tls.Client(c, secure)
		return encrypted, encrypted.HandshakeContext(dialing)
	}
	options := []gomail.Option{
		gomail.WithPort(s.server.port),
		gomail.WithTimeout(s.timeout),
		gomail.WithHELO(helo),
		gomail.WithTLSConfig(secure),
		gomail.WithDialContextFunc(dial),
		gomail.WithoutNoop(),
		gomail.WithoutRset(),
	}
	switch {
	case s.server.implicitTLS:
		options = append(options, gomail.WithSSL()) // says that the connection is encrypted; dial did it
	case s.server.plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.server.user != "" {
		options = append(options,
			// The library sends a bare password only over TLS or to this machine.
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin),
			gomail.WithUsername(s.server.user),
			gomail.WithPassword(s.server.password))
	}
	return gomail.NewClient(s.server.host, options...)
}

// compose turns m into the library's message, and returns the name by which we
// greet the server: the From address's domain, not the machine's name.
func (s *Sender) compose(m Message) (message *gomail.Msg, helo string, err error) {
	if m.From == "" {
		m.From = s.from
	}
	fromName, from, err := ParseFrom(m.From)
	if err != nil {
		return nil, "", fmt.Errorf("the From address %w", err)
	}
	if err := checkAddress(m.To); err != nil {
		return nil, "", errors.New("the candidate's e-mail address is not one that mail can be sent to: correct it and send again")
	}
	id := strings.TrimSuffix(strings.TrimPrefix(m.MessageID, "<"), ">")
	if err := checkAddress(id); err != nil {
		return nil, "", fmt.Errorf("message id %q is not of the form id@domain", m.MessageID)
	}
	if strings.TrimSpace(m.Text) == "" || oneLine(m.Subject) == "" {
		return nil, "", errors.New("the e-mail has no subject or no text: write both and send again")
	}

	message = gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	message.FromMailAddress(&netmail.Address{Name: fromName, Address: from})
	message.ToMailAddress(&netmail.Address{Name: oneLine(m.ToName), Address: m.To})
	message.Subject(oneLine(m.Subject))
	message.SetMessageIDWithValue(id)
	if m.InReplyTo != "" {
		if err := checkAddress(m.InReplyTo); err != nil {
			return nil, "", fmt.Errorf("the id %q of the mail before is not of the form id@domain", m.InReplyTo)
		}
		message.SetGenHeader(gomail.HeaderInReplyTo, "<"+m.InReplyTo+">")
		message.SetGenHeader(gomail.HeaderReferences, "<"+m.InReplyTo+">")
	}
	message.SetDateWithValue(m.Date)
	message.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		message.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	// What cannot be written must fail here, not halfway through a connection.
	if _, err := message.WriteTo(new(bytes.Buffer)); err != nil {
		return nil, "", fmt.Errorf("write the e-mail: %w", err)
	}
	return message, from[strings.LastIndex(from, "@")+1:], nil
}

// oneLine makes a text fit for a header: control characters, line breaks above
// all, become spaces.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ")
}

func hasControl(s string) bool { return strings.ContainsFunc(s, unicode.IsControl) }
