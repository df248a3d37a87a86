package domain

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/epp"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store"
)

// Transfer is the wish for a domain that another registrar has.
type Transfer struct {
	bun.BaseModel `bun:"table:domain_transfer"`

	ID        int64 `bun:",pk,autoincrement"`
	PublicID  string
	AccountID int64
	Name      string
	Registry  string
	Years     int
	ProfileID int64
	VersionID int64
	// DomainID is the domain once it is ours.
	DomainID int64
	State    TransferState
	// Reason is why it failed, Params what the text of that takes.
	Reason string
	Params fault.Params
	// ActBy is until when the present registrar may act; most registries let a
	// transfer through then.
	ActBy      store.Time
	AskedAt    store.Time
	CreatedAt  store.Time
	EndedAt    store.Time
	RowVersion int64
}

// TransferRequest is what a transfer is asked for with.
type TransferRequest struct {
	Domain  string
	Profile string
	// AuthInfo is the transfer password that the present registrar has given out. It is
	// sealed until it is sent, and kept nowhere else.
	AuthInfo string
	Years    int
}

// RequestTransfer asks for a domain of another registrar's with a profile that may be used,
// whose holder it is to have here. The account has one open transfer of a name: the same
// asked for again is answered with the open one. Faults: account_unverified,
// years_invalid, field_required, domain_name_invalid, suffix_unsupported, why the profile
// does not fit, domain_exists, transfer_exists, transfer_own, transfer_not_registered,
// transfer_auth_wrong, transfer_held, transfer_busy, transfer_locked,
// registry_unreachable.
func (all *All) RequestTransfer(ctx context.Context, a actor.Actor, r TransferRequest) (t Transfer, err error) {
	t, v, err := all.transferWish(ctx, a, r)
	if err != nil {
		return t, err
	}
	if open, err := all.openTransfer(ctx, t); err != nil || open.ID != 0 {
		return open, wrap("request transfer", err)
	}
	if err := all.mayComeIn(ctx, t, r.AuthInfo); err != nil {
		return t, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := all.profiles.Use(ctx, tx, v); err != nil {
			return err
		}
		t.CreatedAt, t.AskedAt = store.At(tx.Now()), store.At(tx.Now())
		if _, err := tx.NewInsert().Model(&t).Exec(ctx); err != nil {
			return err
		}
		if err := all.registries.RequestTransfer(ctx, tx, t.Registry, t.Name, t.Years, r.AuthInfo, t.PublicID); err != nil {
			return err
		}
		if err := t.tell(ctx, tx, "transfer.requested", nil); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "transfer.request", t.PublicID, map[string]string{"name": t.Name})
	})
	if store.IsUnique(err) { // asked for at the same moment
		t, err = all.openTransfer(ctx, t)
	}
	return t, wrap("request transfer", err)
}

// transferWish checks what needs no registry.
func (all *All) transferWish(ctx context.Context, a actor.Actor, r TransferRequest) (t Transfer, v profile.Version, err error) {
	if err := a.Check(actor.OrderWrite); err != nil {
		return t, v, err
	}
	if err := all.accountFirst(ctx, a, policy.BeforeTransferIn); err != nil {
		return t, v, err
	}
	if r.Years == 0 {
		r.Years = 1
	}
	if r.Years < 1 || r.Years > 10 {
		return t, v, fault.At("years", "years_invalid")
	}
	var missing fault.List
	for _, f := range []struct{ name, value string }{{"domain", r.Domain}, {"auth_info", r.AuthInfo}} {
		if f.value == "" {
			missing.Add(fault.At(f.name, "field_required").With("Field", f.name))
		}
	}
	if err := missing.Err(); err != nil {
		return t, v, err
	}
	name, err := Normalize(r.Domain)
	if err != nil {
		return t, v, err
	}
	var p profile.Profile
	p, v, err = all.profiles.Usable(ctx, all.store.R, a.Account, r.Profile)
	if err != nil {
		return t, v, err
	}
	rule, registryName, err := all.rule(p.Accreditation, name)
	if err != nil {
		return t, v, err
	}
	if err := directlyUnder(name, rule); err != nil {
		return t, v, err
	}
	if err := all.profiles.Fits(p, v, rule); err != nil {
		return t, v, err
	}
	return Transfer{PublicID: store.NewID("trf"), AccountID: a.Account, Name: name, Registry: registryName, Years: r.Years, ProfileID: p.ID, VersionID: v.ID,
		State: TransferRequesting, Params: fault.Params{}, RowVersion: 1}, v, nil
}

