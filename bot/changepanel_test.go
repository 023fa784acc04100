package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/schedule"
)

func TestChangePanelModal(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 09:00", k)
	golden(t, "change_panel", marshalView(t, changePanelView(k, w.people[carla], k.Interview.Panel, 1, "Nia (account deactivated)")))

	change := schedule.PanelChange{Interview: "iv_ana", Panel: []hiring.Panelist{{Person: karly, Part: hiring.Required}, {Person: nia, Part: hiring.Optional}}, Seen: 1}
	asked := overbookingView(k, w.people[carla], change, []schedule.Conflict{
		{Name: "Nia", Busy: hiring.Interval{Start: at(t, "Wed 14:00"), End: at(t, "Wed 15:00")}},
		{Name: "Karly", Busy: hiring.Interval{Start: at(t, "Wed 13:45"), End: at(t, "Wed 14:30")}, Interview: true},
		{Name: "Mark", Unreadable: "Google Calendar doesn't answer right now"},
		{Name: "Dana", Busy: hiring.Interval{Start: at(t, "Wed 00:00"), End: at(t, "Fri 00:00")}},
	})
	golden(t, "change_panel_busy", marshalView(t, asked))
	if got := readSeats(readMeta(asked.PrivateMetadata).Seats); fmt.Sprint(got) != fmt.Sprint(change.Panel) || readMeta(asked.PrivateMetadata).Revision != 1 {
		t.Errorf("the question remembers %v", got)
	}
	golden(t, "change_panel_done", marshalView(t, panelChangedView(k, w.people[carla])))
	if readSeats("") != nil {
		t.Error("no seats are some")
	}
}

// The largest legal panel of people with long and hostile names.
func TestLargestChangeOfPanelFits(t *testing.T) {
	k := extremeCase(t, 1)
	w := newWorld(t, "Wed 09:00", k)
	change := schedule.PanelChange{Interview: k.Interview.ID}
	var conflicts []schedule.Conflict
	for i := range schedule.MaxPanel {
		change.Panel = append(change.Panel, hiring.Panelist{Person: fmt.Sprintf("W%010d%d", 0, i), Part: hiring.Required})
		conflicts = append(conflicts, schedule.Conflict{Name: longText(80), Unreadable: longText(200)})
	}
	marshalView(t, overbookingView(k, w.people[carla], change, conflicts))
	marshalView(t, changePanelView(k, w.people[carla], change.Panel, 1, strings.Repeat(longText(80)+", ", 10)))
	marshalView(t, panelChangedView(k, w.people[carla]))
}

// Who was named by the button, or has left, isn't chosen.
func TestChangePanelOpensWithoutWhoCannotCome(t *testing.T) {
	k := testCase(t)
	k.Interview.Panel[1].RSVP = "declined"
	w := newWorld(t, "Wed 09:00", k)
	gone := w.people[mark]
	gone.Deleted = true
	w.people[mark] = gone
	if err := w.bot.openChangePanel(t.Context(), w.click(carla, join("iv_ana", seb))); err != nil {
		t.Fatal(err)
	}
	var view slack.ModalViewRequest
	if err := json.Unmarshal(w.views[0].Raw, &view); err != nil {
		t.Fatal(err)
	}
	shown := string(w.views[0].Raw)
	for _, want := range []string{"Not chosen below: Sebastian (declined), Mark (account deactivated).", `"initial_users":["UKARLY"]`, `"label":{"type":"plain_text","text":"Who shadows?"`} {
		if !strings.Contains(shown, want) {
			t.Errorf("%s isn't shown: %s", want, shown)
		}
	}
	if strings.Contains(shown, `"USEB"`) || strings.Contains(shown, `"UMARK"`) {
		t.Errorf("somebody who can't come is chosen: %s", shown)
	}
	if err := w.bot.openChangePanel(t.Context(), w.click(dana, "iv_ana")); err == nil || !strings.Contains(err.Error(), "Only a coordinator") {
		t.Errorf("a decider: %v", err)
	}
	w.now = at(t, "Wed 15:00")
	if err := w.bot.openChangePanel(t.Context(), w.click(carla, "iv_ana")); err == nil || !strings.Contains(err.Error(), "is over") {
		t.Errorf("afterwards: %v", err)
	}
}

func TestSeatMessages(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 09:00", k)
	off, on := "unseated:iv_ana:2:"+nia, "seated:iv_ana:2:"+karly
	if w.renderKey(off, "iv_ana", nia, "") != nil {
		t.Error("somebody who never heard of the interview is told that it isn't theirs")
	}
	w.posted = []string{"panelist:iv_ana:1:" + nia}
	golden(t, "unseated", checkMessage(t, w.renderKey(off, "iv_ana", nia, "")))
	k.Cards = append(k.Cards, &hiring.Scorecard{Panelist: nia, SavedAt: w.now})
	if got := w.renderKey(off, "iv_ana", nia, ""); !strings.Contains(got.Text, "Your notes are kept") {
		t.Errorf("of a draft it says %s", got.Text)
	}
	golden(t, "seated", checkMessage(t, w.renderKey(on, "iv_ana", karly, "")))
	k.Interview.Panel = append(k.Interview.Panel[1:], hiring.Panelist{Person: nia, Part: hiring.Required})
	if w.renderKey(off, "iv_ana", nia, "") != nil || w.renderKey(on, "iv_ana", karly, "") != nil {
		t.Error("what is no longer so would be posted")
	}
	for _, got := range []*content{w.renderKey(off, "iv_ana", nia, "Wed 08:00"), w.renderKey(on, "iv_ana", karly, "Wed 08:00")} {
		checkMessage(t, got)
		if strings.Contains(got.Text, "no longer") || strings.Contains(got.Text, "again: ") {
			t.Errorf("a posted one still says %s", got.Text)
		}
	}
}

