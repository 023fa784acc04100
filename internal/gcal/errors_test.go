package gcal_test

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"convene/internal/gcal"
	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/sandbox/fakegoogle"
)

// classed checks what the outbox is told of an error, and that it says something of use and nothing of a candidate.
func classed(t *testing.T, err error, want, text string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s", want)
	}
	c := outbox.Classify(err)
	got := map[outbox.Class]string{outbox.ClassUnknown: "unknown", outbox.ClassLater: "later", outbox.ClassNever: "never"}[c.Class]
	if c.Slow {
		got = "unknown, slow"
	}
	if got != want {
		t.Errorf("classed %s, want %s: %v", got, want, err)
	}
	if !strings.Contains(err.Error(), text) {
		t.Errorf("got %q, want %q in it", err, text)
	}
	for _, secret := range []string{candidate, "Zoë", "Thank you"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error names the candidate: %v", err)
		}
	}
}

func TestEveryFailureOfABookingIsClassed(t *testing.T) {
	status := func(code int, reason string) fakegoogle.Fault {
		return fakegoogle.Fault{Action: fakegoogle.FaultStatus, Status: code, Reason: reason}
	}
	for name, test := range map[string]struct {
		fault  fakegoogle.Fault
		want   string
		text   string
		stored bool
	}{
		"lost before it was stored": {fakegoogle.Fault{Action: fakegoogle.FaultDropBefore}, "unknown", "could not be reached", false},
		"lost after it was stored":  {fakegoogle.Fault{Action: fakegoogle.FaultCommitThenDrop}, "unknown", "could not be reached", true},
		"503 after it was stored":   {fakegoogle.Fault{Action: fakegoogle.FaultCommitThenStatus}, "unknown", "error of its own", true},
		"half an answer":            {fakegoogle.Fault{Action: fakegoogle.FaultTruncatedJSON}, "unknown", "could not be read", true},
		"a proxy's page":            {fakegoogle.Fault{Action: fakegoogle.FaultHTML502}, "unknown", "HTTP 502", false},
		"empty 500":                 {fakegoogle.Fault{Action: fakegoogle.FaultEmpty500}, "unknown", "HTTP 500", false},
		"429":                       {status(429, "rateLimitExceeded"), "later", "fewer calls", false},
		"403 rate limit":            {status(403, "userRateLimitExceeded"), "later", "fewer calls", false},
		"403 against abuse":         {status(403, "quotaExceeded"), "later", "usage limit", false},
		"401":                       {status(401, "authError"), "never", "renew GOOGLE_CREDENTIALS", false},
		"scope":                     {status(403, "insufficientPermissions"), "never", "calendar.events", false},
		"API off":                   {status(403, "accessNotConfigured"), "never", "enable it", false},
		"no delegation":             {status(403, "forbiddenForServiceAccounts"), "never", "GOOGLE_IMPERSONATE", false},
		"read-only calendar":        {status(403, "requiredAccessLevel"), "never", "share it", false},
		"no such calendar":          {status(404, "notFound"), "never", "GOOGLE_CALENDAR_ID", false},
		"something else":            {status(400, "badRequest"), "never", "refused the request (HTTP 400, badRequest)", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t)
			test.fault.Method = "events.insert"
			w.AddFault(test.fault)
			_, err := w.client().Insert(ctx, interview("meeting1"))
			classed(t, err, test.want, test.text)
			if _, stored := w.Event("meeting1"); stored != test.stored {
				t.Errorf("stored: %v, want %v", stored, test.stored)
			}
			if n := len(w.Requests("events.insert")); n != 1 {
				t.Errorf("%d attempts, want one", n)
			}
		})
	}
}

