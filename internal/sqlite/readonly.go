package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/pressly/goose/v3"
	sqlite3 "modernc.org/sqlite/lib"

	"convene/internal/hiring"
	"convene/migrations"
)

// forCopying can't write to the database either, but lets VACUUM INTO write
// elsewhere, which query_only would not.
const forCopying = "?mode=ro&" + pragmas

// A View reads the database, also while another process owns it. It takes no
// lock, changes no tables and can't write. It is safe for concurrent use.
//
// What it sees is what was committed when a method began. A process that was
// killed leaves nothing unseen: SQLite reads its journal too.
type View struct {
	db     *DB     // of which only the path and the readers are used
	copier *sql.DB // opens no connection before it is used
}

// OpenView opens the database at path for reading. A missing one is
// fs.ErrNotExist. One whose tables are of a newer or an older version of the
// program is refused: what it holds could be misread.
func OpenView(ctx context.Context, path string) (*View, error) {
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no database %s: set DATABASE_PATH to the one that the bot runs on: %w", path, fs.ErrNotExist)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("the database %s is not readable: run this as the user who runs the bot: %w", path, fs.ErrPermission)
	case err != nil:
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return openView(ctx, path)
}

func openView(ctx context.Context, path string) (*View, error) {
	db := &DB{now: time.Now, path: path, closed: make(chan struct{}), readers: newPool(1), roles: map[roleRevision]*hiring.Role{}}
	v := &View{db: db}
	h, err := db.handle(forReading, db.readers.size())
	if err == nil {
		v.copier, err = db.handle(forCopying, 1)
	}
	if err == nil {
		err = quickCheck(ctx, h)
	}
	if err == nil {
		err = checkVersion(ctx, h)
	}
	if err == nil {
		err = connect(ctx, h, db.readers)
	}
	if err != nil {
		_ = v.closeHandles()
		return nil, cannotRead(path, err)
	}
	return v, nil
}

// checkVersion returns an error unless the tables are those of this program.
func checkVersion(ctx context.Context, h *sql.DB) error {
	switch s, err := readSchema(ctx, h); {
	case err != nil:
		return err
	case !s.ours:
		return errors.New("it has no tables of Convene: set DATABASE_PATH to the one that the bot runs on")
	case s.current > s.known:
		return fmt.Errorf("it was written by a newer version of convene (schema %d; this program knows %d): use that version for it", s.current, s.known)
	case s.current < s.known:
		return fmt.Errorf("it was written by an older version of convene (schema %d; this program needs %d): use that version for it, or start this one's `convene run`, which brings it up to date", s.current, s.known)
	}
	return nil
}

// A schema is which tables a database has.
type schema struct {
	empty          bool  // none at all
	ours           bool  // Convene's
	current, known int64 // version of the tables, and the newest that this program knows
}

// readSchema asks by hand: goose would make its table where there is none.
func readSchema(ctx context.Context, h *sql.DB) (schema, error) {
	p, err := goose.NewProvider(goose.DialectSQLite3, h, migrations.FS,
		goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return schema{}, fmt.Errorf("read the migrations: %w", err)
	}
	sources := p.ListSources()
	s := schema{known: sources[len(sources)-1].Version}
	var tables, ours int
	err = h.QueryRowContext(ctx, "SELECT count(*), count(*) FILTER (WHERE name IN ('goose_db_version', 'audit')) FROM sqlite_schema WHERE type = 'table'").Scan(&tables, &ours)
	s.empty, s.ours = tables == 0, ours == 2
	if err != nil || !s.ours {
		return s, err
	}
	err = h.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied = 1").Scan(&s.current)
	return s, err
}

// cannotRead says what to do about an error of a reader.
func cannotRead(path string, err error) error {
	switch code(err) & 0xff {
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
		// https://www.sqlite.org/wal.html#read_only_databases
		return fmt.Errorf("the database %s can't be read here: SQLite needs to make files beside it, so copy it to a folder where this user may, or run this as the user who runs the bot: %w", path, err)
	}
	return explain(path, err)
}

// Close ends the view. The database stays as it is.
func (v *View) Close() error {
	var err error
	v.db.closing.Do(func() {
		close(v.db.closed)
		for range v.db.readers.size() {
			err = errors.Join(err, v.db.readers.get().close())
		}
		err = errors.Join(err, v.closeHandles())
	})
	if err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

func (v *View) closeHandles() error {
	var err error
	for _, h := range v.db.handles {
		err = errors.Join(err, h.Close())
	}
	return err
}
