package fakegoogle_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"convene/internal/sandbox/fakegoogle"

	"golang.org/x/oauth2"
	"google.golang.org/api/calendar/v3"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"
)

const (
	interviews = "interviews@corp.example"
	ann        = "ann@corp.example"
	bob        = "bob@corp.example"
	candidate  = "Cand@mail.example" // no account here; the case is kept
)

// world is a fake Google with a small company in it, and the real client.
type world struct {
	*fakegoogle.Server
	*calendar.Service
	t    *testing.T
	url  string
	mu   sync.Mutex
	time time.Time
}

func start(t *testing.T, options ...func(*fakegoogle.Options)) *world {
	t.Helper()
	g := &world{t: t, time: at("2026-11-18T09:00:00-06:00")}
	opt := fakegoogle.Options{Now: g.now, Strict: true, AnonymousPrincipal: interviews}
	for _, change := range options {
		change(&opt)
	}
	g.Server = fakegoogle.New(opt)
	for _, u := range []fakegoogle.User{
		{Email: interviews, Name: "Interviews", TimeZone: "America/Chicago"},
		{Email: ann, Name: "Ann", TimeZone: "Europe/Berlin"},
		{Email: bob, Name: "Bob", TimeZone: "America/Chicago"},
	} {
		if err := g.AddUser(u); err != nil {
			t.Fatal(err)
		}
	}
	web := httptest.NewServer(g.Handler())
	t.Cleanup(web.Close)
	g.url = web.URL
	g.Service = g.client(option.WithoutAuthentication())
	return g
}

func (g *world) now() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.time
}

func (g *world) wait(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.time = g.time.Add(d)
}

func (g *world) client(auth option.ClientOption) *calendar.Service {
	g.t.Helper()
	service, err := calendar.NewService(context.Background(), option.WithEndpoint(g.url+"/google/calendar/v3/"), auth, option.WithTelemetryDisabled())
	if err != nil {
		g.t.Fatal(err)
	}
	return service
}

// as is the client of somebody with a token of these scopes.
func (g *world) as(email string, scopes ...string) *calendar.Service {
	return g.client(option.WithTokenSource(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: g.IssueToken(email, scopes...)})))
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

// interview is what a booking asks for: Thursday 10:00 in Chicago, with a guest from inside and one from outside.
func interview(id string) *calendar.Event {
	return &calendar.Event{
		Id: id, Summary: "Interview", Description: "Round 1", Visibility: "private",
		Start:                   &calendar.EventDateTime{DateTime: "2026-11-19T10:00:00-06:00", TimeZone: "America/Chicago"},
		End:                     &calendar.EventDateTime{DateTime: "2026-11-19T11:00:00-06:00", TimeZone: "America/Chicago"},
		Attendees:               []*calendar.EventAttendee{{Email: ann}, {Email: candidate}},
		GuestsCanSeeOtherGuests: googleapi.Bool(false),
		ExtendedProperties:      &calendar.EventExtendedProperties{Private: map[string]string{"key": "iv1"}},
		ConferenceData: &calendar.ConferenceData{CreateRequest: &calendar.CreateConferenceRequest{
			RequestId: id + "-1", ConferenceSolutionKey: &calendar.ConferenceSolutionKey{Type: "hangoutsMeet"},
		}},
	}
}

func (g *world) book(id string) *calendar.Event {
	g.t.Helper()
	ev, err := g.Events.Insert("primary", interview(id)).ConferenceDataVersion(1).SendUpdates("all").Do()
	if err != nil {
		g.t.Fatal(err)
	}
	return ev
}

// refused checks that an error is Google's, with a status and a reason ("" when the answer names none).
func refused(t *testing.T, err error, code int, reason string) {
	t.Helper()
	var ge *googleapi.Error
	if !errors.As(err, &ge) {
		t.Fatalf("got %v, want an answer %d %s", err, code, reason)
	}
	got := ""
	if len(ge.Errors) > 0 {
		got = ge.Errors[0].Reason
	}
	if ge.Code != code || got != reason {
		t.Fatalf("got %d %q, want %d %q: %v", ge.Code, got, code, reason, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// mails lists the log as "kind to".
func (g *world) mails() []string {
	var all []string
	for _, m := range g.Mail() {
		all = append(all, m.Kind+" "+m.To)
	}
	return all
}

func (g *world) answers(id string) map[string]string {
	ev, ok := g.Event(id)
	if !ok {
		g.t.Fatalf("no event %s", id)
	}
	all := map[string]string{}
	for _, row := range ev.Attendees {
		all[row.Email] = row.ResponseStatus
	}
	return all
}

// copyOf is an event as it is on somebody's calendar; ok is false when it isn't there, or not living.
func (g *world) copyOf(email, id string) (fakegoogle.EventDump, bool) {
	cal, _ := g.Calendar(email)
	for _, ev := range cal.Events {
		if ev.ID == id && ev.Status != "cancelled" {
			return ev, true
		}
	}
	return fakegoogle.EventDump{}, false
}
