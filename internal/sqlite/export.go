package sqlite

import (
	"context"
	"time"

	"convene/internal/candidate"
	"convene/internal/hiring"
)

// Material returns everything that is kept about a candidate, as one consistent
// view, or ErrNotFound.
func (db *DB) Material(ctx context.Context, id string) (m *candidate.Material, err error) {
	err = db.read(ctx, func(c *conn) error {
		m, err = db.material(c, id)
		return err
	})
	return m, err
}

// Material does the same beside the process that owns the database.
func (v *View) Material(ctx context.Context, id string) (*candidate.Material, error) {
	return v.db.Material(ctx, id)
}

func (db *DB) material(c *conn, id string) (*candidate.Material, error) {
	m := &candidate.Material{}
	var err error
	if m.Candidate, err = one(c, scanCandidate, "SELECT "+candidateColumns+" FROM candidates WHERE id = ?", id); err != nil {
		return nil, err
	}
	for _, load := range []func() error{
		func() error { m.Role, err = db.role(c, m.Candidate.RoleKey); return err },
		func() error { return db.addInterviews(c, m, id) },
		func() error {
			m.Moves, err = all(c, scanMove, selectMoves+" WHERE interview IN "+ofInterviews+" ORDER BY interview, revision", id)
			return err
		},
		func() error { return addScorecards(c, m, id) },
		func() error { return addOutcomes(c, m, id) },
		func() error { return addHistory(c, m, id) },
	} {
		if err := load(); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// addInterviews adds the interviews and the rubrics that they were asked with.
func (db *DB) addInterviews(c *conn, m *candidate.Material, id string) error {
	stored, err := interviews(c, selectInterview+" WHERE candidate = ? ORDER BY start_at, booked_at, id", id)
	if err != nil {
		return err
	}
	m.Told, m.Rubrics = map[string]time.Time{}, map[string]*hiring.Role{}
	for _, iv := range stored {
		m.Interviews = append(m.Interviews, iv.Interview)
		if !iv.toldAt.IsZero() {
			m.Told[iv.ID] = iv.toldAt
		}
		if m.Rubrics[iv.RoleRevision], err = db.roleBody(c, roleRevision{iv.RoleKey, iv.RoleRevision}); err != nil {
			return err
		}
	}
	return nil
}

func addScorecards(c *conn, m *candidate.Material, id string) error {
	var err error
	m.Cards, err = all(c, scanScorecard, "SELECT "+scorecardColumns+" FROM scorecards WHERE interview IN "+ofInterviews+" ORDER BY interview, panelist", id)
	if err != nil {
		return err
	}
	m.Scorecards, err = all(c, scanScorecard, `SELECT v.interview, v.panelist, s.role_revision, v.answers, v.version, v.submitted_at, NULL, v.submitted_at, v.reason, v.after_reveal
		FROM scorecard_versions v JOIN scorecards s ON s.interview = v.interview AND s.panelist = v.panelist
		WHERE v.interview IN `+ofInterviews+` ORDER BY v.interview, v.panelist, v.version`, id)
	if err != nil {
		return err
	}
	m.Reveals = map[string]candidate.Reveal{}
	_, err = all(c, func(r row) (struct{}, error) {
		var interview string
		var v candidate.Reveal
		err := r.Scan(&interview, &v.By, toInstant(&v.At))
		m.Reveals[interview] = v
		return struct{}{}, err
	}, "SELECT interview, revealed_by, revealed_at FROM reveals WHERE interview IN "+ofInterviews, id)
	return err
}

// addOutcomes adds checks, decisions, notices and what the Monday messages said.
func addOutcomes(c *conn, m *candidate.Material, id string) error {
	var err error
	if m.Checks, err = all(c, scanCheck, selectCheck+" WHERE candidate = ? ORDER BY done_at, id", id); err != nil {
		return err
	}
	if m.Decisions, err = all(c, scanDecision, selectDecision+" WHERE candidate = ? ORDER BY decided_at, replaced DESC, id", id); err != nil {
		return err
	}
	if m.Notices, err = all(c, scanNotice, selectNotice+" WHERE candidate = ? ORDER BY id", id); err != nil {
		return err
	}
	m.Offerings, err = all(c, scanOffering, selectOffering+" WHERE candidate = ? ORDER BY offered_at, id", id)
	if err != nil {
		return err
	}
	m.Said, err = all(c, scanSaid, "SELECT interview, message, shown_at, text FROM summary_entries WHERE candidate = ?"+posted+" ORDER BY id", id)
	return err
}

// addHistory adds the audit trail's lines, and everybody's names.
func addHistory(c *conn, m *candidate.Material, id string) error {
	var err error
	m.History, err = all(c, func(r row) (candidate.HistoryLine, error) {
		a, err := scanAudit(r)
		return candidate.HistoryLine{Entry: a.e, At: time.UnixMilli(a.at).UTC()}, err
	}, "SELECT "+auditColumns+" FROM audit WHERE subject IN ("+ofCandidate+") ORDER BY id", id)
	if err != nil {
		return err
	}
	people, err := all(c, scanPerson, selectPerson)
	if err != nil {
		return err
	}
	m.People = map[string]hiring.Person{}
	for _, p := range people {
		m.People[p.ID] = p
	}
	return nil
}
