package profile

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/fold"
	"github.com/verinym/verinym/internal/policy"
)

// Remark is something that a review would send back (error), or look at twice (warn).
type Remark struct {
	*fault.Error
	// Severity is error or warn: submission waits for errors to be corrected.
	Severity string
	// Side is of the picture that the remark is about, "" when it is about none.
	Side string
}

// Plan is what a profile is meant for.
type Plan struct {
	// Suffixes are those of the names that it is to hold ("cn", "com", "中国").
	Suffixes []string
	// NoICPFiling says that no website in the mainland is planned.
	NoICPFiling bool
}

// Preflight says everything at once that a review of the profile as it stands would
// refuse or ask about, and what each suffix of the plan has against its holder. Faults:
// profile_not_found, suffix_unsupported.
func (ps *Profiles) Preflight(ctx context.Context, a actor.Actor, publicID string, plan Plan) ([]Remark, error) {
	if err := a.Check(actor.ProfileRead); err != nil {
		return nil, err
	}
	p, err := find(ctx, ps.store.R, a.Account, publicID)
	if err != nil {
		return nil, err
	}
	v, err := versionByID(ctx, ps.store.R, p.VersionID)
	if err != nil {
		return nil, err
	}
	// Who needs no review needs no document, unless they mean to show one.
	out, err := ps.remarks(ctx, ps.store.R, p, v, ps.NeedsVerification(p) || v.Fields.DocumentKind != "")
	if err != nil {
		return nil, wrap("preflight", err)
	}
	fits, err := ps.againstSuffixes(p, v, plan.Suffixes)
	if err != nil {
		return nil, err
	}
	out = append(out, fits...)
	if !plan.NoICPFiling {
		out = append(out, ps.icp(p))
	}
	slices.SortStableFunc(out, func(a, b Remark) int { return strings.Compare(a.Severity, b.Severity) }) // errors first
	return out, nil
}

// remarks are those of Preflight that do not depend on what the profile is for; document
// asks for one.
func (ps *Profiles) remarks(ctx context.Context, db bun.IDB, p Profile, v Version, document bool) ([]Remark, error) {
	out, err := ps.missing(ctx, db, p, v, document)
	if err != nil {
		return nil, err
	}
	out = append(out, ps.dates(v)...)
	out = append(out, ps.names(p, v)...)
	out = append(out, ps.place(p, v)...)
	number, err := ps.number(v)
	if err != nil {
		return nil, err
	}
	out = append(out, ps.body(p, v, number)...)
	pictures, err := ps.pictures(ctx, db, p, v)
	return append(out, pictures...), err
}

// ready returns everything that a review would send back for certain.
func (ps *Profiles) ready(ctx context.Context, db bun.IDB, p Profile, v Version) error {
	remarks, err := ps.remarks(ctx, db, p, v, true)
	if err != nil {
		return err
	}
	var wrong fault.List
	for _, r := range remarks {
		if r.Severity == severe {
			wrong.Add(r.Error)
		}
	}
	return wrong.Err()
}

const severe, mild = "error", "warn"

// remark takes the severity from the catalogue of reasons; what is no reason of a
// review is an error of the form.
func (ps *Profiles) remark(f *fault.Error) Remark {
	if r, ok := ps.policies.Reason(f.Code); ok {
		return Remark{Error: f, Severity: r.Severity}
	}
	return Remark{Error: f, Severity: severe}
}

func (ps *Profiles) remarksOf(wrong fault.List) (out []Remark) {
	for _, f := range wrong {
		out = append(out, ps.remark(f))
	}
	return out
}

