package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"convene/internal/gcal"
	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/role"
	"convene/internal/sandbox/fakegoogle"
	"convene/internal/sandbox/fakeslack"
	"convene/internal/sqlite"
	"convene/internal/sqlite/sqlitetest"
)

const (
	interviewsUser = "interviews@asymmetric.example"
	accountOfBot   = "convene@project.iam.gserviceaccount.com"
)

// A setUp is a whole company as an admin has set it up, without a bot that
// runs: a service account with delegation, a mail server, a role that is open.
type setUp struct {
	*world
	env  map[string]string
	mail *smtpServer
}

// serviceAccountKey is a key of accountOfBot for a Google at the address
// BASE. Making one takes long.
var serviceAccountKey = sync.OnceValues(func() (string, error) {
	g := fakegoogle.New(fakegoogle.Options{})
	g.AddServiceAccount(fakegoogle.ServiceAccount{Email: accountOfBot})
	key, err := g.ServiceAccountKey(accountOfBot, "BASE")
	return string(key), err
})

func newSetUp(t *testing.T) *setUp {
	t.Helper()
	mail, err := listenSMTP()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mail.listener.Close() })
	w, err := newWorld(t.TempDir(), time.Date(2026, 11, 18, 15, 0, 0, 0, time.UTC), EmailSend, "smtp://hiring:canary-password@"+mail.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	w.serve()
	t.Cleanup(w.server.Close)
	key, err := serviceAccountKey()
	if err != nil {
		t.Fatal(err)
	}
	w.google.Configure(func(o *fakegoogle.Options) { o.AnonymousPrincipal = "" })
	s := &setUp{world: w, mail: mail, env: w.env()}
	s.delegate(append(slices.Clone(gcal.Scopes), gcal.LookScope)...)
	s.env["GOOGLE_CREDENTIALS"] = strings.ReplaceAll(key, "BASE", w.server.URL)
	s.env["GOOGLE_IMPERSONATE"] = interviewsUser
	s.writeDatabase(t, nil)
	return s
}

func (s *setUp) delegate(scopes ...string) {
	s.google.AddServiceAccount(fakegoogle.ServiceAccount{Email: accountOfBot, Delegated: true, DelegatedScopes: scopes})
}

// writeDatabase makes the database as the bot left it, with the main role open
// after change.
func (s *setUp) writeDatabase(t *testing.T, change func(*hiring.Setup)) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), s.env["DATABASE_PATH"], sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	roles, err := role.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	setup := hiring.Setup{
		RoleKey:      mainRole,
		People:       map[string][]string{"strategist": {karly}, "director-of-ops": {sebastian}, "owner": {mark}},
		Coordinators: []string{karly, dana}, Deciders: []string{mark, karly}, Channel: channelAC, SavedBy: karly,
	}
	for _, r := range roles {
		if r.Key == mainRole {
			setup.Confirmed = r.Revision
		}
	}
	if change != nil {
		change(&setup)
	}
	if err := errors.Join(db.PutRoles(t.Context(), roles), db.SaveSetup(t.Context(), setup, outbox.Batch{}), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// check runs `convene check` and returns its exit code and what it prints.
func (s *setUp) check(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var stdout, stderr bytes.Buffer
	code = run(ctx, append([]string{"check"}, args...), lookup(s.env), &stdout, &stderr)
	out = stdout.String() + stderr.String()
	for _, secret := range []string{botToken, appToken, "canary", "PRIVATE KEY", "xoxb-wrong", "xapp-wrong", "ticket-"} {
		if strings.Contains(out, secret) {
			t.Errorf("it tells the secret %q:\n%s", secret, out)
		}
	}
	return code, out
}

// marked returns the lines that begin with the mark, without it.
func marked(out, mark string) []string {
	var lines []string
	for line := range strings.Lines(out) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), mark+" "); ok {
			lines = append(lines, rest)
		}
	}
	return lines
}

func (s *setUp) user(t *testing.T, id string, change func(*fakeslack.User)) {
	t.Helper()
	if err := s.slack.UpdateUser(id, change); err != nil {
		t.Fatal(err)
	}
}

