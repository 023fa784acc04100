package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"convene/internal/hiring"
)

// errClosed is returned by every method after Close.
var errClosed = errors.New("the database is closed")

// A conn is one connection with the statements that were prepared on it.
//
// Its methods take no context: a statement takes microseconds, and SQLite
// would roll back the whole transaction of one that is interrupted.
type conn struct {
	*sql.Conn
	stmts map[string]*sql.Stmt
}

// write runs f in an immediate transaction. An error of f undoes everything
// and is returned as it is.
func (db *DB) write(ctx context.Context, f func(*conn) error) error {
	c, err := db.take(ctx, db.writer)
	if err != nil {
		return err
	}
	defer func() { db.writer.put(c) }()
	if err := c.do("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed { // also when f panics
			_ = c.do("ROLLBACK") // fails only if SQLite has rolled back already
		}
	}()
	if err := f(c); err != nil {
		return err
	}
	if err := c.do("COMMIT"); err != nil {
		if isIO(err) {
			db.breaking.Do(func() { db.breakage = err; close(db.broken) })
		}
		return fmt.Errorf("commit (it may have happened all the same): %w", err)
	}
	committed = true
	db.writes.Add(1)
	return nil
}

// read runs f on one consistent view of the database.
func (db *DB) read(ctx context.Context, f func(*conn) error) error {
	c, err := db.take(ctx, db.readers)
	if err != nil {
		return err
	}
	defer func() { db.readers.put(c) }()
	if err := c.do("BEGIN"); err != nil {
		return err
	}
	defer c.do("ROLLBACK") // nothing was written
	return f(c)
}

func (db *DB) take(ctx context.Context, pool *pool) (*conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-db.closed:
		return nil, errClosed
	default:
	}
	select {
	case <-pool.free:
		return pool.pop(), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-db.closed:
		return nil, errClosed
	}
}

// readOne returns the row that one query selects, or ErrNotFound.
func readOne[T any](ctx context.Context, db *DB, scan func(row) (T, error), query string, args ...any) (T, error) {
	c, err := db.take(ctx, db.readers)
	if err != nil {
		var none T
		return none, err
	}
	defer func() { db.readers.put(c) }()
	return one(c, scan, query, args...)
}

// readAll returns the rows that one query selects.
func readAll[T any](ctx context.Context, db *DB, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	c, err := db.take(ctx, db.readers)
	if err != nil {
		return nil, err
	}
	defer func() { db.readers.put(c) }()
	return all(c, scan, query, args...)
}

// A row is what can be scanned.
type row interface{ Scan(dest ...any) error }

// one returns the row that the query selects, or ErrNotFound.
func one[T any](c *conn, scan func(row) (T, error), query string, args ...any) (T, error) {
	var none T
	s, err := c.prepared(query)
	if err != nil {
		return none, err
	}
	v, err := scan(s.QueryRow(args...))
	if errors.Is(err, sql.ErrNoRows) {
		return none, hiring.ErrNotFound
	}
	if err != nil {
		return none, fmt.Errorf("read the database: %w", err)
	}
	return v, nil
}

// all returns the rows that the query selects.
func all[T any](c *conn, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	s, err := c.prepared(query)
	if err != nil {
		return nil, err
	}
	rows, err := s.Query(args...)
	if err != nil {
		return nil, fmt.Errorf("read the database: %w", err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read the database: %w", err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the database: %w", err)
	}
	return out, nil
}

// limited ends a query whose last argument limits its rows. The sum keeps SQLite
// from preparing the statement anew whenever the argument is set.
const limited = "LIMIT ? + 0"

// exec runs a statement and returns how many rows it changed.
func (c *conn) exec(query string, args ...any) (int64, error) {
	s, err := c.prepared(query)
	if err != nil {
		return 0, err
	}
	result, err := s.Exec(args...)
	if err != nil {
		return 0, fmt.Errorf("write to the database: %w", err)
	}
	return result.RowsAffected()
}

// do runs a statement of which only the error matters.
func (c *conn) do(query string, args ...any) error {
	_, err := c.exec(query, args...)
	return err
}

func (c *conn) prepared(query string) (*sql.Stmt, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	s, err := c.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, fmt.Errorf("prepare a statement: %w", err)
	}
	c.stmts[query] = s
	return s, nil
}

func (c *conn) close() error {
	var err error
	for _, s := range c.stmts {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, c.Conn.Close())
}

// instant returns the time as it is stored.
func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// toInstant scans a stored time.
func toInstant(t *time.Time) sql.Scanner { return instantScanner{t} }

type instantScanner struct{ t *time.Time }

func (s instantScanner) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s.t = time.Time{}
	case int64:
		*s.t = time.UnixMilli(v).UTC()
	default:
		return fmt.Errorf("a stored time is a %T", src)
	}
	return nil
}

// toJSON returns the value as JSON text. What is stored this way always marshals.
func toJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("marshal %T: %v", v, err))
	}
	return string(raw)
}

// fromJSON scans JSON text.
func fromJSON(v any) sql.Scanner { return jsonScanner{v} }

type jsonScanner struct{ v any }

func (s jsonScanner) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("stored JSON is a %T", src)
	}
	return json.Unmarshal([]byte(text), s.v)
}
