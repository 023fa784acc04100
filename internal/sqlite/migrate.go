package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"

	"convene/migrations"
)

// migrate applies the migrations that the database lacks, each in a
// transaction. A database that a newer program has written is left alone.
func migrate(ctx context.Context, h *sql.DB) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, h, migrations.FS,
		goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	current, newest, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if current > newest {
		return tooNew(current, newest)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring the tables up to date: %w", err)
	}
	return nil
}

func tooNew(current, newest int64) error {
	return fmt.Errorf("it was written by a newer version of convene (schema %d; this program knows %d): run that version, or put back a backup from before the update", current, newest)
}
