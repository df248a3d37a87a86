package enhanced

import (
	"context"

	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

var _ review.Reversible = (*Verifications)(nil)

// Decided takes the desk's verdict, in the unit of work of the decision. The time at the
// desk does not count where more is asked for.
func (vs *Verifications) Decided(ctx context.Context, tx *store.Tx, subject int64, passed bool, c review.Case, reasons []review.Reason) error {
	v, err := byID(ctx, tx, subject)
	if err != nil {
		return err
	}
	switch {
	case passed:
		v.EndedAt = store.At(tx.Now())
		v.release()
		if err := v.move(ctx, tx, Pass); err != nil {
			return wrap("decided", err)
		}
		return vs.announce(ctx, tx, v, "enhanced.passed", nil)
	case c.State == review.Returned:
		if at := v.DueAt.Add(tx.Now().Sub(v.SubmittedAt.Time)); at.After(tx.Now()) {
			v.DueAt = store.At(at)
		}
		if err := v.move(ctx, tx, AskMore); err != nil {
			return wrap("decided", err)
		}
		return vs.announce(ctx, tx, v, "enhanced.returned", because(reasons))
	}
	return wrap("decided", vs.fail(ctx, tx, v, Fail, reasons))
}

// fail ends a verification without success.
func (vs *Verifications) fail(ctx context.Context, tx *store.Tx, v Verification, e Event, reasons []review.Reason) error {
	v.EndedAt = store.At(tx.Now())
	v.holdFor(vs.policies.Limits.Enhanced.Hold.OnFailure)
	if err := v.move(ctx, tx, e); err != nil {
		return err
	}
	return vs.announce(ctx, tx, v, "enhanced.failed", because(reasons))
}

// because is the first of reasons, for those who are told.
func because(reasons []review.Reason) map[string]string {
	if len(reasons) == 0 {
		return nil
	}
	return map[string]string{"Reason": reasons[0].Code}
}

// Reversed takes a verdict of success away, for reasons: it has failed then, with the
// hold that policy wants for that.
func (vs *Verifications) Reversed(ctx context.Context, tx *store.Tx, subject int64, _ review.Case, reasons []review.Reason) error {
	v, err := byID(ctx, tx, subject)
	if err != nil {
		return err
	}
	return wrap("reversed", vs.fail(ctx, tx, v, Revoke, reasons))
}

// Reopened puts what failed or was returned in review again. A hold for the failure is
// lifted; one for coming too late stays until the new verdict. Faults: enhanced_open when
// another was opened meanwhile, enhanced_moved_on when not everything is there any more.
func (vs *Verifications) Reopened(ctx context.Context, tx *store.Tx, subject int64, _ review.Case) error {
	v, err := byID(ctx, tx, subject)
	if err != nil {
		return err
	}
	have, err := attached(ctx, tx, v)
	if err != nil {
		return wrap("reopened", err)
	}
	if len(missing(vs.wants(v, have))) > 0 {
		return fault.New(fault.Conflict, "enhanced_moved_on")
	}
	if v.EndedAt = (store.Time{}); !v.SubmittedAt.After(v.DueAt.Time) {
		v.release()
	}
	if err := v.move(ctx, tx, Reopen); err != nil {
		if store.IsUnique(err) {
			err = fault.New(fault.Conflict, "enhanced_open").With("Title", v.Title)
		}
		return wrap("reopened", err)
	}
	return vs.announce(ctx, tx, v, "enhanced.reopened", nil)
}
