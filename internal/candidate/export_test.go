package candidate

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
)

var update = flag.Bool("update", false, "write the golden files anew")

const hostile = "<script>alert(1)</script> *bold* <!channel> \"quoted' & محمد علي {{.Role}}\nnext line"

// material is a candidate who was through a panel of three: Pia and Quin have
// submitted, Rae hasn't, Sol shadows. Every text is hostile.
func material() *Material {
	at := func(day, hour int) time.Time { return time.Date(2026, 12, day, hour, 30, 0, 0, time.UTC) }
	rubric := &hiring.Role{
		Key: "coord", Revision: "0123456789abcdef", Title: "Coordinator & more", Company: "Asymmetric", Zone: hiring.Value[string]{V: "America/Chicago"},
		Application:  []hiring.ApplicationItem{{ID: "why", Text: "Why us?", Kind: "question"}},
		Competencies: []hiring.Competency{{ID: "care", Name: "Care", Assesses: []string{"Listens"}, Strong: "Names needs", RedFlags: []hiring.RedFlag{{ID: "late", Text: "Was late"}}, AnswerKey: []hiring.AnswerKeyRow{{Case: "Outage", Expected: "Call at once"}}}},
		Questions:    []hiring.Question{{ID: "q", Text: "Tell me about a client.", Competencies: []string{"care"}, Ideal: "A named one"}},
		Gates:        []hiring.Gate{{ID: "visits", Text: "Can visit", Ask: "Can you?"}}, Signals: []hiring.Signal{{ID: "tools", Text: "Likes tools"}},
		Stages: []hiring.Stage{{ID: "letter", Name: "Cover letter", Kind: hiring.StageCheck}, {ID: "panel", Name: "Panel", Kind: hiring.StageInterview}},
	}
	role := *rubric
	role.Setup = hiring.Setup{Coordinators: []string{"Cora", "Quin", "Rae"}, Deciders: []string{"Dee"}}
	iv := &hiring.Interview{
		ID: "iv1", CandidateID: "cand_1", RoleKey: "coord", RoleRevision: rubric.Revision, Stage: "panel", State: hiring.Booked,
		Start: at(3, 14), End: at(3, 15), Deadline: at(7, 23), Link: "https://meet.example/x", CandidateRSVP: "accepted", BookedBy: "Cora", BookedAt: at(2, 14),
		Panel: []hiring.Panelist{{Person: "Pia", Part: hiring.Required, RSVP: "accepted"}, {Person: "Quin", Part: hiring.Required, RSVP: "needsAction"}, {Person: "Rae", Part: hiring.Required}, {Person: "Sol", Part: hiring.Shadow, Excused: hiring.Excuse{Kind: hiring.Absent, Reason: hostile, At: at(3, 15)}}},
	}
	off := &hiring.Interview{ID: "iv0", CandidateID: "cand_1", RoleKey: "coord", RoleRevision: rubric.Revision, Stage: "panel", State: hiring.Cancelled, CancelCause: hiring.CancelPanelist, Start: at(1, 14), End: at(1, 15), Reason: hostile}
	card := func(person string, version int, when time.Time) *hiring.Scorecard {
		return &hiring.Scorecard{
			InterviewID: "iv1", Panelist: person, RoleRevision: rubric.Revision, Version: version, SubmittedAt: when,
			Answers: hiring.Answers{
				Ratings:        map[string]hiring.Rating{"care": {Level: hiring.Strong, Rated: true, Evidence: person + " saw: " + hostile, RedFlags: []string{"late"}}, "gone": {Rated: true}},
				Gates:          map[string]hiring.GateEntry{"visits": {Answer: hiring.GateYes, Evidence: "said so"}},
				Signals:        map[string]string{"tools": "Uses Asana"},
				Recommendation: hiring.Yes, Note: person + "'s note",
			},
		}
	}
	again := card("Pia", 2, at(4, 16))
	again.Reason, again.AfterReveal = hostile, true
	cared := again.Answers.Ratings["care"]
	cared.Notes = []hiring.Note{{ID: "1.1", Text: "wrote: " + hostile, At: at(3, 14)}}
	again.Answers.Ratings["care"] = cared
	m := &Material{
		Candidate: &hiring.Candidate{
			ID: "cand_1", RoleKey: "coord", Name: "<b>Ana</b> محمد", Email: "ana@example.com", Phone: "1<2", Zone: "Europe/Lisbon", EarliestHour: 8 * time.Hour, LatestHour: 18*time.Hour + 30*time.Minute,
			Links:   []hiring.Link{{Name: "Résumé <i>", URL: "https://files.example/a?b=\"c\"&d"}, {Name: "Bad", URL: "javascript:alert(1)"}},
			Answers: map[string]string{"why": hostile, "gone": "an old answer"}, Arrangements: hostile, Stage: "panel", State: hiring.Declined, AddedBy: "Cora", AddedAt: at(1, 9),
		},
		Role: &role, Rubrics: map[string]*hiring.Role{rubric.Revision: rubric}, Interviews: []*hiring.Interview{off, iv},
		Moves: []hiring.Move{
			{Interview: "iv0", Revision: 2, From: at(1, 14), To: at(1, 16), By: "U1", Cause: hiring.MoveCandidate, Words: hostile, At: at(1, 9)},
			{Interview: "iv0", Revision: 3, From: at(1, 16), To: at(1, 14), Cause: hiring.MoveGoogle, At: at(1, 10), Undone: true},
		},
		Told:       map[string]time.Time{"iv1": at(7, 22)},
		Cards:      []*hiring.Scorecard{card("Pia", 2, at(4, 16)), card("Quin", 1, at(4, 17)), {InterviewID: "iv1", Panelist: "Rae", Answers: hiring.Answers{Note: "Rae's draft"}}, card("Sol", 1, at(4, 17))},
		Scorecards: []*hiring.Scorecard{card("Pia", 1, at(3, 16)), again, card("Quin", 1, at(4, 17)), card("Sol", 1, at(4, 17))},
		Reveals:    map[string]Reveal{"iv1": {"Cora", at(5, 9)}},
		Decisions: []*hiring.Decision{
			{ID: "d1", CandidateID: "cand_1", InterviewID: "iv1", Stage: "panel", Outcome: hiring.Hold, Reason: "Wait", HoldUntil: at(9, 12), By: "Dee", At: at(5, 12), Replaced: true},
			{ID: "d2", CandidateID: "cand_1", InterviewID: "iv1", Stage: "panel", Outcome: hiring.Decline, Reason: hostile, By: "Dee", At: at(7, 20), Dissent: hostile, Corrects: &hiring.Told{ID: "d1", Outcome: hiring.Hold, At: at(6, 9)}},
		},
		Notices: []*hiring.Notice{
			{ID: "n1", DecisionID: "d1", State: hiring.NoticeDropped, Subject: "About your application", Body: "We need time."},
			{ID: "n2", DecisionID: "d2", State: hiring.NoticeTold, Subject: hostile, Body: hostile, ApprovedBy: "Dee", ApprovedAt: at(7, 21), ToldBy: "Cora", ToldAt: at(7, 22)},
		},
		Offerings: []*hiring.Offering{{
			ID: "times1", Stage: "panel", State: hiring.OfferingChosen, Times: []hiring.OfferedTime{{Start: at(3, 14), End: at(3, 15)}, {Start: at(4, 14), End: at(4, 15)}},
			Subject: "Times & more", Body: hostile, By: "Cora", At: at(1, 12), SentBy: "Dee", SentAt: at(1, 13), Answer: 1, AnsweredBy: "Cora", AnsweredAt: at(2, 14), InterviewID: "iv1",
		}},
		Checks: []*hiring.Check{{ID: "c1", Stage: "letter", Outcome: hiring.CheckConcern, Note: hostile, By: "Cora", At: at(1, 10), Replaced: true}, {ID: "c2", Stage: "letter", Outcome: hiring.CheckFine, By: "Cora", At: at(1, 11)}},
		Said: []Said{
			{"iv1", "preview:coord:2026-12-07", at(7, 15), "Ana · Panel\n2 of 3 scorecards in."}, {"iv1", "summary:coord:2026-12-07:2", at(7, 22), "Ana · Panel\n" + hostile},
		},
		History: []HistoryLine{
			{Entry: hiring.Entry{Actor: "Cora", Action: "candidate.added", Subject: "cand_1"}, At: at(1, 9)}, {Entry: hiring.Entry{Actor: "convene", Action: "interview.booked", Subject: "iv1"}, At: at(2, 14)},
			{Entry: hiring.Entry{Actor: "Cora", Action: "scorecards.revealed", Subject: "iv1"}, At: at(5, 9)}, {Entry: hiring.Entry{Actor: "google", Action: "something.new_here", Subject: "iv1"}, At: at(6, 9)},
		},
		People: map[string]hiring.Person{"Cora": {ID: "Cora", Name: "Cora Vega"}, "Dee": {ID: "Dee", Name: "Dee <u>"}, "Pia": {ID: "Pia", Name: "Pia"}},
	}
	return m
}

