package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/candidate"
	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/report"
	"convene/internal/schedule"
	"convene/internal/sqlite"
)

var _ candidate.RecordStore = (*sqlite.DB)(nil)

// words are what tells anything about the candidate of the tests below, each in
// another column.
var words = []string{
	"Zedekiah", "zedekiah", "zed@example.com", "Zed-phone", "example.com/Zed-link", "Zed-answer", "Zed-excuse", "Zed-arrangements", "Zed-left",
	"Zed-evidence", "Zed-gate", "Zed-signal", "Zed-note", "Zed-second", "Zed-reopened", "Zed-reason", "Zed-subject", "Zed-body",
	"Zed-moved", "Zed-problem", "Zed-cancelled", "Zed-trouble", "meet.example/Zed", "Zed-check", "Zed-refused", "Zed-offer", "Zed-draft", "Zed-said", "Zed-comment", "Zed-way",
	"Zed-held", "Zed-times", "Zed-text", "Zed-unsent", "Zed-contested", "Zed-unbooked",
}

// fullRecord adds a candidate about whom something stands in every column that
// can hold it.
func fullRecord(w *world, id string) {
	w.Helper()
	cand := &hiring.Candidate{
		ID: id, RoleKey: "coord", Name: "Zedekiah Quill", Email: "zed@example.com", Phone: "Zed-phone", Zone: "Europe/Lisbon",
		EarliestHour: 8 * time.Hour, LatestHour: 18 * time.Hour, Links: []hiring.Link{{Name: "Résumé", URL: "https://example.com/Zed-link"}},
		Answers: map[string]string{"why": "Zed-answer"}, Arrangements: "Zed-arrangements", Stage: "round1", State: hiring.Active,
		AddedBy: "Cora", AddedAt: noon, EndReason: "Zed-left",
	}
	w.check(w.AddCandidate(w.ctx(), cand, outbox.Batch{Log: []hiring.Entry{{Actor: "Cora", Action: "candidate.added", Subject: id}}}))
	iv := testInterview("held-"+id, id, noon.Add(-2*time.Hour))
	iv.Link, iv.Problem, iv.CandidateRSVP, iv.CandidateComment = "https://meet.example/Zed", "Zed-trouble", "accepted", "Zed-comment"
	iv.Panel = append(iv.Panel, hiring.Panelist{Person: "Gil", Part: hiring.Required, Excused: hiring.Excuse{Kind: hiring.HandedOver, Reason: "Zed-excuse", StandIn: "Pia", At: noon}})
	w.check(w.SaveSearch(w.ctx(), &schedule.Search{ID: "search-" + id, CandidateID: id, RoleKey: "coord", InWay: []string{"Zed-offer"}}))
	w.check(w.BookSearch(w.ctx(), "search-"+id, iv, outbox.Batch{
		Messages: []outbox.Message{
			{Key: "score:" + iv.ID + ":Pia", Kind: "score", About: iv.ID, Person: "Pia"},
			{Key: "summary:coord:1", Kind: "summary", About: "summary|coord", Role: "coord"},
		},
		Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarMove, iv.ID, iv.Revision)},
		Due:     hiring.InterviewDue(hiring.Stage{}, iv, noon),
		Moves:   []hiring.Move{{Interview: iv.ID, Revision: 1, From: noon, To: noon, By: "Cora", Cause: hiring.MoveCandidate, Words: "Zed-moved", At: noon}},
	}))
	ahead := testInterview("ahead-"+id, id, noon.Add(48*time.Hour))
	ahead.Stage, ahead.Reason = "panel", "Zed-cancelled"
	w.check(w.book(ahead))
	w.check(w.ChangeRepairs(w.ctx(), iv.ID, func(iv *hiring.Interview, list []*schedule.Repair) ([]*schedule.Repair, outbox.Batch, error) {
		r := &schedule.Repair{
			Interview: iv.ID, Number: len(list) + 1, Candidate: iv.CandidateID, Kind: schedule.RepairCandidate, State: schedule.RepairOpen,
			RepairBody: schedule.RepairBody{InWay: []string{"Zed-way"}},
		}
		return []*schedule.Repair{r}, outbox.Batch{}, nil
	}))
	for i, words := range []string{"Zed-evidence", "Zed-second"} {
		w.wait(time.Minute)
		w.check(w.ChangeScorecard(w.ctx(), iv.ID, "Pia", func(_ *hiring.Case, s *hiring.Scorecard) (outbox.Batch, error) {
			s.Answers = answers(hiring.Strong)
			s.Answers.Ratings["care"] = hiring.Rating{Level: hiring.Strong, Rated: true, Evidence: strings.Repeat(words+" ", 300)}
			s.Answers.Gates["visits"] = hiring.GateEntry{Answer: hiring.GateNo, Evidence: "Zed-gate"}
			s.Answers.Signals, s.Answers.Note = map[string]string{"x": "Zed-signal"}, "Zed-note"
			s.Version, s.SubmittedAt, s.SavedAt = i+1, w.clock(), w.clock()
			if i > 0 {
				s.Reason = "Zed-reopened"
			}
			return outbox.Batch{}, nil
		}))
	}
	w.check(w.ChangeScorecard(w.ctx(), iv.ID, "Quin", func(_ *hiring.Case, s *hiring.Scorecard) (outbox.Batch, error) {
		s.Answers, s.SavedAt = hiring.Answers{Note: "Zed-draft"}, w.clock()
		return outbox.Batch{}, nil
	}))
	w.check(w.ChangeCase(w.ctx(), iv.ID, func(k *hiring.Case) (decision.Change, error) {
		d := &hiring.Decision{ID: "dec-" + id, CandidateID: id, InterviewID: iv.ID, RoleKey: "coord", Stage: "round1", Outcome: hiring.Decline, Reason: "Zed-reason", By: "Dee", At: noon}
		n := &hiring.Notice{ID: "note-" + id, DecisionID: d.ID, CandidateID: id, RoleKey: "coord", State: hiring.NoticeApproved, Subject: "Zed-subject", Body: "Zed-body", Problem: "Zed-problem", Attempt: 1}
		return decision.Change{Decision: d, Notice: n, Batch: outbox.Batch{Effects: []outbox.Effect{outbox.MailEffect(n.ID, 1)}}}, nil
	}))
	w.check(w.ChangeDebrief(w.ctx(), iv.ID, func(_ *hiring.Case, d *hiring.Debrief) (outbox.Batch, error) {
		d.State, d.Start, d.End, d.EventID, d.Generation = hiring.DebriefBooked, noon, noon.Add(time.Hour), "debrief"+id, 1
		d.Points, d.Problem, d.OfferedTo, d.OfferedAt, d.Posts, d.Posted = []string{"Zed-contested"}, "Zed-unbooked", "Cora", noon, 1, true
		return outbox.Batch{
			Messages: []outbox.Message{
				{Key: "debrief:" + iv.ID, Kind: "debrief", About: iv.ID, Person: "Cora"},
				{Key: d.PointsKey(), Kind: "debrief-points", About: iv.ID, Role: "coord"},
			},
		}, nil
	}))
	mail := outbox.MailEffect("note-"+id, 1)
	mail.State, mail.Problem = outbox.Failed, "550 <Zed-refused>"
	w.check(w.FinishEffect(w.ctx(), mail))
	w.check(w.ChangeChecks(w.ctx(), id, func(*hiring.Candidate, []*hiring.Check) (*hiring.Check, string, outbox.Batch, error) {
		return &hiring.Check{ID: "check-" + id, CandidateID: id, Stage: "letter", Outcome: hiring.CheckFine, Note: "Zed-check", By: "Cora", At: noon}, "", outbox.Batch{}, nil
	}))
	w.check(w.AddFile(w.ctx(), "F1"+id, id, "Cora"))
	w.holdTime("hold-"+id, id, "lunch", noon.Add(72*time.Hour))
	w.check(w.ChangeTimeHold(w.ctx(), "hold-"+id, func(h *hiring.TimeHold) (outbox.Batch, error) {
		h.State, h.Reason = hiring.TimeHeld, "Zed-held"
		return outbox.Batch{Messages: []outbox.Message{{Key: "time-hold:" + h.ID, Kind: "time-hold", About: h.ID, Person: "Cora"}}}, nil
	}))
	w.offerTimes("times-"+id, id, "supper", noon.Add(96*time.Hour), "Zed-times", "Zed-text")
	w.check(w.ChangeOffering(w.ctx(), "times-"+id, func(o *hiring.Offering) (outbox.Batch, error) {
		o.Problem = "Zed-unsent"
		return outbox.Batch{Effects: []outbox.Effect{outbox.MailTimesEffect(o.ID, 1)}}, nil
	}))
	w.check(w.says("summary:coord:1", id, iv.ID, "Zed-said"))
}

