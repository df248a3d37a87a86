package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the schema up to date. Migrations only ever expand first and
// contract a release later, so that old and new binaries run side by side.
func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, dir string) error {
	p, err := migrator(dialect, db, dir)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func migrator(dialect goose.Dialect, db *sql.DB, dir string) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/"+dir)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, db, files)
}

// Size is how many bytes the database holds.
func (s *Store) Size(ctx context.Context) (int64, error) { return s.engine.size(ctx) }

// SchemaHash changes whenever a shipped migration does.
func SchemaHash() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(migrations, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := migrations.ReadFile(path)
		h.Write([]byte(path))
		h.Write(b)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
}
