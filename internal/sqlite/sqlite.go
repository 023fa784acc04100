// Package sqlite keeps everything in one SQLite file. It satisfies the Store
// interfaces that the features declare, and is the only importer of
// database/sql and the driver.
//
// Every method that writes is one immediate transaction, in which a change of
// state, its effects (outbox.Batch) and its lines of the audit trail commit
// together. There is one writing connection and a few reading ones; readers
// never wait for the writer. A function passed to a Change method may call
// methods that read, but not methods that write: they would wait for each other.
//
// Instants are stored as milliseconds since 1970 in UTC; the zero time is NULL.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"convene/internal/hiring"
)

// What every connection is opened with. The text is constant: the driver runs
// pragmas of a DSN as SQL. https://www.sqlite.org/pragma.html
const (
	pragmas = "_pragma=busy_timeout(5000)" + // another process, e.g. a backup, may hold a lock for a moment
		"&_pragma=synchronous(FULL)" + // what was committed survives a power cut
		"&_pragma=foreign_keys(1)" +
		"&_pragma=secure_delete(1)" + // erased data is overwritten, not just unlinked
		"&_pragma=trusted_schema(0)" +
		"&_pragma=cell_size_check(1)" +
		"&_dqs=0"
	forWriting = "?_txlock=immediate&_pragma=journal_mode(WAL)&" + pragmas
	forReading = "?mode=ro&_pragma=query_only(1)&" + pragmas
)

// readers is how many reads can run at once.
const readers = 4

// Options adjust a database.
type Options struct {
	// Now tells the product's time, which dates audit lines and owed messages;
	// time.Now when nil.
	Now func() time.Time
}

// A DB is the open database. It is safe for concurrent use.
type DB struct {
	now     func() time.Time
	path    string
	lock    *lock
	handles []*sql.DB
	writer  *pool // the one connection that writes
	readers *pool

	writes atomic.Int64 // transactions that were committed

	closing sync.Once
	closed  chan struct{}

	breaking sync.Once
	broken   chan struct{} // closed after breakage is set
	breakage error

	rolesMu sync.Mutex
	roles   map[roleRevision]*hiring.Role // read from role_revisions
}

// Open opens the database at path, makes or updates its tables, and takes it
// for this process alone: a second one gets an error that names the first. The
// files can be read by their owner only.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	db := &DB{
		now: o.Now, path: path, closed: make(chan struct{}), broken: make(chan struct{}),
		writer: newPool(1), readers: newPool(readers),
		roles: map[roleRevision]*hiring.Role{},
	}
	if db.lock, err = takeLock(path + ".lock"); err != nil {
		return nil, err
	}
	if err := db.open(ctx); err != nil {
		db.abandon()
		return nil, explain(path, err)
	}
	return db, nil
}

func (db *DB) open(ctx context.Context) error {
	if err := makePrivate(db.path); err != nil {
		return err
	}
	w, err := db.handle(forWriting, 1)
	if err != nil {
		return err
	}
	if err := quickCheck(ctx, w); err != nil {
		return err
	}
	if err := migrate(ctx, w); err != nil {
		return err
	}
	if err := connect(ctx, w, db.writer); err != nil {
		return err
	}
	r, err := db.handle(forReading, readers)
	if err != nil {
		return err
	}
	return connect(ctx, r, db.readers)
}

// handle opens a pool of connections that are kept.
func (db *DB) handle(params string, conns int) (*sql.DB, error) {
	connector, err := driver.NewConnector(uri(db.path) + params)
	if err != nil {
		return nil, err
	}
	h := sql.OpenDB(connector)
	h.SetMaxOpenConns(conns)
	h.SetMaxIdleConns(conns)
	db.handles = append(db.handles, h)
	return h, nil
}

func connect(ctx context.Context, h *sql.DB, pool *pool) error {
	for range pool.size() {
		c, err := h.Conn(ctx)
		if err != nil {
			return err
		}
		pool.put(&conn{Conn: c, stmts: map[string]*sql.Stmt{}})
	}
	return nil
}

