package registry

import (
	"context"
	"fmt"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// SetHold orders clientHold to be put on a domain, or taken off it. Who may want that,
// and why, is not known here.
func (r *Registries) SetHold(ctx context.Context, tx *store.Tx, registry, name string, on bool, subject string) error {
	kind := DomainRelease
	if on {
		kind = DomainHold
	}
	return r.enqueue(ctx, tx, registry, order{kind: kind, object: "domain:" + name, subject: subject, payload: Payload{Domain: name}})
}

// HoldUnderWay reports whether clientHold is about to be put on a domain, or taken off
// it: what the registry shows now is no news then.
func HoldUnderWay(ctx context.Context, tx *store.Tx, registry, name string) (bool, error) {
	return underWay(ctx, tx, registry, "domain:"+name, DomainHold, DomainRelease)
}

// HoldNotSent reports whether clientHold is wanted for a domain and nothing about it was ever
// sent: if the registry shows it all the same, it is somebody else's.
func HoldNotSent(ctx context.Context, tx *store.Tx, registry, name string) (bool, error) {
	if err := tx.Flush(ctx, outbox{}); err != nil {
		return false, err
	}
	var waits, begun int
	err := tx.NewRaw("SELECT count(CASE WHEN kind = ? AND attempt = 0 THEN 1 END), count(CASE WHEN kind <> ? OR attempt > 0 THEN 1 END) FROM registry_command WHERE registry = ? AND object = ? AND kind IN (?, ?) AND "+openStates,
		DomainHold, DomainHold, registry, "domain:"+name, DomainHold, DomainRelease).Scan(ctx, &waits, &begun)
	if err != nil {
		return false, fmt.Errorf("registry: %s: %w", name, err)
	}
	return waits > 0 && begun == 0, nil
}

// Raise writes a finding about a domain down, for an operator.
func (r *Registries) Raise(ctx context.Context, tx *store.Tx, registry, subject string, f *fault.Error) error {
	l := r.accounts[registry]
	if l == nil {
		return notConfigured(registry)
	}
	return raise(ctx, tx, l, subject, f.With("Registry", registry))
}

func holdFrame(c Command) domain.Update {
	u, hold := domain.Update{Name: c.Payload.Domain}, domain.AddRem{Statuses: domain.Statuses(epp.ClientHold)}
	if c.Kind == DomainHold {
		u.Add = hold
	} else {
		u.Rem = hold
	}
	return u
}

// lookAtHold finds out whether a hold was put or taken off.
func lookAtHold(ctx context.Context, conn *epp.Conn, c Command) reply {
	d, _, verdict := inspect(ctx, conn, c)
	if verdict != nil {
		return *verdict
	}
	switch {
	case d.Has(epp.ClientHold) == (c.Kind == DomainHold):
		return carriedOut(d)
	case d.Has(epp.PendingUpdate):
		return reply{outcome: OutcomePending, code: epp.CodePending, message: "pending at the registry"}
	}
	return notYet(c)
}
