package gcal

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
)

// tokenSource makes access tokens of a credentials file. Its errors name the setting and the mend, and never repeat
// the file's content.
func tokenSource(ctx context.Context, o Options) (oauth2.TokenSource, error) {
	credentials, impersonate := o.CredentialsJSON, o.Impersonate
	if len(credentials) == 0 {
		return nil, errors.New("GOOGLE_CREDENTIALS is not set: give a service-account key or an authorized-user file, as JSON or as the path of a file; " +
			"`convene google-login` makes the latter")
	}
	var file struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(credentials, &file); err != nil {
		return nil, errors.New("GOOGLE_CREDENTIALS is not JSON: give the whole file that Google Cloud let you download, or its path")
	}
	switch file.Type {
	case "service_account":
		return serviceAccount(ctx, credentials, impersonate, o.Scopes)
	case "authorized_user":
		if impersonate != "" {
			return nil, errors.New("GOOGLE_IMPERSONATE is set, but GOOGLE_CREDENTIALS is an authorized-user file, which acts as the user who consented: leave GOOGLE_IMPERSONATE out")
		}
		c, err := google.CredentialsFromJSONWithType(ctx, credentials, google.AuthorizedUser, o.Scopes...)
		if err != nil {
			return nil, errors.New("GOOGLE_CREDENTIALS is an incomplete authorized-user file: make a new one with `convene google-login`")
		}
		return c.TokenSource, nil
	default:
		return nil, fmt.Errorf("GOOGLE_CREDENTIALS is a file of type %q: give a service-account key or an authorized-user file", file.Type)
	}
}

// serviceAccount acts as a user by domain-wide delegation. Without it Google refuses guests and Meet links.
// https://developers.google.com/identity/protocols/oauth2/service-account#delegatingauthority
func serviceAccount(ctx context.Context, key []byte, impersonate string, scopes []string) (oauth2.TokenSource, error) {
	if impersonate == "" {
		return nil, errors.New("GOOGLE_IMPERSONATE is not set: a service account can't invite guests or make Meet links by itself; " +
			"name the user it acts as, such as an interviews@ address")
	}
	cfg, err := google.JWTConfigFromJSON(key, scopes...)
	if err != nil || len(cfg.PrivateKey) == 0 {
		return nil, errors.New("GOOGLE_CREDENTIALS is an incomplete service-account key: download a new key in JSON from Google Cloud")
	}
	if block, _ := pem.Decode(cfg.PrivateKey); block == nil {
		return nil, errors.New("the private key in GOOGLE_CREDENTIALS can't be read: its line breaks (\\n) were probably lost on the way; give the path of the file that Google Cloud let you download")
	}
	cfg.Subject = impersonate
	return cfg.TokenSource(ctx), nil
}
