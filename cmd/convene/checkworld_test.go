package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
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

// wholeDatabase is one in which the main role is open, as the bot left it.
var wholeDatabase = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "convene-check-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "convene.db")
	if err := writeDatabase(path, func(*hiring.Setup) {}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
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
	database, err := wholeDatabase()
	if err == nil {
		err = os.WriteFile(s.env["DATABASE_PATH"], database, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *setUp) delegate(scopes ...string) {
	s.google.AddServiceAccount(fakegoogle.ServiceAccount{Email: accountOfBot, Delegated: true, DelegatedScopes: scopes})
}

// writeDatabase makes or changes a database: in it the main role is open, but
// for what change does to its setup.
func writeDatabase(path string, change func(*hiring.Setup)) error {
	ctx := context.Background()
	roles, err := role.Builtin()
	if err != nil {
		return err
	}
	db, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return err
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
	change(&setup)
	put := db.PutRoles(ctx, roles)
	save := db.ChangeSetup(ctx, mainRole, func(_ *hiring.Role, s *hiring.Setup) (outbox.Batch, error) {
		*s = setup
		return outbox.Batch{}, nil
	})
	return errors.Join(put, save, db.Close())
}

func (s *setUp) roleSetup(t *testing.T, change func(*hiring.Setup)) {
	t.Helper()
	if err := writeDatabase(s.env["DATABASE_PATH"], change); err != nil {
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
	known := db.SavePeople(t.Context(), []hiring.Person{seb})
	saved := db.ChangePerson(t.Context(), id, func(p *hiring.Person, _ []*hiring.Interview) (outbox.Batch, error) {
		p.Calendar, p.CalendarBy, p.CalendarAt = address, id, time.Now()
		return outbox.Batch{}, nil
	})
	err = errors.Join(known, saved, db.Close())
	if err != nil {
		t.Fatal(err)
	}
}