func exported(t *testing.T, m *Material, viewer string) (asJSON, asHTML string) {
	t.Helper()
	r := NewRecord(m, viewer, time.Date(2026, 12, 8, 9, 0, 0, 0, time.UTC))
	var j, h bytes.Buffer
	if err := r.WriteJSON(&j); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteHTML(&h); err != nil {
		t.Fatal(err)
	}
	return j.String(), h.String()
}

// What is exported is what testdata says; -update writes it anew: read the
// difference.
func TestExportIsGolden(t *testing.T) {
	asJSON, asHTML := exported(t, material(), "")
	for name, got := range map[string]string{"record.json": asJSON, "record.html": asHTML} {
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs; run go test ./internal/candidate -update and read the difference", file)
		}
	}
	var back Record
	decoder := json.NewDecoder(strings.NewReader(asJSON))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&back); err != nil || back.Schema != RecordSchema {
		t.Errorf("the JSON can't be read back: %v", err)
	}
}

// Nothing that somebody typed is live in the page, and the page reaches for
// nothing outside.
func TestTheExportedPageIsInert(t *testing.T) {
	_, page := exported(t, material(), "")
	for _, live := range []string{"<script", "<b>Ana", "<u>", "<i>", `"javascript:`, "src=", "@import", "url(", "{{"} {
		if strings.Contains(strings.ReplaceAll(page, "{{.Role}}", ""), live) {
			t.Errorf("the page has %q", live)
		}
	}
	for _, href := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(href[1], "#") && !strings.HasPrefix(href[1], "https://files.example/") {
			t.Errorf("the page links to %s", href[1])
		}
	}
	for _, target := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+target[1]+`"`) && target[1] != "ZgotmplZ" {
			t.Errorf("the table of contents leads nowhere: %s", target[1])
		}
	}
}

