package review

import (
	"context"
	"slices"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Assign gives a case to one reviewer, who alone may claim it then; whoever has it in
// hand loses it. "" gives it back to all. It needs review.lead. Faults:
// reviewer_unknown, review_away, review_own, review_case_state.
func (r *Reviews) Assign(ctx context.Context, a actor.Actor, publicID, reviewer string) (c Case, err error) {
	err = r.lead(ctx, a, publicID, func(ctx context.Context, tx *store.Tx, found *Case) error {
		if err := mayBeAssigned(ctx, tx, *found, reviewer); err != nil {
			return err
		}
		found.AssignedTo = reviewer
		if found.State == Claimed && found.ClaimedBy != reviewer {
			if err := r.release(ctx, tx, a, found); err != nil {
				return err
			}
		} else if err := r.keep(ctx, tx, found); err != nil {
			return err
		}
		c = *found
		return audit.Record(ctx, tx, a, "review.assign", c.PublicID, map[string]string{"reviewer": reviewer})
	})
	return c, wrap("assign", err)
}

func mayBeAssigned(ctx context.Context, tx *store.Tx, c Case, reviewer string) error {
	if reviewer == "" {
		return nil
	}
	them, err := account.ActorsOf(ctx, tx, reviewer)
	if err != nil {
		return err
	}
	gone, err := away(ctx, tx, reviewer)
	switch {
	case err != nil:
		return err
	case !slices.ContainsFunc(them, func(a actor.Actor) bool { return a.May(actor.ReviewDecide) }):
		return fault.At("reviewer", "reviewer_unknown").With("Reviewer", reviewer)
	case c.SubmittedBy == reviewer || slices.ContainsFunc(them, func(a actor.Actor) bool { return a.Account == c.AccountID }):
		return fault.New(fault.Forbidden, "review_own")
	case gone:
		return fault.New(fault.Conflict, "review_away")
	}
	return nil
}

// Prioritise says how urgent a case is: 0 is usual, more comes first. It needs
// review.lead.
func (r *Reviews) Prioritise(ctx context.Context, a actor.Actor, publicID string, priority int) (c Case, err error) {
	err = r.lead(ctx, a, publicID, func(ctx context.Context, tx *store.Tx, found *Case) error {
		found.Priority = priority
		if err := r.keep(ctx, tx, found); err != nil {
			return err
		}
		c = *found
		return audit.Record(ctx, tx, a, "review.prioritise", c.PublicID, nil)
	})
	return c, wrap("prioritise", err)
}

// Away says that the actor reviews nothing until Back: what they have in hand or are
// assigned goes back into the queue. It returns how many cases that were.
func (r *Reviews) Away(ctx context.Context, a actor.Actor) (returned int, err error) {
	if err := a.Check(actor.ReviewDecide); err != nil {
		return 0, err
	}
	err = r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.NewRaw("INSERT INTO review_absence (person, since) VALUES (?, ?) ON CONFLICT DO NOTHING", a.ID, store.At(tx.Now())).Exec(ctx); err != nil {
			return err
		}
		var cases []Case
		err := tx.NewSelect().Model(&cases).Where("state IN ('open', 'claimed')").Where("(assigned_to = ? OR state = 'claimed' AND claimed_by = ?)", a.ID, a.ID).OrderExpr("id").Scan(ctx)
		if err != nil {
			return err
		}
		for i := range cases {
			if err := r.letGo(ctx, tx, a, &cases[i]); err != nil {
				return err
			}
		}
		returned = len(cases)
		return audit.Record(ctx, tx, a, "review.away", a.ID, nil)
	})
	return returned, wrap("away", err)
}

func (r *Reviews) letGo(ctx context.Context, tx *store.Tx, a actor.Actor, c *Case) error {
	if c.AssignedTo == a.ID {
		c.AssignedTo = ""
	}
	if c.State == Claimed && c.ClaimedBy == a.ID {
		return r.release(ctx, tx, a, c)
	}
	return r.keep(ctx, tx, c)
}

// Back ends the actor's absence.
func (r *Reviews) Back(ctx context.Context, a actor.Actor) error {
	if err := a.Check(actor.ReviewDecide); err != nil {
		return err
	}
	return wrap("back", r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.NewRaw("DELETE FROM review_absence WHERE person = ?", a.ID).Exec(ctx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "review.back", a.ID, nil)
	}))
}

// AwaySince says since when the actor is away from the desk, zero when they are not.
func (r *Reviews) AwaySince(ctx context.Context, a actor.Actor) (since time.Time, err error) {
	if err := a.Check(actor.ReviewDecide); err != nil {
		return since, err
	}
	var at store.Time
	err = r.store.R.NewRaw("SELECT since FROM review_absence WHERE person = ?", a.ID).Scan(ctx, &at)
	if store.IsNotFound(err) {
		return since, nil
	}
	return at.Time, wrap("away since", err)
}

func away(ctx context.Context, tx *store.Tx, person string) (bool, error) {
	var n int
	err := tx.NewRaw("SELECT count(*) FROM review_absence WHERE person = ?", person).Scan(ctx, &n)
	return n > 0, err
}

// lead does something to an undecided case of the desk as a lead.
func (r *Reviews) lead(ctx context.Context, a actor.Actor, publicID string, f func(context.Context, *store.Tx, *Case) error) error {
	if err := a.Check(actor.ReviewLead); err != nil {
		return err
	}
	return r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		c, err := find(ctx, tx, publicID)
		if err != nil {
			return err
		}
		if c.State != Open && c.State != Claimed {
			return fault.New(fault.Conflict, "review_case_state").With("State", string(c.State))
		}
		return f(ctx, tx, &c)
	})
}

// keep writes a case whose state stays.
func (r *Reviews) keep(ctx context.Context, tx *store.Tx, c *Case) error {
	c.RowVersion++
	return store.One(tx.NewUpdate().Model(c).WherePK().Where("row_version = ?", c.RowVersion-1).Exec(ctx))
}
