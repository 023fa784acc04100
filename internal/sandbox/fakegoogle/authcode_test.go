package fakegoogle_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
	"google.golang.org/api/calendar/v3"

	"convene/internal/sandbox/fakegoogle"
)

// A consent is asked for with these, and exchanged with those.
type login struct{ page, token url.Values }

const verifier = "0123456789012345678901234567890123456789012"

func newLogin() login {
	return login{
		page: url.Values{
			"response_type": {"code"}, "client_id": {fakegoogle.SandboxClient}, "redirect_uri": {"http://127.0.0.1:1/back"}, "state": {"s1"},
			"scope": {calendar.CalendarEventsScope}, "access_type": {"offline"}, "login_hint": {ann},
			"code_challenge": {oauth2.S256ChallengeFromVerifier(verifier)}, "code_challenge_method": {"S256"},
		},
		token: url.Values{
			"grant_type": {"authorization_code"}, "client_id": {fakegoogle.SandboxClient}, "client_secret": {fakegoogle.SandboxSecret},
			"redirect_uri": {"http://127.0.0.1:1/back"}, "code_verifier": {verifier},
		},
	}
}

// consent opens the page and returns where the browser is sent, or what the page says.
func (g *world) consent(q url.Values) (back url.Values, status int) {
	page := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := page.Get(g.url + "/google/auth?" + q.Encode())
	must(g.t, err)
	r.Body.Close()
	if r.StatusCode != http.StatusFound {
		return nil, r.StatusCode
	}
	to, err := r.Location()
	must(g.t, err)
	if got := "http://" + to.Host + to.Path; got != q.Get("redirect_uri") {
		g.t.Errorf("sent back to %s", got)
	}
	return to.Query(), r.StatusCode
}

// exchange returns the answer of the token endpoint, and its error.
func (g *world) exchange(form url.Values) (answer map[string]any, refused string) {
	r, err := http.PostForm(g.url+"/google/token", form)
	must(g.t, err)
	defer r.Body.Close()
	must(g.t, json.NewDecoder(r.Body).Decode(&answer))
	if r.StatusCode != http.StatusOK {
		return nil, fmt.Sprintf("%d %s: %s", r.StatusCode, answer["error"], answer["error_description"])
	}
	return answer, ""
}

func TestConsentGivesTokens(t *testing.T) {
	g := start(t)
	l := newLogin()
	back, _ := g.consent(l.page)
	if back.Get("state") != "s1" || back.Get("scope") != calendar.CalendarEventsScope {
		t.Errorf("sent back with %v", back)
	}
	l.token.Set("code", back.Get("code"))
	answer, refused := g.exchange(l.token)
	if refused != "" || answer["scope"] != calendar.CalendarEventsScope {
		t.Fatalf("the code gets %v %s", answer, refused)
	}
	renew := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {fmt.Sprint(answer["refresh_token"])},
		"client_id": {fakegoogle.SandboxClient}, "client_secret": {fakegoogle.SandboxSecret}}
	if _, refused := g.exchange(renew); refused != "" {
		t.Errorf("the refresh token gets %s", refused)
	}
	renew.Set("client_secret", "guessed")
	if _, refused := g.exchange(renew); !strings.HasPrefix(refused, "401 invalid_client") {
		t.Errorf("without the secret it gets %q", refused)
	}
	if _, refused := g.exchange(l.token); !strings.HasPrefix(refused, "400 invalid_grant") {
		t.Errorf("the code's second use gets %q", refused)
	}

	// Offline access comes once, unless the consent is asked for anew.
	for prompt, want := range map[string]bool{"": false, "select_account": false, "consent": true} {
		l := newLogin()
		l.page.Set("prompt", prompt)
		back, _ := g.consent(l.page)
		l.token.Set("code", back.Get("code"))
		if answer, refused := g.exchange(l.token); refused != "" || (answer["refresh_token"] != nil) != want {
			t.Errorf("prompt %q: %v %s", prompt, answer, refused)
		}
	}
}

