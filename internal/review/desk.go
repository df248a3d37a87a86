package review

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Find returns any case with its reasons; for staff, with review.read.
func (r *Reviews) Find(ctx context.Context, a actor.Actor, publicID string) (c Case, reasons []Reason, err error) {
	if err := a.Check(actor.ReviewRead); err != nil {
		return c, nil, err
	}
	if c, err = find(ctx, r.store.R, publicID); err != nil {
		return c, nil, err
	}
	reasons, err = reasonsOf(ctx, r.store.R, c.ID)
	return c, reasons, err
}

func find(ctx context.Context, db bun.IDB, publicID string) (c Case, err error) {
	err = db.NewSelect().Model(&c).Where("public_id = ?", publicID).Scan(ctx)
	if store.IsNotFound(err) {
		return c, fault.New(fault.NotFound, "review_not_found")
	}
	return c, wrap("find", err)
}

// Claim gives the case to the actor for half an hour; claiming again renews it. Who
// holds a case sees its document number in clear: the entry of the claim in the
// audit log stands for every look during it.
// Faults: review_claimed when another reviewer has it, review_own when the actor or
// somebody of their account submitted it, review_assigned, review_escalated,
// review_away.
func (r *Reviews) Claim(ctx context.Context, a actor.Actor, publicID string) (c Case, err error) {
	if err := a.Check(actor.ReviewDecide); err != nil {
		return c, err
	}
	err = r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = find(ctx, tx, publicID); err != nil {
			return err
		}
		return r.claim(ctx, tx, a, &c)
	})
	if errors.Is(err, store.ErrStale) { // another reviewer reached for it at the same moment
		err = fault.New(fault.Conflict, "review_claimed")
	}
	return c, wrap("claim", err)
}

func (r *Reviews) claim(ctx context.Context, tx *store.Tx, a actor.Actor, c *Case) error {
	if err := mayHold(*c, a); err != nil {
		return err
	}
	away, err := away(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	held := c.heldAt(tx.Now())
	switch {
	case away:
		return fault.New(fault.Conflict, "review_away")
	case held && c.ClaimedBy != a.ID:
		return fault.New(fault.Conflict, "review_claimed")
	case !held:
		c.Claim++
	}
	c.ClaimedBy, c.ClaimedUntil = a.ID, store.At(tx.Now().Add(r.claimTTL))
	if err := r.move(ctx, tx, c, Claim); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a, "review.claim", c.PublicID, map[string]string{"opens": "document_number", "until": c.ClaimedUntil.UTC().Format(time.RFC3339)})
}

// heldAt reports whether a claim on the case is alive.
func (c Case) heldAt(now time.Time) bool {
	return c.State == Claimed && now.Before(c.ClaimedUntil.Time)
}

// mayHold says whether a may have the case in hand. Faults: review_own,
// review_assigned, review_escalated.
func mayHold(c Case, a actor.Actor) error {
	switch {
	case c.AccountID == a.Account || c.SubmittedBy == a.ID:
		return fault.New(fault.Forbidden, "review_own")
	case c.FirstBy == a.ID:
		return fault.New(fault.Conflict, "review_second_needed")
	case c.AssignedTo == a.ID:
		return nil
	case c.AssignedTo != "":
		return fault.New(fault.Conflict, "review_assigned")
	case !c.EscalatedAt.IsZero() && !a.May(actor.ReviewLead):
		return fault.New(fault.Conflict, "review_escalated")
	}
	return nil
}

// Release puts a claimed case back into the queue.
func (r *Reviews) Release(ctx context.Context, a actor.Actor, publicID string) (c Case, err error) {
	err = r.inClaim(ctx, a, publicID, func(ctx context.Context, tx *store.Tx, found *Case) error {
		err := r.release(ctx, tx, a, found)
		c = *found
		return err
	})
	return c, wrap("release", err)
}

func (r *Reviews) release(ctx context.Context, tx *store.Tx, a actor.Actor, c *Case) error {
	c.ClaimedBy, c.ClaimedUntil = "", store.Time{}
	if err := r.move(ctx, tx, c, Return); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a, "review.release", c.PublicID, nil)
}

// Decision is a reviewer's verdict. A failure needs at least one reason.
type Decision struct {
	Pass    bool
	Reasons []Reason
	// StaffNote is on the case as a whole; the registrant never sees it.
	StaffNote string
}

// Decide ends a case that the actor has claimed. A pass is of one case, the only one
// that the actor has in hand, every document of which they opened in this claim.
// Faults: review_not_claimed, review_documents_unopened, review_others_in_hand,
// reason_required, reason_unknown, reason_points_nowhere when a reason is about a
// field and does not say which.
func (r *Reviews) Decide(ctx context.Context, a actor.Actor, publicID string, d Decision) (c Case, err error) {
	reasons, err := r.complete(d)
	if err != nil {
		return c, err
	}
	err = r.inClaim(ctx, a, publicID, func(ctx context.Context, tx *store.Tx, found *Case) error {
		if d.Pass {
			if err := r.mayPass(ctx, tx, a, *found); err != nil {
				return err
			}
		}
		found.StaffNote = d.StaffNote
		if d.Pass && found.FirstBy == "" && r.needsSecond(*found) {
			err := r.endorse(ctx, tx, a, found)
			c = *found
			return err
		}
		err := r.decide(ctx, tx, a.ID, found, verdict(d.Pass), reasons)
		c = *found
		return err
	})
	return c, wrap("decide", err)
}

// complete fills in what the catalogue says about each reason.
func (r *Reviews) complete(d Decision) ([]Reason, error) {
	if d.Pass && len(d.Reasons) > 0 {
		return nil, fault.At("reasons", "reasons_without_failure")
	}
	if d.Pass {
		return nil, nil
	}
	if len(d.Reasons) == 0 {
		return nil, fault.At("reasons", "reason_required")
	}
	out := make([]Reason, 0, len(d.Reasons))
	for _, given := range d.Reasons {
		known, ok := r.policies.Reason(strings.TrimSpace(given.Code))
		if !ok {
			return nil, fault.At("reasons", "reason_unknown").With("Reason", given.Code)
		}
		given.Code, given.Severity, given.Retryable = known.Code, known.Severity, known.Retryable
		switch {
		case given.PointsName == "" && known.PointsAt.Kind == "field" && known.PointsAt.Name == "":
			return nil, fault.At("reasons", "reason_points_nowhere").With("Reason", given.Code)
		case given.PointsName == "":
			given.PointsKind, given.PointsName = known.PointsAt.Kind, known.PointsAt.Name
		case given.PointsKind != "":
		case known.PointsAt.Kind == "picture" || known.PointsAt.Kind == "side": // which of the pictures
			given.PointsKind = "side"
		default:
			given.PointsKind = "field"
		}
		out = append(out, given)
	}
	return out, nil
}

func (r *Reviews) inClaim(ctx context.Context, a actor.Actor, publicID string, f func(context.Context, *store.Tx, *Case) error) error {
	if err := a.Check(actor.ReviewDecide); err != nil {
		return err
	}
	return r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		c, err := find(ctx, tx, publicID)
		if err != nil {
			return err
		}
		if c.State.ended() {
			return fault.New(fault.Conflict, "review_case_state").With("State", string(c.State))
		}
		if !c.heldAt(tx.Now()) || c.ClaimedBy != a.ID {
			return fault.New(fault.Conflict, "review_not_claimed")
		}
		return f(ctx, tx, &c)
	})
}

// ended reports whether a case of this state has been decided or taken back.
func (s State) ended() bool { return s != Open && s != Claimed && s != Waiting }
