package policy

import (
	"slices"

	"github.com/verinym/verinym/identifier"
)

// NumberKind is the kind of number that a document or supporting paper carries:
// its own where package identifier has one, that of the standard where many
// documents share one, and free text for the rest. ok is false for a code that is
// neither a document, nor a paper, nor a kind of number.
func (p *Policies) NumberKind(code string) (kind identifier.Kind, ok bool) {
	if k := identifier.Kind(code); k.Known() {
		return k, true
	}
	d, document := p.Document(code)
	if _, paper := p.Paper(code); !document && !paper {
		return "", false
	}
	if k := identifier.Kind(d.Number.Type); k.Known() {
		return k, true
	}
	return identifier.ForeignRegistration, true
}

// NumberSeverity is "warn" for a fault that such a number may have and a reviewer
// look past, "error" for every other. A number counts by what it is, not by the
// document that carries it: of a business licence only the social credit code,
// never the older number, may have a wrong check character.
func (p *Policies) NumberSeverity(n identifier.Number, code string) string {
	kind := n.Kind
	if len(n.Normal) == 18 {
		switch kind {
		case identifier.USCCCertificate, identifier.BusinessLicence, identifier.OrganizationCodeCertificate:
			kind = identifier.USCC
		}
	}
	for _, w := range p.Limits.Numbers.Warnings {
		if w.Code == code && slices.Contains(w.Kinds, string(kind)) {
			return "warn"
		}
	}
	return "error"
}

// olderLicence is what policy calls the 15-digit number that business licences carried
// before the three-in-one reform.
const olderLicence = "business_registration_15"

// AcceptedNumber is NumberKind, without the older numbers that such documents carried once
// where policy accepts them no more.
func (p *Policies) AcceptedNumber(code string) (kind identifier.Kind, ok bool) {
	d, _ := p.Document(code)
	if kind, ok = p.NumberKind(code); kind == identifier.BusinessLicence && !slices.Contains(d.Number.Older, olderLicence) {
		kind = identifier.USCC
	}
	return kind, ok
}
