package sandbox

import (
	"strings"

	"golang.org/x/net/idna"

	"github.com/verinym/verinym/epp"
)

// zoneOf finds the zone of a domain name, and checks the name: one label of
// letters, digits and hyphens below the suffix. A zone without error means that
// the name could be registered.
func (r *registry) zoneOf(name string) (*Zone, *refusal) {
	label, suffix, dotted := strings.Cut(name, ".")
	if !dotted || !validLabel(label) || !registrable(label) {
		return nil, refuse(epp.CodeValueSyntax, "%s is not a domain name", name)
	}
	zone := r.zones[suffix]
	if zone == nil {
		return nil, refuse(epp.CodePolicy, "this registry does not serve %s", suffix)
	}
	return zone, nil
}

// validLabel is the LDH rule. Names in other scripts come as A-labels.
func validLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for i := range len(label) {
		c := label[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// registrable reports whether a label may be registered: hyphens in the third and
// fourth place are those of an A-label (RFC 5891 section 4.2.3.1), which must be
// one.
func registrable(label string) bool {
	if len(label) < 4 || label[2:4] != "--" {
		return true
	}
	u, err := idna.Registration.ToUnicode(label)
	return err == nil && u != label
}
