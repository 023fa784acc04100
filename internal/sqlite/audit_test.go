package sqlite_test

import (
	"strings"
	"testing"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

func (w *world) log(actions ...string) {
	w.Helper()
	for _, a := range actions {
		w.check(w.Owe(w.ctx(), outbox.Batch{Log: []hiring.Entry{{Actor: "Cora", Action: a, Subject: "iv", Detail: "2"}}}))
	}
}

func TestTheAuditTrailIsAChain(t *testing.T) {
	w := newWorld(t)
	before, _, err := w.VerifyAudit(w.ctx())
	w.check(err)
	w.log("interview.booked")
	w.reopen()
	w.log("interview.moved")
	lines, head, err := w.VerifyAudit(w.ctx())
	w.check(err)
	list, err := w.Audit(w.ctx(), before, 10)
	w.check(err)
	same(t, "lines", lines, before+2)
	same(t, "head", head, list[1].Hash)
	same(t, "time", list[0].At, noon)
	same(t, "line", list[0].Entry, hiring.Entry{Actor: "Cora", Action: "interview.booked", Subject: "iv", Detail: "2"})
	same(t, "consecutive", list[1].ID, list[0].ID+1)
}

func TestTheAuditTrailIsAppendOnly(t *testing.T) {
	w := newWorld(t)
	w.log("a", "b", "c")
	for _, s := range []string{"UPDATE audit SET detail = ''", "DELETE FROM audit"} {
		if _, err := w.raw().Exec(s); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", s, err)
		}
	}
}

// Somebody with the file and a SQLite shell can do anything, but not unseen.
func TestTamperingShows(t *testing.T) {
	for name, tamper := range map[string]string{
		"changed":      "UPDATE audit SET detail = 'x' WHERE action = 'b'",
		"author":       "UPDATE audit SET actor = 'Cor', action = 'ab' WHERE action = 'b'",
		"removed":      "DELETE FROM audit WHERE action = 'b'",
		"first":        "DELETE FROM audit WHERE id = 1",
		"inserted":     "INSERT INTO audit (id, at, actor, action, subject, detail, hash) SELECT max(id) + 1, max(at), 'x', 'd', '', '', x'00' FROM audit",
		"inserted far": "INSERT INTO audit (id, at, actor, action, subject, detail, hash) SELECT max(id) + 5, max(at), 'x', 'd', '', '', x'00' FROM audit",
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.log("a", "b", "c")
			raw := w.raw()
			for _, s := range []string{"DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete", tamper} {
				_, err := raw.Exec(s)
				w.check(err)
			}
			if _, _, err := w.VerifyAudit(w.ctx()); err == nil {
				t.Error("it doesn't show")
			}
		})
	}
}
