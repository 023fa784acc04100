package fakegoogle_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"convene/internal/sandbox/fakegoogle"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/calendar/v3"
	"google.golang.org/api/googleapi"
)

func TestInsertInvitesEverybodyAndMakesTheLink(t *testing.T) {
	g := start(t)
	ev := g.book("meeting1")
	if ev.HangoutLink == "" || ev.ConferenceData.CreateRequest.Status.StatusCode != "success" {
		t.Errorf("no Meet link: %+v", ev.ConferenceData)
	}
	if ev.ICalUID != "meeting1@google.com" || ev.Organizer.Email != interviews || !ev.Organizer.Self || ev.Status != "confirmed" {
		t.Errorf("unexpected event %+v", ev)
	}
	if diff := cmp.Diff([]string{"invite " + ann, "invite " + candidate}, g.mails()); diff != "" {
		t.Error(diff)
	}
	copied, ok := g.copyOf(ann, "meeting1")
	if !ok || len(copied.Attendees) != 1 || copied.Attendees[0].Email != ann || copied.ExtendedProperties != nil {
		t.Errorf("the guest's copy shows other guests or private properties: %+v", copied)
	}
	for _, m := range g.Mail() {
		if m.To == candidate && (strings.Contains(m.Text, ann) || !strings.Contains(m.Text, ev.HangoutLink)) {
			t.Errorf("the candidate's mail shows another guest, or no link:\n%s", m.Text)
		}
	}
}

func TestConferenceNeedsVersion1(t *testing.T) {
	g := start(t)
	ev, err := g.Events.Insert("primary", interview("meeting1")).Do()
	must(t, err)
	if ev.ConferenceData != nil || ev.HangoutLink != "" {
		t.Errorf("a link was made without conferenceDataVersion=1")
	}
	if mails := g.mails(); len(mails) != 0 {
		t.Errorf("mail was sent without sendUpdates: %v", mails)
	}
}

func TestConferencePendingThenSuccess(t *testing.T) {
	g := start(t)
	g.SetMeet(fakegoogle.MeetPending, 1)
	first := g.book("meeting1")
	again, err := g.Events.Get("primary", "meeting1").Do()
	must(t, err)
	if first.HangoutLink != "" || again.HangoutLink != "" {
		t.Fatal("the link came too early")
	}
	done, err := g.Events.Get("primary", "meeting1").Do()
	must(t, err)
	if done.HangoutLink == "" || done.Etag == again.Etag {
		t.Errorf("the link did not come, or the etag stayed: %+v", done)
	}
}

func TestConferenceFailureAndCalendarsWithoutMeet(t *testing.T) {
	g := start(t)
	g.SetMeet(fakegoogle.MeetFailure, 0)
	if ev := g.book("meeting1"); ev.ConferenceData.CreateRequest.Status.StatusCode != "failure" || ev.HangoutLink != "" {
		t.Errorf("got %+v", ev.ConferenceData)
	}
	must(t, g.AddCalendar(fakegoogle.Calendar{ID: "c_1@group.calendar.google.com", Summary: "Interviews", DataOwner: interviews, NoMeet: true}))
	_, err := g.Events.Insert("c_1@group.calendar.google.com", interview("meeting2")).ConferenceDataVersion(1).Do()
	refused(t, err, 400, "invalid")
}

func TestIDsAreUniqueForEver(t *testing.T) {
	g := start(t)
	g.book("meeting1")
	_, err := g.Events.Insert("primary", interview("meeting1")).Do()
	refused(t, err, 409, "duplicate")
	must(t, g.Events.Delete("primary", "meeting1").SendUpdates("all").Do())
	_, err = g.Events.Insert("primary", interview("meeting1")).Do()
	refused(t, err, 409, "duplicate")
	for _, id := range []string{"wxyz1", "abc", "UPPER1", "a-b-c-d"} {
		_, err := g.Events.Insert("primary", interview(id)).Do()
		refused(t, err, 400, "invalid")
	}
}

