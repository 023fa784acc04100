package report

import (
	"encoding/csv"
	"strings"
	"testing"

	"convene/internal/hiring"
)

// A file keeps its columns whatever a title holds, and no spreadsheet takes a
// cell for a formula.
func TestSheetIsHarmless(t *testing.T) {
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "": "", "5": "5", "Ann = Bob": "Ann = Bob",
	} {
		if got := harmless(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
	role := testRole("r")
	role.Title = "=HYPERLINK(\"x\"), \nor – so"
	end := at(t, "2026-11-18 14:00")
	sheet, err := SheetOf([]Source{{Role: role, Sight: Everything, Interviews: []Interview{held("a", end)}}}, "Cora", All, at(t, "2026-12-01 12:00"))
	if err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(string(sheet.Content), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if !marked || err != nil || len(rows) != 2 || rows[1][1] != "'"+strings.ReplaceAll(role.Title, "\r\n", "\n") || !strings.HasSuffix(text, "\r\n") {
		t.Errorf("marked %t, %v: %q", marked, err, rows)
	}
}

// Each gets the rows and the columns of their sight.
func TestSheetShowsEachWhatIsTheirs(t *testing.T) {
	seats := []Seat{{Person: "Pia", Part: hiring.Required}, {Person: "Quin", Part: hiring.Required, Excused: true}}
	off := held("off", at(t, "2026-11-19 14:00"))
	off.State = hiring.NotHeld
	off.Cause = hiring.CauseNoShow
	list := []Interview{held("a", at(t, "2026-11-18 14:00"), seats...), off}
	for reader, want := range map[string]struct {
		rows    int
		has, no []string
	}{
		"Cora": {2, []string{"missed", ",1,0,0,0,1,,,,,\r\n", "no_show"}, nil},
		"Dee":  {2, []string{"missed", ",1,0,,,,,,,,\r\n", "no_show"}, nil},
		"Pia":  {1, []string{",1,0,0,0,1,,,,,\r\n"}, []string{"missed", "no_show"}},
		"Quin": {0, nil, []string{"round1"}},
		"Rob":  {0, nil, []string{"round1"}},
	} {
		role := testRole("r")
		sheet, err := SheetOf([]Source{{Role: role, Sight: SightOf(role, reader), Interviews: list}}, reader, All, at(t, "2026-12-01 12:00"))
		if err != nil || sheet.Rows != want.rows {
			t.Errorf("%s gets %d rows, %v", reader, sheet.Rows, err)
		}
		for _, s := range want.has {
			if !strings.Contains(string(sheet.Content), s) {
				t.Errorf("%s's lacks %q: %s", reader, s, sheet.Content)
			}
		}
		for _, s := range want.no {
			if strings.Contains(string(sheet.Content), s) {
				t.Errorf("%s's has %q: %s", reader, s, sheet.Content)
			}
		}
	}
}