func TestTheConsentPageRefuses(t *testing.T) {
	g := start(t)
	g.AddOAuthClient(fakegoogle.OAuthClient{ID: "web", Secret: "x", RedirectURIs: []string{"http://127.0.0.1:1/back"}})
	for _, c := range []struct {
		name, value string
		status      int
	}{
		{"client_id", "nobody", 401},
		{"client_id", "web", 302},
		{"redirect_uri", "http://attacker.example/", 400},
		{"redirect_uri", "https://127.0.0.1:1/back", 400},
		{"redirect_uri", "http://localhost:7/", 302},
		{"response_type", "token", 400},
		{"scope", "", 400},
		{"scope", "https://other.example/auth", 400},
		{"code_challenge", "short", 400},
		{"code_challenge_method", "md5", 400},
		{"login_hint", "nobody@corp.example", 400},
	} {
		l := newLogin()
		l.page.Set(c.name, c.value)
		if _, status := g.consent(l.page); status != c.status {
			t.Errorf("%s=%s gets %d, want %d", c.name, c.value, status, c.status)
		}
	}
	l := newLogin()
	l.page.Set("client_id", "web")
	l.page.Set("redirect_uri", "http://127.0.0.1:2/back") // a web app's is held to the letter
	if _, status := g.consent(l.page); status != 400 {
		t.Errorf("another port of a web app gets %d", status)
	}
	g.SetConsent(fakegoogle.Consent{Deny: true})
	back, _ := g.consent(newLogin().page)
	if back.Get("error") != "access_denied" || back.Get("state") != "s1" || back.Get("code") != "" {
		t.Errorf("a denial sends back %v", back)
	}
}

func TestTheTokenEndpointRefuses(t *testing.T) {
	now := at("2026-11-18T09:00:00Z")
	g := start(t, func(o *fakegoogle.Options) { o.ProtocolNow = func() time.Time { return now } })
	g.AddOAuthClient(fakegoogle.OAuthClient{ID: "other", Secret: "x"})
	for _, c := range []struct {
		name, value string
		later       time.Duration
		want        string
	}{
		{"code", "made-up", 0, "400 invalid_grant: Malformed"},
		{"code", "4/fake-guess", 0, "400 invalid_grant: Bad Request"},
		{"client_id", "nobody", 0, "401 invalid_client"},
		{"client_id", "other", 0, "401 invalid_client"}, // with the first one's secret
		{"client_secret", "guessed", 0, "401 invalid_client"},
		{"client_secret", "", 0, "400 invalid_request"},
		{"redirect_uri", "http://127.0.0.1:1/", 0, "400 redirect_uri_mismatch"},
		{"code_verifier", "", 0, "400 invalid_grant: Missing code verifier"},
		{"code_verifier", strings.Repeat("x", 43), 0, "400 invalid_grant: Invalid code verifier"},
		{"grant_type", "password", 0, "400 unsupported_grant_type"},
		{"state", "ignored", 11 * time.Minute, "400 invalid_grant: Bad Request"},
	} {
		l := newLogin()
		back, _ := g.consent(l.page)
		l.token.Set("code", back.Get("code"))
		l.token.Set(c.name, c.value)
		now = now.Add(c.later)
		if _, refused := g.exchange(l.token); !strings.HasPrefix(refused, c.want) {
			t.Errorf("%s=%s: got %q, want %q", c.name, c.value, refused, c.want)
		}
	}
	// A code that was caught belongs to the program that asked.
	l := newLogin()
	back, _ := g.consent(l.page)
	l.token.Set("code", back.Get("code"))
	l.token.Set("client_id", "other")
	l.token.Set("client_secret", "x")
	if _, refused := g.exchange(l.token); !strings.HasPrefix(refused, "400 invalid_grant") {
		t.Errorf("another program gets %q", refused)
	}
}
