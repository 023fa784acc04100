package bot

import (
	"strings"
	"testing"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// The role channel's messages about one interview, from booked to cancelled.
func TestChannelMessages(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 09:00", k)
	golden(t, "channel_booked", checkMessage(t, w.renderKey("channel-booked:iv_ana:1", "iv_ana", "", "")))
	k.Interview.Revision = 2
	golden(t, "channel_moved", checkMessage(t, w.renderKey("channel-moved:iv_ana:2", "iv_ana", "", "")))
	w.posted = []string{"channel-moved:iv_ana:3"}
	k.Interview.Revision = 3
	golden(t, "channel_moved_again", checkMessage(t, w.renderKey("channel-moved:iv_ana:2", "iv_ana", "", "Wed 08:00")))
	w.now = at(t, "Wed 18:00")
	golden(t, "channel_booked_over", checkMessage(t, w.renderKey("channel-booked:iv_ana:1", "iv_ana", "", "Wed 08:00")))
	k.Interview.State, k.Interview.Reason = hiring.Cancelled, "Ana is ill."
	golden(t, "channel_cancelled", checkMessage(t, w.renderKey("channel-cancelled:iv_ana", "iv_ana", "", "")))
	if got := w.renderKey("channel-booked:iv_ana:2", "iv_ana", "", ""); got != nil {
		t.Errorf("a cancelled interview is said to be booked: %s", got.Text)
	}
}

// What a coordinator hears of people's edits in Google Calendar.
func TestGoogleMessages(t *testing.T) {
	for _, what := range []string{"moved", "removed", "kept", "refused", "declined"} {
		k := testCase(t)
		w := newWorld(t, "Wed 09:00", k)
		switch what {
		case "removed":
			k.Interview.State = hiring.Removed
		case "kept":
			k.Interview.Problem = "Sebastian is no longer free then."
		case "refused":
			k.Interview.Problem = "the event belongs to somebody else"
		}
		key := "google:iv_ana:" + what + ":1"
		name := "google_" + what
		if what == "declined" {
			name = "google_candidate"
		}
		golden(t, name, checkMessage(t, w.renderKey(key, "iv_ana", carla, "")))
		k.Interview.State = hiring.Cancelled
		if got := string(checkMessage(t, w.renderKey(key, "iv_ana", carla, "Wed 08:00"))); strings.Contains(got, `"button"`) {
			t.Errorf("%s: a cancelled interview has buttons: %s", what, got)
		}
	}
}

// A coordinator hears who can't be reached, and why a post waits.
func TestTroubleMessages(t *testing.T) {
	k := testCase(t)
	k.Role.Setup.Channel = ""
	w := newWorld(t, "Wed 09:00", k)
	store := &posts{botStore: botStore{w, unusedBotStore{}}, messages: map[string]*outbox.Message{
		"panelist:iv_ana:1:" + karly: {Key: "panelist:iv_ana:1:" + karly, Kind: "panelist", About: "iv_ana", Person: karly},
	}}
	w.bot.Store = store
	golden(t, "undelivered", checkMessage(t, w.renderKey("undelivered:panelist:iv_ana:1:"+karly+":"+carla, "panelist:iv_ana:1:"+karly, carla, "")))

	trouble, err := w.bot.Directory.ChannelTrouble(t.Context(), k.Role)
	if err != nil {
		t.Fatal(err)
	}
	about := join(k.Role.Key, troubleID(trouble))
	key := "channel-trouble:" + about + ":2026-11-18:" + carla
	golden(t, "channel_trouble", checkMessage(t, w.renderKey(key, about, carla, "")))
	about = join(k.Role.Key, troubleID("The channel is public."))
	golden(t, "channel_trouble_settled", checkMessage(t, w.renderKey(key, about, carla, "Wed 08:00")))
}
