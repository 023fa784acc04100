package bot

import (
	"net/http"
	"strings"
	"testing"
)

// Both tokens' answers come through one client, side by side.
func TestTheAppTokensScopesAreNotTheBots(t *testing.T) {
	var scopes scopeHeader
	scopes.read("auth.test", http.Header{"X-Oauth-Scopes": {strings.Join(Scopes(), ",")}})
	scopes.read("apps.connections.open", http.Header{"X-Oauth-Scopes": {"connections:write"}})
	if missing := scopes.missing(Scopes()); len(missing) > 0 {
		t.Errorf("missing: %v", missing)
	}
}
