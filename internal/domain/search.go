package domain

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
)

// Filter says which domains are wanted; the zero value wants all.
type Filter struct {
	// Query is a name or a part of one, as people type it.
	Query        string
	Verification Verdict
	// Held wants the names that are on a hold of the registry's or ours.
	Held bool
	// PapersMissing wants the names whose suffix asks for papers beside an identity that are
	// not submitted, or were refused.
	PapersMissing bool
	// Suffix is one as people type it, "" for any.
	Suffix string
	// Expiring wants the names that run out within ExpiringWithin, or have.
	Expiring bool
	// ExpiresBefore wants the names that run out before a time, or have; zero for any.
	ExpiresBefore time.Time
	// Ours leaves out names that are not the account's any more, or never were.
	Ours bool
	// Sort is the order of a list.
	Sort Sort
}

// ExpiringWithin is how long before its end a name is said to run out soon.
const ExpiringWithin = 30 * 24 * time.Hour

// What the columns say of both verdicts together, as Domain.Verification has it.
var verificationIs = map[Verdict]string{
	Verified:     "naming_state IN ('verified', 'not_required') AND holder_state IN ('verified', 'not_required') AND NOT (naming_state = 'not_required' AND holder_state = 'not_required')",
	NotRequired:  "naming_state = 'not_required' AND holder_state = 'not_required'",
	Failed:       "(naming_state = 'failed' OR holder_state = 'failed')",
	NotCompleted: "(naming_state = 'not_completed' OR holder_state = 'not_completed') AND naming_state <> 'failed' AND holder_state <> 'failed'",
	InReview:     "(naming_state = 'in_review' OR holder_state = 'in_review') AND naming_state NOT IN ('failed', 'not_completed') AND holder_state NOT IN ('failed', 'not_completed')",
	NotPossible:  "(naming_state = 'not_possible' OR holder_state = 'not_possible')",
}

// isHeld is what the column of the registry's statuses, a list in JSON, says of a hold.
const isHeld = `(statuses LIKE '%"` + epp.ServerHold + `"%' OR statuses LIKE '%"` + epp.ClientHold + `"%')`

// lacksPapers is what the column says of papers that the registrant has to see to.
const lacksPapers = "qualification_state IN ('not_completed', 'failed')"

// verificationOf is the same as one word, as the index of the lists has it.
const verificationOf = `(CASE
	WHEN naming_state = 'failed' OR holder_state = 'failed' THEN 'failed'
	WHEN naming_state = 'not_completed' OR holder_state = 'not_completed' THEN 'not_completed'
	WHEN naming_state = 'in_review' OR holder_state = 'in_review' THEN 'in_review'
	WHEN naming_state = 'not_possible' OR holder_state = 'not_possible' THEN 'not_possible'
	WHEN naming_state = 'not_required' AND holder_state = 'not_required' THEN 'not_required'
	ELSE 'verified' END)`

// where adds the conditions of a filter to a query on domain. byVerdict has the database
// look the verdict up in its index, rather than at each name of another one.
func (all *All) where(q *bun.SelectQuery, f Filter, byVerdict bool) *bun.SelectQuery {
	if f.Query = strings.TrimSpace(f.Query); f.Query != "" {
		part := strings.ToLower(f.Query)
		if name, err := Normalize(part); err == nil {
			part = name
		}
		has := "instr(name, ?) > 0" // much quicker than LIKE, which cannot use an index either
		if all.store.Engine() == "postgres" {
			has = "strpos(name, ?) > 0"
		}
		q = q.Where(has, part)
	}
	if where, known := verificationIs[f.Verification]; byVerdict && f.Verification != "" {
		q = q.Where(verificationOf+" = ?", f.Verification)
	} else if known {
		q = q.Where(where)
	} else if f.Verification != "" {
		q = q.Where("1 = 0")
	}
	if f.Held {
		q = q.Where(isHeld)
	}
	if f.PapersMissing {
		q = q.Where(lacksPapers)
	}
	if f.Suffix != "" { // the name first, which the index has
		suffix := policy.ALabel(f.Suffix)
		end := "." + suffix
		q = q.Where("substr(name, length(name) - ?) = ?", len(end)-1, end).Where("suffix = ?", suffix)
	}
	if f.Expiring {
		q = expiresBefore(q, all.store.Now().Add(ExpiringWithin))
	}
	if !f.ExpiresBefore.IsZero() {
		q = expiresBefore(q, f.ExpiresBefore)
	}
	if f.Ours {
		q = q.Where("state NOT IN (?)", bun.List(ended))
	}
	return q
}

