package bot

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
)

// panelOf is Ana's panel, an hour on the Friday.
func panelOf(k *hiring.Case, start time.Time) *hiring.Case {
	iv := *k.Interview
	iv.ID, iv.Stage, iv.State, iv.Start, iv.End = "iv_panel", "panel", hiring.Booked, start, start.Add(time.Hour)
	return &hiring.Case{Role: k.Role, Candidate: k.Candidate, Interview: &iv}
}

// Ana's panel was booked ahead of the decision. Dana reads its time in the draft;
// it is moved while she writes, so she is asked once. She approves, and it is
// moved again: her message says so, and the text is a draft again.
func TestANoticeSaysTheBookedTime(t *testing.T) {
	k := complete(t)
	decided(k, hiring.Advance, at(t, "Mon 10:00"))
	panel := panelOf(k, at(t, "Mon 11:00").AddDate(0, 0, 3))
	w := newWorld(t, "Mon 11:00", k, panel)
	ctx := t.Context()
	view, err := w.bot.noticeView(ctx, k, w.people[dana])
	if err != nil {
		t.Fatal(err)
	}
	state := stateOf(view)
	if got := state["body"].Value; !strings.Contains(got, "The next step is already booked:\nPanel, Thursday, 26 November 2026, 10:00–11:00 am MST (America/Denver)\n\nwe would like") {
		t.Fatalf("the draft says %q", got)
	}

	panel.Interview.Start, panel.Interview.End = panel.Interview.Start.Add(time.Hour), panel.Interview.End.Add(time.Hour)
	answer, err := w.bot.submitNotice(ctx, w.submit(dana, view, state))
	if err != nil || k.Notice.State != hiring.NoticeDraft {
		t.Fatalf("%v; a text with an old time is %s", err, k.Notice.State)
	}
	again := *answer.(*slack.ViewSubmissionResponse).View
	raw := marshalView(t, again)
	golden(t, "notice_times", raw)
	if got := string(raw); !strings.Contains(got, "10:00–11:00 am MST (America/Denver) to Thursday, 26 November 2026, 11:00 am–12:00 pm MST") {
		t.Errorf("she isn't told what was moved: %s", got)
	}
	if _, err := w.bot.submitNotice(ctx, w.submit(dana, again, state)); err != nil || k.Notice.State != hiring.NoticeApproved {
		t.Fatalf("asked twice: %v", err)
	}
	if got := text(t, w.render("notice", k.Notice.ID, dana, "Mon 11:00")); strings.Contains(got, "check the text") {
		t.Errorf("nothing was moved since: %s", got)
	}

	panel.Interview.State = hiring.Cancelled
	golden(t, "notice_moved", checkMessage(t, w.render("notice", k.Notice.ID, dana, "Mon 11:00")))
	if err := w.bot.redraft(ctx, w.click(dana, join("iv_ana", k.Notice.ID))); err != nil {
		t.Fatal(err)
	}
	if got := string(w.views[len(w.views)-1].Raw); !strings.Contains(got, "10:00–11:00 am MST") || !strings.Contains(got, "is no longer booked for Thursday") {
		t.Errorf("her draft is %s", got)
	}
	golden(t, "notice_again", checkMessage(t, w.render("notice", k.Notice.ID, dana, "Mon 11:00")))
}

// Who approved a text that somebody else changed and approved since doesn't
// send the old one.
func TestANoticeIsSentByWhoApprovedItLast(t *testing.T) {
	k := complete(t)
	decided(k, hiring.Decline, at(t, "Mon 10:00"))
	k.Notice.State, k.Notice.ApprovedBy = hiring.NoticeApproved, carla
	w := newWorld(t, "Mon 11:00", k)
	if got := text(t, w.render("notice", k.Notice.ID, dana, "Mon 11:00")); !strings.Contains(got, "approved by Carla") || strings.Contains(got, "I sent it") {
		t.Errorf("Dana reads %s", got)
	}
	if got := text(t, w.render("notice", k.Notice.ID, carla, "Mon 11:00")); !strings.Contains(got, "I sent it") {
		t.Errorf("Carla reads %s", got)
	}
}

// The setting CANDIDATE_EMAIL was changed while a notice was on its way: what it
// says is true, and somebody can finish it.
func TestANoticeIsNotStuckWhenTheSettingChanges(t *testing.T) {
	for _, tt := range []struct {
		mode    string
		state   hiring.NoticeState
		attempt int
		problem string
		has     string
		hasNot  string
	}{
		{decision.MailSend, hiring.NoticeApproved, 0, "", "I sent it", "on its way"},                                     // ask before
		{decision.MailAsk, hiring.NoticeApproved, 1, "", "on its way", "I sent it"},                                      // send before; the outbox gives it back in a moment
		{decision.MailAsk, hiring.NoticeFailed, 1, "the bot no longer sends e-mail", "from your own mail", "Send again"}, // given back
		{decision.MailOff, hiring.NoticeFailed, 1, "the bot no longer sends e-mail", "I sent it", "Send again"},
		{decision.MailOff, hiring.NoticeApproved, 0, "", "I sent it", "on its way"},
		{decision.MailAsk, hiring.NoticeFailed, 1, "", "Please send this to Ana", "Send again"}, // approved anew
		{decision.MailAsk, hiring.NoticeUnsure, 1, "lost", "It arrived: mark as told", "Send again"},
	} {
		k := complete(t)
		decided(k, hiring.Decline, at(t, "Mon 10:00"))
		n := k.Notice
		n.State, n.ApprovedBy, n.Attempt, n.Problem = tt.state, dana, tt.attempt, tt.problem
		w := newWorld(t, "Mon 11:00", k)
		w.bot.Decisions.Mode = tt.mode
		if got := text(t, w.render("notice", n.ID, dana, "Mon 11:00")); !strings.Contains(got, tt.has) || strings.Contains(got, tt.hasNot) {
			t.Errorf("%s, %s, %d tries: want %q and not %q in %s", tt.mode, tt.state, tt.attempt, tt.has, tt.hasNot, got)
		}
	}
}

// text is all that a message says.
func text(t *testing.T, c *content) string {
	t.Helper()
	raw, err := json.Marshal(c.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
