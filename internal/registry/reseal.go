package registry

import (
	"context"
	"fmt"

	"github.com/verinym/verinym/internal/store"
)

// Sealed counts the commands that carry a secret.
func (r *Registries) Sealed(ctx context.Context) (n int, err error) {
	err = r.store.R.NewRaw("SELECT count(*) FROM registry_command WHERE secret IS NOT NULL").Scan(ctx, &n)
	return n, err
}

// Reseal seals the secrets of up to n commands anew that an older key has sealed,
// after the row last, and returns the last row and how many it looked at; 0 when
// there are none left.
func (r *Registries) Reseal(ctx context.Context, last int64, n int) (_ int64, looked int, err error) {
	var rows []Command
	err = r.store.R.NewSelect().Model(&rows).Column("id", "payload", "secret").Where("id > ?", last).Where("secret IS NOT NULL").OrderExpr("id").Limit(int64(n)).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return last, 0, err
	}
	err = r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, c := range rows {
			old, err := r.vault.FieldIsOld(c.Secret)
			if err != nil {
				return err
			}
			if !old {
				continue
			}
			sealed, err := r.vault.Reseal(secretPlace(c.Payload.Seal), c.Secret)
			if err != nil {
				return fmt.Errorf("registry: command %d: %w", c.ID, err)
			}
			if _, err := tx.NewRaw("UPDATE registry_command SET secret = ? WHERE id = ?", sealed, c.ID).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return rows[len(rows)-1].ID, len(rows), err
}