func expiresBefore(q *bun.SelectQuery, t time.Time) *bun.SelectQuery {
	return q.Where("? < ?", bun.Safe(expiresKey), store.Micros(t))
}

// List returns the actor's domains after a cursor, and the cursor to go on after, "" at
// the end. In the order of their names it is a name. Fault: cursor_invalid.
func (all *All) List(ctx context.Context, a actor.Actor, f Filter, after string, limit int) (out []Domain, next string, err error) {
	if out, next, err = all.list(ctx, a, f, after, limit); err != nil {
		return nil, "", err
	}
	return out, next, wrap("list", all.showMore(ctx, out))
}

func (all *All) list(ctx context.Context, a actor.Actor, f Filter, after string, limit int) (out []Domain, next string, err error) {
	if err := a.Check(actor.DomainRead); err != nil {
		return nil, "", err
	}
	if f.Sort != ByName {
		return all.listSorted(ctx, a, f, after, limit)
	}
	q := all.where(all.store.R.NewSelect().Model(&out).Where("account_id = ?", a.Account).OrderExpr("name, id").Limit(int64(limit)+1), f, true)
	if after != "" {
		q = q.Where("name > ?", after)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", wrap("list", err)
	}
	if len(out) <= limit {
		return out, "", nil
	}
	// A name may stand there twice, when it was registered again: the page ends
	// after all of a name.
	next = out[limit-1].Name
	end := slices.IndexFunc(out[limit:], func(d Domain) bool { return d.Name != next })
	if end >= 0 {
		return out[:limit+end], next, nil
	}
	return all.restOf(ctx, q, out, next)
}

// restOf adds to a page the other rows of its last name.
func (all *All) restOf(ctx context.Context, q *bun.SelectQuery, page []Domain, name string) ([]Domain, string, error) {
	var more []Domain
	err := q.Model(&more).Where("name = ?", name).Where("id > ?", page[len(page)-1].ID).Limit(0).Scan(ctx)
	return append(page, more...), name, wrap("list", err)
}

// Names are those of the actor's domains that a filter wants, without those that are not the
// account's any more, at most MaxDomains.
func (all *All) Names(ctx context.Context, a actor.Actor, f Filter) (out []string, err error) {
	if err := a.Check(actor.DomainRead); err != nil {
		return nil, err
	}
	f.Ours = true
	q := all.where(all.store.R.NewSelect().Model((*Domain)(nil)).Column("name").Distinct().Where("account_id = ?", a.Account).OrderExpr("name").Limit(MaxDomains), f, true)
	return out, wrap("names", q.Scan(ctx, &out))
}

// newest reads a page of the actor's rows, the newest first, behind the one with the
// public id before, and says with which id to go on, "" on the last page. narrow makes the
// query fewer rows or columns.
func newest[T any](ctx context.Context, db bun.IDB, a actor.Actor, before string, limit int, id func(T) string, narrow ...func(*bun.SelectQuery) *bun.SelectQuery) (out []T, next string, err error) {
	q := db.NewSelect().Model(&out).Where("account_id = ?", a.Account).OrderExpr("id DESC").Limit(int64(limit) + 1).Apply(narrow...)
	if before != "" {
		q = q.Where("id < (SELECT x.id FROM ?TableName AS x WHERE x.account_id = ? AND x.public_id = ?)", a.Account, before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", err
	}
	if len(out) > limit {
		out = out[:limit]
		next = id(out[limit-1])
	}
	return out, next, nil
}

// HoldDate is when the registry holds a name that lacks a verdict, false where it has
// them or no rule says so.
func (all *All) HoldDate(d Domain) (time.Time, bool) {
	if v := d.Verification(); d.State != Registered || v == Verified || v == NotRequired || v == NotPossible {
		return time.Time{}, false
	}
	return all.due(d)
}
