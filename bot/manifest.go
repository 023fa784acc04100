package bot

import (
	"github.com/goccy/go-yaml"
)

// Scopes are the bot token's, each with what needs it.
func Scopes() []string {
	return []string{
		"commands",         // slash commands and shortcuts
		"chat:write",       // messages
		"im:write",         // DMs
		"im:history",       // look up whether a DM was delivered; people who write to the bot
		"groups:history",   // the same for the role's channel
		"groups:read",      // the role's channel: private, and who is in it
		"channels:read",    // to see that a channel is public, and refuse it
		"files:write",      // a candidate's exported record, and its removal
		"users:read",       // names and time zones
		"users:read.email", // calendars go by e-mail address
	}
}

// events are the Events API's that the bot subscribes to.
func events() []string {
	return []string{"app_home_opened", "message.im", "team_join", "user_change"}
}

type manifest struct {
	Metadata manifestVersion  `yaml:"_metadata"`
	Display  manifestDisplay  `yaml:"display_information"`
	Features manifestFeatures `yaml:"features"`
	OAuth    manifestOAuth    `yaml:"oauth_config"`
	Settings manifestSettings `yaml:"settings"`
}

type manifestVersion struct {
	Major int `yaml:"major_version"`
	Minor int `yaml:"minor_version"`
}

type manifestDisplay struct {
	Name        string `yaml:"name"`
	Description string `yaml:"description"`
	Background  string `yaml:"background_color"`
}

type manifestFeatures struct {
	Home      map[string]bool    `yaml:"app_home"`
	Bot       manifestBot        `yaml:"bot_user"`
	Shortcuts []manifestShortcut `yaml:"shortcuts"`
	Commands  []manifestCommand  `yaml:"slash_commands"`
}

type manifestBot struct {
	Name   string `yaml:"display_name"`
	Online bool   `yaml:"always_online"`
}

type manifestShortcut struct {
	Name        string `yaml:"name"`
	Type        string `yaml:"type"`
	Callback    string `yaml:"callback_id"`
	Description string `yaml:"description"`
}

type manifestCommand struct {
	Command     string `yaml:"command"`
	Description string `yaml:"description"`
	Hint        string `yaml:"usage_hint,omitempty"`
	Escape      bool   `yaml:"should_escape"`
}

type manifestOAuth struct {
	Scopes map[string][]string `yaml:"scopes"`
}

type manifestSettings struct {
	Events      map[string][]string `yaml:"event_subscriptions"`
	Interactive map[string]bool     `yaml:"interactivity"`
	OrgDeploy   bool                `yaml:"org_deploy_enabled"`
	SocketMode  bool                `yaml:"socket_mode_enabled"`
	Rotation    bool                `yaml:"token_rotation_enabled"`
}

// Manifest returns the Slack app manifest in YAML, made from the router's
// tables. https://docs.slack.dev/reference/app-manifest
func Manifest() ([]byte, error) {
	m := manifest{
		Metadata: manifestVersion{Major: 2, Minor: 1},
		Display: manifestDisplay{
			Name:        "Convene",
			Description: "Runs your interviews: times, scorecards, decisions, and every candidate told in time",
			Background:  "#1f3a5f",
		},
		Features: manifestFeatures{
			Home: map[string]bool{"home_tab_enabled": true, "messages_tab_enabled": true, "messages_tab_read_only_enabled": false},
			Bot:  manifestBot{Name: "Convene", Online: true},
			Shortcuts: []manifestShortcut{
				{"Add a candidate", "global", shortcutAdd, "Add a candidate for a role that you coordinate"},
				{"My scorecards", "global", shortcutScores, "Your scorecards: due, drafts, submitted"},
			},
		},
		OAuth: manifestOAuth{Scopes: map[string][]string{"bot": Scopes()}},
		Settings: manifestSettings{
			Events:      map[string][]string{"bot_events": events()},
			Interactive: map[string]bool{"is_enabled": true},
			SocketMode:  true,
		},
	}
	for _, c := range (&Bot{}).table().commands {
		m.Features.Commands = append(m.Features.Commands, manifestCommand{Command: c.Name, Description: capital(c.Help), Hint: c.Usage, Escape: false})
	}
	return yaml.Marshal(m)
}
