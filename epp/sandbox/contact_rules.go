package sandbox

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
)

var phoneForm = regexp.MustCompile(`^(\+[0-9]{1,3}\.[0-9]{1,14})?$`) // contact:e164StringType

// validContact holds a contact to the limits of the schema and of RFC 5733.
func validContact(c contact.Create) *refusal {
	if n := len(c.ID); n < 3 || n > 16 {
		return refuse(epp.CodeValueSyntax, "contact identifiers have 3 to 16 characters")
	}
	if len(c.Postal) > 2 || len(c.Postal) == 2 && c.Postal[0].Type == c.Postal[1].Type {
		return refuse(epp.CodeValueSyntax, "at most one postalInfo of each type")
	}
	for _, p := range c.Postal {
		if f := validPostal(p); f != nil {
			return f
		}
	}
	if !phoneForm.MatchString(c.Voice.Number) || !phoneForm.MatchString(c.Fax.Number) {
		return refuse(epp.CodeValueSyntax, "telephone numbers look like +86.1058813000")
	}
	if local, host, ok := strings.Cut(c.Email, "@"); !ok || local == "" || host == "" {
		return refuse(epp.CodeValueSyntax, "%q is not an e-mail address", c.Email)
	}
	return nil
}

func validPostal(p contact.PostalInfo) *refusal {
	if p.Type != contact.Int && p.Type != contact.Loc {
		return refuse(epp.CodeValueSyntax, "postalInfo is of type int or loc")
	}
	if p.Name == "" || p.Addr.City == "" {
		return refuse(epp.CodeMissing, "postalInfo needs a name and a city")
	}
	if len(p.Addr.CC) != 2 || strings.ToUpper(p.Addr.CC) != p.Addr.CC {
		return refuse(epp.CodeValueSyntax, "%q is not a country code", p.Addr.CC)
	}
	if !isCountry(p.Addr.CC) {
		return refuse(epp.CodeRange, "%s is no country or region of ISO 3166-1", p.Addr.CC)
	}
	if len(p.Addr.Street) > 3 {
		return refuse(epp.CodeValueSyntax, "an address has at most three streets")
	}
	lines := slices.Concat([]string{p.Name, p.Org, p.Addr.City, p.Addr.SP, p.Addr.PC}, p.Addr.Street)
	for _, line := range lines {
		if utf8.RuneCountInString(line) > 255 {
			return refuse(epp.CodeValueSyntax, "postal lines have at most 255 characters")
		}
		if p.Type == contact.Int && !ascii(line) {
			return refuse(epp.CodeValueSyntax, "postalInfo of type int is in ASCII")
		}
	}
	return nil
}

// isCountry reports whether two capital letters are a code of ISO 3166-1 (RFC 5733 section
// 2.4). Aliases such as UK are none, nor is what is left to users, such as ZZ.
func isCountry(code string) bool {
	r, err := language.ParseRegion(code)
	return err == nil && r.IsCountry() && r.Canonicalize() == r && r.String() == code
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// documentKinds are the kinds of document by the kind of holder that has them.
var documentKinds = map[string][]string{
	cnnic.Individual: {cnnic.SFZ, cnnic.HZ, cnnic.GAJMTX, cnnic.TWJMTX, cnnic.WJLSFZ, cnnic.GATJZZ, cnnic.QT},
	cnnic.Enterprise: {
		cnnic.ORG, cnnic.YYZZ, cnnic.TYDM, cnnic.BDDM, cnnic.JDDWFW, cnnic.SYDWFR, cnnic.WGCZJG, cnnic.SHTTFR, cnnic.ZJCS, cnnic.MBFQY,
		cnnic.JJHFR, cnnic.LSZY, cnnic.WGZHWH, cnnic.WLCZJG, cnnic.SFJD, cnnic.JWJG, cnnic.SHFWJG, cnnic.MBXXBX, cnnic.YLJGZY,
		cnnic.GZJGZY, cnnic.BJWSXX, cnnic.QT,
	},
}

// validIdentity holds an identity to the limits of the extension. Whether the
// number is a good one is for the review to decide.
func validIdentity(c cnnic.Contact) *refusal {
	if c.IsZero() {
		return nil
	}
	switch {
	case c.Type != cnnic.Individual && c.Type != cnnic.Enterprise:
		return refuse(epp.CodeValueSyntax, "a contact is of type I or E")
	case !slices.Contains(slices.Concat(documentKinds[cnnic.Individual], documentKinds[cnnic.Enterprise]), c.IDType):
		return refuse(epp.CodeRange, "%q is not a kind of document", c.IDType)
	case !slices.Contains(documentKinds[c.Type], c.IDType):
		return refuse(epp.CodePolicy, "a holder of type %s has no document of kind %s", c.Type, c.IDType)
	case c.IDNumber == "" || len(c.IDNumber) > 20:
		return refuse(epp.CodeValueSyntax, "document numbers have 1 to 20 characters")
	case c.Purveyor != "" && (len(c.Purveyor) < 3 || len(c.Purveyor) > 16):
		return refuse(epp.CodeValueSyntax, "a purveyor has 3 to 16 characters")
	}
	return nil
}
