package sqlite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"convene/internal/hiring"
)

// An AuditLine is a line of the audit trail. The hash covers the line and,
// through the hash before it, all earlier ones.
type AuditLine struct {
	ID int64 // consecutive from 1
	At time.Time
	hiring.Entry
	Hash string // hexadecimal
}

// An auditRow is a line as it is stored.
type auditRow struct {
	id   int64
	at   int64
	e    hiring.Entry
	hash []byte
}

const auditColumns = "id, at, actor, action, subject, detail, hash"

func scanAudit(r row) (a auditRow, err error) {
	err = r.Scan(&a.id, &a.at, &a.e.Actor, &a.e.Action, &a.e.Subject, &a.e.Detail, &a.hash)
	return a, err
}

// chain returns the hash of a row: SHA-256 over the hash of the row before and
// the row's fields, each text with its length, so that no text can pass for
// another field.
func (a auditRow) chain(before []byte) []byte {
	h := sha256.New()
	h.Write(before)
	fmt.Fprintf(h, "%d %d", a.id, a.at)
	for _, s := range []string{a.e.Actor, a.e.Action, a.e.Subject, a.e.Detail} {
		fmt.Fprintf(h, " %d:%s", len(s), s)
	}
	return h.Sum(nil)
}

// appendAudit adds lines to the audit trail. The line before is read in the
// same transaction: another process may have added it (see OpenBeside).
func (db *DB) appendAudit(c *conn, entries []hiring.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	last, err := one(c, scanAudit, "SELECT "+auditColumns+" FROM audit ORDER BY id DESC LIMIT 1")
	if err != nil && !errors.Is(err, hiring.ErrNotFound) {
		return err
	}
	for _, e := range entries {
		next := auditRow{id: last.id + 1, at: db.now().UnixMilli(), e: e}
		next.hash = next.chain(last.hash)
		err := c.do("INSERT INTO audit ("+auditColumns+") VALUES (?, ?, ?, ?, ?, ?, ?)", next.id, next.at, e.Actor, e.Action, e.Subject, e.Detail, next.hash)
		if err != nil {
			return err
		}
		last = next
	}
	return nil
}

// An AuditHead is the last line of the audit trail. Its hash covers the whole
// trail: kept elsewhere, it shows later whether lines are missing at the end.
type AuditHead struct {
	Line int64  // 0: the trail is empty
	Hash string // hexadecimal; "" with line 0
}

func auditHead(c *conn) (AuditHead, error) {
	last, err := one(c, scanAudit, "SELECT "+auditColumns+" FROM audit ORDER BY id DESC LIMIT 1")
	if err != nil && !errors.Is(err, hiring.ErrNotFound) {
		return AuditHead{}, err
	}
	return AuditHead{last.id, hex.EncodeToString(last.hash)}, nil
}

// An AuditQuery says which lines of the audit trail are wanted. The zero value
// wants none: set Limit.
type AuditQuery struct {
	After int64     // only lines after this one
	Since time.Time // only lines from this time on; zero: all
	About string    // only lines whose subject is this id, or whose detail has it; "": all
	Limit int       // no more than so many, the oldest
}

func readAudit(ctx context.Context, db *DB, q AuditQuery) ([]AuditLine, error) {
	var since int64
	if !q.Since.IsZero() {
		since = q.Since.UnixMilli()
	}
	return readAll(ctx, db, func(r row) (AuditLine, error) {
		a, err := scanAudit(r)
		return AuditLine{ID: a.id, At: time.UnixMilli(a.at).UTC(), Entry: a.e, Hash: hex.EncodeToString(a.hash)}, err
	}, "SELECT "+auditColumns+` FROM audit WHERE id > ?1 AND at >= ?2
		AND (?3 = '' OR subject = ?3 OR instr(detail, ?3) > 0) ORDER BY id LIMIT ?4 + 0`, q.After, since, q.About, q.Limit)
}

// Audit returns lines of the audit trail after the one with the given id,
// oldest first.
func (db *DB) Audit(ctx context.Context, after int64, limit int) ([]AuditLine, error) {
	return readAudit(ctx, db, AuditQuery{After: after, Limit: limit})
}

// Audit returns lines of the audit trail, oldest first.
func (v *View) Audit(ctx context.Context, q AuditQuery) ([]AuditLine, error) {
	return readAudit(ctx, v.db, q)
}

// VerifyAudit checks the whole audit trail for changed, missing and inserted
// lines, and returns how many there are and the hash of the last. That lines
// are missing at the end shows only when that hash was kept elsewhere.
func (db *DB) VerifyAudit(ctx context.Context) (lines int64, head string, err error) {
	h, _, err := verifyAudit(ctx, db, "")
	return h.Line, h.Hash, err
}

// VerifyAudit checks the whole audit trail for changed, missing, inserted and
// reordered lines, and returns the last. With the hash of an earlier head it
// also shows that lines are missing at the end, or that all was written anew;
// known is the line of that hash. An error names the first line that is wrong.
func (v *View) VerifyAudit(ctx context.Context, earlier string) (head AuditHead, known int64, err error) {
	return verifyAudit(ctx, v.db, earlier)
}

func verifyAudit(ctx context.Context, db *DB, earlier string) (head AuditHead, known int64, err error) {
	var last auditRow
	_, err = readAll(ctx, db, func(r row) (struct{}, error) {
		a, err := scanAudit(r)
		if err != nil {
			return struct{}{}, err
		}
		if problem := a.misfit(last); problem != "" {
			return struct{}{}, &AuditError{problem}
		}
		if hex.EncodeToString(a.hash) == earlier {
			known = a.id
		}
		last = a
		return struct{}{}, nil
	}, "SELECT "+auditColumns+" FROM audit ORDER BY id")
	head = AuditHead{last.id, hex.EncodeToString(last.hash)}
	var wrong *AuditError
	switch {
	case errors.As(err, &wrong):
		return head, known, wrong
	case err != nil:
		return head, known, err
	case earlier != "" && known == 0:
		return head, 0, &AuditError{fmt.Sprintf("no line has the hash that was noted: lines are missing after line %d, the last, or the whole trail was written anew", last.id)}
	}
	return head, known, nil
}

// An AuditError says which line of the audit trail is the first that is wrong.
type AuditError struct{ Problem string }

func (e *AuditError) Error() string { return "the audit trail was tampered with: " + e.Problem }

// misfit says why the line can't come after the one before it, or "".
func (a auditRow) misfit(before auditRow) string {
	switch first, last := before.id+1, a.id-1; {
	case a.id <= before.id:
		return fmt.Sprintf("line %d was inserted: lines count from 1", a.id)
	case first == last:
		return fmt.Sprintf("line %d is missing: line %d comes after line %d", first, a.id, before.id)
	case first < last:
		return fmt.Sprintf("lines %d to %d are missing: line %d comes after line %d", first, last, a.id, before.id)
	case !bytes.Equal(a.hash, a.chain(before.hash)):
		return fmt.Sprintf("line %d was changed, inserted or moved: its hash doesn't fit what it says and the line before", a.id)
	}
	return ""
}
