package review

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
)

// Order is in which order a queue is listed.
type Order string

// The orders of a queue. Urgent is the usual one: the higher priority first, then the
// earlier expected date.
const (
	Urgent   Order = "urgency"
	Oldest   Order = "age"
	Expected Order = "expected"
)

// Filter says which undecided cases of the desk are wanted; its zero value wants all,
// the most urgent first.
type Filter struct {
	Kind Kind
	// Suffix is one as people type it, "" for any.
	Suffix string
	// Priority, when not nil, wants cases of just that priority.
	Priority *int
	// Overdue wants those whose expected day is over, Escalated those that wait for a
	// lead, Mine those that the actor holds or is assigned, Free those that nobody has
	// in hand, Second those that one reviewer has approved and another is to look at.
	Overdue, Escalated, Mine, Free, Second bool
	Order                                  Order
}

// Queue lists a page of the desk's undecided cases behind the cursor after, and the
// cursor of the next page, "" on the last one. It needs review.read. Fault:
// cursor_invalid.
func (r *Reviews) Queue(ctx context.Context, a actor.Actor, f Filter, after string, limit int) (out []Case, next string, err error) {
	if err := a.Check(actor.ReviewRead); err != nil {
		return nil, "", err
	}
	q := f.where(r.store.R.NewSelect().Model(&out), a, store.At(r.store.Now())).Limit(int64(limit) + 1)
	if after != "" {
		last, err := r.cursor(ctx, after)
		if err != nil {
			return nil, "", err
		}
		q = f.Order.behind(q, last)
	}
	if err := f.Order.by(q).Scan(ctx); err != nil {
		return nil, "", wrap("queue", err)
	}
	out, next = page(out, limit)
	return out, next, nil
}

// where adds the conditions of a filter to a query on review_case.
func (f Filter) where(q *bun.SelectQuery, a actor.Actor, now store.Time) *bun.SelectQuery {
	q = q.Where("authority = ?", Desk).Where("state IN ('open', 'claimed')")
	if f.Kind != "" {
		q = q.Where("subject_kind = ?", f.Kind)
	}
	if f.Suffix != "" {
		q = q.Where("suffix = ?", policy.ALabel(f.Suffix))
	}
	if f.Priority != nil {
		q = q.Where("priority = ?", *f.Priority)
	}
	if f.Overdue {
		q = q.Where("expected_at <= ?", now)
	}
	if f.Escalated {
		q = q.Where("escalated_at IS NOT NULL")
	}
	if f.Mine {
		q = q.Where("(assigned_to = ? OR state = 'claimed' AND claimed_by = ? AND claimed_until > ?)", a.ID, a.ID, now)
	}
	if f.Free {
		q = q.Where("(state = 'open' OR claimed_until <= ?)", now)
	}
	if f.Second {
		q = q.Where("first_by <> ''")
	}
	return q
}

func (o Order) by(q *bun.SelectQuery) *bun.SelectQuery {
	switch o {
	case Oldest:
		return q.OrderExpr("id")
	case Expected:
		return q.OrderExpr("expected_at, id")
	}
	return q.OrderExpr("priority DESC, expected_at, id")
}

func (o Order) behind(q *bun.SelectQuery, last Case) *bun.SelectQuery {
	switch o {
	case Oldest:
		return q.Where("id > ?", last.ID)
	case Expected:
		return q.Where("(expected_at, id) > (?, ?)", last.ExpectedAt, last.ID)
	}
	return q.Where("(priority < ? OR priority = ? AND (expected_at, id) > (?, ?))", last.Priority, last.Priority, last.ExpectedAt, last.ID)
}

// tries is how often somebody who is always a moment too late reaches for the next case.
const tries = 10

// ClaimNext claims the first case of the queue that the actor may have: one that is
// assigned to them before any other. Faults: review_queue_empty, review_away.
func (r *Reviews) ClaimNext(ctx context.Context, a actor.Actor, f Filter) (c Case, err error) {
	if err := a.Check(actor.ReviewDecide); err != nil {
		return c, err
	}
	f.Free = true
	for range tries {
		c, err = r.claimFirst(ctx, a, f)
		if !errors.Is(err, store.ErrStale) {
			break
		}
	}
	return c, wrap("claim next", err)
}