func (s *setUp) channel(t *testing.T, change func(*fakeslack.Channel)) {
	t.Helper()
	if err := s.slack.UpdateChannel(channelAC, change); err != nil {
		t.Fatal(err)
	}
}

func (s *setUp) token(t *testing.T, value string, change func(*fakeslack.Token)) {
	t.Helper()
	if err := s.slack.UpdateToken(value, change); err != nil {
		t.Fatal(err)
	}
}

func (s *setUp) without(t *testing.T, scope string) {
	t.Helper()
	s.token(t, botToken, func(k *fakeslack.Token) {
		k.Scopes = slices.DeleteFunc(k.Scopes, func(has string) bool { return has == scope })
	})
}

// consent replaces the service account by a user who consented to the scopes.
func (s *setUp) consent(t *testing.T, scopes ...string) {
	t.Helper()
	file, err := s.google.AuthorizedUserFile(interviewsUser, s.server.URL, scopes...)
	if err != nil {
		t.Fatal(err)
	}
	s.env["GOOGLE_CREDENTIALS"] = string(file)
	delete(s.env, "GOOGLE_IMPERSONATE")
}

// share makes the interviews' calendar one of Mark's that he shares.
func (s *setUp) share(t *testing.T, role string) {
	t.Helper()
	const id = "c_interviews@group.calendar.google.com"
	err := errors.Join(
		s.google.AddCalendar(fakegoogle.Calendar{ID: id, Summary: "Interviews", DataOwner: "mark@asymmetric.example"}),
		s.google.SetACL(id, fakegoogle.ACLRule{ScopeType: "user", ScopeValue: interviewsUser, Role: role}))
	if err != nil {
		t.Fatal(err)
	}
	s.env["GOOGLE_CALENDAR_ID"] = id
}

// closedAddress is a host and port where nobody listens.
func closedAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	return l.Addr().String()
}

// TestCheckFindsEachFault breaks a whole set-up in one place at a time. Each
// must show its own line, with the mend, and no other: whoever mends it must not
// be sent elsewhere.
func TestCheckFindsEachFault(t *testing.T) {
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
			s.writeDatabase(t, func(setup *hiring.Setup) { setup.People["owner"] = []string{"U0NOBODY"} })
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

// fillSockets opens as many Socket Mode connections as an app may have.
func (s *setUp) fillSockets(t *testing.T) {
	t.Helper()
	for range 10 {
		call, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.env["SLACK_API_URL"]+"apps.connections.open", nil)
		if err != nil {
			t.Fatal(err)
		}
		call.Header.Set("Authorization", "Bearer "+appToken)
		var opened struct{ URL string }
		answer, err := http.DefaultClient.Do(call)
		if err != nil {
			t.Fatal(err)
		}
		err = json.NewDecoder(answer.Body).Decode(&opened)
		_ = answer.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		conn, _, err := websocket.Dial(t.Context(), opened.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.CloseNow() })
	}
	if err := s.slack.WaitFor(t.Context(), func() bool { return len(s.slack.Connections()) == 10 }); err != nil {
		t.Fatal(err)
	}
}

// ownCalendar gives a person a calendar of another address, as they would in
// App Home.
func (s *setUp) ownCalendar(t *testing.T, id, address string) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), s.env["DATABASE_PATH"], sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	seb := hiring.Person{ID: id, Name: "Sebastian Gant", Calendar: address}
	err = errors.Join(db.SavePeople(t.Context(), []hiring.Person{seb}), db.SavePersonSettings(t.Context(), seb, karly, time.Now(), outbox.Batch{}), db.Close())
	if err != nil {
		t.Fatal(err)
	}
}

