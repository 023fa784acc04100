package sqlite

import (
	"context"
	"slices"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// ChangeInterviewCase changes a case's interview in one transaction with what
// change returns; the rest of the case is there to be looked at. An error of
// change leaves everything as it was and is returned as it is. ErrConflict: the
// candidate has another live interview of that stage. ErrNotFound: there is no
// such interview, or its candidate was erased.
func (db *DB) ChangeInterviewCase(ctx context.Context, interview string, change func(*hiring.Case) (outbox.Batch, error)) error {
	return db.write(ctx, func(c *conn) error {
		k, err := db.oneCase(c, interview)
		if err != nil {
			return err
		}
		before := slices.Clone(k.Interview.Panel)
		b, err := change(k)
		if err != nil {
			return err
		}
		if err := updateInterview(c, k.Interview); err != nil {
			return err
		}
		if !slices.Equal(before, k.Interview.Panel) {
			if err := savePanel(c, k.Interview); err != nil {
				return err
			}
		}
		return db.apply(c, b)
	})
}
