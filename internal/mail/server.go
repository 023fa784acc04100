package mail

import (
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
)

// A Server is a mail server as SMTP_URL names it.
type Server struct {
	host           string
	port           int
	implicitTLS    bool // smtps: TLS from the first byte
	plain          bool // a loopback address: nothing leaves the machine, so no TLS
	user, password string
}

// The ports when the URL names none, after RFC 6409 and RFC 8314.
const (
	submissionPort  = 587
	submissionsPort = 465
)

// ParseURL reads smtp://user:password@host:587 (which must offer STARTTLS
// unless it is on a loopback address) or smtps://user:password@host:465.
// Its errors never repeat the URL, which holds a password.
func ParseURL(raw string) (Server, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return Server{}, errors.New("is not a URL: write smtp://user:password@host:587, with special characters of the password percent-encoded (# is %23, @ is %40)")
	case u.Scheme != "smtp" && u.Scheme != "smtps":
		return Server{}, errors.New("must begin with smtp:// (STARTTLS) or smtps:// (TLS)")
	case u.Hostname() == "":
		return Server{}, errors.New("names no host: write smtp://user:password@host:587")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return Server{}, errors.New("has something behind the host and port: percent-encode special characters of the password (/ is %2F, ? is %3F, # is %23)")
	}
	s := Server{host: u.Hostname(), port: submissionPort, implicitTLS: u.Scheme == "smtps"}
	if s.implicitTLS {
		s.port = submissionsPort
	}
	if p := u.Port(); p != "" {
		if s.port, err = strconv.Atoi(p); err != nil || s.port < 1 || s.port > 65535 {
			return Server{}, errors.New("has a port that is not between 1 and 65535")
		}
	}
	s.plain = !s.implicitTLS && isLoopback(s.host)
	if u.User != nil {
		s.user = u.User.Username()
		s.password, _ = u.User.Password()
		if s.user == "" || s.password == "" {
			return Server{}, errors.New("needs both a user and a password, or neither: write smtp://user:password@host:587")
		}
	}
	return s, nil
}

// ParseFrom reads a From address, with or without a name: hiring@example.com or
// "Example Hiring <hiring@example.com>".
func ParseFrom(raw string) (name, address string, err error) {
	a, err := netmail.ParseAddress(raw)
	if err != nil || checkAddress(a.Address) != nil || hasControl(a.Name) {
		return "", "", errors.New("is not an e-mail address: write hiring@example.com or Example Hiring <hiring@example.com>")
	}
	return a.Name, a.Address, nil
}

// checkAddress accepts a bare address in its common form. Quoted local parts,
// comments and groups are legal in RFC 5322 and unknown among people.
func checkAddress(address string) error {
	a, err := netmail.ParseAddress(address)
	if err != nil || a.Name != "" || a.Address != address || hasControl(address) || strings.ContainsAny(address, " \"(),:;<>[\\]") {
		return fmt.Errorf("not an e-mail address")
	}
	return nil
}

func (s Server) address() string { return net.JoinHostPort(s.host, strconv.Itoa(s.port)) }

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
