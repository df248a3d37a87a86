package document

import (
	"context"
	"io"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Copy returns what may leave the vault: an upright JPEG without metadata, within
// the registry's limits where it has some, and its digest.
func (ds *Documents) Copy(ctx context.Context, d Document) (picture, sha256 []byte, err error) {
	if d.State == erased {
		return nil, nil, fault.New(fault.NotFound, "document_erased")
	}
	picture, err = ds.vault.Read(ctx, d.CopyKey)
	return picture, d.CopySHA256, wrap("copy", err)
}

// Picture shows a reviewer the copy, in a case that they have in hand, after the reveal
// has been recorded. It needs review.decide. Faults: document_not_found, document_erased,
// review_not_claimed.
func (ds *Documents) Picture(ctx context.Context, a actor.Actor, publicID string) (picture []byte, err error) {
	if err := a.Check(actor.ReviewDecide); err != nil {
		return nil, err
	}
	d, err := ds.find(ctx, publicID)
	if err != nil {
		return nil, err
	}
	if picture, _, err = ds.Copy(ctx, d); err != nil { // what cannot be shown is not looked at
		return nil, err
	}
	err = ds.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := audit.Record(ctx, tx, a, "document.reveal", d.PublicID, nil); err != nil {
			return err
		}
		return ds.opened(ctx, tx, a, d.PublicID)
	})
	if err != nil {
		return nil, wrap("picture", err)
	}
	return picture, nil
}

// Thumbnail shows a picture too small for anything on it to be read, to its
// account and to reviewers. Faults: document_not_found, document_erased.
func (ds *Documents) Thumbnail(ctx context.Context, a actor.Actor, publicID string) ([]byte, error) {
	if err := a.Check(actor.ProfileRead); err != nil && !a.May(actor.ReviewRead) {
		return nil, err
	}
	d, err := ds.find(ctx, publicID)
	switch {
	case err != nil:
		return nil, err
	case d.AccountID != a.Account && !a.May(actor.ReviewRead):
		return nil, fault.New(fault.NotFound, "document_not_found")
	case d.State == erased:
		return nil, fault.New(fault.NotFound, "document_erased")
	}
	picture, err := ds.vault.Read(ctx, d.ThumbKey)
	return picture, wrap("thumbnail", err)
}

func (ds *Documents) find(ctx context.Context, publicID string) (d Document, err error) {
	err = ds.store.R.NewSelect().Model(&d).Where("public_id = ?", publicID).Scan(ctx)
	if store.IsNotFound(err) {
		return d, fault.New(fault.NotFound, "document_not_found")
	}
	return d, wrap("find", err)
}

// Original opens the picture as it was uploaded, for who has recorded why. Fault:
// document_erased.
func (ds *Documents) Original(ctx context.Context, d Document) (io.ReadCloser, error) {
	if d.State == erased {
		return nil, fault.New(fault.NotFound, "document_erased")
	}
	r, err := ds.vault.Get(ctx, d.BlobKey)
	return r, wrap("original", err)
}
