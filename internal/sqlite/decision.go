package sqlite

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"convene/internal/decision"
	"convene/internal/hiring"
)

const decisionColumns = `id, candidate, interview, role, stage, outcome, reason, hold_until, decided_by, decided_at, replaced, dissent, corrects`

// selectDecision adds what a corrected decision had told.
const selectDecision = `SELECT ` + decisionColumns + `,
	coalesce((SELECT o.outcome FROM decisions o WHERE o.id = decisions.corrects), ''),
	(SELECT n.told_at FROM notices n WHERE n.decision = decisions.corrects),
	coalesce((SELECT n.id FROM notices n WHERE n.decision = decisions.corrects AND n.told_by = '' AND n.attempt > 0), '') FROM decisions`

func scanDecision(r row) (*hiring.Decision, error) {
	var d hiring.Decision
	var told hiring.Told
	err := r.Scan(&d.ID, &d.CandidateID, &d.InterviewID, &d.RoleKey, &d.Stage, &d.Outcome, &d.Reason,
		toInstant(&d.HoldUntil), &d.By, toInstant(&d.At), &d.Replaced, &d.Dissent,
		&told.ID, &told.Outcome, toInstant(&told.At), &told.Mailed)
	if told.ID != "" {
		d.Corrects = &told
	}
	return &d, err
}

// carrier is the interview, being booked, whose invitation says a notice. One
// that was booked is still its carrier until the notice counts as told, which
// follows in a moment.
const carrier = `coalesce((SELECT i.id FROM interviews i WHERE i.candidate = notices.candidate AND i.carries = notices.id
	AND (i.state = 'booking' OR i.etag <> '' AND notices.state = 'draft') LIMIT 1), '')`

const selectNotice = `SELECT ` + noticeColumns + `, ` + carrier + ` FROM notices`

const noticeColumns = `id, decision, candidate, role, state, subject, body, attempt, approved_by, approved_at, told_by, told_at, problem, times`

func scanNotice(r row) (*hiring.Notice, error) {
	var n hiring.Notice
	var times string
	err := r.Scan(&n.ID, &n.DecisionID, &n.CandidateID, &n.RoleKey, &n.State, &n.Subject, &n.Body, &n.Attempt,
		&n.ApprovedBy, toInstant(&n.ApprovedAt), &n.ToldBy, toInstant(&n.ToldAt), &n.Problem, &times, &n.Carrier)
	if n.Worded = times != ""; n.Worded && err == nil {
		err = json.Unmarshal([]byte(times), &n.Times)
	}
	return &n, err
}

// ChangeCase loads a case and commits what change returns. A new decision
// replaces the one that stood, whose notice is dropped unless it was told; one
// that corrects what was told opens the case again, and what the promise counts
// by is kept. An error of change leaves everything as it was and is returned as
// it is.
func (db *DB) ChangeCase(ctx context.Context, interview string, change func(*hiring.Case) (decision.Change, error)) error {
	return db.write(ctx, func(c *conn) error {
		k, err := db.oneCase(c, interview)
		if err != nil {
			return err
		}
		ch, err := change(k)
		if err != nil {
			return err
		}
		if ch.Decision != nil {
			if err := openAgain(c, interview, ch.Decision); err != nil {
				return err
			}
			dropped, err := decide(c, interview, ch.Decision)
			if err != nil {
				return err
			}
			ch.Batch.Touch = append(slices.Clone(ch.Batch.Touch), dropped...)
		}
		if ch.Restore != nil {
			dropped, err := restore(c, interview, ch.Restore)
			if err != nil {
				return err
			}
			ch.Batch.Touch = append(slices.Clone(ch.Batch.Touch), dropped...)
		}
		if ch.Notice != nil {
			if err := saveNotice(c, ch.Notice); err != nil {
				return err
			}
		}
		if ch.Candidate != nil {
			if err := updateCandidate(c, ch.Candidate); err != nil {
				return err
			}
			if ch.Candidate.State != hiring.Active {
				if err := db.endTimes(c, ch.Candidate.ID, "", ""); err != nil {
					return err
				}
			}
		}
		if !ch.Deadline.IsZero() && ch.Notice != nil {
			// A hold that came too late doesn't mend what it was too late for.
			err := c.do("UPDATE interviews SET promised_at = deadline_at WHERE id = ? AND promised_at IS NULL AND deadline_at < ?",
				interview, instant(ch.Notice.ToldAt))
			if err != nil {
				return err
			}
		}
		err = c.do("UPDATE interviews SET deadline_at = coalesce(?, deadline_at), told_at = coalesce(?, told_at) WHERE id = ?",
			instant(ch.Deadline), instant(ch.ToldAt), interview)
		if err != nil {
			return err
		}
		return db.apply(c, ch.Batch)
	})
}

