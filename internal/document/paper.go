package document

import (
	"context"
	"strconv"
	"strings"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
)

// Page is the one side of a paper; a paper of several pages is several documents.
const Page = "page"

// Further is the side under which something is put to an identity document that its kind
// does not have: a further page, or another document that a review has asked for. Each such
// request has a side of its own, so that no picture of before meets it.
const Further = "further"

// FurtherSide is the n-th of these sides, from 1: further, further-2, further-3.
func FurtherSide(n int) string {
	if n == 1 {
		return Further
	}
	return Further + "-" + strconv.Itoa(n)
}

// FurtherNumber says which of these sides a side is, 0 for none of them.
func FurtherNumber(side string) int {
	if side == Further {
		return 1
	}
	digits, _ := strings.CutPrefix(side, Further+"-")
	if n, err := strconv.Atoi(digits); err == nil && n > 1 && FurtherSide(n) == side {
		return n
	}
	return 0
}

// TakePaper stores a page of a supporting paper: a trademark certificate, an
// undertaking. It is screened like any other picture, and kept for its account
// until something that needs it takes it. Faults: document_kind_unknown for what is
// no paper, those of Take.
func (ds *Documents) TakePaper(ctx context.Context, a actor.Actor, u Upload) (Document, error) {
	if _, ok := ds.policies.Paper(u.Kind); !ok {
		return Document{}, fault.At("kind", "document_kind_unknown").With("Kind", u.Kind)
	}
	u.Side, u.ProfileKind = Page, policy.Common
	return ds.Take(ctx, a, u, func(context.Context, *store.Tx, Document) error { return nil })
}

// Papers lists the pages that an account has, the newest first.
func (ds *Documents) Papers(ctx context.Context, a actor.Actor) (out []Document, err error) {
	if err := a.Check(actor.ProfileRead); err != nil {
		return nil, err
	}
	err = ds.store.R.NewSelect().Model(&out).Where("account_id = ?", a.Account).Where("side = ?", Page).Where("erased_at IS NULL").OrderExpr("id DESC").Limit(500).Scan(ctx)
	return out, wrap("papers", err)
}

// Discard erases a page that nothing needs. Faults: document_not_found,
// document_in_use.
func (ds *Documents) Discard(ctx context.Context, a actor.Actor, publicID string) error {
	if err := a.Check(actor.DocumentWrite); err != nil {
		return err
	}
	d, err := ds.find(ctx, publicID)
	switch {
	case err != nil:
		return err
	case d.AccountID != a.Account || d.Side != Page || d.State == erased:
		return fault.New(fault.NotFound, "document_not_found")
	}
	if err := ds.eraseUnneeded(ctx, d); err != nil {
		return wrap("discard", err)
	}
	if d, err = ds.find(ctx, publicID); err == nil && d.State != erased {
		err = fault.New(fault.Conflict, "document_in_use")
	}
	return err
}
