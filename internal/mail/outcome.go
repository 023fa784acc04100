package mail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"

	gomail "github.com/wneessen/go-mail"

	"convene/internal/outbox"
)

// notConnected classes an error from before the message's first byte. Nothing
// was sent.
func notConnected(err error) error {
	err = connectTrouble(err)
	if outbox.Classify(err).Class == outbox.ClassNever {
		return outbox.Never(fmt.Errorf("%w, restart, and send again", err))
	}
	return err
}

// connectTrouble classes an error of greeting, TLS and login.
func connectTrouble(err error) error {
	var refusal *textproto.Error
	if errors.As(err, &refusal) {
		switch {
		case refusal.Code == 535:
			return outbox.Never(errors.New("the mail server refused the user or password (535): correct SMTP_URL"))
		case refusal.Code >= 500:
			return outbox.Never(fmt.Errorf("the mail server refused the connection (%d): check SMTP_URL", refusal.Code))
		}
		return outbox.Later(fmt.Errorf("the mail server is not ready (%d): it may be in a few minutes", refusal.Code), 0)
	}
	if isNetwork(err) {
		return outbox.Later(fmt.Errorf("the mail server cannot be reached: %w: check SMTP_URL, and that the network lets its port out", err), 0)
	}
	// TLS or login that the two sides cannot agree on: waiting changes nothing.
	return outbox.Never(fmt.Errorf("the mail server cannot be used: %w: check SMTP_URL", err))
}

// notSent classes an error from the message itself.
func notSent(err error) error {
	var failure *gomail.SendError
	if !errors.As(err, &failure) {
		return outbox.Lost(errors.New("nobody knows whether the mail server took the e-mail"))
	}
	code := failure.ErrorCode() // 0: no answer
	switch failure.Reason {
	case gomail.ErrSMTPMailFrom:
		return refused("the From address", code)
	case gomail.ErrSMTPRcptTo:
		return refused("the candidate's address", code)
	case gomail.ErrSMTPData:
		return refused("the e-mail", code)
	case gomail.ErrWriteContent:
		// The line that ends a message was never written, and a server must
		// drop a message without it: RFC 5321, section 4.1.1.4.
		return refused("the e-mail", 0)
	case gomail.ErrSMTPDataClose:
		if code == 0 {
			return outbox.Lost(errors.New("the connection ended before the mail server said whether it took the e-mail"))
		}
		return refused("the e-mail", code)
	case gomail.ErrGetSender, gomail.ErrGetRcpts, gomail.ErrNoUnencoded:
		return outbox.Never(fmt.Errorf("the e-mail cannot be sent: %s", failure.Reason))
	case gomail.ErrConnCheck:
		return refused("the e-mail", 0)
	}
	return outbox.Lost(fmt.Errorf("nobody knows whether the mail server took the e-mail (%s)", failure.Reason))
}

// refused is for what the server certainly did not take.
func refused(what string, code int) error {
	switch {
	case code == 0:
		return outbox.Later(fmt.Errorf("the connection to the mail server ended before it took %s", what), 0)
	case code >= 500:
		return outbox.Never(fmt.Errorf("the mail server refused %s (%d): check it, then send again or tell the candidate another way", what, code))
	}
	return outbox.Later(fmt.Errorf("the mail server did not take %s yet (%d)", what, code), 0)
}

func isNetwork(err error) bool {
	var network net.Error
	return errors.As(err, &network) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
