package profile

import (
	"context"
	"slices"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Edit changes a profile of the actor's account. A version that was never
// submitted is changed in place; after a verdict a new version is made. Faults:
// those of the fields, profile_in_review, profile_edit_makes_new_version (say
// NewVersion to agree), row_version_stale.
func (ps *Profiles) Edit(ctx context.Context, a actor.Actor, publicID string, d Draft) (View, error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return View{}, err
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
		kind := v.Fields.DocumentKind
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
		if err := ps.complete(&p, &v, number); err != nil {
			return err
		}
		if err := ps.makeDefault(ctx, tx, &p, d.Default); err != nil {
			return err
		}
		if err := ps.saveDraft(ctx, tx, &p, &v); err != nil {
			return err
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

// draft returns the version of a profile that may be changed, a new one where
// the present one has had its verdict.
func (ps *Profiles) draft(ctx context.Context, tx *store.Tx, a actor.Actor, publicID string, agreed bool) (p Profile, v Version, err error) {
	if p, err = find(ctx, tx, a.Account, publicID); err != nil {
		return p, v, err
	}
	if v, err = versionByID(ctx, tx, p.VersionID); err != nil {
		return p, v, err
	}
	switch v.State {
	case Unverified:
		return p, v, nil
	case InReview:
		return p, v, fault.New(fault.Conflict, "profile_in_review")
	case Verified:
		if !agreed {
			return p, v, fault.New(fault.Conflict, "profile_edit_makes_new_version")
		}
	}
	v, err = ps.nextVersion(ctx, tx, &p, v)
	return p, v, err
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

// Attach screens a picture and puts it to the profile as a side of its document,
// in place of an earlier one. The document kind is the profile's own. Faults:
// those of Edit and of document.Take, document_kind_first.
func (ps *Profiles) Attach(ctx context.Context, a actor.Actor, publicID string, newVersion bool, u document.Upload) (View, document.Document, error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return View{}, document.Document{}, err
	}
	// Look before the picture is read: a profile that may not be changed costs no
	// screening. The unit of work below looks again.
	p, err := find(ctx, ps.store.R, a.Account, publicID)
	if err != nil {
		return View{}, document.Document{}, err
	}
	now, err := versionByID(ctx, ps.store.R, p.VersionID)
	if err != nil {
		return View{}, document.Document{}, err
	}
	if now.State == InReview {
		return View{}, document.Document{}, fault.New(fault.Conflict, "profile_in_review")
	}
	if now.State == Verified && !newVersion {
		return View{}, document.Document{}, fault.New(fault.Conflict, "profile_edit_makes_new_version")
	}
	if now.Fields.DocumentKind == "" {
		return View{}, document.Document{}, fault.At("document_kind", "document_kind_first")
	}
	u.Kind, u.ProfileKind = now.Fields.DocumentKind, p.Kind
	d, err := ps.documents.Take(ctx, a, u, func(ctx context.Context, tx *store.Tx, d document.Document) (err error) {
		var v Version
		if p, v, err = ps.draft(ctx, tx, a, publicID, newVersion); err != nil {
			return err
		}
		row := &attachment{VersionID: v.ID, Side: d.Side, DocumentID: d.ID}
		if _, err := tx.NewInsert().Model(row).On("CONFLICT (version_id, side) DO UPDATE").Set("document_id = EXCLUDED.document_id").Exec(ctx); err != nil {
			return err
		}
		if err := ps.saveDraft(ctx, tx, &p, &v); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "profile.attach", p.PublicID, map[string]string{"document": d.PublicID, "side": d.Side})
	})
	if err != nil {
		return View{}, d, wrap("attach", err)
	}
	view, err := ps.view(ctx, ps.store.R, p)
	return view, d, err
}

// missingSides lists the sides that the document kind demands and v does not have.
func (ps *Profiles) missingSides(have []document.Document, kind string) (out []string) {
	d, ok := ps.policies.Document(kind)
	if !ok {
		return []string{"front"}
	}
	for _, side := range d.RequiredSides() {
		if !slices.ContainsFunc(have, func(x document.Document) bool { return x.Side == side }) {
			out = append(out, side)
		}
	}
	return out
}
