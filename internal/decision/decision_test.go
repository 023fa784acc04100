package decision

import (
	"errors"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/role"
)

func TestDecideRefusesInWords(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*world, *Verdict)
		field  string
		words  string
	}{
		{"no reason", func(_ *world, v *Verdict) { v.Reason = " \u200b\n" }, "reason", "Say why"},
		{"a reason that is too long", func(_ *world, v *Verdict) { v.Reason = strings.Repeat("ü", hiring.MaxReason+1) }, "reason", "longer than 2000"},
		{"no outcome", func(_ *world, v *Verdict) { v.Outcome = "" }, "outcome", "Choose advance, hold or decline"},
		{"a hold without a date", func(_ *world, v *Verdict) { v.Outcome = hiring.Hold }, "until", "Say until when"},
		{"a hold until yesterday", func(w *world, v *Verdict) { v.Outcome, v.HoldUntil = hiring.Hold, w.at("2026-11-22 12:00") }, "until", "has passed"},
		{"a coordinator", func(_ *world, v *Verdict) { v.By = carla }, "", "Only a decider"},
		{"a panelist", func(_ *world, v *Verdict) { v.By = karly }, "", "Only a decider"},
		{"a decider who owes a scorecard", func(_ *world, v *Verdict) { v.By = drew }, "", "Submit your own scorecard first"},
		{"withdrawn", func(w *world, _ *Verdict) { w.ana().Candidate.State = hiring.Withdrawn }, "", "has withdrawn"},
		{"not held yet", func(w *world, _ *Verdict) { w.now = w.at("2026-11-18 14:30") }, "", "hasn't taken place"},
		{"cancelled", func(w *world, _ *Verdict) { w.ana().Interview.State = hiring.Cancelled }, "", "hasn't taken place"},
	} {
		w := newWorld(t)
		v := Verdict{InterviewID: "ana", Outcome: hiring.Advance, Reason: "Clear.", By: dana}
		tt.change(w, &v)
		_, _, err := w.Decide(t.Context(), v)
		refused(t, err, tt.field, tt.words)
		if w.ana().Decision != nil || w.ana().Candidate.Stage != "round1" || len(w.posts)+len(w.log) != 0 {
			t.Errorf("%s: something was left behind", tt.why)
		}
	}
}

func TestWhereADecisionLeads(t *testing.T) {
	for _, tt := range []struct {
		outcome hiring.Outcome
		stage   string
		state   hiring.CandidateState
		want    string
	}{
		{hiring.Advance, "round1", hiring.Active, "panel"},
		{hiring.Decline, "round1", hiring.Declined, "round1"},
		{hiring.Hold, "round1", hiring.Active, "round1"},
		{hiring.Advance, "panel", hiring.Finished, "panel"},
	} {
		w := newWorld(t)
		w.ana().Interview.Stage, w.ana().Candidate.Stage = tt.stage, tt.stage
		n := w.decide(tt.outcome)
		c := w.ana().Candidate
		if c.State != tt.state || c.Stage != tt.want {
			t.Errorf("%s after %s: %s at %s", tt.outcome, tt.stage, c.State, c.Stage)
		}
		if d := w.ana().Decision; d.HoldUntil.IsZero() == (d.Outcome == hiring.Hold) {
			t.Errorf("%s holds until %s", d.Outcome, d.HoldUntil)
		}
		if n.State != hiring.NoticeDraft || len(w.posts)+len(w.mails) != 0 || w.ana().Told() {
			t.Errorf("%s: something went out without approval", tt.outcome)
		}
	}
}

// Two deciders at once: the second hears who was first. Who has seen the
// standing decision may replace it, until the candidate was told.
func TestTwoDeciders(t *testing.T) {
	w := newWorld(t)
	complete(w.ana())
	ctx := t.Context()
	first := w.decide(hiring.Decline)
	_, _, err := w.Decide(ctx, Verdict{InterviewID: "ana", Outcome: hiring.Advance, Reason: "No!", By: drew})
	already(t, err, "decided: decline", dana)
	standing := w.ana().Decision.ID
	if _, _, err := w.Decide(ctx, Verdict{InterviewID: "ana", Outcome: hiring.Advance, Reason: "Seen it.", By: drew, Replaces: standing}); err != nil {
		t.Fatal(err)
	}
	_, _, err = w.Decide(ctx, Verdict{InterviewID: "ana", Outcome: hiring.Hold, HoldUntil: w.at("2026-12-02 12:00"), Reason: "x", By: dana, Replaces: standing})
	already(t, err, "decided: advance", drew)
	if c := w.ana().Candidate; c.State != hiring.Active || c.Stage != "panel" {
		t.Errorf("the candidate is %s at %s", c.State, c.Stage)
	}
	refused(t, w.Approve(ctx, "ana", first.ID, "s", "b", "", dana), "", "decision was changed meanwhile")
	refused(t, w.MarkTold(ctx, "ana", first.ID, dana), "", "decision was changed meanwhile")
	if err := w.MarkTold(ctx, "ana", w.ana().Notice.ID, carla); err != nil {
		t.Fatal(err)
	}
	_, _, err = w.Decide(ctx, Verdict{InterviewID: "ana", Outcome: hiring.Decline, Reason: "x", By: dana, Replaces: w.ana().Decision.ID})
	already(t, err, "decided (advance) and told", drew)
}

