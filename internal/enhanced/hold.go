package enhanced

import (
	"context"
	"errors"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// holding is what is being done about the holds that rest on a verification.
type holding string

const (
	placing holding = "placing"
	placed  holding = "placed"
	lifting holding = "lifting"
)

// nothing is the cause in policy files of no hold at all.
const nothing = "none"

// holdFor has the domains put on clientHold for a cause.
func (v *Verification) holdFor(cause string) {
	if cause != "" && cause != nothing {
		v.Holding, v.HoldCause = placing, cause
	}
}

// release has what holdFor has put lifted.
func (v *Verification) release() {
	if v.Holding != "" {
		v.Holding = lifting
	}
}

// evidence is what a hold rests on, by which it is told from everybody else's.
func (v Verification) evidence() string { return "enhanced verification " + v.PublicID }

// ExpireDue ends the time of up to n verifications for which nothing was submitted, and
// returns how many there were.
func (vs *Verifications) ExpireDue(ctx context.Context, n int) (expired int, err error) {
	err = vs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var rows []Verification
		err := tx.NewSelect().Model(&rows).Where("state = 'asked'").Where("due_at <= ?", store.At(tx.Now())).OrderExpr("due_at").Limit(int64(n)).Scan(ctx)
		if err != nil {
			return err
		}
		for _, v := range rows {
			v.holdFor(vs.policies.Limits.Enhanced.Hold.OnExpiry)
			if err := v.move(ctx, tx, Expire); err != nil {
				return err
			}
			if err := vs.announce(ctx, tx, v, event.Type("enhanced.expired"), nil); err != nil {
				return err
			}
		}
		expired = len(rows)
		return nil
	})
	return expired, wrap("expire", err)
}

// HoldDue puts up to n domains on hold, or releases them, as verifications want, and
// returns how many. What cannot be held is left, and holds up no other.
func (vs *Verifications) HoldDue(ctx context.Context, n int) (done int, err error) {
	var rows []Verification
	err = vs.store.R.NewSelect().Model(&rows).Where("holding IN ('placing', 'lifting')").OrderExpr("id").Limit(int64(n)).Scan(ctx)
	if err != nil {
		return 0, wrap("hold", err)
	}
	var failed []error
	for _, v := range rows {
		did, err := vs.hold(ctx, v, n-done)
		if err != nil {
			failed = append(failed, err)
		}
		if done += did; done >= n {
			break
		}
	}
	return done, wrap("hold", errors.Join(failed...))
}

func (vs *Verifications) unheld(ctx context.Context, v Verification, n int) ([]string, error) {
	return vs.domains.Unheld(ctx, domain.Held{Domain: v.DomainID, Profile: v.ProfileID, Evidence: v.evidence()}, domain.HoldCause(v.HoldCause), n)
}

// HoldLater finds up to n verifications of profiles with which domains were associated
// after the others were put on hold, and has those held too. It returns how many.
func (vs *Verifications) HoldLater(ctx context.Context, n int) (found int, err error) {
	var rows []Verification
	err = vs.store.R.NewSelect().Model(&rows).Where("holding = 'placed'").Where("domain_id = 0").OrderExpr("id").Scan(ctx)
	if err != nil {
		return 0, wrap("hold later", err)
	}
	for _, v := range rows {
		names, err := vs.unheld(ctx, v, 1)
		if err != nil {
			return found, wrap("hold later", err)
		}
		if len(names) == 0 {
			continue
		}
		err = vs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
			v.Holding = placing
			return v.save(ctx, tx)
		})
		if err != nil && !errors.Is(err, store.ErrStale) { // a verdict that came meanwhile has its own way
			return found, wrap("hold later", err)
		}
		if found++; found == n {
			break
		}
	}
	return found, nil
}

// hold goes on with the holds of one verification.
func (vs *Verifications) hold(ctx context.Context, v Verification, n int) (done int, err error) {
	cause := domain.HoldCause(v.HoldCause)
	var names []string
	if v.Holding == placing {
		names, err = vs.unheld(ctx, v, n)
	} else {
		names, err = vs.domains.HeldFor(ctx, cause, v.evidence(), n)
	}
	if err != nil {
		return 0, err
	}
	var failed []error
	for _, name := range names {
		if v.Holding == placing {
			_, err = vs.domains.Hold(ctx, actor.Verinym, name, cause, v.evidence())
		} else {
			_, err = vs.domains.Lift(ctx, actor.Verinym, name, cause, v.evidence()+" is over")
		}
		if err != nil && fault.Code(err) != "hold_not_found" { // a person was first
			failed = append(failed, err)
			continue
		}
		done++
	}
	if len(names) > 0 {
		return done, errors.Join(failed...)
	}
	return done, vs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if v.Holding == placing {
			v.Holding = placed
		} else {
			v.Holding = ""
		}
		return v.save(ctx, tx)
	})
}
