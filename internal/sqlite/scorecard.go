package sqlite

import (
	"context"
	"errors"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

const scorecardColumns = `interview, panelist, role_revision, answers, version, saved_at, typed_at, submitted_at, reason, after_reveal`

func scanScorecard(r row) (*hiring.Scorecard, error) {
	var s hiring.Scorecard
	err := r.Scan(&s.InterviewID, &s.Panelist, &s.RoleRevision, fromJSON(&s.Answers), &s.Version,
		toInstant(&s.SavedAt), toInstant(&s.TypedAt), toInstant(&s.SubmittedAt), &s.Reason, &s.AfterReveal)
	s.ID = s.InterviewID + ":" + s.Panelist
	return &s, err
}

// ChangeScorecard changes a panelist's scorecard, making an empty one where
// there is none, in one transaction with what change returns. A raised Version
// keeps the answers as that version for ever. An error of change leaves
// everything as it was and is returned as it is.
func (db *DB) ChangeScorecard(ctx context.Context, interview, person string, change func(*hiring.Case, *hiring.Scorecard) (outbox.Batch, error)) error {
	return db.write(ctx, func(c *conn) error {
		k, err := db.oneCase(c, interview)
		if err != nil {
			return err
		}
		card := k.Card(person)
		if card == nil {
			card = newScorecard(k.Interview, person)
		}
		version := card.Version
		b, err := change(k, card)
		if err != nil {
			return err
		}
		if err := saveScorecard(c, card, card.Version > version); err != nil {
			return err
		}
		return db.apply(c, b)
	})
}

// ChangeDraft is ChangeScorecard for what is typed, which comes with every few
// keystrokes: it reads the interview and this one scorecard, and nothing of the
// case around them. Nothing follows from a draft.
func (db *DB) ChangeDraft(ctx context.Context, id, person string, change func(*hiring.Interview, *hiring.Scorecard) error) error {
	return db.write(ctx, func(c *conn) error {
		iv, err := interview(c, selectInterview+" WHERE id = ?", id)
		if err != nil {
			return err
		}
		if err := notErasedYet(c, iv.CandidateID); err != nil {
			return err
		}
		card, err := one(c, scanScorecard, "SELECT "+scorecardColumns+" FROM scorecards WHERE interview = ? AND panelist = ?", id, person)
		if errors.Is(err, hiring.ErrNotFound) {
			card, err = newScorecard(iv, person), nil
		}
		if err != nil {
			return err
		}
		if err := change(iv, card); err != nil {
			return err
		}
		return saveScorecard(c, card, false)
	})
}

// newScorecard is one in which nothing is filled in yet.
func newScorecard(iv *hiring.Interview, person string) *hiring.Scorecard {
	return &hiring.Scorecard{ID: iv.ID + ":" + person, InterviewID: iv.ID, Panelist: person, RoleRevision: iv.RoleRevision}
}

func saveScorecard(c *conn, s *hiring.Scorecard, keepVersion bool) error {
	answers := toJSON(s.Answers)
	err := c.do(`INSERT INTO scorecards (`+scorecardColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (interview, panelist) DO UPDATE SET answers = excluded.answers, version = excluded.version,
			saved_at = excluded.saved_at, typed_at = excluded.typed_at, submitted_at = excluded.submitted_at, reason = excluded.reason, after_reveal = excluded.after_reveal`,
		s.InterviewID, s.Panelist, s.RoleRevision, answers, s.Version, instant(s.SavedAt), instant(s.TypedAt), instant(s.SubmittedAt), s.Reason, s.AfterReveal)
	if err != nil || !keepVersion {
		return err
	}
	return c.do("INSERT INTO scorecard_versions (interview, panelist, version, answers, submitted_at, reason, after_reveal) VALUES (?, ?, ?, ?, ?, ?, ?)",
		s.InterviewID, s.Panelist, s.Version, answers, instant(s.SubmittedAt), s.Reason, s.AfterReveal)
}

// ScorecardVersions returns the submitted versions of a panelist's scorecard,
// first to last.
func (db *DB) ScorecardVersions(ctx context.Context, interview, person string) ([]*hiring.Scorecard, error) {
	return readAll(ctx, db, scanScorecard, `SELECT v.interview, v.panelist, s.role_revision, v.answers, v.version, v.submitted_at, NULL, v.submitted_at, v.reason, v.after_reveal
		FROM scorecard_versions v JOIN scorecards s ON s.interview = v.interview AND s.panelist = v.panelist
		WHERE v.interview = ? AND v.panelist = ? ORDER BY v.version`, interview, person)
}

// Reveal records that a coordinator opened the interview's scorecards. Who
// comes second gets a *hiring.AlreadyDone that names the first.
func (db *DB) Reveal(ctx context.Context, interview, by string, at time.Time, b outbox.Batch) error {
	return db.write(ctx, func(c *conn) error {
		n, err := c.exec("INSERT INTO reveals (interview, revealed_by, revealed_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", interview, by, instant(at))
		if err != nil {
			return err
		}
		if n == 0 {
			done, err := one(c, func(r row) (*hiring.AlreadyDone, error) {
				d := &hiring.AlreadyDone{What: "opened"}
				return d, r.Scan(&d.By, toInstant(&d.At))
			}, "SELECT revealed_by, revealed_at FROM reveals WHERE interview = ?", interview)
			if err != nil {
				return err
			}
			return done
		}
		return db.apply(c, b)
	})
}
