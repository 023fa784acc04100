package gcal_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"convene/internal/hiring"
	"convene/internal/sandbox/fakegoogle"

	"github.com/google/go-cmp/cmp"
)

func TestInsertBooksForEverybody(t *testing.T) {
	w := start(t)
	c := w.client()
	got := w.book(c, "meeting1")
	want := interview("meeting1")
	want.Etag, want.Link = got.Etag, got.Link
	for i := range want.Guests {
		want.Guests[i].RSVP = "needsAction"
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.Link == "" || got.Etag == "" {
		t.Errorf("no link or no etag: %+v", got)
	}
	read, err := c.Get(ctx, "meeting1")
	must(t, err)
	if diff := cmp.Diff(got, read); diff != "" {
		t.Errorf("reading it again: %s", diff)
	}
	if diff := cmp.Diff([]string{"invite " + candidate, "invite " + ann, "invite " + bob}, w.mails()); diff != "" {
		t.Error(diff)
	}
	stored, _ := w.Event("meeting1")
	if stored.Visibility != "private" || *stored.GuestsCanSeeOtherGuests || *stored.GuestsCanInviteOthers || stored.GuestsCanModify {
		t.Errorf("the event is too open: %+v", stored)
	}
	if stored.Description != "Thank you &amp; welcome" {
		t.Errorf("the description is not escaped: %q", stored.Description)
	}
	for _, who := range []string{ann, bob} {
		calendars, err := c.Busy(ctx, []string{who}, at("2026-11-19T00:00:00Z"), at("2026-11-20T00:00:00Z"))
		must(t, err)
		if diff := cmp.Diff([]hiring.Interval{{Start: want.Start, End: want.End}}, calendars[who].Busy); diff != "" {
			t.Errorf("%s: %s", who, diff)
		}
	}
}

func TestInsertAgainAfterALostAnswerAdoptsTheEvent(t *testing.T) {
	w := start(t)
	c := w.client()
	w.AddFault(fakegoogle.Fault{Method: "events.insert", Action: fakegoogle.FaultCommitThenDrop})
	_, err := c.Insert(ctx, interview("meeting1"))
	classed(t, err, "unknown", "")
	ev := w.book(c, "meeting1")
	if ev.Key != "iv1" || ev.Link == "" {
		t.Errorf("adopted %+v", ev)
	}
	if diff := cmp.Diff([]string{"invite " + candidate, "invite " + ann, "invite " + bob}, w.mails()); diff != "" {
		t.Errorf("invited more than once: %s", diff)
	}

	// The look at what is there may fail too: then nobody knows, and it is looked up later.
	w.AddFault(fakegoogle.Fault{Method: "events.get", Action: fakegoogle.FaultStatus, Status: 503})
	_, err = c.Insert(ctx, interview("meeting1"))
	classed(t, err, "unknown", "error of its own")
}

func TestInsertDoesNotAdoptStrangersOrTombstones(t *testing.T) {
	w := start(t)
	c := w.client()
	w.book(c, "meeting1")
	other := interview("meeting1")
	other.Key = "iv2"
	_, err := c.Insert(ctx, other)
	classed(t, err, "never", "another event")
	if !errors.Is(err, hiring.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
	must(t, w.HumanDelete("meeting1", true))
	_, err = c.Insert(ctx, interview("meeting1"))
	classed(t, err, "never", "was deleted")
	if !errors.Is(err, hiring.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
}

func TestMeetLinkThatIsStillBeingMade(t *testing.T) {
	w := start(t)
	c := w.client()
	w.SetMeet(fakegoogle.MeetPending, 0)
	if ev := w.book(c, "meeting1"); !ev.LinkPending || ev.Link != "" {
		t.Errorf("got %+v", ev)
	}
	ev, err := c.Get(ctx, "meeting1")
	must(t, err)
	if ev.LinkPending || ev.Link == "" {
		t.Errorf("got %+v", ev)
	}
	w.SetMeet(fakegoogle.MeetFailure, 0)
	if ev := w.book(c, "meeting2"); ev.LinkPending || ev.Link != "" {
		t.Errorf("got %+v", ev)
	}
}

func TestPatchMovesAndKeepsAnswersOfThoseWhoStay(t *testing.T) {
	w := start(t)
	w.Configure(func(o *fakegoogle.Options) { o.KeepAnswersOnMove = true })
	c := w.client()
	w.book(c, "meeting1")
	must(t, w.RSVP(ann, "meeting1", "accepted", "see you"))
	ev, err := c.Get(ctx, "meeting1")
	must(t, err)

	start, end := at("2026-11-20T16:00:00Z"), at("2026-11-20T17:00:00Z")
	carol := "carol@corp.example"
	changed, err := c.Patch(ctx, "meeting1", ev.Etag, hiring.EventChange{Start: &start, End: &end, Zone: chicago, Guests: []hiring.Guest{
		{Email: "Candidate@mail.example", Name: "Zoë"}, {Email: ann}, {Email: carol},
	}})
	must(t, err)
	want := []hiring.Guest{
		{Email: candidate, Name: "Zoë", RSVP: "needsAction"},
		{Email: ann, RSVP: "accepted", Comment: "see you"},
		{Email: carol, RSVP: "needsAction"},
	}
	if diff := cmp.Diff(want, changed.Guests); diff != "" {
		t.Error(diff)
	}
	if !changed.Start.Equal(start) || changed.Link != ev.Link || changed.Key != "iv1" || changed.Etag == ev.Etag {
		t.Errorf("got %+v", changed)
	}
	mails := w.mails()[4:] // after three invitations and ann's answer
	if diff := cmp.Diff([]string{"cancel " + bob, "update " + candidate, "update " + ann, "invite " + carol}, mails); diff != "" {
		t.Error(diff)
	}
}

func TestPatchSaysWhenSomebodyWasFaster(t *testing.T) {
	w := start(t)
	c := w.client()
	ev := w.book(c, "meeting1")
	summary := "New title"
	change := hiring.EventChange{Summary: &summary}
	move := func(*fakegoogle.Server) {
		must(t, w.HumanMove("meeting1", at("2026-11-21T16:00:00Z"), at("2026-11-21T17:00:00Z")))
	}
	// Between our read and our write.
	w.AddFault(fakegoogle.Fault{Method: "events.patch", Before: move})
	_, err := c.Patch(ctx, "meeting1", ev.Etag, change)
	classed(t, err, "later", "meanwhile")
	if !errors.Is(err, hiring.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
	// Before our read.
	_, err = c.Patch(ctx, "meeting1", ev.Etag, change)
	if !errors.Is(err, hiring.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
	// With no etag, whatever is there is changed.
	got, err := c.Patch(ctx, "meeting1", "", change)
	must(t, err)
	if got.Summary != summary || !got.Start.Equal(at("2026-11-21T16:00:00Z")) {
		t.Errorf("got %+v", got)
	}
}

func TestPatchAgainAfterALostAnswerSendsNoSecondMail(t *testing.T) {
	w := start(t)
	c := w.client()
	w.book(c, "meeting1")
	start, end := at("2026-11-20T16:00:00Z"), at("2026-11-20T17:00:00Z")
	change := hiring.EventChange{Start: &start, End: &end, Zone: chicago, Guests: interview("").Guests}
	w.AddFault(fakegoogle.Fault{Method: "events.patch", Action: fakegoogle.FaultCommitThenDrop})
	_, err := c.Patch(ctx, "meeting1", "", change)
	classed(t, err, "unknown", "")
	before := len(w.Mail())
	ev, err := c.Patch(ctx, "meeting1", "", change)
	must(t, err)
	if !ev.Start.Equal(start) || len(w.Mail()) != before || len(w.Requests("events.patch")) != 1 {
		t.Errorf("got %+v, %d new mails", ev, len(w.Mail())-before)
	}
}

func TestDeleteTellsGuestsAndMayBeRepeated(t *testing.T) {
	w := start(t)
	c := w.client()
	w.book(c, "meeting1")
	must(t, c.Delete(ctx, "meeting1"))
	must(t, c.Delete(ctx, "meeting1"))
	must(t, c.Delete(ctx, "neverthere"))
	if diff := cmp.Diff([]string{"cancel " + candidate, "cancel " + ann, "cancel " + bob}, w.mails()[3:]); diff != "" {
		t.Error(diff)
	}
	calendars, err := c.Busy(ctx, []string{ann}, at("2026-11-19T00:00:00Z"), at("2026-11-20T00:00:00Z"))
	must(t, err)
	if len(calendars[ann].Busy) != 0 {
		t.Error("cancelling did not free the panelist")
	}
	ev, err := c.Get(ctx, "meeting1")
	must(t, err)
	if !ev.Cancelled {
		t.Errorf("got %+v", ev)
	}
}

func TestAnInterviewMadeAllDayIsReadAndCanBeMovedBack(t *testing.T) {
	w := start(t)
	c := w.client()
	w.book(c, "meeting1")
	must(t, w.HumanEdit("meeting1", json.RawMessage(`{"start":{"date":"2026-11-20","dateTime":null,"timeZone":null},"end":{"date":"2026-11-21","dateTime":null,"timeZone":null}}`)))
	ev, err := c.Get(ctx, "meeting1")
	must(t, err)
	if !ev.Start.Equal(at("2026-11-20T00:00:00Z")) || !ev.End.Equal(at("2026-11-21T00:00:00Z")) {
		t.Errorf("got %s to %s", ev.Start, ev.End)
	}
	start, end := at("2026-11-19T16:00:00Z"), at("2026-11-19T17:00:00Z")
	ev, err = c.Patch(ctx, "meeting1", ev.Etag, hiring.EventChange{Start: &start, End: &end, Zone: chicago})
	must(t, err)
	if !ev.Start.Equal(start) || ev.Zone != chicago {
		t.Errorf("got %+v", ev)
	}
}

// Guests are changed with the note of whom we invited; whom a person added is
// known by not being in it.
func TestPatchChangesGuestsAndTheirMarks(t *testing.T) {
	w := start(t)
	c := w.client()
	want := interview("meeting1")
	for _, g := range want.Guests {
		want.Invited = append(want.Invited, hiring.GuestMark(g.Email))
	}
	ev, err := c.Insert(ctx, want)
	must(t, err)
	if diff := cmp.Diff(want.Invited, ev.Invited); diff != "" {
		t.Error(diff)
	}
	must(t, w.RSVP(ann, "meeting1", "tentative", "maybe"))
	must(t, w.HumanEdit("meeting1", json.RawMessage(`{"attendees":[{"email":"`+candidate+`"},{"email":"`+ann+`","responseStatus":"tentative","comment":"maybe"},{"email":"`+bob+`","optional":true},{"email":"friend@mail.example"}]}`)))
	ev, err = c.Get(ctx, "meeting1")
	must(t, err)
	carol, mails := "carol@corp.example", len(w.mails())
	guests := append([]hiring.Guest{}, ev.Guests[0], ev.Guests[1], ev.Guests[3], hiring.Guest{Email: carol})
	invited := []string{hiring.GuestMark(candidate), hiring.GuestMark("ANN@corp.example "), hiring.GuestMark(carol)}
	stale := ev.Etag
	ev, err = c.Patch(ctx, "meeting1", ev.Etag, hiring.EventChange{Guests: guests, Invited: invited})
	must(t, err)
	if diff := cmp.Diff(invited, ev.Invited); diff != "" {
		t.Error(diff)
	}
	if len(ev.Guests) != 4 || ev.Guests[1].RSVP != "tentative" || ev.Guests[1].Comment != "maybe" || ev.Guests[2].Email != "friend@mail.example" || ev.Key != "iv1" {
		t.Errorf("got %+v", ev)
	}
	if diff := cmp.Diff([]string{"cancel " + bob, "invite " + carol}, w.mails()[mails:]); diff != "" {
		t.Error(diff)
	}
	_, err = c.Patch(ctx, "meeting1", stale, hiring.EventChange{Guests: guests[:1], Invited: invited[:1]})
	if !errors.Is(err, hiring.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}

	// Colleagues who come and go bring nobody mail where that is asked for, but are guests all the same. Others do.
	mails = len(w.mails())
	swap := []hiring.Guest{ev.Guests[0], {Email: "dora@corp.example"}, {Email: "friend@mail.example"}}
	ev, err = c.Patch(ctx, "meeting1", ev.Etag, hiring.EventChange{Guests: swap, Invited: invited, Quiet: true})
	must(t, err)
	if got := w.mails()[mails:]; len(ev.Guests) != 3 || len(got) != 0 {
		t.Errorf("colleagues came and went: %v, mailed %v", ev.Guests, got)
	}
	ev, err = c.Patch(ctx, "meeting1", ev.Etag, hiring.EventChange{Guests: swap[:2], Invited: invited, Quiet: true})
	must(t, err)
	if diff := cmp.Diff([]string{"cancel friend@mail.example"}, w.mails()[mails:]); diff != "" {
		t.Error(diff)
	}
	ev, err = c.Patch(ctx, "meeting1", ev.Etag, hiring.EventChange{Guests: guests, Invited: invited})
	must(t, err)

	// The note alone is nobody's business: nobody is mailed.
	mails = len(w.mails())
	ev, err = c.Patch(ctx, "meeting1", ev.Etag, hiring.EventChange{Guests: guests, Invited: invited[:2]})
	must(t, err)
	patches := w.Requests("events.patch")
	if last := patches[len(patches)-1]; len(ev.Invited) != 2 || len(w.mails()) != mails || !strings.Contains(last.Query, "sendUpdates=none") {
		t.Errorf("got %+v, asked %+v", ev.Invited, last)
	}
	events, _, err := c.Changes(ctx, "")
	must(t, err)
	if len(events) != 1 || len(events[0].Invited) != 2 {
		t.Errorf("followed %+v", events)
	}
}
