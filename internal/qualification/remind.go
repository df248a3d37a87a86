package qualification

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/store"
)

// RemindDue reminds the registrants of up to n names whose grace ends soon and whose papers
// are with nobody, once each, and returns how many there were.
func (qs *Qualifications) RemindDue(ctx context.Context, n int) (reminded int, err error) {
	err = qs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var rows []Qualification
		err := tx.NewSelect().Model(&rows).Where("reminded_at IS NULL").Where("state IN ('asked', 'failed')").
			Where("remind_at <= ?", store.At(tx.Now())).Where("due_at > ?", store.At(tx.Now())).OrderExpr("remind_at").Limit(int64(n)).Scan(ctx)
		if err != nil {
			return err
		}
		for _, q := range rows {
			q.RemindedAt = store.At(tx.Now())
			if err := q.save(ctx, tx); err != nil {
				return err
			}
			due := q.DueAt.In(qs.policies.Calendar.Zone()).Format(time.DateOnly)
			if err := qs.announce(ctx, tx, q, "qualification.due_soon", map[string]string{"Due": due}); err != nil {
				return err
			}
		}
		reminded = len(rows)
		return nil
	})
	return reminded, wrap("remind", err)
}
