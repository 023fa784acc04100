package fakegoogle_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"convene/internal/sandbox/fakegoogle"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2/google"
	"google.golang.org/api/calendar/v3"
	"google.golang.org/api/option"
)

// freeBusy asks for busy time; a calendar that could not be read has its reason as the only row.
func (g *world) freeBusy(from, to string, emails ...string) (map[string][]string, error) {
	q := &calendar.FreeBusyRequest{TimeMin: from, TimeMax: to}
	for _, email := range emails {
		q.Items = append(q.Items, &calendar.FreeBusyRequestItem{Id: email})
	}
	answer, err := g.Freebusy.Query(q).Do()
	if err != nil {
		return nil, err
	}
	rows := map[string][]string{}
	for id, row := range answer.Calendars {
		rows[id] = []string{}
		for _, e := range row.Errors {
			rows[id] = append(rows[id], e.Reason)
		}
		for _, b := range row.Busy {
			rows[id] = append(rows[id], b.Start+"/"+b.End)
		}
	}
	return rows, nil
}

func TestFreeBusy(t *testing.T) {
	g := start(t)
	must(t, g.AddUser(fakegoogle.User{Email: "eve@other.example"}))
	busy := func(from, to string, transparent bool) {
		_, err := g.AddBusy(ann, "Busy", at(from), at(to), transparent)
		must(t, err)
	}
	busy("2026-11-19T08:00:00Z", "2026-11-19T09:00:00Z", false)
	busy("2026-11-19T09:00:00Z", "2026-11-19T10:00:00Z", false) // touches the first
	busy("2026-11-19T12:00:00Z", "2026-11-19T13:00:00Z", true)
	busy("2026-11-18T22:00:00Z", "2026-11-19T01:00:00Z", false) // begins before the range
	_, err := g.AddEvent(bob, fakegoogle.Event{Summary: "Day off", Start: &fakegoogle.EventTime{Date: "2026-11-19"}, End: &fakegoogle.EventTime{Date: "2026-11-20"}})
	must(t, err)
	got, err := g.freeBusy("2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z", ann, bob, "eve@other.example", "nobody@corp.example")
	must(t, err)
	want := map[string][]string{
		ann:                   {"2026-11-19T00:00:00Z/2026-11-19T01:00:00Z", "2026-11-19T08:00:00Z/2026-11-19T10:00:00Z"},
		bob:                   {"2026-11-19T06:00:00Z/2026-11-20T00:00:00Z"}, // midnight in Chicago
		"eve@other.example":   {"notFound"},
		"nobody@corp.example": {"notFound"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	_, err = g.freeBusy("2026-11-19T00:00:00Z", "2026-11-19T00:00:00Z", ann)
	refused(t, err, 400, "timeRangeEmpty")
	_, err = g.freeBusy("2026-11-19T00:00:00Z", "2027-11-19T00:00:00Z", ann)
	refused(t, err, 400, "timeRangeTooLong")
}

func TestFreeBusyFollowsAnswers(t *testing.T) {
	g := start(t)
	g.book("meeting1")
	day := func() int {
		rows, err := g.freeBusy("2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z", ann)
		must(t, err)
		return len(rows[ann])
	}
	for _, step := range []struct {
		name string
		do   func() error
		want int
	}{
		{"invited", func() error { return nil }, 1},
		{"accepted", func() error { return g.RSVP(ann, "meeting1", "accepted", "") }, 1},
		{"declined", func() error { return g.RSVP(ann, "meeting1", "declined", "") }, 0},
		{"tentative", func() error { return g.RSVP(ann, "meeting1", "tentative", "") }, 1},
		{"cancelled", func() error { return g.HumanDelete("meeting1", true) }, 0},
	} {
		must(t, step.do())
		if got := day(); got != step.want {
			t.Errorf("%s: %d busy blocks, want %d", step.name, got, step.want)
		}
	}
}

func TestFreeBusyOverflow(t *testing.T) {
	g := start(t)
	var emails []string
	for i := range 51 {
		email := fmt.Sprintf("p%02d@corp.example", i)
		must(t, g.AddUser(fakegoogle.User{Email: email}))
		emails = append(emails, email)
	}
	for overflow, want := range map[string]string{"errors": "[tooManyCalendarsRequested] true", "omit": "[] false", "all": "[] true"} {
		g.Configure(func(o *fakegoogle.Options) { o.FreeBusyOverflow = overflow })
		rows, err := g.freeBusy("2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z", emails...)
		must(t, err)
		row, ok := rows[emails[50]]
		if got := fmt.Sprint(row, ok); got != want {
			t.Errorf("%s: the 51st is %s, want %s", overflow, got, want)
		}
	}
	g.Configure(func(o *fakegoogle.Options) { o.FreeBusyOverflow = "refuse" })
	_, err := g.freeBusy("2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z", emails...)
	refused(t, err, 400, "invalid")
}

func TestRolesAndRedaction(t *testing.T) {
	g := start(t)
	g.book("meeting1")
	asBob := g.as(bob, "calendar")
	get := func() (*calendar.Event, error) { return asBob.Events.Get(interviews, "meeting1").Do() }
	_, err := get()
	refused(t, err, 403, "requiredAccessLevel") // free/busy only, as a colleague
	must(t, g.SetACL(interviews, fakegoogle.ACLRule{ScopeType: "user", ScopeValue: bob, Role: "none"}))
	_, err = get()
	refused(t, err, 404, "notFound")
	must(t, g.SetACL(interviews, fakegoogle.ACLRule{ScopeType: "user", ScopeValue: bob, Role: "reader"}))
	ev, err := get()
	must(t, err)
	if ev.Summary != "" || len(ev.Attendees) != 0 || ev.Start == nil {
		t.Errorf("a private event shows %+v to a reader", ev)
	}
	_, err = asBob.Events.Patch(interviews, "meeting1", &calendar.Event{Summary: "x"}).Do()
	refused(t, err, 403, "requiredAccessLevel")
	must(t, g.SetACL(interviews, fakegoogle.ACLRule{ScopeType: "user", ScopeValue: bob, Role: "writer"}))
	if ev, err = get(); err != nil || ev.Summary != "Interview" {
		t.Errorf("a writer sees %+v, %v", ev, err)
	}
	list, err := asBob.CalendarList.List().Do()
	must(t, err)
	if len(list.Items) != 2 {
		t.Errorf("bob's list has %d calendars, want his own and the shared one", len(list.Items))
	}
	cal, err := asBob.Calendars.Get(interviews).Do()
	must(t, err)
	if cal.TimeZone != "America/Chicago" || len(cal.ConferenceProperties.AllowedConferenceSolutionTypes) != 1 {
		t.Errorf("got %+v", cal)
	}
	zone, err := g.as(ann, "calendar.settings.readonly").Settings.Get("timezone").Do()
	must(t, err)
	if zone.Value != "Europe/Berlin" {
		t.Errorf("ann's zone is %s", zone.Value)
	}
}

func TestScopes(t *testing.T) {
	g := start(t)
	events := g.as(interviews, "calendar.events")
	_, err := events.Freebusy.Query(&calendar.FreeBusyRequest{TimeMin: "2026-11-19T00:00:00Z", TimeMax: "2026-11-20T00:00:00Z"}).Do()
	refused(t, err, 403, "insufficientPermissions")
	_, err = events.CalendarList.List().Do()
	refused(t, err, 403, "insufficientPermissions")
	_, err = events.Colors.Get().Do()
	refused(t, err, 403, "insufficientPermissions")
	_, err = events.Events.List("primary").Do()
	must(t, err)
	_, err = g.as(interviews, "calendar.events.readonly").Events.Insert("primary", interview("meeting1")).Do()
	refused(t, err, 403, "insufficientPermissions")
	token := g.IssueToken(interviews, "calendar.events")
	g.SuspendUser(interviews, true)
	if got := g.status(token); got != 401 {
		t.Errorf("a suspended user's token gets %d", got)
	}
	if got := g.status("unknown"); got != 401 {
		t.Errorf("an unknown token gets %d", got)
	}
}

func (g *world) status(token string) int {
	r, err := http.NewRequest("GET", g.url+"/google/calendar/v3/calendars/primary/events", nil)
	must(g.t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	must(g.t, err)
	answer.Body.Close()
	return answer.StatusCode
}

func TestServiceAccountWithDelegation(t *testing.T) {
	g := start(t, func(o *fakegoogle.Options) { o.AnonymousPrincipal = "" })
	const account = "bot@project.iam.gserviceaccount.com"
	g.AddServiceAccount(fakegoogle.ServiceAccount{Email: account, Delegated: true, DelegatedScopes: []string{"calendar.events"}})
	key, err := g.ServiceAccountKey(account, g.url)
	must(t, err)
	client := func(subject string, scopes ...string) *calendar.Service {
		cfg, err := google.JWTConfigFromJSON(key, scopes...)
		must(t, err)
		cfg.Subject = subject
		return g.client(option.WithTokenSource(cfg.TokenSource(context.Background())))
	}
	ev, err := client(interviews, calendar.CalendarEventsScope).Events.Insert("primary", interview("meeting1")).ConferenceDataVersion(1).Do()
	must(t, err)
	if ev.Creator.Email != interviews || ev.HangoutLink == "" {
		t.Errorf("got %+v", ev)
	}
	if _, err := client(interviews, calendar.CalendarScope).Events.List("primary").Do(); err == nil {
		t.Error("a scope that was not delegated was granted")
	}
	if _, err := client("nobody@corp.example", calendar.CalendarEventsScope).Events.List("primary").Do(); err == nil {
		t.Error("an unknown user was impersonated")
	}

	bare := client("", calendar.CalendarScope)
	_, err = bare.Events.Insert("primary", interview("meeting2")).Do()
	refused(t, err, 403, "forbiddenForServiceAccounts")
	alone := interview("meeting3")
	alone.Attendees = nil
	_, err = bare.Events.Insert("primary", alone).ConferenceDataVersion(1).Do()
	refused(t, err, 400, "invalid")
	_, err = bare.Events.Insert("primary", alone).Do()
	must(t, err)

	g.RevokeDelegation(account)
	if _, err := client(interviews, calendar.CalendarEventsScope).Events.List("primary").Do(); err == nil {
		t.Error("delegation was revoked, and still works")
	}
}

func TestAuthorizedUserFile(t *testing.T) {
	g := start(t, func(o *fakegoogle.Options) { o.AnonymousPrincipal = "" })
	file, err := g.AuthorizedUserFile(interviews, g.url, "calendar.events")
	must(t, err)
	read := func() error {
		credentials, err := google.CredentialsFromJSONWithType(context.Background(), file, google.AuthorizedUser, calendar.CalendarEventsScope)
		must(t, err)
		_, err = g.client(option.WithTokenSource(credentials.TokenSource)).Events.List("primary").Do()
		return err
	}
	must(t, read())
	g.RevokeTokens(interviews)
	if err := read(); err == nil {
		t.Error("a revoked refresh token still works")
	}
}

func TestQuota(t *testing.T) {
	clock := at("2026-11-18T00:00:00Z")
	g := start(t, func(o *fakegoogle.Options) {
		o.QuotaPerMinute = 5
		o.ProtocolNow = func() time.Time { return clock }
	})
	g.book("meeting1")                                                                  // 1 unit
	_, err := g.Events.Patch("primary", "meeting1", &calendar.Event{Summary: "x"}).Do() // 3 units
	must(t, err)
	_, err = g.Events.Patch("primary", "meeting1", &calendar.Event{Summary: "y"}).Do()
	refused(t, err, 403, "userRateLimitExceeded")
	_, err = g.Events.Get("primary", "meeting1").Do() // 1 unit
	must(t, err)
	clock = clock.Add(time.Minute)
	_, err = g.Events.Patch("primary", "meeting1", &calendar.Event{Summary: "y"}).Do()
	must(t, err)
}

func TestUnknownMethodsAreNotFound(t *testing.T) {
	g := start(t)
	_, err := g.Events.QuickAdd("primary", "Lunch").Do()
	refused(t, err, 404, "notFound")
	if got := g.Requests("unknown"); len(got) != 1 {
		t.Errorf("the ledger has %d unknown calls", len(got))
	}
}

func TestACL(t *testing.T) {
	g := start(t)
	rule, err := g.Acl.Insert("primary", &calendar.AclRule{Role: "writer", Scope: &calendar.AclRuleScope{Type: "user", Value: bob}}).Do()
	must(t, err)
	rules, err := g.Acl.List("primary").Do()
	must(t, err)
	if len(rules.Items) != 2 || rules.Items[1].Id != rule.Id || rule.Id != "user:"+bob {
		t.Errorf("got %+v", rules.Items)
	}
	must(t, g.Acl.Delete("primary", rule.Id).Do())
	if _, err := g.as(bob, "calendar").Events.List(interviews).Do(); err == nil {
		t.Error("bob still reads the calendar")
	}
	_, err = g.as(bob, "calendar").Acl.List(interviews).Do()
	refused(t, err, 403, "requiredAccessLevel")
}
