package sqlite

import (
	"context"
	"fmt"
	"time"

	"convene/internal/hiring"
)

// cases loads the interviews that the query selects, in its order, with all
// that belongs to them: one query for each kind of thing, however many cases.
// The role's file content is shared; candidates are shared by their cases.
func (db *DB) cases(c *conn, query string, args ...any) ([]*hiring.Case, error) {
	list, err := interviews(c, query, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	cases := make([]*hiring.Case, len(list))
	byID := make(map[string]*hiring.Case, len(list))
	ids, candidates := make([]string, len(list)), make([]string, len(list))
	for i, iv := range list {
		cases[i] = &hiring.Case{Interview: iv.Interview, ToldAt: iv.toldAt, PromisedAt: iv.promisedAt, FirstToldAt: iv.firstToldAt}
		ids[i], byID[iv.ID] = iv.ID, cases[i]
		candidates[i] = iv.CandidateID
	}
	if err := db.addRoles(c, cases); err != nil {
		return nil, err
	}
	if err := addCandidates(c, cases, candidates); err != nil {
		return nil, err
	}
	if err := addCards(c, byID, toJSON(ids)); err != nil {
		return nil, err
	}
	return cases, addDecisions(c, byID, toJSON(ids))
}

func (db *DB) addRoles(c *conn, cases []*hiring.Case) error {
	roles := map[string]*hiring.Role{}
	for _, k := range cases {
		role, ok := roles[k.Interview.RoleKey]
		if !ok {
			var err error
			if role, err = db.role(c, k.Interview.RoleKey); err != nil {
				return err
			}
			roles[k.Interview.RoleKey] = role
		}
		k.Role = role
		rubric, err := db.roleBody(c, roleRevision{k.Interview.RoleKey, k.Interview.RoleRevision})
		if err != nil {
			return err
		}
		k.Rubric = rubric
	}
	return nil
}

func addCandidates(c *conn, cases []*hiring.Case, ids []string) error {
	found, err := all(c, scanCandidate, "SELECT "+candidateColumns+" FROM candidates WHERE id IN (SELECT value FROM json_each(?))", toJSON(ids))
	if err != nil {
		return err
	}
	byID := map[string]*hiring.Candidate{}
	for _, cand := range found {
		byID[cand.ID] = cand
	}
	done, err := all(c, scanCheck, selectCheck+" WHERE replaced = 0 AND candidate IN (SELECT value FROM json_each(?)) ORDER BY done_at, id", toJSON(ids))
	if err != nil {
		return err
	}
	checks := map[string][]*hiring.Check{}
	for _, ch := range done {
		checks[ch.CandidateID] = append(checks[ch.CandidateID], ch)
	}
	for _, k := range cases {
		k.Candidate, k.Checks = byID[k.Interview.CandidateID], checks[k.Interview.CandidateID]
	}
	return nil
}

// addCards adds the scorecards, in the order of the panel, and who opened them.
func addCards(c *conn, byID map[string]*hiring.Case, ids string) error {
	cards, err := all(c, scanScorecard, `SELECT `+scorecardColumns+` FROM scorecards
		WHERE interview IN (SELECT value FROM json_each(?)) ORDER BY interview,
		(SELECT position FROM panelists p WHERE p.interview = scorecards.interview AND p.person = panelist), panelist`, ids)
	if err != nil {
		return err
	}
	for _, s := range cards {
		k := byID[s.InterviewID]
		k.Cards = append(k.Cards, s)
	}
	_, err = all(c, func(r row) (struct{}, error) {
		var id, by string
		if err := r.Scan(&id, &by); err != nil {
			return struct{}{}, err
		}
		byID[id].Revealed = by
		return struct{}{}, nil
	}, "SELECT interview, revealed_by FROM reveals WHERE interview IN (SELECT value FROM json_each(?))", ids)
	return err
}

// addDecisions adds the decisions that stand, with their notices.
func addDecisions(c *conn, byID map[string]*hiring.Case, ids string) error {
	decisions, err := all(c, scanDecision, selectDecision+`
		WHERE interview IN (SELECT value FROM json_each(?)) AND replaced = 0`, ids)
	if err != nil || len(decisions) == 0 {
		return err
	}
	of := map[string]*hiring.Case{}
	standing := make([]string, len(decisions))
	for i, d := range decisions {
		k := byID[d.InterviewID]
		k.Decision = d
		of[d.ID], standing[i] = k, d.ID
	}
	notices, err := all(c, scanNotice, selectNotice+" WHERE decision IN (SELECT value FROM json_each(?))", toJSON(standing))
	for _, n := range notices {
		of[n.DecisionID].Notice = n
	}
	return err
}

// oneCase returns ErrNotFound also for the case of an erased candidate: nothing
// can be shown of it, and nothing may be written to it any more.
func (db *DB) oneCase(c *conn, interview string) (*hiring.Case, error) {
	list, err := db.cases(c, selectInterview+" WHERE id = ?", interview)
	if err != nil {
		return nil, fmt.Errorf("load case %s: %w", interview, err)
	}
	if len(list) == 0 || list[0].Candidate.Erased() {
		return nil, hiring.ErrNotFound
	}
	return list[0], nil
}

func (db *DB) readCases(ctx context.Context, query string, args ...any) (list []*hiring.Case, err error) {
	err = db.read(ctx, func(c *conn) error {
		list, err = db.cases(c, query, args...)
		return err
	})
	return list, err
}

// Case returns an interview's case, or ErrNotFound, also when its candidate was
// erased.
func (db *DB) Case(ctx context.Context, interview string) (k *hiring.Case, err error) {
	err = db.read(ctx, func(c *conn) error {
		k, err = db.oneCase(c, interview)
		return err
	})
	return k, err
}

// CaseOfNotice returns the case that a notice belongs to, or ErrNotFound. Its
// decision may have been replaced since; then the case holds a newer notice.
func (db *DB) CaseOfNotice(ctx context.Context, notice string) (k *hiring.Case, err error) {
	err = db.read(ctx, func(c *conn) error {
		interview, err := one(c, scanString, "SELECT d.interview FROM notices n JOIN decisions d ON d.id = n.decision WHERE n.id = ?", notice)
		if err != nil {
			return err
		}
		k, err = db.oneCase(c, interview)
		return err
	})
	return k, err
}

func scanString(r row) (s string, err error) {
	err = r.Scan(&s)
	return s, err
}

const selectCasesOf = selectInterview + " WHERE candidate = ? ORDER BY start_at DESC, booked_at DESC, id"

// CasesOf returns the candidate's cases, in whatever state, newest first.
func (db *DB) CasesOf(ctx context.Context, candidate string) ([]*hiring.Case, error) {
	return db.readCases(ctx, selectCasesOf, candidate)
}

// CasesFor returns the interviews that the person is a panelist of, or once
// submitted a scorecard for, in whatever state, newest first.
func (db *DB) CasesFor(ctx context.Context, person string, limit int) ([]*hiring.Case, error) {
	return db.readCases(ctx, selectInterview+` WHERE id IN (SELECT interview FROM panelists WHERE person = ?1
			UNION SELECT interview FROM scorecards WHERE panelist = ?1 AND version > 0)`+notErased+`
		ORDER BY start_at DESC, id LIMIT ?2 + 0`, person, limit)
}

// stillInProcess leaves out candidates who withdrew or were erased: nobody
// waits for them.
const stillInProcess = " AND EXISTS (SELECT 1 FROM candidates c WHERE c.id = interviews.candidate AND c.state <> 'withdrawn' AND c.erased_at IS NULL)"

// notErased leaves out interviews of erased candidates.
const notErased = " AND EXISTS (SELECT 1 FROM candidates c WHERE c.id = interviews.candidate AND c.erased_at IS NULL)"

// Owed returns the interviews that are over and for which the person owes a
// scorecard, oldest first. Nothing is owed once the candidate has been told or
// has withdrawn.
func (db *DB) Owed(ctx context.Context, person string, now time.Time) ([]*hiring.Case, error) {
	return db.readCases(ctx, selectInterview+owedBy+" ORDER BY end_at, id", now.UnixMilli(), person)
}

// owedBy finds the interviews that were over at ?1 and for which the person ?2
// owes a scorecard.
const owedBy = ` WHERE state = 'booked' AND told_at IS NULL AND end_at <= ?1
	AND id IN (SELECT interview FROM panelists WHERE person = ?2 AND part = 'required' AND excused = '')
	AND NOT EXISTS (SELECT 1 FROM scorecards s WHERE s.interview = interviews.id AND s.panelist = ?2 AND s.submitted_at IS NOT NULL)` + stillInProcess

// EndNags removes the due row of a person's nag, unless it was moved meanwhile,
// or they owe a scorecard by now: what was reopened just then is reminded of.
func (db *DB) EndNags(ctx context.Context, d hiring.Due, now time.Time) error {
	return db.write(ctx, func(c *conn) error {
		return c.do("DELETE FROM due WHERE key = ?3 AND at = ?4 AND NOT EXISTS (SELECT 1 FROM interviews"+owedBy+")",
			now.UnixMilli(), d.About, d.Key, d.At.UnixMilli())
	})
}

// toldFor is how long a told case still counts as open, so that Monday's
// messages can say so.
const toldFor = 2 * 24 * time.Hour

// lately leaves out candidates who withdrew before ?3 or were erased.
const lately = " AND EXISTS (SELECT 1 FROM candidates c WHERE c.id = interviews.candidate AND c.erased_at IS NULL AND (c.state <> 'withdrawn' OR c.ended_at > ?3))"

// OpenCases returns the role's cases whose interview has ended and whose
// candidate hasn't been told, or was or withdrew within the last two days; by
// deadline.
func (db *DB) OpenCases(ctx context.Context, role string, now time.Time) ([]*hiring.Case, error) {
	return db.readCases(ctx, selectInterview+` WHERE id IN (`+openInterviews+`)`+lately+` ORDER BY deadline_at, end_at, id`,
		role, now.UnixMilli(), now.Add(-toldFor).UnixMilli())
}

// CasesAhead returns the role's cases whose interview is booked and hasn't ended,
// and whose candidate is in the process and hasn't been told, first to last.
func (db *DB) CasesAhead(ctx context.Context, role string, now time.Time) ([]*hiring.Case, error) {
	return db.readCases(ctx, selectInterview+` WHERE role = ? AND state = 'booked' AND told_at IS NULL AND end_at > ?`+stillInProcess+` ORDER BY start_at, id`,
		role, now.UnixMilli())
}

// openInterviews selects the role's interviews that have ended and whose
// candidate hasn't been told, or was after ?3: two ranges of one index.
const openInterviews = `SELECT id FROM interviews WHERE role = ?1 AND state = 'booked' AND told_at IS NULL AND end_at <= ?2
	UNION ALL SELECT id FROM interviews WHERE role = ?1 AND state = 'booked' AND told_at > ?3 AND end_at <= ?2`
