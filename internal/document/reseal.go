package document

import (
	"context"
	"errors"

	"github.com/verinym/verinym/internal/store"
)

// Sealed counts the documents whose pictures are kept.
func (ds *Documents) Sealed(ctx context.Context) (n int, err error) {
	err = ds.store.R.NewRaw("SELECT count(*) FROM document WHERE erased_at IS NULL").Scan(ctx, &n)
	return n, wrap("sealed", err)
}

// Reseal seals the pictures of up to n documents anew that an older key has sealed,
// after the row last, and returns the last row and how many it looked at; 0 when
// there are none left.
func (ds *Documents) Reseal(ctx context.Context, last int64, n int) (_ int64, looked int, err error) {
	var rows []Document
	err = ds.store.R.NewSelect().Model(&rows).Where("id > ?", last).Where("erased_at IS NULL").OrderExpr("id").Limit(int64(n)).Scan(ctx)
	if err != nil {
		return last, 0, wrap("reseal", err)
	}
	for _, d := range rows {
		if err := ds.reseal(ctx, d); err != nil {
			return last, looked, wrap("reseal", err)
		}
		last, looked = d.ID, looked+1
	}
	return last, looked, nil
}

// reseal writes the new pictures before the row, and deletes the old ones after it:
// what a crash leaves over is swept.
func (ds *Documents) reseal(ctx context.Context, d Document) error {
	now := d
	var before, after Document // what is replaced, and by what
	for _, p := range []struct{ now, before, after *string }{
		{&now.BlobKey, &before.BlobKey, &after.BlobKey}, {&now.CopyKey, &before.CopyKey, &after.CopyKey}, {&now.ThumbKey, &before.ThumbKey, &after.ThumbKey},
	} {
		if *p.now == "" {
			continue
		}
		if old, err := ds.vault.PictureIsOld(*p.now); err != nil || !old {
			if err != nil {
				return err
			}
			continue
		}
		s, err := ds.vault.ResealPicture(ctx, *p.now)
		if err != nil {
			return err
		}
		*p.before, *p.now, *p.after = *p.now, s.Key, s.Key
	}
	if err := ds.vault.Flush(after.BlobKey, after.CopyKey, after.ThumbKey); err != nil {
		return err
	}
	var err error
	if now.ReadingSealed, err = ds.resealedReading(d); err != nil {
		return err
	}
	err = ds.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return store.One(tx.NewRaw("UPDATE document SET blob_key = ?, copy_key = ?, thumb_key = ?, reading_sealed = ? WHERE id = ? AND blob_key = ?", now.BlobKey, now.CopyKey, now.ThumbKey, now.ReadingSealed, d.ID, d.BlobKey).Exec(ctx))
	})
	if errors.Is(err, store.ErrStale) { // erased meanwhile
		return ds.forget(ctx, after)
	}
	if err != nil {
		return err
	}
	return ds.forget(ctx, before)
}
