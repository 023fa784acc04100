package fakegoogle_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"convene/internal/sandbox/fakegoogle"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/calendar/v3"
)

func TestPeopleActInGooglesPages(t *testing.T) {
	g := start(t, func(o *fakegoogle.Options) { o.ProposeSetsStatus = "tentative" })
	must(t, g.AddCalendar(fakegoogle.Calendar{ID: "c_1@group.calendar.google.com", Summary: "Interviews", DataOwner: interviews}))
	g.book("meeting1")
	_, token, err := g.sync("")
	must(t, err)

	must(t, g.ProposeTime(ann, "meeting1", at("2026-11-20T10:00:00Z"), at("2026-11-20T11:00:00Z")))
	if got := g.answers("meeting1")[ann]; got != "tentative" {
		t.Errorf("after proposing another time ann is %s", got)
	}
	must(t, g.RemoveFromOwnCalendar(ann, "meeting1"))
	if got := g.answers("meeting1")[ann]; got != "declined" {
		t.Errorf("after removing the event ann is %s", got)
	}
	must(t, g.HumanMoveToCalendar("meeting1", "c_1@group.calendar.google.com"))
	got, _, err := g.sync(token)
	must(t, err)
	if diff := cmp.Diff([]string{"meeting1 cancelled"}, got); diff != "" {
		t.Error(diff)
	}
	if ev, ok := g.Event("meeting1"); !ok || ev.Organizer.Email != "c_1@group.calendar.google.com" || !ev.Main {
		t.Errorf("got %+v", ev)
	}
	want := []string{"invite " + ann, "invite " + candidate, "counter " + interviews, "reply " + interviews, "reply " + interviews, "update " + ann, "update " + candidate}
	if diff := cmp.Diff(want, g.mails()); diff != "" {
		t.Error(diff)
	}
	must(t, g.HumanDelete("meeting1", true))
	for name, err := range map[string]error{
		"answer":  g.RSVP(ann, "meeting1", "accepted", ""),
		"move":    g.HumanMove("meeting1", at("2026-11-20T10:00:00Z"), at("2026-11-20T11:00:00Z")),
		"delete":  g.HumanDelete("meeting1", true),
		"propose": g.ProposeTime(ann, "meeting1", at("2026-11-20T10:00:00Z"), at("2026-11-20T11:00:00Z")),
	} {
		if !errors.Is(err, fakegoogle.ErrNoEvent) {
			t.Errorf("%s: a deleted event answers %v, want ErrNoEvent", name, err)
		}
	}
}

func TestOnlyGuestsAnswer(t *testing.T) {
	g := start(t)
	g.book("meeting1")
	if err := g.RSVP(bob, "meeting1", "accepted", ""); err == nil {
		t.Error("somebody who is no guest answered")
	}
	if err := g.RSVP(ann, "meeting1", "yes", ""); err == nil {
		t.Error("an answer that Google doesn't know was taken")
	}
}

func TestUpdateReplacesTheWholeEvent(t *testing.T) {
	g := start(t)
	ev := g.book("meeting1")
	ev.Description, ev.Location = "", "Room 1"
	updated, err := g.Events.Update("primary", "meeting1", ev).ConferenceDataVersion(1).Do()
	must(t, err)
	if updated.Description != "" || updated.Location != "Room 1" || updated.HangoutLink != ev.HangoutLink || updated.Created != ev.Created {
		t.Errorf("got %+v", updated)
	}
	_, err = g.Events.Update("primary", "meeting1", &calendar.Event{Summary: "No times"}).Do()
	refused(t, err, 400, "required")
}

func TestImportInvitesNobody(t *testing.T) {
	g := start(t)
	ev := interview("")
	ev.ICalUID = "from-elsewhere@other.example"
	got, err := g.Events.Import("primary", ev).Do()
	must(t, err)
	if got.ICalUID != ev.ICalUID || len(g.mails()) != 0 {
		t.Errorf("got %+v, mails %v", got, g.mails())
	}
	_, err = g.Events.Import("primary", ev).Do()
	refused(t, err, 409, "duplicate")
}

func TestOversizedPropertiesAreCutSilently(t *testing.T) {
	g := start(t)
	ev := interview("meeting1")
	ev.ExtendedProperties.Private = map[string]string{strings.Repeat("k", 45): "x", "long": strings.Repeat("v", 2000)}
	got, err := g.Events.Insert("primary", ev).Do()
	must(t, err)
	if p := got.ExtendedProperties.Private; len(p) != 1 || len(p["long"]) != 1024 {
		t.Errorf("%d properties, %d characters", len(p), len(p["long"]))
	}
}