func TestDeletedEventsAreGoneButReadable(t *testing.T) {
	g := start(t)
	g.book("meeting1")
	must(t, g.Events.Delete("primary", "meeting1").SendUpdates("all").Do())
	refused(t, g.Events.Delete("primary", "meeting1").Do(), 410, "deleted")
	refused(t, g.Events.Delete("primary", "nosuchid").Do(), 404, "notFound")
	ev, err := g.Events.Get("primary", "meeting1").Do()
	must(t, err)
	if ev.Status != "cancelled" || ev.Summary != "Interview" {
		t.Errorf("the organizer's tombstone lost its details: %+v", ev)
	}
	if _, ok := g.copyOf(ann, "meeting1"); ok {
		t.Error("the guest's copy is still there")
	}
	_, err = g.Events.Patch("primary", "meeting1", &calendar.Event{Summary: "Back?"}).Do()
	refused(t, err, 404, "notFound")
	revived, err := g.Events.Patch("primary", "meeting1", &calendar.Event{Status: "confirmed"}).SendUpdates("all").Do()
	must(t, err)
	if _, ok := g.copyOf(ann, "meeting1"); !ok || revived.Status != "confirmed" {
		t.Error("the event was not revived")
	}
}

func TestDeleteWithNoneLeavesGuestsCopies(t *testing.T) {
	g := start(t)
	g.book("meeting1")
	must(t, g.Events.Delete("primary", "meeting1").SendUpdates("none").Do())
	if _, ok := g.copyOf(ann, "meeting1"); !ok {
		t.Error("the guest's copy is gone although nobody was told")
	}
}

func TestEtagsGuardAgainstLostUpdates(t *testing.T) {
	g := start(t)
	old := g.book("meeting1")
	must(t, g.HumanMove("meeting1", at("2026-11-20T10:00:00-06:00"), at("2026-11-20T11:00:00-06:00")))
	patch := g.Events.Patch("primary", "meeting1", &calendar.Event{Summary: "Mine"})
	patch.Header().Set("If-Match", old.Etag)
	_, err := patch.Do()
	refused(t, err, 412, "conditionNotMet")
	current, err := g.Events.Get("primary", "meeting1").Do()
	must(t, err)
	patch.Header().Set("If-Match", current.Etag)
	changed, err := patch.Do()
	must(t, err)
	if changed.Summary != "Mine" || changed.Etag == current.Etag || changed.Sequence != 1 {
		t.Errorf("got %+v", changed)
	}
	_, err = g.Events.Get("primary", "meeting1").IfNoneMatch(changed.Etag).Do()
	if !googleapi.IsNotModified(err) {
		t.Errorf("got %v, want 304", err)
	}
}

func TestNaivePatchWipesAnswers(t *testing.T) {
	g := start(t)
	g.book("meeting1")
	must(t, g.RSVP(ann, "meeting1", "accepted", "see you"))
	_, err := g.Events.Patch("primary", "meeting1", &calendar.Event{Attendees: []*calendar.EventAttendee{{Email: ann}, {Email: bob}}}).SendUpdates("all").Do()
	must(t, err)
	if diff := cmp.Diff(map[string]string{ann: "needsAction", bob: "needsAction"}, g.answers("meeting1")); diff != "" {
		t.Error(diff)
	}
	want := []string{"invite " + ann, "invite " + candidate, "reply " + interviews, "cancel " + candidate, "invite " + bob}
	if diff := cmp.Diff(want, g.mails()); diff != "" {
		t.Error(diff)
	}
}

func TestMoveAsksGuestsAnew(t *testing.T) {
	for _, test := range []struct {
		keep bool
		want string
	}{{false, "needsAction"}, {true, "accepted"}} {
		g := start(t, func(o *fakegoogle.Options) { o.KeepAnswersOnMove = test.keep })
		g.book("meeting1")
		must(t, g.RSVP(ann, "meeting1", "accepted", ""))
		must(t, g.HumanMove("meeting1", at("2026-11-20T10:00:00-06:00"), at("2026-11-20T11:00:00-06:00")))
		if got := g.answers("meeting1")[ann]; got != test.want {
			t.Errorf("KeepAnswersOnMove=%v: got %s", test.keep, got)
		}
		if copied, _ := g.copyOf(ann, "meeting1"); !copied.StartsAt.Equal(at("2026-11-20T10:00:00-06:00")) {
			t.Errorf("the guest's copy starts at %s", copied.StartsAt)
		}
	}
}

