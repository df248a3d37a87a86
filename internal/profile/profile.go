package profile

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/fold"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
)

// Profile is a registrant profile; its content stands in versions.
type Profile struct {
	bun.BaseModel `bun:"table:profile"`

	ID            int64 `bun:",pk,autoincrement"`
	PublicID      string
	AccountID     int64
	Accreditation policy.Accreditation
	Kind          policy.ProfileKind
	HolderType    policy.HolderType
	IsDefault     bool
	VersionID     int64
	// RequestedSides are sides of the document that reviews have asked for since one passed, a
	// document.FurtherSide for each thing that the document does not have.
	RequestedSides []string
	CreatedAt      store.Time
	UpdatedAt      store.Time
	// DeletedAt: the profile is kept for what rests on it, and shown to nobody.
	DeletedAt store.Time
	// ErasedAt: who its holder was is not known any more.
	ErasedAt   store.Time
	RowVersion int64
}

// Version is one content of a profile.
type Version struct {
	bun.BaseModel `bun:"table:profile_version"`

	ID           int64 `bun:",pk,autoincrement"`
	PublicID     string
	ProfileID    int64
	AccountID    int64
	Number       int
	State        State
	Fields       Fields
	HolderFold   string
	NumberSealed []byte `bun:",nullzero"`
	NumberHash   []byte `bun:",nullzero"`
	NumberMask   string
	SubmittedAt  store.Time
	DecidedAt    store.Time
	// UsedAt is since when a domain, order or task rests on a version that nobody has
	// submitted: it is frozen like one that was.
	UsedAt     store.Time
	CreatedAt  store.Time
	RowVersion int64
}

type attachment struct {
	bun.BaseModel `bun:"table:profile_document"`

	VersionID  int64 `bun:",pk"`
	Side       string
	DocumentID int64
}

// View is a profile with its current version and what belongs to it.
type View struct {
	Profile
	Current   Version
	Email     emailcheck.State
	Documents []document.Document
	// Doubts are what reading the pictures could not confirm.
	Doubts []Doubt
	// Sides must be there before submission.
	Sides []string
	// Case and Reasons are of the latest review of the latest submitted version.
	Case    *review.Case
	Reasons []review.Reason
}

// Authorities says which authority decides a kind of profile, and which others
// a registrant may ask for.
type Authorities struct {
	Default string
	Allowed []string
}

// Profiles owns profiles and their versions.
type Profiles struct {
	store       *store.Store
	vault       *vault.Vault
	policies    *policy.Policies
	documents   *document.Documents
	reviews     *review.Reviews
	authorities Authorities
	grounds     Grounds
}

// New returns the profiles of s and registers them as a subject of reviews.
func New(s *store.Store, v *vault.Vault, p *policy.Policies, d *document.Documents, r *review.Reviews, a Authorities) *Profiles {
	ps := &Profiles{store: s, vault: v, policies: p, documents: d, reviews: r, authorities: a}
	r.Register(review.ProfileVersion, ps)
	d.AddKeeper(ps)
	d.OnOpened(r.Opened)
	return ps
}

// Draft is what a registrant sends to create or edit a profile. Nil means: leave
// as it is.
type Draft struct {
	Fields map[string]*string
	// LongTerm, Default: nil leaves them.
	LongTerm, Default *bool
	// Incomplete saves a form that is not filled in to its end: what is there is
	// checked, and submission asks for the rest.
	Incomplete bool
	// NewVersion agrees that editing a verified profile makes a new, unverified version.
	NewVersion bool
	// RowVersion, when not 0, must be the profile's present one.
	RowVersion int64
}

// apply writes the draft's fields into f.
func (d Draft) apply(f *Fields) error {
	targets := map[string]*string{
		"name_zh": &f.NameZh, "name_en": &f.NameEn, "organization_zh": &f.OrganizationZh,
		"organization_en": &f.OrganizationEn, "country": &f.Country, "residence": &f.Residence,
		"province_zh": &f.ProvinceZh, "province_en": &f.ProvinceEn, "city_zh": &f.CityZh, "city_en": &f.CityEn, "address_zh": &f.AddressZh,
		"address_en": &f.AddressEn, "postal_code": &f.PostalCode, "phone": &f.PhoneTyped, "phone_extension": &f.PhoneExtension, "email": &f.Email,
		"document_kind": &f.DocumentKind, "issued_on": &f.IssuedOn, "valid_from": &f.ValidFrom, "valid_to": &f.ValidTo,
	}
	if d.Fields["phone"] != nil && d.Fields["phone_extension"] == nil {
		f.forgetTypedExtension()
	}
	for name, v := range d.Fields {
		to, ok := targets[name]
		if !ok {
			return fault.At(name, "field_unknown").With("Unknown", name)
		}
		if v == nil || *v == *to { // a suggestion that a form sends back is still one
			continue
		}
		*to = *v
		if strings.HasSuffix(name, "_en") && !slices.Contains(f.EnglishTyped, name) {
			f.EnglishTyped = append(f.EnglishTyped, name)
		}
	}
	if d.LongTerm != nil {
		f.LongTerm = *d.LongTerm
	}
	return nil
}

