package profile

import (
	"context"

	"github.com/verinym/verinym/internal/store"
)

// Sealed counts the numbers that are sealed.
func (ps *Profiles) Sealed(ctx context.Context) (n int, err error) {
	err = ps.store.R.NewRaw("SELECT count(*) FROM profile_version WHERE number_sealed IS NOT NULL").Scan(ctx, &n)
	return n, wrap("sealed", err)
}

// Reseal seals up to n numbers anew that an older key has sealed, after the row
// last, and returns the last row and how many it looked at; 0 when there are none
// left. A number that is edited meanwhile is sealed under the new key already.
func (ps *Profiles) Reseal(ctx context.Context, last int64, n int) (_ int64, looked int, err error) {
	var rows []Version
	err = ps.store.R.NewSelect().Model(&rows).Column("id", "public_id", "number_sealed").Where("id > ?", last).Where("number_sealed IS NOT NULL").OrderExpr("id").Limit(int64(n)).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return last, 0, wrap("reseal", err)
	}
	err = ps.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, v := range rows {
			old, err := ps.vault.FieldIsOld(v.NumberSealed)
			if err != nil {
				return err
			}
			if !old {
				continue
			}
			sealed, err := ps.vault.Reseal(numberPlace(v.PublicID), v.NumberSealed)
			if err != nil {
				return err
			}
			if _, err := tx.NewRaw("UPDATE profile_version SET number_sealed = ? WHERE id = ? AND number_sealed = ?", sealed, v.ID, v.NumberSealed).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return rows[len(rows)-1].ID, len(rows), wrap("reseal", err)
}
