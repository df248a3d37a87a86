package domain

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Sort is the order of a list of domains.
type Sort string

// The orders of a list. ByHold begins with the names that lack a verdict, those first
// that are held first; the others come after them by their names.
const (
	ByName   Sort = ""
	ByHold   Sort = "hold"
	ByExpiry Sort = "expiry"
)

// Sorts are all orders of a list.
var Sorts = []Sort{ByName, ByHold, ByExpiry}

// part is a stretch of a sorted list: its names, and by what they are in order before
// their names, "" for nothing.
type part struct{ where, key string }

const (
	// lacks is what the columns say of a name that lacks a verdict, as the index of
	// those has it.
	lacks = `(naming_state IN ('failed', 'not_completed', 'in_review') OR holder_state IN ('failed', 'not_completed', 'in_review'))`
	// at the end of the time stand names without a date.
	dueKey     = "coalesce(due_at, 9223372036854775807)"
	expiresKey = "coalesce(expires_at, 9223372036854775807)"
)

// parts are those of a list in an order.
var parts = map[Sort][]part{
	ByHold:   {{lacks, dueKey}, {"NOT " + lacks, ""}},
	ByExpiry: {{"1 = 1", expiresKey}},
}

// mark is where a row stands in a sorted list.
type mark struct {
	part int
	key  int64
	id   int64
	name string
}

func markOf(d Domain, by Sort) mark {
	at := mark{id: d.ID, name: d.Name}
	switch {
	case by == ByExpiry:
		at.key = dateKey(d.ExpiresAt)
	case slices.Contains(lacking, d.NamingState) || slices.Contains(lacking, d.HolderState):
		at.key = dateKey(d.DueAt)
	default:
		at.part = 1
	}
	return at
}

func dateKey(t store.Time) int64 {
	if t.IsZero() {
		return math.MaxInt64
	}
	return store.Micros(t.Time)
}

func (at mark) cursor() string { return fmt.Sprintf("%d %d %d %s", at.part, at.key, at.id, at.name) }

// readMark reads a cursor of a list in an order; "" is its beginning.
func readMark(s string, by Sort) (at mark, err error) {
	if s == "" {
		return at, nil
	}
	n, err := fmt.Sscanf(s, "%d %d %d %s", &at.part, &at.key, &at.id, &at.name)
	if err != nil || n != 4 || at.part < 0 || at.part >= len(parts[by]) {
		return at, fault.At("after", "cursor_invalid")
	}
	return at, nil
}

// behind wants the rows of a part that come after the mark.
func (at mark) behind(q *bun.SelectQuery, p part) *bun.SelectQuery {
	if p.key == "" {
		return q.Where("(name, id) > (?, ?)", at.name, at.id)
	}
	return q.Where("? >= ?", bun.Safe(p.key), at.key).Where("(?, name, id) > (?, ?, ?)", bun.Safe(p.key), at.key, at.name, at.id)
}

// listSorted is list in another order than that of the names.
func (all *All) listSorted(ctx context.Context, a actor.Actor, f Filter, after string, limit int) (out []Domain, next string, err error) {
	if _, known := parts[f.Sort]; !known {
		return nil, "", fault.At("sort", "value_unknown").With("Field", "sort")
	}
	from, err := readMark(after, f.Sort)
	if err != nil {
		return nil, "", err
	}
	few, err := all.few(ctx, a, f)
	if err != nil {
		return nil, "", wrap("list", err)
	}
	for i := from.part; i < len(parts[f.Sort]) && len(out) <= limit; i++ {
		p := parts[f.Sort][i]
		var rows []Domain
		q := all.where(all.store.R.NewSelect().Model(&rows).Where("account_id = ?", a.Account).Where(p.where), f, few)
		if after != "" && i == from.part {
			q = from.behind(q, p)
		}
		order := "name, id"
		switch {
		case p.key != "" && few: // the sign keeps the database from reading all names in this order
			order = "+" + p.key + ", " + order
		case p.key != "":
			order = p.key + ", " + order
		}
		if err := q.OrderExpr(order).Limit(int64(limit + 1 - len(out))).Scan(ctx); err != nil {
			return nil, "", wrap("list", err)
		}
		out = append(out, rows...)
	}
	if len(out) > limit {
		out = out[:limit]
		next = markOf(out[limit-1], f.Sort).cursor()
	}
	return out, next, nil
}

// fewEnough is how many names may be read and put in order for a page of them; more are
// looked for in the order that an index has.
const fewEnough = 300

// few reports whether so few names have the verdict of a filter.
func (all *All) few(ctx context.Context, a actor.Actor, f Filter) (bool, error) {
	if f.Verification == "" {
		return false, nil
	}
	rows, err := all.tallies(ctx, a.Account)
	return countOf(rows, func(t tallied) bool { return t.verification() == f.Verification }) <= fewEnough, err
}
