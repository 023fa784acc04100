package fakegoogle

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// SandboxClient and SandboxSecret are the OAuth client that every server knows: a desktop app.
const (
	SandboxClient = "sandbox.apps.googleusercontent.com"
	SandboxSecret = "sandbox"
)

// OAuthClient is a program that asks users for their consent.
type OAuthClient struct {
	ID     string `json:"id"`
	Secret string `json:"secret"`
	// RedirectURIs are registered for a web app, and hold it to the letter. A desktop app has none: any port of a
	// loopback address will do.
	RedirectURIs []string `json:"redirectUris,omitempty"`
}

// Consent is what the user does on the consent page.
type Consent struct {
	Email  string   `json:"email,omitempty"`  // who signs in; empty: login_hint, or the anonymous principal
	Deny   bool     `json:"deny,omitempty"`   // they choose Cancel
	Untick []string `json:"untick,omitempty"` // scopes that they don't grant
}

// authCode is a consent that was not yet exchanged for tokens.
type authCode struct {
	Client      string    `json:"client"`
	RedirectURI string    `json:"redirectUri"`
	Email       string    `json:"email"`
	Scopes      []string  `json:"scopes"`
	Challenge   string    `json:"challenge,omitempty"`
	Method      string    `json:"method,omitempty"` // S256 or plain
	Refresh     bool      `json:"refresh"`          // a refresh token comes with it
	Expires     time.Time `json:"expires"`
}

const codePrefix = "4/fake-"

// codeLife is how long a code works. Google doesn't say; RFC 6749 recommends ten minutes at the most.
const codeLife = 10 * time.Minute

// AddOAuthClient registers a program that asks for consent.
func (s *Server) AddOAuthClient(c OAuthClient) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.OAuthClients[c.ID] = &c
}

// SetConsent says what users do on the consent page from now on; at first they say yes to everything.
func (s *Server) SetConsent(c Consent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Consent = c
}

// ClientFile returns the JSON file of an OAuth client that Google Cloud would let its owner download.
func (s *Server) ClientFile(id, baseURL string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.state.OAuthClients[id]
	if !ok {
		return nil, fmt.Errorf("fakegoogle: no OAuth client %s", id)
	}
	kind, uris := "installed", []string{"http://localhost"}
	if len(c.RedirectURIs) > 0 {
		kind, uris = "web", c.RedirectURIs
	}
	return json.MarshalIndent(map[string]any{kind: map[string]any{
		"client_id": c.ID, "client_secret": c.Secret, "project_id": "sandbox", "redirect_uris": uris,
		"auth_uri": baseURL + prefix + "auth", "token_uri": baseURL + prefix + "token",
	}}, "", "  ")
}

