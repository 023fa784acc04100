package main

import (
	"fmt"
	"log/slog"
)

// A Secret is a token, password or key. It shows itself as [redacted] wherever
// it is printed, logged or encoded; only Reveal gives its value.
type Secret struct {
	value *string // behind a pointer, so that not even %v of a struct around it shows it
}

// NewSecret returns a secret with the given value.
func NewSecret(value string) Secret { return Secret{&value} }

// Reveal returns the value, for handing it to what needs it. It is empty for
// the zero Secret.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

const redacted = "[redacted]"

// Format implements fmt.Formatter, for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText implements encoding.TextMarshaler, and so JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
