package consent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"regexp"

	"golang.org/x/oauth2"
)

// authorizedUser is the file that Google's libraries read.
func authorizedUser(c *oauth2.Config, refreshToken string) ([]byte, error) {
	file, err := json.MarshalIndent(struct {
		Type         string `json:"type"`
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
		RefreshToken string `json:"refresh_token"`
		TokenURI     string `json:"token_uri"`
	}{"authorized_user", c.ClientID, c.ClientSecret, refreshToken, c.Endpoint.TokenURL}, "", "  ")
	return append(file, '\n'), err
}

// refusal says what an error in Google's answer means.
// https://developers.google.com/identity/protocols/oauth2/native-app#handlingresponse
func refusal(code string) error {
	switch code {
	case "access_denied":
		return errors.New("the consent was denied on Google's page: run it again, sign in as the user who holds the interviews, and choose Allow")
	case "admin_policy_enforced":
		return errors.New("your Google Workspace doesn't let this app use Calendar: a Workspace admin can allow it in the Admin console (Security, API controls, App access control)")
	}
	return fmt.Errorf("Google refused with %s: run it again, and look at what Google's page says", quoted(code))
}

// exchangeError says what went wrong with the token endpoint. It repeats nothing
// of what was sent or answered but Google's error code.
// https://datatracker.ietf.org/doc/html/rfc6749#section-5.2
func exchangeError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errStopped
	}
	var refused *oauth2.RetrieveError
	var network *url.Error
	switch {
	case errors.As(err, &network):
		return fmt.Errorf("Google's token address can't be reached: check the network and run it again: %w", network.Err)
	case !errors.As(err, &refused):
		return errors.New("Google's answer to the code can't be read: run it again")
	case refused.ErrorCode == "invalid_client", refused.ErrorCode == "unauthorized_client", refused.ErrorCode == "deleted_client":
		return errors.New("Google doesn't accept the OAuth client: its secret was changed or it was deleted; download it from Google Cloud once more and run it again")
	case refused.ErrorCode == "invalid_grant":
		return errors.New("Google doesn't accept the code any more: it works once and for a few minutes; run it again")
	case refused.ErrorCode != "":
		return fmt.Errorf("Google refused with %s: run it again", quoted(refused.ErrorCode))
	}
	return fmt.Errorf("Google's sign-in is not available (HTTP status %d): run it again later", refused.Response.StatusCode)
}

// errorCode is the shape of the codes that Google sends; what has another may be
// anybody's text.
var errorCode = regexp.MustCompile(`^[a-z_]{1,60}$`)

func quoted(code string) string {
	if !errorCode.MatchString(code) {
		return "an unknown error"
	}
	return `"` + code + `"`
}

var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Convene: {{.Title}}</title>
<style>body{font:1.1em/1.5 system-ui,sans-serif;max-width:34em;margin:4em auto;padding:0 1em;color:#222;background:#fff}</style>
<h1>{{.Title}}</h1>
<p>{{.Text}}</p>
<p>You can close this page.</p>
</html>
`))

func showOutcome(w http.ResponseWriter, err error) {
	if err != nil {
		showPage(w, http.StatusBadRequest, "The login failed", "Nothing was saved: "+err.Error()+".")
		return
	}
	showPage(w, http.StatusOK, "The login is done", "Convene may now use this account's calendar. The program says what comes next.")
}

// showPage shows a page that needs nothing from elsewhere and passes on nothing
// of its address, which has the code in it.
func showPage(w http.ResponseWriter, status int, title, text string) {
	for name, value := range map[string]string{
		"Content-Type":            "text/html; charset=utf-8",
		"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
		"Referrer-Policy":         "no-referrer",
		"X-Content-Type-Options":  "nosniff",
		"Cache-Control":           "no-store",
	} {
		w.Header().Set(name, value)
	}
	w.WriteHeader(status)
	_ = page.Execute(w, struct{ Title, Text string }{title, text}) // the browser has gone; the program says the same
}
