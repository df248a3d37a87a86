package sandbox

import (
	"strings"

	"github.com/verinym/verinym/epp"
)

// zoneOf finds the zone of a domain name, and checks the name: one label of
// letters, digits and hyphens below the suffix. A zone without error means that
// the name could be registered.
func (r *registry) zoneOf(name string) (*Zone, *refusal) {
	label, suffix, dotted := strings.Cut(name, ".")
	if !dotted || !validLabel(label) {
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
