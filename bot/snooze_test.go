package bot

import (
	"errors"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// Karly, in New York, puts her reminders off on Thursday morning: the modal says
// which times those are, the message until when, and one click takes it back.
func TestRemindMeLater(t *testing.T) {
	w := newWorld(t, "Thu 09:05", testCase(t))
	if err := w.bot.openSnooze(t.Context(), w.click(karly, karly)); err != nil {
		t.Fatal(err)
	}
	golden(t, "snooze", checkView(t, w.views[0].Raw))
	until := at(t, "Thu 11:15").UTC().Format("2006-01-02T15:04:05Z")
	s := w.submit(karly, slack.ModalViewRequest{CallbackID: viewSnooze}, map[string]input{"until": {SelectedOption: *option(until, "", "")}})
	answer, err := w.bot.submitSnooze(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	shown := answer.(*slack.ViewSubmissionResponse)
	golden(t, "snooze_set", marshalView(t, *shown.View))
	golden(t, "nag_snoozed", checkMessage(t, w.render("nag", karly, karly, "Thu 09:00")))
	if got := w.render("score", "iv_ana", karly, "Wed 14:45"); !strings.Contains(string(checkMessage(t, got)), "Reminders wait until Thu 19 Nov, 12:15 pm EST, as you asked.") {
		t.Errorf("the ask doesn't say it:\n%s", checkMessage(t, got))
	}
	if w.render("nag", karly, karly, "") != nil {
		t.Error("a reminder that was put off just now would be posted")
	}
	if err := w.bot.unsnooze(t.Context(), w.click(karly, karly)); err != nil {
		t.Fatal(err)
	}
	golden(t, "score_reminded", checkMessage(t, w.render("score", "iv_ana", karly, "Wed 14:45")))
	var already *hiring.AlreadyDone
	if err := w.bot.unsnooze(t.Context(), w.click(karly, karly)); !errors.As(err, &already) {
		t.Errorf("a second time: %v", err)
	}
	w.now = at(t, "Thu 11:16")
	golden(t, "nag_again", checkMessage(t, w.render("again", karly, karly, "")))
}

// Who owes nothing has nothing to put off, and before the first reminder the ask
// doesn't offer it.
func TestNothingToPutOff(t *testing.T) {
	w := newWorld(t, "Wed 15:00", testCase(t))
	if got := string(checkMessage(t, w.render("score", "iv_ana", karly, "Wed 14:45"))); strings.Contains(got, "Remind me later") {
		t.Errorf("before the first reminder:\n%s", got)
	}
	err := w.bot.openSnooze(t.Context(), w.click(nia, nia))
	if err == nil || !strings.Contains(err.Error(), "You have no scorecards") {
		t.Errorf("%v", err)
	}
}
