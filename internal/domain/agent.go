package domain

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
)

// Agent is the authority that a registrant has given to the account: it confirms changes of
// holder for them (ICANN's designated agent). It stands until somebody takes it back.
type Agent struct {
	bun.BaseModel `bun:"table:designated_agent"`

	ID        int64 `bun:",pk,autoincrement"`
	PublicID  string
	AccountID int64
	// Address is the registrant's.
	Address string
	// Author has written it down, Evidence is what it rests on.
	Author   string
	Evidence string
	BeganAt  store.Time
	EndedAt  store.Time
	EndedBy  string
}

// agentOf is the authority that a registrant has given to an account, the zero Agent where
// there is none or policy knows of no agents.
func (all *All) agentOf(ctx context.Context, db bun.IDB, account int64, address string, change policy.ICANNChange) (a Agent, err error) {
	if !change.DesignatedAgent || address == "" {
		return a, nil
	}
	err = db.NewSelect().Model(&a).Where("account_id = ?", account).Where("address = ?", address).Where("ended_at IS NULL").Scan(ctx)
	if store.IsNotFound(err) {
		return Agent{}, nil
	}
	return a, err
}

// designate writes down that a registrant has authorised an account, unless that stands
// already.
func designate(ctx context.Context, tx *store.Tx, by actor.Actor, account int64, address, evidence string) error {
	a := &Agent{PublicID: store.NewID("agt"), AccountID: account, Address: address, Author: by.ID, Evidence: evidence, BeganAt: store.At(tx.Now())}
	if _, err := tx.NewInsert().Model(a).On("CONFLICT (account_id, address) WHERE ended_at IS NULL DO NOTHING").Exec(ctx); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor.Actor{ID: by.ID, Account: account}, "agent.designate", a.PublicID, map[string]string{"address": address, "evidence": evidence})
}

// Designate takes staff's word that a registrant has authorised an account to confirm
// changes of holder for them. For staff, with domain.hold. Faults: account_not_found,
// email_invalid, field_required.
func (all *All) Designate(ctx context.Context, a actor.Actor, accountID, address, evidence string) (out Agent, err error) {
	if err := a.Check(actor.DomainHold); err != nil {
		return out, err
	}
	if evidence == "" {
		return out, fault.At("evidence", "field_required").With("Field", "evidence")
	}
	if address, err = emailcheck.Normalize(address); err != nil {
		return out, err
	}
	owner, err := all.accounts.Find(ctx, a, accountID)
	if err != nil {
		return out, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := designate(ctx, tx, a, owner.ID, address, evidence); err != nil {
			return err
		}
		return tx.NewSelect().Model(&out).Where("account_id = ?", owner.ID).Where("address = ?", address).Where("ended_at IS NULL").Scan(ctx)
	})
	return out, wrap("designate", err)
}

// Agents lists the registrants who have authorised the actor's account, the newest first.
func (all *All) Agents(ctx context.Context, a actor.Actor) (out []Agent, err error) {
	if err := a.Check(actor.DomainAssociate); err != nil {
		return nil, err
	}
	err = all.store.R.NewSelect().Model(&out).Where("account_id = ?", a.Account).Where("ended_at IS NULL").OrderExpr("id DESC").Scan(ctx)
	return out, wrap("agents", err)
}

// RevokeAgent takes an authority of the actor's account back, for staff that of any.
// Fault: agent_not_found.
func (all *All) RevokeAgent(ctx context.Context, a actor.Actor, publicID string) (out Agent, err error) {
	if !a.May(actor.DomainAssociate) && !a.May(actor.DomainHold) {
		return out, a.Check(actor.DomainAssociate)
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := tx.NewSelect().Model(&out).Where("public_id = ?", publicID).Where("ended_at IS NULL")
		if !a.May(actor.DomainHold) {
			q = q.Where("account_id = ?", a.Account)
		}
		if err := q.Scan(ctx); store.IsNotFound(err) {
			return fault.New(fault.NotFound, "agent_not_found")
		} else if err != nil {
			return err
		}
		out.EndedAt, out.EndedBy = store.At(tx.Now()), a.ID
		if err := store.One(tx.NewUpdate().Model(&out).Column("ended_at", "ended_by").WherePK().Where("ended_at IS NULL").Exec(ctx)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor.Actor{ID: a.ID, Account: out.AccountID}, "agent.revoke", out.PublicID, map[string]string{"address": out.Address})
	})
	return out, wrap("revoke agent", err)
}