// A record holds nothing that its reader may not read now, and says so.
func TestExportKeepsIndependence(t *testing.T) {
	for _, tt := range []struct {
		name, viewer string
		revealed     bool
		reads        string // whose evidence
		leftOut      string
	}{
		{"the program, for all", "", false, "Pia Quin Sol", ""},
		{"coordinator, 2 of 3 in", "Cora", false, "", "2 of 3 scorecards are in, and they aren't opened yet"},
		{"coordinator, revealed", "Cora", true, "Pia Quin Sol", ""},
		{"coordinator who owes, revealed", "Rae", true, "", "until yours is in"},
		{"coordinator on the panel, own in", "Quin", false, "Quin", "2 of 3 scorecards"},
	} {
		m := material()
		if !tt.revealed {
			m.Reveals = nil
		}
		m.History = append(m.History, HistoryLine{Entry: hiring.Entry{Actor: "convene", Action: "debrief.offered", Subject: "iv1"}, At: m.History[0].At})
		asJSON, asHTML := exported(t, m, tt.viewer)
		for _, text := range []string{asJSON, asHTML} {
			for _, person := range []string{"Pia", "Quin", "Sol"} {
				if got, want := strings.Contains(text, person+" saw: "), strings.Contains(tt.reads, person); got != want {
					t.Errorf("%s: evidence of %s: %t, want %t", tt.name, person, got, want)
				}
			}
			if got, want := strings.Contains(text, "2 of 3 scorecards in."), strings.Contains(tt.reads, "Pia"); got != want {
				t.Errorf("%s: what the messages said: %t, want %t", tt.name, got, want)
			}
			if got, want := strings.Contains(text, "Offered a debrief"), tt.viewer != "Rae"; got != want {
				t.Errorf("%s: that something is contested: %t, want %t", tt.name, got, want)
			}
			if strings.Contains(text, "Rae's draft") {
				t.Errorf("%s: a draft is in it", tt.name)
			}
		}
		r := NewRecord(m, tt.viewer, time.Now())
		if got := strings.Join(r.LeftOut, " "); tt.leftOut == "" && got != "" || !strings.Contains(got, tt.leftOut) {
			t.Errorf("%s: left out: %q", tt.name, got)
		}
	}
}

func TestHowLongARecordShouldBeKept(t *testing.T) {
	m := material()
	if got, want := KeepUntil(m), time.Date(2027, 12, 7, 20, 30, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("a year from the decision is %s, want %s", got, want)
	}
	m.Decisions, m.Scorecards = nil, nil
	if got, want := KeepUntil(m), time.Date(2027, 12, 1, 9, 30, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("without a decision: %s, want %s", got, want)
	}
}
