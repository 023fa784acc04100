package fakegoogle

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// tokenError is an error of the token endpoint, which has another shape than the API's.
// https://datatracker.ietf.org/doc/html/rfc6749#section-5.2
type tokenError struct {
	Status      int
	Code        string
	Description string
}

func (e *tokenError) Error() string { return e.Code + ": " + e.Description }

func (s *Server) serveToken(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	parseErr := r.ParseForm()
	entry := s.note(&Request{Method: "token", HTTPMethod: r.Method, Path: r.URL.Path, Body: "grant_type=" + r.PostForm.Get("grant_type")})
	s.mu.Lock()
	fault := s.takeFault("token", r)
	if fault != nil {
		entry.Fault = fault.Action
	}
	s.mu.Unlock()
	var spoiled *apiError
	if errors.As(fault.before(s), &spoiled) {
		s.finish(entry, spoiled.Code)
		if spoiled.RawType != "" {
			spoiled.write(w)
			return
		}
		writeJSON(w, spoiled.Code, map[string]string{"error": spoiled.Reason, "error_description": spoiled.Message})
		return
	}
	answer, refused := s.grant(r)
	if parseErr != nil {
		refused = &tokenError{400, "invalid_request", "The form could not be read."}
	}
	status := http.StatusOK
	if refused != nil {
		status = refused.Status
	}
	s.finish(entry, status)
	if fault.after(w) {
		return
	}
	if refused != nil {
		writeJSON(w, refused.Status, map[string]string{"error": refused.Code, "error_description": refused.Description})
		return
	}
	writeJSON(w, status, answer)
}

func (s *Server) grant(r *http.Request) (map[string]any, *tokenError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch form := r.PostForm; form.Get("grant_type") {
	case "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion":
		return s.grantAssertion(form.Get("assertion"), requestURL(r))
	case "refresh_token":
		client, refused := s.authenticateClient(r)
		if refused != nil {
			return nil, refused
		}
		t, ok := s.state.RefreshTokens[form.Get("refresh_token")]
		if u := s.state.Users[t.Email]; !ok || t.Client != client || t.Revoked || u == nil || u.Suspended {
			return nil, &tokenError{400, "invalid_grant", "Token has been expired or revoked."}
		}
		return s.tokenAnswer(accessToken{Email: t.Email, Scopes: t.Scopes}), nil
	case "authorization_code":
		return s.grantCode(r)
	default:
		return nil, &tokenError{400, "unsupported_grant_type", "Invalid grant_type: " + form.Get("grant_type")}
	}
}

func (s *Server) tokenAnswer(t accessToken) map[string]any {
	return map[string]any{
		"access_token": s.issue(t), "expires_in": int(tokenLife.Seconds()), "token_type": "Bearer",
		"scope": strings.Join(t.Scopes, " "),
	}
}

// claims are what a service account asserts.
// https://developers.google.com/identity/protocols/oauth2/service-account
type claims struct {
	Iss   string `json:"iss"`
	Sub   string `json:"sub"`
	Scope string `json:"scope"`
	Aud   string `json:"aud"`
	Iat   int64  `json:"iat"`
	Exp   int64  `json:"exp"`
}

// clockSkew is how far a client's clock may be off.
const clockSkew = 5 * time.Minute

