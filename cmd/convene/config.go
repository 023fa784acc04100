package main

import (
	"errors"
	"log/slog"
	"time"

	"convene/internal/clock"
	"convene/internal/cron"
	"convene/internal/hiring"
)

// Config holds the settings of `convene run`, which are environment variables
// of the names in the tags. A secret can also be in a file that NAME_FILE
// names. LoadConfig checks them all.
type Config struct {
	// SlackBotToken is the bot user's token, xoxb-…, from the Slack app's page
	// "OAuth & Permissions". Required.
	SlackBotToken Secret `env:"SLACK_BOT_TOKEN"`

	// SlackAppToken is the app-level token, xapp-…, with the scope
	// connections:write, from the app's page "Basic Information". Required.
	SlackAppToken Secret `env:"SLACK_APP_TOKEN"`

	// SlackAPIURL is the base of Slack's Web API and ends in a slash. Default
	// https://slack.com/api/; another is for GovSlack, a proxy or a test server.
	SlackAPIURL string `env:"SLACK_API_URL"`

	// GoogleCredentials is the JSON of a service-account key or of an
	// authorized user; the setting may also be the path of a file with it.
	// Empty only when GoogleCalendarURL is on a loopback address.
	GoogleCredentials Secret `env:"GOOGLE_CREDENTIALS"`

	// GoogleImpersonate is the user whom the service account acts as: an
	// interviews@ address, not somebody's own. Required with a service
	// account, because Google refuses guests and Meet links without it.
	GoogleImpersonate string `env:"GOOGLE_IMPERSONATE"`

	// GoogleCalendarID is the calendar that holds the interviews. Default
	// primary: the one of the user whom the bot acts as.
	GoogleCalendarID string `env:"GOOGLE_CALENDAR_ID"`

	// GoogleCalendarURL is the base of the Calendar API and ends in
	// /calendar/v3/. Default Google's; another is for a proxy or a test server.
	GoogleCalendarURL string `env:"GOOGLE_CALENDAR_URL"`

	// DatabasePath is the SQLite file. It is made when it does not exist, with
	// mode 0600; its directory must exist. Default convene.db.
	DatabasePath string `env:"DATABASE_PATH"`

	// RolesDir holds role files beside the built-in ones. Empty: none.
	RolesDir string `env:"ROLES_DIR"`

	// Coordinators may set up roles and see everything: Slack user ids or
	// e-mail addresses. Empty: the workspace's admins and owners.
	Coordinators []string `env:"COORDINATORS"`

	// PreviewCron and SummaryCron say when the morning preview and the decision
	// summary are posted, in each role's zone: the hour and the usual day. When
	// a deadline falls on another day, they run that day too. Default Mondays at
	// 9:00 and at 16:00.
	PreviewCron cron.Schedule `env:"PREVIEW_CRON"`
	SummaryCron cron.Schedule `env:"SUMMARY_CRON"`

	// CandidateEmail says how candidates are told: EmailAsk, EmailSend or
	// EmailOff. Default EmailAsk.
	CandidateEmail string `env:"CANDIDATE_EMAIL"`

	// SMTPURL is the mail server, smtp://user:password@host:587 or smtps://….
	// Required when CandidateEmail is EmailSend.
	SMTPURL Secret `env:"SMTP_URL"`

	// MailFrom is the From address of e-mail to candidates, with or without a
	// name. Required when CandidateEmail is EmailSend.
	MailFrom string `env:"MAIL_FROM"`

	// ListenAddr is the host:port of /healthz, /readyz and /metrics. Set to
	// nothing, it turns them off. Default 127.0.0.1:8081.
	ListenAddr string `env:"LISTEN_ADDR"`

	// LogLevel is the least serious level that is logged. Default info.
	LogLevel slog.Level `env:"LOG_LEVEL"`

	// LogFormat is "text" or "json". Empty: text on a terminal, else JSON.
	LogFormat string `env:"LOG_FORMAT"`

	// ClockStart and ClockRate are for rehearsals and tests: the bot's clock
	// starts at this time and runs this many times as fast. A zero ClockStart
	// starts now. Default rate 1. Protocol time (acks, triggers, tokens, back-off) stays real.
	// Refused unless both API URLs are on loopback addresses.
	ClockStart time.Time `env:"CLOCK_START"`
	ClockRate  float64   `env:"CLOCK_RATE"`
}