// onlyDefault reports whether nothing but the choice of the default is to change.
func (d Draft) onlyDefault() bool {
	for _, v := range d.Fields {
		if v != nil {
			return false
		}
	}
	return d.Default != nil && d.LongTerm == nil
}

// take moves the document number out of the draft: it goes to the vault, not
// into the fields. The caller's own map stays as it is.
func (d *Draft) take(name string) *string {
	v := d.Fields[name]
	d.Fields = maps.Clone(d.Fields)
	delete(d.Fields, name)
	return v
}

// Create makes a profile of the actor's account. Faults: those of the fields,
// profile_limit.
func (ps *Profiles) Create(ctx context.Context, a actor.Actor, acc policy.Accreditation, kind policy.ProfileKind, t policy.HolderType, d Draft) (View, error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return View{}, err
	}
	p, v, err := ps.new(a, acc, kind, t, d)
	if err != nil {
		return View{}, err
	}
	err = ps.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error { return ps.add(ctx, tx, a, &p, &v, d.Default) })
	if err != nil {
		return View{}, wrap("create", err)
	}
	return ps.view(ctx, ps.store.R, p)
}

// new fills in a profile and its first version.
func (ps *Profiles) new(a actor.Actor, acc policy.Accreditation, kind policy.ProfileKind, t policy.HolderType, d Draft) (Profile, Version, error) {
	p := Profile{PublicID: store.NewID("prf"), AccountID: a.Account, Accreditation: acc, Kind: kind, HolderType: t, RowVersion: 1}
	v := Version{PublicID: store.NewID("pv"), AccountID: a.Account, Number: 1, State: Unverified, RowVersion: 1}
	if err := p.known(); err != nil {
		return p, v, err
	}
	number := d.take("document_number")
	if err := d.apply(&v.Fields); err != nil {
		return p, v, err
	}
	return p, v, ps.complete(&p, &v, number, d.Incomplete)
}

// known says which of a new profile's kinds are none.
func (p Profile) known() error {
	var wrong fault.List
	for field, ok := range map[string]bool{"accreditation": p.Accreditation.Known(), "kind": p.Kind.Known(), "holder_type": p.HolderType.Known()} {
		if !ok {
			wrong.Add(fault.At(field, "value_unknown").With("Field", field))
		}
	}
	return wrong.Err()
}

// add writes a new profile with its first version.
func (ps *Profiles) add(ctx context.Context, tx *store.Tx, a actor.Actor, p *Profile, v *Version, isDefault *bool) error {
	if err := ps.withinLimit(ctx, tx, a.Account, 0); err != nil {
		return err
	}
	now := store.At(tx.Now())
	p.CreatedAt, p.UpdatedAt, v.CreatedAt = now, now, now
	if err := ps.makeDefault(ctx, tx, p, isDefault); err != nil {
		return err
	}
	if _, err := tx.NewInsert().Model(p).Exec(ctx); err != nil {
		return err
	}
	v.ProfileID = p.ID
	if _, err := tx.NewInsert().Model(v).Exec(ctx); err != nil {
		return err
	}
	p.VersionID = v.ID
	if _, err := tx.NewUpdate().Model(p).Column("version_id").WherePK().Exec(ctx); err != nil {
		return err
	}
	if err := ps.index(ctx, tx, *p, *v); err != nil {
		return err
	}
	if err := event.Append(ctx, tx, a.Account, "profile.created", p.PublicID, nil); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a, "profile.create", p.PublicID, nil)
}

// withinLimit says whether an account may have another profile, beside more that are not there yet.
func (ps *Profiles) withinLimit(ctx context.Context, tx *store.Tx, account int64, more int) error {
	var n int
	if err := tx.NewRaw("SELECT count(*) FROM profile WHERE account_id = ? AND deleted_at IS NULL", account).Scan(ctx, &n); err != nil {
		return err
	}
	if most := ps.policies.Limits.Profiles.PerAccount.Max; n+more >= most {
		return fault.New(fault.Conflict, "profile_limit").With("Max", fmt.Sprint(most))
	}
	return nil
}