func TestTimesAreShownInTheZoneAskedFor(t *testing.T) {
	g := start(t)
	g.book("meeting1")
	for zone, want := range map[string]string{
		"": "2026-11-19T10:00:00-06:00", "Asia/Kolkata": "2026-11-19T21:30:00+05:30",
	} {
		call := g.Events.Get("primary", "meeting1")
		if zone != "" {
			call.TimeZone(zone)
		}
		ev, err := call.Do()
		must(t, err)
		if ev.Start.DateTime != want {
			t.Errorf("in %q: %s, want %s", zone, ev.Start.DateTime, want)
		}
	}
	_, err := g.Events.Get("primary", "meeting1").TimeZone("Mars/Olympus").Do()
	refused(t, err, 400, "invalidParameter")
}

func TestConcurrentInsertsOfOneIDMakeOneEvent(t *testing.T) {
	g := start(t)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { _, errs[i] = g.Events.Insert("primary", interview("meeting1")).SendUpdates("all").Do() })
	}
	wg.Wait()
	made := 0
	for _, err := range errs {
		if err == nil {
			made++
			continue
		}
		refused(t, err, 409, "duplicate")
	}
	if made != 1 || len(g.mails()) != 2 {
		t.Errorf("%d inserts succeeded, mails %v", made, g.mails())
	}
}

func TestSettingsColorsAndLists(t *testing.T) {
	g := start(t)
	settings, err := g.Settings.List().Do()
	must(t, err)
	if len(settings.Items) < 2 {
		t.Errorf("settings: %+v", settings.Items)
	}
	_, err = g.Settings.Get("workingHours").Do() // the API has no such thing
	refused(t, err, 404, "notFound")
	colors, err := g.Colors.Get().Do()
	must(t, err)
	if len(colors.Event) != 11 {
		t.Errorf("%d event colors", len(colors.Event))
	}
	entry, err := g.CalendarList.Get("primary").Do()
	must(t, err)
	if !entry.Primary || entry.AccessRole != "owner" {
		t.Errorf("got %+v", entry)
	}
	_, err = g.CalendarList.Get(ann).Do()
	refused(t, err, 404, "notFound")
	rule, err := g.Acl.Insert("primary", &calendar.AclRule{Role: "reader", Scope: &calendar.AclRuleScope{Type: "domain", Value: "corp.example"}}).Do()
	must(t, err)
	rule, err = g.Acl.Patch("primary", rule.Id, &calendar.AclRule{Role: "writer"}).Do()
	must(t, err)
	if rule.Role != "writer" || rule.Scope.Value != "corp.example" {
		t.Errorf("got %+v", rule)
	}
}

// TestStrictModeKnowsEveryField compares our wire types with those of Google's client: strict mode must refuse what
// Google doesn't have, and nothing else.
func TestStrictModeKnowsEveryField(t *testing.T) {
	for _, pair := range [][2]any{
		{calendar.Event{}, fakegoogle.Event{}},
		{calendar.EventAttendee{}, fakegoogle.Attendee{}},
		{calendar.EventDateTime{}, fakegoogle.EventTime{}},
		{calendar.EventReminders{}, fakegoogle.Reminders{}},
		{calendar.EventReminder{}, fakegoogle.Reminder{}},
		{calendar.EventSource{}, fakegoogle.Source{}},
		{calendar.EventExtendedProperties{}, fakegoogle.ExtendedProperties{}},
		{calendar.EventOutOfOfficeProperties{}, fakegoogle.OutOfOffice{}},
		{calendar.EventCreator{}, fakegoogle.Person{}},
		{calendar.ConferenceData{}, fakegoogle.ConferenceData{}},
		{calendar.CreateConferenceRequest{}, fakegoogle.ConferenceRequest{}},
		{calendar.ConferenceSolution{}, fakegoogle.ConferenceSolution{}},
		{calendar.EntryPoint{}, fakegoogle.EntryPoint{}},
	} {
		if diff := cmp.Diff(fields(pair[0]), fields(pair[1])); diff != "" {
			t.Errorf("%T (-Google's +ours): %s", pair[1], diff)
		}
	}
}

func fields(v any) []string {
	var names []string
	for f := range reflect.TypeOf(v).Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
