package decision

import (
	"errors"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

const goodbye = "\n\nKind regards\nDana"

// advancing is a draft that says Ana advances. Her panel is booked already when
// start isn't empty.
func advancing(t *testing.T, start string) (*world, *hiring.Notice) {
	w := newWorld(t)
	w.role.Notices[hiring.Advance] = hiring.NoticeText{Subject: "Next", Body: "Hello {first_name}" + goodbye}
	complete(w.ana())
	if start != "" {
		w.book(start)
	}
	return w, w.decide(hiring.Advance)
}

// book books Ana's panel, or moves it.
func (w *world) book(start string) {
	at := w.at(start)
	w.live = []*hiring.Interview{w.ana().Interview, {ID: "next", Stage: "panel", State: hiring.Booked, Start: at, End: at.Add(45 * time.Minute)}}
}

func (w *world) letter() Letter {
	w.t.Helper()
	l, err := w.Letter(w.t.Context(), w.ana())
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

const tuesday = "Panel, Tuesday, 1 December 2026, 9:00–9:45 am MST (America/Denver)" // 10:00 in Chicago

// The draft says the booked time in Ana's zone before it says goodbye, and
// follows what happens to it while nobody has written in it.
func TestADraftSaysWhatIsBooked(t *testing.T) {
	w, _ := advancing(t, "")
	if l := w.letter(); l.Body != "Hello Ana"+goodbye || len(l.Notes) > 0 || l.Seen != "" {
		t.Errorf("nothing is booked: %+v", l)
	}
	w.book("2026-12-01 10:00")
	if l := w.letter(); l.Body != "Hello Ana\n\nThe next step is already booked:\n"+tuesday+goodbye || len(l.Notes) > 0 {
		t.Errorf("booked: %+v", l)
	}
	w.book("2026-12-01 12:30")
	if l := w.letter(); !strings.Contains(l.Body, "11:30 am–12:15 pm MST") || strings.Contains(l.Body, "9:00") {
		t.Errorf("moved: %q", l.Body)
	}
	w.live[1].State = hiring.Cancelled
	if l := w.letter(); l.Body != "Hello Ana"+goodbye {
		t.Errorf("cancelled: %q", l.Body)
	}
	w.live[1].State = hiring.Booking // nobody is invited yet
	if l := w.letter(); l.Body != "Hello Ana"+goodbye {
		t.Errorf("being booked: %q", l.Body)
	}
	w.book("2026-11-23 09:00") // has begun
	if l := w.letter(); l.Body != "Hello Ana"+goodbye {
		t.Errorf("begun: %q", l.Body)
	}
	w.book("2026-12-01 10:00")
	w.ana().Candidate.Zone = "America/Sao_Paulo"
	if l := w.letter(); !strings.Contains(l.Body, "1:00–1:45 pm (America/Sao_Paulo)") {
		t.Errorf("a zone without letters: %q", l.Body)
	}
	w.ana().Notice.Body = strings.Repeat("x", hiring.MaxBody-10)
	if l := w.letter(); strings.Contains(l.Body, "booked") || len(l.Notes) != 1 {
		t.Errorf("no room: %v", l.Notes)
	}
	w.decide(hiring.Decline)
	if l := w.letter(); strings.Contains(l.Body, "booked") || len(l.Notes) > 0 {
		t.Errorf("declined: %+v", l)
	}
}

// Text that a person wrote stays. They are told what it lacks, and what was
// moved since.
func TestAPersonsTextIsNotChanged(t *testing.T) {
	w, n := advancing(t, "")
	ctx := t.Context()
	if err := w.Word(ctx, "ana", n.ID, "Dear Ana, see you.", carla); err != nil {
		t.Fatal(err)
	}
	w.book("2026-12-01 10:00")
	l := w.letter()
	if l.Body != "Dear Ana, see you." || len(l.Notes) != 1 || !strings.Contains(l.Notes[0], "is booked for Tuesday, 1 December 2026, 9:00–9:45 am MST (America/Denver). The text doesn't say so") {
		t.Errorf("%+v", l)
	}
	if err := w.Word(ctx, "ana", n.ID, "Dear Ana, see you soon.", carla); err != nil {
		t.Fatal(err)
	}
	if l := w.letter(); len(l.Notes) != 1 || !strings.Contains(l.Notes[0], "doesn't say so") {
		t.Errorf("written without it: %v", l.Notes)
	}
	if err := w.Approve(ctx, "ana", n.ID, "s", "Come on "+tuesday, l.Seen, dana); err != nil {
		t.Fatal(err)
	}
	if l := w.letter(); len(l.Notes) > 0 {
		t.Errorf("it says so: %v", l.Notes)
	}
	// The panel is moved before Dana has sent it.
	w.book("2026-12-02 10:00")
	changed, err := w.Outdated(ctx, w.ana())
	if err != nil || len(changed) != 1 || !strings.Contains(changed[0], "was moved from Tuesday, 1 December") || !strings.Contains(changed[0], "to Wednesday, 2 December") {
		t.Errorf("%v, %v", changed, err)
	}
	if err := w.Redraft(ctx, "ana", n.ID, dana); err != nil {
		t.Fatal(err)
	}
	if l := w.letter(); !strings.Contains(l.Body, tuesday) || len(l.Notes) != 1 || !strings.Contains(l.Notes[0], "was moved") {
		t.Errorf("a draft again: %+v", l)
	}
	w.live = nil
	if l := w.letter(); len(l.Notes) != 1 || !strings.Contains(l.Notes[0], "no longer booked for Tuesday") {
		t.Errorf("cancelled: %v", l.Notes)
	}
}

// What changed while a draft was being read is said once, before it is approved.
func TestAStaleTimeIsAskedAboutOnce(t *testing.T) {
	w, n := advancing(t, "2026-12-01 10:00")
	ctx := t.Context()
	l := w.letter()
	w.book("2026-12-02 10:00")
	err := w.Approve(ctx, "ana", n.ID, "s", l.Body, l.Seen, dana)
	var changed *TimesChanged
	if !errors.As(err, &changed) || changed.Letter.Body != l.Body || len(changed.Letter.Notes) != 1 || w.ana().Notice.State != hiring.NoticeDraft {
		t.Fatalf("approved with a time that was moved: %v, %+v", err, changed)
	}
	if got := changed.Letter.Notes[0]; !strings.Contains(got, "moved from Tuesday, 1 December") || !strings.Contains(got, "to Wednesday, 2 December") {
		t.Errorf("the note says %q", got)
	}
	// She puts it right: there is nothing left to say.
	w.Word(ctx, "ana", n.ID, w.letter().Body, dana)
	if l := w.letter(); len(l.Notes) > 0 {
		t.Errorf("put right: %v", l.Notes)
	}
	if err := w.Approve(ctx, "ana", n.ID, "s", l.Body, changed.Letter.Seen, dana); err != nil {
		t.Fatalf("asked twice: %v", err)
	}
	if got := unstamp("x a:b:c iv:panel:1:x " + l.Seen); len(got) != 1 || got[0].Stage != "panel" || !got[0].Start.Equal(w.at("2026-12-01 10:00")) {
		t.Errorf("a stamp reads as %+v", got)
	}
}

// A mail that was approved, and couldn't be sent before the panel was moved, is
// not sent: a person looks first. Sent again by them, it goes out.
func TestAStaleTimeIsNotMailed(t *testing.T) {
	w, n := advancing(t, "2026-12-01 10:00")
	ctx := t.Context()
	w.Mode = MailSend
	l := w.letter()
	if err := w.Approve(ctx, "ana", n.ID, l.Subject, l.Body, l.Seen, dana); err != nil {
		t.Fatal(err)
	}
	server := &smtp{}
	h := MailHandler{Service: w.Service, Mailer: server, CaseOf: w.caseOf}
	w.book("2026-12-02 10:00")
	e := outbox.MailEffect(n.ID, 1)
	_, err := h.Do(ctx, e)
	if outbox.Classify(err).Class != outbox.ClassNever || len(server.sent) > 0 {
		t.Fatalf("%v, sent %v", err, server.sent)
	}
	e.State, e.Problem = outbox.Failed, err.Error()
	if err := h.Failed(ctx, e); err != nil {
		t.Fatal(err)
	}
	if err := w.MailAgain(ctx, "ana", n.ID, dana); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Do(ctx, outbox.MailEffect(n.ID, 2)); err != nil || len(server.sent) != 1 {
		t.Errorf("%v, sent %v", err, server.sent)
	}
}

// The correction of an e-mailed notice follows it in the candidate's mailbox.
func TestACorrectionAnswersTheFirstMail(t *testing.T) {
	w, _ := toldDeclined(t)
	w.Mode = MailSend
	if _, err := w.anew(hiring.Advance); err != nil {
		t.Fatal(err)
	}
	n := w.ana().Notice
	w.ana().Decision.Corrects.Mailed = "first"
	if err := w.Approve(t.Context(), "ana", n.ID, "s", "b", "", dana); err != nil {
		t.Fatal(err)
	}
	server := &smtp{}
	if _, err := (MailHandler{Service: w.Service, Mailer: server, CaseOf: w.caseOf}).Do(t.Context(), outbox.MailEffect(n.ID, 1)); err != nil || len(server.sent) != 1 || !strings.HasSuffix(server.sent[0], n.ID+"@convene.invalid|first@convene.invalid") {
		t.Errorf("%v, sent %v", err, server.sent)
	}
}
