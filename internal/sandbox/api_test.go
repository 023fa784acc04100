package sandbox_test

import (
	"context"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/clock"
	"convene/internal/sandbox"
)

func TestAPersonOrdersTea(t *testing.T) {
	w := newWorld(t)
	w.teaBot()

	got := w.act("command", fields{"as": "karly", "text": "/tea help"})
	if len(got.Shown) != 1 || got.Shown[0].Text != "Type /tea and nothing else." || !got.Shown[0].Ephemeral || got.Modal != nil {
		t.Fatalf("/tea help shows %+v", got)
	}

	got = w.act("command", fields{"as": "karly", "command": "/tea", "channel": "#hiring-ac"})
	if got.Modal == nil || got.Modal.Title != "Tea" || len(got.Modal.Fields) != 3 || got.Modal.Submit != "Order" {
		t.Fatalf("/tea opens %+v", got.Modal)
	}
	got = w.act("submit", fields{"as": "karly"})
	if got.Errors["Which tea?"] != "Please complete this required field." || got.Modal == nil {
		t.Fatalf("an empty order: %v", got.Errors)
	}
	got = w.act("submit", fields{"as": "karly", "fields": fields{"Which tea?": "coffee", "How?": "iced", "Guests": []string{"Mark", "sebastian"}}})
	if got.Errors["Which tea?"] != "That is no tea." {
		t.Fatalf("an order of coffee: %v", got.Errors)
	}
	if f := got.Modal.Fields; f[1].Values[0] != "k-iced" || !slices.Equal(f[2].Shown, []string{"Mark", "Sebastian Gant"}) || f[0].Error == "" {
		t.Fatalf("the fields hold %+v", f)
	}
	w.act("fill", fields{"as": "karly", "label": "Which tea?", "value": "green"})
	w.act("fill", fields{"as": "karly", "block_id": "kind", "value": "k-hot"})
	if got = w.act("submit", fields{"as": "karly"}); got.Modal != nil || got.Failure != "" {
		t.Fatalf("a good order leaves %+v, %s", got.Modal, got.Failure)
	}
	seen := w.until("karly", "green+tea,+hot")
	dm := seen.Conversations[slices.IndexFunc(seen.Conversations, func(c sandbox.SeenConversation) bool { return c.DM })]
	last := dm.Messages[len(dm.Messages)-1]
	if dm.Name != "Tea" || last.From != "Tea" || last.Text != "green tea, hot\n[I drank it]" || last.At.Format("15:04 -07") != "08:00 -06" {
		t.Fatalf("the DM with %s says %+v", dm.Name, last)
	}
	if len(w.see("mark").Conversations) != 2 {
		t.Error("Mark sees Karly's DM")
	}

	w.act("click", fields{"as": "karly", "label": "I drank it"})
	seen = w.until("karly", "Thanks+for+drinking.")
	if text := seen.Conversations[len(seen.Conversations)-1].Messages; !text[len(text)-1].Edited {
		t.Error("the order was not edited in place")
	}
}

func TestHomeShortcutCloseAndWords(t *testing.T) {
	w := newWorld(t)
	w.teaBot()
	if got := w.act("home", fields{"as": "dana@asymmetric.example"}); got.Home == nil || !strings.Contains(got.Home.Text, "Your teas") {
		t.Fatalf("App Home shows %+v", got.Home)
	}
	if got := w.act("click", fields{"as": "dana", "in": "home", "label": "order now"}); got.Modal == nil {
		t.Fatal("a button on App Home opens nothing")
	}
	if got := w.act("close", fields{"as": "dana"}); got.Modal != nil {
		t.Fatal("the modal stays open")
	}
	if got := w.act("shortcut", fields{"as": "Dana Whitfield", "shortcut": "Order tea"}); got.Modals != 1 {
		t.Fatal("the shortcut opens nothing")
	}
	w.act("close", fields{"as": "dana", "all": true})
	if got := w.act("say", fields{"as": "dana", "text": "Hello & <you>"}); got.Message == nil || got.Message.Text != "Hello & <you>" {
		t.Fatalf("what was said reads %+v", got.Message)
	}
	w.until("dana", "You+said:+Hello+%26+%3Cyou%3E")

	res, err := http.Get(w.url + "/sandbox/api/see?as=dana&in=dm&format=text")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	lines, _ := io.ReadAll(res.Body)
	want := "Dana Whitfield, Wed 25 Nov 2026, 6:00 am PST\n\n=== Tea\n--- Dana Whitfield, Wed 25 Nov, 6:00 am PST\nHello & <you>\n--- Tea, Wed 25 Nov, 6:00 am PST\nYou said: Hello & <you>\n\n=== App Home\nYour teas\n[Order now]\n"
	if string(lines) != want {
		t.Errorf("as text:\n%s\nwant\n%s", lines, want)
	}
}

