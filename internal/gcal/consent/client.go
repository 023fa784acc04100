// Package consent asks one Google user, in their browser, to let the bot use
// their calendar, and makes the authorized-user file that GOOGLE_CREDENTIALS
// takes. It never shows or logs a secret, a code or a token.
package consent

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"

	"golang.org/x/oauth2/google"
)

// A Client is an OAuth client, as described by the file that Google Cloud lets
// its owner download.
type Client struct {
	id, secret        string
	authURI, tokenURI string
	web               bool
	registered        []string // redirect URIs; Google holds web clients to them
}

// ParseClient reads the file of an OAuth client. Its errors are sentences about
// the file, and never repeat what is in it.
func ParseClient(raw []byte) (*Client, error) {
	type content struct {
		ClientID     string   `json:"client_id"`
		ClientSecret string   `json:"client_secret"`
		AuthURI      string   `json:"auth_uri"`
		TokenURI     string   `json:"token_uri"`
		RedirectURIs []string `json:"redirect_uris"`
	}
	var file struct {
		Installed, Web *content
		Type           string // of files that are mistaken for this one
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, errors.New("is not JSON: download the OAuth client from Google Cloud once more and give the whole file")
	}
	found := file.Installed
	if found == nil {
		found = file.Web
	}
	switch {
	case file.Type == "service_account":
		return nil, errors.New("is a service-account key, which needs nobody's consent: set GOOGLE_CREDENTIALS to it, and GOOGLE_IMPERSONATE")
	case file.Type == "authorized_user":
		return nil, errors.New("is the result of such a consent, not the client that asks for it: set GOOGLE_CREDENTIALS to it")
	case found == nil:
		return nil, errors.New(`is not an OAuth client: in Google Cloud make one of type "Desktop app" and download it as JSON`)
	case found.ClientID == "" || found.ClientSecret == "":
		return nil, errors.New("has no client_id or no client_secret: add a secret to the client in Google Cloud, and download it once more")
	}
	c := &Client{
		id: found.ClientID, secret: found.ClientSecret, authURI: found.AuthURI, tokenURI: found.TokenURI,
		web: file.Installed == nil, registered: found.RedirectURIs,
	}
	if c.authURI == "" {
		c.authURI = google.Endpoint.AuthURL
	}
	if c.tokenURI == "" {
		c.tokenURI = google.Endpoint.TokenURL
	}
	for name, uri := range map[string]string{"auth_uri": c.authURI, "token_uri": c.tokenURI} {
		u, err := url.Parse(uri)
		if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u)) {
			return nil, fmt.Errorf("has a bad %s: it must begin with https://, so that no secret travels unencrypted; download the client once more", name)
		}
	}
	return c, nil
}

// redirect returns where Google is to send the browser. A desktop app's may be
// any port of a loopback address; port 0 is then still to be replaced by the
// one that is listened on. A web app's must be registered, to the letter.
// https://developers.google.com/identity/protocols/oauth2/native-app#redirect-uri_loopback
func (c *Client) redirect(port int) (*url.URL, error) {
	want := fmt.Sprint(port)
	if !c.web {
		return &url.URL{Scheme: "http", Host: net.JoinHostPort("127.0.0.1", want), Path: "/"}, nil
	}
	for _, uri := range c.registered {
		u, err := url.Parse(uri)
		if err == nil && u.Scheme == "http" && isLoopback(u) && u.Port() != "" && (port == 0 || u.Port() == want) {
			return u, nil
		}
	}
	if port == 0 {
		want = "8085"
	}
	return nil, fmt.Errorf(`the OAuth client is of type "Web application", and has no redirect URI that leads to this program: `+
		`make a client of type "Desktop app" instead, or register http://127.0.0.1:%s/ with this one, download it once more and use --port %s`, want, want)
}

func isLoopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// CheckPort says whether Google would send the browser to a port of this
// machine; 0 stands for any.
func (c *Client) CheckPort(port int) error {
	_, err := c.redirect(port)
	return err
}
