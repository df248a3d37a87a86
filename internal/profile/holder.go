package profile

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

var _ registry.Directory = (*Profiles)(nil)

// Usable returns the profile called publicID and its present version, which names may
// be held with: a verified one, or one of a kind that policy wants no verification of
// and that is filled in. Its address has answered, where policy asks for that. Faults:
// profile_not_found, profile_not_submitted, profile_still_in_review,
// profile_review_failed, profile_document_expired, profile_incomplete, email_unverified, email_bounced.
func (ps *Profiles) Usable(ctx context.Context, db bun.IDB, account int64, publicID string) (p Profile, v Version, err error) {
	if p, v, err = ps.Current(ctx, db, account, publicID); err != nil {
		return p, v, err
	}
	return p, v, ps.usable(ctx, db, p, v)
}

// Proven returns the profile called publicID and its version that a review has
// verified, whatever its kind. Faults: those of Usable about the review.
func (ps *Profiles) Proven(ctx context.Context, db bun.IDB, account int64, publicID string) (p Profile, v Version, err error) {
	if p, v, err = ps.Current(ctx, db, account, publicID); err != nil {
		return p, v, err
	}
	return p, v, ps.proven(ctx, db, p, v)
}

// Current returns the profile called publicID and its present version, however that
// stands. Fault: profile_not_found.
func (ps *Profiles) Current(ctx context.Context, db bun.IDB, account int64, publicID string) (p Profile, v Version, err error) {
	if p, err = find(ctx, db, account, publicID); err != nil {
		return p, v, err
	}
	v, err = versionByID(ctx, db, p.VersionID)
	return p, v, err
}

// NeedsVerification reports whether a profile of this kind holds names only after a
// review has verified it.
func (ps *Profiles) NeedsVerification(p Profile) bool {
	return ps.policies.Limits.Kinds[p.Kind][p.Accreditation].Verified
}

// usable says why a version of a profile cannot be used, nil when it can.
func (ps *Profiles) usable(ctx context.Context, db bun.IDB, p Profile, v Version) error {
	standing := ps.proven(ctx, db, p, v)
	if !ps.NeedsVerification(p) && v.State != Failed {
		standing = ps.filledIn(p, v)
	}
	if standing != nil || !ps.policies.Limits.AddressFirst(policy.BeforeUse) {
		return standing
	}
	unanswered, err := ps.unanswered(ctx, db, p, v)
	if err != nil || unanswered == nil {
		return err
	}
	return unanswered.With("Profile", p.PublicID)
}

// filledIn says that a version lacks something that its kind asks for, nil when it
// does not.
func (ps *Profiles) filledIn(p Profile, v Version) error {
	f := v.Fields
	if len(f.normalize(ps.policies, p.HolderType))+len(f.require(ps.policies, p.HolderType, p.Kind, p.Accreditation)) > 0 {
		return fault.At("profile", "profile_incomplete").With("Profile", p.PublicID)
	}
	return nil
}

// unanswered says that the address of a version has not answered, or that mail to it
// comes back; nil when it has.
func (ps *Profiles) unanswered(ctx context.Context, db bun.IDB, p Profile, v Version) (*fault.Error, error) {
	mail, err := emailcheck.Of(ctx, db, p.AccountID, v.Fields.Email)
	switch {
	case err != nil || mail == emailcheck.Verified:
		return nil, err
	case mail == emailcheck.Bounced:
		return fault.At("email", "email_bounced").With("Address", v.Fields.Email), nil
	}
	return fault.At("email", "email_unverified").With("Address", v.Fields.Email), nil
}

// proven says why a version of a profile does not count as verified, nil when it does.
func (ps *Profiles) proven(ctx context.Context, db bun.IDB, p Profile, v Version) error {
	switch v.State {
	case Verified:
		if end := ps.DocumentEnds(v); !end.IsZero() && !ps.store.Now().Before(end) {
			return fault.At("profile", "profile_document_expired").With("Profile", p.PublicID).With("Date", v.Fields.ValidTo)
		}
		return nil
	case Failed:
		return fault.At("profile", "profile_review_failed").With("Profile", p.PublicID)
	case InReview:
		day, err := ps.expected(ctx, db, v)
		if err != nil {
			return wrap("proven", err)
		}
		return fault.At("profile", "profile_still_in_review").With("Profile", p.PublicID).With("Date", day)
	}
	return fault.At("profile", "profile_not_submitted").With("Profile", p.PublicID)
}

// expected is the day (2006-01-02) on which the answer about a version in review is
// expected. The case ends with its day, which people know by its date.
func (ps *Profiles) expected(ctx context.Context, db bun.IDB, v Version) (string, error) {
	c, _, err := review.Latest(ctx, db, review.ProfileVersion, v.ID)
	return c.ExpectedAt.Add(-time.Second).In(ps.policies.Calendar.Zone()).Format(isoDay), err
}