func TestWhatIsImpossibleIsSaid(t *testing.T) {
	w := newWorld(t)
	w.teaBot()
	for _, c := range []struct {
		address string
		body    fields
		says    string
	}{
		{"command", fields{"text": "/tea"}, "say who acts"},
		{"command", fields{"as": "nobody", "text": "/tea"}, `nobody is called "nobody"`},
		{"command", fields{"as": "otto", "text": "/tea"}, "deactivated"},
		{"command", fields{"as": "tom", "text": "/tea", "channel": "#hiring-ac"}, "not in #hiring-ac"},
		{"click", fields{"as": "karly", "label": "Launch"}, `sees no "Launch"`},
		{"click", fields{"as": "karly"}, "no modal is open"},
		{"fill", fields{"as": "karly", "in": "modal", "label": "x", "value": "y"}, "has no modal open"},
		{"submit", fields{"as": "karly"}, "has no modal open"},
		{"home", fields{"as": "karly", "tab": "home"}, `unknown field "tab"`},
		{"shortcut", fields{"as": "karly", "shortcut": "Fly"}, "no global shortcut"},
		{"say", fields{"as": "karly"}, "say what"},
		{"edit", fields{"as": "karly", "ts": "1.1", "text": "x"}, "there is no message 1.1"},
		{"delete", fields{"as": "karly", "channel": "general", "ts": "1.1"}, "there is no message 1.1"},
		{"clock/jump", fields{}, `give "to"`},
		{"clock/jump", fields{"to": "2020-01-01T00:00:00Z"}, "only moves forward"},
		{"clock/rate", fields{"rate": -1}, "above 0"},
		{"faults", fields{"service": "fax"}, "slack, google or mail"},
		{"events/none/move", fields{"start": "2026-11-26T09:00:00Z"}, "no event"},
		{"nothing", fields{}, "GET /sandbox/api/"},
	} {
		if got := w.refused(c.address, c.body); !strings.Contains(got, c.says) {
			t.Errorf("%s %v: %q, want %q", c.address, c.body, got, c.says)
		}
	}
	if got := w.act("command", fields{"as": "karly", "text": "/coffee"}); got.Failure != "/coffee is not a valid command." {
		t.Errorf("/coffee: %q", got.Failure)
	}
}

func TestClockJumpsWakeTheBotOnTheWay(t *testing.T) {
	w := newWorld(t)
	var seen []time.Time
	w.SetSettle(func(context.Context) error {
		seen = append(seen, w.clock.Now())
		return nil
	})
	var state sandbox.ClockState
	w.call("GET", "/sandbox/api/clock", nil, &state)
	if len(state.Jumps) != 4 || !state.Jumps[2].To.Equal(time.Date(2026, 11, 30, 15, 0, 0, 0, time.UTC)) || state.Now.Format("Mon 15:04") != "Wed 08:00" {
		t.Fatalf("the clock offers %+v", state)
	}
	w.call("POST", "/sandbox/api/clock/jump", fields{"by": "13m"}, &state)
	want := []time.Time{start.Add(5 * time.Minute), start.Add(10 * time.Minute), start.Add(13 * time.Minute)}
	if !slices.EqualFunc(seen, want, time.Time.Equal) || !state.Now.Equal(want[2]) {
		t.Errorf("the bot was woken at %v", seen)
	}
	seen = nil
	w.call("POST", "/sandbox/api/clock/jump", fields{"to": "To Monday 9:00", "at_once": true}, &state)
	if len(seen) != 1 || state.Now.Format("Mon 15:04 -07") != "Mon 09:00 -06" {
		t.Errorf("a jump at once woke the bot %d times and ends at %v", len(seen), state.Now)
	}
	w.call("POST", "/sandbox/api/clock/rate", fields{"rate": 60}, &state)
	w.call("POST", "/sandbox/api/clock/pause", fields{}, &state)
	if state.Rate != 60 || !state.Paused {
		t.Errorf("the clock runs: %+v", state)
	}
}

