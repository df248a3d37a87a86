package domain

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/bug"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// HoldCause is why we have a domain on clientHold.
type HoldCause string

// The causes. External is a hold that was found at the registry and is not ours.
const (
	HeldForEmail   HoldCause = "email"
	HeldForDispute HoldCause = "dispute"
	HeldForAbuse   HoldCause = "abuse"
	HeldForPayment HoldCause = "unpaid"
	HeldByOperator HoldCause = "operator"
	HeldExternally HoldCause = "external"
)

// Author and words of what is found at the registry.
const (
	byRegistry      = "registry"
	foundAtRegistry = "found at the registry"
	noLongerThere   = "no longer at the registry"
)

var holdCauses = []HoldCause{HeldForEmail, HeldForDispute, HeldForAbuse, HeldForPayment, HeldByOperator}

// Hold is one cause of a domain's clientHold. The status is put when the first cause
// comes, and taken off when the last has gone.
type Hold struct {
	bun.BaseModel `bun:"table:domain_hold"`

	ID       int64 `bun:",pk,autoincrement"`
	DomainID int64
	Cause    HoldCause
	// Author has placed it, Evidence is what that rests on, for staff.
	Author    string
	Evidence  string
	PlacedAt  store.Time
	LiftedAt  store.Time
	LiftedBy  string
	LiftedWhy string
}

// Open reports whether the cause still holds.
func (h Hold) Open() bool { return h.LiftedAt.IsZero() }

// Hold places a cause upon a domain; one that is there already stays as it is. With the
// first cause clientHold goes to the registry. For staff, with domain.hold, and for the
// system. Faults: domain_not_found, domain_state, value_unknown, field_required.
func (all *All) Hold(ctx context.Context, a actor.Actor, typed string, cause HoldCause, evidence string) ([]Hold, error) {
	if err := a.Check(actor.DomainHold); err != nil {
		return nil, err
	}
	if !slices.Contains(holdCauses, cause) {
		return nil, fault.At("cause", "value_unknown").With("Field", "cause")
	}
	if evidence == "" {
		return nil, fault.At("evidence", "field_required").With("Field", "evidence")
	}
	return all.withHolds(ctx, a, typed, "hold", func(ctx context.Context, tx *store.Tx, d *Domain, open []Hold) error {
		if d.State != Registered {
			return fault.New(fault.Conflict, "domain_state").With("State", string(d.State)).With("Event", "hold")
		}
		if cause == HeldForEmail && !slices.ContainsFunc(open, func(h Hold) bool { return h.Cause == cause }) {
			if err := all.heldForAnswer(ctx, tx, a, *d, evidence); err != nil {
				return err
			}
		}
		return all.putOn(ctx, tx, a, *d, open, cause, evidence)
	})
}

// putOn places a cause upon a domain that has the open ones, unless it is among them.
func (all *All) putOn(ctx context.Context, tx *store.Tx, a actor.Actor, d Domain, open []Hold, cause HoldCause, evidence string) error {
	if slices.ContainsFunc(open, func(h Hold) bool { return h.Cause == cause }) {
		return nil
	}
	if err := place(ctx, tx, d, cause, a.ID, evidence, ""); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, a, "domain.hold", d.PublicID, map[string]string{"cause": string(cause), "evidence": evidence}); err != nil {
		return err
	}
	if len(open) > 0 {
		return nil
	}
	// Somebody else may hold it already, of whom nothing is known yet: the registry is asked
	// first, lest that hold be taken for ours and lifted with it (compareHolds).
	if err := all.registries.Refresh(ctx, tx, d.Registry, d.Name, d.PublicID, registry.Interactive); err != nil {
		return err
	}
	return all.registries.SetHold(ctx, tx, d.Registry, d.Name, true, d.PublicID)
}

// takeOff takes the open cause i away from a domain.
func (all *All) takeOff(ctx context.Context, tx *store.Tx, a actor.Actor, d Domain, open []Hold, i int, reason string) error {
	if err := lift(ctx, tx, d, open[i], a.ID, reason); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, a, "domain.lift", d.PublicID, map[string]string{"cause": string(open[i].Cause), "reason": reason}); err != nil {
		return err
	}
	if len(open) > 1 && !bug.Seeded(bug.LiftWithFirstCause) || d.State != Registered {
		return nil
	}
	if never, err := all.neverPut(ctx, tx, d); err != nil || never {
		return err
	}
	return all.registries.SetHold(ctx, tx, d.Registry, d.Name, false, d.PublicID)
}

