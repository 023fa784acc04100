package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/sandbox/fakeslack"
	"convene/internal/sandbox/fakeslack/blockkit"
)

// BenchmarkEnvelopeToAck measures a typing event from the moment that Slack
// writes it to the acknowledgement, with the draft's commit before it: over
// loopback, the socket, the router, the service and the database included, and
// the fake's own work too.
func BenchmarkEnvelopeToAck(b *testing.B) {
	w, err := newWorld(b.TempDir(), time.Date(2026, 12, 2, 14, 0, 0, 0, time.UTC), "", "")
	if err != nil {
		b.Fatal(err)
	}
	if err := w.start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := w.halt(); err != nil {
			b.Error(err)
		}
	}()
	s := &story{world: w, seen: map[string]bool{}}
	must := func(_ string, err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	must("", w.openRole())
	must(s.addCmd([]string{"Ana Nováková", "ana@example.com", "America/New_York"}))
	must(s.bookCmd([]string{"Ana"}))
	must("", w.jump(time.Date(2026, 12, 3, 16, 0, 0, 0, time.UTC)))
	must(s.slashCmd([]string{"karly", "/scorecard"}))
	watch := newStopwatch(w)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r, err := w.slack.Fill(context.Background(), karly, fakeslack.Place{}, "Evidence: Communication Triage Judgment", fmt.Sprintf("note %d", i))
		if err != nil || !r.Acked {
			b.Fatalf("not acknowledged: %+v, %v", r, err)
		}
	}
	must("", w.settle())
	watch.reportAcks(b)
}

// BenchmarkLargestScorecard measures the largest scorecard that a role file can
// ask for, with a draft in every field of it: over loopback, with everything
// that the bot does, the socket, the router and the database included.
func BenchmarkLargestScorecard(b *testing.B) {
	l := newLongest(b)
	l.setUp()
	l.add(0)
	l.must(l.steps(karly,
		func(ctx context.Context) (fakeslack.Result, error) {
			return l.slack.Slash(ctx, karly, channelGe, "/schedule-round1", "Name0")
		},
		l.fills(karly, "When?", "0"), l.submits(karly)))
	l.close(karly)
	coming, err := l.app.db.Coming(b.Context(), l.clock.Now())
	if err != nil || len(coming) != 1 {
		b.Fatalf("%d interviews, %v", len(coming), err)
	}
	l.must("", l.jump(coming[0].End.Add(time.Minute)))
	who := panelistID(0)
	open := l.button(who, "scorecard.open")
	if r, err := open(b.Context()); err != nil || r.Failure != "" {
		b.Fatalf("not opened: %+v, %v", r, err)
	}
	l.must("", l.settle())
	l.fillAll(who) // every change is kept

	// From the click on the message's button until Slack has all of views.open.
	b.Run("ClickToViewsOpen", func(b *testing.B) {
		arrived := make(chan time.Time, 1)
		next := l.gate.next
		l.gate.next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/views.open") {
				raw, err := io.ReadAll(r.Body)
				arrived <- time.Now()
				if err == nil {
					r.Body = io.NopCloser(bytes.NewReader(raw))
				}
			}
			next.ServeHTTP(w, r)
		})
		defer func() { l.gate.next = next }()
		var total, own []time.Duration
		watch := newStopwatch(l.world)
		b.ReportAllocs()
		for b.Loop() {
			b.StopTimer()
			l.close(who)
			b.StartTimer()
			begin := time.Now()
			if r, err := open(b.Context()); err != nil || r.Failure != "" {
				b.Fatalf("not opened: %+v, %v", r, err)
			}
			sent := <-arrived
			b.StopTimer()
			l.must("", l.settle()) // so that the click is noted
			total, own = append(total, sent.Sub(begin)), append(own, sent.Sub(watch.last()))
			b.StartTimer()
		}
		b.ReportMetric(typical(total), "ms-to-views.open")
		b.ReportMetric(typical(own), "own-ms-to-views.open")
		b.ReportMetric(undisturbed(own), "own-ms-undisturbed")
	})
	b.Run("TypingToAck", func(b *testing.B) {
		name := "Evidence: " + l.role().Competencies[0].Name
		watch := newStopwatch(l.world)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			r, err := l.slack.Fill(b.Context(), who, fakeslack.Place{}, name, fmt.Sprintf("note %d", i))
			if err != nil || !r.Acked {
				b.Fatalf("not acknowledged: %+v, %v", r, err)
			}
		}
		l.must("", l.settle())
		watch.reportAcks(b)
	})
}

// button returns the click on the newest of a person's messages that has one
// that does the thing.
func (l *longest) button(who, action string) openStep {
	l.t.Helper()
	list := l.slack.DM(who)
	slices.Reverse(list)
	for _, m := range list {
		for _, e := range blockkit.Elements(m.Blocks) {
			if e.ActionID == action {
				return func(ctx context.Context) (fakeslack.Result, error) {
					return l.slack.Click(ctx, who, fakeslack.InMessage(m.Channel, m.TS), e.BlockID, e.ActionID)
				}
			}
		}
	}
	l.t.Fatalf("no message to %s does %s", who, action)
	return nil
}

// role is the longest role as the bot knows it.
func (l *longest) role() *hiring.Role {
	l.t.Helper()
	r, err := l.app.db.Role(l.t.Context(), longestKey)
	if err != nil {
		l.t.Fatal(err)
	}
	return r
}

// BenchmarkStart measures `convene run` as a process of its own: from its start
// until Slack has said hello to it, and the memory it holds then at rest.
func BenchmarkStart(b *testing.B) {
	w, err := newWorld(b.TempDir(), time.Now(), "", "")
	if err != nil {
		b.Fatal(err)
	}
	if err := w.start(); err != nil { // for its server's address
		b.Fatal(err)
	}
	cfg := w.config()
	if err := w.stop(); err != nil { // the bot ends; its server goes on
		b.Fatal(err)
	}
	w.slack.DropConnection(0)
	env := []string{
		"SLACK_BOT_TOKEN=" + botToken, "SLACK_APP_TOKEN=" + appToken, "SLACK_API_URL=" + cfg.SlackAPIURL, "GOOGLE_CALENDAR_URL=" + cfg.GoogleCalendarURL,
		"DATABASE_PATH=" + filepath.Join(w.dir, "bench.db"), "LISTEN_ADDR=",
	}
	var connected, rss time.Duration
	for b.Loop() {
		c, kib := startOnce(b, w, env)
		connected += c
		rss += time.Duration(kib)
	}
	b.ReportMetric(float64(connected.Microseconds())/1000/float64(b.N), "ms-to-hello")
	b.ReportMetric(float64(rss)/1024/float64(b.N), "MiB-idle")
	b.ReportMetric(0, "ns/op")
}

func startOnce(b *testing.B, w *world, env []string) (connected time.Duration, kib int64) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self, "run")
	cmd.Env = append([]string{beTheProgram + "=1"}, env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		w.slack.DropConnection(0)
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for len(w.slack.Connections()) == 0 {
		if ctx.Err() != nil {
			b.Fatalf("not connected:\n%s", stderr.String())
		}
		time.Sleep(200 * time.Microsecond)
	}
	connected = time.Since(begin)
	for range 20 { // at rest: the start's garbage is collected, the members are read
		time.Sleep(100 * time.Millisecond)
	}
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		b.Skip("memory is read from /proc")
	}
	for line := range strings.SplitSeq(string(raw), "\n") {
		if v, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, err = strconv.ParseInt(strings.Fields(v)[0], 10, 64)
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	return connected, kib
}
