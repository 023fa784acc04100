package sqlite

import (
	"context"
	"errors"
	"time"

	"convene/internal/candidate"
	"convene/internal/hiring"
	"convene/internal/outbox"
)

// EraseCandidate removes what tells anything about the candidate, in one
// transaction with what plan returns. An error of plan leaves everything as it
// was and is returned as it is.
//
// What stays of each table, and why it may:
//
//	candidates    id, role, stage, state, who added it, when added, ended and erased: counts need them
//	interviews    times, deadline, told: promises are counted with them; event id and etag: the event is found by them
//	interview_m…  from when to when, who and at whose wish; the words go
//	overrides     whose meetings from when to when, who confirmed it and when
//	debriefs      who, when, event id: the event is found by it; what was contested goes
//	panelists     employees, Google's word of them, and that they were excused; the words of an excuse or an answer go
//	scorecards    who was asked and submitted when; answers and the reason of a reopening go, from scorecard_versions too
//	reveals       who and when
//	decisions     outcome, who and when, a hold's date; the reason and the dissent go
//	summary_…     nothing of what Monday's messages said
//	notices       state, who and when, which interviews were booked; subject, body and problem go
//	checks        stage, outcome, who and when; the note goes
//	searches      nothing
//	repairs       nothing
//	time_holds    times, who was to be there and who held it; why its event wasn't made goes
//	offerings     the times, state, who and when; the text and its trouble go
//	due           keys with ids of roles and people; those of the interviews go
//	outbox        keys with ids; what far ends said (problem) goes, since they may quote an address
//	messages      keys with ids, and where each stands, until it is removed; the hash goes
//	files         Slack's ids: by them the files are removed
//	audit, inbox, sync, secrets, people, setups, role_…, snoozes and person_settings never hold anything about a candidate but ids
func (db *DB) EraseCandidate(ctx context.Context, id string, at time.Time, plan func(*candidate.Holdings) (outbox.Batch, error)) error {
	return db.write(ctx, func(c *conn) error {
		h, err := holdings(c, id)
		if err != nil {
			return err
		}
		b, err := plan(h)
		if err != nil {
			return err
		}
		err = c.do(`UPDATE candidates SET name = '', email = '', email_folded = '', words = '', phone = '', zone = '', earliest = 0, latest = 0,
			links = '[]', answers = '{}', arrangements = '', end_reason = '', erased_at = ? WHERE id = ?`, at.UnixMilli(), id)
		if err != nil {
			return err
		}
		if err := db.endTimes(c, id, "", ""); err != nil {
			return err
		}
		// One that lies ahead is off; one that was held goes on being counted.
		err = c.do(`UPDATE interviews SET state = 'cancelled' WHERE candidate = ? AND (state IN ('booking', 'removed') OR state = 'booked' AND end_at > ?)`, id, at.UnixMilli())
		if err != nil {
			return err
		}
		for _, s := range erasing {
			if err := c.do(s, id); err != nil {
				return err
			}
		}
		if err := reviseMessages(c, h); err != nil {
			return err
		}
		return db.apply(c, b)
	})
}

// ofInterviews and ofNotices select what belongs to the candidate ?1.
const (
	ofInterviews = "(SELECT id FROM interviews WHERE candidate = ?1)"
	ofNotices    = "(SELECT id FROM notices WHERE candidate = ?1)"
	ofTimes      = "(SELECT id FROM time_holds WHERE candidate = ?1 UNION ALL SELECT id FROM offerings WHERE candidate = ?1)"
)

// erasing are the other statements of an erasure; ?1 is the candidate.
var erasing = [...]string{
	"UPDATE interviews SET link = '', candidate_rsvp = '', candidate_comment = '', reason = '', problem = '', carries = '' WHERE candidate = ?1",
	"DELETE FROM searches WHERE candidate = ?1",
	"DELETE FROM repairs WHERE candidate = ?1",
	// A version never changes; an empty one takes its place, and counts as before.
	`INSERT OR REPLACE INTO scorecard_versions (interview, panelist, version, answers, submitted_at, reason, after_reveal)
		SELECT interview, panelist, version, '{}', submitted_at, '', after_reveal FROM scorecard_versions WHERE interview IN ` + ofInterviews,
	"UPDATE interview_moves SET words = '' WHERE interview IN " + ofInterviews,
	"UPDATE debriefs SET state = 'cancelled', points = '[]', problem = '' WHERE interview IN " + ofInterviews,
	"UPDATE panelists SET excuse = '', comment = '' WHERE interview IN " + ofInterviews,
	"UPDATE scorecards SET answers = '{}', reason = '' WHERE interview IN " + ofInterviews,
	"DELETE FROM summary_entries WHERE candidate = ?1",
	"UPDATE decisions SET reason = '', dissent = '' WHERE candidate = ?1",
	"UPDATE notices SET state = 'dropped' WHERE candidate = ?1 AND state <> 'told'",
	"UPDATE notices SET subject = '', body = '', problem = '' WHERE candidate = ?1",
	"UPDATE checks SET note = '' WHERE candidate = ?1",
	"UPDATE time_holds SET reason = '', carries = '' WHERE candidate = ?1",
	"UPDATE offerings SET subject = '', body = '', problem = '', carries = '' WHERE candidate = ?1",
	// Mail can't be looked up, and what became of it matters to nobody any more.
	"UPDATE outbox SET state = 'dropped', retry_at = NULL WHERE kind IN ('mail', 'times') AND state <> 'done' AND (about IN " + ofNotices + " OR about IN " + ofTimes + ")",
	forgetProblems,
}