// missing says what is not there yet: fields, number, pictures, a confirmed address.
func (ps *Profiles) missing(ctx context.Context, db bun.IDB, p Profile, v Version, document bool) ([]Remark, error) {
	f := v.Fields
	// Rules may have changed since the form was saved.
	wrong := f.normalize(ps.policies, p.HolderType)
	wrong = append(wrong, f.require(ps.policies, p.HolderType, p.Kind, p.Accreditation)...)
	wrong.Add(ps.kindWrong(&p, &v))
	if f.Email != "" {
		unanswered, err := ps.unanswered(ctx, db, p, v)
		if err != nil {
			return nil, err
		}
		if ps.addressFirst(document) {
			wrong.Add(unanswered)
		}
		if label, advised := ps.policies.Limits.NewGTLD(f.Email); advised {
			wrong.Add(fault.At("email", "email_new_tld").With("Suffix", label))
		}
	}
	if f.DocumentKind == "" { // which number and which sides are wanted depends on it
		if document {
			wrong.Add(fault.At("document_kind", "field_required").With("Field", "document_kind"))
		}
		return ps.remarksOf(wrong), nil
	}
	if len(v.NumberSealed) == 0 {
		wrong.Add(fault.At("document_number", "number_required").With("Kind", f.DocumentKind))
	}
	return ps.remarksOf(wrong), nil
}

// addressFirst reports whether policy asks for an address that has answered before
// documents are submitted or, without any, before the profile is used.
func (ps *Profiles) addressFirst(document bool) bool {
	step := policy.BeforeUse
	if document {
		step = policy.BeforeSubmission
	}
	return ps.policies.Limits.AddressFirst(step)
}

// dates says what the dates of the document come to today.
func (ps *Profiles) dates(v Version) []Remark {
	now := ps.store.Now()
	wrong := v.Fields.agesOf(ps.policies, now)
	f := v.Fields
	wrong = append(wrong, ps.undated(f, now)...)
	today := now.In(ps.policies.Calendar.Zone())
	if !f.LongTerm && f.ValidTo >= today.Format(isoDay) && ps.policies.Limits.ExpiringSoon(f.ValidTo, today) {
		wrong.Add(fault.At("valid_to", "expiring_soon").With("Date", f.ValidTo))
	}
	return ps.remarksOf(wrong)
}

// undated says which dates are missing that rules about this kind of document rest on.
func (ps *Profiles) undated(f Fields, now time.Time) (out fault.List) {
	kind, _ := ps.policies.Document(f.DocumentKind)
	for _, field := range kind.Ask {
		switch {
		case field == "issued_on" && f.IssuedOn == "":
			from, _ := ps.policies.Limits.AcceptedFrom(now.In(ps.policies.Calendar.Zone()).Format(isoDay))
			out.Add(fault.At(field, "issue_date_required").With("Kind", f.DocumentKind).With("Date", from))
		case field == "valid_to" && f.ValidTo == "" && !f.LongTerm:
			out.Add(fault.At(field, "validity_required").With("Kind", f.DocumentKind))
		}
	}
	return out
}

// names looks at the holder's names in both languages.
func (ps *Profiles) names(p Profile, v Version) (out []Remark) {
	f := v.Fields
	at := func(field, code string, with ...string) {
		e := fault.At(field, code)
		for i := 0; i < len(with); i += 2 {
			e = e.With(with[i], with[i+1])
		}
		out = append(out, ps.remark(e))
	}
	for _, x := range f.pairs() {
		if wide := strings.Map(wideOnly, *x.zh); wide != "" {
			at(x.name+"_zh", "full_width_characters", "Typed", wide, "Folded", strings.Map(narrow, wide))
		}
	}
	holder, field := f.HolderZh(p.HolderType), FieldName(p, "holder_name_zh")
	chinese := strings.ContainsFunc(holder, isHan)
	kind, _ := ps.policies.Document(f.DocumentKind)
	switch {
	case holder == "", nameless(holder):
	case !chinese && kind.InChinese():
		at(field, "chinese_name_required")
	case !chinese && fold.Name(holder) != fold.Name(f.HolderEn(p.HolderType)):
		// A holder with a Latin name has it in both fields.
		at(FieldName(p, "holder_name_en"), "name_mismatch")
	}
	for _, x := range f.pairs() {
		person := p.HolderType == policy.Individual && x.name == "name"
		if odd := strings.Map(oddIn(*x.zh, person), *x.zh); odd != "" && !nameless(*x.zh) {
			out = append(out, ps.remark(fault.At(x.name+"_zh", "unusual_characters").With("Field", x.name+"_zh").With("Characters", odd)))
		}
	}
	if rare := strings.IndexFunc(holder, isRare); rare >= 0 {
		at(field, "rare_character", "Character", string([]rune(holder[rare:])[:1]))
	}
	if chinese && p.HolderType == policy.Individual && strings.ContainsAny(holder, ".．。•") {
		out = append(out, Remark{Error: fault.At(field, "name_punctuation").With("Sign", "·"), Severity: mild})
	}
	return out
}

