package profile

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
)

// Fields are what a registrant types, the document number aside. The registrant
// name is the holder of an individual's profile and the domain name contact of
// an organisation's; an organisation's holder is the organisation.
type Fields struct {
	NameZh         string `json:"name_zh,omitempty"`
	NameEn         string `json:"name_en,omitempty"`
	OrganizationZh string `json:"organization_zh,omitempty"`
	OrganizationEn string `json:"organization_en,omitempty"`
	Country        string `json:"country,omitempty"`
	// Residence is where an individual is from when that is not where the address is:
	// a person from Hong Kong may live in the mainland.
	Residence  string `json:"residence,omitempty"`
	ProvinceZh string `json:"province_zh,omitempty"`
	ProvinceEn string `json:"province_en,omitempty"`
	CityZh     string `json:"city_zh,omitempty"`
	CityEn     string `json:"city_en,omitempty"`
	AddressZh  string `json:"address_zh,omitempty"`
	AddressEn  string `json:"address_en,omitempty"`
	PostalCode string `json:"postal_code,omitempty"`
	// PhoneTyped is what was typed; Phone is E.164.
	PhoneTyped     string `json:"phone_typed,omitempty"`
	Phone          string `json:"phone,omitempty"`
	PhoneExtension string `json:"phone_extension,omitempty"`
	Email          string `json:"email,omitempty"`
	DocumentKind   string `json:"document_kind,omitempty"`
	IssuedOn       string `json:"issued_on,omitempty"`
	ValidFrom      string `json:"valid_from,omitempty"`
	ValidTo        string `json:"valid_to,omitempty"`
	LongTerm       bool   `json:"long_term,omitempty"`
	// EnglishTyped lists the English fields that somebody typed: they are never
	// filled in again.
	EnglishTyped []string `json:"english_typed,omitempty"`
}

// HolderZh and HolderEn are the name on the document.
func (f Fields) HolderZh(t policy.HolderType) string {
	if t == policy.Organization {
		return f.OrganizationZh
	}
	return f.NameZh
}

// HolderEn is the English form of the holder's name.
func (f Fields) HolderEn(t policy.HolderType) string {
	if t == policy.Organization {
		return f.OrganizationEn
	}
	return f.NameEn
}

// Home is the country or region that the holder's document belongs to.
func (f Fields) Home() string {
	if f.Residence != "" {
		return f.Residence
	}
	return f.Country
}

// pair is a field in its two languages.
type pair struct {
	name   string
	zh, en *string
}

func (f *Fields) pairs() []pair {
	return []pair{
		{"name", &f.NameZh, &f.NameEn}, {"organization", &f.OrganizationZh, &f.OrganizationEn}, {"province", &f.ProvinceZh, &f.ProvinceEn},
		{"city", &f.CityZh, &f.CityEn}, {"address", &f.AddressZh, &f.AddressEn},
	}
}

// normalize trims and folds what can be folded without a question, fills in the
// English forms and the telephone number, and returns every fault of what is there.
// What is not there is require's to say.
func (f *Fields) normalize(p *policy.Policies, t policy.HolderType) fault.List {
	var wrong fault.List
	for _, s := range []*string{
		&f.Country, &f.Residence, &f.PostalCode, &f.PhoneExtension, &f.Email, &f.PhoneTyped, &f.DocumentKind, &f.IssuedOn,
		&f.ValidFrom, &f.ValidTo,
	} {
		*s = strings.TrimSpace(norm.NFKC.String(*s))
	}
	f.Country, f.Residence, f.PostalCode = strings.ToUpper(f.Country), strings.ToUpper(f.Residence), strings.ToUpper(f.PostalCode)
	for _, x := range f.pairs() {
		*x.zh, *x.en = strings.TrimSpace(norm.NFC.String(*x.zh)), strings.TrimSpace(halfWidth(*x.en))
	}
	f.checkVisible(&wrong)
	f.fillEnglish(p)
	f.checkLengths(&wrong)
	f.checkEnglish(&wrong)
	f.checkPlace(&wrong, p)
	f.checkPhone(&wrong, p)
	f.checkDates(&wrong)
	if f.Email != "" {
		normal, err := emailcheck.Normalize(f.Email)
		if err != nil {
			wrong.Add(fault.From(err))
		} else {
			f.Email = normal
		}
	}
	if f.Residence != "" && t == policy.Organization {
		wrong.Add(fault.At("residence", "residence_of_individuals"))
	}
	return wrong
}

