package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// QueuedJob is a job as the queue has it.
type QueuedJob struct {
	ID   int64
	Kind string
	// State is the queue's word: available, scheduled, retryable, running, completed,
	// cancelled or discarded.
	State string
	// Arguments are what the job carries, as JSON.
	Arguments           string
	Tries, MaxTries     int
	CreatedAt, DueAt    time.Time
	BegunAt, FinishedAt time.Time // zero where that has not happened
	Failure             string    // of the last try, "" for none
}

// JobCount is how many jobs of a kind are in a state.
type JobCount struct {
	Kind, State string
	Count       int
}

// JobCounts counts the jobs in the queue.
func (s *Store) JobCounts(ctx context.Context) (out []JobCount, err error) {
	if err := s.R.NewRaw("SELECT kind, state, count(*) AS count FROM river_job GROUP BY kind, state ORDER BY kind, state").Scan(ctx, &out); err != nil {
		return nil, fmt.Errorf("store: count jobs: %w", err)
	}
	return out, nil
}

// Jobs lists up to n jobs in the states, those that are due first at the beginning.
func (s *Store) Jobs(ctx context.Context, n int, states ...string) (out []QueuedJob, err error) {
	in := make([]rivertype.JobState, len(states))
	for i, state := range states {
		in[i] = rivertype.JobState(state)
	}
	found, err := s.engine.listJobs(ctx, river.NewJobListParams().States(in...).OrderBy(river.JobListOrderByScheduledAt, river.SortOrderAsc).First(n))
	if err != nil {
		return nil, fmt.Errorf("store: list jobs: %w", err)
	}
	for _, j := range found.Jobs {
		out = append(out, queued(j))
	}
	return out, nil
}

func queued(j *rivertype.JobRow) QueuedJob {
	out := QueuedJob{
		ID: j.ID, Kind: j.Kind, State: string(j.State), Arguments: string(j.EncodedArgs), Tries: j.Attempt,
		MaxTries: j.MaxAttempts, CreatedAt: j.CreatedAt, DueAt: j.ScheduledAt,
	}
	if j.AttemptedAt != nil {
		out.BegunAt = *j.AttemptedAt
	}
	if j.FinalizedAt != nil {
		out.FinishedAt = *j.FinalizedAt
	}
	if n := len(j.Errors); n > 0 {
		out.Failure = j.Errors[n-1].Error
	}
	return out
}

// ErrNoJob says that the queue has no job of that number.
var ErrNoJob = errors.New("store: no such job")

// RetryJob has a job done at once that waits or has been given up; one that is running, or
// due already, stays as it is. It returns the job, or ErrNoJob.
func (tx *Tx) RetryJob(ctx context.Context, id int64) (QueuedJob, error) {
	j, err := tx.store.engine.retryJob(ctx, tx, id)
	if errors.Is(err, rivertype.ErrNotFound) {
		return QueuedJob{}, ErrNoJob
	}
	if err != nil {
		return QueuedJob{}, fmt.Errorf("store: retry job: %w", err)
	}
	return queued(j), nil
}
