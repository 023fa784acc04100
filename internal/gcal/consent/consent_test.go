package consent_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/gcal"
	"convene/internal/gcal/consent"
	"convene/internal/hiring"
	"convene/internal/sandbox/fakegoogle"
)

const interviews = "interviews@corp.example"

// world is Google, with a user who is signed in.
type world struct {
	*fakegoogle.Server
	testing.TB
	url string
}

func start(t *testing.T) *world {
	t.Helper()
	now := time.Date(2026, 11, 18, 15, 0, 0, 0, time.UTC)
	w := &world{TB: t, Server: fakegoogle.New(fakegoogle.Options{Now: func() time.Time { return now }, Strict: true})}
	for _, email := range []string{interviews, "ann@corp.example"} {
		w.check(w.AddUser(fakegoogle.User{Email: email, TimeZone: "America/Chicago"}))
	}
	w.SetConsent(fakegoogle.Consent{Email: interviews})
	web := httptest.NewServer(w.Handler())
	t.Cleanup(web.Close)
	w.url = web.URL
	return w
}

func (w *world) check(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) client() *consent.Client {
	w.Helper()
	raw, err := w.ClientFile(fakegoogle.SandboxClient, w.url)
	w.check(err)
	c, err := consent.ParseClient(raw)
	w.check(err)
	return c
}

// A result is what a login ends with: the file that it saved, or an error.
type result struct {
	file []byte
	err  error
}

// login begins one; save may be nil.
func (w *world) login(ctx context.Context, save func() error) (*consent.Login, <-chan result) {
	w.Helper()
	l, err := consent.Listen(w.client(), 0)
	w.check(err)
	ended := make(chan result, 1)
	go func() {
		var r result
		r.err = l.Run(ctx, func(file []byte) error {
			if save != nil {
				if err := save(); err != nil {
					return err
				}
			}
			r.file = file
			return nil
		})
		ended <- r
	}()
	return l, ended
}

// open opens an address as a browser does, and returns the page at its end.
func open(tb testing.TB, address string) (status int, text string) {
	tb.Helper()
	r, err := http.Get(address)
	if err != nil {
		tb.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return r.StatusCode, string(body)
}

func TestTheFileWorksForTheCalendar(t *testing.T) {
	w := start(t)
	l, ended := w.login(t.Context(), nil)
	status, page := open(t, l.URL())
	got := <-ended
	w.check(got.err)
	if status != 200 || !strings.Contains(page, "The login is done") || !strings.Contains(page, "You can close this page") {
		t.Errorf("the browser shows %d\n%s", status, page)
	}
	if strings.Contains(page, "http") {
		t.Errorf("the page needs something from elsewhere:\n%s", page)
	}
	c, err := gcal.New(t.Context(), gcal.Options{CredentialsJSON: got.file, BaseURL: w.url + "/google/calendar/v3/"})
	w.check(err)
	from := time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC)
	busy, err := c.Busy(t.Context(), []string{"ann@corp.example"}, from, from.AddDate(0, 0, 1))
	w.check(err)
	if ann := busy["ann@corp.example"]; ann.Unreadable != "" {
		t.Errorf("ann's calendar: %+v", ann)
	}
	ev, err := c.Insert(t.Context(), hiring.Event{
		ID: "meeting1", Summary: "Interview", Key: "iv1", Meet: true, Start: from.Add(15 * time.Hour), End: from.Add(16 * time.Hour), Zone: "America/Chicago",
		Guests: []hiring.Guest{{Email: "ann@corp.example"}},
	})
	w.check(err)
	if ev.Link == "" {
		t.Error("no Meet link")
	}
}