func (s *Server) grantAssertion(assertion, audience string) (map[string]any, *tokenError) {
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		return nil, &tokenError{400, "invalid_grant", "Bad JWT: it has not three parts."}
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	var c claims
	if err != nil || json.Unmarshal(payload, &c) != nil {
		return nil, &tokenError{400, "invalid_grant", "Bad JWT: its claims are no JSON."}
	}
	account := s.state.ServiceAccounts[fold(c.Iss)]
	if account == nil {
		return nil, &tokenError{400, "invalid_grant", "Invalid grant: account not found"}
	}
	if account.PublicKey != "" && !validSignature(account.PublicKey, parts) {
		return nil, &tokenError{400, "invalid_grant", "Invalid JWT Signature."}
	}
	now := s.opt.ProtocolNow()
	issued, expires := time.Unix(c.Iat, 0), time.Unix(c.Exp, 0)
	if c.Aud != audience || expires.Sub(issued) > time.Hour || now.After(expires.Add(clockSkew)) || issued.After(now.Add(clockSkew)) {
		return nil, &tokenError{400, "invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe, for this audience."}
	}
	scopes := strings.Fields(c.Scope)
	if len(scopes) == 0 {
		return nil, &tokenError{400, "invalid_scope", "Invalid OAuth scope or ID token audience provided."}
	}
	if c.Sub == "" || fold(c.Sub) == account.Email {
		return s.tokenAnswer(accessToken{Email: account.Email, Bare: true, Scopes: scopes}), nil
	}
	if !account.Delegated || !subset(scopes, account.DelegatedScopes) {
		return nil, &tokenError{s.opt.UnauthorizedClientStatus, "unauthorized_client",
			"Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested."}
	}
	user := s.state.Users[fold(c.Sub)]
	if user == nil {
		return nil, &tokenError{400, "invalid_grant", "Invalid email or User ID"}
	}
	if user.Suspended {
		return nil, &tokenError{400, "invalid_grant", "Account has been disabled."}
	}
	return s.tokenAnswer(accessToken{Email: user.Email, Scopes: scopes, Account: account.Email}), nil
}

func subset(scopes, allowed []string) bool {
	has := map[string]bool{}
	for _, scope := range fullScopes(allowed) {
		has[scope] = true
	}
	for _, scope := range scopes {
		if !has[scope] {
			return false
		}
	}
	return true
}

func validSignature(publicKey string, parts []string) bool {
	block, _ := pem.Decode([]byte(publicKey))
	if block == nil {
		return false
	}
	key, err := x509.ParsePKCS1PublicKey(block.Bytes)
	if err != nil {
		return false
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return false
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil
}

// requestURL is the address that a client used, which is the audience it must have signed for.
func requestURL(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	u := url.URL{Scheme: scheme, Host: r.Host, Path: r.URL.Path}
	if original := r.RequestURI; strings.HasPrefix(original, "/") { // the path before a StripPrefix
		u.Path, _, _ = strings.Cut(original, "?")
	}
	return u.String()
}

// ServiceAccountKey makes a key for a service account that was added before, and returns the JSON file that Google
// would let an administrator download. baseURL is where the server is mounted, e.g. http://127.0.0.1:8080.
func (s *Server) ServiceAccountKey(account, baseURL string) ([]byte, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.state.ServiceAccounts[fold(account)]
	if a == nil {
		return nil, fmt.Errorf("fakegoogle: no service account %s", account)
	}
	a.PublicKey = string(pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&key.PublicKey)}))
	return json.MarshalIndent(map[string]string{
		"type":           "service_account",
		"project_id":     "sandbox",
		"private_key_id": s.newID("key"),
		"private_key":    string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})),
		"client_email":   a.Email,
		"client_id":      "100000000000000000001",
		"auth_uri":       baseURL + prefix + "auth",
		"token_uri":      baseURL + prefix + "token",
	}, "", "  ")
}

// AuthorizedUserFile returns the authorized-user file of a user who consented to the scopes.
func (s *Server) AuthorizedUserFile(email, baseURL string, scopes ...string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.Users[fold(email)] == nil {
		return nil, fmt.Errorf("fakegoogle: no user %s", email)
	}
	return json.MarshalIndent(map[string]string{
		"type":          "authorized_user",
		"client_id":     SandboxClient,
		"client_secret": SandboxSecret,
		"refresh_token": s.newRefreshToken(email, SandboxClient, fullScopes(scopes)),
		"token_uri":     baseURL + prefix + "token",
	}, "", "  ")
}

func (s *Server) newRefreshToken(email, client string, scopes []string) string {
	value := "1//fake-" + s.newID("refresh")
	s.state.RefreshTokens[value] = refreshToken{Email: fold(email), Client: client, Scopes: scopes}
	return value
}
