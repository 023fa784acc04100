package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
)

// testRole is a small role with one of everything.
func testRole() *hiring.Role {
	return &hiring.Role{
		Key: "coordinator", Revision: "r1", Title: "Account Coordinator", Company: "Example",
		Zone:  hiring.Value[string]{V: "America/Chicago"},
		Hours: hiring.Value[hiring.Hours]{V: hiring.Hours{Days: []time.Weekday{1, 2, 3, 4, 5}, Start: 9 * time.Hour, End: 17 * time.Hour}},
		Application: []hiring.ApplicationItem{
			{ID: "why", Text: "Why this role?", Kind: "question"},
		},
		Competencies: []hiring.Competency{
			{
				ID: "triage", Name: "Communication triage", Assesses: []string{"Routes requests"},
				Strong:    "A clear mental model with urgency tiers.",
				AnswerKey: []hiring.AnswerKeyRow{{Case: "Hot issue", Expected: "Escalates to the Strategist"}},
			},
			{
				ID: "gaps", Name: "Knowledge gaps", Strong: "Honest acknowledgment; follows up.",
				RedFlags: []hiring.RedFlag{{ID: "bluffing", Text: "Bluffs or over-answers"}},
			},
		},
		Questions: []hiring.Question{
			{ID: "emails", Text: "Several clients write within an hour. How do you prioritize?", Competencies: []string{"triage"}},
			{ID: "analytics", Text: "A client asks something you can't answer. What do you do?", Competencies: []string{"gaps"}, Ideal: "Says so and follows up."},
		},
		Gates:   []hiring.Gate{{ID: "visits", Text: "Quarterly visits in the Madison area", Ask: "Can you visit clients four times a year?"}},
		Signals: []hiring.Signal{{ID: "learner", Text: "Self-directed learner", About: "tools"}},
		Stages: []hiring.Stage{
			{ID: "round1", Name: "Screening", Kind: hiring.StageInterview, Location: hiring.Value[hiring.Location]{V: hiring.Location{Kind: "meet"}}, Deadline: hiring.Value[hiring.DeadlineRule]{V: hiring.DeadlineRule{EOD: 17 * time.Hour}}},
			{ID: "panel", Name: "Panel", Kind: hiring.StageInterview, Panel: true},
		},
		Notices: map[hiring.Outcome]hiring.NoticeText{
			hiring.Advance: {Subject: "Your application: {role}", Body: "Hello {first_name},\n\nwe would like to take the next step."},
			hiring.Hold:    {Subject: "Your application: {role}", Body: "Hello {first_name},\n\nyou will hear from us by {new_date}."},
			hiring.Decline: {Subject: "Your application: {role}", Body: "Hello {first_name},\n\nwe decided not to go on."},
		},
		Setup: hiring.Setup{
			RoleKey: "coordinator", Coordinators: []string{carla}, Deciders: []string{dana}, Channel: "C1",
			People: map[string][]string{"strategist": {karly}, "ops": {seb}, "owner": {mark}},
		},
	}
}

// testCase is an interview on Wednesday, 14:00 to 14:45 in Chicago, with Karly
// and Sebastian required and Mark as a shadow.
func testCase(t testing.TB) *hiring.Case {
	start := at(t, "Wed 14:00")
	return &hiring.Case{
		Role: testRole(),
		Candidate: &hiring.Candidate{
			ID: "cand_ana", RoleKey: "coordinator", Name: "Ana Diaz", Email: "ana@example.org", Zone: "America/Denver", Stage: "round1", State: hiring.Active,
			Links:   []hiring.Link{{Name: "Résumé", URL: "https://example.org/ana.pdf"}},
			Answers: map[string]string{"why": "I like to keep promises."}, Arrangements: "Captions in the call, please.",
		},
		Interview: &hiring.Interview{
			ID: "iv_ana", CandidateID: "cand_ana", RoleKey: "coordinator", RoleRevision: "r1", Stage: "round1", State: hiring.Booked,
			Start: start, End: start.Add(45 * time.Minute), Revision: 1, Generation: 1, Link: "https://meet.google.com/abc-defg-hij",
			Panel: []hiring.Panelist{
				{Person: karly, Part: hiring.Required}, {Person: seb, Part: hiring.Required}, {Person: mark, Part: hiring.Shadow},
			},
			Deadline: at(t, "Mon 17:00"),
		},
	}
}

// staffed says who holds the role's interviews, so that it is open.
func staffed(r *hiring.Role) *hiring.Role {
	for _, s := range r.Stages {
		r.Setup.People["stage:"+s.ID] = []string{karly, seb}
	}
	return r
}

// another returns the case of another candidate in the same role.
func another(k *hiring.Case, id, name string) *hiring.Case {
	c, iv := *k.Candidate, *k.Interview
	c.ID, c.Name, c.Email = "cand_"+id, name, id+"@example.org"
	iv.ID, iv.CandidateID = "iv_"+id, c.ID
	return &hiring.Case{Role: k.Role, Candidate: &c, Interview: &iv}
}