// openAgain opens the case of somebody who was told what the decision corrects.
// Their promise counts by the first telling.
func openAgain(c *conn, interview string, d *hiring.Decision) error {
	if d.Corrects == nil {
		return nil
	}
	return c.do(`UPDATE interviews SET promised_at = coalesce(promised_at, deadline_at), first_told_at = coalesce(first_told_at, told_at), told_at = NULL
		WHERE id = ? AND told_at IS NOT NULL`, interview)
}

// decide inserts a decision and returns the notices that it made pointless.
func decide(c *conn, interview string, d *hiring.Decision) (dropped []string, err error) {
	if dropped, err = replace(c, interview); err != nil {
		return nil, err
	}
	corrects := ""
	if d.Corrects != nil {
		corrects = d.Corrects.ID
	}
	return dropped, c.do("INSERT INTO decisions ("+decisionColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)",
		d.ID, d.CandidateID, d.InterviewID, d.RoleKey, d.Stage, string(d.Outcome), d.Reason, instant(d.HoldUntil), d.By, instant(d.At), d.Dissent, corrects)
}

// restore lets a decision stand again that the candidate was told, as if nobody
// had begun to correct it; the correction is kept. It returns the notices that
// this made pointless.
func restore(c *conn, interview string, told *hiring.Told) (dropped []string, err error) {
	if dropped, err = replace(c, interview); err != nil {
		return nil, err
	}
	if err := c.do("UPDATE decisions SET replaced = 0 WHERE interview = ? AND id = ?", interview, told.ID); err != nil {
		return nil, err
	}
	return dropped, c.do("UPDATE interviews SET told_at = ? WHERE id = ?", instant(told.At), interview)
}

// replace marks the decision that stands as replaced and returns its notice if
// that was dropped.
func replace(c *conn, interview string) (dropped []string, err error) {
	dropped, err = all(c, scanString, `UPDATE notices SET state = 'dropped' WHERE state NOT IN ('told', 'dropped')
		AND decision IN (SELECT id FROM decisions WHERE interview = ? AND replaced = 0) RETURNING id`, interview)
	if err != nil {
		return nil, err
	}
	return dropped, c.do("UPDATE decisions SET replaced = 1 WHERE interview = ? AND replaced = 0", interview)
}

// DecisionsOf returns an interview's decisions, replaced ones too, first to last.
func (db *DB) DecisionsOf(ctx context.Context, interview string) ([]*hiring.Decision, error) {
	return readAll(ctx, db, scanDecision, selectDecision+" WHERE interview = ? ORDER BY decided_at, replaced DESC, id", interview)
}

func saveNotice(c *conn, n *hiring.Notice) error {
	times := ""
	if n.Worded {
		times = toJSON(append([]hiring.Meeting{}, n.Times...))
	}
	return c.do(`INSERT INTO notices (`+noticeColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, subject = excluded.subject, body = excluded.body, attempt = excluded.attempt,
			approved_by = excluded.approved_by, approved_at = excluded.approved_at, told_by = excluded.told_by, told_at = excluded.told_at,
			problem = excluded.problem, times = excluded.times`,
		n.ID, n.DecisionID, n.CandidateID, n.RoleKey, string(n.State), n.Subject, n.Body, n.Attempt,
		n.ApprovedBy, instant(n.ApprovedAt), n.ToldBy, instant(n.ToldAt), n.Problem, times)
}

// Notice returns a notice, or ErrNotFound.
func (db *DB) Notice(ctx context.Context, id string) (*hiring.Notice, error) {
	return readOne(ctx, db, scanNotice, selectNotice+" WHERE id = ?", id)
}

// OpenDeadlines returns the deadlines after a time of the role's booked
// interviews whose candidate, still in the process, hasn't been told: each
// once, first to last.
func (db *DB) OpenDeadlines(ctx context.Context, role string, after time.Time) ([]time.Time, error) {
	return readAll(ctx, db, func(r row) (t time.Time, err error) {
		err = r.Scan(toInstant(&t))
		return t, err
	}, `SELECT DISTINCT deadline_at FROM interviews WHERE role = ? AND state = 'booked' AND told_at IS NULL AND deadline_at > ?`+
		stillInProcess+` ORDER BY deadline_at`, role, after.UnixMilli())
}
