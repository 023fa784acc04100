package fakegoogle_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"convene/internal/sandbox/fakegoogle"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/calendar/v3"
)

// sync reads what changed since a token, as "id status", and the next token.
func (g *world) sync(token string) ([]string, string, error) {
	call := g.Events.List("primary").MaxResults(2)
	if token != "" {
		call.SyncToken(token)
	}
	var got []string
	next := ""
	err := call.Pages(context.Background(), func(page *calendar.Events) error {
		for _, ev := range page.Items {
			got = append(got, ev.Id+" "+ev.Status)
		}
		if next != "" {
			g.t.Error("a sync token before the last page")
		}
		next = page.NextSyncToken
		return nil
	})
	return got, next, err
}

func TestSyncTokensTellWhatChanged(t *testing.T) {
	g := start(t, func(o *fakegoogle.Options) { o.EmptyPages = true })
	for i := range 5 {
		g.book(fmt.Sprintf("meeting%d", i))
	}
	must(t, g.HumanDelete("meeting4", true))
	got, token, err := g.sync("")
	must(t, err)
	if diff := cmp.Diff([]string{"meeting0 confirmed", "meeting1 confirmed", "meeting2 confirmed", "meeting3 confirmed"}, got); diff != "" {
		t.Error(diff)
	}
	must(t, g.RSVP(ann, "meeting1", "accepted", ""))
	must(t, g.HumanDelete("meeting0", true))
	got, token, err = g.sync(token)
	must(t, err)
	if diff := cmp.Diff([]string{"meeting1 confirmed", "meeting0 cancelled"}, got); diff != "" {
		t.Error(diff)
	}
	if got, _, err = g.sync(token); err != nil || len(got) != 0 {
		t.Errorf("nothing changed, got %v %v", got, err)
	}
	g.ExpireSyncTokens(interviews)
	_, _, err = g.sync(token)
	refused(t, err, 410, "fullSyncRequired")
	if _, _, err = g.sync(""); err != nil {
		t.Errorf("the full read after 410: %v", err)
	}
}