func TestLeftMessage(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 09:00", k)
	key := "left:iv_ana:" + seb
	if w.renderKey(key, "iv_ana", carla, "") != nil {
		t.Error("it is told of somebody who is there")
	}
	gone := w.people[seb]
	gone.Deleted = true
	w.people[seb] = gone
	golden(t, "left", checkMessage(t, w.renderKey(key, "iv_ana", carla, "")))

	says := func(words string, buttons ...string) {
		t.Helper()
		got := w.renderKey(key, "iv_ana", carla, "Wed 09:00")
		raw := string(checkMessage(t, got))
		if !strings.Contains(got.Text, words) {
			t.Errorf("says %q, want %q", got.Text, words)
		}
		for _, b := range []string{actChangePanel, actReveal, actSetup} {
			if strings.Contains(raw, b) != strings.Contains(strings.Join(buttons, " "), b) {
				t.Errorf("%s: want only the buttons %q: %s", words, buttons, raw)
			}
		}
	}
	w.now = at(t, "Wed 15:00")
	says("is over, and their scorecard, which is required, won't come", actSetup)
	submitted(k, karly, w.now, goodAnswers(hiring.Strong, "k"))
	says("won't come", actSetup, actReveal)
	submitted(k, seb, w.now, goodAnswers(hiring.Strong, "s"))
	says("their scorecard is in", actSetup, actReveal)
	k.Interview.State = hiring.Cancelled
	says("isn't booked any more", actSetup)
	k.Interview.Panel = k.Interview.Panel[:1]
	says("no longer on the panel", actSetup)
	delete(k.Role.Setup.People, "ops")
	says("no longer on the panel")
	gone.Deleted = false
	w.people[seb] = gone
	says("is active again")
}

func TestGoogleMessagesAboutPanelists(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 09:00", k)
	declined, off := "google:iv_ana:declined-"+seb+":1", "google:iv_ana:off-"+seb+":1"
	k.Interview.Panel[1].RSVP = "declined"
	golden(t, "google_declined", checkMessage(t, w.renderKey(declined, "iv_ana", carla, "")))
	k.Interview.Panel[1].RSVP = hiring.TakenOff
	golden(t, "google_off", checkMessage(t, w.renderKey(off, "iv_ana", carla, "")))
	k.Interview.Panel[1].RSVP = "needsAction"
	if got := w.renderKey(off, "iv_ana", carla, "Wed 08:00"); !strings.Contains(got.Text, "invited again") {
		t.Errorf("says %s", got.Text)
	}
	k.Interview.Panel = k.Interview.Panel[:1]
	for _, key := range []string{declined, off} {
		got := w.renderKey(key, "iv_ana", carla, "Wed 08:00")
		if raw := string(checkMessage(t, got)); !strings.Contains(got.Text, "no longer on") || strings.Contains(raw, `"button"`) {
			t.Errorf("says %s", raw)
		}
	}
}

// A change of the panel raises the revision; the message about the last move
// stays the newest.
func TestMovedMessageOutlivesAChangeOfPanel(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 09:00", k)
	w.posted = []string{"channel-moved:iv_ana:2"}
	k.Interview.Revision = 4
	if got := w.renderKey("channel-moved:iv_ana:2", "iv_ana", "", "Wed 08:00"); !strings.Contains(got.Text, "now Wed 18 Nov") {
		t.Errorf("says %s", got.Text)
	}
	w.posted = append(w.posted, "channel-moved:iv_ana:3")
	if got := w.renderKey("channel-moved:iv_ana:2", "iv_ana", "", "Wed 08:00"); !strings.Contains(got.Text, "moved again since") {
		t.Errorf("says %s", got.Text)
	}
}

func TestWhoLeftThePanelDoesNotCount(t *testing.T) {
	k := testCase(t)
	submitted(k, nia, at(t, "Wed 14:30"), goodAnswers(hiring.Strong, "n"))
	submitted(k, karly, at(t, "Wed 15:00"), goodAnswers(hiring.Strong, "k"))
	submitted(k, seb, at(t, "Wed 15:00"), goodAnswers(hiring.Strong, "s"))
	w := newWorld(t, "Wed 16:00", k)
	raw := string(marshalView(t, w.bot.evidenceView(t.Context(), k, k.Role, w.people[carla], "")))
	if !strings.Contains(raw, "left the panel, doesn't count") || !strings.Contains(raw, "2 people") {
		t.Errorf("the evidence shows %s", raw)
	}
}
