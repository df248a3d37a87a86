package profile

import (
	"bytes"
	"context"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/policy"
)

// Difference is what tells two versions of a profile apart, by the names of the fields:
// who the holder is, which is fixed in a registry's contact, and the details that may be
// changed there. Between versions of the same holder, what differs in Holder is how the
// name is spelled. What only the review is shown, such as the dates of a document, is in
// neither.
type Difference struct{ Holder, Details []string }

// None reports whether two versions say the same of their holder.
func (d Difference) None() bool { return len(d.Holder)+len(d.Details) == 0 }

// SameHolder reports whether two versions are of one holder, shown by one document.
func (v Version) SameHolder(w Version) bool {
	return v.HolderFold == w.HolderFold && bytes.Equal(v.NumberHash, w.NumberHash) && v.Fields.DocumentKind == w.Fields.DocumentKind
}

// Compare says in what two versions of the profile differ.
func (p Profile) Compare(was, now Version) Difference {
	out := Difference{Holder: []string{}, Details: []string{}}
	a, b := was.Fields, now.Fields
	holder, contact := &out.Holder, &out.Details
	if p.HolderType == policy.Individual { // is the contact, whose organisation nobody is told
		contact = &out.Holder
		a.OrganizationZh, a.OrganizationEn = b.OrganizationZh, b.OrganizationEn
	}
	for _, f := range []struct {
		into     *[]string
		name     string
		was, now string
	}{
		{contact, "name_zh", a.NameZh, b.NameZh}, {contact, "name_en", a.NameEn, b.NameEn},
		{holder, "organization_zh", a.OrganizationZh, b.OrganizationZh}, {holder, "organization_en", a.OrganizationEn, b.OrganizationEn},
		{holder, "document_kind", a.DocumentKind, b.DocumentKind}, {holder, "document_number", string(was.NumberHash), string(now.NumberHash)},
		{&out.Details, "country", a.Country, b.Country},
		{&out.Details, "province_zh", a.ProvinceZh, b.ProvinceZh}, {&out.Details, "province_en", a.ProvinceEn, b.ProvinceEn},
		{&out.Details, "city_zh", a.CityZh, b.CityZh}, {&out.Details, "city_en", a.CityEn, b.CityEn},
		{&out.Details, "address_zh", a.AddressZh, b.AddressZh}, {&out.Details, "address_en", a.AddressEn, b.AddressEn},
		{&out.Details, "postal_code", a.PostalCode, b.PostalCode},
		{&out.Details, "phone", a.Phone, b.Phone}, {&out.Details, "phone_extension", a.PhoneExtension, b.PhoneExtension},
		{&out.Details, "email", a.Email, b.Email},
	} {
		if f.was != f.now {
			*f.into = append(*f.into, f.name)
		}
	}
	return out
}

// Would is the version that an edit would make of a profile of the actor's account, beside
// the present one; nothing is written. newVersion says that the present one is verified or
// in use, and would be kept. Faults: those of Edit.
func (ps *Profiles) Would(ctx context.Context, a actor.Actor, publicID string, d Draft) (p Profile, was, now Version, newVersion bool, err error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return p, was, now, false, err
	}
	if p, was, err = ps.Current(ctx, ps.store.R, a.Account, publicID); err != nil {
		return p, was, now, false, err
	}
	if err := ps.changeable(ctx, ps.store.R, p, was, true); err != nil {
		return p, was, now, false, err
	}
	number := d.take("document_number")
	now = was
	if err := d.apply(&now.Fields); err != nil {
		return p, was, now, false, err
	}
	return p, was, now, was.State != Unverified || was.InUse(), ps.complete(&p, &now, number, d.Incomplete)
}

// Versions returns all versions of a profile, the first one first.
func (ps *Profiles) Versions(ctx context.Context, db bun.IDB, profileID int64) (out []Version, err error) {
	err = db.NewSelect().Model(&out).Where("profile_id = ?", profileID).OrderExpr("number").Scan(ctx)
	return out, wrap("versions", err)
}

// AtAddress returns the public ids of the profiles of an account that give an e-mail
// address now.
func (ps *Profiles) AtAddress(ctx context.Context, db bun.IDB, account int64, address string) (out []string, err error) {
	err = db.NewRaw("SELECT p.public_id FROM profile_term t JOIN profile p ON p.id = t.profile_id WHERE t.account_id = ? AND t.term = ? AND p.deleted_at IS NULL ORDER BY p.id",
		account, addressTerm(address)).Scan(ctx, &out)
	return out, wrap("at address", err)
}
