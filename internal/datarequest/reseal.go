package datarequest

import (
	"context"

	"github.com/verinym/verinym/internal/store"
)

// Sealed counts the files of exports that are kept.
func (rs *Requests) Sealed(ctx context.Context) (n int, err error) {
	err = rs.store.R.NewRaw("SELECT count(*) FROM data_request WHERE blob_key <> ''").Scan(ctx, &n)
	return n, wrap("sealed", err)
}

// Reseal seals up to n files anew that an older key has sealed, after the row last, and
// returns the last row and how many it looked at; 0 when there are none left.
func (rs *Requests) Reseal(ctx context.Context, last int64, n int) (_ int64, looked int, err error) {
	var rows []Request
	err = rs.store.R.NewSelect().Model(&rows).Where("id > ?", last).Where("blob_key <> ''").OrderExpr("id").Limit(int64(n)).Scan(ctx)
	if err != nil {
		return last, 0, wrap("reseal", err)
	}
	for _, r := range rows {
		if err := rs.reseal(ctx, r); err != nil {
			return last, looked, wrap("reseal", err)
		}
		last, looked = r.ID, looked+1
	}
	return last, looked, nil
}

// reseal writes the new file before the row, and deletes the old one after it: what a crash
// leaves over is swept.
func (rs *Requests) reseal(ctx context.Context, r Request) error {
	old, err := rs.vault.PictureIsOld(r.BlobKey)
	if err != nil || !old {
		return err
	}
	made, err := rs.vault.ResealPicture(ctx, r.BlobKey)
	if err != nil {
		return err
	}
	if err := rs.vault.Flush(made.Key); err != nil {
		return err
	}
	gone := r.BlobKey
	err = rs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		res, err := tx.NewRaw("UPDATE data_request SET blob_key = ?, row_version = row_version + 1 WHERE id = ? AND blob_key = ?", made.Key, r.ID, gone).Exec(ctx)
		if err != nil {
			return err
		}
		if met, err := res.RowsAffected(); err != nil || met == 0 { // fetched no more meanwhile
			gone = made.Key
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	return rs.vault.Delete(ctx, gone)
}