// forgetProblems removes what far ends said about the candidate ?1.
const forgetProblems = `UPDATE outbox SET problem = '' WHERE problem <> '' AND (about IN ` + ofInterviews + ` OR about IN ` + ofNotices + ` OR about IN ` + ofTimes + `)`

// holdings returns what is kept about a candidate.
func holdings(c *conn, id string) (*candidate.Holdings, error) {
	h := &candidate.Holdings{}
	var err error
	if h.Candidate, err = one(c, scanCandidate, "SELECT "+candidateColumns+" FROM candidates WHERE id = ?", id); err != nil {
		return nil, err
	}
	stored, err := interviews(c, selectInterview+" WHERE candidate = ? ORDER BY start_at, id", id)
	if err != nil {
		return nil, err
	}
	for _, iv := range stored {
		h.Interviews = append(h.Interviews, iv.Interview)
	}
	if h.Notices, err = all(c, scanNotice, selectNotice+" WHERE candidate = ? ORDER BY id", id); err != nil {
		return nil, err
	}
	if h.Files, err = all(c, scanString, "SELECT id FROM files WHERE candidate = ? ORDER BY id", id); err != nil {
		return nil, err
	}
	h.Messages, err = all(c, scanString, "SELECT key FROM messages WHERE "+aboutOne+" ORDER BY id", id)
	return h, err
}

// aboutOne selects the messages that are about the candidate ?1 alone. What a
// message is about begins with an id; more may follow after a bar.
const aboutOne = `kind <> 'home' AND iif(instr(about, '|'), substr(about, 1, instr(about, '|') - 1), about) IN (` + ofCandidate + `)`

// ofCandidate selects the ids of the candidate ?1 and all that belongs to them.
const ofCandidate = `SELECT ?1 UNION SELECT id FROM interviews WHERE candidate = ?1 UNION SELECT id FROM notices WHERE candidate = ?1
	UNION SELECT id FROM decisions WHERE candidate = ?1 UNION SELECT id FROM checks WHERE candidate = ?1
	UNION SELECT id FROM time_holds WHERE candidate = ?1 UNION SELECT id FROM offerings WHERE candidate = ?1`

// reviseMessages prepares the messages that name the candidate. An empty hash
// says that what stands there has to be replaced, also where a message of that
// age would be left alone as the record of its day.
func reviseMessages(c *conn, h *candidate.Holdings) error {
	id := h.Candidate.ID
	for _, s := range []string{
		// What couldn't be edited any more has to go all the same.
		"UPDATE messages SET gone = 0 WHERE gone = 1 AND unwanted = 0 AND ts <> '' AND " + aboutOne,
		"UPDATE messages SET hash = '' WHERE " + aboutOne,
		`UPDATE messages SET hash = '', want = want + 1 WHERE gone = 0 AND id IN
			(SELECT message FROM message_subjects WHERE subject IN (` + ofCandidate + `))`,
	} {
		if err := c.do(s, id); err != nil {
			return err
		}
	}
	// Posts under way may have been rendered before, and their subjects aren't known yet.
	err := c.do(`UPDATE messages SET want = want + 1 WHERE gone = 0 AND key IN
		(SELECT about FROM outbox WHERE kind = 'message' AND state IN ('sending', 'unknown'))`)
	if err != nil || len(h.Interviews) == 0 {
		return err
	}
	// The role's Monday messages since the first interview: older ones have
	// forgotten whom they show.
	const mondays = `kind IN ('preview', 'summary') AND role = ? AND ts <> '' AND posted_at >= ?`
	role, since := h.Candidate.RoleKey, h.Interviews[0].Start.UnixMilli()
	if err := c.do("UPDATE messages SET hash = '', want = want + 1 WHERE gone = 0 AND "+mondays, role, since); err != nil {
		return err
	}
	return c.do("UPDATE messages SET gone = 0, unwanted = 1 WHERE gone = 1 AND unwanted = 0 AND "+mondays, role, since)
}

