package profile

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/erasure"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// All lists the profiles of an account that are not erased, deleted ones included.
func All(ctx context.Context, db bun.IDB, account int64) (out []Profile, err error) {
	err = db.NewSelect().Model(&out).Where("account_id = ?", account).Where("erased_at IS NULL").OrderExpr("id").Scan(ctx)
	return out, wrap("all", err)
}

// Owned returns a profile of an account that is not erased, a deleted one included. Fault:
// profile_not_found.
func Owned(ctx context.Context, db bun.IDB, account int64, publicID string) (p Profile, err error) {
	err = db.NewSelect().Model(&p).Where("public_id = ?", publicID).Where("account_id = ?", account).Where("erased_at IS NULL").Scan(ctx)
	if store.IsNotFound(err) {
		return p, fault.New(fault.NotFound, "profile_not_found")
	}
	return p, wrap("owned", err)
}

// Versions lists all versions of a profile, the oldest first.
func Versions(ctx context.Context, db bun.IDB, p Profile) (out []Version, err error) {
	err = db.NewSelect().Model(&out).Where("profile_id = ?", p.ID).OrderExpr("number").Scan(ctx)
	return out, wrap("versions", err)
}

// NumberFor opens the number of a version for the person whose it is, "" for none. The
// caller has recorded why.
func (ps *Profiles) NumberFor(v Version) (string, error) {
	number, err := ps.number(v)
	return number, wrap("number", err)
}

// Scope is what is erased with a profile: its versions, the texts by which its holder is
// known, and the addresses that no other profile of the account has. What another profile
// says too is known of that one.
func (ps *Profiles) Scope(ctx context.Context, tx *store.Tx, p Profile) (s erasure.Scope, addresses []string, err error) {
	s = erasure.Scope{Account: p.AccountID, Subjects: []string{p.PublicID}}
	var all []Version
	err = tx.NewSelect().Model(&all).Where("account_id = ?", p.AccountID).Where("profile_id NOT IN (SELECT x.id FROM profile AS x WHERE x.account_id = ? AND x.erased_at IS NOT NULL)", p.AccountID).OrderExpr("id").Scan(ctx)
	if err != nil {
		return s, nil, wrap("scope", err)
	}
	var others erasure.Scope
	elsewhere := map[string]bool{}
	for _, v := range all {
		if v.ProfileID != p.ID {
			others.Add(v.Fields.personal()...)
			elsewhere[v.Fields.Email] = true
		}
	}
	for _, v := range all {
		if v.ProfileID != p.ID {
			continue
		}
		number, err := ps.number(v)
		if err != nil {
			return s, nil, wrap("scope", err)
		}
		s.Versions, s.Refs = append(s.Versions, v.ID), append(s.Refs, v.PublicID)
		s.Subjects = append(s.Subjects, v.PublicID)
		s.Add(number, v.NumberMask, v.HolderFold)
		s.Add(v.Fields.personal()...)
		if a := v.Fields.Email; a != "" && !elsewhere[a] {
			addresses, elsewhere[a] = append(addresses, a), true
		}
	}
	s.Without(others)
	return s, addresses, nil
}

// personal are the fields that tell who somebody is, or where to find them.
func (f Fields) personal() []string {
	return []string{f.NameZh, f.NameEn, f.OrganizationZh, f.OrganizationEn, f.AddressZh, f.AddressEn, f.PhoneTyped, f.Phone, f.Email}
}

// Erase takes out of a profile who its holder is: the fields of all versions but the kind of
// document, the number, and what it was found by. The versions stay with their verdicts, and
// the keyed hash of the number; nobody is shown the profile any more.
func (ps *Profiles) Erase(ctx context.Context, tx *store.Tx, p Profile) error {
	versions, err := Versions(ctx, tx, p)
	if err != nil {
		return err
	}
	for _, v := range versions {
		v.Fields = Fields{DocumentKind: v.Fields.DocumentKind}
		v.HolderFold, v.NumberSealed, v.NumberMask = "", nil, ""
		v.RowVersion++
		if err := store.One(tx.NewUpdate().Model(&v).WherePK().Where("row_version = ?", v.RowVersion-1).Exec(ctx)); err != nil {
			return wrap("erase", err)
		}
	}
	if _, err := tx.NewRaw("DELETE FROM profile_term WHERE profile_id = ?", p.ID).Exec(ctx); err != nil {
		return wrap("erase", err)
	}
	p.ErasedAt, p.UpdatedAt, p.IsDefault = store.At(tx.Now()), store.At(tx.Now()), false
	if p.DeletedAt.IsZero() {
		p.DeletedAt = store.At(tx.Now())
	}
	p.RowVersion++
	if err := store.One(tx.NewUpdate().Model(&p).WherePK().Where("row_version = ?", p.RowVersion-1).Exec(ctx)); err != nil {
		return wrap("erase", err)
	}
	return audit.Record(ctx, tx, actor.Actor{ID: actor.Verinym.ID, Account: p.AccountID}, "profile.erase", p.PublicID, nil)
}
