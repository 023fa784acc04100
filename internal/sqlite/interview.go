package sqlite

import (
	"context"
	"errors"
	"slices"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

const interviewColumns = `id, candidate, role, role_revision, stage, state, start_at, end_at, revision, generation,
	event_id, etag, event_start_at, event_end_at, link, deadline_at, candidate_rsvp, booked_by, booked_at, reason, problem, told_at, promised_at, first_told_at, carries, cause, cancel_cause, candidate_comment`

// A storedInterview is an interview's row; its panel is read apart.
type storedInterview struct {
	*hiring.Interview
	toldAt, promisedAt, firstToldAt time.Time
}

func scanInterview(r row) (storedInterview, error) {
	s := storedInterview{Interview: &hiring.Interview{}}
	iv := s.Interview
	err := r.Scan(&iv.ID, &iv.CandidateID, &iv.RoleKey, &iv.RoleRevision, &iv.Stage, &iv.State, toInstant(&iv.Start), toInstant(&iv.End),
		&iv.Revision, &iv.Generation, &iv.EventID, &iv.Etag, toInstant(&iv.EventStart), toInstant(&iv.EventEnd), &iv.Link,
		toInstant(&iv.Deadline), &iv.CandidateRSVP, &iv.BookedBy, toInstant(&iv.BookedAt), &iv.Reason, &iv.Problem, toInstant(&s.toldAt),
		toInstant(&s.promisedAt), toInstant(&s.firstToldAt), &iv.Carries, &iv.Cause, &iv.CancelCause, &iv.CandidateComment)
	return s, err
}

// interviews returns the interviews that the query selects, with their panels.
func interviews(c *conn, query string, args ...any) ([]storedInterview, error) {
	list, err := all(c, scanInterview, query, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]string, len(list))
	byID := make(map[string]*hiring.Interview, len(list))
	for i, iv := range list {
		ids[i], byID[iv.ID] = iv.ID, iv.Interview
	}
	_, err = all(c, func(r row) (struct{}, error) {
		var id string
		var p hiring.Panelist
		e := &p.Excused
		if err := r.Scan(&id, &p.Person, &p.Part, &p.RSVP, &p.Wrote, &e.Kind, &e.Reason, &e.StandIn, toInstant(&e.At)); err != nil {
			return struct{}{}, err
		}
		byID[id].Panel = append(byID[id].Panel, p)
		return struct{}{}, nil
	}, `SELECT interview, person, part, rsvp, comment, excused, excuse, stand_in, excused_at FROM panelists
		WHERE interview IN (SELECT value FROM json_each(?)) ORDER BY interview, position`, toJSON(ids))
	return list, err
}

func interview(c *conn, query string, args ...any) (*hiring.Interview, error) {
	list, err := interviews(c, query, args...)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, hiring.ErrNotFound
	}
	return list[0].Interview, nil
}

const selectInterview = "SELECT " + interviewColumns + " FROM interviews"

func (db *DB) readInterviews(ctx context.Context, query string, args ...any) (list []*hiring.Interview, err error) {
	err = db.read(ctx, func(c *conn) error {
		stored, err := interviews(c, query, args...)
		for _, iv := range stored {
			list = append(list, iv.Interview)
		}
		return err
	})
	return list, err
}

func (db *DB) readInterview(ctx context.Context, query string, args ...any) (iv *hiring.Interview, err error) {
	err = db.read(ctx, func(c *conn) error {
		iv, err = interview(c, query, args...)
		return err
	})
	return iv, err
}

// Interview returns an interview, or ErrNotFound.
func (db *DB) Interview(ctx context.Context, id string) (*hiring.Interview, error) {
	return db.readInterview(ctx, selectInterview+" WHERE id = ?", id)
}

// InterviewByEvent returns the interview whose Google event has that id, or
// ErrNotFound.
func (db *DB) InterviewByEvent(ctx context.Context, eventID string) (*hiring.Interview, error) {
	return db.readInterview(ctx, selectInterview+" WHERE event_id = ? AND event_id <> ''", eventID)
}

// LiveInterviews returns the candidate's booking and booked interviews, first
// to last; held ones are among them.
func (db *DB) LiveInterviews(ctx context.Context, candidate string) ([]*hiring.Interview, error) {
	return db.readInterviews(ctx, selectInterview+" WHERE candidate = ? AND state IN ('booking', 'booked') ORDER BY start_at, id", candidate)
}

// Coming returns the booked interviews that end after a time, first to last.
func (db *DB) Coming(ctx context.Context, after time.Time) ([]*hiring.Interview, error) {
	return db.readInterviews(ctx, selectInterview+" WHERE state = 'booked' AND end_at > ? ORDER BY start_at, id", after.UnixMilli())
}

// Vacant returns the booked interviews that end after a time and have a
// panelist whose Slack account is deactivated, first to last.
func (db *DB) Vacant(ctx context.Context, after time.Time) ([]*hiring.Interview, error) {
	return db.readInterviews(ctx, selectInterview+` WHERE state = 'booked' AND end_at > ?
		AND id IN (SELECT p.interview FROM panelists p JOIN people ON people.id = p.person WHERE people.is_deleted = 1)
		ORDER BY start_at, id`, after.UnixMilli())
}

// Declined returns the booked interviews that start after a time and whose
// candidate was told that they are declined, first to last.
func (db *DB) Declined(ctx context.Context, after time.Time) ([]*hiring.Interview, error) {
	return db.readInterviews(ctx, selectInterview+` WHERE state = 'booked' AND end_at > ?1 AND start_at > ?1
		AND EXISTS (SELECT 1 FROM candidates c WHERE c.id = interviews.candidate AND c.state = 'declined' AND c.erased_at IS NULL)
		AND EXISTS (SELECT 1 FROM decisions d JOIN interviews i ON i.id = d.interview
			WHERE d.candidate = interviews.candidate AND d.replaced = 0 AND d.outcome = 'decline' AND i.told_at IS NOT NULL)
		ORDER BY start_at, id`, after.UnixMilli())
}

