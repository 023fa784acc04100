package mail

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// smtpServer is a small mail server: it speaks SMTP on a real socket, keeps
// what it took, and misbehaves where a test tells it to.
type smtpServer struct {
	// answers replace the usual answer to a command: "greeting", "EHLO",
	// "MAIL", "RCPT", "DATA", "end" (of the message) or "QUIT". "hang up"
	// closes the connection instead, "silence" never answers.
	answers map[string]string
	// keeps makes the server take the message before a bad answer to its end.
	keeps bool
	// startTLS is offered and required when set; implicitTLS begins with it.
	startTLS, implicitTLS *tls.Config
	login                 string // "user password" that it asks for; empty: nobody needs to log in

	listener net.Listener
	silent   chan struct{} // closed when a silence begins
	release  chan struct{} // closed at the end of the test: ends every silence

	mu       sync.Mutex
	taken    []string // messages as they came, headers and body
	envelope []string // the MAIL and RCPT lines
	greeted  string   // the name that the client gave
}

func startServer(t *testing.T, s *smtpServer) *smtpServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if s.implicitTLS != nil {
		listener = tls.NewListener(listener, s.implicitTLS)
	}
	s.listener, s.silent, s.release = listener, make(chan struct{}), make(chan struct{})
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer func() { _ = conn.Close() }()
				s.serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		close(s.release)
		_ = listener.Close()
		serving.Wait()
	})
	return s
}

func (s *smtpServer) address() string { return s.listener.Addr().String() }

// untilSilent returns a context that ends when the server falls silent, as one
// ends when the program is stopped or loses its patience.
func (s *smtpServer) untilSilent(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go func() {
		select {
		case <-s.silent:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx
}

func (s *smtpServer) messages() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.taken...)
}

func (s *smtpServer) serve(conn net.Conn) {
	in := bufio.NewReader(conn)
	secure := s.implicitTLS != nil
	loggedIn := s.login == ""
	say := func(command, usual string) bool {
		answer, ok := s.answers[command]
		if !ok {
			answer = usual
		}
		switch answer {
		case "hang up":
			return false
		case "silence":
			close(s.silent)
			<-s.release
			return false
		}
		_, err := io.WriteString(conn, answer+"\r\n")
		return err == nil
	}
	if !say("greeting", "220 test server") {
		return
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, rest, _ := strings.Cut(line, " ")
		switch verb = strings.ToUpper(verb); verb {
		case "EHLO":
			s.mu.Lock()
			s.greeted = rest
			s.mu.Unlock()
			answer := "250-test server\r\n250-8BITMIME"
			if s.startTLS != nil && !secure {
				answer += "\r\n250-STARTTLS"
			}
			if s.login != "" {
				answer += "\r\n250-AUTH PLAIN LOGIN"
			}
			if !say(verb, answer+"\r\n250 ENHANCEDSTATUSCODES") {
				return
			}
		case "STARTTLS":
			if !say(verb, "220 go ahead") {
				return
			}
			encrypted := tls.Server(conn, s.startTLS)
			conn, in, secure = encrypted, bufio.NewReader(encrypted), true
		case "AUTH":
			user, password, _ := strings.Cut(s.login, " ")
			loggedIn = rest == "PLAIN "+base64Plain(user, password)
			answer := "235 2.7.0 welcome"
			if !loggedIn {
				answer = "535 5.7.8 no such user " + user
			}
			if !say(verb, answer) {
				return
			}
		case "MAIL", "RCPT":
			s.mu.Lock()
			s.envelope = append(s.envelope, line)
			s.mu.Unlock()
			answer := "250 2.1.0 ok"
			if !loggedIn || s.startTLS != nil && !secure {
				answer = "530 5.7.0 log in first"
			}
			if !say(verb, answer) {
				return
			}
		case "DATA":
			if !say(verb, "354 go ahead") {
				return
			}
			if strings.HasPrefix(s.answers["DATA"], "4") || strings.HasPrefix(s.answers["DATA"], "5") {
				continue
			}
			message, err := readMessage(in)
			if err != nil {
				return // cut short: dropped
			}
			_, bad := s.answers["end"]
			if !bad || s.keeps {
				s.mu.Lock()
				s.taken = append(s.taken, message)
				s.mu.Unlock()
			}
			if !say("end", "250 2.0.0 queued") {
				return
			}
		case "QUIT":
			say(verb, "221 bye")
			return
		default:
			if !say(verb, "250 ok") {
				return
			}
		}
	}
}

// readMessage reads up to the line with a single dot and undoes dot-stuffing.
func readMessage(in *bufio.Reader) (string, error) {
	var message strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return "", err
		}
		if line == ".\r\n" {
			return message.String(), nil
		}
		message.WriteString(strings.TrimPrefix(line, "."))
	}
}

// certificate returns a server's TLS settings for a host name and the pool that
// trusts them.
func certificate(t *testing.T, host string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: host},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IsCA:         true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

// headers returns a message's header lines, unfolded.
func headers(message string) []string {
	head, _, _ := strings.Cut(message, "\r\n\r\n")
	return strings.Split(strings.ReplaceAll(head, "\r\n ", " "), "\r\n")
}

func port(address string) string {
	_, p, err := net.SplitHostPort(address)
	if err != nil {
		panic(fmt.Sprintf("address %q of our own listener: %v", address, err))
	}
	return p
}
