package decision

import (
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
)

// panelFor adds the interview whose invitation is to say Ana's notice.
func (w *world) panelFor(n *hiring.Notice) *hiring.Interview {
	k := w.add("panel", "2026-11-26 10:00")
	k.Candidate, k.Interview.CandidateID, k.Interview.Stage, k.Interview.BookedBy, k.Interview.Carries = w.ana().Candidate, "c-ana", "panel", carla, n.ID
	return k.Interview
}

func TestWordForTheInvitation(t *testing.T) {
	w := newWorld(t)
	n := w.decide(hiring.Advance)
	ctx := t.Context()
	refused(t, w.Word(ctx, "ana", n.ID, " \u200b", carla), "body", "Enter the text")
	refused(t, w.Word(ctx, "ana", n.ID, strings.Repeat("ü", hiring.MaxBody+1), carla), "body", "longer than 3000")
	refused(t, w.Word(ctx, "ana", n.ID, "text", karly), "", "Only coordinators and deciders")
	refused(t, w.Word(ctx, "ana", "other", "text", carla), "", "changed meanwhile")
	if err := w.Word(ctx, "ana", n.ID, "Dear Ana,\n\ncome & meet us.", carla); err != nil {
		t.Fatal(err)
	}
	if got := w.ana().Notice; got.Body != "Dear Ana,\n\ncome & meet us." || got.State != hiring.NoticeDraft || got.Subject == "" || len(w.posts)+len(w.mails) != 0 {
		t.Errorf("%+v", got)
	}
	if err := w.Approve(ctx, "ana", n.ID, "s", "b", "", dana); err != nil {
		t.Fatal(err)
	}
	refused(t, w.Word(ctx, "ana", n.ID, "text", carla), "", "approved meanwhile")
	if err := w.MarkTold(ctx, "ana", n.ID, dana); err != nil {
		t.Fatal(err)
	}
	already(t, w.Word(ctx, "ana", n.ID, "text", carla), "told", dana)

	w = newWorld(t)
	n = w.decide(hiring.Decline)
	refused(t, w.Word(ctx, "ana", n.ID, "text", carla), "", "Only a candidate who advances")
}

// While the invitation that says it is being booked, nobody tells the candidate
// in another way or changes the decision.
func TestTheNoticeIsHeldWhileItIsCarried(t *testing.T) {
	w := newWorld(t)
	n := w.decide(hiring.Advance)
	ctx := t.Context()
	w.ana().Notice.Carrier = w.panelFor(n).ID
	const says = "being booked now, says it"
	refused(t, w.Approve(ctx, "ana", n.ID, "s", "b", "", dana), "", says)
	refused(t, w.MarkTold(ctx, "ana", n.ID, dana), "", says)
	refused(t, w.MailAgain(ctx, "ana", n.ID, dana), "", says)
	refused(t, w.Word(ctx, "ana", n.ID, "text", carla), "", says)
	_, _, err := w.Decide(ctx, Verdict{InterviewID: "ana", Outcome: hiring.Decline, Reason: "no", By: dana, Replaces: w.ana().Decision.ID})
	refused(t, err, "", says)
	if got := w.ana(); got.Told() || got.Decision.Outcome != hiring.Advance || got.Notice.State != hiring.NoticeDraft {
		t.Errorf("something changed: %+v %+v", got.Decision, got.Notice)
	}
	// The slot was taken: the notice is a draft again.
	w.ana().Notice.Carrier = ""
	if err := w.MarkTold(ctx, "ana", n.ID, dana); err != nil {
		t.Error(err)
	}
}

// The promise counts the time at which the invitation went out.
func TestToldByTheInvitation(t *testing.T) {
	w := newWorld(t)
	n := w.decide(hiring.Advance)
	ctx := t.Context()
	panel := w.panelFor(n)
	w.ana().Notice.Carrier = panel.ID
	w.now = w.at("2026-11-23 16:59")
	if err := w.ToldByInvitation(ctx, n.ID, panel.ID); err != nil {
		t.Fatal(err)
	}
	told := w.now
	w.now = w.now.Add(time.Hour)
	if err := w.ToldByInvitation(ctx, n.ID, panel.ID); err != nil { // looked up again after a crash
		t.Fatal(err)
	}
	got := w.ana()
	if !got.ToldAt.Equal(told) || got.Notice.ToldBy != carla || got.Notice.State != hiring.NoticeTold {
		t.Errorf("told at %s: %+v", got.ToldAt, got.Notice)
	}
	if p := (hiring.Promise{Deadline: got.Interview.Deadline, ToldAt: got.ToldAt}); !p.Kept() {
		t.Error("the promise was kept")
	}
	already(t, w.MarkTold(ctx, "ana", n.ID, dana), "told", carla)

	// A decision that was changed is not unsaid by an old invitation.
	w = newWorld(t)
	n = w.decide(hiring.Advance)
	old := *n
	panel = w.panelFor(n)
	w.ana().Notice = &hiring.Notice{ID: "newer", State: hiring.NoticeDraft}
	w.cases = append(w.cases, &hiring.Case{Role: w.role, Candidate: w.ana().Candidate, Interview: w.ana().Interview, Notice: &old})
	if err := w.ToldByInvitation(ctx, n.ID, panel.ID); err != nil || w.ana().Told() {
		t.Errorf("%v, told %t", err, w.ana().Told())
	}
}