func (w *world) erase(id string) error {
	s := candidate.Records{Store: w, Now: w.clock}
	return s.Erase(w.ctx(), id, "Cora")
}

// bytes returns all that the database's files hold, the journal included.
func (w *world) bytes() []byte {
	w.Helper()
	var out []byte
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(w.path + suffix)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			w.Fatal(err)
		}
		out = append(out, raw...)
	}
	return out
}

// After an erasure the files of the database hold no byte of what was known.
func TestAnErasureLeavesNoByte(t *testing.T) {
	w := newWorld(t)
	fullRecord(w, "zed")
	for i := range 40 { // rows around it, so that pages are split and rows moved
		w.candidate(fmt.Sprint("other", i))
		w.interview(fmt.Sprint("iv", i), fmt.Sprint("other", i), noon.Add(time.Duration(100+i)*time.Hour))
	}
	before := w.bytes()
	for _, word := range words {
		if !bytes.Contains(before, []byte(word)) {
			t.Errorf("%q isn't in the database beforehand, so the test shows nothing of it", word)
		}
	}
	w.check(w.erase("zed"))
	w.check(w.Scrub(w.ctx(), "zed"))
	after := w.bytes()
	for _, word := range words {
		if bytes.Contains(after, []byte(word)) {
			t.Errorf("%q is still in the database's files", word)
		}
	}
	for _, kept := range []string{"Ana other0", "other39@example.com", "zed"} {
		if !bytes.Contains(after, []byte(kept)) {
			t.Errorf("%q went too", kept)
		}
	}
	if _, _, err := w.VerifyAudit(w.ctx()); err != nil {
		t.Error(err)
	}
}

