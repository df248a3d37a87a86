package review

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/store"
)

// Age makes a case older by so much, as if it had been submitted earlier: a demonstration
// has no past of its own, and shows what is late all the same. It is for the system alone.
// Fault: review_not_found.
func (r *Reviews) Age(ctx context.Context, publicID string, by time.Duration) error {
	return wrap("age", r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		c, err := find(ctx, tx, publicID)
		if err != nil {
			return err
		}
		c.SubmittedAt, c.ExpectedAt = store.At(c.SubmittedAt.Add(-by)), store.At(c.ExpectedAt.Add(-by))
		if err := r.keep(ctx, tx, &c); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor.Verinym, "review.age", c.PublicID, map[string]string{"by": by.String()})
	}))
}
