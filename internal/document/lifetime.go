package document

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/store"
)

// Keeper knows what a picture is still needed for.
type Keeper interface {
	// KeptUntil returns until when the pictures of a document are needed, and for
	// what; a time that is past erases them.
	KeptUntil(ctx context.Context, tx *store.Tx, documentID int64) (until time.Time, ground string, err error)
}

// AddKeeper says who else is asked before pictures are erased: the ground that lasts
// longest counts.
func (ds *Documents) AddKeeper(k Keeper) { ds.keepers = append(ds.keepers, k) }

func (ds *Documents) keptUntil(ctx context.Context, tx *store.Tx, id int64) (until time.Time, ground string, err error) {
	for _, k := range ds.keepers {
		t, why, err := k.KeptUntil(ctx, tx, id)
		if err != nil {
			return until, "", err
		}
		if ground == "" || t.After(until) {
			until, ground = t, why
		}
	}
	return until, ground, nil
}

// LookAgain has it asked soon whether these pictures are still needed.
func LookAgain(ctx context.Context, tx *store.Tx, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.NewRaw("UPDATE document SET look_at = ? WHERE id IN (?) AND erased_at IS NULL", store.At(tx.Now()), bun.List(ids)).Exec(ctx)
	return wrap("look again", err)
}

// EraseDue looks at up to n documents whose time to be looked at has come: the
// pictures of those that nobody needs are erased, the others are looked at again
// when the ground for keeping them ends. Digest, verdict, findings and audit stay.
func (ds *Documents) EraseDue(ctx context.Context, n int) (looked int, err error) {
	var due []Document
	err = ds.store.R.NewSelect().Model(&due).Where("erased_at IS NULL").Where("look_at <= ?", store.At(ds.store.Now())).OrderExpr("look_at, id").Limit(int64(n)).Scan(ctx)
	if err != nil {
		return 0, wrap("erase", err)
	}
	var failed []error
	for _, d := range due {
		if err := ds.eraseUnneeded(ctx, d); err != nil {
			failed = append(failed, err)
			continue
		}
		looked++
	}
	return looked, wrap("erase", errors.Join(failed...))
}

func (ds *Documents) eraseUnneeded(ctx context.Context, d Document) error {
	kept := false
	err := ds.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		until, ground, err := ds.keptUntil(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		if kept = until.After(tx.Now()); kept {
			_, err := tx.NewRaw("UPDATE document SET look_at = ? WHERE id = ?", store.At(until), d.ID).Exec(ctx)
			return err
		}
		// The row forgets the keys, so that the sweep finds what a crash leaves.
		err = store.One(tx.NewRaw("UPDATE document SET state = ?, erased_at = ?, blob_key = '', copy_key = '', thumb_key = '', file_name = '', note = '', reading_sealed = NULL WHERE id = ? AND erased_at IS NULL",
			erased, store.At(tx.Now()), d.ID).Exec(ctx))
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor.Verinym, "document.erase", d.PublicID, map[string]string{"ground": ground})
	})
	if errors.Is(err, store.ErrStale) { // another process was first
		return nil
	}
	if err != nil || kept {
		return err
	}
	return ds.forget(ctx, d)
}

// youngest is how old a picture without a row must be to count as orphaned: an
// upload under way is no orphan.
const youngest = time.Hour

// SweepOrphans deletes pictures that no row names: those of uploads that a crash
// cut off between picture and row, or of erasures between row and picture.
func (ds *Documents) SweepOrphans(ctx context.Context) (swept int, err error) {
	err = ds.vault.List(ctx, ds.store.Now().Add(-youngest), 500, func(keys []string) error {
		var named []string
		q := "SELECT blob_key FROM document WHERE blob_key IN (?0) UNION SELECT copy_key FROM document WHERE copy_key IN (?0) UNION SELECT thumb_key FROM document WHERE thumb_key IN (?0)"
		if err := ds.store.R.NewRaw(q, bun.List(keys)).Scan(ctx, &named); err != nil {
			return err
		}
		known := make(map[string]bool, len(named))
		for _, k := range named {
			known[k] = true
		}
		for _, k := range keys {
			if known[k] {
				continue
			}
			if err := ds.vault.Delete(ctx, k); err != nil {
				return err
			}
			swept++
		}
		return nil
	})
	return swept, wrap("sweep", err)
}
