package domain

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// sweepSubject starts the subject of an <info> of the sweep. What differs then has
// reached us by no message and is no doing of ours.
const sweepSubject = "sweep:"

// Reconcile asks the registries about up to n domains of which nothing was heard for
// StaleAfter, the longest first, and returns how many. It may stop and go on anywhere.
// What they say is taken over; what differs is a finding for an operator. Nothing is
// changed at a registry.
func (all *All) Reconcile(ctx context.Context, n int) (int, error) {
	stale := store.Micros(all.store.Now().Add(-all.config.StaleAfter))
	var due []Domain
	err := all.store.R.NewSelect().Model(&due).Column("id", "public_id", "name", "registry").Where("state = 'registered'").Where("asked_at <= ?", stale).
		Where("info_at IS NULL OR info_at <= ?", stale).OrderExpr("asked_at, id").Limit(int64(n)).Scan(ctx)
	if err != nil || len(due) == 0 {
		return 0, wrap("reconcile", err)
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error { return all.askAbout(ctx, tx, due) })
	return len(due), wrap("reconcile", err)
}

// askAbout orders an <info> of each of some domains, behind all other work.
func (all *All) askAbout(ctx context.Context, tx *store.Tx, some []Domain) error {
	if len(some) == 0 {
		return nil
	}
	ids := make([]int64, len(some))
	for i, d := range some {
		ids[i] = d.ID
		if err := all.registries.RefreshUnlessAsked(ctx, tx, d.Registry, d.Name, sweepSubject+d.PublicID); err != nil {
			return err
		}
	}
	_, err := tx.NewRaw("UPDATE domain SET asked_at = ? WHERE id IN (?)", store.Micros(tx.Now()), bun.List(ids)).Exec(ctx)
	return err
}

// drift compares what a sweep has found with what was believed before.
func (all *All) drift(ctx context.Context, tx *store.Tx, before Domain, d *touched, r registry.Result) error {
	if !strings.HasPrefix(r.Subject, sweepSubject) || before.State != Registered || before.InfoAt.IsZero() {
		return nil
	}
	var found []string
	differs := func(what, was, is string) {
		if was != is {
			found = append(found, what+": "+or(was, "-")+" → "+or(is, "-"))
		}
	}
	switch {
	case r.Outcome == registry.OutcomeRefused && r.Code == epp.CodeNotExists:
		found = append(found, "the registry does not know it any more")
	case r.Foreign || r.Outcome == registry.OutcomeRefused && r.Code == epp.CodeAuthorization:
		found = append(found, "it is with another registrar")
	case r.Info == nil:
		return nil
	default:
		differs("statuses", strings.Join(before.Statuses, " "), strings.Join(d.Statuses, " "))
		differs("registrant", before.Registrant, d.Registrant)
		differs("expires", before.ExpiresAt.UTC().Format("2006-01-02"), d.ExpiresAt.UTC().Format("2006-01-02"))
		differs("verification", before.Compliance, d.Compliance)
	}
	if len(found) == 0 {
		return nil
	}
	said := strings.Join(found, "; ")
	f := fault.New(fault.Conflict, "domain_drift").With("Domain", Display(d.Name)).With("Differences", said)
	if err := all.registries.Raise(ctx, tx, d.Registry, d.Name, f); err != nil {
		return err
	}
	return event.Append(ctx, tx, d.AccountID, "domain.drift", d.PublicID, map[string]string{"Domain": Display(d.Name), "Differences": said})
}
