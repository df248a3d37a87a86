package domain

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// Reconciliation is a registry asked about all names that we have there, because an
// operator wants it; Reconcile asks about those of which nothing was heard for long.
type Reconciliation struct {
	bun.BaseModel `bun:"table:reconciliation"`

	ID       int64 `bun:",pk,autoincrement"`
	PublicID string
	Registry string
	Author   string
	// Names is how many there were at its beginning, Asked about how many the registry is
	// asked by now, LastID the last of them.
	Names     int
	Asked     int
	LastID    int64
	StartedAt store.Time
	EndedAt   store.Time
}

const (
	// reconciledTogether is about how many names one unit of work asks.
	reconciledTogether = 200
	// reconciliationAhead is how many questions may wait to be sent: a registry that is slow,
	// or paused, gets no more.
	reconciliationAhead = 2 * reconciledTogether
)

// ReconcileNow has a registry asked about every name that we have there, behind all other
// work. What it says is taken over; what differs is a finding. One that is under way goes
// on, and is returned. It needs registry.manage. Fault: registry_unknown.
func (all *All) ReconcileNow(ctx context.Context, a actor.Actor, name string) (r Reconciliation, err error) {
	if err := all.registries.Manageable(a, name); err != nil {
		return r, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		names, err := tx.NewSelect().Model((*Domain)(nil)).Where("registry = ?", name).Where("state = 'registered'").Count(ctx)
		if err != nil {
			return err
		}
		r = Reconciliation{PublicID: store.NewID("rec"), Registry: name, Author: a.ID, Names: int(names), StartedAt: store.At(tx.Now())}
		switch err := store.One(tx.NewInsert().Model(&r).On("CONFLICT (registry) WHERE ended_at IS NULL DO NOTHING").Returning("NULL").Exec(ctx)); {
		case errors.Is(err, store.ErrStale):
			r = Reconciliation{}
			return tx.NewSelect().Model(&r).Where("registry = ?", name).Where("ended_at IS NULL").Scan(ctx)
		case err != nil:
			return err
		}
		return audit.Record(ctx, tx, a, "registry.reconcile", name, nil)
	})
	return r, wrap("reconcile", err)
}

// LastReconciliation is the latest that somebody wanted of a registry, nil where nobody
// has. It needs registry.read.
func (all *All) LastReconciliation(ctx context.Context, a actor.Actor, name string) (*Reconciliation, error) {
	if err := a.Check(actor.RegistryRead); err != nil {
		return nil, err
	}
	var r Reconciliation
	err := all.store.R.NewSelect().Model(&r).Where("registry = ?", name).OrderExpr("id DESC").Limit(1).Scan(ctx)
	if store.IsNotFound(err) {
		return nil, nil
	}
	return &r, wrap("reconciliation", err)
}

// WorkReconciliations has the registries asked about some more names of each open
// reconciliation, and returns about how many.
func (all *All) WorkReconciliations(ctx context.Context) (asked int, err error) {
	var open []Reconciliation
	if err := all.store.R.NewSelect().Model(&open).Where("ended_at IS NULL").OrderExpr("id").Scan(ctx); err != nil {
		return 0, wrap("reconciliations", err)
	}
	for _, r := range open {
		waiting, err := all.registries.ReadyIn(ctx, r.Registry, registry.Sweep, reconciliationAhead)
		if err != nil {
			return asked, wrap("reconciliations", err)
		}
		if waiting > reconciliationAhead-reconciledTogether {
			continue
		}
		n, err := all.reconcileMore(ctx, r.ID)
		if asked += n; err != nil {
			return asked, wrap("reconciliations", err)
		}
	}
	return asked, nil
}

// reconcileMore asks about the next names of a reconciliation, and ends it after the last.
func (all *All) reconcileMore(ctx context.Context, id int64) (asked int, err error) {
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var r Reconciliation
		q := tx.NewSelect().Model(&r).Where("id = ?", id).Where("ended_at IS NULL")
		if all.store.Engine() == "postgres" { // SQLite has one writer
			q = q.For("UPDATE SKIP LOCKED")
		}
		if err := q.Scan(ctx); err != nil {
			if store.IsNotFound(err) {
				return nil // another process is at it, or has ended it
			}
			return err
		}
		var next []Domain
		err := tx.NewSelect().Model(&next).Column("id", "public_id", "name", "registry").Where("registry = ?", r.Registry).Where("state = 'registered'").
			Where("id > ?", r.LastID).OrderExpr("id").Limit(reconciledTogether).Scan(ctx)
		if err != nil {
			return err
		}
		if err := all.askAbout(ctx, tx, next); err != nil {
			return err
		}
		asked = len(next)
		r.Asked += asked
		if asked > 0 {
			r.LastID = next[asked-1].ID
		}
		if asked < reconciledTogether {
			r.EndedAt = store.At(tx.Now())
		}
		return store.One(tx.NewUpdate().Model(&r).WherePK().Exec(ctx))
	})
	return asked, err
}