func TestWhatGoogleIsAsked(t *testing.T) {
	w := start(t)
	l, _ := w.login(t.Context(), nil)
	u, err := url.Parse(l.URL())
	w.check(err)
	q := u.Query()
	for name, want := range map[string]string{
		"redirect_uri": "http://127.0.0.1:" + l.Port() + "/", "response_type": "code", "access_type": "offline", "prompt": "consent",
		"code_challenge_method": "S256", "scope": strings.Join(append(slices.Clone(gcal.Scopes), gcal.LookScope), " "), "client_id": fakegoogle.SandboxClient,
	} {
		if got := q.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if len(q.Get("state")) < 20 || len(q.Get("code_challenge")) != 43 {
		t.Errorf("state %q, challenge %q", q.Get("state"), q.Get("code_challenge"))
	}
	other, err := consent.Listen(w.client(), 0)
	w.check(err)
	if o, _ := url.Parse(other.URL()); o.Query().Get("state") == q.Get("state") || o.Query().Get("code_challenge") == q.Get("code_challenge") {
		t.Error("two logins have one state or one challenge")
	}
}

// Each of these ends a login with a sentence that the browser shows too, and saves nothing.
func TestALoginThatFailsSaysWhy(t *testing.T) {
	for _, c := range []struct {
		name    string
		arrange func(w *world)
		want    string
	}{
		{"denied", func(w *world) { w.SetConsent(fakegoogle.Consent{Email: interviews, Deny: true}) }, "denied on Google's page"},
		{"a box unticked", func(w *world) {
			w.SetConsent(fakegoogle.Consent{Email: interviews, Untick: gcal.Scopes[1:]})
		}, "missing: " + gcal.Scopes[1] + ". Run it again and leave every box"},
		{"another secret", func(w *world) {
			w.AddFault(fakegoogle.Fault{Method: "token", Before: func(g *fakegoogle.Server) {
				g.AddOAuthClient(fakegoogle.OAuthClient{ID: fakegoogle.SandboxClient, Secret: "changed"})
			}})
		}, "doesn't accept the OAuth client"},
		{"Google is down", func(w *world) {
			w.AddFault(fakegoogle.Fault{Method: "token", Action: fakegoogle.FaultHTML502})
		}, "not available (HTTP status 502)"},
		{"the answer is lost", func(w *world) {
			w.AddFault(fakegoogle.Fault{Method: "token", Action: fakegoogle.FaultDropBefore})
		}, "can't be reached"},
		{"half an answer", func(w *world) {
			w.AddFault(fakegoogle.Fault{Method: "token", Action: fakegoogle.FaultTruncatedJSON})
		}, "can't be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := start(t)
			c.arrange(w)
			l, ended := w.login(t.Context(), nil)
			status, page := open(t, l.URL())
			got := <-ended
			if got.err == nil || !strings.Contains(got.err.Error(), c.want) || got.file != nil {
				t.Errorf("got %v, file %q; want %q", got.err, got.file, c.want)
			}
			if status != 400 || !strings.Contains(page, "Nothing was saved") {
				t.Errorf("the browser shows %d\n%s", status, page)
			}
			for _, secret := range []string{"4/fake", "1//fake", "ya29", fakegoogle.SandboxSecret + `"`} {
				if got.err != nil && strings.Contains(got.err.Error()+page, secret) {
					t.Errorf("it shows %q", secret)
				}
			}
		})
	}
}

// answering is a token endpoint with one answer.
func answering(t *testing.T, answer map[string]any) *consent.Client {
	t.Helper()
	web := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(rw).Encode(answer)
	}))
	t.Cleanup(web.Close)
	c, err := consent.ParseClient(fmt.Appendf(nil, `{"installed":{"client_id":"a","client_secret":"b","token_uri":%q}}`, web.URL))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// back is the address to which Google would send the browser.
func back(l *consent.Login, answer url.Values) string {
	asked, _ := url.Parse(l.URL())
	if !answer.Has("state") {
		answer.Set("state", asked.Query().Get("state"))
	}
	return asked.Query().Get("redirect_uri") + "?" + answer.Encode()
}

func TestAnAnswerWithoutARefreshTokenIsRefused(t *testing.T) {
	l, err := consent.Listen(answering(t, map[string]any{"access_token": "ya29.x", "token_type": "Bearer", "expires_in": 3599}), 0)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- l.Run(t.Context(), func([]byte) error { t.Error("saved"); return nil }) }()
	open(t, back(l, url.Values{"code": {"c"}}))
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "myaccount.google.com/connections") {
		t.Errorf("got %v", err)
	}
}

func TestOtherAnswersChangeNothing(t *testing.T) {
	w := start(t)
	var l *consent.Login
	// A second answer arrives while the first is worked on.
	l, ended := w.login(t.Context(), func() error {
		if status, page := open(t, back(l, url.Values{"code": {"4/other"}})); status != 409 || !strings.Contains(page, "answered already") {
			t.Errorf("a second answer gets %d\n%s", status, page)
		}
		return nil
	})
	for _, c := range []struct {
		address string
		status  int
	}{
		{back(l, url.Values{"code": {"4/other"}, "state": {"guessed"}}), 400},
		{back(l, url.Values{"code": {"4/other"}, "state": {""}}), 400},
		{back(l, url.Values{"error": {"access_denied"}, "state": {"guessed"}}), 400},
		{"http://127.0.0.1:" + l.Port() + "/", 400},
		{"http://127.0.0.1:" + l.Port() + "/favicon.ico", 404},
		{strings.Replace(back(l, url.Values{"code": {"4/other"}}), "127.0.0.1", "localhost", 1), 404}, // not the address that Google was given
	} {
		if status, _ := open(t, c.address); status != c.status {
			t.Errorf("%s gets %d, want %d", c.address, status, c.status)
		}
	}
	r, err := http.Post(back(l, url.Values{"code": {"4/other"}}), "text/plain", nil)
	w.check(err)
	r.Body.Close()
	if r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST gets %d", r.StatusCode)
	}
	open(t, l.URL()) // and the real one still counts
	if got := <-ended; got.err != nil || got.file == nil {
		t.Errorf("got %v", got.err)
	}
}

