package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

type sqliteEngine struct {
	w      *bun.DB
	r      *bun.DB
	driver *riversqlite.Driver
	client *river.Client[*sql.Tx]
}

// Pragmas of every connection. FULL: a commit that we reported survives a power cut.
const sqlitePragmas = "_time_format=sqlite&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=cache_size(-32768)"

func openSQLite(ctx context.Context, cfg Config) (engine, *bun.DB, error) {
	writer, err := sqlite.NewConnector("file:" + cfg.URL + "?_txlock=immediate&" + sqlitePragmas)
	if err != nil {
		return nil, nil, err
	}
	w := sql.OpenDB(keepers{writer})
	w.SetMaxOpenConns(1) // one writer: the engine allows no more, and waiting here is cheaper than SQLITE_BUSY
	r, err := sql.Open("sqlite", "file:"+cfg.URL+"?"+sqlitePragmas+"&_pragma=query_only(1)")
	if err != nil {
		return nil, nil, errors.Join(err, w.Close())
	}
	r.SetMaxOpenConns(8)
	r.SetMaxIdleConns(8)
	e := &sqliteEngine{w: bun.NewDB(w, sqlitedialect.New()), r: bun.NewDB(r, sqlitedialect.New()), driver: riversqlite.New(w)}
	if err := e.migrate(ctx, cfg); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("%s: %w", cfg.URL, err), e.close())
	}
	e.client, err = river.NewClient(e.driver, &river.Config{Logger: cfg.Log})
	if err != nil {
		return nil, nil, errors.Join(err, e.close())
	}
	return e, e.r, nil
}

func (e *sqliteEngine) migrate(ctx context.Context, cfg Config) error {
	if err := migrate(ctx, goose.DialectSQLite3, e.w.DB, "sqlite"); err != nil {
		return err
	}
	m, err := rivermigrate.New(e.driver, &rivermigrate.Config{Logger: cfg.Log})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate jobs: %w", err)
	}
	return nil
}

func (e *sqliteEngine) begin(ctx context.Context, relaxed bool) (*Tx, error) {
	conn, err := e.w.Conn(ctx)
	if err != nil {
		return nil, err
	}
	release := func() { _ = conn.Close() }
	if relaxed {
		if _, err := conn.ExecContext(ctx, "PRAGMA synchronous=NORMAL"); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		release = func() {
			// The pragma belongs to the one writer connection, so it must be put back
			// even when the caller's context has ended.
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA synchronous=FULL")
			_ = conn.Close()
		}
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		release()
		return nil, err
	}
	return &Tx{Tx: tx, conn: conn.Conn, release: release}, nil
}

func (e *sqliteEngine) insertJob(ctx context.Context, tx *Tx, args river.JobArgs, opts *river.InsertOpts) error {
	_, err := e.client.InsertTx(ctx, tx.Tx.Tx, args, opts)
	return err
}

func (e *sqliteEngine) listJobs(ctx context.Context, p *river.JobListParams) (*river.JobListResult, error) {
	return e.client.JobList(ctx, p)
}

func (e *sqliteEngine) retryJob(ctx context.Context, tx *Tx, id int64) (*rivertype.JobRow, error) {
	return e.client.JobRetryTx(ctx, tx.Tx.Tx, id)
}

func (e *sqliteEngine) newClient(cfg *river.Config) (Queue, error) {
	return river.NewClient(e.driver, cfg)
}

func (e *sqliteEngine) name() string { return "sqlite" }

func (e *sqliteEngine) size(ctx context.Context) (n int64, err error) {
	err = e.r.NewRaw("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()").Scan(ctx, &n)
	return n, err
}

func (e *sqliteEngine) close() error { return errors.Join(e.w.Close(), e.r.Close()) }

func isUniqueSQLite(err error) bool {
	var se *sqlite.Error
	return errors.As(err, &se) && (se.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || se.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}
