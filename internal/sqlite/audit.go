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

// Audit returns lines of the audit trail after the one with the given id,
// oldest first.
func (db *DB) Audit(ctx context.Context, after int64, limit int) ([]AuditLine, error) {
	return readAll(ctx, db, func(r row) (AuditLine, error) {
		a, err := scanAudit(r)
		return AuditLine{ID: a.id, At: time.UnixMilli(a.at).UTC(), Entry: a.e, Hash: hex.EncodeToString(a.hash)}, err
	}, "SELECT "+auditColumns+" FROM audit WHERE id > ? ORDER BY id "+limited, after, limit)
}

// VerifyAudit checks the whole audit trail for changed, missing and inserted
// lines, and returns how many there are and the hash of the last. That lines
// are missing at the end shows only when that hash was kept elsewhere.
func (db *DB) VerifyAudit(ctx context.Context) (lines int64, head string, err error) {
	var last auditRow
	_, err = readAll(ctx, db, func(r row) (struct{}, error) {
		a, err := scanAudit(r)
		switch {
		case err != nil:
			return struct{}{}, err
		case a.id != last.id+1:
			return struct{}{}, fmt.Errorf("audit trail: line %d follows line %d: lines are missing or were inserted", a.id, last.id)
		case !bytes.Equal(a.hash, a.chain(last.hash)):
			return struct{}{}, fmt.Errorf("audit trail: line %d or its hash was changed", a.id)
		}
		last = a
		return struct{}{}, nil
	}, "SELECT "+auditColumns+" FROM audit ORDER BY id")
	return last.id, hex.EncodeToString(last.hash), err
}
