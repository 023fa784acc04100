package mail

import (
	"context"
	"net"
	"strings"
	"time"

	"convene/internal/outbox"
)

// Check connects to the server as for an e-mail, with TLS and the login, asks
// whether it is there (NOOP) and leaves: nothing is sent. Its error says what to
// do, and has outbox's class.
func (s *Sender) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	_, from, err := ParseFrom(s.from)
	if err != nil {
		return outbox.Never(err)
	}
	var conn net.Conn
	client, err := s.client(ctx, from[strings.LastIndex(from, "@")+1:], &conn)
	if err != nil {
		return outbox.Never(err)
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		if conn != nil {
			_ = conn.Close()
		}
		return connectTrouble(err)
	}
	defer func() { _ = session.Close() }()
	if err := session.Noop(); err != nil {
		return connectTrouble(err)
	}
	_ = conn.SetDeadline(time.Now().Add(goodbye))
	_ = session.Quit() // it answered: how it says goodbye changes nothing
	return nil
}

// Where returns the server's host:port, and how the connection is kept private.
func (s *Sender) Where() (address, privacy string) {
	switch {
	case s.server.implicitTLS:
		privacy = "TLS"
	case s.server.plain:
		privacy = "no TLS, on this machine"
	default:
		privacy = "STARTTLS"
	}
	return s.server.address(), privacy
}