// serveConsent is the consent page, on which the user acts at once. What Google shows on a page of its own, and not to
// the program, is answered with an error status.
func (s *Server) serveConsent(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s.mu.Lock()
	back, status, problem := s.consent(q)
	s.mu.Unlock()
	if problem != "" {
		http.Error(w, http.StatusText(status)+". That's an error: "+problem, status)
		return
	}
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (s *Server) consent(q url.Values) (back *url.URL, status int, problem string) {
	client := s.state.OAuthClients[q.Get("client_id")]
	if client == nil {
		return nil, http.StatusUnauthorized, "invalid_client: The OAuth client was not found."
	}
	back, ok := client.redirect(q.Get("redirect_uri"))
	scopes := strings.Fields(q.Get("scope"))
	method := q.Get("code_challenge_method")
	challenge := q.Get("code_challenge")
	user := s.state.Users[s.signedIn(q.Get("login_hint"))]
	switch {
	case !ok:
		return nil, http.StatusBadRequest, "redirect_uri_mismatch"
	case q.Get("response_type") != "code":
		return nil, http.StatusBadRequest, "invalid_request: Invalid response_type."
	case len(scopes) == 0:
		return nil, http.StatusBadRequest, "invalid_request: Missing required parameter: scope"
	case challenge != "" && (len(challenge) < 43 || len(challenge) > 128), challenge == "" && method != "":
		return nil, http.StatusBadRequest, "invalid_request: Invalid code_challenge."
	case method != "" && method != "S256" && method != "plain":
		return nil, http.StatusBadRequest, "invalid_request: Invalid code_challenge_method."
	case user == nil || user.Suspended:
		return nil, http.StatusBadRequest, "invalid_request: Couldn't find your account."
	}
	for _, scope := range scopes {
		if !knownScope(scope) {
			return nil, http.StatusBadRequest, "invalid_scope: " + scope
		}
	}
	granted := slices.DeleteFunc(scopes, func(scope string) bool {
		return slices.Contains(fullScopes(s.state.Consent.Untick), scope)
	})
	answer := back.Query()
	answer.Set("state", q.Get("state"))
	if s.state.Consent.Deny || len(granted) == 0 {
		answer.Set("error", "access_denied")
		back.RawQuery = answer.Encode()
		return back, 0, ""
	}
	code := codePrefix + s.newID("code")
	s.state.AuthCodes[code] = authCode{
		Client: client.ID, RedirectURI: q.Get("redirect_uri"), Email: user.Email, Scopes: granted, Challenge: challenge, Method: method,
		// Offline access comes with the first consent, and after that only with one that is asked for anew.
		Refresh: q.Get("access_type") == "offline" &&
			(slices.Contains(strings.Fields(q.Get("prompt")), "consent") || !s.consentedBefore(user.Email, client.ID)),
		Expires: s.opt.ProtocolNow().Add(codeLife),
	}
	answer.Set("code", code)
	answer.Set("scope", strings.Join(granted, " "))
	back.RawQuery = answer.Encode()
	return back, 0, ""
}

// redirect returns where the browser may be sent: for a web app what was registered, for a desktop app any port of this
// machine. https://developers.google.com/identity/protocols/oauth2/native-app#redirect-uri_loopback
func (c *OAuthClient) redirect(uri string) (*url.URL, bool) {
	u, err := url.Parse(uri)
	if err != nil || u.Fragment != "" {
		return nil, false
	}
	if len(c.RedirectURIs) > 0 {
		return u, slices.Contains(c.RedirectURIs, uri)
	}
	ip := net.ParseIP(u.Hostname())
	return u, u.Scheme == "http" && u.User == nil && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

func (s *Server) signedIn(hint string) string {
	for _, email := range []string{s.state.Consent.Email, hint} {
		if email != "" {
			return fold(email)
		}
	}
	return fold(s.opt.AnonymousPrincipal)
}

func (s *Server) consentedBefore(email, client string) bool {
	for _, t := range s.state.RefreshTokens {
		if t.Email == email && t.Client == client && !t.Revoked {
			return true
		}
	}
	return false
}

// knownScope reports whether a scope is one of Google's that a calendar program may ask for.
func knownScope(scope string) bool {
	return slices.Contains([]string{"openid", "email", "profile"}, scope) || strings.HasPrefix(scope, scopePrefix)
}

// authenticateClient says which program asks for tokens: in the form, or by HTTP's basic authentication.
// https://datatracker.ietf.org/doc/html/rfc6749#section-2.3.1
func (s *Server) authenticateClient(r *http.Request) (string, *tokenError) {
	id, secret := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	if user, password, ok := r.BasicAuth(); ok {
		id, _ = url.QueryUnescape(user)
		secret, _ = url.QueryUnescape(password)
	}
	client := s.state.OAuthClients[id]
	switch {
	case id == "":
		return "", &tokenError{400, "invalid_request", "Could not determine client ID from request."}
	case client == nil:
		return "", &tokenError{401, "invalid_client", "The OAuth client was not found."}
	case secret == "":
		return "", &tokenError{400, "invalid_request", "client_secret is missing."}
	case subtle.ConstantTimeCompare([]byte(secret), []byte(client.Secret)) != 1:
		return "", &tokenError{401, "invalid_client", "The provided client secret is invalid."}
	}
	return id, nil
}

// grantCode exchanges a code, once, for the program and the address that it was given to.
// https://datatracker.ietf.org/doc/html/rfc7636#section-4.6
func (s *Server) grantCode(r *http.Request) (map[string]any, *tokenError) {
	client, refused := s.authenticateClient(r)
	if refused != nil {
		return nil, refused
	}
	form := r.PostForm
	code, ok := s.state.AuthCodes[form.Get("code")]
	switch {
	case !strings.HasPrefix(form.Get("code"), codePrefix):
		return nil, &tokenError{400, "invalid_grant", "Malformed auth code."}
	case !ok || code.Client != client || !s.opt.ProtocolNow().Before(code.Expires):
		return nil, &tokenError{400, "invalid_grant", "Bad Request"}
	}
	delete(s.state.AuthCodes, form.Get("code")) // also when the rest is wrong: it was shown
	verifier := form.Get("code_verifier")
	switch {
	case code.RedirectURI != form.Get("redirect_uri"):
		return nil, &tokenError{400, "redirect_uri_mismatch", "Bad Request"}
	case code.Challenge == "" && verifier != "":
		return nil, &tokenError{400, "invalid_grant", "code_verifier or verifier is not needed."}
	case code.Challenge != "" && verifier == "":
		return nil, &tokenError{400, "invalid_grant", "Missing code verifier."}
	case code.Challenge != "" && challengeOf(verifier, code.Method) != code.Challenge:
		return nil, &tokenError{400, "invalid_grant", "Invalid code verifier."}
	}
	if u := s.state.Users[code.Email]; u == nil || u.Suspended {
		return nil, &tokenError{400, "invalid_grant", "Account has been disabled."}
	}
	answer := s.tokenAnswer(accessToken{Email: code.Email, Scopes: code.Scopes})
	if code.Refresh {
		answer["refresh_token"] = s.newRefreshToken(code.Email, client, code.Scopes)
	}
	return answer, nil
}

func challengeOf(verifier, method string) string {
	if method != "S256" {
		return verifier
	}
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
