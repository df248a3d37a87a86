package profile

import (
	"context"
	"maps"
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

func find(ctx context.Context, db bun.IDB, account int64, publicID string) (p Profile, err error) {
	err = db.NewSelect().Model(&p).Where("account_id = ?", account).Where("public_id = ?", publicID).Where("deleted_at IS NULL").Scan(ctx)
	if store.IsNotFound(err) {
		return p, fault.New(fault.NotFound, "profile_not_found")
	}
	return p, wrap("find", err)
}

// Held returns any profile that was not deleted, by its public id, and its current
// version; for callers that have checked that staff ask. Fault: profile_not_found.
func (ps *Profiles) Held(ctx context.Context, publicID string) (p Profile, v Version, err error) {
	err = ps.store.R.NewSelect().Model(&p).Where("public_id = ?", publicID).Where("deleted_at IS NULL").Scan(ctx)
	if store.IsNotFound(err) {
		return p, v, fault.New(fault.NotFound, "profile_not_found")
	}
	if err != nil {
		return p, v, wrap("held", err)
	}
	v, err = versionByID(ctx, ps.store.R, p.VersionID)
	return p, v, err
}

// Holder is the name by which people speak of the profile of a version.
func (v Version) Holder(p Profile) string { return holder(p, v.Fields) }

func versionByID(ctx context.Context, db bun.IDB, id int64) (v Version, err error) {
	err = db.NewSelect().Model(&v).Where("id = ?", id).Scan(ctx)
	return v, wrap("version", err)
}

// view reads what belongs to a profile, what could not be confirmed of its pictures too.
func (ps *Profiles) view(ctx context.Context, db bun.IDB, p Profile) (View, error) {
	all, err := ps.views(ctx, db, []Profile{p})
	if err != nil {
		return View{Profile: p}, err
	}
	out := all[0]
	out.Doubts, err = ps.doubts(p, out.Current, out.Documents)
	return out, err
}

// views reads what belongs to profiles of one account, in as many queries for many as
// for one.
func (ps *Profiles) views(ctx context.Context, db bun.IDB, rows []Profile) ([]View, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	account := rows[0].AccountID
	profiles, versions, addresses := make([]int64, len(rows)), make([]int64, len(rows)), make([]string, 0, len(rows))
	for i, p := range rows {
		profiles[i], versions[i] = p.ID, p.VersionID
	}
	current, err := versionsByID(ctx, db, versions)
	if err != nil {
		return nil, err
	}
	for _, v := range current {
		addresses = append(addresses, v.Fields.Email)
	}
	mail, err := emailcheck.States(ctx, db, account, addresses)
	if err != nil {
		return nil, err
	}
	documents, err := ps.documentsOf(ctx, db, account, current)
	if err != nil {
		return nil, err
	}
	submitted, err := lastSubmitted(ctx, db, profiles)
	if err != nil {
		return nil, err
	}
	reviews, err := review.LatestOf(ctx, db, review.ProfileVersion, slices.Collect(maps.Values(submitted)))
	if err != nil {
		return nil, err
	}
	out := make([]View, len(rows))
	for i, p := range rows {
		v := current[p.VersionID]
		out[i] = View{Profile: p, Current: v, Email: emailcheck.Unverified, Documents: documents[v.ID]}
		if state, known := mail[v.Fields.Email]; known {
			out[i].Email = state
		}
		if v.Fields.DocumentKind != "" {
			out[i].Sides = ps.wantedSides(p, v.Fields.DocumentKind)
		}
		// The reasons of the last verdict stay in sight while a corrected version is
		// being made.
		if last, ok := reviews[submitted[p.ID]]; ok {
			out[i].Case, out[i].Reasons = &last.Case, told(last.Reasons, p)
		}
	}
	return out, nil
}

func versionsByID(ctx context.Context, db bun.IDB, ids []int64) (map[int64]Version, error) {
	var rows []Version
	if err := db.NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, wrap("versions", err)
	}
	out := make(map[int64]Version, len(rows))
	for _, v := range rows {
		out[v.ID] = v
	}
	return out, nil
}

