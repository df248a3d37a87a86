package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

type postgresEngine struct {
	pool   *pgxpool.Pool
	db     *bun.DB
	driver *riverpgxv5.Driver
	client *river.Client[pgx.Tx]
}

// migrationLock serialises the start of several nodes; the number is arbitrary but fixed.
const migrationLock = 7_236_149_001

func openPostgres(ctx context.Context, cfg Config) (engine, *bun.DB, error) {
	config, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil {
		return nil, nil, err
	}
	if !strings.Contains(cfg.URL, "pool_max_conns") {
		config.MaxConns = max(config.MaxConns, connections)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, nil, err
	}
	db := sql.OpenDB(connector{stdlib.GetPoolConnector(pool)})
	db.SetMaxIdleConns(0) // the pool keeps them
	e := &postgresEngine{pool: pool, db: bun.NewDB(db, pgdialect.New()), driver: riverpgxv5.New(pool)}
	if err := e.migrate(ctx, cfg); err != nil {
		return nil, nil, errors.Join(err, e.close())
	}
	e.client, err = river.NewClient(e.driver, &river.Config{Logger: cfg.Log})
	if err != nil {
		return nil, nil, errors.Join(err, e.close())
	}
	return e, e.db, nil
}

func (e *postgresEngine) migrate(ctx context.Context, cfg Config) error {
	lock, err := e.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer lock.Release()
	if _, err := lock.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return fmt.Errorf("migration lock: %w", err)
	}
	defer func() {
		_, _ = lock.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrationLock))
	}()
	if err := migrate(ctx, goose.DialectPostgres, e.db.DB, "postgres"); err != nil {
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

// connections is how many a process may have where its URL does not say (pool_max_conns):
// the loops of a registry account have about six at work, and people wait for the others.
const connections = 16

// connector makes connections that send a query without arguments in one go. bun writes
// values into the text of a query, which is another one each time: to have it prepared
// would be a second way there and back, and a statement that nobody asks for again.
type connector struct{ driver.Connector }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return oneWay{conn.(*stdlib.Conn)}, nil
}

type oneWay struct{ *stdlib.Conn }

func (c oneWay) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if len(args) == 0 {
		args = []driver.NamedValue{{Ordinal: 1, Value: pgx.QueryExecModeExec}}
	}
	return c.Conn.QueryContext(ctx, query, args)
}

// begin pins one connection, because River's driver wants the pgx connection
// under the database/sql transaction.
func (e *postgresEngine) begin(ctx context.Context, relaxed bool) (*Tx, error) {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	t := &Tx{Tx: tx, conn: conn.Conn, release: func() { _ = conn.Close() }}
	if relaxed {
		if _, err := tx.ExecContext(ctx, "SET LOCAL synchronous_commit = off"); err != nil {
			return nil, errors.Join(err, tx.Rollback(), conn.Close())
		}
	}
	return t, nil
}

func (e *postgresEngine) insertJob(ctx context.Context, tx *Tx, args river.JobArgs, opts *river.InsertOpts) error {
	return tx.conn.Raw(func(conn any) error {
		_, err := e.client.InsertTx(ctx, begunOn(conn), args, opts)
		return err
	})
}

func (e *postgresEngine) listJobs(ctx context.Context, p *river.JobListParams) (*river.JobListResult, error) {
	return e.client.JobList(ctx, p)
}

func (e *postgresEngine) retryJob(ctx context.Context, tx *Tx, id int64) (job *rivertype.JobRow, err error) {
	err = tx.conn.Raw(func(conn any) (err error) {
		job, err = e.client.JobRetryTx(ctx, begunOn(conn), id)
		return err
	})
	return job, err
}

func (e *postgresEngine) newClient(cfg *river.Config) (Queue, error) {
	return river.NewClient(e.driver, cfg)
}

func (e *postgresEngine) name() string { return "postgres" }

func (e *postgresEngine) size(ctx context.Context) (n int64, err error) {
	err = e.db.NewRaw("SELECT pg_database_size(current_database())").Scan(ctx, &n)
	return n, err
}

func (e *postgresEngine) close() error {
	err := e.db.Close()
	e.pool.Close()
	return err
}

func isUniquePostgres(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && pe.Code == "23505"
}

// begun shows River a connection on which database/sql has begun a transaction
// as a pgx.Tx. Commit and rollback belong to the unit of work and are refused.
type begun struct{ c *pgx.Conn }

var _ pgx.Tx = begun{}

func begunOn(conn any) begun { return begun{conn.(oneWay).Conn.Conn()} }

var errUnitOfWork = errors.New("store: commit, rollback and savepoints belong to the unit of work")

func (b begun) Begin(context.Context) (pgx.Tx, error) { return nil, errUnitOfWork }
func (b begun) Commit(context.Context) error          { return errUnitOfWork }
func (b begun) Rollback(context.Context) error        { return errUnitOfWork }
func (b begun) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error) {
	return b.c.CopyFrom(ctx, table, columns, rows)
}
func (b begun) SendBatch(ctx context.Context, batch *pgx.Batch) pgx.BatchResults {
	return b.c.SendBatch(ctx, batch)
}
func (b begun) LargeObjects() pgx.LargeObjects { return pgx.LargeObjects{} }
func (b begun) Prepare(ctx context.Context, name, sql string) (*pgconn.StatementDescription, error) {
	return b.c.Prepare(ctx, name, sql)
}
func (b begun) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return b.c.Exec(ctx, sql, args...)
}
func (b begun) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return b.c.Query(ctx, sql, args...)
}
func (b begun) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return b.c.QueryRow(ctx, sql, args...)
}
func (b begun) Conn() *pgx.Conn { return b.c }

// IsUnique reports whether err is a violation of a unique index, on either engine.
func IsUnique(err error) bool { return isUniqueSQLite(err) || isUniquePostgres(err) }