func TestPatchMergesAndClears(t *testing.T) {
	g := start(t)
	g.book("meeting1")
	ev, err := g.Events.Patch("primary", "meeting1", &calendar.Event{
		ExtendedProperties: &calendar.EventExtendedProperties{Private: map[string]string{"extra": "1"}, NullFields: []string{"Private.key"}},
		Location:           "Room 1",
		ForceSendFields:    []string{"Description"},
		Start:              &calendar.EventDateTime{DateTime: "2026-11-19T17:00:00", TimeZone: "Europe/Berlin"}, // 10:00 in Chicago
	}).Do()
	must(t, err)
	if diff := cmp.Diff(map[string]string{"extra": "1"}, ev.ExtendedProperties.Private); diff != "" {
		t.Error(diff)
	}
	if ev.Description != "" || ev.Location != "Room 1" || ev.Summary != "Interview" || ev.HangoutLink == "" || ev.Start.DateTime != "2026-11-19T10:00:00-06:00" {
		t.Errorf("got %+v, start %+v", ev, ev.Start)
	}
	ev, err = g.Events.Patch("primary", "meeting1", &calendar.Event{NullFields: []string{"ConferenceData"}}).ConferenceDataVersion(1).Do()
	must(t, err)
	if ev.HangoutLink != "" {
		t.Error("the conference was not removed")
	}
}

func TestGuestsChangeOnlyTheirAnswer(t *testing.T) {
	g := start(t)
	g.book("meeting1")
	asAnn := g.as(ann, "calendar.events")
	mine, err := asAnn.Events.Get("primary", "meeting1").Do()
	must(t, err)
	if len(mine.Attendees) != 1 || !mine.Attendees[0].Self || !mine.AttendeesOmitted {
		t.Fatalf("a guest sees %+v", mine.Attendees)
	}
	_, err = asAnn.Events.Patch("primary", "meeting1", &calendar.Event{
		Summary: "My title", Attendees: []*calendar.EventAttendee{{Email: ann, ResponseStatus: "tentative", Comment: "maybe"}},
	}).Do()
	must(t, err)
	if got := g.answers("meeting1"); got[ann] != "tentative" || got[candidate] != "needsAction" {
		t.Errorf("answers %v", got)
	}
	if main, _ := g.Event("meeting1"); main.Summary != "Interview" {
		t.Errorf("the guest's title reached the organizer: %q", main.Summary)
	}
	_, err = asAnn.Events.Patch("primary", "meeting1", &calendar.Event{GuestsCanModify: true}).Do()
	refused(t, err, 403, "forbiddenForNonOrganizer")
	must(t, asAnn.Events.Delete("primary", "meeting1").Do())
	if got := g.answers("meeting1"); got[ann] != "declined" {
		t.Errorf("removing the event did not decline it: %v", got)
	}
}

func TestInvitePolicies(t *testing.T) {
	g := start(t)
	must(t, g.AddUser(fakegoogle.User{Email: "carol@other.example", InvitePolicy: "known"}))
	must(t, g.AddUser(fakegoogle.User{Email: "dave@other.example", InvitePolicy: "onRespond"}))
	ev := interview("meeting1")
	ev.Attendees = []*calendar.EventAttendee{{Email: "carol@other.example"}, {Email: "dave@other.example"}}
	_, err := g.Events.Insert("primary", ev).SendUpdates("externalOnly").Do()
	must(t, err)
	for _, guest := range []string{"carol@other.example", "dave@other.example"} {
		if _, ok := g.copyOf(guest, "meeting1"); ok {
			t.Errorf("%s has the event before answering", guest)
		}
		must(t, g.RSVP(guest, "meeting1", "accepted", ""))
		if _, ok := g.copyOf(guest, "meeting1"); !ok {
			t.Errorf("%s has answered and still has no event", guest)
		}
	}
}

func TestAbsenceDeclinesInvitations(t *testing.T) {
	g := start(t, func(o *fakegoogle.Options) { o.AutoDeclineDelay = 5 * time.Second })
	_, err := g.AddOOO(ann, at("2026-11-19T00:00:00Z"), at("2026-11-21T00:00:00Z"), "declineOnlyNewConflictingInvitations", "On holiday")
	must(t, err)
	g.book("meeting1")
	if got := g.answers("meeting1")[ann]; got != "needsAction" {
		t.Errorf("declined at once: %s", got)
	}
	g.wait(5 * time.Second)
	ev, err := g.Events.Get("primary", "meeting1").Do()
	must(t, err)
	if ev.Attendees[0].ResponseStatus != "declined" || ev.Attendees[0].Comment != "On holiday" {
		t.Errorf("got %+v", ev.Attendees[0])
	}
}

