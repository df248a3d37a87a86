package domain

import (
	"context"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// askTransferAgain is how long after the last news of a transfer the registry is asked.
const askTransferAgain = time.Hour

// SweepTransfers asks the registries about up to n transfers of which nothing was heard
// for a while, and returns how many.
func (all *All) SweepTransfers(ctx context.Context, n int) (int, error) {
	var due []Transfer
	err := all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := tx.NewSelect().Model(&due).Where("state IN ('pending', 'cancelling')").Where("asked_at <= ?", store.At(tx.Now().Add(-askTransferAgain))).OrderExpr("asked_at").Limit(int64(n))
		if all.store.Engine() == "postgres" { // SQLite has one writer
			q = q.For("UPDATE SKIP LOCKED")
		}
		if err := q.Scan(ctx); err != nil {
			return err
		}
		for i := range due {
			t := &due[i]
			t.AskedAt = store.At(tx.Now())
			if err := saveTransfer(ctx, tx, t); err != nil {
				return err
			}
			if err := all.registries.QueryTransfer(ctx, tx, t.Registry, t.Name, t.PublicID); err != nil {
				return err
			}
		}
		return nil
	})
	return len(due), wrap("sweep transfers", err)
}

// isTransferIn reports whether a result is about a domain that we have asked for.
func isTransferIn(r registry.Result) bool {
	switch r.Kind {
	case registry.DomainTransferRequest, registry.DomainTransferQuery, registry.DomainTransferCancel:
		return true
	}
	return r.Transfer != nil && r.Transfer.Incoming
}

// transferIn takes what the registry says of a domain that we have asked for.
func (all *All) transferIn(ctx context.Context, tx *store.Tx, r registry.Result) error {
	var t Transfer
	err := tx.NewSelect().Model(&t).Where("name = ?", r.Domain).Where("state IN ('requesting', 'pending', 'cancelling')").Scan(ctx)
	if store.IsNotFound(err) || err == nil && r.Subject != "" && r.Subject != t.PublicID {
		return nil // ended before this was said
	}
	if err != nil {
		return err
	}
	e, cause := transferEvent(r)
	if e == "" || !Transfers.Allows(t.State, e) {
		return nil
	}
	if t.State, err = Transfers.Next(t.State, e); err != nil {
		return err
	}
	if r.Transfer != nil {
		t.ActBy = store.At(r.Transfer.ActBy)
	}
	t.AskedAt = store.At(tx.Now())
	switch t.State {
	case TransferCompleted:
		err = all.comesIn(ctx, tx, &t)
	case TransferFailed:
		err = all.transferFails(ctx, tx, &t, cause)
	case TransferCancelled:
		t.EndedAt = store.At(tx.Now())
		err = t.tell(ctx, tx, "transfer.cancelled", nil)
	case TransferPending:
		if e == ResumeTransfer { // how does it stand, then?
			err = all.registries.QueryTransfer(ctx, tx, t.Registry, t.Name, t.PublicID)
		}
	}
	if err != nil {
		return err
	}
	return saveTransfer(ctx, tx, &t)
}

// transferEvent is what a result means for a transfer, "" for nothing.
func transferEvent(r registry.Result) (e TransferEvent, cause why) {
	if t := r.Transfer; t != nil && r.Outcome != registry.OutcomeRefused {
		switch {
		case t.Pending():
			return AcceptTransfer, cause
		case t.Approved():
			return ApproveTransfer, cause
		}
		switch t.Status {
		case epp.TransferClientCancelled:
			return EndWithdrawn, cause
		case epp.TransferClientRejected:
			return RefuseTransfer, why{code: "transfer_rejected", words: r.Message}
		}
		return RefuseTransfer, why{code: "transfer_refused_by_registry", words: r.Message}
	}
	switch {
	case r.Outcome != registry.OutcomeRefused, r.Kind == registry.DomainTransferQuery:
		return "", cause
	case r.Kind == registry.DomainTransferCancel:
		return ResumeTransfer, cause
	}
	return RefuseTransfer, transferRefusal(r)
}

// transferRefusal puts a registry's refusal of a request into our words, with what to
// do about it.
func transferRefusal(r registry.Result) why {
	switch r.Code {
	case epp.CodeNotTransferable:
		return why{"transfer_not_eligible", r.Words()}
	case epp.CodeAuthInfo:
		return why{"transfer_auth_wrong", r.Words()}
	case epp.CodePendingTransfer:
		return why{"transfer_busy", r.Words()}
	case epp.CodeStatus:
		return why{"transfer_locked", r.Words()}
	case epp.CodeNotExists:
		return why{"transfer_not_registered", r.Words()}
	}
	return rejected(r.Words())
}

func (all *All) transferFails(ctx context.Context, tx *store.Tx, t *Transfer, cause why) error {
	because := fault.New(fault.Conflict, cause.code).With("Domain", Display(t.Name))
	if cause.words != "" {
		because = because.With("Words", cause.words)
	}
	t.Reason, t.Params, t.EndedAt = because.Code, because.Params, store.At(tx.Now())
	return t.tell(ctx, tx, "transfer.failed", map[string]string{"Reason": cause.code, "Words": cause.words})
}

// comesIn takes a domain that has become ours into the account. The holder is given the
// profile's own contact, under our accreditation, and its verification is submitted.
func (all *All) comesIn(ctx context.Context, tx *store.Tx, t *Transfer) error {
	p, v, err := all.profiles.ByID(ctx, tx, t.ProfileID, t.VersionID)
	if err != nil {
		return err
	}
	rule, _, err := all.rule(p.Accreditation, t.Name)
	if err != nil {
		return err
	}
	n, err := tx.NewSelect().Model((*Domain)(nil)).Where("name = ?", t.Name).Where("state NOT IN ('deleted', 'failed', 'transferred')").Count(ctx)
	if err != nil {
		return err
	}
	if n > 0 { // imported meanwhile
		t.State = TransferFailed
		return all.transferFails(ctx, tx, t, why{code: "domain_exists"})
	}
	d := newDomain(tx, t.AccountID, t.Name, t.Registry, rule)
	d.State, d.RegisteredAt, d.TransferredAt = Registered, store.At(tx.Now()), store.At(tx.Now())
	if err := all.papersOfHolder(ctx, tx, &d, p, v, afterTransfer); err != nil {
		return err
	}
	if err := insert(ctx, tx, &d); err != nil {
		return err
	}
	t.DomainID, t.EndedAt = d.ID, store.At(tx.Now())
	if err := announce(ctx, tx, d); err != nil {
		return err
	}
	if err := t.tell(ctx, tx, "transfer.completed", nil); err != nil {
		return err
	}
	if err := all.awaitAnswer(ctx, tx, actor.Verinym, d, v, AtTransferIn, ""); err != nil {
		return err
	}
	if err := all.remindIn(ctx, tx, d); err != nil {
		return err
	}
	if err := all.registries.Refresh(ctx, tx, d.Registry, d.Name, d.PublicID, registry.Interactive); err != nil {
		return err
	}
	if err := all.changeHolder(ctx, tx, &d, p, v); err != nil {
		return err
	}
	return save(ctx, tx, &d)
}
