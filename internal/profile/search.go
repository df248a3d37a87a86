package profile

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
)

// Filter says which profiles are wanted; the zero value wants all.
type Filter struct {
	// Query is the beginning of a name's word in Chinese, pinyin or Latin letters, or of
	// an address, or a whole document number.
	Query         string
	State         State
	Kind          policy.ProfileKind
	HolderType    policy.HolderType
	Accreditation policy.Accreditation
	// Default, when not nil, wants the default profiles, or the others.
	Default *bool
}

// List returns a page of the actor's profiles behind the cursor after, and the cursor
// of the next page, "" on the last one. Without a query they come oldest first.
// Fault: cursor_invalid.
func (ps *Profiles) List(ctx context.Context, a actor.Actor, f Filter, after string, limit int) (out []View, next string, err error) {
	if err := a.Check(actor.ProfileRead); err != nil {
		return nil, "", err
	}
	var rows []Profile
	if strings.TrimSpace(f.Query) == "" {
		rows, next, err = ps.oldestFirst(ctx, a, f, after, limit)
	} else {
		rows, next, err = ps.search(ctx, a, f, after, limit)
	}
	if err != nil {
		return nil, "", err
	}
	out, err = ps.views(ctx, ps.store.R, rows)
	return out, next, err
}

// Count is how many profiles of a kind are in a state.
type Count struct {
	Kind     policy.ProfileKind
	State    State
	Profiles int
}

// Counts are those of an account.
type Counts []Count

// Of is how many profiles there are of a kind in a state; "" stands for any.
func (c Counts) Of(kind policy.ProfileKind, state State) (n int) {
	for _, x := range c {
		if (kind == "" || x.Kind == kind) && (state == "" || x.State == state) {
			n += x.Profiles
		}
	}
	return n
}

// Counts says how many profiles the actor's account has, by kind and state.
func (ps *Profiles) Counts(ctx context.Context, a actor.Actor) (out Counts, err error) {
	if err := a.Check(actor.ProfileRead); err != nil {
		return nil, err
	}
	err = ps.store.R.NewRaw(`SELECT p.kind, v.state, count(*) AS profiles FROM profile p JOIN profile_version v ON v.id = p.version_id
		WHERE p.account_id = ? AND p.deleted_at IS NULL GROUP BY p.kind, v.state`, a.Account).Scan(ctx, &out)
	return out, wrap("counts", err)
}

// where adds the conditions of a filter to a query on profile.
func (f Filter) where(q *bun.SelectQuery) *bun.SelectQuery {
	for column, v := range map[string]string{"kind": string(f.Kind), "holder_type": string(f.HolderType), "accreditation": string(f.Accreditation)} {
		if v != "" {
			q = q.Where("profile.? = ?", bun.Ident(column), v)
		}
	}
	if f.Default != nil {
		q = q.Where("profile.is_default = ?", *f.Default)
	}
	if f.State != "" {
		q = q.Where("EXISTS (SELECT 1 FROM profile_version v WHERE v.id = profile.version_id AND v.state = ?)", f.State)
	}
	return q.Where("profile.deleted_at IS NULL")
}

func (ps *Profiles) oldestFirst(ctx context.Context, a actor.Actor, f Filter, after string, limit int) (rows []Profile, next string, err error) {
	q := f.where(ps.store.R.NewSelect().Model(&rows).Where("profile.account_id = ?", a.Account)).OrderExpr("profile.id").Limit(int64(limit) + 1)
	if after != "" {
		p, err := find(ctx, ps.store.R, a.Account, after)
		if err != nil {
			return nil, "", err
		}
		q = q.Where("profile.id > ?", p.ID)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", wrap("list", err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].PublicID
	}
	return rows, next, nil
}

// hit is where a search found a profile.
type hit struct {
	Term      string
	ProfileID int64
}

// cursor is where the next page of a search begins.
func (h hit) cursor() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", h.ProfileID, h.Term))
}