// Lift takes a cause away; with the last one clientHold is taken off at the registry. It
// never touches another cause. One that was found at the registry is a person's to lift.
// For staff, with domain.hold, and for the system. Faults: domain_not_found,
// hold_not_found, hold_needs_person, field_required.
func (all *All) Lift(ctx context.Context, a actor.Actor, typed string, cause HoldCause, reason string) ([]Hold, error) {
	if err := a.Check(actor.DomainHold); err != nil {
		return nil, err
	}
	if reason == "" {
		return nil, fault.At("reason", "field_required").With("Field", "reason")
	}
	return all.withHolds(ctx, a, typed, "lift", func(ctx context.Context, tx *store.Tx, d *Domain, open []Hold) error {
		i := slices.IndexFunc(open, func(h Hold) bool { return h.Cause == cause })
		if i < 0 {
			return fault.New(fault.NotFound, "hold_not_found").With("Domain", Display(d.Name)).With("Cause", string(cause))
		}
		if cause == HeldExternally && a.Has(actor.System) {
			return fault.New(fault.Forbidden, "hold_needs_person").With("Domain", Display(d.Name))
		}
		if cause == HeldForEmail { // whoever lifts it answers for it
			if last, err := lastAnswer(ctx, tx, d.ID); err != nil {
				return err
			} else if last.State == Overdue {
				if err := all.dropAnswer(ctx, tx, a, &last, reason); err != nil {
					return err
				}
			}
		}
		return all.takeOff(ctx, tx, a, *d, open, i, reason)
	})
}

// withHolds does something to the causes of a domain, which nobody else changes
// meanwhile, and returns all causes that it has and had.
func (all *All) withHolds(ctx context.Context, a actor.Actor, typed, op string, do func(context.Context, *store.Tx, *Domain, []Hold) error) (out []Hold, err error) {
	d, err := all.Get(ctx, a, typed)
	if err != nil {
		return nil, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		locked, open, err := all.lockHolds(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		if err := do(ctx, tx, &locked, open); err != nil {
			return err
		}
		after, err := holdsOf(ctx, tx, false, d.ID)
		out = after[d.ID]
		return err
	})
	return out, wrap(op, err)
}

// lockHolds reads a domain and its open causes, which nobody else changes meanwhile.
func (all *All) lockHolds(ctx context.Context, tx *store.Tx, id int64) (d Domain, open []Hold, err error) {
	q := tx.NewSelect().Model(&d).Where("id = ?", id)
	if all.store.Engine() == "postgres" { // SQLite has one writer
		q = q.For("UPDATE")
	}
	if err := q.Scan(ctx); err != nil {
		return d, nil, err
	}
	found, err := holdsOf(ctx, tx, true, id)
	return d, found[id], err
}

// Holds returns the causes that a domain of the actor's account has and had, the newest
// last. Fault: domain_not_found.
func (all *All) Holds(ctx context.Context, a actor.Actor, typed string) ([]Hold, error) {
	d, err := all.Get(ctx, a, typed)
	if err != nil {
		return nil, err
	}
	out, err := holdsOf(ctx, all.store.R, false, d.ID)
	return out[d.ID], wrap("holds", err)
}