// LastChange returns the newest entry of the audit trail about an interview,
// and its time, or ErrNotFound.
func (db *DB) LastChange(ctx context.Context, id string) (hiring.Entry, time.Time, error) {
	a, err := readOne(ctx, db, scanAudit, "SELECT "+auditColumns+" FROM audit WHERE subject = ? AND action LIKE 'interview.%' ORDER BY id DESC LIMIT 1", id)
	return a.e, time.UnixMilli(a.at).UTC(), err
}

// Bookings returns, by person, the time of their live interviews that touch the
// span, and the time that is held for one, first to last, except of the
// interview with the given id. Every part counts: a shadow sits there as well.
func (db *DB) Bookings(ctx context.Context, people []string, from, to time.Time, except string) (map[string][]hiring.Interval, error) {
	booked := map[string][]hiring.Interval{}
	_, err := readAll(ctx, db, func(r row) (struct{}, error) {
		var person string
		var i hiring.Interval
		if err := r.Scan(&person, toInstant(&i.Start), toInstant(&i.End)); err != nil {
			return struct{}{}, err
		}
		booked[person] = append(booked[person], i)
		return struct{}{}, nil
	}, `SELECT person, start_at, end_at FROM (SELECT p.person, i.start_at, i.end_at, i.id FROM panelists p JOIN interviews i ON i.id = p.interview
			WHERE p.person IN (SELECT value FROM json_each(?1)) AND i.state IN ('booking', 'booked')
			AND i.start_at < ?2 AND i.end_at > ?3 AND i.id <> ?4
		UNION ALL `+heldThen+` AND h.start_at < ?2 AND h.end_at > ?3 AND p.value ->> 'Person' IN (SELECT value FROM json_each(?1)))
		ORDER BY start_at, id`,
		toJSON(people), to.UnixMilli(), from.UnixMilli(), except)
	return booked, err
}

// ChangeInterview changes an interview in one transaction with what change
// returns. An error of change leaves everything as it was and is returned as it
// is. ErrConflict: the candidate has another live interview of that stage.
// ErrNotFound: there is no such interview, or its candidate was erased.
func (db *DB) ChangeInterview(ctx context.Context, id string, change func(*hiring.Interview) (outbox.Batch, error)) error {
	return db.write(ctx, func(c *conn) error {
		iv, err := interview(c, selectInterview+" WHERE id = ?", id)
		if err != nil {
			return err
		}
		if err := notErasedYet(c, iv.CandidateID); err != nil {
			return err
		}
		before := slices.Clone(iv.Panel)
		b, err := change(iv)
		if err != nil {
			return err
		}
		if err := updateInterview(c, iv); err != nil {
			return err
		}
		if err := saveOverride(c, iv); err != nil {
			return err
		}
		if !slices.Equal(before, iv.Panel) {
			if err := savePanel(c, iv); err != nil {
				return err
			}
		}
		return db.apply(c, b)
	})
}

func addInterview(c *conn, iv *hiring.Interview) error {
	err := c.do(`INSERT INTO interviews (`+interviewColumns+`)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, ?, ?, ?, ?)`,
		iv.ID, iv.CandidateID, iv.RoleKey, iv.RoleRevision, iv.Stage, string(iv.State), instant(iv.Start), instant(iv.End), iv.Revision, iv.Generation,
		iv.EventID, iv.Etag, instant(iv.EventStart), instant(iv.EventEnd), iv.Link, instant(iv.Deadline), iv.CandidateRSVP,
		iv.BookedBy, instant(iv.BookedAt), iv.Reason, iv.Problem, iv.Carries, string(iv.Cause), string(iv.CancelCause), iv.CandidateComment)
	if err != nil {
		return err
	}
	if err := saveOverride(c, iv); err != nil {
		return err
	}
	return savePanel(c, iv)
}

func updateInterview(c *conn, iv *hiring.Interview) error {
	err := c.do(`UPDATE interviews SET state = ?, start_at = ?, end_at = ?, revision = ?, generation = ?,
		event_id = ?, etag = ?, event_start_at = ?, event_end_at = ?, link = ?, deadline_at = ?, candidate_rsvp = ?,
		booked_by = ?, booked_at = ?, reason = ?, problem = ?, carries = ?, cause = ?, cancel_cause = ?, candidate_comment = ? WHERE id = ?`,
		string(iv.State), instant(iv.Start), instant(iv.End), iv.Revision, iv.Generation,
		iv.EventID, iv.Etag, instant(iv.EventStart), instant(iv.EventEnd), iv.Link, instant(iv.Deadline), iv.CandidateRSVP,
		iv.BookedBy, instant(iv.BookedAt), iv.Reason, iv.Problem, iv.Carries, string(iv.Cause), string(iv.CancelCause), iv.CandidateComment, iv.ID)
	if isDuplicate(err) {
		return errors.Join(hiring.ErrConflict, err)
	}
	return err
}

func savePanel(c *conn, iv *hiring.Interview) error {
	if err := c.do("DELETE FROM panelists WHERE interview = ?", iv.ID); err != nil {
		return err
	}
	for i, p := range iv.Panel {
		err := c.do(`INSERT INTO panelists (interview, person, part, rsvp, comment, position, excused, excuse, stand_in, excused_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			iv.ID, p.Person, string(p.Part), p.RSVP, p.Wrote, i, string(p.Excused.Kind), p.Excused.Reason, p.Excused.StandIn, instant(p.Excused.At))
		if err != nil {
			return err
		}
	}
	return nil
}
