package sandbox_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"convene/internal/sandbox"
)

// drawings reads the stream of a page: each drawing is HTML.
func (w *world) drawings(query string) <-chan string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	w.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", w.url+"/live?"+query, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = res.Body.Close() })
	out := make(chan string)
	go func() {
		defer close(out)
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 1<<22)
		for lines.Scan() {
			var html string
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && json.Unmarshal([]byte(data), &html) == nil {
				select {
				case out <- html:
				case <-ctx.Done():
					return
				}
			}
		}
	}()
	return out
}

func TestLiveSendsWhatIsNew(t *testing.T) {
	w := newWorld(t)
	w.act("say", fields{"as": "karly", "channel": "#general", "text": "Bonjour", "wait": "0s"})
	live := w.drawings("as=mark&at=" + w.Company().General)
	if first := <-live; !strings.Contains(first, "Bonjour") {
		t.Fatalf("the first drawing lacks the message:\n%s", first)
	}
	w.act("say", fields{"as": "karly", "channel": "#general", "text": "Au revoir", "wait": "0s"})
	for html := range live {
		if !strings.Contains(html, "Au revoir") {
			continue // of something else that changed
		}
		if strings.Contains(html, "Bonjour") || !strings.Contains(html, "data-same") {
			t.Errorf("the first message came again:\n%s", html)
		}
		return
	}
	t.Error("the second message never came")
}

func TestPageAndStreamFitTogether(t *testing.T) {
	w := newWorld(t)
	w.act("say", fields{"as": "karly", "channel": "#general", "text": "Bonjour", "wait": "0s"})
	html, _ := w.page("/?as=mark&at=" + w.Company().General)
	_, rest, _ := strings.Cut(html, `data-drawing="`)
	name, _, _ := strings.Cut(rest, `"`)
	if first := <-w.drawings("as=mark&drawing=" + name + "&at=" + w.Company().General); strings.Contains(first, "Bonjour") {
		t.Error("the stream sends what the page has")
	}
	if again := <-w.drawings("as=mark&drawing=" + name + "&at=" + w.Company().General); !strings.Contains(again, "Bonjour") {
		t.Error("a stream that begins again doesn't send everything")
	}
}

func TestTroubleIsSwitchedOnAndOff(t *testing.T) {
	w := newWorld(t)
	status := func(path string) int {
		_, res := w.page(path)
		return res.StatusCode
	}
	const events = "/google/calendar/v3/calendars/primary/events"
	w.call("POST", "/sandbox/api/trouble", fields{"google": "down", "slack": "limited"}, nil)
	if got := status(events); got != http.StatusServiceUnavailable {
		t.Errorf("Google is down and answers %d", got)
	}
	if got := status("/slack/api/auth.test"); got != http.StatusTooManyRequests {
		t.Errorf("Slack has too many requests and answers %d", got)
	}
	if html, _ := w.page("/?as=karly"); !strings.Contains(html, "something is switched on") {
		t.Error("the page doesn't say that something is wrong")
	}
	w.call("POST", "/sandbox/api/trouble", fields{"google": "", "slack": ""}, nil)
	if got := status(events); got != http.StatusOK {
		t.Errorf("Google is up again and answers %d", got)
	}
	if got := w.call("POST", "/sandbox/api/trouble", fields{"google": "sad"}, nil); got != http.StatusBadRequest {
		t.Errorf("unknown trouble: %d", got)
	}
	if got := w.call("POST", "/sandbox/api/bot/stop", nil, nil); got != http.StatusBadRequest {
		t.Errorf("a bot that is another program is stopped: %d", got)
	}
}

func TestWhatIsDueNext(t *testing.T) {
	w := newWorld(t)
	w.SetDue(func(context.Context) ([]sandbox.Due, error) {
		return []sandbox.Due{{At: start.Add(time.Hour), What: "a scorecard is asked for"}, {At: start, What: "gone by"}}, nil
	})
	var clock sandbox.ClockState
	w.call("GET", "/sandbox/api/clock", nil, &clock)
	if len(clock.Due) != 1 || clock.Due[0].What != "a scorecard is asked for" {
		t.Errorf("due next: %+v", clock.Due)
	}
	if html, _ := w.page("/?as=karly"); !strings.Contains(html, "a scorecard is asked for") {
		t.Error("the page doesn't show it")
	}
}

func TestCalendarShowsEveryonesWeek(t *testing.T) {
	w := newWorld(t)
	html, _ := w.page("/?as=karly&at=calendar")
	for _, want := range []string{"Mon 23 Nov", "Fri 27 Nov", "Karly Oykhman", "Sebastian Gant", "Client: Badger Outdoor", "Add an event for Mark on Thursday, 26 November"} {
		if !strings.Contains(html, want) {
			t.Errorf("the calendar lacks %q", want)
		}
	}
	html, _ = w.page("/?as=karly&at=calendar&week=2026-12-02&new=mark@asymmetric.example&day=2026-12-03")
	for _, want := range []string{"Mon 30 Nov", "New event for Mark", `value="2026-12-03T10:00"`, "This week"} {
		if !strings.Contains(html, want) {
			t.Errorf("the next week lacks %q", want)
		}
	}
}
