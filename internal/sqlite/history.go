package sqlite

import (
	"context"
	"time"

	"convene/internal/candidate"
)

// belongings are the ids of everything that belongs to a candidate, each with
// its stage; "" for what is about the candidate as a whole.
const belongings = `
	SELECT ?1 AS id, '' AS stage
	UNION ALL SELECT id, stage FROM interviews WHERE candidate = ?1
	UNION ALL SELECT id, stage FROM decisions WHERE candidate = ?1
	UNION ALL SELECT n.id, d.stage FROM notices n JOIN decisions d ON d.id = n.decision WHERE n.candidate = ?1
	UNION ALL SELECT id, stage FROM checks WHERE candidate = ?1
	UNION ALL SELECT id, stage FROM time_holds WHERE candidate = ?1
	UNION ALL SELECT id, stage FROM offerings WHERE candidate = ?1`

// History returns the newest lines of the audit trail about the candidate and
// all that belongs to them, newest first.
func (db *DB) History(ctx context.Context, id string, limit int) ([]candidate.HistoryLine, error) {
	return readAll(ctx, db, func(r row) (candidate.HistoryLine, error) {
		var l candidate.HistoryLine
		var at int64
		err := r.Scan(&at, &l.Actor, &l.Action, &l.Subject, &l.Detail, &l.Stage, &l.Dissent)
		l.At = time.UnixMilli(at).UTC()
		return l, err
	}, `SELECT a.at, a.actor, a.action, a.subject, a.detail, mine.stage,
			iif(a.action IN ('decision.advance', 'decision.hold', 'decision.decline'), coalesce((SELECT d.dissent FROM decisions d WHERE d.id = a.detail), ''), '')
		FROM (`+belongings+`) mine JOIN audit a ON a.subject = mine.id ORDER BY a.id DESC LIMIT ?2`, id, limit)
}
