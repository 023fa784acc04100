package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/sqlite"
	"convene/internal/sqlite/sqlitetest"
)

// A database that an earlier version left behind, killed in the middle of its
// work, is brought up to date when it is opened: every value in every column that
// it had stays, it can be read and worked with, and its tables are those of a new
// one.
func TestUpgrade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "convene.db")
	script, err := os.ReadFile("testdata/landed_0005.sql")
	if err != nil {
		t.Fatal(err)
	}
	sqlitetest.Exec(t, path, string(script))
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	tables := columnsOf(t, raw)
	before := map[string]string{}
	for table, columns := range tables {
		before[table] = valuesOf(t, raw, table, columns)
	}
	when := time.Date(2026, 11, 30, 15, 5, 0, 0, time.UTC)
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{Now: func() time.Time { return when }})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, DB: db, path: path, now: when}
	defer func() { w.check(w.DB.Close()) }()
	delete(tables, "goose_db_version") // it says that this happened
	for table, columns := range tables {
		if after := valuesOf(t, raw, table, columns); after != before[table] {
			t.Errorf("%s was:\n%s\nand is:\n%s", table, before[table], after)
		}
	}
	fresh := newWorld(t)
	same(t, "tables", fmt.Sprint(columnsOf(t, raw)), fmt.Sprint(columnsOf(t, fresh.raw())))

	found, err := w.FindCandidates(w.ctx(), []string{"account-coordinator"}, "noah", 1)
	w.check(err)
	cases, err := w.CasesOf(w.ctx(), found[0].ID)
	w.check(err)
	k := cases[0]
	same(t, "decision", k.Decision.Outcome, hiring.Advance)
	same(t, "notice", k.Notice.State, hiring.NoticeDraft)
	same(t, "whose text the notice is", len(k.Notice.Times), 0)
	moves, err := w.Moves(w.ctx(), k.Interview.ID)
	w.check(err)
	same(t, "moves", len(moves), 0)
	ready, err := w.ReadyEffects(w.ctx(), []string{outbox.CalendarInsert}, when.AddDate(1, 0, 0), 10)
	w.check(err)
	same(t, "events still to be made", len(ready), 1)
	_, _, err = w.VerifyAudit(w.ctx())
	w.check(err)

	w.check(w.ChangeInterview(w.ctx(), ready[0].About, func(iv *hiring.Interview) (outbox.Batch, error) {
		iv.State, iv.CandidateComment = hiring.Cancelled, "Another day?"
		iv.CancelCause = hiring.CancelOther
		return outbox.Batch{Log: []hiring.Entry{{Actor: "Karly", Action: "interview.cancelled", Subject: iv.ID}}}, nil
	}))
	w.reopen() // and nothing is done to it a second time
	iv, err := w.Interview(w.ctx(), ready[0].About)
	w.check(err)
	same(t, "cause", iv.CancelCause, hiring.CancelOther)
	_, _, err = w.VerifyAudit(w.ctx())
	w.check(err)
}

// columnsOf returns the columns of each table.
func columnsOf(t *testing.T, h *sql.DB) map[string]string {
	t.Helper()
	rows, err := h.QueryContext(context.Background(), `SELECT t.name, group_concat('"' || c.name || '"') FROM sqlite_schema t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' GROUP BY t.name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var table, columns string
		if err := rows.Scan(&table, &columns); err != nil {
			t.Fatal(err)
		}
		out[table] = columns
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// valuesOf returns what stands in a table's columns, a row in each line.
func valuesOf(t *testing.T, h *sql.DB, table, columns string) string {
	t.Helper()
	var out sql.NullString
	query := fmt.Sprintf(`SELECT group_concat(line, char(10)) FROM (SELECT concat_ws('|', %s) AS line FROM %q ORDER BY 1)`, columns, table)
	if err := h.QueryRowContext(context.Background(), query).Scan(&out); err != nil {
		t.Fatal(err)
	}
	return out.String
}
