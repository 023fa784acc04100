package fakegoogle

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

const scopePrefix = "https://www.googleapis.com/auth/"

// tokenLife is how long an access token works; Google answers a second less than the hour.
const tokenLife = 3599 * time.Second

// ServiceAccount is a program's account.
type ServiceAccount struct {
	Email string `json:"email"`
	// Delegated says that an administrator gave it domain-wide delegation for DelegatedScopes (full URLs).
	Delegated       bool     `json:"delegated"`
	DelegatedScopes []string `json:"delegatedScopes"`
	// MayInvite is set for accounts from before March 2020, which may invite guests without delegation.
	MayInvite bool `json:"mayInvite,omitempty"`
	// PublicKey, in PEM, checks the signature of its assertions; empty means any signature will do.
	PublicKey string `json:"publicKey,omitempty"`
}

type accessToken struct {
	Email   string    `json:"email"`
	Bare    bool      `json:"bare,omitempty"` // a service account that acts as itself
	Scopes  []string  `json:"scopes"`
	Expires time.Time `json:"expires"`
	// Account is the service account behind a user's token, so that delegation can be revoked.
	Account string `json:"account,omitempty"`
}

type refreshToken struct {
	Email   string   `json:"email"`
	Client  string   `json:"client"` // the OAuth client that it was given to
	Scopes  []string `json:"scopes"`
	Revoked bool     `json:"revoked,omitempty"`
}

// principal is who makes a call.
type principal struct {
	Email     string
	Bare      bool
	MayInvite bool
	AllScopes bool
	Scopes    []string
}

func (p principal) holdsAny(scopes []string) bool {
	return p.AllScopes || slices.ContainsFunc(scopes, func(scope string) bool {
		return slices.Contains(p.Scopes, scopePrefix+scope)
	})
}

// AddServiceAccount adds a service account. It has a calendar of its own, empty and seen by nobody.
func (s *Server) AddServiceAccount(a ServiceAccount) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a.Email = fold(a.Email)
	s.state.ServiceAccounts[a.Email] = &a
	s.putCalendar(Calendar{ID: a.Email, Summary: a.Email, TimeZone: "UTC", DataOwner: a.Email, Primary: true, NoMeet: true})
}

// RevokeDelegation takes a service account's domain-wide delegation away: its next token exchange fails.
func (s *Server) RevokeDelegation(account string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.state.ServiceAccounts[fold(account)]; a != nil {
		a.Delegated = false
	}
}

// SuspendUser stops a user's tokens: calls get 401 and the token endpoint answers invalid_grant.
func (s *Server) SuspendUser(email string, suspended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.state.Users[fold(email)]; u != nil {
		u.Suspended = suspended
		s.changed()
	}
}

// RevokeTokens forgets every access token and revokes every refresh token of a user.
func (s *Server) RevokeTokens(email string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	email = fold(email)
	for value, t := range s.state.RefreshTokens {
		if t.Email == email {
			t.Revoked = true
			s.state.RefreshTokens[value] = t
		}
	}
	for value, t := range s.state.AccessTokens {
		if t.Email == email {
			delete(s.state.AccessTokens, value)
		}
	}
}

// IssueToken returns an access token for a user or service account, for tests that set the header themselves. Scopes
// are short names such as "calendar.events", or full URLs.
func (s *Server) IssueToken(email string, scopes ...string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	email = fold(email)
	return s.issue(accessToken{Email: email, Bare: s.state.ServiceAccounts[email] != nil, Scopes: fullScopes(scopes)})
}

func fullScopes(scopes []string) []string {
	var full []string
	for _, scope := range scopes {
		if !strings.HasPrefix(scope, "https://") {
			scope = scopePrefix + scope
		}
		full = append(full, scope)
	}
	return full
}

func (s *Server) issue(t accessToken) string {
	now := s.opt.ProtocolNow()
	for value, old := range s.state.AccessTokens {
		if old.Expires.Before(now) {
			delete(s.state.AccessTokens, value)
		}
	}
	t.Expires = now.Add(tokenLife)
	value := "ya29.fake-" + s.newID("token")
	s.state.AccessTokens[value] = t
	return value
}

// authenticate says who makes a request. The lock is held.
func (s *Server) authenticate(r *http.Request) (principal, error) {
	header := r.Header.Get("Authorization")
	if header == "" && s.opt.AnonymousPrincipal != "" {
		return principal{Email: fold(s.opt.AnonymousPrincipal), AllScopes: true}, nil
	}
	value, ok := strings.CutPrefix(header, "Bearer ")
	if !ok {
		return principal{}, errCredentials()
	}
	t, ok := s.state.AccessTokens[value]
	if !ok || !s.opt.ProtocolNow().Before(t.Expires) {
		return principal{}, errCredentials()
	}
	p := principal{Email: t.Email, Bare: t.Bare, Scopes: t.Scopes}
	if t.Bare {
		a := s.state.ServiceAccounts[t.Email]
		p.MayInvite = a != nil && a.MayInvite
		return p, nil
	}
	if u := s.state.Users[t.Email]; u == nil || u.Suspended {
		return principal{}, errCredentials()
	}
	return p, nil
}
