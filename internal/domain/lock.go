package domain

import (
	"context"
	"slices"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// LockCause is why transfers of a domain to another registrar are refused.
type LockCause string

// The causes.
const (
	LockedAfterRegistration LockCause = "registration"
	LockedAfterTransfer     LockCause = "transfer_in"
	LockedAfterChange       LockCause = "holder_change"
)

// Lock is a time within which transfers to another registrar are refused.
type Lock struct {
	Cause        LockCause
	Since, Until time.Time
}

// LockWish is what a change of holder asks for.
type LockWish string

// The wishes. One that is declined comes all the same where policy does not let it be
// declined; one that is wanted comes where no rule asks for it.
const (
	LockByRule   LockWish = ""
	LockDeclined LockWish = "declined"
	LockWanted   LockWish = "wanted"
)

// Locks are the times within which transfers of a domain are refused at t, the one that
// lasts longest first.
func (all *All) Locks(d Domain, t time.Time) (out []Lock) {
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	if err != nil || d.State != Registered {
		return nil
	}
	add := func(cause LockCause, since store.Time, until time.Time) {
		if !since.IsZero() && t.Before(until) {
			out = append(out, Lock{cause, since.Time, until})
		}
	}
	add(LockedAfterRegistration, d.RegisteredAt, d.RegisteredAt.Add(time.Duration(rule.TransferLock.AfterRegistration)))
	add(LockedAfterTransfer, d.TransferredAt, d.TransferredAt.Add(time.Duration(rule.TransferLock.AfterTransfer)))
	add(LockedAfterChange, d.HolderChangedAt, d.LockedUntil.Time)
	slices.SortStableFunc(out, func(a, b Lock) int { return b.Until.Compare(a.Until) })
	return out
}

// changeRule is ICANN's rule for a change of registrant that is in force for a suffix at t,
// ok when there is one.
func (all *All) changeRule(rule policy.Rule, t time.Time) (policy.ICANNChange, bool) {
	if !rule.Email.ICANN {
		return policy.ICANNChange{}, false
	}
	return all.policies.ICANN.Change(t.In(all.policies.Calendar.Zone()).Format(time.DateOnly))
}

// lockAfter is how long transfers are refused after a change of holder that begins at t.
func (all *All) lockAfter(rule policy.Rule, wish LockWish, t time.Time) time.Duration {
	change, ok := all.changeRule(rule, t)
	switch {
	case ok && wish == LockDeclined && change.LockMayBeDeclined:
		return 0
	case ok && change.TransferLock > 0:
		return time.Duration(change.TransferLock)
	case wish == LockWanted:
		return time.Duration(rule.TransferLock.OnRequest)
	}
	return 0
}

// refuseTransfer refuses another registrar a domain whose transfers are locked.
func (all *All) refuseTransfer(ctx context.Context, tx *store.Tx, d Domain, gaining string, lock Lock) error {
	data := map[string]string{
		"Domain": Display(d.Name), "Registrar": gaining, "Lock": string(lock.Cause),
		"Until": lock.Until.In(all.policies.Calendar.Zone()).Format(time.DateOnly),
	}
	if err := event.Append(ctx, tx, d.AccountID, "domain.transfer_refused", d.PublicID, data); err != nil {
		return err
	}
	return all.registries.RejectTransfer(ctx, tx, d.Registry, d.Name, d.PublicID)
}

// rejectionAnswered takes that the registry does not carry out a refusal. It is an
// operator's to look at, unless the transfer has ended before.
func (all *All) rejectionAnswered(ctx context.Context, tx *store.Tx, d *touched, r registry.Result) error {
	if r.Outcome != registry.OutcomeRefused || r.Code == epp.CodeNotPendingTransfer {
		return nil
	}
	f := fault.New(fault.Conflict, "transfer_not_refused").With("Domain", Display(d.Name)).With("Words", r.Words())
	return all.registries.Raise(ctx, tx, d.Registry, d.Name, f)
}
