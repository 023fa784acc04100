package sqlite

import (
	"context"

	"convene/internal/report"
)

// ReportInterviews returns all interviews of the roles, in whatever state, with
// when the required and other scorecards were first in: one read of the
// database, first to last.
func (db *DB) ReportInterviews(ctx context.Context, roles []string) (list []report.Interview, err error) {
	err = db.read(ctx, func(c *conn) error {
		list, err = all(c, scanReported, `SELECT i.id, i.candidate, i.role, i.stage, i.state, i.start_at, i.end_at, i.deadline_at, i.told_at,
				coalesce(d.outcome, ''), c.added_at,
				c.state = 'withdrawn' OR coalesce(c.erased_at <= i.deadline_at, 0), -- nobody was left to tell
				i.cause
			FROM interviews i JOIN candidates c ON c.id = i.candidate LEFT JOIN decisions d ON d.interview = i.id AND d.replaced = 0
			WHERE i.role IN (SELECT value FROM json_each(?)) ORDER BY i.end_at, i.id`, toJSON(roles))
		if err != nil {
			return err
		}
		at := make(map[string]int, len(list))
		for i, iv := range list {
			at[iv.ID] = i
		}
		_, err = all(c, func(r row) (struct{}, error) {
			var id string
			var s report.Seat
			if err := r.Scan(&id, &s.Person, &s.Part, &s.Excused, toInstant(&s.Submitted)); err != nil {
				return struct{}{}, err
			}
			list[at[id]].Panel = append(list[at[id]].Panel, s)
			return struct{}{}, nil
		}, `SELECT p.interview, p.person, p.part, p.excused <> '',
				(SELECT min(v.submitted_at) FROM scorecard_versions v WHERE v.interview = p.interview AND v.panelist = p.person)
			FROM panelists p JOIN interviews i ON i.id = p.interview
			WHERE i.role IN (SELECT value FROM json_each(?)) ORDER BY p.interview, p.position`, toJSON(roles))
		return err
	})
	return list, err
}

func scanReported(r row) (iv report.Interview, err error) {
	err = r.Scan(&iv.ID, &iv.Candidate, &iv.Role, &iv.Stage, &iv.State, toInstant(&iv.Start), toInstant(&iv.End), toInstant(&iv.Deadline),
		toInstant(&iv.ToldAt), &iv.Outcome, toInstant(&iv.AddedAt), &iv.Withdrawn, &iv.Cause)
	return iv, err
}

// ActiveByStage counts the active candidates: by role, then by stage.
func (db *DB) ActiveByStage(ctx context.Context) (map[string]map[string]int, error) {
	counts := map[string]map[string]int{}
	_, err := readAll(ctx, db, func(r row) (struct{}, error) {
		var role, stage string
		var n int
		if err := r.Scan(&role, &stage, &n); err != nil {
			return struct{}{}, err
		}
		if counts[role] == nil {
			counts[role] = map[string]int{}
		}
		counts[role][stage] = n
		return struct{}{}, nil
	}, "SELECT role, stage, count(*) FROM candidates WHERE state = 'active' AND erased_at IS NULL GROUP BY role, stage")
	return counts, err
}
