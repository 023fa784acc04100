package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func TestHealthSaysWhatIsWrong(t *testing.T) {
	var alive, ready error
	server := serveOps(t, ops{
		alive: func(context.Context) error { return alive },
		ready: func(context.Context) error { return ready },
	})
	expect := func(path string, code int, body string) {
		t.Helper()
		if gotCode, got := get(t, server.URL+path); gotCode != code || !strings.Contains(got, body) {
			t.Errorf("%s: got %d %q, want %d %q", path, gotCode, got, code, body)
		}
	}
	expect("/healthz", http.StatusOK, "ok")
	expect("/readyz", http.StatusOK, "ok")

	ready = errors.New("slack is not connected")
	expect("/healthz", http.StatusOK, "ok")
	expect("/readyz", http.StatusServiceUnavailable, "slack is not connected")

	alive = errors.New("the database does not answer")
	expect("/healthz", http.StatusServiceUnavailable, "the database does not answer")
	expect("/", http.StatusNotFound, "")
}

func TestMetricsAreReadAtEachScrape(t *testing.T) {
	pending, sent := 2.0, 7.0
	server := serveOps(t, ops{metrics: []metric{
		{name: "convene_effects", help: "Effects by state.", labels: prometheus.Labels{"state": "pending"}, value: func() float64 { return pending }},
		{name: "convene_messages_sent_total", help: "Messages sent.", total: true, value: func() float64 { return sent }},
	}})
	_, before := get(t, server.URL+"/metrics")
	pending = 3
	_, after := get(t, server.URL+"/metrics")
	for _, c := range []struct{ body, want string }{
		{before, `convene_effects{state="pending"} 2`},
		{after, `convene_effects{state="pending"} 3`},
		{after, "# TYPE convene_messages_sent_total counter\nconvene_messages_sent_total 7"},
		{after, "process_resident_memory_bytes"},
		{after, "go_goroutines"},
	} {
		if !strings.Contains(c.body, c.want) {
			t.Errorf("want %q in\n%s", c.want, c.body)
		}
	}
}

func TestTwoMetricsOfOneNameAreAMistake(t *testing.T) {
	one := metric{name: "convene_effects", help: "Effects.", value: func() float64 { return 0 }}
	if _, err := (ops{metrics: []metric{one, one}}).handler(); err == nil {
		t.Error("the same metric was accepted twice")
	}
}

func TestServingEndsWithItsContext(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- serveHTTP(ctx, listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }))
	}()
	if code, _ := get(t, "http://"+listener.Addr().String()); code != http.StatusOK {
		t.Errorf("got %d", code)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("stopping is not a failure: %v", err)
	}
}

func serveOps(t *testing.T, o ops) *httptest.Server {
	t.Helper()
	handler, err := o.handler()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

func get(t *testing.T, url string) (code int, body string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(content)
}