func TestRateLimitsSayHowLong(t *testing.T) {
	w := start(t)
	w.AddFault(fakegoogle.Fault{Action: fakegoogle.FaultStatus, Status: 429, Reason: "rateLimitExceeded", RetryAfter: 42})
	err := w.client().Delete(ctx, "meeting1")
	var limited *outbox.Limited
	if !errors.As(err, &limited) || limited.After != 42*time.Second || outbox.Classify(err).After != 42*time.Second {
		t.Errorf("got %v", err)
	}
	w.AddFault(fakegoogle.Fault{Action: fakegoogle.FaultStatus, Status: 403, Reason: "quotaExceeded"})
	if c := outbox.Classify(w.client().Delete(ctx, "meeting1")); c.After != time.Hour {
		t.Errorf("after quotaExceeded wait %s, want hours", c.After)
	}
}

func TestTimeouts(t *testing.T) {
	w := start(t)
	c := w.client(func(o *gcal.Options) { o.HTTPTimeout = 300 * time.Millisecond })
	w.AddFault(fakegoogle.Fault{Method: "events.insert", Action: fakegoogle.FaultCommitThenHang})
	_, err := c.Insert(ctx, interview("meeting1"))
	classed(t, err, "unknown, slow", "did not answer within 300ms")
	w.AddFault(fakegoogle.Fault{Method: "events.get", Action: fakegoogle.FaultHang})
	_, err = c.Get(ctx, "meeting1")
	classed(t, err, "later", "did not answer within 300ms")
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	address := l.Addr().String()
	l.Close()
	c, err := gcal.New(ctx, gcal.Options{BaseURL: "http://" + address + "/calendar/v3/"})
	must(t, err)
	_, err = c.Insert(ctx, interview("meeting1"))
	classed(t, err, "later", "could not be reached") // nothing was sent, so it certainly did not happen
}

func TestRefusalsThatPeopleCanMend(t *testing.T) {
	w := start(t)
	noMeet := "c_1@group.calendar.google.com"
	must(t, w.AddCalendar(fakegoogle.Calendar{ID: noMeet, Summary: "Interviews", DataOwner: interviews, NoMeet: true}))
	_, err := w.client(func(o *gcal.Options) { o.CalendarID = noMeet }).Insert(ctx, interview("meeting1"))
	classed(t, err, "never", "can't make Meet links")

	ev := interview("meeting1")
	ev.Guests[1].Email = "ann"
	_, err = w.client().Insert(ctx, ev)
	classed(t, err, "never", "correct the address")

	ev = interview("meeting1")
	ev.Zone = "Mars"
	_, err = w.client().Insert(ctx, ev)
	classed(t, err, "never", `"Mars" is no time zone`)

	must(t, w.AddCalendar(fakegoogle.Calendar{ID: "c_2@group.calendar.google.com", DataOwner: bob}))
	must(t, w.SetACL("c_2@group.calendar.google.com", fakegoogle.ACLRule{ScopeType: "user", ScopeValue: interviews, Role: "reader"}))
	_, err = w.client(func(o *gcal.Options) { o.CalendarID = "c_2@group.calendar.google.com" }).Insert(ctx, interview("meeting1"))
	classed(t, err, "never", "c_2@group.calendar.google.com: share it")
}

func TestAnInvisibleCalendarIsNotADeletedEvent(t *testing.T) {
	w := start(t)
	shared := "c_1@group.calendar.google.com"
	must(t, w.AddCalendar(fakegoogle.Calendar{ID: shared, DataOwner: bob}))
	share := func(role string) {
		must(t, w.SetACL(shared, fakegoogle.ACLRule{ScopeType: "user", ScopeValue: interviews, Role: role}))
	}
	share("writer")
	c := w.client(func(o *gcal.Options) { o.CalendarID = shared })
	w.book(c, "meeting1")
	_, err := c.Get(ctx, "nosuchid")
	if !errors.Is(err, hiring.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	share("none")
	for name, err := range map[string]error{
		"get":     second(c.Get(ctx, "meeting1")),
		"delete":  c.Delete(ctx, "meeting1"),
		"changes": func() error { _, _, err := c.Changes(ctx, ""); return err }(),
	} {
		if errors.Is(err, hiring.ErrNotFound) {
			t.Errorf("%s: the interview was taken for deleted", name)
		}
		classed(t, err, "never", "share the calendar")
	}
}

func second[T any](_ T, err error) error { return err }