// Every column of every table was thought about: who adds one says here what an
// erasure does with it, and in EraseCandidate.
func TestEveryColumnIsAccountedFor(t *testing.T) {
	const none = "never about a candidate"
	accounted := map[string]string{
		"candidates": "id role stage state added_by added_at erased_at ended_at; wiped: name email email_folded words phone zone earliest latest links answers arrangements end_reason",
		"interviews": "id candidate role role_revision stage state start_at end_at revision generation event_id etag event_start_at event_end_at deadline_at booked_by booked_at told_at promised_at first_told_at cause cancel_cause; " +
			"wiped: link candidate_rsvp candidate_comment reason problem carries",
		"panelists": "interview person part rsvp position excused stand_in excused_at; wiped: excuse comment",
		"searches":  "wiped: id candidate body used created_at",
		"repairs":   "wiped: interview number candidate kind message state revision body chosen_by chosen_at computed_at",
		"time_holds": "id candidate role stage state start_at end_at panel revision event_id etag set_by set_at until_at confirmed interview ended_by ended_at; " +
			"wiped: carries reason",
		"offerings": "id candidate role stage state times attempt offered_by offered_at sent_by sent_at confirmed remind_at reminded_at answer answered_by answered_at interview; " +
			"wiped: subject body carries problem",
		"interview_moves":    "interview revision from_at to_at moved_by cause moved_at undone; wiped: words",
		"debriefs":           "interview state start_at end_at revision generation event_id people offers closest_at unreadable offered_to changed_by posts posted offered_at; wiped: points problem",
		"scorecards":         "interview panelist role_revision version saved_at typed_at submitted_at after_reveal; wiped: answers reason",
		"scorecard_versions": "interview panelist version submitted_at after_reveal; wiped: answers reason",
		"reveals":            "interview revealed_by revealed_at",
		"overrides":          "interview made_by made_at busy unknown",
		"decisions":          "id candidate interview role stage outcome hold_until decided_by decided_at replaced corrects; wiped: reason dissent",
		"notices":            "id decision candidate role state attempt approved_by approved_at told_by told_at times; wiped: subject body problem",
		"checks":             "id candidate stage outcome done_by done_at replaced; wiped: note",
		"due":                "key kind about at",
		"outbox":             "id key kind about lane state attempt started_at retry_at looks result; wiped: problem",
		"messages":           "id key kind about person role channel ts want shown unwanted gone owed_at posted_at; wiped: hash",
		"message_subjects":   "message subject",
		"summary_entries":    "wiped: id candidate interview message shown_at text",
		"files":              "id candidate person sent_at",
		"audit":              "id at actor action subject detail hash",
		"role_revisions":     none, "roles": none, "setups": none, "role_settings": none, "people": none, "person_settings": none, "snoozes": none,
		"inbox": none, "secrets": none, "sync": none, "goose_db_version": none,
	}
	w := newWorld(t)
	rows, err := w.raw().Query("SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'")
	w.check(err)
	defer rows.Close()
	for rows.Next() {
		var table, column string
		w.check(rows.Scan(&table, &column))
		if known := accounted[table]; known != none && !slices.Contains(strings.FieldsFunc(known, func(r rune) bool { return r == ' ' || r == ';' }), column) {
			t.Errorf("%s.%s: say what an erasure does with it", table, column)
		}
	}
	w.check(rows.Err())
}

