package main

import (
	"bytes"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/gcal"
	"convene/internal/hiring"
	"convene/internal/sandbox/fakegoogle"
	"convene/internal/sandbox/fakeslack"
	"convene/internal/sqlite/sqlitetest"
)

// TestCheckFindsEachFault breaks a whole set-up in one place at a time. Each
// must show its own line, with the mend, and no other: whoever mends it must not
// be sent elsewhere.
func TestCheckFindsEachFault(t *testing.T) {
	t.Parallel()
	type fault struct{ what, mend string }
	for _, c := range []struct {
		name   string
		damage func(*testing.T, *setUp)
		want   []fault
	}{
		// The database.
		{"a file that is no database", func(t *testing.T, s *setUp) {
			if err := os.WriteFile(s.env["DATABASE_PATH"], []byte(strings.Repeat("Dear diary, ", 1000)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, []fault{{"database", "is not a Convene database: set DATABASE_PATH to another file"}}},
		{"a damaged database", func(t *testing.T, s *setUp) {
			raw := readFile(t, s.env["DATABASE_PATH"])
			for page := 2; page < 12; page++ { // page 1 holds the schema
				copy(raw[page*4096:], bytes.Repeat([]byte{0xA5}, 512))
			}
			if err := os.WriteFile(s.env["DATABASE_PATH"], raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}, []fault{{"database", "is damaged: move it and its -wal and -shm files aside and put a backup in its place"}}},
		{"a database of a newer version", func(t *testing.T, s *setUp) { sqlitetest.Newer(t, s.env["DATABASE_PATH"]) },
			[]fault{{"database", "newer version of convene (schema 9000"}}},
		{"a folder that can't be written", func(_ *testing.T, s *setUp) { s.env["DATABASE_PATH"] = "/proc/self/convene.db" },
			[]fault{{"database", "no file can be made in /proc/"}}},

		// Slack: tokens and the socket.
		{"a wrong bot token", func(_ *testing.T, s *setUp) { s.env["SLACK_BOT_TOKEN"] = "xoxb-wrong" },
			[]fault{{"bot token", `SLACK_BOT_TOKEN is not accepted (invalid_auth). Copy the "Bot User OAuth Token" anew`}}},
		{"a revoked bot token", func(t *testing.T, s *setUp) {
			s.token(t, botToken, func(k *fakeslack.Token) { k.Revoked = true })
		}, []fault{{"bot token", "SLACK_BOT_TOKEN is not accepted (token_revoked)"}}},
		{"a scope that is missing", func(t *testing.T, s *setUp) { s.without(t, "im:history") },
			[]fault{{"scopes of the bot token", "lacks the scope im:history. Add it on the Slack app's page"}}},
		{"no scope to read channels", func(t *testing.T, s *setUp) { s.without(t, "groups:read") },
			[]fault{{"scopes of the bot token", "lacks the scope groups:read"}}},
		{"no scope to read members", func(t *testing.T, s *setUp) { s.without(t, "users:read") },
			[]fault{{"scopes of the bot token", "lacks the scope users:read. "}}},
		{"no scope to read addresses", func(t *testing.T, s *setUp) { s.without(t, "users:read.email") },
			[]fault{{"scopes of the bot token", "lacks the scope users:read.email"}}},
		{"a wrong app token", func(_ *testing.T, s *setUp) { s.env["SLACK_APP_TOKEN"] = "xapp-wrong" },
			[]fault{{"app token and socket", "SLACK_APP_TOKEN is not accepted (invalid_auth)."}}},
		{"an app token without its scope", func(t *testing.T, s *setUp) {
			s.token(t, appToken, func(k *fakeslack.Token) { k.Scopes = nil })
		}, []fault{{"app token and socket", "make an app-level token with the scope connections:write"}}},
		{"Socket Mode off", func(_ *testing.T, s *setUp) { s.slack.UpdateApp(func(a *fakeslack.App) { a.SocketMode = false }) },
			[]fault{{"app token and socket", "see that Socket Mode is on"}}},
		{"tokens of two apps", func(t *testing.T, s *setUp) {
			s.token(t, appToken, func(k *fakeslack.Token) { k.AppID = "A0OTHER" })
		}, []fault{{"app token and socket", "SLACK_APP_TOKEN is of the Slack app A0OTHER, and SLACK_BOT_TOKEN of A00000001: take both from the pages of one app"}}},
		{"a network that stops WebSockets", func(_ *testing.T, s *setUp) {
			s.slack.SetFault("socket", fakeslack.Fault{HTTPStatus: http.StatusForbidden})
		}, []fault{{"app token and socket", "See that the network lets WebSockets (wss) out"}}},
		{"bots that run with these tokens elsewhere", func(t *testing.T, s *setUp) { s.fillSockets(t) },
			[]fault{{"app token and socket", "See that the bot doesn't run more than once with these tokens"}}},
		{"Slack out of reach", func(t *testing.T, s *setUp) { s.env["SLACK_API_URL"] = "http://" + closedAddress(t) + "/api/" },
			[]fault{{"bot token", "connection refused. Check the network, and SLACK_API_URL"}}},
		{"Slack out of order", func(_ *testing.T, s *setUp) {
			s.slack.SetFault("users.list", fakeslack.Fault{HTTPStatus: http.StatusServiceUnavailable})
		}, []fault{{"coordinators, teams and channels", "Slack answers with HTTP 503"}}},
		{"a clock that is behind Slack's", func(_ *testing.T, s *setUp) { s.slack.SetSkew(5 * time.Minute) },
			[]fault{{"clock", "this machine's clock is 5m behind Slack's: set it right and keep it so (NTP)"}}},

		// Slack: people and channels.
		{"a coordinator whom nobody knows", func(_ *testing.T, s *setUp) {
			s.env["COORDINATORS"] = "karly@asymmetric.example, carly@asymmetric.example"
		},
			[]fault{{"coordinator carly@asymmetric.example", "nobody in the workspace has this e-mail address: correct COORDINATORS"}}},
		{"a coordinator's id that is wrong", func(_ *testing.T, s *setUp) { s.env["COORDINATORS"] = "U0NOBODY" },
			[]fault{{"coordinator U0NOBODY", "nobody in the workspace has this user id"}}},
		{"a coordinator who is a guest", func(_ *testing.T, s *setUp) { s.env["COORDINATORS"] = gus },
			[]fault{{"coordinator " + gus, "Gus Guest is a guest: name somebody else in COORDINATORS"}}},
		{"nobody who coordinates", func(t *testing.T, s *setUp) {
			delete(s.env, "COORDINATORS")
			s.user(t, ada, func(u *fakeslack.User) { u.IsAdmin = false })
		}, []fault{{"coordinators", "no admin or owner whom the bot can see: set COORDINATORS"}}},
		{"a panelist who has left", func(t *testing.T, s *setUp) {
			s.user(t, sebastian, func(u *fakeslack.User) { u.Deleted = true })
		}, []fault{{"team of " + mainRole, "Sebastian Gant is deactivated: choose somebody else with /hiring setup"}}},
		{"a decider who became a guest", func(t *testing.T, s *setUp) {
			s.user(t, mark, func(u *fakeslack.User) { u.IsRestricted = true })
		}, []fault{{"team of " + mainRole, "Mark is a guest: choose somebody else"}}},
		{"a panelist who never was there", func(t *testing.T, s *setUp) {
			s.roleSetup(t, func(setup *hiring.Setup) { setup.People["owner"] = []string{"U0NOBODY"} })
		}, []fault{{"team of " + mainRole, "U0NOBODY is not in the workspace: choose somebody else"}}},
		{"a channel that the bot is not in", func(t *testing.T, s *setUp) {
			us := s.slack.App().BotUserID
			s.channel(t, func(c *fakeslack.Channel) {
				c.Members = slices.DeleteFunc(c.Members, func(id string) bool { return id == us })
			})
		}, []fault{{"channel " + channelAC + " of " + mainRole, "type /invite @Convene there"}}},
		{"a public channel", func(t *testing.T, s *setUp) {
			s.channel(t, func(c *fakeslack.Channel) { c.IsPrivate = false })
		}, []fault{{"channel #hiring-ac of " + mainRole, "The channel is public"}}},
		{"a shared channel", func(t *testing.T, s *setUp) {
			s.channel(t, func(c *fakeslack.Channel) { c.IsExtShared = true })
		}, []fault{{"channel #hiring-ac", "The channel is shared with others. Candidate data stays inside: choose another one"}}},
		{"an archived channel", func(t *testing.T, s *setUp) {
			s.channel(t, func(c *fakeslack.Channel) { c.IsArchived = true })
		}, []fault{{"channel #hiring-ac", "The channel is archived. Choose another one"}}},
		{"a stranger in the channel", func(t *testing.T, s *setUp) {
			s.channel(t, func(c *fakeslack.Channel) { c.Members = append(c.Members, rob) })
		}, []fault{{"channel #hiring-ac", "Not on this role's team: Rob Stranger. Remove them"}}},

		// Google: signing in.
		{"no delegation", func(_ *testing.T, s *setUp) { s.google.RevokeDelegation(accountOfBot) },
			[]fault{{"sign-in as " + interviewsUser, "Domain-wide delegation, add its client ID with the scopes " + strings.Join(gcal.Scopes, ",")}}},
		{"delegation without free/busy", func(_ *testing.T, s *setUp) { s.delegate(gcal.Scopes[0], gcal.LookScope) },
			[]fault{{"sign-in as " + interviewsUser, "Domain-wide delegation"}}},
		{"a user whom Google doesn't know", func(_ *testing.T, s *setUp) { s.env["GOOGLE_IMPERSONATE"] = "interview@asymmetric.example" },
			[]fault{{"sign-in as interview@asymmetric.example", "Google knows no user of the address in GOOGLE_IMPERSONATE"}}},
		{"a suspended user", func(_ *testing.T, s *setUp) { s.google.SuspendUser(interviewsUser, true) },
			[]fault{{"sign-in as " + interviewsUser, "is suspended: reactivate the user"}}},
		{"a key of an account that was deleted", func(_ *testing.T, s *setUp) {
			s.env["GOOGLE_CREDENTIALS"] = strings.ReplaceAll(s.env["GOOGLE_CREDENTIALS"], accountOfBot, "gone@project.iam.gserviceaccount.com")
		}, []fault{{"sign-in as " + interviewsUser, "make a new JSON key and put it into GOOGLE_CREDENTIALS"}}},
		{"a key that lost its line breaks", func(_ *testing.T, s *setUp) {
			s.env["GOOGLE_CREDENTIALS"] = strings.ReplaceAll(s.env["GOOGLE_CREDENTIALS"], `\n`, "n")
		}, []fault{{"sign-in", "its line breaks (\\n) were probably lost on the way"}}},
		{"a consent that was revoked", func(t *testing.T, s *setUp) {
			s.consent(t, gcal.Scopes...)
			s.google.RevokeTokens(interviewsUser)
		}, []fault{{"sign-in with GOOGLE_CREDENTIALS", "the consent or key was revoked, or has expired: make a new file"}}},
		{"a consent without free/busy", func(t *testing.T, s *setUp) { s.consent(t, gcal.Scopes[0], gcal.LookScope) },
			[]fault{{"calendars of the team", "the credentials lack a scope: allow " + gcal.Scopes[0]}}},
		{"the Calendar API off", func(_ *testing.T, s *setUp) {
			s.google.AddFault(fakegoogle.Fault{Method: "events.list", Times: -1, Action: fakegoogle.FaultStatus, Status: 403, Reason: "accessNotConfigured"})
		}, []fault{{"calendar primary", "the Google Calendar API is off: enable it in the Google Cloud project"}}},
		{"a clock that Google doesn't accept", func(_ *testing.T, s *setUp) {
			s.google.Configure(func(o *fakegoogle.Options) {
				o.ProtocolNow = func() time.Time { return time.Now().Add(-10 * time.Minute) }
			})
		}, []fault{{"sign-in as " + interviewsUser, "set this machine's clock right"}, {"clock", "this machine's clock is 10m ahead of Google's"}}},
		{"Google out of reach", func(t *testing.T, s *setUp) {
			s.env["GOOGLE_CALENDAR_URL"] = "http://" + closedAddress(t) + "/calendar/v3/"
		}, []fault{{"calendar primary", "Google Calendar could not be reached"}}},

		// Google: calendars.
		{"a calendar that isn't there", func(_ *testing.T, s *setUp) { s.env["GOOGLE_CALENDAR_ID"] = "c_typo@group.calendar.google.com" },
			[]fault{{"calendar c_typo@group.calendar.google.com", "correct GOOGLE_CALENDAR_ID, or share the calendar"}}},
		{"a calendar to read only", func(t *testing.T, s *setUp) { s.share(t, "reader") },
			[]fault{{"calendar c_interviews@group.calendar.google.com", "share it with permission to make changes to events"}}},
		{"a calendar to see free/busy only", func(t *testing.T, s *setUp) { s.share(t, "freeBusyReader") },
			[]fault{{"calendar c_interviews@group.calendar.google.com", "share it with permission to make changes to events"}}},
		{"a user without Meet", func(t *testing.T, s *setUp) {
			if err := s.google.AddUser(fakegoogle.User{Email: interviewsUser, NoMeet: true}); err != nil {
				t.Fatal(err)
			}
		}, []fault{{"Meet on calendar primary", "can't make Meet links: use a user with Google Meet"}}},
		{"a panelist's calendar that isn't shared", func(t *testing.T, s *setUp) {
			err := s.google.SetACL("sebastian@asymmetric.example", fakegoogle.ACLRule{ScopeType: "user", ScopeValue: interviewsUser, Role: "none"})
			if err != nil {
				t.Fatal(err)
			}
		}, []fault{{"calendar of Sebastian Gant (sebastian@asymmetric.example)", "share it inside the company as free/busy"}}},
		{"a panelist without an address", func(t *testing.T, s *setUp) {
			s.user(t, sebastian, func(u *fakeslack.User) { u.Email = "" })
		}, []fault{{"calendar of Sebastian Gant", "there is no e-mail address in their Slack profile: add one"}}},
		{"a panelist's own calendar that isn't there", func(t *testing.T, s *setUp) { s.ownCalendar(t, sebastian, "seb@old.example") },
			[]fault{{"calendar of Sebastian Gant (seb@old.example)", "or name their right calendar with /hiring setup"}}},

		// The mail server.
		{"a wrong password of the mail server", func(_ *testing.T, s *setUp) { s.mail.refusing = true },
			[]fault{{"mail server 127.0.0.1:", "refused the user or password (535): correct SMTP_URL"}}},
		{"no mail server", func(t *testing.T, s *setUp) { s.env["SMTP_URL"] = "smtp://" + closedAddress(t) },
			[]fault{{"mail server 127.0.0.1:", "the mail server cannot be reached"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.name == "a folder that can't be written" && runtime.GOOS != "linux" {
				t.Skip("only Linux has a folder that not even root can write to")
			}
			s := newSetUp(t)
			c.damage(t, s)
			code, out := s.check(t)
			if code != exitFailed {
				t.Errorf("exit code %d, want %d", code, exitFailed)
			}
			faults := marked(out, markFault)
			if len(faults) != len(c.want) {
				t.Errorf("%d faults are shown, want %d", len(faults), len(c.want))
			}
			for _, want := range c.want {
				shown := slices.ContainsFunc(faults, func(line string) bool {
					what, mend, _ := strings.Cut(line, " — ")
					return strings.HasPrefix(what, want.what) && strings.Contains(mend, want.mend)
				})
				if !shown {
					t.Errorf("no line begins with %q and says %q", want.what, want.mend)
				}
			}
			if t.Failed() {
				t.Log(out)
			}
		})
	}
}
