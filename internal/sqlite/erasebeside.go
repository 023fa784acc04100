package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"convene/internal/candidate"
	"convene/internal/hiring"
	"convene/migrations"
)

// OpenBeside opens the database while another process owns it, for single
// transactions such as an erasure: it takes no lock, and neither makes nor
// changes tables. SQLite orders its transactions with the owner's. Effects that
// it commits are the owner's to carry out, who looks for work every few seconds;
// whoever opens it this way must run no dispatcher and no Tick.
func OpenBeside(ctx context.Context, path string, o Options) (*DB, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	path, err := existing(path)
	if err != nil {
		return nil, err
	}
	db := &DB{
		now: o.Now, path: path, closed: make(chan struct{}), broken: make(chan struct{}),
		writer: make(chan *conn, 1), readers: make(chan *conn, 1), roles: map[roleRevision]*hiring.Role{},
	}
	w, err := db.handle(forWriting, 1)
	if err == nil {
		err = sameVersion(ctx, w)
	}
	if err == nil {
		err = connect(ctx, w, db.writer)
	}
	if err == nil {
		r, rerr := db.handle(forReading, 1)
		if err = rerr; err == nil {
			err = connect(ctx, r, db.readers)
		}
	}
	if err != nil {
		db.abandon()
		return nil, explain(path, err)
	}
	return db, nil
}

// ReadMaterial reads everything that is kept about a candidate, also while
// another process owns the database, and writes nothing.
func ReadMaterial(ctx context.Context, path, id string) (*candidate.Material, error) {
	path, err := existing(path)
	if err != nil {
		return nil, err
	}
	db := &DB{now: time.Now, path: path, closed: make(chan struct{}), readers: make(chan *conn, 1), roles: map[roleRevision]*hiring.Role{}}
	defer func() {
		for len(db.readers) > 0 {
			_ = (<-db.readers).close()
		}
		for _, h := range db.handles {
			_ = h.Close()
		}
	}()
	r, err := db.handle(forReading, 1)
	if err == nil {
		err = sameVersion(ctx, r)
	}
	if err == nil {
		err = connect(ctx, r, db.readers)
	}
	if err != nil {
		return nil, explain(path, err)
	}
	return db.Material(ctx, id)
}

// existing resolves the path of a database that is there.
func existing(path string) (string, error) {
	path, err := resolve(path)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("there is no database %s: set DATABASE_PATH to the one that the bot runs on: %w", path, err)
	} else if err != nil {
		return "", fmt.Errorf("open the database: %w", err)
	}
	return path, nil
}

// sameVersion returns an error unless the tables are those of this program.
func sameVersion(ctx context.Context, h *sql.DB) error {
	entries, err := fs.ReadDir(migrations.FS, ".")
	if err != nil {
		return err
	}
	known, current := 0, 0
	for _, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		if n, err := strconv.Atoi(number); err == nil {
			known = max(known, n)
		}
	}
	if err := h.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version").Scan(&current); err != nil {
		return fmt.Errorf("read the schema's version (is it a database of Convene?): %w", err)
	}
	if current != known {
		return fmt.Errorf("it has the tables of another version of convene (schema %d; this program needs %d): use the version that runs the bot", current, known)
	}
	return nil
}