// checkVisible refuses characters that nobody sees: zero-width spaces, marks that
// turn the direction of writing, private ones. A name with one of them looks like
// another's and never equals it.
func (f *Fields) checkVisible(wrong *fault.List) {
	named := map[string]string{"country": f.Country, "postal_code": f.PostalCode, "phone_extension": f.PhoneExtension, "email": f.Email}
	for _, x := range f.pairs() {
		named[x.name+"_zh"], named[x.name+"_en"] = *x.zh, *x.en
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		for _, r := range named[name] {
			if unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) {
				wrong.Add(fault.At(name, "field_characters").With("Field", name).With("Character", fmt.Sprintf("U+%04X", r)))
				break
			}
		}
	}
}

// fillEnglish suggests the English form of every Chinese field whose English one
// nobody typed.
func (f *Fields) fillEnglish(p *policy.Policies) {
	for _, x := range f.pairs() {
		field := x.name + "_en"
		if slices.Contains(f.EnglishTyped, field) && *x.en != "" {
			continue
		}
		f.EnglishTyped = slices.DeleteFunc(f.EnglishTyped, func(s string) bool { return s == field })
		if *x.zh == "" {
			continue
		}
		*x.en = suggest(p, x.name, *x.zh, *x.zh == f.NameZh)
	}
}

// require returns what is missing in the form.
func (f *Fields) require(p *policy.Policies, t policy.HolderType, kind policy.ProfileKind, acc policy.Accreditation) (wrong fault.List) {
	need := func(field, value string) {
		if value == "" {
			wrong.Add(fault.At(field, "field_required").With("Field", field))
		}
	}
	chinese := acc == policy.Mainland || kind == policy.CNNIC
	if chinese {
		document, known := p.Document(f.DocumentKind)
		if holder := "name_zh"; known && !document.InChinese() && f.HolderZh(t) == "" && f.HolderEn(t) != "" {
			if t == policy.Organization {
				holder = "organization_zh"
				need("name_zh", f.NameZh)
			}
			wrong.Add(fault.At(holder, "latin_name_in_both").With("Field", holder))
		} else {
			need("name_zh", f.NameZh)
			if t == policy.Organization {
				need("organization_zh", f.OrganizationZh)
			}
		}
		if f.Country == "CN" {
			need("province_zh", f.ProvinceZh)
			need("city_zh", f.CityZh)
			need("address_zh", f.AddressZh)
		}
	}
	need("name_en", f.NameEn)
	if t == policy.Organization {
		need("organization_en", f.OrganizationEn)
	} else if kind == policy.CNNIC {
		switch {
		case f.OrganizationZh != "":
			wrong.Add(fault.At("organization_zh", "organization_not_for_individual"))
		case f.OrganizationEn != "":
			wrong.Add(fault.At("organization_en", "organization_not_for_individual"))
		}
	}
	need("country", f.Country)
	need("city_en", f.CityEn)
	need("address_en", f.AddressEn)
	if _, required := p.Places.PostalPattern(f.Country); required {
		need("postal_code", f.PostalCode)
	}
	need("phone", f.PhoneTyped)
	need("email", f.Email)
	return wrong
}

// What fits into a field. A line of an EPP contact takes 255 characters (RFC 5733
// 4); a Chinese name of 25 makes an English form of a hundred.
const lineMax, shortMax = 255, 64

