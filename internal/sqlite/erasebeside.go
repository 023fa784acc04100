package sqlite

import (
	"context"
	"fmt"
	"os"
	"time"

	"convene/internal/hiring"
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
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); err != nil { // SQLite would make it
		return nil, fmt.Errorf("open the database: %w", err)
	}
	db := &DB{
		now: o.Now, path: path, closed: make(chan struct{}), broken: make(chan struct{}),
		writer: newPool(1), readers: newPool(1), roles: map[roleRevision]*hiring.Role{},
	}
	w, err := db.handle(forWriting, 1)
	if err == nil {
		err = checkVersion(ctx, w)
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
