package backlog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Backlog tells of jobs and loops.
type Backlog struct {
	store *store.Store

	mu    sync.Mutex
	loops map[string]Loop
}

// New returns the backlog of s.
func New(s *store.Store) *Backlog { return &Backlog{store: s, loops: map[string]Loop{}} }

// Run is one time that a loop has looked. Its times are the machine's.
type Run struct {
	Loop  string
	Every time.Duration
	At    time.Time
	Took  time.Duration
	// Did is how much there was to do.
	Did int
	Err error
}

// Loop is how a loop of this process goes.
type Loop struct {
	Name   string
	Every  time.Duration
	LastAt time.Time
	// NextAt is when it looks again, unless it is woken.
	NextAt time.Time
	Took   time.Duration
	// Runs counts its looks, Did what it has done, since the process began.
	Runs, Did int
	// Failure is that of the last look, "" when it went well, FailingAt since when it fails.
	Failure   string
	FailingAt time.Time
}

// Ran takes note of how a loop has gone.
func (b *Backlog) Ran(r Run) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.loops[r.Loop]
	l.Name, l.Every, l.LastAt, l.Took = r.Loop, r.Every, r.At, r.Took
	l.Runs++
	l.Did += r.Did
	if l.NextAt = r.At.Add(r.Took + r.Every); r.Did > 0 && r.Err == nil {
		l.NextAt = r.At.Add(r.Took)
	}
	if r.Err == nil {
		l.Failure, l.FailingAt = "", time.Time{}
	} else {
		l.Failure = r.Err.Error()
		if l.FailingAt.IsZero() {
			l.FailingAt = r.At
		}
	}
	b.loops[r.Loop] = l
}

// Loops tells of the loops of this process, those that fail first, then by name. It needs
// job.manage.
func (b *Backlog) Loops(a actor.Actor) (out []Loop, err error) {
	if err := a.Check(actor.JobManage); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.loops {
		out = append(out, l)
	}
	slices.SortFunc(out, func(x, y Loop) int {
		if (x.Failure == "") != (y.Failure == "") {
			if x.Failure != "" {
				return -1
			}
			return 1
		}
		return cmp.Compare(x.Name, y.Name)
	})
	return out, nil
}

// Depth is how many jobs stand where, over all or of a kind.
type Depth struct {
	Kind string
	// Waiting are due, Later are not yet, or wait after a failure; GivenUp have failed as
	// often as they may.
	Waiting, Later, Running, GivenUp, Done int
}

func (d *Depth) add(state string, n int) {
	switch state {
	case "available", "pending":
		d.Waiting += n
	case "scheduled", "retryable":
		d.Later += n
	case "running":
		d.Running += n
	case "completed":
		d.Done += n
	default:
		d.GivenUp += n
	}
}

// Queue is how the queue of jobs stands.
type Queue struct {
	// All is over the kinds, which are ByKind.
	All    Depth
	ByKind []Depth
	// Oldest is since when the job waits that is due longest, zero where none is.
	Oldest time.Time
}

// Queue counts the jobs. It needs job.manage.
func (b *Backlog) Queue(ctx context.Context, a actor.Actor) (q Queue, err error) {
	if err := a.Check(actor.JobManage); err != nil {
		return q, err
	}
	counts, err := b.store.JobCounts(ctx)
	if err != nil {
		return q, err
	}
	for _, c := range counts {
		if n := len(q.ByKind); n == 0 || q.ByKind[n-1].Kind != c.Kind {
			q.ByKind = append(q.ByKind, Depth{Kind: c.Kind})
		}
		q.ByKind[len(q.ByKind)-1].add(c.State, c.Count)
		q.All.add(c.State, c.Count)
	}
	first, err := b.store.Jobs(ctx, 1, "available")
	if len(first) > 0 {
		q.Oldest = first[0].DueAt
	}
	return q, err
}

// states are those of the queue that a list shows, by what is asked for.
var states = map[string][]string{
	"waiting": {"available", "pending", "scheduled", "retryable"}, "running": {"running"},
	"failed": {"retryable", "discarded", "cancelled"}, "done": {"completed"},
}

// Shown are what a list of jobs can be of.
var Shown = []string{"failed", "waiting", "running", "done"}

// Jobs lists up to n jobs: those that have failed, wait, run or are done. It needs
// job.manage. Fault: value_unknown (show).
func (b *Backlog) Jobs(ctx context.Context, a actor.Actor, show string, n int) ([]store.QueuedJob, error) {
	if err := a.Check(actor.JobManage); err != nil {
		return nil, err
	}
	in, ok := states[show]
	if !ok {
		return nil, fault.At("show", "value_unknown").With("Field", "show")
	}
	return b.store.Jobs(ctx, n, in...)
}

// Retry has a job done at once that waits after a failure or was given up. Of one that is
// running or due nothing changes. It needs job.manage. Fault: job_not_found.
func (b *Backlog) Retry(ctx context.Context, a actor.Actor, id int64) (j store.QueuedJob, err error) {
	if err := a.Check(actor.JobManage); err != nil {
		return j, err
	}
	err = b.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if j, err = tx.RetryJob(ctx, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "job.retry", "job_"+strconv.FormatInt(id, 10), map[string]string{"kind": j.Kind})
	})
	if errors.Is(err, store.ErrNoJob) {
		return j, fault.New(fault.NotFound, "job_not_found")
	}
	if err != nil {
		return j, fmt.Errorf("backlog: retry: %w", err)
	}
	return j, nil
}
