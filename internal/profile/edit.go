package profile

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Edit changes a profile of the actor's account. A version that was never
// submitted or used is changed in place; after a verdict a new version is made. Faults:
// those of the fields, profile_in_review, profile_edit_makes_new_version and
// profile_in_use (say NewVersion to agree), row_version_stale.
func (ps *Profiles) Edit(ctx context.Context, a actor.Actor, publicID string, d Draft) (View, error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return View{}, err
	}
	if d.onlyDefault() {
		return ps.SetDefault(ctx, a, publicID, *d.Default)
	}
	number := d.take("document_number")
	var p Profile
	err := ps.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		var v Version
		if p, v, err = ps.draft(ctx, tx, a, publicID, d.NewVersion); err != nil {
			return err
		}
		if d.RowVersion != 0 && d.RowVersion != p.RowVersion {
			return fault.New(fault.Stale, "row_version_stale")
		}
		kind, address := v.Fields.DocumentKind, v.Fields.Email
		if err := d.apply(&v.Fields); err != nil {
			return err
		}
		if number == nil && kind != v.Fields.DocumentKind && len(v.NumberSealed) > 0 {
			// Another kind of document: the old number has to pass its rules.
			old, err := ps.number(v)
			if err != nil {
				return err
			}
			number = &old
		}
		if err := ps.complete(&p, &v, number, d.Incomplete); err != nil {
			return err
		}
		if err := ps.makeDefault(ctx, tx, &p, d.Default); err != nil {
			return err
		}
		if err := ps.saveDraft(ctx, tx, &p, &v); err != nil {
			return err
		}
		if err := ps.index(ctx, tx, p, v); err != nil {
			return err
		}
		if v.Fields.Email != address {
			if err := left(ctx, tx, a, address); err != nil {
				return err
			}
		}
		if err := event.Append(ctx, tx, a.Account, "profile.edited", p.PublicID, nil); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "profile.edit", p.PublicID, map[string]string{"version": v.PublicID})
	})
	if err != nil {
		return View{}, wrap("edit", err)
	}
	return ps.view(ctx, ps.store.R, p)
}

// left makes links void that were mailed to an address which a profile gives no longer,
// unless another profile of the account does.
func left(ctx context.Context, tx *store.Tx, a actor.Actor, address string) error {
	n, err := tx.NewSelect().Model((*term)(nil)).Where("account_id = ?", a.Account).Where("term = ?", addressTerm(address)).Count(ctx)
	if err != nil || n > 0 || address == "" {
		return err
	}
	return emailcheck.Drop(ctx, tx, a, address)
}

// draft returns the version of a profile that may be changed, a new one where
// the present one has had its verdict.
func (ps *Profiles) draft(ctx context.Context, tx *store.Tx, a actor.Actor, publicID string, agreed bool) (p Profile, v Version, err error) {
	if p, err = find(ctx, tx, a.Account, publicID); err != nil {
		return p, v, err
	}
	if v, err = versionByID(ctx, tx, p.VersionID); err != nil {
		return p, v, err
	}
	if err = ps.changeable(ctx, tx, p, v, agreed); err != nil || v.State == Unverified && !v.InUse() {
		return p, v, err
	}
	v, err = ps.nextVersion(ctx, tx, &p, v)
	return p, v, err
}

// changeable says why a profile with this version may not be changed, nil when it
// may; agreed is that one which is verified or in use gets a new version.
func (ps *Profiles) changeable(ctx context.Context, db bun.IDB, p Profile, v Version, agreed bool) error {
	switch {
	case v.State == InReview:
		day, err := ps.expected(ctx, db, v)
		if err != nil {
			return wrap("changeable", err)
		}
		return fault.New(fault.Conflict, "profile_in_review").With("Profile", p.PublicID).With("Date", day)
	case v.State == Verified && !agreed:
		return fault.New(fault.Conflict, "profile_edit_makes_new_version")
	case v.InUse() && !agreed:
		return fault.New(fault.Conflict, "profile_in_use")
	}
	return nil
}

// nextVersion copies a frozen version into a new, unverified one, its number
// sealed anew for its new place, its documents attached again.
func (ps *Profiles) nextVersion(ctx context.Context, tx *store.Tx, p *Profile, old Version) (Version, error) {
	number, err := ps.number(old)
	if err != nil {
		return old, err
	}
	v := Version{
		PublicID: store.NewID("pv"), ProfileID: p.ID, AccountID: p.AccountID, Number: old.Number + 1, State: Unverified,
		Fields: old.Fields, HolderFold: old.HolderFold, CreatedAt: store.At(tx.Now()), RowVersion: 1,
	}
	if number != "" {
		if err := ps.sealNumber(&v, number, old.NumberMask); err != nil {
			return old, err
		}
	}
	if _, err := tx.NewInsert().Model(&v).Exec(ctx); err != nil {
		return old, err
	}
	if _, err := tx.NewRaw("INSERT INTO profile_document (version_id, side, document_id) SELECT ?, side, document_id FROM profile_document WHERE version_id = ?", v.ID, old.ID).Exec(ctx); err != nil {
		return old, err
	}
	p.VersionID = v.ID
	return v, nil
}

func (ps *Profiles) saveDraft(ctx context.Context, tx *store.Tx, p *Profile, v *Version) error {
	v.RowVersion++
	if err := store.One(tx.NewUpdate().Model(v).WherePK().Where("row_version = ?", v.RowVersion-1).Exec(ctx)); err != nil {
		return err
	}
	p.UpdatedAt = store.At(tx.Now())
	p.RowVersion++
	return store.One(tx.NewUpdate().Model(p).WherePK().Where("row_version = ?", p.RowVersion-1).Exec(ctx))
}
