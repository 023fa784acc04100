package fakeslack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"convene/internal/sandbox/fakeslack/blockkit"
)

// manifest is an app manifest, version 2. Unknown keys are refused.
// https://docs.slack.dev/reference/app-manifest
type manifest struct {
	Schema   string `json:"$schema"`
	Metadata struct {
		Major int `json:"major_version"`
		Minor int `json:"minor_version"`
	} `json:"_metadata"`
	Display struct {
		Name            string `json:"name"`
		Description     string `json:"description"`
		LongDescription string `json:"long_description"`
		BackgroundColor string `json:"background_color"`
	} `json:"display_information"`
	Features struct {
		AppHome struct {
			Home     bool `json:"home_tab_enabled"`
			Messages bool `json:"messages_tab_enabled"`
			ReadOnly bool `json:"messages_tab_read_only_enabled"`
		} `json:"app_home"`
		BotUser *struct {
			DisplayName  string `json:"display_name"`
			AlwaysOnline bool   `json:"always_online"`
		} `json:"bot_user"`
		Shortcuts []Shortcut `json:"shortcuts"`
		Commands  []struct {
			Command
			URL string `json:"url"`
		} `json:"slash_commands"`
		UnfurlDomains []string `json:"unfurl_domains"`
	} `json:"features"`
	OAuth struct {
		RedirectURLs []string `json:"redirect_urls"`
		Scopes       struct {
			Bot  []string `json:"bot"`
			User []string `json:"user"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings struct {
		AllowedIPs []string `json:"allowed_ip_address_ranges"`
		Events     struct {
			RequestURL string   `json:"request_url"`
			BotEvents  []string `json:"bot_events"`
			UserEvents []string `json:"user_events"`
			Metadata   []struct {
				AppID     string `json:"app_id"`
				EventType string `json:"event_type"`
			} `json:"metadata_subscriptions"`
		} `json:"event_subscriptions"`
		Interactivity struct {
			Enabled    bool   `json:"is_enabled"`
			RequestURL string `json:"request_url"`
			OptionsURL string `json:"message_menu_options_url"`
		} `json:"interactivity"`
		OrgDeploy     bool `json:"org_deploy_enabled"`
		SocketMode    bool `json:"socket_mode_enabled"`
		TokenRotation bool `json:"token_rotation_enabled"`
	} `json:"settings"`
}

// AppFromManifest reads an app manifest (JSON) as Slack's "create from manifest" does. It returns the app, for SetApp,
// and the scopes of its bot token, for PutToken. The error lists everything that Slack would refuse.
func AppFromManifest(text []byte) (App, []string, error) {
	var m manifest
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return App{}, nil, fmt.Errorf("fakeslack: manifest: %w", err)
	}
	var plain map[string]any
	if err := json.Unmarshal(text, &plain); err != nil {
		return App{}, nil, fmt.Errorf("fakeslack: manifest: %w", err)
	}
	var problems []string
	for _, p := range blockkit.Manifest(plain) {
		problems = append(problems, p.String())
	}
	if m.Features.BotUser == nil && len(m.OAuth.Scopes.Bot) > 0 {
		problems = append(problems, "bot scopes need features.bot_user")
	}
	app := App{Name: m.Display.Name, HomeTab: m.Features.AppHome.Home, MessagesTab: m.Features.AppHome.Messages,
		MessagesTabReadOnly: m.Features.AppHome.ReadOnly, SocketMode: m.Settings.SocketMode, Interactivity: m.Settings.Interactivity.Enabled,
		Shortcuts: m.Features.Shortcuts, BotEvents: m.Settings.Events.BotEvents}
	if m.Features.BotUser != nil {
		app.Name = m.Features.BotUser.DisplayName
	}
	for _, c := range m.Features.Commands {
		app.Commands = append(app.Commands, c.Command)
	}
	for _, x := range m.Features.Shortcuts {
		if x.Type != "global" && x.Type != "message" {
			problems = append(problems, "shortcut "+x.CallbackID+": type must be global or message")
		}
	}
	if len(problems) > 0 {
		return App{}, nil, fmt.Errorf("fakeslack: manifest: %s", strings.Join(problems, "; "))
	}
	return app, m.OAuth.Scopes.Bot, nil
}
