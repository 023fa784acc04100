package gcal_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"convene/internal/gcal"
	"convene/internal/hiring"
	"convene/internal/sandbox/fakegoogle"
)

const (
	interviews = "interviews@corp.example"
	ann        = "ann@corp.example"
	bob        = "bob@corp.example"
	candidate  = "candidate@mail.example"
	chicago    = "America/Chicago"
)

var ctx = context.Background()

// world is a small company's Google.
type world struct {
	*fakegoogle.Server
	t   *testing.T
	url string
}

func start(t *testing.T) *world {
	t.Helper()
	now := at("2026-11-18T09:00:00-06:00")
	w := &world{t: t, Server: fakegoogle.New(fakegoogle.Options{
		Now: func() time.Time { return now }, Strict: true, AnonymousPrincipal: interviews,
	})}
	for _, u := range []fakegoogle.User{
		{Email: interviews, TimeZone: chicago}, {Email: ann, TimeZone: "Europe/Berlin"}, {Email: bob, TimeZone: chicago},
	} {
		must(t, w.AddUser(u))
	}
	web := httptest.NewServer(w.Handler())
	t.Cleanup(web.Close)
	w.url = web.URL
	return w
}

// client is the bot's, on the calendar of interviews@ unless changed.
func (w *world) client(change ...func(*gcal.Options)) *gcal.Client {
	w.t.Helper()
	o := gcal.Options{BaseURL: w.url + "/google/calendar/v3/"}
	for _, c := range change {
		c(&o)
	}
	c, err := gcal.New(ctx, o)
	must(w.t, err)
	return c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// interview is a booking on Thursday at 10:00 in Chicago.
func interview(id string) hiring.Event {
	return hiring.Event{
		ID: id, Key: "iv1", Summary: "Interview: Operations at Corp", Description: "Thank you & welcome", Zone: chicago, Meet: true,
		Start: at("2026-11-19T16:00:00Z"), End: at("2026-11-19T17:00:00Z"),
		Guests: []hiring.Guest{{Email: candidate, Name: "Zoë"}, {Email: ann}, {Email: bob, Optional: true}},
	}
}

func (w *world) book(c *gcal.Client, id string) hiring.Event {
	w.t.Helper()
	ev, err := c.Insert(ctx, interview(id))
	must(w.t, err)
	return ev
}

// mails lists the log as "kind to".
func (w *world) mails() []string {
	var all []string
	for _, m := range w.Mail() {
		all = append(all, m.Kind+" "+m.To)
	}
	return all
}

func TestNewListsEverySettingThatIsWrong(t *testing.T) {
	w := start(t)
	w.AddServiceAccount(fakegoogle.ServiceAccount{Email: "bot@p.iam.gserviceaccount.com"})
	key, err := w.ServiceAccountKey("bot@p.iam.gserviceaccount.com", w.url)
	must(t, err)
	user, err := w.AuthorizedUserFile(interviews, w.url)
	must(t, err)
	for name, test := range map[string]struct {
		options gcal.Options
		want    []string // in the error; none: no error
	}{
		"loopback needs nothing":      {gcal.Options{BaseURL: w.url + "/google/calendar/v3/"}, nil},
		"a missing slash is added":    {gcal.Options{BaseURL: w.url + "/google/calendar/v3"}, nil},
		"nothing":                     {gcal.Options{}, []string{"GOOGLE_CREDENTIALS is not set"}},
		"no JSON":                     {gcal.Options{CredentialsJSON: []byte("key.json")}, []string{"GOOGLE_CREDENTIALS is not JSON"}},
		"another kind of file":        {gcal.Options{CredentialsJSON: []byte(`{"type":"external_account"}`)}, []string{"external_account"}},
		"key without a user":          {gcal.Options{CredentialsJSON: key}, []string{"GOOGLE_IMPERSONATE is not set"}},
		"key with a user":             {gcal.Options{CredentialsJSON: key, Impersonate: interviews}, nil},
		"empty key":                   {gcal.Options{CredentialsJSON: []byte(`{"type":"service_account"}`), Impersonate: interviews}, []string{"incomplete service-account key"}},
		"user file with a user":       {gcal.Options{CredentialsJSON: user, Impersonate: interviews}, []string{"leave GOOGLE_IMPERSONATE out"}},
		"user file":                   {gcal.Options{CredentialsJSON: user}, nil},
		"wrong path":                  {gcal.Options{BaseURL: "http://127.0.0.1/calendar/"}, []string{"must end in /calendar/v3/"}},
		"no URL":                      {gcal.Options{BaseURL: "localhost:8080"}, []string{"not a full URL"}},
		"unencrypted":                 {gcal.Options{BaseURL: "http://proxy.example/calendar/v3/", CredentialsJSON: user}, []string{"use https"}},
		"a wrong URL and a wrong key": {gcal.Options{BaseURL: "x", CredentialsJSON: []byte("x")}, []string{"GOOGLE_CALENDAR_URL", "GOOGLE_CREDENTIALS"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := gcal.New(ctx, test.options)
			if (err == nil) != (test.want == nil) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q in it", err, want)
				}
			}
		})
	}
}

func TestServiceAccountActsAsTheUser(t *testing.T) {
	w := start(t)
	w.Configure(func(o *fakegoogle.Options) { o.AnonymousPrincipal = "" })
	const account = "bot@p.iam.gserviceaccount.com"
	w.AddServiceAccount(fakegoogle.ServiceAccount{Email: account, Delegated: true, DelegatedScopes: gcal.Scopes})
	key, err := w.ServiceAccountKey(account, w.url)
	must(t, err)
	client := func() *gcal.Client {
		return w.client(func(o *gcal.Options) { o.CredentialsJSON, o.Impersonate = key, interviews })
	}
	c := client()
	if ev := w.book(c, "meeting1"); ev.Link == "" {
		t.Error("no Meet link")
	}
	if _, err := c.Busy(ctx, []string{ann}, at("2026-11-19T00:00:00Z"), at("2026-11-20T00:00:00Z")); err != nil {
		t.Errorf("the scopes don't suffice for free/busy: %v", err)
	}
	if _, _, err := c.Changes(ctx, ""); err != nil {
		t.Errorf("the scopes don't suffice for changes: %v", err)
	}
	w.RevokeDelegation(account)
	_, err = client().Get(ctx, "meeting1")
	classed(t, err, "never", "Domain-wide delegation")
	w.SuspendUser(interviews, true)
	_, err = c.Get(ctx, "meeting1")
	classed(t, err, "never", "renew GOOGLE_CREDENTIALS")
}

func TestAuthorizedUser(t *testing.T) {
	w := start(t)
	w.Configure(func(o *fakegoogle.Options) { o.AnonymousPrincipal = "" })
	file, err := w.AuthorizedUserFile(interviews, w.url, gcal.Scopes...)
	must(t, err)
	client := func() *gcal.Client { return w.client(func(o *gcal.Options) { o.CredentialsJSON = file }) }
	w.book(client(), "meeting1")

	w.AddFault(fakegoogle.Fault{Method: "token", Action: fakegoogle.FaultStatus, Status: 503})
	_, err = client().Insert(ctx, interview("meeting2"))
	classed(t, err, "later", "sign-in is not available")
	w.RevokeTokens(interviews)
	_, err = client().Insert(ctx, interview("meeting2"))
	classed(t, err, "never", "the consent or key was revoked")
}