// holdsOf returns the causes of domains, by their row ids.
func holdsOf(ctx context.Context, db bun.IDB, open bool, ids ...int64) (map[int64][]Hold, error) {
	out := map[int64][]Hold{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []Hold
	q := db.NewSelect().Model(&rows).Where("domain_id IN (?)", bun.List(ids)).OrderExpr("id")
	if open {
		q = q.Where("lifted_at IS NULL")
	}
	if err := q.Scan(ctx); err != nil {
		return nil, err
	}
	for _, h := range rows {
		out[h.DomainID] = append(out[h.DomainID], h)
	}
	return out, nil
}

// showMore puts the open causes and the answers that are wanted to domains that are
// about to be shown.
func (all *All) showMore(ctx context.Context, domains []Domain) error {
	ids := make([]int64, len(domains))
	for i, d := range domains {
		ids[i] = d.ID
	}
	found, err := holdsOf(ctx, all.store.R, true, ids...)
	if err != nil {
		return err
	}
	for i := range domains {
		domains[i].Holds = found[domains[i].ID]
	}
	return all.showAnswers(ctx, domains)
}

func place(ctx context.Context, tx *store.Tx, d Domain, cause HoldCause, author, evidence, batch string) error {
	h := &Hold{DomainID: d.ID, Cause: cause, Author: author, Evidence: evidence, PlacedAt: store.At(tx.Now())}
	if _, err := tx.NewInsert().Model(h).Exec(ctx); err != nil {
		return err
	}
	return event.Append(ctx, tx, d.AccountID, "domain.hold_placed", d.PublicID, map[string]string{"Domain": Display(d.Name), "Cause": string(cause), "Import": batch})
}

func lift(ctx context.Context, tx *store.Tx, d Domain, h Hold, by, reason string) error {
	h.LiftedAt, h.LiftedBy, h.LiftedWhy = store.At(tx.Now()), by, reason
	if err := store.One(tx.NewUpdate().Model(&h).Column("lifted_at", "lifted_by", "lifted_why").WherePK().Where("lifted_at IS NULL").Exec(ctx)); err != nil {
		return err
	}
	return event.Append(ctx, tx, d.AccountID, "domain.hold_lifted", d.PublicID, map[string]string{"Domain": Display(d.Name), "Cause": string(h.Cause)})
}

// holdAnswered takes the registry's answer to a hold that was put or taken off. One that
// it refuses is an operator's to look at: the causes stay.
func (all *All) holdAnswered(ctx context.Context, tx *store.Tx, d *touched, r registry.Result) error {
	switch r.Outcome {
	case registry.OutcomePending:
		return nil
	case registry.OutcomeRefused:
		f := fault.New(fault.Conflict, "hold_refused").With("Domain", Display(d.Name)).With("Command", string(r.Kind)).With("Words", r.Words())
		return all.registries.Raise(ctx, tx, d.Registry, d.Name, f)
	}
	d.Statuses = slices.DeleteFunc(slices.Clone(d.Statuses), func(s string) bool { return s == epp.ClientHold || r.Kind == registry.DomainHold && s == epp.StatusOK })
	if r.Kind == registry.DomainHold {
		d.Statuses = append(d.Statuses, epp.ClientHold)
		slices.Sort(d.Statuses)
	}
	return all.registries.Refresh(ctx, tx, d.Registry, d.Name, d.PublicID, registry.Bulk)
}

// compareHolds compares what the registry shows with the causes that we have. A hold of
// nobody's is external; one of ours that is not there is told to an operator.
func (all *All) compareHolds(ctx context.Context, tx *store.Tx, d *touched) error {
	if d.State != Registered {
		return nil
	}
	open, there := d.holds, d.Has(epp.ClientHold)
	if there && len(open) > 0 {
		return all.heldBefore(ctx, tx, d, open)
	}
	if there == (len(open) > 0) {
		return nil
	}
	if busy, err := registry.HoldUnderWay(ctx, tx, d.Registry, d.Name); err != nil || busy {
		return err
	}
	if there {
		if bug.Seeded(bug.LiftForeignHold) {
			return all.registries.SetHold(ctx, tx, d.Registry, d.Name, false, d.PublicID)
		}
		return place(ctx, tx, d.Domain, HeldExternally, byRegistry, foundAtRegistry, d.batch)
	}
	for _, h := range open {
		if h.Cause != HeldExternally {
			f := fault.New(fault.Conflict, "hold_missing").With("Domain", Display(d.Name)).With("Cause", string(h.Cause))
			return all.registries.Raise(ctx, tx, d.Registry, d.Name, f)
		}
	}
	for _, h := range open {
		if err := lift(ctx, tx, d.Domain, h, byRegistry, noLongerThere); err != nil {
			return err
		}
	}
	return nil
}

// heldBefore looks whether a name that we are about to put on hold is so already. Then
// somebody else has done it, and ours need not be sent: it stays on hold while a cause is left.
func (all *All) heldBefore(ctx context.Context, tx *store.Tx, d *touched, open []Hold) error {
	if slices.ContainsFunc(open, func(h Hold) bool { return h.Cause == HeldExternally }) {
		return nil
	}
	if never, err := all.neverPut(ctx, tx, d.Domain); err != nil || !never {
		return err
	}
	return place(ctx, tx, d.Domain, HeldExternally, byRegistry, foundAtRegistry, d.batch)
}

// neverPut takes a hold of ours back that has not been sent, and reports whether there was
// one: then there is nothing of ours at the registry to lift.
func (all *All) neverPut(ctx context.Context, tx *store.Tx, d Domain) (bool, error) {
	if waits, err := registry.HoldNotSent(ctx, tx, d.Registry, d.Name); err != nil || !waits {
		return false, err
	}
	sent := map[string]bool{}
	err := all.registries.Withdraw(ctx, tx, d.Registry, registry.DomainHold, []string{d.Name}, sent)
	return !sent[d.Name], err
}

// Held says which domains a hold is for: one, or with Domain 0 all that rest on a profile.
type Held struct {
	Domain, Profile int64
	// Evidence is what the hold rests on. A domain that was held for it once is not held
	// again: a person has lifted that.
	Evidence string
}

// Unheld lists up to n names of registered domains that a cause is not open upon.
func (all *All) Unheld(ctx context.Context, h Held, cause HoldCause, n int) (names []string, err error) {
	q := all.store.R.NewSelect().Model((*Domain)(nil)).Column("name").Where("state = ?", Registered).
		Where("NOT EXISTS (SELECT 1 FROM domain_hold h WHERE h.domain_id = domain.id AND h.cause = ? AND h.lifted_at IS NULL)", cause).OrderExpr("id").Limit(int64(n))
	q = q.Where("NOT EXISTS (SELECT 1 FROM domain_hold h WHERE h.domain_id = domain.id AND h.evidence = ?)", h.Evidence)
	if h.Domain != 0 {
		q = q.Where("id = ?", h.Domain)
	} else {
		q = q.Where("profile_id = ?", h.Profile)
	}
	err = q.Scan(ctx, &names)
	return names, wrap("unheld", err)
}

// HeldFor lists up to n names of domains that are on hold for a cause with this evidence.
func (all *All) HeldFor(ctx context.Context, cause HoldCause, evidence string, n int) (names []string, err error) {
	err = all.store.R.NewRaw("SELECT d.name FROM domain_hold h JOIN domain d ON d.id = h.domain_id WHERE h.cause = ? AND h.evidence = ? AND h.lifted_at IS NULL ORDER BY h.id LIMIT ?",
		cause, evidence, n).Scan(ctx, &names)
	return names, wrap("held for", err)
}
