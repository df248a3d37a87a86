package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base32"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
)

// Config says which database to open. The zero value of every field but URL is good.
type Config struct {
	// URL is "postgres://…" or the path of a SQLite file.
	URL   string
	Clock clock.Clock
	Log   *slog.Logger
}

// Store is an open, migrated database.
type Store struct {
	engine engine
	clock  clock.Clock
	log    *slog.Logger
	// R reads. It never writes: on SQLite its connections are query_only.
	R *bun.DB
}

// engine is what differs between SQLite and PostgreSQL.
type engine interface {
	begin(ctx context.Context, relaxed bool) (*Tx, error)
	insertEach(ctx context.Context, tx *Tx, set *rowSet, conflict string) error
	updateEach(ctx context.Context, tx *Tx, set *rowSet, condition string, args []any) (met []int64, err error)
	insertJob(ctx context.Context, tx *Tx, args river.JobArgs, opts *river.InsertOpts) error
	listJobs(ctx context.Context, p *river.JobListParams) (*river.JobListResult, error)
	retryJob(ctx context.Context, tx *Tx, id int64) (*rivertype.JobRow, error)
	newClient(cfg *river.Config) (Queue, error)
	name() string
	size(ctx context.Context) (int64, error)
	close() error
}

// Queue is a running job queue.
type Queue interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	JobList(ctx context.Context, params *river.JobListParams) (*river.JobListResult, error)
	JobDelete(ctx context.Context, id int64) (*rivertype.JobRow, error)
}

// Open opens the database of cfg and brings its schema up to date. Several
// processes may do so at once.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.Clock == nil {
		cfg.Clock = clock.Real{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Store{clock: cfg.Clock, log: cfg.Log}
	var err error
	if IsPostgres(cfg.URL) {
		s.engine, s.R, err = openPostgres(ctx, cfg)
	} else {
		s.engine, s.R, err = openSQLite(ctx, cfg)
	}
	if err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	return s, nil
}

// IsPostgres reports whether url names a PostgreSQL database.
func IsPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

// Close closes the database. Running units of work fail.
func (s *Store) Close() error { return s.engine.close() }

// Engine names the engine: "sqlite" or "postgres".
func (s *Store) Engine() string { return s.engine.name() }

// Now is the time that rows see.
func (s *Store) Now() time.Time { return s.clock.Now() }

// NewQueue returns a job queue on this database that works with cfg.
func (s *Store) NewQueue(cfg *river.Config) (Queue, error) { return s.engine.newClient(cfg) }

// InTx runs f as one unit of work and commits it when f returns nil. What f
// registered with Tx.OnCommit runs after the commit.
func (s *Store) InTx(ctx context.Context, f func(ctx context.Context, tx *Tx) error) error {
	return s.inTx(ctx, false, f)
}

// InTxRelaxed is InTx whose commit may be lost, whole, in a power cut. Use it
// only for what the outside world can tell us again.
func (s *Store) InTxRelaxed(ctx context.Context, f func(ctx context.Context, tx *Tx) error) error {
	return s.inTx(ctx, true, f)
}

func (s *Store) inTx(ctx context.Context, relaxed bool, f func(ctx context.Context, tx *Tx) error) (err error) {
	tx, err := s.engine.begin(ctx, relaxed)
	if err != nil {
		return fmt.Errorf("store: begin: %w", err)
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
		if tx.release != nil {
			tx.release()
		}
		if err == nil {
			for _, then := range tx.then {
				then()
			}
		}
	}()
	tx.store, tx.now = s, s.clock.Now()
	if err = f(ctx, tx); err != nil {
		return err
	}
	if err = tx.flushAll(ctx); err != nil {
		return err
	}
	rider, _ := ctx.Value(riderKey{}).(*rider)
	if rider != nil && !rider.arrived.Load() {
		if err = rider.do(ctx, tx); err != nil {
			return err
		}
	}
	if err = tx.Commit(); err != nil {
		return fmt.Errorf("store: commit: %w", err)
	}
	if rider != nil {
		rider.arrived.Store(true)
	}
	return nil
}

// WithRider returns a context whose first unit of work that commits does f too, as
// its last act: an edge notes in it that a request has been carried out.
func WithRider(ctx context.Context, f func(ctx context.Context, tx *Tx) error) context.Context {
	return context.WithValue(ctx, riderKey{}, &rider{do: f})
}

type riderKey struct{}

type rider struct {
	do      func(ctx context.Context, tx *Tx) error
	arrived atomic.Bool
}

// Tx is a unit of work.
type Tx struct {
	bun.Tx
	store   *Store
	now     time.Time
	conn    *sql.Conn
	release func()
	then    []func()
	last    []lastAct
	heaps   map[any]any
	memo    map[any]any
}

// Now is the time of the unit of work: one for all that it writes.
func (tx *Tx) Now() time.Time { return tx.now }

// OnCommit calls f once the unit of work has been committed. f must be quick
// and must not matter: a crash between commit and f loses it. Use it to wake a
// loop that would look by itself a little later.
func (tx *Tx) OnCommit(f func()) { tx.then = append(tx.then, f) }

// Job is what a job is called and the arguments it carries, beside its noun.
type Job = river.JobArgs

// JobOptions say when and how often a job runs; the zero value is good.
type JobOptions struct {
	// At is the earliest time; zero means at once.
	At time.Time
	// Attempts is how often it is tried in all; 0 means 25.
	Attempts int
	// Unique drops the job when an equal one (kind and arguments) is not finished yet.
	Unique bool
}

// Enqueue adds a job to the unit of work: it runs at least once after the
// commit, and never without it.
func (tx *Tx) Enqueue(ctx context.Context, job Job, o JobOptions) error {
	opts := &river.InsertOpts{ScheduledAt: o.At, MaxAttempts: o.Attempts}
	if o.Unique {
		opts.UniqueOpts = river.UniqueOpts{ByArgs: true}
	}
	if err := tx.store.engine.insertJob(ctx, tx, job, opts); err != nil {
		return fmt.Errorf("store: enqueue %s: %w", job.Kind(), err)
	}
	return nil
}

// ErrStale says that the row has moved on since it was read.
var ErrStale = errors.New("store: row has changed")

// One turns the result of an update that must have met exactly one row into
// nil or ErrStale.
func One(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	if n != 1 {
		return ErrStale
	}
	return nil
}

// StaleFault turns ErrStale into the fault that says to people that somebody else was faster;
// any other error stays as it is.
func StaleFault(err error) error {
	if errors.Is(err, ErrStale) {
		return fault.New(fault.Stale, "row_version_stale").Because(err)
	}
	return err
}

// IsNotFound reports whether err says that no row matched.
func IsNotFound(err error) bool { return errors.Is(err, sql.ErrNoRows) }

const idLetters = "0123456789abcdefghjkmnpqrstvwxyz"

var idEncoding = base32.NewEncoding(idLetters).WithPadding(base32.NoPadding)

// idLength is how many letters a public id has behind its prefix.
const idLength = 26

// NewID returns a new public id: the prefix, an underscore and 130 random bits.
// It tells nothing about the row and cannot be guessed.
func NewID(prefix string) string {
	var b [17]byte
	_, _ = rand.Read(b[:])
	return prefix + "_" + idEncoding.EncodeToString(b[:])[:idLength]
}

// IDPrefix is what a public id begins with, "" for a text that is none.
func IDPrefix(id string) string {
	prefix, rest, _ := strings.Cut(id, "_")
	if len(rest) != idLength || strings.Trim(rest, idLetters) != "" {
		return ""
	}
	return prefix
}