func TestChangesDuringPagingAreInTheNextSync(t *testing.T) {
	g := start(t)
	for i := range 3 {
		g.book(fmt.Sprintf("meeting%d", i))
	}
	first, err := g.Events.List("primary").MaxResults(2).Do()
	must(t, err)
	must(t, g.HumanDelete("meeting2", true))
	second, err := g.Events.List("primary").MaxResults(2).PageToken(first.NextPageToken).Do()
	must(t, err)
	got, _, err := g.sync(second.NextSyncToken)
	must(t, err)
	if diff := cmp.Diff([]string{"meeting2 cancelled"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSyncTokenExpiresBetweenPages(t *testing.T) {
	g := start(t)
	_, token, err := g.sync("")
	must(t, err)
	for i := range 3 {
		g.book(fmt.Sprintf("meeting%d", i))
	}
	g.AddFault(fakegoogle.Fault{Method: "events.list", Skip: 1, Before: func(s *fakegoogle.Server) { s.ExpireSyncTokens(interviews) }})
	_, _, err = g.sync(token)
	refused(t, err, 410, "fullSyncRequired")
}

func TestSyncTokenForbidsFilters(t *testing.T) {
	g := start(t)
	list, err := g.Events.List("primary").TimeMin("2026-11-01T00:00:00Z").Do() // fine for the first read
	must(t, err)
	token := list.NextSyncToken
	for name, call := range map[string]*calendar.EventsListCall{
		"timeMin":     g.Events.List("primary").TimeMin("2026-11-01T00:00:00Z"),
		"timeMax":     g.Events.List("primary").TimeMax("2026-12-01T00:00:00Z"),
		"updatedMin":  g.Events.List("primary").UpdatedMin("2026-11-17T00:00:00Z"),
		"q":           g.Events.List("primary").Q("x"),
		"iCalUID":     g.Events.List("primary").ICalUID("x"),
		"orderBy":     g.Events.List("primary").OrderBy("updated"),
		"property":    g.Events.List("primary").PrivateExtendedProperty("a=b"),
		"showDeleted": g.Events.List("primary").ShowDeleted(false),
		"other set":   g.Events.List("primary").SingleEvents(true),
	} {
		_, err := call.SyncToken(token).Do()
		t.Run(name, func(t *testing.T) { refused(t, err, 400, "badRequest") })
	}
	_, err = g.Events.List("primary").SyncToken("garbled").Do()
	refused(t, err, 400, "invalid")
	_, err = g.Events.List("primary").SyncToken(token).Do()
	must(t, err)
	must(t, g.SetACL(interviews, fakegoogle.ACLRule{ScopeType: "user", ScopeValue: bob, Role: "reader"}))
	_, err = g.Events.List("primary").SyncToken(token).Do()
	refused(t, err, 410, "fullSyncRequired")
}

func TestListFilters(t *testing.T) {
	g := start(t)
	g.book("meeting1")
	_, err := g.AddBusy(interviews, "Lunch", at("2026-11-18T12:00:00-06:00"), at("2026-11-18T13:00:00-06:00"), false)
	must(t, err)
	must(t, g.HumanDelete("meeting1", true))
	g.book("meeting2")
	list := func(call *calendar.EventsListCall) []string {
		t.Helper()
		got, err := call.Do()
		must(t, err)
		var names []string
		for _, ev := range got.Items {
			names = append(names, ev.Summary+" "+ev.Status)
		}
		return names
	}
	for name, test := range map[string]struct {
		call *calendar.EventsListCall
		want []string
	}{
		"all":                    {g.Events.List("primary"), []string{"Lunch confirmed", "Interview confirmed"}},
		"deleted too":            {g.Events.List("primary").ShowDeleted(true), []string{"Lunch confirmed", "Interview cancelled", "Interview confirmed"}},
		"by start":               {g.Events.List("primary").SingleEvents(true).OrderBy("startTime"), []string{"Lunch confirmed", "Interview confirmed"}},
		"by key":                 {g.Events.List("primary").PrivateExtendedProperty("key=iv1"), []string{"Interview confirmed"}},
		"by text":                {g.Events.List("primary").Q("lunch"), []string{"Lunch confirmed"}},
		"ends at timeMin":        {g.Events.List("primary").TimeMin("2026-11-18T13:00:00-06:00"), []string{"Interview confirmed"}},
		"starts at timeMax":      {g.Events.List("primary").TimeMax("2026-11-19T10:00:00-06:00"), []string{"Lunch confirmed"}},
		"of another type":        {g.Events.List("primary").EventTypes("focusTime"), nil},
		"two keys, one matching": {g.Events.List("primary").PrivateExtendedProperty("key=iv1", "key=iv2"), nil},
	} {
		if diff := cmp.Diff(test.want, list(test.call)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	_, err = g.Events.List("primary").OrderBy("startTime").Do()
	refused(t, err, 400, "badRequest")
	g.wait(31 * 24 * time.Hour)
	_, err = g.Events.List("primary").UpdatedMin("2026-11-18T00:00:00Z").Do()
	refused(t, err, 410, "updatedMinTooLongAgo")
}

func TestSeriesAreExpanded(t *testing.T) {
	g := start(t)
	_, err := g.AddEvent(ann, fakegoogle.Event{
		ID: "series", Summary: "Team", Recurrence: []string{"RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=5"},
		Start: &fakegoogle.EventTime{DateTime: "2026-10-19T09:00:00+02:00", TimeZone: "Europe/Berlin"},
		End:   &fakegoogle.EventTime{DateTime: "2026-10-19T09:30:00+02:00", TimeZone: "Europe/Berlin"},
	})
	must(t, err)
	list, err := g.as(ann, "calendar.events").Events.Instances("primary", "series").Do()
	must(t, err)
	var starts []string
	for _, ev := range list.Items {
		starts = append(starts, ev.Start.DateTime)
	}
	// 9:00 stays 9:00 when the clocks go back on October 25.
	want := []string{"2026-10-19T09:00:00+02:00", "2026-10-21T09:00:00+02:00", "2026-10-26T09:00:00+01:00", "2026-10-28T09:00:00+01:00", "2026-11-02T09:00:00+01:00"}
	if diff := cmp.Diff(want, starts); diff != "" {
		t.Error(diff)
	}
	busy, _ := g.freeBusy("2026-10-26T00:00:00Z", "2026-10-27T00:00:00Z", ann)
	if diff := cmp.Diff([]string{"2026-10-26T08:00:00Z/2026-10-26T08:30:00Z"}, busy[ann]); diff != "" {
		t.Error(diff)
	}
}