// What an erasure owes, and that a tombstone with the counts stays.
func TestWhatAnErasureOwes(t *testing.T) {
	w := newWorld(t)
	fullRecord(w, "zed")
	w.check(w.erase("zed"))
	got := w.effects()
	for key, want := range map[string]string{
		"calendar:erase:held-zed:1": "pending", "calendar:erase:ahead-zed:1": "pending", "file:delete:F1zed": "pending", "scrub:zed": "pending",
		"calendar:move:held-zed:1": "dropped", "mail:note-zed:1": "dropped", "message:score:held-zed:Pia": "dropped", "message:summary:coord:1": "pending",
		"calendar:release:hold-zed": "pending", "times:times-zed:1": "dropped", "message:time-hold:hold-zed": "dropped",
		"message:debrief:held-zed": "dropped", "message:debrief-points:held-zed:1": "dropped",
	} {
		if got[key] != want {
			t.Errorf("%s is %q, want %s", key, got[key], want)
		}
	}
	c, err := w.Candidate(w.ctx(), "zed")
	w.check(err)
	same(t, "tombstone", c, &hiring.Candidate{
		ID: "zed", RoleKey: "coord", Links: []hiring.Link{}, Answers: map[string]string{}, Stage: "round1", State: hiring.Active,
		AddedBy: "Cora", AddedAt: noon, ErasedAt: w.clock(),
	})
	ahead, err := w.Interview(w.ctx(), "ahead-zed")
	w.check(err)
	same(t, "the coming interview", ahead.State, hiring.Cancelled)
	held, err := w.Interview(w.ctx(), "held-zed")
	w.check(err)
	same(t, "the held interview", held.State, hiring.Booked)
	for what, list := range map[string]func() ([]*hiring.Case, error){
		"owed": func() ([]*hiring.Case, error) { return w.Owed(w.ctx(), "Pia", noon.Add(time.Hour)) },
		"mine": func() ([]*hiring.Case, error) { return w.CasesFor(w.ctx(), "Pia", 10) },
		"open": func() ([]*hiring.Case, error) { return w.OpenCases(w.ctx(), "coord", noon.Add(time.Hour)) },
	} {
		cases, err := list()
		w.check(err)
		same(t, what, caseIDs(cases), "")
	}
	numbers := report.Service{Store: w.DB, Now: func() time.Time { return noon.AddDate(1, 0, 0) }}
	promises, err := numbers.Promises(w.ctx(), "coord")
	w.check(err)
	same(t, "promises of somebody erased before the deadline", promises, report.Promises{})

	var already *hiring.AlreadyDone
	if err := w.erase("zed"); !errors.As(err, &already) || already.By != "Cora" || !already.At.Equal(w.clock()) {
		t.Errorf("the second time it says %v", err)
	}
	again := w.candidate("again")
	again.ID, again.Email = "zed2", "zed@example.com"
	w.check(w.AddCandidate(w.ctx(), again, outbox.Batch{})) // the address is free again
}