// nameless reports whether a name is the row of stars that licences of self-employed
// people carry for one.
func nameless(name string) bool { return name != "" && strings.Trim(name, "*＊ ") == "" }

// spaceSign shows a space in a text that lists characters.
const spaceSign = '␣'

// oddIn keeps what documents do not carry in the Chinese form of a field: pictures and
// signs, brackets and quotation marks of programs. In a person's Chinese name also digits, other
// punctuation than a middle dot, and spaces. What preflight says of by another code is left out.
func oddIn(text string, person bool) func(rune) rune {
	strict := person && strings.ContainsFunc(text, isHan)
	return func(r rune) rune {
		switch {
		case wideOnly(r) >= 0:
			return -1
		case unicode.In(r, unicode.So, unicode.Sk, unicode.No), strings.ContainsRune("<>{}[]|\\^~`$=;\"*_!?@%", r):
			return r
		case !strict || strings.ContainsRune("·•‧・.．。", r):
			return -1
		case unicode.IsSpace(r):
			return spaceSign
		case unicode.IsDigit(r), unicode.IsPunct(r), unicode.IsSymbol(r):
			return r
		}
		return -1
	}
}

// wideOnly keeps the full-width forms of ASCII characters and the ideographic space.
func wideOnly(r rune) rune {
	if r >= '！' && r <= '～' || r == '\u3000' {
		return r
	}
	return -1
}