// lastSubmitted returns, by profile, the latest version that was sent and not taken back.
func lastSubmitted(ctx context.Context, db bun.IDB, profiles []int64) (map[int64]int64, error) {
	var rows []struct{ ProfileID, ID int64 }
	err := db.NewRaw(`SELECT profile_id, id FROM profile_version v WHERE profile_id IN (?) AND number = (SELECT max(number) FROM profile_version x
		WHERE x.profile_id = v.profile_id AND x.submitted_at IS NOT NULL AND x.state <> 'withdrawn')`, bun.List(profiles)).Scan(ctx, &rows)
	out := make(map[int64]int64, len(rows))
	for _, r := range rows {
		out[r.ProfileID] = r.ID
	}
	return out, wrap("last submitted", err)
}

// Attempt is a version that was submitted, and what became of it.
type Attempt struct {
	Version Version
	Case    review.Case
	Reasons []review.Reason
}

// Attempts lists what was submitted of a profile, the newest first. Fault:
// profile_not_found.
func (ps *Profiles) Attempts(ctx context.Context, a actor.Actor, publicID string) (out []Attempt, err error) {
	if err := a.Check(actor.ProfileRead); err != nil {
		return nil, err
	}
	p, err := find(ctx, ps.store.R, a.Account, publicID)
	if err != nil {
		return nil, err
	}
	out, err = ps.attempts(ctx, p)
	for i := range out {
		out[i].Reasons = told(out[i].Reasons, p)
	}
	return out, err
}

// AttemptsForReview lists what was submitted of the profile that a case is about, the
// newest first, with the notes for staff. It needs review.read.
func (ps *Profiles) AttemptsForReview(ctx context.Context, a actor.Actor, p Profile) ([]Attempt, error) {
	if err := a.Check(actor.ReviewRead); err != nil {
		return nil, err
	}
	return ps.attempts(ctx, p)
}

func (ps *Profiles) attempts(ctx context.Context, p Profile) (out []Attempt, err error) {
	var versions []Version
	if err := ps.store.R.NewSelect().Model(&versions).Where("profile_id = ?", p.ID).Where("submitted_at IS NOT NULL").OrderExpr("number DESC").Scan(ctx); err != nil {
		return nil, wrap("attempts", err)
	}
	ids := make([]int64, len(versions))
	for i, v := range versions {
		ids[i] = v.ID
	}
	reviews, err := review.LatestOf(ctx, ps.store.R, review.ProfileVersion, ids)
	for _, v := range versions {
		last := reviews[v.ID]
		out = append(out, Attempt{Version: v, Case: last.Case, Reasons: last.Reasons})
	}
	return out, wrap("attempts", err)
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

// attached lists the pictures of v's document.
func (ps *Profiles) attached(ctx context.Context, db bun.IDB, v Version) ([]document.Document, error) {
	all, err := ps.documentsOf(ctx, db, v.AccountID, map[int64]Version{v.ID: v})
	return all[v.ID], err
}

// documentsOf lists the pictures of versions of an account, by version and in the order
// of their sides. A picture of another kind, left from before the kind was changed, is
// none of it: nobody is to see or send it.
func (ps *Profiles) documentsOf(ctx context.Context, db bun.IDB, account int64, versions map[int64]Version) (map[int64][]document.Document, error) {
	var rows []attachment
	err := db.NewSelect().Model(&rows).Where("version_id IN (?)", bun.List(slices.Collect(maps.Keys(versions)))).OrderExpr("version_id, side").Scan(ctx)
	if err != nil {
		return nil, wrap("documents", err)
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.DocumentID
	}
	have, err := document.ByIDs(ctx, db, account, ids)
	out := map[int64][]document.Document{}
	for _, r := range rows {
		i := slices.IndexFunc(have, func(d document.Document) bool { return d.ID == r.DocumentID })
		if i >= 0 && have[i].Kind == versions[r.VersionID].Fields.DocumentKind {
			out[r.VersionID] = append(out[r.VersionID], have[i])
		}
	}
	return out, err
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
	out.Sides = ps.wantedSides(out.Profile, out.Current.Fields.DocumentKind)
	if c.State != review.Claimed || c.ClaimedBy != a.ID || !ps.store.Now().Before(c.ClaimedUntil.Time) {
		return out, "", nil
	}
	number, err = ps.number(out.Current)
	return out, number, err
}