// Nothing is written about an erased candidate any more, whatever was open on
// somebody's screen or under way.
func TestNothingIsKeptOfTheErased(t *testing.T) {
	w := newWorld(t)
	fullRecord(w, "zed")
	w.check(w.erase("zed"))
	for what, write := range map[string]func() error{
		"scorecard": func() error {
			return w.ChangeScorecard(w.ctx(), "held-zed", "Pia", func(*hiring.Case, *hiring.Scorecard) (outbox.Batch, error) { return outbox.Batch{}, nil })
		},
		"draft": func() error {
			return w.ChangeDraft(w.ctx(), "held-zed", "Pia", func(*hiring.Interview, *hiring.Scorecard) error { return nil })
		},
		"decision": func() error {
			return w.ChangeCase(w.ctx(), "held-zed", func(*hiring.Case) (decision.Change, error) { return decision.Change{}, nil })
		},
		"interview": func() error {
			return w.ChangeInterview(w.ctx(), "held-zed", func(*hiring.Interview) (outbox.Batch, error) { return outbox.Batch{}, nil })
		},
		"check": func() error {
			return w.ChangeChecks(w.ctx(), "zed", func(*hiring.Candidate, []*hiring.Check) (*hiring.Check, string, outbox.Batch, error) {
				return nil, "letter", outbox.Batch{}, nil
			})
		},
		"search": func() error {
			return w.SaveSearch(w.ctx(), &schedule.Search{ID: "late", CandidateID: "zed", RoleKey: "coord"})
		},
		"file": func() error { return w.AddFile(w.ctx(), "F2", "zed", "Cora") },
		"case": func() error { _, err := w.Case(w.ctx(), "held-zed"); return err },
	} {
		if err := write(); !errors.Is(err, hiring.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	erased, err := w.FileSent(w.ctx(), "F1zed", noon) // its upload was under way
	w.check(err)
	if !erased || w.effects()["file:delete:F1zed:2"] != "pending" {
		t.Error("a file that arrives after the erasure stays")
	}
}

// An erasure commits beside the process that owns the database. Both append to
// one audit trail, and the owner finds the effects.
func TestErasingBesideTheOwner(t *testing.T) {
	w := newWorld(t)
	fullRecord(w, "zed")
	w.log("before")
	beside, err := sqlite.OpenBeside(context.Background(), w.path, sqlite.Options{Now: w.clock})
	w.check(err)
	s := candidate.Records{Store: beside, Now: w.clock}
	w.check(s.Erase(w.ctx(), "zed", candidate.Operator))
	w.log("after")
	left, err := beside.ErasureLeft(w.ctx(), "zed")
	w.check(err)
	w.check(beside.Close())
	if left.Events != 3 || left.Files != 1 {
		t.Errorf("left to do: %+v", left)
	}
	if _, _, err := w.VerifyAudit(w.ctx()); err != nil {
		t.Error(err)
	}
	ready, err := w.ReadyEffects(w.ctx(), []string{outbox.CalendarErase}, noon, 10)
	w.check(err)
	same(t, "what the owner has to do", len(ready), 2)
	by, _, err := w.Erasure(w.ctx(), "zed")
	w.check(err)
	same(t, "who", by, candidate.Operator)
}

// Exports read beside the owner, and also when nobody has the database open.
func TestReadingARecordBesideTheOwner(t *testing.T) {
	w := newWorld(t)
	fullRecord(w, "zed")
	read := func(id string) (*candidate.Material, error) {
		v, err := sqlite.OpenView(w.ctx(), w.path)
		w.check(err)
		defer v.Close()
		return v.Material(w.ctx(), id)
	}
	m, err := read("zed")
	w.check(err)
	same(t, "versions", len(m.Scorecards), 2)
	same(t, "interviews", len(m.Interviews), 2)
	w.check(w.DB.Close())
	m, err = read("zed")
	w.check(err)
	same(t, "name", m.Candidate.Name, "Zedekiah Quill")
	_, err = read("nobody")
	isErr(t, err, hiring.ErrNotFound)
	w.DB = nil
	w.reopen()
}
