package fakegoogle_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"convene/internal/sandbox/fakegoogle"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/googleapi"
)

func TestFaults(t *testing.T) {
	g := start(t)
	insert := func(id string) error {
		_, err := g.Events.Insert("primary", interview(id)).Do()
		return err
	}
	stored := func(id string) bool { _, ok := g.Event(id); return ok }

	g.AddFault(fakegoogle.Fault{Method: "events.insert", Action: fakegoogle.FaultDropBefore})
	if err := insert("dropped1"); err == nil || stored("dropped1") {
		t.Errorf("dropBefore: %v, stored %v", err, stored("dropped1"))
	}
	if n := len(g.Requests("events.insert")); n != 1 {
		t.Errorf("the POST was sent %d times", n)
	}
	g.AddFault(fakegoogle.Fault{Method: "events.insert", Action: fakegoogle.FaultCommitThenDrop})
	if err := insert("stored1"); err == nil || !stored("stored1") {
		t.Errorf("commitThenDrop: %v, stored %v", err, stored("stored1"))
	}
	g.AddFault(fakegoogle.Fault{Method: "events.insert", Action: fakegoogle.FaultCommitThenStatus})
	refused(t, insert("stored2"), 503, "backendError")
	if !stored("stored2") {
		t.Error("commitThenStatus stored nothing")
	}
	g.AddFault(fakegoogle.Fault{Method: "events.insert", Action: fakegoogle.FaultHTML502})
	refused(t, insert("html1"), 502, "")
	g.AddFault(fakegoogle.Fault{Method: "events.insert", Action: fakegoogle.FaultEmpty500})
	refused(t, insert("blank1"), 500, "")
	g.AddFault(fakegoogle.Fault{Method: "events.insert", Action: fakegoogle.FaultStatus, Status: 403, Reason: "rateLimitExceeded", RetryAfter: 7, Times: 2})
	refused(t, insert("limit1"), 403, "rateLimitExceeded")
	err := insert("limit1")
	var ge *googleapi.Error
	if !errors.As(err, &ge) || ge.Header.Get("Retry-After") != "7" {
		t.Errorf("no Retry-After: %v", err)
	}
	must(t, insert("limit1"))
	if n := g.PendingFaults(); n != 0 {
		t.Errorf("%d faults are left", n)
	}

	g.AddFault(fakegoogle.Fault{Method: "events.insert", Action: fakegoogle.FaultHang})
	ctx, cancel := context.WithCancel(context.Background())
	g.AddFault(fakegoogle.Fault{Method: "events.get", Before: func(*fakegoogle.Server) { cancel() }, Latency: time.Hour})
	if _, err := g.Events.Get("primary", "limit1").Context(ctx).Do(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the call to end with its context", err)
	}

	old, err := g.Events.Get("primary", "limit1").Do()
	must(t, err)
	must(t, g.HumanEdit("limit1", json.RawMessage(`{"summary":"New"}`)))
	g.AddFault(fakegoogle.Fault{Method: "events.get", Action: fakegoogle.FaultStaleRead})
	stale, err := g.Events.Get("primary", "limit1").Do()
	must(t, err)
	if stale.Etag != old.Etag || stale.Summary != "Interview" {
		t.Errorf("the read was not stale: %+v", stale)
	}
}

func TestSaveAndLoad(t *testing.T) {
	g := start(t)
	g.book("meeting1")
	list, err := g.Events.List("primary").Do()
	must(t, err)
	saved, err := g.Save()
	must(t, err)
	later := start(t)
	must(t, later.Load(saved))
	if diff := cmp.Diff(g.Dump(), later.Dump()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(g.Mail(), later.Mail()); diff != "" {
		t.Error(diff)
	}
	if _, err := later.Events.List("primary").SyncToken(list.NextSyncToken).Do(); err != nil {
		t.Errorf("the sync token did not survive: %v", err)
	}
}

func TestSubscribersAreWoken(t *testing.T) {
	g := start(t)
	changes, stop := g.Subscribe()
	before := g.Version()
	g.book("meeting1")
	<-changes
	if g.Version() <= before {
		t.Error("the version did not grow")
	}
	stop()
}
