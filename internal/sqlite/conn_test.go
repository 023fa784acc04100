package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	sqlite3 "modernc.org/sqlite/lib"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Pragmas belong to a connection, so every one of them is asked.
func TestEveryConnectionHasItsPragmas(t *testing.T) {
	db, err := Open(context.Background(), filepath.Join(t.TempDir(), "convene.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var conns []*conn
	for range readers {
		conns = append(conns, db.readers.get())
	}
	conns = append(conns, db.writer.get())
	for i, c := range conns {
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000",
			"secure_delete": "1", "trusted_schema": "0", "cell_size_check": "1",
		} {
			if got, err := one(c, scanString, "PRAGMA "+pragma); err != nil || got != want {
				t.Errorf("connection %d: %s = %q, %v; want %q", i, pragma, got, err, want)
			}
		}
		if i == readers {
			db.writer.put(c)
			continue
		}
		if err := c.do("INSERT INTO sync (name, token) VALUES ('x', 'y')"); code(err)&0xff != sqlite3.SQLITE_READONLY {
			t.Errorf("reading connection %d takes a write: %v", i, err)
		}
		db.readers.put(c)
	}
}

// Statements must use the indexes made for them: tables only grow.
func TestHotQueriesUseTheirIndexes(t *testing.T) {
	db, err := Open(context.Background(), filepath.Join(t.TempDir(), "convene.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for index, query := range map[string]string{
		"due_at":                   "SELECT key, kind, about, at FROM due WHERE at <= 1 AND kind IN (SELECT value FROM json_each('[]')) ORDER BY at, key",
		"outbox_open":              "SELECT key FROM outbox o INDEXED BY outbox_open WHERE " + strings.ReplaceAll(ready, "?1", "1"),
		"outbox_trouble":           "SELECT key FROM outbox WHERE state IN ('failed', 'person') ORDER BY id DESC",
		"messages_stale":           "SELECT key FROM messages m WHERE " + stale + " ORDER BY m.id",
		"messages_place":           "SELECT key FROM messages" + strings.ReplaceAll(messagePlace, "?", "'x'"),
		"messages_nags":            "SELECT count(*) FROM messages m WHERE m.kind = 'nag' AND m.person = 'P' AND m.owed_at >= 1",
		"interviews_told":          strings.NewReplacer("?1", "'r'", "?2", "1", "?3", "1").Replace(openInterviews),
		"interviews_end":           selectInterview + " WHERE state = 'booked' AND end_at > 1",
		"interviews_event":         selectInterview + " WHERE event_id = 'e' AND event_id <> ''",
		"interviews_candidate":     selectNotice + " WHERE id = 'n'",
		"message_subjects_message": "DELETE FROM message_subjects WHERE message = 1",
	} {
		plan, err := readAll(context.Background(), db, func(r row) (string, error) {
			var id, parent, unused int
			var detail string
			return detail, r.Scan(&id, &parent, &unused, &detail)
		}, "EXPLAIN QUERY PLAN "+query)
		if err != nil {
			t.Errorf("%s: %v", query, err)
		}
		used := false
		for _, step := range plan {
			used = used || strings.Contains(step+" ", "INDEX "+index+" ")
		}
		if !used {
			t.Errorf("%s isn't used: %q", index, plan)
		}
	}
}

func TestAnUndoneLineLeavesNoGapInTheAuditTrail(t *testing.T) {
	ctx := context.Background()
	db, err := Open(ctx, filepath.Join(t.TempDir(), "convene.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	line := outbox.Batch{Log: []hiring.Entry{{Actor: "Cora", Action: "interview.booked", Subject: "iv"}}}
	undone := errors.New("undone")
	for range 2 {
		if err := db.Owe(ctx, line); err != nil {
			t.Fatal(err)
		}
		err := db.write(ctx, func(c *conn) error { return errors.Join(db.apply(c, line), undone) })
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
	}
	if n, _, err := db.VerifyAudit(ctx); n != 2 || err != nil {
		t.Errorf("%d lines, %v; want 2", n, err)
	}
}
