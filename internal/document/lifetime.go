package document

import (
	"context"
	"errors"
	"slices"
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
		return erase(ctx, tx, d, ground)
	})
	if errors.Is(err, store.ErrStale) { // another process was first
		return nil
	}
	if err != nil || kept {
		return err
	}
	return ds.forget(ctx, d)
}

// erase empties the row of a document, which forgets the keys, so that the sweep finds what
// a crash leaves. The error is store.ErrStale where that has been done.
func erase(ctx context.Context, tx *store.Tx, d Document, ground string) error {
	err := store.One(tx.NewRaw("UPDATE document SET state = ?, erased_at = ?, blob_key = '', copy_key = '', thumb_key = '', file_name = '', note = '', reading_sealed = NULL WHERE id = ? AND erased_at IS NULL",
		erased, store.At(tx.Now()), d.ID).Exec(ctx))
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor.Verinym, "document.erase", d.PublicID, map[string]string{"ground": ground})
}

// Erase empties documents for a ground, whatever they are still needed for; those who kept
// them have been asked. forget deletes the pictures: call it once the unit of work has been
// committed. What a crash in between leaves is swept.
func (ds *Documents) Erase(ctx context.Context, tx *store.Tx, account int64, ids []int64, ground string) (forget func(context.Context) error, err error) {
	found, err := ByIDs(ctx, tx, account, ids)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(d Document) bool { return !d.ErasedAt.IsZero() })
	for _, d := range found {
		if err := erase(ctx, tx, d, ground); err != nil {
			return nil, wrap("erase", err)
		}
	}
	return func(ctx context.Context) error {
		var failed []error
		for _, d := range found {
			failed = append(failed, ds.forget(ctx, d))
		}
		return wrap("erase", errors.Join(failed...))
	}, nil
}

// Holder is somebody else who keeps things in the vault.
type Holder interface {
	// Holds returns those of the keys that its rows name.
	Holds(ctx context.Context, keys []string) ([]string, error)
}

// AddHolder says who else is asked before what no document names is swept.
func (ds *Documents) AddHolder(h Holder) { ds.holders = append(ds.holders, h) }

// youngest is how old a picture without a row must be to count as orphaned: an
// upload under way is no orphan.
const youngest = time.Hour

// SweepOrphans deletes pictures that no row names, of a document or of who else keeps some: those of uploads that a crash
// cut off between picture and row, or of erasures between row and picture.
func (ds *Documents) SweepOrphans(ctx context.Context) (swept int, err error) {
	err = ds.vault.List(ctx, ds.store.Now().Add(-youngest), 500, func(keys []string) error {
		var named []string
		q := "SELECT blob_key FROM document WHERE blob_key IN (?0) UNION SELECT copy_key FROM document WHERE copy_key IN (?0) UNION SELECT thumb_key FROM document WHERE thumb_key IN (?0)"
		if err := ds.store.R.NewRaw(q, bun.List(keys)).Scan(ctx, &named); err != nil {
			return err
		}
		for _, h := range ds.holders {
			held, err := h.Holds(ctx, keys)
			if err != nil {
				return err
			}
			named = append(named, held...)
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
