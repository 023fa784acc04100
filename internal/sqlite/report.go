package sqlite

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/report"
)

// ReportInterviews returns all interviews of the roles, in whatever state, with
// when the scorecards were first in: one read of the database, first to last.
func (db *DB) ReportInterviews(ctx context.Context, roles []string) (list []report.Interview, err error) {
	err = db.read(ctx, func(c *conn) error {
		list, err = all(c, scanReported, selectReported, toJSON(roles))
		if err != nil {
			return err
		}
		at := make(map[string]int, len(list))
		for i := range list {
			at[list[i].ID] = i
		}
		_, err = all(c, func(r row) (struct{}, error) {
			var id, panel string
			if err := r.Scan(&id, &panel); err != nil {
				return struct{}{}, err
			}
			list[at[id]].Panel, err = seats(panel)
			return struct{}{}, err
		}, selectSeats, toJSON(roles))
		if err != nil {
			return err
		}
		_, err = all(c, func(r row) (struct{}, error) {
			var id string
			var m report.Move
			if err := r.Scan(&id, &m.Cause, toInstant(&m.At)); err != nil {
				return struct{}{}, err
			}
			if i, ok := at[id]; ok {
				list[i].Moves = append(list[i].Moves, m)
			}
			return struct{}{}, nil
		}, selectReportedMoves)
		return err
	})
	return list, err
}

// selectReportedMoves reads all moves there were: they are few.
const selectReportedMoves = "SELECT interview, cause, moved_at FROM interview_moves WHERE undone = 0 ORDER BY interview, revision"

// selectSeats reads a panel as one row, since a row costs more than what is in
// it: its seats, parted by commas, with their four words parted by spaces. Ids
// of Slack hold neither. The joins walk along indexes, and read no answers.
const selectSeats = `SELECT i.id, group_concat(p.person || ' ' || p.part || ' ' || (p.excused <> '') || ' ' || coalesce(
		(SELECT min(v.submitted_at) FROM scorecard_versions v WHERE v.interview = p.interview AND v.panelist = p.person), 0))
	FROM interviews i CROSS JOIN panelists p ON p.interview = i.id
	WHERE i.role IN (SELECT value FROM json_each(?)) GROUP BY i.role, i.id`

func seats(panel string) ([]report.Seat, error) {
	list := make([]report.Seat, 0, 1+strings.Count(panel, ","))
	for words := range strings.SplitSeq(panel, ",") {
		person, words, _ := strings.Cut(words, " ")
		part, words, _ := strings.Cut(words, " ")
		excused, first, _ := strings.Cut(words, " ")
		ms, err := strconv.ParseInt(first, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read a panel's seat: %w", err)
		}
		seat := report.Seat{Person: person, Part: hiring.Part(part), Excused: excused == "1"}
		if ms != 0 {
			seat.Submitted = time.UnixMilli(ms).UTC()
		}
		list = append(list, seat)
	}
	return list, nil
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
