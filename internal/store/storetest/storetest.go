// Package storetest opens throw-away databases for tests, on both engines.
//
// Each runs a test on SQLite and on PostgreSQL with the same fake clock. The
// PostgreSQL cluster is the one that VERINYM_TEST_POSTGRES names, or one that
// the test process starts for itself; where PostgreSQL is not installed that
// half of the test is skipped and says so.
package storetest

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/peterldowns/pgtestdb"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/test/cluster"
)

// Monday is where the clock of every test database starts: Monday 1 June 2026,
// ten in the morning in Shanghai, a plain business day.
var Monday = time.Date(2026, 6, 1, 2, 0, 0, 0, time.UTC)

// Each runs f once on each engine, in parallel.
func Each(t *testing.T, f func(t *testing.T, s *store.Store, c *clock.Fake)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		s, c := SQLite(t)
		f(t, s, c)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		s, c := Postgres(t)
		f(t, s, c)
	})
}

// SQLite returns a new database in the test's temporary folder.
func SQLite(t testing.TB) (*store.Store, *clock.Fake) {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "verinym.db"))
}

// Postgres returns a new database of a PostgreSQL cluster; it skips the test
// where none can be had.
func Postgres(t testing.TB) (*store.Store, *clock.Fake) {
	t.Helper()
	return open(t, PostgresURL(t))
}

func open(t testing.TB, url string) (*store.Store, *clock.Fake) {
	t.Helper()
	c := clock.NewFake(Monday)
	s, err := store.Open(t.Context(), store.Config{URL: url, Clock: c})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, c
}

var shared = sync.OnceValues(func() (string, error) {
	if u := os.Getenv("VERINYM_TEST_POSTGRES"); u != "" {
		return u, nil
	}
	u, _, err := cluster.Start(context.Background())
	return u, err
})

// PostgresURL returns the URL of a new, migrated, empty PostgreSQL database.
func PostgresURL(t testing.TB) string {
	t.Helper()
	admin, err := shared()
	if errors.Is(err, cluster.ErrNoBinaries) {
		t.Skip(err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(admin)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	conf := pgtestdb.Custom(t, pgtestdb.Config{
		DriverName: "pgx", Host: u.Hostname(), Port: u.Port(), User: u.User.Username(), Password: password,
		Database: strings.TrimPrefix(u.Path, "/"), Options: u.RawQuery, ForceTerminateConnections: true,
	}, migrator{})
	return conf.URL()
}

// migrator makes the template database that every test's database is copied from.
type migrator struct{}

func (migrator) Hash() (string, error) { return store.SchemaHash() }

func (migrator) Migrate(ctx context.Context, _ *sql.DB, c pgtestdb.Config) error {
	s, err := store.Open(ctx, store.Config{URL: c.URL()})
	if err != nil {
		return err
	}
	return s.Close()
}