// Stands says why a version that was chosen for a name before can hold it no more, nil when
// it can: the verdict about it was taken back since, or its document has run out.
func (ps *Profiles) Stands(ctx context.Context, db bun.IDB, p Profile, v Version) error {
	if !ps.NeedsVerification(p) && v.State != Failed {
		return nil
	}
	return ps.proven(ctx, db, p, v)
}

// IsFor says why no version of a profile can ever hold a name under a rule, nil when one
// might.
func (p Profile) IsFor(r policy.Rule) error {
	if p.Accreditation != r.Accreditation {
		return fault.At("profile", "accreditation_mismatch").With("Profile", p.PublicID)
	}
	if p.Kind != r.ProfileKind() {
		return fault.At("profile", "profile_kind_mismatch").With("Suffix", r.Suffix).With("ProfileKind", string(r.ProfileKind())).With("GotKind", string(p.Kind))
	}
	return nil
}

// Fits says why a profile may not hold a name under a rule, nil when it may.
func (ps *Profiles) Fits(p Profile, v Version, r policy.Rule) error {
	if err := p.IsFor(r); err != nil {
		return err
	}
	if !r.MayHold(p.HolderType, v.Fields.Home()) {
		return fault.At("profile", "holder_not_eligible").With("Suffix", r.Suffix).With("Who", mayHold(r)).With("Elsewhere", "another_profile")
	}
	if body, named := ps.policies.Limits.Bodies[r.Holders.Only]; named {
		number, err := ps.number(v)
		if err != nil {
			return wrap("fits", err)
		}
		if !body.MayBe(number) {
			return fault.At("profile", "holder_not_eligible").With("Suffix", r.Suffix).With("Who", r.Holders.Only).With("Elsewhere", "another_profile")
		}
	}
	if d, ok := ps.policies.Document(v.Fields.DocumentKind); ok && !r.Accepts(d) {
		return fault.At("profile", "document_not_for_suffix").With("Suffix", r.Suffix).With("Kind", v.Fields.DocumentKind)
	}
	if !r.MayLive(p.HolderType, v.Fields.Country) {
		return fault.At("profile", "address_outside_mainland")
	}
	if r.Required() && !ps.NeedsVerification(p) && v.State != Verified {
		return fault.At("profile", "suffix_wants_verified").With("Suffix", r.Suffix).With("Profile", p.PublicID)
	}
	return nil
}

// InUse reports whether something rests on a version that nobody has submitted.
func (v Version) InUse() bool { return v.State == Unverified && !v.UsedAt.IsZero() }

// Use freezes a version, as it was read before, for something that is to rest on it:
// from now on an edit makes another one. What was submitted is frozen already. Fault:
// row_version_stale when the version was edited meanwhile.
func (ps *Profiles) Use(ctx context.Context, tx *store.Tx, v Version) error {
	if v.State != Unverified || !v.UsedAt.IsZero() {
		return nil
	}
	v.UsedAt, v.RowVersion = store.At(tx.Now()), v.RowVersion+1
	err := store.One(tx.NewUpdate().Model(&v).Column("used_at", "row_version").WherePK().Where("row_version = ?", v.RowVersion-1).Exec(ctx))
	if !errors.Is(err, store.ErrStale) {
		return wrap("use", err)
	}
	now, readErr := versionByID(ctx, tx, v.ID)
	if readErr == nil && !now.UsedAt.IsZero() && now.RowVersion == v.RowVersion { // by somebody else, as it was
		return nil
	}
	return wrap("use", errors.Join(err, readErr))
}

// mayHold lists who may hold a name under a rule, as texts take it: "individual CN;
// organization CN HK MO".
func mayHold(r policy.Rule) string {
	if r.Holders.Only != "" {
		return r.Holders.Only
	}
	var out []string
	for _, w := range []struct {
		holder policy.HolderType
		from   []string
	}{{policy.Individual, r.Holders.Individual}, {policy.Organization, r.Holders.Organization}} {
		if len(w.from) > 0 {
			out = append(out, string(w.holder)+" "+strings.Join(w.from, " "))
		}
	}
	return strings.Join(out, ";")
}

// Identity is who the holder of a version is, as registries compare holders.
func (ps *Profiles) Identity(p Profile, v Version) registry.Identity {
	kind, _ := ps.policies.Document(v.Fields.DocumentKind)
	return registry.Identity{Type: string(p.HolderType), Name: holder(p, v.Fields), Document: kind.Codes.CNNIC, Hash: v.NumberHash}
}

// ByID returns a profile and one of its versions by row ids; for callers that
// hold the ids in rows of their own.
func (ps *Profiles) ByID(ctx context.Context, db bun.IDB, profileID, versionID int64) (p Profile, v Version, err error) {
	if err = db.NewSelect().Model(&p).Where("id = ?", profileID).Scan(ctx); err != nil {
		return p, v, wrap("read", err)
	}
	v, err = versionByID(ctx, db, versionID)
	return p, v, err
}