func TestCalendarsAreFilledAndPeopleChangeThem(t *testing.T) {
	w := newWorld(t)
	type event struct {
		ID, Summary, Status string
		StartsAt, EndsAt    time.Time
		Busy                bool
	}
	calendar := func(who string) (events []event) {
		var got struct{ Calendar struct{ Events []event } }
		if status := w.call("GET", "/sandbox/api/calendars/"+who, nil, &got); status != http.StatusOK {
			t.Fatalf("%s's calendar: %d", who, status)
		}
		return got.Calendar.Events
	}
	busy := 0
	for _, e := range calendar("karly") {
		if e.Busy && e.StartsAt.After(start) && e.StartsAt.Before(start.AddDate(0, 0, 14)) {
			busy++
		}
	}
	if busy < 25 {
		t.Errorf("Karly's two weeks hold %d meetings", busy)
	}
	var made struct{ ID string }
	w.call("POST", "/sandbox/api/events", fields{"as": "sebastian", "summary": "Dentist", "start": "2026-11-26T14:00"}, &made)
	find := func() event {
		events := calendar("sebastian")
		return events[slices.IndexFunc(events, func(e event) bool { return e.ID == made.ID })]
	}
	if e := find(); !e.StartsAt.Equal(time.Date(2026, 11, 26, 19, 0, 0, 0, time.UTC)) || e.EndsAt.Sub(e.StartsAt) != time.Hour {
		t.Errorf("Dentist is %+v", e)
	}
	w.call("POST", "/sandbox/api/events/"+made.ID+"/move", fields{"as": "sebastian", "start": "2026-11-26T16:30:00Z"}, nil)
	if e := find(); !e.EndsAt.Equal(time.Date(2026, 11, 26, 17, 30, 0, 0, time.UTC)) {
		t.Errorf("moved, Dentist is %+v", e)
	}
	w.call("POST", "/sandbox/api/events/"+made.ID+"/delete", fields{}, nil)
	if e := find(); e.Status != "cancelled" {
		t.Errorf("deleted, Dentist is %+v", e)
	}
}

func TestStateIsKept(t *testing.T) {
	dir := t.TempDir()
	w := newWorld(t, func(o *sandbox.Options) { o.Data = dir })
	w.act("say", fields{"as": "karly", "channel": "#hiring-ac", "text": "Remember me", "wait": "0s"})
	w.call("POST", "/sandbox/api/clock/jump", fields{"by": "1h"}, nil)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	now, ok, err := sandbox.KeptTime(dir)
	if err != nil || !ok || !now.Equal(start.Add(time.Hour)) {
		t.Fatalf("the kept time is %v (%v, %v)", now, ok, err)
	}
	again, err := sandbox.New(func() sandbox.Options { o := options(clock.Controlled(now), "127.0.0.1:0"); o.Data = dir; return o }())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	if again.Company() != w.Company() {
		t.Errorf("the company was %+v and is %+v", w.Company(), again.Company())
	}
	messages, err := again.Slack.In(again.Company().Karly, "hiring-ac")
	if err != nil || len(messages) != 1 || messages[0].Text != "Remember me" {
		t.Errorf("#hiring-ac holds %+v (%v)", messages, err)
	}
	if n := len(again.Google.Users()); n != 7 {
		t.Errorf("%d Google users are left", n)
	}
	if _, _, err := sandbox.KeptTime(filepath.Join(dir, "none")); err != nil {
		t.Errorf("a directory without a state: %v", err)
	}
}
