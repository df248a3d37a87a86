package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/verinym/verinym/internal/fault"
)

// Accreditation is the registrar's own standing under which a name is held.
type Accreditation string

// The two accreditations.
const (
	Mainland Accreditation = "mainland"
	Overseas Accreditation = "overseas"
)

// Known reports whether a is one of the two.
func (a Accreditation) Known() bool { return a == Mainland || a == Overseas }

// ProfileKind is the kind of registrant profile.
type ProfileKind string

// The kinds of profile.
const (
	Common ProfileKind = "common"
	CNNIC  ProfileKind = "cnnic"
)

// Known reports whether k is one of the two.
func (k ProfileKind) Known() bool { return k == Common || k == CNNIC }

// HolderType says whether a holder is a person or an organisation.
type HolderType string

// The types of holder.
const (
	Individual   HolderType = "individual"
	Organization HolderType = "organization"
)

// Known reports whether t is one of the two.
func (t HolderType) Known() bool { return t == Individual || t == Organization }

// Suffix is one entry of suffixes.yaml.
type Suffix struct {
	Suffix   string
	ALabel   string `yaml:"a_label"`
	Kind     string
	Covers   []string
	Mainland *Rule
	Overseas *Rule
}

func (s Suffix) check() error {
	if s.ALabel == "" || s.ALabel != strings.ToLower(s.ALabel) {
		return fmt.Errorf("%s has no lower-case a_label", s.Suffix)
	}
	return nil
}

// Rule is what one suffix demands under one accreditation.
type Rule struct {
	// Suffix is the A-label that matched.
	Suffix        string        `yaml:"-"`
	Accreditation Accreditation `yaml:"-"`
	Verification  struct {
		Duty        string
		ProfileKind ProfileKind `yaml:"profile_kind"`
	}
	Driver struct {
		Kind     string
		Contacts string
	}
	Naming *Naming
	Hold   struct {
		Create            Hold
		AfterHolderChange Hold `yaml:"after_holder_change"`
		ReleaseTakes      struct {
			BusinessDays []int `yaml:"business_days"`
		} `yaml:"release_takes"`
	}
	Holders struct {
		Individual   []string
		Organization []string
		AddressIn    []string `yaml:"individual_address_in"`
		Only         string
	}
	ICP struct{ Eligible bool }
}

// Naming says who reviews the label, and when.
type Naming struct {
	Review    string
	OnFailure string `yaml:"on_failure"`
}

// Hold says when a name without its verdicts is held.
type Hold struct {
	// AtOnce: held from the moment of creation or change.
	AtOnce bool
	// After is how long the verdict may take; 0 with AtOnce false means no hold.
	After time.Duration
}

// UnmarshalYAML reads at_create, at_once, until_verified, a duration or null.
func (h *Hold) UnmarshalYAML(n *yaml.Node) error {
	switch n.Value {
	case "", "null":
		return nil
	case "at_create", "at_once", "until_verified":
		h.AtOnce = true
		return nil
	}
	var err error
	h.After, err = parseDuration(n.Value)
	return err
}

// Until is when a name that was created (or changed) at t is held; ok is false
// where there is no hold.
func (h Hold) Until(t time.Time) (at time.Time, ok bool) {
	return t.Add(h.After), h.AtOnce || h.After > 0
}

// Required reports whether the suffix asks for verified holders at all.
func (r Rule) Required() bool { return r.Verification.Duty == "required" }

// NamingRequired reports whether the label itself is reviewed.
func (r Rule) NamingRequired() bool { return r.Naming != nil }

// ProfileKind is the kind of profile that fits the suffix.
func (r Rule) ProfileKind() ProfileKind {
	if r.Verification.ProfileKind != "" {
		return r.Verification.ProfileKind
	}
	return Common
}

// Rule returns what the suffix of a domain name (A-label form) demands. The
// longest suffix that matches wins. Faults: suffix_unsupported when no suffix
// matches or it is not offered under the accreditation.
func (p *Policies) Rule(a Accreditation, name string) (Rule, error) {
	_, rest, ok := strings.Cut(name, ".")
	for ok {
		if s, found := p.suffixes[rest]; found {
			r := s.Mainland
			if a == Overseas {
				r = s.Overseas
			}
			if r == nil {
				break
			}
			out := *r
			out.Suffix, out.Accreditation = s.ALabel, a
			return out, nil
		}
		_, rest, ok = strings.Cut(rest, ".")
	}
	return Rule{}, fault.At("domain", "suffix_unsupported").With("Domain", name)
}

// Suffixes lists the A-labels of all suffixes.
func (p *Policies) Suffixes() []string {
	out := make([]string, 0, len(p.suffixes))
	for s := range p.suffixes {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// MayHold reports whether a holder of this type and residence (ISO 3166) may
// hold a name under the rule.
func (r Rule) MayHold(t HolderType, residence string) bool {
	allowed := r.Holders.Individual
	if t == Organization {
		allowed = r.Holders.Organization
	}
	return slices.Contains(allowed, "*") || slices.Contains(allowed, residence)
}