// narrow is the half-width form of what wideOnly keeps.
func narrow(r rune) rune {
	if r == '\u3000' {
		return ' '
	}
	return r - '！' + '!'
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// isRare reports whether a Chinese character stands outside of the first block of
// Unicode, where records are most often spelt otherwise.
func isRare(r rune) bool { return isHan(r) && (r < 0x4E00 || r > 0x9FA5) && r != '〇' }

// place compares the address with itself and with what the accreditation asks for.
func (ps *Profiles) place(p Profile, v Version) (out []Remark) {
	f := v.Fields
	if p.Accreditation == policy.Mainland && p.HolderType == policy.Individual && f.Country != "" && f.Country != "CN" {
		// Which names are closed to such a holder is each suffix's to say.
		out = append(out, Remark{Error: fault.At("country", "address_outside_mainland"), Severity: mild})
	}
	if f.Country == "CN" && !ps.policies.Places.PostalFits(f.ProvinceZh, f.PostalCode) {
		out = append(out, ps.remark(fault.At("postal_code", "postal_code_mismatch").With("PostalCode", f.PostalCode).With("City", f.ProvinceZh)))
	}
	return out
}

// body looks at what is peculiar to organisations.
func (ps *Profiles) body(p Profile, v Version, number string) (out []Remark) {
	if p.HolderType != policy.Organization {
		return nil
	}
	f := v.Fields
	words := ps.policies.Limits.DefenceBodies
	if words.Severity != "none" && slices.ContainsFunc(words.Words, func(w string) bool { return strings.Contains(f.OrganizationZh, w) }) {
		out = append(out, Remark{Error: fault.At("organization_zh", "defence_body"), Severity: words.Severity})
	}
	if nameless(f.OrganizationZh) {
		out = append(out, ps.remark(fault.At("organization_zh", "sole_trader_without_name")))
	}
	kind, _ := ps.policies.NumberKind(f.DocumentKind)
	n, err := identifier.ParseAt(kind, number, ps.store.Now())
	places := ps.policies.Places
	if home := places.ProvinceOf(n.Normal); err == nil && home != "" && f.Country == "CN" && f.ProvinceZh != "" && !places.IsProvince(f.ProvinceZh, home) {
		out = append(out, Remark{Error: fault.At("province_zh", "region_mismatch").With("Region", f.ProvinceZh).With("Found", home), Severity: mild})
	}
	return out
}

// pictures says which sides are missing, what screening found on those that are there,
// and what reading could not confirm.
func (ps *Profiles) pictures(ctx context.Context, db bun.IDB, p Profile, v Version) (out []Remark, err error) {
	if v.Fields.DocumentKind == "" {
		return nil, nil
	}
	have, err := ps.attached(ctx, db, v)
	if err != nil {
		return nil, err
	}
	for _, side := range ps.missingSides(have, p, v.Fields.DocumentKind) {
		missing := fault.At(side, "document_missing").With("Kind", v.Fields.DocumentKind)
		if document.FurtherNumber(side) > 0 {
			missing = fault.At(side, "further_document_missing").With("Side", side)
		}
		out = append(out, Remark{Error: missing, Severity: severe, Side: side})
	}
	for _, d := range have {
		findings := d.Findings
		if !slices.ContainsFunc(findings, func(f document.Finding) bool { return f.Code == "same_image_already_rejected" }) {
			findings = append(slices.Clone(findings), ps.documents.Refused(d)...)
		}
		for _, f := range findings {
			// It was let in: by warning, or because a person was asked to look.
			e := fault.At(d.Side, f.Code)
			e.Params = f.Params
			out = append(out, Remark{Error: e, Severity: mild, Side: d.Side})
		}
	}
	doubts, err := ps.doubts(p, v, have)
	for _, d := range doubts {
		e := fault.At(d.Field, d.Code).With("Field", d.Field).With("Typed", d.Typed).With("Read", d.Read)
		out = append(out, Remark{Error: e, Severity: mild, Side: d.Side})
	}
	return out, err
}

// againstSuffixes says why the profile may not hold names under the suffixes.
func (ps *Profiles) againstSuffixes(p Profile, v Version, suffixes []string) (out []Remark, err error) {
	for _, s := range suffixes {
		rule, err := ps.policies.RuleUnder(p.Accreditation, s)
		if err != nil {
			return nil, err
		}
		if err := ps.Fits(p, v, rule); err != nil {
			out = append(out, ps.remark(fault.From(err)))
		}
		if wanted := PapersWanted(rule); wanted != nil {
			out = append(out, Remark{Error: wanted, Severity: mild})
		}
	}
	return out, nil
}

// PapersWanted says which papers a suffix asks for beside an identity, nil where it asks for
// none.
func PapersWanted(rule policy.Rule) *fault.Error {
	if rule.Qualification == nil {
		return nil
	}
	return fault.At("qualification", "qualification_wanted").With("Suffix", rule.Suffix).With("Kinds", strings.Join(rule.Qualification.Kinds(), ","))
}

// icp says what a filing of a website in the mainland needs of the holder.
func (ps *Profiles) icp(p Profile) Remark {
	if !ps.policies.AnyFiled(p.Accreditation, p.Kind) {
		return Remark{Error: fault.At("accreditation", "icp_not_through_overseas"), Severity: mild}
	}
	return ps.remark(fault.At(FieldName(p, "holder_name"), "icp_name_must_match"))
}

// Filing is what is known of ICP filings for websites under the names that a profile holds.
type Filing string

// What is known of them. Whether one is needed, or done, is known to the filing system alone.
const (
	NotFiled      Filing = "not_eligible"
	FiledOnceSure Filing = "eligible_when_verified"
	MayBeFiled    Filing = "eligible" // where the suffix of the name is
)

// Filing says whether names held with a version can be filed for.
func (ps *Profiles) Filing(p Profile, v Version) Filing {
	switch {
	case !ps.policies.AnyFiled(p.Accreditation, p.Kind):
		return NotFiled
	case v.State != Verified:
		return FiledOnceSure
	}
	return MayBeFiled
}
