package profile

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

// Get returns a profile of the actor's account. Fault: profile_not_found, also
// for a profile of another account.
func (ps *Profiles) Get(ctx context.Context, a actor.Actor, publicID string) (View, error) {
	if err := a.Check(actor.ProfileRead); err != nil {
		return View{}, err
	}
	p, err := find(ctx, ps.store.R, a.Account, publicID)
	if err != nil {
		return View{}, err
	}
	return ps.view(ctx, ps.store.R, p)
}

// List returns the actor's profiles after the one called after, oldest first.
func (ps *Profiles) List(ctx context.Context, a actor.Actor, after string, limit int) (out []View, err error) {
	if err := a.Check(actor.ProfileRead); err != nil {
		return nil, err
	}
	q := ps.store.R.NewSelect().Model((*Profile)(nil)).Where("account_id = ?", a.Account).OrderExpr("id").Limit(int64(limit))
	if after != "" {
		p, err := find(ctx, ps.store.R, a.Account, after)
		if err != nil {
			return nil, err
		}
		q = q.Where("id > ?", p.ID)
	}
	var rows []Profile
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, wrap("list", err)
	}
	for _, p := range rows {
		v, err := ps.view(ctx, ps.store.R, p)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func find(ctx context.Context, db bun.IDB, account int64, publicID string) (p Profile, err error) {
	err = db.NewSelect().Model(&p).Where("account_id = ?", account).Where("public_id = ?", publicID).Scan(ctx)
	if store.IsNotFound(err) {
		return p, fault.New(fault.NotFound, "profile_not_found")
	}
	return p, wrap("find", err)
}

func versionByID(ctx context.Context, db bun.IDB, id int64) (v Version, err error) {
	err = db.NewSelect().Model(&v).Where("id = ?", id).Scan(ctx)
	return v, wrap("version", err)
}

func (ps *Profiles) view(ctx context.Context, db bun.IDB, p Profile) (out View, err error) {
	out.Profile = p
	if out.Current, err = versionByID(ctx, db, p.VersionID); err != nil {
		return out, err
	}
	if out.Email, err = emailcheck.Of(ctx, db, p.AccountID, out.Current.Fields.Email); err != nil {
		return out, err
	}
	if out.Documents, err = ps.attached(ctx, db, out.Current); err != nil {
		return out, err
	}
	if out.Doubts, err = ps.doubts(p, out.Current, out.Documents); err != nil {
		return out, err
	}
	if kind := out.Current.Fields.DocumentKind; kind != "" {
		out.Sides = ps.Wanted(p, kind)
	}
	// The reasons of the last verdict stay in sight while a corrected version is
	// being made.
	var submitted int64
	err = db.NewRaw("SELECT id FROM profile_version WHERE profile_id = ? AND submitted_at IS NOT NULL AND state <> 'withdrawn' ORDER BY number DESC LIMIT 1", p.ID).Scan(ctx, &submitted)
	if store.IsNotFound(err) {
		return out, nil
	}
	if err != nil {
		return out, wrap("view", err)
	}
	c, reasons, err := review.Latest(ctx, db, review.ProfileVersion, submitted)
	if store.IsNotFound(err) {
		return out, nil
	}
	if err != nil {
		return out, wrap("view", err)
	}
	out.Case, out.Reasons = &c, told(reasons, p)
	return out, nil
}

// told turns reasons into what the registrant may read: pointing at the fields
// of this profile, without what is for staff only.
func told(reasons []review.Reason, p Profile) []review.Reason {
	for i := range reasons {
		reasons[i].PointsName = FieldName(p, reasons[i].PointsName)
		reasons[i].StaffNote, reasons[i].Raw = "", ""
	}
	return reasons
}

// FieldName returns the field of p that a reason's holder_name and address point
// at: the organisation's name for an organisation, the Chinese form where the
// profile has one.
func FieldName(p Profile, name string) string {
	holder := "name"
	if p.HolderType == "organization" {
		holder = "organization"
	}
	switch name {
	case "holder_name":
		if p.Kind == "common" && p.Accreditation == "overseas" {
			return holder + "_en"
		}
		return holder + "_zh"
	case "holder_name_zh":
		return holder + "_zh"
	case "holder_name_en":
		return holder + "_en"
	case "address":
		if p.Kind == "common" && p.Accreditation == "overseas" {
			return "address_en"
		}
		return "address_zh"
	}
	return name
}

// attached lists the pictures of v's document. A picture of another kind, left
// from before the kind was changed, is none of it: nobody is to see or send it.
func (ps *Profiles) attached(ctx context.Context, db bun.IDB, v Version) ([]document.Document, error) {
	var ids []int64
	if err := db.NewRaw("SELECT document_id FROM profile_document WHERE version_id = ? ORDER BY side", v.ID).Scan(ctx, &ids); err != nil {
		return nil, wrap("documents", err)
	}
	have, err := document.ByIDs(ctx, db, v.AccountID, ids)
	return slices.DeleteFunc(have, func(d document.Document) bool { return d.Kind != v.Fields.DocumentKind }), err
}

// ForReview returns the version that a case is about, for whoever may read
// reviews. The document number comes in clear while the actor holds the claim,
// whose entry in the audit log says so.
func (ps *Profiles) ForReview(ctx context.Context, a actor.Actor, c review.Case) (out View, number string, err error) {
	if err := a.Check(actor.ReviewRead); err != nil {
		return out, "", err
	}
	if out.Current, err = versionByID(ctx, ps.store.R, c.SubjectID); err != nil {
		return out, "", err
	}
	if err := ps.store.R.NewSelect().Model(&out.Profile).Where("id = ?", out.Current.ProfileID).Scan(ctx); err != nil {
		return out, "", wrap("for review", err)
	}
	if out.Email, err = emailcheck.Of(ctx, ps.store.R, out.AccountID, out.Current.Fields.Email); err != nil {
		return out, "", err
	}
	if out.Documents, err = ps.attached(ctx, ps.store.R, out.Current); err != nil {
		return out, "", err
	}
	if out.Doubts, err = ps.doubts(out.Profile, out.Current, out.Documents); err != nil {
		return out, "", wrap("for review", err)
	}
	out.Sides = ps.Wanted(out.Profile, out.Current.Fields.DocumentKind)
	if c.State != review.Claimed || c.ClaimedBy != a.ID || !ps.store.Now().Before(c.ClaimedUntil.Time) {
		return out, "", nil
	}
	number, err = ps.number(out.Current)
	return out, number, err
}