// TestCheckOfAWholeSetUp looks at a set-up in which nothing is wrong, before the
// bot was ever started, between two runs and while it runs.
func TestCheckOfAWholeSetUp(t *testing.T) {
	s := newSetUp(t)
	code, out := s.check(t)
	if code != exitDone || len(marked(out, markFault)) > 0 {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	for _, want := range []string{
		"✓ settings:", "✓ roles:", "✓ database ", "✓ role account-coordinator: is set up and open",
		"– not set up yet: account-coordinator-general, pixelspoke-account-coordinator: a coordinator does that",
		"✓ bot token: of the bot convene in the workspace Asymmetric", "✓ scopes of the bot token: all 9",
		"✓ clock: this machine's agrees with Slack's", "✓ app token and socket: Slack opens one and says hello\n",
		"✓ coordinators: found in the workspace: Karly Oykhman\n", "✓ team of account-coordinator: found in the workspace: Dana Reyes, Karly Oykhman, Mark, Sebastian Gant",
		"✓ channel #hiring-ac of account-coordinator: private",
		"✓ sign-in as interviews@asymmetric.example", "✓ clock: this machine's agrees with Google's",
		"✓ calendar primary (interviews@asymmetric.example): the bot may write to it", "✓ Meet on calendar primary: it makes links",
		"✓ calendars of the team: when they are busy can be read: Dana Reyes, Karly Oykhman, Mark, Sebastian Gant",
		"✓ mail server 127.0.0.1:", "nothing was sent", "All that was looked at is in order.",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("it doesn't say %q:\n%s", want, out)
		}
	}
	if len(marked(out, markUnseen)) != 1 {
		t.Errorf("only the two roles without a setup were not looked at:\n%s", out)
	}
	if last := s.slack.Connections(); len(last) > 0 {
		t.Errorf("it left %d sockets open", len(last))
	}
	for _, call := range s.slack.Calls() {
		if strings.HasPrefix(call.Method, "chat.") || strings.HasPrefix(call.Method, "views.") {
			t.Errorf("it called %s", call.Method)
		}
	}
	for _, r := range s.google.Requests() {
		if r.HTTPMethod != http.MethodGet && r.Method != "freebusy.query" && r.Method != "token" {
			t.Errorf("it called %s", r.Method)
		}
	}
	if len(s.mail.mails()) > 0 {
		t.Error("it sent mail")
	}

	if err := os.Remove(s.env["DATABASE_PATH"]); err != nil {
		t.Fatal(err)
	}
	code, out = s.check(t)
	if code != exitDone || !strings.Contains(out, "will be made when the bot starts") || !strings.Contains(out, "– teams and channels: not looked at: no role is set up") {
		t.Errorf("before the first start: exit code %d:\n%s", code, out)
	}
}

func TestCheckWhileTheBotRuns(t *testing.T) {
	w := weekWorld(t)
	if err := w.openRole(); err != nil {
		t.Fatal(err)
	}
	s := &setUp{world: w, env: w.env()}
	before := w.ledger()
	code, out := s.check(t)
	if code != exitDone || len(marked(out, markFault)) > 0 {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	for _, want := range []string{
		fmt.Sprintf("(in use by process %d, the running bot)", os.Getpid()), "(others that are open: 2, so the bot is running)",
		"✓ role account-coordinator: is set up and open", "– sign-in: not looked at",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("it doesn't say %q:\n%s", want, out)
		}
	}
	if err := w.settle(); err != nil {
		t.Errorf("afterwards the bot doesn't work: %v", err)
	}
	if w.ledger() != before {
		t.Error("the check made the bot say something")
	}
}

func TestCheckOffline(t *testing.T) {
	s := newSetUp(t)
	code, out := s.check(t, "--offline")
	if code != exitDone || !strings.Contains(out, "✓ database") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	if !strings.Contains(out, "– Slack, Google and the mail server: not looked at: --offline") {
		t.Errorf("it doesn't say what was not looked at:\n%s", out)
	}
	if n := len(s.slack.Calls()) + len(s.google.Requests()); n > 0 {
		t.Errorf("it made %d calls", n)
	}
}

