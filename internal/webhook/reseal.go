package webhook

import (
	"context"
	"fmt"

	"github.com/verinym/verinym/internal/store"
)

// Sealed counts the endpoints that have a secret.
func (h *Hooks) Sealed(ctx context.Context) (n int, err error) {
	err = h.store.R.NewRaw("SELECT count(*) FROM webhook_endpoint WHERE state <> 'deleted'").Scan(ctx, &n)
	return n, err
}

// Reseal seals the secrets of up to n endpoints anew that an older key has sealed, after
// the row last, and returns the last row and how many it looked at; 0 when there are
// none left.
func (h *Hooks) Reseal(ctx context.Context, last int64, n int) (_ int64, looked int, err error) {
	var rows []Endpoint
	err = h.store.R.NewSelect().Model(&rows).Where("id > ?", last).Where("state <> 'deleted'").OrderExpr("id").Limit(int64(n)).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return last, 0, err
	}
	err = h.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, e := range rows {
			for _, part := range []struct {
				field string
				now   *[]byte
			}{{"secret", &e.Secret}, {"old_secret", &e.OldSecret}} {
				if len(*part.now) == 0 {
					continue
				}
				sealed, err := h.vault.Reseal(e.place(part.field), *part.now)
				if err != nil {
					return fmt.Errorf("webhook: %s: %w", e.PublicID, err)
				}
				*part.now = sealed
			}
			if err := save(ctx, tx, &e); err != nil {
				return err
			}
		}
		return nil
	})
	return rows[len(rows)-1].ID, len(rows), err
}
