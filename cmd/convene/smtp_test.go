package main

import (
	"bufio"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"net/textproto"
	"slices"
	"strings"
	"sync"
)

// An smtpServer takes mail on the loopback address, and misbehaves once for
// each word it is given: "refuse" answers 554, "busy" 451, "drop" takes the mail
// and hangs up without an answer. "away" answers 451 from then on, until "back".
type smtpServer struct {
	listener net.Listener
	refusing bool // knows no user and no password

	mu     sync.Mutex
	faults []string
	taken  []string // as a person reads them: To, Subject and text
	ids    []string // their Message-IDs
}

func listenSMTP() (*smtpServer, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &smtpServer{listener: listener}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				s.serve(conn)
				_ = conn.Close()
			}()
		}
	}()
	return s, nil
}

func (s *smtpServer) url() string { return "smtp://" + s.listener.Addr().String() }

func (s *smtpServer) fault(kind string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kind == "back" {
		s.faults = nil
		return
	}
	s.faults = append(s.faults, kind)
}

// mails lists what was taken, whether its sender knows or not.
func (s *smtpServer) mails() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.taken...)
}

// serve speaks as much SMTP as the bot needs. https://www.rfc-editor.org/rfc/rfc5321
func (s *smtpServer) serve(conn net.Conn) {
	in := textproto.NewReader(bufio.NewReader(conn))
	say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") } // a client that left is noticed by the next read
	say("220 story ESMTP")
	for {
		line, err := in.ReadLine()
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			say("250-story\r\n250-AUTH PLAIN\r\n250 8BITMIME")
		case "AUTH":
			say(map[bool]string{false: "235 2.7.0 welcome", true: "535 5.7.8 no such user"}[s.refusing])
		case "DATA":
			say("354 go ahead")
			raw, err := in.ReadDotBytes()
			if err != nil {
				return
			}
			answer := s.take(string(raw))
			if answer == "" {
				return
			}
			say(answer)
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// take keeps a mail, or does what the next fault says; "" hangs up.
func (s *smtpServer) take(raw string) (answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fault := ""
	if len(s.faults) > 0 && s.faults[0] == "away" {
		fault = "busy"
	} else if len(s.faults) > 0 {
		fault, s.faults = s.faults[0], s.faults[1:]
	}
	switch fault {
	case "refuse":
		return "554 5.7.1 refused"
	case "busy":
		return "451 4.3.0 try again later"
	}
	s.taken = append(s.taken, s.read(raw))
	if fault == "drop" {
		return ""
	}
	return "250 kept"
}

// read returns a mail as a person reads it, and which one it answers.
func (s *smtpServer) read(raw string) string {
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return err.Error()
	}
	var words mime.WordDecoder
	header := func(name string) string {
		text, err := words.DecodeHeader(m.Header.Get(name))
		if err != nil {
			return err.Error()
		}
		return text
	}
	s.ids = append(s.ids, header("Message-ID"))
	answers := ""
	if to := header("In-Reply-To"); to != "" {
		answers = fmt.Sprintf("Answers: mail %d\n", 1+slices.Index(s.ids, to))
	}
	return fmt.Sprintf("From: %s\nTo: %s\nSubject: %s\n%s\n%s", header("From"), header("To"), header("Subject"), answers, plainPart(m))
}

// plainPart is the text/plain part of a mail with alternatives.
func plainPart(m *netmail.Message) string {
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return err.Error()
	}
	part, err := multipart.NewReader(m.Body, params["boundary"]).NextRawPart()
	if err != nil {
		return err.Error()
	}
	text, err := io.ReadAll(quotedprintable.NewReader(part))
	if err != nil {
		return err.Error()
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}