// TestCheckSaysWhatItCouldNotSee: what the bot doesn't need is no fault.
func TestCheckSaysWhatItCouldNotSee(t *testing.T) {
	for name, prepare := range map[string]func(*testing.T, *setUp){
		"delegation": func(_ *testing.T, s *setUp) { s.delegate(gcal.Scopes...) },
		"consent":    func(t *testing.T, s *setUp) { s.consent(t, gcal.Scopes...) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSetUp(t)
			prepare(t, s)
			s.env["CANDIDATE_EMAIL"] = EmailAsk
			code, out := s.check(t)
			if code != exitDone || !strings.Contains(out, "– Meet on calendar primary: not looked at: the credentials were not given the scope "+gcal.LookScope) ||
				!strings.Contains(out, "– mail server: not looked at: CANDIDATE_EMAIL=ask sends nothing") {
				t.Errorf("exit code %d:\n%s", code, out)
			}
		})
	}
	s := newSetUp(t)
	s.writeDatabase(t, func(setup *hiring.Setup) { setup.Deciders, setup.Channel = nil, "" })
	code, out := s.check(t)
	if code != exitDone || !strings.Contains(out, "– role account-coordinator: not open yet: a coordinator completes it with /hiring setup; it lacks a decider, the private channel") {
		t.Errorf("a setup that is half done: exit code %d:\n%s", code, out)
	}
}

func TestCheckCanBeInterrupted(t *testing.T) {
	s := newSetUp(t)
	hold := make(chan struct{})
	defer close(hold)
	s.slack.SetFault("auth.test", fakeslack.Fault{Hold: hold})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stdout, stderr lockedBuffer
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, []string{"check"}, lookup(s.env), &stdout, &stderr) }()
	if err := s.slack.WaitFor(t.Context(), func() bool { return len(s.slack.CallsOf("apps.connections.open")) > 0 }); err != nil {
		t.Fatal(err)
	}
	cancel()
	if code := <-ended; code != exitFailed || !strings.Contains(stderr.String(), "interrupted: not everything was looked at") || strings.Contains(stdout.String(), markFault) {
		t.Errorf("exit code %d:\n%s%s", code, stdout.String(), stderr.String())
	}
}

// TestTenMistakesTenLines is a .env by somebody in a hurry: run and check both
// list every mistake at once, each with its name and what to do.
func TestTenMistakesTenLines(t *testing.T) {
	env := map[string]string{
		"SLACK_BOT_TOKEN":     "xapp-canary",
		"GOOGLE_CREDENTIALS":  "canary-key.json",
		"GOOGLE_IMPERSONATE":  "interviews",
		"GOOGLE_CALENDAR_URL": "https://www.googleapis.com/calendar/",
		"DATABASE_PATH":       filepath.Join(t.TempDir(), "none", "convene.db"),
		"COORDINATORS":        "karly",
		"SUMMARY_CRON":        "30 16 * * MON", // half an hour before the built-in roles' end of day
		"CANDIDATE_EMAIL":     "yes",
		"LISTEN_ADDR":         "8081",
		// SLACK_APP_TOKEN is forgotten
	}
	want := map[string]string{
		"SLACK_BOT_TOKEN": "begins with xoxb-", "SLACK_APP_TOKEN": "is not set: make an app-level token", "GOOGLE_CREDENTIALS": "the path of a file",
		"GOOGLE_IMPERSONATE": "not an e-mail address", "GOOGLE_CALENDAR_URL": "must end in /calendar/v3/", "DATABASE_PATH": "make ",
		"COORDINATORS": "a Slack user id", "SUMMARY_CRON": "set it earlier", "CANDIDATE_EMAIL": "ask, send, off", "LISTEN_ADDR": "127.0.0.1:8081",
	}
	for _, args := range [][]string{{"check"}, {"check", "--offline"}, {"run"}} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), args, lookup(env), &stdout, &stderr); code != exitWrong || stdout.Len() > 0 {
			t.Errorf("%q: exit code %d, want %d\n%s", args, code, exitWrong, &stdout)
		}
		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")[1:]
		if len(lines) != len(want) {
			t.Errorf("%q: %d lines, want %d:\n%s", args, len(lines), len(want), &stderr)
		}
		for name, hint := range want {
			if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "  "+name+": ") && strings.Contains(l, hint) }) {
				t.Errorf("%q: no line names %s and says %q:\n%s", args, name, hint, &stderr)
			}
		}
		if strings.Contains(stderr.String(), "canary") {
			t.Errorf("%q: a value is repeated:\n%s", args, &stderr)
		}
	}
}