func (f *Fields) checkLengths(wrong *fault.List) {
	for _, x := range f.pairs() {
		most := shortMax
		if x.name == "address" || x.name == "organization" {
			most = lineMax
		}
		for _, typed := range []struct {
			field, value string
			most         int
		}{{x.name + "_zh", *x.zh, most}, {x.name + "_en", *x.en, lineMax}} {
			field, v := typed.field, typed.value
			if len([]rune(v)) > typed.most {
				wrong.Add(fault.At(field, "field_too_long").With("Field", field).With("Max", fmt.Sprint(typed.most)))
			}
			if strings.ContainsFunc(v, unicode.IsControl) {
				wrong.Add(fault.At(field, "contact_invalid").With("Field", field))
			}
		}
	}
}

// chineseSigns stay in a Chinese name as they stand on the document, and are left
// out of the English one.
const chineseSigns = "·《》"

func (f *Fields) checkEnglish(wrong *fault.List) {
	for _, x := range f.pairs() {
		var odd []rune
		for _, r := range *x.en {
			switch {
			case strings.ContainsRune(chineseSigns, r):
				wrong.Add(fault.At(x.name+"_en", "name_punctuation").With("Sign", string(r)))
			case r > 126 && !unicode.IsControl(r):
				odd = append(odd, r)
			}
		}
		if len(odd) > 0 {
			wrong.Add(fault.At(x.name+"_en", "english_form_not_ascii").With("Characters", string(odd)))
		}
	}
}

var country = regexp.MustCompile(`^[A-Z]{2}$`)

// isCountry reports whether code is a country or region of ISO 3166-1, the only
// codes that a registry takes. UK and other aliases are none.
func isCountry(code string) bool {
	if !country.MatchString(code) {
		return false
	}
	r, err := language.ParseRegion(code)
	return err == nil && r.IsCountry() && r.Canonicalize() == r && r.String() == code
}

func (f *Fields) checkPlace(wrong *fault.List, p *policy.Policies) {
	if f.Country == "" {
		return
	}
	if !isCountry(f.Country) {
		wrong.Add(fault.At("country", "country_invalid"))
		return
	}
	if f.Residence != "" && !isCountry(f.Residence) {
		wrong.Add(fault.At("residence", "country_invalid"))
	}
	if pattern, _ := p.Places.PostalPattern(f.Country); f.PostalCode != "" && pattern != "" {
		if ok, err := regexp.MatchString(pattern, f.PostalCode); err == nil && !ok {
			wrong.Add(fault.At("postal_code", "postal_code_invalid"))
		}
	}
}

var digits = regexp.MustCompile(`^[0-9]{1,8}$`)

func (f *Fields) checkPhone(wrong *fault.List, p *policy.Policies) {
	if f.PhoneTyped == "" {
		f.Phone = ""
	} else if isCountry(f.Country) {
		n, err := phonenumbers.Parse(f.PhoneTyped, f.Country)
		if err != nil || !phonenumbers.IsValidNumber(n) {
			wrong.Add(fault.At("phone", "phone_invalid").With("CountryCode", p.Places.CallingCode(f.Country)))
		} else {
			f.Phone = phonenumbers.Format(n, phonenumbers.E164)
			if f.PhoneExtension == "" {
				f.PhoneExtension = n.GetExtension()
			}
		}
	}
	if f.PhoneExtension != "" && !digits.MatchString(f.PhoneExtension) {
		wrong.Add(fault.At("phone_extension", "phone_extension_invalid"))
	}
}

// forgetTypedExtension clears an extension that was typed behind the number that
// is about to be replaced.
func (f *Fields) forgetTypedExtension() {
	if n, err := phonenumbers.Parse(f.PhoneTyped, f.Country); err == nil && n.GetExtension() == f.PhoneExtension {
		f.PhoneExtension = ""
	}
}

// EPPPhone is the number in EPP's form, +CC.number (RFC 5733 2.5).
func (f Fields) EPPPhone() string {
	n, err := phonenumbers.Parse(f.Phone, "ZZ")
	if err != nil {
		return ""
	}
	return fmt.Sprintf("+%d.%s", n.GetCountryCode(), phonenumbers.GetNationalSignificantNumber(n))
}