// notErasedYet returns ErrNotFound when the candidate was erased: nothing may
// be kept about them any more.
func notErasedYet(c *conn, id string) error {
	_, err := one(c, scanString, "SELECT id FROM candidates WHERE id = ? AND erased_at IS NULL", id)
	return err
}

// Erasure returns when the candidate's data was erased and by whom; zero: it
// wasn't.
func (db *DB) Erasure(ctx context.Context, id string) (by string, at time.Time, err error) {
	err = db.read(ctx, func(c *conn) error {
		cand, err := one(c, scanCandidate, "SELECT "+candidateColumns+" FROM candidates WHERE id = ?", id)
		if err != nil || !cand.Erased() {
			return err
		}
		at = cand.ErasedAt
		by, err = one(c, scanString, "SELECT actor FROM audit WHERE subject = ? AND action = 'candidate.erased' ORDER BY id DESC LIMIT 1", id)
		if errors.Is(err, hiring.ErrNotFound) {
			return nil
		}
		return err
	})
	return by, at, err
}

// AddFile records a file that is about to be sent. ErrNotFound: the candidate
// was erased.
func (db *DB) AddFile(ctx context.Context, file, candidate, person string) error {
	return db.write(ctx, func(c *conn) error {
		if err := notErasedYet(c, candidate); err != nil {
			return err
		}
		return c.do("INSERT INTO files (id, candidate, person, sent_at) VALUES (?, ?, ?, NULL)", file, candidate, person)
	})
}

// FileSent records that the file was sent. When its candidate was erased
// meanwhile, it is owed that the file goes again, and erased is true: an earlier
// attempt may have come before the file was there.
func (db *DB) FileSent(ctx context.Context, file string, at time.Time) (erased bool, err error) {
	err = db.write(ctx, func(c *conn) error {
		candidate, err := one(c, scanString, "UPDATE files SET sent_at = ? WHERE id = ? RETURNING candidate", instant(at), file)
		if err != nil {
			return err
		}
		err = notErasedYet(c, candidate)
		if !errors.Is(err, hiring.ErrNotFound) {
			return err
		}
		erased = true
		again := outbox.DeleteFileEffect(file)
		again.Key += ":2"
		return db.apply(c, outbox.Batch{Effects: []outbox.Effect{again}})
	})
	return erased, err
}

// ErasureLeft is what of an erasure isn't carried out yet.
type ErasureLeft struct {
	Events, Messages, Files, Other int
	Problems                       []string // of what was refused for good
}

// None reports whether everything is done.
func (l ErasureLeft) None() bool { return l.Events+l.Messages+l.Files+l.Other == 0 }

// effectsOf selects the effects that concern the candidate ?1.
const effectsOf = `(about IN ` + ofInterviews + ` OR about IN ` + ofNotices + ` OR about IN ` + ofTimes + ` OR about IN (SELECT id FROM files WHERE candidate = ?1)
	OR about = ?1 OR about IN (SELECT key FROM messages WHERE ` + aboutOne + `))`

// ErasureLeft returns what of the candidate's erasure isn't carried out yet.
func (db *DB) ErasureLeft(ctx context.Context, id string) (ErasureLeft, error) {
	var left ErasureLeft
	err := db.read(ctx, func(c *conn) error {
		effects, err := all(c, scanEffect, "SELECT "+effectColumns+" FROM outbox WHERE state NOT IN ('done', 'dropped') AND "+effectsOf+" ORDER BY id", id)
		if err != nil {
			return err
		}
		for _, e := range effects {
			erases := e.Kind == outbox.CalendarErase || e.Kind == outbox.CalendarRelease || e.Kind == outbox.DeleteFile || e.Kind == outbox.Scrub
			given := e.State == outbox.Failed || e.State == outbox.Person
			switch {
			case given && !erases:
				continue // it failed before; nothing came of it
			case e.Kind == outbox.CalendarErase || e.Kind == outbox.CalendarRelease:
				left.Events++
			case e.Kind == outbox.DeleteFile:
				left.Files++
			case e.Kind == outbox.Post:
				left.Messages++
			default:
				left.Other++
			}
			if given {
				left.Problems = append(left.Problems, e.Key+": "+e.Problem)
			}
		}
		n, err := one(c, func(r row) (n int, err error) { return n, r.Scan(&n) },
			"SELECT count(*) FROM messages m WHERE "+stale+" AND (m.hash = '' OR m.unwanted = 1)")
		left.Messages += n
		return err
	})
	return left, err
}

// EffectsOf returns the keys of the unfinished effects that concern the
// candidate.
func (db *DB) EffectsOf(ctx context.Context, id string) (map[string]bool, error) {
	keys, err := readAll(ctx, db, scanString, "SELECT key FROM outbox WHERE "+open+" AND "+effectsOf, id)
	out := map[string]bool{}
	for _, k := range keys {
		out[k] = true
	}
	return out, err
}