func TestALoginEnds(t *testing.T) {
	w := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	l, ended := w.login(ctx, nil)
	cancel()
	if got := <-ended; got.err == nil || errors.Is(got.err, context.Canceled) || !strings.Contains(got.err.Error(), "nothing was written") {
		t.Errorf("stopped: %v", got.err)
	}
	if _, err := http.Get(back(l, url.Values{})); err == nil {
		t.Error("it still listens")
	}

	l, err := consent.Listen(w.client(), 0)
	w.check(err)
	l.Limit = time.Nanosecond
	if err := l.Run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "nobody consented within") {
		t.Errorf("its time is over: %v", err)
	}

	// A file that can't be saved is told to the browser.
	l, ended = w.login(t.Context(), func() error { return errors.New("the disk is full") })
	if _, page := open(t, l.URL()); !strings.Contains(page, "the disk is full") {
		t.Errorf("the browser shows\n%s", page)
	}
	<-ended
}

func TestOnePortForOneLogin(t *testing.T) {
	w := start(t)
	l, _ := w.login(t.Context(), nil)
	var port int
	_, err := fmt.Sscan(l.Port(), &port)
	w.check(err)
	if _, err := consent.Listen(w.client(), port); err == nil || !strings.Contains(err.Error(), "--port") {
		t.Errorf("a port that is taken: %v", err)
	}
}

func TestClientFiles(t *testing.T) {
	installed := func(more string) string {
		return `{"installed":{"client_id":"id-1","client_secret":"topsecret"` + more + `}}`
	}
	for _, c := range []struct {
		name, file string
		port       int
		want       string // in the error; "": it is good
	}{
		{"desktop", installed(""), 0, ""},
		{"Google's", installed(`,"auth_uri":"https://accounts.google.com/o/oauth2/auth","token_uri":"https://oauth2.googleapis.com/token"`), 8085, ""},
		{"this machine", installed(`,"auth_uri":"http://127.0.0.1:1/auth","token_uri":"http://localhost:1/token"`), 0, ""},
		{"unencrypted", installed(`,"token_uri":"http://proxy.example/token"`), 0, "bad token_uri"},
		{"a script", installed(`,"auth_uri":"javascript:alert(1)"`), 0, "bad auth_uri"},
		{"no JSON", "topsecret", 0, "is not JSON"},
		{"empty", "{}", 0, "not an OAuth client"},
		{"no secret", `{"installed":{"client_id":"id-1"}}`, 0, "no client_secret"},
		{"a key", `{"type":"service_account"}`, 0, "service-account key"},
		{"a result", `{"type":"authorized_user"}`, 0, "GOOGLE_CREDENTIALS to it"},
		{"web", `{"web":{"client_id":"id-1","client_secret":"topsecret","redirect_uris":["https://app.example/back"]}}`, 0, "register http://127.0.0.1:8085/"},
		{"web with a port", `{"web":{"client_id":"id-1","client_secret":"topsecret","redirect_uris":["http://localhost:8085/back"]}}`, 0, ""},
		{"web with that port", `{"web":{"client_id":"id-1","client_secret":"topsecret","redirect_uris":["http://localhost:8085/back"]}}`, 8085, ""},
		{"web with another port", `{"web":{"client_id":"id-1","client_secret":"topsecret","redirect_uris":["http://localhost:8085/back"]}}`, 8086, "use --port 8086"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, err := consent.ParseClient([]byte(c.file))
			if err == nil {
				err = client.CheckPort(c.port)
			}
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "topsecret") {
				t.Errorf("it shows the secret: %v", err)
			}
		})
	}
}

func TestAWebClientIsSentWhereItIsRegistered(t *testing.T) {
	w := start(t)
	free := httptest.NewServer(nil) // a port that is free in a moment
	address := strings.Replace(free.URL, "127.0.0.1", "localhost", 1) + "/back"
	free.Close()
	w.AddOAuthClient(fakegoogle.OAuthClient{ID: "web", Secret: "s", RedirectURIs: []string{"https://app.example/", address}})
	raw, err := w.ClientFile("web", w.url)
	w.check(err)
	c, err := consent.ParseClient(raw)
	w.check(err)
	l, err := consent.Listen(c, 0)
	w.check(err)
	ended := make(chan error, 1)
	go func() { ended <- l.Run(t.Context(), func([]byte) error { return nil }) }()
	if status, page := open(t, l.URL()); status != 200 {
		t.Errorf("the browser shows %d\n%s", status, page)
	}
	w.check(<-ended)
}