// openTransfer returns the account's open transfer of a name, the zero Transfer where
// nobody has one. Fault: transfer_exists where it is not the one that is wished for.
func (all *All) openTransfer(ctx context.Context, wish Transfer) (t Transfer, err error) {
	err = all.store.R.NewSelect().Model(&t).Where("name = ?", wish.Name).Where("state IN ('requesting', 'pending', 'cancelling')").Scan(ctx)
	switch {
	case store.IsNotFound(err):
		return Transfer{}, nil
	case err != nil:
		return Transfer{}, err
	case t.AccountID != wish.AccountID || t.VersionID != wish.VersionID || t.Years != wish.Years || t.State == TransferCancelling:
		return Transfer{}, fault.New(fault.Conflict, "transfer_exists").With("Domain", Display(wish.Name))
	}
	return t, nil
}

// mayComeIn asks the registry what stands in the way of a transfer, before it is asked
// for: a hold, something pending, a lock.
func (all *All) mayComeIn(ctx context.Context, t Transfer, authInfo string) error {
	n, err := all.store.R.NewSelect().Model((*Domain)(nil)).Where("name = ?", t.Name).Where("state NOT IN ('deleted', 'failed', 'transferred')").Count(ctx)
	if err != nil {
		return wrap("request transfer", err)
	}
	if n > 0 {
		return exists(t.Name)
	}
	d, ours, err := all.registries.Elsewhere(ctx, t.Registry, t.Name, authInfo)
	switch {
	case err != nil:
		return err
	case ours:
		return fault.At("domain", "transfer_own").With("Domain", Display(t.Name))
	case d == nil:
		return nil // not shown: the registry decides
	}
	return obstacle(t.Name, d)
}

// obstacle is what the statuses of a domain say against its transfer, nil for nothing.
func obstacle(name string, d *eppdomain.InfoData) error {
	for _, s := range d.Statuses {
		code := ""
		switch {
		case s.Value == epp.ClientHold || s.Value == epp.ServerHold:
			code = "transfer_held"
		case strings.HasPrefix(s.Value, "pending"):
			code = "transfer_busy"
		case s.Value == epp.ClientTransferProhibited || s.Value == epp.ServerTransferProhibited:
			code = "transfer_locked"
		default:
			continue
		}
		return fault.At("domain", code).With("Domain", Display(name)).With("Status", s.Value)
	}
	return nil
}

// ListTransfers lists the actor's transfers, in one state or, for "", in any, the newest
// first, behind the one with the id before, and the id to go on with, "" on the last page.
func (all *All) ListTransfers(ctx context.Context, a actor.Actor, state TransferState, before string, limit int) ([]Transfer, string, error) {
	if err := a.Check(actor.OrderWrite); err != nil {
		return nil, "", err
	}
	out, next, err := newest(ctx, all.store.R, a, before, limit, func(t Transfer) string { return t.PublicID }, func(q *bun.SelectQuery) *bun.SelectQuery {
		if state != "" {
			q = q.Where("state = ?", state)
		}
		return q
	})
	return out, next, wrap("list transfers", err)
}

// FindTransfer returns a transfer of the actor's account. Fault: transfer_not_found.
func (all *All) FindTransfer(ctx context.Context, a actor.Actor, publicID string) (t Transfer, err error) {
	if err := a.Check(actor.OrderWrite); err != nil {
		return t, err
	}
	return selectTransfer(ctx, all.store.R.NewSelect(), a, publicID)
}

func selectTransfer(ctx context.Context, q *bun.SelectQuery, a actor.Actor, publicID string) (t Transfer, err error) {
	err = q.Model(&t).Where("public_id = ?", publicID).Where("account_id = ?", a.Account).Scan(ctx)
	if store.IsNotFound(err) {
		return t, fault.New(fault.NotFound, "transfer_not_found")
	}
	return t, wrap("transfer", err)
}

// CancelTransfer takes a request for a domain back, which is done when the registry says
// so. Faults: transfer_not_found, domain_transfer_state.
func (all *All) CancelTransfer(ctx context.Context, a actor.Actor, publicID string) (t Transfer, err error) {
	if err := a.Check(actor.OrderWrite); err != nil {
		return t, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if t, err = selectTransfer(ctx, tx.NewSelect(), a, publicID); err != nil {
			return err
		}
		if t.State == TransferCancelling {
			return nil
		}
		if t.State, err = Transfers.Next(t.State, WithdrawIt); err != nil {
			return err
		}
		if err := saveTransfer(ctx, tx, &t); err != nil {
			return err
		}
		if err := all.registries.CancelTransfer(ctx, tx, t.Registry, t.Name, t.PublicID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "transfer.cancel", t.PublicID, nil)
	})
	return t, wrap("cancel transfer", err)
}

func saveTransfer(ctx context.Context, tx *store.Tx, t *Transfer) error {
	t.RowVersion++
	return store.One(tx.NewUpdate().Model(t).WherePK().Where("row_version = ?", t.RowVersion-1).Exec(ctx))
}

func (t Transfer) tell(ctx context.Context, tx *store.Tx, typ event.Type, more map[string]string) error {
	data := map[string]string{"Domain": Display(t.Name)}
	for k, v := range more {
		data[k] = v
	}
	return event.Append(ctx, tx, t.AccountID, typ, t.PublicID, data)
}
