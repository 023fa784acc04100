package sqlite

import (
	"context"

	"convene/internal/hiring"
)

// saveMoves keeps moves of interviews; one that is undone takes an earlier one
// back.
func saveMoves(c *conn, moves []hiring.Move) error {
	for _, m := range moves {
		var err error
		if m.Undone {
			err = c.do("UPDATE interview_moves SET undone = 1 WHERE interview = ? AND revision = ?", m.Interview, m.Revision)
		} else {
			err = c.do(`INSERT INTO interview_moves (interview, revision, from_at, to_at, moved_by, cause, words, moved_at, undone)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`, m.Interview, m.Revision, m.From.UnixMilli(), m.To.UnixMilli(), m.By, string(m.Cause), m.Words, m.At.UnixMilli())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

const selectMoves = "SELECT interview, revision, from_at, to_at, moved_by, cause, words, moved_at, undone FROM interview_moves"

func scanMove(r row) (m hiring.Move, err error) {
	err = r.Scan(&m.Interview, &m.Revision, toInstant(&m.From), toInstant(&m.To), &m.By, &m.Cause, &m.Words, toInstant(&m.At), &m.Undone)
	return m, err
}

// Moves returns an interview's moves, first to last, also those that couldn't
// be made.
func (db *DB) Moves(ctx context.Context, interview string) ([]hiring.Move, error) {
	return readAll(ctx, db, scanMove, selectMoves+" WHERE interview = ? ORDER BY revision", interview)
}
