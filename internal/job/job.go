package job

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/verinym/verinym/internal/backlog"
	"github.com/verinym/verinym/internal/store"
)

// Workers are the kinds of job that a process does.
type Workers struct {
	river *river.Workers
	// byKind does a job whose arguments are still as they are stored.
	byKind map[string]func(context.Context, []byte) error
}

// NewWorkers returns an empty list.
func NewWorkers() *Workers {
	return &Workers{river: river.NewWorkers(), byKind: map[string]func(context.Context, []byte) error{}}
}

type worker[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	do func(context.Context, T) error
}

func (w worker[T]) Work(ctx context.Context, j *river.Job[T]) error { return w.do(ctx, j.Args) }

// NextRetry starts soon and grows to an hour: most failures here are a mail
// server or a network that is away for a moment.
func (w worker[T]) NextRetry(j *river.Job[T]) time.Time {
	return time.Now().Add(min(time.Second<<min(j.Attempt, 12), time.Hour))
}

// Add says which function does jobs of a kind.
func Add[T store.Job](w *Workers, do func(context.Context, T) error) {
	river.AddWorker(w.river, worker[T]{do: do})
	var kind T
	w.byKind[kind.Kind()] = func(ctx context.Context, stored []byte) error {
		var args T
		if err := json.Unmarshal(stored, &args); err != nil {
			return err
		}
		return do(ctx, args)
	}
}

// Loop is something that is looked at again and again. Once does a piece of work
// and says how much there was; the loop rests for Every when there was none.
type Loop struct {
	Name  string
	Every time.Duration
	Wake  <-chan struct{}
	Once  func(ctx context.Context) (int, error)
}

// Run works on jobs and loops until ctx ends, and waits for what is under way. How each
// loop goes is told to seen.
func Run(ctx context.Context, s *store.Store, w *Workers, loops []Loop, seen *backlog.Backlog, log *slog.Logger) error {
	queue, err := s.NewQueue(&river.Config{
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 8}}, Workers: w.river, Logger: log,
		FetchCooldown: 50 * time.Millisecond, FetchPollInterval: 250 * time.Millisecond,
		JobTimeout: 10 * time.Minute, RescueStuckJobsAfter: 11 * time.Minute,
	})
	if err != nil {
		return fmt.Errorf("job: %w", err)
	}
	if err := queue.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("job: start: %w", err)
	}
	var wg sync.WaitGroup
	for _, l := range loops {
		wg.Go(func() { l.run(ctx, seen, log) })
	}
	<-ctx.Done()
	wg.Wait()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := queue.Stop(stop); err != nil {
		return fmt.Errorf("job: stop: %w", err)
	}
	return nil
}

func (l Loop) run(ctx context.Context, seen *backlog.Backlog, log *slog.Logger) {
	for ctx.Err() == nil {
		began := time.Now()
		n, err := l.Once(ctx)
		if ctx.Err() == nil {
			seen.Ran(backlog.Run{Loop: l.Name, Every: l.Every, At: began, Took: time.Since(began), Did: n, Err: err})
		}
		if err != nil && ctx.Err() == nil {
			log.Warn("loop", "name", l.Name, "error", err)
		}
		if n > 0 && err == nil {
			continue
		}
		t := time.NewTimer(l.Every)
		select {
		case <-ctx.Done():
		case <-l.Wake:
		case <-t.C:
		}
		t.Stop()
	}
}
