package report

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"slices"
	"strconv"
	"time"

	"convene/internal/hiring"
)

// A Sheet is a report as a file for a spreadsheet.
type Sheet struct {
	Content []byte // CSV, see SheetOf
	Rows    int    // without the header
}

// columns are the header of the sheet.
var columns = []string{
	"role", "role_title", "stage", "stage_name", "interview", "candidate", "state", "cause", "outcome", "zone",
	"start_utc", "start_local", "end_utc", "end_local", "deadline_utc", "deadline_local", "told_utc", "told_local", "promise", "days_added_to_told",
	"scorecards_due_utc", "scorecards_due_local", "scorecards_owed", "scorecards_in", "scorecards_on_time", "scorecards_late", "scorecards_missing",
	"moves", "moves_candidate", "moves_panelist", "moves_company", "moves_google",
}

// SheetOf writes the interviews that Build counts, one row each, as CSV by RFC
// 4180: the numbers of the report are sums over its rows. It names nobody.
//
// A coordinator gets everything; a decider no word on whether an interview's
// scorecards were in time, since that would be the line of its panelists; a
// panelist the interviews after which they owed a scorecard, and of each that
// scorecard alone. An interview that lies ahead is there, for the first two, if
// it was moved in the span; the other columns of moves add up to "moves" where
// somebody said who asked for each.
//
// It begins with a byte order mark, without which Excel reads UTF-8 as another
// encoding. https://support.microsoft.com/office/8a935af5-3416-4edd-ba7e-3dfd2bc4a032
func SheetOf(sources []Source, reader string, span Span, now time.Time) (Sheet, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	write := func(cells []string) error {
		for i, c := range cells {
			cells[i] = harmless(c)
		}
		return w.Write(cells)
	}
	if err := write(append([]string(nil), columns...)); err != nil {
		return Sheet{}, err
	}
	sheet := Sheet{}
	for _, s := range sources {
		from, first := span.From(now, s.Role.TimeZone()), firstTold(s.Interviews, now)
		list := make([]*Interview, len(s.Interviews))
		for i := range s.Interviews {
			list[i] = &s.Interviews[i]
		}
		slices.SortFunc(list, func(a, b *Interview) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID)) })
		for _, iv := range list {
			moves := iv.moved(from)
			cells := line(s, iv, reader, first[iv.Candidate] == iv, moves, now)
			if cells == nil || iv.End.Before(from) && (len(moves) == 0 || s.Sight < Numbers) {
				continue
			}
			if err := write(cells); err != nil {
				return Sheet{}, err
			}
			sheet.Rows++
		}
	}
	w.Flush()
	sheet.Content = out.Bytes()
	return sheet, w.Error()
}

// line is an interview's row for the reader, with its moves in the span; nil:
// they see nothing of it, or it isn't counted.
func line(s Source, iv *Interview, reader string, first bool, moves map[hiring.MoveCause]int, now time.Time) []string {
	state, held := string(iv.State), iv.Held(now)
	cancelled, off := iv.CancelCause()
	switch {
	case s.Sight == Nothing:
		return nil
	case held:
		state = "held"
	case s.Sight < Numbers || !off && iv.State != hiring.NotHeld && len(moves) == 0:
		return nil
	}
	zone := s.Role.TimeZone()
	stage, _ := s.Role.Stage(iv.Stage)
	cells := make(map[string]string, len(columns))
	date := func(column string, t time.Time) {
		if !t.IsZero() {
			cells[column+"_utc"], cells[column+"_local"] = t.UTC().Format(time.RFC3339), t.In(zone).Format("2006-01-02 15:04")
		}
	}
	cells["role"], cells["role_title"], cells["stage"], cells["stage_name"] = s.Role.Key, s.Role.Title, iv.Stage, stage.Name
	cells["interview"], cells["candidate"], cells["state"], cells["zone"] = iv.ID, iv.Candidate, state, zone.String()
	date("start", iv.Start)
	date("end", iv.End)
	if s.Sight >= Numbers {
		cells["cause"] = string(iv.Cause)
		if off {
			cells["cause"] = string(cancelled)
		}
		moveCells(cells, moves)
	}
	if held && s.Sight >= Numbers {
		cells["outcome"], cells["promise"] = outcome(iv), string(iv.Promise(now))
		date("deadline", iv.Deadline)
		date("told", iv.ToldAt)
		if first {
			cells["days_added_to_told"] = strconv.Itoa(iv.days(zone))
		}
	}
	if held && !cardCells(cells, date, s, iv, reader, now) {
		return nil
	}
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = cells[c]
	}
	return row
}

// moveCells counts the interview's moves; one that wasn't moved has empty cells.
func moveCells(cells map[string]string, moves map[hiring.MoveCause]int) {
	if len(moves) == 0 {
		return
	}
	all := 0
	for _, n := range moves {
		all += n
	}
	cells["moves"] = strconv.Itoa(all)
	for _, cause := range [...]hiring.MoveCause{hiring.MoveCandidate, hiring.MovePanelist, hiring.MoveCompany, hiring.MoveGoogle} {
		cells["moves_"+string(cause)] = strconv.Itoa(moves[cause])
	}
}

// cardCells counts the interview's scorecards; false: the reader sees nothing of
// the interview without one of their own, and owes none.
func cardCells(cells map[string]string, date func(string, time.Time), s Source, iv *Interview, reader string, now time.Time) bool {
	due := cardDue(iv.End.In(s.Role.TimeZone()), s.Role.Hours.V, s.IsHoliday)
	var c Cards
	owed := false
	for _, seat := range iv.Panel {
		if s.Sight == Own && seat.Person != reader {
			continue
		}
		if one, ok := iv.card(seat, due, now); ok {
			c.add(one)
			owed = true
		}
	}
	if s.Sight == Own && !owed {
		return false
	}
	date("scorecards_due", due)
	cells["scorecards_owed"], cells["scorecards_in"] = strconv.Itoa(c.Due()+c.NotDue), strconv.Itoa(c.OnTime+c.Late)
	if s.Sight != Numbers {
		cells["scorecards_on_time"], cells["scorecards_late"], cells["scorecards_missing"] = strconv.Itoa(c.OnTime), strconv.Itoa(c.Late), strconv.Itoa(c.Missing)
	}
	return true
}

// outcome is the word by which the interview's stage is counted.
func outcome(iv *Interview) string {
	switch {
	case iv.Outcome != "":
		return string(iv.Outcome)
	case !iv.Gone.IsZero():
		return "withdrew"
	default:
		return "undecided"
	}
}

// harmless keeps a spreadsheet from taking a cell for a formula.
// https://owasp.org/www-community/attacks/CSV_Injection
func harmless(cell string) string {
	if cell == "" {
		return cell
	}
	switch cell[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n':
		return "'" + cell
	}
	return cell
}
