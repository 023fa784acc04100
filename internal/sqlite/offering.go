package sqlite

import (
	"context"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
)

const offeringColumns = `id, candidate, role, stage, state, times, subject, body, attempt, offered_by, offered_at, sent_by, sent_at,
	confirmed, carries, remind_at, reminded_at, answer, answered_by, answered_at, interview, problem`

const selectOffering = "SELECT " + offeringColumns + " FROM offerings"

func scanOffering(r row) (*hiring.Offering, error) {
	var o hiring.Offering
	err := r.Scan(&o.ID, &o.CandidateID, &o.RoleKey, &o.Stage, &o.State, fromJSON(&o.Times), &o.Subject, &o.Body, &o.Attempt,
		&o.By, toInstant(&o.At), &o.SentBy, toInstant(&o.SentAt),
		fromJSON(&o.Confirmed), &o.Carries, toInstant(&o.RemindAt), toInstant(&o.RemindedAt),
		&o.Answer, &o.AnsweredBy, toInstant(&o.AnsweredAt), &o.InterviewID, &o.Problem)
	return &o, err
}

// Offering returns an offering, or ErrNotFound.
func (db *DB) Offering(ctx context.Context, id string) (*hiring.Offering, error) {
	return readOne(ctx, db, scanOffering, selectOffering+" WHERE id = ?", id)
}

// Offerings returns the candidate's offerings, ended ones too, newest first.
func (db *DB) Offerings(ctx context.Context, candidate string) ([]*hiring.Offering, error) {
	return readAll(ctx, db, scanOffering, selectOffering+" WHERE candidate = ? ORDER BY offered_at DESC, id", candidate)
}

// Unanswered returns the offerings that wait for an answer and whose reminder
// is due, oldest first.
func (db *DB) Unanswered(ctx context.Context, now time.Time) ([]*hiring.Offering, error) {
	return readAll(ctx, db, scanOffering, selectOffering+` WHERE state IN ('approved', 'sent', 'failed', 'unsure') AND reminded_at IS NULL AND remind_at <= ?
		ORDER BY remind_at, id`, now.UnixMilli())
}

// AddOffering marks the search used and inserts the offering, in place of one
// that the candidate still had for the stage. ErrConflict: the search was used
// before.
func (db *DB) AddOffering(ctx context.Context, search string, o *hiring.Offering, b outbox.Batch) error {
	return db.write(ctx, func(c *conn) error {
		if err := notErasedYet(c, o.CandidateID); err != nil {
			return err
		}
		if err := useSearch(c, search); err != nil {
			return err
		}
		if err := db.endOfferings(c, o.CandidateID, o.Stage, o.By); err != nil {
			return err
		}
		err := c.do(`INSERT INTO offerings (`+offeringColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			o.ID, o.CandidateID, o.RoleKey, o.Stage, string(o.State), toJSON(o.Times), o.Subject, o.Body, o.Attempt, o.By, instant(o.At), o.SentBy, instant(o.SentAt),
			toJSON(o.Confirmed), o.Carries, instant(o.RemindAt), instant(o.RemindedAt), o.Answer, o.AnsweredBy, instant(o.AnsweredAt), o.InterviewID, o.Problem)
		if err != nil {
			return err
		}
		return db.apply(c, b)
	})
}

// endOfferings ends the offering that waits for the candidate's interview of a
// stage, or of all stages where it is "".
func (db *DB) endOfferings(c *conn, candidate, stage, by string) error {
	ended, err := all(c, scanString, `UPDATE offerings SET state = 'over', answered_by = ?3, answered_at = ?4
		WHERE candidate = ?1 AND (?2 = '' OR stage = ?2) AND state IN ('approved', 'sent', 'failed', 'unsure') RETURNING id`, candidate, stage, by, db.now().UnixMilli())
	if err != nil {
		return err
	}
	var b outbox.Batch
	for _, id := range ended {
		b.Add(schedule.Over(id, actorOf(by)))
	}
	return db.apply(c, b)
}

func updateOffering(c *conn, o *hiring.Offering) error {
	return c.do(`UPDATE offerings SET state = ?, attempt = ?, sent_by = ?, sent_at = ?, carries = ?, reminded_at = ?,
		answer = ?, answered_by = ?, answered_at = ?, interview = ?, problem = ? WHERE id = ?`,
		string(o.State), o.Attempt, o.SentBy, instant(o.SentAt), o.Carries, instant(o.RemindedAt),
		o.Answer, o.AnsweredBy, instant(o.AnsweredAt), o.InterviewID, o.Problem, o.ID)
}

// ChangeOffering changes an offering in one transaction with what change
// returns. An error of change leaves everything as it was. ErrNotFound: its
// candidate was erased.
func (db *DB) ChangeOffering(ctx context.Context, id string, change func(*hiring.Offering) (outbox.Batch, error)) error {
	return db.write(ctx, func(c *conn) error {
		o, err := one(c, scanOffering, selectOffering+" WHERE id = ?", id)
		if err != nil {
			return err
		}
		if err := notErasedYet(c, o.CandidateID); err != nil {
			return err
		}
		b, err := change(o)
		if err != nil {
			return err
		}
		if err := updateOffering(c, o); err != nil {
			return err
		}
		return db.apply(c, b)
	})
}

// BookOffering books the interview that change returns for an offering: its
// errors are those of change and of BookSearch. change gets the interview that
// was booked by it before, if any.
func (db *DB) BookOffering(ctx context.Context, id string, change func(*hiring.Offering, *hiring.Interview) (*hiring.Interview, outbox.Batch, error)) error {
	return db.write(ctx, func(c *conn) error {
		o, err := one(c, scanOffering, selectOffering+" WHERE id = ?", id)
		if err != nil {
			return err
		}
		if err := notErasedYet(c, o.CandidateID); err != nil {
			return err
		}
		var before *hiring.Interview
		if o.InterviewID != "" {
			if before, err = interview(c, selectInterview+" WHERE id = ?", o.InterviewID); err != nil {
				return err
			}
		}
		iv, b, err := change(o, before)
		if err != nil {
			return err
		}
		if err := updateOffering(c, o); err != nil {
			return err
		}
		return db.book(c, iv, b)
	})
}