func readCursor(s string) (h hit, err error) {
	if s == "" {
		return h, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	id, term, ok := strings.Cut(string(b), " ")
	if err == nil && ok {
		_, err = fmt.Sscan(id, &h.ProfileID)
	}
	if err != nil || !ok {
		return h, fault.At("after", "cursor_invalid")
	}
	h.Term = term
	return h, nil
}

// search finds profiles by their terms: a document number first, words otherwise. The
// rarest term leads, and each profile comes under the first of its terms in range.
func (ps *Profiles) search(ctx context.Context, a actor.Actor, f Filter, after string, limit int) (rows []Profile, next string, err error) {
	from, err := readCursor(after)
	if err != nil {
		return nil, "", err
	}
	for _, wanted := range append(ps.numberSpans(f.Query), spans(f.Query)) {
		hits, err := ps.hits(ctx, a, f, wanted, from, limit+1)
		if err != nil {
			return nil, "", wrap("search", err)
		}
		if len(hits) == 0 {
			continue
		}
		if len(hits) > limit {
			hits = hits[:limit]
			next = hits[limit-1].cursor()
		}
		rows, err = ps.inOrder(ctx, hits)
		return rows, next, wrap("search", err)
	}
	return nil, "", nil
}

// numberSpans are what a query looks for if it is a document number.
func (ps *Profiles) numberSpans(query string) (out [][]span) {
	for _, n := range numbers(query, ps.store.Now()) {
		if hash, err := ps.vault.NumberHash(n); err == nil {
			out = append(out, []span{{numberTerm(hash), true}})
		}
	}
	return out
}

// hits finds profiles that have a term in each of the spans, behind a hit.
func (ps *Profiles) hits(ctx context.Context, a actor.Actor, f Filter, wanted []span, from hit, limit int) (out []hit, err error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	lead, err := ps.rarest(ctx, a, wanted)
	if err != nil {
		return nil, err
	}
	within, args := wanted[lead].in("t.term")
	q := f.where(ps.store.R.NewSelect().TableExpr("profile_term AS t").Join("JOIN profile ON profile.id = t.profile_id").ColumnExpr("t.term, t.profile_id")).
		Where("t.account_id = ?", a.Account).Where(within, args...)
	if from.Term != "" {
		q = q.Where("(t.term, t.profile_id) > (?, ?)", from.Term, from.ProfileID)
	}
	if !wanted[lead].exact {
		q = q.Where("NOT EXISTS (SELECT 1 FROM profile_term e WHERE e.profile_id = t.profile_id AND e.term >= ? AND e.term < t.term)", wanted[lead].term)
	}
	for i, x := range wanted {
		if i == lead {
			continue
		}
		within, args := x.in("o.term")
		q = q.Where("EXISTS (SELECT 1 FROM profile_term o WHERE o.profile_id = t.profile_id AND "+within+")", args...)
	}
	err = q.OrderExpr("t.term, t.profile_id").Limit(int64(limit)).Scan(ctx, &out)
	return out, err
}

// manyEnough is how far the profiles of a span are counted to find the rarest.
const manyEnough = 500

// rarest returns which of the spans has the fewest profiles, as far as it was counted.
func (ps *Profiles) rarest(ctx context.Context, a actor.Actor, wanted []span) (lead int, err error) {
	if len(wanted) == 1 {
		return 0, nil
	}
	least := manyEnough + 1
	for i, x := range wanted {
		within, args := x.in("term")
		var n int
		some := ps.store.R.NewSelect().TableExpr("profile_term").ColumnExpr("1").Where("account_id = ?", a.Account).Where(within, args...).Limit(manyEnough)
		if err := ps.store.R.NewSelect().TableExpr("(?) AS counted", some).ColumnExpr("count(*)").Scan(ctx, &n); err != nil {
			return 0, err
		}
		if n < least {
			lead, least = i, n
		}
	}
	return lead, nil
}

// inOrder reads the profiles of hits, in their order.
func (ps *Profiles) inOrder(ctx context.Context, hits []hit) ([]Profile, error) {
	ids := make([]int64, len(hits))
	for i, x := range hits {
		ids[i] = x.ProfileID
	}
	var rows []Profile
	if err := ps.store.R.NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b Profile) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return rows, nil
}

// index writes the terms under which a profile is found, those of its present version.
func (ps *Profiles) index(ctx context.Context, tx *store.Tx, p Profile, v Version) error {
	if _, err := tx.NewRaw("DELETE FROM profile_term WHERE profile_id = ?", p.ID).Exec(ctx); err != nil {
		return err
	}
	var rows []term
	for _, t := range terms(p, v) {
		rows = append(rows, term{AccountID: p.AccountID, Term: t, ProfileID: p.ID})
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

type term struct {
	bun.BaseModel `bun:"table:profile_term"`

	AccountID int64
	Term      string
	ProfileID int64
}
