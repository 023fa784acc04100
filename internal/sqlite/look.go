package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"convene/internal/hiring"
)

// A Look is what can be said of a database without changing it.
type Look struct {
	Path    string // without symbolic links
	Missing bool   // there is none yet; its folder can be written
	Process int    // who has it open, e.g. the running bot; 0: nobody
	Behind  bool   // the program brings its tables up to date when it starts; until then nothing below is known
	Roles   []*hiring.Role
	People  []hiring.Person
}

// LookAt looks at the database at path, also while a program works with it: it
// takes no lock and writes nothing but an empty file for a moment, as a proof
// that the folder can be written. Its error says what to do.
func LookAt(ctx context.Context, path string) (Look, error) {
	path, err := resolve(path)
	if err != nil {
		return Look{}, err
	}
	look := Look{Path: path, Process: holder(path + ".lock")}
	info, err := os.Stat(path)
	switch look.Missing = errors.Is(err, fs.ErrNotExist); {
	case look.Missing:
		return look, tryFolder(filepath.Dir(path))
	case err != nil:
		return look, fmt.Errorf("look at the database: %w", err)
	case !info.Mode().IsRegular():
		return look, fmt.Errorf("%s is not a file: set DATABASE_PATH to one", path)
	}
	if err := readable(path); err != nil {
		return look, fmt.Errorf("the database %s is not readable (%w): run this as the user whom the bot runs as", path, err)
	}
	if err := look.read(ctx); err != nil {
		return look, cannotRead(path, err)
	}
	if err := writable(path); err != nil {
		return look, fmt.Errorf("the database %s can't be written (%w): give it to the user whom the bot runs as", path, err)
	}
	return look, tryFolder(filepath.Dir(path))
}

// read fills in what the database says.
func (l *Look) read(ctx context.Context) error {
	db := &DB{path: l.Path, closed: make(chan struct{}), readers: newPool(1), roles: map[roleRevision]*hiring.Role{}}
	params := forReading
	if !besideIt(l.Path, "-wal") && !besideIt(l.Path, "-shm") {
		params += "&immutable=1" // nobody has it open, so SQLite needs no files beside it
	}
	h, err := db.handle(params, 1)
	if err != nil {
		return err
	}
	defer func() { _ = h.Close() }() // nothing was written
	if err := intact(ctx, h); err != nil {
		return err
	}
	if l.Behind, err = behind(ctx, h); err != nil || l.Behind {
		return err
	}
	if err := connect(ctx, h, db.readers); err != nil {
		return err
	}
	defer func() { _ = db.readers.get().close() }()
	if l.Roles, err = db.Roles(ctx); err != nil {
		return err
	}
	l.People, err = db.People(ctx)
	return err
}

func besideIt(path, suffix string) bool {
	_, err := os.Stat(path + suffix)
	return err == nil
}

// intact is slower and looks closer than the check at each start: at indexes too.
// https://www.sqlite.org/pragma.html#pragma_integrity_check
func intact(ctx context.Context, h *sql.DB) error {
	var verdict string
	if err := h.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return &damaged{verdict}
	}
	return nil
}

// behind reports whether the database lacks migrations. It returns an error for
// one that is newer than the program, and for one that isn't Convene's.
func behind(ctx context.Context, h *sql.DB) (bool, error) {
	s, err := readSchema(ctx, h)
	switch {
	case err != nil || s.empty:
		return s.empty, err
	case !s.ours:
		return false, errors.New("it has tables of another program: set DATABASE_PATH to another file")
	case s.current > s.known:
		return false, tooNew(s.current, s.known)
	}
	return s.current < s.known, nil
}

// tryFolder makes a file in the folder and takes it away: SQLite makes files
// beside the database.
func tryFolder(folder string) error {
	f, err := os.CreateTemp(folder, ".convene-check-*")
	if err != nil {
		return fmt.Errorf("no file can be made in %s (%w): give the folder to the user whom the bot runs as, or set DATABASE_PATH to a file in another one", folder, reason(err))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// reason is a file error without the file's name.
func reason(err error) error {
	var e *fs.PathError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// holder returns the process that wrote its id into the lock file and still
// runs, or 0. Asking for the lock itself could keep it from a bot that starts.
func holder(lock string) int {
	f, err := os.Open(lock)
	if err != nil {
		return 0
	}
	defer func() { _ = f.Close() }() // nothing was written
	raw, err := io.ReadAll(io.LimitReader(f, 20))
	pid, bad := strconv.Atoi(strings.TrimSpace(string(raw)))
	if err != nil || bad != nil || !running(pid) {
		return 0
	}
	return pid
}
