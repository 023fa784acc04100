package sandbox_test

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"convene/internal/clock"
	"convene/internal/sandbox"
)

// BenchmarkPage draws the page with 500 messages in the channel.
func BenchmarkPage(b *testing.B) {
	s, err := sandbox.New(options(clock.Controlled(start), "127.0.0.1:0"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	c := s.Company()
	for i := range 500 {
		if _, err := s.Slack.Say(b.Context(), c.Karly, c.Hiring, fmt.Sprintf("Message %d with a few words", i), ""); err != nil {
			b.Fatal(err)
		}
	}
	h := s.Handler()
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/?as=mark&at="+c.Hiring, nil))
	}
}