// resolve returns the file's absolute path without symbolic links, so that
// everybody who opens it takes the same lock.
func resolve(path string) (string, error) {
	if path == "" {
		return "", errors.New("no database path: set DATABASE_PATH")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find the database: %w", err)
	}
	real, err := filepath.EvalSymlinks(path)
	switch {
	case err == nil:
		return real, nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("find the database: %w", err)
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", fmt.Errorf("find the database's folder (create it first): %w", err)
	}
	return filepath.Join(dir, filepath.Base(path)), nil
}

// uri returns the path as SQLite's URI, in which ?, # and % are escaped.
// https://www.sqlite.org/uri.html
func uri(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/… on Windows
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath()
}

// makePrivate makes the file where there is none, and takes everybody else's
// permissions from it; SQLite gives its side files the same ones.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if err := os.Chmod(name, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func quickCheck(ctx context.Context, h *sql.DB) error {
	var verdict string
	if err := h.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return &damaged{verdict}
	}
	return nil
}

// damaged is quick_check's verdict.
type damaged struct{ verdict string }

func (d *damaged) Error() string { return d.verdict }

// explain says what to do about an error of Open.
func explain(path string, err error) error {
	var d *damaged
	switch code(err) & 0xff {
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%s is not a Convene database: set DATABASE_PATH to another file, or move this one away: %w", path, err)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("the database %s is damaged: move it and its -wal and -shm files aside and put a backup in its place: %w", path, err)
	case sqlite3.SQLITE_BUSY:
		return fmt.Errorf("the database %s is in use by another program: stop it first: %w", path, err)
	}
	if errors.As(err, &d) {
		return fmt.Errorf("the database %s is damaged: move it and its -wal and -shm files aside and put a backup in its place: %w", path, err)
	}
	return fmt.Errorf("open the database %s: %w", path, err)
}

// code returns SQLite's extended result code, or 0.
// https://www.sqlite.org/rescode.html
func code(err error) int {
	var e *driver.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// isDuplicate reports whether a unique constraint was violated.
func isDuplicate(err error) bool {
	c := code(err)
	return c == sqlite3.SQLITE_CONSTRAINT_UNIQUE || c == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
}

// Ping reports whether the database can be read and can take a write.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.read(ctx, func(c *conn) error { return c.do("SELECT 1 FROM roles LIMIT 1") }); err != nil {
		return err
	}
	return db.write(ctx, func(*conn) error { return nil })
}

// Writes returns how many transactions were committed since the start: while it
// stays as it is, so does the database.
func (db *DB) Writes() int64 { return db.writes.Load() }

// Close waits for what is being read or written, moves everything into the
// main file and gives the database to the next process.
func (db *DB) Close() error {
	var err error
	db.closing.Do(func() {
		close(db.closed)
		for range db.readers.size() {
			err = errors.Join(err, db.readers.get().close())
		}
		w := db.writer.get()
		err = errors.Join(err, w.do("PRAGMA wal_checkpoint(TRUNCATE)"), w.close(), db.release())
	})
	if err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

// abandon closes what a failed Open has opened.
func (db *DB) abandon() {
	for _, pool := range []*pool{db.readers, db.writer} {
		for range len(pool.free) {
			_ = pool.get().close()
		}
	}
	_ = db.release()
}

// release closes the readers before the writer: the last connection tidies up,
// which takes one that may write.
func (db *DB) release() error {
	var err error
	for _, h := range slices.Backward(db.handles) {
		err = errors.Join(err, h.Close())
	}
	if db.lock == nil { // opened beside the owner
		return err
	}
	return errors.Join(err, db.lock.release())
}

// Broken returns an error once a commit failed on the disk: nobody knows then
// whether it happened, so the program must end and look anew at its next start.
// It returns nil when ctx ends first.
func (db *DB) Broken(ctx context.Context) error {
	select {
	case <-db.broken:
		return fmt.Errorf("the disk failed while the database was written: %w", db.breakage)
	case <-ctx.Done():
		return nil
	}
}

// isIO reports whether the disk failed.
func isIO(err error) bool {
	c := code(err) & 0xff
	return c == sqlite3.SQLITE_IOERR || c == sqlite3.SQLITE_CORRUPT
}