// ByRow returns a profile with its current version by its row id, a deleted one included.
func (ps *Profiles) ByRow(ctx context.Context, db bun.IDB, id int64) (p Profile, v Version, err error) {
	if err = db.NewSelect().Model(&p).Where("id = ?", id).Scan(ctx); err != nil {
		return p, v, wrap("read", err)
	}
	v, err = versionByID(ctx, db, p.VersionID)
	return p, v, err
}

// ByVersions returns versions by their row ids, each as the current one of its profile;
// for callers that hold the ids in rows of their own.
func (ps *Profiles) ByVersions(ctx context.Context, db bun.IDB, ids []int64) (map[int64]View, error) {
	out := make(map[int64]View, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var versions []Version
	if err := db.NewSelect().Model(&versions).Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, wrap("versions", err)
	}
	of := make([]int64, len(versions))
	for i, v := range versions {
		of[i] = v.ProfileID
	}
	var rows []Profile
	if err := db.NewSelect().Model(&rows).Where("id IN (?)", bun.List(of)).Scan(ctx); err != nil {
		return nil, wrap("profiles of versions", err)
	}
	profiles := make(map[int64]Profile, len(rows))
	for _, p := range rows {
		profiles[p.ID] = p
	}
	for _, v := range versions {
		out[v.ID] = View{Profile: profiles[v.ProfileID], Current: v}
	}
	return out, nil
}

// Holder implements registry.Directory: what a registry's contact needs, the
// document number in clear. The opening is recorded first.
func (ps *Profiles) Holder(ctx context.Context, ref string) (h registry.Holder, err error) {
	p, v, err := ps.ByRef(ctx, ps.store.R, ref)
	if err != nil {
		return h, err
	}
	h = ps.details(p, v)
	err = ps.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		a := actor.Verinym
		a.Account = v.AccountID
		return audit.Record(ctx, tx, a, "profile.number.to_registry", v.PublicID, nil)
	})
	if err != nil {
		return h, wrap("holder", err)
	}
	h.DocumentNumber, err = ps.number(v)
	return h, err
}

// Details implements registry.Directory: what a registry's contact says beside the
// document number, which stays closed.
func (ps *Profiles) Details(ctx context.Context, ref string) (registry.Holder, error) {
	p, v, err := ps.ByRef(ctx, ps.store.R, ref)
	if err != nil {
		return registry.Holder{}, err
	}
	return ps.details(p, v), nil
}

func (ps *Profiles) details(p Profile, v Version) registry.Holder {
	kind, _ := ps.policies.Document(v.Fields.DocumentKind)
	f := v.Fields
	h := registry.Holder{
		Ref: v.PublicID, Type: string(p.HolderType), DocumentKind: f.DocumentKind, DocumentCode: kind.Codes.CNNIC,
		NameZh: f.NameZh, NameEn: f.NameEn, Country: f.Country, PostalCode: f.PostalCode,
		ProvinceZh: f.ProvinceZh, ProvinceEn: f.ProvinceEn, CityZh: f.CityZh, CityEn: f.CityEn, AddressZh: f.AddressZh, AddressEn: f.AddressEn,
		Phone: f.EPPPhone(), PhoneExtension: f.PhoneExtension, Email: f.Email,
	}
	if p.HolderType == policy.Organization { // an individual's organisation field is kept, never sent
		h.OrganizationZh, h.OrganizationEn = f.OrganizationZh, f.OrganizationEn
	}
	return h
}

// Evidence implements registry.Directory: the registry's copies of the pictures.
func (ps *Profiles) Evidence(ctx context.Context, ref string) (out []registry.Picture, err error) {
	_, v, err := ps.ByRef(ctx, ps.store.R, ref)
	if err != nil {
		return nil, err
	}
	have, err := ps.attached(ctx, ps.store.R, v)
	if err != nil {
		return nil, err
	}
	for _, d := range have {
		if document.FurtherNumber(d.Side) > 0 { // a reviewer's question, not the registry's
			continue
		}
		bytes, sum, err := ps.documents.Copy(ctx, d)
		if err != nil {
			return nil, err
		}
		out = append(out, registry.Picture{Side: d.Side, SHA256: sum, Bytes: bytes})
	}
	return out, nil
}

// ByRef returns a version, by its public id, and its profile.
func (ps *Profiles) ByRef(ctx context.Context, db bun.IDB, ref string) (p Profile, v Version, err error) {
	if err = db.NewSelect().Model(&v).Where("public_id = ?", ref).Scan(ctx); err != nil {
		return p, v, wrap("by ref", err)
	}
	err = db.NewSelect().Model(&p).Where("id = ?", v.ProfileID).Scan(ctx)
	return p, v, wrap("by ref", err)
}

// ByVersion returns a version and its profile by the version's row id.
func (ps *Profiles) ByVersion(ctx context.Context, db bun.IDB, versionID int64) (p Profile, v Version, err error) {
	if v, err = versionByID(ctx, db, versionID); err != nil {
		return p, v, err
	}
	err = db.NewSelect().Model(&p).Where("id = ?", v.ProfileID).Scan(ctx)
	return p, v, wrap("by version", err)
}