// goodAnswers fill in every field of testRole's scorecard. The evidence is
// secret: tests look for it where it must not be.
func goodAnswers(level hiring.Level, secret string) hiring.Answers {
	return hiring.Answers{
		Ratings: map[string]hiring.Rating{
			"triage": {Level: level, Rated: true, Evidence: secret + " asked who is blocked first"},
			"gaps":   {Level: hiring.NotAssessed, Rated: true},
		},
		Gates:          map[string]hiring.GateEntry{"visits": {Answer: hiring.GateYes, Evidence: secret + " lives in Madison"}},
		Signals:        map[string]string{"learner": secret + " taught herself"},
		Recommendation: hiring.Yes, Note: secret + " note",
	}
}

// submitted adds a submitted scorecard.
func submitted(k *hiring.Case, person string, when time.Time, a hiring.Answers) {
	k.Cards = append(k.Cards, &hiring.Scorecard{
		ID: "card_" + person, InterviewID: k.Interview.ID, Panelist: person, Answers: a, Version: 1, SavedAt: when, SubmittedAt: when,
	})
}

func decided(k *hiring.Case, outcome hiring.Outcome, when time.Time) {
	k.Decision = &hiring.Decision{ID: "dec_1", InterviewID: k.Interview.ID, Outcome: outcome, Reason: "Clear under pressure.", By: dana, At: when}
	k.Notice = &hiring.Notice{
		ID: "note_" + k.Interview.ID, DecisionID: "dec_1", State: hiring.NoticeDraft,
		Subject: "Your application: Account Coordinator", Body: "Hello Ana,\n\nwe would like to take the next step.",
	}
}

// hostile is text that would do harm if it were read as markup, or not counted
// in characters.
const hostile = "<!channel> *bold* <@U1> & 王 مرحبا สวัสดี 👩‍👩‍👧 "

// longText returns n characters of hostile text.
func longText(n int) string {
	r := []rune(strings.Repeat(hostile, n/len([]rune(hostile))+1))
	return string(r[:n])
}

// extremeCase is as large as a legal role and legal answers get.
func extremeCase(t testing.TB, n int) *hiring.Case {
	k := testCase(t)
	r := k.Role
	r.Title, r.Competencies, r.Questions, r.Gates, r.Signals = longText(75), nil, nil, nil, nil
	for i := range 12 {
		c := hiring.Competency{ID: fmt.Sprintf("c%d", i), Name: fmt.Sprintf("%02d", i) + longText(73), Strong: longText(1000), Assesses: []string{longText(350)}}
		for j := range 10 {
			c.RedFlags = append(c.RedFlags, hiring.RedFlag{ID: fmt.Sprintf("f%d", j), Text: fmt.Sprintf("%02d", j) + longText(73)})
		}
		for range 3 {
			c.AnswerKey = append(c.AnswerKey, hiring.AnswerKeyRow{Case: longText(480), Expected: longText(480)})
		}
		r.Competencies = append(r.Competencies, c)
		r.Questions = append(r.Questions, hiring.Question{ID: fmt.Sprintf("q%d", i), Text: longText(490), Ideal: longText(1500), Competencies: []string{c.ID}})
	}
	for i := range 10 {
		r.Gates = append(r.Gates, hiring.Gate{ID: fmt.Sprintf("g%d", i), Text: fmt.Sprintf("%02d", i) + longText(298), Ask: longText(300)})
		r.Signals = append(r.Signals, hiring.Signal{ID: fmt.Sprintf("s%d", i), Text: fmt.Sprintf("%02d", i) + longText(298)})
	}
	r.Stages[0].Name, r.Stages[1].Name = longText(75), longText(75)
	k.Candidate.Name, k.Candidate.Arrangements = longText(hiring.MaxName), longText(hiring.MaxArrangements)
	k.Candidate.Answers["why"] = longText(hiring.MaxAnswer)
	for i := range 12 {
		k.Candidate.Links = append(k.Candidate.Links, hiring.Link{Name: longText(200), URL: fmt.Sprintf("https://example.org/%d/%s", i, strings.Repeat("x", 1900))})
	}
	k.Interview.ID = fmt.Sprintf("iv_%d", n)
	a := hiring.Answers{Ratings: map[string]hiring.Rating{}, Gates: map[string]hiring.GateEntry{}, Signals: map[string]string{}, Recommendation: hiring.StrongNo, Note: longText(hiring.MaxNote)}
	for _, c := range r.Competencies {
		rating := hiring.Rating{Level: hiring.Partly, Rated: true, Evidence: longText(hiring.MaxEvidence)}
		for _, f := range c.RedFlags {
			rating.RedFlags = append(rating.RedFlags, f.ID)
		}
		a.Ratings[c.ID] = rating
	}
	for _, g := range r.Gates {
		a.Gates[g.ID] = hiring.GateEntry{Answer: hiring.GateNo, Evidence: longText(maxGateEvidence)}
	}
	for _, s := range r.Signals {
		a.Signals[s.ID] = longText(maxSignal)
	}
	for _, p := range k.Interview.Panel {
		submitted(k, p.Person, at(t, "Wed 16:00"), a)
	}
	decided(k, hiring.Hold, at(t, "Mon 10:00"))
	k.Decision.Reason = longText(hiring.MaxReason)
	k.Notice.Subject, k.Notice.Body = longText(hiring.MaxSubject), longText(hiring.MaxBody)
	return k
}
