package qualification

import (
	"context"

	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

var _ review.Reversible = (*Qualifications)(nil)

// Decided takes the desk's verdict, in the unit of work of the decision.
func (qs *Qualifications) Decided(ctx context.Context, tx *store.Tx, subject int64, passed bool, c review.Case, reasons []review.Reason) error {
	q, err := byID(ctx, tx, subject)
	if err != nil {
		return err
	}
	e, typ := Fail, event.Type("qualification.failed")
	switch {
	case passed:
		e, typ = Pass, "qualification.passed"
	case c.State == review.Returned:
		e, typ = AskMore, "qualification.returned"
	}
	return wrap("decided", qs.conclude(ctx, tx, q, e, typ, reasons))
}

// Reversed takes a verdict of success away, for reasons.
func (qs *Qualifications) Reversed(ctx context.Context, tx *store.Tx, subject int64, _ review.Case, reasons []review.Reason) error {
	q, err := byID(ctx, tx, subject)
	if err != nil {
		return err
	}
	return wrap("reversed", qs.conclude(ctx, tx, q, Revoke, "qualification.failed", reasons))
}

// Reopened puts papers that were refused or returned in review again. Fault:
// qualification_moved_on when they are no longer all there.
func (qs *Qualifications) Reopened(ctx context.Context, tx *store.Tx, subject int64, _ review.Case) error {
	q, err := byID(ctx, tx, subject)
	if err != nil {
		return err
	}
	v, err := qs.view(ctx, tx, q)
	if err != nil {
		return err
	}
	if len(v.Missing()) > 0 {
		return fault.New(fault.Conflict, "qualification_moved_on")
	}
	return wrap("reopened", qs.conclude(ctx, tx, q, Reopen, "qualification.reopened", nil))
}

// conclude moves a qualification by what the desk has said, and tells everybody.
func (qs *Qualifications) conclude(ctx context.Context, tx *store.Tx, q Qualification, e Event, typ event.Type, reasons []review.Reason) error {
	switch e {
	case Pass, Fail, Revoke:
		q.EndedAt = store.At(tx.Now())
	default:
		q.EndedAt = store.Time{}
	}
	if err := q.move(ctx, tx, e); err != nil {
		return err
	}
	if err := qs.tell(ctx, tx, q); err != nil {
		return err
	}
	data := map[string]string{}
	if len(reasons) > 0 {
		data["Reason"] = reasons[0].Code
	}
	if q.State == Failed {
		if r, err := qs.policies.Rule(q.Accreditation, q.Name); err == nil && r.Qualification != nil {
			data["Outcome"] = r.Qualification.OnFailure
		}
	}
	return qs.announce(ctx, tx, q, typ, data)
}
