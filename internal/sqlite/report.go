package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"convene/internal/hiring"
	"convene/internal/report"
)

// ReportInterviews returns all interviews of the roles, in whatever state, with
// when the scorecards were first in. It reads the three at the same time, which
// halves the wait; what is committed meanwhile may be in one and not in another,
// as if it had come a moment later.
func (db *DB) ReportInterviews(ctx context.Context, roles []string) (list []report.Interview, err error) {
	var panels, firsts map[string]string
	var panelsErr, firstsErr error
	var all sync.WaitGroup
	all.Go(func() { panels, panelsErr = db.wordsByInterview(ctx, selectSeats, roles) })
	all.Go(func() { firsts, firstsErr = db.wordsByInterview(ctx, selectFirsts, roles) })
	list, err = db.ReportPromises(ctx, roles)
	all.Wait()
	if err := errors.Join(err, panelsErr, firstsErr); err != nil {
		return nil, err
	}
	for i := range list {
		iv := &list[i]
		iv.Panel = seats(panels[iv.ID])
		if err := addFirsts(iv.Panel, firsts[iv.ID]); err != nil {
			return nil, err
		}
	}
	return list, db.addMoves(ctx, list)
}

// addMoves reads all moves there were: they are few.
func (db *DB) addMoves(ctx context.Context, list []report.Interview) error {
	moves := map[string][]report.Move{}
	_, err := readAll(ctx, db, func(r row) (struct{}, error) {
		var id string
		var m report.Move
		err := r.Scan(&id, &m.Cause, toInstant(&m.At))
		moves[id] = append(moves[id], m)
		return struct{}{}, err
	}, "SELECT interview, cause, moved_at FROM interview_moves WHERE undone = 0 ORDER BY interview, revision")
	for i := range list {
		list[i].Moves = moves[list[i].ID]
	}
	return err
}

func (db *DB) wordsByInterview(ctx context.Context, query string, roles []string) (map[string]string, error) {
	byID := map[string]string{}
	_, err := readAll(ctx, db, func(r row) (struct{}, error) {
		var id, words string
		if err := r.Scan(&id, &words); err != nil {
			return struct{}{}, err
		}
		byID[id] = words
		return struct{}{}, nil
	}, query, toJSON(roles))
	return byID, err
}

// A row costs more than what is in it, so these read an interview's panel as
// one: its people, parted by commas, with their words parted by spaces. Ids of
// Slack hold neither. They walk along indexes, and read no answers.
const (
	selectSeats = `SELECT i.id, group_concat(p.person || ' ' || p.part || ' ' || (p.excused <> ''))
		FROM interviews i CROSS JOIN panelists p ON p.interview = i.id
		WHERE i.role IN (SELECT value FROM json_each(?)) GROUP BY i.role, i.id`
	selectFirsts = `SELECT i.id, group_concat(v.panelist || ' ' || v.submitted_at)
		FROM interviews i CROSS JOIN scorecard_versions v ON v.interview = i.id
		WHERE i.role IN (SELECT value FROM json_each(?)) GROUP BY i.role, i.id`
)

func seats(panel string) []report.Seat {
	if panel == "" {
		return nil
	}
	list := make([]report.Seat, 0, 1+strings.Count(panel, ","))
	for words := range strings.SplitSeq(panel, ",") {
		person, words, _ := strings.Cut(words, " ")
		part, excused, _ := strings.Cut(words, " ")
		list = append(list, report.Seat{Person: person, Part: hiring.Part(part), Excused: excused == "1"})
	}
	return list
}

// addFirsts reads when scorecards were submitted, for the first time and again.
// Who is on the panel no more has no seat.
func addFirsts(panel []report.Seat, versions string) error {
	for words := range strings.SplitSeq(versions, ",") {
		person, at, submitted := strings.Cut(words, " ")
		if !submitted {
			return nil
		}
		ms, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return fmt.Errorf("read when a scorecard was submitted: %w", err)
		}
		t := time.UnixMilli(ms).UTC()
		for i := range panel {
			if seat := &panel[i]; seat.Person == person && (seat.Submitted.IsZero() || t.Before(seat.Submitted)) {
				seat.Submitted = t
			}
		}
	}
	return nil
}

// ReportPromises returns the same interviews without their panels.
func (db *DB) ReportPromises(ctx context.Context, roles []string) ([]report.Interview, error) {
	return readAll(ctx, db, scanReported, selectReported, toJSON(roles))
}

// selectReported reads what is counted of the roles' interviews. Those of erased
// candidates are among them: they still count.
const selectReported = `SELECT i.id, i.candidate, i.role, i.stage, i.state, i.cause, i.cancel_cause, i.start_at, i.end_at, coalesce(i.promised_at, i.deadline_at),
		coalesce(i.first_told_at, i.told_at), coalesce(d.outcome, ''), c.added_at,
		iif(c.state = 'withdrawn', coalesce(c.ended_at, c.added_at, 0), c.erased_at)
	FROM interviews i JOIN candidates c ON c.id = i.candidate LEFT JOIN decisions d ON d.interview = i.id AND d.replaced = 0
	WHERE i.role IN (SELECT value FROM json_each(?)) ORDER BY i.role, i.id`

func scanReported(r row) (iv report.Interview, err error) {
	err = r.Scan(&iv.ID, &iv.Candidate, &iv.Role, &iv.Stage, &iv.State, &iv.Cause, &iv.Cancelled, toInstant(&iv.Start), toInstant(&iv.End), toInstant(&iv.Deadline),
		toInstant(&iv.ToldAt), &iv.Outcome, toInstant(&iv.AddedAt), toInstant(&iv.Gone))
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
