package sandbox

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/signedcode"
	"github.com/verinym/verinym/epp/vcode"
)

// CodePolicy is a zone's policy about verification codes that the client brings
// (verificationCode-1.0): it had names and holders verified by a provider.
type CodePolicy struct {
	Profile  string   // its name; "" is "china"
	Required []string // types of code that must be there HoldAfter after the creation
	AtCreate []string // types that a create must bring
}

// codeSet is a verification code that a domain has.
type codeSet struct {
	Type string    `json:"type"`
	Code string    `json:"code"`
	Date time.Time `json:"date"`
}

// missingCodes are the required types of code that are not there.
func (s *domainState) missingCodes() []string {
	var missing []string
	for _, kind := range s.Required {
		if !slices.ContainsFunc(s.Codes, func(c codeSet) bool { return c.Type == kind }) {
			missing = append(missing, kind)
		}
	}
	return missing
}

// withCodes returns a set in which new codes replace those of their types.
func withCodes(have, add []codeSet) []codeSet {
	next := slices.DeleteFunc(slices.Clone(have), func(h codeSet) bool {
		return slices.ContainsFunc(add, func(a codeSet) bool { return a.Type == h.Type })
	})
	return append(next, add...)
}

// signedCodes reads and checks the codes that come with a command about a name.
func (x *exchange) signedCodes(name string) ([]codeSet, *refusal) {
	e := x.request.Extension(vcode.NS)
	if e == nil {
		return nil, nil
	}
	encoded, err := vcode.ParseSignedCodes(e)
	if err != nil {
		return nil, malformed(err)
	}
	var codes []codeSet
	for _, c := range encoded {
		code, err := x.server.verifier.Verify(c)
		if err != nil {
			return nil, refuseCode(err)
		}
		if f := x.registry.issuedFor(code, name); f != nil {
			return nil, f
		}
		codes = withCodes(codes, []codeSet{{strings.Clone(code.Type), strings.Clone(code.Value), x.now}})
	}
	return codes, nil
}

func refuseCode(err error) *refusal {
	if errors.Is(err, signedcode.ErrForm) {
		return refuse(epp.CodeValueSyntax, "%v", err)
	}
	return refuse(epp.CodePolicy, "%v", err)
}

// demandCodes checks that a create brings what the zone wants with it.
func (z *Zone) demandCodes(codes []codeSet) *refusal {
	for _, kind := range z.Codes.AtCreate {
		if !slices.ContainsFunc(codes, func(c codeSet) bool { return c.Type == kind }) {
			return refuse(epp.CodePolicy, "zone %s demands a verification code of type %s with the create", z.Suffix, kind)
		}
	}
	if len(codes) > 0 && len(z.Codes.Required) == 0 {
		return refuse(epp.CodePolicy, "zone %s takes no verification codes", z.Suffix)
	}
	return nil
}

// setCodes adds codes to a domain; with the last one that was missing a hold ends.
func (r *registry) setCodes(d *registration, codes []codeSet, now time.Time) {
	if len(codes) == 0 {
		return
	}
	d.change(func(s *domainState) { s.Codes = withCodes(s.Codes, codes) })
	r.settle(d, now)
}
