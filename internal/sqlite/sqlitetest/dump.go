package sqlitetest

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convene/internal/sqlite"
)

// Dump returns every row of every table, but of those left out, as text.
func Dump(tb testing.TB, db *sqlite.DB, leaveOut ...string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "dump.db")
	if err := db.Backup(tb.Context(), path); err != nil {
		tb.Fatal(err)
	}
	h, err := sql.Open("sqlite", path)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() {
		if err := h.Close(); err != nil {
			tb.Error(err)
		}
	}()
	var out strings.Builder
	for _, row := range rows(tb, h, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name") {
		table := row[0]
		if slices.Contains(leaveOut, table) {
			continue
		}
		var lines []string
		for _, r := range rows(tb, h, `SELECT * FROM "`+table+`"`) {
			lines = append(lines, strings.Join(r, "|"))
		}
		slices.Sort(lines)
		fmt.Fprintf(&out, "%s\n\t%s\n", table, strings.Join(lines, "\n\t"))
	}
	return out.String()
}

func rows(tb testing.TB, h *sql.DB, query string) [][]string {
	tb.Helper()
	found, err := h.QueryContext(tb.Context(), query)
	if err != nil {
		tb.Fatal(err)
	}
	columns, err := found.Columns()
	if err != nil {
		tb.Fatal(err)
	}
	var out [][]string
	for found.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := found.Scan(into...); err != nil {
			tb.Fatal(err)
		}
		row := make([]string, len(values))
		for i, v := range values {
			if text, ok := v.([]byte); ok {
				v = string(text)
			}
			row[i] = fmt.Sprint(v)
		}
		out = append(out, row)
	}
	if err := found.Err(); err != nil {
		tb.Fatal(err)
	}
	return out
}
