package decision

import (
	"context"
	"errors"
	"strings"
	"testing"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

func TestApproveRefusesInWords(t *testing.T) {
	w := newWorld(t)
	n := w.decide(hiring.Advance)
	for _, tt := range []struct{ subject, body, by, field, words string }{
		{" ", "b", dana, "subject", "Enter a subject"},
		{"s", "\u200b\n", dana, "body", "Enter the text"},
		{strings.Repeat("ü", hiring.MaxSubject+1), "b", dana, "subject", "longer than 150"},
		{"s", strings.Repeat("ü", 5000), dana, "body", "longer than 3000"},
		{"s", "b", karly, "", "Only coordinators and deciders"},
		{"s", "b", wanda, "", "Only coordinators and deciders"},
	} {
		refused(t, w.Approve(t.Context(), "ana", n.ID, tt.subject, tt.body, "", tt.by), tt.field, tt.words)
	}
	refused(t, w.Approve(t.Context(), "ana", "other", "s", "b", "", dana), "", "changed meanwhile")
	if w.ana().Notice.State != hiring.NoticeDraft || len(w.posts)+len(w.mails) != 0 {
		t.Error("a refused approval did something")
	}
}

// ask: the approver gets the text, sends it, and says so.
func TestNoticeByAsking(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	n := w.decide(hiring.Decline)
	if err := w.Approve(ctx, "ana", n.ID, " Your\napplication ", "Hello\u202E Ana,\n\nno.", "", carla); err != nil {
		t.Fatal(err)
	}
	if got := w.ana().Notice; got.Subject != "Your application" || got.Body != "Hello Ana,\n\nno." || got.State != hiring.NoticeApproved {
		t.Errorf("%+v", got)
	}
	already(t, w.Approve(ctx, "ana", n.ID, "other", "text", "", dana), "approved", carla)
	if keys(w.posts) != "notice:"+n.ID+":"+carla || w.posts[0].Person != carla || len(w.mails) != 0 {
		t.Errorf("owed %s to %s, mails %v", keys(w.posts), w.posts[0].Person, w.mails)
	}
	if w.ana().Told() {
		t.Error("approved is not told")
	}
	w.now = w.at("2026-11-23 11:00")
	if err := w.MarkTold(ctx, "ana", n.ID, carla); err != nil {
		t.Fatal(err)
	}
	already(t, w.MarkTold(ctx, "ana", n.ID, dana), "told", carla)
	already(t, w.Approve(ctx, "ana", n.ID, "s", "b", "", dana), "told", carla)
	if got := w.ana(); !got.ToldAt.Equal(w.now) || got.Notice.ToldBy != carla || got.Notice.Subject != "Your application" {
		t.Errorf("%+v", got.Notice)
	}
}

// off: nothing is drafted for anybody to send; a person says that they told.
func TestNoticeIsOff(t *testing.T) {
	w := newWorld(t)
	w.Mode = MailOff
	n := w.decide(hiring.Decline)
	if err := w.MarkTold(t.Context(), "ana", n.ID, dana); err != nil {
		t.Fatal(err)
	}
	if !w.ana().Told() || len(w.posts)+len(w.mails) != 0 {
		t.Errorf("told %t, owed %s", w.ana().Told(), keys(w.posts))
	}
}

// Only the sent notice of a hold moves the deadline; then a decision is due
// again.
func TestHoldMovesTheDeadlineOnlyWhenTold(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	complete(w.ana())
	old := w.ana().Interview.Deadline
	n := w.decide(hiring.Hold)
	if err := w.Approve(ctx, "ana", n.ID, "Wait", "until then", "", dana); err != nil {
		t.Fatal(err)
	}
	if !w.ana().Interview.Deadline.Equal(old) {
		t.Error("the deadline moved before the candidate knew")
	}
	if err := w.MarkTold(ctx, "ana", n.ID, dana); err != nil {
		t.Fatal(err)
	}
	k := w.ana()
	if !k.Interview.Deadline.Equal(w.at("2026-12-02 17:00")) || k.Told() {
		t.Errorf("deadline %s, told %t", k.Interview.Deadline, k.Told())
	}
	for _, d := range hiring.DeadlineDue("coord", k.Interview.Deadline) {
		if !w.due[d.Key].At.Equal(d.At) {
			t.Errorf("%s isn't due", d.Key)
		}
	}
	if need, who := k.Waiting(w.now); need != hiring.NeedDecision || len(who) != 2 {
		t.Errorf("it waits for %s of %v", need, who)
	}
	if w.decide(hiring.Decline); w.ana().Candidate.State != hiring.Declined {
		t.Errorf("after the hold: %s", w.ana().Candidate.State)
	}
	if !w.ana().Interview.Deadline.Equal(w.at("2026-12-02 17:00")) {
		t.Error("what the candidate was told until when is forgotten")
	}
}

// smtp is a mail server with a scripted answer.
type smtp struct {
	answer error
	sent   []string
	before func()
}

func (s *smtp) Send(_ context.Context, m Mail) error {
	if s.before != nil {
		s.before()
	}
	s.sent = append(s.sent, strings.TrimSuffix(strings.Join([]string{m.To, m.Name, m.Subject, m.Body, m.ID, m.Answers}, "|"), "|"))
	return s.answer
}

// mailing is an approved notice in the mode "send".
func mailing(t *testing.T) (*world, MailHandler, *smtp, outbox.Effect) {
	w := newWorld(t)
	w.Mode = MailSend
	n := w.decide(hiring.Decline)
	if err := w.Approve(t.Context(), "ana", n.ID, "Subject", "Body", "", dana); err != nil {
		t.Fatal(err)
	}
	if len(w.mails) != 1 || len(w.posts) != 0 {
		t.Fatalf("owed %v, %s", w.mails, keys(w.posts))
	}
	server := &smtp{}
	e := outbox.MailEffect(n.ID, 1)
	if e.Key != w.mails[0] {
		t.Fatalf("the mail's key is %s", w.mails[0])
	}
	return w, MailHandler{Service: w.Service, Mailer: server, CaseOf: w.caseOf}, server, e
}

func TestNoticeByMail(t *testing.T) {
	w, h, server, e := mailing(t)
	ctx := t.Context()
	if wanted, err := h.Wanted(ctx, e); !wanted || err != nil {
		t.Fatal(wanted, err)
	}
	refused(t, w.MarkTold(ctx, "ana", e.About, carla), "", "being sent right now")
	if _, err := h.Do(ctx, e); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(server.sent, " "); got != "ana@example.org|Ana Diaz|Subject|Body|"+e.About+"@convene.invalid" {
		t.Errorf("sent %s", got)
	}
	if k := w.ana(); !k.Told() || k.Notice.State != hiring.NoticeTold || k.Notice.ToldBy != "" || w.log[len(w.log)-1] != "convene candidate.told" {
		t.Errorf("%+v, log %v", k.Notice, w.log)
	}
	if wanted, err := h.Wanted(ctx, e); wanted || err != nil {
		t.Error("it is wanted again", err)
	}
	if result, err := h.Do(ctx, e); err != nil || result != "not wanted" || len(server.sent) != 1 {
		t.Errorf("done twice: %q %v, sent %d", result, err, len(server.sent))
	}
}

// At most once: a lost answer, or a database that can't be written after the
// mail is out, goes to a person.
func TestMailInDoubtGoesToAPerson(t *testing.T) {
	for _, what := range []string{"answer", "commit"} {
		w, h, server, e := mailing(t)
		ctx := t.Context()
		if what == "answer" {
			server.answer = errors.New("connection reset")
		} else {
			server.before = func() { w.poor = errors.New("disk full") }
		}
		_, err := h.Do(ctx, e)
		if err == nil || outbox.Classify(err).Class != outbox.ClassUnknown {
			t.Fatalf("%s lost: %v", what, err)
		}
		w.poor = nil
		if _, _, err := h.Look(ctx, e); !errors.Is(err, outbox.ErrCannotLook) {
			t.Fatalf("%s lost: the look says %v", what, err)
		}
		e.State, e.Problem = outbox.Person, "connection reset"
		for range 2 { // it may happen twice
			if err := h.Failed(ctx, e); err != nil {
				t.Fatal(err)
			}
		}
		k := w.ana()
		if k.Notice.State != hiring.NoticeUnsure || k.Notice.Problem != "connection reset" || k.Told() || keys(w.posts) != "notice:"+e.About+":"+dana || w.posts[0].Person != dana {
			t.Errorf("%s lost: %+v, owed %s", what, k.Notice, keys(w.posts))
		}
		if wanted, _ := h.Wanted(ctx, e); wanted || len(server.sent) != 1 {
			t.Errorf("%s lost: it would be sent again, sent %d", what, len(server.sent))
		}
		// The person finds that it arrived.
		if err := w.MarkTold(ctx, "ana", e.About, dana); err != nil || !w.ana().Told() {
			t.Errorf("%s lost, then told: %v", what, err)
		}
		if err := h.Failed(ctx, e); err != nil || w.ana().Notice.State != hiring.NoticeTold {
			t.Errorf("%s lost: what was told is in doubt again: %v", what, err)
		}
		already(t, w.MailAgain(ctx, "ana", e.About, dana), "told", dana)
	}
}

// Refused for good: a person decides; sending again is another attempt, once.
func TestMailIsRefused(t *testing.T) {
	w, h, server, e := mailing(t)
	ctx := t.Context()
	e.State, e.Problem = outbox.Failed, "no such mailbox"
	if err := h.Failed(ctx, e); err != nil || w.ana().Notice.State != hiring.NoticeFailed {
		t.Fatalf("%v, %s", err, w.ana().Notice.State)
	}
	if err := w.MailAgain(ctx, "ana", e.About, carla); err != nil {
		t.Fatal(err)
	}
	already(t, w.MailAgain(ctx, "ana", e.About, carla), "being sent", "")
	if len(w.mails) != 2 || w.mails[1] != outbox.MailEffect(e.About, 2).Key {
		t.Fatalf("owed %v", w.mails)
	}
	if wanted, _ := h.Wanted(ctx, e); wanted {
		t.Error("the first attempt is wanted still")
	}
	second := outbox.MailEffect(e.About, 2)
	if wanted, _ := h.Wanted(ctx, second); !wanted {
		t.Error("the second isn't")
	}
	if _, err := h.Do(ctx, second); err != nil || len(server.sent) != 1 || !w.ana().Told() {
		t.Errorf("%v, sent %d", err, len(server.sent))
	}
}

// Nothing is e-mailed that nobody approved, e.g. the draft of a later decision.
func TestOnlyTheApprovedTextIsMailed(t *testing.T) {
	w, h, server, e := mailing(t)
	newer := *w.ana().Notice
	newer.ID, newer.State, newer.Body = "newer", hiring.NoticeDraft, "never approved"
	h.CaseOf = func(context.Context, string) (*hiring.Case, error) {
		k := *w.ana()
		k.Notice = &newer
		return &k, nil
	}
	if _, err := h.Do(t.Context(), e); err != nil || len(server.sent) != 0 {
		t.Errorf("%v, sent %v", err, server.sent)
	}
	e.State = outbox.Person
	w.ana().Notice = &newer
	if err := h.Failed(t.Context(), e); err != nil || newer.State != hiring.NoticeDraft {
		t.Errorf("the failure of a notice that nobody waits for: %v, %s", err, newer.State)
	}
	// The case can't be read: nothing was sent, so it is tried again.
	h.CaseOf = func(context.Context, string) (*hiring.Case, error) { return nil, errors.New("busy") }
	if _, err := h.Do(t.Context(), e); outbox.Classify(err).Class != outbox.ClassLater {
		t.Errorf("%v", err)
	}
}

// A mail server that is away for minutes is tried again; then a person is told
// while there is time to tell the candidate another way.
func TestMailServerIsAwayForLong(t *testing.T) {
	_, h, server, e := mailing(t)
	server.answer = outbox.Later(errors.New("the mail server cannot be reached"), 0)
	for e.Attempt = 1; e.Attempt < maxTries; e.Attempt++ {
		if _, err := h.Do(t.Context(), e); outbox.Classify(err).Class != outbox.ClassLater {
			t.Fatalf("try %d: %v", e.Attempt, err)
		}
	}
	if _, err := h.Do(t.Context(), e); outbox.Classify(err).Class != outbox.ClassNever || !strings.Contains(err.Error(), "cannot be reached (I tried 12 times)") {
		t.Errorf("the last try: %v", err)
	}
	// What may have arrived goes to a person as before, whatever the try.
	server.answer = errors.New("connection reset")
	if _, err := h.Do(t.Context(), e); outbox.Classify(err).Class != outbox.ClassUnknown {
		t.Errorf("a lost answer at the last try: %v", err)
	}
}

// An approved text can be taken back to correct it, until it may be out.
func TestAnApprovedNoticeIsADraftAgain(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	n := w.decide(hiring.Decline)
	refused(t, w.Redraft(ctx, "ana", n.ID, dana), "", "a draft already")
	for _, by := range []string{dana, carla} {
		if err := w.Approve(ctx, "ana", n.ID, "s", "Text of "+by, "", by); err != nil {
			t.Fatal(err)
		}
		if err := w.Redraft(ctx, "ana", n.ID, drew); err != nil {
			t.Fatal(err)
		}
		if l, err := w.Letter(ctx, w.ana()); err != nil || l.Body != "Text of "+by {
			t.Errorf("the draft says %q, %v", l.Body, err)
		}
	}
	if got, want := keys(w.posts), "notice:"+n.ID+":dana notice:"+n.ID+":carla"; got != want {
		t.Errorf("each approver gets the text: %s, want %s", got, want)
	}
	refused(t, w.Redraft(ctx, "ana", n.ID, karly), "", "Only coordinators and deciders")
	if err := w.MarkTold(ctx, "ana", n.ID, dana); err != nil {
		t.Fatal(err)
	}
	already(t, w.Redraft(ctx, "ana", n.ID, dana), "told", dana)
}

// What the bot e-mails, or may have e-mailed, is no draft any more. What it
// certainly didn't send is, and goes out as another attempt.
func TestAMailIsADraftAgainOnlyWhenItCertainlyWasNotSent(t *testing.T) {
	w, h, server, e := mailing(t)
	ctx := t.Context()
	refused(t, w.Redraft(ctx, "ana", e.About, dana), "", "being sent right now")
	e.State, e.Problem = outbox.Person, "connection reset"
	if err := h.Failed(ctx, e); err != nil {
		t.Fatal(err)
	}
	refused(t, w.Redraft(ctx, "ana", e.About, dana), "", "Nobody knows whether Ana has this e-mail")
	w.ana().Notice.State = hiring.NoticeFailed
	if err := w.Redraft(ctx, "ana", e.About, dana); err != nil {
		t.Fatal(err)
	}
	if wanted, _ := h.Wanted(ctx, e); wanted {
		t.Error("a draft's mail is wanted")
	}
	if err := w.Approve(ctx, "ana", e.About, "Subject", "Better", "", dana); err != nil {
		t.Fatal(err)
	}
	if got := w.mails[len(w.mails)-1]; got != outbox.MailEffect(e.About, 2).Key {
		t.Errorf("owed %s", got)
	}
	if _, err := h.Do(ctx, outbox.MailEffect(e.About, 2)); err != nil || len(server.sent) != 1 || !strings.Contains(server.sent[0], "|Better|"+e.About+"@") {
		t.Errorf("%v, sent %v", err, server.sent)
	}
}

// CANDIDATE_EMAIL changes while notices are on their way: none is stuck, and
// nothing is said to be e-mailed that isn't.
func TestTheSettingChangesWithANoticeUnderWay(t *testing.T) {
	w, h, server, e := mailing(t)
	ctx := t.Context()
	w.Mode = MailAsk
	server.answer = outbox.Never(errors.New("no longer sends")) // as the program's stand-in says
	_, err := h.Do(ctx, e)
	e.State, e.Problem = outbox.Failed, err.Error()
	if err := h.Failed(ctx, e); err != nil || w.ana().Notice.State != hiring.NoticeFailed {
		t.Fatalf("%v, %s", err, w.ana().Notice.State)
	}
	refused(t, w.MailAgain(ctx, "ana", e.About, dana), "", "CANDIDATE_EMAIL")
	// They change the text, and send it themselves.
	if err := w.Redraft(ctx, "ana", e.About, dana); err != nil {
		t.Fatal(err)
	}
	if err := w.Approve(ctx, "ana", e.About, "s", "Mine", "", dana); err != nil || beingMailed(w.ana().Notice) || len(w.mails) != 1 {
		t.Errorf("%v, %+v, owed %v", err, w.ana().Notice, w.mails)
	}
	if err := w.MarkTold(ctx, "ana", e.About, dana); err != nil || !w.ana().Told() {
		t.Error(err)
	}
}