func TestMoveToAnotherCalendarLeavesAStub(t *testing.T) {
	g := start(t)
	must(t, g.AddCalendar(fakegoogle.Calendar{ID: "c_1@group.calendar.google.com", Summary: "Interviews", DataOwner: interviews}))
	g.book("meeting1")
	_, err := g.Events.Move("primary", "meeting1", "c_1@group.calendar.google.com").Do()
	must(t, err)
	stub, err := g.Events.Get("primary", "meeting1").Do()
	must(t, err)
	moved, err := g.Events.Get("c_1@group.calendar.google.com", "meeting1").Do()
	must(t, err)
	if stub.Status != "cancelled" || stub.Summary != "" || moved.Status != "confirmed" || moved.Organizer.Email != "c_1@group.calendar.google.com" {
		t.Errorf("stub %+v, moved %+v", stub, moved)
	}
}

func TestBadEventsAreRefused(t *testing.T) {
	g := start(t)
	for name, test := range map[string]struct {
		change func(*calendar.Event)
		reason string
	}{
		"no end":               {func(ev *calendar.Event) { ev.End = nil }, "required"},
		"end before start":     {func(ev *calendar.Event) { ev.End.DateTime = "2026-11-19T09:00:00-06:00" }, "timeRangeEmpty"},
		"no offset, no zone":   {func(ev *calendar.Event) { ev.Start = &calendar.EventDateTime{DateTime: "2026-11-19T10:00:00"} }, "required"},
		"unknown zone":         {func(ev *calendar.Event) { ev.Start.TimeZone = "Mars/Olympus" }, "invalid"},
		"day and moment":       {func(ev *calendar.Event) { ev.Start.Date = "2026-11-19" }, "invalid"},
		"malformed guest":      {func(ev *calendar.Event) { ev.Attendees[0].Email = "ann" }, "invalid"},
		"unknown visibility":   {func(ev *calendar.Event) { ev.Visibility = "secret" }, "invalid"},
		"unknown conference":   {func(ev *calendar.Event) { ev.ConferenceData.CreateRequest.ConferenceSolutionKey.Type = "eventHangout" }, "invalid"},
		"six reminders":        {func(ev *calendar.Event) { ev.Reminders = &calendar.EventReminders{Overrides: reminders(6)} }, "invalid"},
		"id and iCalUID":       {func(ev *calendar.Event) { ev.ICalUID = "x@y.example" }, "invalid"},
		"id too short":         {func(ev *calendar.Event) { ev.Id = "abcd" }, "invalid"},
		"no guest's address":   {func(ev *calendar.Event) { ev.Attendees[0].Email = "" }, "required"},
		"unknown answer":       {func(ev *calendar.Event) { ev.Attendees[0].ResponseStatus = "yes" }, "invalid"},
		"unknown transparency": {func(ev *calendar.Event) { ev.Transparency = "clear" }, "invalid"},
	} {
		ev := interview("meeting1")
		test.change(ev)
		_, err := g.Events.Insert("primary", ev).ConferenceDataVersion(1).Do()
		t.Run(name, func(t *testing.T) { refused(t, err, 400, test.reason) })
	}
	_, err := g.Events.Insert("primary", interview("meeting1")).SendUpdates("everybody").Do()
	refused(t, err, 400, "invalidParameter")
	if mails := g.mails(); len(mails) != 0 {
		t.Errorf("a refused event sent mail: %v", mails)
	}
}

func reminders(n int) []*calendar.EventReminder {
	var all []*calendar.EventReminder
	for i := range n {
		all = append(all, &calendar.EventReminder{Method: "popup", Minutes: int64(i + 1)})
	}
	return all
}

func TestStrictModeRefusesUnknownFields(t *testing.T) {
	g := start(t)
	post := func(query, body string) int {
		r, err := http.Post(g.url+"/google/calendar/v3/calendars/primary/events"+query, "application/json", strings.NewReader(body))
		must(t, err)
		defer r.Body.Close()
		var answer any
		must(t, json.NewDecoder(r.Body).Decode(&answer))
		return r.StatusCode
	}
	body := `{"start":{"date":"2026-11-19"},"end":{"date":"2026-11-20"}`
	for _, test := range []struct {
		query, body string
		want        int
	}{
		{"", body + `}`, 200},
		{"", body + `,"conferenceDataVersion":1}`, 400},
		{"?conferenceVersion=1", body + `}`, 400},
		{"", body, 400},
	} {
		if got := post(test.query, test.body); got != test.want {
			t.Errorf("POST %s %s: %d, want %d", test.query, test.body, got, test.want)
		}
	}
	g.Configure(func(o *fakegoogle.Options) { o.Strict = false })
	if got := post("", body+`,"nonsense":1}`); got != 200 {
		t.Errorf("Google ignores unknown fields, got %d", got)
	}
}
