package fakeslack

import (
	"net/http"
	"slices"
	"strings"
)

// tokenOf finds a call's token: the Authorization header first, then the form field.
// https://docs.slack.dev/apis/web-api/#slack-web-api__basics
func tokenOf(r *http.Request, a args) string {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(bearer)
	}
	return a.str("token")
}

// authorize checks a token against what a method asks for. The token comes back also when it lacks a scope.
func (s *Server) authorize(m method, value string) (*Token, *apiError) {
	if m.public {
		return &Token{}, nil
	}
	if value == "" {
		return nil, fail("not_authed")
	}
	t := s.tokens[value]
	switch {
	case t == nil:
		return nil, fail("invalid_auth")
	case t.Revoked:
		return nil, fail("token_revoked")
	case t.Expired:
		return nil, fail("token_expired")
	}
	if bot := s.users[s.app.BotUserID]; s.app.Uninstalled || bot == nil || bot.Deleted {
		return nil, fail("account_inactive")
	}
	kinds := m.tokens
	if kinds == nil {
		kinds = []string{BotToken, UserToken}
	}
	if !slices.Contains(kinds, t.Kind) {
		return t, fail("not_allowed_token_type")
	}
	if m.scope != "" {
		return t, (&call{token: t}).need(m.scope)
	}
	return t, nil
}
