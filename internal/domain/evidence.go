package domain

import (
	"context"

	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// aboutHolder applies a result that is about no domain.
func (all *All) aboutHolder(ctx context.Context, tx *store.Tx, r registry.Result) error {
	if r.Kind == registry.HolderCode {
		return all.holderCoded(ctx, tx, r)
	}
	return all.aboutContact(ctx, tx, r)
}

// aboutContact applies a result about a contact to the domains that have it as
// their registrant.
func (all *All) aboutContact(ctx context.Context, tx *store.Tx, r registry.Result) error {
	switch {
	case r.Kind == registry.ContactUpdate:
		return all.detailsAnswered(ctx, tx, r)
	case r.Kind == registry.ContactInfo && r.Outcome == registry.OutcomeDone:
		c, ok, err := registry.KnownContact(ctx, tx, r.Registry, r.Contact)
		if err != nil || !ok {
			return err
		}
		_, err = tx.NewRaw("UPDATE domain SET holder_fold = ?, number_hash = ?, updated_at = ?, row_version = row_version + 1 WHERE registry = ? AND registrant = ? AND holder_fold = ''",
			c.HolderFold, c.NumberHash, store.At(tx.Now()), r.Registry, r.Contact).Exec(ctx)
		return err
	case r.Kind != registry.Evidence:
		return nil
	case r.Outcome == registry.OutcomeRefused || r.Evidence == registry.EvidenceFailed:
		return all.holderDecided(ctx, tx, r, false)
	case r.Outcome == registry.OutcomeDone && r.Evidence == registry.EvidenceVerified:
		return all.holderDecided(ctx, tx, r, true)
	case r.Outcome == registry.OutcomeDone:
		return all.evidenceSent(ctx, tx, r)
	}
	return nil
}

func (all *All) evidenceSent(ctx context.Context, tx *store.Tx, r registry.Result) error {
	if _, err := tx.NewRaw("UPDATE domain SET sync_state = ?, updated_at = ?, row_version = row_version + 1 WHERE registry = ? AND registrant = ? AND state = 'registered' AND sync_state = ?",
		SyncDone, store.At(tx.Now()), r.Registry, r.Contact, SyncQueued).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewRaw("UPDATE association_item SET state = ? WHERE state = ? AND domain_id IN (SELECT id FROM domain WHERE registry = ? AND registrant = ?)",
		ItemAtRegistry, ItemQueued, r.Registry, r.Contact).Exec(ctx)
	return err
}