// The ways in which candidates are told a decision.
const (
	EmailAsk  = "ask"  // a person gets the text to send, and says when it is sent
	EmailSend = "send" // the bot sends it, after approval
	EmailOff  = "off"  // no draft, only "I told them"
)

// Clock returns the clock that the settings ask for: the real one unless they
// name a start or a rate.
func (c Config) Clock() *clock.Clock {
	if c.ClockStart.IsZero() && c.ClockRate == 1 {
		return clock.Real()
	}
	start := c.ClockStart
	if start.IsZero() {
		start = time.Now()
	}
	return clock.Scaled(start, c.ClockRate)
}

// LoadConfig reads and checks all settings. Its error is a SettingsError with
// every problem found; it never repeats a secret.
func LoadConfig(getenv func(name string) (string, bool)) (Config, error) {
	c, problems := readConfig(getenv)
	if len(problems) > 0 {
		return Config{}, problems
	}
	return c, nil
}

// loadSettings is LoadConfig with the roles: its error has their problems too,
// so that nobody mends the one and then meets the other.
func loadSettings(getenv func(name string) (string, bool)) (Config, []*hiring.Role, error) {
	c, problems := readConfig(getenv)
	roles, err := configuredRoles(c)
	var wrong SettingsError
	if err != nil && !errors.As(err, &wrong) {
		return Config{}, nil, err
	}
	all := problems
	for _, p := range wrong {
		if !problems.about(p.Name) { // before it can be read, what it means for roles doesn't matter
			all = append(all, p)
		}
	}
	if len(all) > 0 {
		return Config{}, nil, all
	}
	return c, roles, nil
}

func readConfig(getenv func(name string) (string, bool)) (Config, SettingsError) {
	r := &settingsReader{getenv: getenv}
	c := Config{
		SlackBotToken:     r.token("SLACK_BOT_TOKEN", "xoxb-", `copy the "Bot User OAuth Token" from the Slack app's page "OAuth & Permissions"`),
		SlackAppToken:     r.token("SLACK_APP_TOKEN", "xapp-", `make an app-level token with the scope connections:write on the Slack app's page "Basic Information"`),
		SlackAPIURL:       r.apiURL("SLACK_API_URL", "https://slack.com/api/"),
		GoogleCalendarURL: r.calendarURL("GOOGLE_CALENDAR_URL", "https://www.googleapis.com/calendar/v3/"),
		GoogleCalendarID:  r.text("GOOGLE_CALENDAR_ID", "primary"),
		GoogleImpersonate: r.address("GOOGLE_IMPERSONATE"),
		DatabasePath:      r.newFile("DATABASE_PATH", "convene.db"),
		RolesDir:          r.directory("ROLES_DIR"),
		Coordinators:      r.people("COORDINATORS"),
		PreviewCron:       r.schedule("PREVIEW_CRON", "0 9 * * MON"),
		SummaryCron:       r.schedule("SUMMARY_CRON", "0 16 * * MON"),
		CandidateEmail:    r.oneOf("CANDIDATE_EMAIL", EmailAsk, EmailAsk, EmailSend, EmailOff),
		SMTPURL:           r.mailServer("SMTP_URL"),
		MailFrom:          r.from("MAIL_FROM"),
		ListenAddr:        r.listenAddress("LISTEN_ADDR", "127.0.0.1:8081"),
		LogLevel:          r.level("LOG_LEVEL", slog.LevelInfo),
		LogFormat:         r.oneOf("LOG_FORMAT", "", "text", "json"),
		ClockStart:        r.moment("CLOCK_START"),
		ClockRate:         r.rate("CLOCK_RATE", 1),
	}
	c.GoogleCredentials = r.googleCredentials("GOOGLE_CREDENTIALS", c.GoogleCalendarURL, c.GoogleImpersonate)

	if c.CandidateEmail == EmailSend {
		const why = "CANDIDATE_EMAIL=send sends through it"
		r.require("SMTP_URL", why+": smtp://user:password@host:587 or smtps://user:password@host")
		r.require("MAIL_FROM", why+": the From address, e.g. hiring@example.com")
	}
	if leavesMachine(c.SlackAPIURL) || leavesMachine(c.GoogleCalendarURL) {
		for _, name := range []string{"CLOCK_START", "CLOCK_RATE"} {
			if r.isSet(name) {
				r.problem(name, "moves the clock, which is only for rehearsals: unset it, or set both SLACK_API_URL and GOOGLE_CALENDAR_URL to servers on a loopback address")
			}
		}
	}
	return c, r.problems
}
