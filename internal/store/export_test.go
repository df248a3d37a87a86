package store

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

// MigrateTo brings an empty database to an earlier version of the schema.
func MigrateTo(ctx context.Context, dialect goose.Dialect, db *sql.DB, dir string, version int64) error {
	p, err := migrator(dialect, db, dir)
	if err != nil {
		return err
	}
	_, err = p.UpTo(ctx, version)
	return err
}