// makeDefault keeps one default profile per accreditation and holder type.
func (ps *Profiles) makeDefault(ctx context.Context, tx *store.Tx, p *Profile, want *bool) error {
	if want == nil {
		return nil
	}
	if *want {
		_, err := tx.NewUpdate().Model((*Profile)(nil)).Set("is_default = ?", false).Where("account_id = ?", p.AccountID).
			Where("accreditation = ?", p.Accreditation).Where("holder_type = ?", p.HolderType).Where("id <> ?", p.ID).Exec(ctx)
		if err != nil {
			return err
		}
	}
	p.IsDefault = *want
	return nil
}

// complete normalises a version, checks it and seals its number. number nil
// leaves the number as it is, "" clears it.
func (ps *Profiles) complete(p *Profile, v *Version, number *string, incomplete bool) error {
	wrong := v.Fields.normalize(ps.policies, p.HolderType)
	if !incomplete {
		wrong = append(wrong, v.Fields.require(ps.policies, p.HolderType, p.Kind, p.Accreditation)...)
	}
	wrong.Add(ps.kindWrong(p, v))
	switch {
	case number == nil:
	case *number == "":
		v.NumberSealed, v.NumberHash, v.NumberMask = nil, nil, ""
	default:
		n, err := parseNumber(ps.policies, v.Fields.DocumentKind, *number, ps.store.Now())
		if v.Fields.DocumentKind == "" {
			err = fault.At("document_kind", "field_required").With("Field", "document_kind")
		}
		if err != nil {
			collect(&wrong, err)
		} else if err := ps.sealNumber(v, n.Normal, ps.mask(v.Fields.DocumentKind, n)); err != nil {
			return err
		}
	}
	v.HolderFold = fold.Name(holder(*p, v.Fields))
	return wrong.Err()
}

// kindWrong says why a version's kind of document is not for its holder, nil when it is.
func (ps *Profiles) kindWrong(p *Profile, v *Version) *fault.Error {
	k, home := v.Fields.DocumentKind, v.Fields.Home()
	if k == "" {
		return nil
	}
	d, ok := ps.policies.Document(k)
	switch {
	case !ok:
		return fault.At("document_kind", "document_kind_unknown").With("Kind", k)
	case d.Accepted == "elsewhere":
		return fault.At("document_kind", "defence_body")
	case isCountry(home) && !d.Fits(p.HolderType, home):
		return fault.At("document_kind", "type_wrong_for_region").With("Kind", k).With("Region", home).With("Kinds", ps.kindsFor(p, v))
	}
	return nil
}

func collect(into *fault.List, err error) {
	if err == nil {
		return
	}
	f := fault.From(err)
	if len(f.Details) > 0 {
		*into = append(*into, f.Details...)
		return
	}
	into.Add(f)
}

func (ps *Profiles) kindsFor(p *Profile, v *Version) (out string) {
	for i, d := range ps.policies.DocumentsFor(p.HolderType, v.Fields.Home()) {
		if i > 0 {
			out += ","
		}
		out += d.Code
	}
	return out
}

// numberPlace is where a version's document number is sealed.
func numberPlace(versionID string) vault.Place {
	return vault.Place{Table: "profile_version", Row: versionID, Field: "number"}
}

func (ps *Profiles) sealNumber(v *Version, normal, mask string) (err error) {
	if v.NumberSealed, err = ps.vault.Seal(numberPlace(v.PublicID), []byte(normal)); err != nil {
		return err
	}
	v.NumberHash, err = ps.vault.NumberHash(normal)
	v.NumberMask = mask
	return err
}

// mask hides a number; that a document has none is nothing to hide.
func (ps *Profiles) mask(kind string, n identifier.Number) string {
	if d, ok := ps.policies.Document(kind); ok && n.Normal == d.Number.None {
		return n.Normal
	}
	return n.Mask()
}

// number opens a version's document number, "" when it has none. The caller has
// recorded why.
func (ps *Profiles) number(v Version) (string, error) {
	if len(v.NumberSealed) == 0 {
		return "", nil
	}
	b, err := ps.vault.Reveal(numberPlace(v.PublicID), v.NumberSealed)
	return string(b), err
}

func wrap(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrStale), store.IsUnique(err): // somebody else was faster: at this profile, at becoming the default
		err = fault.New(fault.Stale, "row_version_stale").Because(err)
	}
	return fmt.Errorf("profile: %s: %w", op, err)
}