func (r *Reviews) claimFirst(ctx context.Context, a actor.Actor, f Filter) (c Case, err error) {
	err = r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := f.where(tx.NewSelect().Model(&c), a, store.At(tx.Now())).Where("account_id <> ?", a.Account).Where("submitted_by <> ?", a.ID).Where("first_by <> ?", a.ID).Where("assigned_to IN ('', ?)", a.ID)
		if !f.Escalated || !a.May(actor.ReviewLead) {
			q = q.Where("(escalated_at IS NULL OR assigned_to = ?)", a.ID)
		}
		err := f.Order.by(q.OrderExpr("assigned_to DESC")).Limit(1).Scan(ctx)
		if store.IsNotFound(err) {
			return fault.New(fault.NotFound, "review_queue_empty")
		}
		if err != nil {
			return err
		}
		return r.claim(ctx, tx, a, &c)
	})
	return c, err
}

// Load is how many undecided cases the desk has, by what a Filter can want; Open are all.
type Load struct{ Open, Overdue, Escalated, Mine, Free, Second int }

// Load counts the desk's queue. It needs review.read.
func (r *Reviews) Load(ctx context.Context, a actor.Actor) (l Load, err error) {
	if err := a.Check(actor.ReviewRead); err != nil {
		return l, err
	}
	now := store.At(r.store.Now())
	err = r.store.R.NewRaw(`SELECT count(*) AS open, count(CASE WHEN expected_at <= ? THEN 1 END) AS overdue, count(escalated_at) AS escalated,
		count(CASE WHEN assigned_to = ? OR state = 'claimed' AND claimed_by = ? AND claimed_until > ? THEN 1 END) AS mine,
		count(CASE WHEN state = 'open' OR claimed_until <= ? THEN 1 END) AS free, count(CASE WHEN first_by <> '' THEN 1 END) AS second
		FROM review_case WHERE authority = ? AND state IN ('open', 'claimed')`, now, a.ID, a.ID, now, now, Desk).Scan(ctx, &l)
	return l, wrap("load", err)
}

// Decided lists a page of the desk's decided cases behind the cursor after, the latest
// first, and the cursor of the next page; by is a reviewer, "" for all. It needs
// review.read. Fault: cursor_invalid.
func (r *Reviews) Decided(ctx context.Context, a actor.Actor, by, after string, limit int) (out []Case, next string, err error) {
	if err := a.Check(actor.ReviewRead); err != nil {
		return nil, "", err
	}
	q := r.store.R.NewSelect().Model(&out).Where("authority = ?", Desk).Where("decided_at IS NOT NULL").OrderExpr("decided_at DESC, id DESC").Limit(int64(limit) + 1)
	if by != "" {
		q = q.Where("decided_by = ?", by)
	}
	if after != "" {
		last, err := r.cursor(ctx, after)
		if err != nil {
			return nil, "", err
		}
		q = q.Where("(decided_at, id) < (?, ?)", last.DecidedAt, last.ID)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", wrap("decided", err)
	}
	out, next = page(out, limit)
	return out, next, nil
}

// cursor finds the case that a page ended with. Fault: cursor_invalid.
func (r *Reviews) cursor(ctx context.Context, after string) (Case, error) {
	last, err := find(ctx, r.store.R, after)
	if fault.Code(err) == "review_not_found" {
		err = fault.At("after", "cursor_invalid")
	}
	return last, err
}

// page cuts what was found, one more than the limit, and returns the next cursor.
func page(found []Case, limit int) (out []Case, next string) {
	if len(found) <= limit {
		return found, ""
	}
	return found[:limit], found[limit-1].PublicID
}

// OverdueAt reports whether the case is undecided after its expected day.
func (c Case) OverdueAt(now time.Time) bool {
	return !c.State.ended() && !now.Before(c.ExpectedAt.Time)
}
