package profile

import (
	"context"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
)

// SetDefault makes a profile the default of its holder type, or takes that from it. No
// version changes: a verified profile stays verified. Fault: profile_not_found.
func (ps *Profiles) SetDefault(ctx context.Context, a actor.Actor, publicID string, isDefault bool) (View, error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return View{}, err
	}
	var p Profile
	err := ps.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if p, err = find(ctx, tx, a.Account, publicID); err != nil || p.IsDefault == isDefault {
			return err
		}
		if err := ps.makeDefault(ctx, tx, &p, &isDefault); err != nil {
			return err
		}
		return ps.saveProfile(ctx, tx, a, &p, "profile.default")
	})
	if err != nil {
		return View{}, wrap("default", err)
	}
	return ps.view(ctx, ps.store.R, p)
}

// DefaultFirst orders profiles: a default one comes before the others, and is the one that
// is taken where nobody chooses.
func DefaultFirst(p, q Profile) int {
	switch {
	case p.IsDefault == q.IsDefault:
		return 0
	case p.IsDefault:
		return -1
	}
	return 1
}

// Delete takes a profile away from its account's list. Domains keep the version that
// they were associated with, and what they rest on is kept for them; pictures that
// nothing rests on are erased on schedule. Faults: profile_not_found, profile_in_review.
func (ps *Profiles) Delete(ctx context.Context, a actor.Actor, publicID string) error {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return err
	}
	err := ps.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := find(ctx, tx, a.Account, publicID)
		if err != nil {
			return err
		}
		v, err := versionByID(ctx, tx, p.VersionID)
		if err != nil {
			return err
		}
		if err := ps.changeable(ctx, tx, p, v, true); err != nil {
			return err
		}
		p.DeletedAt, p.IsDefault = store.At(tx.Now()), false
		if _, err := tx.NewRaw("DELETE FROM profile_term WHERE profile_id = ?", p.ID).Exec(ctx); err != nil {
			return err
		}
		if err := left(ctx, tx, a, v.Fields.Email); err != nil {
			return err
		}
		return ps.saveProfile(ctx, tx, a, &p, "profile.deleted")
	})
	return wrap("delete", err)
}

// saveProfile writes a profile whose version has not changed, and tells of it.
func (ps *Profiles) saveProfile(ctx context.Context, tx *store.Tx, a actor.Actor, p *Profile, what event.Type) error {
	p.UpdatedAt = store.At(tx.Now())
	p.RowVersion++
	if err := store.One(tx.NewUpdate().Model(p).WherePK().Where("row_version = ?", p.RowVersion-1).Exec(ctx)); err != nil {
		return err
	}
	if err := event.Append(ctx, tx, a.Account, what, p.PublicID, nil); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a, string(what), p.PublicID, nil)
}

// Copy makes a new profile with what a profile of the account says, for an
// accreditation and kind of its own; "" takes those of the original. The copy is
// unverified, may lack what its kind asks for beyond the original's, and has the
// pictures only where the original's kind is kept: kinds differ in what they take.
// Faults: profile_not_found, profile_limit, value_unknown.
func (ps *Profiles) Copy(ctx context.Context, a actor.Actor, publicID string, acc policy.Accreditation, kind policy.ProfileKind) (View, error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return View{}, err
	}
	from, err := find(ctx, ps.store.R, a.Account, publicID)
	if err != nil {
		return View{}, err
	}
	old, err := versionByID(ctx, ps.store.R, from.VersionID)
	if err != nil {
		return View{}, err
	}
	p := Profile{PublicID: store.NewID("prf"), AccountID: a.Account, Accreditation: acc, Kind: kind, HolderType: from.HolderType, RowVersion: 1}
	if p.Accreditation == "" {
		p.Accreditation = from.Accreditation
	}
	if p.Kind == "" {
		p.Kind = from.Kind
	}
	if err := p.known(); err != nil {
		return View{}, err
	}
	v := Version{PublicID: store.NewID("pv"), AccountID: a.Account, Number: 1, State: Unverified, Fields: old.Fields, RowVersion: 1}
	if p.Kind == policy.CNNIC && p.HolderType == policy.Individual { // has no such field
		v.Fields.OrganizationZh, v.Fields.OrganizationEn = "", ""
	}
	number, err := ps.number(old)
	if err != nil {
		return View{}, err
	}
	if err := ps.complete(&p, &v, &number, true); err != nil {
		return View{}, err
	}
	err = ps.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := ps.add(ctx, tx, a, &p, &v, nil); err != nil || p.Kind != from.Kind {
			return err
		}
		_, err := tx.NewRaw(`INSERT INTO profile_document (version_id, side, document_id) SELECT ?, d.side, d.document_id FROM profile_document d
			JOIN document x ON x.id = d.document_id WHERE d.version_id = ? AND x.erased_at IS NULL AND x.rejected_at IS NULL`, v.ID, old.ID).Exec(ctx)
		return err
	})
	if err != nil {
		return View{}, wrap("copy", err)
	}
	return ps.view(ctx, ps.store.R, p)
}