// A mail that may be on its way isn't overtaken by another decision.
func TestNoNewDecisionWhileTheMailIsOut(t *testing.T) {
	for _, tt := range []struct {
		mode    string
		state   hiring.NoticeState
		attempt int // of mailing; an approved one without any is a person's to send, whatever the mode has become since
		free    bool
	}{
		{MailSend, hiring.NoticeDraft, 0, true}, {MailSend, hiring.NoticeApproved, 1, false}, {MailSend, hiring.NoticeApproved, 0, true},
		{MailSend, hiring.NoticeUnsure, 1, false}, {MailSend, hiring.NoticeFailed, 1, true},
		{MailAsk, hiring.NoticeApproved, 0, true}, {MailAsk, hiring.NoticeApproved, 1, false}, {MailOff, hiring.NoticeDraft, 0, true},
	} {
		w := newWorld(t)
		w.Mode = tt.mode
		n := w.decide(hiring.Decline)
		n.State, n.Attempt = tt.state, tt.attempt
		_, _, err := w.Decide(t.Context(), Verdict{InterviewID: "ana", Outcome: hiring.Advance, Reason: "x", By: dana, Replaces: w.ana().Decision.ID})
		if tt.free != (err == nil) {
			t.Errorf("%s, %s, attempt %d: %v", tt.mode, tt.state, tt.attempt, err)
		}
	}
}

// The drafts of the built-in roles hold no word in braces, whatever the
// candidate is called, and say the candidate's own day.
func TestDraftsAreFilled(t *testing.T) {
	roles, err := role.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	every := *w.role
	var all []string
	for _, p := range role.Placeholders() {
		all = append(all, "<{"+p+"}>")
	}
	text := strings.Join(all, " ")
	every.Notices = map[hiring.Outcome]hiring.NoticeText{hiring.Hold: {Subject: text, Body: text}}
	roles = append(roles, &every)
	for _, r := range roles {
		for outcome := range r.Notices {
			k := newWorld(t).ana()
			k.Role = r
			if first, ok := r.FirstInterview(); ok {
				k.Interview.Stage = first.ID
			}
			d := &hiring.Decision{Outcome: outcome}
			if outcome == hiring.Hold {
				d.HoldUntil = w.at("2026-12-02 12:00")
			}
			n := draft(k, d, "n", "Dana")
			if n.Subject == "" || n.Body == "" || strings.ContainsAny(n.Subject+n.Body, "{}") || strings.Contains(n.Body, "<>") || strings.Contains(n.Body, "0001") {
				t.Errorf("%s, %s: %q %q", r.Key, outcome, n.Subject, n.Body)
			}
			if outcome == hiring.Hold && !strings.Contains(n.Body, "Wednesday, 2 December 2026") {
				t.Errorf("%s: the hold names no date: %q", r.Key, n.Body)
			}
		}
	}
	k := w.ana()
	k.Candidate.Name = "{sender} {role}" // what people typed isn't filled in again
	if n := draft(k, &hiring.Decision{Outcome: hiring.Advance}, "n", "Dana"); !strings.Contains(n.Body, "Hello {sender}") {
		t.Errorf("%q", n.Body)
	}
}

func TestUnknownThings(t *testing.T) {
	w := newWorld(t)
	_, _, err := w.Decide(t.Context(), Verdict{InterviewID: "gone", Outcome: hiring.Advance, Reason: "x", By: dana})
	if !errors.Is(err, hiring.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if _, err := w.Summary(t.Context(), "gone", time.Time{}); !errors.Is(err, hiring.ErrNotFound) {
		t.Errorf("%v", err)
	}
}
