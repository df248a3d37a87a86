package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/verinym/verinym/internal/store"
)

// Hand does jobs when it is told to: for programs that move the clock by hand, and have no
// time for a queue that looks now and then. Others call Run.
type Hand struct {
	queue   store.Queue
	workers *Workers
}

// ByHand returns a hand for the jobs of s.
func ByHand(s *store.Store, w *Workers, log *slog.Logger) (*Hand, error) {
	queue, err := s.NewQueue(&river.Config{Logger: log})
	if err != nil {
		return nil, fmt.Errorf("job: %w", err)
	}
	return &Hand{queue, w}, nil
}

// handful is how many jobs are taken at once.
const handful = 1000

// Once does every job that waits, the oldest first, and returns how many it did. One that
// fails waits for the next call, and is named in the error.
func (h *Hand) Once(ctx context.Context) (n int, err error) {
	found, err := h.queue.JobList(ctx, river.NewJobListParams().States(rivertype.JobStateAvailable, rivertype.JobStateRetryable).First(handful))
	if err != nil {
		return 0, fmt.Errorf("job: %w", err)
	}
	var failed []error
	for _, j := range found.Jobs {
		if err := h.workers.byKind[j.Kind](ctx, j.EncodedArgs); err != nil {
			failed = append(failed, fmt.Errorf("job: %s: %w", j.Kind, err))
			continue
		}
		if _, err := h.queue.JobDelete(ctx, j.ID); err != nil {
			return n, fmt.Errorf("job: %w", err)
		}
		n++
	}
	return n, errors.Join(failed...)
}
