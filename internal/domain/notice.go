package domain

import (
	"context"
	"slices"
	"strings"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/changepoll"
	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// changed tells the owner what a registry has done to a domain by itself: renewed it,
// let it expire, held or released it, locked it, or found it not compliant.
func (all *All) changed(ctx context.Context, tx *store.Tx, before Domain, d *touched, r registry.Result) error {
	if d.State != Registered {
		return nil
	}
	tell := func(typ event.Type, more map[string]string) error {
		data := map[string]string{"Domain": Display(d.Name)}
		for k, v := range more {
			data[k] = v
		}
		return event.Append(ctx, tx, d.AccountID, typ, d.PublicID, data)
	}
	switch r.Operation {
	case changepoll.AutoRenew:
		if err := tell("domain.auto_renewed", map[string]string{"Expires": d.ExpiresAt.Format("2006-01-02")}); err != nil {
			return err
		}
	case changepoll.AutoDelete:
		// Whether it can still be redeemed is seen when the registry is asked.
		if err := tell("domain.expired", map[string]string{"Words": r.Message}); err != nil {
			return err
		}
		return all.registries.Refresh(ctx, tx, d.Registry, d.Name, d.PublicID, registry.Interactive)
	}
	if r.Kind == "" && d.Has(epp.ClientHold) && !before.Has(epp.ClientHold) { // whose? An old message does not say.
		if err := all.registries.Refresh(ctx, tx, d.Registry, d.Name, d.PublicID, registry.Interactive); err != nil {
			return err
		}
	}
	if before.InfoAt.IsZero() {
		return nil // seen for the first time
	}
	if d.Compliance == vcode.NonCompliant && before.Compliance != vcode.NonCompliant {
		if err := tell("domain.verification_overdue", nil); err != nil {
			return err
		}
	}
	switch held := d.Has(epp.ServerHold); {
	case held && !before.Has(epp.ServerHold):
		if err := tell("domain.held_by_registry", map[string]string{"Words": r.Message}); err != nil {
			return err
		}
	case !held && before.Has(epp.ServerHold):
		if err := tell("domain.released_by_registry", nil); err != nil {
			return err
		}
	}
	added, removed := without(d.locksByRegistry(), before.locksByRegistry()), without(before.locksByRegistry(), d.locksByRegistry())
	if len(added)+len(removed) == 0 {
		return nil
	}
	return tell("domain.locks_changed", map[string]string{"Added": strings.Join(added, " "), "Removed": strings.Join(removed, " ")})
}

// locksByRegistry are the prohibitions that the registry has set.
func (d Domain) locksByRegistry() (out []string) {
	for _, s := range d.Statuses {
		if strings.HasPrefix(s, "server") && strings.HasSuffix(s, "Prohibited") {
			out = append(out, s)
		}
	}
	return out
}

func without(list, out []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(out, s) })
}

// deleted takes the removal of a name by the registry, also in the middle of an order or
// task, which ends with the cause. The money for a name that its review did not allow
// goes back, where the suffix's policy says so.
func (all *All) deleted(ctx context.Context, tx *store.Tx, d *touched, r registry.Result) (err error) {
	if d.State == Importing {
		return all.refuseImport(ctx, tx, d, why{code: "import_not_at_registry"})
	}
	was, cause := d.State, why{code: "domain_deleted_by_registry", words: r.Words()}
	if d.NamingState == Failed {
		cause = why{d.NamingReason, d.NamingWords}
	}
	if d.State, err = Domains.Next(d.State, Delete); err != nil {
		return err
	}
	d.NextVersionID = 0
	all.endItems(tx, d.Domain, false, cause)
	if err := all.dropAnswers(ctx, tx, d.Domain); err != nil {
		return err
	}
	if err := all.dropPapers(ctx, tx, d.AccountID, d.Name); err != nil {
		return err
	}
	if was == Registering {
		if err := all.failOrder(ctx, tx, d, cause); err != nil {
			return err
		}
	}
	data := map[string]string{"Domain": Display(d.Name), "Reason": cause.code, "Words": cause.words}
	if d.NamingState == Failed {
		if data["Outcome"] = all.outcome(d.Domain); data["Outcome"] == refunded {
			data["Refund"] = "true"
		}
	}
	return event.Append(ctx, tx, d.AccountID, "domain.deleted", d.PublicID, data)
}

// failOrder ends the order of a name that was deleted before we knew that it had
// been registered.
func (all *All) failOrder(ctx context.Context, tx *store.Tx, d *touched, cause why) (err error) {
	var o Order
	if err := tx.NewSelect().Model(&o).Where("domain_id = ?", d.ID).Scan(ctx); err != nil {
		return err
	}
	if o.State, err = Orders.Next(o.State, RefuseOrder); err != nil {
		return err
	}
	o.Failure = cause.code
	if err := saveOrder(ctx, tx, &o); err != nil {
		return err
	}
	data := map[string]string{"Domain": Display(d.Name), "Reason": cause.code, "Words": cause.words}
	if d.NamingState == Failed {
		data["Outcome"] = all.outcome(d.Domain)
	}
	return event.Append(ctx, tx, d.AccountID, "order.failed", o.PublicID, data)
}

// transferSeen takes news of a transfer of a domain of ours: somebody asks for it, and
// either has it or does not get it.
func (all *All) transferSeen(ctx context.Context, tx *store.Tx, d *touched, r registry.Result) error {
	t := r.Transfer
	switch {
	case t.Incoming:
		return nil
	case t.Approved():
		return all.left(ctx, tx, d, t.Gaining)
	case d.State != Registered:
		return nil
	}
	typ := event.Type("domain.transfer_ended")
	data := map[string]string{"Domain": Display(d.Name), "Registrar": t.Gaining, "Status": t.Status}
	if t.Pending() {
		typ, data["Until"] = "domain.transfer_requested", t.ActBy.UTC().Format("2006-01-02T15:04:05Z")
	}
	if err := event.Append(ctx, tx, d.AccountID, typ, d.PublicID, data); err != nil {
		return err
	}
	if locks := all.Locks(d.Domain, tx.Now()); t.Pending() && len(locks) > 0 {
		if err := all.refuseTransfer(ctx, tx, d.Domain, t.Gaining, locks[0]); err != nil {
			return err
		}
	}
	return all.registries.Refresh(ctx, tx, d.Registry, d.Name, d.PublicID, registry.Interactive)
}

// left takes that a domain is with another registrar now. What was under way for it
// ends, and its owner is told; to is that registrar, "" where the registry does not say.
func (all *All) left(ctx context.Context, tx *store.Tx, d *touched, to string) (err error) {
	if d.State != Registered {
		return nil
	}
	if d.State, err = Domains.Next(d.State, Leave); err != nil {
		return err
	}
	d.NextVersionID = 0
	all.endItems(tx, d.Domain, false, why{code: "domain_transferred_away"})
	if err := all.dropAnswers(ctx, tx, d.Domain); err != nil {
		return err
	}
	if err := all.dropPapers(ctx, tx, d.AccountID, d.Name); err != nil {
		return err
	}
	return event.Append(ctx, tx, d.AccountID, "domain.transferred_away", d.PublicID, map[string]string{"Domain": Display(d.Name), "Registrar": to})
}
