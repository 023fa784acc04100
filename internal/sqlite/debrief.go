package sqlite

import (
	"context"
	"errors"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

const selectDebrief = `SELECT interview, state, start_at, end_at, revision, generation, event_id, people, points, offers, closest_at,
	unreadable, problem, offered_to, changed_by, posts, posted, offered_at FROM debriefs`

func scanDebrief(r row) (*hiring.Debrief, error) {
	var d hiring.Debrief
	err := r.Scan(&d.Interview, &d.State, toInstant(&d.Start), toInstant(&d.End), &d.Revision, &d.Generation, &d.EventID,
		fromJSON(&d.People), fromJSON(&d.Points), fromJSON(&d.Offers), toInstant(&d.Closest), fromJSON(&d.Unreadable), &d.Problem,
		&d.OfferedTo, &d.ChangedBy, &d.Posts, &d.Posted, toInstant(&d.OfferedAt))
	return &d, err
}

// Debrief returns an interview's debrief, or ErrNotFound.
func (db *DB) Debrief(ctx context.Context, interview string) (*hiring.Debrief, error) {
	return readOne(ctx, db, scanDebrief, selectDebrief+" WHERE interview = ?", interview)
}

// DebriefByEvent returns the debrief whose Google event has that id, or
// ErrNotFound.
func (db *DB) DebriefByEvent(ctx context.Context, eventID string) (*hiring.Debrief, error) {
	return readOne(ctx, db, scanDebrief, selectDebrief+" WHERE event_id = ? AND event_id <> ''", eventID)
}

// ComingDebriefs returns the booked debriefs that end after a time.
func (db *DB) ComingDebriefs(ctx context.Context, after time.Time) ([]*hiring.Debrief, error) {
	return readAll(ctx, db, scanDebrief, selectDebrief+" WHERE state = 'booked' AND end_at > ? ORDER BY start_at, interview", after.UnixMilli())
}

// DebriefTimes returns, by person, the time of their live debriefs that touch
// the span, except that of the interview with the given id.
func (db *DB) DebriefTimes(ctx context.Context, people []string, from, to time.Time, except string) (map[string][]hiring.Interval, error) {
	busy := map[string][]hiring.Interval{}
	_, err := readAll(ctx, db, func(r row) (struct{}, error) {
		var person string
		var i hiring.Interval
		err := r.Scan(&person, toInstant(&i.Start), toInstant(&i.End))
		busy[person] = append(busy[person], i)
		return struct{}{}, err
	}, `SELECT p.value, d.start_at, d.end_at FROM debriefs d, json_each(d.people) p
		WHERE d.state IN ('booking', 'booked') AND d.start_at < ? AND d.end_at > ? AND d.interview <> ?
		AND p.value IN (SELECT value FROM json_each(?)) ORDER BY d.start_at`, to.UnixMilli(), from.UnixMilli(), except, toJSON(people))
	return busy, err
}

// ChangeDebrief changes an interview's debrief in one transaction with what
// change returns; where there is none, it gets an empty one, which is kept if it
// has a state by then. An error of change leaves everything as it was.
// ErrNotFound: there is no such interview, or its candidate was erased.
func (db *DB) ChangeDebrief(ctx context.Context, interview string, change func(*hiring.Case, *hiring.Debrief) (outbox.Batch, error)) error {
	return db.write(ctx, func(c *conn) error {
		k, err := db.oneCase(c, interview)
		if err != nil {
			return err
		}
		d, err := one(c, scanDebrief, selectDebrief+" WHERE interview = ?", interview)
		if errors.Is(err, hiring.ErrNotFound) {
			d, err = &hiring.Debrief{Interview: interview}, nil
		}
		if err != nil {
			return err
		}
		b, err := change(k, d)
		if err != nil {
			return err
		}
		if d.State != "" {
			err := c.do(`INSERT OR REPLACE INTO debriefs (interview, state, start_at, end_at, revision, generation, event_id, people, points, offers,
					closest_at, unreadable, problem, offered_to, changed_by, posts, posted, offered_at)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				d.Interview, string(d.State), instant(d.Start), instant(d.End), d.Revision, d.Generation, d.EventID, toJSON(d.People), toJSON(d.Points),
				toJSON(d.Offers), instant(d.Closest), toJSON(d.Unreadable), d.Problem, d.OfferedTo, d.ChangedBy, d.Posts, d.Posted, instant(d.OfferedAt))
			if err != nil {
				return err
			}
		}
		return db.apply(c, b)
	})
}
